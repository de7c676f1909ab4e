"""A list of names or numbers that is looked up at once, and what each line of it found. Pure: no I/O."""

from datetime import datetime

from pydantic import Field

from archive.values import Value, new_id


class NameList(Value):
    """What was pasted or uploaded. Its lines name customers: they are never logged.

    Attributes:
        lines: In the order in which they were given, without the empty ones.
    """

    id: str = Field(default_factory=new_id)
    owner_id: str
    lines: tuple[str, ...]
    created_at: datetime


class ListMatch(Value):
    """One dossier that a line found.

    Attributes:
        exact: Whether its title, its code or one of its values is the whole line.
        keys: Parts that match: names of fields, or title, code, alias, tag, note, page.
    """

    dossier_id: str
    exact: bool
    keys: tuple[str, ...]


class ListAnswer(Value):
    """What one line found.

    Attributes:
        total: How many dossiers match.
        matches: The best of them.
        degraded: Looked up while the index did not answer: only exact codes, names and numbers count.
    """

    total: int
    matches: tuple[ListMatch, ...]
    degraded: bool = False
