# SPDX-License-Identifier: MIT
"""A region file is applied again: what people decided since is kept, and a file that would change it is refused until a person confirms."""

import json

import pytest

from regions import HOUR, calendar, now, round_the_clock, small
from servers import wait_until

DUTY = "fenmere-amhp-duty"


def with_file(testbed, path="feeds/duty.ics", **changes):
    region = small(testbed.publisher, **changes)
    region["rotas"][0]["source"] = {"kind": "file", "path": path}
    return region


def upload(testbed, events, rota=DUTY):
    """An owner sends a calendar and confirms it."""
    testbed.crisiscover("import", rota, testbed.write("owner.ics", calendar(events)), "--confirm", "--reason", "The rota has changed.")


def on_now(testbed):
    return [entry["name"] for entry in testbed.now()["on_call"]]


@pytest.fixture
def filed(testbed):
    """A testbed whose duty rota is a file beside the region file: Jo Jones all the time."""
    testbed.write("feeds/duty.ics", calendar(round_the_clock(who=[("jo-jones", "Jo Jones")])))
    testbed.start(with_file(testbed))
    wait_until(lambda: on_now(testbed) == ["Jo Jones"], 15, "the file was read")
    return testbed


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def override(testbed, **wish):
    """Somebody is put on the duty rota. Answers the override's number."""
    made = testbed.post("/v1/overrides", {"rota": DUTY, **wish})
    assert made.status in (200, 201), made
    return made.json["id"]


def confirm_sam(testbed):
    upload(testbed, round_the_clock(who=[("sam-ahmed", "Sam Ahmed")], uid="other"))
    wait_until(lambda: on_now(testbed) == ["Sam Ahmed"], 15, "the import was in force")


def test_r01_the_same_file_again_leaves_a_confirmed_import(filed):
    confirm_sam(filed)
    imports = filed.sql("select count(*) from import")[0][0]
    done = filed.apply(with_file(filed))
    assert done.returncode == 0, done.stderr
    assert filed.sql("select count(*) from import")[0][0] == imports, "the same bytes are not sent again"
    assert on_now(filed) == ["Sam Ahmed"]
    # Also with another change in the region file.
    changed = with_file(filed)
    changed["services"][0]["phone"] = "+441632960999"
    filed.apply(changed)
    assert filed.sql("select count(*) from import")[0][0] == imports
    wait_until(lambda: filed.now()["on_call"][0]["phone"] == "+441632960999", 10, "the number was in force")
    assert on_now(filed) == ["Sam Ahmed"]


def test_r02_another_file_over_a_confirmed_import_is_a_conflict(filed):
    confirm_sam(filed)
    filed.write("feeds/duty.ics", calendar(round_the_clock(who=[("kim-lee", "Kim Lee")], uid="third")))
    before = filed.sql("select max(id), (select max(version) from region) from import")
    changed = with_file(filed)
    changed["services"][0]["phone"] = "+441632960999"
    dry = filed.apply(changed, "--dry-run")
    assert f"conflict rota:{DUTY}:file" in dry.stdout and "overwrite" in dry.stdout, dry.stdout
    refused = filed.apply(changed, check=False)
    assert refused.returncode == 1, refused.stdout
    assert f"rota:{DUTY}:file" in refused.stdout and "--overwrite" in refused.stderr
    assert filed.sql("select max(id), (select max(version) from region) from import") == before, "nothing was changed"
    meant = filed.apply(changed, "--dry-run", "--overwrite", f"rota:{DUTY}:file").stdout
    assert f"~ file {DUTY}: takes the place of what is in force" in meant and " count, 0 are undecided" in meant, meant
    # To leave it, and to mean it.
    kept = filed.apply(changed, "--keep")
    assert "it stays" in kept.stdout
    assert on_now(filed) == ["Sam Ahmed"]
    filed.apply(changed, "--overwrite", f"rota:{DUTY}:file")
    wait_until(lambda: on_now(filed) == ["Kim Lee"], 15, "the file was in force")
    # From here on it is what the file brought.
    filed.write("feeds/duty.ics", calendar(round_the_clock(who=[("tess-osei", "Tess Osei")], uid="fourth")))
    filed.apply(changed)
    wait_until(lambda: on_now(filed) == ["Tess Osei"], 15, "the next file was in force")


