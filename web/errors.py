"""The one table from errors to answers: HTTP status, what happened, and what to do about it."""

import logging
from dataclasses import dataclass

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from archive.errors import (
    AccessDeniedError,
    ArchiveError,
    IntakeError,
    IntegrityError,
    InTrashError,
    InvalidInputError,
    LoginRefusedError,
    NotFoundError,
    ReadingFailedError,
    SearchFailedError,
    StaleRevisionError,
    StorageUnavailableError,
    WrongStateError,
)
from web.auth import OPEN_ENDPOINTS, refuse_stranger, wants_page

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """How one kind of error is answered.

    Attributes:
        status: HTTP status.
        title: What happened.
        advice: What to do now.
    """

    status: int
    title: LazyString
    advice: LazyString


ARCHIVE_ERRORS: dict[type[ArchiveError], Answer] = {
    NotFoundError: Answer(
        404,
        _l("There is nothing here"),
        _l(
            "The record does not exist, or it belongs to a unit that you do not work in. Search for it, or ask for access."
        ),
    ),
    AccessDeniedError: Answer(
        403,
        _l("You may not do this"),
        _l("Your roles do not allow it. An administrator can give you a role that does."),
    ),
    StaleRevisionError: Answer(
        409,
        _l("Somebody else changed this first"),
        _l("The record was changed after you opened it. Load it again and repeat your change."),
    ),
    InvalidInputError: Answer(
        422,
        _l("This cannot be kept as it is"),
        _l("A value is missing or not valid. Correct it and try again."),
    ),
    IntakeError: Answer(
        422,
        _l("This file cannot be taken in"),
        _l("Send a PDF, TIFF, JPEG, PNG, WebP or HEIC file."),
    ),
    WrongStateError: Answer(
        409,
        _l("This is not possible now"),
        _l("The record is in a state that does not allow it. Load it again to see where it stands."),
    ),
    InTrashError: Answer(
        410,
        _l("This dossier is in the trash"),
        _l("It is kept. An archivist can bring it back."),
    ),
    LoginRefusedError: Answer(
        401,
        _l("Login refused"),
        _l("User name or password is wrong, or the account is switched off."),
    ),
    StorageUnavailableError: Answer(
        503,
        _l("The archive does not answer"),
        _l("Nothing is lost. Try again in a moment; if it stays so, tell the administrator."),
    ),
    SearchFailedError: Answer(
        503,
        _l("The search does not answer"),
        _l("The dossiers themselves are safe. Try again in a moment."),
    ),
    ReadingFailedError: Answer(
        422,
        _l("The scan could not be read"),
        _l("Try to read it again, or scan the paper once more at 300 dpi."),
    ),
    IntegrityError: Answer(
        500,
        _l("The stored file is damaged"),
        _l("Its bytes no longer match their fingerprint. Tell the administrator before anything else is done with it."),
    ),
    ArchiveError: Answer(
        500,
        _l("The archive could not do this"),
        _l("The event was logged. Tell the administrator if it happens again."),
    ),
}
"""Every error class of the archive that can reach a page; a subclass is answered like its nearest ancestor."""

HTTP_ERRORS: dict[int, Answer] = {
    400: Answer(400, _l("The request was not understood"), _l("Go back, load the page again and repeat it.")),
    404: Answer(
        404, _l("There is no such page"), _l("The address may be mistyped. Search, or start from the home page.")
    ),
    405: Answer(405, _l("This address cannot be used like that"), _l("Start from the home page.")),
    413: Answer(413, _l("The file is too large"), _l("Split it, or scan at 300 dpi with compression.")),
    429: Answer(429, _l("Too many attempts"), _l("Wait a minute, then try again.")),
    500: Answer(
        500, _l("Something went wrong"), _l("The event was logged. Tell the administrator if it happens again.")
    ),
}

CSRF_ANSWER = Answer(
    400,
    _l("The form is too old"),
    _l("It was opened before you logged in or out. Load the page again and repeat what you did."),
)

