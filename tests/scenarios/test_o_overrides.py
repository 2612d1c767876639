# SPDX-License-Identifier: MIT
"""Overrides and absences that people enter here: swaps over a calendar, and previews of their effect."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from regions import ALWAYS, HOUR, PEOPLE, Event, calendar, now, rfc3339, round_the_clock, small, today
from screen import Screen
from servers import wait_until

ROTA = "fenmere-amhp-duty"
NAMES = dict(PEOPLE)


@pytest.fixture
def swaps(testbed):
    """The small region with its feed read; testbed.events is what the feed says, testbed.current and testbed.stand_in who is on and who is free."""
    testbed.events = round_the_clock()
    testbed.publisher.publish("amhp", calendar(testbed.events))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    on = next(number for number, event in enumerate(testbed.events) if event.start <= now() < event.end)
    testbed.current, testbed.stand_in = PEOPLE[on % 4][0], PEOPLE[(on + 2) % 4][0]
    testbed.index = on
    return testbed


def names(testbed, **more):
    return [person["name"] for person in testbed.now(**more)["on_call"]]


def swap(testbed, person=None, instead=None, start=None, end=None, **more):
    event = testbed.events[testbed.index]
    body = {"rota": ROTA, "person": person or testbed.stand_in, "instead": instead or testbed.current,
            "start": rfc3339(start or now() - HOUR), "end": rfc3339(end or event.end), **more}
    answer = testbed.post("/v1/overrides", body)
    assert answer.status == 201, answer
    return answer.json["id"]


def say(testbed, person, **changes):
    """The feed now says ${person} where its current shift is, and is read again."""
    old = testbed.events[testbed.index]
    events = list(testbed.events)
    events[testbed.index] = Event(old.uid, changes.get("start", old.start), changes.get("end", old.end), f"AMHP – {NAMES[person]}")
    testbed.publisher.publish("amhp", calendar(events))
    testbed.refresh(ROTA)


def of_override(testbed, id):
    return next(one for one in testbed.get("/v1/overrides?limit=1000").json["overrides"] if one["id"] == id)


def spans_in_force(testbed):
    return testbed.sql("select count(*) from span where known_to = 'infinity' and shifts && "
                     "(select array_agg(id) from shift where override is not null and known_to = 'infinity')")[0][0]


def test_o01_a_swap_wins_over_the_feed_within_seconds_and_expires(swaps):
    id = swap(swaps, expires=rfc3339(now() + timedelta(seconds=12)))
    wait_until(lambda: names(swaps) == [NAMES[swaps.stand_in]], 5, "the stand-in was on, and nobody else")
    amhp = swaps.now()
    assert amhp["state"] == "covered" and amhp["last_known"] == []
    source = amhp["on_call"][0]["source"]
    assert source["override"] is True and source["made_by"] == "administrator" and source["instead"] == NAMES[swaps.current]
    assert source["text"].endswith(f"by administrator; the calendar still says {NAMES[swaps.current]}.")
    wait_until(lambda: spans_in_force(swaps) > 0, 10, "the map rests on it")
    text = swaps.get("/now/ZED01.txt").text
    assert "the calendar still" in text and NAMES[swaps.stand_in] in text
    # Names are for those who may see them.
    commissioner = swaps.sign_in("fenmere-icb", "commissioner")
    for path in ("/v1/now?place=ZED01", "/v1/overrides", "/now/ZED01.txt"):
        answer = swaps.get(path, token=commissioner)
        assert answer.status == 200 and not any(name in answer.text for name in NAMES.values()), answer
    wait_until(lambda: names(swaps) == [NAMES[swaps.current]], 40, "it expired")
    assert of_override_or_none(swaps, id) is None  # it is over
    assert swaps.get(f"/v1/overrides?from={rfc3339(now() - HOUR)}").json["overrides"][0]["state"] == "over"


def of_override_or_none(testbed, id):
    return next((one for one in testbed.get("/v1/overrides").json["overrides"] if one["id"] == id), None)


def test_o02_delete_takes_it_back_and_the_record_stays(swaps):
    id = swap(swaps)
    wait_until(lambda: names(swaps) == [NAMES[swaps.stand_in]], 5, "the stand-in was on")
    assert swaps.request("DELETE", f"/v1/overrides/{id}").status == 204
    wait_until(lambda: names(swaps) == [NAMES[swaps.current]], 5, "the calendar's word was back")
    assert swaps.now()["on_call"][0]["source"]["override"] is False
    assert of_override(swaps, id)["state"] == "withdrawn"
    assert swaps.request("DELETE", f"/v1/overrides/{id}").status == 409
    assert [row[0] for row in swaps.sql("select action from audit where object = %s order by id", f"override/{id}")] == [
        "override_made", "override_withdrawn"]


@pytest.mark.holds("H01.4")
def test_o03_the_feed_catches_up_and_the_override_is_reconciled(swaps):
    event = swaps.events[swaps.index]
    id = swap(swaps, start=max(event.start, now() - 23 * HOUR))
    wait_until(lambda: names(swaps) == [NAMES[swaps.stand_in]], 5, "the stand-in was on")
    say(swaps, swaps.stand_in)
    wait_until(lambda: of_override(swaps, id)["state"] == "reconciled", 15, "the calendar said the same")
    one = of_override(swaps, id)
    assert one["reading"] == swaps.sql("select reading from feed where rota = %s", ROTA)[0][0]
    wait_until(lambda: swaps.now()["on_call"][0]["source"]["override"] is False, 5, "the calendar's word was enough")
    assert names(swaps) == [NAMES[swaps.stand_in]] and swaps.now()["disputes"] == []


@pytest.mark.holds("H01.4")
def test_o04_a_third_person_is_a_dispute_and_nobody_is_said_to_be_on(swaps):
    third = PEOPLE[(swaps.index + 3) % 4][0]
    id = swap(swaps)
    wait_until(lambda: names(swaps) == [NAMES[swaps.stand_in]], 5, "the stand-in was on")
    say(swaps, third)
    wait_until(lambda: of_override(swaps, id)["in_dispute"], 15, "the calendar said a third thing")
    wait_until(lambda: swaps.now()["state"] == "unknown", 5, "nobody was said to be on")
    amhp = swaps.now()
    assert amhp["cause_code"] == "override_disputed" and amhp["on_call"] == [] and amhp["present"] == 0
    assert [(one["name"], one["said_by"]) for one in amhp["disputed"][0]["people"]] == [
        (NAMES[swaps.stand_in], "override"), (NAMES[third], "calendar")]
    assert amhp["disputed"][0]["phone"] == "+441632960456"
    assert NAMES[third] in amhp["disputes"][0] and NAMES[third] in swaps.feed(ROTA)["warnings"][0]["text"]
    text = swaps.get("/now/ZED01.txt").text
    assert "WARNING" in text and f"DISPUTED: {NAMES[swaps.stand_in]} or {NAMES[third]}" in text
    said = swaps.crisiscover("now", "ZED01").stdout
    assert "WARNING: By an override" in said and f"DISPUTED: {NAMES[swaps.stand_in]} or {NAMES[third]}" in said
    assert NAMES[third] in swaps.crisiscover("overrides").stdout
    assert NAMES[third] in swaps.get(f"/v1/rotas/{ROTA}/decisions").json["disputes"][0]
    wait_until(lambda: any(gap["cause_code"] == "override_disputed" for gap in swaps.get("/v1/gaps?state=open").json["gaps"]), 10,
               "the manager was told of a gap")
    # Withdrawn: what the calendar says is what counts.
    assert swaps.request("DELETE", f"/v1/overrides/{id}").status == 204
    wait_until(lambda: names(swaps) == [NAMES[third]] and swaps.now()["state"] == "covered", 5, "it was decided")


def test_o05_a_typed_absence_opens_a_gap_in_two_organisations_and_says_why_to_one(testbed):
    events = round_the_clock(who=[("jo-jones", "Jo Jones")])
    testbed.publisher.publish("amhp", calendar(events))
    region = small(testbed.publisher)
    region["rotas"].append({"id": "oswins-liaison-rota", "service": "oswins-liaison", "tier": 1,
                            "source": {"kind": "ical_url", "url": testbed.publisher.url("liaison"), "every_minutes": 1}})
    region["accounts"].append({"name": "alder-rotas", "kind": "person", "role": "rota_manager", "organisation": "ZAV"})
    testbed.publisher.publish("liaison", calendar(round_the_clock(who=[("jo-jones", "Jo Jones")], uid="liaison", title="Liaison {}")))
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == testbed.now(function="liaison")["state"] == "covered", 20, "both feeds were read")
    own, other = testbed.sign_in("fenmere-rotas", "rota_manager"), testbed.sign_in("alder-rotas", "rota_manager")
    body = {"person": "jo-jones", "start": rfc3339(now() - HOUR), "end": rfc3339(now() + 3 * HOUR)}
    assert testbed.post("/v1/absences", body, token=other).status == 403
    refused = testbed.post("/v1/absences", {**body, "reason": "flu"}, token=own)
    assert refused.status == 400 and "health data" in refused.json["errors"][0]["detail"]
    made = testbed.post("/v1/absences", body, token=own)
    assert made.status == 201, made
    for function in ("amhp", "liaison"):
        wait_until(lambda: testbed.now(function=function)["state"] == "gap", 10, f"{function} was missing")
        assert testbed.now(function=function)["cause_code"] == "not_free"
    wait_until(lambda: {gap["function"] for gap in testbed.get("/v1/gaps?state=open", token=other).json["gaps"]} == {"amhp", "liaison"}, 10,
               "both gaps were open")
    # Of the absence itself the other organisation learns nothing: not who, not by whom, not that there is one.
    assert testbed.get("/v1/absences", token=other).json["absences"] == []
    assert len(testbed.get("/v1/absences", token=own).json["absences"]) == 1
    for path in ("/v1/now?place=ZED01", "/v1/gaps?state=open",
                 f"/v1/coverage?place=ZED01&from={rfc3339(now())}&to={rfc3339(now() + HOUR)}"):
        text = testbed.get(path, token=other).text
        assert "away" not in text and "leave" not in text, text
        assert "jo-jones" not in text and ("/v1/now" not in path or "Jo Jones" not in text.split('"next"')[0]), text
    # Flags go to everybody: they do not say it either.
    told = testbed.get("/v1/flags?limit=1000").json["flags"]
    assert {flag["cause"] for flag in told if flag["kind"] == "opened" and flag["function"] == "amhp"} >= {"not_free"} and "absent" not in str(told)
    assert "away" not in testbed.get("/now/ZED01.txt", token=other).text
    assert testbed.request("DELETE", f"/v1/absences/{made.json['id']}", token=other).status == 404
    assert testbed.request("DELETE", f"/v1/absences/{made.json['id']}", token=own).status == 204
    wait_until(lambda: testbed.now()["state"] == testbed.now(function="liaison")["state"] == "covered", 10, "cover was back")


def test_o06_a_dry_run_writes_nothing_and_names_the_right_stand_ins(swaps):
    # Three days from now: the person who is on at 20:00, with twelve hours off on either side of everybody's own shifts.
    event = next(event for event in swaps.events if event.start >= now() + 48 * HOUR)
    number = swaps.events.index(event)
    away = PEOPLE[number % 4][0]
    answer = swaps.post("/v1/absences?dry_run=1", {"person": away, "start": rfc3339(event.start), "end": rfc3339(event.end)})
    assert answer.status == 200 and answer.json["dry_run"] is True, answer
    found = {(requirement["id"], requirement["place"], requirement["function"]): requirement["spans"] for requirement in answer.json["requirements"]}
    assert set(found) == {("R01", "X06000001", "amhp"), ("R01", "ZED01", "amhp")}
    for spans in found.values():
        assert [(span["start"], span["end"], span["was"], span["state"]) for span in spans] == [
            (rfc3339(event.start), rfc3339(event.end), "covered", "gap")]
        # The neighbours before and after are on within eleven hours; only who is on a whole shift away may.
        assert [one["person"] for one in spans[0]["stand_ins"]] == [PEOPLE[(number + 2) % 4][0]]
    printed = swaps.crisiscover("absence", away, "--from", rfc3339(event.start), "--to", rfc3339(event.end), "--dry-run").stdout
    assert f"could stand in: {NAMES[PEOPLE[(number + 2) % 4][0]]}" in printed and "Nothing was written." in printed
    answer = swaps.crisiscover("override", ROTA, PEOPLE[(number + 2) % 4][0], "--from", rfc3339(event.start), "--to", rfc3339(event.end),
                               "--instead", away, "--dry-run", "--json")
    assert json.loads(answer.stdout)["requirements"] == []
    assert swaps.sql("select (select count(*) from override) + (select count(*) from absence) + "
                     "(select count(*) from shift where reading is null)")[0][0] == 0
    assert swaps.sql("select count(*) from audit where action like 'override%%' or action like 'absence%%'")[0][0] == 0


@pytest.mark.holds("F5")
def test_o07_a_restart_without_the_database_still_shows_the_override(swaps):
    swap(swaps)
    wait_until(lambda: names(swaps) == [NAMES[swaps.stand_in]], 5, "the stand-in was on")
    assert swaps.stop() == 0
    swaps.postgres.stop()
    swaps.start()
    answer = swaps.get("/v1/now?place=ZED01&function=amhp").json
    assert answer["map"]["confidence"] == "last_good"
    amhp = answer["functions"][0]
    assert [person["name"] for person in amhp["on_call"]] == [NAMES[swaps.stand_in]] and amhp["last_known"] == []
    assert amhp["on_call"][0]["source"]["override"] is True
    assert amhp["on_call"][0]["source"]["text"].endswith(f"the calendar still says {NAMES[swaps.current]}.")


def test_o08_a_dead_feed_is_answered_by_an_override(swaps):
    swaps.publisher.feeds["amhp"].mode = 503
    swaps.sql("update feed set last_good_at = clock_timestamp() - interval '7 hours', updated_at = clock_timestamp()")
    wait_until(lambda: swaps.now()["state"] == "unknown", 15, "the feed could not be believed any more")
    printed = swaps.crisiscover("override", ROTA, swaps.stand_in, "--from", rfc3339(now() - HOUR), "--to", rfc3339(now() + HOUR),
                                "--instead", swaps.current).stdout
    wait_until(lambda: swaps.now()["state"] == "covered", 5, "a named person was on by an override")
    assert names(swaps) == [NAMES[swaps.stand_in]] and swaps.now()["last_known"] == []
    id = printed.split()[1]
    assert swaps.crisiscover("override", "--withdraw", id).returncode == 0
    wait_until(lambda: swaps.now()["state"] == "unknown", 5, "it was taken back")


def test_o09_a_roster_of_leave_takes_cover_away(testbed):
    """Leave as a CSV export has it: each row a person and days."""
    event_day = (today() + timedelta(days=2)).date()
    testbed.publisher.publish("amhp", calendar(round_the_clock(who=[("jo-jones", "Jo Jones")])))
    region = small(testbed.publisher)
    region["rotas"].append({"id": "leave-fenmere", "organisation": "ZFC", "absences": True, "source": {"kind": "file"},
                            "reading": {"date_order": "dmy"}})
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read")
    rows = f"Staff Name,Date,Start,End,Shift,Status\r\n\"Jones, Jo\",{event_day:%d/%m/%Y},09:00,17:00,AL,Approved\r\n"
    testbed.write("leave.csv", rows)
    said = testbed.crisiscover("import", "leave-fenmere", testbed.folder / "leave.csv", "--confirm", check=False)
    assert said.returncode != 0 and "cover would be lost" in said.stdout + said.stderr, said.stdout + said.stderr
    said = testbed.crisiscover("import", "leave-fenmere", testbed.folder / "leave.csv", "--confirm", "--reason", "She is away.", check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    path = f"/v1/coverage?place=ZED01&function=amhp&from={event_day}T12:00:00Z&to={event_day}T13:00:00Z"
    wait_until(lambda: testbed.get(path).json["requirements"][0]["spans"][0]["state"] == "gap", 10, "the leave took the cover away")
    assert testbed.get(path).json["requirements"][0]["spans"][0]["cause_code"] == "not_free"


def test_o10_a_pair_of_swaps_by_the_feed_re_read_and_an_upload_leave_it_alone(swaps):
    id = swap(swaps)
    wait_until(lambda: names(swaps) == [NAMES[swaps.stand_in]], 5, "the stand-in was on")
    # The calendar changes somewhere else; the region is applied with another address for the same rota.
    later = list(swaps.events)
    later[-1] = Event("another", later[-1].start, later[-1].end + HOUR, later[-1].title)
    swaps.publisher.publish("amhp", calendar(later))
    swaps.refresh(ROTA)
    wait_until(lambda: swaps.sql("select count(*) from shift where key like '%%another%%' and known_to = 'infinity'")[0][0] == 1, 15,
               "the new reading was in force")
    swaps.publisher.publish("moved", calendar(later))
    region = small(swaps.publisher, requirements=[{"id": "R01", "place": "X06000001", "function": "amhp", "count": 1, "hours": ALWAYS}])
    region["rotas"][0]["source"]["url"] = swaps.publisher.url("moved")
    swaps.apply(region)
    swaps.wait_ready()
    assert names(swaps) == [NAMES[swaps.stand_in]] and of_override(swaps, id)["state"] == "waiting"
    assert swaps.sql("select count(*) from shift where override = %s", id)[0][0] == 1


# ------------------------------------------------------------------------------- no more than was meant

def nights(testbed, who, first=3, count=4):
    """${who} on ${count} nights from ${first} days ahead, nobody in between: a calendar of its own, read."""
    start = today() + timedelta(days=first) + 20 * HOUR
    testbed.nights = [Event(f"night-{i}", start + i * 24 * HOUR, start + i * 24 * HOUR + 12 * HOUR, f"AMHP – {NAMES[who]}") for i in range(count)]
    testbed.tail = [Event("tail", start + count * 24 * HOUR + 40 * HOUR, start + count * 24 * HOUR + 52 * HOUR, "AMHP – Tess Osei")]
    testbed.publisher.publish("amhp", calendar(testbed.nights + testbed.tail))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: state(testbed, testbed.nights[0].start)["state"] == "covered", 20, "the feed was read and swept")
    return start, start + count * 24 * HOUR


def publish(testbed, events):
    testbed.publisher.publish("amhp", calendar(events + testbed.tail))
    testbed.refresh(ROTA)


def state(testbed, moment):
    return testbed.now(at=moment + HOUR)


def on_at(testbed, moment):
    return [person["name"] for person in state(testbed, moment)["on_call"]]


def wall(moment):
    return moment.astimezone(ZoneInfo("Europe/London")).strftime("%Y-%m-%d %H:%M")


def replace(testbed, person, instead, start, end, **more):
    return testbed.post("/v1/overrides", {"rota": ROTA, "person": person, "instead": instead, "start": rfc3339(start), "end": rfc3339(end), **more})


def test_o11_four_nights_are_four_nights_and_follow_what_moves(testbed):
    start, end = nights(testbed, "jo-jones")
    said = testbed.crisiscover("override", ROTA, "sam-ahmed", "--from", wall(start), "--to", wall(end), "--instead", "jo-jones", "--dry-run").stdout
    assert said.count("On from") == 4 and said.count("nothing changes from") == 4, said
    made = testbed.crisiscover("override", ROTA, "sam-ahmed", "--from", wall(start), "--to", wall(end), "--instead", "jo-jones")
    assert made.returncode == 0
    wait_until(lambda: on_at(testbed, testbed.nights[3].start) == ["Sam Ahmed"], 5, "the stand-in was on")
    assert [on_at(testbed, night.start) for night in testbed.nights] == [["Sam Ahmed"]] * 4
    assert [state(testbed, night.end)["state"] for night in testbed.nights] == ["gap"] * 4  # the days are nobody's
    coverage = testbed.get(f"/v1/coverage?place=ZED01&function=amhp&from={rfc3339(start)}&to={rfc3339(end)}").json
    assert coverage["totals"]["covered"] == 48
    # One moves by two hours: the stand-in goes with it, and it is said.
    moved = Event("night-1", testbed.nights[1].start + 2 * HOUR, testbed.nights[1].end + 2 * HOUR, testbed.nights[1].title)
    publish(testbed, [testbed.nights[0], moved, *testbed.nights[2:]])
    wait_until(lambda: on_at(testbed, moved.end - 2 * HOUR) == ["Sam Ahmed"], 15, "the stand-in has moved")
    assert state(testbed, testbed.nights[1].start)["state"] == "gap"
    assert "has moved with it" in state(testbed, moved.start)["disputes"][0]
    one = testbed.get("/v1/overrides").json["overrides"][0]
    assert one["state"] == "followed" and one["in_dispute"] is False and "has moved with it" in one["warning"]


@pytest.mark.parametrize("how", ["deleted", "cancelled", "no cover", "elsewhere"])
@pytest.mark.holds("H01.4")
def test_o12_a_shift_that_the_calendar_takes_away_is_a_dispute(testbed, how):
    start, end = nights(testbed, "jo-jones")
    assert replace(testbed, "sam-ahmed", "jo-jones", start, end).status == 201
    wait_until(lambda: on_at(testbed, testbed.nights[1].start) == ["Sam Ahmed"], 5, "the stand-in was on")
    gone = testbed.nights[1]
    instead = {"deleted": [], "cancelled": [Event(gone.uid, gone.start, gone.end, gone.title, status="CANCELLED", sequence="2")],
               "no cover": [Event(gone.uid, gone.start, gone.end, "NO COVER")],
               "elsewhere": [Event(gone.uid, end + 14 * HOUR, end + 26 * HOUR, gone.title)]}[how]
    publish(testbed, [testbed.nights[0], *testbed.nights[2:], *instead])
    wait_until(lambda: state(testbed, gone.start)["state"] == "unknown", 15, "nobody could say who is on")
    answer = state(testbed, gone.start)
    assert [person["name"] for person in answer["disputed"][0]["people"]] == ["Sam Ahmed", "Jo Jones"]
    assert answer["cause_code"] == "override_disputed" and "switchboard" in answer["disputes"][0]
    assert on_at(testbed, testbed.nights[0].start) == on_at(testbed, testbed.nights[3].start) == ["Sam Ahmed"]
    assert testbed.get("/v1/overrides").json["overrides"][0]["in_dispute"] is True


@pytest.mark.holds("H18.3")
def test_o13_of_two_at_once_one_is_made_and_the_other_hears_of_it(testbed):
    start, end = nights(testbed, "jo-jones")
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda person: replace(testbed, person, "jo-jones", start, start + 12 * HOUR), ("sam-ahmed", "kim-lee")))
    assert sorted(answer.status for answer in answers) == [201, 409], answers
    first = next(answer.json for answer in answers if answer.status == 201)
    refused = next(answer.json for answer in answers if answer.status == 409)
    assert f"override {first['id']} ({first['person']} instead of jo-jones, made by administrator" in refused["detail"]
    # Another night is another place.
    assert replace(testbed, "kim-lee", "jo-jones", start + 24 * HOUR, start + 36 * HOUR).status == 201


def test_o14_what_rests_on_another_is_said_before_that_is_withdrawn(testbed):
    start, end = nights(testbed, "jo-jones")
    first = replace(testbed, "sam-ahmed", "jo-jones", start, end).json["id"]
    wait_until(lambda: on_at(testbed, start) == ["Sam Ahmed"], 5, "the stand-in was on")
    second = replace(testbed, "kim-lee", "sam-ahmed", start, start + 12 * HOUR).json["id"]
    wait_until(lambda: on_at(testbed, start) == ["Kim Lee"], 5, "the stand-in's stand-in was on")
    refused = testbed.request("DELETE", f"/v1/overrides/{first}")
    assert refused.status == 409 and f"override {second} (kim-lee instead of sam-ahmed" in refused.json["detail"]
    dry = testbed.request("DELETE", f"/v1/overrides/{first}?dry_run=1")
    assert dry.status == 200 and [(one["id"], one["start"]) for one in dry.json["rests"]] == [(second, rfc3339(start))], dry
    printed = testbed.crisiscover("override", "--withdraw", first, "--dry-run").stdout
    assert f"Override {second} rests on it" in printed and "Nothing was written." in printed
    assert on_at(testbed, start) == ["Kim Lee"]
    assert testbed.crisiscover("override", "--withdraw", first, "--confirm").returncode == 0
    wait_until(lambda: state(testbed, start)["state"] == "unknown", 5, "the other was in dispute")
    assert [person["name"] for person in state(testbed, start)["disputed"][0]["people"]] == ["Kim Lee", "Jo Jones"]
    assert on_at(testbed, start + 24 * HOUR) == ["Jo Jones"]


def test_o15_nobody_beyond_the_calendar_long_and_late(testbed):
    start, end = nights(testbed, "jo-jones")
    # Nobody.
    assert testbed.crisiscover("override", ROTA, "--nobody", "--from", wall(start), "--to", wall(start + 12 * HOUR), check=False).returncode == 1
    said = testbed.crisiscover("override", ROTA, "--nobody", "--from", wall(start), "--to", wall(start + 12 * HOUR), "--note", "The line is down")
    assert said.returncode == 0
    wait_until(lambda: state(testbed, start)["state"] == "gap", 5, "nobody was on")
    assert state(testbed, start)["cause_code"] == "nobody"
    one = testbed.get("/v1/overrides").json["overrides"][0]
    assert one["nobody"] is True and one["person"] is None and one["note"] == "The line is down"
    assert "nobody, made by administrator" in testbed.crisiscover("overrides").stdout
    # Beyond what the rota speaks of nobody can be replaced; somebody is put on there only if that is meant.
    beyond = testbed.tail[0].end + 24 * HOUR
    refused = replace(testbed, "sam-ahmed", "jo-jones", beyond, beyond + 12 * HOUR)
    assert refused.status == 400 and "says nothing after" in refused.json["errors"][0]["detail"]
    body = {"rota": ROTA, "person": "sam-ahmed", "start": rfc3339(beyond), "end": rfc3339(beyond + 12 * HOUR)}
    wanted = testbed.post("/v1/overrides", body)
    assert wanted.status == 400 and [error["path"] for error in wanted.json["errors"]] == ["$.confirm"]
    assert testbed.post("/v1/overrides", {**body, "confirm": True}).status == 201
    # Longer than 31 days.
    body = {"rota": ROTA, "person": "kim-lee", "start": rfc3339(start + 13 * HOUR), "end": rfc3339(start + 13 * HOUR + timedelta(days=32))}
    wanted = testbed.post("/v1/overrides", body)
    assert wanted.status == 400 and any("31 days" in error["detail"] for error in wanted.json["errors"])
    # An override that is over can be corrected, and the correction says so.
    past = now() - timedelta(days=20)
    body = {"rota": ROTA, "person": "tess-osei", "start": rfc3339(past), "end": rfc3339(past + 12 * HOUR), "note": "She did come", "confirm": True}
    before = testbed.settled()
    made = testbed.post("/v1/overrides", body)
    assert made.status == 201 and made.json["late"] is True, made
    history = testbed.get(f"/v1/history?place=ZED01&function=amhp&at={rfc3339(past + HOUR)}&known_at={rfc3339(before)}").json
    slot, = history["rows"]
    assert slot["then"] is None and [(one["to"]["name"], one["to"]["override"], one["to"]["late"]) for one in slot["corrections"]] == [
        ("Tess Osei", True, True)]
    wait_until(lambda: on_at(testbed, past) == ["Tess Osei"], 5, "the answer about that night was corrected")
    then = state(testbed, past)["on_call"][0]
    assert then["name"] == "Tess Osei" and then["source"]["late"] is True and "Corrected here afterwards" in then["source"]["text"]
    listed = testbed.get(f"/v1/overrides?from={rfc3339(past)}").json["overrides"]
    assert [one["late"] for one in listed if one["id"] == made.json["id"]] == [True]
    assert testbed.post("/v1/overrides", {**body, "start": rfc3339(now() - timedelta(days=32))}).status == 400
    assert testbed.request("DELETE", f"/v1/overrides/{made.json['id']}").status == 204


def test_o16_nobody_finds_out_when_people_of_others_are_on_leave(testbed):
    """Every answer that the manager of another organisation can get, with and without the leave of somebody who is on no rota: the same bytes."""
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = small(testbed.publisher)
    region["people"] += [{"id": "dee-ray", "name": "Dee Ray", "organisation": "ZFC", "roles": ["amhp"]},
                         {"id": "al-vane", "name": "Al Vane", "organisation": "ZAV", "roles": ["amhp"]}]
    region["services"].append({"id": "alder-amhp", "name": "Alder AMHP", "function": "amhp", "organisation": "ZAV", "places": ["ZED01"]})
    region["rotas"].append({"id": "alder-amhp-rota", "service": "alder-amhp", "tier": 2,
                            "source": {"kind": "ical_url", "url": testbed.publisher.url("alder"), "every_minutes": 1}})
    region["accounts"].append({"name": "alder-rotas", "kind": "person", "role": "rota_manager", "organisation": "ZAV"})
    region["requirements"].append({"id": "R02", "place": "ZED01", "function": "amhp", "count": 2, "hours": ALWAYS})
    testbed.publisher.publish("alder", calendar(round_the_clock(who=[("al-vane", "Al Vane")], uid="alder")))
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered" and len(testbed.now()["on_call"]) == 2, 20, "both feeds were read")
    probe, own = testbed.sign_in("alder-rotas", "rota_manager"), testbed.sign_in("fenmere-rotas", "rota_manager")
    base = (today() + timedelta(days=4)).replace(hour=8)

    def ask(method, path, body=None):
        answer = testbed.request(method, path, body, token=probe)
        kept = answer.json if answer.status < 500 else answer.text
        if isinstance(kept, dict):
            kept.pop("map", None)
        text = json.dumps(kept, sort_keys=True)
        return answer.status, re.sub(r'"(as_of|checked_at|last_good_at|last_attempt_at|next_at|changed_at|updated_at)": "[^"]*"', "", text)

    def probes():
        found = {}
        for day in range(6):
            start, end = base + timedelta(days=day), base + timedelta(days=day, hours=12)
            times = {"start": rfc3339(start), "end": rfc3339(end)}
            for name, body in {"beside": {"person": "dee-ray"}, "instead": {"person": "dee-ray", "instead": "al-vane"}}.items():
                found[day, name] = ask("POST", "/v1/overrides?dry_run=1", {"rota": "alder-amhp-rota", **times, **body})
                found[day, name, "made"] = ask("POST", "/v1/overrides", {"rota": "alder-amhp-rota", **times, **body})
            found[day, "absence"] = ask("POST", "/v1/absences?dry_run=1", {"person": "al-vane", **times})
            found[day, "now"] = ask("GET", f"/v1/now?place=ZED01&at={rfc3339(start + HOUR)}")
        window = f"from={rfc3339(base)}&to={rfc3339(base + timedelta(days=7))}"
        for path in (f"/v1/coverage?place=ZED01&{window}", "/v1/gaps", "/v1/people", "/v1/overrides", "/v1/absences", "/v1/rotas", "/v1/services",
                     "/v1/rotas/alder-amhp-rota/decisions", f"/v1/shifts?rota=alder-amhp-rota&{window}",
                     f"/v1/shifts?rota={ROTA}&{window}", "/v1/requirements"):
            found[path] = ask("GET", path)
        return found

    without = probes()
    assert without[2, "beside", "made"][0] == 400 and "may not be free" in without[2, "beside", "made"][1]
    assert any("dee-ray" in text for key, (_, text) in without.items() if key[-1] == "absence"), "dee-ray could stand in"
    made = testbed.post("/v1/absences", {"person": "dee-ray", "start": rfc3339(base + timedelta(days=2)), "end": rfc3339(base + timedelta(days=4))}, token=own)
    assert made.status == 201
    body = {"rota": ROTA, "person": "dee-ray", "start": rfc3339(base + timedelta(days=2)), "end": rfc3339(base + timedelta(days=2, hours=12))}
    wait_until(lambda: testbed.post("/v1/overrides?dry_run=1", body, token=own).json["warnings"], 10, "her own manager sees that she is away")
    seen = probes()
    assert {key: value for key, value in seen.items() if value != without[key]} == {}


@pytest.mark.holds("H10.1", "H10.2")
def test_o17_times_are_londons_and_what_the_clock_skips_or_repeats_is_refused(testbed):
    start, end = nights(testbed, "jo-jones")
    for time, readings in {"2027-03-28 01:30": ("2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z"),
                           "2026-10-25 01:30": ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")}.items():
        for command in (("override", ROTA, "sam-ahmed", "--from", time, "--to", time), ("absence", "sam-ahmed", "--from", time, "--to", time),
                        ("now", "ZED01", "--at", time), ("coverage", "ZED01", "--from", time, "--to", time),
                        ("history", "ZED01", "--at", time, "--known-at", time)):
            refused = testbed.crisiscover(*command, check=False)
            assert refused.returncode == 2 and all(reading in refused.stderr for reading in readings), refused.stderr
    said = testbed.crisiscover("now", "ZED01", "--at", wall(start + HOUR)).stdout
    assert "Jo Jones" in said


@pytest.mark.long
def test_o18_the_now_page_shows_who_may_be_on(browser, testbed):
    events = round_the_clock()
    testbed.publisher.publish("amhp", calendar(events))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read")
    testbed.events = events
    testbed.index = next(number for number, event in enumerate(events) if event.start <= now() < event.end)
    testbed.current, testbed.stand_in = PEOPLE[testbed.index % 4][0], PEOPLE[(testbed.index + 2) % 4][0]
    swap(testbed)
    wait_until(lambda: names(testbed) == [NAMES[testbed.stand_in]], 5, "the stand-in was on")
    testbed.publisher.publish("amhp", calendar(events[:testbed.index] + events[testbed.index + 1:]))
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.now()["state"] == "unknown", 15, "the calendar took it away")
    screen = Screen(browser, testbed)
    screen.sign_in()
    screen.now()
    screen.until(lambda: "Not agreed who is on" in screen.function("amhp"), "the dispute is shown")
    text = screen.function("amhp")
    assert NAMES[testbed.stand_in] in text and NAMES[testbed.current] in text and "by a change made here" in text and "switchboard" in text
    complaints = screen.complaints()
    screen.close()
    assert complaints == []


def doubly_covered(testbed):
    """Four nights of Jo Jones, replaced by Sam Ahmed, with Kim Lee on beside them: answers the calendar with the second of Jo's nights taken away."""
    start, end = nights(testbed, "jo-jones")
    beside = [Event(f"beside-{number}", night.start, night.end, "AMHP – Kim Lee") for number, night in enumerate(testbed.nights)]
    publish(testbed, [*testbed.nights, *beside])
    wait_until(lambda: on_at(testbed, start) == ["Jo Jones", "Kim Lee"], 15, "both were on")
    assert replace(testbed, "sam-ahmed", "jo-jones", start, end).status == 201
    wait_until(lambda: sorted(on_at(testbed, start)) == ["Kim Lee", "Sam Ahmed"], 5, "the stand-in was on")
    return [testbed.nights[0], *testbed.nights[2:], *beside, *testbed.tail]


