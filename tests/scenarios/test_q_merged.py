# SPDX-License-Identifier: MIT
"""Two people of the set-up who are one are merged, and split again: what is shown is what is done, what was known before stays, and nothing is
given to one of two by a guess."""

import json
import os
import signal
import threading
from datetime import timedelta

import pytest

from regions import ALWAYS, HOUR, Event, calendar, now, rfc3339, small, today
from servers import wait_until

ROTA, SECOND = "fenmere-amhp-duty", "fenmere-amhp-second"


def person(id, name, **more):
    return {"id": id, "name": name, "organisation": "ZFC", "roles": ["amhp"], **more}


def region(publisher, people, count=2):
    made = small(publisher)
    made["people"] = people
    made["requirements"] = [{"id": "R01", "place": "ZED01", "function": "amhp", "count": count, "hours": ALWAYS}]
    made["rotas"].append({"id": SECOND, "service": "fenmere-amhp", "tier": 2,
                          "source": {"kind": "ical_url", "url": publisher.url("second"), "every_minutes": 1}})
    made["accounts"] += [{"name": "fenmere-people", "kind": "person", "role": "organisation_administrator", "organisation": "ZFC"},
                         {"name": "alder-rotas", "kind": "person", "role": "rota_manager", "organisation": "ZAV"},
                         {"name": "viewer", "kind": "person", "role": "viewer", "organisation": "ZFC"}]
    return made


TWO = [person("sam-ahmed", "Sam Ahmed", work_phone="+447700900001"), person("s-ahmed", "Samir Ahmed-Khan", aliases=["SAK"]),
       person("kim-lee", "Kim Lee")]


def shifts(title, uid, first=-1, days=6):
    return [Event(f"{uid}-{day}@test", today() + timedelta(days=day), today() + timedelta(days=day + 1), title) for day in range(first, days)]


def start(testbed, people=None, count=2, own=None, second=None):
    testbed.publisher.publish("amhp", calendar(own or shifts("AMHP – Sam Ahmed", "own")))
    testbed.publisher.publish("second", calendar(second or shifts("AMHP – Samir Ahmed-Khan", "second")))
    testbed.start(region(testbed.publisher, people or TWO, count))
    wait_until(lambda: {testbed.feed(rota)["state"] for rota in (ROTA, SECOND)} == {"good"}, 30, "both feeds were read")


def token_of(testbed, account):
    token = testbed.crisiscover("token", account).stdout.strip()
    wait_until(lambda: testbed.get("/v1/me", token=token).status == 200, 10, f"the token of {account} was known")
    return token


def read(testbed, id, **more):
    answer = testbed.get(f"/v1/people/{id}", **more)
    assert answer.status == 200, answer
    return answer.headers["ETag"], int(answer.headers["ETag"].strip('"').split("-")[1]), answer.json


def merge(testbed, kept, gone, dry=False, seen=None, **more):
    token = more.pop("token", "own")
    tag, _, _ = read(testbed, kept)
    _, version, _ = read(testbed, gone)
    body = {"person": gone, "version": version, "reason": "one and the same", **more}
    return testbed.post(f"/v1/people/{kept}/merge{'?dry_run=1' if dry else ''}", body, headers={"If-Match": seen or tag}, token=token)


def split(testbed, id, dry=False, **more):
    token = more.pop("token", "own")
    tag, _, _ = read(testbed, id)
    return testbed.post(f"/v1/people/{id}/split{'?dry_run=1' if dry else ''}", {"reason": "they are two", **more}, headers={"If-Match": tag},
                        token=token)


def done(answer, status=200):
    assert answer.status == status, answer
    return answer.json


def on_call(testbed):
    return sorted(one["name"] for one in testbed.now()["on_call"])


def present(testbed):
    found = testbed.now()
    return found["requirements"][0]["present"] if "requirements" in found else found["present"]


