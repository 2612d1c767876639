# SPDX-License-Identifier: MIT
"""A shift vanishes: the gap and its flag, once each, within two seconds; put back, once closed."""

import json
import time

import pytest

from regions import HOUR, calendar, now, rfc3339, round_the_clock, small
from servers import Process, slowness, wait_until

LIMIT = 2.0  # seconds from the refresh that was asked for to the flag and the answer


@pytest.fixture
def scene(testbed):
    """The small region, read; the events; one of them that is to come."""
    events = round_the_clock()
    testbed.publisher.publish("amhp", calendar(events))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    ahead = [event for event in events if event.start > now() + HOUR]
    return testbed, events, ahead[4]


def state_of(testbed, event, place="ZED01"):
    window = f"from={rfc3339(event.start)}&to={rfc3339(event.end)}"
    return testbed.get(f"/v1/coverage?place={place}&function=amhp&{window}").json["requirements"][0]["spans"][0]["state"]


def without(events, *gone):
    return calendar([event for event in events if event not in gone])


def numbers(testbed):
    return [seq for (seq,) in testbed.sql("select seq from flag order by epoch, seq")]


@pytest.mark.holds("H06.1")
def test_c01_one_gap_one_flag_and_back(scene):
    testbed, events, gone = scene
    listener = testbed.listen()
    testbed.publisher.publish("amhp", without(events, gone))
    asked = time.monotonic()
    testbed.refresh("fenmere-amhp-duty")
    wait_until(lambda: state_of(testbed, gone) == "gap", LIMIT, "the gap was in the answer")
    wait_until(lambda: len(listener.of(kind="opened", start=rfc3339(gone.start))) == 2, LIMIT, "both places' flags were heard")
    assert time.monotonic() - asked < 2 * LIMIT * slowness()
    opened = listener.of(kind="opened", start=rfc3339(gone.start))
    assert {flag["place"] for flag in opened} == {"ZED01", "X06000001"}
    assert all(flag["end"] == rfc3339(gone.end) and flag["function"] == "amhp" and flag["state"] == "gap" for flag in opened)
    gaps = {flag["gap"] for flag in opened}

    testbed.publisher.publish("amhp", calendar(events))
    testbed.refresh("fenmere-amhp-duty")
    wait_until(lambda: state_of(testbed, gone) == "covered", LIMIT, "the cover was back in the answer")
    wait_until(lambda: {flag["gap"] for flag in listener.of(kind="closed")} >= gaps, LIMIT, "the gaps were told closed")
    for gap in gaps:
        assert [flag["kind"] for flag in listener.heard if flag.get("gap") == gap] == ["opened", "closed"]
    sequence = numbers(testbed)
    assert sequence == list(range(1, len(sequence) + 1))


def test_c02_a_hole_that_grows_stays_the_same_gap(scene):
    testbed, events, gone = scene
    listener = testbed.listen()
    following = events[events.index(gone) + 1]
    testbed.publisher.publish("amhp", without(events, gone))
    testbed.refresh("fenmere-amhp-duty")
    first = wait_until(lambda: listener.of(kind="opened", place="ZED01", start=rfc3339(gone.start)), LIMIT + 1, "it was told")[0]
    testbed.publisher.publish("amhp", without(events, gone, following))
    testbed.refresh("fenmere-amhp-duty")
    wait_until(lambda: state_of(testbed, following) == "gap", LIMIT, "the hole had grown")

    def grown():
        gaps = testbed.get("/v1/gaps?place=ZED01&function=amhp&state=open").json["gaps"]
        return [gap for gap in gaps if gap["end"] == rfc3339(following.end)]

    gaps = wait_until(grown, LIMIT, "the gap reached further")
    assert [gap["id"] for gap in gaps] == [first["gap"]]
    assert len(listener.of(kind="opened", place="ZED01")) == 1


