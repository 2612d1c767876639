# SPDX-License-Identifier: MIT
"""Signing in through identity providers: real ones, with a real Apache in front of the server, as docs/signing-in.md sets them up."""

import base64
import http.client
import json
import re
import socket
import time
from urllib.parse import urljoin

import pytest

from providers import SIGN_IN, TENANT, Browser, Echo, House
from regions import calendar, round_the_clock, small
from servers import wait_until

ACCOUNTS = [
    {"name": "fenmere-office", "kind": "person", "role": "organisation_administrator", "organisation": "ZFC"},
    {"name": "alder-office", "kind": "person", "role": "organisation_administrator", "organisation": "ZAV"},
    {"name": "mary", "kind": "person", "role": "viewer", "organisation": "ZFC", "places": ["ZED01"]},
    {"name": "rotas", "kind": "person", "role": "rota_manager", "organisation": "ZFC"},
    {"name": "their-viewer", "kind": "person", "role": "viewer", "organisation": "ZAV"},
]
ROLE = {"person_orgid": "9", "role_code": "S8000", "role_name": "Clinician"}


def person(acr=None, **claims):
    return {"acr": acr, "claims": {"organisation": "ZFC", **claims}}


PEOPLE = {
    "mary-at-work": person(name="Mary Hughes", email="mary@fenmere.example"),
    "sam": person(name="Sam Ahmed"),
    "elsewhere": person(name="E Lsewhere", organisation="ZZZ"),
    "card": person("AAL3_ANY", name="C Ard", nhsid_useruid="555000000001", selected_roleid="r1",
                   nhsid_nrbac_roles=[{**ROLE, "person_roleid": "r1", "org_code": "ZFC"}, {**ROLE, "person_roleid": "r2", "org_code": "ZAV"}],
                   nhsid_user_orgs=[{"org_name": "Fenmere Café", "org_code": "ZFC"}, {"org_name": "Alder Vale", "org_code": "ZAV"}]),
    "password-only": person("AAL1_USERPASS", nhsid_useruid="555000000002", nhsid_user_orgs=[{"org_name": "Fenmere", "org_code": "ZFC"}]),
    "two-hats": person("AAL2_OR_AAL3_ANY", nhsid_useruid="555000000003",
                       nhsid_user_orgs=[{"org_name": "Fenmere", "org_code": "ZFC"}, {"org_name": "Alder Vale", "org_code": "ZAV"}]),
    "made-up-role": person("AAL3_ANY", nhsid_useruid="555000000004", selected_roleid="r7", nhsid_nrbac_roles=[{**ROLE, "person_roleid": "r1", "org_code": "ZFC"}],
                           nhsid_user_orgs=[{"org_name": "Fenmere", "org_code": "ZFC"}]),
    "office": person(name="O Ffice", oid="0f", tid=TENANT),
    "guest": person(name="G Uest", oid="0e", tid="99999999-2222-3333-4444-555555555555"),
}
ACR = ["AAL3_ANY", "AAL2_OR_AAL3_ANY", "AAL1_USERPASS"]


