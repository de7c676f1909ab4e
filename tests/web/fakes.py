"""An archive in memory, as far as the pages' shell asks for it."""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from archive.access import Role
from archive.accounts import Account, Unit
from archive.errors import LoginRefusedError
from archive.values import Page

PASSWORD = "correct horse battery"
UNIT = Unit(id="main", name_zh="本部", name_en="Main office")


@dataclass
class FakeAccounts:
    """One user per role, named like it, all with the same password."""

    known: dict[str, Account] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for role in Role:
            self.known[role.value] = Account(
                user_id=role.value,
                username=role.value,
                name=role.value.title(),
                roles=frozenset({role}),
                units=frozenset({UNIT.id}),
                locale=None,
                theme=None,
                active=True,
                session_stamp="1",
                waits_for_password=False,
            )

    def account(self, user_id: str) -> Account | None:
        return self.known.get(user_id)

    def authenticate(self, username: str, password: str, *, address: str = "") -> Account:
        account = self.known.get(username)
        if account is None or password != PASSWORD:
            raise LoginRefusedError("refused")
        return account

    def log_out(self, actor: Any) -> None:
        pass

    def set_preferences(self, actor: Any, *, locale: str | None = None, theme: str | None = None) -> None:
        account = self.known[actor.user_id]
        self.known[actor.user_id] = replace(account, locale=locale or account.locale, theme=theme or account.theme)

    def units(self, actor: Any) -> tuple[Unit, ...]:
        return (UNIT,)

    def users(self, actor: Any) -> tuple[Account, ...]:
        return tuple(self.known.values())


class FakeArchive:
    """Empty but for its users."""

    def __init__(self) -> None:
        self.accounts = FakeAccounts()
        self.intake = SimpleNamespace(
            counts=lambda actor: {}, scans=lambda actor, **_: Page(()), new_batch_id=lambda: "b" * 32
        )
        self.review = SimpleNamespace(waiting=lambda actor: 0, queue=lambda actor, **_: Page(()))
        self.lookup = SimpleNamespace(find=lambda actor, query: SimpleNamespace(total=0, hits=(), facets={}))
        self.audit = SimpleNamespace(events=lambda actor, **_: Page(()))
        self.health = SimpleNamespace(
            check=lambda: SimpleNamespace(database=True, index=True, queue=True, worker=True, details={})
        )
