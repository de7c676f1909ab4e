"""Lists of names and numbers, looked up at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from archive.access import Actor, Role
from archive.bootstrap import Archive
from archive.errors import AccessDeniedError, InvalidInputError, NotFoundError
from archive.finding import list_search
from archive.finding.list_search import KEPT_LISTS, LINE_LENGTH, MOST_MATCHES, ListLine, Outcome
from tests.factories import make_dossier
from tests.fakes import without_index

LONG = 3600.0


def _looked_up(archive: Archive, actor: Actor, lines: list[str]) -> tuple[str, list[ListLine]]:
    list_id = archive.list_searches.start(actor, lines).id
    assert archive.list_searches.work(actor, list_id, seconds=LONG).is_done
    return list_id, list(archive.list_searches.lines(actor, list_id))


@pytest.fixture
def filed(archive: Archive, archivist: Actor, work: Callable[[], int]) -> None:
    """Two people of one name, another person with a number, a company."""
    make_dossier(archive, archivist, name="欧阳明月")
    make_dossier(archive, archivist, name="欧阳明月", mobile="13900139000")
    make_dossier(archive, archivist, name="李四", mobile="13800138000")
    make_dossier(archive, archivist, type="company", company="明月科技有限公司")
    work()


def test_each_line_tells_what_it_found(archive: Archive, archivist: Actor, filed: None) -> None:
    _, lines = _looked_up(archive, archivist, ["欧阳明月", "", "科技", "138 0013-8000", " 王五 "])

    assert [(line.number, line.text, line.outcome, line.total) for line in lines] == [
        (1, "欧阳明月", Outcome.EXACT, 2),
        (2, "科技", Outcome.SIMILAR, 1),
        (3, "138 0013-8000", Outcome.EXACT, 1),
        (4, "王五", Outcome.MISSING, 0),
    ]
    assert [each.dossier.title for each in lines[0].found] == ["欧阳明月", "欧阳明月"]
    assert lines[2].found[0].dossier.title == "李四"
    assert lines[2].found[0].keys == ("mobile",)


def test_what_is_found_is_masked(archive: Archive, archivist: Actor, filed: None) -> None:
    _, (line,) = _looked_up(archive, archivist, ["李四"])

    assert line.found[0].dossier.fields["mobile"].text == "138****8000"


def test_a_viewer_does_not_find_by_a_masked_number(archive: Archive, viewer: Actor, filed: None) -> None:
    _, lines = _looked_up(archive, viewer, ["13800138000", "李四"])

    assert [line.outcome for line in lines] == [Outcome.MISSING, Outcome.EXACT]


def test_of_many_hits_the_best_are_named(archive: Archive, archivist: Actor, work: Callable[[], int]) -> None:
    for _ in range(MOST_MATCHES + 2):
        make_dossier(archive, archivist, name="欧阳明月")
    work()

    _, (line,) = _looked_up(archive, archivist, ["明月"])

    assert (line.total, len(line.found)) == (MOST_MATCHES + 2, MOST_MATCHES)


def test_work_goes_on_where_it_stopped(archive: Archive, archivist: Actor, filed: None) -> None:
    name_list = archive.list_searches.start(archivist, ["李四"] * 60)

    done = [archive.list_searches.work(archivist, name_list.id, seconds=0).done for _ in range(4)]

    assert done == [25, 50, 60, 60]
    lines = list(archive.list_searches.lines(archivist, name_list.id))
    assert [line.number for line in lines] == list(range(1, 61))


def test_lines_are_shown_by_outcome_and_page_by_page(archive: Archive, archivist: Actor, filed: None) -> None:
    list_id, _ = _looked_up(archive, archivist, ["李四", "王五", "李四", "赵六", "孙七"])

    missing = archive.list_searches.lines(archivist, list_id, outcome=Outcome.MISSING, offset=1, limit=1)

    assert [line.text for line in missing] == ["赵六"]
    assert archive.list_searches.progress(archivist, list_id).outcomes == {
        Outcome.EXACT: 2,
        Outcome.SIMILAR: 0,
        Outcome.MISSING: 3,
    }


def test_a_list_belongs_to_its_owner(archive: Archive, archivist: Actor, viewer: Actor, filed: None) -> None:
    list_id, _ = _looked_up(archive, archivist, ["李四"])

    for use in (archive.list_searches.progress, archive.list_searches.delete, archive.list_searches.repeat_degraded):
        with pytest.raises(NotFoundError):
            use(viewer, list_id)
    with pytest.raises(NotFoundError):
        archive.list_searches.work(viewer, list_id, seconds=0)
    with pytest.raises(NotFoundError):
        list(archive.list_searches.lines(viewer, list_id))
    assert archive.list_searches.lists(viewer) == ()


def test_a_dossier_is_named_only_while_its_reader_may_see_it(archive: Archive, archivist: Actor, filed: None) -> None:
    list_id, _ = _looked_up(archive, archivist, ["李四"])
    moved = Actor(archivist.user_id, archivist.name, archivist.roles, frozenset({"branch"}))

    assert [line.found for line in archive.list_searches.lines(moved, list_id)] == [()]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_those_who_see_no_dossiers_look_nothing_up(archive: Archive, actors: dict[Role, Actor], role: Role) -> None:
    with pytest.raises(AccessDeniedError):
        archive.list_searches.start(actors[role], ["李四"])


@pytest.mark.parametrize(
    ("lines", "code"), [([], "list-empty"), ([" ", "\t"], "list-empty"), (["x"] * 5001, "list-too-long")]
)
def test_an_empty_or_endless_list_is_refused(archive: Archive, viewer: Actor, lines: list[str], code: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        archive.list_searches.start(viewer, lines)

    assert caught.value.code == code
    assert archive.list_searches.lists(viewer) == ()


def test_whatever_stands_in_a_line_is_looked_up(archive: Archive, viewer: Actor, filed: None) -> None:
    odd = ['"', "-", "(((", "姓名:", "=1+1", "x" * 5000, "*", "\ud800", "AND OR NOT", "李四\x00"]

    _, lines = _looked_up(archive, viewer, odd)

    assert len(lines) == len(odd)
    assert max(len(line.text) for line in lines) == LINE_LENGTH


def test_without_the_index_exact_lines_are_found_and_the_others_can_be_looked_up_again(
    archive: Archive, archivist: Actor, filed: None
) -> None:
    with without_index(archive):
        list_id, lines = _looked_up(archive, archivist, ["李四", "科技", "13800138000"])
        assert archive.list_searches.progress(archivist, list_id).degraded == 3
    assert [line.outcome for line in lines] == [Outcome.EXACT, Outcome.MISSING, Outcome.EXACT]

    archive.list_searches.repeat_degraded(archivist, list_id)
    progress = archive.list_searches.work(archivist, list_id, seconds=LONG)

    assert (progress.is_done, progress.degraded) == (True, 0)
    assert progress.outcomes[Outcome.SIMILAR] == 1


def test_the_latest_lists_of_a_user_are_kept(archive: Archive, viewer: Actor) -> None:
    for number in range(KEPT_LISTS + 2):
        archive.list_searches.start(viewer, [f"line {number}"])

    kept = [each.lines[0] for each in archive.list_searches.lists(viewer)]
    assert kept == [f"line {number}" for number in reversed(range(2, KEPT_LISTS + 2))]


def test_old_lists_are_forgotten_with_their_answers(
    archive: Archive, archivist: Actor, filed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    list_id, _ = _looked_up(archive, archivist, ["李四"])

    archive.list_searches.forget_old()
    assert len(archive.list_searches.lists(archivist)) == 1
    monkeypatch.setattr(list_search, "utc_now", lambda: datetime.now(UTC) + timedelta(days=31))
    archive.list_searches.forget_old()

    assert archive.list_searches.lists(archivist) == ()
    assert archive.list_searches._store.answers(list_id) == {}


def test_the_audit_trail_knows_of_lists_but_not_their_lines(archive: Archive, archivist: Actor, filed: None) -> None:
    list_id, _ = _looked_up(archive, archivist, ["李四", "王五"])
    archive.list_searches.note_download(archivist, list_id, "csv")

    auditor = Actor("auditor", "Auditor", frozenset({Role.AUDITOR}), None)
    now = datetime.now(UTC)
    told = archive.audit.events(auditor, since=now - timedelta(hours=1), until=now + timedelta(hours=1)).items
    details = {event.action: event.detail for event in told if event.object_kind == "list"}
    assert details == {"search.list": {"lines": "2"}, "search.list-download": {"lines": "2", "format": "csv"}}
    assert "李四" not in repr(told)
