# SPDX-License-Identifier: MIT
"""Whom to ring, in order: the ladder of a place in the set-up, the answer, what came of ringing, and who is told."""

import re
from datetime import timedelta

from regions import LONDON, PEOPLE, calendar, instant, now, rfc3339, round_the_clock, small
from servers import wait_until

HUB, LINE = "+441632960222", "+441632960444"
STEPS = [{"on_call": 1, "wait_seconds": 30}, {"function": "edt"}, {"name": "AMHP hub manager", "phone": HUB}, {"service": "fenmere-edt"},
         {"place": "ZED01"}]


def region_of(publisher):
    """The council area has the ladder; the emergency department below it has it from there. The EDT's person has no number but the team's."""
    region = small(publisher)
    region["functions"].append({"code": "edt", "name": "Emergency duty team"})
    region["people"].append({"id": "edie", "name": "Edie Dawson", "organisation": "ZFC", "roles": ["edt"], "work_phone": {"number": "+447700900199", "personal": True}})
    region["services"].append({"id": "fenmere-edt", "name": "Fenmere EDT", "function": "edt", "organisation": "ZFC", "places": ["ZED01"], "phone": LINE})
    region["rotas"].append({"id": "edt-duty", "service": "fenmere-edt", "source": {"kind": "typed"}})
    region["places"][0]["ladders"] = [{"function": "amhp", "steps": STEPS}]
    region["places"][1]["switchboard"] = "+441632960100"
    region["accounts"] += [{"name": name, "kind": "person", "role": "switchboard", "places": ["ZED01"]} for name in ("switch", "switch-2")]
    return region


def ladder(testbed, token="own", **query):
    more = "".join(f"&{name}={value}" for name, value in query.items())
    reply = testbed.get(f"/v1/ladder?place=ZED01&function=amhp{more}", token=token)
    assert reply.status == 200, reply
    return reply.json["ladder"]


def order(found):
    """Who, by what number, and whether they are passed."""
    return [(step["name"], step["number"], step["passed"]) for step in found["steps"]]


def report(testbed, ward, step, outcome):
    called = {"entry": step["entry"]} if step["entry"] else {"service": step["service"]}
    reply = testbed.post("/v1/contacts", {"place": "ZED01", "function": "amhp", "outcome": outcome, **called}, token=ward)
    assert reply.status == 201, reply
    return reply.json


def flags_of(testbed, kind):
    return [flag for flag in testbed.get("/v1/flags?after=0-0&limit=1000").json["flags"] if flag["kind"] == kind]


def start(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock(who=[PEOPLE[0]])))
    testbed.start(region_of(testbed.publisher))
    shift = {"person": "edie", "from": rfc3339(now() - timedelta(hours=1)), "until": rfc3339(now() + timedelta(hours=5))}
    assert testbed.post("/v1/rotas/edt-duty/shifts", shift).status in (200, 201)
    wait_until(lambda: [name for name, _, _ in order(ladder(testbed))][:2] == ["Jo Jones", "Edie Dawson"], 20, "both are on")


def the_order_is_one(testbed, ward, commissioner):
    found = ladder(testbed, ward)
    wanted = [("Jo Jones", "+441632960456", None), ("Edie Dawson", LINE, None), ("AMHP hub manager", HUB, None), ("Fenmere EDT", LINE, None),
              ("Switchboard of St Oswin's Hospital", "+441632960100", None)]
    assert (order(found)[:5], found["of"], found["next"]) == (wanted, "X06000001", 1)
    assert [step["next"] for step in found["steps"]] == [*range(2, len(found["steps"]) + 1), None]
    assert [step["wait_seconds"] for step in found["steps"]][:3] == [30, 20, 20]
    # No new number is told by a ladder: neither to a ward nor to who rings for it.
    assert "900199" not in testbed.get("/v1/ladder?place=ZED01&function=amhp", token=ward).text
    assert "900123" not in testbed.get("/v1/ladder?place=ZED01&function=amhp", token=ward).text
    assert testbed.now(token=ward)["ladder"] == found
    assert [name for name, _, _ in order(ladder(testbed, commissioner))][:3] == [None, None, "AMHP hub manager"]
    # It makes nobody count: who is on for another function is no cover.
    assert testbed.now()["state"] == "covered" and testbed.now()["present"] == 1
    # A function without a ladder has those on call and then the numbers.
    liaison = testbed.get("/v1/ladder?place=ZED01&function=liaison").json["ladder"]
    assert liaison["of"] is None and [step["kind"] for step in liaison["steps"]] == ["switchboard"]
    assert testbed.get("/v1/ladder?place=ZED01&function=no").status == 404 and testbed.get("/v1/ladder?place=ZED01").status == 400


