# SPDX-License-Identifier: MIT
"""Feeds that are wrong, stall or attack: no shift is lost, and a sentence says what is wrong."""

import time

import pytest

from regions import HOUR, Event, calendar, now, open_small, rfc3339, round_the_clock, small
from screen import Screen
from servers import slowness, wait_until

ROTA = "fenmere-amhp-duty"


@pytest.fixture
def running(testbed):
    return open_small(testbed)


@pytest.fixture
def fixed(share):
    """The same, for tests that fix() at their end what they spoiled."""
    testbed = share(open_small)
    wait_until(lambda: testbed.feed(ROTA)["state"] == "good", 15, "what the test before has fixed was good")
    return testbed


def shifts(testbed):
    return testbed.sql("select count(*) from shift where rota = %s and known_to = 'infinity'", ROTA)[0][0]


def spoil(testbed, mode=None, body=None):
    """Makes the feed fail and has it fetched; answers what is said of it."""
    before = shifts(testbed), testbed.now()["on_call"][0]["name"]
    feed = testbed.publisher.feeds["amhp"]
    if body is not None:
        feed.body = body
    if mode is not None:
        feed.mode = mode
    testbed.refresh(ROTA)
    said = wait_until(lambda: (lambda found: found if found["state"] in ("failing", "held") else None)(testbed.feed(ROTA)), 40,
                      "the fault was noticed")
    assert (shifts(testbed), testbed.now()["on_call"][0]["name"]) == before, "nobody disappears"
    assert said["fault"], "a sentence says why"
    return said


def fix(testbed):
    feed = testbed.publisher.feeds["amhp"]
    feed.mode, feed.body = "ok", calendar(round_the_clock())
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.feed(ROTA)["state"] == "good", 15, "the fixed feed was good again")


@pytest.mark.holds("H05.1")
def test_f01_an_error_a_login_page_and_a_cut_answer(fixed):
    for mode in (500, 404, "login", "cut"):
        said = spoil(fixed, mode)
        assert said["state"] == "failing", said
        fix(fixed)


@pytest.mark.holds("H05.2")
def test_f02_an_empty_calendar_is_held_and_the_command_line_says_so(fixed):
    assert "no source wants anything done" in fixed.crisiscover("feeds", ROTA, "--wrong").stdout
    said = spoil(fixed, "empty")
    assert said["state"] == "held"
    listed = fixed.crisiscover("feeds", "--wrong").stdout
    for words in (ROTA, "held", said["fault"], f"import {said['held_import']} waits for a decision"):
        assert words in listed, f"{words!r} is not in {listed!r}"
    fixed.publisher.feeds["amhp"].mode, fixed.publisher.feeds["amhp"].body = "ok", calendar(round_the_clock())
    assert "asked" in fixed.crisiscover("refresh", ROTA).stdout
    wait_until(lambda: " good " in fixed.crisiscover("feeds", ROTA).stdout, 15, "the fixed feed was good again")
    assert fixed.crisiscover("feeds", "nobodys-rota", check=False).returncode == 1


@pytest.mark.holds("H05.2")
def test_f03_a_feed_that_lost_most_of_its_shifts_is_held_until_a_person_decides(fixed):
    events = round_the_clock()
    said = spoil(fixed, body=calendar(events[:6]))
    assert said["state"] == "held", said
    fix(fixed)


@pytest.mark.holds("H03.3")
def test_f04_a_whole_feed_an_hour_out_is_held(fixed):
    moved = [Event(event.uid, event.start + HOUR, event.end + HOUR, event.title) for event in round_the_clock()]
    assert spoil(fixed, body=calendar(moved))["state"] == "held"
    fix(fixed)


@pytest.mark.holds("F9", "A3")
def test_f05_endless_and_exploding_answers_are_cut_off(fixed):
    for mode in ("endless", "bomb"):
        assert spoil(fixed, mode)["state"] == "failing"
        fix(fixed)


