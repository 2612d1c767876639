# SPDX-License-Identifier: MIT
"""A protected person is told by name to nobody outside the organisation: every GET route is asked as every role of another, and what the
server gives out is searched byte by byte for whatever would tell who it is."""

import itertools
import json
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
import yaml

from regions import ALWAYS, HOUR, Event, calendar, now, rfc3339, small, today
from servers import wait_until
from testbed import TOP

ID, NAME = "zaraphine-quillworth", "Zaraphine Quillworth"
FORMER_NAME, ALIAS, ROTA_ALIAS, INITIALS = "Zaraphine Oxbarrow", "Zeequill", "Quillsworthy", "ZQX"
NUMBER, BLEEP = "+447700900617", "8812045533"
FORMER_ID = "zaraphine-oxbarrow"
# In the forms in which any of them could be written; each is a string that nothing else has.
SECRETS = ["zaraphine", "quillworth", "oxbarrow", "zeequill", "quillsworthy", "zqx", "7700900617", "7700 900617", BLEEP]
WORDS = "on call, via the team's number"
OTHER = ("kim-lee", "Kim Lee")
SHOWN = re.compile(r"p-[0-9a-f]{20}")

# Who is not of the organisation, and who may be anybody.
OUTSIDERS = {
    "alder-viewer": {"role": "viewer", "organisation": "ZAV"},
    "alder-switch": {"role": "switchboard", "organisation": "ZAV"},
    "alder-rotas": {"role": "rota_manager", "organisation": "ZAV"},
    "alder-people": {"role": "organisation_administrator", "organisation": "ZAV"},
    "alder-auditor": {"role": "auditor", "organisation": "ZAV"},
    "reviewer": {"role": "auditor"},
    "switch": {"role": "switchboard"},
    "icb": {"role": "commissioner", "places": ["X06000001", "ZED01"]},
    "ward-manager": {"role": "place_manager", "places": ["ZED01"]},
    "alder-program": {"kind": "program", "role": "switchboard", "organisation": "ZAV"},
    "anybody": {"role": "viewer"},
    # A screen on a wall of the same organisation: who reads it is not known.
    "fenmere-screen": {"kind": "device", "role": "viewer", "organisation": "ZFC", "places": ["ZED01"]},
    "whole": {"role": "administrator"},
}
INSIDERS = {
    "fenmere-rotas": {"role": "rota_manager", "organisation": "ZFC"},
    "fenmere-people": {"role": "organisation_administrator", "organisation": "ZFC"},
    "fenmere-switch": {"role": "switchboard", "organisation": "ZFC"},
    "fenmere-auditor": {"role": "auditor", "organisation": "ZFC"},
}
# An administrator keeps the set-up as a whole, and is given it with every name where it is asked for itself.
SETUP_ITSELF = ("/v1/region", "/v1/people/{id}", "/v1/rotas/{id}", "/v1/services/{id}", "/v1/proposals")


def protected(**more):
    return {"id": ID, "name": NAME, "organisation": "ZFC", "roles": ["amhp"], "aliases": [ALIAS, INITIALS], "former_names": [FORMER_NAME],
            "work_phone": {"number": NUMBER, "bleep": BLEEP}, "renamed_from": FORMER_ID, "protected": True, **more}


