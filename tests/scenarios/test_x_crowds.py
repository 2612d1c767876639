# SPDX-License-Identifier: MIT
"""Five hundred strangers who take their time: they are ended, they cost no memory, and lookups go on."""

import resource

import pytest

from crowds import Crowd, memory_kb
from regions import calendar, round_the_clock, small
from servers import slowness

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
