# SPDX-License-Identifier: MIT
"""How somebody is rung: what is dialled after a number stands beside it, and a personal number stands nowhere."""

from datetime import timedelta

import pytest

from regions import PEOPLE, calendar, london_day, round_the_clock, small, today
from servers import wait_until

OWN = "+447700900777"
LINE = {"number": "+442079460123", "extension": "4421", "bleep": "0667"}
# Every call that a ward, a switchboard, a manager of another organisation and an auditor may make about it.
CALLS = ["/v1/now?place=ZED01", "/now/ZED01.txt", "/v1/people", "/v1/services", "/v1/shifts?rota=fenmere-amhp-duty", "/v1/region", "/v1/audit?limit=1000",
         "/v1/people/jo-jones", "/v1/services/fenmere-amhp", "/v1/contacts/unverified", "/v1/contacts/unverified?kind=service"]


def region(publisher, line, **own):
    """Jo alone is on, with a telephone of her own."""
    made = small(publisher, people=[{"id": "jo-jones", "name": "Jo Jones", "organisation": "ZFC", "roles": ["amhp"],
                                     "work_phone": {"number": OWN, "personal": True, **own}}])
    made["places"][1]["switchboard"] = "+441632960100"
    made["services"][0]["phone"] = line
    if line is None:
        del made["services"][0]["phone"]
    made["accounts"] += [{"name": "switch", "kind": "person", "role": "switchboard"},
                         {"name": "other-rotas", "kind": "person", "role": "rota_manager", "organisation": "ZAV"},
                         {"name": "reviewer", "kind": "person", "role": "auditor"}]
    return made


def start(testbed, line, **own):
    testbed.publisher.publish("amhp", calendar(round_the_clock(who=[PEOPLE[0]])))
    testbed.start(region(testbed.publisher, line, **own))
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")


def token(testbed, account):
    return testbed.crisiscover("token", account).stdout.strip()


@pytest.mark.holds("H14.1")
def test_q20_a_personal_number_is_the_switchboards(testbed):
    start(testbed, None)
    on = testbed.now()["on_call"][0]
    assert (on["phone"], on["via_switchboard"], on["reachable"]) == ("+441632960100", True, True)
    assert "via switchboard 01632 960100" in testbed.get("/now/ZED01.txt").text
    assert "via switchboard 01632 960100" in testbed.crisiscover("now", "ZED01").stdout
    asked = 0
    for account in ("st-oswins-ed", "switch", "fenmere-rotas", "other-rotas", "fenmere-icb", "reviewer"):
        own = token(testbed, account)
        for call in CALLS:
            answer = testbed.request("GET", call, token=own)
            asked += answer.status == 200
            # The set-up object is the one place where who keeps it finds it.
            shown = account == "fenmere-rotas" and call == "/v1/people/jo-jones"
            assert any(own_number in answer.text for own_number in (OWN[3:], "7700 900777")) == shown, (account, call, answer.text)
    assert asked > 30
    assert testbed.get("/v1/people/jo-jones").json["work_phone"]["number"] == OWN
    # The region that the administrator reads can be applied as it is.
    assert OWN in testbed.crisiscover("region", "get").stdout


@pytest.mark.holds("H07.1")
def test_q21_what_is_dialled_is_shown_with_the_number(testbed):
    start(testbed, LINE)
    on = testbed.now()["on_call"][0]
    assert (on["phone"], on["extension"], on["bleep"], on["via_switchboard"]) == ("+442079460123", "4421", "0667", False)
    for text in (testbed.get("/now/ZED01.txt").text, testbed.crisiscover("now", "ZED01").stdout):
        assert "020 7946 0123 ext 4421, bleep 0667" in text


@pytest.mark.holds("H07.2")
def test_q22_a_number_that_nobody_checks_is_listed(testbed):
    start(testbed, LINE, verified_at=f"{london_day(-100):%Y-%m-%d}")
    manager = token(testbed, "fenmere-rotas")
    listed = testbed.request("GET", "/v1/contacts/unverified", token=manager).json["contacts"]
    assert [(one["kind"], one["code"], one["days"]) for one in listed] == [("person", "jo-jones", 100)]
    assert testbed.request("GET", "/v1/contacts/unverified", token=token(testbed, "other-rotas")).json["contacts"] == []
    assert testbed.request("GET", "/v1/contacts/unverified", token=token(testbed, "st-oswins-ed")).status == 403
    said = testbed.crisiscover("contacts").stdout.splitlines()
    assert "fenmere-amhp" in said[0] and "never checked" in said[0] and "jo-jones" in said[1] and "100 days ago" in said[1], said
    # Rung, and set by who keeps it.
    assert testbed.crisiscover("set", "person", "jo-jones", f"work_phone.verified_at={today():%Y-%m-%d}").returncode == 0
    wait_until(lambda: testbed.request("GET", "/v1/contacts/unverified", token=manager).json["contacts"] == [], 10, "the check counts")
    audit = testbed.request("GET", "/v1/audit?limit=1000", token=token(testbed, "reviewer")).text
    assert "verified_at" in audit and OWN[3:] not in audit


def test_q23_the_page_shows_what_is_dialled_and_the_switchboard(testbed, screen):
    start(testbed, LINE)
    screen.sign_in(testbed.sign_in("switch", "switchboard"))
    screen.open("/now.html?place=ZED01")
    screen.until(lambda: screen.all(".function"), "the place is shown")
    amhp = screen.function("amhp")
    assert "020 7946 0123 ext 4421, bleep 0667" in amhp, amhp
    # Her own number is nobody's to ring: the switchboard's is, by one touch.
    assert "via switchboard 01632 960100" in amhp and "07700" not in amhp, amhp
    numbers = [link.get_attribute("href") for link in screen.all("#function-amhp ~ * a.phone, a.phone")]
    assert "tel:+442079460123" in numbers and "tel:+441632960100" in numbers, numbers