def test_o19_an_import_says_which_override_it_puts_into_dispute(testbed):
    less = doubly_covered(testbed)
    gone = testbed.nights[1]
    wait_until(lambda: testbed.sql("select count(*) from dirty") == [(0,)], 20, "it was swept")
    printed = testbed.crisiscover("import", ROTA, testbed.write("less.ics", calendar(less))).stdout
    assert "overrides it would put into dispute:\n  1: By an override made here Sam Ahmed is on rota" in printed, printed
    assert "gaps it would open" not in printed and "Override 1 would be in dispute." in printed, printed
    number = testbed.get("/v1/imports").json["imports"][0]["id"]
    shown = testbed.get(f"/v1/imports/{number}").json
    assert shown["safe"] is False and shown["gaps"] == {"opens": [], "closes": []}
    assert [(one["id"], one["was"], one["becomes"]) for one in shown["overrides"]] == [(1, "waiting", "conflicting")]
    refused = testbed.post(f"/v1/imports/{number}/confirm", {})
    assert refused.status == 409 and "Override 1 would be in dispute." in refused.text, refused
    # Nothing has been done by looking.
    assert testbed.get("/v1/overrides").json["overrides"][0]["state"] == "waiting"
    assert sorted(on_at(testbed, gone.start)) == ["Kim Lee", "Sam Ahmed"]
    # By itself it does not become so either.
    sent = testbed.request("POST", f"/v1/rotas/{ROTA}/imports?apply=if-safe", calendar(less), content_type="text/calendar").json["id"]
    wait_until(lambda: testbed.sql("select safe from import where id = %s", sent) == [(False,)], 20, "it was left to a person")
    # The deed does what was said, and people are told though others cover.
    listener = testbed.listen()
    assert testbed.post(f"/v1/imports/{sent}/confirm", {"reason": "Jo is on leave that night."}).status == 200
    assert testbed.get("/v1/overrides").json["overrides"][0]["state"] == "conflicting"
    told = wait_until(lambda: listener.of(kind="override_disputed"), 10, "the dispute was told")
    assert [(flag["override"], flag["cause"], flag["start"], flag["end"]) for flag in told] == [(1, ROTA, rfc3339(gone.start), rfc3339(gone.end))]
    assert testbed.get("/v1/flags?limit=1000").json["flags"][-1] == told[0]
    assert testbed.request("DELETE", "/v1/overrides/1").status == 204
    wait_until(lambda: listener.of(kind="override_settled", override=1), 10, "its end was told")
    assert len(listener.of(kind="override_disputed")) == 1 and not listener.of(kind="opened")


