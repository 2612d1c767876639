# SPDX-License-Identifier: MIT
"""Each alarm of deploy/alerts.yml is raised by breaking what it is about, has a heading in docs/runbook.md, and asks for figures that there are. Waiting times are
those of the file where the thing is broken for long enough; ages are counted ten times as fast, so that no test waits for minutes."""

import json
import os
import re
import shutil
import signal
import subprocess
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest

from alarms import alarms, evaluate, names_in, scraped
from regions import LONDON, calendar, now, round_the_clock, small
from servers import Process, new_folder, remove, wait_until
from testbed import TOP, Testbed, free_port

AGES_TIMES = 10
AGE = re.compile(r"crisiscover_(canary_age|role_done_age|snapshot_age|last_good_waiting|self_check_age|flags_unpublished_oldest|archive_age)_seconds")
ROTA = "fenmere-amhp-duty"


class Watched:
    """A testbed whose figures are scraped, and what was scraped of it so far."""

    def __init__(self, testbed):
        self.testbed, self.names, self.raised_once, self.first = testbed, {"up"}, set(), {}

    def scrape(self):
        try:
            text = self.testbed.get("/metrics", token=None).text
        except OSError:
            return {("up", frozenset({("job", "crisiscover")})): 0.0}
        self.names |= set(re.findall(r"^# TYPE (\S+)", text, re.M))
        return {("up", frozenset({("job", "crisiscover")})): 1.0, **scraped(text)}

    def raised(self, name, times=AGES_TIMES):
        samples = {of: value * times if AGE.fullmatch(of[0]) else value for of, value in self.scrape().items()}
        found = evaluate(alarms()[name]["expr"], samples, self.first)
        if found:
            self.raised_once.add(name)
        return found

    def await_alarm(self, name, seconds=40, **labels):
        """Waits until it is raised, of a series with these labels."""
        return wait_until(lambda: [of for of in self.raised(name) if labels.items() <= of.items()], seconds, f"{name} was raised")

    def await_quiet(self, name, seconds=60):
        wait_until(lambda: not self.raised(name), seconds, f"{name} was no longer raised")


def a_library(testbed):
    """One that every process of the server loads from now on, and that a test may replace."""
    library = testbed.folder / "libextra.so.1"
    shutil.copy(next(Path("/lib").glob("*/libz.so.1")), library)
    library.chmod(0o755)
    testbed.clock["LD_PRELOAD"] = f"{library}:{testbed.clock['LD_PRELOAD']}"
    return library


