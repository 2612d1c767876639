# SPDX-License-Identifier: MIT
"""A server or a role is down, and questions are still answered."""

import time

import pytest

from regions import HOUR, calendar, now, rfc3339, round_the_clock, small
from servers import slowness, wait_until


@pytest.fixture
def running(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    return testbed


def confidence(testbed):
    return testbed.get("/v1/now?place=ZED01").json["map"]["confidence"]


@pytest.mark.holds("F3", "H02.4", "H09.1")
def test_d01_with_the_database_stopped_every_lookup_is_answered_with_its_age(running):
    testbed = running
    name = testbed.now()["on_call"][0]["name"]
    testbed.postgres.stop()
    wait_until(lambda: confidence(testbed) == "stale", 20, "the answer said that it is not live any more")
    answer = testbed.get("/v1/now?place=ZED01").json
    assert answer["functions"][0]["on_call"][0]["name"] == name
    assert answer["map"]["as_of"] <= rfc3339(now())
    began = time.monotonic()
    for _ in range(200):
        assert testbed.get("/v1/now?place=ZED01").status == 200
    assert time.monotonic() - began < 10 * slowness(), "none of them waited for the database"
    assert testbed.get("/now/ZED01.txt").status == 200
    write = testbed.post("/v1/feeds/fenmere-amhp-duty/refresh")
    assert write.status == 503 and write.headers["Retry-After"], write
    testbed.postgres.start()
    wait_until(lambda: confidence(testbed) == "live", 5, "the map was live again")


@pytest.mark.holds("F4")
def test_d02_after_a_crash_of_the_database_the_map_goes_on(running):
    testbed = running
    events = round_the_clock()
    gone = [event for event in events if event.start > now() + HOUR][2]
    testbed.postgres.crash()
    assert testbed.now()["state"] == "covered"
    testbed.postgres.start()
    testbed.publisher.publish("amhp", calendar([event for event in events if event is not gone]))
    wait_until(lambda: confidence(testbed) == "live", 5, "the map was live again")
    wait_until(lambda: testbed.post("/v1/feeds/fenmere-amhp-duty/refresh").status in (200, 202), 10, "a write was taken again")
    window = f"from={rfc3339(gone.start)}&to={rfc3339(gone.end)}"
    wait_until(lambda: testbed.get(f"/v1/coverage?place=ZED01&function=amhp&{window}").json["requirements"][0]["spans"][0]["state"] == "gap",
               10, "changes came through again")


@pytest.mark.holds("F5", "H09.1")
def test_d03_an_api_started_without_the_database_answers_from_its_last_good_file(running):
    testbed = running
    name = testbed.now()["on_call"][0]["name"]
    wait_until(lambda: list((testbed.folder / "state").iterdir()), 10, "there was a last-good file")
    testbed.stop()
    testbed.postgres.stop()
    testbed.start()
    answer = wait_until(lambda: (lambda found: found if found.status == 200 else None)(testbed.get("/v1/now?place=ZED01")), 5,
                        "it answered from the file").json
    assert answer["map"]["confidence"] == "last_good"
    assert answer["functions"][0]["on_call"][0]["name"] == name
    testbed.postgres.start()
    wait_until(lambda: confidence(testbed) == "live", 10, "the map was live again")


@pytest.mark.holds("F6", "H06.1")
def test_d04_flags_wait_for_redis_and_arrive_in_order(running):
    testbed = running
    events = round_the_clock()
    ahead = [event for event in events if event.start > now() + HOUR]
    testbed.redis.stop()
    for gone in (ahead[2], ahead[4]):
        testbed.publisher.publish("amhp", calendar([event for event in events if event is not gone]))
        testbed.refresh("fenmere-amhp-duty")
        wait_until(lambda gone=gone: testbed.sql("select 1 from flag where kind = 'opened' and payload::jsonb->>'start' = %s",
                                               rfc3339(gone.start)), 10, "the flag was in the outbox")
    assert testbed.get("/v1/now?place=ZED01").status == 200
    total = testbed.sql("select max(seq) from flag")[0][0]
    testbed.redis.start()
    client = testbed.redis_client()
    wait_until(lambda: (client.xrevrange("crisiscover:flags:stream", count=1) or [("", {})])[0][0] == f"1-{total}", 20,
               "the stream reached the outbox")
    ids = [id for id, _ in client.xrange("crisiscover:flags:stream")]
    assert ids == sorted(ids, key=lambda id: int(id.split("-")[1])) and len(ids) == len(set(ids))


@pytest.mark.holds("F7")
def test_d05_a_flushed_redis_is_filled_again(running):
    testbed = running
    client = testbed.redis_client()
    total = testbed.sql("select max(seq) from flag")[0][0]
    wait_until(lambda: client.exists("crisiscover:flags:stream"), 10, "there was a stream")
    client.flushall()
    events = round_the_clock()
    gone = [event for event in events if event.start > now() + HOUR][2]
    testbed.publisher.publish("amhp", calendar([event for event in events if event is not gone]))
    testbed.refresh("fenmere-amhp-duty")
    wait_until(lambda: (client.xrevrange("crisiscover:flags:stream", count=1) or [("1-0", {})])[0][0] > f"1-{total}"
               or int((client.xrevrange("crisiscover:flags:stream", count=1) or [("1-0", {})])[0][0].split("-")[1]) > total, 20,
               "new flags were in the new stream")
    head = wait_until(lambda: client.get("crisiscover:flags:head"), 10, "the head was told")
    assert head == f"1-{testbed.sql('select max(seq) from flag')[0][0]}"
