# SPDX-License-Identifier: MIT
"""The clock of the machine that reads the feeds is wrong, and every shift is still judged by the database's clock."""

import signal
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest

from regions import HOUR, Event, calendar, instant, now, rfc3339, round_the_clock, small, today
from servers import wait_until

ROTA = "fenmere-amhp-duty"
DAY = 86400
CLOSE = 40  # seconds by which a clock is wrong that is nearly right


def to_come():
    """Shifts of the days after tomorrow, which always stay."""
    return [Event(f"later-{n}@test", today() + (48 + 12 * n) * HOUR, today() + (60 + 12 * n) * HOUR, "Kim Lee") for n in range(8)]


def stamped_now(events):
    """A calendar that was written this second."""
    return calendar(events).replace(f"DTSTAMP:{today():%Y%m%dT%H%M%SZ}".encode(), f"DTSTAMP:{now():%Y%m%dT%H%M%SZ}".encode())


def read_again(testbed, events):
    testbed.publisher.publish("amhp", stamped_now(events))
    before = testbed.feed(ROTA)["last_change_at"]
    wait_until(lambda: now() > instant(before) + timedelta(seconds=1), 5, "a second went by")
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.feed(ROTA)["last_change_at"] != before or testbed.feed(ROTA)["held_import"], 25, "the calendar was read")


def soon_in_force(testbed):
    """The people in force of the shifts that run or begin in an hour: (person, class, as last read)."""
    return testbed.sql("select person, class, last_read_at is not null from shift where rota = %s and known_to = 'infinity' "
                     "and ends_at > clock_timestamp() and starts_at < clock_timestamp() + interval '12 hours' order by starts_at", ROTA)


def forgets(testbed):
    """It has been seen to drop what begins."""
    testbed.sql("update feed set dropped = 9, listed_over_at = null where rota = %s", ROTA)


def warned_of(testbed):
    return {one["kind"] for one in testbed.feed(ROTA)["warnings"]}


@pytest.mark.parametrize("wrong", [-3600, CLOSE, 3600])
@pytest.mark.holds("F12", "H03.4")
def test_d25_what_has_begun_is_what_has_begun_by_the_databases_clock(testbed, wrong):
    begun = Event("begun@test", now() - timedelta(minutes=20), now() + 9 * HOUR, "Jo Jones")
    testbed.publisher.publish("amhp", stamped_now([begun] + to_come()))
    testbed.move_clock(wrong)
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.feed(ROTA)["state"] == "good", 25, "the feed was read")
    # With a clock that is nearly right he is listed, and begins by that clock a moment later.
    soon = Event("soon@test", now() + timedelta(seconds=CLOSE + 5 if wrong == CLOSE else 1200), now() + 9 * HOUR, "Sam Ahmed")
    read_again(testbed, [begun, soon] + to_come())
    assert soon_in_force(testbed) == [("jo-jones", "named", False), ("sam-ahmed", "named", False)]
    # Sam is taken away before he begins; Jo has begun, so this calendar does not list her any more.
    forgets(testbed)
    wait_until(lambda: now() > soon.start - timedelta(seconds=CLOSE) or wrong != CLOSE, 15, "he has begun by the wrong clock")
    read_again(testbed, to_come())
    assert now() < soon.start, "the machine was too slow to tell"
    assert testbed.feed(ROTA)["held_import"] is None
    assert soon_in_force(testbed) == [("jo-jones", "named", True)]
    # Her server's clock is right, and so are the stamps.
    assert testbed.sql("select clock_off from feed where rota = %s", ROTA) == [(None,)]
    assert warned_of(testbed) == {"forgets"}
    assert any('"role":"feeds"' in line and '"event":"clock_off"' in line for line in testbed.logs().splitlines())


