# SPDX-License-Identifier: MIT
"""Uploads on a rota that has an address: what a person confirmed stays in force until a person decides otherwise."""

import pytest

from regions import HOUR, calendar, instant, now, round_the_clock, small, today
from servers import wait_until

ROTA = "fenmere-amhp-duty"
TEXT = "uploaded here, instead of the address"


def all_of(name, uid="mine"):
    """Everybody's shifts by one person."""
    return calendar(round_the_clock(who=[("x", name)], uid=uid))


@pytest.fixture
def covered(house):
    house.publisher.publish("amhp", all_of("Jo Jones", "theirs"))
    house.start(small(house.publisher))
    wait_until(lambda: on(house) == ["Jo Jones"], 20, "the feed was read")
    return house


def on(house):
    return [person["name"] for person in house.now()["on_call"]]


def source(house):
    return house.now()["on_call"][0]["source"]


def ask_again(house):
    """Has the address asked once more, and waits until that is done."""
    before = house.feed(ROTA)["last_attempt_at"]
    wait_until(lambda: now() > instant(before), 5, "a second went by")
    house.refresh(ROTA)
    wait_until(lambda: house.feed(ROTA)["last_attempt_at"] != before, 20, "the address was asked again")


def upload(house, body, reason="The address is out of date."):
    """Uploads and confirms. Answers the number of the import."""
    path = house.write("upload.ics", body)
    house.crisiscover("import", ROTA, path, "--confirm", "--reason", reason)
    return house.get("/v1/imports?limit=1").json["imports"][0]["id"]


def test_u01_an_upload_stands_while_the_address_says_what_it_said(covered):
    house = covered
    number = upload(house, all_of("Sam Ahmed"))
    wait_until(lambda: on(house) == ["Sam Ahmed"], 15, "the upload was in force")
    for _ in range(2):
        ask_again(house)
        assert on(house) == ["Sam Ahmed"]

    # Everywhere it says what it is.
    feed = house.feed(ROTA)
    assert feed["state"] == "good" and feed["upload"]["import"] == number and feed["upload"]["text"] == TEXT, feed
    assert source(house)["upload"]["import"] == number and source(house)["upload"]["text"] == TEXT
    assert TEXT in " ".join(house.get("/now/ZED01.txt").text.split())
    assert TEXT in house.crisiscover("now", "ZED01").stdout

    # A calendar that only changes its time stamps says nothing new.
    body = house.publisher.feeds["amhp"].body.replace(b"DTSTAMP:", b"DTSTAMP:19990101T000000Z\r\nX-OLD:", 1)
    house.publisher.publish("amhp", body)
    ask_again(house)
    assert on(house) == ["Sam Ahmed"] and house.feed(ROTA)["held_import"] is None

    # The whole answer once more, by other rules: a decision has everything read again.
    house.sql("update feed set seen_with = null, etag = null where rota = %s", ROTA)
    ask_again(house)
    assert on(house) == ["Sam Ahmed"] and house.feed(ROTA)["held_import"] is None


def test_u02_a_newer_calendar_is_held_and_a_person_chooses_the_address(covered):
    house = covered
    upload(house, all_of("Sam Ahmed"))
    wait_until(lambda: on(house) == ["Sam Ahmed"], 15, "the upload was in force")
    listener = house.listen()
    house.publisher.publish("amhp", all_of("Kim Lee", "theirs"))
    ask_again(house)
    held = wait_until(lambda: house.feed(ROTA)["held_import"], 15, "the newer calendar was held")
    assert on(house) == ["Sam Ahmed"]
    wait_until(lambda: listener.of(kind="feed_held"), 15, "that was flagged")
    shown = house.get(f"/v1/imports/{held}").json
    assert "uploaded" in shown["why"] and shown["diff"]["changes"], shown
    assert house.post(f"/v1/imports/{held}/confirm", {}).status == 409  # it wants a reason
    assert house.post(f"/v1/imports/{held}/confirm", {"reason": "The address is right now."}).status == 200
    wait_until(lambda: on(house) == ["Kim Lee"], 15, "the address was followed again")
    assert house.feed(ROTA)["upload"] is None and source(house)["upload"] is None

    # From now on the address speaks for itself.
    house.publisher.publish("amhp", all_of("Jo Jones", "theirs"))
    ask_again(house)
    assert house.feed(ROTA)["held_import"] is None
    wait_until(lambda: on(house) == ["Jo Jones"], 15, "the address was followed")


