"""What the search package must be told to open its engine."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Where the index lives.

    Attributes:
        index_dir: Directory of the embedded index; needed when ``meilisearch_url`` is empty. Made when missing.
        meilisearch_url: Address of a Meilisearch 1.x server; empty for the embedded engine.
        meilisearch_key: A key that may manage keys, from which one that is bound to ``<index_name>_*`` is made and used;
            or such a key itself, with search, documents.*, indexes.*, settings.* and tasks.get.
        index_name: Name of the index on the server, so that several archives may share one server.
        processes: How many processes answer searches of the embedded index; 0: this one answers;
            None: one for each processor, four at most.
        timeout_s: Seconds to wait for another process's batch, for the server's answer to a task.
    """

    index_dir: Path | None = None
    meilisearch_url: str = ""
    meilisearch_key: str = field(default="", repr=False)
    index_name: str = "dossiers"
    processes: int | None = 0
    timeout_s: float = 60.0
