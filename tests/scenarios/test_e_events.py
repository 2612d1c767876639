# SPDX-License-Identifier: MIT
"""GET /v1/events of the whole server: what changes is heard within seconds, at whichever process, also through a real Apache."""

import http.client
import json
import os
import signal
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest

from providers import House
from regions import HOUR, calendar, now, rfc3339, round_the_clock, small
from servers import CLOCK, environment, slowness, wait_until

ROTA = "fenmere-amhp-duty"
SECONDS = 5  # from a change to the event


class Stream:
    """A reader of events, in a thread. ${headers}: instead of the administrator's token."""

    def __init__(self, testbed, query="", token=None, headers=None, url=None, after=None):
        where = urlsplit(url or testbed.url)
        self.connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
        sent = headers if headers is not None else {"Authorization": f"Bearer {token or testbed.token}"}
        if after:
            sent = {**sent, "Last-Event-ID": after}
        self.heard, self.ended, self.position = [], False, None
        self.connection.request("GET", f"/v1/events{query}", headers=sent)
        self.answer = self.connection.getresponse()
        if self.answer.status == 200:
            self.port = self.connection.sock.getsockname()[1] if self.connection.sock else None
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        event = {}
        try:
            for line in self.answer:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    event[name] = value
                    continue
                if "event" in event:
                    self.heard.append((event["event"], json.loads(event["data"]), time.monotonic()))
                self.position = event.get("id", self.position)
                event = {}
        except (OSError, http.client.HTTPException, AttributeError, ValueError):
            pass
        self.ended = True

    def of(self, kind, **wanted):
        return [data for name, data, _ in list(self.heard) if name == kind and all(data.get(key) == value for key, value in wanted.items())]

    def wait(self, kind, seconds=SECONDS, count=1, **wanted):
        return wait_until(lambda: len(self.of(kind, **wanted)) >= count and self.of(kind, **wanted)[-1], seconds * slowness(),
                          f"{kind} {wanted} was heard; but {[one[:2] for one in self.heard]}")

    def wait_end(self, seconds=SECONDS):
        wait_until(lambda: self.ended, seconds * slowness(), "the stream ended")

    def close(self):
        try:
            self.answer.fp.raw._sock.shutdown(socket.SHUT_RDWR)  # pylint: disable=protected-access
        except (OSError, AttributeError):
            pass
        self.answer.close()


@pytest.fixture
def running(testbed):
    """Two api processes on a covered region."""
    testbed.configure(api_processes=2)
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
    wait_until(lambda: len(testbed.pids("api")) == 2, 10, "there were two")
    return testbed


def override(testbed, hours=2):
    answer = testbed.post("/v1/overrides", {"rota": ROTA, "person": "tess-osei", "start": rfc3339(now() + HOUR),
                                            "end": rfc3339(now() + hours * HOUR), "note": "by phone", "confirm": True})
    assert answer.status == 201, answer
    return answer.json


def test_e01_every_reader_hears_what_any_process_did(running):
    testbed = running
    readers = [Stream(testbed, "?place=ZED01") for _ in range(6)]  # some at each process
    for reader in readers:
        reader.wait("heartbeat")
    override(testbed)
    for reader in readers:
        reader.wait("coverage", place="ZED01", functions=["amhp"])
    # A calendar without one of its shifts: cover, then a gap, by way of feeds, coverage and the database.
    events = round_the_clock()
    gone = next(event for event in events if event.start > now() + 30 * HOUR)
    above = Stream(testbed, "?place=X06000001")
    above.wait("heartbeat")
    testbed.publisher.publish("amhp", calendar([event for event in events if event is not gone]))
    testbed.refresh(ROTA)
    gap = wait_until(lambda: next((one for one in testbed.get("/v1/gaps?place=X06000001&function=amhp").json["gaps"]
                                   if (one["place"], one["start"]) == ("X06000001", rfc3339(gone.start))), None), 15 * slowness(), "the gap was listed")
    above.wait("gap", change="opened", place="X06000001", function="amhp", gap=gap["id"])
    answer = testbed.post(f"/v1/gaps/{gap['id']}/acknowledge", {"note": "seen to"})
    assert answer.status == 200, answer
    above.wait("gap", change="acknowledged", gap=gap["id"])
    testbed.publisher.publish("amhp", calendar(events))
    testbed.refresh(ROTA)
    above.wait("gap", 15, change="closed", gap=gap["id"])
    assert not readers[0].of("gap", place="X06000001")  # above its place
    assert not [name for name, _, _ in above.heard if name == "reset"]
    for reader in (*readers, above):
        reader.close()


