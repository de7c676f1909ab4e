"""Users, search, index and doctor from the command line."""

import json
import re

import pytest

from archive.access import SYSTEM
from archive.bootstrap import open_archive
from archive.settings import Settings
from tests.archive.cli.conftest import Dossier

pytestmark = pytest.mark.integration


@pytest.fixture
def customers(settings: Settings) -> None:
    """Put two customers into the archive and its index."""
    with open_archive(settings) as archive:
        archive.accounts.ensure_unit()
        for name, mobile in (("夏艳辰", "13800138000"), ("Jane Miller", "13900139000")):
            fields = {"name": name, "mobile": mobile}
            archive.dossiers.create(SYSTEM, type="person", unit="main", fields=fields, tags=["vip"])
        archive.indexer.index_pending()


def test_a_search_prints_what_programs_build_on(dossier: Dossier, customers: None) -> None:
    result = dossier("search", "艳辰", "--json")

    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert set(found) == {"query", "total", "took_ms", "hits", "facets"}
    assert (found["query"], found["total"]) == ("艳辰", 1)
    (hit,) = found["hits"]
    assert set(hit) == {"dossier", "code", "title", "score", "snippets", "pages"}
    assert hit["title"] == "夏艳辰"
    snippet = hit["snippets"][0]
    assert [snippet["text"][start:end] for start, end in snippet["spans"]] == ["艳辰"]
    assert found["facets"]["tag"] == {"vip": 1}


def test_a_search_is_narrowed_and_limited(dossier: Dossier, customers: None) -> None:
    assert json.loads(dossier("search", "", "--filter", "tag=none", "--json").stdout)["total"] == 0

    found = json.loads(dossier("search", "", "--filter", "type=person", "--limit", "1", "--json").stdout)
    assert (found["total"], len(found["hits"])) == (2, 1)


def test_a_search_for_people_names_code_and_title(dossier: Dossier, customers: None) -> None:
    result = dossier("search", "miller")

    assert re.match(r"\S+  Jane Miller\n", result.stdout)
    assert "1 found, 1 shown" in result.stderr


def test_a_filter_that_is_none_is_wrong_use(dossier: Dossier) -> None:
    assert dossier("search", "x", "--filter", "tag").exit_code == 2


def test_a_search_as_a_user_sees_what_the_user_may_see(dossier: Dossier, settings: Settings, customers: None) -> None:
    with open_archive(settings) as archive:
        archive.accounts.create_unit(SYSTEM, "east", "华东", "East")
    assert dossier("user", "add", "mei", "--role", "viewer", "--unit", "east").exit_code == 0
    assert dossier("user", "add", "kai", "--role", "viewer", "--unit", "main").exit_code == 0

    assert json.loads(dossier("search", "夏艳辰", "--as", "mei", "--json").stdout)["total"] == 0
    # Nor does a hidden number find anything for who may not see it.
    assert json.loads(dossier("search", "13800138000", "--as", "kai", "--json").stdout)["total"] == 0
    assert json.loads(dossier("search", "夏艳辰", "--as", "kai", "--json").stdout)["total"] == 1
    assert dossier("search", "x", "--as", "nobody").exit_code == 1


def test_a_user_is_added_with_a_link_that_works_once(dossier: Dossier, settings: Settings) -> None:
    result = dossier("user", "add", "li.wei", "--name", "李伟", "--role", "clerk", "--role", "viewer")

    assert result.exit_code == 0
    token = result.stdout.strip().rsplit("/", 1)[1]
    assert re.fullmatch(r"http://\S+/password/\S+\n", result.stdout)
    with open_archive(settings) as archive:
        archive.accounts.redeem(token, "long enough a secret")
        assert archive.accounts.authenticate("li.wei", "long enough a secret").name == "李伟"
        assert archive.accounts.token_owner(token) is None
    assert dossier("user", "list").stdout == "li.wei\t李伟\tclerk,viewer\tmain\tactive\n"


def test_a_user_is_reset_and_disabled_and_let_in_again(dossier: Dossier, settings: Settings) -> None:
    dossier("user", "add", "mei", "--role", "viewer")

    link = dossier("user", "reset", "mei").stdout.strip()
    with open_archive(settings) as archive:
        assert archive.accounts.token_owner(link.rsplit("/", 1)[1]) is not None
    assert "waits for a password" in dossier("user", "list").stdout
    assert dossier("user", "disable", "mei").exit_code == 0
    assert dossier("user", "list").stdout.endswith("\tdisabled\n")
    assert dossier("search", "x", "--as", "mei").exit_code == 1
    assert dossier("user", "disable", "--undo", "mei").exit_code == 0
    assert dossier("user", "list").stdout.endswith("\twaits for a password\n")


def test_a_user_twice_is_an_error_with_a_message(dossier: Dossier) -> None:
    assert dossier("user", "add", "mei", "--role", "viewer").exit_code == 0

    again = dossier("user", "add", "mei", "--role", "viewer")

    assert again.exit_code == 1
    assert again.stderr.startswith("dossier: There is a user of this name already")


def test_the_index_is_built_anew_and_found_whole(dossier: Dossier, customers: None) -> None:
    assert dossier("reindex").stderr == "2 dossiers indexed.\n"

    verified = dossier("verify")

    assert verified.exit_code == 0
    assert "index: 2 dossiers; 0 missing, 0 stale, 0 surplus; 0 mended" in verified.stdout
    assert "whole" in verified.stdout


def test_what_the_index_lacks_is_told_and_mended(dossier: Dossier, settings: Settings) -> None:
    with open_archive(settings) as archive:
        archive.accounts.ensure_unit()
        archive.dossiers.create(SYSTEM, type="person", unit="main", fields={"name": "新客户"})

    assert dossier("verify", "--no-repair").exit_code == 1
    assert "1 missing" in dossier("verify").stdout
    assert dossier("verify", "--no-repair").exit_code == 0


def test_the_doctor_warns_of_a_secret_that_can_be_guessed(
    dossier: Dossier, customers: None, settings: Settings
) -> None:
    assert len(settings.secret_key.get_secret_value()) < 32

    result = dossier("doctor")

    assert result.exit_code == 0
    assert "warning  settings: DOSSIER_SECRET_KEY is short" in result.stdout


def test_the_doctor_finds_the_parts_well(dossier: Dossier, customers: None) -> None:
    result = dossier("doctor")

    assert result.exit_code == 0, result.output
    told = {line.split()[1].rstrip(":") for line in result.stdout.splitlines()}
    assert told >= {"program", "reader", "disk", "database", "index", "queue", "dossiers"}
