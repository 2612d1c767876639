# SPDX-License-Identifier: MIT
"""The parts of deploy/: the demo region, what is published of it, and the private servers of a data directory."""

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from testbed import TOP
from servers import environment, give_away, new_folder, remove, run, wait_until

MAKE, FEED = TOP / "deploy" / "demo" / "make", TOP / "deploy" / "demo" / "feed"
FIVE = {"covered", "short", "gap", "unknown", "not_commissioned"}


@pytest.fixture
def folder():
    made = new_folder("ground", "/tmp")
    try:
        yield made
    finally:
        remove(made)


def make(out, day, feeds="http://127.0.0.1:18080/feeds"):
    run(["/usr/bin/python3", "-B", MAKE, "--out", out, "--today", day.isoformat(), "--feeds", feeds], "/", as_user=False)
    return {path.name: path.read_bytes() for path in (out / "feeds").iterdir()}


def events(body):
    """Each event by what identifies it, without the moment of the export."""
    found = {}
    for event in re.findall(rb"BEGIN:VEVENT.*?END:VEVENT", body, re.S):
        identity = tuple(re.findall(rb"(?m)^(?:UID|RECURRENCE-ID)[^\r]*\r\n(?: [^\r]*\r\n)*", event))
        found[identity] = re.sub(rb"DTSTAMP:\S+\r\n|EXDATE[^\r]*\r\n(?: [^\r]*\r\n)*", b"", event)
    return found


def test_g01_the_demo_is_the_same_for_a_day_and_tomorrow_changes_no_shift(folder):
    today = date.today()
    first, again = make(folder / "one", today), make(folder / "two", today)
    assert first == again
    assert (folder / "one" / "region.json").read_bytes() == (folder / "two" / "region.json").read_bytes()
    tomorrow = make(folder / "three", today + timedelta(days=1))
    stamps = [one for body in first.values() for one in re.findall(rb"DTSTAMP:(\d{8})", body)]
    assert stamps and max(stamps).decode() < f"{today:%Y%m%d}", "none is ahead of the clock, whatever hour it is"
    shared = 0
    for name in first:
        if name.endswith(".ics") and not name.startswith("leave"):
            before, after = events(first[name]), events(tomorrow[name])
            for identity in before.keys() & after.keys():
                assert before[identity] == after[identity], name
                shared += 1
    assert shared > 4000


def start_demo(testbed):
    publisher = testbed.publisher
    demo = testbed.folder / "demo"
    for name, body in make(demo, date.today(), f"http://127.0.0.1:{publisher.port}").items():
        if name.endswith(".ics"):
            publisher.publish(name.removesuffix(".ics"), body)
    for switch in (demo / "switch").iterdir():
        publisher.feeds[switch.stem].mode = switch.suffix.removeprefix(".")
    run(["chmod", "-R", "a+rX", demo], "/", as_user=False)
    testbed.start()
    testbed.crisiscover("apply", demo / "region.json")
    testbed.wait_ready(60)


def test_g02_the_demo_shows_all_five_states_at_one_hospital(testbed):
    start_demo(testbed)

    def states():
        return {entry["state"] for entry in testbed.get("/v1/now?place=ZED01").json["functions"]}

    wait_until(lambda: states() == FIVE, 60, "every feed was tried and swept")
    kinds = {feed["state"] for feed in testbed.get("/v1/feeds?limit=100").json["feeds"]}
    assert {"good", "failing"} <= kinds


def test_g03_an_event_is_dropped_from_what_is_published_and_comes_back(folder):
    make(folder / "demo", date.today())
    name, path = "fenmere-amhp-day", folder / "demo" / "feeds" / "fenmere-amhp-day.ics"
    whole = path.read_bytes()

    def feed(*arguments, check=True):
        return run(["/usr/bin/python3", "-B", FEED, *arguments, "--data", folder], "/", as_user=False, check=check)

    assert f"ok     {name}" in feed("list").stdout and "login  zps01-136" in feed("list").stdout
    feed(name, "drop", "next")
    assert path.read_bytes().count(b"BEGIN:VEVENT") == whole.count(b"BEGIN:VEVENT") - 1
    feed(name, "restore")
    assert path.read_bytes() == whole
    feed(name, "500")
    assert (folder / "demo" / "switch" / f"{name}.500").exists()
    feed(name, "ok")
    assert not list((folder / "demo" / "switch").glob(f"{name}.*"))
    assert feed("nobody", "ok", check=False).returncode == 1