@pytest.mark.long
def test_o20_the_import_page_names_what_falls_into_dispute(browser, testbed):
    less = doubly_covered(testbed)
    screen = Screen(browser, testbed)
    screen.sign_in(testbed.sign_in("fenmere-rotas", "rota_manager")).imports()
    path = testbed.write("less.ics", calendar(less))
    screen.js("document.getElementById('rota').value = arguments[0]", ROTA)
    screen.one("#file").send_keys(str(path))
    screen.press_button("Upload and look")
    screen.until(lambda: screen.seen("#preview"), "the file was read")
    words = screen.text("#preview")
    assert "1 override would be in dispute:" in words and "Sam Ahmed is on rota" in words and "no longer has the shift of Jo Jones" in words, words
    assert "Override 1 would be in dispute." in screen.text(".decide.dangerous")
    screen.check_fair()


def test_o21_what_is_over_says_which_late_corrections_it_lacks(testbed):
    """The map is not swept again for days that are over: coverage and gaps of them say so, and what was known before answers as it did."""
    nights(testbed, "jo-jones")
    past = now() - timedelta(days=20)
    window = f"place=ZED01&function=amhp&from={rfc3339(past - HOUR)}&to={rfc3339(past + 13 * HOUR)}"
    testbed.sql("insert into gap (requirement, place, function, starts_at, ends_at, state, cause, present, required, severity, told, closed_at, passed) "
              "values ('R01', 'ZED01', 'amhp', %s, %s, 'gap', 'nobody', 0, 1, 'high', true, %s, true)", past, past + 12 * HOUR, past + 12 * HOUR)
    before = testbed.settled()
    none = {"count": 0, "overrides": []}
    then = testbed.get(f"/v1/coverage?{window}&known_at={rfc3339(before)}").text
    assert testbed.get(f"/v1/coverage?{window}").json["late_corrections"] == none and '"late_corrections":{"count":0' in then
    gap, = testbed.get(f"/v1/gaps?state=closed&{window}").json["gaps"]
    assert gap["late_corrections"] == []

    made = testbed.post("/v1/overrides", {"rota": ROTA, "person": "tess-osei", "start": rfc3339(past), "end": rfc3339(past + 12 * HOUR), "confirm": True}).json
    assert made["late"] is True
    answer = testbed.get(f"/v1/coverage?{window}").json
    one, = answer["late_corrections"]["overrides"]
    assert (one["override"], one["rota"], one["start"], one["end"], one["withdrawn_at"]) == (
        made["id"], ROTA, rfc3339(past), rfc3339(past + 12 * HOUR), None) and answer["late_corrections"]["count"] == 1
    assert [line["late_corrections"] for line in answer["requirements"]] == [[made["id"]]]
    assert all(span["state"] != "covered" for span in answer["requirements"][0]["spans"]), "the record is as it was"
    gap, = testbed.get(f"/v1/gaps?state=closed&{window}").json["gaps"]
    assert gap["late_corrections"] == [made["id"]] and testbed.get("/v1/gaps?state=all").json["gaps"][0]["late_corrections"] == [made["id"]]
    assert "Tess" not in testbed.get(f"/v1/coverage?{window}", token=testbed.sign_in("fenmere-icb", "commissioner")).text
    printed = testbed.crisiscover("coverage", "ZED01", "--function", "amhp", "--from", rfc3339(past), "--to", rfc3339(past + 12 * HOUR)).stdout
    assert "1 late corrections" in printed and f"override {made['id']} of {ROTA}, {past.astimezone(ZoneInfo('Europe/London')):%a %d %b %Y %H:%M}" in printed, printed
    assert f"said otherwise afterwards: override {made['id']}" in testbed.crisiscover("gaps", "--state", "closed").stdout
    # Another function, another time, what is ahead: nothing is said of it.
    assert testbed.get(f"/v1/coverage?{window.replace('function=amhp', 'function=liaison')}").json["late_corrections"] == none
    other = f"place=ZED01&from={rfc3339(past + 12 * HOUR)}&to={rfc3339(now() + HOUR)}"
    assert testbed.get(f"/v1/coverage?{other}").json["late_corrections"] == none
    assert testbed.get(f"/v1/coverage?{window}&known_at={rfc3339(before)}").text == then, "what was known then does not move"

    assert testbed.request("DELETE", f"/v1/overrides/{made['id']}").status == 204
    assert testbed.get(f"/v1/coverage?{window}").json["late_corrections"] == none
    # One that was made while its night was still swept, and is withdrawn now: the record holds what was taken back.
    again = testbed.post("/v1/overrides", {"rota": ROTA, "person": "tess-osei", "start": rfc3339(past), "end": rfc3339(past + 12 * HOUR), "confirm": True}).json
    testbed.sql("set session_replication_role = replica; update override set made_at = expires_at where id = %s" % again["id"], login="postgres")
    assert testbed.get(f"/v1/coverage?{window}").json["late_corrections"] == none
    assert testbed.request("DELETE", f"/v1/overrides/{again['id']}").status == 204
    one, = testbed.get(f"/v1/coverage?{window}").json["late_corrections"]["overrides"]
    assert one["override"] == again["id"] and one["start"] == rfc3339(past) and one["withdrawn_at"] is not None


