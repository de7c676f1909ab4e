"""What can be said of the production files without an engine to run them."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from archive.cli import main
from archive.settings import Settings

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted(
    path for path in (ROOT / "scripts").iterdir() if path.is_file() and path.read_bytes()[:9] == b"#!/bin/sh"
)


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    """The services of docker-compose.yml by name."""
    services: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    return services


def test_every_setting_in_the_compose_file_exists(services: dict[str, dict[str, Any]]) -> None:
    known = {f"DOSSIER_{name.upper()}" for name in Settings.model_fields}

    for name in ("web", "worker"):
        assert set(services[name]["environment"]) <= known


def test_with_the_compose_file_no_part_is_embedded(services: dict[str, dict[str, Any]]) -> None:
    for name in ("web", "worker"):
        given = {key.removeprefix("DOSSIER_").lower(): value for key, value in services[name]["environment"].items()}
        assert not Settings(_env_file=None, **given).runs_embedded


def test_every_secret_comes_from_outside_and_none_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")

    variables = re.findall(r"(?<!\$)\$\{([^}]*)\}", text)
    assert variables
    assert all(re.fullmatch(r"[A-Z_]+:\?Set .+", variable) for variable in variables)
    for line in text.splitlines():
        if re.match(r"\s+\w*(PASSWORD|SECRET|KEY|AUTH)\w*:", line):
            assert "${" in line, line


def test_every_service_restarts_and_every_server_tells_its_health(services: dict[str, dict[str, Any]]) -> None:
    assert all(service["restart"] == "unless-stopped" for service in services.values())
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"worker"}
    for name in ("web", "worker"):
        assert set(services[name]["depends_on"]) == {"mongo", "meilisearch", "redis"}


def test_no_service_fills_the_disk_with_what_it_says(services: dict[str, dict[str, Any]]) -> None:
    for service in services.values():
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}


def test_only_the_web_server_is_reached_from_outside(services: dict[str, dict[str, Any]]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["web"]
    assert [name for name, service in services.items() if "outside" in service["networks"]] == ["web"]
    assert services["web"]["ports"] == ["127.0.0.1:8080:8080"]


def test_the_containers_run_commands_that_exist(services: dict[str, dict[str, Any]]) -> None:
    program, command = services["worker"]["command"]

    assert program == "dossier"
    assert command in main.list_commands(None)  # type: ignore[arg-type]
    assert (ROOT / "web" / "wsgi.py").exists()


def test_the_image_takes_along_what_it_copies_and_is_run_by_nobody_special() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}

    copied = {name for line in re.findall(r"^COPY (.+) \S+$", dockerfile, re.M) for name in line.split()}
    assert copied == kept
    assert all((ROOT / name).exists() for name in copied)
    assert re.search(r"^USER dossier$", dockerfile, re.M)


def test_the_web_server_logs_no_addresses_for_they_hold_searches_and_one_time_links() -> None:
    for text in ((ROOT / "Dockerfile").read_text("utf-8"), (ROOT / "docker-compose.yml").read_text("utf-8")):
        assert "access-log" not in text


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_executable_and_free_of_syntax_errors(script: Path) -> None:
    assert script.stat().st_mode & 0o111
    text = script.read_text("utf-8")
    if '\n"exec" ' in text:  # hands itself to the project's Python
        compile(text, script, "exec")
    else:
        subprocess.run(["sh", "-n", script], check=True)


def test_the_locks_hold_hashes_and_name_no_host() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / name).read_text("utf-8")
        pinned = re.findall(r"^[a-z0-9][^\s=]*==\S+.*$", text, re.M)
        assert pinned
        assert all(line.endswith("\\") for line in pinned), "a package without hashes"
        assert "://" not in text
        assert re.search(r"^setuptools==", text, re.M), "what the project is built with"
