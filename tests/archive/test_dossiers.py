"""One dossier: created, seen, changed, restored."""

import asyncio

import pytest

from archive.access import Actor, Role
from archive.bootstrap import Archive
from archive.dossier import DossierState
from archive.errors import AccessDeniedError, InvalidInputError, NotFoundError, StaleRevisionError
from tests.factories import ZHANG_SAN, make_dossier


def test_codes_are_allotted_in_order_and_never_twice(archive: Archive, archivist: Actor) -> None:
    codes = [make_dossier(archive, archivist, name=f"客户{number}").code for number in range(3)]

    assert [code[-4:] for code in codes] == ["0001", "0002", "0003"]


def test_sensitive_values_arrive_masked(archive: Archive, archivist: Actor, viewer: Actor) -> None:
    dossier = make_dossier(archive, archivist)

    view = archive.dossiers.get(viewer, dossier.id)

    shown = view.dossier.fields
    assert (shown["mobile"].text, shown["mobile"].raw) == ("138****8000", "138****8000")
    assert shown["id_number"].text == "110***********002X"
    assert shown["name"].text == "张三"
    assert view.masked == {"mobile", "id_number"}


def test_revealing_takes_the_right_and_a_reason(archive: Archive, archivist: Actor, viewer: Actor) -> None:
    dossier = make_dossier(archive, archivist)

    with pytest.raises(AccessDeniedError):
        archive.dossiers.reveal(viewer, dossier.id, "mobile", "curious")
    with pytest.raises(InvalidInputError):
        archive.dossiers.reveal(archivist, dossier.id, "mobile", " ")

    assert archive.dossiers.reveal(archivist, dossier.id, "id_number", "call back") == ZHANG_SAN["id_number"]


def test_history_masks_what_the_page_masks(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)
    archive.dossiers.update(archivist, dossier.id, revision=1, fields={"mobile": "13911112222"})

    history = archive.dossiers.history(archivist, dossier.id)

    texts = repr(history)
    assert "13911112222" not in texts
    assert "13800138000" not in texts


def test_a_dossier_of_another_unit_looks_like_none(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)
    stranger = Actor("x", "X", frozenset({Role.ARCHIVIST}), frozenset({"branch"}))

    with pytest.raises(NotFoundError):
        archive.dossiers.get(stranger, dossier.id)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_neither_auditor_nor_administrator_sees_a_dossier(
    archive: Archive, archivist: Actor, actors: dict[Role, Actor], role: Role
) -> None:
    dossier = make_dossier(archive, archivist)

    with pytest.raises(NotFoundError):
        archive.dossiers.get(actors[role], dossier.id)


def test_a_code_typed_with_another_dot_finds_the_dossier(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)

    found = archive.dossiers.get(archivist, dossier.code.replace("·", "•").lower())

    assert found.dossier.id == dossier.id


def test_a_required_field_may_be_missing_in_a_draft_only(archive: Archive, archivist: Actor) -> None:
    with pytest.raises(InvalidInputError) as refused:
        archive.dossiers.create(archivist, type="person", unit="main", fields={"mobile": "13800138000"})
    draft = archive.dossiers.create(
        archivist, type="person", unit="main", fields={"mobile": "13800138000"}, state=DossierState.DRAFT
    )

    assert refused.value.field == "name"
    assert draft.state is DossierState.DRAFT


def test_a_change_keeps_the_former_version(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)

    changed = archive.dossiers.update(archivist, dossier.id, revision=1, fields={"address": "上海市"}, tags=("重点",))

    assert changed.revision == 2
    assert archive.dossiers.version(archivist, dossier.id, 1).dossier.fields["address"].text == ZHANG_SAN["address"]
    latest = archive.dossiers.history(archivist, dossier.id)[0]
    assert {change.field for change in latest.changes} == {"address", "tags"}


def test_a_stale_change_overwrites_nothing(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)
    archive.dossiers.update(archivist, dossier.id, revision=1, title="第一")

    with pytest.raises(StaleRevisionError):
        archive.dossiers.update(archivist, dossier.id, revision=1, title="第二")

    assert archive.dossiers.get(archivist, dossier.id).dossier.title == "第一"


def test_an_unchanged_form_makes_no_version(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)
    values = archive.dossiers.edit_values(archivist, dossier.id)

    same = archive.dossiers.update(archivist, dossier.id, revision=1, fields=values)

    assert same.revision == 1


