"""Opens the engine that the settings name."""

from search.engine import SearchEngine
from search.settings import SearchSettings


def open_search_engine(settings: SearchSettings) -> SearchEngine:
    """Open the Meilisearch engine when its address is set, else the embedded one.

    Only the engine that is used is imported. The caller closes it; opening it does not touch index or server yet.

    Raises:
        ValueError: Neither an address nor an index directory is set.
    """
    if settings.meilisearch_url:
        from search.meili.engine import MeilisearchEngine

        return MeilisearchEngine(settings)
    if settings.index_dir is None:
        raise ValueError("the embedded search engine needs index_dir")
    if settings.processes != 0:
        from search.embedded.answering import usual_processes
        from search.embedded.processes import ManyReadersEngine

        processes = settings.processes or usual_processes()
        return ManyReadersEngine(settings.index_dir, processes=processes, timeout_s=settings.timeout_s)
    from search.embedded.engine import TantivyEngine

    return TantivyEngine(settings.index_dir, timeout_s=settings.timeout_s)
