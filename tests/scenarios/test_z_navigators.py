# SPDX-License-Identifier: MIT
"""Where to send somebody when nobody is on: cards with hours, in now, as text, as a list, on the card for a person in crisis, kept by their own managers."""

from regions import ALWAYS, calendar, round_the_clock, small
from servers import wait_until

CAFE = {"id": "cafe", "name": "Alder Café", "kind": "crisis_cafe", "organisation": "ZVM", "for": "adults who need somebody to talk to",
        "address": "12 Mill Lane", "phone": "+441632960770", "places": ["X06000001"], "functions": ["liaison"], "walk_in": True,
        "self_referral": True, "hours": ALWAYS}
HELPLINE = {"id": "helpline", "name": "NHS 111, option 2", "kind": "helpline", "organisation": "ZAV", "for": "everybody",
            "phone": {"short_code": "111"}, "places": ["X06000001"], "self_referral": True, "hours": ALWAYS}
DESK = {"id": "desk", "name": "Ambulance clinical desk", "kind": "ambulance", "organisation": "ZAV", "for": "staff", "phone": "+441632960771",
        "places": ["ZED01"]}


def start(testbed):
    region = small(testbed.publisher, navigators=[DESK, CAFE, HELPLINE])
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


def form(testbed, path, body):
    return testbed.request("POST", path, body, token=None, content_type="application/x-www-form-urlencoded")


def test_z31_closed_tonight_by_one_link(testbed):
    start(testbed)
    ward, manager, other = token_of(testbed, "st-oswins-ed"), token_of(testbed, "mind"), token_of(testbed, "fenmere-rotas")
    wish = {"of": {"closing_of_navigator": "cafe"}, "note": "The desk"}

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
    known = testbed.sql("select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")[0][0]
    wait_until(lambda: testbed.sql("select clock_timestamp() > %s::timestamptz + interval '1 second'", known)[0][0], 5, "a second is over")
    assert form(testbed, path, "say=open").status == 303
    wait_until(lambda: ("cafe", "open") in cards(testbed, token=ward), 10, "it is open")
    assert ("cafe", "closed") in cards(testbed, f"&at={known}&known_at={known}", ward)
    said = [row[0] for row in testbed.sql("select action from audit where object = 'navigator/cafe' and actor like 'link/%' order by seq")]
    assert said == ["navigator_closed", "navigator_reopened"], said

    # It ends with its link.
    assert testbed.request("DELETE", f"/v1/links/{made.json['id']}", token=manager).status == 204
    wait_until(lambda: testbed.get(path, token=None).status == 404, 10, "the link is none")
    assert form(testbed, path, "say=closed&until=11:59").status == 404
