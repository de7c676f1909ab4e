"""Users, their passwords and links, and the units they work in."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from archive.access import SYSTEM, Actor, Right, Role
from archive.audit import AuditTrail
from archive.errors import AccessDeniedError, InvalidInputError, LoginRefusedError, NotFoundError
from archive.mongo.accounts import AccountStore
from archive.mongo.records import UnitRecord, UserRecord
from archive.values import Value, new_id, utc_now

PASSWORD_LENGTH = 10
LINK_LIFETIME = timedelta(days=7)
FIRST_UNIT = UnitRecord.model_construct(id="main", name_zh="本部", name_en="Main office")

_SETUP_NAME = "setup-token-holder"
"""Name of the inactive account that holds the first start's token; no user can have it (the hyphens' pattern forbids)."""
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@]{1,63}")
_UNIT_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class Unit(Value):
    """A part of the office."""

    id: str
    name_zh: str
    name_en: str

    def label(self, locale: str) -> str:
        """Return the name in the language of ``locale``."""
        return self.name_zh if locale.startswith("zh") else self.name_en


@dataclass(frozen=True, slots=True)
class Account:
    """A user as the system knows it.

    Attributes:
        session_stamp: Changes with the password and with the account's rights; a session that holds another is over.
        waits_for_password: Whether the link to set the first password has not been used yet.
    """

    user_id: str
    username: str
    name: str
    roles: frozenset[Role]
    units: frozenset[str]
    locale: str | None
    theme: str | None
    active: bool
    session_stamp: str
    waits_for_password: bool

    def actor(self, address: str = "") -> Actor:
        """Return the user as the one who acts."""
        return Actor(self.user_id, self.name, self.roles, self.units, address)


class Accounts:
    """Log-in, first set-up, and the administration of users and units."""

    def __init__(self, store: AccountStore, audit: AuditTrail) -> None:
        self._store = store
        self._audit = audit
        self._hasher = PasswordHasher()
        # Verified where the user does not exist, so that the answer takes as long as for one who does.
        self._decoy = self._hasher.hash(secrets.token_urlsafe())

    def authenticate(self, username: str, password: str, *, address: str = "") -> Account:
        """Return the account of that name and password.

        Raises:
            LoginRefusedError: Unknown name, wrong password or inactive account; they look alike.
        """
        user = self._store.user_named(_folded(username))
        known = user.password_hash if user and user.active else None
        if not self._matches(known or self._decoy, password) or user is None or known is None:
            # A name that nobody has is not kept: it may be a password, typed into the wrong box.
            stranger = Actor("", user.username if user else "", frozenset(), frozenset(), address)
            self._audit.record(stranger, "login.refused", "user", user.id if user else "")
            raise LoginRefusedError("User name or password is wrong, or the account is switched off.")
        if self._hasher.check_needs_rehash(known):
            self._store.change_user(user.id, {"password_hash": self._hasher.hash(password)})
        account = _account(user)
        self._audit.record(account.actor(address), "login", "user", user.id)
        return account

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    def log_out(self, actor: Actor) -> None:
        """Note that the user left."""
        self._audit.record(actor, "logout", "user", actor.user_id)

    def account(self, user_id: str) -> Account | None:
        """Return the account, or None where there is none."""
        user = self._store.user(user_id)
        return _account(user) if user and user.username != _SETUP_NAME else None

    def account_named(self, username: str) -> Account:
        """Return the account of that user name.

        Raises:
            NotFoundError: There is none.
        """
        user = self._store.user_named(_folded(username))
        if user is None or user.username == _SETUP_NAME:
            raise NotFoundError("user", username)
        return _account(user)

    # The first administrator

    def setup_token(self) -> str | None:
        """Return a fresh one-time token to set up the first administrator; None once there is a user."""
        if self.has_users():
            return None
        users = self._store.users()
        token = secrets.token_urlsafe(24)
        changes = {"token_hash": _hashed(token), "token_expires": utc_now() + LINK_LIFETIME}
        if users:
            self._store.change_user(users[0].id, changes)
        else:
            self._store.add_user(
                UserRecord(
                    username=_SETUP_NAME, name="", roles=[], units=[], active=False, created_at=utc_now(), **changes
                )
            )
        return token

    def has_users(self) -> bool:
        """Tell whether the first administrator was set up."""
        return any(user.username != _SETUP_NAME for user in self._store.users())

    def is_setup_token(self, token: str) -> bool:
        """Tell whether the token can still set up the first administrator."""
        user = self._store.user_with_token(_hashed(token))
        return user is not None and user.username == _SETUP_NAME and not _expired(user)

    def complete_setup(
        self, token: str, username: str, name: str, password: str, *, also_archivist: bool, address: str = ""
    ) -> Account:
        """Make the first administrator, and the first unit where there is none.

        Args:
            also_archivist: Whether the administrator works with dossiers too, as in a one-person office.

        Raises:
            AccessDeniedError: The token is not, or no longer, valid.
            InvalidInputError: Name or password cannot be kept.
        """
        if not self.is_setup_token(token):
            raise AccessDeniedError(Right.MANAGE_USERS.value)
        username = _checked_username(username)
        _check_password(password, username)
        holder = self._store.user_with_token(_hashed(token))
        assert holder is not None
        roles = [Role.ADMIN, Role.ARCHIVIST] if also_archivist else [Role.ADMIN]
        self.ensure_unit()
        changes = {
            "username": username,
            "name": name.strip() or username,
            "roles": [role.value for role in roles],
            "units": [unit.id for unit in self._store.units()],
            "active": True,
            "password_hash": self._hasher.hash(password),
            "session_stamp": new_id(),
            "token_hash": None,
            "token_expires": None,
        }
        # Conditional, so that of two browsers with the link only one wins.
        if not self._store.change_user(holder.id, changes, only_if={"token_hash": _hashed(token)}):
            raise AccessDeniedError(Right.MANAGE_USERS.value)
        account = self.account(holder.id)
        assert account is not None
        self._audit.record(account.actor(address), "user.setup", "user", account.user_id)
        return account

    # Links to set a password

    def token_owner(self, token: str) -> Account | None:
        """Return who may set a password with this token, or None."""
        user = self._store.user_with_token(_hashed(token))
        if user is None or user.username == _SETUP_NAME or not user.active or _expired(user):
            return None
        return _account(user)

    def redeem(self, token: str, password: str, *, address: str = "") -> Account:
        """Set the password with a one-time token.

        Raises:
            AccessDeniedError: The token is not, or no longer, valid.
            InvalidInputError: The password cannot be kept.
        """
        owner = self.token_owner(token)
        if owner is None:
            raise AccessDeniedError("redeem")
        _check_password(password, owner.username)
        changes = self._new_password(password)
        if not self._store.change_user(owner.user_id, changes, only_if={"token_hash": _hashed(token)}):
            raise AccessDeniedError("redeem")
        account = self.account(owner.user_id)
        assert account is not None
        self._audit.record(account.actor(address), "user.password-set", "user", account.user_id)
        return account

    def change_password(self, actor: Actor, old: str, new: str) -> Account:
        """Set another password for oneself; all other sessions end."""
        user = self._require_user(actor.user_id)
        if user.password_hash is None or not self._matches(user.password_hash, old):
            raise InvalidInputError("old", "The present password is wrong.", code="wrong-password")
        _check_password(new, user.username)
        self._store.change_user(user.id, self._new_password(new))
        self._audit.record(actor, "user.password-changed", "user", user.id)
        return _account(self._require_user(user.id))

    def log_out_elsewhere(self, actor: Actor) -> Account:
        """End all sessions of oneself; whoever asks goes on with the account's new stamp."""
        self._store.change_user(actor.user_id, {"session_stamp": new_id()})
        self._audit.record(actor, "logout-elsewhere", "user", actor.user_id)
        return _account(self._require_user(actor.user_id))

    def _new_password(self, password: str) -> dict[str, Any]:
        return {
            "password_hash": self._hasher.hash(password),
            "session_stamp": new_id(),
            "token_hash": None,
            "token_expires": None,
        }

    def set_preferences(self, actor: Actor, *, locale: str | None = None, theme: str | None = None) -> None:
        """Keep the user's language ("zh_CN", "en") and theme ("light", "dark", "auto")."""
        if locale not in {None, "zh_CN", "en"}:
            raise InvalidInputError("locale", "The language is zh_CN or en.")
        if theme not in {None, "light", "dark", "auto"}:
            raise InvalidInputError("theme", "The theme is light, dark or auto.")
        changes = {key: value for key, value in (("locale", locale), ("theme", theme)) if value}
        if changes:
            self._store.change_user(actor.user_id, changes)

    # Administration

    def users(self, actor: Actor) -> tuple[Account, ...]:
        """Return all users, by name."""
        actor.require(Right.MANAGE_USERS)
        return tuple(_account(user) for user in self._store.users() if user.username != _SETUP_NAME)

    def create_user(
        self,
        actor: Actor,
        username: str,
        name: str,
        roles: frozenset[Role],
        units: frozenset[str],
        locale: str | None = None,
    ) -> tuple[Account, str]:
        """Add a user; return the account and the one-time token with which the user sets a password."""
        actor.require(Right.MANAGE_USERS)
        username = _checked_username(username)
        self._check_roles_and_units(roles, units)
        token = secrets.token_urlsafe(24)
        user = UserRecord(
            username=username,
            name=name.strip() or username,
            roles=sorted(roles),
            units=sorted(units),
            locale=locale,
            token_hash=_hashed(token),
            token_expires=utc_now() + LINK_LIFETIME,
            created_at=utc_now(),
        )
        if not self._store.add_user(user):
            raise InvalidInputError("username", "There is a user of this name already.", code="name-taken")
        self._audit.record(
            actor, "user.create", "user", user.id, roles=",".join(sorted(roles)), units=",".join(sorted(units))
        )
        return _account(user), token

    def update_user(
        self,
        actor: Actor,
        user_id: str,
        *,
        name: str,
        roles: frozenset[Role],
        units: frozenset[str],
        active: bool,
    ) -> Account:
        """Change a user's name, roles, units or whether it may log in; its sessions end where rights changed."""
        actor.require(Right.MANAGE_USERS)
        user = self._require_user(user_id)
        self._check_roles_and_units(roles, units)
        if user_id == actor.user_id and (not active or Role.ADMIN not in roles):
            raise InvalidInputError("roles", "You cannot take the administration from yourself.", code="own-account")
        changes: dict[str, Any] = {
            "name": name.strip() or user.username,
            "roles": sorted(role.value for role in roles),
            "units": sorted(units),
            "active": active,
        }
        if set(user.roles) != roles or set(user.units) != units or user.active != active:
            if user_id != actor.user_id:
                changes["session_stamp"] = new_id()
            self._audit.record(
                actor,
                "user.rights-changed",
                "user",
                user_id,
                roles_before=",".join(sorted(user.roles)),
                roles_after=",".join(sorted(roles)),
                units_before=",".join(sorted(user.units)),
                units_after=",".join(sorted(units)),
                active=str(active).lower(),
            )
        self._store.change_user(user_id, changes)
        return _account(self._require_user(user_id))

    def reset_password(self, actor: Actor, user_id: str) -> str:
        """Return a one-time token with which the user sets a new password; the old one ends at once."""
        actor.require(Right.MANAGE_USERS)
        user = self._require_user(user_id)
        token = secrets.token_urlsafe(24)
        self._store.change_user(
            user.id,
            {
                "token_hash": _hashed(token),
                "token_expires": utc_now() + LINK_LIFETIME,
                "password_hash": None,
                "session_stamp": new_id(),
            },
        )
        self._audit.record(actor, "user.password-reset", "user", user.id)
        return token

    def _require_user(self, user_id: str) -> UserRecord:
        user = self._store.user(user_id)
        if user is None or user.username == _SETUP_NAME:
            raise NotFoundError("user", user_id)
        return user

    def _check_roles_and_units(self, roles: frozenset[Role], units: frozenset[str]) -> None:
        if not roles:
            raise InvalidInputError("roles", "A user needs a role.", code="required")
        unknown = units - {unit.id for unit in self._store.units()}
        if unknown:
            raise InvalidInputError("units", "There is no such unit.", code="unknown-unit")
        works_with_dossiers = roles & {Role.VIEWER, Role.CLERK, Role.ARCHIVIST}
        if works_with_dossiers and not units:
            raise InvalidInputError("units", "Who works with dossiers needs a unit.", code="required")

    # Units

    def units(self, actor: Actor) -> tuple[Unit, ...]:
        """Return the units in which the actor works; all of them for an administrator."""
        everything = actor.units is None or actor.may(Right.MANAGE_USERS)
        return tuple(
            Unit(id=unit.id, name_zh=unit.name_zh, name_en=unit.name_en)
            for unit in self._store.units()
            if everything or unit.id in (actor.units or ())
        )

    def all_units(self) -> tuple[Unit, ...]:
        """Return every unit, to name them; who may see their dossiers is another matter."""
        return self.units(SYSTEM)

    def require_unit(self, unit_id: str) -> None:
        """Raise InvalidInputError where there is no such unit."""
        if unit_id not in {unit.id for unit in self._store.units()}:
            raise InvalidInputError("unit", "There is no such unit.", code="unknown-unit")

    def create_unit(self, actor: Actor, unit_id: str, name_zh: str, name_en: str) -> Unit:
        """Add a unit or rename it."""
        actor.require(Right.MANAGE_USERS)
        if not _UNIT_ID.fullmatch(unit_id):
            raise InvalidInputError("id", "A unit's code has small letters, digits and hyphens.", code="bad-code")
        if not (name_zh.strip() or name_en.strip()):
            raise InvalidInputError("name_zh", "A unit needs a name.", code="required")
        unit = UnitRecord(
            id=unit_id, name_zh=name_zh.strip() or name_en.strip(), name_en=name_en.strip() or name_zh.strip()
        )
        self._store.put_unit(unit)
        self._audit.record(actor, "unit.save", "unit", unit_id)
        return Unit(id=unit.id, name_zh=unit.name_zh, name_en=unit.name_en)

    def ensure_unit(self) -> str:
        """Return the first unit's id, making one where there is none."""
        units = self._store.units()
        if units:
            return units[0].id
        return self.create_unit(SYSTEM, FIRST_UNIT.id, FIRST_UNIT.name_zh, FIRST_UNIT.name_en).id


def _account(user: UserRecord) -> Account:
    return Account(
        user.id,
        user.username,
        user.name,
        frozenset(user.roles),
        frozenset(user.units),
        user.locale,
        user.theme,
        user.active,
        user.session_stamp,
        user.password_hash is None,
    )


def _folded(username: str) -> str:
    return username.strip().casefold()


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _expired(user: UserRecord) -> bool:
    return user.token_expires is None or user.token_expires < utc_now()


def _checked_username(username: str) -> str:
    folded = _folded(username)
    if not _USERNAME.fullmatch(folded):
        raise InvalidInputError(
            "username", "A user name has 2 to 64 letters, digits, dots, @ or underscores.", code="bad-username"
        )
    return folded


def _check_password(password: str, username: str) -> None:
    if len(password) < PASSWORD_LENGTH:
        raise InvalidInputError(
            "password", f"A password has at least {PASSWORD_LENGTH} characters.", code="password-too-short"
        )
    if username in password.casefold() and len(password) - len(username) < 4:
        raise InvalidInputError("password", "The password is too close to the user name.", code="password-too-plain")
    if len(set(password)) < 4:
        raise InvalidInputError("password", "The password repeats too few characters.", code="password-too-plain")
