# SPDX-License-Identifier: MIT
"""Five hundred strangers who take their time: they are ended, they cost no memory, and lookups go on. And who asks too much: they are told so."""

import os
import resource
import select
import signal
import subprocess
from datetime import datetime, timedelta, timezone
from http.client import HTTPResponse

import pytest

from crowds import Crowd, memory_kb
from regions import calendar, rfc3339, round_the_clock, small
from servers import slowness, wait_until
from testbed import Answer

STRANGERS = 500
MOST_KB = 32 << 10
SLOW_SECONDS, IDLE_SECONDS = 10, 30
LINGER_SECONDS = 2.5  # the sender of a refused body has so long to read the answer


@pytest.fixture(autouse=True)
def files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def house(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    return testbed


class Honest:
    """A ward that asks on a connection of its own, and how much memory the process had."""

    def __init__(self, house):
        self.house, self.pid = house, house.pids("api")[0]
        self.connection, self.asked = house.connection(), 0
        for _ in range(20):
            self.look()
        self.before = self.most = memory_kb(self.pid)

    def look(self):
        answer = self.house.get("/v1/now?place=ZED01&function=amhp", over=self.connection)
        assert answer.status == 200 and answer.json["functions"][0]["state"] == "covered", answer
        self.asked += 1
        self.most = max(getattr(self, "most", 0), memory_kb(self.pid))


def check_memory(honest):
    grown = honest.most - honest.before
    print(f"the api had grown by {grown} kB at most; {honest.asked} lookups were answered")
    assert grown <= MOST_KB, f"strangers moved the api's memory by {grown} kB"


@pytest.mark.holds("F14")
def test_x01_slow_heads_bodies_and_readers_are_ended(house):
    kinds = ("head", "body", "reader")
    honest = Honest(house)
    crowd = Crowd(house.port, [kinds[number % 3] for number in range(STRANGERS)])
    crowd.last((SLOW_SECONDS + LINGER_SECONDS) * slowness() + 5, honest.look)
    for kind in kinds:
        assert crowd.open(kind) == [], f"{len(crowd.open(kind))} that were slow ({kind}) are still there"
        longest = max(one.lasted for one in crowd.all if one.kind == kind)
        print(f"slow {kind}: the last was ended after {longest:.1f} s")
        assert longest <= SLOW_SECONDS * slowness() + 1, f"a slow {kind} lasted {longest:.1f} s"
    check_memory(honest)


@pytest.mark.long
@pytest.mark.holds("F14")
def test_x02_idle_connections_make_room(house):
    honest = Honest(house)
    few = Crowd(house.port, ["idle"] * 100)
    few.last(IDLE_SECONDS + 5, honest.look)
    assert len(few.open()) == 100, "while there are few they stay"
    few.leave()
    crowd = Crowd(house.port, ["idle"] * STRANGERS)
    crowd.last((IDLE_SECONDS + 1) * slowness() + 5, honest.look)
    ended = sorted(one.lasted for one in crowd.all if one.ended)
    # Those that are below the mark again have their time.
    assert len(ended) > STRANGERS - 260 and ended[0] > 20, f"{len(ended)} were ended"
    assert ended[STRANGERS - 260] <= IDLE_SECONDS * slowness() + 1, f"idle connections lasted {ended[STRANGERS - 260]:.1f} s"
    check_memory(honest)


def test_x03_a_proxys_clients_are_counted_by_the_address_that_it_names(house):
    house.stop()
    house.configure(stranger_connections=20, api_processes=1)
    house.start()
    house.wait_ready()
    crowd = Crowd(house.port, ["body"] * 60, lambda number: f"X-Forwarded-For: 198.51.100.7, 192.0.2.{number % 2}\r\n")
    crowd.last(1)
    # Two addresses, with twenty each; and a third has its own.
    assert len(crowd.open()) == 40, f"{len(crowd.open())} of 60 were let in"
    third = Crowd(house.port, ["body"], "X-Forwarded-For: 192.0.2.9\r\n")
    third.last(1)
    assert third.open(), "another address of the proxy is counted by itself"
    assert house.get("/v1/me", headers={"X-Forwarded-For": "192.0.2.1"}).status == 503
    crowd.leave()
    third.leave()
    # A word of somebody who is no proxy counts for nothing: nobody is counted then on this machine.
    house.stop()
    house.configure(proxies="192.0.2.200")
    house.start()
    house.wait_ready()
    crowd = Crowd(house.port, ["body"] * 60, "X-Forwarded-For: 192.0.2.1\r\n")
    crowd.last(1)
    assert len(crowd.open()) == 60
    crowd.leave()


def ask_until_refused(ask, most):
    """How many answers came before the first 429, and that one."""
    for count in range(most):
        answer = ask()
        if answer.status == 429:
            return count, answer
    raise AssertionError(f"{most} were answered")


def check_refusal(answer, words):
    assert answer.headers["Content-Type"] == "application/problem+json" and int(answer.headers["Retry-After"]) >= 1, answer
    assert answer.json["title"] == "Too many requests" and words in answer.json["detail"] and "Retry-After" in answer.json["detail"], answer


def test_x04_who_asks_too_much_is_told_so_and_nobody_else(house):
    house.stop()
    house.configure(requests_of_account=300, requests_of_token=200, requests_of_address=100)
    house.start()
    house.wait_ready()
    department = house.sign_in("st-oswins-ed", "viewer")
    # A token, its account, and not another one.
    count, answer = ask_until_refused(lambda: house.get("/v1/me", token=department), 400)
    check_refusal(answer, "from this token")
    assert 150 < count < 300, count
    second = house.issue_token("st-oswins-ed", "viewer")
    check_refusal(ask_until_refused(lambda: house.get("/v1/me", token=second), 400)[1], "from this account")
    assert house.get("/v1/me").status == 200
    # Who is on call is answered on: from what is ready, and when it is not.
    for _ in range(30):
        assert house.get("/v1/now?place=ZED01&function=amhp", token=department).status == 200
    assert house.get("/now/ZED01.txt", token=department).status == 200
    # The command line waits as it is told, says so, and is answered once others have stopped.
    client = subprocess.Popen([house.release.client, "feeds"], cwd=house.folder, env={**house.environment, "CRISISCOVER_TOKEN": second}, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
    while not select.select([client.stderr], [], [], 0)[0]:
        for token in (department, second):
            house.get("/v1/me", token=token)
    assert "Waiting for 1 s, as it says, then asking again." in client.stderr.readline()
    assert "fenmere-amhp-duty" in client.communicate(timeout=60)[0] and client.returncode == 0
    # It comes back.
    wait_until(lambda: house.get("/v1/me", token=department).status == 200, 10, "the account may ask again")
    # Strangers, by the address that the proxy names; an account's requests from there are none of theirs.
    ward = {"X-Forwarded-For": "192.0.2.1"}
    count, answer = ask_until_refused(lambda: house.get("/", token=None, headers=ward), 200)
    check_refusal(answer, "from this address")
    assert 80 < count < 150, count
    assert house.get("/v1/me", token="x" * 40, headers=ward).status == 429
    assert house.post("/v1/session", {"name": "nobody", "password": "x"}, token=None, headers=ward).status == 429
    assert house.get("/v1/me", headers=ward).status == 200
    assert house.get("/", token=None, headers={"X-Forwarded-For": "192.0.2.2"}).status == 200
    assert house.get("/", token=None).status == 200

    def refused(rate):
        lines = house.get("/metrics", token=None).text.splitlines()
        return int(next(line for line in lines if line.startswith(f'crisiscover_rate_refused_total{{rate="{rate}"}}')).split()[1])

    for rate in ("account", "token", "address"):  # filed once a second
        wait_until(lambda one=rate: refused(one) > 0, 10, f"the refusals by {rate} are in the figures")


def test_x05_large_questions_have_a_budget_and_lookups_do_not_wait(house):
    """Twelve at once by each of two accounts, of whom each may have eight."""
    house.stop()
    house.configure(large_questions=12, large_questions_of_one=8)
    house.start()
    house.wait_ready()
    auditor = house.sign_in("the-auditor", "auditor")
    day = datetime.now(timezone.utc).replace(microsecond=0)
    question = f"/v1/coverage?place=X06000001&from={rfc3339(day)}&to={rfc3339(day + timedelta(days=92))}"
    alone = house.get(question)
    assert alone.status == 200

    def at_once(tokens, question=question):
        """All in one piece on one connection each, before anything is read."""
        asked = []
        for token in tokens:
            connection = house.connection(60)
            connection.connect()
            asked.append((connection, f"GET {question} HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()))
        os.kill(pid, signal.SIGSTOP)
        for connection, head in asked:
            connection.sock.sendall(head)
        os.kill(pid, signal.SIGCONT)
        answers = []
        for connection, _ in asked:
            response = HTTPResponse(connection.sock, method="GET")
            response.begin()
            answers.append(Answer(response.status, response.headers, response.read()))
            connection.close()
        return answers

    pid = house.pids("api")[0]
    answers = at_once([house.token] * 12)
    assert sorted(one.status for one in answers) == [200] * 8 + [429] * 4
    refused = [one for one in answers if one.status == 429]
    check_refusal(refused[0], "large questions")
    # A question in slices has the bytes of one alone, but for the age of the map.
    for one in answers:
        if one.status == 200:
            assert {**one.json, "map": None} == {**alone.json, "map": None}
    answers = at_once([house.token] * 8 + [auditor] * 8)
    assert sorted(one.status for one in answers) == [200] * 12 + [429] * 4
    assert house.get(question).status == 200, "places are given back"
    # So is a list as CSV, or a long page of one; a page of the usual length is none.
    for path, many in (("/v1/people?q=&format=csv", 8), ("/v1/people?q=&limit=1000", 8), ("/v1/people?q=", 12), ("/v1/people?q=&limit=100", 12)):
        answers = at_once([house.token] * 12, path)
        assert sorted(one.status for one in answers) == [200] * many + [429] * (12 - many), path