@pytest.mark.holds("F18", "A3")
def test_f06_a_recurrence_bomb_harms_nobody(fixed):
    start = now().replace(minute=0, second=0)
    bombs = [
        Event("bomb@test", start, start + HOUR, "AMHP – Jo Jones", rrule="FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=31"),
        Event("bomb@test", start, start + HOUR, "AMHP – Jo Jones", rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    ]
    for bomb in bombs:
        began = time.monotonic()
        spoil(fixed, body=calendar([bomb]))
        assert time.monotonic() - began < 20 * slowness()
        fix(fixed)


@pytest.mark.holds("A3")
def test_f07_a_line_of_twenty_megabytes_and_a_million_events(fixed):
    spoil(fixed, body=b"BEGIN:VCALENDAR\r\nX-LONG:" + b"x" * (9 << 20) + b"\r\nEND:VCALENDAR\r\n")
    fix(fixed)
    one = b"BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20270101T000000Z\r\nDTEND:20270101T010000Z\r\nEND:VEVENT\r\n"
    spoil(fixed, body=b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + one * 100000 + b"END:VCALENDAR\r\n")
    fix(fixed)


@pytest.mark.holds("H05.1")
def test_f08_truncated_anywhere_it_is_never_applied(fixed):
    whole = calendar(round_the_clock())
    for part in (0.1, 0.5, 0.9, 0.99):
        spoil(fixed, body=whole[:int(len(whole) * part)])
    fix(fixed)


@pytest.mark.holds("F9")
def test_f09_a_silent_feed_delays_no_other(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.publisher.publish("quiet", b"").mode = "silent"
    region = small(testbed.publisher)
    region["rotas"].append({"id": "quiet", "service": "oswins-liaison", "tier": 1,
                            "source": {"kind": "ical_url", "url": testbed.publisher.url("quiet"), "every_minutes": 1}})
    testbed.start(region)
    wait_until(lambda: testbed.publisher.feeds["quiet"].asked > 0, 15, "the silent feed was asked")
    wait_until(lambda: testbed.now()["state"] == "covered", 5, "the other feed was read meanwhile")
    said = wait_until(lambda: (lambda found: found if found["state"] == "failing" else None)(testbed.feed("quiet")), 40,
                      "the silence was noticed")
    assert said["fault"]
    assert testbed.now(function="liaison")["state"] == "unknown"


@pytest.mark.holds("H13.2", "A4")
def test_f10_addresses_of_the_inside_are_refused(testbed):
    testbed.configure(allow_feeds_from=None)
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    said = wait_until(lambda: (lambda found: found if found["state"] == "failing" else None)(testbed.feed(ROTA)), 15,
                      "the address was refused")
    assert said["fault"] and testbed.publisher.feeds["amhp"].asked == 0
    assert str(testbed.publisher.port) not in testbed.logs(), "an address of a feed is in no log"
    assert testbed.now()["state"] == "unknown"


@pytest.mark.holds("H05.2")
def test_f11_a_held_feed_is_confirmed_by_a_person_and_then_told(fixed):
    testbed = fixed
    listener = testbed.listen()
    testbed.publisher.feeds["amhp"].mode = 500
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.feed(ROTA)["state"] == "failing", 15, "the fault was noticed")
    fix(testbed)
    spoil(testbed, "empty")
    wait_until(lambda: [flag for flag in listener.heard if flag["kind"] == "feed_held"], 10, "that it is held was told")
    assert rfc3339(now())[:4] in listener.of(kind="feed_held")[0]["at"]
    fix(testbed)


@pytest.mark.holds("H05.3")
def test_f12_a_held_calendar_shows_on_every_answer_until_a_person_says_it_is_so(running):
    testbed = running
    said = spoil(testbed, "empty")
    assert said["held"] and "empty now" in said["fault"], said
    sentence = said["fault"]
    nurse = testbed.crisiscover("token", "st-oswins-ed").stdout.strip()

    def shown():
        item = testbed.now()
        source = item["on_call"][0]["source"]
        assert (source["state"], source["held"], source["fault"]) == ("held", True, sentence), source
        assert [(one["rota"], one["held"], one["fault"]) for one in item["sources_at_fault"]] == [(ROTA, True, sentence)]
        text = " ".join(testbed.get("/now/ZED01.txt").text.split())
        assert f"! Rota {ROTA} is held back, the last good copy is used: {sentence}" in text
        # A ward is told that an older copy is used; why is its manager's to settle.
        ward = " ".join(testbed.get("/now/ZED01.txt", token=nurse).text.split())
        assert f"! Rota {ROTA} is held back, the last good copy is used" in ward and sentence not in ward, ward
        printed = testbed.crisiscover("now", "ZED01").stdout
        assert "held back" in printed and sentence in printed
        window = f"from={rfc3339(now())}&to={rfc3339(now() + HOUR)}"
        requirement = testbed.get(f"/v1/coverage?place=ZED01&function=amhp&{window}").json["requirements"][0]
        assert [one["fault"] for one in requirement["sources_at_fault"]] == [sentence]
        person = requirement["spans"][0]["people"][0]
        assert person["held"] and person["fault"] == sentence

    wait_until(lambda: testbed.now()["sources_at_fault"], 10, "the api knew")
    shown()

    # Also from the last good file, with the database down.
    wait_until(lambda: testbed.get("/v1/now?place=ZED01").json["map"]["confidence"] == "live", 10, "the map was live")
    testbed.stop()
    testbed.postgres.stop()
    testbed.start()
    answer = wait_until(lambda: (lambda found: found if found.status == 200 else None)(testbed.get("/v1/now?place=ZED01")), 10,
                        "it answered from the file").json
    assert answer["map"]["confidence"] == "last_good"
    shown()
    testbed.postgres.start()
    wait_until(lambda: testbed.get("/v1/now?place=ZED01").json["map"]["confidence"] == "live", 20, "the map was live again")

    # "Yes, it is empty" wants a reason, and then it is so.
    held = testbed.feed(ROTA)["held_import"]
    why = testbed.get(f"/v1/imports/{held}").json["why"]
    assert why.startswith(f"{sentence} Within the next 7 days cover would be lost: "), "and what it would open"
    refused = testbed.post(f"/v1/imports/{held}/confirm", {})
    assert refused.status == 409 and "a reason is needed" in refused.json["detail"]
    assert testbed.now()["state"] == "covered"
    assert testbed.post(f"/v1/imports/{held}/confirm", {"reason": "The duty rota ends today."}).status == 200
    found = wait_until(lambda: (lambda item: item if item["state"] != "covered" else None)(testbed.now()), 15, "nobody is on call")
    assert found["on_call"] == []
    wait_until(lambda: testbed.feed(ROTA)["state"] == "good", 15, "the empty calendar is the good one")
    testbed.refresh(ROTA)
    asked = testbed.publisher.feeds["amhp"].asked
    wait_until(lambda: testbed.publisher.feeds["amhp"].asked > asked or testbed.feed(ROTA)["state"] == "good", 15, "it was fetched again")
    assert testbed.feed(ROTA)["state"] == "good", "what a person accepted is not held again"


@pytest.mark.long
@pytest.mark.holds("H05.3")
def test_f13_a_held_calendar_shows_on_the_page(running, browser):
    sentence = spoil(running, "empty")["fault"]
    screen = Screen(browser, running)
    try:
        screen.sign_in()
        screen.now()
        screen.until(lambda: "is held back, the last good copy is used" in screen.function("amhp"), "the page says that it is held")
        assert sentence in screen.text("body")
    finally:
        screen.close()


@pytest.mark.holds("H02.2")
def test_f14_servers_that_lie_about_what_changed(running):
    testbed, feed = running, running.publisher.feeds["amhp"]
    readings = lambda: testbed.sql("select count(*) from reading where rota = %s", ROTA)[0][0]  # noqa: E731

    def checked(reason):
        testbed.sql("update feed set last_good_at = last_good_at - interval '10 seconds', updated_at = clock_timestamp() where rota = %s", ROTA)
        was = testbed.sql("select last_good_at from feed where rota = %s", ROTA)[0][0]
        testbed.refresh(ROTA)
        wait_until(lambda: testbed.sql("select last_good_at from feed where rota = %s", ROTA)[0][0] > was, 15, reason)

    # The same bytes under a new name each time: good, and nothing is read.
    before = readings()
    feed.mode = "renamed"
    checked("the same bytes under a new tag are a good check")
    assert readings() == before

    # The type is only a hint.
    feed.mode = "mislabelled"
    checked("a calendar is a calendar whatever its type says")

    # "Not modified" while it was: found by the daily whole fetch.
    feed.mode = "ok"
    checked("the tag is known again")
    feed.mode, name = "unmodified", testbed.now()["on_call"][0]["name"]
    other = next(other for other in ("Jo Jones", "Sam Ahmed", "Kim Lee", "Tess Osei") if other != name)
    events = round_the_clock()
    running_now = next(event for event in events if event.start <= now() < event.end)
    running_now.title = f"AMHP – {other}"
    feed.body = calendar(events)
    checked("the lie is believed for a while")
    assert feed.not_modified > 0 and testbed.now()["on_call"][0]["name"] == name
    testbed.sql("update feed set full_at = now() - interval '25 hours' where rota = %s", ROTA)
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.now()["on_call"][0]["name"] == other, 15, "once a day the whole calendar is asked for")