def test_r03_an_undone_file_stays_undone(filed):
    filed.write("feeds/duty.ics", calendar(round_the_clock(who=[("kim-lee", "Kim Lee")], uid="third")))
    filed.apply(with_file(filed))
    wait_until(lambda: on_now(filed) == ["Kim Lee"], 15, "the second file was in force")
    number = filed.sql("select max(id) from import")[0][0]
    answer = filed.post(f"/v1/imports/{number}/undo", {"reason": "The wrong month."})
    assert answer.status in (200, 204), answer
    wait_until(lambda: on_now(filed) == ["Jo Jones"], 15, "it was undone")
    filed.apply(with_file(filed))
    assert on_now(filed) == ["Jo Jones"]
    assert filed.sql("select max(id) from import")[0][0] == number


def put(testbed, region, *, match=None, query="", token="own"):
    headers = {"If-Match": match} if match else {}
    return testbed.request("PUT", f"/v1/region{query}", region, token=token, headers=headers)


def test_r04_a_number_changed_by_other_means_is_not_changed_back(filed):
    region = with_file(filed)
    own = json.loads(json.dumps(region))
    own["services"][0]["phone"] = "+441632960777"
    assert put(filed, own).status == 200
    refused = filed.apply(region, check=False)
    assert refused.returncode == 1
    assert "service:fenmere-amhp:phone" in refused.stdout
    # Changes of the file itself cannot be done by half.
    region["requirements"][0]["tolerance_minutes"] = 5
    assert filed.apply(region, check=False).returncode == 1
    assert filed.get("/v1/region").json["requirements"][0].get("tolerance_minutes", 0) == 0
    filed.apply(region, "--keep")
    kept = wait_until(lambda: (r := filed.get("/v1/region").json)["requirements"][0].get("tolerance_minutes") == 5 and r, 10,
                      "the rest of the file was in force")
    assert kept["services"][0]["phone"] == "+441632960777"
    # Again: nothing to do, and still a conflict until the person says what is meant.
    version = filed.sql("select max(version) from region")[0][0]
    filed.apply(region, "--keep")
    assert filed.sql("select max(version) from region")[0][0] == version
    assert filed.apply(region, check=False).returncode == 1
    filed.apply(region, "--overwrite", "service:fenmere-amhp:phone")
    wait_until(lambda: filed.get("/v1/region").json["services"][0]["phone"] == "+441632960456", 10, "the file's number was in force")
    filed.apply(region)


def test_r05_another_file_in_between_is_not_undone_by_the_first(filed):
    """As when deploy/up runs again after somebody has applied a file of his own."""
    region = with_file(filed)
    other = json.loads(json.dumps(region))
    other["services"][0]["phone"] = "+441632960777"
    filed.write("elsewhere/feeds/duty.ics", calendar(round_the_clock(who=[("jo-jones", "Jo Jones")])))
    filed.crisiscover("apply", filed.write("elsewhere/region.json", json.dumps(other)))
    refused = filed.apply(region, check=False)
    assert refused.returncode == 1 and "service:fenmere-amhp:phone" in refused.stdout
    filed.apply(region, "--keep")
    assert filed.get("/v1/region").json["services"][0]["phone"] == "+441632960777"


def test_r06_a_rota_with_an_override_does_not_go_unasked(filed):
    start = now() + HOUR
    override(filed, person="sam-ahmed", instead="jo-jones", start=stamp(start), end=stamp(start + HOUR))
    region = with_file(filed)
    region["rotas"] = []
    refused = filed.apply(region, check=False)
    assert refused.returncode == 1
    assert f"rota:{DUTY}" in refused.stdout and "override" in refused.stdout
    dry = filed.apply(region, "--dry-run", "--overwrite", f"rota:{DUTY}")
    assert "goes: override" in dry.stdout and "sam-ahmed" in dry.stdout, dry.stdout
    filed.apply(region, "--overwrite", f"rota:{DUTY}")
    wait_until(lambda: filed.now()["on_call"] == [], 10, "the rota was gone")


