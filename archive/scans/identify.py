"""Which dossier is this scan of? Candidates with the reasons."""

from collections.abc import Mapping

from archive.dossier import Dossier, FieldValue, identity_keys
from archive.mongo.dossiers import DossierStore
from archive.scans.scan import Candidate

_REASONS = {
    "id_number": "same-id-number",
    "uscc": "same-uscc",
    "passport_number": "same-passport",
    "phone": "same-phone",
    "name-birth": "same-name-and-birth-date",
    "name": "same-name",
    "company": "same-company",
}
_WEIGHTS = {
    "same-id-number": 8,
    "same-uscc": 8,
    "same-passport": 8,
    "same-name-and-birth-date": 6,
    "same-phone": 3,
    "same-company": 3,
    "same-name": 2,
}
_DECISIVE = frozenset({"same-id-number", "same-uscc", "same-passport", "same-name-and-birth-date"})
_IDENTIFYING = ("id_number", "uscc", "passport_number")
MOST = 8


def candidates_for(
    fields: Mapping[str, FieldValue], dossier_type: str, dossiers: DossierStore, units: frozenset[str] | None
) -> tuple[Candidate, ...]:
    """Return dossiers of these units that the fields point to, the likeliest first.

    A number that belongs to one person or company alone makes a candidate certain, unless another such number
    contradicts it, or a second dossier is as certain.
    """
    keys = set(identity_keys(fields))
    found = [
        (_reasons(keys, dossier), dossier)
        for dossier in dossiers.sharing_keys(sorted(keys), units)
        if dossier.type == dossier_type
    ]
    found.sort(key=lambda pair: (-sum(_WEIGHTS[reason] for reason in pair[0]), pair[1].code))
    certain = [
        dossier.id
        for reasons, dossier in found
        if _DECISIVE.intersection(reasons) and not _contradicts(fields, dossier)
    ]
    return tuple(
        Candidate(
            dossier_id=dossier.id,
            code=dossier.code,
            title=dossier.title,
            reasons=reasons,
            certain=certain == [dossier.id],
        )
        for reasons, dossier in found[:MOST]
    )


def _reasons(keys: set[str], dossier: Dossier) -> tuple[str, ...]:
    shared = keys.intersection(identity_keys(dossier.fields))
    reasons = {_REASONS[key.partition(":")[0]] for key in shared}
    if "same-name-and-birth-date" in reasons:
        reasons.discard("same-name")
    return tuple(sorted(reasons, key=lambda reason: -_WEIGHTS[reason]))


def _contradicts(fields: Mapping[str, FieldValue], dossier: Dossier) -> bool:
    return any(
        name in fields and name in dossier.fields and fields[name].text.upper() != dossier.fields[name].text.upper()
        for name in _IDENTIFYING
    )
