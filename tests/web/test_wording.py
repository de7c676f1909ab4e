"""Every code that a page can meet has its words."""

import re
from pathlib import Path

from archive.access import Role
from archive.dossier import DossierState
from archive.scan import ScanState
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
    sources = "\n".join(path.read_text(encoding="utf-8") for path in _ARCHIVE.rglob("*.py"))
    kinds = "dossier|scan|user|type|unit|attachment|batch|search"
    recorded = set(re.findall(rf'"((?:{kinds})\.[a-z-]+|login|logout|login\.refused)"', sources))

    assert recorded <= wording.AUDIT_ACTIONS.keys()


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert wording.words_for(wording.REASONS, "same-shoe-size") == "same-shoe-size"