def settled(testbed):
    wait_until(lambda: testbed.sql("select count(*) from dirty") == [(0,)], 20, "it was swept")


def confirm(testbed, body):
    """Confirms a calendar, whatever it does; answers the import's number."""
    number = testbed.request("POST", f"/v1/rotas/{ROTA}/imports", calendar(body), content_type="text/calendar").json["id"]
    wait_until(lambda: testbed.get(f"/v1/imports/{number}").json["state"] == "preview", 20, "it was read")
    assert testbed.post(f"/v1/imports/{number}/confirm", {"reason": "As agreed."}).status == 200
    return number


@pytest.mark.holds("H18.4")
def test_o22_undoing_an_import_is_judged_as_confirming_one(testbed):
    """Undoing takes away a shift that an override replaces: shown before, wants a reason, and what was shown is what is done."""
    nights(testbed, "jo-jones")
    night, more = testbed.nights[0], Event("more", testbed.nights[0].start + 12 * HOUR, testbed.nights[0].start + 16 * HOUR, "AMHP – Jo Jones")
    number = confirm(testbed, [*testbed.nights, more, *testbed.tail])
    wait_until(lambda: on_at(testbed, more.start) == ["Jo Jones"], 15, "the import was in force")
    assert replace(testbed, "sam-ahmed", "jo-jones", more.start, more.end).status == 201
    wait_until(lambda: on_at(testbed, more.start) == ["Sam Ahmed"], 5, "the stand-in was on")
    settled(testbed)
    undo = f"/v1/imports/{number}/undo"
    plan = wait_until(lambda: (lambda one: one["safe"] is not None and one)(testbed.post(f"{undo}?dry_run=1", {}).json), 20, "it could be said")
    assert plan["dry_run"] is True and plan["safe"] is False and "Override 1 would be in dispute." in plan["why"], plan
    assert [(one["id"], one["was"], one["becomes"]) for one in plan["overrides"]] == [(1, "waiting", "conflicting")]
    assert any(gap["start"] == rfc3339(more.start) and gap["end"] == rfc3339(more.end) for gap in plan["gaps"]["opens"]), plan
    printed = testbed.crisiscover("import", "--withdraw", number, "--dry-run").stdout
    assert "overrides it would put into dispute:\n  1: " in printed and "gaps it would open:" in printed and "nothing is changed yet" in printed, printed
    refused = testbed.post(undo, {})
    assert refused.status == 409 and "a reason is needed to undo this" in refused.text and "Override 1" in refused.text, refused
    assert testbed.crisiscover("import", "--withdraw", number, check=False).returncode != 0
    assert on_at(testbed, more.start) == ["Sam Ahmed"] and testbed.get(f"/v1/imports/{number}").json["state"] == "applied", "nothing is changed"
    # The effect is no longer the one that was shown: it is refused even with a reason.
    assert testbed.request("DELETE", "/v1/overrides/1").status == 204
    settled(testbed)
    changed = testbed.post(undo, {"reason": "The wrong month.", "seen": plan["seen"]})
    assert changed.status == 412 and "has changed since it was looked at" in changed.text and "cover would be lost" in changed.text, changed
    assert testbed.post(undo, {"reason": "The wrong month.", "seen": "yesterday"}).status == 400
    done = testbed.crisiscover("import", "--withdraw", number, "--reason", "The wrong month.", "--json").stdout
    assert json.loads(done) == {"id": number, "state": "undone"}
    wait_until(lambda: on_at(testbed, more.start) == [], 10, "it was undone")
    assert on_at(testbed, night.start) == ["Jo Jones"]
    assert testbed.post(f"{undo}?dry_run=1", {}).status == 409


