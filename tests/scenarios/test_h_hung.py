# SPDX-License-Identifier: MIT
"""A process that neither works nor ends is found, ended and started again; what is merely slow is not."""

import json
import os
import signal
import time

import pytest

from regions import calendar, round_the_clock, small
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