def coverage(testbed):
    begin, end = today() + timedelta(days=1), today() + timedelta(days=4)
    answer = testbed.get(f"/v1/coverage?place=ZED01&function=amhp&from={rfc3339(begin)}&to={rfc3339(end)}")
    assert answer.status == 200, answer
    return [(span["start"], span["end"], span["state"], span["present"], sorted(one["name"] for one in span.get("people", [])))
            for one in answer.json["requirements"] for span in one["spans"]]


def gaps_of(answer):
    """What opens and closes. A gap that is open begins at the second of the question, so that its start is left out."""
    return [[(one["requirement"], one["place"], one["end"], one["state"]) for one in answer["effect"][part]] for part in ("opens", "closes")]


def stands(testbed):
    """Everything in force that names people, without the numbers of rows."""
    return testbed.sql("""
        select 'shift', rota, key, class, person, starts_at::text, ends_at::text, override::text from shift where known_to = 'infinity'
        union all select 'decision', rota, key, reads, person, decided_by, null, null from decision where known_to = 'infinity'
        union all select 'absence', id::text, person, made_by, withdrawn_by, starts_at::text, ends_at::text, null from absence
        union all select 'override', id::text, rota, person, instead, starts_at::text, expires_at::text,
          (select e.standing || coalesce(e.dispute, '') || coalesce(e.rests::text, '') || coalesce(e.pieces::text, '') from override_event e
           where e.override = o.id order by e.id desc limit 1) from override o
        union all select 'set-up', kind, key, item::text, null, null, null, position::text from setup_item where ended is null
        order by 1, 2, 3, 4, 5, 6, 7, 8""")


@pytest.mark.holds("H11.3")
def test_q80_one_who_was_counted_twice_is_counted_once(testbed):
    start(testbed)
    wait_until(lambda: on_call(testbed) == ["Sam Ahmed", "Samir Ahmed-Khan"], 20, "both were on")
    wait_until(lambda: {one[2] for one in coverage(testbed)} == {"covered"}, 20, "it was covered by two")
    before, known, cover = stands(testbed), testbed.settled(), coverage(testbed)
    then = f"/v1/now?place=ZED01&function=amhp&at={rfc3339(known)}&known_at={rfc3339(known)}"
    was = testbed.get(then).body

    shown = done(merge(testbed, "sam-ahmed", "s-ahmed", dry=True))
    assert not shown["applied"] and shown["effect"]["opens_total"] > 0 and shown["effect"]["closes_total"] == 0, shown["effect"]
    assert {"kind": "person", "was": "s-ahmed", "now": "sam-ahmed"} in shown["effect"]["codes"]
    assert [(one["rota"], one["from"], one["to"]) for one in shown["shifts"]] == [(SECOND, "s-ahmed", "sam-ahmed")]
    assert stands(testbed) == before, "a dry run changes nothing"

    made = done(merge(testbed, "sam-ahmed", "s-ahmed"))
    assert gaps_of(made) == gaps_of(shown)
    for part in ("codes", "undecided", "opens_total", "closes_total"):
        assert made["effect"][part] == shown["effect"][part], part
    assert made["shifts"] == shown["shifts"] and made["object"] == shown["object"]
    assert made["object"]["aliases"] == ["Samir Ahmed-Khan", "SAK"] and made["object"]["renamed_from"] == ["s-ahmed"]
    wait_until(lambda: on_call(testbed) == ["Sam Ahmed"] or on_call(testbed) == ["Sam Ahmed", "Sam Ahmed"], 10, "one person was on")
    wait_until(lambda: {one[2:4] for one in coverage(testbed)} == {("short", 1)}, 20, "one person counts once")
    opened = {(one["start"], one["end"]) for one in shown["effect"]["opens"]}
    wait_until(lambda: testbed.sql("select count(*) from gap where closed_at is null")[0][0] > 0, 20, "the gap was swept")
    gaps = testbed.get("/v1/gaps?place=ZED01").json["gaps"]
    assert gaps and all(any(a <= gap["start"] and gap["end"] <= b or a <= gap["end"] for a, b in opened) for gap in gaps)

    # Who went is found under the one who stays; what was known then is known of two.
    assert read(testbed, "s-ahmed")[2]["id"] == "sam-ahmed"
    assert testbed.get(then).body == was
    assert testbed.get(f"/v1/people/s-ahmed?known_at={rfc3339(known)}").json["id"] == "s-ahmed"
    history = testbed.get(f"/v1/history?place=ZED01&function=amhp&at={rfc3339(known)}&known_at={rfc3339(known)}")
    assert history.status == 200 and "Samir Ahmed-Khan" in history.text, history
    assert testbed.sql("select detail->>'from', detail->>'to', detail->>'reason' from audit where action = 'people_merged'") == \
        [("s-ahmed", "sam-ahmed", "one and the same")]
    merges = done(testbed.get("/v1/people/s-ahmed/merges"))["merges"]
    assert [(one["id"], one["gone"], one["kept"], one["undone_at"]) for one in merges] == [(made["merge"], "s-ahmed", "sam-ahmed", None)]

    # Taken back before any calendar has been read again, or after: all is as it was.
    wait_until(lambda: testbed.sql("select count(*) from dirty")[0][0] == 0, 20, "the merge was swept")
    shown = done(split(testbed, "sam-ahmed", dry=True, merge=made["merge"]))
    assert shown["effect"]["closes_total"] > 0 and shown["effect"]["opens_total"] == 0, shown["effect"]
    back = done(split(testbed, "sam-ahmed", merge=made["merge"]))
    assert gaps_of(back) == gaps_of(shown) and back["shifts"] == shown["shifts"]
    wait_until(lambda: stands(testbed) == before, 30, "everything stood as before")
    wait_until(lambda: coverage(testbed) == cover, 20, "the cover is as before")
    assert testbed.get(then).body == was
    assert testbed.get("/v1/people/s-ahmed/merges").json["merges"][0]["undone_reason"] == "they are two"
    again = split(testbed, "sam-ahmed", merge=made["merge"])
    assert again.status == 409, again
    assert testbed.crisiscover("audit", "verify").returncode == 0
    assert testbed.sanitizer_reports() == []


