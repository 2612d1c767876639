# SPDX-License-Identifier: MIT
"""A jointly commissioned requirement: each commissioner sees its gap; the risk is accepted by a person of each, shown as accepted and never as covered, withdrawn,
lost when the requirement becomes stricter, and over by itself; each time the gap is told again."""

from datetime import timedelta

from regions import ALWAYS, now, rfc3339, small
from servers import wait_until

BOTH = [{"commissioner": "ZAV", "share": 60}, {"commissioner": "ZFC", "share": 40}]


def region_of(publisher, count=1):
    """Nobody serves the function s12 at the hospital: a gap from end to end."""
    region = small(publisher)
    region["functions"].append({"code": "s12", "name": "Section 12 doctor"})
    region["requirements"].append({"id": "R12", "place": "ZED01", "function": "s12", "count": count, "hours": ALWAYS, "commissioners": BOTH})
    region["places"].append({"code": "ZFAR", "name": "A place far away", "kind": "emergency_department"})
    region["accounts"] += [{"name": "board", "kind": "person", "role": "commissioner", "organisation": "ZAV", "places": ["ZFAR"]},
                           {"name": "council", "kind": "person", "role": "commissioner", "organisation": "ZFC", "places": ["ZED01"]},
                           {"name": "robot", "kind": "program", "role": "commissioner", "organisation": "ZFC"}]
    return region


def gap(testbed, token="own"):
    found = [one for one in testbed.get("/v1/gaps?limit=1000", token=token).json["gaps"] if one["requirement"] == "R12"]
    return found[0] if found else None


def flags_of(testbed, kind):
    found = testbed.get("/v1/flags?after=0-0&limit=1000").json["flags"]
    return [flag for flag in found if flag["kind"] == kind and flag.get("requirement") == "R12"]


def propose(testbed, token, until, **changes):
    wish = {"requirement": "R12", "place": "ZED01", "reason": "No doctor can be found before the new contract", "until": rfc3339(until), **changes}
    return testbed.post("/v1/risks", wish, token=token)


def accept(testbed, board, council, until):
    """By one, then by the other. Answers the number."""
    made = propose(testbed, board, until)
    assert made.status == 201 and (made.json["accepted"], made.json["of"]) == (1, 2), made
    number = made.json["id"]
    assert propose(testbed, council, until).status == 409
    done = testbed.post(f"/v1/risks/{number}/accept", {}, token=council)
    assert done.status == 200 and done.json["accepted"] == 2, done
    wait_until(lambda: gap(testbed)["accepted_until"] is not None, 20, "the gap is accepted")
    return number


def risk(testbed, number, token):
    return next(one for one in testbed.get("/v1/risks?state=all", token=token).json["risks"] if one["id"] == number)


def coverage(testbed, token="own", form=""):
    asked = f"/v1/coverage?place=ZED01&function=s12&from={rfc3339(now() + timedelta(hours=1))}&to={rfc3339(now() + timedelta(hours=11))}{form}"
    return testbed.get(asked, token=token)


def it_is_shown_beside_the_state(testbed, board, council, until):
    function = testbed.now(function="s12")
    assert (function["state"], function["accepted_until"]) == ("gap", rfc3339(until))
    assert testbed.now()["accepted_until"] is None, "another function is not accepted"
    seen = coverage(testbed, board).json
    assert {(span["state"], span["accepted_until"]) for line in seen["requirements"] for span in line["spans"]} == {("gap", rfc3339(until))}
    assert f',{rfc3339(until)}' in coverage(testbed, form="&format=csv").text

    # Each commissioner sees the same gap and the same whole figure, and what its share of it is.
    assert seen["totals_by_commissioner"] == coverage(testbed, council).json["totals_by_commissioner"]
    figures = {one["commissioner"]: one for one in seen["totals_by_commissioner"]}
    assert {who: (one["requirements"], one["gaps"], one["hours"]["gap"], one["share"]["gap"]) for who, one in figures.items()} == {
        "ZAV": (1, 1, 10, 6), "ZFC": (1, 1, 10, 4)}, figures


def the_preview_says_what_it_would_end(testbed, number):
    """Also what another set-up would not end: fewer hours, another name."""
    tag = testbed.get("/v1/requirements/R12").headers["etag"]
    for change, ended in ({"count": 2}, [number]), ({"owner": "ZFC"}, []):
        dry = testbed.request("PATCH", "/v1/requirements/R12?dry_run=1", change, content_type="application/merge-patch+json", headers={"If-Match": tag})
        assert dry.status == 200 and [one["id"] for one in dry.json["effect"]["risks"]] == ended, dry.json
    said = testbed.apply(region_of(testbed.publisher, count=2), "--dry-run").stdout
    assert f"ends accepted risk {number} of R12 at ZED01" in said and "count of the requirement was made stricter" in said, said
    assert risk(testbed, number, "own")["state"] == "accepted", "a preview changes nothing"


def over(testbed, number):
    """As if its end had come."""
    testbed.sql("alter table risk disable trigger keep; update risk set until = clock_timestamp() where id = %s; "
                "alter table risk enable trigger keep; notify shifts_changed", number)


def moved(region):
    """The same set-up after the board's member went to an organisation that does not commission it."""
    region["organisations"].append({"code": "ZELSE", "name": "Another organisation", "kind": "local_authority"})
    next(one for one in region["accounts"] if one["name"] == "board")["organisation"] = "ZELSE"
    return region


