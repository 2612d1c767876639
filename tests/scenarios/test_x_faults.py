# SPDX-License-Identifier: MIT
"""Each plug is pulled under load, and every answer is compared with the truth: the rows F1 to F18 of docs/assurance.md, one after the other on one
server. tests/run faults has them; FAULT_SECONDS says for how long each plug stays out (20)."""

import os
import random
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

import psycopg2
import pytest

import testbed as scenarios
from load import ROTA, STREAM, Changes, Load, hold, open_files, resident, stream_of, wait_settled, wait_told, within
from regions import calendar, now, rfc3339, round_the_clock, small
from servers import slowness, wait_until
from soak import Subscriber, check_outbox, check_told
from testbed import ROLES, TOP

SECONDS = float(os.environ.get("FAULT_SECONDS", "20"))
ANY = float("inf")
DAY, YEARS = 86400, 10 * 365 * 86400

pytestmark = pytest.mark.fault


def figure(row, words):
    """A line of what tests/run faults prints at its end."""
    print(f"{row}: {words}")
    results = TOP / "build" / "results"
    if results.is_dir():
        with open(results / "faults", "a", encoding="utf-8") as file:
            file.write(f"{row:4} {words}\n")


@pytest.fixture(scope="module")
def bed(release):
    """A server with two api processes on the small region, and a subscriber to its flags."""
    made = scenarios.Testbed(release)
    try:
        made.configure(api_processes=2)
        made.publisher.publish("amhp", calendar(round_the_clock()))
        made.move_clock(0)
        made.subscriber = Subscriber(made)
        made.start(small(made.publisher))
        yield made
    finally:
        made.close()


@pytest.fixture
def plugged(bed, request):
    """The server with all plugs in; at the end nothing is left to do, and the subscriber knows what is open."""
    wait_until(lambda: (found := bed.get("/v1/now?place=ZED01")).status == 200 and found.json["map"]["confidence"] == "live" and
               bed.now()["state"] == "covered", 60, "it was live and covered")
    yield bed
    if getattr(request.node, "failed_report", None) is not None:
        print(bed.logs())
        return
    wait_settled(bed)
    check_outbox(bed)
    check_told(bed, bed.subscriber)


def confidence(bed):
    return bed.get("/v1/now?place=ZED01").json["map"]["confidence"]


def wait_live(bed, seconds=5):
    """Answers how long it took until the map was live again."""
    began = time.monotonic()
    wait_until(lambda: confidence(bed) == "live", seconds, "the map was live again")
    return time.monotonic() - began


def all_pids(bed):
    return {pid for pids in bed.pids().values() for pid in pids}


# ------------------------------------------------------------------------------------------------------------- processes that end


@pytest.mark.holds("F1")
def test_x71_roles_are_killed_again_and_again(plugged):
    bed, dice, slowest, killed = plugged, random.Random(1), 0.0, 0
    before = {role: max(map(resident, pids)) for role, pids in bed.pids().items()}
    with Load(bed) as load, Changes(bed, "killed") as changes:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until or killed < 6:
            role = dice.choice(ROLES)
            count = 2 if role == "api" else 1
            wait_until(lambda role=role, count=count: len(bed.pids(role)) == count, 10, f"all of {role} ran")
            victim = dice.choice(bed.pids(role))
            os.kill(victim, signal.SIGKILL)
            began, killed = time.monotonic(), killed + 1
            wait_until(lambda role=role, count=count, victim=victim: len(set(bed.pids(role)) - {victim}) == count, 10, f"{role} was back")
            slowest = max(slowest, within(2, began, f"the return of {role}"))
            hold(dice.uniform(0, 2))
    wait_settled(bed)
    load.check(failed=0.0001, failed_new=0.02)
    changes.check()
    grown = {role: max(map(resident, pids)) - before[role] for role, pids in bed.pids().items()}
    assert all(more < 64 for more in grown.values()), f"memory grew, MiB: {grown}"
    figure("F1", f"{killed} processes killed: back within {1000 * slowest:.0f} ms; {load}; {changes}")


