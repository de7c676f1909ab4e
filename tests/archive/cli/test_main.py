"""The command line as a whole: help, exit codes, wrong settings."""

import subprocess
import sys
import time

import click
import pytest
from click.testing import CliRunner

from archive.cli import main

COMMANDS = main.list_commands(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_is_its_manual(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])

    assert result.exit_code == 0
    command = main.get_command(None, name)  # type: ignore[arg-type]
    assert isinstance(command, click.Command)
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name}"


def test_the_whole_help_names_every_command() -> None:
    result = CliRunner().invoke(main, ["--help"])

    assert result.exit_code == 0
    assert all(f"\n  {name} " in result.output for name in COMMANDS)


def test_an_unknown_command_is_wrong_use() -> None:
    assert CliRunner().invoke(main, ["burn"]).exit_code == 2


def test_a_wrong_setting_is_named_and_is_wrong_use() -> None:
    result = CliRunner(env={"DOSSIER_PORT": "many"}).invoke(main, ["doctor"])

    assert result.exit_code == 2
    assert "DOSSIER_PORT" in result.stderr


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; from archive.cli import main\n"
        "main(['serve', '--help'], standalone_mode=False)\n"
        "print([name for name in ('beanie', 'flask', 'cv2', 'openvino', 'tantivy') if name in sys.modules])"
    )
    started = time.monotonic()

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert told.endswith("[]\n")
    assert time.monotonic() - started < 10
