# SPDX-License-Identifier: MIT
"""The canary: a rota that nobody sees changes again and again, and its flag and its lookup must come through. Nothing else may show it."""

from regions import calendar, round_the_clock, small
from servers import wait_until

# What keeps what was known, and what people or programs read. The canary has at most so many rows in each.
BOUNDED = {"shift": 2, "span": 9, "gap": 60, "gap_event": 0, "gap_note": 0, "flag": 0, "map_change": 0, "audit": 0, "feed_event": 0, "source_change": 1, "source_check": 1,
           "gap_group": 5}
OF_IT = {"shift": "rota = '.canary'", "span": "place = '.canary'", "gap": "place = '.canary'", "gap_event": "row_after->>'place' = '.canary'",
         "gap_note": "gap in (select id from gap where place = '.canary')", "flag": "payload like '%.canary%'", "map_change": "'.canary' in (rota, place)",
         "audit": "object like '%.canary%' or detail::text like '%.canary%'", "feed_event": "rota = '.canary'", "source_change": "rota = '.canary'",
         "source_check": "rota = '.canary'", "gap_group": "id like '.canary%'"}


def turns(testbed):
    return int(testbed.sql("select turn from canary")[0][0])


def ready(testbed):
    return testbed.get("/readyz", token=None).json


def await_turns(testbed, count, seconds=60):
    """Waits until so many more changes have come through, as a flag and as a lookup of the process that is asked."""
    before = turns(testbed)
    wait_until(lambda: turns(testbed) >= before + count, seconds, f"the canary's rota changed {count} times")
    came = testbed.sql("select turned_at from canary")[0][0]
    wait_until(lambda: canary_at(testbed) >= came.timestamp() - 1, seconds, "the last of them came through")


def canary_at(testbed):
    """The instant of the older of both, by the database's clock."""
    ages = ready(testbed)["canary"]
    now = testbed.sql("select extract(epoch from clock_timestamp())::float8")[0][0]
    return 0 if None in ages.values() else now - max(ages.values())


def rows(testbed):
    return {table: int(testbed.sql(f"select count(*) from {table} where {where}")[0][0]) for table, where in OF_IT.items()}


def everything_that_is_read(testbed):
    """Every list and text that an administrator may read."""
    paths = ["/v1/places?q=", "/v1/people?q=", "/v1/services", "/v1/rotas", "/v1/requirements", "/v1/region", "/v1/feeds", "/v1/gaps", "/v1/gaps?state=closed&from=2020-01-01",
             "/v1/flags?after=0-0", "/v1/audit", "/v1/organisations", "/v1/functions", "/v1/shifts?rota=fenmere-amhp-duty", "/v1/now?place=ZED01", "/v1/contacts/unverified", "/metrics",
             "/readyz"]
    return {path: testbed.get(path).text for path in paths}


def test_c60_the_canary_comes_through_and_nobody_sees_it(testbed):
    testbed.configure(canary_seconds=1)
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read")
    await_turns(testbed, 3)
    head, version = testbed.sql("select epoch, seq from flag_counter")[0], testbed.sql("select version from map_head")[0][0]
    await_turns(testbed, 3)
    assert testbed.sql("select epoch, seq from flag_counter")[0] == head, "it took the number of a flag"
    assert testbed.sql("select version from map_head")[0][0] == version, "it made a version of the map"
    assert testbed.redis_client().xlen("crisiscover:flags:stream") == int(testbed.sql("select count(*) from flag")[0][0])
    for path, text in everything_that_is_read(testbed).items():
        assert ".canary" not in text.replace("crisiscover_canary", "") and "Canary" not in text, path
    assert testbed.get("/v1/now?place=.canary").status in (400, 404)
    assert not [one for one in ready(testbed)["wrong"] if "canary" in one]
    found = rows(testbed)
    assert not {table: found[table] for table, most in BOUNDED.items() if found[table] > most}


def test_c61_the_canary_lives_where_there_is_nothing_else(testbed):
    """An empty region, a practice region, and each change of the set-up."""
    testbed.configure(canary_seconds=1)
    testbed.start()
    testbed.apply({"crisiscover": 1, "practice": True})
    await_turns(testbed, 2)
    testbed.apply({**small(testbed.publisher), "practice": True})
    await_turns(testbed, 2)
    testbed.kill_role("coverage")
    await_turns(testbed, 2)
