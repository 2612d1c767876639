# SPDX-License-Identifier: MIT
"""Rights to write, the cost of a stranger's request, and who counts for a function."""

import http.client
import random
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import psycopg2
import pytest
import yaml

from regions import HOUR, PEOPLE, now, open_small, rfc3339, round_the_clock, small
from servers import slowness, wait_until

WRITES = ["PUT /v1/region", "POST /v1/accounts/st-oswins-ed/tokens", "POST /v1/rotas/fenmere-amhp-duty/imports", "POST /v1/overrides",
          "POST /v1/rotas/fenmere-amhp-duty/decisions", "POST /v1/absences", "POST /v1/imports/1/confirm", "POST /v1/imports/1/discard",
          "POST /v1/imports/1/undo", "POST /v1/feeds/fenmere-amhp-duty/refresh"]


@pytest.fixture
def open_testbed(testbed):
    """One with the small region, its feed read."""
    return open_small(testbed)


@pytest.fixture
def unchanged(share):
    """The same, for tests that change nothing."""
    return share(open_small)


def send_head(testbed, line, length, token=None, more=""):
    """The head of a request whose body is still to come."""
    connection = socket.create_connection(("127.0.0.1", testbed.port), timeout=20)
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    connection.sendall(f"{line} HTTP/1.1\r\nHost: 127.0.0.1:{testbed.port}\r\n{authorization}Content-Type: application/json\r\n"
                       f"Content-Length: {length}\r\n{more}\r\n".encode())
    return connection


def answer_of(connection):
    """Everything that the server says before it hangs up."""
    got = b""
    while True:
        try:
            piece = connection.recv(65536)
        except ConnectionResetError:
            return got
        if not piece:
            return got
        got += piece


def memory(testbed):
    """Resident, of every api process, in MiB."""
    def of(pid):
        status = Path(f"/proc/{pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) / 1024
    return sum(of(pid) for pid in testbed.pids("api"))


def test_w01_twenty_strangers_cost_nothing(unchanged):
    testbed = unchanged
    before = memory(testbed)
    strangers = [send_head(testbed, "PUT /v1/region", 32 << 20) for _ in range(20)]
    piece = b" " * (1 << 20)
    for connection in strangers:
        assert answer_of(connection).startswith(b"HTTP/1.1 401 "), "answered from the head alone"
        for _ in range(32):
            try:
                connection.sendall(piece)
            except OSError:
                break
        else:
            raise AssertionError("a stranger's body was taken to its end")
    assert memory(testbed) < before + 40, "no body of a stranger was kept"
    for connection in strangers:
        connection.close()
    assert testbed.now()["state"] == "covered"


def test_w02_a_body_is_taken_only_of_an_account_that_may_send_it(unchanged):
    testbed = unchanged
    device = testbed.post("/v1/accounts/st-oswins-ed/tokens", {}).json["token"]
    wait_until(lambda: testbed.get("/v1/me", token=device).status == 200, 10, "the token was known")
    for line in WRITES:
        with send_head(testbed, line, 5000, more="Expect: 100-continue\r\n") as connection:
            assert answer_of(connection).startswith(b"HTTP/1.1 401 "), line
        with send_head(testbed, line, 5000, device, more="Expect: 100-continue\r\n") as connection:
            assert answer_of(connection).startswith(b"HTTP/1.1 403 "), line
    with send_head(testbed, "PUT /v1/region", 64 << 20, testbed.token) as connection:
        assert answer_of(connection).startswith(b"HTTP/1.1 413 ")
    with send_head(testbed, "POST /v1/is/there/such/a/thing", 5000, testbed.token) as connection:
        assert answer_of(connection).startswith(b"HTTP/1.1 404 ")
    with send_head(testbed, "POST /v1/now", 5000, testbed.token) as connection:
        assert answer_of(connection).startswith(b"HTTP/1.1 405 ")
    with send_head(testbed, "POST /v1/overrides", 2, testbed.token, more="Expect: 100-continue\r\nConnection: close\r\n") as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"{}")
        assert answer_of(connection).startswith(b"HTTP/1.1 400 ")


@pytest.mark.holds("H13.5")
def test_w03_an_ended_accounts_tokens_stay_dead(open_testbed):
    testbed = open_testbed
    region = small(testbed.publisher)
    first = testbed.crisiscover("token", "st-oswins-ed").stdout.strip()
    wait_until(lambda: testbed.get("/v1/me", token=first).status == 200, 10, "the token was known")
    session = testbed.post("/v1/session", token=first).headers["Set-Cookie"].split(";")[0]
    assert testbed.get("/v1/me", token=None, headers={"Cookie": session}).status == 200
    gone = {**region, "accounts": [account for account in region["accounts"] if account["name"] != "st-oswins-ed"]}
    testbed.apply(gone)
    wait_until(lambda: testbed.get("/v1/me", token=first).status == 401, 10, "the account had ended")
    testbed.apply(region)
    second = testbed.crisiscover("token", "st-oswins-ed").stdout.strip()
    wait_until(lambda: testbed.get("/v1/me", token=second).status == 200, 10, "the account was back")
    assert testbed.get("/v1/me", token=first).status == 401
    assert testbed.get("/v1/me", token=None, headers={"Cookie": session}).status == 401
    listed = testbed.crisiscover("token", "list", "st-oswins-ed").stdout
    assert "revoked" in listed.splitlines()[0] and "revoked" not in listed.splitlines()[1] and "cc_" not in listed
    assert testbed.crisiscover("token", "revoke", "--all", "st-oswins-ed").stdout == "revoked: 1\n"
    wait_until(lambda: testbed.get("/v1/me", token=second).status == 401, 10, "it was revoked")
    revoked = testbed.sql("select count(*) from audit where action = 'token_revoked' and detail->>'account' = 'st-oswins-ed'")
    assert revoked == [(2,)]