@pytest.mark.holds("H18.3")
def test_o23_what_is_confirmed_is_what_was_seen(testbed):
    """An override made after somebody looked is not put into dispute unseen, though a reason is given."""
    nights(testbed, "jo-jones")
    settled(testbed)
    less = [testbed.nights[0], *testbed.nights[2:], *testbed.tail]
    number = testbed.request("POST", f"/v1/rotas/{ROTA}/imports", calendar(less), content_type="text/calendar").json["id"]
    shown = wait_until(lambda: (lambda one: one["state"] == "preview" and one)(testbed.get(f"/v1/imports/{number}").json), 20, "it was read")
    assert shown["safe"] is False and shown["overrides"] == []
    gone, body = testbed.nights[1], {"reason": "Jo is on leave that night.", "seen": shown["seen"]}
    assert replace(testbed, "sam-ahmed", "jo-jones", gone.start, gone.end).status == 201
    refused = testbed.post(f"/v1/imports/{number}/confirm", body)
    assert refused.status == 412 and "Override 1 would be in dispute." in refused.text, refused
    wait_until(lambda: on_at(testbed, gone.start) == ["Sam Ahmed"], 5, "the stand-in is on")
    # The same key gives the first answer; a look at the current state goes through, and only once.
    settled(testbed)
    seen = testbed.get(f"/v1/imports/{number}").json
    assert seen["seen"] != shown["seen"] and [one["becomes"] for one in seen["overrides"]] == ["conflicting"]
    body["seen"] = seen["seen"]
    keyed = {"Idempotency-Key": "o23"}
    first = testbed.request("POST", f"/v1/imports/{number}/confirm", json.dumps(body), headers=keyed)
    assert first.status == 200 and testbed.request("POST", f"/v1/imports/{number}/confirm", json.dumps(body), headers=keyed).text == first.text
    wait_until(lambda: state(testbed, gone.start)["state"] == "unknown", 10, "what was seen has happened")


