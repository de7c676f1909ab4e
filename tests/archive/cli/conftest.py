"""Commands run on an empty archive of the test's own."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from archive.cli import main
from archive.running.supervisor import child_environment
from archive.settings import Settings

Dossier = Callable[..., Result]


@pytest.fixture
def dossier(settings: Settings) -> Dossier:
    """Return a function that runs ``dossier`` with these arguments on the test's archive."""
    own = {name: value for name, value in child_environment(settings).items() if name.startswith("DOSSIER_")}

    def run(*arguments: str) -> Result:
        return CliRunner(env=own).invoke(main, list(arguments), catch_exceptions=False)

    return run
