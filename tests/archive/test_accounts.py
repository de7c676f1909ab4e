"""Log-in, first set-up, links and the administration of users."""

from datetime import timedelta

import pytest

from archive.access import SYSTEM, Actor, Role
from archive.accounts import Account
from archive.bootstrap import Archive
from archive.errors import AccessDeniedError, InvalidInputError, LoginRefusedError
from archive.values import utc_now

PASSWORD = "correct horse battery"


@pytest.fixture
def admin(actors: dict[Role, Actor]) -> Actor:
    return actors[Role.ADMIN]


@pytest.fixture
def lin(archive: Archive, admin: Actor) -> Account:
    """A clerk who has set a password."""
    _, token = archive.accounts.create_user(admin, "lin", "林", frozenset({Role.CLERK}), frozenset({"main"}))
    return archive.accounts.redeem(token, PASSWORD)


def test_the_first_start_sets_up_one_administrator(archive: Archive) -> None:
    token = archive.accounts.setup_token()
    assert token is not None

    account = archive.accounts.complete_setup(token, "Chef", "Chef", PASSWORD, also_archivist=False)

    assert account.roles == {Role.ADMIN}
    assert archive.accounts.authenticate("chef", PASSWORD).user_id == account.user_id
    assert archive.accounts.setup_token() is None
    with pytest.raises(AccessDeniedError):
        archive.accounts.complete_setup(token, "second", "x", PASSWORD, also_archivist=False)


def test_a_new_setup_link_ends_the_former_one(archive: Archive) -> None:
    first, second = archive.accounts.setup_token(), archive.accounts.setup_token()
    assert first is not None
    assert second is not None

    assert not archive.accounts.is_setup_token(first)
    assert archive.accounts.is_setup_token(second)


def test_a_wrong_password_and_an_unknown_name_look_alike(archive: Archive, lin: Account) -> None:
    with pytest.raises(LoginRefusedError) as wrong:
        archive.accounts.authenticate("lin", "wrong password")
    with pytest.raises(LoginRefusedError) as unknown:
        archive.accounts.authenticate("nobody", PASSWORD)

    assert str(wrong.value) == str(unknown.value)


def test_what_is_typed_for_a_name_that_nobody_has_is_not_kept(archive: Archive, lin: Account) -> None:
    for name in ("lin", PASSWORD):
        with pytest.raises(LoginRefusedError):
            archive.accounts.authenticate(name, "guess")

    now = utc_now()
    refused = archive.audit.events(
        SYSTEM, since=now - timedelta(hours=1), until=now + timedelta(hours=1), action="login.refused"
    )
    assert [event.actor_name for event in sorted(refused.items, key=lambda event: event.seq)] == ["lin", ""]


def test_a_link_works_once(archive: Archive, admin: Actor, lin: Account) -> None:
    token = archive.accounts.reset_password(admin, lin.user_id)
    with pytest.raises(LoginRefusedError):
        archive.accounts.authenticate("lin", PASSWORD)

    archive.accounts.redeem(token, "another long one")

    with pytest.raises(AccessDeniedError):
        archive.accounts.redeem(token, "a third long one")


def test_a_new_password_ends_other_sessions(archive: Archive, lin: Account) -> None:
    changed = archive.accounts.change_password(lin.actor(), PASSWORD, "another long one")

    assert changed.session_stamp != lin.session_stamp


def test_switching_an_account_off_ends_its_sessions(archive: Archive, admin: Actor, lin: Account) -> None:
    archive.accounts.update_user(admin, lin.user_id, name="林", roles=lin.roles, units=lin.units, active=False)

    changed = archive.accounts.account(lin.user_id)
    assert changed is not None
    assert not changed.active
    assert changed.session_stamp != lin.session_stamp
    with pytest.raises(LoginRefusedError):
        archive.accounts.authenticate("lin", PASSWORD)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "lin1lin1xx"[:9]])
def test_a_weak_password_is_refused(archive: Archive, admin: Actor, password: str) -> None:
    _, token = archive.accounts.create_user(admin, "lin", "林", frozenset({Role.CLERK}), frozenset({"main"}))

    with pytest.raises(InvalidInputError):
        archive.accounts.redeem(token, password)


def test_a_user_name_is_given_once(archive: Archive, admin: Actor, lin: Account) -> None:
    with pytest.raises(InvalidInputError) as refused:
        archive.accounts.create_user(admin, "LIN", "x", frozenset({Role.VIEWER}), frozenset({"main"}))

    assert refused.value.code == "name-taken"


def test_administrators_do_not_lock_themselves_out(archive: Archive) -> None:
    account = archive.accounts.complete_setup(
        archive.accounts.setup_token() or "", "chef", "", PASSWORD, also_archivist=False
    )

    with pytest.raises(InvalidInputError):
        archive.accounts.update_user(
            account.actor(), account.user_id, name="x", roles=frozenset({Role.VIEWER}), units=account.units, active=True
        )


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_administrators_manage_users(archive: Archive, actors: dict[Role, Actor], role: Role) -> None:
    with pytest.raises(AccessDeniedError):
        archive.accounts.create_user(actors[role], "x1", "x", frozenset({Role.ADMIN}), frozenset())
