"""``dossier read`` as other programs see it."""

import json
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from click.testing import CliRunner

from ocr import DEFAULT_VOCABULARY, FormTemplate, anchors_of, open_engine, read_reference, template_to_json
from ocr.command import read_command

FORMS = Path(__file__).parents[1] / "data"


@pytest.mark.slow
def test_bad_files_are_answered_in_order_and_end_with_1(tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.jpg", tmp_path / "text.jpg"
    empty.touch()
    text.write_text("no image")

    result = CliRunner().invoke(read_command, [str(empty), str(tmp_path / "absent.png"), str(text), "--json"])

    answers = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    assert [answer["error"]["code"] for answer in answers] == ["scan-empty", "file-not-readable", "media-unsupported"]
    assert result.exit_code == 1


@pytest.mark.slow
def test_a_form_is_written_as_a_pdf_that_holds_its_text(tmp_path: Path) -> None:
    pdf = tmp_path / "form.pdf"

    result = CliRunner().invoke(read_command, [str(FORMS / "person-zh.jpg"), "--pdf", str(pdf)])

    assert result.exit_code == 0
    document = pdfium.PdfDocument(pdf)
    text = document[0].get_textpage().get_text_range()
    document.close()
    pages = json.loads((FORMS / "forms.json").read_text(encoding="utf-8"))["pages"]
    (truth,) = (page for page in pages if page["file"] == "person-zh.jpg")
    assert next(field["value"] for field in truth["fields"] if field["name"] == "name") in text


@pytest.mark.slow
def test_a_pdf_that_cannot_be_written_is_told_and_ends_with_1(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        read_command, [str(FORMS / "person-zh.jpg"), "--pdf", str(tmp_path / "no" / "form.pdf")]
    )

    assert result.exit_code == 1
    assert "form.pdf" in result.stderr


def test_one_pdf_for_two_files_is_wrong_use(tmp_path: Path) -> None:
    assert CliRunner().invoke(read_command, ["a.jpg", "b.jpg", "--pdf", str(tmp_path / "c.pdf")]).exit_code == 2


def test_a_file_is_not_written_over_itself(tmp_path: Path) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-")

    assert CliRunner().invoke(read_command, [str(scan), "--pdf", str(scan)]).exit_code == 2
    assert scan.read_bytes() == b"%PDF-"


def test_no_file_is_wrong_use() -> None:
    assert CliRunner().invoke(read_command, []).exit_code == 2


@pytest.mark.parametrize("content", ["no json", "{}", '[{"id": "x"}]', None])
def test_what_is_no_template_file_is_wrong_use(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "forms.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    result = CliRunner().invoke(read_command, [str(FORMS / "person-zh.jpg"), "--templates", str(path)])

    assert result.exit_code == 2
    assert "forms.json" in result.output


@pytest.mark.slow
def test_a_copy_of_a_registered_form_names_its_template(tmp_path: Path) -> None:
    engine = open_engine("rapidocr")
    reference = read_reference((FORMS / "person-zh.jpg").read_bytes(), 1, engine=engine, vocabulary=DEFAULT_VOCABULARY)
    anchors = anchors_of(reference.words, reference.zones)
    form = FormTemplate("f", "登记表", 1, "", reference.width_px, reference.height_px, anchors, reference.zones)
    path = tmp_path / "forms.json"
    path.write_text(json.dumps([template_to_json(form)]), encoding="utf-8")

    files = [str(FORMS / name) for name in ("person-zh.jpg", "company-zh.jpg")]
    result = CliRunner().invoke(read_command, [*files, "--json", "--templates", str(path)])

    answers = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    assert [answer["template"] for answer in answers] == ["登记表", None]