@pytest.mark.holds("H11.1")
def test_q81_a_title_that_means_either_is_undecided_until_they_are_one(testbed):
    same = [person("sam-ahmed", "Sam Ahmed"), person("sam-ahmed-2", "Sam Ahmed"), person("kim-lee", "Kim Lee")]
    start(testbed, same, count=1, second=shifts("AMHP – Kim Lee", "second", 30, 31))
    assert on_call(testbed) == []
    before = stands(testbed)
    shown = done(merge(testbed, "sam-ahmed", "sam-ahmed-2", dry=True))
    assert [(one["rota"], one["was"], one["becomes"], one["to"]) for one in shown["titles"]] == [(ROTA, "undecided", "named", "sam-ahmed")]
    made = done(merge(testbed, "sam-ahmed", "sam-ahmed-2"))
    wait_until(lambda: on_call(testbed) == ["Sam Ahmed"], 30, "the title counted")
    # Two again: from that instant on the title counts for nobody, whatever the reader is doing.
    pids = testbed.pids("feeds")
    testbed.kill_role("feeds")
    done(split(testbed, "sam-ahmed", merge=made["merge"]))
    assert testbed.sql("select count(*) from shift where known_to = 'infinity' and class = 'named' and person like 'sam-%%' and ends_at > now()"
                       )[0][0] == 0, "a title of either is of nobody in the same transaction"
    wait_until(lambda: on_call(testbed) == [], 20, "the title was undecided")
    testbed.wait_role_back("feeds", pids)
    wait_until(lambda: [one[1:] for one in stands(testbed) if one[0] == "shift"] == [one[1:] for one in before if one[0] == "shift"], 30,
               "read again, the calendar says what it did")
    assert on_call(testbed) == []