@pytest.mark.holds("F2")
def test_x72_the_supervisor_is_killed(plugged):
    bed = plugged
    children = all_pids(bed)
    with Load(bed) as load:
        os.kill(bed.server.pid, signal.SIGKILL)
        began = time.monotonic()
        wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in children), 5, "no role outlived it")
        gone = within(5, began, "the end of the roles")
        bed.server.popen.wait(10)
        began = time.monotonic()
        bed.start()
        back = within(10, began, "the start")
        wait_live(bed, 10)
        answered = len(load.done)
        wait_until(lambda: len(load.done) > answered + 50, 30, "the load was being answered again")
    # While nothing runs there is nobody to answer.
    load.check(failed=ANY, failed_new=ANY)
    figure("F2", f"roles gone after {1000 * gone:.0f} ms, answers {1000 * back:.0f} ms after a new start, {len(load.done)} answers, 0 wrong")


# ------------------------------------------------------------------------------------------------------------------- the database


@pytest.mark.holds("F3")
def test_x73_postgresql_is_stopped(plugged):
    bed = plugged
    with Load(bed) as load, Changes(bed, "stopped") as changes:
        wait_until(lambda: changes.acknowledged, 20, "something was written")
        bed.postgres.stop()
        wait_until(lambda: confidence(bed) == "stale", 20, "the answers said that they are not live any more")
        hold(SECONDS)
        refused = bed.post(f"/v1/feeds/{ROTA}/refresh", seconds=30)
        assert refused.status == 503 and refused.headers["Retry-After"], refused
        bed.postgres.start()
        back = wait_live(bed, 5)
    load.check()
    wait_settled(bed)
    changes.check()
    assert changes.refused and all(status == 503 and told for status, told in changes.refused), changes.refused
    assert load.confidence["stale"] > 0
    figure("F3", f"stopped for {SECONDS:.0f} s: live {back:.1f} s after its return; {load}; {changes}")


@pytest.mark.holds("F4")
def test_x74_postgresql_crashes(plugged):
    bed = plugged
    with Load(bed) as load, Changes(bed, "crashed") as changes:
        for _ in range(4):
            written = len(changes.acknowledged)
            wait_until(lambda written=written: len(changes.acknowledged) > written + 2, 60, "it was being written to")
            bed.postgres.crash()
            bed.postgres.start()
            wait_live(bed, 10)
    load.check()
    wait_settled(bed)
    changes.check()
    figure("F4", f"4 crashes: {load}; {changes}")


