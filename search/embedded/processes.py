"""The embedded engine for a program that many people ask at once: questions are answered in processes of their own."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from search.embedded.answering import AnsweringProcesses
from search.embedded.engine import TantivyEngine
from search.query import Scope, SearchQuery
from search.result import ResultPage, Suggestion


class ManyReadersEngine(TantivyEngine):
    """A ``TantivyEngine`` that writes here and searches in other processes on the same directory.

    What runs through the whole index (``matching_ids``, ``all_digests``) is rare and stays in this process.
    """

    def __init__(self, index_dir: Path, *, processes: int, timeout_s: float = 60.0) -> None:
        """Start the processes.

        Args:
            index_dir: As for ``TantivyEngine``.
            processes: How many search, at least 1.
            timeout_s: Seconds to wait for another process that writes, and for an answer.
        """
        super().__init__(index_dir, timeout_s=timeout_s)
        readers = partial(TantivyEngine, index_dir, timeout_s=timeout_s)
        self._processes = AnsweringProcesses(readers, processes, timeout_s=timeout_s)

    def search(self, query: SearchQuery) -> ResultPage:
        """Answer a query; see ``SearchEngine.search``."""
        answer: ResultPage = self._processes.ask("search", query)
        return replace(answer, query=query)

    def suggest(self, text: str, scope: Scope, *, limit: int = 8) -> tuple[Suggestion, ...]:
        """Tell what a beginning may become; see ``SearchEngine.suggest``."""
        suggestions: tuple[Suggestion, ...] = self._processes.ask("suggest", text, scope, limit=limit)
        return suggestions

    def similar(self, dossier_id: str, scope: Scope, *, limit: int = 10) -> ResultPage:
        """Find dossiers that share much with one; see ``SearchEngine.similar``."""
        answer: ResultPage = self._processes.ask("similar", dossier_id, scope, limit=limit)
        return answer

    def close(self) -> None:
        """End the processes and let go of the opened index."""
        self._processes.close()
        super().close()
