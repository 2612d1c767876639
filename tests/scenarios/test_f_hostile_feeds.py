"""Feeds that lie, stall or attack: nobody disappears, and a sentence says why."""

import time

import pytest

from regions import HOUR, Event, calendar, now, rfc3339, round_the_clock, small
from servers import wait_until

ROTA = "fenmere-amhp-duty"


@pytest.fixture
def running(house):
    house.publisher.publish("amhp", calendar(round_the_clock()))
    house.start(small(house.publisher))
    wait_until(lambda: house.now()["state"] == "covered", 15, "the feed was read and swept")
    return house


def shifts(house):
    return house.sql("select count(*) from shift where rota = %s and known_to = 'infinity'", ROTA)[0][0]


def spoil(house, mode=None, body=None):
    """Makes the feed fail and has it fetched; answers what is said of it."""
    before = shifts(house), house.now()["on_call"][0]["name"]
    feed = house.publisher.feeds["amhp"]
    if body is not None:
        feed.body = body
    if mode is not None:
        feed.mode = mode
    house.refresh(ROTA)
    said = wait_until(lambda: (lambda found: found if found["state"] in ("failing", "held") else None)(house.feed(ROTA)), 40,
                      "the fault was noticed")
    assert (shifts(house), house.now()["on_call"][0]["name"]) == before, "nobody disappears"
    assert said["fault"], "a sentence says why"
    return said


def mend(house):
    feed = house.publisher.feeds["amhp"]
    feed.mode, feed.body = "ok", calendar(round_the_clock())
    house.refresh(ROTA)
    wait_until(lambda: house.feed(ROTA)["state"] == "good", 15, "the mended feed was good again")


def test_f01_an_error_a_login_page_and_a_cut_answer(running):
    for mode in (500, 404, "login", "cut"):
        said = spoil(running, mode)
        assert said["state"] == "failing", said
        mend(running)


def test_f02_an_empty_calendar_is_held(running):
    assert spoil(running, "empty")["state"] == "held"
    mend(running)


def test_f03_a_feed_that_lost_most_of_its_shifts_is_held_until_a_person_decides(running):
    events = round_the_clock()
    said = spoil(running, body=calendar(events[:6]))
    assert said["state"] == "held", said


def test_f04_a_whole_feed_an_hour_out_is_held(running):
    moved = [Event(event.uid, event.start + HOUR, event.end + HOUR, event.title) for event in round_the_clock()]
    assert spoil(running, body=calendar(moved))["state"] == "held"


def test_f05_endless_and_exploding_answers_are_cut_off(running):
    for mode in ("endless", "bomb"):
        assert spoil(running, mode)["state"] == "failing"
        mend(running)


def test_f06_a_recurrence_bomb_harms_nobody(running):
    start = now().replace(minute=0, second=0)
    bombs = [
        Event("bomb@test", start, start + HOUR, "AMHP – Jo Jones", rrule="FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=31"),
        Event("bomb@test", start, start + HOUR, "AMHP – Jo Jones", rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    ]
    for bomb in bombs:
        began = time.monotonic()
        spoil(running, body=calendar([bomb]))
        assert time.monotonic() - began < 20
        mend(running)


def test_f07_a_line_of_twenty_megabytes_and_a_million_events(running):
    spoil(running, body=b"BEGIN:VCALENDAR\r\nX-LONG:" + b"x" * (9 << 20) + b"\r\nEND:VCALENDAR\r\n")
    mend(running)
    one = b"BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20270101T000000Z\r\nDTEND:20270101T010000Z\r\nEND:VEVENT\r\n"
    spoil(running, body=b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + one * 100000 + b"END:VCALENDAR\r\n")
    mend(running)


def test_f08_truncated_anywhere_it_is_never_applied(running):
    whole = calendar(round_the_clock())
    for part in (0.1, 0.5, 0.9, 0.99):
        spoil(running, body=whole[:int(len(whole) * part)])
    mend(running)


def test_f09_a_silent_feed_delays_no_other(house):
    house.publisher.publish("amhp", calendar(round_the_clock()))
    house.publisher.publish("quiet", b"").mode = "silent"
    region = small(house.publisher)
    region["rotas"].append({"id": "quiet", "service": "oswins-liaison", "tier": 1,
                            "source": {"kind": "ical_url", "url": house.publisher.url("quiet"), "every_minutes": 1}})
    house.start(region)
    wait_until(lambda: house.publisher.feeds["quiet"].asked > 0, 15, "the silent feed was asked")
    wait_until(lambda: house.now()["state"] == "covered", 5, "the other feed was read meanwhile")
    said = wait_until(lambda: (lambda found: found if found["state"] == "failing" else None)(house.feed("quiet")), 40,
                      "the silence was noticed")
    assert said["fault"]
    assert house.now(function="liaison")["state"] == "unknown"


def test_f10_addresses_of_the_inside_are_refused(house):
    house.configure(allow_feeds_from=None)
    house.publisher.publish("amhp", calendar(round_the_clock()))
    house.start(small(house.publisher))
    said = wait_until(lambda: (lambda found: found if found["state"] == "failing" else None)(house.feed(ROTA)), 15,
                      "the address was refused")
    assert said["fault"] and house.publisher.feeds["amhp"].asked == 0
    assert str(house.publisher.port) not in house.logs(), "an address of a feed is in no log"
    assert house.now()["state"] == "unknown"


def test_f11_a_held_feed_is_confirmed_by_a_person_and_then_told(running):
    house = running
    listener = house.listen()
    house.publisher.feeds["amhp"].mode = 500
    house.refresh(ROTA)
    wait_until(lambda: house.feed(ROTA)["state"] == "failing", 15, "the fault was noticed")
    mend(house)
    spoil(house, "empty")
    wait_until(lambda: [flag for flag in listener.heard if flag["kind"] == "feed_held"], 10, "that it is held was told")
    assert rfc3339(now())[:4] in listener.of(kind="feed_held")[0]["at"]
