# SPDX-License-Identifier: MIT
"""The card for a person in crisis or their carer: short words, lines that anybody may ring, and nobody's name."""

import base64
import re

import pytest
from pages_tools import axe, html_faults
from regions import calendar, round_the_clock, small
from servers import wait_until
from test_y_plain import EVIL, Words, words


@pytest.fixture
def house(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = small(testbed.publisher)
    region["functions"].append({"code": "cafe", "name": "Crisis café"})
    region["places"][1]["switchboard"] = "+441632960900"
    region["services"] += [
        {"id": "cafe", "name": "The Lantern Café", "function": "cafe", "organisation": "ZAV", "places": ["ZED01"], "phone": "+441632960777",
         "self_referral": True, "fallback": {"text": "Ring the manager at home", "phone": "+441632960778"}},
        {"id": "hidden", "name": "Hidden team", "function": "cafe", "organisation": "ZAV", "places": ["ZED01"], "self_referral": True,
         "phone": {"number": "+447700900555", "personal": True}},
        {"id": "staff", "name": "Staff line", "function": "cafe", "organisation": "ZAV", "places": ["ZED01"], "phone": "+441632960666"},
        {"id": "other", "name": "Other place's café", "function": "cafe", "organisation": "ZAV", "places": ["X06000001"], "phone": "+441632960555",
         "self_referral": True}]
    region["requirements"].append({"id": "C1", "place": "ZED01", "function": "cafe", "count": 1,
                                   "hours": [{"days": ["all"], "from": "18:00", "to": "23:00"}]})
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    return testbed


def test_y30_a_card_of_lines_for_everybody_and_of_nobody(house):
    page = house.get("/where/ZED01", token=None)
    assert page.status == 401 and "form" in Words(page.text).tags and "Lantern" not in page.text, "only for those who have signed in, unless the place agrees"
    assert house.get("/where/ZEDXX", token=None).status == 401, "and nobody learns by it which places there are"
    # Somebody of another place as well: there are no names on it.
    card = house.get("/where/ZED01", token=house.sign_in("fenmere-icb", "commissioner"))
    assert card.status == 200 and card.headers["Cache-Control"] == "no-store", card
    said = words(card)
    for text in ("If a life is in danger, ring 999.", "ring 111 and choose option 2", "The Lantern Café : ring 01632 960777 , every day 18:00 to 23:00",
                 "You do not need to be sent by anybody", "St Oswin's Hospital"):
        assert text in said, (text, said)
    for text in ("Hidden", "Staff line", "Other place", "07700", "+4477009", "+441632960900", "at home", "Jo Jones", "Sam Ahmed", "Kim Lee", "Tess Osei", "Liaison"):
        assert text not in said, text
    assert said.index("ring 999") < said.index("ring 111") < said.index("Lantern")
    house.write("card.html", card.text)
    assert html_faults(house.folder / "card.html") == []
    assert house.get("/where/ZEDXX").status == 404
    # The place agrees, and only it.
    house.crisiscover("set", "place", "ZED01", "public_card=true")
    wait_until(lambda: house.get("/where/ZED01", token=None).status == 200, 10, "the place has agreed")
    assert words(house.get("/where/ZED01", token=None)).split("Made")[0] == said.split("Made")[0]
    assert house.get("/where/X06000001", token=None).status == 401
    assert house.get("/now/ZED01", token=None).status == 401 and house.get("/v1/now?place=ZED01", token=None).status == 401
    house.postgres.stop()
    assert house.get("/where/ZED01", token=None).status == 200, "also with the database away"


def test_y31_names_of_services_are_text_on_the_card(house):
    house.crisiscover("set", "service", "cafe", f"name=Café {EVIL}")
    wait_until(lambda: "alert(1)" in house.get("/where/ZED01").text, 10, "the new name is shown")
    page = house.get("/where/ZED01")
    assert "<img" not in page.text and "<script" not in page.text, page.text


def test_y32_the_card_is_accessible(house, screen):
    house.crisiscover("set", "place", "ZED01", "public_card=true")
    wait_until(lambda: house.get("/where/ZED01", token=None).status == 200, 10, "the place has agreed")
    screen.open("/where/ZED01")
    screen.until(lambda: screen.text("h1") == "Where to go tonight", "the card is there")
    screen.check_fair()
    assert axe(screen) == []
    screen.check_narrow()
    for width, height in ((148, 210), (210, 297)):  # A5, which is half a sheet, and A4
        paper = base64.b64decode(screen.driver.execute_cdp_cmd("Page.printToPDF", {"paperWidth": width / 25.4, "paperHeight": height / 25.4})["data"])
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1, (width, height)
