# SPDX-License-Identifier: MIT
"""What stands between a rota and its calendar: a server of CalDAV that wants a password and has a certificate of the trust's own authority; a proxy without which
no server outside can be reached."""

import io
import json
import os
import subprocess
import uuid
from contextlib import closing
from datetime import timedelta

import openpyxl

from regions import HOUR, PEOPLE, Event, calendar, round_the_clock, small, today
from servers import POSTGRES_BIN, environment, wait_until
from ways import Authority, Proxy, Radicale, SecurePublisher

ROTA = "fenmere-amhp-duty"
PASSWORD, WRONG, LOGIN = "sesame-9f31ac-right", "sesame-9f31ac-wrong", "proxy-user:sesame-9f31ac-proxy"


def put(testbed, region):
    answer = testbed.request("PUT", "/v1/region?file=1", region, headers={"Idempotency-Key": str(uuid.uuid4())}, seconds=30)
    assert answer.status == 200, answer
    return answer.json


def until_state(testbed, rota, state, words=""):
    def told():
        feed = testbed.feed(rota)
        return feed if feed["state"] == state and words in (feed["fault"] or "") else None
    return wait_until(told, 20, f"{rota} is {state} ({words})")


def secrets_in(testbed):
    """The files of the testbed in which a password is, and whether a dump has one."""
    dump = subprocess.run([POSTGRES_BIN / "pg_dump", "-h", str(testbed.postgres.folder), "-U", "postgres", "crisiscover"], env=environment(),
                          capture_output=True, check=True).stdout
    found = [path.name for path in testbed.folder.rglob("*") if path.is_file() and b"sesame-" in path.read_bytes()]
    return found + (["the dump"] if b"sesame-" in dump else [])


def set_secret(testbed, password):
    """As a rota manager does: the password comes from standard input."""
    testbed.crisiscover("set", "rota", ROTA, "source.secret.kind=basic", "source.secret.user=rota", "source.secret.password=@-", stdin=password + "\n")


def test_f60_a_calendar_of_a_server_that_wants_a_password(testbed, tmp_path):
    testbed.log_statements()
    testbed.configure(log_level="debug")
    authority = Authority(tmp_path / "ca")
    with closing(Radicale(tmp_path / "radicale", authority, "rota", PASSWORD)) as radicale:
        radicale.ask("MKCALENDAR", "nights/")
        for number, event in enumerate(round_the_clock(days=10)):
            radicale.ask("PUT", f"nights/{number}.ics", calendar([event]))
        # A year ago, outside of what is read: it is not asked for.
        radicale.ask("PUT", "nights/old.ics", calendar([Event("old@test", today() - timedelta(days=400), today() - timedelta(days=400) + HOUR, "Jo Jones")]))
        testbed.start()
        wait_until(lambda: testbed.get("/v1/me").status == 200, 20, "the accounts were read")
        region = small(testbed.publisher)
        region["rotas"][0]["source"] = {"kind": "caldav", "url": radicale.url("nights"), "every_minutes": 60}
        put(testbed, region)
        # Its certificate is of an authority that nobody here knows; then it wants somebody to sign in.
        until_state(testbed, ROTA, "failing", "authority that is not trusted")
        testbed.crisiscover("set", "rota", ROTA, f"source.ca=@{testbed.write('ca.pem', authority.pem.read_text())}")
        until_state(testbed, ROTA, "refused", "wants a user and a password")
        set_secret(testbed, WRONG)
        until_state(testbed, ROTA, "refused", "does not accept the secret")
        set_secret(testbed, PASSWORD)
        until_state(testbed, ROTA, "good")
        wait_until(lambda: testbed.now()["state"] == "covered", 20, "the calendar covers")
        assert testbed.sql("select events from reading order by id desc limit 1") == [(22,)]
        # The same tag: it is asked for the tag alone. Then something has changed.
        reports = radicale.asked("REPORT")
        testbed.refresh(ROTA)
        until_state(testbed, ROTA, "good")
        assert radicale.asked("REPORT") == reports
        radicale.ask("DELETE", "nights/old.ics", status=200)
        later = today() + timedelta(days=12)
        radicale.ask("PUT", "nights/late.ics", calendar([Event("late@test", later, later + HOUR, f"AMHP – {PEOPLE[0][1]}")]))
        testbed.refresh(ROTA)
        wait_until(lambda: testbed.sql("select events from reading order by id desc limit 1") == [(23,)], 20, "the new shift was read")
        # What is exported has none of it, and means the same when it comes back; with another address it means nothing.
        exported = testbed.get("/v1/region").json
        source = exported["rotas"][0]["source"]
        assert source["secret"].keys() == {"kind", "sealed"} and source["url"].startswith("https://address.invalid/")
        assert put(testbed, exported)["applied"] is False
        tag = testbed.get(f"/v1/rotas/{ROTA}").headers["etag"]
        answer = testbed.request("PATCH", f"/v1/rotas/{ROTA}", {"source": {"url": "https://attacker.example/"}}, headers={"If-Match": tag})
        assert answer.status == 422 and "for another address" in answer.text, answer
        shown = [testbed.get(path).text for path in ("/v1/region", f"/v1/rotas/{ROTA}", "/v1/feeds", "/v1/audit")]
        assert not [text for text in shown if "sesame-" in text]
        refused = testbed.crisiscover("set", "rota", ROTA, f"source.secret.password={WRONG}", check=False)
        assert refused.returncode != 0 and "others on this machine" in refused.stderr
    testbed.sql("checkpoint", login="postgres")
    assert secrets_in(testbed) == []