@pytest.mark.holds("H18.3")
def test_o24_a_gap_that_others_have_made_since_is_not_confirmed_unseen(testbed):
    """Gaps that would open are part of what was shown: here because of another person's leave, typed after the preview."""
    nights(testbed, "jo-jones")
    beside = [Event(f"beside-{number}", night.start, night.end, "AMHP – Kim Lee") for number, night in enumerate(testbed.nights)]
    publish(testbed, [*testbed.nights, *beside])
    wait_until(lambda: on_at(testbed, testbed.nights[1].start) == ["Jo Jones", "Kim Lee"], 15, "both were on")
    settled(testbed)
    less = [testbed.nights[0], *testbed.nights[2:], *beside, *testbed.tail]
    number = testbed.request("POST", f"/v1/rotas/{ROTA}/imports", calendar(less), content_type="text/calendar").json["id"]
    shown = wait_until(lambda: (lambda one: one["state"] == "preview" and one)(testbed.get(f"/v1/imports/{number}").json), 20, "it was read")
    assert shown["gaps"]["opens"] == []
    assert testbed.post("/v1/absences", {"person": "kim-lee", "start": rfc3339(testbed.nights[1].start), "end": rfc3339(testbed.nights[1].end)}).status == 201
    settled(testbed)
    opens = lambda: testbed.get(f"/v1/imports/{number}").json["gaps"]["opens"]
    wait_until(opens, 15, "the preview says that a gap would open")
    refused = testbed.post(f"/v1/imports/{number}/confirm", {"reason": "As agreed.", "seen": shown["seen"]})
    assert refused.status == 412 and "cover would be lost" in refused.text, refused
    assert testbed.get(f"/v1/imports/{number}").json["state"] == "preview"


