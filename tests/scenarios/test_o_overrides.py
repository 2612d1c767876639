"""What people of ours say here: swaps over a calendar, absences, and what they would do."""

import json
from datetime import timedelta

import pytest

from regions import ALWAYS, HOUR, PEOPLE, Event, calendar, now, rfc3339, round_the_clock, small, today
from servers import wait_until

ROTA = "fenmere-amhp-duty"
NAMES = dict(PEOPLE)


@pytest.fixture
def swaps(house):
    """The small region with its feed read; house.events is what the feed says, house.current and house.stand_in who is on and who is free."""
    house.events = round_the_clock()
    house.publisher.publish("amhp", calendar(house.events))
    house.start(small(house.publisher))
    wait_until(lambda: house.now()["state"] == "covered", 15, "the feed was read and swept")
    on = next(number for number, event in enumerate(house.events) if event.start <= now() < event.end)
    house.current, house.stand_in = PEOPLE[on % 4][0], PEOPLE[(on + 2) % 4][0]
    house.index = on
    return house


def names(house, **more):
    return [person["name"] for person in house.now(**more)["on_call"]]


def swap(house, person=None, instead=None, start=None, end=None, **more):
    event = house.events[house.index]
    body = {"rota": ROTA, "person": person or house.stand_in, "instead": instead or house.current,
            "start": rfc3339(start or now() - HOUR), "end": rfc3339(end or event.end), **more}
    answer = house.post("/v1/overrides", body)
    assert answer.status == 201, answer
    return answer.json["id"]


def say(house, person, **changes):
    """The feed now says ${person} where its current shift is, and is read again."""
    old = house.events[house.index]
    events = list(house.events)
    events[house.index] = Event(old.uid, changes.get("start", old.start), changes.get("end", old.end), f"AMHP – {NAMES[person]}")
    house.publisher.publish("amhp", calendar(events))
    house.refresh(ROTA)


def of_override(house, id):
    return next(one for one in house.get("/v1/overrides?limit=1000").json["overrides"] if one["id"] == id)


