"""People who log in: made on the command line, with a password set by the link that it prints."""

import re

from playwright.sync_api import Browser

from tests.journeys.running import RunningSystem

PASSWORD = "correct horse battery"


def add_user(system: RunningSystem, browser: Browser, username: str, role: str, name: str, *options: str) -> None:
    """Make a user of that role whose password is ``PASSWORD``; the options are further ones of ``dossier user add``."""
    told = system.command("user", "add", username, "--role", role, "--name", name, *options)
    assert told.returncode == 0, told.stderr
    link = re.search(r"https?://\S+", told.stdout)
    assert link, told.stdout
    page = browser.new_page()
    page.goto(link.group())
    for field in page.locator("main input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Set password and log in").click()
    page.wait_for_url(lambda url: "/password/" not in url)
    page.context.close()
