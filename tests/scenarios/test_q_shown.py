# SPDX-License-Identifier: MIT
"""What was written is there for who reads next: an answer to a write goes out once the process that gives it shows the change."""

import os
import signal

import pytest

from regions import PEOPLE, calendar, round_the_clock, small
from servers import wait_until


def test_q95_what_was_written_is_read_at_once(testbed):
    region = small(testbed.publisher)
    region["accounts"].append({"name": "ward", "kind": "person", "role": "viewer"})
    testbed.publisher.publish("amhp", calendar(round_the_clock(who=[PEOPLE[0]])))
    testbed.start(region)
    for turn in range(20):
        # A credential, an object and the whole set-up, each asked for with the answer to its write in hand.
        token = testbed.post("/v1/accounts/ward/tokens", {}).json["token"]
        assert testbed.get("/v1/me", token=token).status == 200, turn
        line = f"+4420794601{turn:02d}"
        etag = testbed.get("/v1/services/fenmere-amhp").headers["ETag"]
        kept = testbed.request("PATCH", "/v1/services/fenmere-amhp", {"phone": line}, headers={"If-Match": etag},
                               content_type="application/merge-patch+json")
        assert kept.status == 200, kept
        assert [one["phone"] for one in testbed.get("/v1/services").json["services"] if one["id"] == "fenmere-amhp"] == [line], turn
        assert line in testbed.get("/v1/region").text, turn
        whole = testbed.get("/v1/region").json
        whole["places"][0]["name"] = f"Fenmere {turn}"
        testbed.apply(whole)
        assert testbed.get("/v1/region").json["places"][0]["name"] == f"Fenmere {turn}", turn


@pytest.mark.holds("F13")
def test_q96_a_hung_database_keeps_no_answer_back(testbed):
    """A write that is committed is answered, also where what follows it cannot be read: the process is told nothing for a while."""
    region = small(testbed.publisher)
    testbed.publisher.publish("amhp", calendar(round_the_clock(who=[PEOPLE[0]])))
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
    [(backend,)] = testbed.sql("select pid from pg_stat_activity where application_name = 'crisiscover-api'")
    os.kill(backend, signal.SIGSTOP)
    try:
        etag = testbed.get("/v1/services/fenmere-amhp").headers["ETag"]
        kept = testbed.request("PATCH", "/v1/services/fenmere-amhp", {"phone": "+442079460199"}, headers={"If-Match": etag},
                               content_type="application/merge-patch+json", seconds=4)
        assert kept.status == 200, kept
        assert "+442079460199" not in testbed.get("/v1/region").text, "the backend that shows it did stand still"
    finally:
        os.kill(backend, signal.SIGCONT)
    wait_until(lambda: "+442079460199" in testbed.get("/v1/region").text, 10, "the change was shown")
