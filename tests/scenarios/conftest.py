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
    config.addinivalue_line("markers", "journey: records what a journey costs (journeys.py): tests/bench pages makes it several times")
    config.addinivalue_line("markers", "attack: set by itself on what holds an attack of tests/assurance.yaml")
    config.addinivalue_line("markers", "long: a wider form of what another scenario has: tests/run leaves it out, tests/run long has it")


# Whose tests share a testbed, or another fixture of the module: each of these files is run by one worker. The longest first.
SHARING = ("test_p_pages.py", "test_p_door.py", "test_p_built.py", "test_f_hostile_feeds.py", "test_g_users.py", "test_k_killed.py",
           "test_b_happy.py", "test_g_alarms.py", "test_d_machine.py", "test_w_writes.py", "test_g_backup.py", "test_g_hardened.py")
# What takes longer than 15 s begins soon: a worker that began it last would be waited for.
LONGEST = ("test_m07_", "test_v03_", "test_q60_", "test_q04_", "test_q82_", "test_s01_", "test_g04_", "test_d01_", "test_f16_", "test_g02_", "test_e02_", "test_d20_")


def file_of(nodeid):
    return nodeid.split("::")[0].rsplit("/", 1)[-1]


def turn(item):
    """When a test begins: files that are run as one, then what is long, then all else as it was collected."""
    if file_of(item.nodeid) in SHARING:
        return SHARING.index(file_of(item.nodeid))
    return len(SHARING) + (0 if item.name.startswith(LONGEST) else 1)


def pytest_collection_modifyitems(items):
    for item in items:
        if any(row.startswith("A") for mark in item.iter_markers("holds") for row in mark.args):
            item.add_marker("attack")
    items.sort(key=turn)


def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        """Of SHARING a file at a time, of all else a test."""

        def _split_scope(self, nodeid):
            return file_of(nodeid) if file_of(nodeid) in SHARING else nodeid

    return ByFile(config, log)


@pytest.fixture(scope="session")
def release():
    made = Release(Path(os.environ.get("CRISISCOVER_BUILD", TOP / "build" / "dev")))
    try:
        made.make_template()
        yield made
    finally:
        made.remove()


def closed(made, failed):
    """Ends a testbed. If something failed in it, its logs are said, and nothing more is asked of it."""
    if failed:
        print(made.logs())
        made.take_down()
    else:
        made.close()


@pytest.fixture
def testbed(release, request):
    """An empty testbed: PostgreSQL (migrated), Redis and a publisher run; the server does not yet."""
    made = Testbed(release)
    try:
        yield made
    finally:
        closed(made, hasattr(request.node, "failed_report") or sys.exc_info()[0] is not None)


@pytest.fixture(scope="module")
def shelf():
    """The testbeds that tests of a module share, by what made them."""
    kept = {}
    try:
        yield kept
    finally:
        for made in kept.values():
            made.close()


@pytest.fixture
def share(release, shelf, request):
    """share(prepare): a testbed that ${prepare} was given, one for all tests of the module that ask for it. Such a test leaves it as it was, but for what
    the others do not see (tokens, rows of the audit). It is searched after each of them; after one that failed, the next has a new one."""
    used = None

    def take(prepare):
        nonlocal used
        used = prepare
        if prepare not in shelf:
            made = Testbed(release)
            try:
                prepare(made)
            except BaseException:
                closed(made, True)
                raise
            shelf[prepare] = made
        request.node.shared_testbed = shelf[prepare]
        return shelf[prepare]

    failed = True
    try:
        yield take
        failed = hasattr(request.node, "failed_report")
        if used is not None and not failed:
            failed = True
            shelf[used].check()
            failed = False
    finally:
        if used in shelf and failed:
            closed(shelf.pop(used), True)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of pages; each begins by opening an address of its own testbed."""
    opened = open_browser()
    try:
        yield opened
    finally:
        opened.quit()


@pytest.fixture
def screen(browser, request):
    """The screen of a person, who sees and acts; the browser's console is clean at the end. A testbed that is shared comes before it among the arguments."""
    made = Screen(browser, getattr(request.node, "shared_testbed", None) or request.getfixturevalue("testbed"))
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
