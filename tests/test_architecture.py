"""The packages know only what they may, and the documents tell of every setting and every error."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from archive.settings import Settings

ROOT = Path(__file__).parent.parent
PACKAGES = ("archive", "ocr", "search", "web")


def _sources() -> Iterator[tuple[Path, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, ast.parse(path.read_text("utf-8"))


def _error_codes() -> set[str]:
    """Return the codes that error classes have, and those that are given where one is raised."""
    codes = set()
    for _, tree in _sources():
        for node in ast.walk(tree):
            value: ast.expr | None = None
            if isinstance(node, ast.ClassDef) and node.name.endswith("Error"):
                for each in node.body:
                    target = each.targets[0] if isinstance(each, ast.Assign) else getattr(each, "target", None)
                    if isinstance(target, ast.Name) and target.id == "code":
                        value = each.value  # type: ignore[attr-defined]
            elif isinstance(node, ast.Call) and _name(node.func).endswith("Error"):
                value = next((keyword.value for keyword in node.keywords if keyword.arg == "code"), None)
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                codes.add(value.value)
    return codes


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def test_the_packages_import_only_what_they_may() -> None:
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_the_embedded_database_is_never_imported() -> None:
    for path, tree in _sources():
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "secantus" for name in names), path


def test_every_setting_is_documented_with_its_default() -> None:
    told = dict(re.findall(r"^\| `(DOSSIER_\w+)` \| (.*?) \|", (ROOT / "docs/operations.md").read_text("utf-8"), re.M))
    known = {}
    for name, setting in Settings.model_fields.items():
        default = getattr(setting.default, "get_secret_value", lambda plain=setting.default: plain)()
        known[f"DOSSIER_{name.upper()}"] = "" if default in ("", None) else f"`{default}`"

    assert told == known


def test_every_setting_that_a_document_names_exists() -> None:
    known = {f"DOSSIER_{name.upper()}" for name in Settings.model_fields}

    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        named = {name.rstrip("_") for name in re.findall(r"DOSSIER_[A-Z_]+", path.read_text("utf-8"))}
        assert {name for name in named if not name.startswith("DOSSIER_TEST")} <= known, path


def test_every_error_code_is_documented() -> None:
    told = set()
    for cell in re.findall(r"^\| (`.*?`) \|", (ROOT / "docs/errors.md").read_text("utf-8"), re.M):
        told |= set(re.findall(r"`([a-z-]+)`", cell))

    assert _error_codes() - told == set()
    # Written down where a scan fails, without an error class of its own.
    assert told - _error_codes() == {"reading-interrupted"}


def test_every_package_folder_of_the_tests_is_a_package() -> None:
    for folder in {path.parent for path in (ROOT / "tests").rglob("test_*.py")}:
        assert (folder / "__init__.py").exists(), folder