def test_g07_postgresqls_log_holds_no_value_and_is_kept_for_a_week(folder):
    """Every statement is logged with its time, and one breaks a rule: as parameters and in the details of errors there are names."""
    shutil.copytree(TOP / "deploy", folder / "deploy")
    (folder / "insert.sql").write_text("insert into secret values (:name);\n")
    run(["chmod", "-R", "a+rX", folder], "/", as_user=False)
    script = Path(folder / "servers")
    script.write_text('set -euo pipefail\ntop=$1 port=18998\n. "$top/deploy/lib.sh"\n. "$top/deploy/servers.sh"\n'
                      'open_data "$top/data"\n'
                      'postgres_up\n'
                      'owner_psql postgres -d crisiscover -c "create table secret (name text primary key)" '
                      '-c "alter system set log_min_duration_statement = 0" -c "select pg_reload_conf()"\n'
                      'until [ "$(owner_psql postgres -d crisiscover -c "show log_min_duration_statement")" = 0 ]; do :; done\n'
                      'add() { as_user "$postgres_bin/pgbench" -n -M "$1" -t 1 -f "$top/insert.sql" -D "name=20260131" -h "$sockets" -U postgres crisiscover; }\n'
                      'add prepared\n'
                      'if add extended; then exit 1; fi\n'
                      'as_user sh -c '"'"'cat "$1"/postgres-*.log'"'"' sh "$data/log"\n'
                      'servers_down\n'
                      'echo all is well\n')
    script.chmod(0o644)
    give_away(folder)
    done = run(["bash", script, folder], folder, environment())
    assert done.stdout.endswith("all is well\n"), done
    assert "insert into secret values ($1)" in done.stdout and "duplicate key value" in done.stdout, "both were logged"
    assert "20260131" not in done.stdout.replace("name=20260131", ""), done.stdout


def test_g04_private_servers_survive_kills_lost_pid_files_and_stop_without_a_trace(folder):
    shutil.copytree(TOP / "deploy", folder / "deploy")
    run(["chmod", "-R", "a+rX", folder], "/", as_user=False)
    script = Path(folder / "servers")
    script.write_text('set -euo pipefail\ntop=$1 port=18999\n. "$top/deploy/lib.sh"\n. "$top/deploy/servers.sh"\n'
                      'open_data "$top/data"\n'
                      'up() { postgres_up; redis_settings "$port"; redis_up; }\n'
                      'up\n'
                      'owner_psql crisiscover -d crisiscover -c "create table kept as select 1 as one"\n'
                      'first=$(pid_of postgres)\n'
                      'kill -KILL "$first" "$(pid_of redis)"\n'
                      'until [ -z "$(pid_of postgres)$(pid_of redis)" ]; do :; done\n'
                      'echo 1 >"$data/run/redis.pid"\n'
                      'up\n'
                      '[ "$(pid_of postgres)" != "$first" ]\n'
                      'second=$(pid_of redis)\n'
                      'rm "$data/run/redis.pid"; up; [ "$(pid_of redis)" = "$second" ]\n'
                      # The rights of each login, and what it may not do.
                      'ask() { local who=$1; shift; REDISCLI_AUTH=$(redis_secret "$who") redis-cli --user "$who" -p "$(cat "$data/redis.port")" "$@"; }\n'
                      '[ "$(ask publisher EVAL "return redis.call(\'XADD\', KEYS[1], \'1-1\', \'p\', \'{}\')" 1 crisiscover:flags:stream)" = 1-1 ]\n'
                      '[ "$(ask subscriber XRANGE crisiscover:flags:stream - + | head -n 1)" = 1-1 ]\n'
                      'refused() { case "$("$@" 2>&1)" in *NOPERM* | *"can\'t run"*) ;; *) echo "$* was not refused"; return 1 ;; esac; }\n'
                      'refused ask publisher FLUSHALL\n'
                      'refused ask publisher EVAL "return redis.call(\'DEL\', KEYS[1])" 1 crisiscover:flags:stream\n'
                      'refused ask publisher SET other 1\n'
                      'refused ask subscriber PUBLISH crisiscover:flags "{}"\n'
                      'refused ask subscriber XADD crisiscover:flags:stream 2-1 p "{}"\n'
                      'refused ask subscriber EVAL "return 1" 0\n'
                      # Other settings: another server, with what it held.
                      'sed "s/256mb/255mb/" "$top/deploy/servers.sh" >"$data/other.sh"; . "$data/other.sh"; up\n'
                      '[ "$(pid_of redis)" != "$second" ]\n'
                      '[ "$(ask subscriber XRANGE crisiscover:flags:stream - + | head -n 1)" = 1-1 ]\n'
                      'owner_psql crisiscover -d crisiscover -c "select one from kept"\n'
                      'servers_down\n'
                      '[ -z "$(pid_of postgres)$(pid_of redis)" ]\n'
                      'echo all is well\n')
    script.chmod(0o644)
    give_away(folder)
    done = run(["bash", script, folder], folder, environment())
    assert done.stdout.endswith("1\nall is well\n"), done