def a_night_is_rung_through(testbed, ward, rotas):
    steps = ladder(testbed, ward)["steps"]
    first = report(testbed, ward, steps[0], "no_answer")
    assert (first["next"]["name"], first["told"]) == ("Edie Dawson", False)
    # It was a ward's device: two operators see the same.
    operators = [testbed.crisiscover("token", account).stdout.strip() for account in ("switch", "switch-2")]
    wait_until(lambda: [ladder(testbed, one)["next"] for one in operators] == [2, 2], 3, "the next is shown to all")
    one, other = (ladder(testbed, operator) for operator in operators)
    assert one == other and one["steps"][0]["reported"]["place_name"] == "St Oswin's Hospital", one
    declined = report(testbed, ward, steps[1], "declined")
    assert declined["next"]["name"] == "AMHP hub manager" and not declined["told"]
    wait_until(lambda: [passed for _, _, passed in order(ladder(testbed, ward))][:4] == ["no_answer", "declined", None, None], 5, "both are passed")
    assert not flags_of(testbed, "contact_failed")
    # Somebody else rings the same rota within half an hour: its manager is told, and of no person.
    again = report(testbed, "own", steps[0], "no_answer")
    assert again["told"]
    wait_until(lambda: len(flags_of(testbed, "contact_failed")) == 1, 10, "the flag is there")
    flag = flags_of(testbed, "contact_failed")[0]
    assert (flag["place"], flag["function"], flag["cause"], flag["outcome"], flag["number"]) == ("ZED01", "amhp", "fenmere-amhp-duty", "no_answer", again["id"])
    assert "Jones" not in str(flag) and "jo-jones" not in str(flag)
    assert report(testbed, ward, steps[3], "wrong_person")["told"], "a line that another answers"
    assert not report(testbed, ward, steps[3], "wrong_person")["next"] is None
    listed = testbed.get("/v1/contacts?open=1", token=rotas).json["contacts"]
    assert [(one["outcome"], one["told"]) for one in listed] == [("wrong_person", True), ("no_answer", True), ("declined", False), ("no_answer", False)]
    # The AMHP was looked for, also where the ladder led to another function; the month's report is of that search.
    assert [(one["function"], one["wanted"]) for one in listed] == [("edt", "amhp"), ("amhp", "amhp"), ("edt", "amhp"), ("amhp", "amhp")], listed
    lines = testbed.get(f"/v1/reports/month?place=ZED01&month={now().astimezone(LONDON):%Y-%m}").json["lines"]
    assert "amhp" in [line["function"] for line in lines if line["about"] == "function"] and "edt" not in [
        line["function"] for line in lines if line["about"] == "function"], lines
    # It is shown to everybody, with the minute.
    told = testbed.now()["on_call"][0]["reported"]
    assert (told["outcome"], told["place_name"]) == ("no_answer", "St Oswin's Hospital")
    minute = instant(told["at"]).astimezone(LONDON).strftime("%H:%M")
    text = testbed.get("/now/ZED01.txt", token=ward).text
    assert re.search(rf"RUNG at [\w ]+ {minute} \w+ WITHOUT ANSWER, by St Oswin's Hospital", " ".join(text.split())), text
    assert "Ring, in this order" in text and f"2. Edie Dawson tel {LINE}" not in text and "(NO ANSWER)" in text and "(DECLINED)" in text, text
    the_plain_page_and_the_paper_have_it(testbed, ward)


