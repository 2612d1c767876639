# SPDX-License-Identifier: MIT
"""The pages of docs/users: each is tried by following it against the demo, as the account that it names; and none names a command or an option that is not."""

import re
import subprocess

import pytest

from servers import wait_until
from test_g_ground import start_demo
from test_q_objects import DOCS, as_owner, commands, token_of

PAGES = sorted(path.name for path in (DOCS / "users").glob("*.md") if path.name != "README.md")


def every_line(page):
    blocks = re.findall(r"^```(?:sh)?\n(.*?)^```$", (DOCS / "users" / page).read_text(encoding="utf-8"), re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.startswith("crisiscover ")]


def test_z80_the_pages_of_each_user_name_commands_and_options_that_are(release):
    assert len(PAGES) == 8, PAGES
    helps = {}
    for line in (line for page in PAGES for line in every_line(page)):
        command, said = line.split()[1], line.split(" > ")[0]
        if command not in helps:
            done = subprocess.run([str(release.client), "help", command], capture_output=True, text=True, check=False)
            assert done.returncode == 0, line
            helps[command] = done.stdout
        for option in re.findall(r"(?<= )--[a-z-]+", said):
            assert re.search(rf"{option}\b", helps[command]), f"{line}: {option} is not in {helps[command]}"


def account_of(testbed, page):
    account = re.search(r"^Account in the demo: `([a-z0-9-]+)`", (DOCS / "users" / page).read_text(encoding="utf-8"), re.M)[1]
    return testbed.token if account == "administrator" else token_of(testbed, account)


@pytest.mark.long
def test_z81_each_is_tried_by_following_it_against_the_demo(testbed):
    start_demo(testbed)
    wait_until(lambda: testbed.now("ZED01", "liaison")["on_call"] is not None, 60, "the demo is there")
    for page in PAGES:
        token = account_of(testbed, page)
        for line in commands(f"users/{page}"):
            as_owner(testbed, token, line)
    # The administrator's copy of the set-up has names and numbers, as it must.
    (testbed.folder / "region.json").unlink()
