"""Handing out the result of a search as a table: all of it, by the rights of whoever asks, and noted before it leaves."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from archive.access import Actor, Right
from archive.audit import AuditTrail
from archive.dossier import Dossier
from archive.dossier_type import DossierType, FieldSpec
from archive.errors import InvalidInputError
from archive.finding.found import LookupQuery
from archive.finding.lookup import Lookup
from archive.finding.tables import TableFormat
from archive.masking import mask_dossier
from archive.mongo.dossiers import DossierStore
from archive.settings import Settings
from archive.type_catalogue import TypeCatalogue

_BATCH = 200
_REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What an export would hold.

    Attributes:
        total: How many dossiers match.
        limit: How many one export may hold.
        fields: A column for each field that the types among them have.
        may_reveal: Whether sensitive values can be had unmasked, for a reason.
    """

    total: int
    limit: int
    fields: tuple[FieldSpec, ...]
    may_reveal: bool


@dataclass(frozen=True, slots=True)
class ExportedDossier:
    """One row: a dossier, masked unless the export reveals, and its type."""

    dossier: Dossier
    type: DossierType


class Exporter:
    """Gives whole results to those who may take them along."""

    def __init__(
        self, lookup: Lookup, store: DossierStore, types: TypeCatalogue, audit: AuditTrail, settings: Settings
    ) -> None:
        self._lookup = lookup
        self._store = store
        self._types = types
        self._audit = audit
        self._settings = settings

    def plan(self, actor: Actor, query: LookupQuery) -> ExportPlan:
        """Tell what an export of the result would hold.

        Raises:
            SearchFailedError: The index does not answer.
        """
        actor.require(Right.EXPORT)
        total, types = self._lookup.types_found(actor, query)
        fields: dict[str, FieldSpec] = {}
        for dossier_type in types:
            for spec in dossier_type.fields:
                fields.setdefault(spec.name, spec)
        return ExportPlan(total, self._settings.export_limit, tuple(fields.values()), actor.may(Right.REVEAL))

    def export(
        self, actor: Actor, query: LookupQuery, table_format: TableFormat, *, reason: str = "", reveal: bool = False
    ) -> Iterator[ExportedDossier]:
        """Give the dossiers of the result in its order; the audit trail knows before the first one is given.

        Args:
            table_format: What is made of them.
            reason: What it is for.
            reveal: Whether sensitive values are given as they are; this takes the right, and a reason.

        Raises:
            InvalidInputError: The result is too large, or the reason is missing.
            SearchFailedError: The index does not answer, or stops answering on the way.
        """
        plan = self.plan(actor, query)
        if plan.total > plan.limit:
            raise InvalidInputError(
                "query", f"One export holds at most {plan.limit} dossiers; narrow the search.", code="export-too-large"
            )
        if reveal:
            actor.require(Right.REVEAL)
            if not reason.strip():
                raise InvalidInputError("reason", "Say what the unmasked values are needed for.", code="required")
        self._audit.record(
            actor,
            "export",
            "search",
            "",
            query=self._digest(query.text),
            filters=",".join(query.filters),
            count=str(plan.total),
            format=table_format.value,
            revealed="yes" if reveal else "no",
            reason=reason.strip()[:_REASON_LENGTH],
        )
        return self._rows(actor, query, reveal=reveal, most=plan.limit)

    def _rows(self, actor: Actor, query: LookupQuery, *, reveal: bool, most: int) -> Iterator[ExportedDossier]:
        types = {dossier_type.name: dossier_type for dossier_type in self._types.all()}
        for ids in _batches(islice(self._lookup.every_id(actor, query), most)):
            dossiers = self._store.by_ids(ids)
            for dossier in (dossiers[each] for each in ids if each in dossiers):
                if not actor.may(Right.SEE, dossier.unit):
                    continue  # moved to another unit after the index was asked
                dossier_type = types[dossier.type]
                shown = dossier if reveal else mask_dossier(dossier, dossier_type)
                yield ExportedDossier(shown, dossier_type)

    def _digest(self, text: str) -> str:
        """Return a mark by which two exports of the same words can be told; without the secret it tells no words.

        A plain digest of a telephone number is soon found by trying them all.
        """
        secret = self._settings.with_secret_key().secret_key.get_secret_value()
        return hmac.new(secret.encode(), b"export:" + text.strip().encode(), hashlib.sha256).hexdigest()[:16]


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while batch := list(islice(rest, _BATCH)):
        yield batch
