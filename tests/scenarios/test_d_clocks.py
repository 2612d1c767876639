# SPDX-License-Identifier: MIT
"""A machine's clock is wrong: every answer that depends on it says so."""

import re
from datetime import timedelta

import pytest

from regions import HOUR, Event, calendar, instant, now, rfc3339, small
from servers import wait_until


def look(testbed):
    answer = testbed.get("/v1/now?place=ZED01&function=amhp").json
    return answer["map"], answer["functions"][0], answer


def offsets(testbed):
    """By role, how far the clock of its machine is from the database's, in seconds."""
    figures = testbed.get("/metrics", token=None).text
    return {role: float(seconds) for role, seconds in re.findall(r'^crisiscover_clock_offset_seconds\{role="(\w+)"\} (\S+)$', figures, re.M)}


def all_are_off_by(testbed, seconds):
    found = offsets(testbed)
    return set(found) == {"api", "feeds", "coverage", "flags", "notify"} and all(abs(one - seconds) <= 2 for one in found.values())


def publish(testbed, handover):
    """Two people, one after the other."""
    testbed.publisher.publish("amhp", calendar([
        Event("before@test", handover - 30 * HOUR, handover, "AMHP – Jo Jones"),
        Event("after@test", handover, handover + 30 * HOUR, "AMHP – Sam Ahmed"),
    ]))


@pytest.mark.parametrize("wrong", [-3600, 40, 3600])
@pytest.mark.holds("F12", "H03.4")
def test_d20_a_role_whose_clock_is_wrong_answers_by_the_databases_and_says_so(testbed, wrong):
    publish(testbed, now() + 12 * HOUR)
    testbed.move_clock(wrong)
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
    found, function, answer = look(testbed)
    assert found["confidence"] == "clock_doubtful"
    assert abs(found["clock_off_seconds"] + wrong) <= 2, found
    assert abs((instant(answer["at"]) - now()).total_seconds()) < 5, "it is what time it is by the database"
    assert [one["name"] for one in function["on_call"]] == ["Jo Jones"], "by both clocks it is she"
    assert "CLOCK DOUBTFUL" in testbed.get("/now/ZED01.txt").text
    gauge = re.search(r"^crisiscover_clock_off_seconds (-?\d+)$", testbed.get("/metrics", token=None).text, re.M)
    assert abs(int(gauge[1]) + wrong) <= 2
    # Each role has measured its own, and those without a port have it told by the api.
    wait_until(lambda: all_are_off_by(testbed, -wrong), 25, "the metrics told it of each role")
    for role in ("api", "feeds", "coverage", "flags", "notify"):
        assert any(f'"role":"{role}"' in line and '"event":"clock_off"' in line for line in testbed.logs().splitlines()), role
    testbed.move_clock(0)
    wait_until(lambda: look(testbed)[0]["confidence"] == "live", 10, "the clock was put right")
    assert look(testbed)[0]["clock_off_seconds"] == 0
    wait_until(lambda: all_are_off_by(testbed, 0), 25, "each role told that it was put right")


@pytest.mark.parametrize("wrong", [-3600, 3600])
@pytest.mark.holds("F12", "H01.4", "H17.2")
def test_d21_who_is_on_by_one_clock_only_is_not_covered(testbed, wrong):
    publish(testbed, now() + timedelta(minutes=30 if wrong > 0 else -30))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
    testbed.stop()
    testbed.move_clock(wrong)
    testbed.start()
    found, function, _ = wait_until(lambda: (lambda seen: seen if seen[0]["confidence"] == "clock_doubtful" else None)(look(testbed)), 10,
                                    "the clocks were compared")
    assert (function["state"], function["cause_code"], function["on_call"]) == ("unknown", "clock_doubtful", [])
    assert {one["name"] for one in function["last_known"]} == {"Jo Jones", "Sam Ahmed"}


@pytest.mark.holds("F12")
def test_d22_a_step_back_with_the_database_away_makes_no_old_map_live(testbed):
    publish(testbed, now() + 12 * HOUR)
    testbed.move_clock(0)
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
    testbed.postgres.stop()
    wait_until(lambda: look(testbed)[0]["confidence"] == "stale", 20, "the map was old")
    as_of = look(testbed)[0]["as_of"]
    testbed.move_clock(-25)
    wait_until(lambda: look(testbed)[0]["clock_off_seconds"] == 25, 5, "the answer was made after the step")
    assert look(testbed)[0]["confidence"] == "stale", "a small step is no reason to believe it again"
    assert look(testbed)[0]["as_of"] <= as_of
    testbed.move_clock(-3600)
    found, _, answer = wait_until(lambda: (lambda seen: seen if seen[0]["confidence"] != "stale" else None)(look(testbed)), 5,
                                  "the step was noticed")
    assert found["confidence"] == "clock_doubtful" and abs(found["clock_off_seconds"] - 3600) <= 2
    assert abs((instant(answer["at"]) - now()).total_seconds()) < 5, "time goes on as it was"


@pytest.mark.holds("F5", "F12")
def test_d23_a_last_good_file_of_the_future_is_doubtful(testbed):
    publish(testbed, now() + 12 * HOUR)
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
    testbed.stop()
    testbed.postgres.stop()
    testbed.move_clock(-3600)
    testbed.start()
    found, function, _ = wait_until(lambda: (lambda seen: seen if seen else None)(look(testbed)), 10, "it answered from the file")
    assert found["confidence"] == "clock_doubtful" and 3590 <= found["clock_off_seconds"] <= 3700
    assert function["on_call"][0]["name"] == "Jo Jones"


@pytest.mark.holds("F5", "H02.4")
def test_d24_of_an_old_upload_the_last_good_file_says_that_it_could_not_be_checked(testbed):
    """Another may have been uploaded since the file was written, and nobody can ask."""
    publish(testbed, now() + 12 * HOUR)
    testbed.write("feeds/second.ics", calendar([Event("night@test", now() - HOUR, now() + 20 * HOUR, "AMHP – Kim Lee")]).decode())
    region = small(testbed.publisher)
    region["rotas"].append({"id": "second", "service": "fenmere-amhp", "tier": 2, "source": {"kind": "file", "path": "feeds/second.ics"}})
    testbed.start()
    testbed.apply(region)
    wait_until(lambda: {one["name"] for one in testbed.now()["on_call"]} == {"Jo Jones", "Kim Lee"}, 20, "both rotas were read")
    testbed.sql("update feed set last_good_at = last_good_at - interval '25 hours', updated_at = clock_timestamp() where rota = 'second'")
    wait_until(lambda: next(one for one in look(testbed)[1]["on_call"] if one["name"] == "Kim Lee")["source"]["uploaded_at"]
               < rfc3339(now() - 24 * HOUR), 10, "the api knew how old it is")
    assert look(testbed)[1]["sources_at_fault"] == [], "an upload does not age"
    testbed.stop()
    testbed.postgres.stop()
    testbed.start()
    found, function, _ = look(testbed)
    assert found["confidence"] == "last_good"
    at_fault, = [one for one in function["sources_at_fault"] if one["rota"] == "second"]
    assert "could not be checked" in at_fault["fault"]
    assert "could not be checked" in " ".join(testbed.get("/now/ZED01.txt").text.split())