def test_o25_that_nobody_was_on_can_be_corrected_when_it_is_over(testbed):
    """An override that says nobody, and is over, has everybody's place and cannot be withdrawn: who came after all is laid over it."""
    nights(testbed, "jo-jones")
    assert testbed.post("/v1/overrides", {"rota": ROTA, "nobody": True, "start": rfc3339(now()), "end": rfc3339(now() + HOUR), "note": "  "}).status == 400
    past = now() - timedelta(days=3)
    shift = {"rota": ROTA, "start": rfc3339(past), "end": rfc3339(past + 12 * HOUR)}
    said = testbed.post("/v1/overrides", {**shift, "nobody": True, "note": "The line is down"}).json
    assert said["late"] is True
    # As a correction it can be withdrawn, and who is refused because of it is told so.
    refused = testbed.post("/v1/overrides", {**shift, "person": "sam-ahmed", "confirm": True})
    assert refused.status == 409 and "withdraw it before you make another" in refused.text, refused
    # As it was made in its time, it is over.
    testbed.sql("set session_replication_role = replica; update override set late = false, made_at = starts_at where id = %s" % said["id"], login="postgres")
    assert testbed.request("DELETE", f"/v1/overrides/{said['id']}").status == 409
    assert testbed.post("/v1/overrides", {**shift, "nobody": True, "note": "Again"}).status == 409
    made = testbed.post("/v1/overrides", {**shift, "person": "sam-ahmed", "confirm": True})
    assert made.status == 201 and made.json["late"] is True, made
    wait_until(lambda: testbed.get(f"/v1/now?place=ZED01&at={rfc3339(past)}").status == 200, 5, "the region was in force at the last full second")
    wait_until(lambda: on_at(testbed, past) == ["Sam Ahmed"], 5, "who came was said")
    assert state(testbed, past)["state"] in ("covered", "unknown")
    assert testbed.request("DELETE", f"/v1/overrides/{made.json['id']}").status == 204
    wait_until(lambda: on_at(testbed, past) == [], 5, "and taken back")