@pytest.mark.holds("H11.2")
def test_q82_decisions_overrides_and_absences_go_back_where_they_came_from(testbed):
    start(testbed, own=shifts("AMHP – Sam Ahmed", "own") + shifts("the tall one", "tall", 1, 3))
    hours = [{"start": rfc3339(now() + n * 30 * HOUR), "end": rfc3339(now() + (n * 30 + 5) * HOUR)} for n in range(1, 6)]
    for body in ({"rota": SECOND, "person": "kim-lee", "instead": "s-ahmed", **hours[0], "confirm": True},
                 {"rota": ROTA, "person": "s-ahmed", **hours[1], "confirm": True},
                 {"rota": ROTA, "person": "kim-lee", "instead": "sam-ahmed", **hours[2], "confirm": True}):
        done(testbed.post("/v1/overrides", body), 201)
    for id in ("sam-ahmed", "s-ahmed"):
        done(testbed.post("/v1/absences", {"person": id, **hours[3]}), 201)
    done(testbed.post(f"/v1/rotas/{ROTA}/decisions", {"title": "the tall one", "reads": "named", "person": "s-ahmed"}), 201)
    wait_until(lambda: testbed.sql("select count(*) from shift where known_to = 'infinity' and title = 'the tall one' and person = 's-ahmed'"
                                   )[0][0] == 2, 30, "the decision was read by")
    wait_until(lambda: testbed.sql("select count(*) from feed where refresh_asked_at is not null or claim is not null")[0][0] == 0, 20,
               "the feeds had been read")
    before = stands(testbed)
    made = done(merge(testbed, "sam-ahmed", "s-ahmed"))
    assert sorted(one["kind"] for one in made["decided"]) == ["absence", "decision", "override", "override"]
    wait_until(lambda: testbed.sql("select count(*) from dirty")[0][0] == 0, 20, "the merge was swept")

    # What is decided while they are one is nobody's to guess.
    override = done(testbed.post("/v1/overrides", {"rota": SECOND, "person": "sam-ahmed", **hours[4], "confirm": True}), 201)["id"]
    absence = done(testbed.post("/v1/absences", {"person": "sam-ahmed", "start": rfc3339(now() + 400 * HOUR),
                                                 "end": rfc3339(now() + 410 * HOUR)}), 201)["id"]
    refused = split(testbed, "sam-ahmed", merge=made["merge"])
    assert refused.status == 409 and {one["path"] for one in refused.json["errors"]} == {f"override:{override}", f"absence:{absence}"}, refused
    assert split(testbed, "sam-ahmed", merge=made["merge"], goes=["override:999"]).status == 422
    shown = done(split(testbed, "sam-ahmed", dry=True, merge=made["merge"]))
    assert {one["key"] for one in shown["decided"] if one["lot"] == "unclear"} == {f"override:{override}", f"absence:{absence}"}
    done(split(testbed, "sam-ahmed", merge=made["merge"], goes=[f"override:{override}"], rest="stays"))
    assert testbed.sql("select person from override where id = %s", override) == [("s-ahmed",)]
    assert testbed.sql("select person from absence where id = %s", absence) == [("sam-ahmed",)]
    assert testbed.request("DELETE", f"/v1/overrides/{override}?confirm=1").status == 204
    assert testbed.request("DELETE", f"/v1/absences/{absence}").status == 204

    def others():
        return {one for one in stands(testbed) if one[:2] not in (("override", str(override)), ("absence", str(absence)))}
    wait_until(lambda: others() == set(before), 30, "everything stood as before")


