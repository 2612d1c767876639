# SPDX-License-Identifier: MIT
"""What wants a second person, by whatever call it is made: a requirement that ends or asks for less, a footprint, a critical number. One object is
proposed; a whole file is refused, or put in force single-handed and reviewed by somebody else."""

import json

import pytest
from regions import calendar, round_the_clock, small
from servers import wait_until
from test_q_objects import as_owner, shell, token_of
from test_q_ods import row

HOURS = '[{"days": ["all"], "from": "08:00", "to": "23:00"}]'


@pytest.fixture
def county(testbed):
    region = small(testbed.publisher)
    region["places"].append({"code": "ZWD01", "name": "Ward", "kind": "place_of_safety", "parents": ["ZED01"], "switchboard": "+441632960200"})
    region["accounts"] += [{"name": "second", "kind": "person", "role": "administrator"},
                           {"name": "other-board", "kind": "person", "role": "commissioner", "places": ["ZED01"]},
                           {"name": "ward-keeper", "kind": "person", "role": "place_manager", "places": ["ZED01"]},
                           {"name": "reviewer", "kind": "person", "role": "auditor"}]
    region["areas"] = [{"code": "ZF1", "name": "ZF1", "kind": "postcode_district", "place": "X06000001"}]
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(region)
    begun_long_ago(testbed)
    testbed.sign_in_person("administrator", "administrator")  # who is refused because of what is their own, and not as a program
    return testbed


def begun_long_ago(testbed):
    """On its first day a set-up is still being made, and its file may end things."""
    testbed.sql("set session_replication_role = replica; "
                "update region set applied_at = applied_at - interval '25 hours' where version = (select min(version) from region)", login="postgres")


def send(testbed, method, path, body, token=None):
    tag = testbed.get(path.split("?")[0]).headers.get("ETag")
    more = {} if token is None else {"token": token}
    return testbed.request(method, path, body, headers={"If-Match": tag} if tag else {"If-None-Match": "*"}, seconds=60, **more)


# By each way in which demands become less, or the maps of others change. None of them is a change of a requirement alone.
WAYS = [
    ("PATCH", "/v1/places/ZED01", {"until": "2090-01-01"}, {("R04", "ZED01", "2090-01-01"), ("R04", "ZWD01", "2090-01-01"), ("R01", "ZED01", "2090-01-01"),
                                                           ("R01", "ZWD01", "2090-01-01")}),
    ("PATCH", "/v1/places/ZED01", {"parents": []}, {("R01", "ZED01", None), ("R01", "ZWD01", None)}),
    ("PATCH", "/v1/places/ZWD01", {"parents": [{"place": "ZED01", "until": "2090-01-01"}]}, {("R01", "ZWD01", "2090-01-01"), ("R04", "ZWD01", "2090-01-01")}),
    ("DELETE", "/v1/places/ZWD01", None, {("R01", "ZWD01", None), ("R04", "ZWD01", None)}),
    ("PATCH", "/v1/functions/liaison", {"severity": {"critical_hours": 2, "high_hours": 8}}, {("R04", "ZED01", None), ("R04", "ZWD01", None)}),
    ("PUT", "/v1/requirements/R09", {"place": "ZWD01", "function": "amhp", "count": 1, "until": "2091-01-01", "hours": json.loads(HOURS)},
     {("R01", "ZWD01", None)}),
    ("PATCH", "/v1/requirements/R01", {"role": "any"}, {("R01", "X06000001", None), ("R01", "ZED01", None), ("R01", "ZWD01", None)}),
    ("PATCH", "/v1/services/fenmere-amhp", {"places": ["X06000001"]}, set()),
    ("PATCH", "/v1/services/fenmere-amhp", {"fallback": {"text": "Ring", "phone": "+441632960112"}}, set()),
    ("PATCH", "/v1/places/ZWD01", {"switchboard": "+441632960201"}, set()),
    ("PATCH", "/v1/rotas/fenmere-amhp-duty", {"until": "2090-01-01"}, set()),
    ("PATCH", "/v1/areas/ZF1", {"place": "ZED01"}, set()),
    ("DELETE", "/v1/areas/ZF1", None, set()),
]


