"""Who may do what: roles, rights, units and the actor. Pure: no I/O."""

from dataclasses import dataclass
from enum import StrEnum

from archive.errors import AccessDeniedError, NotFoundError


class Role(StrEnum):
    """What a user is employed to do; a user may have several."""

    VIEWER = "viewer"
    CLERK = "clerk"
    ARCHIVIST = "archivist"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Right(StrEnum):
    """One kind of act that a role allows."""

    SEE = "see"
    UPLOAD = "upload"
    REVIEW_OWN = "review-own"
    REVIEW_ALL = "review-all"
    CURATE = "curate"
    REVEAL = "reveal"
    EXPORT = "export"
    READ_AUDIT = "read-audit"
    MANAGE_USERS = "manage-users"
    MANAGE_TYPES = "manage-types"
    OPERATE = "operate"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.SEE}),
    Role.CLERK: frozenset({Right.SEE, Right.UPLOAD, Right.REVIEW_OWN, Right.REVEAL}),
    Role.ARCHIVIST: frozenset(
        {
            Right.SEE,
            Right.UPLOAD,
            Right.REVIEW_OWN,
            Right.REVIEW_ALL,
            Right.CURATE,
            Right.REVEAL,
            Right.EXPORT,
            Right.MANAGE_TYPES,
        }
    ),
    Role.AUDITOR: frozenset({Right.READ_AUDIT}),
    Role.ADMIN: frozenset({Right.MANAGE_USERS, Right.OPERATE}),
}
"""Separation of duties (三员分立): neither the administrator nor the auditor sees a dossier by that role alone."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts.

    Attributes:
        user_id: The user's id, or the name of the part of the system that acts.
        name: What the audit trail and the history show.
        roles: The user's roles.
        units: Units in which the roles count; None is every unit (the system itself).
        address: Network address of the request, for the audit trail; empty where there is none.
    """

    user_id: str
    name: str
    roles: frozenset[Role]
    units: frozenset[str] | None
    address: str = ""

    @property
    def rights(self) -> frozenset[Right]:
        """All rights that the roles give."""
        return frozenset().union(*(RIGHTS[role] for role in self.roles))

    def may(self, right: Right, unit: str | None = None) -> bool:
        """Tell whether the actor has the right, in that unit where one is named."""
        return right in self.rights and (unit is None or self.units is None or unit in self.units)

    def require(self, right: Right, unit: str | None = None) -> None:
        """Raise AccessDeniedError where the actor lacks the right (in that unit)."""
        if not self.may(right, unit):
            raise AccessDeniedError(right.value)

    def require_sight(self, unit: str, kind: str, key: str, right: Right = Right.SEE) -> None:
        """Raise NotFoundError where the actor may not even know of the record: unknown and forbidden look alike."""
        if not self.may(right, unit):
            raise NotFoundError(kind, key)


SYSTEM = Actor("system", "system", frozenset({Role.ARCHIVIST, Role.ADMIN, Role.AUDITOR}), None)
"""Acts for the worker and the command line, whose callers already own the machine."""


def mask(kind: str, value: str) -> str:
    """Mask a sensitive value, keeping what a clerk needs to tell two customers apart.

    Phones keep three and four characters, ID numbers three and four, cards the last four, e-mail addresses the first
    letter and the domain, anything else its first character (common practice in Chinese business software). A number too
    short for that keeps less: at least four characters of it are hidden.
    """
    if kind == "email" and "@" in value:
        local, _, domain = value.partition("@")
        return f"{local[:1]}***@{domain}"
    if kind in {"phone", "mobile", "id_number"} and len(value) > 10:
        return f"{value[:3]}{'*' * (len(value) - 7)}{value[-4:]}"
    if kind in {"phone", "mobile", "id_number", "bank_card", "bank_account"} and len(value) > 7:
        return f"{'*' * (len(value) - 4)}{value[-4:]}"
    return value[:1] + "*" * max(len(value) - 1, 2) if len(value) > 1 else "***"