@pytest.mark.holds("H11.1")
def test_q88_an_import_undone_after_a_split_names_nobody_who_may_be_either(testbed):
    made = region(testbed.publisher, [person("sam-ahmed", "Sam Ahmed"), person("kim-lee", "Kim Lee")], count=1)
    made["rotas"] = [{"id": "roster", "service": "fenmere-amhp", "tier": 1, "source": {"kind": "file"}}]
    testbed.start(made)
    testbed.wait_ready()
    away = [Event("away@test", today() + timedelta(days=20), today() + timedelta(days=21), "Sam Ahmed - annual leave")]
    for number, events in enumerate((shifts("AMHP – Sam Ahmed", "own") + away, shifts("AMHP – Kim Lee", "other"))):
        path = testbed.write(f"{number}.ics", calendar(events).decode())
        testbed.crisiscover("import", "roster", path, "--confirm", "--reason", "as sent")
        wait_until(lambda n=number: on_call(testbed) == [["Sam Ahmed"], ["Kim Lee"]][n], 20, "the file counts")
    wrong = testbed.get("/v1/imports?rota=roster").json["imports"][0]["id"]
    stopped = testbed.kill_role("feeds", signal.SIGSTOP)
    done(split(testbed, "sam-ahmed", person={"id": "sam-2", "name": "Sam Ahmed"}))
    assert testbed.post(f"/v1/imports/{wrong}/undo", {"reason": "The wrong file."}).status == 200
    stand = testbed.sql("select class, person, count(*) from shift where rota = 'roster' and known_to = 'infinity' and ends_at > now() "
                        "and key not like 'other%%' group by 1, 2 order by 1, 2")
    assert [one[:2] for one in stand] == [("absence", "sam-2"), ("absence", "sam-ahmed"), ("undecided", None)], stand
    wait_until(lambda: on_call(testbed) == [], 20, "nobody counts for them")
    # Read again, the file names either, which is for a person to say.
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)
    wait_until(lambda: testbed.sql("select read_with is not null from feed where rota = 'roster'") == [(True,)], 30, "the file was read again")
    wait_until(lambda: testbed.feed("roster")["state"] == "good", 30, "the file was read again")
    assert on_call(testbed) == []
    assert testbed.sanitizer_reports() == []


def test_q83_who_may(testbed):
    people = json.loads(json.dumps(TWO)) + [{"id": "alder-ahmed", "name": "Al Ahmed", "organisation": "ZAV", "roles": ["amhp"]},
                    person("pat-poe", "Pat Poe", roles=[{"function": "amhp", "approved_by": "ZAV"}])]
    people[2]["roles"] = ["liaison"]
    start(testbed, people)
    tokens = {name: token_of(testbed, name) for name in ("fenmere-rotas", "fenmere-people", "alder-rotas", "viewer", "fenmere-icb", "st-oswins-ed")}
    own, other, approved = ("sam-ahmed", "s-ahmed"), ("sam-ahmed", "alder-ahmed"), ("kim-lee", "pat-poe")
    expected = {"fenmere-rotas": (200, 403, 403), "fenmere-people": (200, 403, 403), "alder-rotas": (403, 403, 403), "viewer": (403, 403, 403),
                "fenmere-icb": (403, 403, 403), "st-oswins-ed": (403, 403, 403), "own": (200, 200, 200)}
    for name, statuses in expected.items():
        token = tokens.get(name, "own")
        assert tuple(merge(testbed, *pair, dry=True, token=token).status for pair in (own, other, approved)) == statuses, name
        assert split(testbed, "sam-ahmed", dry=True, person={"id": "new-one", "name": "New One"}, token=token).status == statuses[0], name
        assert testbed.get("/v1/people/sam-ahmed/merges", token=token).status == statuses[0], name
    # Who is approved by another organisation stays: nobody else becomes so.
    assert merge(testbed, "pat-poe", "kim-lee", dry=True, token=tokens["fenmere-rotas"]).status == 200
    made = done(merge(testbed, "pat-poe", "kim-lee", token=tokens["fenmere-people"]))
    done(split(testbed, "pat-poe", merge=made["merge"], token=tokens["fenmere-rotas"]))
    # Or the approval is proposed for the one who stays, and when a second person has accepted it nothing passes to anybody by the merge.
    refused = merge(testbed, *approved, token=tokens["fenmere-rotas"])
    assert refused.status == 403 and "propose the approval for the one who stays" in refused.json["errors"][0]["detail"], refused
    roles = {"roles": ["liaison", {"function": "amhp", "approved_by": "ZAV"}]}
    proposed = testbed.request("PATCH", "/v1/people/kim-lee?reason=she+is+pat-poe", roles, headers={"If-Match": read(testbed, "kim-lee")[0]},
                               token=tokens["fenmere-rotas"])
    done(testbed.post(f"/v1/proposals/{done(proposed, 202)['proposal']}/accept", token=testbed.sign_in_person("second", "administrator")))
    made = done(merge(testbed, *approved, token=tokens["fenmere-rotas"]))
    assert {"function": "amhp", "approved_by": "ZAV"} in made["object"]["roles"]
    # Across organisations the organisation is chosen.
    refused = merge(testbed, "sam-ahmed", "alder-ahmed")
    assert refused.status == 409 and refused.json["errors"][-1]["path"] == '$.choose["organisation"]', refused
    done(merge(testbed, "sam-ahmed", "alder-ahmed", choose={"organisation": "sam-ahmed"}))