def test_u03_a_person_chooses_the_upload(covered):
    house = covered
    upload(house, all_of("Sam Ahmed"))
    house.publisher.publish("amhp", all_of("Kim Lee", "theirs"))
    ask_again(house)
    held = wait_until(lambda: house.feed(ROTA)["held_import"], 15, "the newer calendar was held")
    assert house.post(f"/v1/imports/{held}/discard", {}).status == 200
    for _ in range(2):
        ask_again(house)
        feed = house.feed(ROTA)
        assert on(house) == ["Sam Ahmed"] and feed["held_import"] is None and feed["state"] == "good", feed

    # What comes after that is another matter, and asked about again.
    house.publisher.publish("amhp", all_of("Tess Osei", "theirs"))
    ask_again(house)
    wait_until(lambda: house.feed(ROTA)["held_import"], 15, "the next one was held")
    assert on(house) == ["Sam Ahmed"]


def test_u04_a_dead_address_is_not_called_good_and_the_upload_counts(covered):
    house = covered
    house.publisher.feeds["amhp"].mode = 500
    ask_again(house)
    upload(house, all_of("Sam Ahmed"))
    wait_until(lambda: on(house) == ["Sam Ahmed"], 15, "the upload was in force")
    assert house.feed(ROTA)["state"] == "failing"
    ask_again(house)
    feed = house.feed(ROTA)
    assert feed["state"] == "failing" and feed["upload"] and on(house) == ["Sam Ahmed"], feed
    assert [one["rota"] for one in house.now()["sources_at_fault"]] == [ROTA]

    # However long it is dead, the upload does not age; the address does.
    house.sql("update feed set last_good_at = last_good_at - interval '7 hours', updated_at = clock_timestamp() where rota = %s", ROTA)
    wait_until(lambda: house.feed(ROTA)["last_good_at"] < f"{now() - 6 * HOUR:%Y-%m-%dT%H}", 15, "the api saw it")
    assert house.now()["state"] == "covered" and on(house) == ["Sam Ahmed"]


def test_u05_an_upload_is_withdrawn(covered):
    house = covered
    first, second = upload(house, all_of("Sam Ahmed")), None
    wait_until(lambda: on(house) == ["Sam Ahmed"], 15, "the upload was in force")
    second = upload(house, all_of("Kim Lee", "other"))
    wait_until(lambda: on(house) == ["Kim Lee"], 15, "the second upload was in force")
    house.sql("update import set decided_at = decided_at - interval '40 days' where state = 'applied'")
    # Moved back by hand, the decision has no shifts of its time: the judge sees the rota empty until the earlier file is read again.
    out = house.crisiscover("import", "--withdraw", second, "--reason", "The wrong file.").stdout
    assert "withdrawn" in out
    wait_until(lambda: on(house) == ["Sam Ahmed"], 15, "the first upload stands again")
    assert house.feed(ROTA)["upload"]["import"] == first
    ask_again(house)
    assert on(house) == ["Sam Ahmed"]
    house.crisiscover("import", "--withdraw", first, "--reason", "The address is right.")
    wait_until(lambda: on(house) == ["Jo Jones"] and house.feed(ROTA)["upload"] is None, 15, "the address was followed again")
    ask_again(house)
    assert on(house) == ["Jo Jones"] and house.feed(ROTA)["state"] == "good"


def test_u06_what_both_say_needs_no_choice(covered):
    house = covered
    upload(house, all_of("Sam Ahmed"))
    house.publisher.publish("amhp", all_of("Sam Ahmed"))
    ask_again(house)
    wait_until(lambda: house.feed(ROTA)["upload"] is None, 15, "the address has caught up")
    assert on(house) == ["Sam Ahmed"] and house.feed(ROTA)["state"] == "good"


