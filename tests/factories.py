"""Makes what tests need: pictures, dossiers, scans."""

import io

from PIL import Image, ImageDraw

from archive.access import Actor
from archive.bootstrap import Archive
from archive.dossier import Dossier
from archive.scans.scan import Receipt

ZHANG_SAN = {
    "name": "张三",
    "sex": "女",
    "birth_date": "1949-12-31",
    "id_number": "11010519491231002X",
    "mobile": "13800138000",
    "address": "北京市朝阳区和平路12号",
}
"""A person with valid numbers; the ID number is the example of GB 11643."""


def picture(text: str = "form", *, width_px: int = 1000, height_px: int = 1400) -> bytes:
    """Return a PNG with the text on it; another text makes other bytes."""
    image = Image.new("L", (width_px, height_px), 255)
    ImageDraw.Draw(image).text((60, 60), text, fill=0)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def make_dossier(archive: Archive, actor: Actor, *, unit: str = "main", type: str = "person", **fields: str) -> Dossier:
    """Create an active dossier; without fields it is 张三's."""
    return archive.dossiers.create(actor, type=type, unit=unit, fields=fields or ZHANG_SAN)


def hand_in(
    archive: Archive, actor: Actor, data: bytes | None = None, *, filename: str = "form.png", batch_id: str = "b" * 32
) -> Receipt:
    """Have a picture taken in."""
    stream = io.BytesIO(picture() if data is None else data)
    return archive.intake.receive(actor, filename, stream, unit="main", batch_id=batch_id)
