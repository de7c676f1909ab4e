"""Logging in and out, the first administrator, one-time links, and what users change about themselves."""

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from archive.errors import AccessDeniedError, InvalidInputError, LoginRefusedError
from web.auth import (
    begin_session,
    client_address,
    current_account,
    current_actor,
    current_archive,
    end_session,
    safe_next,
)
from web.errors import advice_for
from web.security import limiter, typed_user_name, visitor, was_refused

bp = Blueprint("accounts", __name__)


def login_limit() -> str:
    """Return how many failed attempts the throttle lets pass."""
    return str(current_app.config["LOGIN_LIMIT"])


throttled_by_address = limiter.limit(login_limit, key_func=visitor, deduct_when=was_refused)
throttled_by_name = limiter.limit(login_limit, key_func=typed_user_name, deduct_when=was_refused)


@bp.get("/login")
def login_form() -> ResponseReturnValue:
    """Show the login page."""
    if current_account():
        return redirect(safe_next(request.args.get("next")), code=303)
    return render_template(
        "accounts/login.html",
        next=request.args.get("next", ""),
        is_first_start=not current_archive().accounts.has_users(),
    )


@bp.post("/login")
@throttled_by_address
@throttled_by_name
def login() -> ResponseReturnValue:
    """Log in with user name and password."""
    username = request.form.get("username", "")
    try:
        account = current_archive().accounts.authenticate(
            username, request.form.get("password", ""), address=client_address()
        )
    except LoginRefusedError as error:
        page = render_template(
            "accounts/login.html",
            next=request.form.get("next", ""),
            username=username,
            refusal=advice_for(error),
        )
        return page, 401
    begin_session(account)
    return redirect(safe_next(request.form.get("next")), code=303)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session."""
    current_archive().accounts.log_out(current_actor())
    end_session()
    return redirect(url_for("accounts.login_form"), code=303)


@bp.get("/session")
def session() -> ResponseReturnValue:
    """Give a page that was open for long a request token that counts now; without a login it learns that instead."""
    return jsonify(token=generate_csrf())


@bp.get("/setup/<token>")
def setup_form(token: str) -> ResponseReturnValue:
    """Show the page on which the first administrator is made."""
    if not current_archive().accounts.is_setup_token(token):
        return render_template("accounts/link_over.html", setup=True), 404
    return render_template("accounts/setup.html", errors={})


@bp.post("/setup/<token>")
@throttled_by_address
def setup(token: str) -> ResponseReturnValue:
    """Make the first administrator and log in as that user."""
    form = request.form
    try:
        _demand_twice_the_same()
        account = current_archive().accounts.complete_setup(
            token,
            form.get("username", ""),
            form.get("name", ""),
            form.get("password", ""),
            also_archivist="also_archivist" in form,
            address=client_address(),
        )
    except InvalidInputError as error:
        return render_template("accounts/setup.html", errors={error.field: advice_for(error)}), 422
    except AccessDeniedError:
        return render_template("accounts/link_over.html", setup=True), 404
    begin_session(account)
    flash(_("Welcome. The archive is ready."), "success")
    return redirect(url_for("home.show"), code=303)


@bp.get("/password/<token>")
def redeem_form(token: str) -> ResponseReturnValue:
    """Show the page on which the owner of a one-time link sets a password."""
    owner = current_archive().accounts.token_owner(token)
    if owner is None:
        return render_template("accounts/link_over.html", setup=False), 404
    return render_template("accounts/redeem.html", owner=owner, errors={})


@bp.post("/password/<token>")
@throttled_by_address
def redeem(token: str) -> ResponseReturnValue:
    """Set the password and log in."""
    accounts = current_archive().accounts
    owner = accounts.token_owner(token)
    if owner is None:
        return render_template("accounts/link_over.html", setup=False), 404
    try:
        _demand_twice_the_same()
        account = accounts.redeem(token, request.form.get("password", ""), address=client_address())
    except InvalidInputError as error:
        return render_template("accounts/redeem.html", owner=owner, errors={error.field: advice_for(error)}), 422
    except AccessDeniedError:
        return render_template("accounts/link_over.html", setup=False), 404
    begin_session(account)
    flash(_("Your password is set."), "success")
    return redirect(url_for("home.show"), code=303)


@bp.get("/profile")
def profile() -> ResponseReturnValue:
    """Show what users may change about themselves."""
    return _profile_page({})


@bp.post("/profile/password")
@throttled_by_address
def change_password() -> ResponseReturnValue:
    """Change the password; the other sessions of the user end, this one goes on."""
    try:
        _demand_twice_the_same()
        account = current_archive().accounts.change_password(
            current_actor(), request.form.get("old", ""), request.form.get("password", "")
        )
    except InvalidInputError as error:
        return _profile_page({error.field: advice_for(error)}), 422
    begin_session(account)
    flash(_("Your password is changed. Other devices have to log in again."), "success")
    return redirect(url_for("accounts.profile"), code=303)


@bp.post("/profile/sessions")
def end_sessions() -> ResponseReturnValue:
    """Log the user out on all other devices."""
    begin_session(current_archive().accounts.log_out_elsewhere(current_actor()))
    flash(_("You are logged out everywhere but here."), "success")
    return redirect(url_for("accounts.profile"), code=303)


def _profile_page(errors: dict[str, str]) -> str:
    return render_template(
        "accounts/profile.html", units=current_archive().accounts.units(current_actor()), errors=errors
    )


def _demand_twice_the_same() -> None:
    if request.form.get("password", "") != request.form.get("repeated", ""):
        raise InvalidInputError("repeated", "The two passwords differ.", code="passwords-differ")
