"""A viewer tries to learn a masked telephone number through everything that has to do with searching, and learns nothing.

Two archives differ in the number alone. Whatever a viewer asks of them, for either number and for parts of both, gets the
same answer, byte for byte, once what differs between any two archives (ids, times, request tokens) is left out.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from archive.access import SYSTEM, Actor, Role
from archive.bootstrap import Archive, open_archive
from archive.finding.found import LookupQuery
from archive.finding.tables import TableFormat
from archive.settings import Settings
from tests.factories import hand_in, make_dossier, picture
from tests.fakes import CannedReader, extraction
from tests.servers import named_servers, own_place
from tests.web.browsing import browsers

ONE, OTHER = "13812345678", "13898765678"
"""Two numbers that look alike when they are masked."""

GUESSES = (
    *(number[start:end] for number in (ONE, OTHER) for start, end in ((0, 11), (3, 7), (2, 8), (0, 6), (4, 11))),
    "138-1234-5678",
    "1381234*",
    f"电话:{ONE}",
    f"手机:{OTHER[:7]}",
    f"mobile:{ONE[3:7]}",
    f"phone:{ONE}",
    f'"{ONE}"',
    f"客户 -{OTHER}",
    f"张三 {ONE}",
    f"张三 {OTHER[3:7]}",
    "１３８１２３４５６７８",
    "13812345679",
    "13898765679",
    "l38l2345678",
)

_VARYING = re.compile(
    r"""[0-9a-f]{32}|[0-9]+\ ms|R\d{6}-\w{4}-\w{4}|csrf-token"\ content="[^"]*"|name="csrf_token"\ value="[^"]*"
    |datetime="[^"]*"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d[:.\d]*(?:%2B|\+)?[\d:A-F%]*|\d{1,2}\ \w{3}\ \d{4},\ \d\d:\d\d
    |(?:in\ )?\d+\ (?:second|minute)s?(?:\ ago)?|"took_ms":\s*[\d.]+""",
    re.VERBOSE,
)


ARCHIVIST = Actor("archivist", "Archivist", frozenset({Role.ARCHIVIST}), frozenset({"main"}))
VIEWER = Actor("viewer", "Viewer", frozenset({Role.VIEWER}), frozenset({"main"}))
ORDERS = ("relevance", "changed", "created", "oldest", "title", "code")

Told = dict[str, tuple[int, str]]
"""What was asked, to status and text of the answer."""


@dataclass
class Answers:
    """What one archive told.

    Attributes:
        told: By surface, what a viewer was told.
        truth: What those are told who may reveal, to know that the number is there.
    """

    told: dict[str, Told] = field(default_factory=dict)
    truth: dict[str, object] = field(default_factory=dict)


class Questioner:
    """A viewer who asks one archive."""

    def __init__(self, archive: Archive, reader: CannedReader, number: str) -> None:
        self.archive = archive
        self.reader = reader
        self.number = number
        self.viewer = browsers(archive)(Role.VIEWER)
        self.dossier_id = self._fill()

    def work(self) -> None:
        """Run every job that waits."""
        while (task := self.archive.jobs.huey.dequeue()) is not None:
            self.archive.jobs.huey.execute(task)

    def _fill(self) -> str:
        """Add dossiers, one of which holds the number: as a value, on its scan, in a note, within another value."""
        archive, number = self.archive, self.number
        self.reader.fields = (extraction("name", "张三", key="姓名"), extraction("mobile", number, key="手机", line=1))
        self.reader.text = (f"联系人电话 {number} 请回电", "开户网点：和平路支行")
        receipt = hand_in(archive, ARCHIVIST, picture("form"))
        self.work()
        scan = archive.intake.scan(ARCHIVIST, receipt.scan_id)
        filed = archive.review.file(ARCHIVIST, scan.id, dossier_id=None, revision=scan.revision, accept_open=True)
        changed = archive.dossiers.update(
            ARCHIVIST,
            filed.dossier.id,
            revision=filed.dossier.revision,
            fields={"address": f"和平路 {number}"},
            tags=["客户"],
        )
        archive.dossiers.add_note(ARCHIVIST, changed.id, f"客户来电 {number[:3]} {number[3:7]} {number[7:]}")
        make_dossier(archive, ARCHIVIST, name="李四", mobile="13900139000", address="和平路 12 号")
        made = make_dossier(archive, ARCHIVIST, name="客户王五", address="和平路 13 号")
        archive.dossiers.update(ARCHIVIST, made.id, revision=1, tags=["客户"])
        self.work()
        return filed.dossier.id

    def ask(self, address: str, method: str = "GET", **data: str) -> tuple[int, str]:
        """Ask, and return what of the answer could tell something."""
        with self.viewer.open(address, method=method, data=data, follow_redirects=True) as answer:
            return answer.status_code, plain(answer.data)

    def all(self) -> Answers:
        """Ask everything."""
        answers = Answers(truth=self._truth())
        answers.told["hits"] = {guess: self.ask(f"/search?q={guess}") for guess in GUESSES}
        answers.told["filtered"] = {guess: self.ask(f"/search?q={guess}&type=person") for guess in GUESSES}
        # What is only left out leaves hits of equal rank, whose order says nothing.
        answers.told["exclusions"] = {
            number: self.ask(f"/search?q=-{number}&sort=code") for number in (ONE, OTHER, ONE[3:7])
        }
        answers.told["suggestions"] = {guess: self.ask(f"/search/suggestions?q={guess}") for guess in GUESSES}
        answers.told["orders"] = {
            f"{text} by {order}": self.ask(f"/search?q={text}&sort={order}")
            for text in ("", "和平路", "客户", "请回电")
            for order in ORDERS
        }
        answers.told["similar"] = {"similar": self.ask(f"/dossiers/{self.dossier_id}/similar")}
        answers.told["places"] = {guess: (200, repr(self._boxes(guess))) for guess in (*GUESSES, "和平路支行")}
        answers.told["lists"] = self._list()
        answers.told["export"] = {
            f"{method} {guess}": self.ask(f"/search/export?q={guess}", method)
            for method in ("GET", "POST")
            for guess in (ONE, OTHER, "张三")
        }
        answers.told["alerts"] = self._alerts()
        return answers

    def _truth(self) -> dict[str, object]:
        lookup, suggest = self.archive.lookup, self.archive.suggestions.suggest
        (row,) = self.archive.exporter.export(SYSTEM, LookupQuery("张三"), TableFormat.CSV, reason="test", reveal=True)
        (masked,) = self.archive.exporter.export(ARCHIVIST, LookupQuery("张三"), TableFormat.CSV)
        return {
            "in full": row.dossier.fields["mobile"].text,
            "masked": masked.dossier.fields["mobile"].text,
            "found by": [number for number in (ONE, OTHER) if lookup.match(SYSTEM, number, limit=5).total],
            "suggested by": [number for number in (ONE, OTHER) if suggest(ARCHIVIST, number[:8])],
            "seen on the scan": [number for number in (ONE, OTHER) if self._boxes(number, ARCHIVIST)],
        }

    def _boxes(self, text: str, actor: Actor = VIEWER) -> tuple[tuple[int, ...], ...]:
        dossier = self.archive.dossiers.get(actor, self.dossier_id).dossier
        return self.archive.lookup.boxes(actor, dossier.attachments[0].scan_id, 1, text)

    def _list(self) -> Told:
        address = self.viewer.post("/lists", data={"lines": "\n".join(GUESSES)}).location
        pages = ("", "?show=exact", "?show=similar", "?show=missing", "/table?format=csv", "/table?format=xlsx")
        return {page: self.ask(address + page) for page in pages}

    def _alerts(self) -> Told:
        for guess in (*GUESSES, "张三丰"):
            self.viewer.post(f"/searches/new?q={guess}", data={"name": guess, "alert": "yes"})
        make_dossier(self.archive, ARCHIVIST, name="张三丰", mobile=self.number)
        self.work()
        told = {part: self.ask(f"/searches{part}") for part in ("", "/news", "/news?as=badge")}
        (viewer,) = (each for each in self.archive.accounts.users(SYSTEM) if Role.VIEWER in each.roles)
        for kept in self.archive.saved_searches.all(viewer.actor()):
            told[kept.search.name] = self.ask(f"/searches/{kept.search.id}?new=yes")
        return told


def plain(data: bytes) -> str:
    """Return an answer without what differs between any two archives; of an Excel file, all of its parts."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            text = "\n".join(packed.read(name).decode() for name in packed.namelist())
    else:
        text = data.decode("utf-8")
    return _VARYING.sub("…", text)


