# SPDX-License-Identifier: MIT
"""An approval that ends: who is on afterwards does not count, and it is told long before."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from regions import HOUR, PEOPLE, calendar, rfc3339, round_the_clock, small, today, london_day
from servers import wait_until

LONDON = ZoneInfo("Europe/London")


def roles(until, **more):
    """Jo's approval ends on the day ${until}; the others have one without an end."""
    return [{"id": id, "name": name, "organisation": "ZFC",
             "roles": [{"function": "amhp", "approved_by": "ZFC", **({"until": f"{until:%Y-%m-%d}"} if id == "jo-jones" else {}), **more}]}
            for id, name in PEOPLE]


def on_at(testbed, moment):
    return testbed.get(f"/v1/now?place=ZED01&function=amhp&at={rfc3339(moment)}").json["functions"][0]


def jos_nights(testbed):
    """Jo alone is on, night and day, for 40 days."""
    testbed.publisher.publish("amhp", calendar(round_the_clock(days=40, who=[PEOPLE[0]])))


@pytest.mark.holds("H04.3")
def test_q01_after_its_end_nobody_is_on_and_it_is_told_before(testbed):
    end = today() + timedelta(days=20)
    midnight = end.replace(tzinfo=LONDON).astimezone(ZoneInfo("UTC"))
    jos_nights(testbed)
    testbed.start(small(testbed.publisher, people=roles(end)))
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
    before, after = on_at(testbed, midnight - HOUR), on_at(testbed, midnight + HOUR)
    assert (before["state"], [person["name"] for person in before["on_call"]]) == ("covered", ["Jo Jones"])
    assert (after["state"], after["cause_code"], after["on_call"]) == ("gap", "approval_ended", [])
    assert [(person["name"], person["approved"], person["holds_function"]) for person in after["not_counted"]] == [("Jo Jones", False, True)]
    # The map says the same: one gap, from the midnight on.
    gap = wait_until(lambda: [gap for gap in testbed.get("/v1/gaps?place=ZED01&function=amhp").json["gaps"] if gap["cause_code"] == "approval_ended"], 10,
                     "the gap is in the map")[0]
    assert gap["start"] == rfc3339(midnight.astimezone(ZoneInfo("UTC"))), gap
    # The person's organisation is called; a ward is not asked.
    manager, ward = testbed.crisiscover("token", "fenmere-rotas").stdout.strip(), testbed.crisiscover("token", "st-oswins-ed").stdout.strip()
    wait_until(lambda: testbed.get("/v1/me", token=ward).status == 200, 10, "the later token is known, so the earlier is")
    listed = testbed.request("GET", "/v1/approvals", token=manager).json["approvals"]
    assert [(one["person"], one["function"], one["approved_by"], one["until"], one["days_left"]) for one in listed] == [
        ("jo-jones", "amhp", "ZFC", f"{end:%Y-%m-%d}", (end.date() - london_day()).days)]
    assert testbed.request("GET", "/v1/approvals?days=10", token=manager).json["approvals"] == []
    assert testbed.request("GET", "/v1/approvals", token=ward).status == 403
    assert "20 days left, approved by ZFC" in testbed.crisiscover("approvals").stdout


@pytest.mark.holds("H04.3")
def test_q02_an_approval_by_another_council_is_none_here(testbed):
    """Two of them on at each time: one approved by the hub counts, the others' approval is by the trust."""
    jos_nights(testbed)
    region = small(testbed.publisher, people=roles(today() + timedelta(days=400)))
    region["requirements"][0]["approvers"] = ["ZAV"]
    testbed.start(region)
    wait_until(lambda: testbed.now()["cause_code"] == "approval_ended", 20, "the feed was read and swept")
    assert testbed.now()["state"] == "gap" and testbed.now()["not_counted"][0]["approved"] is False
    text = testbed.get("/now/ZED01.txt").text
    assert "NOT APPROVED for this function here at the time" in text and "GAP" in text
    # The council's own approval is wanted, and given: she counts again.
    region["requirements"][0]["approvers"] = ["ZAV", "ZFC"]
    testbed.apply(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the approval counts")