@pytest.mark.holds("H13.4")
def test_q70_no_way_ends_a_requirement_alone(county):
    second = token_of(county, "second")
    before = county.get("/v1/region").json
    for number, (method, path, body, less) in enumerate(WAYS, 1):
        until = "&until=2091-01-01" if path == "/v1/requirements/R01" else ""
        dry = send(county, method, f"{path}?dry_run=1{until}", body)
        assert dry.status == 200 and dry.json["second"]["why"], (path, body, dry)
        assert {(one["requirement"], one["place"], one["from"]) for one in dry.json["less"]} == less, (path, body, dry.json["less"])
        assert send(county, method, path, body).status == 422, "without a reason"
        proposed = send(county, method, f"{path}?reason=why{until}", body)
        assert (proposed.status, proposed.json["applied"], proposed.json["proposal"]) == (202, False, number), (path, body, proposed)
        assert proposed.json["less"] == dry.json["less"]
        # The same once more is the same proposal.
        assert send(county, method, f"{path}?reason=why{until}", body).json["proposal"] == number
        own = county.post(f"/v1/proposals/{number}/accept")
        assert own.status == 403 and "your own" in own.text, own
    assert county.get("/v1/region").json == before, "nothing is done"
    # Nor by a whole file, which names each.
    changed = json.loads(json.dumps(before))
    changed["places"][1]["until"] = "2090-01-01"
    changed["services"][0]["fallback"]["phone"] = "+441632960112"
    refused = county.request("PUT", "/v1/region", changed, seconds=60)
    assert refused.status == 403 and "alone" in refused.json["detail"], refused
    named = {one["path"] for one in refused.json["errors"]}
    assert named == {"service:fenmere-amhp:fallback", "requirement:R01", "requirement:R04"}, refused.json["errors"]
    assert county.get("/v1/region").json == before
    # Accepted by another person, it is done.
    answer = county.post("/v1/proposals/1/accept", token=second)
    assert answer.status == 200 and county.get("/v1/places/ZED01").json["until"] == "2090-01-01", answer


def test_q71_what_takes_the_turn_of_more_has_an_end(county):
    board = token_of(county, "other-board")
    own = {"place": "ZED01", "function": "amhp", "count": 1, "hours": json.loads(HOURS)}
    refused = send(county, "PUT", "/v1/requirements/R09?reason=why", own, board)
    assert refused.status == 422 and [one["path"] for one in refused.json["errors"]] == ["query.until"], refused
    proposed = send(county, "PUT", "/v1/requirements/R09?reason=why&until=2090-01-01", own, board)
    assert proposed.status == 202, proposed
    assert county.post("/v1/proposals/1/accept", token=token_of(county, "second")).status == 201
    assert county.get("/v1/requirements/R09").json["until"] == "2090-01-01", "from then on the council's holds again"
    # One that asks for as much is not less.
    more = {**own, "function": "liaison", "hours": [{"days": ["all"], "from": "00:00", "to": "24:00"}], "place": "ZWD01"}
    assert send(county, "PUT", "/v1/requirements/R10", more).status == 201


def test_q72_a_published_closure_is_proposed(county):
    county.write("ets.csv", row("ZED01", "ST OSWIN'S HOSPITAL", "20891231"))
    done = county.crisiscover("ods", "import", str(county.folder / "ets.csv")).stdout
    assert "0 were changed, 1 were proposed to another person" in done and "crisiscover accept 1" in done, done
    assert "less: requirement R04 at place ZED01 from 2090-01-01" in done, done
    assert "until" not in county.get("/v1/places/ZED01").json
    assert "crisiscover accept 1" in county.crisiscover("ods", "import", str(county.folder / "ets.csv")).stdout, "every month again, it is that one"
    as_owner(county, token_of(county, "second"), "crisiscover accept 1")
    assert county.get("/v1/places/ZED01").json["until"] == "2090-01-01"


