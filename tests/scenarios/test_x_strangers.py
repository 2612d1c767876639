# SPDX-License-Identifier: MIT
"""What strangers get: nothing that is secret, wherever they look, and nothing that their bytes can do."""

import subprocess

import leaks
from regions import calendar, round_the_clock, small
from servers import POSTGRES_BIN, environment, wait_until

PASSWORD = "seventeen herons at dusk"


def running(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read")
    wait_until(lambda: (testbed.folder / "state" / "last-good").exists(), 15, "there was a last-good file")
    return testbed


def test_x01_a_leak_is_found_wherever_it_is(testbed):
    running(testbed)
    device = testbed.sign_in("st-oswins-ed", "viewer")
    assert testbed.post("/v1/session", {"name": "fenmere-rotas", "password": PASSWORD}, token=None).status == 401
    assert leaks.left_by(testbed) == [], "nothing is there yet"
    # The database has hashes and boxes of all that opens something.
    dump = subprocess.run([POSTGRES_BIN / "pg_dump", "-h", str(testbed.postgres.folder), "-U", "postgres", "crisiscover"], env=environment(),
                          capture_output=True, check=True).stdout
    assert {leak.kind for leak in testbed.known.search("a dump", dump)} <= {leaks.NAME, leaks.NUMBER, leaks.TEAM_NUMBER}
    assert b"Jo Jones" in dump, "it is the whole"

    address = testbed.publisher.url("amhp")
    key = (testbed.folder / "state" / "seal.key").read_bytes().hex()
    planted = {leaks.NAME: "JO JONES", leaks.NUMBER: "07700900123", leaks.TEAM_NUMBER: "+441632960456", leaks.ADDRESS: address,
               leaks.TOKEN: device, leaks.PASSWORD: PASSWORD, leaks.KEY: key}
    words = "before " + " and ".join(planted.values()) + " after\n"
    everywhere = ["serve-0.log", "postgres/postgres.log", "redis/redis.log", "core.1", "state/core", "state/another"]
    for name in everywhere:
        with open(testbed.folder / name, "a", encoding="utf-8") as file:
            file.write(words)
    with open(testbed.folder / "state" / "last-good", "ab") as file:
        file.write(words.encode())
    testbed.redis_client().set("leak", words)
    testbed.sql("select audit_add('somebody', 'planted', 'nothing', to_jsonb(%s::text))", words)

    found = {(leak.where, leak.kind) for leak in leaks.left_by(testbed)}
    opens = {leaks.ADDRESS, leaks.TOKEN, leaks.PASSWORD, leaks.KEY}
    assert found == ({(where, kind) for where in (*everywhere, "redis/leak") for kind in planted} |
                     {("state/last-good", kind) for kind in opens} | {("the audit", kind) for kind in (leaks.NUMBER, *opens)})
    # As it was, but for the audit, which nobody cleans.
    for name in (*everywhere, "state/last-good"):
        (testbed.folder / name).write_bytes(b"")
    testbed.redis_client().delete("leak")
    testbed.allowed["the audit"] = set(planted)
