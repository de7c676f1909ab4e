"""Finding dossiers with the rights obeyed."""

import shutil
from zoneinfo import ZoneInfo

import pytest

from archive.access import SYSTEM, Actor, Role
from archive.bootstrap import Archive
from archive.errors import AccessDeniedError, InvalidInputError, SearchFailedError
from archive.finding.found import LookupQuery
from archive.finding.indexing import index_entry
from archive.settings import Settings
from tests.factories import ZHANG_SAN, hand_in, make_dossier, picture
from tests.fakes import CannedReader, extraction


@pytest.fixture
def filed(archive: Archive, clerk: Actor, reader: CannedReader, work):
    """A filed form of 张三 with a line that names its branch and repeats the ID number."""
    reader.fields = (
        extraction("name", "张三", key="姓名"),
        extraction("id_number", ZHANG_SAN["id_number"], key="身份证号", line=1),
    )
    reader.text = ("开户网点：和平路支行", f"复核 {ZHANG_SAN['id_number']} 无误")
    receipt = hand_in(archive, clerk, picture("filed"))
    work()
    scan = archive.intake.scan(clerk, receipt.scan_id)
    filed = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)
    work()
    return filed.dossier


def _titles(archive: Archive, actor: Actor, text: str, **more) -> list[str]:
    found = archive.lookup.find(actor, LookupQuery(text=text, **more))
    return [hit.summary.dossier.title for hit in found.hits]


def test_a_dossier_is_found_by_part_of_its_name_and_by_its_code(archive: Archive, archivist: Actor, work) -> None:
    dossier = make_dossier(archive, archivist, name="欧阳明月")
    make_dossier(archive, archivist, name="李四")
    work()

    assert _titles(archive, archivist, "阳明") == ["欧阳明月"]
    assert _titles(archive, archivist, dossier.code) == ["欧阳明月"]


def test_an_empty_query_lists_everything_latest_first(archive: Archive, archivist: Actor, work) -> None:
    make_dossier(archive, archivist, name="甲一")
    make_dossier(archive, archivist, name="乙二")
    work()

    assert _titles(archive, archivist, "") == ["乙二", "甲一"]


def test_a_change_is_findable_and_the_former_text_is_not(archive: Archive, archivist: Actor, work) -> None:
    dossier = make_dossier(archive, archivist, name="欧阳明月")
    work()

    archive.dossiers.update(archivist, dossier.id, revision=1, fields={"name": "司马光"})
    work()

    assert _titles(archive, archivist, "司马") == ["司马光"]
    assert _titles(archive, archivist, "欧阳") == []


def test_other_units_are_neither_hit_nor_counted(archive: Archive, archivist: Actor, work) -> None:
    make_dossier(archive, archivist)
    work()
    stranger = Actor("x", "X", frozenset({Role.ARCHIVIST}), frozenset({"branch"}))

    found = archive.lookup.find(stranger, LookupQuery(text="张三"))

    assert (found.total, found.hits) == (0, ())
    assert not any(found.facets.values())


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_without_the_right_to_see_there_is_no_search(archive: Archive, actors: dict[Role, Actor], role: Role) -> None:
    with pytest.raises(AccessDeniedError):
        archive.lookup.find(actors[role], LookupQuery())


def test_a_viewer_does_not_find_by_a_masked_number(
    archive: Archive, filed, viewer: Actor, clerk: Actor, archivist: Actor
) -> None:
    number = ZHANG_SAN["id_number"]

    for part in (number, number[-4:], number[6:14]):
        assert _titles(archive, clerk, part) == ["张三"]
        assert _titles(archive, viewer, part) == []
    assert number not in repr(archive.lookup.find(viewer, LookupQuery(text="无误")))


def test_a_word_of_the_page_leads_to_its_place_on_the_scan(archive: Archive, filed, viewer: Actor) -> None:
    found = archive.lookup.find(viewer, LookupQuery(text="和平路"))

    (page,) = found.hits[0].pages
    assert page.scan_id == filed.attachments[0].scan_id
    ((left, top, right, bottom),) = page.boxes
    assert (top, bottom) == (220, 260)
    assert 100 < left < right < 900