@pytest.mark.holds("H11.2")
def test_q84_what_was_seen_is_what_is_changed(testbed):
    start(testbed)
    tag, version, _ = read(testbed, "sam-ahmed")
    _, other, _ = read(testbed, "s-ahmed")
    body = {"person": "s-ahmed", "version": other, "reason": "one"}
    path = "/v1/people/sam-ahmed/merge"
    assert testbed.post(path, body).status == 428
    assert testbed.post(path, {**body, "version": None}, headers={"If-Match": tag}).status == 400
    assert testbed.post(path, {"person": "s-ahmed", "reason": "one"}, headers={"If-Match": tag}).status == 428
    assert testbed.post(path, {**body, "version": other + 1000}, headers={"If-Match": tag}).status == 412
    assert testbed.post(path, body, headers={"If-Match": '"object-99999"'}).status == 412
    assert testbed.post(path, {"person": "s-ahmed", "version": other}, headers={"If-Match": tag}).status == 400, "why is part of it"
    assert testbed.post(path, {**body, "person": "nobody"}, headers={"If-Match": tag}).status == 422
    assert testbed.post(path, {**body, "person": "sam-ahmed"}, headers={"If-Match": tag}).status == 400
    assert testbed.post(path, {**body, "choose": {"work_phone": "sam-ahmed"}}, headers={"If-Match": tag}).status == 422, "not in question"
    assert testbed.post("/v1/people/nobody/merge", body, headers={"If-Match": tag}).status == 404

    # Two who do it at once: one does, and the other is told that something has changed.
    statuses = []

    def send():
        statuses.append(testbed.post(path, body, headers={"If-Match": tag}, seconds=60).status)
    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) in ([200, 412], [200, 422]), statuses
    assert testbed.sql("select count(*) from person_move") == [(1,)]
    # And others' changes elsewhere, at the same time, are in nobody's way.
    assert version > 0


def test_q85_no_file_makes_one_of_two_in_silence(testbed):
    start(testbed)
    before = stands(testbed)
    whole = json.loads(testbed.crisiscover("region", "get").stdout)
    whole["people"] = [{**one, "renamed_from": ["s-ahmed"]} if one["id"] == "sam-ahmed" else one for one in whole["people"] if one["id"] != "s-ahmed"]
    refused = testbed.apply(whole, check=False)
    assert refused.returncode != 0 and "merge" in refused.stderr + refused.stdout, refused
    assert stands(testbed) == before
    made = done(merge(testbed, "sam-ahmed", "s-ahmed"))
    # What the set-up says of itself applies as it is; and no file makes them two again.
    wait_until(lambda: "s-ahmed" not in {one["id"] for one in testbed.get("/v1/region").json["people"]}, 10, "the merge is shown")
    whole = json.loads(testbed.crisiscover("region", "get").stdout)
    assert testbed.apply(whole).returncode == 0
    assert testbed.sql("select max(version) from region")[0][0] == testbed.sql("select version from person_move")[0][0]
    whole["people"].append(TWO[1])
    assert testbed.apply(whole, check=False).returncode != 0
    done(split(testbed, "sam-ahmed", merge=made["merge"]))


