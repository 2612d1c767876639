# SPDX-License-Identifier: MIT
"""Rotas that are typed in: a locum, tonight's names with dead feeds, a rotation over a change of the clocks."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from regions import ALWAYS, HOUR, LONDON, calendar, instant, london_day, now, rfc3339, round_the_clock, small
from servers import wait_until


def typed(testbed, *rotas, source="typed"):
    """The small region with further AMHP rotas (id, tier) that are typed in."""
    region = small(testbed.publisher)
    for id, tier in rotas:
        region["rotas"].append({"id": id, "service": "fenmere-amhp", "tier": tier, "source": {"kind": source}})
    return region


def who(testbed, **more):
    return [person["name"] for person in testbed.now(**more)["on_call"]]


def test_i01_a_locum_is_typed_in_and_what_was_known_then_stays(testbed):
    region = typed(testbed, ("amhp-typed", 1))
    region["rotas"] = [rota for rota in region["rotas"] if rota["id"] != "fenmere-amhp-duty"]
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "unknown", 15, "nothing is typed, so it is not known who is on")
    from_, until = now() - HOUR, now() + 9 * HOUR
    dry = testbed.crisiscover("shift", "add", "amhp-typed", "kim-lee", "--from", rfc3339(from_), "--until", rfc3339(until), "--dry-run").stdout
    assert "covers unknown" in dry and "Nothing was written" in dry, dry
    assert testbed.now()["state"] == "unknown"
    testbed.crisiscover("shift", "add", "amhp-typed", "kim-lee", "--from", rfc3339(from_), "--until", rfc3339(until))
    wait_until(lambda: who(testbed) == ["Kim Lee"], 3, "the locum was shown")
    amhp = testbed.now()
    assert amhp["state"] == "covered" and amhp["on_call"][0]["source"]["freshness"] == "fresh"
    # It ends at its horizon: after it nobody knows.
    assert testbed.now(at=until + HOUR)["state"] == "unknown"
    shift = testbed.get(f"/v1/shifts?rota=amhp-typed&from={rfc3339(from_)}&to={rfc3339(until)}").json["shifts"][0]
    known = testbed.settled()
    testbed.crisiscover("shift", "move", "amhp-typed", str(shift["id"]), "--person", "tess-osei")
    wait_until(lambda: who(testbed) == ["Tess Osei"], 3, "the other was shown")
    stale = testbed.crisiscover("shift", "remove", "amhp-typed", str(shift["id"]), check=False)
    assert stale.returncode == 1 and "changed since you read it" in stale.stderr
    # The record has both, and coverage has written the spans of each.
    rows = testbed.sql("select person, known_to = 'infinity' from shift where rota = 'amhp-typed' order by id")
    assert [tuple(row) for row in rows] == [("kim-lee", False), ("kim-lee", True), ("tess-osei", True)], rows
    then = testbed.recorded(f"/v1/now?place=ZED01&function=amhp&at={rfc3339(known)}&known_at={rfc3339(known)}")
    assert [person["name"] for person in then.json["functions"][0]["on_call"]] == ["Kim Lee"]


@pytest.mark.holds("H09.1")
def test_i02_tonights_names_when_the_feeds_are_dead(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = typed(testbed, ("amhp-typed", 2))
    # Ten functions, each with a rota whose address has never answered.
    for number in range(10):
        region["functions"].append({"code": f"f{number}", "name": f"Function {number}"})
        region["people"].append({"id": f"p{number}", "name": f"Pat Person{number}", "organisation": "ZFC", "roles": [f"f{number}"]})
        region["services"].append({"id": f"s{number}", "name": f"Service {number}", "function": f"f{number}", "organisation": "ZFC",
                                   "places": ["ZED01"]})
        region["rotas"].append({"id": f"r{number}", "service": f"s{number}",
                                "source": {"kind": "ical_url", "url": testbed.publisher.url(f"dead{number}"), "every_minutes": 5}})
        region["requirements"].append({"id": f"R-{number}", "place": "ZED01", "function": f"f{number}", "count": 1, "hours": ALWAYS})
    testbed.start(region)
    flags = testbed.listen()
    wait_until(lambda: testbed.now(function="f9")["state"] == "unknown", 15, "the feeds have not been read")
    until = rfc3339(now() + 9 * HOUR)
    names = [f"f{number}=p{number}" for number in range(9)] + ["f9=new:Sam Okoro,+441632960777"]
    arguments = ["tonight", "ZED01", *names, "--until", until, "--reason", "The calendars are gone"]
    dry = testbed.crisiscover(*arguments, "--dry-run").stdout
    assert dry.count("covers unknown") == 10 and "new: Sam Okoro (sam-okoro)" in dry, dry
    assert testbed.now(function="f3")["state"] == "unknown"
    testbed.crisiscover(*arguments)
    wait_until(lambda: [who(testbed, function=f"f{number}") for number in range(10)] ==
               [[f"Pat Person{number}"] for number in range(9)] + [["Sam Okoro"]], 10, "all ten were shown")
    assert all(testbed.now(function=f"f{number}")["state"] == "covered" for number in range(10))
    wait_until(lambda: flags.of(kind="person_new"), 10, "the organisation was told of the new person")
    assert "Sam Okoro" in testbed.crisiscover("new-people", "list").stdout
    # All or nothing: the second cannot be, so the first is not.
    again = testbed.crisiscover("tonight", "ZED01", "rota:amhp-typed=kim-lee", "f0=p0", "--until", until, "--reason", "Again", "--confirm", check=False)
    assert again.returncode == 1 and "r0: override" in again.stderr, again.stderr
    assert testbed.sql("select count(*) from shift where rota = 'amhp-typed'")[0][0] == 0


def next_change():
    """The night before the next change of the clocks that is at least three days away."""
    day = london_day(3)
    while datetime.combine(day, datetime.min.time(), LONDON).utcoffset() == \
            datetime.combine(day + timedelta(days=1), datetime.min.time(), LONDON).utcoffset():
        day += timedelta(days=1)
    return day - timedelta(days=1)


@pytest.mark.holds("H03.2")
def test_i03_a_rotation_over_a_change_of_the_clocks_with_an_edit(testbed):
    region = typed(testbed, ("amhp-nights", 1))
    region["rotas"] = [rota for rota in region["rotas"] if rota["id"] != "fenmere-amhp-duty"]
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "unknown", 15, "nothing is typed, so it is not known who is on")
    night = next_change()
    layers = [{"participants": ["jo-jones", "sam-ahmed"], "start": str(london_day()), "turn": {"every": 1, "unit": "day"},
               "hours": [{"days": ["all"], "from": "20:00", "to": "08:00"}]}]
    file = testbed.write("rotation.json", json.dumps({"layers": layers}))
    year = json.loads(testbed.crisiscover("rotation", "put", "amhp-nights", file, "--dry-run", "--json").stdout)
    assert len(year["shifts"]) >= 365 and testbed.sql("select count(*) from rotation")[0][0] == 0
    testbed.crisiscover("rotation", "put", "amhp-nights", file)

    def of(day):
        """Who is on at midnight after that day, from when until when."""
        midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), LONDON).astimezone(timezone.utc)
        shifts = testbed.get(f"/v1/shifts?rota=amhp-nights&from={rfc3339(midnight)}&to={rfc3339(midnight + timedelta(minutes=1))}").json["shifts"]
        return [(shift["person"], instant(shift["start"]).astimezone(LONDON), instant(shift["end"]).astimezone(LONDON)) for shift in shifts]

    wait_until(lambda: len(of(night)) == 1, 10, "the night of the change was shown")
    person, start, end = of(night)[0]
    assert (start.hour, end.hour) == (20, 8) and person == ["jo-jones", "sam-ahmed"][(night - london_day()).days % 2]
    assert (end.astimezone(timezone.utc) - start.astimezone(timezone.utc)) in (timedelta(hours=11), timedelta(hours=13))
    # By day nobody is on, and that is known.
    noon = datetime.combine(night, datetime.min.time(), LONDON) + 12 * HOUR
    wait_until(lambda: [span["state"] for span in testbed.get(
        f"/v1/coverage?place=ZED01&function=amhp&from={rfc3339(noon.astimezone(timezone.utc))}"
        f"&to={rfc3339((noon + HOUR).astimezone(timezone.utc))}").json["requirements"][0]["spans"]] == ["gap"], 10, "the day was swept")

    # From the night of the change on it is another's; what was before stays.
    layers[0].update(participants=["kim-lee"], start=str(night))
    file = testbed.write("rotation.json", json.dumps({"from": str(night), "layers": layers}))
    testbed.crisiscover("rotation", "put", "amhp-nights", file)
    wait_until(lambda: of(night)[0][0] == "kim-lee", 10, "the edit was shown")
    assert of(night - timedelta(days=1))[0][0] in ("jo-jones", "sam-ahmed")
    # As if three days had passed: the feeds role writes what is missing at the end, once.
    with_end = testbed.sql("select max(starts_at) from shift where key like 'rotation/%' and known_to = 'infinity'")[0][0]
    testbed.sql("update rotation_state set filled_to = filled_to - interval '3 days'")
    testbed.kill_role("feeds")
    wait_until(lambda: testbed.sql("select filled_to > now() + interval '399 days' from rotation_state")[0][0], 20, "it was written further")
    assert testbed.sql("select max(starts_at) from shift where key like 'rotation/%' and known_to = 'infinity'")[0][0] >= with_end
    # It ends when it is said to, and not in silence before.
    testbed.crisiscover("rotation", "end", "amhp-nights", "--from", str(night + timedelta(days=7)))
    wait_until(lambda: of(night + timedelta(days=8)) == [], 10, "it has ended")
    assert of(night + timedelta(days=6)) != []
