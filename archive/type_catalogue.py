"""The dossier types of this archive: the built-in ones, as the archivists have changed and extended them."""

import re

from archive.access import Actor, Right
from archive.audit import AuditTrail
from archive.dossier_type import BUILT_IN_TYPES, DossierType
from archive.errors import InvalidInputError, NotFoundError, StaleRevisionError
from archive.jobs import JobQueue
from archive.mongo.accounts import TypeStore
from archive.mongo.dossiers import DossierStore
from ocr import Kind

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class TypeCatalogue:
    """Reads and changes dossier types."""

    def __init__(self, store: TypeStore, dossiers: DossierStore, audit: AuditTrail, queue: JobQueue) -> None:
        self._store = store
        self._dossiers = dossiers
        self._audit = audit
        self._queue = queue

    def all(self) -> tuple[DossierType, ...]:
        """Return every type in its present version, built-in ones first."""
        stored = {dossier_type.name: dossier_type for dossier_type in self._store.all()}
        built_in = tuple(stored.pop(dossier_type.name, dossier_type) for dossier_type in BUILT_IN_TYPES)
        return _lending(built_in + tuple(stored[name] for name in sorted(stored)))

    def get(self, name: str) -> DossierType:
        """Return the type.

        Raises:
            NotFoundError: There is none of that name.
        """
        found = next((dossier_type for dossier_type in self.all() if dossier_type.name == name), None)
        if found is None:
            raise NotFoundError("type", name)
        return found

    def save(self, actor: Actor, dossier_type: DossierType) -> DossierType:
        """Store a changed or new type as the next version; ``version`` is the one that was shown (1 for a new type).

        Its dossiers are indexed anew: what has become sensitive must not be found any more by those who see it masked.
        """
        actor.require(Right.MANAGE_TYPES)
        if not _NAME.fullmatch(dossier_type.name):
            raise InvalidInputError("name", "A type's name has small letters, digits and underscores.", code="bad-name")
        names = [field.name for field in dossier_type.fields]
        for field in dossier_type.fields:
            if not _NAME.fullmatch(field.name) or names.count(field.name) > 1:
                raise InvalidInputError(
                    "fields", f"The field name {field.name!r} is not usable or stands twice.", code="bad-name"
                )
            if field.kind not in set(Kind):
                raise InvalidInputError("fields", f"There is no kind of value {field.kind!r}.", code="bad-kind")
        present = next((each for each in self.all() if each.name == dossier_type.name), None)
        if present is not None and present.version != dossier_type.version:
            raise StaleRevisionError("type", dossier_type.name)
        changed = dossier_type.model_copy(
            update={
                "version": dossier_type.version + 1 if present else 1,
                "former": tuple(
                    field
                    for field in ((*present.fields, *present.former) if present else ())
                    if field.name not in names
                ),
            }
        )
        if not self._store.put(changed, previous_version=dossier_type.version):
            raise StaleRevisionError("type", dossier_type.name)
        self.complete_saves()
        self._queue.index_pending()
        self._audit.record(actor, "type.save", "type", changed.name, version=str(changed.version))
        return changed

    def complete_saves(self) -> None:
        """Mark the dossiers of changed types for the index, those of a change that a crash cut short as well."""
        for name, version in self._store.unsettled():
            self._dossiers.mark_type_pending(name)
            self._store.settle(name, version)


def _lending(types: tuple[DossierType, ...]) -> tuple[DossierType, ...]:
    """Tell every type of the fields that the others have."""
    return tuple(
        each.model_copy(
            update={
                "borrowed": tuple(
                    field for other in types if other.name != each.name for field in (*other.fields, *other.former)
                )
            }
        )
        for each in types
    )