@pytest.mark.holds("F1")
def test_e02_a_killed_process_costs_no_event(running):
    testbed = running

    def comes_back(reader):
        """A reader at some process that knows what happened since; as EventSource does, again and again."""
        again = Stream(testbed, "?place=ZED01", after=reader.position)
        again.wait("heartbeat")
        if again.of("reset"):
            again.close()
            return None
        return again

    reader = Stream(testbed, "?place=ZED01")
    wait_until(lambda: reader.position, 10, "it had a position")
    # Both processes have watched for longer than the position goes back.
    for _ in range(4):
        wait_until(lambda: comes_back(reader), 30, "it could be resumed")
    pids = testbed.pids("api")
    reader.wait("heartbeat", 20, count=2)
    missed = reader.position
    killed = serving(reader, pids)
    os.kill(killed, signal.SIGKILL)
    reader.wait_end()
    override(testbed)  # nobody listens
    reader.position = missed
    again = wait_until(lambda: comes_back(reader), 30, "the other process took it on")
    again.wait("coverage", place="ZED01")
    assert serving(again, [pid for pid in pids if pid != killed])
    again.close()
    # The new process has not watched: it says so.
    wait_until(lambda: len(testbed.pids("api")) == 2 and testbed.is_live(), 10, "both ran again")


def serving(reader, pids):
    """Which process has the other end of the reader's connection."""
    socket_of = reader.answer.fp.raw._sock  # pylint: disable=protected-access
    # Both ports: another server's connection may have the same port at its client.
    ends = [f":{port:04X}" for port in (socket_of.getpeername()[1], socket_of.getsockname()[1])]
    rows = [line.split() for line in open("/proc/net/tcp", encoding="ascii")]
    inode = next(row[9] for row in rows if row[1].endswith(ends[0]) and row[2].endswith(ends[1]))
    for pid in pids:
        for name in os.listdir(f"/proc/{pid}/fd"):
            try:
                if os.readlink(f"/proc/{pid}/fd/{name}") == f"socket:[{inode}]":
                    return pid
            except OSError:
                continue
    raise AssertionError("no process has the connection")


@pytest.mark.holds("F9")
def test_e03_who_does_not_read_is_cut_off_and_others_hear_on(testbed):
    places = 120
    region = small(testbed.publisher, places=[{"code": "TOP", "name": "Top", "kind": "icb"}] + [
        {"code": f"P{n}", "name": f"Place {n}", "kind": "hospital", "parents": ["TOP"]} for n in range(places)], requirements=[], accounts=[])
    region["services"] = [{"id": f"s{n}", "name": "Team", "function": "amhp", "organisation": "ZFC", "places": [f"P{n}"], "phone": "+441632960456",
                           "fallback": {"text": "Ring", "phone": "+441632960111"}} for n in range(places)]
    region["rotas"] = [{"id": f"r{n}", "service": f"s{n}", "tier": 1, "source": {"kind": "typed"}} for n in range(places)]
    testbed.start(region)
    reads = Stream(testbed, "?place=TOP")
    reads.wait("heartbeat")
    asleep = socket.socket()
    asleep.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    asleep.connect(("127.0.0.1", testbed.port))
    asleep.sendall(f"GET /v1/events?place=TOP HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {testbed.token}\r\n\r\n".encode())
    wait_until(lambda: metric(testbed, "listeners_open") == 2, 10, "both listened")
    rounds = 0
    while metric(testbed, "listeners_open") == 2:
        rounds += 1
        assert rounds < 60, "who does not read was never cut off"
        testbed.sql("update feed set fault = %s, updated_at = clock_timestamp() returning pg_notify('coverage_changed', '')", f"No. {rounds}")
        reads.wait("coverage", 10, count=rounds * places)
    assert not reads.ended and not reads.of("reset")
    assert len(reads.of("feed")) >= rounds * places
    asleep.close()
    reads.close()


