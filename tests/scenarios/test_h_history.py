# SPDX-License-Identifier: MIT
"""Questions about the past: what was answered, from which bytes, how it was corrected, who saw it; and that this record can be trusted."""

import hashlib
import json
import signal

import pytest

from regions import calendar, now, rfc3339, round_the_clock, small
from servers import wait_until


@pytest.fixture
def open_testbed(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    return testbed


def current(events):
    return next(event for event in events if event.start <= now() < event.end)


def reads(testbed, **wanted):
    rows = testbed.sql("select actor, object, detail from audit where action = 'read' order by seq")
    return [(actor, thing, detail) for actor, thing, detail in rows if all(detail.get(key) == value for key, value in wanted.items())]


def test_h01_the_reviewer_sees_what_was_said_and_what_was_corrected_since(open_testbed):
    events = round_the_clock()
    duty = current(events)
    then = open_testbed.settled()
    path = f"/v1/now?place=ZED01&at={rfc3339(then)}&known_at={rfc3339(then)}"
    before = open_testbed.get(path)
    assert before.status == 200 and before.json["functions"][0]["on_call"][0]["name"] == duty.title.removeprefix("AMHP – ")

    # At once somebody else: the calendar names another person for the shift that runs.
    body = calendar(events)
    changed = body.replace(f"UID:{duty.uid}".encode(), b"UID:XX").replace(
        duty.title.encode() , b"AMHP \xe2\x80\x93 Tess Osei" if "Tess" not in duty.title else b"AMHP \xe2\x80\x93 Jo Jones").replace(
        b"UID:XX", f"UID:{duty.uid}".encode())
    region = small(open_testbed.publisher)
    region["places"][0]["name"] = "Another Name"
    open_testbed.apply(region)
    open_testbed.publisher.publish("amhp", changed)
    open_testbed.refresh("fenmere-amhp-duty")
    wait_until(lambda: open_testbed.sql("select count(*) from shift where known_to <> 'infinity'")[0][0] > 0
               or open_testbed.feed("fenmere-amhp-duty")["state"] == "held", 15, "the change was read")
    if open_testbed.feed("fenmere-amhp-duty")["state"] == "held":
        held = open_testbed.feed("fenmere-amhp-duty")["held_import"]
        assert open_testbed.post(f"/v1/imports/{held}/confirm", {"reason": "a swap"}).status == 200
    wait_until(lambda: open_testbed.now()["on_call"][0]["name"] != duty.title.removeprefix("AMHP – "), 15, "the map has the other one")
    assert open_testbed.get(path).body == before.body

    answer = open_testbed.get(f"/v1/history?place=ZED01&function=amhp&at={rfc3339(then)}&known_at={rfc3339(then)}")
    assert answer.status == 200, answer
    story = answer.json
    assert story["now"]["functions"][0]["on_call"][0]["name"] == duty.title.removeprefix("AMHP – ")
    row = next(row for row in story["rows"] if row["then"] and row["then"]["name"] == duty.title.removeprefix("AMHP – "))
    assert row["then"]["body"] == hashlib.sha256(body).hexdigest() and row["then"]["body_kept"] is True
    assert row["then"]["reading"] == row["source"]["reading"] and row["source"]["freshness"] == "fresh"
    later = [correction["to"] for correction in row["corrections"]]
    assert later and later[0]["name"] != row["then"]["name"] and later[0]["body"] == hashlib.sha256(changed).hexdigest()
    assert story["region"]["version"] == 1 and len(story["region"]["sha256"]) == 64

    # Said by the command line as well, to people and to programs.
    words = open_testbed.crisiscover("history", "ZED01", "--function", "amhp", "--at", rfc3339(then), "--known-at", rfc3339(then)).stdout
    assert duty.title.removeprefix("AMHP – ") in words and "changed to" in words and row["then"]["body"] in words
    said = json.loads(open_testbed.crisiscover("history", "ZED01", "--function", "amhp", "--at", rfc3339(then), "--known-at", rfc3339(then),
                                             "--json").stdout)
    assert said["now"] == story["now"] and said["rows"] == story["rows"]


def test_h02_history_is_for_reviewers_and_is_itself_audited(open_testbed):
    region = small(open_testbed.publisher)
    region["accounts"] = [{"name": "ed", "kind": "device", "role": "viewer", "places": ["ZED01"]},
                          {"name": "reviewer", "kind": "person", "role": "auditor"}]
    open_testbed.apply(region)
    viewer, auditor = open_testbed.crisiscover("token", "ed").stdout.strip(), open_testbed.crisiscover("token", "reviewer").stdout.strip()
    wait_until(lambda: open_testbed.get("/v1/me", token=auditor).status == 200, 10, "the tokens were known")
    path = f"/v1/history?place=ZED01&at={rfc3339(open_testbed.settled())}"
    for there in (path, "/v1/audit", "/v1/audit/head"):
        assert open_testbed.get(there, token=viewer).status == 403
        assert open_testbed.get(there, token=auditor).status == 200
    # A device looks twice within a minute, or in two: one row or two, two looks; and the reviewer's own look.
    assert open_testbed.get("/v1/now?place=ZED01", token=viewer).status == 200
    assert open_testbed.get("/v1/now?place=ZED01", token=viewer).status == 200
    # They would be written when the minute is over; the next process writes what it finds at once.
    killed = open_testbed.kill_role("api", signal.SIGTERM)
    open_testbed.wait_role_back("api", killed)
    wait_until(lambda: sum(detail["count"] for actor, thing, detail in reads(open_testbed, route="/v1/now") if actor == "ed") == 2, 20,
               "both looks of the device are in the audit")
    wait_until(lambda: [thing for actor, thing, _ in reads(open_testbed, route="/v1/history") if actor == "reviewer"] == ["place/ZED01"], 20,
               "the reviewer's look is in the audit")
    wait_until(open_testbed.is_live, 10, "the api was back")
    kept = json.dumps(reads(open_testbed))
    assert "Jones" not in kept and "Ahmed" not in kept and "01632" not in kept and "441632" not in kept
    # And the reviewer finds who looked.
    story = open_testbed.get(f"/v1/history?place=ZED01&at={rfc3339(now())}&looked_minutes=30", token=auditor).json
    assert {look["account"] for look in story["looked"]} >= {"ed", "reviewer"}


@pytest.mark.holds("F1", "F3")
def test_h03_looks_outlive_the_database_and_the_process(open_testbed):
    open_testbed.postgres.stop()
    assert open_testbed.get("/v1/now?place=ZED01").status == 200
    state = open_testbed.folder / "state"
    wait_until(lambda: "administrator" in (state / "reads.0").read_text(), 10, "the look is in the file")
    [api] = open_testbed.kill_role("api")
    open_testbed.wait_role_back("api", [api])
    open_testbed.postgres.start()
    wait_until(lambda: sum(d["count"] for _, _, d in reads(open_testbed, route="/v1/now")) >= 1, 60, "the look was written by the next process")
    wait_until(lambda: "/v1/now" not in (state / "reads.0").read_text(), 60, "a new file was begun")


@pytest.mark.holds("H13.3", "A13")
def test_h04_a_tampered_audit_is_found_out(open_testbed):
    def verify(*more):
        return open_testbed.crisiscover("audit", "verify", *more, check=False)

    open_testbed.issue_token("first"), open_testbed.issue_token("second"), open_testbed.issue_token("third")
    heads = open_testbed.folder / "state" / "audit-heads"
    wait_until(lambda: heads.exists() and heads.read_text().strip(), 30, "the head was carried out")
    exported = json.loads(heads.read_text().splitlines()[-1])
    fine = verify("--head", str(heads))
    assert fine.returncode == 0, fine.stderr
    assert "The chain holds" in fine.stdout and "agrees with" in fine.stdout

    seq = exported["seq"] - 1

    # The owner takes the triggers away and makes a row say something else.
    def as_owner(statement):
        open_testbed.sql("set session_replication_role = replica; " + statement, login="postgres")

    [[actor]] = open_testbed.sql(f"select actor from audit where seq = {seq}")
    as_owner(f"update audit set actor = 'nobody' where seq = {seq}")
    found = verify()
    assert found.returncode == 3 and f"Row {seq} is not the one that was written" in found.stderr, found.stderr
    as_owner(f"update audit set actor = '{actor}' where seq = {seq}")
    assert verify("--head", str(heads)).returncode == 0

    # Or takes it out, or slips one in.
    as_owner(f"create table hidden as select * from audit where seq = {seq}; delete from audit where seq = {seq}")
    assert f"Row {seq} is missing" in verify().stderr
    as_owner("insert into audit overriding system value select * from hidden; drop table hidden")
    assert verify().returncode == 0
    as_owner("insert into audit (actor, action, object) values ('nobody', 'nothing', 'x')")
    assert "slipped in" in verify().stderr
    as_owner("delete from audit where seq is null")

    # Or writes the end again, with new hashes: the chain holds, and only the copy outside shows it.
    as_owner(f"""do $$ declare a record; last bytea; begin
        update audit set actor = 'nobody' where seq = {seq};
        select hash into last from audit where seq = {seq} - 1;
        for a in select * from audit where seq >= {seq} order by seq loop
          update audit set prev_hash = last,
                 digest = sha256(salt || convert_to(audit_text(a.seq, a.at, a.added_at, a.actor, a.action, a.object, a.detail), 'UTF8'))
            where id = a.id;
          update audit set hash = sha256(last || digest) where id = a.id returning hash into last;
        end loop;
        update audit_head set hash = last; end $$""")
    assert verify().returncode == 0
    told = verify("--head", str(heads))
    assert told.returncode == 3 and "written again" in told.stderr, told.stderr
    wait_until(lambda: "crisiscover_audit_rewritten 1" in open_testbed.get("/metrics").text, 30, "the server itself noticed")


def test_h05_the_months_to_come_are_there(open_testbed):
    wait_until(lambda: open_testbed.sql("select count(*) from pg_class where relname ~ '^(shift|span|flag|audit)_[0-9]{4}_[0-9]{2}$'")[0][0] >= 16,
               15, "four months of four tables")
    assert [row for row in open_testbed.sql("select count(*) from span where known_to = 'infinity'")] \
        == [row for row in open_testbed.sql("select count(*) from span_current")]


def test_h20_who_has_left_is_given_out_whole_and_erased_by_two(open_testbed):
    duty = current(round_the_clock())
    name = duty.title.removeprefix("AMHP – ")
    person = name.lower().replace(" ", "-")
    then = rfc3339(open_testbed.settled())
    asked = f"/v1/now?place=ZED01&function=amhp&at={then}&known_at={then}"
    was = open_testbed.get(asked).json
    assert was["functions"][0]["on_call"][0]["name"] == name

    region = small(open_testbed.publisher)
    region["people"] = [one for one in region["people"] if one["id"] != person]
    open_testbed.apply(region)
    wait_until(lambda: open_testbed.sql(f"select count(*) from shift where person = '{person}' and known_to = 'infinity' and ends_at > now()")[0][0] == 0, 30,
               "nothing of the person was to come")
    assert name in open_testbed.crisiscover("subject", "export", person).stdout
    held = open_testbed.get(f"/v1/subjects/{person}").json["held"]
    assert {row["title"] for row in held["shift"]["rows"]} == {duty.title.replace("–", "-")} and held["setup_item"]["rows"][0]["item"]["work_phone"] == "+447700900123"
    wait_until(lambda: [thing for _, thing, _ in reads(open_testbed, route="/v1/subjects/{id}") if thing == f"person/{person}"], 30, "it was noted who read it")
    assert open_testbed.get(f"/v1/subjects/{person}", token=open_testbed.sign_in("fenmere-rotas", "rota_manager")).status == 403

    # What is in the memory of an api process goes to the file.
    kept = open_testbed.folder / "state" / "last-good"
    wait_until(lambda: name.encode() in kept.read_bytes(), 30, "the last-good file has who was on")
    first, second = (open_testbed.sign_in_person(name, "administrator") for name in ("first", "second"))
    erasure = f"/v1/subjects/{person}/erasure"
    assert "an inquest" in open_testbed.crisiscover("subject", "hold", person, "--reason", "an inquest").stdout
    refused = open_testbed.post(erasure, {"reason": "asked for"})
    assert refused.status == 409 and "an inquest" in refused.text, refused
    open_testbed.crisiscover("subject", "lift", person, "--reason", "it is over")
    dry = open_testbed.crisiscover("subject", "erase", person, "--reason", f"{name} asked", "--dry-run").stdout
    assert "would be erased" in dry and "setup_item" in dry
    assert open_testbed.get(asked).json["functions"] == was["functions"], "a dry run erases nothing"
    request = open_testbed.post(erasure, {"reason": f"{name} asked"}, token=first).json
    assert request["erased"] is False
    assert open_testbed.post(erasure, {"request": request["request"]}).status == 403, "a program is no second person"
    own = open_testbed.post(erasure, {"request": request["request"]}, token=first)
    assert own.status == 409 and "another person decides" in own.text, own
    done = open_testbed.post(erasure, {"request": request["request"]}, token=second)
    assert done.status == 200 and done.json["erased"] is True, done

    # Somebody was on then, and nobody can say who; the audit holds, and has none of it.
    answer = open_testbed.get(asked)
    assert answer.status == 200, answer
    said = answer.json["functions"][0]
    assert said["on_call"][0]["name"] == done.json["name"] and said["on_call"][0]["name"].startswith("A person erased on "), said
    assert said["state"] == was["functions"][0]["state"] == "covered"
    assert open_testbed.get(f"/v1/subjects/{person}").status == 404
    generations = (kept, kept.with_name("last-good.before"))
    wait_until(lambda: not any(name.encode() in path.read_bytes() for path in generations), 30, "the processes have learnt of it, and no last-good file says it any more")
    verified = open_testbed.crisiscover("audit", "verify", check=False)
    assert verified.returncode == 0 and "a person was erased" in verified.stdout, verified
    for table in ("audit", "setup_item", "shift", "region_file"):
        left = open_testbed.sql(f"select t::text from {table} t where t::text ~* '{name}|{person}' limit 1")
        assert left == [], (table, left)
