# SPDX-License-Identifier: MIT
"""A process that neither works nor ends is found, ended and started again; processes are replaced, and nobody goes without an answer."""

import http.client
import json
import os
import resource
import signal
import threading
import time

import psycopg2
import pytest

from regions import HOUR, calendar, now, rfc3339, round_the_clock, small
from servers import wait_until
from testbed import ROLES

HUNG_SECONDS = 4  # the deadline, for these tests


@pytest.fixture
def running(testbed):
    testbed.configure(hung_seconds=HUNG_SECONDS, api_processes=2)
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    return testbed


def lines(testbed, event):
    """What was logged of ${event} so far, a dictionary a line."""
    text = testbed.server.log.read_text(errors="replace").splitlines()
    return [json.loads(line) for line in text if line.startswith("{") and f'"event":"{event}"' in line]


def stop_and_await_others(testbed, *wanted):
    """Stops the first process of each role in ${wanted}. Answers their pids by role, once each has been ended and another has its place."""
    before = {role: wait_until(lambda role=role: testbed.pids(role), 15, f"{role} ran") for role in wanted}
    stopped = {role: pids[0] for role, pids in before.items()}
    for pid in stopped.values():
        os.kill(pid, signal.SIGSTOP)
    for role, pid in stopped.items():
        wait_until(lambda role=role, pid=pid: pid not in testbed.pids(role), 40, f"the {role} that was stopped had been ended")
        wait_until(lambda role=role: len(testbed.pids(role)) == len(before[role]), 40, f"another {role} had its place")
    return stopped


@pytest.mark.holds("F15")
def test_h01_each_role_that_is_stopped_is_ended_with_its_stack_and_starts_again(running):
    testbed = running
    stopped = stop_and_await_others(testbed, *ROLES)
    hung = {line["pid"]: line for line in lines(testbed, "role_hung")}
    ended = {line["pid"]: line for line in lines(testbed, "role_ended")}
    for role, pid in stopped.items():
        assert hung[pid]["role"] == role and hung[pid]["seconds"] >= HUNG_SECONDS, hung[pid]
        assert "does not turn" in hung[pid]["reason"], hung[pid]
        assert ended[pid]["signal"] in (signal.SIGABRT, signal.SIGKILL), ended[pid]
    stacks = lines(testbed, "stack")
    assert {line["role"] for line in stacks} == set(ROLES), "each said where it was"
    assert all(line["frames"] for line in stacks)
    testbed.wait_ready()


@pytest.mark.holds("F15")
def test_h02_while_the_supervisor_itself_is_stopped_nobody_is_hung(running):
    testbed = running
    before = testbed.pids()
    everybody = [testbed.server.pid, *(pid for pids in before.values() for pid in pids)]
    for pid in everybody:
        os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    wait_until(lambda: time.monotonic() > began + HUNG_SECONDS + 1, 60, "the deadline was over")
    for pid in everybody:
        os.kill(pid, signal.SIGCONT)
    # The supervisor looks again: it finds one that is hung since, and no other.
    stopped = stop_and_await_others(testbed, "flags")["flags"]
    assert [line["pid"] for line in lines(testbed, "role_hung")] == [stopped]
    assert {role: pids for role, pids in testbed.pids().items() if role != "flags"} == {role: pids for role, pids in before.items() if role != "flags"}


@pytest.mark.holds("F15")
def test_h15_a_role_that_hangs_in_its_start_is_found_before_its_start_could_be_slow(testbed):
    testbed.configure(hung_seconds=HUNG_SECONDS, api_processes=1)
    testbed.start(small(testbed.publisher))
    # It reads the last-good file first, and nobody writes into this one.
    kept = testbed.folder / "state" / "last-good"
    wait_until(kept.exists, 20, "it had a last-good file")
    first, = testbed.pids("api")
    kept.unlink()
    os.mkfifo(kept)
    os.chmod(kept, 0o666)
    os.kill(first, signal.SIGKILL)
    hung = wait_until(lambda: [line for line in lines(testbed, "role_hung") if line["pid"] != first], 40, "another had come, and was found")[0]
    assert hung["role"] == "api" and "has not begun" in hung["reason"], hung
    assert HUNG_SECONDS <= hung["seconds"] < 3 * HUNG_SECONDS, hung
    kept.unlink()
    testbed.wait_ready()


