# SPDX-License-Identifier: MIT
"""Every role killed while work goes on: it is back within two seconds, and no flag is published under two numbers."""

import os
import signal
import time

import pytest

from regions import HOUR, calendar, now, open_small, rfc3339, round_the_clock, small
from servers import slowness, wait_until

ROTA = "fenmere-amhp-duty"


@pytest.fixture
def running(testbed):
    return open_small(testbed)


@pytest.fixture
def killed_in_turn(share):
    """The same, for the roles one after the other: what is said of the whole is said after each."""
    return share(open_small)


KILLED = ("reader", "passwords", "feeds", "coverage", "flags", "notify", "api")


def change(testbed, number):
    """Takes one future shift out (and puts the others back). Answers it."""
    events = round_the_clock()
    gone = [event for event in events if event.start > now() + HOUR][2 + number]
    testbed.publisher.publish("amhp", calendar([event for event in events if event is not gone]))
    return gone


def refresh_soon(testbed):
    def taken():
        try:
            return testbed.post(f"/v1/feeds/{ROTA}/refresh").status in (200, 202)
        except OSError:
            return False

    wait_until(taken, 10, "the refresh was taken")


def state_of(testbed, event):
    window = f"from={rfc3339(event.start)}&to={rfc3339(event.end)}"
    try:
        answer = testbed.get(f"/v1/coverage?place=ZED01&function=amhp&{window}")
    except OSError:
        return None
    return answer.json["requirements"][0]["spans"][0]["state"] if answer.status == 200 else None


def opened_twice(testbed):
    return testbed.sql("select gap, count(*) from flag where kind = 'opened' group by gap having count(*) > 1")


@pytest.mark.parametrize("role", KILLED)
@pytest.mark.holds("F1", "F18", "H06.1")
def test_k01_each_role_is_back_within_two_seconds(killed_in_turn, role):
    testbed = killed_in_turn
    listener = testbed.listen()
    for number in range(3 * KILLED.index(role), 3 * KILLED.index(role) + 3):  # shifts of its own: no gap opens twice
        gone = change(testbed, number)
        if role != "feeds":  # what a killed feeds was at is taken up when its claim of a minute ends
            refresh_soon(testbed)
        killed = testbed.kill_role(role)
        began = time.monotonic()
        testbed.wait_role_back(role, killed, 2)
        assert time.monotonic() - began < 2 * slowness()
        refresh_soon(testbed)
        wait_until(lambda gone=gone: state_of(testbed, gone) == "gap", 15, f"the gap was in the answer although {role} was killed")
        wait_until(lambda gone=gone: listener.of(kind="opened", place="ZED01", start=rfc3339(gone.start)), 15, "and it was told")
    assert opened_twice(testbed) == []
    sequence = [seq for (seq,) in testbed.sql("select seq from flag order by epoch, seq")]
    assert sequence == list(range(1, len(sequence) + 1))
    stream = [id for id, _ in testbed.redis_client().xrange("crisiscover:flags:stream")]
    assert len(stream) == len(set(stream))


@pytest.mark.holds("F1")
def test_k02_all_at_once(running):
    testbed = running
    gone = change(testbed, 1)
    for role in ("api", "flags", "coverage", "feeds", "reader"):
        testbed.kill_role(role)
    wait_until(lambda: testbed.is_live(), 5, "the api answered again")
    refresh_soon(testbed)
    wait_until(lambda: state_of(testbed, gone) == "gap", 20, "the whole pipeline worked again")
    assert opened_twice(testbed) == []


@pytest.mark.holds("F1", "H09.4")
def test_k03_the_second_api_answers_while_one_is_killed(testbed):
    testbed.configure(api_processes=2)
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: len(testbed.pids("api")) == 2, 10, "there were two")
    alone = 0
    for _ in range(5):
        os.kill(testbed.pids("api")[0], signal.SIGKILL)
        wait_until(testbed.is_live, 5, "somebody answered")
        alone += len(testbed.pids("api")) == 1
        wait_until(lambda: len(testbed.pids("api")) == 2, 10, "both ran again")
    # Where the killed one was back before we could ask, the round shows nothing: one that does is wanted.
    assert alone > 0


@pytest.mark.holds("F1")
def test_k08_what_a_killed_process_was_reading_is_read_again_at_once(running):
    """The claim of a session that has ended holds nobody up for the rest of its minute."""
    testbed = running
    feed = testbed.publisher.publish("amhp", calendar(round_the_clock()))
    asked, feed.mode = feed.asked, "silent"
    refresh_soon(testbed)
    wait_until(lambda: feed.asked > asked, 15, "the feed was asked")
    assert testbed.sql("update feed set claimed_until = claimed_until + interval '1 day' where rota = %s and claim is not null returning 1", ROTA)
    gone = change(testbed, 1)
    killed = testbed.kill_role("feeds")
    feed.mode = "ok"
    testbed.wait_role_back("feeds", killed)
    wait_until(lambda: state_of(testbed, gone) == "gap", 15, "the new process read what the old one had claimed")


@pytest.mark.holds("F1")
def test_k04_an_upload_that_was_held_up_does_not_overtake_a_later_one(running):
    testbed = running
    events = round_the_clock()
    ahead = [event for event in events if event.start > now() + HOUR]

    def upload(gone):
        body = calendar([event for event in events if event is not gone])
        answer = testbed.post(f"/v1/rotas/{ROTA}/imports?apply=now", body, content_type="text/calendar")
        assert answer.status == 202, answer
        return answer.json["id"]

    def state(number):
        return testbed.get(f"/v1/imports/{number}").json["state"]

    stopped = testbed.kill_role("feeds", signal.SIGSTOP)
    first = upload(ahead[3])
    # As if somebody had claimed it and died: nobody else takes it up until the claim ends.
    testbed.sql("update import set claimed_until = clock_timestamp() + interval '4 seconds' where id = %s", first)
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)
    second = upload(ahead[5])
    wait_until(lambda: state(second) == "applied", 15, "the later upload was put in force")
    wait_until(lambda: state(first) != "uploaded", 20, "the earlier one was taken up again")
    assert state(first) == "refused"
    assert "later upload" in testbed.get(f"/v1/imports/{first}").json["why"]
    assert state_of(testbed, ahead[3]) == "covered"
    wait_until(lambda: state_of(testbed, ahead[5]) == "gap", 15, "the later one holds")
