"""Sensitive values are masked wherever their dossier shows them."""

from collections.abc import Callable

import pytest

from archive.access import Actor
from archive.bootstrap import Archive
from archive.finding.found import LookupQuery
from tests.factories import hand_in, make_dossier

MOBILE = "13812345678"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"电话{MOBILE}。", "电话138****5678。"),
        ("138 1234 5678 / 138-1234-5678", "138****5678 / 138****5678"),
        ("9138123456780", "9138123456780"),
        ("x13812345678", "x13812345678"),
        ("13812345679", "13812345679"),
        ("和平路 12 号", "和平路 12 号"),
    ],
)
def test_a_value_is_masked_in_other_fields_and_notes(
    archive: Archive, archivist: Actor, written: str, shown: str
) -> None:
    made = make_dossier(archive, archivist, name="张三", mobile=MOBILE, remark=written)
    archive.dossiers.add_note(archivist, made.id, written)

    dossier = archive.dossiers.get(archivist, made.id).dossier

    assert dossier.fields["remark"].text == shown
    assert dossier.notes[0].text == shown


def test_it_is_masked_in_the_names_of_files(archive: Archive, archivist: Actor, work: Callable[[], int]) -> None:
    receipt = hand_in(archive, archivist, filename=f"张三_{MOBILE}.png")
    work()
    scan = archive.intake.scan(archivist, receipt.scan_id)
    made = make_dossier(archive, archivist, name="张三", mobile=MOBILE)
    archive.review.file(archivist, scan.id, dossier_id=made.id, revision=scan.revision)

    dossier = archive.dossiers.get(archivist, made.id).dossier

    assert [item.filename for item in dossier.attachments] == ["张三_138****5678.png"]


def test_it_is_masked_in_the_history_and_in_snippets(archive: Archive, archivist: Actor, work) -> None:
    made = make_dossier(archive, archivist, name="张三", mobile=MOBILE)
    archive.dossiers.add_note(archivist, made.id, f"请回电 {MOBILE}")
    work()

    history = archive.dossiers.history(archivist, made.id)
    found = archive.lookup.find(archivist, LookupQuery("请回电"))

    assert MOBILE not in repr(history)
    assert found.total == 1
    assert "138****5678" in found.hits[0].snippets[0].text
    assert MOBILE not in repr(found)


def test_a_short_value_hides_nothing_by_chance(archive: Archive, archivist: Actor) -> None:
    made = make_dossier(archive, archivist, name="张三", phone="12345", remark="12345 份")

    assert archive.dossiers.get(archivist, made.id).dossier.fields["remark"].text == "12345 份"


def test_the_stored_dossier_keeps_what_was_written(archive: Archive, archivist: Actor) -> None:
    made = make_dossier(archive, archivist, name="张三", mobile=MOBILE, remark=f"电话{MOBILE}")

    assert archive.dossiers.edit_values(archivist, made.id)["remark"] == f"电话{MOBILE}"
