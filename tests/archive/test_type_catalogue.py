"""Dossier types: what becomes of values when the type around them changes."""

from collections.abc import Callable

import pytest

from archive.access import Actor
from archive.bootstrap import Archive
from archive.dossier_type import DossierType, FieldSpec
from archive.mongo.dossiers import DossierStore
from search import Scope, SearchQuery
from tests.factories import make_dossier

_PATIENT = DossierType(
    name="patient",
    label_zh="患者",
    label_en="Patient",
    fields=(
        FieldSpec(name="name", label_zh="姓名", label_en="Name", kind="name", required=True),
        FieldSpec(name="diagnosis", label_zh="诊断", label_en="Diagnosis", sensitive=True),
    ),
)


@pytest.fixture
def patient(archive: Archive, archivist: Actor) -> DossierType:
    return archive.types.save(archivist, _PATIENT)


def test_a_sensitive_value_stays_masked_under_a_type_that_does_not_know_its_field(
    archive: Archive, archivist: Actor, viewer: Actor, patient: DossierType
) -> None:
    dossier = make_dossier(archive, archivist, type="patient", name="李四", diagnosis="肺炎恢复期")

    archive.dossiers.update(archivist, dossier.id, revision=1, type="person")

    view = archive.dossiers.get(viewer, dossier.id)
    assert view.masked == {"diagnosis"}
    assert "肺炎" not in repr(view)
    spec = view.type.field("diagnosis")
    assert spec is not None
    assert spec.label_zh == "诊断"


def test_a_sensitive_value_stays_masked_when_its_field_is_taken_out_of_the_type(
    archive: Archive, archivist: Actor, viewer: Actor, patient: DossierType
) -> None:
    dossier = make_dossier(archive, archivist, type="patient", name="李四", diagnosis="肺炎恢复期")

    archive.types.save(archivist, patient.model_copy(update={"fields": patient.fields[:1]}))

    assert archive.dossiers.get(viewer, dossier.id).masked == {"diagnosis"}


def test_a_field_that_comes_back_is_as_the_type_has_it_now(
    archive: Archive, archivist: Actor, viewer: Actor, patient: DossierType
) -> None:
    dossier = make_dossier(archive, archivist, type="patient", name="李四", diagnosis="肺炎恢复期")
    without = archive.types.save(archivist, patient.model_copy(update={"fields": patient.fields[:1]}))

    open_field = patient.fields[1].model_copy(update={"sensitive": False})
    archive.types.save(archivist, without.model_copy(update={"fields": (patient.fields[0], open_field)}))

    assert archive.dossiers.get(viewer, dossier.id).masked == frozenset()
    assert archive.types.get("patient").former == ()


def test_a_change_of_a_type_that_a_crash_cut_short_is_completed_by_the_sweep(
    archive: Archive,
    archivist: Actor,
    patient: DossierType,
    work: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_type = archive.types.save(
        archivist,
        patient.model_copy(
            update={"fields": (patient.fields[0], patient.fields[1].model_copy(update={"sensitive": False}))}
        ),
    )
    make_dossier(archive, archivist, type="patient", name="李四", diagnosis="肺炎恢复期")
    work()
    query = SearchQuery("肺炎恢复", Scope(None, may_reveal=False))
    assert archive.indexer._engine.search(query).total == 1

    with monkeypatch.context() as broken:
        broken.setattr(DossierStore, "mark_type_pending", _crash)
        with pytest.raises(KeyboardInterrupt):
            archive.types.save(archivist, open_type.model_copy(update={"fields": patient.fields}))
    archive.sweep()

    assert archive.indexer._engine.search(query).total == 0


def _crash(*_: object) -> None:
    raise KeyboardInterrupt
