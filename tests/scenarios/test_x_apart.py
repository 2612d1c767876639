# SPDX-License-Identifier: MIT
"""Rows F8 to F10 of docs/assurance.md, and a soak with everything: networks that part, lines that are slow or break, disks that are full. Each on a server
of its own, under load with an oracle. tests/run faults has them."""

import ctypes
import os
import shutil
import subprocess
import time

import pytest
import redis

from load import Changes, Load, hold, wait_settled, wait_told, within
from regions import HOUR, Event, calendar, now, round_the_clock, small
from servers import Process, unprivileged, wait_until
from soak import Soak, check_outbox
from test_x_faults import SECONDS, confidence, figure, wait_live
from wire import Wire

CLONE_NEWNET = 0x40000000
PG_PORT, REDIS_PORT = 5432, 6379

pytestmark = pytest.mark.fault

_libc = ctypes.CDLL(None, use_errno=True)


def command(*words):
    subprocess.run([str(word) for word in words], check=True, capture_output=True)


def start_covered(testbed, region=None):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(region or small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 30, "the feed was read and swept")


# --------------------------------------------------------------------------------------------------------------------- partitions


class Network:
    """The network of this test alone. Packets to and from a port can be dropped: no reset, no word, as when a cable is pulled."""

    def part(self, port):
        for direction in ("dport", "sport"):
            command("nft", "add", "rule", "inet", "faults", "out", "tcp", direction, port, "drop")

    def heal(self):
        command("nft", "flush", "chain", "inet", "faults", "out")


@pytest.fixture
def network():
    """This thread, and all that it starts from now on, are in a network namespace of their own. Skipped where that is not to be had."""
    if os.geteuid() != 0 or shutil.which("nft") is None:
        pytest.skip("wants root and nft (Debian: nftables)")
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    if _libc.unshare(CLONE_NEWNET) != 0:
        pytest.skip(f"the kernel gives no network namespace: {os.strerror(ctypes.get_errno())}")
    try:
        command("ip", "link", "set", "lo", "up")
        command("nft", "add", "table", "inet", "faults")
        command("nft", "add", "chain", "inet", "faults", "out", "{ type filter hook output priority 0 ; }")
        yield Network()
    finally:
        _libc.setns(before, CLONE_NEWNET)
        os.close(before)


