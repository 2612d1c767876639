# SPDX-License-Identifier: MIT
"""Bundles: an assessment that an AMHP, two doctors of different teams and a bed manager make together."""

from datetime import timedelta

import pytest

from regions import ALWAYS, HOUR, instant, now, rfc3339, small
from servers import wait_until

PARTS = [{"function": "amhp"}, {"function": "s12_doctor", "count": 2, "different_teams": True},
         {"any_of": ["hbpos", "bed_manager"], "team_counts": True}]
#                person        name           functions                team
STAFF = [("jo-jones", "Jo Jones", ["amhp"], None), ("ravi-das", "Ravi Das", ["s12_doctor"], "crht-east"),
         ("ada-cole", "Ada Cole", ["s12_doctor", "amhp"], "crht-west"), ("bea-ross", "Bea Ross", ["bed_manager"], None),
         ("eli-stone", "Eli Stone", ["s12_doctor"], None)]


def region_of(publisher):
    region = small(publisher)
    region["functions"] = [{"code": code, "name": name} for code, name in [
        ("amhp", "AMHP"), ("s12_doctor", "Section 12 doctor"), ("hbpos", "Place of safety"), ("bed_manager", "Bed manager"),
        ("mha", "Mental Health Act assessment")]]
    region["people"] = [{"id": id, "name": name, "organisation": "ZFC", "roles": roles, **({"team": team} if team else {})} for id, name, roles, team in STAFF]
    region["services"] = [{"id": f"{function}-team", "name": f"{function} team", "function": function, "organisation": "ZFC", "places": ["ZED01"],
                           "phone": "+441632960456"} for function in ("amhp", "s12_doctor", "bed_manager")]
    region["rotas"] = [{"id": f"{function}-duty", "service": f"{function}-team", "source": {"kind": "typed"}}
                       for function in ("amhp", "s12_doctor", "bed_manager")]
    region["requirements"] = [{"id": "R01", "place": "ZED01", "function": "amhp", "count": 1, "hours": ALWAYS},
                              {"id": "B01", "place": "ZED01", "function": "mha", "needs": PARTS, "hours": ALWAYS}]
    region["places"][1]["sites"] = [{"name": "Willow House", "phone": "+441632960300", "services": ["amhp-team", "bed_manager-team"],
                                     "hours": [{"days": ["all"], "from": "00:00", "to": "24:00"}]},
                                    {"name": "Elm House", "phone": "+441632960301", "services": ["s12_doctor-team", "amhp-team"],
                                     "hours": [{"days": [day], "from": "00:00", "to": "24:00"} for day in
                                               [("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(now().weekday() + 3) % 7]]]}]
    region["accounts"] += [{"name": "switch", "kind": "person", "role": "switchboard", "places": ["ZED01"]}]
    return region


def put_on(testbed, rota, person, hours, start=None):
    begin = start or now() - HOUR
    reply = testbed.post(f"/v1/rotas/{rota}-duty/shifts", {"person": person, "from": rfc3339(begin), "until": rfc3339(begin + timedelta(hours=hours + 1)), "confirm": True})
    assert reply.status in (200, 201), reply
    return begin + timedelta(hours=hours + 1)


def bundle(testbed, token="own"):
    function = testbed.get("/v1/now?place=ZED01&function=mha", token=token).json["functions"][0]
    return function, function["bundles"][0]


def states(testbed):
    function, found = bundle(testbed)
    assert function["state"] == found["state"], (function["state"], found)
    return [found["state"], found["cause_code"], [part["state"] for part in found["parts"]]]


def names(found):
    return [sorted((person["name"] for person in part["people"]), key=str) for part in found["parts"]]


def become(testbed, wanted, what):
    try:
        wait_until(lambda: states(testbed) == wanted, 20, what)
    except AssertionError as failure:
        raise AssertionError(f"{failure}; it is {states(testbed)}, not {wanted}") from None


def person(testbed, id, **changes):
    tag = testbed.get(f"/v1/people/{id}").headers["etag"]
    reply = testbed.request("PATCH", f"/v1/people/{id}", changes, headers={"If-Match": tag})
    assert reply.status == 200, reply


def gaps_from(testbed, start):
    return [gap for gap in testbed.get("/v1/gaps?place=ZED01").json["gaps"] if gap["start"] == rfc3339(start)]


def it_is_whole_with_everybody(testbed):
    become(testbed, ["short", "too_few", ["covered", "short", "covered"]], "one doctor is not two")
    they_are_a_list(testbed, "short", ["Section 12 doctor, of different teams: 1 of 2"])
    ends = put_on(testbed, "s12_doctor", "ada-cole", 3)
    become(testbed, ["covered", None, ["covered"] * 3], "two doctors of two teams")
    they_are_a_list(testbed, "covered", [])
    function, found = bundle(testbed)
    assert (found["id"], found["required"], found["present"]) == ("B01", 4, 4) and (function["required"], function["present"]) == (4, 4)
    assert names(found) == [["Jo Jones"], ["Ada Cole", "Ravi Das"], ["Bea Ross"]] and instant(found["until"]) == ends
    assert sorted(person["name"] for person in function["on_call"]) == ["Ada Cole", "Bea Ross", "Jo Jones", "Ravi Das"]
    text = testbed.get("/now/ZED01.txt").text
    assert "Part: Section 12 doctor, of different teams: 2 of 2 - " in text and "Part: Place of safety or Bed manager: 1 of 1 - Bea Ross" in text, text
    assert "Whole until " in text
    said = testbed.crisiscover("now", "ZED01").stdout
    assert "part: Section 12 doctor, of different teams: 2 of 2 - " in said and "whole until " in said, said
    assert "Willow House: front desk, open now  tel " in said and "Elm House: front desk, closed now" in said, said
    # The hole that follows has an identity of its own, and the requirement of the AMHP has none.
    gaps = wait_until(lambda: gaps_from(testbed, ends), 20, "the hole is known")
    assert [(gap["requirement"], gap["function"], gap["state"], gap["present"], gap["required"]) for gap in gaps] == [("B01", "mha", "short", 3, 4)]


def one_cause_calls_once(testbed, ends):
    """When the AMHP goes, the requirement of an AMHP and the bundle are both not known any more: people are called for one of them."""
    gaps = wait_until(lambda: (lambda found: found if {gap["requirement"] for gap in found} == {"R01", "B01"} else None)(gaps_from(testbed, ends)), 20,
                      "both are known")
    assert {(gap["state"], gap["cause_code"]) for gap in gaps} == {("unknown", "past_horizon")}, gaps
    assert len({gap["group"] for gap in gaps}) == 1 and gaps[0]["group"].startswith("amhp-duty.past_horizon"), gaps
    ids = {gap["id"] for gap in gaps}
    opened = wait_until(lambda: (lambda found: found if len(found) == 2 else None)(
        [flag for flag in testbed.get("/v1/flags?after=0-0&limit=1000").json["flags"] if flag["kind"] == "opened" and flag["gap"] in ids]), 10, "both are told")
    assert sorted(flag["lead"] for flag in opened) == [False, True], opened


def who_sees_counts_sees_no_names(testbed):
    token = testbed.crisiscover("token", "fenmere-icb").stdout.strip()
    wait_until(lambda: testbed.get("/v1/me", token=token).status == 200, 10, "the token is known")
    found = bundle(testbed, token)[1]
    assert names(found) == [[None], [None, None], [None]]
    assert [part["present"] for part in found["parts"]] == [1, 2, 1]
    assert "Ada Cole" not in testbed.get("/now/ZED01.txt", token=token).text


def services_of_one_site_are_one_card(testbed):
    """With the states of their functions; Elm House is shut today."""
    found = testbed.get("/v1/now?place=ZED01").json
    willow, elm = found["sites"]
    by_function = {each["function"]: each["state"] for each in found["functions"]}
    assert (willow["name"], willow["phone"], willow["open"], willow["hours"]) == ("Willow House", "+441632960300", True, "at all hours"), willow
    assert [(each["service"], each["state"]) for each in willow["services"]] == [
        ("amhp-team", by_function["amhp"]), ("bed_manager-team", by_function["bed_manager"])]
    assert not elm["open"]
    assert [each["state"] for each in testbed.get("/v1/now?place=ZED01&function=amhp").json["sites"][0]["services"]] == [by_function["amhp"], None]
    text = testbed.get("/now/ZED01.txt").text
    assert "Willow House" in text and "Front desk, open now" in text and "Front desk, closed now" in text and "    amhp team: COVERED" in text, text


def they_are_a_list(testbed, state, missing):
    """As a list over all places, with what is missing and since when, and with nobody's name."""
    (line,) = testbed.get("/v1/bundles").json["bundles"]
    found = bundle(testbed)[1]
    assert (line["id"], line["place"], line["function"], line["state"], line["missing"]) == ("B01", "ZED01", "mha", state, missing), line
    assert [line[key] for key in ("required", "present", "since", "until", "cause_code")] == [
        found[key] for key in ("required", "present", "since", "until", "cause_code")], (line, found)
    assert [part["state"] for part in line["parts"]] == [part["state"] for part in found["parts"]] and "Ravi Das" not in testbed.get("/v1/bundles").text
    whole = state == "covered"
    assert [len(testbed.get(f"/v1/bundles?state={asked}").json["bundles"]) for asked in ("whole", "missing")] == [whole, not whole]
    assert testbed.get("/v1/bundles?place=X06000001&within=false").json["bundles"] == [] and testbed.get("/v1/bundles?place=NONE").status == 404
    said = testbed.crisiscover("bundles", "--function", "mha").stdout
    assert said.startswith("B01") and ("MISSING: " in said) == (not whole), said
    assert testbed.get("/v1/bundles?format=csv").text.splitlines()[1].startswith("B01,"), "as CSV"


def a_moment(testbed):
    """One that is over, after all that was said so far."""
    moment = testbed.sql("select to_char((clock_timestamp() + interval '1 second') at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")[0][0]
    wait_until(lambda: testbed.sql("select clock_timestamp() > %s::timestamptz", moment)[0][0], 5, "it is over")
    return moment


def it_is_known_as_it_was(testbed, then):
    """What was whole then by what was known, and is not by what is known now: in now, in coverage and in history."""
    def asked(path):
        return testbed.get(f"{path}&known_at={then}").json, testbed.get(path).json
    whole, missing = asked(f"/v1/now?place=ZED01&function=mha&at={then}")
    assert [answer["functions"][0]["bundles"][0]["state"] for answer in (whole, missing)] == ["covered", "gap"], (whole, missing)
    assert names(whole["functions"][0]["bundles"][0]) == [["Jo Jones"], ["Ada Cole", "Ravi Das"], ["Bea Ross"]]
    until = rfc3339(instant(then) + timedelta(minutes=5))
    whole, missing = asked(f"/v1/coverage?place=ZED01&function=mha&from={then}&to={until}")
    assert [{span["state"] for span in answer["requirements"][0]["spans"]} for answer in (whole, missing)] == [{"covered"}, {"gap"}], (whole, missing)
    # The gap that was found later was not known then.
    (gap,) = [one for one in testbed.get("/v1/gaps?place=ZED01").json["gaps"] if one["requirement"] == "B01" and instant(one["start"]) <= now() < instant(one["end"])]
    was, is_now = (testbed.get(f"/v1/history?place=ZED01&function=mha&at={then}&known_at={known}").text for known in (then, a_moment(testbed)))
    assert gap["id"] not in was and gap["id"] in is_now, (gap, was, is_now)


def teams_that_are_not_known_are_not_different(testbed):
    person(testbed, "ada-cole", team="crht-east")
    become(testbed, ["short", "one_team", ["covered", "short", "covered"]], "two doctors of one team")
    person(testbed, "ada-cole", team=None)
    become(testbed, ["unknown", "teams_unknown", ["covered", "unknown", "covered"]], "a doctor whose team is not known")
    text = testbed.get("/now/ZED01.txt").text
    assert "MISSING: Section 12 doctor, of different teams: 1 of 2 - Ravi Das" in text and "It is not known if their teams differ" in text, text
    person(testbed, "ada-cole", team="crht-west")
    become(testbed, ["covered", None, ["covered"] * 3], "the team is known again")


def one_person_is_not_two(testbed):
    """Ada is an AMHP, too. On both rotas she fills one part, and with Jo away nobody fills the other."""
    put_on(testbed, "amhp", "ada-cole", 3)
    wait_until(lambda: len(bundle(testbed)[0]["on_call"]) == 5, 20, "she is on twice")
    assert states(testbed) == ["covered", None, ["covered"] * 3]
    assert testbed.post("/v1/absences", {"person": "jo-jones", "start": rfc3339(now() - HOUR), "end": rfc3339(now() + 2 * HOUR)}).status == 201
    become(testbed, ["short", "same_person", ["covered", "short", "covered"]], "she counts once")
    assert testbed.get("/v1/now?place=ZED01&function=amhp").json["functions"][0]["state"] == "covered"


def a_part_that_nobody_fills_is_a_gap_in_which_others_are_on(testbed):
    assert testbed.post("/v1/absences", {"person": "bea-ross", "start": rfc3339(now() - HOUR), "end": rfc3339(now() + 2 * HOUR)}).status == 201
    wait_until(lambda: states(testbed)[0] == "gap", 20, "nobody has the bed")
    text = testbed.get("/now/ZED01.txt").text
    part = text[text.index("Mental Health Act assessment"):]
    assert "GAP: PART OF IT IS MISSING" in part and "MISSING: Place of safety or Bed manager: 0 of 1" in part and "Ravi Das" in part, part
    assert "NOBODY IS ON THE ROTA" not in part, part


@pytest.mark.holds("H01.2")
def test_z70_a_bundle_is_whole_only_with_everybody_it_needs(testbed):
    testbed.start(region_of(testbed.publisher))
    ends = put_on(testbed, "amhp", "jo-jones", 10)
    put_on(testbed, "s12_doctor", "ravi-das", 12)
    put_on(testbed, "bed_manager", "bea-ross", 12)
    one_cause_calls_once(testbed, ends)
    it_is_whole_with_everybody(testbed)
    then = a_moment(testbed)
    who_sees_counts_sees_no_names(testbed)
    services_of_one_site_are_one_card(testbed)
    teams_that_are_not_known_are_not_different(testbed)
    one_person_is_not_two(testbed)
    a_part_that_nobody_fills_is_a_gap_in_which_others_are_on(testbed)
    it_is_known_as_it_was(testbed, then)