# ------------------------------------------------------------------------------------------------------------------ restarts


class Clients:
    """Some who ask without a pause, each in turn over a connection that stays and over new ones; whatever is no answer is kept in ${failed}."""

    def __init__(self, testbed, count=4):
        self.testbed, self.answered, self.failed, self._stop = testbed, 0, [], threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number % 2 == 0,), daemon=True) for number in range(count)]
        for thread in self._threads:
            thread.start()

    def _ask(self, stays):
        over = self.testbed.connection(60) if stays else None
        while not self._stop.is_set():
            try:
                answer = self.testbed.get("/v1/now?place=ZED01", seconds=60, over=over)
                assert answer.status == 200, answer
                self.answered += 1
            except (OSError, AssertionError, http.client.HTTPException) as fault:
                self.failed.append(repr(fault))
                over = self.testbed.connection(60) if stays else None

    def end(self):
        self._stop.set()
        for thread in self._threads:
            thread.join(90)
        return self.failed


def replaced(testbed, before):
    """Whether other processes run in every place, and all of those before have ended."""
    now = testbed.pids()
    return {role: len(pids) for role, pids in now.items()} == {role: len(pids) for role, pids in before.items()} and not any(
        set(now[role]) & set(before[role]) for role in before)


@pytest.fixture
def two(testbed):
    testbed.configure(api_processes=2)
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: len(testbed.pids("api")) == 2, 15, "there were two")
    return testbed


@pytest.mark.holds("F15", "H09.4")
def test_h03_with_an_api_stopped_new_connections_are_answered_by_the_other(two):
    testbed = two
    stopped = testbed.pids("api")[0]
    os.kill(stopped, signal.SIGSTOP)
    try:
        # It is not ended within a minute (hung_seconds): who came to it would wait in vain.
        for _ in range(60):
            assert testbed.get("/v1/now?place=ZED01", seconds=20).status == 200
    finally:
        os.kill(stopped, signal.SIGCONT)


@pytest.mark.holds("F16", "H09.4")
def test_h04_sighup_replaces_every_process_and_no_request_fails(two):
    testbed = two
    clients, before = Clients(testbed), testbed.pids()
    wait_until(lambda: clients.answered > 20, 30, "they were being answered")
    testbed.configure(listeners=0)
    os.kill(testbed.server.pid, signal.SIGHUP)
    wait_until(lambda: replaced(testbed, before), 60, "all had been replaced")
    answered = clients.answered
    wait_until(lambda: clients.answered > answered + 20, 30, "they were answered afterwards")
    assert clients.end() == []
    assert testbed.server.alive
    assert testbed.get("/v1/events?place=ZED01").status == 503, "by the new settings nobody may listen"
    wait_until(lambda: len(lines(testbed, "keeper")) >= 2, 15, "another process kept the files of the machine")


def test_h05_settings_that_are_refused_change_nothing(two):
    testbed = two
    before = testbed.pids()
    testbed.configure(listen_port="none")
    os.kill(testbed.server.pid, signal.SIGHUP)
    wait_until(lambda: lines(testbed, "not_renewed"), 15, "that was said")
    assert "listen_port" in testbed.server.log.read_text()
    assert testbed.pids() == before and testbed.is_live()


@pytest.mark.holds("F16")
def test_h06_a_second_serve_on_one_state_directory_is_refused_in_words(two):
    testbed = two
    second = testbed.daemon("serve", check=False)
    assert second.returncode == 1
    assert f"in use by another crisiscoverd serve, process {testbed.server.pid}." in second.stderr, second.stderr
    assert testbed.is_live()


