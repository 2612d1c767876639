# SPDX-License-Identifier: MIT
"""Two coverage processes, four writers, readers and a subscriber, while roles are killed and PostgreSQL and Redis go away: afterwards
nothing that was acknowledged may be lost, done twice, or told wrongly."""

import http.client
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from datetime import timedelta

from regions import ALWAYS, HOUR, Event, calendar, rfc3339, today
from servers import Process, run, slowness, wait_until

WRITERS = 4          # the first two upload their calendar, the others publish it
READERS = 2
EVERYWHERE = "PX"    # the place that all four rotas serve
FIRST = timedelta(days=2)
SETTLES_WITHIN = 90


def region(publisher):
    """A place for each writer's rota, and one that depends on all of them."""
    rotas = []
    for number in range(WRITERS):
        source = {"kind": "file", "path": f"w{number}.ics"}
        if number >= WRITERS // 2:
            source = {"kind": "ical_url", "url": publisher.url(f"w{number}"), "every_minutes": 1}
        rotas.append({"id": f"w{number}", "service": f"s{number}", "tier": 1, "source": source})
    places = [f"P{number}" for number in range(WRITERS)] + [EVERYWHERE]
    return {
        "crisiscover": 1, "time_zone": "Europe/London", "bank_holidays": "england-and-wales",
        "organisations": [{"code": "ZFC", "name": "Fenmere County Council", "kind": "local_authority"}],
        "functions": [{"code": "amhp", "name": "Approved mental health professional"}],
        "places": [{"code": code, "name": f"Place {code}", "kind": "hospital"} for code in places],
        "people": [{"id": f"p{number}", "name": f"Pat Writer{'abcd'[number]}", "organisation": "ZFC", "roles": ["amhp"]}
                   for number in range(WRITERS)],
        "services": [{"id": f"s{number}", "name": f"Duty {number}", "function": "amhp", "organisation": "ZFC",
                      "places": [f"P{number}", EVERYWHERE], "phone": "+441632960456"} for number in range(WRITERS)],
        "rotas": rotas,
        "requirements": [{"id": f"Q{code}", "place": code, "function": "amhp", "count": 3 if code == EVERYWHERE else 1, "hours": ALWAYS}
                         for code in places],
        "accounts": [],
    }


class Writer(threading.Thread):
    """Appends one shift after another to its calendar. Acknowledged is what the server has said is applied, or has shown as covered."""

    def __init__(self, soak, number):
        super().__init__(daemon=True)
        self.soak, self.testbed, self.number, self.rota = soak, soak.testbed, number, f"w{number}"
        self.events, self.acknowledged, self.tries = [], [], 0
        self.start_at = today() + FIRST
        self.append()

    def append(self):
        number = len(self.events)
        start = self.start_at + number * HOUR
        self.events.append(Event(f"{self.rota}-{number}@soak", start, start + HOUR, f"AMHP – Pat Writer{'abcd'[self.number]}"))

    def run(self):
        while not self.soak.stopping.is_set():
            self.append()
            while not self.soak.stopping.is_set() and not self.write():
                self.tries += 1
                self.soak.stopping.wait(0.1)

    def write(self):
        """False: it is not known whether it took effect; the same again."""
        try:
            return self.upload() if self.number < WRITERS // 2 else self.publish()
        except (OSError, http.client.HTTPException, ValueError, KeyError, IndexError):
            return False

    def upload(self):
        answer = self.testbed.post(f"/v1/rotas/{self.rota}/imports?apply=now", calendar(self.events), content_type="text/calendar", seconds=5)
        if answer.status != 202:
            return False
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            state = self.testbed.get(f"/v1/imports/{answer.json['id']}", seconds=5).json["state"]
            if state == "applied":
                self.acknowledged = list(self.events)
                return True
            if state != "uploaded":
                return False
            self.soak.stopping.wait(0.02)
        return False

    def publish(self):
        self.testbed.publisher.publish(self.rota, calendar(self.events))
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not self.soak.stopping.is_set():
            self.testbed.post(f"/v1/feeds/{self.rota}/refresh", seconds=5)
            if self.covered(self.events[-1]):
                self.acknowledged = list(self.events)
                return True
            self.soak.stopping.wait(0.1)
        return False

    def covered(self, event):
        answer = self.testbed.get(f"/v1/coverage?place=P{self.number}&function=amhp&from={rfc3339(event.start)}&to={rfc3339(event.end)}",
                                seconds=5)
        return answer.status == 200 and answer.json["requirements"][0]["spans"][0]["state"] == "covered"