def region(publisher, **more):
    made = small(publisher)
    made["people"] = [protected(**more)] + [{"id": id, "name": name, "organisation": "ZFC", "roles": ["amhp"], "work_phone": "+447700900123"}
                                            for id, name in (OTHER, ("sam-ahmed", "Sam Ahmed"))]
    made["places"][1]["switchboard"] = "+441632960100"
    made["services"][0]["fallback"]["text"] = f"Ring {NAME}, or her team"
    made["services"] += [{"id": "alder-amhp", "name": "Alder AMHP duty", "function": "amhp", "organisation": "ZAV", "places": ["ZED01"],
                          "phone": "+441632960777", "fallback": {"text": "Ask Zaraphine", "phone": "+441632960778"}}]
    # A rota of another organisation may name somebody who holds its function.
    made["rotas"] += [{"id": "alder-amhp-duty", "service": "alder-amhp", "tier": 2,
                       "source": {"kind": "ical_url", "url": publisher.url("alder"), "every_minutes": 1},
                       "reading": {"aliases": {ROTA_ALIAS: ID},
                                   "titles": [{"title": "the tall one", "reads": "named", "person": ID},
                                              {"title": "Zaraphine leaves early", "reads": "noise"}]}},
                      {"id": "fenmere-away", "organisation": "ZFC", "absences": True,
                       "source": {"kind": "ical_url", "url": publisher.url("away"), "every_minutes": 1}},
                      {"id": "alder-typed", "service": "alder-amhp", "tier": 3, "source": {"kind": "typed"}}]
    made["requirements"] += [{"id": "R09", "place": "ZED01", "function": "amhp", "count": 1, "hours": ALWAYS}]
    made["accounts"] = [{"name": name, "kind": "person", **account} for name, account in {**OUTSIDERS, **INSIDERS}.items()]
    return made


def shifts(title, uid, first=-1, days=4):
    return [Event(f"{uid}-{day}@test", today() + timedelta(days=day), today() + timedelta(days=day + 1), title) for day in range(first, days)]


def publish(publisher):
    """She is on now and was yesterday; there are entries that nobody can tell, leave, and a rota elsewhere that names her in words of its own."""
    unclear = [Event("unclear@test", now() - HOUR, now() + 6 * HOUR, "Z Quillworth?? or Lee"),
               Event("later@test", today() + timedelta(days=6, hours=8), today() + timedelta(days=6, hours=20), "Zaraphine to swap w/ somebody")]
    publisher.publish("amhp", calendar(shifts(f"AMHP – {NAME}", "own") + unclear))
    publisher.publish("alder", calendar(shifts("the tall one", "alder") + shifts("QUILLSWORTHY late", "alias", 5, 7)
                                        + shifts("Quillworth Z / ?", "maybe", 2, 3)))
    publisher.publish("away", calendar(shifts(f"{NAME} leave", "leave", 20, 22)))


def start(testbed, **more):
    publish(testbed.publisher)
    testbed.start(region(testbed.publisher, **more))
    wait_until(lambda: testbed.now()["on_call"], 20, "the feed was read and swept")
    wait_until(lambda: testbed.feed("alder-amhp-duty")["state"] == "good", 20, "the other feed was read")


def token(testbed, account, *options):
    return testbed.crisiscover("token", account, *options).stdout.strip().splitlines()[-1]


def done(answer, *statuses):
    assert answer.status in statuses or (200, 201, 202, 204), answer
    return answer


def make_history(testbed, own):
    """Whatever a person may say of her: overrides on both rotas, a note, a decision, leave, a proposal, an import that waits."""
    hours = {"start": rfc3339(now() + 2 * HOUR), "end": rfc3339(now() + 3 * HOUR)}
    later = {"start": rfc3339(now() + 30 * HOUR), "end": rfc3339(now() + 31 * HOUR)}
    for body in ({"rota": "fenmere-amhp-duty", "person": OTHER[0], "instead": ID, **hours, "note": "Zaraphine is ill", "confirm": True},
                 {"rota": "alder-typed", "person": ID, **later, "note": "ask Quillworth", "confirm": True}):
        answer = testbed.post("/v1/overrides", body)
        assert answer.status == 201, answer
    assert testbed.post("/v1/absences", {"person": ID, "start": rfc3339(now() + 200 * HOUR), "end": rfc3339(now() + 210 * HOUR)}).status == 201
    answer = testbed.post("/v1/rotas/alder-amhp-duty/decisions", {"title": "Quillworth Z / ?", "reads": "named", "person": ID})
    assert answer.status == 201, answer
    body = calendar(shifts(f"{NAME}", "up") + shifts("Zaraphine & Kim", "up2", 4, 5))
    answer = testbed.post("/v1/rotas/alder-typed/imports?apply=ask", body, content_type="text/calendar")
    assert answer.status in (202, 409, 422), answer
    # Somebody else's approval in her set-up: proposed to a second person, with a reason.
    etag = testbed.get(f"/v1/people/{ID}", token=own["fenmere-rotas"]).headers["ETag"]
    answer = testbed.request("PATCH", f"/v1/people/{ID}?reason=Quillworth%20was%20approved", {"roles": [{"function": "amhp", "approved_by": "ZAV"}]},
                             token=own["fenmere-rotas"], headers={"If-Match": etag})
    assert answer.status == 202, answer
    gaps = testbed.get("/v1/gaps?place=ZED01").json["gaps"]
    assert gaps and testbed.post(f"/v1/gaps/{gaps[0]['id']}/acknowledge", {"note": "Zaraphine is asked"}).status == 200
    # Who rang her reached another, and what to know before one rings; by who may name her.
    answer = testbed.post("/v1/contacts", {"place": "ZED01", "rota": "fenmere-amhp-duty", "person": ID, "outcome": "no_answer"})
    assert answer.status == 201, answer
    for on in ({"person": ID}, {"service": "fenmere-amhp"}, {"place": "ZED01", "function": "amhp"}):
        answer = testbed.post("/v1/notes", {"on": on, "text": "Zaraphine is at the station, ring Quillworth's desk"})
        assert answer.status == 201, answer
    # A change that the audit has from what to what.
    etag = testbed.get(f"/v1/people/{ID}").headers["ETag"]
    answer = testbed.request("PATCH", f"/v1/people/{ID}", {"aliases": [ALIAS, INITIALS, "Zaraphine Q"]}, headers={"If-Match": etag})
    assert answer.status == 200, answer


