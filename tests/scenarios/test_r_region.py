"""The region file applied again: what people have decided since stands, and whoever changes it is asked first."""

import json

import pytest

from regions import HOUR, calendar, now, round_the_clock, small
from servers import wait_until

DUTY = "fenmere-amhp-duty"


def with_file(house, path="feeds/duty.ics", **changes):
    region = small(house.publisher, **changes)
    region["rotas"][0]["source"] = {"kind": "file", "path": path}
    return region


def upload(house, events, rota=DUTY):
    """An owner sends a calendar and confirms it."""
    house.crisiscover("import", rota, house.write("owner.ics", calendar(events)), "--confirm", "--reason", "The rota has changed.")


def on_now(house):
    return [entry["name"] for entry in house.now()["on_call"]]


@pytest.fixture
def filed(house):
    """A house whose duty rota is a file beside the region file: Jo Jones all the time."""
    house.write("feeds/duty.ics", calendar(round_the_clock(who=[("jo-jones", "Jo Jones")])))
    house.start(with_file(house))
    wait_until(lambda: on_now(house) == ["Jo Jones"], 15, "the file was read")
    return house


def confirm_sam(house):
    upload(house, round_the_clock(who=[("sam-ahmed", "Sam Ahmed")], uid="other"))
    wait_until(lambda: on_now(house) == ["Sam Ahmed"], 15, "the import was in force")


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


def put(house, region, *, match=None, query="", token="own"):
    headers = {"If-Match": match} if match else {}
    return house.request("PUT", f"/v1/region{query}", region, token=token, headers=headers)


def test_r04_a_number_changed_by_other_means_is_not_changed_back(filed):
    region = with_file(filed)
    own = json.loads(json.dumps(region))
    own["services"][0]["phone"] = "+441632960777"
    assert put(filed, own).status == 200
    refused = filed.apply(region, check=False)
    assert refused.returncode == 1
    assert "service:fenmere-amhp:phone" in refused.stdout
    # What the file itself changes cannot be done half.
    region["requirements"][0]["tolerance_minutes"] = 5
    assert filed.apply(region, check=False).returncode == 1
    assert filed.get("/v1/region").json["requirements"][0].get("tolerance_minutes", 0) == 0
    filed.apply(region, "--keep")
    kept = wait_until(lambda: (r := filed.get("/v1/region").json)["requirements"][0].get("tolerance_minutes") == 5 and r, 10,
                      "the rest of the file was in force")
    assert kept["services"][0]["phone"] == "+441632960777"
    # Again: nothing to do, and still a conflict for whoever does not say what he means.
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
    answer = filed.post("/v1/overrides", {"rota": DUTY, "person": "sam-ahmed", "instead": "jo-jones",
                                          "start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
                                          "end": (start + HOUR).strftime("%Y-%m-%dT%H:%M:%SZ"), "confirm": True})
    if answer.status not in (200, 201):
        answer = filed.post("/v1/overrides", {"rota": DUTY, "person": "sam-ahmed", "instead": "jo-jones",
                                              "start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
                                              "end": (start + HOUR).strftime("%Y-%m-%dT%H:%M:%SZ")})
    assert answer.status in (200, 201), answer
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

    deed = put(filed, later, query="?file=aa").json
    assert deed["applied"] and shape(deed["effect"]) == shape(effect) and deed["changes"] == dry["changes"]
    wait_until(lambda: filed.now(function="liaison")["state"] == "gap", 15, "liaison was a gap")
    wait_until(lambda: filed.now(function="amhp")["state"] == "unknown", 15, "Jo Jones was unknown")
    back = put(filed, extra, query="?dry_run=1&file=aa&overwrite=").json["effect"]
    assert {(gap["requirement"], gap["place"]) for gap in back["closes"]} >= {("R01", "ZED02")}