def test_r07_if_match_refuses_what_was_changed_meanwhile(filed):
    read = filed.get("/v1/region")
    tag = read.headers["ETag"]
    region = read.json
    first = json.loads(json.dumps(region))
    first["services"][0]["phone"] = "+441632960777"
    answer = put(filed, first, match=tag)
    assert answer.status == 200, answer
    assert answer.headers["ETag"] != tag
    region["people"][1]["name"] = "Sam Ahmad"
    late = put(filed, region, match=tag)
    assert late.status == 412, late
    assert late.headers["ETag"] == answer.headers["ETag"]
    assert {"path": "service:fenmere-amhp", "detail": "was changed since: phone"} in late.json["errors"]
    assert filed.sql("select count(*) from region")[0][0] == 2
    # Also of a dry run, also of a tag that is nobody's.
    assert put(filed, region, match=tag, query="?dry_run=1").status == 412
    assert put(filed, region, match='"of something else"').status == 412
    region["services"][0]["phone"] = "+441632960777"
    assert put(filed, region, match=answer.headers["ETag"]).status == 200
    assert put(filed, region, match="*").status == 200


def test_r08_what_is_read_back_changes_nothing(filed):
    confirm_sam(filed)
    file = filed.write("back/region.json", filed.crisiscover("region", "get").stdout)
    version = filed.sql("select max(version), (select count(*) from import) from region")
    dry = filed.crisiscover("apply", file, "--dry-run")
    assert "the set-up is as the file says" in dry.stdout, dry.stdout
    assert "conflict" not in dry.stdout
    filed.crisiscover("apply", file)
    again = filed.crisiscover("apply", file, "--dry-run")
    assert "the set-up is as the file says" in again.stdout
    assert filed.sql("select (select count(*) from import) from region limit 1")[0][0] == version[0][1]
    assert on_now(filed) == ["Sam Ahmed"]


def test_r09_the_dry_run_says_what_the_deed_does(filed):
    """People, gaps, tokens and codes; the deed gives the same answer, and the map then says the same."""
    filed.issue_token("st-oswins-ed", "viewer")
    extra = with_file(filed)
    filed.write("feeds/night.ics", calendar(round_the_clock(who=[("kim-lee", "Kim Lee")], uid="night")))
    extra["rotas"].append({"id": "oswins-liaison-rota", "service": "oswins-liaison", "tier": 1,
                           "source": {"kind": "file", "path": "feeds/night.ics"}})
    extra["people"][2]["organisation"] = "ZAV"
    filed.apply(extra)
    wait_until(lambda: filed.now(function="liaison")["state"] == "covered", 15, "liaison was covered")

    def shape(effect):
        return {key: effect[key] for key in ("rotas", "undecided", "codes", "tokens", "said")}

    later = json.loads(json.dumps(extra))
    later["rotas"] = later["rotas"][:1]
    later["people"] = [person for person in later["people"] if person["id"] != "jo-jones"]
    later["accounts"] = [account for account in later["accounts"] if account["name"] != "fenmere-icb"]
    later["places"].append({"code": "ZED02", "name": "Another", "kind": "hospital", "parents": ["X06000001"]})
    dry = put(filed, later, query="?dry_run=1&file=aa").json
    effect = dry["effect"]
    assert [(rota["rota"], rota["why"]) for rota in effect["rotas"]] == [("oswins-liaison-rota", "leaves the region")]
    assert effect["rotas"][0]["shifts"] > 10
    assert [(turned["person"], turned["rota"], turned["certain"]) for turned in effect["undecided"]] == [("jo-jones", DUTY, True)]
    assert effect["tokens"] == [{"account": "fenmere-icb", "tokens": 0}]
    assert {"kind": "rota", "was": "oswins-liaison-rota", "now": None} in effect["codes"]
    assert {"kind": "person", "was": "jo-jones", "now": None} in effect["codes"]
    opened = {(gap["requirement"], gap["place"], gap["state"]) for gap in effect["opens"]}
    assert opened == {("R04", "ZED01", "gap"), ("R01", "X06000001", "unknown"), ("R01", "ZED01", "unknown"), ("R01", "ZED02", "gap")}
    assert effect["closes"] == []
    words = filed.crisiscover("apply", filed.write("later/region.json", json.dumps(later)), "--dry-run", check=False)
    assert "opens gap: R04 liaison at ZED01" in words.stdout, words.stdout + words.stderr
    assert "undecided: " in words.stdout and "Jo Jones" in words.stdout

    deed = put(filed, later, query="?file=aa&alone=it+leaves").json
    assert deed["applied"] and shape(deed["effect"]) == shape(effect) and deed["changes"] == dry["changes"]
    wait_until(lambda: filed.now(function="liaison")["state"] == "gap", 15, "liaison was a gap")
    wait_until(lambda: filed.now(function="amhp")["state"] == "unknown", 15, "Jo Jones was unknown")
    back = put(filed, extra, query="?dry_run=1&file=aa&overwrite=").json["effect"]
    assert {(gap["requirement"], gap["place"]) for gap in back["closes"]} >= {("R01", "ZED02")}


