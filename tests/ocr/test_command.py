"""``dossier read`` as other programs see it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ocr.command import read_command


@pytest.mark.slow
def test_bad_files_are_answered_in_order_and_end_with_1(tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.jpg", tmp_path / "text.jpg"
    empty.touch()
    text.write_text("no image")

    result = CliRunner().invoke(read_command, [str(empty), str(tmp_path / "absent.png"), str(text), "--json"])

    answers = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    assert [answer["error"]["code"] for answer in answers] == ["scan-empty", "file-not-readable", "media-unsupported"]
    assert result.exit_code == 1


def test_no_file_is_wrong_use() -> None:
    assert CliRunner().invoke(read_command, []).exit_code == 2