@pytest.fixture
def house(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    made = House(testbed, PEOPLE)
    try:
        testbed.start(small(testbed.publisher, accounts=ACCOUNTS))
        yield made
    finally:
        made.close()


def token_of(testbed, account):
    """Of an account of the region, which stays the region's."""
    token = testbed.post(f"/v1/accounts/{account}/tokens", {}).json["token"]
    wait_until(lambda: testbed.get("/v1/me", token=token).status == 200, 10, f"the token of {account} was known")
    return token


def asked(testbed, token="own", state="asked"):
    answer = testbed.get(f"/v1/identities?state={state}", token=token)
    assert answer.status == 200, answer
    return answer.json["identities"]


def accept(testbed, account, token="own"):
    """The one request that waits is for this account."""
    one, = asked(testbed, token)
    answer = testbed.post(f"/v1/identities/{one['id']}/accept", {"account": account}, token=token)
    assert answer.status == 204, answer
    return one["id"]


def encoded(claims):
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def value_of(said, name):
    """Of a header that comes once, or not at all."""
    values = said.get(name, [None])
    assert len(values) == 1, (name, values)
    return values[0]


def at_socket(house, headers):
    """What the server answers to who reaches the proxy's socket: the status, and where it leads."""
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(house.apache.socket))
    try:
        connection.request("GET", SIGN_IN, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers["Location"]
    finally:
        connection.close()


def ends(house, browser):
    """The session of the browser is over, at once or when every process has heard of it."""
    wait_until(lambda: house.me(browser) == 401, 10, "the session was over")


def test_q31_the_first_sign_in_asks_and_an_accepted_one_is_a_session(house):
    testbed = house.testbed
    house.set_provider("council", {"preset": "generic", "organisations": ["ZFC"]})
    house.start()
    office, other_office, mary = (token_of(testbed, account) for account in ("fenmere-office", "alder-office", "mary"))

    # A request, and no right by itself, however often it is made.
    browser, outcome, _ = house.sign_in("council", "mary-at-work")
    assert outcome == "asked" and house.me(browser) == 401
    assert house.sign_in("council", "mary-at-work", browser)[1] == "asked" and house.me(browser) == 401
    one, = asked(testbed, office)
    assert one["name"] == "Mary Hughes, mary@fenmere.example" and one["organisation"] == "ZFC" and one["account"] is None
    assert asked(testbed, other_office) == []
    for token, account in ((other_office, "their-viewer"), (office, "their-viewer"), (office, "administrator"), (office, "nobody"), (mary, "mary")):
        answer = testbed.post(f"/v1/identities/{one['id']}/accept", {"account": account}, token=token)
        assert answer.status in (403, 404), (account, answer)
    assert testbed.post(f"/v1/identities/{one['id']}/accept", {"account": "their-viewer"}).status == 409, "not of that organisation"

    # Accepted: a session with exactly what the account may do.
    number = accept(testbed, "mary", office)
    browser, outcome, _ = house.sign_in("council", "mary-at-work")
    assert outcome is None, house.apache.process.log.read_text()
    me = house.me(browser)
    assert (me["account"], me["role"], me["organisation"]) == ("mary", "viewer", "ZFC")
    for path in ("/v1/now?place=ZED01", "/v1/now?place=X06000001", "/v1/region", "/v1/accounts", "/v1/identities", "/v1/providers", "/v1/people", "/v1/audit"):
        assert browser.ask("GET", house.apache.url + path).status == testbed.get(path, token=mary).status, path
    session, = [one for one in browser.ask("GET", f"{house.apache.url}/v1/sessions").json["sessions"] if one["current"]]
    assert session["how"] == "provider"
    linked, = asked(testbed, office, "linked")
    assert linked["account"] == "mary" and linked["name"] is None and linked["used_at"] is not None

    # The proxy's own session lets nobody in again: not when ours has ended.
    own = [key for key in browser.cookies if key[2] == "crisiscover_session"]
    assert len(own) == 1
    del browser.cookies[own[0]]
    assert browser.follow(house.apache.url + SIGN_IN)[0].endswith("#sign-in=used") and house.me(browser) == 401

    # Signing out ends the session here, and at the provider: it asks again who is there.
    browser, outcome, _ = house.sign_in("council", "mary-at-work", browser)
    assert outcome is None and not [step for step in browser.trail if step[0] == "POST"], "the provider knew her still"
    kept = dict(browser.cookies)
    assert browser.ask("DELETE", f"{house.apache.url}/v1/session", headers={"Origin": house.apache.url}).status == 204
    url, _ = browser.follow(house.apache.url + me["sign_out"])
    assert url == f"{house.apache.url}/", browser.trail
    again = Browser()
    again.cookies = kept
    ends(house, again)
    assert "Who are you?" in browser.follow(house.way_in("council"))[1].text

    # Unlinked: signed out at once, and a request again.
    browser, outcome, _ = house.sign_in("council", "mary-at-work")
    assert outcome is None and testbed.request("DELETE", f"/v1/identities/{number}", token=other_office).status == 404
    assert testbed.request("DELETE", f"/v1/identities/{number}", token=office).status == 204
    ends(house, browser)
    assert house.sign_in("council", "mary-at-work")[1] == "asked"

    # A retired account lets nobody in, and one that comes back under its name is another.
    accept(testbed, "mary", office)
    browser, outcome, _ = house.sign_in("council", "mary-at-work")
    assert outcome is None
    assert testbed.request("DELETE", "/v1/accounts/mary", headers={"If-Match": testbed.get("/v1/accounts/mary").headers["ETag"]}).status == 200
    ends(house, browser)
    assert house.sign_in("council", "mary-at-work")[1] == "asked"
    back = testbed.request("PUT", "/v1/accounts/mary", {"name": "mary", "kind": "person", "role": "viewer", "organisation": "ZFC"})
    assert back.status in (200, 201), back
    assert house.sign_in("council", "mary-at-work")[1] == "asked"

    # Refused: told so. Who may change things shows two things.
    one, = asked(testbed, office)
    assert testbed.post(f"/v1/identities/{one['id']}/refuse", token=office).status == 204
    assert house.sign_in("council", "mary-at-work")[1] == "refused"
    assert house.sign_in("council", "sam")[1] == "asked"
    testbed.crisiscover("identity", "accept", str(asked(testbed)[0]["id"]), "--account", "rotas")
    assert house.sign_in("council", "sam")[1] == "second_factor"

    said = [action for action, in testbed.sql("select action from audit where object like 'identity/%%' order by id")]
    assert said == ["identity_asked", "identity_linked", "identity_ended", "identity_asked", "identity_linked", "identity_ended", "identity_asked",
                    "identity_refused", "identity_asked", "identity_linked"]
    assert "Hughes" not in "".join(str(row) for row in testbed.sql("select * from audit"))
    for log in testbed.folder.rglob("serve*.log"):
        assert "Hughes" not in log.read_text() and "mary-at-work" not in log.read_text(), "who signs in stands in no log"


def test_q32_an_organisation_is_reached_by_its_own_providers_alone(house):
    testbed = house.testbed
    house.set_provider("council", {"preset": "generic", "organisations": ["ZFC"]})
    house.set_provider("trust", {"preset": "generic", "organisations": ["ZAV"]})
    house.set_provider("shared", {"preset": "generic", "organisations": ["ZFC", "ZAV"], "organisation_claim": "organisation"})
    house.set_provider("cis2", {"preset": "cis2", "organisations": ["ZFC", "ZAV"]}, ACR)
    house.set_provider("strict", {"preset": "cis2", "organisations": ["ZFC"], "assurance": 3}, ACR)
    house.set_provider("entra", {"preset": "entra", "organisations": ["ZFC"], "tenant": TENANT})
    house.start()

    # The same subject elsewhere is somebody else: a request of that organisation.
    assert house.sign_in("council", "mary-at-work")[1] == "asked"
    accept(testbed, "mary")
    assert house.sign_in("council", "mary-at-work")[1] is None
    for code, organisation in (("trust", "ZAV"), ("shared", "ZFC")):
        assert house.sign_in(code, "mary-at-work")[1] == "asked"
        one, = asked(testbed)
        assert one["organisation"] == organisation
        assert testbed.request("DELETE", f"/v1/identities/{one['id']}").status == 204
    assert house.sign_in("shared", "elsewhere")[1] == "elsewhere"

    # CIS2: by the role that was chosen, at level 2 or 3.
    for login, outcome in (("password-only", "weak"), ("made-up-role", "role"), ("two-hats", "several"), ("card", "asked")):
        assert house.sign_in("cis2", login)[1] == outcome, login
    one, = asked(testbed)
    assert (one["organisation"], one["name"]) == ("ZFC", "C Ard")
    # Level 2 is more than a password: who may change things comes in.
    accept(testbed, "rotas")
    browser, outcome, _ = house.sign_in("cis2", "card")
    assert outcome is None and house.me(browser)["role"] == "rota_manager"
    assert house.sign_in("strict", "two-hats")[1] == "weak"
    assert house.sign_in("strict", "card")[1] == "asked"
    assert testbed.post(f"/v1/identities/{asked(testbed)[0]['id']}/refuse").status == 204

    # Entra: of that tenant, by the object's id.
    assert house.sign_in("entra", "guest")[1] == "tenant"
    assert house.sign_in("entra", "mary-at-work")[1] == "tenant"
    assert house.sign_in("entra", "office")[1] == "asked"
    assert testbed.sql("select subject from identity where provider = 'entra'") == [("0f",)]

    # No more than 100 wait for an organisation, and what nobody decides for a month goes.
    assert house.sign_in("trust", "sam")[1] == "asked"
    testbed.sql("insert into identity (provider, subject, organisation) select 'trust', 'x' || n, 'ZAV' from generate_series(1, 99) n")
    assert house.sign_in("trust", "office")[1] == "full" and house.sign_in("trust", "sam")[1] == "asked"
    testbed.sql("update identity set asked_at = now() - interval '31 days' where provider = 'trust' and subject = 'x7'")
    assert house.sign_in("trust", "office")[1] == "asked"

    # Taken out: nobody is linked through it any more.
    browser, outcome, _ = house.sign_in("council", "mary-at-work")
    assert outcome is None
    assert testbed.crisiscover("provider", "remove", "council").returncode == 0
    ends(house, browser)
    assert house.sign_in("council", "mary-at-work")[1] == "unknown", "the proxy knows it still, the server does not"


TRUSTED = ["CrisisCover-Proxy-Secret", "CrisisCover-Id-Token", "CrisisCover-Userinfo"]
SPOOFED = TRUSTED + ["OIDC_id_token", "OIDC_id_token_payload", "OIDC_userinfo_json", "OIDC_access_token", "OIDC_CLAIM_sub", "OIDC_CLAIM_iss", "Remote-User",
                     "X-Remote-User"]


def spellings(name):
    yield from (name, name.lower(), name.upper(), name.replace("-", "_"), name.replace("_", "-"), name.replace("-", "_").upper())


def every_path(testbed):
    """Every path of the description, things filled in, and what the proxy answers itself."""
    text = testbed.get("/openapi.yaml", token=None).text
    paths = re.findall(r"^  (/[^:\n]*):$", text, re.M)
    assert len(paths) > 60
    filled = [re.sub(r"\{\w+\}", "1", path) for path in paths]
    ours = [SIGN_IN, f"{SIGN_IN}/", f"{SIGN_IN}/x", f"{SIGN_IN}/end", f"{SIGN_IN}/up/council", f"{SIGN_IN}/callback", f"/{SIGN_IN}", f"/x/..{SIGN_IN}",
            SIGN_IN.replace("oidc", "%6fidc"), SIGN_IN.upper(), f"{SIGN_IN};x=1", f"{SIGN_IN}?x=1"]
    return filled + ours


@pytest.mark.holds("A11")
def test_q33_headers_that_a_client_sends_say_nothing_on_any_path(house):
    testbed = house.testbed
    house.set_provider("council", {"preset": "generic", "organisations": ["ZFC"]})
    house.start()
    assert house.sign_in("council", "mary-at-work")[1] == "asked"
    accept(testbed, "mary")
    assert house.sign_in("council", "sam")[1] == "asked"
    accept(testbed, "rotas")
    signed_in, outcome, _ = house.sign_in("council", "mary-at-work")
    assert outcome is None

    # What the server would believe of the proxy, with the right secret: it does, at the socket.
    now = int(time.time())
    claims = {"iss": house.providers.issuer("council"), "aud": "cover-council", "sub": "sam", "iat": now}
    good = {"CrisisCover-Proxy-Secret": house.apache.secret, "CrisisCover-Id-Token": encoded(claims)}
    assert at_socket(house, good)[1] == "/#sign-in=second_factor"
    for wrong in (None, "", house.apache.secret[:-1], house.apache.secret + "0", "0" * 64):
        headers = {**good, "CrisisCover-Proxy-Secret": wrong} if wrong is not None else {"CrisisCover-Id-Token": good["CrisisCover-Id-Token"]}
        assert at_socket(house, headers)[0] == 403, wrong
    for broken in ("", "(null)", "e30", encoded([]), encoded(claims)[:-3], "not json"):
        status, where = at_socket(house, {**good, "CrisisCover-Id-Token": broken})
        assert (status, where) in ((400, None), (303, "/#sign-in=unknown")), broken

    # The same from outside: every header, in every spelling, with all of them right, on every path, with a session and without.
    before = testbed.sql("select count(*) from session")[0][0], testbed.sql("select count(*) from identity")[0][0]
    values = {"CrisisCover-Proxy-Secret": house.apache.secret, "CrisisCover-Id-Token": good["CrisisCover-Id-Token"],
              "CrisisCover-Userinfo": encoded({"sub": "sam"}), "OIDC_id_token_payload": good["CrisisCover-Id-Token"], "OIDC_userinfo_json": encoded({"sub": "sam"})}
    spoofed = {spelt: values.get(name, "sam") for name in SPOOFED for spelt in spellings(name)}
    for path in every_path(testbed):
        for where in (house.apache.url, testbed.url):
            stranger, mary = Browser(), Browser()
            mary.cookies = {key: value for key, value in signed_in.cookies.items() if key[2] == "crisiscover_session"}
            if where == testbed.url:
                mary.cookies = {(testbed.url.split("//")[1], path_, name): value for (_, path_, name), value in mary.cookies.items()}
            for browser in (stranger, mary):
                plain, lied = browser.ask("GET", where + path), browser.ask("GET", where + path, headers=spoofed)
                assert plain.status == lied.status, (where, path, plain.status, lied.status)
                assert not any("crisiscover_session=" in line for line in lied.headers.get_all("Set-Cookie") or []), path
    answer = signed_in.ask("GET", f"{house.apache.url}/v1/me", headers=spoofed)
    assert answer.json["account"] == "mary"
    assert (testbed.sql("select count(*) from session")[0][0], testbed.sql("select count(*) from identity")[0][0]) == before

    # Through the whole way, lied to at each step: who the provider says it is, it is.
    liar = Browser()
    liar.always = spoofed
    browser, outcome, _ = house.sign_in("council", "mary-at-work", liar)
    assert outcome is None and house.me(browser)["account"] == "mary"


@pytest.mark.holds("A11")
def test_q36_the_proxy_takes_such_headers_off_every_request(house):
    testbed = house.testbed
    house.set_provider("council", {"preset": "generic", "organisations": ["ZFC"]})
    house.providers.start(testbed.folder)
    lies = {name: "lie" for name in SPOOFED} | {spelt: "lie" for name in TRUSTED for spelt in spellings(name)}
    port, door = Echo(), Echo(testbed.folder / "echo")
    try:
        house.apache.configure(house.providers.secret, api=port.url, where=testbed.folder / "echo")
        house.apache.start()
        paths = every_path(testbed)
        for path in paths:
            Browser().ask("GET", house.apache.url + path, headers={**lies, "Cookie": "crisiscover_session=mine"})
        # Most paths are the server's; what comes there has none of these headers, and what is the server's own.
        asked_of_it = [path for path, headers in port.heard if ("Cookie", "crisiscover_session=mine") in headers]
        assert len(asked_of_it) > 60 and SIGN_IN not in asked_of_it
        assert [(path, name) for path, headers in port.heard for name, value in headers if value == "lie"] == []
        assert door.heard == [], "nobody who is not signed in at a provider comes to the socket"

        # Signed in at the provider and lying: what the proxy says of the browser, and nothing of what the browser says.
        liar = Browser()
        liar.always = lies
        liar.cookies = {(house.apache.url.split("//")[1], "/", "crisiscover_session"): "mine"}
        url, answer = liar.follow(house.way_in("council"), "mary-at-work")
        assert url == house.apache.url + SIGN_IN and answer.text == "ok"
        for path in paths:
            liar.ask("GET", house.apache.url + path)
        assert len(door.heard) > 1
        for path, headers in door.heard:
            said = {}
            for name, value in headers:
                said.setdefault(name.lower().replace("_", "-"), []).append(value)
            assert value_of(said, "crisiscover-proxy-secret") == house.apache.secret or path != SIGN_IN
            assert "cookie" not in said or path != SIGN_IN
            assert not {"authorization", "oidc-access-token", "oidc-id-token"} & set(said), said
            assert not any("lie" in values for values in said.values()), said
            if path == SIGN_IN:
                assert json.loads(decoded(value_of(said, "crisiscover-id-token")))["sub"] == "mary-at-work"
                assert json.loads(decoded(value_of(said, "crisiscover-userinfo")))["name"] == "Mary Hughes"
        assert [(path, name) for path, headers in port.heard for name, value in headers if value == "lie"] == []
        assert not [value for _, headers in port.heard for name, value in headers if "crisiscover_provider" in value], "its own cookie stays with it"

        # Its log says what was asked, and no secret: neither of a query nor of a path.
        secrets = ["/v1/rotas/x.ics?key=cl_secret", "/v1/elsewhere?of=secret", "/swap/secret", "/swap/secret?a=b", "/v1/invitations/secret", "//swap//secret"]
        for path in [*secrets, "/v1/now?place=ZED01"]:
            Browser().ask("GET", house.apache.url + path)
        log = testbed.folder / "apache-access.log"
        wait_until(lambda: "/v1/now " in log.read_text(), 10, "the log was written")
        assert "secret" not in log.read_text() and "/swap/- " in log.read_text() and "/v1/rotas/x.ics " in log.read_text()
    finally:
        port.close()
        door.close()


def test_q34_a_provider_that_is_away_is_told_in_words_and_the_rest_goes_on(house, screen):
    testbed = house.testbed
    house.set_provider("council", {"preset": "generic", "organisations": ["ZFC"]}, host="localhost")
    house.start()
    assert house.sign_in("council", "mary-at-work")[1] == "asked"
    accept(testbed, "mary")
    browser, outcome, _ = house.sign_in("council", "mary-at-work")
    assert outcome is None
    chosen, = Browser().ask("GET", f"{house.apache.url}/v1/sign-in/providers").json["providers"]
    assert chosen["name"] == "Council" and house.apache.url + chosen["sign_in"] == house.way_in("council")
    assert Browser().ask("GET", house.apache.url + chosen["up"]).status == 200

    # The page: who may be chosen, and what came of it.
    screen.expect(r"/v1/sign-in/oidc/up/council.* status of 50[234]|/favicon.ico ")
    screen.open("/", house.apache.url)
    screen.until(lambda: screen.text("#providers").strip() == "Council", "the provider is offered")
    screen.check_fair()
    screen.one("#providers a").click()
    screen.until(lambda: screen.seen("input[name=login]"), "the provider asks who it is, on a site of its own")
    screen.one("input[name=login]").send_keys("mary-at-work\n")
    screen.until(lambda: screen.text("#who").startswith("mary"), "the front door knows her")
    screen.press_button("Sign out")
    screen.until(lambda: screen.seen("button[name=logout]"), "signing out goes on to the provider")
    screen.one("button[name=logout]").click()
    screen.until(lambda: screen.seen("#providers a"), "and comes back to the front door")
    screen.open("/healthz", house.apache.url)
    screen.open("/#sign-in=asked", house.apache.url)
    screen.until(lambda: "administrator" in screen.text("#provider-outcome"), "it says what happens next")

    house.providers.stop()
    assert Browser().ask("GET", house.apache.url + chosen["up"]).status in (502, 503)
    screen.open("/healthz", house.apache.url)
    screen.open("/", house.apache.url)
    screen.until(lambda: "does not answer" in screen.text("#providers"), "the page says that it is away")
    assert screen.seen("#password"), "a password does not need it"
    assert house.me(browser)["account"] == "mary", "who is signed in goes on"
    assert browser.ask("GET", f"{house.apache.url}/v1/now?place=ZED01").json["functions"], "and reads who is on call"
    # It goes away while somebody is on the way: the proxy says so in words.
    house.providers.start(testbed.folder)
    lost = Browser()
    page = lost.follow(house.way_in("council"))
    assert "Who are you?" in page[1].text
    answer = lost.ask("POST", page[0], {"login": "mary-at-work"})
    while "/callback?" not in answer.headers["Location"]:
        answer = lost.ask("GET", urljoin(page[0], answer.headers["Location"]))
    house.providers.stop()
    answer = lost.ask("GET", answer.headers["Location"])
    assert "did not answer" in answer.text and "sign in with a password" in answer.text, answer
    # A configuration that cannot ask keeps what was said last, and one that never could refuses.
    assert "what it said last is kept" in house.apache.configure(house.providers.secret).stderr
    house.set_provider("late", {"preset": "generic", "organisations": ["ZAV"]})
    refused = house.apache.configure(house.providers.secret, check=False)
    assert refused.returncode == 1 and "did not answer" in refused.stderr


def test_q37_another_code_is_the_same_organisation_and_the_same_account(house):
    testbed = house.testbed
    for code in ("ZFC", "ZAV"):
        body = {"name": code, "preset": "generic", "issuer": f"https://{code.lower()}.example", "client_id": "cover", "organisations": [code]}
        assert testbed.request("PUT", f"/v1/providers/{code.lower()}", body).status == 201
    testbed.sql("insert into identity (provider, subject, organisation) values ('zfc', 's', 'ZFC'), ('zav', 's', 'ZAV')")
    for number, account in enumerate(("mary", "their-viewer"), 1):
        assert testbed.post(f"/v1/identities/{number}/accept", {"account": account}).status == 204
    region = json.loads(json.dumps(small(testbed.publisher, accounts=ACCOUNTS)).replace('"ZFC"', '"ZFX"'))
    region["organisations"][0]["renamed_from"] = ["ZFC"]
    region["accounts"][2] = {**region["accounts"][2], "name": "mary-h", "renamed_from": ["mary"]}
    testbed.apply(region)
    assert testbed.sql("select provider, organisation, account, state from identity order by id") == [
        ("zfc", "ZFX", "mary-h", "linked"), ("zav", "ZAV", "their-viewer", "linked")]
    assert testbed.sql("select body->'organisations' from provider order by id") == [(["ZAV"],), (["ZFX"],)]


def test_q35_providers_are_set_up_by_an_administrator(house):
    testbed = house.testbed
    good = {"name": "Council", "preset": "generic", "issuer": "https://id.fenmere.example", "client_id": "cover", "organisations": ["ZFC"]}
    office = token_of(testbed, "fenmere-office")
    assert testbed.request("PUT", "/v1/providers/council", good, token=office).status == 403
    for broken, path in (({"organisations": ["ZZZ"]}, "$.organisations[0]"), ({"issuer": "http://id.fenmere.example"}, "$.issuer"),
                         ({"preset": "saml"}, "$.preset"), ({"tenant": TENANT}, "$.tenant"), ({"client_secret": "x"}, "$.client_secret"),
                         ({"organisations": ["ZFC", "ZAV"]}, "$.organisation_claim"), ({"max_age": 1}, "$.max_age")):
        answer = testbed.request("PUT", "/v1/providers/council", {**good, **broken})
        assert answer.status == 400 and path in [error["path"] for error in answer.json["errors"]], answer
    testbed.crisiscover("provider", "set", "council", testbed.write("council.json", json.dumps(good)))
    assert "Council" in testbed.crisiscover("provider", "list").stdout
    assert testbed.request("PUT", "/v1/providers/other", good).status == 409, "an issuer is one provider's"
    testbed.sql("insert into identity (provider, subject, organisation) values ('council', 's', 'ZFC')")
    tag = testbed.get("/v1/providers/council").headers["ETag"]

    def change(body, method="PUT", query="", **headers):
        return testbed.request(method, f"/v1/providers/council{query}", body, headers={key.replace("_", "-"): value for key, value in headers.items()})

    assert change({**good, "issuer": "https://elsewhere.example"}, If_Match=tag).status == 409
    assert change({**good, "issuer": "https://elsewhere.example"}, query="?dry_run=1").status == 409, "the dry run says what the deed does"
    # What was seen is said, and what somebody else has changed since is not overwritten.
    assert change({**good, "name": "The council"}).status == 428 and change(None, "DELETE").status == 428
    assert change({**good, "name": "The council"}, If_None_Match="*").status == 412
    assert change({**good, "name": "The council"}, If_Match='"other"').status == 412
    dry = change({"name": "The council", "organisations": ["ZAV"]}, "PATCH", "?dry_run=1").json
    assert (dry["applied"], dry["changes"], dry["was_etag"]) == (False, ["name", "organisations"], tag)
    assert dry["effect"] == {"shut_out": [{"organisation": "ZFC", "linked": 0, "asked": 1}]}
    assert testbed.get("/v1/providers/council").json == good, "nothing is done"
    assert change({"issuer": None}, "PATCH", If_Match=tag).status == 400
    done = change({"name": "The council"}, "PATCH", If_Match=tag)
    assert done.status == 200 and done.json["applied"] and done.json["provider"] == {**good, "name": "The council"}
    assert testbed.get("/v1/providers/council").json == {**good, "name": "The council"}
    assert change({"name": "Mine"}, "PATCH", If_Match=tag).status == 412, "it is another now"
    assert testbed.request("PATCH", "/v1/providers/nobody", {"name": "N"}).status == 404
    tried = testbed.crisiscover("provider", "remove", "council", "--dry-run").stdout
    assert "of ZFC 0 who are linked and 1 who wait cannot sign in any more" in tried, tried
    assert "ZFC" in testbed.crisiscover("identity", "list").stdout
    testbed.crisiscover("identity", "refuse", "1")
    assert testbed.crisiscover("identity", "refuse", "1", check=False).returncode == 1
    testbed.crisiscover("identity", "unlink", "1")
    assert asked(testbed, state="all") == []
    testbed.sql("insert into identity (provider, subject, organisation) values ('council', 't', 'ZFC')")
    for wrong in (["--account", "mary", "--role", "viewer"], ["--account", "p-lee", "--role", "king"]):
        assert testbed.crisiscover("identity", "accept", "2", *wrong, check=False).returncode != 0
    assert testbed.crisiscover("identity", "accept", "7", "--account", "p-lee", "--role", "viewer", check=False).returncode == 1
    testbed.crisiscover("identity", "accept", "2", "--account", "p-lee", "--role", "viewer")
    assert testbed.get("/v1/accounts/p-lee").json["organisation"] == "ZFC" and asked(testbed, state="linked")[0]["account"] == "p-lee"
    # An account that is of no organisation: linked by an administrator alone, and no longer once it is of one.
    testbed.crisiscover("add", "account", "chief", "kind=person", "role=viewer")
    testbed.sql("insert into identity (provider, subject, organisation) values ('council', 'c', 'ZFC')")
    number = asked(testbed)[0]["id"]
    assert testbed.post(f"/v1/identities/{number}/accept", {"account": "chief"}, token=office).status == 404
    assert testbed.post(f"/v1/identities/{number}/accept", {"account": "their-viewer"}).status == 409
    assert testbed.post(f"/v1/identities/{number}/accept", {"account": "chief"}).status == 204

    def signs_in(token):
        return testbed.sql("select outcome, account from identity_sign_in('council', 'c', 'ZFC', null, 1, %s, 100)", bytes([token]) * 32)[0]

    assert signs_in(1) == ("linked", "chief")
    testbed.crisiscover("set", "account", "chief", "organisation=ZFC")
    assert signs_in(2) == ("moved", None)
    testbed.crisiscover("provider", "remove", "council")
    assert testbed.request("DELETE", "/v1/providers/council").status == 404
    was, = testbed.sql("select detail->'was'->>'name', detail->'is'->>'name' from audit where action = 'provider_set' order by id desc limit 1")
    assert was == ("Council", "The council")
