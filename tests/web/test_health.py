"""What supervisors and load balancers are told."""

from dataclasses import replace

from flask.testing import FlaskClient

from archive.bootstrap import Archive
from archive.running.health import Health


class _DatabaseGone:
    """Health as it is while the database does not answer."""

    def check(self) -> Health:
        return replace(Health(True, True, True, True), database=False)


def test_the_process_is_alive_whatever_its_parts_do(stranger: FlaskClient) -> None:
    assert stranger.get("/healthz").json == {"status": "alive"}


def test_a_ready_system_names_its_parts(stranger: FlaskClient) -> None:
    answer = stranger.get("/readyz")

    assert answer.status_code == 200
    assert answer.json["status"] == "ready"
    assert answer.json["database"] is True


def test_without_the_database_nothing_is_ready(archive: Archive, stranger: FlaskClient) -> None:
    archive.health = _DatabaseGone()  # type: ignore[assignment]

    answer = stranger.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["database"] is False