def test_u07_a_roster_stands_instead_of_a_calendar(covered):
    house = covered
    rows = ["Date,Start,End,Staff Name,Status"] + [
        f"{day:%d/%m/%Y},{hours},Sam Ahmed,Filled"
        for day in (today() + n * 24 * HOUR for n in range(-1, 29)) for hours in ("00:00,12:00", "12:00,23:59")]
    path = house.write("roster.csv", "\n".join(rows) + "\n")
    house.crisiscover("import", ROTA, path, "--confirm", "--reason", "The address is wrong.")
    wait_until(lambda: on(house) == ["Sam Ahmed"], 15, "the roster was in force")
    ask_again(house)
    assert on(house) == ["Sam Ahmed"] and house.feed(ROTA)["state"] == "good"
    house.publisher.publish("amhp", all_of("Kim Lee", "theirs"))
    ask_again(house)
    held = wait_until(lambda: house.feed(ROTA)["held_import"], 15, "the newer calendar was held")
    assert house.post(f"/v1/imports/{held}/confirm", {"reason": "The address is right."}).status == 200
    wait_until(lambda: on(house) == ["Kim Lee"], 15, "the address was followed")
    house.publisher.publish("amhp", all_of("Jo Jones", "theirs"))
    ask_again(house)
    wait_until(lambda: on(house) == ["Jo Jones"], 15, "and goes on being followed")


def test_u08_the_pages_say_so_and_withdraw(covered, screen):
    house = covered
    upload(house, all_of("Sam Ahmed"))
    wait_until(lambda: on(house) == ["Sam Ahmed"], 15, "the upload was in force")
    screen.sign_in(house.sign_in("fenmere-rotas", "rota_manager")).open("/now.html?place=ZED01")
    screen.until(lambda: TEXT in screen.text("main"), "the page Now said what the source is")
    screen.imports()
    screen.until(lambda: TEXT in screen.text("#feeds"), "the list of sources said what it is")
    screen.check_fair()
    screen.press_button("Withdraw the upload")
    screen.until(lambda: "No gap would open" in screen.text("#preview"), "the page said what that would do")
    screen.press_button("Undo: bring back")
    screen.until(lambda: screen.text("#progress").startswith("Undone."), "the page said that it is withdrawn")
    wait_until(lambda: on(house) == ["Jo Jones"], 15, "the address was followed again")


def send(house, body, mode):
    """Uploads and waits until it was read. Answers its number."""
    number = house.request("POST", f"/v1/rotas/{ROTA}/imports?apply={mode}", body, content_type="text/calendar").json["id"]
    wait_until(lambda: house.get(f"/v1/imports/{number}").json["state"] != "uploaded", 20, "the file was read")
    return number


def test_u09_what_opens_a_gap_within_days_wants_a_reason_and_is_not_safe(covered):
    house = covered
    events = round_the_clock(who=[("x", "Jo Jones")], uid="theirs")
    soon = [event for event in events if event.start > now() + 24 * HOUR][0]
    holed = [event for event in events if event is not soon]

    # Of sixty shifts one is gone: nothing for the guards.
    number = send(house, calendar(holed), "if-safe")
    shown = wait_until(lambda: (lambda one: one if one["safe"] is False else None)(house.get(f"/v1/imports/{number}").json), 20, "it was judged")
    assert shown["state"] == "preview" and "cover would be lost" in shown["why"] and "(ZED01), gap" in shown["why"], shown
    refused = house.post(f"/v1/imports/{number}/confirm", {})
    assert refused.status == 409 and "a reason is needed" in refused.text and "cover would be lost" in refused.text, refused.text
    assert house.get(f"/v1/imports/{number}").json["state"] == "preview"
    wait_until(lambda: house.sql("select safe from import where id = %s", number) == [(False,)], 20, "the database knows as well")
    assert house.post(f"/v1/imports/{number}/confirm", {"reason": "Nobody is to be had."}).status == 200
    wait_until(lambda: house.sql("select count(*) from dirty") == [(0,)], 20, "it was swept")

    # The gap is filled: nothing is lost by that.
    number = send(house, calendar(events), "if-safe")
    wait_until(lambda: house.get(f"/v1/imports/{number}").json["state"] == "applied", 20, "it was put in force")
