"""Who is asking: the login session, the acting user, and the hook that shuts every door that is not on the open list."""

import hmac
import time
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from archive.access import Actor

if TYPE_CHECKING:
    from archive.accounts import Account
    from archive.bootstrap import Archive

OPEN_ENDPOINTS = frozenset(
    {
        "static",
        "health.alive",
        "health.ready",
        "accounts.login",
        "accounts.login_form",
        "accounts.setup",
        "accounts.setup_form",
        "accounts.redeem",
        "accounts.redeem_form",
        "preferences.language",
    }
)
"""All that may be asked for without a login. A route that is not named here needs one."""

_LOGGED_IN_AT = "logged_in_at"


class SessionUser(UserMixin):  # type: ignore[misc]
    """The account behind a session, in the form that Flask-Login wants.

    The session holds the account's stamp: a change of password or rights, or a deactivation, gives the account a new stamp
    and so ends every session that began before.
    """

    def __init__(self, account: "Account") -> None:
        self.account = account

    def get_id(self) -> str:
        """Return what the session keeps."""
        return f"{self.account.user_id}.{self.account.session_stamp}"


def current_archive() -> "Archive":
    """Return the archive that this application serves."""
    return cast("Archive", current_app.extensions["archive"])


def current_account() -> "Account | None":
    """Return the account that is logged in, or None."""
    return current_user.account if current_user and current_user.is_authenticated else None


def current_actor() -> Actor:
    """Return the acting user of this request; only for endpoints that demand a login."""
    account = current_account()
    if account is None:
        raise RuntimeError("This endpoint is open to everybody, so there is no acting user.")
    return account.actor(client_address())


def client_address() -> str:
    """Return the network address of whoever asks, for the audit trail and the throttle."""
    return request.remote_addr or ""


def begin_session(account: "Account") -> None:
    """Log the account in, in a session that shares nothing with the one before."""
    session.clear()
    session.permanent = True
    session[_LOGGED_IN_AT] = int(time.time())
    login_user(SessionUser(account))


def end_session() -> None:
    """Forget the login."""
    logout_user()
    session.clear()


def wants_page() -> bool:
    """Whether the answer is shown as a whole page, and not used by a script."""
    if request.headers.get("HX-Request") == "true" or request.is_json:
        return False
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "text/html"


def safe_next(target: str | None) -> str:
    """Return the target where it is a path of this site, and the home page otherwise (no open redirect)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return url_for("home.show")
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or any(ord(character) < 32 for character in target) or "\\" in target:
        return url_for("home.show")
    return target


def install_auth(app: Flask, *, session_hours: int) -> None:
    """Give the application its login sessions and close every endpoint that is not open."""
    manager = LoginManager()
    manager.session_protection = None  # laptops roam between networks; the stamp ends sessions where that is needed

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(session_id: str) -> SessionUser | None:
        user_id, _dot, stamp = session_id.partition(".")
        began = session.get(_LOGGED_IN_AT, 0)
        if time.time() - began > session_hours * 3600:
            return None
        account = current_archive().accounts.account(user_id)
        if account is None or not account.active or not hmac.compare_digest(account.session_stamp, stamp):
            return None
        return SessionUser(account)

    manager.init_app(app)

    @app.before_request
    def demand_login() -> ResponseReturnValue | None:
        if request.endpoint is None or request.endpoint in OPEN_ENDPOINTS or current_user.is_authenticated:
            return None
        return refuse_stranger()


def refuse_stranger() -> ResponseReturnValue:
    """Send somebody who is not logged in to the login page, by the means that the request understands."""
    if wants_page():
        asked_from = urlsplit(request.referrer or "")
        here = request.full_path.rstrip("?") if request.method == "GET" else asked_from.path
        if request.method != "GET":
            flash(_("Your session has ended. Log in again."), "warning")
        return redirect(url_for("accounts.login_form", next=here if here not in {"", "/"} else None), code=303)
    shown = urlsplit(request.headers.get("HX-Current-URL", "")).path
    answer = jsonify(error={"code": "login-needed", "message": _("Your session has ended. Log in again.")})
    answer.headers["HX-Redirect"] = url_for("accounts.login_form", next=shown or None)
    return answer, 401
