# SPDX-License-Identifier: MIT
"""Calendars from which shifts vanish when they begin, and calendars that keep them, from which somebody deletes a shift."""

from datetime import timedelta

import pytest

from regions import HOUR, Event, calendar, instant, now, small, today
from servers import slowness, wait_until

ROTA = "fenmere-amhp-duty"
SOON = timedelta(seconds=1)


def to_come():
    """Shifts of the days after tomorrow, which always stay."""
    return [Event(f"later-{n}@test", today() + (48 + 12 * n) * HOUR, today() + (60 + 12 * n) * HOUR, "Kim Lee") for n in range(8)]


@pytest.fixture
def publishing(testbed):
    """Publishes events; from the second time on, waits until they were read."""
    def publish(events):
        testbed.publisher.publish("amhp", calendar(events + to_come()))
        if testbed.server is None:
            testbed.start(small(testbed.publisher))
            wait_until(lambda: testbed.feed(ROTA)["state"] == "good", 20, "the feed was read")
            return
        before = testbed.feed(ROTA)["last_change_at"]
        wait_until(lambda: now() > instant(before) + SOON, 5, "a second went by")
        testbed.refresh(ROTA)
        wait_until(lambda: testbed.feed(ROTA)["last_change_at"] != before or testbed.feed(ROTA)["held_import"], 20, "the calendar was read")

    testbed.publish = publish
    return testbed


def on(testbed):
    return [(person["name"], person["source"]["as_last_read"]) for person in testbed.now()["on_call"]]


@pytest.mark.holds("H08.3")
def test_v01_a_calendar_without_a_history_that_drops_what_runs_is_unknown(publishing):
    testbed = publishing
    start = now() - HOUR
    testbed.publish([Event("a@test", start, start + 12 * HOUR, "Jo Jones")])
    wait_until(lambda: on(testbed) == [("Jo Jones", False)], 15, "she was on")
    testbed.publish([])
    answer = wait_until(lambda: (lambda one: one if one["state"] != "covered" else None)(testbed.now()), 15, "she was no longer confirmed")
    assert (answer["state"], answer["cause_code"]) == ("unknown", "undecided"), answer
    assert any(one["kind"] == "forgets" for one in testbed.feed(ROTA)["warnings"])
    # It lists her again: she was on all along.
    testbed.publish([Event("a@test", start, start + 12 * HOUR, "Jo Jones")])
    wait_until(lambda: on(testbed) == [("Jo Jones", False)] and testbed.now()["state"] == "covered", 15, "she was on again")
    assert testbed.sql("select count(*) from shift where rota = %s and known_to = 'infinity' and last_read_at is not null", ROTA) == [(0,)]


@pytest.mark.holds("H08.3")
def test_v02_from_a_calendar_that_lists_what_is_over_silence_takes_away(publishing):
    testbed = publishing
    start = now() - HOUR
    over = Event("over@test", start - 8 * HOUR, start, "Sam Ahmed")
    testbed.publish([over, Event("a@test", start, start + 12 * HOUR, "Jo Jones")])
    wait_until(lambda: on(testbed) == [("Jo Jones", False)], 15, "she was on")
    testbed.publish([over])
    wait_until(lambda: testbed.now()["state"] == "gap", 15, "she was taken away")
    # Shifts that are dropped because they are over rewrite nothing.
    testbed.publish([Event("b@test", start, start + 12 * HOUR, "Kim Lee")])
    wait_until(lambda: on(testbed) == [("Kim Lee", False)], 15, "another was on")
    assert testbed.sql("select person from shift where rota = %s and known_to = 'infinity' and ends_at <= clock_timestamp()", ROTA) == [("sam-ahmed",)]


def test_v03_a_calendar_that_is_seen_to_forget_keeps_its_running_shift_on(publishing, screen):
    testbed = publishing
    testbed.publish([])  # the server runs before time counts
    apart = timedelta(seconds=5 * min(3, slowness()))
    first = now() + apart
    begin = [first, first + apart, first + 2 * apart]
    people = ["Jo Jones", "Sam Ahmed", "Tess Osei"]
    events = [Event(f"s{n}@test", begin[n], now() + 9 * HOUR, people[n]) for n in range(3)]
    testbed.publish(events)
    for n in range(3):
        wait_until(lambda: now() > begin[n], 60, "the next shift began")
        testbed.publish(events[n + 1:])
    wait_until(lambda: on(testbed) == [("Tess Osei", True)], 20, "the third is kept on as last read")
    answer = testbed.now()
    assert answer["state"] == "covered" and "as_last_read" in [one["kind"] for one in answer["warnings"]], answer["warnings"]
    words = " ".join(testbed.get("/now/ZED01.txt").text.split())
    assert "as last read" in words
    assert "as last read" in testbed.crisiscover("now", "ZED01").stdout
    assert any(one["kind"] == "forgets" for one in testbed.feed(ROTA)["warnings"])
    shifts = testbed.get(f"/v1/shifts?rota={ROTA}&from={now():%Y-%m-%dT%H:%M:%SZ}&to={now() + HOUR:%Y-%m-%dT%H:%M:%SZ}").json["shifts"]
    assert [one["as_last_read"] for one in shifts if one["person"] == "tess-osei"] == [True], shifts
    lines = testbed.get(f"/v1/coverage?place=X06000001&from={now():%Y-%m-%dT%H:%M:%SZ}&to={now() + HOUR:%Y-%m-%dT%H:%M:%SZ}").json["requirements"]
    named = [person for line in lines for span in line["spans"] for person in span["people"]]
    assert named and all(person["as_last_read"] for person in named), lines
    screen.sign_in().open("/now.html?place=ZED01")
    screen.until(lambda: "As last read" in screen.function("amhp"), "the page said so")

    # An explicit cancellation ends it all the same.
    testbed.publish([Event("s2@test", events[2].start, events[2].end, people[2], status="CANCELLED")])
    wait_until(lambda: "Tess Osei" not in [name for name, _ in on(testbed)], 20, "she was taken off")
    assert testbed.now()["state"] != "covered"


