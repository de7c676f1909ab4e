"""Catalogues and front-end files are complete and in step with their sources."""

import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.mark.parametrize(
    "arguments", [("translations", "check"), ("vendor_assets", "--check")], ids=lambda args: args[0]
)
def test_the_check_of_the_script_has_no_complaint(arguments: tuple[str, str]) -> None:
    script, argument = arguments

    done = subprocess.run([sys.executable, _SCRIPTS / script, argument], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
