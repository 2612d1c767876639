# SPDX-License-Identifier: MIT
"""A region for the doors of the ward and the switchboard: two emergency departments in two council areas, and a function of each kind between them."""

import pytest

from regions import ALWAYS, HOUR, LONDON, calendar, now, round_the_clock, small
from servers import wait_until

MARLWICK = "Marlwick General"


def doors(publisher):
    """AMHP covered by one person; the crisis team by two, in turn; liaison a gap; CAMHS at Marlwick General alone, and not commissioned at St Oswin's
    at this hour."""
    region = small(publisher)
    region["organisations"].append({"code": "ZMU", "name": "Marlwick University Hospitals", "kind": "nhs_trust"})
    region["functions"] += [{"code": "crht", "name": "Crisis resolution and home treatment"}, {"code": "camhs_crisis", "name": "CAMHS crisis team"}]
    region["places"] += [{"code": "X06000002", "name": "Wenlow", "kind": "council_area"},
                         {"code": "ZED02", "name": MARLWICK, "kind": "emergency_department", "parents": ["X06000002"]}]
    region["places"][1]["first"] = ["amhp", "crht", "liaison", "camhs_crisis"]
    for person in region["people"]:
        person["roles"] += ["crht", "camhs_crisis"]
    region["services"] += [
        {"id": "alder-crht", "name": "Crisis team, Alder Vale", "function": "crht", "organisation": "ZAV", "places": ["ZED01", "ZED02"], "phone": "+441632960444",
         "fallback": {"text": "Ring the manager on call", "phone": "+441632960222"}},
        {"id": "alder-crht-second", "name": "Crisis team, second", "function": "crht", "organisation": "ZAV", "places": ["ZED01"], "phone": "+441632960445"},
        {"id": "wenlow-camhs", "name": "Young people's crisis team", "function": "camhs_crisis", "organisation": "ZAV", "places": ["ZED02"],
         "phone": {"number": "+441632960555", "bleep": "0417"}, "fallback": {"text": "Ring the paediatric registrar", "phone": "+441632960556"}}]
    region["rotas"] += [{"id": f"{rota}-rota", "service": service, "tier": tier, "source": {"kind": "ical_url", "url": publisher.url(rota), "every_minutes": 1}}
                        for rota, service, tier in (("crht", "alder-crht", 1), ("second", "alder-crht-second", 2), ("camhs", "wenlow-camhs", 1))]
    later = now().astimezone(LONDON) + 3 * HOUR
    region["requirements"] += [
        {"id": "R06", "place": "ZED01", "function": "crht", "count": 2, "hours": ALWAYS},
        {"id": "R06-marlwick", "place": "ZED02", "function": "crht", "count": 1, "hours": ALWAYS},
        {"id": "R12", "place": "ZED02", "function": "camhs_crisis", "count": 1, "hours": ALWAYS},
        {"id": "R13", "place": "ZED01", "function": "camhs_crisis", "count": 1,
         "hours": [{"days": ["all"], "from": f"{later:%H}:00", "to": f"{(later + HOUR):%H}:00"}]}]
    region["accounts"] += [{"name": "wenlow-ed", "kind": "device", "role": "viewer", "places": ["ZED02"]},
                           *[{"name": f"switchboard-{number}", "kind": "person", "role": "switchboard", "organisation": "ZMU"} for number in (1, 2)],
                           {"name": "alder-rotas", "kind": "person", "role": "rota_manager", "organisation": "ZAV"}]
    publisher.publish("amhp", calendar(round_the_clock()))
    publisher.publish("crht", calendar(round_the_clock(title="{}", who=[("sam-ahmed", "Sam Ahmed")], uid="crht")))
    publisher.publish("second", calendar(round_the_clock(title="{}", who=[("kim-lee", "Kim Lee")], uid="second")))
    publisher.publish("camhs", calendar(round_the_clock(title="{}", who=[("tess-osei", "Tess Osei")], uid="camhs")))
    return region


def open_doors(testbed, **changes):
    testbed.start({**doors(testbed.publisher), **changes})
    for place, function in (("ZED01", "amhp"), ("ZED01", "crht"), ("ZED02", "camhs_crisis")):
        wait_until(lambda place=place, function=function: testbed.now(place, function)["state"] == "covered", 20, f"{function} was covered")
    return testbed


@pytest.fixture
def house(testbed):
    """The region of doors(), and the server with every state of it reached."""
    return open_doors(testbed)


@pytest.fixture
def seen(share):
    """The same, for tests that only look."""
    return share(open_doors)
