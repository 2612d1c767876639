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
    return [(card["id"], card["state"]) for card in answer["navigators"]]


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