# ---------------------------------------------------------------------------------------------------------------------- every GET route


def routes():
    """[(path, names of its parameters in the path, names of those in the query)], as the contract has them."""
    contract = yaml.safe_load((TOP / "server" / "openapi.yaml").read_text(encoding="utf-8"))

    def parameter(one):
        while "$ref" in one:
            one = contract
            for part in reference.lstrip("#/").split("/"):
                one = one[part]
        return one

    found = []
    for path, operations in contract["paths"].items():
        # A stream has no end to wait for. It names places and rotas alone (test_event_ring).
        if "get" not in operations or "text/event-stream" in operations["get"]["responses"]["200"].get("content", {}):
            continue
        named = []
        for one in operations.get("parameters", []) + operations["get"].get("parameters", []):
            reference = one.get("$ref", "")
            named.append(parameter(one))
        found.append((path, [one["name"] for one in named if one["in"] == "path"],
                      [(one["name"], one.get("required", False)) for one in named if one["in"] == "query"]))
    assert len(found) > 30, found
    return found


def values(testbed, shown):
    """What each parameter is asked with: all that could bring her up, also by searching for her, and guesses."""
    past, long_ago = rfc3339(testbed.settled()), rfc3339(now() - 20 * HOUR)
    return {
        "place": ["ZED01", "X06000001"], "code": ["ZED01", "amhp", "core-24-ed"], "function": ["amhp"], "rota": ["fenmere-amhp-duty", "alder-amhp-duty"],
        "at": [past, long_ago, rfc3339(now() + 50 * HOUR)], "known_at": [past], "from": [long_ago], "to": [rfc3339(now() + 24 * 20 * HOUR)],
        "q": ["zara", "Quillworth", ID], "person": [ID, shown, "kim-lee"], "state": ["all", "open"], "kind": ["person"], "days": ["3660"],
        "grouped": ["1"], "open": ["1"], "of": ["ZED01", "Quillworth"], "within": ["true"], "dry_run": ["1"], "after": ["0"], "limit": ["1000", "1"], "looked_minutes": ["1440"], "stay": ["1"], "or_first": ["1"],
        "cursor": [ID, shown, "1"],
        "id": [ID, shown, FORMER_ID, "kim-lee", "fenmere-amhp-duty", "alder-amhp-duty", "alder-amhp", "amhp", "ZED01", "ZFC", "R09", "fenmere-rotas",
               "1", "2"],
        "name": ["fenmere-rotas"], "page": ["now.html"], "folder": ["x"], "inner": ["x"], "link": ["x"], "device": ["x"], "decision": ["1"],
        "key": ["x"], "format": ["csv"], "names": ["1"], "answer": ["accepted"], "shift": ["1"], "overdue": ["1"], "mine": ["1"], "edition": ["1"],
        "month": [long_ago[:7]], "from_month": [long_ago[:7]], "to_month": [long_ago[:7]], "licence": [ID],
        "account": ["fenmere-rotas"], "organisation": ["ZFC"], "everybody": ["1"],
    }


