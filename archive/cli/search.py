"""``dossier search``."""

import json
from typing import TYPE_CHECKING, Any

import click

from archive.cli.opening import opened_archive

if TYPE_CHECKING:
    from archive.finding.found import Found, FoundDossier


@click.command("search")
@click.argument("query")
@click.option(
    "--filter", "filters", multiple=True, metavar="KEY=VALUE", help="Narrow by a facet: type, unit, tag, state, year."
)
@click.option("--as", "username", metavar="USER", help="Search with this user's rights; by default everything is seen.")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="Most hits shown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: total, hits, snippets, pages, facets.")
def search_command(query: str, filters: tuple[str, ...], username: str | None, limit: int, as_json: bool) -> None:
    """Find dossiers by a name, part of a number, or any word on a page.

    An empty QUERY ("") lists all, latest first.
    """
    chosen: dict[str, tuple[str, ...]] = {}
    for each in filters:
        key, sign, value = each.partition("=")
        if not sign or not key:
            raise click.BadParameter(f"{each!r} is not KEY=VALUE.", param_hint="--filter")
        chosen[key] = (*chosen.get(key, ()), value)
    with opened_archive() as archive:
        from archive.access import SYSTEM
        from archive.errors import AccessDeniedError
        from archive.finding.found import LookupQuery

        actor = SYSTEM
        if username is not None:
            account = archive.accounts.account_named(username)
            if not account.active:
                raise AccessDeniedError("see")
            actor = account.actor()
        asked = LookupQuery(
            text=query, filters=chosen, limit=limit, sort="relevance" if query.strip() else "changed_at"
        )
        found = archive.lookup.find(actor, asked)
        archive.lookup.record_search(actor, asked, found.total)
    if as_json:
        click.echo(json.dumps(_to_json(query, found), ensure_ascii=False))
    else:
        _print(found)


def _to_json(query: str, found: "Found") -> dict[str, Any]:
    return {
        "query": query,
        "total": found.total,
        "took_ms": found.took_ms,
        "hits": [_hit_to_json(hit) for hit in found.hits],
        "facets": {key: {bucket.value: bucket.count for bucket in buckets} for key, buckets in found.facets.items()},
    }


def _hit_to_json(hit: "FoundDossier") -> dict[str, Any]:
    dossier = hit.summary.dossier
    return {
        "dossier": dossier.id,
        "code": dossier.code,
        "title": dossier.title,
        "score": hit.score,
        "snippets": [{"key": each.key, "text": each.text, "spans": each.spans} for each in hit.snippets],
        "pages": [{"scan": page.scan_id, "number": page.number, "boxes": page.boxes} for page in hit.pages],
    }


def _print(found: "Found") -> None:
    for hit in found.hits:
        dossier = hit.summary.dossier
        click.echo(f"{dossier.code}  {dossier.title}")
        for snippet in hit.snippets:
            click.echo(f"    {snippet.label_en}: {snippet.text}")
    click.echo(f"{found.total} found, {len(found.hits)} shown, {found.took_ms:.0f} ms.", err=True)
    if found.degraded:
        click.echo("The index does not answer: only exact codes, names and numbers were looked up.", err=True)
