"""Searches that people keep, share and are told by; and the recent ones."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from archive.access import Actor, Role
from archive.bootstrap import Archive
from archive.errors import AccessDeniedError, InvalidInputError, NotFoundError
from archive.finding.question import Question
from archive.finding.saved_searches import MOST_RECENT, MOST_SAVED
from tests.factories import make_dossier
from tests.fakes import without_index

MOON = Question(text="明月", filters={"type": ("person",)}, sort="title", descending=False)


def _colleague(role: Role = Role.VIEWER, unit: str = "main", user_id: str = "colleague") -> Actor:
    return Actor(user_id, "Colleague", frozenset({role}), frozenset({unit}))


def _audited(archive: Archive) -> str:
    auditor = Actor("auditor", "Auditor", frozenset({Role.AUDITOR}), None)
    now = datetime.now(UTC)
    events = archive.audit.events(auditor, since=now - timedelta(hours=1), until=now + timedelta(hours=1)).items
    return repr(events)


def test_a_saved_search_is_kept_as_it_was_asked(archive: Archive, viewer: Actor) -> None:
    saved = archive.saved_searches.save(viewer, "  The   moon ", MOON)

    (kept,) = archive.saved_searches.all(viewer)
    assert kept.search == saved
    assert (saved.name, saved.question, saved.unit) == ("The moon", MOON, None)
    assert kept.own
    assert kept.alert


def test_nobody_else_sees_a_search_that_is_not_shared(archive: Archive, viewer: Actor) -> None:
    saved = archive.saved_searches.save(viewer, "moon", MOON)

    assert archive.saved_searches.all(_colleague()) == ()
    for use in (archive.saved_searches.get, archive.saved_searches.look, archive.saved_searches.delete):
        with pytest.raises(NotFoundError):
            use(_colleague(Role.ARCHIVIST), saved.id)


def test_a_shared_search_is_read_in_its_unit_and_changed_by_its_owner_or_an_archivist(
    archive: Archive, viewer: Actor
) -> None:
    saved = archive.saved_searches.save(viewer, "moon", MOON, unit="main")

    (kept,) = archive.saved_searches.all(_colleague())
    assert (kept.search, kept.own, kept.may_change, kept.alert) == (saved, False, False, False)
    assert archive.saved_searches.all(_colleague(unit="branch")) == ()
    with pytest.raises(AccessDeniedError):
        archive.saved_searches.delete(_colleague(Role.CLERK), saved.id)
    archive.saved_searches.change(_colleague(Role.ARCHIVIST), saved.id, name="sun", unit="main")
    assert archive.saved_searches.get(viewer, saved.id).search.name == "sun"


def test_a_search_taken_back_is_out_of_sight_for_the_unit(archive: Archive, viewer: Actor) -> None:
    saved = archive.saved_searches.save(viewer, "moon", MOON, unit="main")

    archive.saved_searches.change(viewer, saved.id, name="moon", unit=None)

    assert archive.saved_searches.all(_colleague()) == ()


def test_a_search_is_shared_in_units_of_ones_own_only(archive: Archive, viewer: Actor) -> None:
    with pytest.raises(InvalidInputError) as caught:
        archive.saved_searches.save(viewer, "moon", MOON, unit="branch")

    assert caught.value.code == "unknown-unit"
    assert archive.saved_searches.all(viewer) == ()


def test_a_search_needs_a_name_and_there_are_not_endlessly_many(archive: Archive, viewer: Actor) -> None:
    with pytest.raises(InvalidInputError):
        archive.saved_searches.save(viewer, "  ", MOON)
    for number in range(MOST_SAVED):
        archive.saved_searches.save(viewer, f"moon {number}", MOON, alert=False)
    with pytest.raises(InvalidInputError) as caught:
        archive.saved_searches.save(viewer, "one more", MOON)

    assert caught.value.code == "too-many-searches"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_those_who_see_no_dossiers_keep_no_searches(archive: Archive, actors: dict[Role, Actor], role: Role) -> None:
    with pytest.raises(AccessDeniedError):
        archive.saved_searches.save(actors[role], "moon", MOON)
    with pytest.raises(AccessDeniedError):
        archive.saved_searches.news(actors[role])
    with pytest.raises(AccessDeniedError):
        archive.recent_searches.all(actors[role])


def test_new_dossiers_are_told_of_until_the_search_is_opened(
    archive: Archive, archivist: Actor, viewer: Actor, work: Callable[[], int]
) -> None:
    make_dossier(archive, archivist, name="欧阳明月")
    work()
    saved = archive.saved_searches.save(viewer, "moon", Question(text="明月"))
    assert archive.saved_searches.news(viewer).counts == {}

    make_dossier(archive, archivist, name="王明月")
    make_dossier(archive, archivist, name="李四")
    work()

    assert archive.saved_searches.news(viewer).counts == {saved.id: 1}
    seen_before = archive.saved_searches.look(viewer, saved.id).seen_at
    assert seen_before < datetime.now(UTC)
    assert archive.saved_searches.news(viewer).counts == {}


def test_a_dossier_that_the_index_gets_after_the_look_is_still_told_of(
    archive: Archive, archivist: Actor, viewer: Actor, work: Callable[[], int]
) -> None:
    saved = archive.saved_searches.save(viewer, "moon", Question(text="明月"))

    make_dossier(archive, archivist, name="欧阳明月")
    archive.saved_searches.look(viewer, saved.id)
    work()

    assert archive.saved_searches.news(viewer).counts == {saved.id: 1}


def test_a_dossier_that_is_changed_so_as_to_match_is_told_of_once(
    archive: Archive, archivist: Actor, viewer: Actor, work: Callable[[], int]
) -> None:
    matching = make_dossier(archive, archivist, name="欧阳明月")
    other = make_dossier(archive, archivist, name="李四")
    work()
    saved = archive.saved_searches.save(viewer, "moon", Question(text="明月"))

    archive.dossiers.update(archivist, matching.id, revision=1, fields={"name": "欧阳明月亮"})
    archive.dossiers.update(archivist, other.id, revision=1, fields={"name": "李明月"})
    work()

    assert archive.saved_searches.news(viewer).counts == {saved.id: 1}
    archive.saved_searches.look(viewer, saved.id)
    assert archive.saved_searches.told(viewer, saved.id) == {other.id}
    assert archive.saved_searches.told(archivist, saved.id) == frozenset()

    archive.dossiers.update(archivist, other.id, revision=2, fields={"name": "李四"})
    work()
    archive.saved_searches.look(viewer, saved.id)
    archive.dossiers.update(archivist, other.id, revision=3, fields={"name": "李明月"})
    work()
    assert archive.saved_searches.news(viewer).counts == {}


def test_of_a_search_that_finds_too_much_only_created_dossiers_are_told(
    archive: Archive, archivist: Actor, viewer: Actor, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.finding.saved_searches.MOST_KNOWN", 1)
    dossiers = [make_dossier(archive, archivist, name=f"明月{sign}") for sign in "甲乙"]
    work()
    saved = archive.saved_searches.save(viewer, "moon", Question(text="明月"))

    archive.dossiers.update(archivist, dossiers[0].id, revision=1, fields={"name": "明月丙"})
    make_dossier(archive, archivist, name="明月丁")
    work()

    assert archive.saved_searches.news(viewer).counts == {saved.id: 1}


def test_alerts_go_by_the_rights_of_the_reader(
    archive: Archive, archivist: Actor, viewer: Actor, work: Callable[[], int]
) -> None:
    question = Question(text="13800138000")
    saved = archive.saved_searches.save(archivist, "phone", question, unit="main")
    archive.saved_searches.set_alert(viewer, saved.id, alert=True)

    make_dossier(archive, archivist, name="欧阳明月", mobile="13800138000")
    work()

    assert archive.saved_searches.news(archivist).counts == {saved.id: 1}
    assert archive.saved_searches.news(viewer).counts == {}


def test_each_user_is_told_apart_and_only_if_wanted(
    archive: Archive, archivist: Actor, viewer: Actor, work: Callable[[], int]
) -> None:
    saved = archive.saved_searches.save(viewer, "moon", Question(text="明月"), unit="main")
    colleague = _colleague()
    archive.saved_searches.set_alert(colleague, saved.id, alert=True)
    make_dossier(archive, archivist, name="欧阳明月")
    work()

    archive.saved_searches.look(viewer, saved.id)
    assert archive.saved_searches.news(colleague).counts == {saved.id: 1}
    archive.saved_searches.set_alert(colleague, saved.id, alert=False)
    assert archive.saved_searches.news(colleague).counts == {}
    assert archive.saved_searches.news(archivist).counts == {}


def test_without_the_index_nobody_knows_what_is_new_and_nothing_is_lost(
    archive: Archive, archivist: Actor, viewer: Actor, work: Callable[[], int]
) -> None:
    saved = archive.saved_searches.save(viewer, "moon", Question(text="明月"))
    make_dossier(archive, archivist, name="欧阳明月")
    work()

    with without_index(archive):
        assert archive.saved_searches.news(viewer).degraded
        assert [kept.search for kept in archive.saved_searches.all(viewer)] == [saved]
    assert archive.saved_searches.news(viewer).counts == {saved.id: 1}


def test_a_deleted_search_is_gone_for_everybody(archive: Archive, viewer: Actor) -> None:
    saved = archive.saved_searches.save(viewer, "moon", MOON, unit="main")
    archive.saved_searches.set_alert(_colleague(), saved.id, alert=True)

    archive.saved_searches.delete(viewer, saved.id)

    assert archive.saved_searches.all(viewer) == archive.saved_searches.all(_colleague()) == ()


def test_the_audit_trail_knows_of_searches_but_not_their_words(archive: Archive, viewer: Actor) -> None:
    saved = archive.saved_searches.save(viewer, "secret name", MOON, unit="main")
    archive.saved_searches.change(viewer, saved.id, name="other name", unit=None)
    archive.saved_searches.delete(viewer, saved.id)

    told = _audited(archive)
    assert all(action in told for action in ("search.save", "search.change", "search.delete"))
    assert not any(words in told for words in ("明月", "secret name", "other name"))


def test_recent_searches_are_each_users_own_the_last_first(archive: Archive, viewer: Actor) -> None:
    for text in ("甲", "乙", "甲", "甲", "  "):
        archive.recent_searches.note(viewer, Question(text=text))

    assert [each.question.text for each in archive.recent_searches.all(viewer)] == ["甲", "乙"]
    assert archive.recent_searches.all(_colleague()) == ()


def test_only_the_last_of_many_searches_are_remembered_and_all_can_be_cleared(archive: Archive, viewer: Actor) -> None:
    for number in range(MOST_RECENT + 5):
        archive.recent_searches.note(viewer, Question(text=str(number)))

    recent = [each.question.text for each in archive.recent_searches.all(viewer)]
    assert recent == [str(number) for number in reversed(range(5, MOST_RECENT + 5))]
    archive.recent_searches.clear(viewer)
    assert archive.recent_searches.all(viewer) == ()


def test_the_words_of_an_opened_hit_are_remembered_once(archive: Archive, viewer: Actor) -> None:
    archive.recent_searches.note(viewer, MOON)

    for text in ("明月", " 明月 ", "李四", ""):
        archive.recent_searches.note_words(viewer, text)

    assert [each.question for each in archive.recent_searches.all(viewer)] == [Question(text="李四"), MOON]