def test_q73_a_file_is_put_in_force_single_handed_and_reviewed(county):
    second, keeper, auditor = token_of(county, "second"), token_of(county, "ward-keeper"), token_of(county, "reviewer")
    region = county.get("/v1/region").json
    # What wants nobody else needs no reason, and is not listed.
    region["services"][0]["phone"] = "+441632960777"
    assert county.apply(region, alone=None).returncode == 0
    assert county.apply(region).returncode == 0
    assert "wants a second person" not in county.apply(region, "--dry-run").stdout
    assert county.get("/v1/single-handed?state=all").json["single_handed"] == []
    region["places"][2]["switchboard"] = "+441632960299"
    refused = county.apply(region, check=False, alone=None)
    assert refused.returncode == 1 and "place:ZWD01:switchboard" in refused.stderr and "wants a second person" in refused.stdout, refused
    assert county.get("/v1/places/ZWD01").json["switchboard"] == "+441632960200"
    done = county.apply(region, alone="the switchboard burnt down, nobody else is up")
    assert "listed for review as 1" in done.stdout, done.stdout
    assert county.get("/v1/places/ZWD01").json["switchboard"] == "+441632960299"
    flags = county.sql("select place, payload::jsonb->>'number', payload like '%%burnt%%' from flag where kind = 'single_handed'")
    assert flags == [("ZWD01", "1", False)]
    assert county.sql("select actor is not null, detail->>'reason', detail->'places' from audit where action = 'single_handed'") == [
        (True, "the switchboard burnt down, nobody else is up", ["ZWD01"])]
    # Applied again, as deploy/up does, it changes nothing and is not listed again.
    assert "the set-up is as the file says" in county.apply(region, "--keep", alone=None).stdout
    for token in (None, second, keeper, auditor):
        listed = county.get("/v1/single-handed", **({} if token is None else {"token": token})).json["single_handed"]
        assert [(one["id"], one["places"], one["reviewed_by"]) for one in listed] == [(1, ["ZWD01"], None)]
        assert [(one["kind"], one["code"], one["what"]) for one in listed[0]["shown"]["changes"]] == [("place", "ZWD01", "switchboard")]
    assert county.get("/v1/single-handed", token=token_of(county, "other-board")).json["single_handed"], "the ward is below its place"
    assert county.get("/v1/single-handed", token=token_of(county, "fenmere-rotas")).json["single_handed"] == []
    own = county.post("/v1/single-handed/1/review", {})
    assert own.status == 403 and "program" not in own.text, own
    assert county.post("/v1/single-handed/1/review", {}, token=auditor).status == 403, "auditors change nothing"
    assert county.post("/v1/single-handed/7/review", {}, token=second).status == 404
    assert "burnt down" in as_owner(county, keeper, "crisiscover single-handed list").stdout
    as_owner(county, keeper, "crisiscover single-handed review 1 --note 'it did'")
    assert shell(county, "crisiscover single-handed review 1", second).returncode == 1, "once"
    assert county.get("/v1/single-handed").json["single_handed"] == []
    assert county.get("/v1/single-handed?state=all").json["single_handed"][0]["review_note"] == "it did"


@pytest.mark.holds("H07.3", "H13.4")
def test_q74_a_critical_number_and_a_duty_phone(county):
    rotas, second = token_of(county, "fenmere-rotas"), token_of(county, "second")
    assert "+441632960111" in json.dumps(county.now())
    as_owner(county, rotas, "crisiscover set service fenmere-amhp phone=+441632960999")
    wait_until(lambda: county.now()["on_call"][0]["phone"] == "+441632960999", 3, "the new number is shown")
    said = as_owner(county, rotas, "crisiscover set service fenmere-amhp fallback.phone=+441632960555 --reason moved").stdout
    assert "wants a second person" in said and "crisiscover accept 1" in said, said
    assert "+441632960111" in json.dumps(county.now()), "as before"
    as_owner(county, second, "crisiscover accept 1")
    wait_until(lambda: "+441632960555" in json.dumps(county.now()), 10, "it is in force")


def test_q75_an_accepted_proposal_ends_no_more_than_was_shown(county):
    second = token_of(county, "second")
    proposed = send(county, "PATCH", "/v1/places/ZWD01?reason=moves", {"until": "2090-01-01"})
    assert proposed.status == 202, proposed
    always = [{"days": ["all"], "from": "00:00", "to": "24:00"}]
    assert send(county, "PUT", "/v1/requirements/R11", {"place": "ZWD01", "function": "liaison", "count": 1, "hours": always}).status == 201
    wait_until(lambda: county.get("/v1/requirements?q=R11").json["requirements"], 10, "the requirement is known")
    refused = county.post("/v1/proposals/1/accept", token=second)
    assert refused.status == 412 and [one["path"] for one in refused.json["errors"]] == ["requirement:R11"], refused
    assert "until" not in county.get("/v1/places/ZWD01").json
    assert county.get("/v1/proposals").json["proposals"][0]["state"] == "open", "it can still be refused"
    again = send(county, "PATCH", "/v1/places/ZWD01?reason=moves+with+R11", {"until": "2090-01-01"})
    assert again.status == 202 and county.post(f"/v1/proposals/{again.json['proposal']}/accept", token=second).status == 200


def test_q76_on_its_first_day_a_file_needs_no_second_person(testbed):
    region = small(testbed.publisher)
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(region)
    region["requirements"] = [one for one in region["requirements"] if one["id"] != "R04"]
    done = testbed.apply(region, alone=None)
    assert "listed for review as 1" in done.stdout, done.stdout
    assert "R04" not in {one["id"] for one in testbed.get("/v1/region").json["requirements"]}
    assert testbed.sql("select reason from single_handed") == [("The set-up was begun less than a day ago.",)]
    assert testbed.sql("select count(*) from flag where kind = 'single_handed'") == [(0,)]
    begun_long_ago(testbed)
    region["requirements"] = []
    assert testbed.apply(region, check=False, alone=None).returncode == 1