def test_q86_one_who_was_two(testbed):
    """A person of the set-up is really two. Nothing goes to either by a guess."""
    people = [person("sam-ahmed", "Sam Ahmed", aliases=["SA"], work_phone="+447700900001", protected=True), person("kim-lee", "Kim Lee")]
    start(testbed, people, count=1, second=shifts("Doctor A", "second"))
    for title in ("Doctor A", "Doctor B"):
        done(testbed.post(f"/v1/rotas/{SECOND}/decisions", {"title": title, "reads": "named", "person": "sam-ahmed"}), 201)
    wait_until(lambda: on_call(testbed) == ["Sam Ahmed", "Sam Ahmed"] or len(testbed.now()["on_call"]) == 2, 30, "the decision was read by")
    new = {"id": "sara-ahmed", "name": "Sara Ahmed", "aliases": ["SA"]}
    shown = done(split(testbed, "sam-ahmed", dry=True, person=new))
    assert shown["effect"]["opens_total"] > 0, shown["effect"]
    assert {one["lot"] for one in shown["decided"]} == {"unclear"}
    made = done(split(testbed, "sam-ahmed", person=new, stays=[shown["decided"][0]["key"]]))
    assert made["other_object"]["protected"] is True and made["other_object"]["organisation"] == "ZFC"
    assert made["object"]["aliases"] == []
    assert made["effect"]["opens_total"] == shown["effect"]["opens_total"]
    decided = dict(testbed.sql("select words, reads || coalesce(' ' || person, '') from decision where known_to = 'infinity'"))
    assert decided == {"Doctor A": "named sam-ahmed", "Doctor B": "undecided"}
    # Read again: his own name and the decision that stays are his, and hers is hers.
    wait_until(lambda: testbed.sql("select count(*) from shift where known_to = 'infinity' and class = 'named' and person = 'sam-ahmed' and ends_at > now()"
                                   )[0][0] == 12, 30, "what is certain was read again")
    assert split(testbed, "sam-ahmed", person={"id": "kim-lee", "name": "x"}).status == 422
    assert split(testbed, "sam-ahmed", person={**new, "id": "x-y", "surprise": 1}).status == 422


def test_q87_on_the_command_line(testbed):
    start(testbed)
    shown = testbed.crisiscover("people", "merge", "s-ahmed", "into", "sam-ahmed", "--dry-run")
    assert "would" in shown.stdout and "opens" in shown.stdout, shown.stdout
    made = testbed.crisiscover("people", "merge", "s-ahmed", "into", "sam-ahmed", "--reason", "one and the same")
    assert "merged" in made.stdout, made.stdout
    listed = testbed.crisiscover("people", "merges", "sam-ahmed")
    assert "s-ahmed" in listed.stdout and "one and the same" in listed.stdout, listed.stdout
    number = testbed.sql("select id from person_move")[0][0]
    assert testbed.crisiscover("people", "split", "sam-ahmed", "--merge", str(number), "--reason", "two", "--dry-run").returncode == 0
    done_ = testbed.crisiscover("people", "split", "sam-ahmed", "--merge", str(number), "--reason", "two")
    assert "split" in done_.stdout, done_.stdout
    new = testbed.crisiscover("people", "split", "sam-ahmed", "--new", "sara-ahmed", "name=Sara Ahmed", "--reason", "two")
    assert new.returncode == 0
    assert {one[0] for one in testbed.sql("select key from setup_item where kind = 'person' and ended is null")} == \
        {"sam-ahmed", "s-ahmed", "kim-lee", "sara-ahmed"}
    wrong = testbed.crisiscover("people", "merge", "nobody", "into", "sam-ahmed", "--reason", "x", check=False)
    assert wrong.returncode != 0
