# SPDX-License-Identifier: MIT
"""Uploads on a rota that has an address: what a person confirmed stays in force until a person decides otherwise."""

import pytest

from regions import HOUR, calendar, instant, now, round_the_clock, small, today
from servers import wait_until

ROTA = "fenmere-amhp-duty"
TEXT = "uploaded here, instead of the address"


def all_of(name, uid="mine"):
    """Everybody's shifts by one person, from the one that runs on: a calendar that changes three that are over is held, and from 20:00 on there are three."""
    return calendar([event for event in round_the_clock(who=[("x", name)], uid=uid) if event.end > now()])


@pytest.fixture
def covered(testbed):
    testbed.publisher.publish("amhp", all_of("Jo Jones", "theirs"))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: on(testbed) == ["Jo Jones"], 20, "the feed was read")
    return testbed


def on(testbed):
    return [person["name"] for person in testbed.now()["on_call"]]


def source(testbed):
    return testbed.now()["on_call"][0]["source"]


def ask_again(testbed):
    """Has the address asked once more, and waits until that is done."""
    before = testbed.feed(ROTA)["last_attempt_at"]
    wait_until(lambda: now() > instant(before), 5, "a second went by")
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.feed(ROTA)["last_attempt_at"] != before, 20, "the address was asked again")


def upload(testbed, body, reason="The address is out of date."):
    """Uploads and confirms. Answers the number of the import."""
    path = testbed.write("upload.ics", body)
    testbed.crisiscover("import", ROTA, path, "--confirm", "--reason", reason)
    return testbed.get("/v1/imports?limit=1").json["imports"][0]["id"]


def test_u01_an_upload_stands_while_the_address_says_what_it_said(covered):
    testbed = covered
    number = upload(testbed, all_of("Sam Ahmed"))
    wait_until(lambda: on(testbed) == ["Sam Ahmed"], 15, "the upload was in force")
    for _ in range(2):
        ask_again(testbed)
        assert on(testbed) == ["Sam Ahmed"]

    # Everywhere it says what it is.
    feed = testbed.feed(ROTA)
    assert feed["state"] == "good" and feed["upload"]["import"] == number and feed["upload"]["text"] == TEXT, feed
    assert source(testbed)["upload"]["import"] == number and source(testbed)["upload"]["text"] == TEXT
    assert TEXT in " ".join(testbed.get("/now/ZED01.txt").text.split())
    assert TEXT in testbed.crisiscover("now", "ZED01").stdout

    # A calendar that only changes its time stamps says nothing new.
    body = testbed.publisher.feeds["amhp"].body.replace(b"DTSTAMP:", b"DTSTAMP:19990101T000000Z\r\nX-OLD:", 1)
    testbed.publisher.publish("amhp", body)
    ask_again(testbed)
    assert on(testbed) == ["Sam Ahmed"] and testbed.feed(ROTA)["held_import"] is None

    # The whole answer once more, by other rules: a decision has everything read again.
    testbed.sql("update feed set seen_with = null, etag = null where rota = %s", ROTA)
    ask_again(testbed)
    assert on(testbed) == ["Sam Ahmed"] and testbed.feed(ROTA)["held_import"] is None


def test_u02_a_newer_calendar_is_held_and_a_person_chooses_the_address(covered):
    testbed = covered
    upload(testbed, all_of("Sam Ahmed"))
    wait_until(lambda: on(testbed) == ["Sam Ahmed"], 15, "the upload was in force")
    listener = testbed.listen()
    testbed.publisher.publish("amhp", all_of("Kim Lee", "theirs"))
    ask_again(testbed)
    held = wait_until(lambda: testbed.feed(ROTA)["held_import"], 15, "the newer calendar was held")
    assert on(testbed) == ["Sam Ahmed"]
    wait_until(lambda: listener.of(kind="feed_held"), 15, "that was flagged")
    shown = testbed.get(f"/v1/imports/{held}").json
    assert "uploaded" in shown["why"] and shown["diff"]["changes"], shown
    assert testbed.post(f"/v1/imports/{held}/confirm", {}).status == 409  # it wants a reason
    assert testbed.post(f"/v1/imports/{held}/confirm", {"reason": "The address is right now."}).status == 200
    wait_until(lambda: on(testbed) == ["Kim Lee"], 15, "the address was followed again")
    assert testbed.feed(ROTA)["upload"] is None and source(testbed)["upload"] is None

    # From now on the address speaks for itself.
    testbed.publisher.publish("amhp", all_of("Jo Jones", "theirs"))
    ask_again(testbed)
    assert testbed.feed(ROTA)["held_import"] is None
    wait_until(lambda: on(testbed) == ["Jo Jones"], 15, "the address was followed")