# ------------------------------------------------------------------------------------------------------------------- other codes


def renamed(region):
    """The same set-up, in which everything but the function has another code."""
    codes = {"ZFC": "ZFX", "X06000001": "X06000009", "ZED01": "ZED99", "jo-jones": "jones-j", "fenmere-amhp": "fen-amhp",
             DUTY: "fen-duty", "R01": "R01-new", "st-oswins-ed": "oswins-ed", "amhp": "amhp2"}

    def walk(value):
        if isinstance(value, dict):
            return {key: walk(item) for key, item in value.items()}
        if isinstance(value, list):
            return [walk(item) for item in value]
        return codes.get(value, value) if isinstance(value, str) else value

    after = walk(region)
    for section in ("organisations", "functions", "places", "people", "services", "rotas", "requirements", "accounts"):
        for before, item in zip(region[section], after[section]):
            own = before.get("code") or before.get("id") or before.get("name")
            if own in codes:
                item["renamed_from"] = own
    return after, codes


def test_r10_everything_may_be_called_otherwise(testbed):
    region = small(testbed.publisher)
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read")
    device = testbed.sign_in("st-oswins-ed", "viewer")
    testbed.sql("update account set by_hand = false where name = 'st-oswins-ed'")
    first = testbed.now()
    # An override, a decision, an absence, an acknowledged gap, an import.
    start = now() + 48 * HOUR
    # Two shifts after Jo Jones is Kim Lee: there Jo Jones has rested for twelve hours, and will.
    shifts = testbed.get(f"/v1/shifts?rota={DUTY}&from={stamp(start)}&to={stamp(start + 72 * HOUR)}").json["shifts"]
    on = next(shift for shift in shifts if shift["person"] == "kim-lee")
    made = override(testbed, person="jo-jones", instead=on["person"], start=on["start"], end=on["end"])
    assert testbed.post(f"/v1/rotas/{DUTY}/decisions", {"alias": "Jonesy", "person": "jo-jones"}).status in (200, 201)
    away = testbed.post("/v1/absences", {"person": "jo-jones", "start": stamp(now() + 300 * HOUR), "end": stamp(now() + 301 * HOUR)})
    assert away.status in (200, 201), away
    gap = wait_until(lambda: [gap for gap in testbed.get("/v1/gaps?place=ZED01").json["gaps"] if gap["requirement"] == "R04"], 15, "a gap")[0]
    assert testbed.post(f"/v1/gaps/{gap['id']}/acknowledge", {"note": "on it"}).status == 200
    settled = testbed.settled()
    known = stamp(settled)

    def then(place, function="amhp"):
        return testbed.get(f"/v1/now?place={place}&function={function}&at={known}&known_at={known}").json

    def record(place):
        answer = testbed.get(f"/v1/history?place={place}&at={known}&known_at={known}").json
        for key in ("looked", "looked_at", "as_of"):
            answer.pop(key, None)
        for gap in answer["gaps"]:
            gap.pop("since")  # that it is called otherwise now is a step of its own
        return answer

    was, recorded = then("ZED01"), record("ZED01")
    spans = testbed.sql("select count(*) from span where known_to = 'infinity'")
    after, codes = renamed(region)
    dry = testbed.apply(after, "--dry-run")
    assert f"~ rota fen-duty: code" in dry.stdout and "is now fen-duty" in dry.stdout, dry.stdout
    assert "opens" not in dry.stdout and "closes" not in dry.stdout, dry.stdout
    assert testbed.apply(after).returncode == 0
    testbed.wait_ready()
    wait_until(lambda: testbed.get("/v1/now?place=ZED99&function=amhp2").status == 200, 10, "the new codes were served")

    def sees(place, function):
        return testbed.get(f"/v1/now?place={place}&function={function}").json["functions"][0]

    # The old codes are answered, with the new ones; the same person is on.
    for place, function in (("ZED99", "amhp2"), ("ZED01", "amhp")):
        answer = testbed.get(f"/v1/now?place={place}&function={function}").json
        assert answer["place"]["code"] == "ZED99"
        assert answer["functions"][0]["function"] == "amhp2" and answer["functions"][0]["state"] == "covered", answer
        assert [entry["name"] for entry in answer["functions"][0]["on_call"]] == [entry["name"] for entry in first["on_call"]]
    # The decisions of people have come along.
    overrides = testbed.get("/v1/overrides").json["overrides"]
    assert [(entry["id"], entry["rota"]) for entry in overrides] == [(made, "fen-duty")]
    assert codes.get("jo-jones") in (overrides[0]["person"] if isinstance(overrides[0]["person"], str) else json.dumps(overrides[0]))
    assert [entry["words"] if "words" in entry else entry.get("alias") for entry in
            testbed.get("/v1/rotas/fen-duty/decisions").json["decisions"]] == ["Jonesy"]
    assert testbed.sql("select person, count(*) from absence group by 1") == [("jones-j", 1)]
    kept = [entry for entry in testbed.get("/v1/gaps?place=ZED99").json["gaps"] if entry["requirement"] == "R04"]
    assert [entry["id"] for entry in kept] == [gap["id"]] and "on it" in json.dumps(kept)
    assert testbed.get("/v1/me", token=device).json["account"] == "oswins-ed"
    assert testbed.sql("select state, horizon is not null from feed where rota = 'fen-duty'") == [("good", True)]
    assert not testbed.sql("select 1 from shift where known_to = 'infinity' and (rota = %s or person = 'jo-jones')", DUTY)
    # The map is swept under the new codes, and nothing of it was lost.
    wait_until(lambda: testbed.sql("select region_version = (select max(version) from region) from map_head") == [(True,)], 20, "it was swept")
    assert testbed.sql("select count(*) from span where known_to = 'infinity'") == spans
    # The past answers as it did, under either code.
    for place, function in (("ZED01", "amhp"), ("ZED99", "amhp2")):
        again = then(place, function)
        assert again["place"] == was["place"] and again["functions"] == was["functions"], again
    assert record("ZED01") == recorded and record("ZED99") == recorded
    # Known now, of the time before.
    coverage = testbed.get(f"/v1/coverage?place=ZED99&from={stamp(settled - 2 * HOUR)}&to={known}").json
    assert {requirement["id"] for requirement in coverage["requirements"]} == {"R01-new", "R04"}

    # The file says it once. Applied again without that key, everything is as it was.
    plain = json.loads(json.dumps(after))
    for section in ("organisations", "functions", "places", "people", "services", "rotas", "requirements", "accounts"):
        for item in plain[section]:
            item.pop("renamed_from", None)
    assert "the set-up is as the file says" in testbed.apply(plain, "--dry-run").stdout
    testbed.apply(plain)
    assert testbed.get("/v1/now?place=ZED01&function=amhp").json["place"]["code"] == "ZED99"
    # A code that was given away is no other thing's.
    twin = json.loads(json.dumps(plain))
    twin["places"].append({"code": "ZED01", "name": "Another", "kind": "hospital"})
    refused = testbed.apply(twin, check=False)
    assert refused.returncode == 3 and "never used again" in refused.stderr, refused.stderr
    # And back again.
    testbed.apply(region)
    wait_until(lambda: testbed.get("/v1/now?place=ZED99&function=amhp2").json["place"]["code"] == "ZED01", 10, "the old codes were back")
    assert [entry["id"] for entry in testbed.get("/v1/overrides").json["overrides"]] == [made]
    assert record("ZED01") == recorded


