# SPDX-License-Identifier: MIT
"""What one change of the set-up costs: each process takes up the object that changed, and none reads the region whole; unless the change may make a
difference to other objects."""

from regions import calendar, round_the_clock, small
from servers import wait_until

KEEPERS = 3  # api, coverage and feeds keep the set-up


def start(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = small(testbed.publisher)
    # Who is on is rung on their own number.
    del region["services"][0]["phone"]
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
    wait_until(lambda: not testbed.sql("select from dirty"), 20, "all was swept")


def taken_up(testbed, read=0, patched=0):
    """How often a region was read whole and patched by now, once that is at least so often."""
    wait_until(lambda: testbed.events("region_read") >= read and testbed.events("region_patched") >= patched, 20, "the region was taken up")
    wait_until(lambda: testbed.sql("select region_version = (select max(version) from region) from map_head")[0][0], 20, "the map was of the region")
    return testbed.events("region_read"), testbed.events("region_patched")


def change(testbed, path, patch):
    tag = testbed.get(path).headers["etag"]
    answer = testbed.request("PATCH", path, patch, headers={"If-Match": tag})
    assert answer.status == 200, answer
    return answer.json


def demands(testbed):
    return dict(testbed.sql("select requirement || '@' || place, version from demand"))


def metric(testbed, name):
    return next(int(line.split()[1]) for line in testbed.get("/metrics", token=None).text.splitlines() if line.startswith(f"crisiscover_{name} "))


def test_q31_a_number_has_nobody_read_the_region(testbed):
    start(testbed)
    read, patched = taken_up(testbed, KEEPERS)
    reads, patches = metric(testbed, "region_reads_total"), metric(testbed, "region_patches_total")
    swept = demands(testbed)
    changes = [("/v1/people/jo-jones", {"work_phone": "+447700900001"}), ("/v1/people/sam-ahmed", {"work_phone": "+447700900001"}),
               ("/v1/people/kim-lee", {"work_phone": "+447700900001"}), ("/v1/people/tess-osei", {"work_phone": "+447700900001"}),
               ("/v1/people/jo-jones", {"aliases": ["Jojo"]}), ("/v1/services/oswins-liaison", {"phone": "+441632960002"}),
               ("/v1/accounts/st-oswins-ed", {"places": ["ZED01", "X06000001"]}), ("/v1/organisations/ZAV", {"name": "Alder Vale"})]
    for number, (path, patch) in enumerate(changes, 1):
        answer = change(testbed, path, patch)
        assert [(one["sign"], one["what"]) for one in answer["changes"]] == [("~", *patch)], answer
        assert taken_up(testbed, read, patched + number * KEEPERS) == (read, patched + number * KEEPERS)
        if number == 4:
            wait_until(lambda: testbed.now()["on_call"][0]["work_phone"] == "+447700900001", 3, "the switchboard saw the number")
    assert demands(testbed) == swept
    assert (metric(testbed, "region_reads_total"), metric(testbed, "region_patches_total")) == (reads, patches + len(changes))
    # What is in memory is what is in force, and a process that begins reads it so.
    region = testbed.get("/v1/region").json
    assert region == testbed.sql("select document::json from region_whole order by version desc limit 1")[0][0]
    assert region["people"][0]["work_phone"] == "+447700900001" and region["people"][0]["aliases"] == ["Jojo"]
    killed = testbed.kill_role("api")
    testbed.wait_role_back("api", killed)
    wait_until(lambda: testbed.is_live() and testbed.get("/v1/region").json == region, 20, "the api was back")
    assert testbed.now()["on_call"][0]["work_phone"] == "+447700900001"


def test_q32_a_requirement_costs_its_own_demands(testbed):
    start(testbed)
    read, patched = taken_up(testbed, KEEPERS)
    swept = demands(testbed)
    change(testbed, "/v1/requirements/R01", {"count": 2})
    assert taken_up(testbed, read, patched + KEEPERS) == (read, patched + KEEPERS)
    wait_until(lambda: testbed.now()["state"] == "short", 20, "one more was wanted")
    wait_until(lambda: testbed.get("/v1/gaps?place=X06000001&function=amhp").json["gaps"], 20, "the gap was told")
    now = demands(testbed)
    assert {demand for demand in now if now[demand] != swept[demand]} == {demand for demand in now if demand.startswith("R01@")}


def test_q33_a_republished_address_is_fetched(testbed):
    start(testbed)
    read, patched = taken_up(testbed, KEEPERS)
    second = testbed.publisher.publish("second", calendar(round_the_clock(who=[("kim-lee", "Kim Lee")])))
    change(testbed, "/v1/rotas/fenmere-amhp-duty", {"source": {"url": testbed.publisher.url("second")}})
    assert taken_up(testbed, read, patched + KEEPERS) == (read, patched + KEEPERS)
    wait_until(lambda: second.asked > 0, 30, "the new address was fetched")


def test_q34_what_concerns_others_is_read_whole(testbed):
    start(testbed)
    read, patched = taken_up(testbed, KEEPERS)
    change(testbed, "/v1/people/kim-lee", {"roles": ["amhp"]})
    assert taken_up(testbed, read + KEEPERS, patched) == (read + KEEPERS, patched)
    tag = testbed.get("/v1/people/tess-osei").headers["etag"]
    assert testbed.request("DELETE", "/v1/people/tess-osei?overwrite=person:tess-osei", headers={"If-Match": tag}).status == 200
    assert taken_up(testbed, read + 2 * KEEPERS, patched) == (read + 2 * KEEPERS, patched)
    assert testbed.request("PUT", "/v1/people/new", {"name": "N Ew", "organisation": "ZFC"}).status == 201
    assert taken_up(testbed, read + 3 * KEEPERS, patched) == (read + 3 * KEEPERS, patched)