def roster(days):
    """Jo Jones in CSV, two shifts a day."""
    lines = ["Staff Name,Date,Start,End"]
    for day in range(-1, days):
        date = (today() + timedelta(days=day)).strftime("%Y-%m-%d")
        lines += [f"Jo Jones,{date},00:00,12:00", f"Jo Jones,{date},12:00,24:00"]
    return ("\r\n".join(lines) + "\r\n").encode()


def workbook(days):
    """The same as a workbook."""
    book = openpyxl.Workbook()
    for line in roster(days).decode().splitlines():
        book.active.append(line.split(","))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_f61_a_trust_with_a_proxy_and_an_authority_of_its_own(testbed, tmp_path):
    authority = Authority(tmp_path / "ca")
    login = testbed.write("login", LOGIN + "\n")
    owner = (testbed.folder / "state").stat()
    os.chown(login, owner.st_uid, owner.st_gid)
    login.chmod(0o400)
    name = "calendar.example"
    with closing(SecurePublisher(authority, name)) as publisher, closing(Proxy(LOGIN, {f"{name}:443": publisher.address})) as proxy:
        publisher.bodies["/rota.csv"] = roster(20)
        publisher.bodies["/rota.xlsx"] = workbook(20)
        testbed.configure(feeds_proxy=proxy.url, feeds_proxy_login=login, feeds_ca=testbed.write("ca.pem", authority.pem.read_text()), feeds_no_proxy="internal.example")
        testbed.start()
        wait_until(lambda: testbed.get("/v1/me").status == 200, 20, "the accounts were read")
        region = small(testbed.publisher)
        region["rotas"][0]["source"] = {"kind": "ical_url", "url": f"webcal://{name}/rota.csv", "every_minutes": 60}
        # Inside by its address: asked directly, as is allowed here. Inside, and not allowed: refused, and the proxy is not asked to do it for us.
        testbed.publisher.publish("near", calendar(round_the_clock()))
        for id, url in (("near", testbed.publisher.url("near")), ("metadata", "http://169.254.169.254/latest")):
            region["rotas"].append({"id": id, "service": "oswins-liaison", "tier": 2, "source": {"kind": "ical_url", "url": url}})
        region["rotas"].append({"id": "book", "service": "fenmere-amhp", "tier": 2, "source": {"kind": "ical_url", "url": f"https://{name}/rota.xlsx"}})
        put(testbed, region)
        until_state(testbed, ROTA, "good")
        until_state(testbed, "book", "good")
        wait_until(lambda: testbed.now()["state"] == "covered", 20, "the roster covers")
        assert testbed.sql("select events, format like '%%sheet' from reading order by rota") == [(42, True), (42, False), (62, False)]
        until_state(testbed, "near", "good")
        until_state(testbed, "metadata", "failing", "private network")
        assert set(proxy.asked) == {f"{name}:443"}
        proxy.mode = 503
        testbed.refresh(ROTA)
        until_state(testbed, ROTA, "failing", "The proxy did not connect")
        assert testbed.now()["state"] == "covered", "the last good roster stays"
        proxy.mode, proxy.login = "ok", "somebody:else"
        testbed.refresh(ROTA)
        until_state(testbed, ROTA, "failing", "wants another user and password (407)")
        proxy.login = LOGIN
        testbed.refresh(ROTA)
        until_state(testbed, ROTA, "good")
        proxy.close()
        testbed.refresh(ROTA)
        until_state(testbed, ROTA, "failing", "proxy through which addresses are fetched could not be reached")
        assert LOGIN.split(":")[1] not in json.dumps(testbed.logs())