IN_TURN = re.compile("Ring, in this order.*1\\. Jo Jones.*2\\. Edie Dawson.*3\\. AMHP hub manager.*4\\. Fenmere EDT.*5\\. Switchboard of", re.S)


def the_plain_page_and_the_paper_have_it(testbed, ward):
    plain = testbed.get("/now/ZED01", token=ward).text
    assert IN_TURN.search(plain) and f'href="tel:{HUB}"' in plain and "WITHOUT ANSWER, by St Oswin" in plain.replace("&#39;", "'"), plain
    paper = testbed.crisiscover("sheet", "ZED01").stdout
    amhp = paper[paper.index("Approved mental health professional"):paper.index("Liaison psychiatry")]
    first, *_, later = re.split(r"From \w{3} \d\d:\d\d \w+:\s+Ring", amhp)  # others change over at eight
    assert IN_TURN.search(first) and "(NO ANSWER)" in first, amhp
    assert "Edie Dawson" not in later and "AMHP hub manager" in later, "she is off from then on"


def the_set_up_changes_it(testbed, commissioner):
    before = ladder(testbed)
    began = now()
    wait_until(lambda: now() > began, 10, "all of this was known before a second began")
    asked = now()
    tag = testbed.get("/v1/places/X06000001", token=commissioner).headers["etag"]
    patch = {"ladders": [{"function": "amhp", "steps": [{"place": "ZED01"}, {"on_call": 1}]}]}
    bad = testbed.request("PATCH", "/v1/places/X06000001", {"ladders": [{"function": "amhp", "steps": [{"on_call": 0}]}]}, token=commissioner, headers={"If-Match": tag})
    assert (bad.status, bad.json["errors"][0]["path"]) == (422, "$.ladders[0].steps[0].on_call"), bad
    dry = testbed.request("PATCH", "/v1/places/X06000001?dry_run=1", patch, token=commissioner, headers={"If-Match": tag})
    assert dry.status == 200, dry
    assert dry.json["changes"] == [{"sign": "~", "kind": "place", "code": "X06000001", "what": "ladders"}], dry
    assert (dry.json["effect"]["opens_total"], dry.json["effect"]["closes_total"]) == (0, 0), "it covers nothing, and uncovers nothing"
    assert ladder(testbed)["steps"][0]["name"] == before["steps"][0]["name"]
    reply = testbed.request("PATCH", "/v1/places/X06000001", patch, token=commissioner, headers={"If-Match": tag})
    assert reply.status == 200, reply
    wait_until(lambda: ladder(testbed)["steps"][0]["name"] == "Switchboard of St Oswin's Hospital", 10, "it is in force")
    wait_until(lambda: now() > asked, 10, "a second is over")
    historical = ladder(testbed, known_at=rfc3339(asked))
    assert [name for name, _, _ in order(historical)] == [name for name, _, _ in order(before)]
    rota_manager = testbed.issue_token("fenmere-rotas", "rota_manager")
    assert testbed.request("PATCH", "/v1/places/X06000001", patch, token=rota_manager).status == 403


def test_z20_a_ladder_from_its_set_up_to_the_next_one_rung(testbed):
    start(testbed)
    ward, commissioner, rotas = (testbed.crisiscover("token", account).stdout.strip() for account in ("st-oswins-ed", "fenmere-icb", "fenmere-rotas"))
    the_order_is_one(testbed, ward, commissioner)
    a_night_is_rung_through(testbed, ward, rotas)
    entry = ladder(testbed)["steps"][1]["entry"]
    said = testbed.crisiscover("contacted", "wrong-person", "--place", "ZED01", "--function", "amhp", "--entry", entry).stdout
    assert "Ring now: AMHP hub manager, 01632 960222" in said, said
    the_set_up_changes_it(testbed, commissioner)
    # The same from the command line, numbers as people dial them.
    told = testbed.crisiscover("ladder", "ZED01", "amhp").stdout
    assert "Switchboard of St Oswin's Hospital" in told and "01632 960100" in told, told


