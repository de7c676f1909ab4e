"""``dossier user ...``: accounts from the command line, for those who have the machine."""

import click

from archive.access import SYSTEM, Role
from archive.cli.opening import opened_archive, public_address


@click.group("user")
def user_commands() -> None:
    """Add, list, reset and disable users.

    Nobody's password is typed or shown here: a link, valid once and for seven days, lets the user set one.
    """


@user_commands.command("add")
@click.argument("username")
@click.option("--name", default="", help="What others see; by default the user name.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="May be given again.",
)
@click.option(
    "--unit", "units", multiple=True, help="Unit in which the roles count; may be given again. By default the first."
)
@click.option("--locale", type=click.Choice(["zh_CN", "en"]), help="Language of the user's pages.")
def add_command(username: str, name: str, roles: tuple[str, ...], units: tuple[str, ...], locale: str | None) -> None:
    """Add a user and print the link with which the user sets a password."""
    with opened_archive() as archive:
        wanted = frozenset(units) or frozenset({archive.accounts.ensure_unit()})
        _, token = archive.accounts.create_user(
            SYSTEM, username, name, frozenset(Role(role) for role in roles), wanted, locale
        )
        click.echo(f"{public_address(archive.settings)}/password/{token}")


@user_commands.command("list")
def list_command() -> None:
    """Print all users: name, roles, units, state."""
    with opened_archive() as archive:
        for account in archive.accounts.users(SYSTEM):
            state = "waits for a password" if account.waits_for_password else "active"
            click.echo(
                "\t".join(
                    (
                        account.username,
                        account.name,
                        ",".join(sorted(account.roles)),
                        ",".join(sorted(account.units)),
                        state if account.active else "disabled",
                    )
                )
            )


@user_commands.command("reset")
@click.argument("username")
def reset_command(username: str) -> None:
    """End a user's password and print the link with which the user sets another."""
    with opened_archive() as archive:
        account = archive.accounts.account_named(username)
        token = archive.accounts.reset_password(SYSTEM, account.user_id)
        click.echo(f"{public_address(archive.settings)}/password/{token}")


@user_commands.command("disable")
@click.argument("username")
@click.option("--undo", is_flag=True, help="Let the user in again.")
def disable_command(username: str, undo: bool) -> None:
    """Keep a user out from now on; what the user did stays in the records."""
    with opened_archive() as archive:
        account = archive.accounts.account_named(username)
        archive.accounts.update_user(
            SYSTEM, account.user_id, name=account.name, roles=account.roles, units=account.units, active=undo
        )
    click.echo(f"{account.username} is {'active' if undo else 'disabled'}.", err=True)
