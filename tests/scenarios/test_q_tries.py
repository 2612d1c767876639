# SPDX-License-Identifier: MIT
"""Tries to sign in count for all api processes together; and what counts against one makes nobody else wait."""

import pytest

from regions import calendar, round_the_clock, small
from servers import wait_until

PASSWORD, WRONG = "correct horse battery staple", "something else entirely"
PROCESSES = 4
FREE, FREE_OF_ADDRESS = 10, 50  # ask/limits.h


@pytest.fixture
def house(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.configure(api_processes=PROCESSES)
    testbed.start(small(testbed.publisher))
    assert len(testbed.pids("api")) == PROCESSES
    return testbed


def sign_in(house, name, password=WRONG, headers=None):
    """On a connection of its own: the kernel gives it to any of the processes."""
    return house.post("/v1/session", {"name": name, "password": password}, token=None, headers=headers, seconds=60)


def with_password(house, account):
    """A new account that signs in with PASSWORD. A process that has not read it yet answers 503."""
    house.sql(f"insert into account (name, kind, role, by_hand) values ('{account}', 'person', 'viewer', true);"
              "update account_head set version = version + 1; notify accounts_changed; select 1")
    made = wait_until(lambda: (answer := house.post(f"/v1/accounts/{account}/invite", {})).status == 201 and answer, 10, "the account is known")
    path = made.json["link"].partition("invitation=")[2]
    answer = wait_until(lambda: (answer := house.post(f"/v1/invitations/{path}", {"password": PASSWORD}, token=None, seconds=60)).status != 503 and answer, 10,
                        "the process that is asked knows the account")
    assert answer.status == 200, answer


def tried_until_told_to_wait(house, ask, seconds):
    """How many tries were judged until the answer was to wait for at least so long. The wait is made longer than any test lasts, so that a busy
    machine does not outlast it."""
    judged = 0
    while True:
        answer = ask()
        if answer.status == 429 and int(answer.headers["Retry-After"]) >= seconds:
            house.sql("update try_count set until = clock_timestamp() + interval '1 hour' where until > clock_timestamp()")
            return judged
        judged += answer.status != 429
        assert answer.status in (401, 404, 429), answer
        assert judged < FREE_OF_ADDRESS + 20, "nobody is told to wait"


@pytest.mark.holds("A9")
def test_q81_an_account_is_tried_no_more_often_for_many_processes(house):
    # From one connection to the next the process is another one: with counts of each, there would be four times as many.
    assert FREE < tried_until_told_to_wait(house, lambda: sign_in(house, "nobody-we-know"), 8) < FREE + 8
    assert {sign_in(house, "nobody-we-know").status for _ in range(3 * PROCESSES)} == {429}, "each process says so"
    # The wait is of that account, and neither of others nor of those who are signed in.
    assert sign_in(house, "somebody-else").status == 401
    assert house.get("/v1/me").status == 200 and house.now()["function"] == "amhp"
    # Nothing in the table says who tried, or from where.
    rows = str(house.sql("select t::text from try_count t"))
    assert "nobody" not in rows and "127.0.0.1" not in rows
    # A process that begins now knows of it.
    killed = house.kill_role("api")
    wait_until(lambda: len([pid for pid in house.pids("api") if pid not in killed]) == PROCESSES and house.is_live(), 20, "the apis were back")
    wait_until(lambda: house.get("/v1/me").status == 200, 20, "the accounts were read")
    assert sign_in(house, "nobody-we-know").status == 429


@pytest.mark.long
def test_q82_a_known_browser_is_not_kept_out_by_strangers(house):
    account = "vera"
    with_password(house, account)
    # Fewer failures than count, then a good one: they are forgotten, but for those of the address.
    for _ in range(4):
        assert sign_in(house, account).status == 401
    assert house.sql("select tries from try_count order by key") == [(4,), (4,)]
    signed = sign_in(house, account, PASSWORD)
    assert signed.status == 200, signed
    assert house.sql("select tries from try_count") == [(4,)]
    mark = next(cookie.split(";")[0] for cookie in signed.headers.get_all("set-cookie") if cookie.startswith("crisiscover_browser="))
    tried_until_told_to_wait(house, lambda: sign_in(house, account), 8)
    assert sign_in(house, account, PASSWORD).status == 429, "a stranger with the right password waits, too"
    assert sign_in(house, account, PASSWORD, {"Cookie": mark}).status == 200, "who signed in here before does not"


@pytest.mark.holds("A9")
def test_q83_codes_and_links_are_counted_by_address_for_all_processes(house):
    def code():
        return house.post("/v1/session", {"device_code": "ABCD2345"}, token=None)

    def link():
        return house.post("/v1/invitations/" + "A" * 43, {}, token=None)

    ways = [code, link]
    judged = tried_until_told_to_wait(house, lambda: ways[0](), 8)
    assert FREE_OF_ADDRESS - 4 < judged < FREE_OF_ADDRESS + 12, judged
    assert {way().status for way in ways for _ in range(2 * PROCESSES)} == {429}
    # Devices that are signed in, tokens and reading go on.
    assert house.get("/v1/me").status == 200


@pytest.mark.holds("F3")
def test_q84_without_the_database_reading_goes_on(house):
    # Each on a connection of its own, so that every api process is asked.
    wait_until(lambda: all(house.now()["state"] == "covered" for _ in range(8 * PROCESSES)), 20, "every process had something to read")
    house.postgres.stop()
    assert sign_in(house, "nobody-we-know").status == 503
    assert house.now()["on_call"], "from memory"
    house.postgres.start()
    wait_until(lambda: sign_in(house, "nobody-we-know").status == 401, 30, "signing in works again")


@pytest.mark.holds("H13.5")
def test_q84_a_sign_out_ends_the_session_in_every_process(house):
    with_password(house, "vera")

    def cookie_of(answer):
        assert answer.status == 200, answer
        return {"Cookie": next(one.split(";")[0] for one in answer.headers.get_all("set-cookie") if "session" in one.split("=")[0]),
                "Origin": house.url}
    here, there = (cookie_of(sign_in(house, "vera", PASSWORD)) for _ in range(2))

    def seen(cookie):
        """What many connections are told, of which each may come to another process."""
        return {house.get("/v1/me", token=None, headers=cookie).status for _ in range(12 * PROCESSES)}
    wait_until(lambda: seen(here) == seen(there) == {200}, 10, "every process knows both sessions")
    assert house.request("DELETE", "/v1/session", token=None, headers=here).status == 204
    wait_until(lambda: seen(here) == {401}, 3, "the session has ended everywhere")
    assert seen(there) == {200}, "the other session goes on"
    # Processes that begin now do not bring it back, and neither does the last-good file of one while the database is away.
    killed = house.kill_role("api")
    wait_until(lambda: len([pid for pid in house.pids("api") if pid not in killed]) == PROCESSES and house.is_live(), 20, "the apis were back")
    wait_until(lambda: seen(there) == {200}, 20, "the sessions were read")
    assert seen(here) == {401}
    house.postgres.stop()
    killed = house.kill_role("api")
    wait_until(lambda: len([pid for pid in house.pids("api") if pid not in killed]) == PROCESSES and house.is_live(), 20,
               "the apis were back without a database")
    assert 200 not in seen(here)