def test_a_masked_value_has_no_boxes_for_a_viewer(archive: Archive, filed, viewer: Actor, clerk: Actor) -> None:
    scan_id = filed.attachments[0].scan_id

    assert archive.lookup.boxes(clerk, scan_id, 1, ZHANG_SAN["id_number"])
    assert archive.lookup.boxes(viewer, scan_id, 1, ZHANG_SAN["id_number"]) == ()


def test_facets_carry_labels_and_narrow_the_result(archive: Archive, archivist: Actor, work) -> None:
    make_dossier(archive, archivist)
    make_dossier(archive, archivist, type="company", company="和平贸易有限公司")
    work()

    found = archive.lookup.find(archivist, LookupQuery(filters={"type": ("company",)}))

    assert [hit.summary.dossier.title for hit in found.hits] == ["和平贸易有限公司"]
    buckets = {bucket.value: bucket for bucket in found.facets["type"]}
    assert (buckets["person"].count, buckets["company"].count) == (1, 1)
    assert buckets["company"].chosen
    assert buckets["company"].label("zh_CN") == "企业客户"


def test_an_unknown_facet_or_order_is_refused(archive: Archive, archivist: Actor) -> None:
    with pytest.raises(InvalidInputError):
        archive.lookup.find(archivist, LookupQuery(filters={"password": ("x",)}))
    with pytest.raises(InvalidInputError):
        archive.lookup.find(archivist, LookupQuery(sort="price"))


def test_verify_mends_what_the_index_lacks_has_too_much_or_wrong(archive: Archive, archivist: Actor, work) -> None:
    missing = make_dossier(archive, archivist, name="甲一")
    make_dossier(archive, archivist, name="乙二")
    work()
    engine = archive.indexer._engine
    engine.remove([missing.id])

    check = archive.indexer.verify(SYSTEM)

    assert (check.checked, check.missing, check.mended) == (2, 1, 1)
    assert _titles(archive, archivist, "甲一") == ["甲一"]


def test_a_lost_index_is_no_empty_archive_and_is_built_anew(
    archive: Archive, archivist: Actor, settings: Settings, work
) -> None:
    dossier = make_dossier(archive, archivist, name="欧阳明月")
    work()
    shutil.rmtree(settings.data_dir / "index")

    exact = archive.lookup.find(archivist, LookupQuery(text=dossier.code))

    assert ([hit.summary.dossier.id for hit in exact.hits], exact.degraded) == ([dossier.id], True)
    assert archive.lookup.find(archivist, LookupQuery(text="阳明")).degraded
    assert archive.lookup.similar(archivist, dossier.id).degraded
    with pytest.raises(SearchFailedError):
        archive.lookup.count(archivist, LookupQuery())

    archive.indexer.index_pending()

    assert _titles(archive, archivist, "阳明") == ["欧阳明月"]


def test_without_dossiers_nothing_is_missing_in_an_index_that_is_not_there(archive: Archive, archivist: Actor) -> None:
    found = archive.lookup.find(archivist, LookupQuery(text="欧阳"))

    assert (found.total, found.degraded) == (0, False)


def test_a_rebuilt_index_answers_as_before(archive: Archive, archivist: Actor, work) -> None:
    make_dossier(archive, archivist, name="甲一")
    work()

    assert archive.indexer.rebuild(SYSTEM) == 1

    assert _titles(archive, archivist, "甲一") == ["甲一"]


def test_a_viewer_learns_nothing_of_a_page_before_it_is_filed(
    archive: Archive, clerk: Actor, viewer: Actor, reader: CannedReader, work
) -> None:
    reader.text = ("开户网点：和平路支行",)
    receipt = hand_in(archive, clerk, picture("waiting"))
    work()

    assert archive.lookup.boxes(clerk, receipt.scan_id, 1, "和平路")
    assert archive.lookup.boxes(viewer, receipt.scan_id, 1, "和平路") == ()