def test_r11_a_name_before_stays_an_alias(testbed):
    region = small(testbed.publisher)
    testbed.publisher.publish("amhp", calendar(round_the_clock(who=[("jo-jones", "Jo Jones")])))
    testbed.start(region)
    wait_until(lambda: on_now(testbed) == ["Jo Jones"], 15, "the feed was read")
    married = json.loads(json.dumps(region))
    married["people"][0]["name"] = "Jo Smythe"
    dry = testbed.apply(married, "--dry-run")
    assert "~ person jo-jones: name, former_names" in dry.stdout, dry.stdout
    assert "stays an alias" in dry.stdout and "undecided" not in dry.stdout, dry.stdout
    testbed.apply(married)
    wait_until(lambda: on_now(testbed) == ["Jo Smythe"], 15, "the name was in force")
    testbed.refresh(DUTY)
    wait_until(lambda: testbed.sql("select refresh_asked_at is null from feed") == [(True,)], 20, "the feed was read again")
    assert on_now(testbed) == ["Jo Smythe"] and testbed.now()["state"] == "covered"
    assert "the set-up is as the file says" in testbed.apply(married, "--dry-run").stdout
    # Unless told otherwise.
    married["people"][0]["former_names"] = []
    dry = testbed.apply(married, "--dry-run")
    assert "undecided: up to" in dry.stdout and "Jo Smythe" in dry.stdout, dry.stdout
    testbed.apply(married)
    wait_until(lambda: testbed.now()["state"] == "unknown" or testbed.feed(DUTY)["state"] == "held", 90, "nobody knows who Jo Jones is")