CODES: dict[str, LazyString] = {
    "required": _l("This is needed."),
    "name-taken": _l("There is a user of this name already."),
    "bad-username": _l("A user name has 2 to 64 letters, digits, dots, @ or underscores."),
    "password-too-short": _l("A password has at least 10 characters."),
    "password-too-plain": _l("This password is too easy to guess. Take a longer or more varied one."),
    "passwords-differ": _l("The two passwords differ."),
    "wrong-password": _l("The present password is wrong."),
    "own-account": _l("You cannot take the administration from yourself."),
    "unknown-unit": _l("There is no such unit."),
    "export-too-large": _l("The result is too large for one export. Narrow the search, and export the parts."),
    "list-empty": _l("There is no name and no number. Check the list and, for a table, the column."),
    "list-too-long": _l("The list has too many lines. Split it."),
    "list-too-large": _l("The file is too large. Split it, or save only the column that you need."),
    "list-unreadable": _l("The file is neither a text, a CSV nor an Excel file (.xlsx), or it is damaged."),
    "too-many-searches": _l(
        "You have as many saved searches as one user may have. Delete one that you no longer need."
    ),
    "bad-code": _l("A unit's code has small letters, digits and hyphens."),
    "no-zones": _l("Mark at least one zone."),
    "no-boxes": _l("A zone for boxes holds none that can be found. Draw it around the boxes, or choose written text."),
    "field-twice": _l("Two zones hold the same field. Choose another field for one of them."),
    "form-too-bare": _l(
        "Too few printed words are left outside the zones to recognise the form by. Make the zones smaller."
    ),
    "bad-box": _l("A zone lies outside the page, or is empty."),
    "page-not-found": _l("There is no such page."),
    "scan-empty": _l("The file is empty. Check that the scanner finished, then send it again."),
    "scan-too-large": _l("The file is too large. Split it, or scan at 300 dpi with compression."),
    "media-unsupported": _l(
        "The content is not a PDF, TIFF, JPEG, PNG, WebP or HEIC file, whatever its name says. Export or scan it again."
    ),
    "scan-damaged": _l("The file is damaged and cannot be opened. Scan or export it again."),
    "scan-truncated": _l("The file ends in the middle; the transfer was probably cut off. Send it again."),
    "pdf-encrypted": _l("The PDF is protected by a password. Save it without protection and send it again."),
    "too-many-pages": _l("The file has too many pages. Split it."),
    "page-too-large": _l("A page has too many pixels. Scan it at 300 dpi."),
    "engine-unavailable": _l("The text reader is not installed on this machine. Tell the administrator."),
    "engine-failed": _l("The text reader gave up on a page. Try again."),
    "engine-timeout": _l("A page took too long to read. Try again when the machine is less busy."),
}
"""Wordings for single codes, where they say more than the error's class."""


def answer_for(error: ArchiveError) -> Answer:
    """Return the answer to an error of the archive."""
    kind = next(kind for kind in type(error).__mro__ if kind in ARCHIVE_ERRORS)
    return ARCHIVE_ERRORS[kind]


def advice_for(error: ArchiveError) -> str:
    """Return one sentence for a message on a page or beside an input."""
    return str(CODES.get(error.code) or answer_for(error).advice)


def advice_for_code(code: str, fallback: str = "") -> str:
    """Return the wording of a code that a record keeps, such as the failure of a scan."""
    return str(CODES.get(code) or fallback or code)


def install_errors(app: Flask) -> None:
    """Answer every error with a calm page, or with a problem record where a script asked."""
    app.jinja_env.filters["failure"] = advice_for_code

    @app.errorhandler(ArchiveError)
    def answer_archive_error(error: ArchiveError) -> ResponseReturnValue:
        answer = answer_for(error)
        if answer.status >= 500:
            log.error("request failed: %s", error.code, exc_info=error)
        return _render(answer, error.code, advice_for(error))

    @app.errorhandler(CSRFError)
    def answer_csrf_error(_error: CSRFError) -> ResponseReturnValue:
        # The token went with the session: say what really happened.
        if not current_user.is_authenticated and request.endpoint not in OPEN_ENDPOINTS:
            return refuse_stranger()
        return _render(CSRF_ANSWER, "form-too-old", str(CSRF_ANSWER.advice))

    @app.errorhandler(HTTPException)
    def answer_http_error(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error.get_response()
        answer = HTTP_ERRORS.get(status) or Answer(status, HTTP_ERRORS[400].title, HTTP_ERRORS[400].advice)
        return _render(answer, error.name.casefold().replace(" ", "-"), str(answer.advice))


def _render(answer: Answer, code: str, advice: str) -> ResponseReturnValue:
    if wants_page():
        page = render_template("error.html", status=answer.status, title=answer.title, advice=advice, code=code)
        return page, answer.status
    return jsonify(error={"code": code, "message": _("%(title)s. %(advice)s", title=answer.title, advice=advice)}), (
        answer.status
    )
