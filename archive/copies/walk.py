"""Walking over an archive that is in use, in the order that ``archive.copies.backup`` explains."""

from collections.abc import Iterator

from bson.raw_bson import RawBSONDocument

from archive.mongo.dump import COLLECTIONS, DumpStore

_CHILDREN = {"scan_pages": "scan_id", "name_list_answers": "list_id"}
"""Collections read by the ids of what they belong to, as there may be very many."""

_FIRST = ("dossiers", "dossier_versions", "scans", "scan_pages", "name_lists", "name_list_answers")
_LAST = ("counters", "audit_events")
ORDER = (*_FIRST, *(name for name in COLLECTIONS if name not in {*_FIRST, *_LAST}), *_LAST)


class Walk:
    """Gives the documents of each collection; ask for them in ``ORDER``.

    Attributes:
        named_files: Digests of the stored files that the documents given so far name.
        scan_moved: Whether a scan was met in two dossiers, as it was moved meanwhile: the dossiers are to be read again.
    """

    def __init__(self, dump: DumpStore) -> None:
        self._dump = dump
        self._revisions: dict[str, int] = {}
        self._parents: dict[str, list[str]] = {}
        self.named_files: set[str] = set()
        self.scan_moved = False

    def documents(self, collection: str) -> Iterator[RawBSONDocument]:
        """Walk over one collection."""
        if collection == "dossier_versions":
            return self._versions()
        if collection == "audit_events":
            return self._dump.audit_events()
        if collection in _CHILDREN:
            key = _CHILDREN[collection]
            return self._dump.documents(collection, key, self._parents[key])
        return self._whole(collection)

    def _whole(self, collection: str) -> Iterator[RawBSONDocument]:
        ids = self._dump.ids(collection)
        if collection == "scans":
            self._parents["scan_id"] = ids
        elif collection == "name_lists":
            self._parents["list_id"] = ids
        elif collection == "dossiers":
            return self._dossiers(ids)
        return self._noting_files(self._dump.documents(collection, "_id", ids))

    def _noting_files(self, documents: Iterator[RawBSONDocument]) -> Iterator[RawBSONDocument]:
        for document in documents:
            self.named_files.update(
                document[key] for key in ("sha256", "picture_sha256") if document.get(key) is not None
            )
            yield document

    def _dossiers(self, ids: list[str]) -> Iterator[RawBSONDocument]:
        self._revisions, attached = {}, set[str]()
        self.scan_moved = False
        for document in self._dump.documents("dossiers", "_id", ids):
            self._revisions[document["_id"]] = document["revision"]
            scans = {attachment["scan_id"] for attachment in document.get("attachments", ())}
            self.scan_moved |= not scans.isdisjoint(attached)
            attached |= scans
            yield document

    def _versions(self) -> Iterator[RawBSONDocument]:
        for version in self._dump.documents("dossier_versions", "dossier_id", list(self._revisions)):
            # What came after the dossier was read would be a future that it does not know.
            if version["revision"] < self._revisions[version["dossier_id"]]:
                yield version