def metric(testbed, name):
    return next(int(line.split()[1]) for line in testbed.get("/metrics", token=None).text.splitlines() if line.startswith(f"crisiscover_{name} "))


def test_e04_a_device_that_is_taken_off_hears_no_more(running):
    testbed = running
    made = testbed.post("/v1/places/ZED01/devices", {"label": "Desk"})
    assert made.status == 201, made
    opened = wait_until(lambda: session(testbed, {"device_code": made.json["code"]}), 10, "the code opened a session")
    device = Stream(testbed, headers={"Cookie": opened})
    device.wait("heartbeat")
    board = Stream(testbed, token=testbed.sign_in("fenmere-icb", "commissioner"))
    board.wait("heartbeat")
    override(testbed)
    device.wait("coverage", place="ZED01")
    board.wait("coverage", place="X06000001")
    for _, data, _ in device.heard + board.heard:
        assert "Osei" not in json.dumps(data) and "tess" not in json.dumps(data)
    answer = testbed.request("DELETE", f"/v1/places/ZED01/devices/{made.json['device']}")
    assert answer.status == 204, answer
    device.wait_end()
    assert Stream(testbed, headers={"Cookie": opened}).answer.status == 401
    assert not board.ended
    board.close()


def session(testbed, body):
    answer = testbed.post("/v1/session", body, token=None, headers={"Sec-Fetch-Site": "same-origin"})
    return answer.headers["set-cookie"].split(";")[0] if answer.status == 200 else None


def test_e05_events_pass_through_apache_at_once_and_leave_room(testbed):
    """As deploy/apache sets it up; every thread of Apache has a stream or a request, and streams may not have all."""
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.configure(listeners_per_account=100)
    house = House(testbed, {})
    apache = house.apache
    try:
        testbed.start(small(testbed.publisher))
        house.set_provider("council", {"preset": "generic", "organisations": ["ZFC"]})
        house.providers.start(testbed.folder)
        apache.configure(house.providers.secret)
        # It waits for a free connection until an hour of the clock that the kernel has: where that was moved, without end.
        apache.start({name: value for name, value in environment().items() if name not in CLOCK})
        readers, refused = [], 0
        for _ in range(60):  # Apache has 50 threads
            reader = Stream(testbed, "?place=ZED01", url=apache.url)
            if reader.answer.status == 200:
                readers.append(reader)
            else:
                assert reader.answer.status == 503, reader.answer
                refused += 1
        assert len(readers) >= 20 and refused >= 10
        assert readers[0].answer.headers["content-type"] == "text/event-stream"
        readers[0].wait("heartbeat")
        began = time.monotonic()
        override(testbed)
        for reader in readers:
            reader.wait("coverage", place="ZED01")
        assert time.monotonic() - began < 2 * SECONDS * slowness()
        for _ in range(20):  # lookups still have threads
            connection = http.client.HTTPConnection("127.0.0.1", apache.port, timeout=10)
            connection.request("GET", "/v1/now?place=ZED01", headers={"Authorization": f"Bearer {testbed.token}"})
            assert connection.getresponse().status == 200
            connection.close()
        for reader in readers:
            reader.close()
    finally:
        house.close()
