# SPDX-License-Identifier: MIT
"""Where to send somebody when nobody is on: cards with hours, in now, as text, as a list, on the card for a person in crisis, kept by their own managers."""

from regions import ALWAYS, calendar, round_the_clock, small
from servers import wait_until

CAFE = {"id": "cafe", "name": "Alder Café", "kind": "crisis_cafe", "organisation": "ZVM", "for": "adults who need somebody to talk to",
        "address": "12 Mill Lane", "phone": "+441632960770", "areas": ["fenmere"], "functions": ["liaison"], "walk_in": True,
        "self_referral": True, "hours": ALWAYS}
HELPLINE = {"id": "helpline", "name": "NHS 111, option 2", "kind": "helpline", "organisation": "ZAV", "for": "everybody",
            "phone": {"short_code": "111"}, "places": ["X06000001"], "self_referral": True, "hours": ALWAYS}
DESK = {"id": "desk", "name": "Ambulance clinical desk", "kind": "ambulance", "organisation": "ZAV", "for": "staff", "phone": "+441632960771",
        "places": ["ZED01"]}


def start(testbed):
    region = small(testbed.publisher, navigators=[DESK, CAFE, HELPLINE])
    region["areas"] = [{"code": "fenmere", "name": "Fenmere", "kind": "council", "place": "X06000001"}]
    region["places"][0]["ladders"] = [{"function": "amhp", "steps": [{"on_call": 1}, {"navigator": "cafe"}]}]
    region["organisations"].append({"code": "ZVM", "name": "Fenmere Mind", "kind": "voluntary"})
    region["accounts"] += [{"name": "mind", "kind": "person", "role": "rota_manager", "organisation": "ZVM"}]
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read")


def token_of(testbed, account):
    return testbed.crisiscover("token", account).stdout.strip()


def patch(testbed, path, body, token):
    seen = testbed.get(path, token=token).headers["ETag"]
    return testbed.request("PATCH", path, body, token=token, content_type="application/merge-patch+json", headers={"If-Match": seen})


def cards(testbed, query="", token="own"):
    answer = testbed.get(f"/v1/now?place=ZED01{query}", token=token).json
    return [(card["id"], card["state"]) for card in answer.get("navigators", [])]


def last_step(testbed, token):
    """The kind and the name of the last step of the ladder that rings somebody."""
    steps = testbed.get("/v1/ladder?place=ZED01&function=amhp", token=token).json["ladder"]["steps"]
    return [(step["kind"], step["name"], step["navigator"], step["number"]) for step in steps if step["kind"] in ("on_call", "navigator")][-1]


CAFE_STEP = ("navigator", "Alder Café", "cafe", "+441632960770")


def test_z30_where_to_send_somebody_instead(testbed):
    start(testbed)
    ward, manager, other = token_of(testbed, "st-oswins-ed"), token_of(testbed, "mind"), token_of(testbed, "fenmere-rotas")

    # What is open comes first, whose hours nobody has said is never open, and a card of one function is not among those of another.
    assert cards(testbed, token=ward) == [("cafe", "open"), ("helpline", "open"), ("desk", "unknown")]
    assert cards(testbed, "&function=amhp", ward) == [("helpline", "open"), ("desk", "unknown")]
    text = testbed.get("/now/ZED01.txt", token=ward).text
    assert "Or: Alder Café (open)" in text and "Where else to go" in text and "tel 111" in text, text
    assert "Ambulance clinical desk: we cannot confirm that it is open" in text, text
    assert "NHS 111, option 2: open" in testbed.crisiscover("now", "ZED01").stdout
    listed = testbed.crisiscover("navigators", "ZED01", "--csv").stdout
    assert listed.count("\n") == 4 and "desk,Ambulance clinical desk,ambulance,ZAV" in listed, listed
    assert testbed.crisiscover("navigators", "--function", "amhp").stdout.count("of Fenmere Mind") == 0

    # For a person in crisis: those for everybody alone.
    card = testbed.get("/where/ZED01", token=ward).text
    assert "Alder Café" in card and "clinical desk" not in card, card

    # Its own manager keeps it, and nobody else's; what it was before is in the record.
    assert patch(testbed, "/v1/navigators/cafe", {"for": "x"}, token=other).status == 403
    assert patch(testbed, "/v1/navigators/helpline", {"for": "x"}, token=manager).status == 403
    assert patch(testbed, "/v1/navigators/cafe", {"phone": "+447700900123"}, token=manager).status == 422, "it is somebody's"
    dry = testbed.crisiscover("set", "navigator", "cafe", "hours=", "--dry-run").stdout
    assert "navigator cafe: hours" in dry and "gap" not in dry.lower(), dry
    assert patch(testbed, "/v1/navigators/cafe", {"hours": None}, token=manager).status == 200
    wait_until(lambda: ("cafe", "unknown") in cards(testbed, token=ward), 10, "it is never said to be open")
    assert testbed.sql("select count(*) from setup_item where kind = 'navigator' and key = 'cafe'")[0][0] == 2