@pytest.mark.long
def test_o26_the_import_page_shows_what_has_changed_since_it_was_looked_at(browser, testbed):
    nights(testbed, "jo-jones")
    gone, less = testbed.nights[1], [testbed.nights[0], *testbed.nights[2:], *testbed.tail]
    screen = Screen(browser, testbed)
    screen.sign_in(testbed.sign_in("fenmere-rotas", "rota_manager")).imports()
    screen.js("document.getElementById('rota').value = arguments[0]", ROTA)
    screen.one("#file").send_keys(str(testbed.write("less.ics", calendar(less))))
    screen.press_button("Upload and look")
    screen.until(lambda: screen.seen("#preview"), "the file was read")
    assert "in dispute" not in screen.text("#preview")
    assert replace(testbed, "sam-ahmed", "jo-jones", gone.start, gone.end).status == 201
    screen.one("#reason").send_keys("Jo is on leave that night.")
    screen.press_button("Confirm: change rota")
    screen.until(lambda: "has changed since it was looked at" in screen.text("#fault"), "the page said so")
    assert "1 override would be in dispute:" in screen.text("#preview"), screen.text("#preview")
    assert testbed.get("/v1/imports").json["imports"][0]["state"] == "preview" and on_at(testbed, gone.start) == ["Sam Ahmed"]
    settled(testbed)
    screen.one("#reason").send_keys("Sam knows.")
    screen.press_button("Confirm: change rota")
    screen.until(lambda: screen.text("#progress").startswith("Confirmed."), "what is seen now was confirmed")
