# SPDX-License-Identifier: MIT
"""What an operator sees is the machine, not the process that happens to answer, and says in words what is wrong."""

import os
import signal

import pytest

from regions import calendar, round_the_clock, small
from servers import wait_until
from testbed import ROLES, Testbed


@pytest.fixture(scope="module")
def machine(release):
    """Two api processes and every role; each test leaves it as it was."""
    made = Testbed(release)
    try:
        made.configure(api_processes=2, database_directory=made.folder / "postgres", redis_directory="/nowhere")
        made.publisher.publish("amhp", calendar(round_the_clock()))
        yield made.start(small(made.publisher))
    finally:
        print(made.logs())
        made.close()


def figures(testbed):
    """Every figure of /metrics by its name and labels."""
    lines = testbed.get("/metrics", token=None).text.splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def ready(testbed):
    return testbed.get("/readyz", token=None).json


def wrong(testbed, *words):
    """The sentence of /readyz that has all of ${words}."""
    return next((sentence for sentence in ready(testbed)["wrong"] if all(word in sentence for word in words)), None)


def test_d40_every_process_is_seen_whichever_is_asked(machine):
    names = {("supervisor", 0), ("api", 1), *((role, 0) for role in ROLES)}

    def all_are_up():
        seen = ready(machine)
        return {(one["role"], one["instance"]) for one in seen["roles"] if one["up"]} == names and seen["wrong"] == []

    def all_are_counted():
        """The figures, if every process is up by them and has filed what is said of it. On a busy machine one may be late with its own."""
        seen = figures(machine)
        up = {name: value for name, value in seen.items() if name.startswith("crisiscover_role_up")}
        assert up.keys() == {f'crisiscover_role_up{{role="{role}",instance="{instance}"}}' for role, instance in names}
        is_one = [*up, 'crisiscover_redis_connections{role="flags",instance="0"}', 'crisiscover_database_connections{role="feeds",instance="0"}',
                  "crisiscover_ready", "crisiscover_keeper_up"]
        has_room = [f'crisiscover_disk_free_bytes{{disk="{disk}"}}' for disk in ("state", "data")]
        return seen if all(seen.get(name) == 1 for name in is_one) and all(seen.get(name, 0) > 0 for name in has_room) else None

    wait_until(all_are_up, 30, "all were up, and nothing was wrong")
    for _ in range(8):  # each on a connection of its own, so that both api processes are asked
        seen = wait_until(all_are_counted, 30, "all were up and counted")
        assert not any('disk="redis"' in name for name in seen), "what cannot be looked at is not known"
    seen = ready(machine)
    assert seen["database"]["connected"] and seen["redis"]["connected"] and seen["redis"]["reason"] is None
    wait_until(lambda: all(one["work_age_seconds"] is not None for one in ready(machine)["roles"] if one["role"] in ("api", "feeds", "coverage", "flags")),
               30, "each had done a step of its work")
    assert all(one["pid"] in [machine.server.pid, *machine.pids(one["role"])] for one in seen["roles"])


def test_d41_counters_never_go_backwards_whatever_is_killed(machine):
    def counters():
        return {name: value for name, value in figures(machine).items() if name.split("{")[0].endswith("_total")}

    def look(before):
        seen = counters()
        fell = {name: (value, seen.get(name)) for name, value in before.items() if seen.get(name, -1) < value}
        assert not fell, fell
        return seen

    before = look({})
    for _ in range(2):
        killed = machine.kill_role("api")
        machine.wait_role_back("api", killed)
        wait_until(lambda: len(machine.pids("api")) == 2 and machine.is_live(), 20, "both were back")
        for _ in range(6):
            before = look(before)
    for role in ("flags", "coverage"):
        machine.wait_role_back(role, machine.kill_role(role))
    wait_until(lambda: look(before)['crisiscover_role_starts_total{role="flags",instance="0"}'] >= 2, 20, "the second start was counted")
    wait_until(lambda: look(before)["crisiscover_roles_died_total"] >= 6, 20, "the deaths were counted")