def test_c03_the_same_file_again_changes_nothing(scene):
    testbed, events, _ = scene
    feed = testbed.publisher.feeds["amhp"]
    before = testbed.sql("select count(*), max(id) from shift"), testbed.sql("select version from map_head"), numbers(testbed)
    unchanged = feed.not_modified
    testbed.refresh("fenmere-amhp-duty")
    wait_until(lambda: feed.not_modified > unchanged, 5, "it was asked again and had nothing new")
    # The same shifts in another order are another body, and still the same rota.
    feed.body = calendar(list(reversed(events)))
    testbed.refresh("fenmere-amhp-duty")
    wait_until(lambda: testbed.sql("select seen_body = sha256(%s) from feed", feed.body) == [(True,)], 10, "the other body was read")
    wait_until(lambda: testbed.sql("select count(*) from dirty") == [(0,)], 5, "nothing was left to sweep")
    assert (testbed.sql("select count(*), max(id) from shift"), numbers(testbed)) == (before[0], before[2])


@pytest.mark.holds("H06.2")
def test_c04_watch_prints_each_flag_once_and_takes_up_where_it_was(scene):
    testbed, events, gone = scene
    state = testbed.folder / "watch.state"

    def watch(name):
        argv = [testbed.release.client, "watch", "--place", "ZED01", "--state", state, "--json"]
        process = Process(name, argv, testbed.folder, testbed.environment)
        testbed.processes.append(process)
        return process

    def lines(process):
        found = []
        for line in process.log.read_text().splitlines():
            if line.startswith("{"):
                found.append(json.loads(line))
        return [flag for flag in found if flag.get("start") == rfc3339(gone.start)]

    testbed.folder.chmod(0o777)  # the state file is made beside the others
    first = watch("watch-1")
    wait_until(lambda: "listening" in first.log.read_text(), 10, "watch listened")
    testbed.publisher.publish("amhp", without(events, gone))
    testbed.refresh("fenmere-amhp-duty")
    wait_until(lambda: [flag["kind"] for flag in lines(first)] == ["opened"], 10, "watch said that the gap opened")
    first.end()
    testbed.publisher.publish("amhp", calendar(events))
    testbed.refresh("fenmere-amhp-duty")
    wait_until(lambda: state_of(testbed, gone) == "covered", 5, "the cover was back while nobody watched")
    second = watch("watch-2")
    wait_until(lambda: [flag["kind"] for flag in lines(second)] == ["closed"], 10, "watch caught up, and said nothing twice")


@pytest.mark.holds("H06.1", "H06.2")
def test_c05_flags_can_be_replayed_in_order(scene):
    testbed, events, gone = scene
    testbed.publisher.publish("amhp", without(events, gone))
    testbed.refresh("fenmere-amhp-duty")
    wait_until(lambda: state_of(testbed, gone) == "gap", 5, "the gap was in the answer")
    answer = testbed.get("/v1/flags?after=1-0&limit=1000").json
    ids = [flag["id"] for flag in answer["flags"]]
    assert ids == [f"1-{number}" for number in range(1, len(ids) + 1)] and answer["head"] == ids[-1]
    later = testbed.get(f"/v1/flags?after={ids[1]}").json["flags"]
    assert [flag["id"] for flag in later] == ids[2:]


def test_c06_acknowledged_by_a_named_person_and_told(scene):
    testbed, events, gone = scene
    listener = testbed.listen("crisiscover:flags:ZED01:amhp")
    testbed.publisher.publish("amhp", without(events, gone))
    testbed.refresh("fenmere-amhp-duty")
    opened = wait_until(lambda: listener.of(kind="opened"), 5, "the gap was told")[0]
    assert testbed.post(f"/v1/gaps/{opened['gap']}/acknowledge", {"note": "Bank shift asked for"}).status == 200
    told = wait_until(lambda: listener.of(kind="acknowledged"), 5, "the acknowledgement was told")[0]
    assert told["gap"] == opened["gap"]

    def by_whom():
        gaps = testbed.get("/v1/gaps?place=ZED01&state=open").json["gaps"]
        return [gap["acknowledged_by"] for gap in gaps if gap["id"] == opened["gap"] and gap["acknowledged_by"]]

    assert wait_until(by_whom, 5, "the list said who acknowledged it") == ["administrator"]