def spans_in_force(house):
    return house.sql("select count(*) from span where known_to = 'infinity' and shifts && "
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


def of_override_or_none(house, id):
    return next((one for one in house.get("/v1/overrides").json["overrides"] if one["id"] == id), None)


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


def test_o04_a_third_thing_is_a_warning_and_the_override_still_wins(swaps):
    third = PEOPLE[(swaps.index + 3) % 4][0]
    id = swap(swaps)
    wait_until(lambda: names(swaps) == [NAMES[swaps.stand_in]], 5, "the stand-in was on")
    say(swaps, third)
    wait_until(lambda: of_override(swaps, id)["state"] == "conflicting", 15, "the calendar said a third thing")
    wait_until(lambda: swaps.now()["disputes"], 5, "it was a warning")
    assert names(swaps) == [NAMES[swaps.stand_in]]
    assert NAMES[third] in swaps.now()["disputes"][0] and NAMES[third] in swaps.feed(ROTA)["warnings"][0]["text"]
    assert "WARNING" in swaps.get("/now/ZED01.txt").text
    said = swaps.crisiscover("now", "ZED01").stdout
    assert "WARNING: By an override" in said and "Made here" in said
    assert NAMES[third] in swaps.crisiscover("overrides").stdout


def test_o05_a_typed_absence_opens_a_gap_in_two_organisations_and_says_why_to_one(house):
    events = round_the_clock(who=[("jo-jones", "Jo Jones")])
    house.publisher.publish("amhp", calendar(events))
    region = small(house.publisher)
    region["rotas"].append({"id": "oswins-liaison-rota", "service": "oswins-liaison", "tier": 1,
                            "source": {"kind": "ical_url", "url": house.publisher.url("liaison"), "every_minutes": 1}})
    region["accounts"].append({"name": "alder-rotas", "kind": "person", "role": "rota_manager", "organisation": "ZAV"})
    house.publisher.publish("liaison", calendar(round_the_clock(who=[("jo-jones", "Jo Jones")], uid="liaison", title="Liaison {}")))
    house.start(region)
    wait_until(lambda: house.now()["state"] == house.now(function="liaison")["state"] == "covered", 20, "both feeds were read")
    own, other = house.sign_in("fenmere-rotas", "rota_manager"), house.sign_in("alder-rotas", "rota_manager")
    body = {"person": "jo-jones", "start": rfc3339(now() - HOUR), "end": rfc3339(now() + 3 * HOUR)}
    assert house.post("/v1/absences", body, token=other).status == 403
    refused = house.post("/v1/absences", {**body, "reason": "flu"}, token=own)
    assert refused.status == 400 and "health data" in refused.json["errors"][0]["detail"]
    made = house.post("/v1/absences", body, token=own)
    assert made.status == 201, made
    for function in ("amhp", "liaison"):
        wait_until(lambda: house.now(function=function)["state"] == "gap", 10, f"{function} was missing")
        assert house.now(function=function)["cause_code"] == "absent"
    wait_until(lambda: {gap["function"] for gap in house.get("/v1/gaps?state=open", token=other).json["gaps"]} == {"amhp", "liaison"}, 10,
               "both gaps were open")
    # Of the absence itself the other organisation learns nothing: not who, not by whom, not that there is one.
    assert house.get("/v1/absences", token=other).json["absences"] == []
    assert len(house.get("/v1/absences", token=own).json["absences"]) == 1
    for path in ("/v1/now?place=ZED01", "/v1/gaps?state=open",
                 f"/v1/coverage?place=ZED01&from={rfc3339(now())}&to={rfc3339(now() + HOUR)}"):
        text = house.get(path, token=other).text
        assert "jo-jones" not in text and ("/v1/now" not in path or "Jo Jones" not in text.split('"next"')[0]), text
    assert house.request("DELETE", f"/v1/absences/{made.json['id']}", token=other).status == 404
    assert house.request("DELETE", f"/v1/absences/{made.json['id']}", token=own).status == 204
    wait_until(lambda: house.now()["state"] == house.now(function="liaison")["state"] == "covered", 10, "cover was back")


def test_o06_a_dry_run_writes_nothing_and_names_the_right_stand_ins(swaps):
    # In three days from now: whoever is on at 20:00, with twelve hours off on either side of everybody's own shifts.
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


def test_o08_a_dead_feed_is_answered_by_a_word_said_here(swaps):
    swaps.publisher.feeds["amhp"].mode = 503
    swaps.sql("update feed set last_good_at = clock_timestamp() - interval '7 hours', updated_at = clock_timestamp()")
    wait_until(lambda: swaps.now()["state"] == "unknown", 15, "the feed could not be believed any more")
    printed = swaps.crisiscover("override", ROTA, swaps.stand_in, "--from", rfc3339(now() - HOUR), "--to", rfc3339(now() + HOUR),
                                "--instead", swaps.current).stdout
    wait_until(lambda: swaps.now()["state"] == "covered", 5, "a named person was on by a word of ours")
    assert names(swaps) == [NAMES[swaps.stand_in]] and swaps.now()["last_known"] == []
    id = printed.split()[1]
    assert swaps.crisiscover("override", "--withdraw", id).returncode == 0
    wait_until(lambda: swaps.now()["state"] == "unknown", 5, "it was taken back")


def test_o09_a_roster_of_leave_takes_cover_away(house):
    """Leave as a CSV export has it: each row a person and days."""
    event_day = (today() + timedelta(days=2)).date()
    house.publisher.publish("amhp", calendar(round_the_clock(who=[("jo-jones", "Jo Jones")])))
    region = small(house.publisher)
    region["rotas"].append({"id": "leave-fenmere", "organisation": "ZFC", "absences": True, "source": {"kind": "file"},
                            "reading": {"date_order": "dmy"}})
    house.start(region)
    wait_until(lambda: house.now()["state"] == "covered", 15, "the feed was read")
    rows = f"Staff Name,Date,Start,End,Shift,Status\r\n\"Jones, Jo\",{event_day:%d/%m/%Y},09:00,17:00,AL,Approved\r\n"
    house.write("leave.csv", rows)
    said = house.crisiscover("import", "leave-fenmere", house.folder / "leave.csv", "--confirm", check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    path = f"/v1/coverage?place=ZED01&function=amhp&from={event_day}T12:00:00Z&to={event_day}T13:00:00Z"
    wait_until(lambda: house.get(path).json["requirements"][0]["spans"][0]["state"] == "gap", 10, "the leave took the cover away")
    assert house.get(path).json["requirements"][0]["spans"][0]["cause_code"] == "absent"


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