@pytest.mark.holds("H04.3")
def test_w04_who_lacks_the_function_counts_only_where_any_member_does(open_testbed):
    testbed = open_testbed
    region = small(testbed.publisher)
    for person in region["people"]:
        person["roles"] = ["liaison"]
    said = testbed.apply(region)
    assert "none of the 4 people of organisation ZFC holds function amhp" in said.stdout + said.stderr
    wait_until(lambda: testbed.now()["state"] == "gap", 20, "nobody of the rota counted any more")
    item = testbed.now()
    assert item["cause_code"] == "role_not_held" and item["on_call"] == []
    assert item["not_counted"][0]["holds_function"] is False and item["not_counted"][0]["name"]
    text = testbed.crisiscover("now", "ZED01").stdout
    assert "on the rota, but does not count here:" in text and "not listed as holding this function" in text
    wait_until(lambda: "role_not_held" in {gap["cause_code"] for gap in testbed.get("/v1/gaps?place=X06000001").json["gaps"]}, 20,
               "the gap was told with its cause")
    region["requirements"][0]["role"] = "any"
    testbed.apply(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "any member of the organisation counted")
    item = testbed.now()
    assert [warning["kind"] for warning in item["warnings"]] == ["role_not_held"] and item["not_counted"] == []
    assert "not listed as holding this function" in testbed.get("/now/ZED01.txt").body.decode()
    assert "not listed as holding this function" in testbed.crisiscover("now", "ZED01").stdout
    assert testbed.get("/v1/requirements").json["requirements"][0]["role"] == "any"


# ------------------------------------------------------------------------------------------------- a write and its answer


def override(slot=1, note=""):
    """For two hours of one of the coming shifts, somebody who is free then: on a whole day before and after."""
    events = round_the_clock()
    index = next(i for i, event in enumerate(events) if event.start > now()) + slot
    start = events[index].start
    return {"rota": "fenmere-amhp-duty", "person": PEOPLE[(index + 2) % 4][0], "start": rfc3339(start), "end": rfc3339(start + 2 * HOUR), "note": note}


def keyed(testbed, key, body=None, method="POST", path="/v1/overrides", **more):
    return testbed.request(method, path, body, headers={"Idempotency-Key": key}, **more)


def made(testbed):
    return testbed.sql("select count(*) from override")[0][0]


@pytest.mark.holds("F4")
def test_w10_the_same_key_gives_the_first_answer_again(open_testbed):
    testbed = open_testbed
    body = override()
    first = keyed(testbed, "one", body)
    again = keyed(testbed, "one", body)
    assert first.status == again.status == 201 and first.body == again.body and made(testbed) == 1
    assert keyed(testbed, "one", override(3)).status == 422, "another body"
    assert keyed(testbed, "one", body, path="/v1/absences").status == 422, "another route"
    assert keyed(testbed, "one", body, path="/v1/overrides?dry_run=1").status == 422, "another query"
    assert keyed(testbed, "two words", body).status == 400 and keyed(testbed, "x" * 256, body).status == 400
    number = first.json["id"]
    gone = keyed(testbed, "gone", None, "DELETE", f"/v1/overrides/{number}")
    assert gone.status == 204
    assert keyed(testbed, "gone", None, "DELETE", f"/v1/overrides/{number}").status == 204, "the first answer, though it is gone"
    assert keyed(testbed, "other", None, "DELETE", f"/v1/overrides/{number}").status in (404, 409)
    # A refused request changed nothing and may be repeated; another account has keys of its own.
    assert keyed(testbed, "wrong", {**body, "person": "nobody"}).status == 400
    assert keyed(testbed, "wrong", body).status == 201
    token = testbed.post("/v1/accounts/fenmere-rotas/tokens", {}).json["token"]
    wait_until(lambda: testbed.get("/v1/me", token=token).status == 200, 10, "the token was known")
    assert keyed(testbed, "one", override(4), token=token).status == 201
    # After a week a key is new.
    testbed.sql("update answer_kept set made_at = now() - interval '8 days'")
    assert keyed(testbed, "one", override(5)).status == 201
    assert testbed.sql("select count(*) from answer_kept where made_at < now() - interval '7 days'") == [(0,)]