@pytest.mark.parametrize("wrong", [-3 * DAY, 3 * DAY])
@pytest.mark.holds("F12")
def test_d26_the_window_and_what_lies_ahead_are_those_of_the_databases_day(testbed, wrong):
    days = round_the_clock(days=6, past=7)
    testbed.publisher.publish("amhp", stamped_now(days))
    testbed.move_clock(wrong)
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.feed(ROTA)["state"] == "good", 25, "the feed was read")
    first, running = testbed.sql("select min(ends_at), count(*) filter (where starts_at <= clock_timestamp() and ends_at > clock_timestamp()) "
                               "from shift where rota = %s and known_to = 'infinity'", ROTA)[0]
    assert running == 1
    assert now() - timedelta(days=2, hours=1) < first < now(), "yesterday and on"
    # Half of what lies ahead is gone, and it is not in the part that the wrong clock takes for over.
    lost = [one for one in days if not now() + HOUR < one.start < now() + timedelta(days=3)]
    testbed.publisher.publish("amhp", stamped_now(lost))
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.feed(ROTA)["held_import"], 25, "it waits for a person")


@pytest.mark.holds("F12", "H03.4")
def test_d27_a_clock_that_is_moved_while_the_role_runs_moves_no_shift(testbed):
    testbed.move_clock(0)
    begun = Event("begun@test", now() - timedelta(minutes=20), now() + 9 * HOUR, "Jo Jones")
    soon = Event("soon@test", now() + timedelta(minutes=30), now() + 9 * HOUR, "Sam Ahmed")
    testbed.publisher.publish("amhp", stamped_now([begun, soon] + to_come()))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.feed(ROTA)["state"] == "good", 25, "the feed was read")
    forgets(testbed)
    testbed.move_clock(3600)
    read_again(testbed, [begun] + to_come())
    assert soon_in_force(testbed) == [("jo-jones", "named", False)], "Sam was taken away before he began"
    forgets(testbed)
    testbed.move_clock(-3600)
    read_again(testbed, to_come())
    assert soon_in_force(testbed) == [("jo-jones", "named", True)], "Jo has begun, whatever the machine says"
    assert warned_of(testbed) == {"forgets"}


@pytest.mark.parametrize("wrong", [-3600, 3600])
def test_d28_whose_clock_is_off_is_told_by_the_databases(testbed, wrong):
    """The publisher's clock is as wrong as the role's machine: by that they agree."""
    feed = testbed.publisher.publish("amhp", calendar([Event("begun@test", now() - HOUR, now() + 9 * HOUR, "Jo Jones")] + to_come()))
    feed.date = format_datetime(now() + timedelta(seconds=wrong), usegmt=True)
    testbed.move_clock(wrong)
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.sql("select clock_off from feed where rota = %s", ROTA)[0][0], 25, "its clock was noted")
    assert abs(testbed.sql("select clock_off from feed where rota = %s", ROTA)[0][0] - wrong) < 60


@pytest.mark.parametrize("wrong", [-3600, 3600])
@pytest.mark.holds("F12")
def test_d29_answers_heartbeats_and_the_audit_are_dated_by_the_databases_clock(testbed, wrong):
    testbed.publisher.publish("amhp", calendar([Event("begun@test", now() - HOUR, now() + 9 * HOUR, "Jo Jones")] + to_come()))
    testbed.move_clock(wrong)
    listener = testbed.listen()
    testbed.start(small(testbed.publisher))
    wait_until(lambda: listener.of(kind="heartbeat"), 20, "a heartbeat came")
    assert abs((instant(listener.of(kind="heartbeat")[-1]["at"]) - now()).total_seconds()) < 20
    wait_until(lambda: abs((parsedate_to_datetime(testbed.get("/v1/me").headers["Date"]) - now()).total_seconds()) < 5, 10, "its Date was right")
    testbed.get("/v1/people")
    # It would be written when the minute is over; the next process writes what it finds at once.
    killed = testbed.kill_role("api", signal.SIGTERM)
    testbed.wait_role_back("api", killed)
    reads = wait_until(lambda: testbed.sql("select min(at) from audit where object = 'people'")[0][0], 20, "the read was written down")
    assert abs((reads - now()).total_seconds()) < 180, rfc3339(reads)