def test_verify_asks_for_surplus_entries_once(
    archive: Archive, archivist: Actor, work, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        make_dossier(archive, archivist, name=f"客户{number}")
    work()
    store = archive.indexer._store
    asked: list[int] = []

    def none_of_them(ids: list[str]) -> dict:
        asked.append(len(ids))
        return {}

    monkeypatch.setattr(store, "all", lambda: iter(()))
    monkeypatch.setattr(store, "by_ids", none_of_them)

    assert archive.indexer.verify(SYSTEM).surplus == 5
    assert asked == [5]


def test_what_an_archivist_makes_sensitive_is_soon_not_found_by_a_viewer(
    archive: Archive, archivist: Actor, viewer: Actor, work
) -> None:
    make_dossier(archive, archivist, name="甲一", address="和平路12号")
    work()
    assert _titles(archive, viewer, "和平路") == ["甲一"]
    person = archive.types.get("person")
    fields = tuple(
        field.model_copy(update={"sensitive": True}) if field.name == "address" else field for field in person.fields
    )

    archive.types.save(archivist, person.model_copy(update={"fields": fields}))
    work()

    assert _titles(archive, viewer, "和平路") == []
    assert _titles(archive, archivist, "和平路") == ["甲一"]


def test_a_dossier_is_found_by_what_people_call_its_type_unit_and_state(
    archive: Archive, archivist: Actor, work
) -> None:
    make_dossier(archive, archivist, name="欧阳明月")
    archive.accounts.create_unit(SYSTEM, "main", "总馆", "Main office")
    work()
    person = archive.types.get("person")

    for text in (f"类型:{person.label_zh}", f'type:"{person.label_en}"', "部门:总馆", "unit:office", "状态:正常"):
        assert _titles(archive, archivist, text) == ["欧阳明月"], text
    assert _titles(archive, archivist, "状态:已关闭") == []


def test_a_level_of_an_address_finds_the_dossier_however_the_address_writes_it(
    archive: Archive, archivist: Actor, work
) -> None:
    make_dossier(archive, archivist, name="钱甲", address="广东广州市天河区体育东路1号")
    make_dossier(archive, archivist, name="孙乙", address="北京市朝阳区广东路2号")
    work()

    assert _titles(archive, archivist, "省:广东省") == ["钱甲"]
    assert _titles(archive, archivist, "市:广州") == ["钱甲"]
    assert _titles(archive, archivist, "区:朝阳") == ["孙乙"]
    assert _titles(archive, archivist, "province:北京") == ["孙乙"]
    assert _titles(archive, archivist, "省:江苏") == []


def test_a_level_is_shown_where_its_address_is_not(archive: Archive, archivist: Actor, work) -> None:
    make_dossier(archive, archivist, name="钱甲", address="广东省广州市天河区体育东路1号")
    work()

    [bound] = archive.lookup.find(archivist, LookupQuery(text="省:广东")).hits
    [anywhere] = archive.lookup.find(archivist, LookupQuery(text="广东")).hits

    assert [(each.label_zh, each.text) for each in bound.snippets] == [("省份", "广东省")]
    assert [each.label_zh for each in anywhere.snippets] == ["地址"]


def test_a_masked_address_is_not_taken_apart(archive: Archive, archivist: Actor) -> None:
    person = archive.types.get("person")
    masked = person.model_copy(
        update={"fields": tuple(each.model_copy(update={"sensitive": True}) for each in person.fields)}
    )
    dossier = make_dossier(archive, archivist, name="钱甲", address="广东省广州市天河区体育东路1号")

    told = {
        kind.fields[0].sensitive: {
            value.key for value in index_entry(dossier, kind, {}, unit_names=(), zone=ZoneInfo("Asia/Shanghai")).values
        }
        for kind in (person, masked)
    }

    assert {"province", "city", "county"} <= told[False]
    assert not {"province", "city", "county"} & told[True]
