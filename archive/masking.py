"""Masking sensitive values wherever a dossier shows them: in their own fields, in other ones, in notes. Pure: no I/O."""

import re

from archive.access import mask
from archive.dossier import Change, Dossier, DossierVersion
from archive.dossier_type import DossierType

_SHORTEST = 6
"""A value of fewer characters stands in other texts by chance."""

_BETWEEN = r"[\s.\-－—]*"
"""What may group the characters of a number."""


def is_sensitive(dossier_type: DossierType, name: str) -> bool:
    """Tell whether the type marks the field as sensitive."""
    spec = dossier_type.field(name)
    return spec is not None and spec.sensitive


def mask_value(dossier_type: DossierType, name: str, text: str) -> str:
    """Return the text, masked where the field is sensitive."""
    spec = dossier_type.field(name)
    return mask(spec.kind, text) if spec is not None and spec.sensitive else text


class Veil:
    """Hides a dossier's sensitive values in its other texts, however they are grouped there.

    The index conceals them there too, so that what is searched and what is seen agree.
    """

    def __init__(self, dossier: Dossier, dossier_type: DossierType) -> None:
        self._type = dossier_type
        self._hidden: list[tuple[str, str]] = []
        for name, value in dossier.fields.items():
            if is_sensitive(dossier_type, name):
                masked = mask_value(dossier_type, name, value.text)
                bare = {_bare(value.text), _bare(value.raw)}
                self._hidden += [(each, masked) for each in bare if len(each) >= _SHORTEST]

    def over(self, text: str) -> str:
        """Return the text with the values masked that stand in it."""
        bare = _bare(text)
        for characters, masked in self._hidden:
            if characters in bare:
                spelled = _BETWEEN.join(map(re.escape, characters))
                whole = rf"(?<![0-9A-Za-z]){spelled}(?![0-9A-Za-z])"
                text = re.sub(whole, masked.replace("\\", r"\\"), text, flags=re.IGNORECASE)
        return text

    def over_field(self, name: str, text: str) -> str:
        """Return a field's text: masked where the field is sensitive, with the values masked in it where it is not."""
        if is_sensitive(self._type, name):
            return mask_value(self._type, name, text)
        return self.over(text)


def _bare(text: str) -> str:
    return re.sub(_BETWEEN, "", text).casefold()


def mask_dossier(dossier: Dossier, dossier_type: DossierType) -> Dossier:
    """Return the dossier with its sensitive values masked, those in its files' names too: scans are often named so."""
    veil = Veil(dossier, dossier_type)
    fields = {
        name: value.model_copy(
            update={
                "raw": veil.over_field(name, value.raw),
                "normalised": veil.over_field(name, value.text) if value.normalised else None,
            }
        )
        for name, value in dossier.fields.items()
    }
    notes = tuple(note.model_copy(update={"text": veil.over(note.text)}) for note in dossier.notes)
    attachments = tuple(item.model_copy(update={"filename": veil.over(item.filename)}) for item in dossier.attachments)
    return dossier.model_copy(update={"fields": fields, "notes": notes, "attachments": attachments})


def mask_version(version: DossierVersion, dossier_type: DossierType) -> DossierVersion:
    """Return the version with the sensitive values masked, in what was changed too."""
    veil = Veil(version.snapshot, dossier_type)

    def masked(name: str, text: str | None) -> str | None:
        return None if text is None else veil.over_field(name, text)

    changes = tuple(
        Change(field=change.field, before=masked(change.field, change.before), after=masked(change.field, change.after))
        for change in version.changes
    )
    return version.model_copy(update={"changes": changes, "snapshot": mask_dossier(version.snapshot, dossier_type)})
