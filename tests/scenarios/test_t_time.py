# SPDX-License-Identifier: MIT
"""The region over time: councils that merge at midnight, a doctor whom three councils share, and places with one name that must not be confused."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from regions import ALWAYS, HOUR, Event, calendar, now, rfc3339, small, today
from servers import wait_until

LONDON = ZoneInfo("Europe/London")


def next_first_of_april():
    """Midnight of the next 1 April in London: summer time already, so 23:00 UTC of the day before."""
    this = datetime.now(LONDON)
    year = this.year if this.month < 3 or (this.month == 3 and this.day < 30) else this.year + 1
    return datetime(year, 4, 1, tzinfo=LONDON)


def requirement(id, place, function="amhp", **more):
    return {"id": id, "place": place, "function": function, "count": 1, "hours": ALWAYS, **more}


def service(id, places, function="amhp", **more):
    return {"id": id, "name": id, "function": function, "organisation": "ZFC", "places": places, "phone": "+441632960456", **more}


def rota(publisher, id, of):
    return {"id": id, "service": of, "source": {"kind": "ical_url", "url": publisher.url(id), "every_minutes": 1}}


def place(code, name, kind="icb", **more):
    return {"code": code, "name": name, "kind": kind, **more}


def ask(testbed, code, moment, function="amhp", **more):
    answer = testbed.get(f"/v1/now?place={code}&at={rfc3339(moment)}" + (f"&function={function}" if function else ""), **more)
    assert answer.status == 200, answer
    return answer.json


def utc(moment):
    return moment.astimezone(ZoneInfo("UTC"))


# ---------------------------------------------------------------------------------------------------------------- the merger


@pytest.fixture
def merger(testbed):
    """Alder and Birch become Cedar on 1 April. Jo is on at Alder over that midnight, Sam at Cedar; each rota goes on a day too long."""
    midnight = utc(next_first_of_april())
    day = next_first_of_april().date().isoformat()
    yesterday = (datetime.now(LONDON).date() - timedelta(days=1)).isoformat()
    testbed.publisher.publish("alder", calendar([Event("a1", midnight - 12 * HOUR, midnight + 24 * HOUR, "AMHP – Jo Jones")]))
    testbed.publisher.publish("cedar", calendar([Event("c1", midnight - 24 * HOUR, midnight + 12 * HOUR, "AMHP – Sam Ahmed")]))
    region = small(
        testbed.publisher,
        places=[place("QAL", "Alder ICB", until=day, successors=["QCE"]), place("QBI", "Birch ICB", until=day, successors=["QCE"]),
                place("QCE", "Cedar ICB", **{"from": day}),
                place("ZED01", "St Oswin's Hospital", "emergency_department", parents=["QAL", "QCE"]),
                place("QOLD", "Older ICB", until=yesterday, successors=["QAL"])],
        services=[service("alder-amhp", ["QAL", {"place": "ZED01", "until": day}]), service("cedar-amhp", ["QCE", {"place": "ZED01", "from": day}])],
        rotas=[rota(testbed.publisher, "alder", "alder-amhp"), rota(testbed.publisher, "cedar", "cedar-amhp")],
        requirements=[requirement("RA", "QAL"), requirement("RB", "QBI"), requirement("RC", "QCE")],
        accounts=[{"name": "st-oswins-ed", "kind": "device", "role": "viewer", "places": ["ZED01"]}])
    testbed.start(region)
    wait_until(lambda: ask(testbed, "QAL", midnight - HOUR)["functions"][0]["state"] == "covered", 15, "the feeds were read and swept")
    wait_until(lambda: ask(testbed, "QCE", midnight)["functions"][0]["state"] == "covered", 15, "both of them")
    return testbed, region, midnight, day


@pytest.mark.holds("H12.1")
def test_t01_a_merger_at_midnight_is_asked_about_on_both_sides(merger):
    testbed, region, midnight, day = merger
    second = timedelta(seconds=1)

    before = ask(testbed, "QAL", midnight - second)
    assert "ended" not in before["place"]
    function = before["functions"][0]
    assert (function["state"], function["on_call"][0]["name"]) == ("covered", "Jo Jones")
    assert function["on_call"][0]["until"] == rfc3339(midnight)  # the shift goes on; for this place it ends

    after = ask(testbed, "QAL", midnight)
    assert after["place"] == {"code": "QAL", "name": "Alder ICB", "ended": day, "successors": [{"code": "QCE", "name": "Cedar ICB"}]}
    function = after["functions"][0]
    assert (function["state"], function["on_call"], function["required"]) == ("not_commissioned", [], 0)
    assert "Cedar ICB (QCE)" in function["fallback"]["text"] and function["fallback"]["phone"] == "+441632960456"

    assert ask(testbed, "QCE", midnight - second)["functions"][0]["state"] == "not_commissioned"
    assert ask(testbed, "QCE", midnight - second)["place"]["begins"] == day
    cedar = ask(testbed, "QCE", midnight)["functions"][0]
    assert (cedar["state"], [duty["name"] for duty in cedar["on_call"]]) == ("covered", ["Sam Ahmed"])

    # The hospital moves from one to the other: served, and by the right one, on either side.
    for moment, who in ((midnight - second, "Jo Jones"), (midnight, "Sam Ahmed")):
        function = ask(testbed, "ZED01", moment)["functions"][0]
        assert (function["state"], [duty["name"] for duty in function["on_call"]]) == ("covered", [who])


def test_t02_nobody_is_flagged_for_a_place_that_is_not_there(merger):
    testbed, _, midnight, _ = merger
    spans = {}
    for code in ("QAL", "QBI", "QCE", "ZED01"):
        window = f"from={rfc3339(midnight - 2 * HOUR)}&to={rfc3339(midnight + 2 * HOUR)}"
        answer = testbed.get(f"/v1/coverage?place={code}&within=false&{window}").json
        spans[code] = [[(span["start"], span["end"], span["state"]) for span in one["spans"]] for one in answer["requirements"]]
    two_before, at, two_after = rfc3339(midnight - 2 * HOUR), rfc3339(midnight), rfc3339(midnight + 2 * HOUR)
    assert spans["QAL"] == [[(two_before, at, "covered"), (at, two_after, "not_commissioned")]]
    assert spans["QBI"] == [[(two_before, at, "gap"), (at, two_after, "not_commissioned")]]
    assert spans["QCE"] == [[(two_before, at, "not_commissioned"), (at, two_after, "covered")]]
    assert sorted(spans["ZED01"]) == sorted([spans["QAL"][0], spans["QCE"][0]])
    assert testbed.sql("select count(*) from gap where place in ('QAL', 'QBI') and ends_at > %s", midnight) == [(0,)]
    assert testbed.sql("select count(*) from gap where place = 'QCE' and starts_at < %s", midnight) == [(0,)]
    assert testbed.sql("select count(*) from span where place in ('QAL', 'QBI') and ends_at > %s", midnight) == [(0,)]


def test_t03_text_and_command_line_say_where_to_go(merger):
    testbed, _, midnight, _ = merger
    text = testbed.get("/now/QOLD.txt").text
    assert "THIS PLACE ENDED ON" in text and "Now: Alder ICB (QAL)" in text and "Ask for Alder ICB (QAL)" in text
    assert max(len(line) for line in text.splitlines()) <= 80
    said = testbed.crisiscover("now", "QAL", "--at", rfc3339(midnight)).stdout
    assert "THIS PLACE ENDED ON" in said and "now: Cedar ICB (QCE)" in said
    said = testbed.crisiscover("now", "QCE", "--at", rfc3339(midnight - HOUR)).stdout
    assert "THIS PLACE BEGINS ON" in said and "until then: Alder ICB (QAL)" in said
    places = {one["code"]: one for one in testbed.get("/v1/places").json["places"]}
    assert places["QAL"]["until"] and places["QAL"]["successors"] == ["QCE"] and places["QCE"]["from"] == places["QAL"]["until"]


def test_t04_what_was_known_is_known_by_the_historical_setup(merger):
    testbed, region, midnight, day = merger
    known = testbed.settled("QAL")
    put_off = (next_first_of_april().date() + timedelta(days=1)).isoformat()
    later = {**region, "places": [{**one, **{key: put_off for key in ("from", "until") if one.get(key) == day}} for one in region["places"]]}
    dry = testbed.apply(later, "--dry-run").stdout
    assert "~ place QAL: until" in dry and "~ place QCE: from" in dry
    testbed.apply(later)
    wait_until(lambda: "ended" not in ask(testbed, "QAL", midnight)["place"], 15, "the merger was put off")
    then = testbed.get(f"/v1/now?place=QAL&at={rfc3339(midnight)}&known_at={rfc3339(known)}").json
    assert then.get("place", {}).get("ended") == day, then


# ---------------------------------------------------------------------------------------------------------------- the doctor


def test_t05_one_doctor_for_three_councils(testbed):
    """S9: on two rotas, one for West and East, one for North. A requirement that allows two places has nobody; one that allows three is covered."""
    shift = [Event("d1", today() - 24 * HOUR, today() + 240 * HOUR, "Kim Lee")]
    testbed.publisher.publish("two", calendar(shift))

    def region(limit):
        return small(
            testbed.publisher, functions=[{"code": "s12", "name": "Section 12 doctor"}],
            people=[{"id": "kim-lee", "name": "Kim Lee", "organisation": "ZFC", "roles": ["s12"]},
                    {"id": "sam-ahmed", "name": "Sam Ahmed", "organisation": "ZFC", "roles": ["s12"]}],
            places=[place("W", "West Fen", "council_area"), place("E", "East Fen", "council_area"), place("N", "North Fen", "council_area")],
            services=[service("docs", ["W", "E"], "s12"), service("docs-north", ["N"], "s12")],
            rotas=[rota(testbed.publisher, "two", "docs"), rota(testbed.publisher, "one", "docs-north")],
            requirements=[requirement("RW", "W", "s12", max_share=limit), requirement("RE", "E", "s12"), requirement("RN", "N", "s12", max_share=limit)],
            accounts=[])

    testbed.publisher.publish("one", calendar([Event("n1", today() - 24 * HOUR, today() + 240 * HOUR, "Sam Ahmed")]))
    testbed.start(region(2))
    wait_until(lambda: testbed.now("W", "s12")["state"] == testbed.now("N", "s12")["state"] == "covered", 15, "both feeds were read")
    assert testbed.now("W", "s12")["on_call"][0]["shared_with"] == ["East Fen"]
    listener = testbed.listen()

    # The dry run of an override on North's rota says that West would lose its cover.
    wish = {"rota": "one", "person": "kim-lee", "instead": "sam-ahmed", "start": rfc3339(now() + 2 * HOUR), "end": rfc3339(now() + 3 * HOUR)}
    dry = testbed.post("/v1/overrides?dry_run=1", wish)
    assert dry.status == 200, dry
    assert {worse["place"] for worse in dry.json["requirements"]} == {"W", "N"}, dry.json

    # Sam is ill, and Kim takes North as well: only North's rota changes, and West is short of a doctor.
    testbed.publisher.publish("one", calendar([Event("n1", today() - 24 * HOUR, today() + 240 * HOUR, "Kim Lee")]))
    testbed.refresh("one")
    wait_until(lambda: listener.of(kind="opened", place="W"), 15, "the change on another rota was flagged")
    assert listener.of(kind="opened", place="W")[0]["cause"] == "shared_too_widely"
    wait_until(lambda: listener.of(kind="opened", place="N"), 15, "also where it was made")
    west = wait_until(lambda: (lambda one: one if one["state"] == "gap" else None)(testbed.now("W", "s12")), 15, "the answer said so")
    assert (west["state"], west["present"], west["cause_code"]) == ("gap", 0, "shared_too_widely")
    assert west["on_call"][0]["shared_with"] == ["East Fen", "North Fen"]
    assert testbed.now("E", "s12")["state"] == "covered" and not listener.of(place="E")
    assert "shared with East Fen, North Fen" in testbed.get("/now/W.txt").text
    assert "shared with East Fen, North Fen" in testbed.crisiscover("now", "W").stdout

    assert "~ requirement RW: max_share" in testbed.apply(region(3), "--dry-run").stdout
    testbed.apply(region(3))
    wait_until(lambda: testbed.now("W", "s12")["state"] == "covered", 15, "three are few enough")
    wait_until(lambda: {flag["place"] for flag in listener.of(kind="closed")} == {"W", "N"}, 15, "the gaps were closed")
    assert testbed.now("W", "s12")["on_call"][0]["shared_with"] == ["East Fen", "North Fen"]

    # The answer about the past has the badge too.
    known = testbed.settled("W")
    then = testbed.get(f"/v1/now?place=W&function=s12&known_at={rfc3339(known)}").json
    assert then.get("functions", [{}])[0]["on_call"][0]["shared_with"] == ["East Fen", "North Fen"], then


# ----------------------------------------------------------------------------------------------------------------- the twins


@pytest.mark.holds("H12.1")
def test_t06_twins_are_told_apart(testbed):
    """S12: two councils of one name are warned of; each answers for itself, with its own name and code; a device of one sees nothing of the other."""
    testbed.publisher.publish("west", calendar([Event("w1", today() - 24 * HOUR, today() + 240 * HOUR, "Jo Jones")]))
    testbed.publisher.publish("east", calendar([Event("e1", today() - 24 * HOUR, today() + 240 * HOUR, "Sam Ahmed")]))

    def region(west, east):
        return small(
            testbed.publisher, places=[place("X06000001", west, "council_area"), place("X06000002", east, "council_area")],
            services=[service("west", ["X06000001"]), service("east", ["X06000002"])],
            rotas=[rota(testbed.publisher, "west", "west"), rota(testbed.publisher, "east", "east")],
            requirements=[requirement("RW", "X06000001"), requirement("RE", "X06000002")],
            accounts=[{"name": "west-ed", "kind": "device", "role": "viewer", "places": ["X06000001"]}])

    testbed.start(region("Fenmere West", "Fenmere East"))
    warned = testbed.apply(region("Fenmere", "fenmere "), "--dry-run")
    assert "$.places[1].name" in warned.stderr and "bears the name of place X06000001" in warned.stderr
    wait_until(lambda: testbed.now("X06000001")["state"] == testbed.now("X06000002")["state"] == "covered", 15, "both feeds were read")
    for code, name, who, other in (("X06000001", "Fenmere West", "Jo Jones", "Sam Ahmed"), ("X06000002", "Fenmere East", "Sam Ahmed", "Jo Jones")):
        answer = testbed.get(f"/v1/now?place={code}")
        assert answer.json["place"] == {"code": code, "name": name}
        assert who in answer.text and other not in answer.text
        text = testbed.get(f"/now/{code}.txt").text
        assert text.startswith(f"{name} ({code})") and who in text and other not in text
    device = testbed.post("/v1/accounts/west-ed/tokens", {}).json["token"]
    wait_until(lambda: testbed.get("/v1/me", token=device).status == 200, 10, "the device's token was known")
    assert testbed.get("/v1/now?place=X06000001", token=device).status == 200
    refused = testbed.get("/v1/now?place=X06000002", token=device)
    assert refused.status == 403 and "Sam Ahmed" not in refused.text
    assert [one["code"] for one in testbed.get("/v1/places?q=fenmere", token=device).json["places"]] == ["X06000001"]


@pytest.mark.holds("H12.1")
def test_t07_a_code_is_never_another_kind_of_place(testbed):
    region = small(testbed.publisher)
    testbed.start(region)
    gone = {**region, "places": region["places"][:1], "services": [{**one, "places": ["X06000001"]} for one in region["services"]],
            "requirements": region["requirements"][:1], "accounts": []}
    testbed.apply(gone)
    wait_until(lambda: testbed.get("/v1/now?place=ZED01").status == 404, 15, "the place had left the region")
    back = {**region, "places": [region["places"][0], {**region["places"][1], "kind": "council_area"}]}
    refused = testbed.apply(back, check=False)
    assert refused.returncode == 3 and "ZED01 stood for" in refused.stderr + refused.stdout
    renamed = testbed.apply({**region, "places": [region["places"][0], {**region["places"][1], "name": "Another"}]}, "--dry-run")
    assert 'stood for "St Oswin\'s Hospital"' in renamed.stderr
