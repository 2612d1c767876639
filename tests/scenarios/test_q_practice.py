# SPDX-License-Identifier: MIT
"""A practice region says on every answer that nothing in it is real cover, and stays one."""

import json

from regions import calendar, round_the_clock, small
from servers import wait_until

WORDS = "PRACTICE REGION: nothing here is real cover."


def test_q70_every_answer_of_a_practice_region_says_so(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start()
    region = small(testbed.publisher)
    file = testbed.write("region.json", json.dumps(region))
    assert testbed.crisiscover("apply", file, "--practice").returncode == 0
    testbed.wait_ready()
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
    for path in ("/v1/now?place=ZED01", "/v1/gaps", "/v1/people", "/v1/region", "/v1/me", "/v1/feeds", "/v1/people/jo-jones", "/v1/nothing"):
        answer = testbed.get(path)
        assert answer.json["practice"] is True and answer.text.count('"practice":') == 1, path
    assert testbed.get("/now/ZED01.txt").text.startswith(WORDS + "\n")
    assert testbed.get("/metrics", token=None).text.startswith("# " + WORDS)
    for page in ("/", "/now.html", "/gaps.html", "/import.html"):
        answer = testbed.get(page, token=None)
        assert f'<p class="practice" role="note">{WORDS}</p>' in answer.text and "etag" not in {name.lower() for name in answer.headers}, page
    flags = [json.loads(payload) for (payload,) in testbed.sql("select payload from flag")]
    assert flags and all(flag["practice"] is True for flag in flags if flag["kind"].startswith("gap")), flags
    shown = testbed.crisiscover("now", "ZED01")
    assert WORDS in shown.stderr and WORDS not in shown.stdout
    assert json.loads(testbed.crisiscover("now", "ZED01", "--json").stdout)["practice"] is True
    # Objects changed one by one stay in the practice region.
    assert testbed.crisiscover("set", "person", "jo-jones", "work_phone=+447700900999").returncode == 0
    assert json.loads(testbed.crisiscover("region", "get").stdout)["practice"] is True
    # The file that a real server wrote has masks for addresses: the rota's shifts are typed here.
    masked = json.loads(testbed.crisiscover("region", "get").stdout)
    masked["rotas"][0]["source"]["url"] = "https://address.invalid/" + "0" * 64
    again = testbed.crisiscover("apply", testbed.write("masked.json", json.dumps(masked)), "--practice", "--dry-run")
    assert "1 rotas have their shifts typed in" in again.stderr and "~ rota fenmere-amhp-duty: source" in again.stdout, again
    # The real file, without the mark, is not put in force here.
    refused = testbed.crisiscover("apply", file, check=False)
    assert refused.returncode != 0 and "$.practice" in refused.stderr + refused.stdout, refused.stderr + refused.stdout
    testbed.postgres.stop()
    wait_until(lambda: testbed.get("/v1/now?place=ZED01").json["map"]["confidence"] == "stale", 30, "the map was old")
    assert testbed.get("/v1/now?place=ZED01").json["practice"] is True


def test_q71_a_real_region_does_not_become_a_practice_region(testbed):
    testbed.start(small(testbed.publisher))
    file = testbed.write("region.json", json.dumps(small(testbed.publisher)))
    refused = testbed.crisiscover("apply", file, "--practice", check=False)
    assert refused.returncode != 0 and "does not become a practice region" in refused.stderr + refused.stdout
    assert "practice" not in testbed.get("/v1/now?place=ZED01").json
    assert "practice" not in testbed.get("/now.html", token=None).text