def test_w11_a_secret_is_answered_again_and_is_not_in_the_database(unchanged):
    testbed = unchanged
    first = keyed(testbed, "secret", {}, path="/v1/accounts/st-oswins-ed/tokens")
    again = keyed(testbed, "secret", {}, path="/v1/accounts/st-oswins-ed/tokens")
    assert first.status == 201 and first.body == again.body and first.json["token"].startswith("cc_")
    rows = testbed.sql("select encode(answer, 'escape') from answer_kept order by made_at desc limit 1")
    assert len(rows) == 1 and "cc_" not in rows[0][0] and first.json["id"] not in rows[0][0]


@pytest.mark.holds("F13")
def test_w12_what_ran_out_of_time_takes_no_effect_later(open_testbed):
    testbed = open_testbed
    body = override()
    with psycopg2.connect(testbed.postgres.conninfo("crisiscover") + " options='-c search_path=crisiscover'") as holder:
        with holder.cursor() as cursor:
            cursor.execute("lock table override in exclusive mode")
            began = time.monotonic()
            answer = keyed(testbed, "late", body, seconds=30)
            assert answer.status == 503 and answer.headers["Retry-After"], answer
            assert time.monotonic() - began < 15 * slowness()
            assert testbed.post("/v1/overrides", body, seconds=30).status == 503, "and without a key"
        holder.rollback()
    wait_until(lambda: testbed.sql("select count(*) from pg_stat_activity where application_name = 'crisiscover-api-deeds' and state <> 'idle'")
               == [(0,)], 20, "the api's transactions had ended")
    assert made(testbed) == 0, "nothing took effect afterwards"
    answer = wait_until(lambda: (found := keyed(testbed, "late", body)).status != 503 and found, 20, "it was done")
    assert answer.status == 201 and made(testbed) == 1
    assert keyed(testbed, "late", body).body == answer.body and made(testbed) == 1


@pytest.mark.holds("F4")
def test_w13_two_at_once_with_one_key_are_one(open_testbed):
    testbed = open_testbed
    body = override()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: keyed(testbed, "race", body, seconds=30), range(8)))
    assert {answer.status for answer in answers} == {201} and len({answer.body for answer in answers}) == 1
    assert made(testbed) == 1


@pytest.mark.holds("F4")
@pytest.mark.parametrize("rounds", [4, pytest.param(12, marks=pytest.mark.long)])
def test_w14_an_answer_that_was_lost_is_given_again(open_testbed, rounds):
    """The api dies at any moment of a write: asked again with its key, it is done once."""
    testbed = open_testbed
    dice = random.Random(14)
    for number in range(rounds):
        body = override(note=f"round {number}")
        with ThreadPoolExecutor(1) as pool:
            lost = pool.submit(lambda body=body, number=number: keyed(testbed, f"key-{number}", body, seconds=5))
            time.sleep(dice.uniform(0, 0.03))
            killed = testbed.kill_role("api")
            try:
                answer = lost.result()
            except (OSError, http.client.HTTPException):
                answer = None
        testbed.wait_role_back("api", killed)
        testbed.wait_ready()

        def again(body=body, number=number):
            try:
                found = keyed(testbed, f"key-{number}", body)
            except (OSError, http.client.HTTPException):
                return None
            return found if found.status != 503 else None
        second = wait_until(again, 20, "it was answered again")
        assert second.status == 201 and (answer is None or answer.status != 201 or answer.body == second.body)
        assert testbed.sql("select count(*) from override where note = %s", f"round {number}") == [(1,)], number
        testbed.request("DELETE", f"/v1/overrides/{second.json['id']}")


def test_w15_no_instant_takes_the_server_down(unchanged):
    """Every time that a reading call takes, at both ends of the calendar: an answer or a refusal in words, from the same process."""
    testbed = unchanged
    document = yaml.safe_load(testbed.get("/openapi.yaml").text)
    resolved = lambda one: document["components"]["parameters"][one["$ref"].rsplit("/", 1)[1]] if "$ref" in one else one
    usual = {"place": "ZED01", "rota": "fenmere-amhp-duty", "function": "amhp", "from": rfc3339(now() - 2 * HOUR), "to": rfc3339(now() - HOUR), "at": rfc3339(now()), "of": "Fenmere"}
    asked = 0
    for path, call in document["paths"].items():
        if "{" in path or "get" not in call:
            continue
        parameters = [resolved(one) for one in call["get"].get("parameters", [])]
        needed = {one["name"]: usual[one["name"]] for one in parameters if one.get("required")}
        states = [{}, {"state": "closed"}, {"state": "all"}] if path == "/v1/gaps" else [{}]
        for one in (one for one in parameters if one["schema"].get("format") == "date-time"):
            for instant in ("0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2038-01-19T03:14:08Z", "2106-02-07T06:28:16Z", "9999-12-31T23:59:59Z"):
                for state in states:
                    answer = testbed.get(f"{path}?{urlencode({**needed, **state, one['name']: instant})}")
                    assert answer.status in (200, 400, 404, 410), (path, one["name"], instant, answer)
                    asked += 1
    assert asked > 80