def test_the_title_follows_the_name_until_somebody_sets_it(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)
    dossier = archive.dossiers.update(archivist, dossier.id, revision=1, fields={"name": "张三丰"})
    assert dossier.title == "张三丰"

    dossier = archive.dossiers.update(archivist, dossier.id, revision=2, title="VIP")
    dossier = archive.dossiers.update(archivist, dossier.id, revision=3, fields={"name": "张四"})

    assert dossier.title == "VIP"


def test_restoring_brings_values_back_and_loses_no_note(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)
    archive.dossiers.update(archivist, dossier.id, revision=1, fields={"address": None})
    archive.dossiers.add_note(archivist, dossier.id, "来电")

    restored = archive.dossiers.restore(archivist, dossier.id, 1)

    assert restored.fields["address"].text == ZHANG_SAN["address"]
    assert [note.text for note in restored.notes] == ["来电"]
    assert restored.revision == 4


def test_a_free_field_is_kept_under_any_plain_name(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)

    changed = archive.dossiers.update(archivist, dossier.id, revision=1, fields={"客户等级": "A"})

    assert changed.fields["客户等级"].text == "A"
    with pytest.raises(InvalidInputError):
        archive.dossiers.update(archivist, dossier.id, revision=2, fields={"a.b": "x"})


def test_a_clerk_does_not_change_a_dossier_by_hand(archive: Archive, archivist: Actor, clerk: Actor) -> None:
    dossier = make_dossier(archive, archivist)

    with pytest.raises(AccessDeniedError):
        archive.dossiers.update(clerk, dossier.id, revision=1, title="x")


def test_an_invalid_value_is_kept_and_says_why(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist, name="张三", id_number="110105194912310021")

    value = archive.dossiers.get(archivist, dossier.id).dossier.fields["id_number"]

    assert not value.valid
    assert value.problems


def test_of_two_changes_at_once_the_refused_one_leaves_no_version(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)
    store = archive.dossiers._store
    first, second = (
        dossier.model_copy(update={"title": title, "revision": 2, "changed_by": title}) for title in ("first", "second")
    )

    async def both() -> list[BaseException | None]:
        return await asyncio.gather(
            *(
                store._replace(each, archive.dossiers._version(archivist, dossier, each, "edited"))
                for each in (first, second)
            ),
            return_exceptions=True,
        )

    outcomes = store._database.run(both())

    assert sorted(type(outcome) for outcome in outcomes if outcome) == [StaleRevisionError]
    kept = archive.dossiers.get(archivist, dossier.id).dossier
    assert [(each.revision, each.snapshot.title) for each in archive.dossiers.history(archivist, dossier.id)] == [
        (2, kept.title),
        (1, dossier.title),
    ]


def test_a_dossier_stored_meanwhile_under_the_same_id_is_the_one_that_counts(
    archive: Archive, archivist: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = make_dossier(archive, archivist, name="甲一")
    answers = iter([None, stored])
    monkeypatch.setattr(archive.dossiers._store, "by_id", lambda _: next(answers, stored))

    again = archive.dossiers.create(
        archivist, type="person", unit="main", fields={"name": "乙二"}, dossier_id=stored.id
    )

    assert again == stored
    assert [each.snapshot.title for each in archive.dossiers.history(archivist, stored.id)] == ["甲一"]


def test_who_may_see_no_dossier_does_not_learn_which_codes_exist(archive: Archive, actors: dict[Role, Actor]) -> None:
    dossier = make_dossier(archive, actors[Role.ARCHIVIST])

    for key in (dossier.code, dossier.id, "Z001-ZY·KH·1999-D30-0001"):
        with pytest.raises(NotFoundError):
            archive.dossiers.get(actors[Role.AUDITOR], key)


def test_namesakes_do_not_crowd_out_the_dossier_with_the_same_number(archive: Archive, archivist: Actor) -> None:
    for _ in range(3):
        make_dossier(archive, archivist, name="张三")
    wanted = make_dossier(archive, archivist)

    found = archive.review._store.sharing_keys(
        ["id_number:11010519491231002X", "name:张三"], frozenset({"main"}), limit=2
    )

    assert wanted.id in {dossier.id for dossier in found}
    assert archive.review._store.sharing_keys(["name:张三"], frozenset({"branch"})) == []
