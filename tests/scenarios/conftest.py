# SPDX-License-Identifier: MIT
"""The fixtures of scenarios: a release once, a testbed for each test, a browser for those that ask."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from testbed import TOP, Testbed, Release, browser as open_browser  # noqa: E402
from pages_tools import build  # noqa: E402
from screen import Screen  # noqa: E402
from servers import new_folder, remove, slowness  # noqa: E402

SECONDS_FOR_A_TEST = 150


def pytest_configure(config):
    config.addinivalue_line("markers", "holds(*rows): the rows of tests/assurance.yaml that a test holds")
    config.addinivalue_line("markers", "fault: a plug is pulled for long, under load: tests/run faults has it, no other part")
    config.addinivalue_line("markers", "security: a wider form of what strangers try: tests/run security has it, no other part")
    config.addinivalue_line("markers", "attack: set by itself on what holds an attack of tests/assurance.yaml")
    config.addinivalue_line("markers", "long: a wider form of what another scenario has: tests/run leaves it out, tests/run long has it")


def pytest_collection_modifyitems(items):
    for item in items:
        if any(row.startswith("A") for mark in item.iter_markers("holds") for row in mark.args):
            item.add_marker("attack")


@pytest.fixture(scope="session")
def release():
    made = Release(Path(os.environ.get("CRISISCOVER_BUILD", TOP / "build" / "dev")))
    try:
        made.make_template()
        yield made
    finally:
        made.remove()


@pytest.fixture
def testbed(release, request):
    """An empty testbed: PostgreSQL (migrated), Redis and a publisher run; the server does not yet."""
    made = Testbed(release)
    try:
        yield made
    finally:
        report = getattr(request.node, "failed_report", None)
        if report is not None or sys.exc_info()[0] is not None:
            print(made.logs())
        made.close()


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of pages; each begins by opening an address of its own testbed."""
    opened = open_browser()
    try:
        yield opened
    finally:
        opened.quit()


@pytest.fixture
def screen(browser, testbed):
    """The screen of a person, who sees and acts; the browser's console is clean at the end."""
    made = Screen(browser, testbed)
    yield made
    complaints = made.complaints()
    made.close()
    assert complaints == [], "the browser's console is clean"


@pytest.fixture(scope="session")
def components():
    """The pages with the one that shows every component in every state, as web_directory of a testbed."""
    folder = new_folder("components", "/tmp")  # other users read it
    try:
        build(folder, "--components")
        yield folder
    finally:
        remove(folder)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.failed and call.when == "call":
        item.failed_report = report


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    """A test that hangs is ended, and its testbed taken down, by an exception in it."""

    began = time.monotonic()

    def too_long(*_):
        if time.monotonic() - began < SECONDS_FOR_A_TEST * slowness():
            signal.alarm(SECONDS_FOR_A_TEST // 5)
            return
        raise TimeoutError(f"{item.name} took longer than {time.monotonic() - began:.0f} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(SECONDS_FOR_A_TEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