@pytest.fixture
def over_tcp(network, testbed):
    """PostgreSQL and Redis are reached over TCP."""
    testbed.postgres.stop()
    with open(testbed.postgres.data / "postgresql.conf", "a", encoding="utf-8") as file:
        file.write("listen_addresses = '127.0.0.1'\n")
    testbed.postgres.start()
    testbed.redis.stop()
    testbed.processes.append(Process("redis-tcp", ["/usr/bin/redis-server", "--port", REDIS_PORT, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
                                     testbed.folder / "redis"))
    testbed.configure(database=f"host=127.0.0.1 port={PG_PORT} dbname=crisiscover", redis=f"redis://127.0.0.1:{REDIS_PORT}", api_processes=2)
    return testbed


@pytest.mark.holds("F8")
def test_x78_the_network_to_postgresql_and_to_redis_is_parted(network, over_tcp):
    testbed = over_tcp
    start_covered(testbed)
    told = redis.Redis(port=REDIS_PORT, decode_responses=True)
    with Load(testbed) as load, Changes(testbed, "parted") as changes:
        wait_until(lambda: changes.acknowledged, 30, "something was written")
        network.part(PG_PORT)
        began = time.monotonic()
        wait_until(lambda: confidence(testbed) == "stale", 15, "the answers said that they are not live any more")
        noticed = within(15, began, "the noticing")
        hold(SECONDS)
        assert testbed.get("/v1/now?place=ZED01").status == 200
        network.heal()
        back = wait_live(testbed, 20)
        network.part(REDIS_PORT)
        flips = changes.flips
        hold(SECONDS / 2)
        wait_until(lambda: changes.flips > flips + 2, 30, "there were flags")
        network.heal()
    load.check()
    wait_settled(testbed)
    changes.check()
    check_outbox(testbed)
    count = wait_told(testbed, told)
    figure("F8", f"parted for {SECONDS:.0f} s: said to be stale after {noticed:.1f} s, live {back:.1f} s after healing, {count} flags in order; {load}; {changes}")


# -------------------------------------------------------------------------------------------------------------------------- lines

WAYS = [("late", 0.2), ("late", 2.0), ("lossy", 0), ("drip", 1.0), ("silent", 0), ("cut", 0), ("half", 0), ("refused", 0)]


@pytest.mark.holds("F9", "F8")
def test_x79_lines_are_slow_lossy_silent_and_cut(testbed):
    lines = {"postgres": Wire(testbed.postgres.folder / ".s.PGSQL.5432"), "redis": Wire(testbed.redis.socket), "feed": Wire(testbed.publisher.port)}
    region = small(testbed.publisher)
    region["rotas"][0]["source"]["url"] = f"http://127.0.0.1:{lines['feed'].port}/amhp.ics"
    region["rotas"].append({"id": "other", "service": "oswins-liaison", "tier": 1,
                            "source": {"kind": "ical_url", "url": testbed.publisher.url("other"), "every_minutes": 1}})
    testbed.publisher.publish("other", calendar([Event("far@test", now() + 480 * HOUR, now() + 492 * HOUR, "Jo Jones")]))
    testbed.configure(api_processes=2, database=f"host=127.0.0.1 port={lines['postgres'].port} dbname=crisiscover",
                      redis=f"redis://127.0.0.1:{lines['redis'].port}")
    try:
        start_covered(testbed, region)
        with Load(testbed) as load, Changes(testbed, "lines") as changes:
            slowest = 0.0
            for name, line in lines.items():
                for mode, seconds in WAYS:
                    line.set(mode, seconds)
                    if mode == "refused":
                        line.reset()
                    hold(SECONDS / 10)
                    if name == "feed":
                        fetch_other(testbed)
                    line.set("pass")
                    slowest = max(slowest, wait_live(testbed, 20))
                    assert not load.wrong and not load.failed, f"{name} {mode}: {load.wrong[:2]} {load.failed[:2]}"
        load.check()
        wait_settled(testbed)
        changes.check()
        check_outbox(testbed)
        figure("F9", f"{len(WAYS)} ways on each of {len(lines)} lines: live again within {slowest:.1f} s; {load}; {changes}")
    finally:
        for line in lines.values():
            line.close()


def fetch_other(testbed):
    """Another feed is fetched as ever."""
    asked = testbed.publisher.feeds["other"].asked
    testbed.refresh("other")
    wait_until(lambda: testbed.publisher.feeds["other"].asked > asked, 10, "the other feed was fetched")


# -------------------------------------------------------------------------------------------------------------------------- disks


class Disk:
    """A small file system."""

    def __init__(self, path, megabytes):
        self.path = path
        path.mkdir(exist_ok=True)
        command("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs", path)

    def fill(self):
        with open(self.path / "filler", "ab", buffering=0) as file:
            for size in (1 << 20, 4096, 512, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    pass

    def clear(self):
        (self.path / "filler").unlink()

    def remove(self):
        subprocess.run(["umount", "-l", self.path], check=False)


@pytest.fixture
def disk(testbed):
    """Makes small disks: disk(path, megabytes)."""
    if os.geteuid() != 0:
        pytest.skip("wants root, to mount small disks")
    made = []

    def make(path, megabytes):
        made.append(Disk(path, megabytes))
        return made[-1]

    yield make
    for log in testbed.folder.glob("*.log"):
        if log.is_symlink():  # it is read once more when the testbed ends
            text = log.read_bytes()
            log.unlink()
            log.write_bytes(text)
    for one in made:
        one.remove()


@pytest.mark.holds("F10", "H09.1")
def test_x80_the_disks_of_state_and_log_are_full(testbed, disk):
    state, log = disk(testbed.folder / "state", 1), disk(testbed.folder / "log", 1)
    testbed.configure(api_processes=2)
    # The log of the next process of the testbed is on the small disk.
    (testbed.folder / f"serve-{len(testbed.processes)}.log").symlink_to(log.path / "serve")
    start_covered(testbed)
    files = [state.path / "last-good", state.path / "last-good.before"]
    testbed.stop()
    (testbed.folder / f"serve-{len(testbed.processes)}.log").symlink_to(log.path / "serve-again")
    start_covered(testbed)
    wait_until(lambda: all(file.exists() for file in files), 60, "there were two generations")
    with Load(testbed) as load, Changes(testbed, "full") as changes:
        kept = [file.read_bytes() for file in files]
        before = {role: list(pids) for role, pids in testbed.pids().items()}
        state.fill()
        log.fill()
        hold(SECONDS)
        written = len(changes.acknowledged)
        wait_until(lambda: len(changes.acknowledged) > written, 30, "writes went on")
        assert all(len(file.read_bytes()) for file in files) and kept[0] in [file.read_bytes() for file in files], "neither generation was lost"
        assert testbed.pids() == before, "nobody ended"
        state.clear()
        log.clear()
        grown = (log.path / "serve-again").stat().st_size
        wait_until(lambda: files[0].read_bytes() != kept[0], 90, "a new last-good file was written")
        wait_until(lambda: (log.path / "serve-again").stat().st_size > grown, 90, "the log went on")
    load.check()
    wait_settled(testbed)
    changes.check()
    figure("F10", f"state and log full for {SECONDS:.0f} s: {load}; {changes}")


@pytest.mark.holds("F10", "F4")
def test_x80_the_disk_of_postgresql_is_full(testbed, disk):
    testbed.postgres.stop()
    size = int(subprocess.run(["du", "-sm", testbed.postgres.data], check=True, capture_output=True, text=True).stdout.split()[0])
    data = disk(testbed.folder / "data", size + 12)
    command("cp", "-a", testbed.postgres.data, data.path)
    testbed.postgres.data = data.path / testbed.postgres.data.name
    testbed.postgres.start()
    testbed.configure(api_processes=2)
    start_covered(testbed)
    with Load(testbed) as load, Changes(testbed, "full") as changes:
        wait_until(lambda: changes.acknowledged, 30, "something was written")
        data.fill()
        # Until PostgreSQL itself has no room for what it must write: it refuses, or ends.
        wait_until(lambda: changes.refused or changes.uncertain, 120, "a write was refused")
        hold(SECONDS)
        data.clear()
        if not testbed.postgres.process.alive:
            testbed.postgres.start()  # as its service manager would
        back = wait_live(testbed, 30)
        written = len(changes.acknowledged)
        wait_until(lambda: len(changes.acknowledged) > written, 60, "writes were taken again")
    load.check()
    wait_settled(testbed)
    changes.check()
    assert all(status == 503 and told for status, told in changes.refused), changes.refused
    figure("F10", f"the database's disk full for {SECONDS:.0f} s: live {back:.1f} s after there was room; {load}; {changes}")


@pytest.mark.holds("F10", "F6")
def test_x80_the_disk_of_redis_is_full(testbed, disk):
    room = disk(testbed.folder / "room", 2)
    testbed.redis.stop()
    command("chown", unprivileged().pw_uid, room.path)
    testbed.redis.process = Process("redis", ["/usr/bin/redis-server", "--port", "0", "--unixsocket", testbed.redis.socket, "--unixsocketperm", "777", "--dir",
                                              room.path, "--save", "", "--appendonly", "yes", "--appendfsync", "always"], testbed.folder / "redis")
    wait_until(testbed.redis.answers, 30, "Redis answered")
    testbed.configure(api_processes=2)
    start_covered(testbed)
    client = testbed.redis_client()
    with Load(testbed) as load, Changes(testbed, "full") as changes:
        wait_until(lambda: changes.flips > 1, 30, "there were flags")
        room.fill()
        flips = changes.flips
        hold(SECONDS)
        wait_until(lambda: changes.flips > flips + 3, 30, "there were more flags")
        room.clear()
        if not testbed.redis.process.alive:
            testbed.redis.process = Process("redis", testbed.redis.process.popen.args, testbed.folder / "redis")  # as its service manager would
            wait_until(testbed.redis.answers, 30, "Redis answered")
    load.check()
    wait_settled(testbed)
    changes.check()
    check_outbox(testbed)
    count = wait_told(testbed, client)
    figure("F10", f"the disk of Redis full for {SECONDS:.0f} s: {count} flags in order; {load}; {changes}")


# --------------------------------------------------------------------------------------------------------------------------- soak


@pytest.mark.holds("F1", "F3", "F4", "F6", "F10", "F12", "F15", "F16", "H06.1")
def test_x90_a_soak_with_hung_roles_clocks_full_disks_and_replacements(testbed):
    testbed.configure(hung_seconds=10)
    testbed.move_clock(0)
    soak = Soak(testbed, seed=20, everything=True)
    soak.begin()
    soak.run(3 * SECONDS, trouble_every=1.5)
    soak.end()
    soak.check()
    figure("soak", soak.story().replace("\n", "; "))