def test_r12_what_waits_is_confirmed_and_undone_under_another_code(filed):
    """An import that waits for a person while its rota and whom it names get other codes; and one that is taken back after that."""
    confirm_sam(filed)
    number = filed.sql("select max(id) from import")[0][0]
    filed.crisiscover("import", DUTY, filed.write("next.ics", calendar(round_the_clock(who=[("jo-jones", "Jo Jones")], uid="fourth"))), check=False)
    waits = wait_until(lambda: filed.sql("select id from import where state = 'preview'"), 15, "an import waits")[0][0]
    assert filed.apply(renamed(with_file(filed))[0]).returncode == 0
    filed.wait_ready()
    wait_until(lambda: filed.get("/v1/now?place=ZED99&function=amhp2").status == 200, 10, "the new codes were served")

    def on():
        return [entry["name"] for entry in filed.get("/v1/now?place=ZED99&function=amhp2").json["functions"][0]["on_call"]]

    assert on() == ["Sam Ahmed"]
    wait_until(lambda: filed.get(f"/v1/imports/{waits}").json["state"] == "preview", 15, "it was read again")
    assert filed.sql("select distinct person from import_shift where import = %s" % waits) == [("jones-j",)]
    answer = filed.post(f"/v1/imports/{waits}/confirm", {"reason": "It is hers."})
    assert answer.status in (200, 204), answer
    wait_until(lambda: on() == ["Jo Jones"], 15, "it was in force")
    assert filed.sql("select distinct person from shift where reading is not null and known_to = 'infinity' and ends_at > now()") == [("jones-j",)]
    for taken_back, before in ((waits, "Sam Ahmed"), (number, "Jo Jones")):
        answer = filed.post(f"/v1/imports/{taken_back}/undo", {"reason": "The wrong one."})
        assert answer.status in (200, 204), answer
        wait_until(lambda: on() == [before], 20, "what was before it was in force")