class Reader(threading.Thread):
    """Asks over one connection for as long as it holds: what it has seen, it must not see undone."""

    def __init__(self, soak, number):
        super().__init__(daemon=True)
        self.soak, self.number, self.reads, self.sessions, self.regressions = soak, number, 0, 0, []

    def run(self):
        while not self.soak.stopping.is_set():
            try:
                self.session()
            except (OSError, http.client.HTTPException, ValueError):
                self.soak.stopping.wait(0.05)

    def session(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.soak.testbed.port, timeout=5)
        seen = (0, 0)
        self.sessions += 1
        try:
            while not self.soak.stopping.is_set():
                connection.request("GET", f"/v1/now?place={EVERYWHERE}", headers={"Authorization": f"Bearer {self.soak.testbed.token}"})
                response = connection.getresponse()
                body = response.read()
                if response.status != 200:
                    raise OSError(f"{response.status}")
                version = tuple(int(part) for part in json.loads(body)["map"]["version"].split("-"))
                if version < seen:
                    self.regressions.append((seen, version))
                seen = version
                self.reads += 1
                self.soak.stopping.wait(0.01)
        finally:
            connection.close()


class Subscriber:
    """crisiscover watch, killed and started again; what it said, in all its lives."""

    def __init__(self, testbed):
        self.testbed, self.lives, self.state = testbed, [], testbed.folder / "watch.state"
        testbed.folder.chmod(0o777)  # the state file is made beside the others
        self.start()
        wait_until(lambda: "listening" in self.lives[0].log.read_text(), 10, "watch listened")

    def start(self):
        argv = [self.testbed.release.client, "watch", "--state", self.state, "--json"]
        life = Process(f"watch-{len(self.lives)}", argv, self.testbed.folder, self.testbed.environment)
        self.testbed.processes.append(life)
        self.lives.append(life)

    def kill(self):
        self.lives[-1].kill_session()
        self.start()

    def flags(self):
        """In the order in which they were said."""
        for life in self.lives:
            for line in life.log.read_text().splitlines():
                try:
                    flag = json.loads(line)
                except ValueError:
                    continue  # it was killed while it spoke, or speaks of itself
                if isinstance(flag, dict) and "id" in flag:
                    yield flag


def check_outbox(testbed):
    """The numbers of the flags have no hole, and no gap was opened or closed twice running."""
    assert testbed.sql("select epoch from flag group by epoch having max(seq) - min(seq) + 1 <> count(*) or min(seq) <> 1") == []
    assert testbed.sql("select * from (select gap, kind, lag(kind) over (partition by gap order by epoch, seq) as before from flag "
                       "where kind in ('opened', 'closed')) told where kind = before") == []


def told_by(subscriber):
    """The gaps that are open by what the subscriber was told: every flag once and in order."""
    told, last = {}, (1, 0)
    for flag in subscriber.flags():
        number = tuple(int(part) for part in flag["id"].split("-"))
        if number <= last:
            continue  # said, and killed before it was noted
        assert number == (last[0], last[1] + 1), f"the subscriber has {number} after {last}"
        last = number
        if "gap" not in flag or flag["kind"] == "acknowledged":
            continue
        if flag["kind"] == "closed":
            told.pop(flag["gap"])
        else:
            told[flag["gap"]] = (flag["state"], flag["start"])
    return told


def check_told(testbed, subscriber):
    """The subscriber was told every flag once and in order, and what it was told is what is open. One api process may still answer from its last-good
    file when another has read the map."""
    newest = wait_until(lambda: testbed.get("/v1/flags?after=1-0&limit=1").json, 10, "flags were answered")["head"]
    wait_until(lambda: newest in {flag["id"] for flag in subscriber.flags()}, 30, f"the subscriber had {newest}")
    wait_until(lambda: told_by(subscriber) == open_gaps(testbed), 30, "what the subscriber was told was what is open")