@pytest.mark.holds("F16", "H09.4")
def test_h07_sigterm_answers_what_was_asked_before_it_ends(two):
    testbed = two
    holder = psycopg2.connect(testbed.postgres.conninfo("crisiscover") + " options='-c search_path=crisiscover'")
    with holder.cursor() as cursor:
        cursor.execute("lock table feed in access exclusive mode")
    answers = []
    asking = threading.Thread(target=lambda: answers.append(testbed.post("/v1/feeds/fenmere-amhp-duty/refresh", seconds=60)))
    asking.start()
    wait_until(lambda: testbed.sql("select 1 from pg_locks where not granted and relation = 'feed'::regclass"), 15, "the write waited for the table")
    os.kill(testbed.server.pid, signal.SIGTERM)
    wait_until(lambda: lines(testbed, "draining"), 15, "it was ending")
    holder.rollback()
    holder.close()
    asking.join(60)
    # The database may give the statement up meanwhile, on a busy machine: that is answered, too.
    assert [answer.status for answer in answers] in ([200], [202], [503]), answers
    wait_until(lambda: lines(testbed, "server_ended"), 30, "it ended")
    assert {line["cut_off"] for line in lines(testbed, "drained")} == {0}


@pytest.mark.holds("F16")
def test_h08_with_another_schema_an_api_answers_from_what_it_has(two):
    testbed = two
    wait_until(lambda: (testbed.folder / "state" / "last-good").exists(), 15, "there was a last-good file")
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    testbed.stop()
    testbed.sql("alter table map_head rename to map_head_of_another_version")
    testbed.start()
    wait_until(lambda: lines(testbed, "schema_differs"), 30, "that was said")
    assert "crisiscoverd migrate" in lines(testbed, "schema_differs")[0]["fix"]
    answer = wait_until(lambda: (lambda found: found if found.status == 200 else None)(testbed.get("/v1/now?place=ZED01")), 30, "it answered").json
    assert answer["map"]["confidence"] == "last_good"
    before = testbed.pids("api")
    testbed.sql("alter table map_head_of_another_version rename to map_head")
    wait_until(lambda: testbed.get("/v1/now?place=ZED01").json["map"]["confidence"] == "live", 30, "the map was live again")
    assert testbed.pids("api") == before


def generations(testbed):
    """The two last-good files, as they are."""
    return [(testbed.folder / "state" / name).read_bytes() for name in ("last-good", "last-good.before")]


def start_without_room(testbed):
    """Starts the server so that none of its files grows over 16 bytes: neither its log nor what is in the state directory. To a process that is as a
    disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, before[1]))
    try:
        testbed.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.holds("F10", "F11", "H09.1")
def test_h09_with_no_room_for_its_files_the_server_answers_and_loses_neither_last_good_file(two):
    testbed = two
    state = testbed.folder / "state"
    wait_until(lambda: (state / "last-good").exists(), 15, "there was a last-good file")
    testbed.stop()
    testbed.start()
    wait_until(lambda: (state / "last-good.before").exists(), 15, "there were two")
    testbed.stop()
    kept = generations(testbed)
    start_without_room(testbed)
    wait_until(lambda: testbed.get("/v1/now?place=ZED01").json["map"]["confidence"] == "live", 15, "the map was live")
    before = testbed.pids()
    made = testbed.post("/v1/overrides", {"rota": "fenmere-amhp-duty", "person": "sam-ahmed", "start": rfc3339(now()), "end": rfc3339(now() + HOUR),
                                          "confirm": True})
    assert made.status in (200, 201), made
    wait_until(lambda: "Sam Ahmed" in [one["name"] for one in testbed.now()["on_call"]], 10, "the override counted")
    assert testbed.pids() == before, "nobody ended"
    log = testbed.server.log
    testbed.stop()
    assert log.stat().st_size <= 16, "the limit was in force"
    assert generations(testbed) == kept
    # With room again it starts from the state of before, and takes up what was decided meanwhile.
    testbed.start()
    wait_until(lambda: "Sam Ahmed" in [one["name"] for one in testbed.now()["on_call"]], 15, "the override counted still")
    wait_until(lambda: generations(testbed)[0] not in kept, 15, "there was a new one")
    assert generations(testbed)[1] == kept[0], "the one before is the newest of that time: nobody was erased meanwhile"
