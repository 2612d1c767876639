# SPDX-License-Identifier: MIT
"""Questions and writes without a pause while something is broken, and an oracle that knows who is on call: every answer is compared with it."""

import http.client
import threading
import time
from collections import Counter
from pathlib import Path

import psycopg2

from regions import HOUR, PEOPLE, calendar, instant, now, rfc3339, round_the_clock
from servers import slowness, wait_until

ROTA = "fenmere-amhp-duty"
CLIENTS, A_SECOND = 10, 200
SLOTS = 24  # half hours of a shift
EDGE_SECONDS = 2  # so far from a handover either of both may be named


def who(events, at):
    """Whom the calendar names at an instant: two for a moment round a handover."""
    return {event.title.split(" – ")[1] for event in events
            if (event.start - at).total_seconds() <= EDGE_SECONDS and (at - event.end).total_seconds() < EDGE_SECONDS}


class Load:
    """${CLIENTS} clients ask ${A_SECOND} times a second who is on call in the small region (regions.small). Half of them keep their connection and ask once
    more over a new one if it breaks, as browsers do. Use it with `with`: at the end of that it has stopped, and check() says whether it went well."""

    def __init__(self, testbed, events=None, a_second=A_SECOND):
        self.testbed, self.events, self.pause = testbed, events or round_the_clock(), CLIENTS / a_second
        self.done, self.failed, self.failed_new, self.wrong, self.again = [], [], [], [], 0
        self.confidence, self.states = Counter(), Counter()
        self._stop, self._threads = threading.Event(), []

    def __enter__(self):
        self._threads = [threading.Thread(target=self._run, args=(number,), daemon=True) for number in range(CLIENTS)]
        for thread in self._threads:
            thread.start()
        wait_until(lambda: len(self.done) >= CLIENTS, 30, "the load was being answered")
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join(90)

    def _run(self, number):
        kept, over, due = number % 2 == 0, self.testbed.connection(30), time.monotonic()
        while not self._stop.wait(max(0, due - time.monotonic())):
            began = time.monotonic()
            try:
                answer = self._ask(over, kept)
                self.done.append((began, time.monotonic()))
                self._judge(answer)
            except (OSError, http.client.HTTPException) as fault:
                (self.failed if kept else self.failed_new).append((time.monotonic(), repr(fault)))
                over.close()
            due = max(due + self.pause, time.monotonic())
        over.close()

    def _ask(self, over, kept):
        used = over.sock is not None
        try:
            return self._get(over)
        except (OSError, http.client.HTTPException):
            over.close()
            if not (kept and used):
                raise
            self.again += 1
            return self._get(over)
        finally:
            if not kept:
                over.close()

    def _get(self, over):
        answer = self.testbed.get("/v1/now?place=ZED01", over=over)
        if answer.status != 200:
            raise OSError(f"{answer.status} {answer.body[:200]!r}")
        return answer.json

    def _judge(self, answer):
        """Covered by nobody else, never a gap where somebody is on, and of the function without a rota nobody."""
        at = instant(answer["at"])
        self.confidence[answer["map"]["confidence"]] += 1
        for function in answer["functions"]:
            names, state = {one["name"] for one in function["on_call"]}, function["state"]
            truth = who(self.events, at) if function["function"] == "amhp" else set()
            self.states[function["function"], state] += 1
            if not names <= truth or (state == "covered") != bool(names) or (state in ("gap", "short") and len(truth) == 1):
                self.wrong.append((rfc3339(at), function["function"], state, sorted(names), sorted(truth)))

    # ------------------------------------------------------------------------------------------------------------- what came of it

    @property
    def silence(self):
        """The longest time in which nobody got an answer, seconds."""
        ends = sorted(end for _, end in self.done)
        return max((after - before for before, after in zip(ends, ends[1:])), default=0)

    def late(self, share=0.99):
        """The wait, in milliseconds, that ${share} of the answers did not exceed."""
        waits = sorted(end - began for began, end in self.done)
        return 1000 * waits[min(len(waits) - 1, int(len(waits) * share))]

    def check(self, failed=0.0, failed_new=0.0):
        """Every answer was right, and at most such shares had none: of all questions by those who keep their connection, and by those who do not."""
        assert self.done and not self.wrong, f"{len(self.wrong)} of {len(self.done)} answers were wrong: {self.wrong[:3]}"
        for found, most in ((self.failed, failed), (self.failed_new, failed_new)):
            assert len(found) <= most * len(self.done), f"{len(found)} questions beside {len(self.done)} answers had none: {found[:3]}"

    def __str__(self):
        return (f"{len(self.done)} answers, {len(self.wrong)} wrong, {len(self.failed)} without one over kept and {len(self.failed_new)} over new "
                f"connections, {self.again} asked twice; p99 {self.late():.0f} ms, "
                f"longest silence {1000 * self.silence:.0f} ms")


