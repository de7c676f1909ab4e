"""The administration of users and units."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive.access import Right, Role
from archive.errors import InvalidInputError, NotFoundError
from web.auth import current_actor, current_archive
from web.errors import advice_for
from web.languages import LOCALES
from web.present import label

bp = Blueprint("users", __name__)


@bp.get("/users")
def index() -> ResponseReturnValue:
    """List all users."""
    accounts = current_archive().accounts
    users = accounts.users(current_actor())
    return render_template("users/index.html", users=users, units=_unit_names())


@bp.get("/users/new")
def new() -> ResponseReturnValue:
    """Show the form for a new user."""
    current_actor().require(Right.MANAGE_USERS)
    return _form(None, {})


@bp.post("/users")
def create() -> ResponseReturnValue:
    """Add a user and show the link with which the user sets a password."""
    form = request.form
    locale = form.get("locale", "")
    try:
        account, token = current_archive().accounts.create_user(
            current_actor(),
            form.get("username", ""),
            form.get("name", ""),
            _chosen_roles(),
            frozenset(form.getlist("units")),
            locale=locale if locale in LOCALES else None,
        )
    except InvalidInputError as error:
        return _form(None, {error.field: advice_for(error)}), 422
    return render_template("users/link.html", user=account, link=_password_link(token), is_new=True)


@bp.get("/users/<user_id>")
def show(user_id: str) -> ResponseReturnValue:
    """Show one user's form."""
    return _form(user_id, {})


@bp.post("/users/<user_id>")
def update(user_id: str) -> ResponseReturnValue:
    """Change name, roles, units, or whether the user may log in."""
    try:
        account = current_archive().accounts.update_user(
            current_actor(),
            user_id,
            name=request.form.get("name", ""),
            roles=_chosen_roles(),
            units=frozenset(request.form.getlist("units")),
            active="active" in request.form,
        )
    except InvalidInputError as error:
        return _form(user_id, {error.field: advice_for(error)}), 422
    flash(_("Saved: %(name)s.", name=account.name), "success")
    return redirect(url_for("users.index"), code=303)


@bp.post("/users/<user_id>/password-link")
def reset_password(user_id: str) -> ResponseReturnValue:
    """End the user's password and show a link to set another."""
    accounts = current_archive().accounts
    token = accounts.reset_password(current_actor(), user_id)
    return render_template("users/link.html", user=accounts.account(user_id), link=_password_link(token), is_new=False)


@bp.get("/units")
def units() -> ResponseReturnValue:
    """List the units, with a form for another."""
    return _units_page({})


@bp.post("/units")
def save_unit() -> ResponseReturnValue:
    """Add a unit, or rename the one of that code."""
    form = request.form
    try:
        current_archive().accounts.create_unit(
            current_actor(), form.get("id", "").strip(), form.get("name_zh", ""), form.get("name_en", "")
        )
    except InvalidInputError as error:
        return _units_page({error.field: advice_for(error)}), 422
    flash(_("The unit is saved."), "success")
    return redirect(url_for("users.units"), code=303)


def _form(user_id: str | None, errors: dict[str, str]) -> str:
    accounts = current_archive().accounts
    known = {account.user_id: account for account in accounts.users(current_actor())}
    if user_id is not None and user_id not in known:
        raise NotFoundError("user", user_id)
    return render_template(
        "users/form.html",
        user=known[user_id] if user_id else None,
        units=accounts.units(current_actor()),
        errors=errors,
        sent=request.form if errors else None,
    )


def _units_page(errors: dict[str, str]) -> str:
    current_actor().require(Right.MANAGE_USERS)
    return render_template("users/units.html", units=current_archive().accounts.units(current_actor()), errors=errors)


def _unit_names() -> dict[str, str]:
    return {unit.id: label(unit) for unit in current_archive().accounts.units(current_actor())}


def _chosen_roles() -> frozenset[Role]:
    return frozenset(Role(code) for code in request.form.getlist("roles") if code in set(Role))


def _password_link(token: str) -> str:
    """Return the address to hand to the user; it works once, within the days that the archive allows."""
    path = url_for("accounts.redeem_form", token=token)
    root = current_app.config["SETTINGS"].public_url or request.url_root
    return str(root).rstrip("/") + path
