# SPDX-License-Identifier: MIT
"""Protocols: kept on the command line, beside whom to ring, and shown while the database is away."""

import json
from datetime import timedelta

from regions import PEOPLE, calendar, round_the_clock, small, today
from servers import wait_until

PDF = b"%PDF-1.4\n\x00\xff binary\n%%EOF\n"


def protocols(house):
    return [(one["name"], one["version"], one["edition"]) for one in house.now()["protocols"]]


def test_z08_protocols_beside_whom_to_ring(testbed):
    region = small(testbed.publisher)
    testbed.publisher.publish("amhp", calendar(round_the_clock(who=[PEOPLE[0]])))
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
    review = str((today() + timedelta(days=300)).date())
    sent = testbed.folder / "asking.pdf"
    sent.write_bytes(PDF)
    made = testbed.crisiscover("protocol", "add", "--place", "ZED01", "--function", "amhp", "--name", "Asking for an AMHP", "--version", "3.1", "--review", review,
                               "--pdf", str(sent))
    number = made.stdout.split("number ")[1].split(",")[0]
    assert protocols(testbed) == [("Asking for an AMHP", "3.1", 1)]
    assert "Asking for an AMHP" in testbed.crisiscover("protocol", "list", "--place", "ZED01").stdout
    assert f"protocol fetch {number} FILE" in testbed.crisiscover("now", "ZED01").stdout
    assert json.loads(testbed.crisiscover("protocol", "list", "--overdue", "--json").stdout)["protocols"] == []
    got = testbed.folder / "got.pdf"
    testbed.crisiscover("protocol", "fetch", number, str(got))
    assert got.read_bytes() == PDF
    testbed.crisiscover("protocol", "replace", number, "--edition", "1", "--version", "4", "--url", "https://intranet.example/amhp")
    assert protocols(testbed) == [("Asking for an AMHP", "4", 2)]
    testbed.crisiscover("protocol", "fetch", number, str(testbed.folder / "former.pdf"), "--edition", "1")
    assert (testbed.folder / "former.pdf").read_bytes() == PDF
    testbed.crisiscover("protocol", "replace", number, "--edition", "2", "--name", "Asking at night", "--pdf", str(sent))
    kept = testbed.folder / "state" / "last-good"
    wait_until(lambda: b"Asking at night" in kept.read_bytes(), 20, "the last-good file has it")
    # Also by a process that starts without the database, from the last-good file.
    testbed.postgres.stop()
    killed = testbed.kill_role("api")
    wait_until(lambda: [pid for pid in testbed.pids("api") if pid not in killed] and testbed.is_live(), 20, "the api was back")
    wait_until(lambda: testbed.get("/v1/now?place=ZED01").status == 200, 20, "the file was read")
    assert testbed.get("/v1/now?place=ZED01").json["map"]["confidence"] == "last_good"
    assert protocols(testbed) == [("Asking at night", "4", 3)]
    assert "  Protocol: Asking at night, version 4 (review by " in testbed.get("/now/ZED01.txt").text
    away = testbed.get(f"/v1/protocols/{number}/pdf")
    assert away.status == 503 and away.json["detail"], away
    testbed.postgres.start()
    wait_until(lambda: testbed.get(f"/v1/protocols/{number}/pdf").status == 200, 30, "the file is given again")
    wait_until(lambda: testbed.get("/v1/now?place=ZED01").json["map"]["confidence"] == "live", 30, "the map is read again")
    testbed.crisiscover("protocol", "withdraw", number, "--reason", "asked another way now")
    wait_until(lambda: protocols(testbed) == [], 10, "it is withdrawn")