def series(name, start, more="", ends="COUNT=4"):
    """Twelve hours a day from then on."""
    return (f"BEGIN:VEVENT\r\nUID:daily@test\r\nDTSTAMP:{today():%Y%m%dT%H%M%SZ}\r\nDTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDURATION:PT12H\r\n"
            f"RRULE:FREQ=DAILY;{ends}\r\n{more}SUMMARY:{name}\r\nEND:VEVENT\r\n").encode()


def change(start, to, more=""):
    """Of the shift that began at start."""
    return (f"BEGIN:VEVENT\r\nUID:daily@test\r\nRECURRENCE-ID:{start:%Y%m%dT%H%M%SZ}\r\nDTSTAMP:{today():%Y%m%dT%H%M%SZ}\r\n"
            f"DTSTART:{to:%Y%m%dT%H%M%SZ}\r\nDURATION:PT12H\r\n{more}SUMMARY:Jo Jones\r\nEND:VEVENT\r\n").encode()


LONG_AGO = timedelta(days=3000)
AN_HOUR_LATER = timedelta(minutes=70)
TAKEN_OUT = {
    "excluded": lambda first, start: series("Jo Jones", first, f"EXDATE:{start:%Y%m%dT%H%M%SZ}\r\n"),
    "cancelled": lambda first, start: series("Jo Jones", first) + change(start, start, "STATUS:CANCELLED\r\n"),
    "cancelled_elsewhere": lambda first, start: series("Jo Jones", first) + change(start, start - LONG_AGO, "STATUS:CANCELLED\r\n"),
    "moved_long_ago": lambda first, start: series("Jo Jones", first) + change(start, start - LONG_AGO),
    "until_yesterday": lambda first, start: series("Jo Jones", first, ends=f"UNTIL={start - timedelta(hours=1):%Y%m%dT%H%M%SZ}"),
    "counted_out": lambda first, start: series("Jo Jones", first, ends="COUNT=2"),
    "begins_later": lambda first, start: series("Jo Jones", start + AN_HOUR_LATER),
    "unreadable": lambda first, start: series("Jo Jones", first, ends="INTERVAL=0"),
    "ended": lambda first, start: series("Jo Jones", first).replace(b"DURATION:PT12H", b"DURATION:PT15M"),
}
UNCLEAR = ("begins_later", "unreadable", "ended")


@pytest.mark.parametrize("how", TAKEN_OUT)
@pytest.mark.holds("H08.1")
def test_v04_a_shift_of_a_series_that_is_taken_out_is_no_silence(testbed, how):
    start = now() - HOUR
    first = start - timedelta(days=2)
    end = b"END:VCALENDAR\r\n"
    later = calendar(to_come())
    testbed.publisher.publish("amhp", later.replace(end, series("Jo Jones", first) + end))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: on(testbed) == [("Jo Jones", False)], 20, "she was on")
    # It has been seen to drop what begins.
    testbed.sql("update feed set dropped = 9, listed_over_at = null where rota = %s", ROTA)
    testbed.publisher.publish("amhp", later.replace(end, TAKEN_OUT[how](first, start) + end))
    testbed.refresh(ROTA)
    answer = wait_until(lambda: (lambda one: one if one["state"] != "covered" else None)(testbed.now()), 20, "she was not confirmed any more")
    assert answer["state"] in (("unknown", "gap") if how in UNCLEAR else ("gap",)), answer
    assert not [name for name, _ in on(testbed) if how not in UNCLEAR], answer


def test_v05_a_single_shift_that_was_moved_is_no_silence(publishing):
    testbed = publishing
    start = now() - HOUR
    testbed.publish([Event("a@test", start, start + 12 * HOUR, "Jo Jones")])
    wait_until(lambda: on(testbed) == [("Jo Jones", False)], 20, "she was on")
    testbed.sql("update feed set dropped = 9, listed_over_at = null where rota = %s", ROTA)
    testbed.publish([Event("a@test", start - LONG_AGO, start - LONG_AGO + 12 * HOUR, "Jo Jones")])
    wait_until(lambda: on(testbed) == [], 20, "she was taken off")
    assert testbed.now()["state"] == "gap", testbed.now()