@pytest.mark.holds("H02.2")
def test_f15_not_modified_when_there_is_nothing_yet(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock())).mode = "never"
    testbed.start(small(testbed.publisher))
    said = wait_until(lambda: (lambda found: found if found["state"] == "failing" else None)(testbed.feed(ROTA)), 15, "the answer was no answer")
    assert "304" in said["fault"]
    assert testbed.now()["state"] == "unknown"
    fix(testbed)
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the calendar came")


@pytest.mark.holds("F9")
def test_f16_slow_and_endless_answers_end(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = small(testbed.publisher)
    for mode in ("chunked", "dripping"):
        testbed.publisher.publish(mode, calendar(round_the_clock())).mode = mode
        region["rotas"].append({"id": mode, "service": "oswins-liaison", "tier": 1,
                                "source": {"kind": "ical_url", "url": testbed.publisher.url(mode), "every_minutes": 1}})
    testbed.start(region)
    wait_until(lambda: all(testbed.publisher.feeds[mode].asked for mode in ("chunked", "dripping")), 15, "both were asked")
    began = time.monotonic()
    wait_until(lambda: testbed.now()["state"] == "covered", 10, "the other feed was read meanwhile")
    for mode in ("chunked", "dripping"):
        said = wait_until(lambda mode=mode: (lambda found: found if found["state"] == "failing" else None)(testbed.feed(mode)), 40,
                          "it was given up")
        assert said["fault"] and said["shifts"] == 0
    assert time.monotonic() - began < 30 * slowness()


@pytest.mark.holds("F9")
def test_f17_while_a_bomb_is_read_another_feed_is_applied(testbed):
    """The bomb takes all the time that a child is given; what matters is the order of facts."""
    first = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
    rule = (b"BEGIN:VEVENT\r\nUID:%d\r\nDTSTART;TZID=Europe/London:20240101T090000\r\nDURATION:PT1H\r\n"
            b"RRULE:FREQ=YEARLY;COUNT=2\r\nSUMMARY:AMHP - Jo Jones %d\r\nEND:VEVENT\r\n")
    bomb = testbed.publisher.publish("bomb", first + b"".join(rule % (n, n) for n in range(49000)) + b"END:VCALENDAR\r\n")
    assert len(bomb.body) < 10 << 20
    testbed.publisher.publish("amhp", calendar(round_the_clock())).after = bomb
    region = small(testbed.publisher)
    region["rotas"].append({"id": "bomb", "service": "oswins-liaison", "tier": 1,
                            "source": {"kind": "ical_url", "url": testbed.publisher.url("bomb"), "every_minutes": 1}})
    testbed.start(region)
    wait_until(lambda: testbed.feed("bomb")["last_attempt_at"], 60, "the bomb went off")
    order = testbed.sql("select rota from feed where rota in ('bomb', %s) order by last_attempt_at", ROTA)
    assert [rota for rota, in order] == [ROTA, "bomb"], "the other feed was applied while the bomb was read"
    assert testbed.now()["state"] == "covered"


def test_f18_clocks_and_versions_that_go_back_are_told_and_applied(running):
    testbed, feed = running, running.publisher.feeds["amhp"]
    events = round_the_clock()
    for event in events:
        event.properties["sequence"] = 4
    feed.body = calendar(events)
    feed.date = "Sun, 06 Nov 2011 08:49:37 GMT"
    testbed.refresh(ROTA)
    warned = lambda kind: [one for one in testbed.feed(ROTA)["warnings"] if one["kind"] == kind]  # noqa: E731
    wait_until(lambda: warned("clock"), 15, "the clock was told")
    assert "behind ours" in warned("clock")[0]["text"] and testbed.feed(ROTA)["state"] == "good"
    ahead = next(event for event in events if event.start > now() + HOUR)
    other = next(name for name in ("Jo Jones", "Sam Ahmed") if name not in ahead.title)
    ahead.title, ahead.properties["sequence"] = f"AMHP – {other}", 3
    feed.body, feed.date = calendar(events), None
    testbed.refresh(ROTA)
    wait_until(lambda: warned("versions"), 15, "the version was told")
    assert warned("versions")[0]["text"].startswith("1 event changed while its version went back")
    assert warned("versions")[0]["uid"] == ahead.uid
    wait_until(lambda: not warned("clock"), 15, "the clock is right again")
    assert testbed.feed(ROTA)["state"] == "good", "it is applied all the same"
    assert testbed.sql("select 1 from shift where rota = %s and known_to = 'infinity' and starts_at = %s and person = %s", ROTA, ahead.start,
                     "jo-jones" if other == "Jo Jones" else "sam-ahmed")