@pytest.mark.holds("H18.1")
def test_r13_the_dry_run_says_what_changed_calendars_do(filed):
    """Gaps that a file beside the region file opens, and the overrides that it disputes, as the preview of an import says them; nothing is left."""
    events = round_the_clock(who=[("jo-jones", "Jo Jones")])
    soon = [event for event in events if event.start > now() + 24 * HOUR][:2]
    made = override(filed, person="kim-lee", instead="jo-jones", start=stamp(soon[0].start), end=stamp(soon[0].end))
    wait_until(lambda: filed.sql("select count(*) from dirty") == [(0,)], 20, "it was swept")
    gone = calendar([event for event in events if event not in soon])
    filed.write("feeds/duty.ics", gone)
    file = filed.write("region.json", json.dumps(with_file(filed)))
    left = lambda: [filed.sql(f"select count(*) from {table}") for table in ("import", "import_shift", "reading", "body", "reading_attempt")]
    before = left(), filed.get("/v1/imports").json
    said = filed.crisiscover("apply", file, "--dry-run").stdout
    assert (left(), filed.get("/v1/imports").json) == before
    assert "gaps it would open:" in said and "unknown amhp at ZED01" in said and "gap amhp at ZED01" in said, said
    assert f"overrides it would put into dispute:\n      {made}: By an override made here Kim Lee" in said, said
    assert on_now(filed) == ["Jo Jones"] and filed.get("/v1/overrides").json["overrides"][0]["state"] == "waiting"
    # The deed does what was said, and the dry run has left nothing that stops it.
    assert filed.crisiscover("apply", file).returncode == 0
    wait_until(lambda: filed.get("/v1/overrides").json["overrides"][0]["state"] == "conflicting", 20, "the override was in dispute")
    state = lambda event: filed.now(at=event.start + HOUR)["state"]
    wait_until(lambda: (state(soon[0]), state(soon[1])) == ("unknown", "gap"), 20, "the map was as it was said to be")
    # Once it is there, it is not sent again and not said again.
    assert "if it were put in force now" not in filed.crisiscover("apply", file, "--dry-run").stdout


def test_r14_a_rota_with_another_code_keeps_what_a_person_confirmed(filed):
    """The file beside it is the one that was applied before; what an owner put in force since stays, and a changed file is asked about."""
    confirm_sam(filed)
    region = with_file(filed)
    region["rotas"][0].update(id="duty-two", renamed_from=DUTY)
    done = filed.apply(region, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    wait_until(lambda: filed.sql("select rota from feed") == [("duty-two",)], 10, "it had its other code")
    assert on_now(filed) == ["Sam Ahmed"]
    assert filed.sql("select count(*) from import where filed and state = 'applied'") == [(1,)]
    filed.write("feeds/duty.ics", calendar(round_the_clock(who=[("kim-lee", "Kim Lee")], uid="third")))
    refused = filed.apply(region, check=False)
    assert refused.returncode != 0 and "conflict rota:duty-two:file" in refused.stdout, refused.stdout + refused.stderr
    assert on_now(filed) == ["Sam Ahmed"]


def test_r15_another_code_and_another_file_at_once_are_asked_about(filed):
    confirm_sam(filed)
    region = with_file(filed)
    region["rotas"][0].update(id="duty-two", renamed_from=DUTY)
    filed.write("feeds/duty.ics", calendar(round_the_clock(who=[("kim-lee", "Kim Lee")], uid="third")))
    refused = filed.apply(region, check=False)
    assert refused.returncode != 0 and "conflict rota:duty-two:file" in refused.stdout, refused.stdout + refused.stderr
    assert filed.sql("select rota from feed") == [(DUTY,)] and on_now(filed) == ["Sam Ahmed"]
    # The import that was confirmed before is taken back under the other code.
    filed.crisiscover("apply", filed.write("region.json", json.dumps(region)), "--keep")
    wait_until(lambda: filed.sql("select rota from feed") == [("duty-two",)], 10, "it had its other code")
    confirmed = filed.sql("select id from import where state = 'applied' and not filed")[0][0]
    undo = lambda: filed.post(f"/v1/imports/{confirmed}/undo", {"reason": "wrong"})
    # Until the api has read the region with the other code, it does not say whose the rota is.
    done = wait_until(lambda: (lambda answer: answer if answer.status != 409 else None)(undo()), 10, "the api knew the other code")
    assert done.status == 200, done
    wait_until(lambda: on_now(filed) == ["Jo Jones"], 10, "what was before was in force")
    assert filed.sql("select count(*) from shift where known_to = 'infinity' and ends_at > now() and rota <> 'duty-two'") == [(0,)]