def open_gaps(testbed):
    found, path = {}, "/v1/gaps?state=open&limit=200"
    while path:
        answer = testbed.get(path).json
        found.update({gap["id"]: (gap["state"], gap["start"]) for gap in answer["gaps"]})
        path = answer.get("next") and f"/v1/gaps?state=open&limit=200&cursor={answer['next']}"
    return found


class Soak:
    """${everything}: roles hang, clocks are moved, files find no room, and every process is replaced, too. For that the testbed has hung_seconds set to what
    a test can wait for, and move_clock(0) called."""

    def __init__(self, testbed, seed=1, everything=False):
        self.testbed, self.chance, self.stopping, self.everything = testbed, random.Random(seed), threading.Event(), everything
        self.done = Counter()
        self.second = None

    # --------------------------------------------------------------------------------------------------------------- running

    def begin(self):
        testbed = self.testbed
        self.subscriber = Subscriber(testbed)
        self.writers = [Writer(self, number) for number in range(WRITERS)]
        for writer in self.writers:
            testbed.write(f"{writer.rota}.ics", calendar(writer.events))
            testbed.publisher.publish(writer.rota, calendar(writer.events))
        testbed.start(region(testbed.publisher))
        self.second = testbed.role("coverage")
        self.readers = [Reader(self, number) for number in range(READERS)]
        for thread in self.writers + self.readers:
            thread.start()

    def run(self, seconds, trouble_every=3.0):
        """For so long, and on a busy machine until every writer got somewhere: else nothing was tested."""
        began = time.monotonic()
        while time.monotonic() < began + seconds or (
                any(len(writer.acknowledged) <= 2 for writer in self.writers) and time.monotonic() < began + seconds * slowness()):
            self.stopping.wait(self.chance.uniform(0.3, 2 * trouble_every))
            self.trouble()

    def trouble(self):
        kinds = {"api": 3, "feeds": 3, "coverage": 4, "flags": 4, "reader": 1, "second": 4, "watch": 2, "postgres": 2, "crash": 2, "redis": 1}
        if self.everything:
            kinds.update({"hung": 3, "clock": 3, "disk": 2, "renew": 2})
        kind = self.chance.choices(list(kinds), list(kinds.values()))[0]
        self.done[kind] += 1
        getattr(self, f"_{kind}", lambda: self._role(kind))()

    def _role(self, role):
        for pid in self.testbed.pids(role):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # the supervisor was faster

    def _second(self):
        self.second.kill_session()
        self.second = self.testbed.role("coverage")

    def _watch(self):
        self.subscriber.kill()

    def _postgres(self):
        self.testbed.postgres.stop()
        self.testbed.postgres.start()

    def _crash(self):
        self.testbed.postgres.crash()
        self.testbed.postgres.start()

    def _redis(self):
        self.testbed.redis.stop()
        self.testbed.redis.start()

    def _hung(self):
        pids = [pid for pids in self.testbed.pids().values() for pid in pids]
        if pids:
            os.kill(self.chance.choice(pids), signal.SIGSTOP)

    def _clock(self):
        self.testbed.move_clock(self.chance.choice([3600, -3600, 86400, 0, 0]))

    def _disk(self):
        """For a second no file of the server's processes finds room for more: to a process that is as a disk that is full."""
        self._limit_files("16")
        self.stopping.wait(1)
        self._limit_files("unlimited")

    def _limit_files(self, size):
        """Asked for by the user that the processes have: root may lack the right. One that was killed meanwhile has no limit."""
        for pid in [self.testbed.server.pid, *(pid for pids in self.testbed.pids().values() for pid in pids)]:
            run(["prlimit", f"--pid={pid}", f"--fsize={size}:"], "/", check=False)

    def _renew(self):
        """As deploy/up does with a changed build."""
        self.testbed.server.send(signal.SIGHUP)

    # ---------------------------------------------------------------------------------------------------------------- checks

    def end(self):
        self.stopping.set()
        for thread in self.writers + self.readers:
            thread.join(30)
        if self.everything:
            self.testbed.move_clock(0)
        # The last write may not have been taken: it is made once more, as any client would.
        wait_until(self.testbed.is_live, 30, "the api answered")
        self.stopping = threading.Event()
        for writer in self.writers:
            writer.soak = self
            wait_until(writer.write, SETTLES_WITHIN, f"the last word of {writer.rota} was taken")
        wait_until(self.is_quiet, SETTLES_WITHIN, "nothing was left to do")

    def is_quiet(self):
        try:
            return self.testbed.sql("select not exists (select from dirty) and not exists (select from demand where retired_at is null and "
                                  "next_at <= now()) and not exists (select from flag where published_at is null) and "
                                  "(select region_version from map_head) = (select max(version) from region)") == [(True,)]
        except Exception:  # noqa: BLE001  (a session that was ended by the last trouble)
            return False

    def check(self):
        self.check_record()
        self.check_flags()
        self.check_sessions()
        self.check_subscriber()
        self.check_map()

    def check_record(self):
        """Every acknowledged shift is in force, and came exactly once."""
        for writer in self.writers:
            rows = self.testbed.sql("select starts_at, known_to = 'infinity', count(*) over (partition by starts_at) from shift where rota = %s",
                                  writer.rota)
            held = {rfc3339(start) for start, in_force, _ in rows if in_force}
            lost = [event.uid for event in writer.acknowledged if rfc3339(event.start) not in held]
            assert not lost, f"acknowledged and lost: {len(lost)}: {lost[:5]}"
            twice = [start for start, _, count in rows if count > 1]
            assert not twice, f"{len(twice)} rows of {writer.rota} came more than once: {self.imports(writer.rota)}"
            assert len(writer.acknowledged) > 2, f"{writer.rota} got nowhere: the soak tested nothing"

    def imports(self, rota):
        """Of a rota whose shifts came more than once: the uploads that were put in force in another order than they came in."""
        return self.testbed.sql("select id, state, decided_at from (select *, lag(id) over (order by decided_at) as before from import "
                              "where rota = %s and decided_at is not null) i where before > id limit 5", rota)

    def check_flags(self):
        check_outbox(self.testbed)
        assert self.testbed.sql("select gap, kind from flag where kind in ('opened', 'closed') group by gap, kind having count(*) > 1") == []

    def check_sessions(self):
        for reader in self.readers:
            assert reader.regressions == [], f"a session saw the map go back: {reader.regressions}"
            assert reader.reads > 0

    def check_subscriber(self):
        check_told(self.testbed, self.subscriber)

    def check_map(self):
        """Deletes all results of sweeps; one process computes them again from the same shifts."""
        testbed = self.testbed
        testbed.stop()
        self.second.kill_session()
        kept = self.map()
        testbed.sql("set session_replication_role = replica; delete from flag; delete from gap_event; delete from gap; delete from span; "
                  "delete from source_seen; delete from dirty; update demand set next_at = '-infinity', version = version + 1; "
                  "update map_head set version = version + 1", login="postgres")
        fresh = testbed.role("coverage")
        wait_until(lambda: testbed.sql("select count(*) from demand where retired_at is null and next_at <= now()") == [(0,)], 60,
                   "the map was computed again")
        assert self.map() == kept
        fresh.end()

    def map(self):
        spans = self.testbed.sql("select requirement, place, starts_at, ends_at, state, cause, present, required, shifts from span "
                               "where known_to = 'infinity' and ends_at > now() order by 1, 2, 3")
        gaps = self.testbed.sql("select requirement, place, ends_at, state, cause, present, required from gap where closed_at is null "
                              "order by 1, 2, 3")
        return spans, gaps

    def story(self):
        written = ", ".join(f"{len(writer.acknowledged)} of {writer.rota} ({writer.tries} tries more)" for writer in self.writers)
        return (f"acknowledged: {written}\nread: {sum(reader.reads for reader in self.readers)} answers in "
                f"{sum(reader.sessions for reader in self.readers)} sessions\n"
                f"flags: {len({flag['id'] for flag in self.subscriber.flags()})} told to the subscriber in {len(self.subscriber.lives)} lives\n"
                f"troubles: {', '.join(f'{count} {kind}' for kind, count in sorted(self.done.items()))}")