def who_keeps_it_says_so_without_a_link(testbed, ward, manager, other, path):
    """The same record as by the link, which takes back what the account said, and the other way round."""
    card = "/v1/navigators/cafe/closing"
    assert [testbed.post(card, {"until": "11:59"}, token=token).status for token in (ward, other)] == [403, 403]
    assert testbed.post("/v1/navigators/none/closing", {}, token=manager).status == 404 and testbed.post(card, {"until": "noon"}, token=manager).status == 400
    assert testbed.request("DELETE", card, token=manager).status == 409, "nothing says that it is closed"
    said = testbed.post(card, {"until": "11:59"}, token=manager)
    assert said.status == 200 and said.json["id"] == "cafe", said
    wait_until(lambda: ("cafe", "closed") in cards(testbed, token=ward), 10, "it is closed")
    listed = next(one for one in testbed.get("/v1/navigators?place=ZED01", token=ward).json["navigators"] if one["id"] == "cafe")
    assert (listed["closed_until"], listed["areas"], listed["places"]) == (said.json["closed_until"], ["fenmere"], []), listed
    assert last_step(testbed, ward)[0] == "on_call", "the ladder sends nobody there"
    assert form(testbed, path, "say=open").status == 303
    wait_until(lambda: ("cafe", "open") in cards(testbed, token=ward), 10, "the link has opened it")
    assert form(testbed, path, "say=closed&until=11:59").status == 303
    wait_until(lambda: ("cafe", "closed") in cards(testbed, token=ward), 10, "the link has closed it")
    assert testbed.request("DELETE", card, token=manager).status == 200
    wait_until(lambda: ("cafe", "open") in cards(testbed, token=ward) and last_step(testbed, ward) == CAFE_STEP, 10, "it is open")
    assert testbed.crisiscover("closed", "cafe", "--until", "11:59").stdout.startswith("cafe is closed until ")
    assert testbed.crisiscover("closed", "cafe", "--open").stdout == "cafe is open as its hours say\n"
    said = testbed.sql("select actor, action from audit where action like 'navigator_%' and actor not like 'link/%' order by seq")
    assert [tuple(row) for row in said[:2]] == [("mind", "navigator_closed"), ("mind", "navigator_reopened")] and len(said) == 4, said


def form(testbed, path, body):
    return testbed.request("POST", path, body, token=None, content_type="application/x-www-form-urlencoded")


def test_z31_closed_tonight_by_one_link(testbed):
    start(testbed)
    ward, manager, other = token_of(testbed, "st-oswins-ed"), token_of(testbed, "mind"), token_of(testbed, "fenmere-rotas")
    wish = {"of": {"closing_of_navigator": "cafe"}, "note": "The desk"}
    # The card names an area alone; the ward is below its place.
    assert last_step(testbed, ward) == CAFE_STEP
    assert "2. Alder Café, 12 Mill Lane" in testbed.get("/now/ZED01.txt", token=ward).text

    # Only its own manager gives a link out.
    assert testbed.post("/v1/links", wish, token=other).status == 403
    assert testbed.post("/v1/links", wish, token=ward).status == 403
    made = testbed.post("/v1/links", wish, token=manager)
    assert made.status == 201, made
    path = made.json["path"]
    wait_until(lambda: testbed.get(path, token=None).status == 200, 10, "the link is known")
    assert testbed.get(path.replace("cafe", "helpline"), token=None).status == 404
    assert testbed.get(path.replace("closed-navigator", "closed"), token=None).status == 404

    # A scanner that fetches the link closes nothing.
    for _ in range(3):
        assert "Nothing says that you are closed" in testbed.get(path, token=None).text
    assert ("cafe", "open") in cards(testbed, token=ward)
    assert testbed.sql("select count(*) from navigator_closing")[0][0] == 0

    # Said: everywhere at once, with whose word it is; a person in crisis is not sent there.
    assert form(testbed, path, "say=closed&until=25:00").status == 400
    assert form(testbed, path, "say=closed&until=11:59").status == 303
    wait_until(lambda: ("cafe", "closed") in cards(testbed, token=ward), 10, "it is closed")
    assert "Closed until" in testbed.get(path, token=None).text
    text = testbed.get("/now/ZED01.txt", token=ward).text
    assert "CLOSED until" in text and "Fenmere Mind said" in " ".join(text.split()), text
    assert "Alder Café" not in testbed.get("/where/ZED01", token=ward).text
    closed = next(one for one in testbed.get("/v1/navigators?place=ZED01", token=ward).json["navigators"] if one["id"] == "cafe")
    assert closed["state"] == "closed" and closed["opens"] == closed["closed_until"], closed
    assert testbed.now()["state"] == "covered", "no cover is changed"

    # A process that starts knows it; open again, the past still does.
    testbed.kill_role("api")
    wait_until(lambda: testbed.is_live() and ("cafe", "closed") in cards(testbed, token=ward), 20, "a new process knows it")
    known = testbed.sql("select to_char((clock_timestamp() + interval '1 second') at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")[0][0]
    wait_until(lambda: testbed.sql("select clock_timestamp() > %s::timestamptz", known)[0][0], 5, "a second is over")
    assert form(testbed, path, "say=open").status == 303
    wait_until(lambda: ("cafe", "open") in cards(testbed, token=ward), 10, "it is open")
    # The new process may still be on its way to the database.
    then = wait_until(lambda: (lambda reply: reply if reply.status != 503 else None)(
        testbed.get(f"/v1/now?place=ZED01&at={known}&known_at={known}", token=ward)), 20, "the record answers")
    assert then.status == 200 and ("cafe", "closed") in [(card["id"], card["state"]) for card in then.json["navigators"]], then
    said = [row[0] for row in testbed.sql("select action from audit where object = 'navigator/cafe' and actor like 'link/%' order by seq")]
    assert said == ["navigator_closed", "navigator_reopened"], said

    who_keeps_it_says_so_without_a_link(testbed, ward, manager, other, path)

    # It ends with its link.
    assert testbed.request("DELETE", f"/v1/links/{made.json['id']}", token=manager).status == 204
    wait_until(lambda: testbed.get(path, token=None).status == 404, 10, "the link is none")
    assert form(testbed, path, "say=closed&until=11:59").status == 404