def test_d42_a_process_that_is_stopped_or_dead_is_named(machine):
    [flags] = wait_until(lambda: machine.pids("flags"), 10, "flags ran")
    os.kill(flags, signal.SIGSTOP)
    try:
        wait_until(lambda: wrong(machine, "flags-0", "no sign of life"), 30, "it was missed")
        assert figures(machine)['crisiscover_role_up{role="flags",instance="0"}'] == 0
        assert figures(machine)['crisiscover_role_beat_age_seconds{role="flags",instance="0"}'] >= 5
        assert machine.get("/readyz", token=None).status == 200, "lookups are answered"
    finally:
        os.kill(flags, signal.SIGCONT)
    wait_until(lambda: not wrong(machine, "flags-0"), 30, "it was back")


def test_d43_why_redis_cannot_be_used_is_said(machine):
    """Redis is given a password that the server does not have, and lets nobody in without it."""
    client = machine.redis_client()
    client.config_set("requirepass", "another-one")
    client.execute_command("AUTH", "another-one")
    client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    try:
        sentence = wait_until(lambda: wrong(machine, "flags-0", "Redis", "NOAUTH"), 30, "the reason was said")
        assert "another-one" not in sentence
        assert "NOAUTH" in ready(machine)["redis"]["reason"] and not ready(machine)["redis"]["connected"]
        wait_until(lambda: "NOAUTH" in machine.server.log.read_text(), 10, "it was logged, too")
    finally:
        client.config_set("requirepass", "")
    wait_until(lambda: ready(machine)["redis"]["connected"], 30, "it was back")
    assert not wrong(machine, "Redis")


def test_d44_a_wrong_login_is_counted_over_both_processes(machine):
    name = 'crisiscover_logins_rejected_total{reason="token"}'
    before = figures(machine)[name]
    for _ in range(5):
        assert machine.get("/v1/me", token="cc_none").status == 401
    wait_until(lambda: figures(machine)[name] == before + 5, 10, "all were counted")
    body = {"name": "nobody", "password": "wrong password, wrong person"}
    assert machine.post("/v1/session", body, token=None).status in (401, 403)
    wait_until(lambda: figures(machine)['crisiscover_logins_rejected_total{reason="credential"}'] >= 1, 10, "that, too")


def test_d45_strangers_are_told_whether_and_not_what(machine):
    through_a_proxy = {"X-Forwarded-For": "203.0.113.9"}
    answer = machine.get("/readyz", token=None, headers=through_a_proxy)
    assert answer.status == 200 and answer.json["ready"] is True
    assert not {"wrong", "roles", "database", "disks", "rejected_logins"} & set(answer.json)
    assert "roles" in machine.get("/readyz", headers=through_a_proxy).json, "an administrator is told"
    assert machine.get("/readyz", token="cc_none", headers=through_a_proxy).status == 401


def test_d46_with_the_database_down_the_reason_is_said_and_figures_go_on(machine):
    machine.postgres.stop()
    try:
        for role in ("api-0", "api-1", "feeds-0", "coverage-0", "flags-0"):
            wait_until(lambda role=role: wrong(machine, f"{role} has lost the database"), 40, f"{role} said so")
        assert "is not known yet" not in wrong(machine, "api-0 has lost the database")
        wait_until(lambda: wrong(machine, "api-1 answers from a map"), 40, "the age was said")
        seen = ready(machine)
        assert seen["ready"] and not seen["database"]["connected"] and seen["database"]["reason"]
        assert figures(machine)['crisiscover_database_connections{role="coverage",instance="0"}'] == 0
        assert figures(machine)["crisiscover_snapshot_age_seconds"] > 10
    finally:
        machine.postgres.start()
    wait_until(lambda: ready(machine)["wrong"] == [], 60, "all was well again")