def test_u03_a_person_chooses_the_upload(covered):
    testbed = covered
    upload(testbed, all_of("Sam Ahmed"))
    testbed.publisher.publish("amhp", all_of("Kim Lee", "theirs"))
    ask_again(testbed)
    held = wait_until(lambda: testbed.feed(ROTA)["held_import"], 15, "the newer calendar was held")
    assert testbed.post(f"/v1/imports/{held}/discard", {}).status == 200
    for _ in range(2):
        ask_again(testbed)
        feed = testbed.feed(ROTA)
        assert on(testbed) == ["Sam Ahmed"] and feed["held_import"] is None and feed["state"] == "good", feed

    # Later changes are another case, and asked about again.
    testbed.publisher.publish("amhp", all_of("Tess Osei", "theirs"))
    ask_again(testbed)
    wait_until(lambda: testbed.feed(ROTA)["held_import"], 15, "the next one was held")
    assert on(testbed) == ["Sam Ahmed"]


def test_u04_a_dead_address_is_not_called_good_and_the_upload_counts(covered):
    testbed = covered
    testbed.publisher.feeds["amhp"].mode = 500
    ask_again(testbed)
    upload(testbed, all_of("Sam Ahmed"))
    wait_until(lambda: on(testbed) == ["Sam Ahmed"], 15, "the upload was in force")
    assert testbed.feed(ROTA)["state"] == "failing"
    ask_again(testbed)
    feed = testbed.feed(ROTA)
    assert feed["state"] == "failing" and feed["upload"] and on(testbed) == ["Sam Ahmed"], feed
    assert [one["rota"] for one in testbed.now()["sources_at_fault"]] == [ROTA]

    # However long it is dead, the upload does not age; the address does.
    testbed.sql("update feed set last_good_at = last_good_at - interval '7 hours', updated_at = clock_timestamp() where rota = %s", ROTA)
    wait_until(lambda: testbed.feed(ROTA)["last_good_at"] < f"{now() - 6 * HOUR:%Y-%m-%dT%H}", 15, "the api saw it")
    assert testbed.now()["state"] == "covered" and on(testbed) == ["Sam Ahmed"]


def test_u05_an_upload_is_withdrawn(covered):
    testbed = covered
    first, second = upload(testbed, all_of("Sam Ahmed")), None
    wait_until(lambda: on(testbed) == ["Sam Ahmed"], 15, "the upload was in force")
    second = upload(testbed, all_of("Kim Lee", "other"))
    wait_until(lambda: on(testbed) == ["Kim Lee"], 15, "the second upload was in force")
    testbed.sql("update import set decided_at = decided_at - interval '40 days' where state = 'applied'")
    # Moved back by hand, the decision has no shifts of its time: the judge sees the rota empty until the earlier file is read again.
    out = testbed.crisiscover("import", "--withdraw", second, "--reason", "The wrong file.").stdout
    assert "withdrawn" in out
    wait_until(lambda: on(testbed) == ["Sam Ahmed"], 15, "the first upload stands again")
    assert testbed.feed(ROTA)["upload"]["import"] == first
    ask_again(testbed)
    assert on(testbed) == ["Sam Ahmed"]
    testbed.crisiscover("import", "--withdraw", first, "--reason", "The address is right.")
    wait_until(lambda: on(testbed) == ["Jo Jones"] and testbed.feed(ROTA)["upload"] is None, 15, "the address was followed again")
    ask_again(testbed)
    assert on(testbed) == ["Jo Jones"] and testbed.feed(ROTA)["state"] == "good"


def test_u06_what_both_say_needs_no_choice(covered):
    testbed = covered
    upload(testbed, all_of("Sam Ahmed"))
    testbed.publisher.publish("amhp", all_of("Sam Ahmed"))
    ask_again(testbed)
    wait_until(lambda: testbed.feed(ROTA)["upload"] is None, 15, "the address has caught up")
    assert on(testbed) == ["Sam Ahmed"] and testbed.feed(ROTA)["state"] == "good"


