"""Every code that a page can meet has its words."""

import ast
from collections.abc import Iterator
from pathlib import Path

from archive.access import Role
from archive.dossier import DossierState
from archive.scans.scan import ScanState
from ocr.values import PROBLEMS
from web import wording

_ARCHIVE = Path(__file__).parents[2] / "archive"


def test_states_and_roles_have_words_and_colours() -> None:
    assert set(ScanState) == wording.SCAN_STATES.keys()
    assert set(DossierState) == wording.DOSSIER_STATES.keys()
    assert wording.COLOURS.keys() == set(ScanState) | set(DossierState)
    assert set(Role) == wording.ROLES.keys() == wording.ROLE_HINTS.keys()


def test_all_that_the_validator_finds_has_words() -> None:
    assert PROBLEMS.keys() == wording.PROBLEMS.keys()


def test_all_that_is_audited_has_words() -> None:
    recorded = list(_recorded())

    assert {action for action, _kind, _details in recorded} <= wording.AUDIT_ACTIONS.keys()
    assert {kind for _action, kind, _details in recorded} <= wording.OBJECT_KINDS.keys()
    assert {detail for _action, _kind, details in recorded for detail in details} <= wording.AUDIT_DETAILS.keys()


def test_every_change_of_a_dossier_has_words_in_history_and_audit_trail() -> None:
    assert {f"dossier.{action}" for action in wording.ACTIONS if action != "created"} <= wording.AUDIT_ACTIONS.keys()


def _recorded() -> Iterator[tuple[str, str, list[str]]]:
    """Action, kind of record and names of the details of every audit event that the archive's source records."""
    for path in _ARCHIVE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
                match node.args:
                    case [_actor, ast.Constant(value=str(action)), ast.Constant(value=str(kind)), *_rest]:
                        yield action, kind, [word.arg for word in node.keywords if word.arg and word.arg != "unit"]


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert wording.words_for(wording.REASONS, "same-shoe-size") == "same-shoe-size"