class Changes:
    """Every change is acknowledged or asked for again under its key: overrides on days to come, and shifts that a calendar takes out and puts back.
    Use it with `with`; check() compares what was acknowledged with what is there."""

    def __init__(self, testbed, name, events=None):
        self.testbed, self.name, self.events = testbed, name, events or round_the_clock()
        self.acknowledged, self.refused, self.uncertain, self.flips = {}, Counter(), 0, 0
        self._stop, self._threads = threading.Event(), []

    def __enter__(self):
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._write, self._flip)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join(90)

    def _write(self):
        """Half an hour of a coming shift after the other, on the whole server each once."""
        ahead = [event for event in self.events if event.start > now() + 24 * HOUR]
        number = 0
        while not self._stop.is_set():
            self.testbed.slot = getattr(self.testbed, "slot", -1) + 1
            event, half = ahead[self.testbed.slot // SLOTS], self.testbed.slot % SLOTS
            start = event.start + half * HOUR / 2
            body = {"rota": ROTA, "person": PEOPLE[(self.events.index(event) + 2) % 4][0], "start": rfc3339(start), "end": rfc3339(start + HOUR / 2),
                    "note": f"{self.name} {number}", "confirm": True}
            while not self._stop.is_set() and not self._wrote(f"{self.name}-{number}", body):
                self._stop.wait(0.1)
            number += 1
            self._stop.wait(0.3)

    def _wrote(self, key, body):
        try:
            answer = self.testbed.request("POST", "/v1/overrides", body, headers={"Idempotency-Key": key}, seconds=30)
        except (OSError, http.client.HTTPException):
            self.uncertain += 1
            return False
        if answer.status == 201:
            self.acknowledged[body["note"]] = answer.json["id"]
        elif answer.status < 500:
            raise AssertionError(f"{key}: {answer}")
        else:
            self.refused[answer.status, answer.headers["Retry-After"] is not None] += 1
        return answer.status == 201

    def _flip(self):
        """A gap that opens and closes again, in the far future."""
        gone = [event for event in self.events if event.start > now() + 10 * 24 * HOUR]
        while not self._stop.wait(0.5):
            out = gone[self.flips % 12]
            self.testbed.publisher.publish("amhp", calendar([event for event in self.events if event is not out]))
            try:
                self.testbed.post(f"/v1/feeds/{ROTA}/refresh", seconds=30)
                self.flips += 1
            except (OSError, http.client.HTTPException):
                pass
        self.testbed.publisher.publish("amhp", calendar(self.events))

    def check(self):
        rows = dict(self.testbed.sql("select note, count(*) from override where note like %s group by note", f"{self.name} %"))
        lost = [note for note in self.acknowledged if note not in rows]
        assert not lost, f"acknowledged and lost: {lost[:5]}"
        twice = [note for note, count in rows.items() if count > 1]
        assert not twice, f"made more than once: {twice[:5]}"
        assert self.acknowledged, "nothing was written: nothing was tested"
        assert all(status == 503 for status, _ in self.refused), f"refused for another reason than what was broken: {self.refused}"

    def __str__(self):
        return f"{len(self.acknowledged)} writes acknowledged, 0 lost, 0 twice ({self.uncertain} without an answer, asked again; {sum(self.refused.values())} refused)"


def resident(pid):
    """MiB of memory that a process has."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) / 1024


def open_files(pid):
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def is_settled(testbed):
    """Nothing is left to do: all is swept and told."""
    try:
        return testbed.sql("select not exists (select from dirty) and not exists (select from demand where retired_at is null and next_at <= now()) and "
                           "not exists (select from flag where published_at is null)") == [(True,)]
    except psycopg2.Error:
        return False  # a session that was ended by what was broken


def wait_settled(testbed, seconds=60):
    wait_until(lambda: is_settled(testbed), seconds, "all was swept and told")


STREAM = "crisiscover:flags:stream"


def stream_of(client):
    """Numbers of the flags in the stream, in its order."""
    return [tuple(map(int, id.split("-"))) for id, _ in client.xrange(STREAM)]


def wait_told(testbed, client, seconds=60):
    """The end of the outbox is the whole stream, in order and without a hole. Answers how many flags that is. Others may come meanwhile: a closing is held
    back for a while."""
    def is_told():
        found, rows = stream_of(client), testbed.sql("select epoch, seq from flag order by epoch, seq")
        return len(found) if found and found == rows[-len(found):] else 0

    wait_settled(testbed, seconds)
    return wait_until(is_told, seconds, "the stream was the end of the outbox")


def hold(seconds):
    """For so long something stays broken: time itself is what is tested, and more of it on a busy machine."""
    until = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() >= until, seconds + 60, "the time was over")


def within(seconds, began, what):
    """Fails if more than ${seconds} of an idle machine have passed since ${began} (time.monotonic()). Answers how many have."""
    took = time.monotonic() - began
    assert took <= seconds * slowness(), f"{what} took {took:.1f} s, more than {seconds}"
    return took