def calls(testbed, shown):
    given = values(testbed, shown)
    for path, in_path, in_query in routes():
        for chosen in itertools.product(*(given[name] for name in in_path)):
            filled = path
            for name, value in zip(in_path, chosen):
                filled = filled.replace("{%s}" % name, quote(value))
            needed = [name for name, required in in_query if required]
            for asked in itertools.product(*(given[name] for name in needed)):
                with_needed = list(zip(needed, asked))
                yield path, filled, with_needed
                for name, _ in in_query:
                    if name in needed:
                        continue
                    for value in given[name]:
                        more = [(name, value)]
                        # One that is asked about the past alone is asked about the rest of it, too.
                        if name == "limit" and any(other == "cursor" for other, _ in in_query) and value == "1":
                            yield path, filled, with_needed + more
                            continue
                        yield path, filled, with_needed + more


def url(filled, query):
    return filled + ("?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in query) if query else "")


def tells(answer):
    text = (answer.body.decode("utf-8", "replace") + "\n" + str(answer.headers)).lower()
    return [secret for secret in SECRETS if secret.lower() in text]


def pages(testbed, address, own, over):
    """The answer, and those of the pages after it: the cursor is a part of what is given out."""
    answer = testbed.request("GET", address, token=own, over=over)
    yield answer
    for _ in range(6):
        following = answer.json.get("next_cursor") if answer.status == 200 and answer.body[:1] == b"{" else None
        if not following or "cursor=" in address:
            return
        answer = testbed.request("GET", address + ("&" if "?" in address else "?") + "cursor=" + quote(following, safe=""), token=own, over=over)
        assert answer.status == 200, (address, following, answer)
        yield answer


def shown_id(testbed, own):
    people = testbed.request("GET", "/v1/people", token=own).json["people"]
    withheld = [person for person in people if SHOWN.fullmatch(person["id"])]
    assert len(withheld) == 1 and withheld[0]["name"] == f"AMHP {WORDS}" and withheld[0]["organisation"] == "ZFC", people
    return withheld[0]["id"]


@pytest.mark.holds("H14.2")
@pytest.mark.parametrize("parts", [6, pytest.param(1, marks=pytest.mark.long)])
def test_q60_no_answer_tells_outside_who_is_protected_and_inside_each_does(testbed, parts):
    """Every call by every account, or each by a sixth of those outside, in turn."""
    heard = testbed.listen()
    start(testbed)
    own = {account: token(testbed, account) for account in {**OUTSIDERS, **INSIDERS}}
    wait_until(lambda: testbed.get("/v1/me", token=own["fenmere-auditor"]).status == 200, 10, "the last token is known, so the earlier are")
    make_history(testbed, own)
    wait_until(lambda: testbed.now()["on_call"][0]["name"], 10, "the map is there")
    shown = shown_id(testbed, own["alder-viewer"])
    # The same for everybody, and nothing that anybody could have made from the id.
    assert {shown_id(testbed, own[account]) for account in ("alder-rotas", "switch", "reviewer", "fenmere-screen", "whole")} == {shown}
    asked, told, seen_by, over = 0, set(), {}, testbed.connection()
    for number, (path, filled, query) in enumerate(calls(testbed, shown)):
        address = url(filled, query)
        # She herself, as those outside are shown her, is asked for by all.
        for account in list(OUTSIDERS) if filled == f"/v1/people/{quote(shown)}" else list(OUTSIDERS)[number % parts::parts]:
            if account == "whole" and path in SETUP_ITSELF:
                continue
            for answer in pages(testbed, address, own[account], over):
                found = tells(answer)
                # What was asked for stands in some refusals; it was the asker who said it.
                assert found == [] or (answer.status >= 400 and found == [one for one in SECRETS if one in address.lower() and one in found]), (
                    account, address, found, answer)
                asked += answer.status == 200
                if answer.status == 200 and WORDS.encode() in answer.body:
                    seen_by.setdefault(path, set()).add(account)
        for account in INSIDERS:
            for answer in pages(testbed, address, own[account], over):
                if answer.status == 200:
                    told.update((path, secret) for secret in tells(answer))
    over.close()
    assert asked > 1000 / parts, asked
    # She counts as anybody does, and is told as what she is on call as, on each of these.
    for path in ("/v1/now", "/now/{place}.txt", "/v1/coverage", "/v1/shifts", "/v1/overrides", "/v1/people", "/v1/people/{id}", "/v1/history",
                 "/v1/rotas/{id}/decisions"):
        assert seen_by.get(path), (path, sorted(seen_by))
    # Within the organisation each of them is told.
    assert {secret for _, secret in told} >= set(SECRETS) - {"7700 900617"}, sorted(told)
    for path in ("/v1/now", "/v1/coverage", "/v1/shifts", "/v1/overrides", "/v1/people", "/v1/people/{id}", "/v1/absences", "/v1/history", "/v1/audit",
                 "/v1/proposals"):
        assert any(one == path for one, _ in told), path
    # What is printed is nobody's own.
    text = testbed.request("GET", "/now/ZED01.txt", token=own["fenmere-rotas"])
    assert tells(text) == [] and f"AMHP {WORDS}  tel 01632 960456" in text.text, text
    # What goes out without a reader.
    flags = json.dumps(heard.heard).lower()
    assert heard.heard and not [secret for secret in SECRETS if secret in flags], flags
    stored = testbed.redis_client()
    for key in stored.keys("*"):
        value = json.dumps(stored.hgetall(key) if stored.type(key) == "hash" else str(stored.dump(key)), default=str).lower()
        assert not [secret for secret in SECRETS if secret in value], (key, value)
    logs = testbed.server.log.read_text(errors="replace").lower()
    assert not [secret for secret in SECRETS if secret in logs]


@pytest.mark.holds("H14.2")
def test_q61_an_outsider_works_with_somebody_who_is_withheld(testbed):
    """Puts her on and off by the id that was shown, decides a title, changes the rota: the record has her, and no answer names her."""
    start(testbed)
    manager, own = token(testbed, "alder-rotas"), token(testbed, "fenmere-rotas")
    wait_until(lambda: testbed.get("/v1/me", token=own).status == 200, 10, "the tokens are known")
    shown = shown_id(testbed, manager)
    wish = {"rota": "alder-typed", "start": rfc3339(now() + 40 * HOUR), "end": rfc3339(now() + 41 * HOUR), "confirm": True}

    def ask(method, path, body=None, **more):
        answer = testbed.request(method, path, body, token=manager, **more)
        assert tells(answer) == [], (path, answer)
        return answer

    assert ask("POST", "/v1/overrides?dry_run=1", {**wish, "person": shown}).status == 200
    made = ask("POST", "/v1/overrides", {**wish, "person": shown})
    assert made.status == 201 and made.json["person"] == shown, made
    assert testbed.sql("select person from override where id = %s", made.json["id"]) == [(ID,)]
    # By the id of the set-up she is not to be had from outside: a guess learns nothing.
    guess, nobody = (testbed.post("/v1/overrides", {**wish, "person": id}, token=manager) for id in (ID, "no-such-one"))
    assert (guess.status, guess.body) == (nobody.status, nobody.body) and guess.status == 400
    assert ask("GET", f"/v1/people/{shown}").json == {"id": shown, "name": f"AMHP {WORDS}", "organisation": "ZFC", "roles": ["amhp"], "protected": True}
    assert testbed.get(f"/v1/people/{ID}", token=manager).status == 404
    assert ask("PATCH", f"/v1/people/{shown}", {"name": "Somebody Else"}, headers={"If-Match": ask("GET", f"/v1/people/{shown}").headers["ETag"]}).status == 403
    decided = ask("POST", "/v1/rotas/alder-amhp-duty/decisions", {"alias": "Q", "person": shown})
    assert decided.status == 201, decided
    assert testbed.sql("select person from decision where id = %s", decided.json["id"]) == [(ID,)]
    # What was not shown is not lost by sending the rest back.
    rota = ask("GET", "/v1/rotas/alder-amhp-duty")
    assert ROTA_ALIAS not in rota.json["reading"].get("aliases", {}) and rota.json["reading"].get("titles", []) == [], rota
    body = {**rota.json, "tier": 4}
    body["reading"] = {**body["reading"], "tentative_counts": True}
    changed = ask("PUT", "/v1/rotas/alder-amhp-duty", body, headers={"If-Match": rota.headers["ETag"]})
    assert changed.status == 200, changed
    kept = testbed.get("/v1/rotas/alder-amhp-duty").json
    assert kept["tier"] == 4 and kept["reading"]["aliases"] == {ROTA_ALIAS: ID} and len(kept["reading"]["titles"]) == 2, kept
    service = ask("GET", "/v1/services/alder-amhp")
    body = {**service.json, "phone": "+441632960779"}
    assert ask("PUT", "/v1/services/alder-amhp", body, headers={"If-Match": service.headers["ETag"]}).status == 200
    assert testbed.get("/v1/services/alder-amhp").json["fallback"]["text"] == "Ask Zaraphine"
    # The whole file that an administrator reads applies as it is.
    written = testbed.crisiscover("region", "get").stdout
    assert NAME in written and '"protected": true' in written
    assert "the set-up is as the file says" in testbed.crisiscover("apply", testbed.write("again.json", written)).stdout.lower()


def test_q62_who_keeps_the_person_protects_and_names_again(testbed):
    start(testbed, protected=False)
    own = {account: token(testbed, account) for account in ("fenmere-people", "fenmere-rotas", "alder-rotas", "alder-people", "ward-manager", "switch")}
    wait_until(lambda: testbed.get("/v1/me", token=own["switch"]).status == 200, 10, "the tokens are known")
    assert testbed.now(token=own["switch"])["on_call"][0]["name"] == NAME

    def change(account, body):
        tag = testbed.get(f"/v1/people/{ID}").headers["ETag"]
        return testbed.request("PATCH", f"/v1/people/{ID}", body, token=own[account], headers={"If-Match": tag})

    before = rfc3339(testbed.settled())
    for account in ("alder-rotas", "alder-people", "ward-manager", "switch"):
        assert change(account, {"protected": True}).status == 403, account
    assert change("fenmere-people", {"protected": True, "name": "Another"}).status == 403
    assert change("fenmere-people", {"protected": True}).status == 200
    on = wait_until(lambda: [one for one in testbed.now(token=own["switch"])["on_call"] if one["name"] != NAME], 10, "she is withheld")[0]
    assert on["name"] == f"AMHP {WORDS}" and on["phone"] == "+441632960456" and testbed.now(token=own["switch"])["state"] == "covered", on
    assert "own_phone" not in on or on["own_phone"] != NUMBER, on
    # The past is asked about now.
    past = testbed.recorded(f"/v1/now?place=ZED01&at={before}&known_at={before}", token=own["switch"])
    assert past.status == 200 and tells(past) == [] and WORDS in past.text, past
    assert testbed.now(token=own["fenmere-rotas"])["on_call"][0]["name"] == NAME
    # By the command line, and back.
    assert testbed.crisiscover("set", "person", ID, "protected=false").returncode == 0
    wait_until(lambda: testbed.now(token=own["switch"])["on_call"][0]["name"] == NAME, 10, "she is named again")


@pytest.mark.holds("H14.2")
def test_q63_of_two_people_of_one_name_the_other_keeps_it(testbed):
    """Two who are called the same are two: which is meant nobody guesses, and only one of them is withheld."""
    publish(testbed.publisher)
    made = region(testbed.publisher, aliases=[], former_names=[])
    del made["rotas"][1:3]
    made["people"].append({"id": "zq-2", "name": NAME, "organisation": "ZFC", "roles": ["amhp"]})
    testbed.start(made)
    wait_until(lambda: testbed.now()["undecided"], 20, "the feed was read and swept")
    outside = token(testbed, "alder-viewer")
    wait_until(lambda: testbed.get("/v1/me", token=outside).status == 200, 10, "the token is known")
    assert testbed.now(token=outside)["state"] != "covered"
    # What the rota says names either: the text is not shown.
    titles = {entry["title"] for entry in testbed.now(token=outside)["undecided"]}
    assert titles == {"(not shown: it names a protected person)"}, titles
    assert {entry["title"] for entry in testbed.now(token=token(testbed, "fenmere-rotas"))["undecided"]} >= {f"AMHP - {NAME}"}
    names = {person["id"]: person["name"] for person in testbed.request("GET", "/v1/people", token=outside).json["people"]}
    assert names["zq-2"] == NAME and ID not in names and f"AMHP {WORDS}" in names.values(), names
    # She is not taken out of the set-up: the record would name her.
    gone = testbed.request("DELETE", f"/v1/people/{ID}", headers={"If-Match": testbed.get(f"/v1/people/{ID}").headers["ETag"]})
    assert gone.status == 409 and "take \"protected\" off first" in gone.json["errors"][0]["detail"], gone


# ------------------------------------------------------------------------------------------------------------- tokens of programs

SCOPES = ("read", "read,numbers", "review", "accounts", "write:cover", "write:setup", "read,review,accounts,write:cover,write:setup,numbers")


@pytest.mark.long
def test_q64_a_token_with_scopes_tells_no_more_than_its_account(testbed):
    start(testbed)
    own = {account: token(testbed, account) for account in ("fenmere-rotas", "alder-rotas", "fenmere-switch", "reviewer", "whole")}
    scoped = {(account, scopes): token(testbed, account, "--scopes", scopes) for account in ("alder-rotas", "reviewer", "whole") for scopes in SCOPES}
    inside = {scopes: token(testbed, "fenmere-switch", "--scopes", scopes) for scopes in ("read", "read,numbers")}
    wait_until(lambda: testbed.get("/v1/me", token=inside["read,numbers"]).status == 200, 10, "the last token is known, so the earlier are")
    make_history(testbed, own)
    wait_until(lambda: testbed.now()["on_call"][0]["name"], 10, "the map is there")
    shown = shown_id(testbed, own["alder-rotas"])
    answered, over = {}, testbed.connection()
    # Each path filled in each way, with each of its parameters once.
    once = {(filled, tuple(name for name, _ in query)): (path, filled, query) for path, filled, query in calls(testbed, shown)}
    for path, filled, query in once.values():
        address = url(filled, query)
        whole = {account: testbed.request("GET", address, token=one, over=over).status for account, one in own.items()}
        for (account, scopes), one in scoped.items():
            if account == "whole" and path in SETUP_ITSELF:
                continue
            answer = testbed.request("GET", address, token=one, over=over)
            found = tells(answer)
            assert found == [] or (answer.status >= 400 and all(one in address.lower() for one in found)), (account, scopes, address, found, answer)
            # What the account may not, no scope of it may.
            assert answer.status >= 400 or whole[account] < 400, (account, scopes, address, whole, answer)
            answered[account, scopes] = answered.get((account, scopes), 0) + (answer.status == 200)
        for scopes, one in inside.items():
            text = testbed.request("GET", address, token=one, over=over).text
            assert scopes != "read" or not ("7700900617" in text or "7700900123" in text), (address, text)
    over.close()
    # Each scope opens something, and none opens what all of them do.
    for account in ("alder-rotas", "reviewer", "whole"):
        assert answered[account, "read"] > 20 and answered[account, SCOPES[-1]] >= answered[account, "read"], answered
        assert answered[account, "write:setup"] < answered[account, "read"], answered
    # With numbers, the organisation's own switchboard is told the name and the number; without, the name alone.
    told = {scopes: testbed.now(token=one)["on_call"][0] for scopes, one in inside.items()}
    assert {one["name"] for one in told.values()} == {NAME}
    assert told["read,numbers"]["work_phone"] is not None and told["read"].get("work_phone") is None, told