def test_z81_a_risk_is_accepted_by_each_commissioner_and_rings_again(testbed):
    testbed.start(region_of(testbed.publisher))
    wait_until(lambda: gap(testbed) is not None and gap(testbed)["told"], 20, "the gap was found")
    board, council = testbed.sign_in_person("board", "commissioner"), testbed.sign_in_person("council", "commissioner")
    robot = testbed.sign_in("robot", "commissioner")

    # The same gap for each of them, also for the one whose account lists another place; each is named.
    assert gap(testbed, board)["id"] == gap(testbed, council)["id"] == gap(testbed)["id"]
    assert gap(testbed)["commissioners"] == [{"commissioner": "ZAV", "share": "60 %"}, {"commissioner": "ZFC", "share": "40 %"}]
    assert [one["who"] for one in gap(testbed)["alerts"] if one["to"] == "commissioner"] == ["ZAV", "ZFC"]

    # By people of the commissioners alone, and not without a reason and an end.
    until = now() + timedelta(days=30)
    assert propose(testbed, "own", until).status == 403 and propose(testbed, robot, until).status == 403
    assert propose(testbed, board, until, reason=" ").status == 400
    assert propose(testbed, board, now() + timedelta(days=400)).status == 400 and propose(testbed, board, now() - timedelta(days=1)).status == 400

    first = accept(testbed, board, council, until)
    one = gap(testbed, council)
    assert one["state"] == "gap" and one["risk"]["state"] == "accepted" and one["accepted_until"] == rfc3339(until)
    assert testbed.now(function="s12")["state"] == "gap"
    assert "Accepted by its commissioners until" in testbed.get("/now/ZED01.txt").text
    assert len(flags_of(testbed, "accepted")) == 1 and flags_of(testbed, "accepted")[0]["accepted_until"] == rfc3339(until)
    assert [one["accepted_by"] for one in risk(testbed, first, board)["commissioners"]] == ["board", "council"]
    it_is_shown_beside_the_state(testbed, board, council, until)
    known = testbed.sql("select to_char((clock_timestamp() + interval '1 second') at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")[0][0]
    wait_until(lambda: testbed.sql("select clock_timestamp() > %s::timestamptz", known)[0][0], 5, "a second is over")

    # Any of them withdraws it, with a reason; then people are reminded at once.
    reminded = len(flags_of(testbed, "reminder"))
    assert testbed.request("DELETE", f"/v1/risks/{first}", token=board).status == 400
    assert testbed.request("DELETE", f"/v1/risks/{first}?reason=There%20is%20a%20doctor%20after%20all", token=robot).status == 403
    assert testbed.request("DELETE", f"/v1/risks/{first}?reason=There%20is%20a%20doctor%20after%20all", token=board).status == 204
    wait_until(lambda: gap(testbed)["accepted_until"] is None and len(flags_of(testbed, "reminder")) > reminded, 20, "it rang again")
    assert testbed.request("DELETE", f"/v1/risks/{first}?reason=again", token=board).status == 409

    # As it was known then.
    assert testbed.get(f"/v1/risks?known_at={known}", token=board).json["risks"] == [{**risk(testbed, first, board), "state": "accepted", "ended_at": None,
                                                                                    "ended_by": None, "why": None}]
    assert testbed.get(f"/v1/risks?known_at={rfc3339(until)}", token=board).status == 400
    assert f"{first}  R12" in testbed.crisiscover("risk", "list", "--known-at", known).stdout

    # Who accepted it withdraws it, also when they no longer stand for a commissioner; they accept no other.
    moved_on = accept(testbed, board, council, until)
    testbed.apply(moved(region_of(testbed.publisher)))
    wait_until(lambda: propose(testbed, board, until).status in (403, 404), 20, "the board's member has moved")
    assert testbed.request("DELETE", f"/v1/risks/{moved_on}?reason=It%20was%20mine", token=board).status == 204
    testbed.apply(region_of(testbed.publisher))
    wait_until(lambda: gap(testbed)["accepted_until"] is None and propose(testbed, board, until, reason=" ").status == 400, 20, "all is as it was")

    # A stricter requirement is another risk: the acceptance is lost, and the record and the gap say why.
    second = accept(testbed, board, council, until)
    the_preview_says_what_it_would_end(testbed, second)
    reminded = len(flags_of(testbed, "reminder"))
    testbed.apply(region_of(testbed.publisher, count=2))
    wait_until(lambda: gap(testbed)["accepted_until"] is None and len(flags_of(testbed, "reminder")) > reminded, 20, "it rang again")
    assert risk(testbed, second, council)["state"] == "lost" and "count of the requirement was made stricter" in risk(testbed, second, council)["why"]
    assert gap(testbed)["risk"]["state"] == "lost"

    # One that asks for less keeps it; and it ends by itself.
    third = accept(testbed, board, council, until)
    testbed.apply(region_of(testbed.publisher, count=1))
    assert risk(testbed, third, board)["state"] == "accepted"
    reminded = len(flags_of(testbed, "reminder"))
    over(testbed, third)
    wait_until(lambda: risk(testbed, third, board)["state"] == "over", 40, "it ended")
    wait_until(lambda: gap(testbed)["accepted_until"] is None and len(flags_of(testbed, "reminder")) > reminded, 20, "it rang again")
    assert "accepted until" not in testbed.crisiscover("gaps", "--place", "ZED01").stdout
    assert str(third) in testbed.crisiscover("risk", "list", "--state", "all").stdout
    actions = [row[0] for row in testbed.sql("select action from audit where object like 'risk/%' order by seq")]
    assert actions == (["risk_accepted"] * 2 + ["risk_withdrawn"]) * 2 + ["risk_accepted"] * 2 + ["risk_lost"] + ["risk_accepted"] * 2 + ["risk_over"]