@pytest.mark.holds("F5")
def test_x75_an_api_starts_without_postgresql_on_whole_and_on_spoilt_files(plugged):
    bed, state = plugged, plugged.folder / "state"
    wait_until(lambda: (state / "last-good").exists() and (state / "last-good.before").exists(), 90, "there were both files")
    name = bed.now()["on_call"][0]["name"]
    with Load(bed) as load:
        bed.postgres.stop()
        killed = bed.kill_role("api")
        began = time.monotonic()
        bed.wait_role_back("api", killed)
        wait_until(lambda: bed.is_live() and bed.get("/v1/now?place=ZED01").status == 200, 5, "it answered from the file")
        first = within(5, began, "the first answer")
        assert confidence(bed) in ("last_good", "stale")
        hold(2)
    load.check(failed=ANY, failed_new=ANY)
    bed.stop()
    whole = (state / "last-good").read_bytes()
    blocks = range(0, len(whole), 4096)
    for at in list(blocks)[:: max(1, len(blocks) // 8)]:
        spoilt = bytearray(whole)
        spoilt[min(at + 100, len(whole) - 1)] ^= 0x40
        (state / "last-good").write_bytes(spoilt)
        alone = bed.role("api")
        wait_until(lambda: bed.is_live() and bed.get("/v1/now?place=ZED01").status == 200, 10, "it answered from the file before")
        assert '"event":"last_good_read"' in alone.log.read_text() and '"level":"error"' in alone.log.read_text(), "the spoilt one was refused"
        assert bed.now()["on_call"][0]["name"] == name and confidence(bed) == "last_good"
        alone.end()
    (state / "last-good").write_bytes(whole)
    bed.postgres.start()
    bed.start()
    figure("F5", f"answers {1000 * first:.0f} ms after the kill, with both api processes killed; of {len(blocks)} blocks each spoilt one was refused; "
                 f"{len(load.done)} answers, {len(load.wrong)} wrong")


@pytest.mark.holds("F13")
def test_x83_the_database_holds_locks_and_is_slow(plugged):
    bed = plugged
    holder = psycopg2.connect(bed.postgres.conninfo("crisiscover") + " options='-c search_path=crisiscover'")
    with Load(bed) as load, Changes(bed, "locked") as changes:
        with holder.cursor() as cursor:
            cursor.execute("lock table map_head, feed, span, override in access exclusive mode")
        began = time.monotonic()
        refused = bed.post(f"/v1/feeds/{ROTA}/refresh", seconds=60)
        assert refused.status == 503 and refused.headers["Retry-After"], refused
        longest = within(15, began, "a write that met a lock")
        hold(SECONDS)
        holder.rollback()
        holder.close()
        back = wait_live(bed, 15)
        bed.sql("create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(1); return new; end'; "
                "create trigger slow before insert on override for each row execute function slow()")
        written = len(changes.acknowledged)
        wait_until(lambda: len(changes.acknowledged) > written + 2, 60, "slow writes were acknowledged")
        bed.sql("drop trigger slow on override; drop function slow()")
    load.check()
    wait_settled(bed)
    changes.check()
    figure("F13", f"locked for {SECONDS:.0f} s: a write is refused after {longest:.1f} s, live {back:.1f} s after the lock; {load}; {changes}")


# --------------------------------------------------------------------------------------------------------------------------- Redis


@pytest.mark.holds("F6")
def test_x76_redis_is_down(plugged):
    bed = plugged
    with Load(bed) as load, Changes(bed, "unheard") as changes:
        bed.redis.stop()
        waiting = bed.sql("select count(*) from flag")[0][0]
        hold(SECONDS)
        wait_until(lambda: bed.sql("select count(*) from flag")[0][0] > waiting + 4, 60, "flags waited")
        waiting = bed.sql("select count(*) from flag where published_at is null")[0][0]
        bed.redis.start()
        began = time.monotonic()
        wait_until(lambda: len(stream_of(bed.redis_client())) >= waiting, 30, "they were told")
        told = within(30, began, "the telling")
    load.check()
    changes.check()
    wait_told(bed, bed.redis_client())
    figure("F6", f"down for {SECONDS:.0f} s: {waiting} flags told within {told:.1f} s of its return, in order, each once; {load}")


@pytest.mark.holds("F7")
def test_x77_redis_is_emptied_and_rolled_back(plugged):
    bed, client = plugged, plugged.redis_client()
    with Load(bed) as load, Changes(bed, "emptied") as changes:
        wait_until(lambda: len(stream_of(bed.redis_client())) > 2, 30, "there was a stream")
        old = client.execute_command("dump", STREAM, NEVER_DECODE=True)
        flips = changes.flips
        wait_until(lambda: changes.flips > flips + 4, 60, "there were more flags")
        client.flushall()
        flips = changes.flips
        wait_until(lambda: changes.flips > flips + 4, 60, "there were more flags again")
        client.execute_command("restore", STREAM, 0, old, "replace")
    load.check()
    count = wait_told(bed, client)
    figure("F7", f"emptied, and rolled back: {count} flags in the stream again, in order and without a hole; {load}")


# ---------------------------------------------------------------------------------------------------------------- clocks and storms


@pytest.mark.holds("F12", "H03.4")
def test_x82_the_clock_jumps(plugged):
    bed, seen = plugged, {}
    gaps = bed.sql("select count(*) from gap where closed_at is null")
    flags = bed.sql("select count(*) from flag")
    with Load(bed) as load:
        for jump in (3600, -3600, DAY, -DAY, YEARS):
            bed.move_clock(jump)
            began = time.monotonic()
            wait_until(lambda: confidence(bed) == "clock_doubtful", 15, "the answers said that the clock is doubtful")
            seen[jump] = time.monotonic() - began
            hold(SECONDS / 5)
            bed.move_clock(0)
            wait_live(bed, 15)
    load.check()
    assert bed.sql("select count(*) from gap where closed_at is null") == gaps and bed.sql("select count(*) from flag") == flags, "no gap came or went"
    assert load.confidence["clock_doubtful"] > 0
    figure("F12", f"moved by an hour, a day, ten years: said within {max(seen.values()):.1f} s, no gap opened or closed; {load}")


@pytest.mark.holds("F14")
def test_x84_ten_thousand_connections_come_at_once(plugged):
    bed, opened = plugged, []
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(10000, hard - 1000)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    most = max(map(open_files, bed.pids("api")))
    try:
        with Load(bed) as load:
            began = time.monotonic()
            for number in range(wanted):
                one = socket.socket()
                one.setblocking(False)
                one.bind((f"127.0.{1 + number % 50}.1", 0))
                one.connect_ex(("127.0.0.1", bed.port))
                opened.append(one)
            took = time.monotonic() - began
            hold(5)
            most = max(most, *map(open_files, bed.pids("api")))
            for one in opened:
                one.close()
            began = time.monotonic()
            answered = len(load.done)
            wait_until(lambda: bed.is_live() and len(load.done) > answered + 50, 5, "everybody was answered again")
            back = time.monotonic() - began
    finally:
        for one in opened:
            one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    load.check(failed=0.001, failed_new=ANY)
    figure("F14", f"{wanted} connections in {took:.1f} s: at most {most} descriptors of a process; answers as ever {back:.1f} s after; {load}")


@pytest.mark.holds("F14")
def test_x84_the_database_has_no_session_left(plugged):
    bed, taken = plugged, []
    with Load(bed) as load:
        try:
            while len(taken) < 200:
                taken.append(psycopg2.connect(bed.postgres.conninfo("postgres").replace("dbname=crisiscover", "dbname=crisiscover")))
        except psycopg2.OperationalError:
            pass
        assert len(taken) < 200, "there was a limit"
        killed = bed.kill_role("coverage") + bed.kill_role("flags")
        hold(SECONDS / 4)
        for one in taken:
            one.close()
        wait_until(lambda: not set(killed) & all_pids(bed), 5, "those that were killed had gone")
        wait_live(bed, 10)
    load.check()
    with Changes(bed, "crowded") as changes:
        wait_until(lambda: len(changes.acknowledged) > 1 and changes.flips > 1, 60, "all worked again")
    changes.check()
    figure("F14", f"every session of the database taken: {load}")


# ------------------------------------------------------------------------------------------------------------ hung, replaced, short


@pytest.mark.holds("F15")
def test_x85_a_process_of_each_role_is_stopped(plugged):
    bed, slowest = plugged, 0.0
    bed.configure(hung_seconds=10)
    renew(bed)
    with Load(bed) as load, Changes(bed, "hung") as changes:
        victims = {role: pids[0] for role, pids in bed.pids().items()}
        for pid in victims.values():
            os.kill(pid, signal.SIGSTOP)
        began = time.monotonic()
        for role, pid in victims.items():
            wait_until(lambda role=role, pid=pid: pid not in bed.pids(role), 20, f"the {role} that was stopped had been ended")
            slowest = max(slowest, within(20, began, f"the end of {role}"))
        wait_until(lambda: len(bed.pids("api")) == 2, 20, "another api had its place")
    # What the stopped api had accepted waits for its end, and is asked once more by those who keep their connection.
    load.check(failed=0.005, failed_new=0.02)
    wait_settled(bed)
    changes.check()
    bed.configure(hung_seconds=60)
    renew(bed)
    figure("F15", f"a process of every role stopped: ended within {slowest:.1f} s; {load}; {changes}")


def renew(bed):
    """Every process is replaced, and has filed its figures: until its loop has turned once, one has longer before it is taken for hung."""
    before = all_pids(bed)
    count = len(before)
    os.kill(bed.server.pid, signal.SIGHUP)
    wait_until(lambda: len(all_pids(bed)) == count and not all_pids(bed) & before, 60, "every process had been replaced")
    wait_until(lambda: all_pids(bed) <= {one["pid"] for one in bed.get("/readyz").json["roles"] if one["up"]}, 60, "the loop of each had turned")


def cgroup_of(name):
    """A memory group of the kernel, for one test; None where there is none that may be made."""
    path = f"/sys/fs/cgroup/memory/{name}-{os.getpid()}"
    try:
        os.mkdir(path)
    except OSError:
        return None
    return path


@pytest.mark.holds("F18")
@pytest.mark.parametrize("role", ROLES)
def test_x88_the_kernel_ends_a_role_for_want_of_memory(plugged, role):
    bed, group = plugged, cgroup_of("crisiscover-faults")
    if group is None:
        pytest.skip("wants root and the memory controller of control groups in /sys/fs/cgroup/memory")
    try:
        wait_until(lambda: len(bed.pids("api")) == 2, 20, "two api processes ran")
        victim, others = bed.pids(role)[0], all_pids(bed)
        # What the role has is not counted, what it asks for from now on is: the changes have it ask.
        with Load(bed) as load, Changes(bed, f"short-{role}"):
            with open(f"{group}/memory.limit_in_bytes", "w", encoding="ascii") as file:
                file.write("65536")
            with open(f"{group}/cgroup.procs", "w", encoding="ascii") as file:
                file.write(str(victim))
            began = time.monotonic()
            wait_until(lambda: victim not in bed.pids(role) or (role == "passwords" and poke(bed)), 60, f"the {role} was ended")
            wait_until(lambda: len(bed.pids(role)) == (2 if role == "api" else 1), 10, f"{role} was back")
            took = time.monotonic() - began
        load.check(failed=0.005, failed_new=0.02)
        assert others - all_pids(bed) == {victim}, "nobody else ended"
        figure("F18", f"{role} ended by the kernel, back after {took:.1f} s: {load}")
    finally:
        wait_until(lambda: remove_group(group), 10, "the group was empty")


def poke(bed):
    """Has the passwords process do something."""
    bed.post("/v1/session", {"name": "nobody", "password": "wrong horse battery staple"}, token=None, seconds=60)
    return False


def remove_group(group):
    try:
        os.rmdir(group)
    except OSError:
        return False
    return True


@pytest.mark.holds("F18")
def test_x89_every_allocation_fails_in_turn():
    """The whole of tests/allocation, of which every run tries a part."""
    build = Path(os.environ.get("CRISISCOVER_BUILD", TOP / "build" / "dev"))
    program = build / "tests" / "allocation" / "test_allocation"
    if not program.exists():
        pytest.skip("this build is one without tests")
    done = subprocess.run([program], env={**os.environ, "CRISISCOVER_ALLOCATIONS": "all"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    for line in done.stdout.splitlines():
        if " allocations: " in line:
            figure("F18", line)


@pytest.mark.holds("F16", "H09.4")
def test_x86_the_program_is_replaced_and_the_schema_grows_under_load(plugged):
    """The last on this server: the database is one version on."""
    bed = plugged
    later = bed.folder / "migrations"
    later.mkdir()
    for path in bed.release.migrations.glob("*.sql"):
        bed.write(f"migrations/{path.name}", path.read_bytes())
    bed.write("migrations/9998_faults.sql", "set local search_path = crisiscover;\nalter table override add column of_the_next_version integer;\n"
                                            "create index of_the_next_version on override (of_the_next_version);\n")
    with Load(bed) as load, Changes(bed, "replaced") as changes:
        for _ in range(2):
            renew(bed)
            answered, written = len(load.done), len(changes.acknowledged)
            wait_until(lambda answered=answered, written=written: len(load.done) > answered + 50 and len(changes.acknowledged) > written, 60, "it went on")
        bed.configure(migrations_directory=later)
        bed.migrate()
        written, flips = len(changes.acknowledged), changes.flips
        wait_until(lambda: len(changes.acknowledged) > written + 2 and changes.flips > flips + 1, 60, "the old program wrote to the new schema")
        renew(bed)
        wait_live(bed, 15)
    load.check()
    wait_settled(bed)
    changes.check()
    figure("F16", f"every process replaced three times, once over a migration: {load}; {changes}; slowness {slowness():.1f}; {rfc3339(now())}")
