"""Made-up customers and scanned forms, to try the archive out. Nobody in them exists; ``scripts/make_forms`` made them."""

import hashlib
import json
from importlib.resources import files

from archive.access import SYSTEM
from archive.accounts import Unit
from archive.bootstrap import Archive
from archive.dossier import DossierState

_FOLDER = files(__name__)
_UNIT_OF_FORMS = "main"


def load_demo(archive: Archive) -> None:
    """Add units, dossiers and forms, and have the dossiers indexed; doing it again doubles nothing.

    The forms are taken in like any others: a worker reads them, and they wait for review.
    """
    for unit in json.loads(_FOLDER.joinpath("units.json").read_text(encoding="utf-8")):
        named = Unit.model_validate(unit)
        archive.accounts.create_unit(SYSTEM, named.id, named.name_zh, named.name_en)
    for each in json.loads(_FOLDER.joinpath("dossiers.json").read_text(encoding="utf-8")):
        archive.dossiers.create(
            SYSTEM,
            dossier_id=hashlib.sha256(f"demo {each['title']} {each['fields']}".encode()).hexdigest()[:32],
            type=each["type"],
            unit=each["unit"],
            title=each["title"],
            fields=each["fields"],
            tags=each["tags"],
            state=DossierState(each["state"]),
        )
    batch_id = hashlib.sha256(b"demo forms").hexdigest()[:32]
    for form in sorted(_FOLDER.joinpath("forms").iterdir(), key=lambda path: path.name):
        with form.open("rb") as stream:
            archive.intake.receive(SYSTEM, form.name, stream, unit=_UNIT_OF_FORMS, batch_id=batch_id, channel="demo")
    archive.indexer.index_pending()