def test_u07_a_roster_stands_instead_of_a_calendar(covered):
    testbed = covered
    rows = ["Date,Start,End,Staff Name,Status"] + [
        f"{day:%d/%m/%Y},{hours},Sam Ahmed,Filled"
        for day in (today() + n * 24 * HOUR for n in range(-1, 29)) for hours in ("00:00,12:00", "12:00,23:59")]
    path = testbed.write("roster.csv", "\n".join(rows) + "\n")
    testbed.crisiscover("import", ROTA, path, "--confirm", "--reason", "The address is wrong.")
    wait_until(lambda: on(testbed) == ["Sam Ahmed"], 15, "the roster was in force")
    ask_again(testbed)
    assert on(testbed) == ["Sam Ahmed"] and testbed.feed(ROTA)["state"] == "good"
    testbed.publisher.publish("amhp", all_of("Kim Lee", "theirs"))
    ask_again(testbed)
    held = wait_until(lambda: testbed.feed(ROTA)["held_import"], 15, "the newer calendar was held")
    assert testbed.post(f"/v1/imports/{held}/confirm", {"reason": "The address is right."}).status == 200
    wait_until(lambda: on(testbed) == ["Kim Lee"], 15, "the address was followed")
    testbed.publisher.publish("amhp", all_of("Jo Jones", "theirs"))
    ask_again(testbed)
    wait_until(lambda: on(testbed) == ["Jo Jones"], 15, "and goes on being followed")


@pytest.mark.long
def test_u08_the_pages_say_so_and_withdraw(covered, screen):
    testbed = covered
    upload(testbed, all_of("Sam Ahmed"))
    wait_until(lambda: on(testbed) == ["Sam Ahmed"], 15, "the upload was in force")
    screen.sign_in(testbed.sign_in("fenmere-rotas", "rota_manager")).open("/now.html?place=ZED01")
    screen.until(lambda: TEXT in screen.function("amhp"), "the page Now said what the source is")
    screen.imports()
    screen.until(lambda: TEXT in screen.text("#feeds"), "the list of sources said what it is")
    screen.check_fair()
    screen.press_button("Withdraw the upload")
    screen.until(lambda: "No gap would open" in screen.text("#preview"), "the page said what that would do")
    screen.press_button("Undo: bring back")
    screen.until(lambda: screen.text("#progress").startswith("Undone."), "the page said that it is withdrawn")
    wait_until(lambda: on(testbed) == ["Jo Jones"], 15, "the address was followed again")


def send(testbed, body, mode):
    """Uploads and waits until it was read. Answers its number."""
    number = testbed.request("POST", f"/v1/rotas/{ROTA}/imports?apply={mode}", body, content_type="text/calendar").json["id"]
    wait_until(lambda: testbed.get(f"/v1/imports/{number}").json["state"] != "uploaded", 20, "the file was read")
    return number


def test_u09_what_opens_a_gap_within_days_wants_a_reason_and_is_not_safe(covered):
    testbed = covered
    events = round_the_clock(who=[("x", "Jo Jones")], uid="theirs")
    soon = [event for event in events if event.start > now() + 24 * HOUR][0]
    holed = [event for event in events if event is not soon]

    # Of sixty shifts one is gone: nothing for the guards.
    number = send(testbed, calendar(holed), "if-safe")
    shown = wait_until(lambda: (lambda one: one if one["safe"] is False else None)(testbed.get(f"/v1/imports/{number}").json), 20, "it was judged")
    assert shown["state"] == "preview" and "cover would be lost" in shown["why"] and "(ZED01), gap" in shown["why"], shown
    refused = testbed.post(f"/v1/imports/{number}/confirm", {})
    assert refused.status == 409 and "a reason is needed" in refused.text and "cover would be lost" in refused.text, refused.text
    assert testbed.get(f"/v1/imports/{number}").json["state"] == "preview"
    wait_until(lambda: testbed.sql("select safe from import where id = %s", number) == [(False,)], 20, "the database knows as well")
    assert testbed.post(f"/v1/imports/{number}/confirm", {"reason": "Nobody is to be had."}).status == 200
    wait_until(lambda: testbed.sql("select count(*) from dirty") == [(0,)], 20, "it was swept")

    # The gap is filled: nothing is lost by that.
    number = send(testbed, calendar(events), "if-safe")
    wait_until(lambda: testbed.get(f"/v1/imports/{number}").json["state"] == "applied", 20, "it was put in force")