@pytest.fixture
def watched(release):
    """A server with two sources, one of which is never there. Its Redis has a small disk of its own where this machine lets us mount one."""
    made = Testbed(release)
    disk = new_folder("disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], check=False, capture_output=True).returncode == 0
    try:
        made.move_clock(0)
        made.library = a_library(made)
        made.configure(hung_seconds=12, redis_directory=disk, canary_seconds=2, requests_of_token=200, notify_silent_seconds=20)
        made.publisher.publish("amhp", calendar(round_the_clock()))
        made.start()
        made.disk = disk if mounted else None
        yield Watched(made)
    finally:
        print(made.logs())
        made.close()
        if mounted:
            subprocess.run(["umount", disk], check=True)
        remove(disk)


def test_g70_every_alarm_has_its_heading_in_the_runbook():
    headings = re.findall(r"^## (.*)", (TOP / "docs" / "runbook.md").read_text(), re.M)
    assert headings == list(alarms())
    assert set().union(ALWAYS, *SOON.values(), *LATE.values(), *LATER.values()) == set(alarms()), "each is raised by a test"
    parts = re.split(r"^## .*", (TOP / "docs" / "runbook.md").read_text(), flags=re.M)[1:]
    assert all(re.findall(r"\*\*(\w+)\.\*\*", part) == ["Seen", "Meaning", "Do"] for part in parts)


def before_a_region_is_in_force_nothing_is_ready(watched):
    watched.await_alarm("CrisisCoverNotReady")
    region = small(watched.testbed.publisher)
    missing = {**region["rotas"][0], "id": "never-there", "source": {**region["rotas"][0]["source"], "url": watched.testbed.publisher.url("none")}}
    watched.testbed.apply({**region, "rotas": [*region["rotas"], missing]})
    watched.testbed.wait_ready()
    watched.await_quiet("CrisisCoverNotReady")
    wait_until(lambda: watched.testbed.now()["state"] != "gap", 20, "the calendar was read")
    watched.first = wait_until(watched.scrape, 10, "there were figures")


def a_source_is_never_there(watched):
    watched.await_alarm("CrisisCoverSourceOld", freshness="unknown")


def nothing_else_is_raised(watched):
    quiet = set(alarms()) - {"CrisisCoverSourceOld"}
    wait_until(lambda: not [name for name in quiet if watched.raised(name, 1)], 30, "nothing else was raised")
    watched.raised_once.intersection_update({"CrisisCoverNotReady"})


def many_tokens_are_wrong(watched):
    connection = watched.testbed.connection()
    for _ in range(51):
        assert watched.testbed.get("/v1/me", token="cc_none", over=connection).status == 401
    connection.close()
    watched.await_alarm("CrisisCoverLoginsRejected", reason="token")


def a_calendar_that_has_become_empty_is_held(watched):
    watched.testbed.publisher.publish("amhp", calendar([]))
    watched.testbed.refresh(ROTA)
    watched.await_alarm("CrisisCoverCalendarHeld")
    watched.testbed.publisher.publish("amhp", calendar(round_the_clock()))
    watched.testbed.refresh(ROTA)
    watched.await_quiet("CrisisCoverCalendarHeld")


def without_redis_flags_wait(watched):
    watched.testbed.redis.stop()
    try:
        watched.await_alarm("CrisisCoverRedisAway", role="flags")
        watched.testbed.publisher.publish("amhp", calendar(round_the_clock(title="TBC")))
        watched.testbed.refresh(ROTA)
        watched.await_alarm("CrisisCoverFlagsWait")
    finally:
        watched.testbed.redis.start()
    watched.await_quiet("CrisisCoverRedisAway")
    watched.await_quiet("CrisisCoverFlagsWait")


def the_last_good_file_cannot_be_written(watched):
    """Its folder lets nobody make a file, as a file system does that is mounted read-only."""
    state = watched.testbed.folder / "state"
    state.chmod(0o555)
    try:
        watched.testbed.publisher.publish("amhp", calendar(round_the_clock()))
        watched.testbed.refresh(ROTA)
        watched.await_alarm("CrisisCoverLastGoodOld")
        wait_until(lambda: any("last-good" in sentence and "Permission denied" in sentence for sentence in watched.testbed.get("/readyz", token=None).json["wrong"]),
                   30, "the reason was said")
    finally:
        state.chmod(0o755)
    watched.await_quiet("CrisisCoverLastGoodOld")


def a_disk_has_less_than_a_tenth_left(watched):
    if watched.testbed.disk is None:  # this machine lets no test mount one
        return
    full = watched.testbed.disk / "full"
    full.write_bytes(b"x" * (1000 << 10))
    watched.await_alarm("CrisisCoverDiskFull", disk="redis")
    assert any("Redis" in sentence and "% left" in sentence for sentence in watched.testbed.get("/readyz", token=None).json["wrong"])
    full.unlink()
    watched.await_quiet("CrisisCoverDiskFull")


def change(testbed, *statements):
    """What no trigger keeps: the owner of the machine may do anything."""
    testbed.sql(";".join(["set session_replication_role = replica", *statements]), login="postgres")


def the_self_check_finds_a_map_that_somebody_has_changed(watched):
    """At half past three of the machine's clock everything is checked, and so that clock is wrong meanwhile. What was found stays known after the process."""
    def close_to_the_check():
        local = now().astimezone(LONDON)
        check = local.replace(hour=3, minute=30, second=0)
        return round(((check + timedelta(days=1) if check <= local else check) - local).total_seconds()) - 4

    testbed = watched.testbed
    change(testbed, "update span_current set ends_at = ends_at - interval '1 minute' where ctid = any(array(select ctid from span_current where place <> '.canary' limit 1))")
    ahead = close_to_the_check()
    testbed.move_clock(ahead)
    try:
        testbed.wait_role_back("coverage", testbed.kill_role("coverage"))
        watched.await_alarm("CrisisCoverMapDiffered", 60)
        watched.await_alarm("CrisisCoverClockOff")
    finally:
        testbed.move_clock(0)
    watched.await_quiet("CrisisCoverClockOff", 90)
    testbed.wait_role_back("coverage", testbed.kill_role("coverage"))
    assert testbed.get("/readyz", token=None).json["self_check"]["differences"] > 0
    wait_until(lambda: watched.raised("CrisisCoverSelfCheckOld", 3600), 30, "a check of two seconds ago would be two hours old")


def many_requests_are_over_a_rate(watched):
    """The rate is of a token, whose requests of a minute are used up."""
    token, connection = watched.testbed.sign_in("st-oswins-ed", "viewer"), watched.testbed.connection()
    refused = sum(watched.testbed.get("/v1/me", token=token, over=connection).status == 429 for _ in range(320))
    connection.close()
    assert refused > 100
    watched.await_alarm("CrisisCoverRateRefused", rate="token")


def the_canary_does_not_come_out_of_redis(watched):
    assert not watched.raised("CrisisCoverCanaryLost")
    watched.testbed.redis.stop()
    try:
        watched.await_alarm("CrisisCoverCanaryLost", 60, **{"as": "flag"})
        assert not [one for one in watched.raised("CrisisCoverCanaryLost") if one["as"] == "lookup"], "lookups need no Redis"
    finally:
        watched.testbed.redis.start()
    watched.await_quiet("CrisisCoverCanaryLost")


def nobody_takes_what_is_told(watched):
    """A message that was refused, and one that has waited for an hour and is tried tomorrow."""
    watched.testbed.sql("insert into subscription (account, channel, address, made_by) values ('fenmere-icb', 'email', 'board@icb.example', 'test');"
                        "insert into message (subscription, at, severity, subject, body, link, state, next_at, ended_at) select id, now() - interval '1 hour', 'high', 's', 'b', '', "
                        "s, case s when 'waiting' then now() + interval '1 day' end, case s when 'undelivered' then now() end "
                        "from subscription, unnest(array['waiting', 'undelivered']) s")
    watched.await_alarm("CrisisCoverMessagesWait")
    watched.await_alarm("CrisisCoverUndelivered")


def an_update_replaces_a_library(watched):
    """As a package does. The supervisor runs it too."""
    new = watched.testbed.library.with_name("libextra.so.1.dpkg-new")
    shutil.copy(watched.testbed.library, new)
    new.rename(watched.testbed.library)
    watched.await_alarm("CrisisCoverLibrariesReplaced", 90)
    wait_until(lambda: any(sentence.startswith("supervisor-0 runs 1 libraries") for sentence in watched.testbed.get("/readyz", token=None).json["wrong"]),
               90, "the supervisor's was told")


def the_backup_is_old(watched):
    """As deploy/backup notes it, of three days ago."""
    ago = int(now().timestamp()) - 3 * 86400
    status = watched.testbed.folder / "state" / "backup-status"
    status.write_text(json.dumps({"last_backup_at": ago, "last_check_at": ago, "encrypted": True, "keys_kept": True}))
    watched.await_alarm("CrisisCoverBackupOld", 90)
    assert any("backup is 72 hours old" in sentence for sentence in watched.testbed.get("/readyz", token=None).json["wrong"])
    status.write_text(json.dumps({"last_backup_at": ago + 3 * 86400, "last_check_at": ago + 3 * 86400}))
    watched.await_quiet("CrisisCoverBackupOld", 90)


def the_database_is_away(watched):
    """And archives when it is back, to a place that takes nothing."""
    watched.testbed.configure_postgres("archive_mode", "on")
    watched.testbed.configure_postgres("archive_command", "false")
    watched.testbed.postgres.stop()
    try:
        watched.await_alarm("CrisisCoverDatabaseAway", role="api")
        watched.await_alarm("CrisisCoverOldMap")
        for role in ("flags", "feeds", "coverage", "api"):
            watched.await_alarm("CrisisCoverWorkStands", role=role)
        watched.await_alarm("CrisisCoverCanaryLost", **{"as": "lookup"})
        watched.await_alarm("CrisisCoverNotifySilent")
    finally:
        watched.testbed.postgres.start()
    for name in ("CrisisCoverDatabaseAway", "CrisisCoverOldMap", "CrisisCoverWorkStands", "CrisisCoverCanaryLost", "CrisisCoverNotifySilent"):
        watched.await_quiet(name)
    wait_until(lambda: watched.raised("CrisisCoverArchiveStands", 3600), 60, "an archive that has stood for a second would have stood for an hour")


def the_schema_is_another(watched):
    watched.testbed.sql("alter table map_head rename to map_head_of_another_version")
    try:
        watched.await_alarm("CrisisCoverSchemaDiffers", role="api")
    finally:
        watched.testbed.sql("alter table map_head_of_another_version rename to map_head")


def a_process_is_stopped_and_one_dies_again_and_again(watched):
    [flags] = wait_until(lambda: watched.testbed.pids("flags"), 10, "flags ran")
    os.kill(flags, signal.SIGSTOP)
    watched.await_alarm("CrisisCoverRoleDown", role="flags")
    watched.await_alarm("CrisisCoverRoleHung", 60)
    watched.await_quiet("CrisisCoverRoleDown")
    for _ in range(3):
        watched.testbed.wait_role_back("reader", watched.testbed.kill_role("reader"))
    watched.await_alarm("CrisisCoverRoleRestarts")


def the_audit_is_written_again(watched):
    change(watched.testbed, "update audit set hash = sha256('another end') where seq = (select max(seq) from audit)",
           "update audit_head set hash = sha256('another end')")
    watched.await_alarm("CrisisCoverAuditRewritten")


def every_figure_that_is_asked_for_is_there(watched, not_yet=()):
    dashboard = json.loads((TOP / "deploy" / "grafana.json").read_text())
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    assert len(queries) > 15
    expressions = [*queries, *(rule["expr"] for rule in alarms().values())]
    assert all(names_in(expression) for expression in expressions)
    wanted = set().union(*map(names_in, expressions)) - set(not_yet)
    # The last-good file is written some seconds after the start, and has no age before.
    wait_until(lambda: watched.scrape() and wanted <= watched.names, 30, "every figure that is asked for was there")
    not_shown = watched.names - {"up"} - set().union(*(names_in(one) for one in queries))
    assert not not_shown, f"figures that no panel shows: {not_shown}"


def nobody_answers(watched):
    watched.testbed.stop()
    watched.await_alarm("CrisisCoverAway")


# What each raises. Those that take long are left to tests/run long.
SOON = {
    a_source_is_never_there: {"CrisisCoverSourceOld"},
    many_tokens_are_wrong: {"CrisisCoverLoginsRejected"},
    a_calendar_that_has_become_empty_is_held: {"CrisisCoverCalendarHeld"},
    nobody_takes_what_is_told: {"CrisisCoverMessagesWait", "CrisisCoverUndelivered"},
    without_redis_flags_wait: {"CrisisCoverRedisAway", "CrisisCoverFlagsWait"},
    the_schema_is_another: {"CrisisCoverSchemaDiffers"},
}
LATE = {
    the_last_good_file_cannot_be_written: {"CrisisCoverLastGoodOld"},
    a_disk_has_less_than_a_tenth_left: {"CrisisCoverDiskFull"},
    the_self_check_finds_a_map_that_somebody_has_changed: {"CrisisCoverMapDiffered", "CrisisCoverClockOff", "CrisisCoverSelfCheckOld"},
    the_database_is_away: {"CrisisCoverDatabaseAway", "CrisisCoverOldMap", "CrisisCoverWorkStands", "CrisisCoverArchiveStands", "CrisisCoverNotifySilent"},
}
LATER = {
    the_canary_does_not_come_out_of_redis: {"CrisisCoverCanaryLost"},
    many_requests_are_over_a_rate: {"CrisisCoverRateRefused"},
    an_update_replaces_a_library: {"CrisisCoverLibrariesReplaced"},
    the_backup_is_old: {"CrisisCoverBackupOld"},
    a_process_is_stopped_and_one_dies_again_and_again: {"CrisisCoverRoleDown", "CrisisCoverRoleHung", "CrisisCoverRoleRestarts"},
    the_audit_is_written_again: {"CrisisCoverAuditRewritten"},
}
ALWAYS = {"CrisisCoverNotReady", "CrisisCoverAway"}
AFTER_A_CHECK = {"crisiscover_self_check_age_seconds", "crisiscover_self_check_differed_age_seconds"}
AFTER_A_BACKUP = {"crisiscover_backup_age_seconds", "crisiscover_backup_check_age_seconds"}
AFTER_AN_ARCHIVE = {"crisiscover_archive_age_seconds"}


def raise_each(watched, steps):
    before_a_region_is_in_force_nothing_is_ready(watched)
    nothing_else_is_raised(watched)
    for step in steps:
        step(watched)


def test_g71_alarms_are_raised_by_what_is_broken(watched):
    raise_each(watched, SOON)
    every_figure_that_is_asked_for_is_there(watched, AFTER_A_CHECK | AFTER_A_BACKUP | AFTER_AN_ARCHIVE)
    nobody_answers(watched)
    assert set().union(*SOON.values()) | ALWAYS <= watched.raised_once


@pytest.mark.long
def test_g72_the_other_alarms_too(watched):
    raise_each(watched, LATE)
    every_figure_that_is_asked_for_is_there(watched, AFTER_A_BACKUP)
    nobody_answers(watched)
    left_out = {"CrisisCoverDiskFull"} if watched.testbed.disk is None else set()
    assert set().union(*LATE.values()) | ALWAYS <= watched.raised_once | left_out


@pytest.mark.long
def test_g75_and_those_that_take_longest(watched):
    raise_each(watched, LATER)
    every_figure_that_is_asked_for_is_there(watched, AFTER_A_CHECK | AFTER_AN_ARCHIVE)
    nobody_answers(watched)
    assert set().union(*LATER.values()) | ALWAYS <= watched.raised_once


@pytest.mark.long
def test_g73_prometheus_takes_the_rules_and_raises_an_alarm(watched):
    """The language of the rules, and the text of /metrics, as Prometheus itself reads them."""
    if shutil.which("prometheus") is None:
        pytest.skip("there is no prometheus on this machine (Debian package prometheus)")
    before_a_region_is_in_force_nothing_is_ready(watched)
    folder, port = new_folder("prometheus"), free_port()
    (folder / "prometheus.yml").write_text(f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["{TOP}/deploy/alerts.yml"]
scrape_configs: [{{job_name: crisiscover, static_configs: [{{targets: ["127.0.0.1:{watched.testbed.port}"]}}]}}]
""")
    process = Process("prometheus", [shutil.which("prometheus"), f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                                     f"--web.listen-address=127.0.0.1:{port}"], folder)

    def states():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/alerts", timeout=5) as answer:
                return {one["labels"]["alertname"]: one["state"] for one in json.load(answer)["data"]["alerts"]}
        except OSError:
            return {}

    try:
        wait_until(lambda: "CrisisCoverSourceOld" in states(), 60, "Prometheus had the rules and the figures")
        watched.testbed.redis.stop()
        wait_until(lambda: states().get("CrisisCoverRedisAway") == "firing", 120, "Prometheus raised the alarm")
        watched.testbed.redis.start()
        wait_until(lambda: "CrisisCoverRedisAway" not in states(), 60, "it was over")
    finally:
        process.kill_session()
        remove(folder)