@pytest.fixture(scope="module")
def answers(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Answers, Answers]]:
    """What two archives told that differ in the number alone; one after the other, as a process has one at a time."""
    told = []
    for number in (ONE, OTHER):
        reader = CannedReader()
        with own_place({**named_servers(), "mongodb_uri": database_server}) as place:
            settings = Settings(
                _env_file=None,
                data_dir=tmp_path_factory.mktemp(number),
                secret_key="for tests only",
                default_locale="en",
                **place,
            )
            with open_archive(settings, reader) as archive:
                archive.accounts.ensure_unit()
                told.append(Questioner(archive, reader, number).all())
    yield told[0], told[1]


def test_those_who_may_reveal_find_each_number_in_its_archive_alone(answers: tuple[Answers, Answers]) -> None:
    for each, number in zip(answers, (ONE, OTHER), strict=True):
        assert each.truth == {
            "in full": number,
            "masked": "138****5678",
            "found by": [number],
            "suggested by": [number],
            "seen on the scan": [number],
        }


@pytest.mark.parametrize(
    "surface", ["hits", "filtered", "exclusions", "suggestions", "orders", "similar", "places", "lists", "alerts"]
)
def test_a_viewer_is_told_the_same_by_both_archives(surface: str, answers: tuple[Answers, Answers]) -> None:
    one, other = (each.told[surface] for each in answers)

    assert one.keys() == other.keys()
    for question, told in one.items():
        assert told == other[question], question
        assert told[0] == 200, question


def test_a_viewer_exports_nothing(answers: tuple[Answers, Answers]) -> None:
    one, other = (each.told["export"].values() for each in answers)

    assert list(one) == list(other)
    assert {status for status, _text in one} == {403}


def test_what_is_open_is_told(answers: tuple[Answers, Answers]) -> None:
    """The measuring stick: the answers that are compared are answers."""
    told = answers[0].told

    assert "张三" in told["orders"]["请回电 by relevance"][1]
    assert "3 dossiers for" in told["orders"]["和平路 by title"][1]
    assert "Similar dossiers" in told["similar"]["similar"][1]
    assert told["places"]["和平路支行"][1] != "()"
    assert "1 new" in told["alerts"][""][1]
    assert "Not found" in told["lists"]["/table?format=csv"][1]
    assert told["hits"][ONE] != told["hits"][OTHER]  # as far as they repeat the question


def test_no_answer_holds_a_number_that_was_not_typed(answers: tuple[Answers, Answers]) -> None:
    for each, number in zip(answers, (ONE, OTHER), strict=True):
        for surface in ("orders", "similar"):
            for question, (_status, text) in each.told[surface].items():
                assert number not in text, question
                assert number[3:7] not in text, question
        for surface in ("hits", "filtered", "suggestions"):
            for question, (_status, text) in each.told[surface].items():
                assert number in question or number not in text, question
