"""Entries for the tests: a small archive whose content each test can see at a glance."""

from datetime import UTC, datetime, timedelta

from search import IndexedPage, IndexedValue, IndexEntry, Scope, SearchEngine, SearchQuery

BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
EVERYTHING = Scope(units=None, may_reveal=True)
OPEN_ONLY = Scope(units=None, may_reveal=False)


def make_entry(id_: str, title: str = "", **changes: object) -> IndexEntry:
    """Make an entry that has only what the test names."""
    number = sum(map(ord, id_))
    given: dict[str, object] = {
        "code": f"J001-{id_}",
        "aliases": (),
        "title": title or id_,
        "type": "person",
        "unit": "north",
        "state": "open",
        "tags": (),
        "year": 2024,
        "created_at": BEGINNING + timedelta(days=number),
        "changed_at": BEGINNING + timedelta(days=number),
        **changes,
    }
    return IndexEntry(id=id_, **given)  # type: ignore[arg-type]


def name(text: str, **changes: object) -> IndexedValue:
    """Make the value of a customer's name."""
    return IndexedValue("name", "姓名", text, "name", **changes)  # type: ignore[arg-type]


def phone(text: str, *, sensitive: bool = False) -> IndexedValue:
    """Make the value of a phone number."""
    return IndexedValue("phone", "电话", text, "number", sensitive=sensitive)


def page(text: str, number: int = 1, scan: str = "scan-1") -> IndexedPage:
    """Make a scanned page."""
    return IndexedPage(scan, number, text)


def ask(text: str, scope: Scope = EVERYTHING, **changes: object) -> SearchQuery:
    """Make a query with every right, unless told otherwise."""
    return SearchQuery(text, scope, **changes)  # type: ignore[arg-type]


def found(engine: SearchEngine, text: str, scope: Scope = EVERYTHING, **changes: object) -> list[str]:
    """Give the ids that a text finds, in order, having checked that the total agrees."""
    result = engine.search(ask(text, scope, limit=50, **changes))
    assert result.total == len(result.hits)
    return [hit.id for hit in result.hits]


PEOPLE = (
    make_entry(
        "zhang",
        "张三丰客户档案",
        code="Z109-WS·2011-Y-BGS-0001",
        values=(
            name("张三丰"),
            phone("138-0013-8000"),
            IndexedValue("id_number", "身份证号", "11010519491231002X", "code"),
            IndexedValue("born", "出生日期", "1949-12-31", "date"),
            IndexedValue("city", "城市", "北京市朝阳区", "text"),
        ),
        pages=(page("客户登记表\n姓名 張三豐\n地址 北京市朝\n阳区建国路８８号", 1), page("备注：无", 2)),
        tags=("VIP", "老客户"),
    ),
    make_entry(
        "zeng",
        "曾国藩",
        values=(name("曾国藩"), phone("010 6552 9988")),
        notes=("与张三合办", "年费已缴"),
        unit="south",
        year=2023,
    ),
    make_entry(
        "smith",
        "Müller & Smith Trading Ltd",
        aliases=("OLD-0042",),
        values=(IndexedValue("contact", "Contact person", "Agnes Müller", "name"), phone("+86 139 0013 1234")),
        pages=(page("This Agreement is made between the parties.\nTotal 1.250,00", 1, "scan-9"),),
        type="company",
        state="closed",
        unit="south",
        year=None,
    ),
)
"""Three dossiers that have nothing in common, for tests that only ask."""
