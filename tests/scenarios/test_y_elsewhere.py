# SPDX-License-Identifier: MIT
"""Somebody who lives elsewhere: the teams of the right place, for everybody who may ask at all, and nothing kept of what was asked."""

import subprocess
import urllib.parse

import pytest
from regions import calendar, round_the_clock, small
from servers import POSTGRES_BIN, environment, wait_until
from test_q_second import begun_long_ago

AREAS = """code,name,kind,place,also
X06000001,Fenmere County Council,council,X06000001,ZED01
gps-vale,Señor Vale GPs,gp_area,ZED02,
,ZF1,postcode_district,X06000001,ZED01
ZF9.1,ZF9,postcode_district,X06000001,
ZF9.2,ZF9,postcode_district,ZED02,
"""


@pytest.fixture
def county(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = small(testbed.publisher)
    region["places"] += [{"code": "ZED02", "name": "Marlwick General", "kind": "emergency_department", "switchboard": "+441632960900"}]
    region["accounts"] += [{"name": "far-ward", "kind": "device", "role": "viewer", "places": ["ZED02"]}]
    region["requirements"] += [{"id": "R09", "place": "ZED02", "function": "liaison", "count": 1,
                                "hours": [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}]}]
    testbed.start(region)
    return testbed


def path_of(testbed, name, text):
    testbed.write(name, text)
    return str(testbed.folder / name)


def imported(testbed, text=AREAS, *options):
    done = testbed.crisiscover("areas", "import", path_of(testbed, "areas.csv", text), *options)
    wait_until(lambda: len(testbed.get("/v1/areas").json["areas"]) == 5, 10, "the table is in force")
    return done.stdout


def asked(testbed, of, **more):
    answer = testbed.get(f"/v1/elsewhere?of={urllib.parse.quote(of)}", **more)
    assert answer.status == 200, answer
    assert answer.headers["Cache-Control"] == "no-store" and "ETag" not in answer.headers, answer
    return answer.json


def numbers(match):
    return [(team["function"], team["place"], team["service"], team["phone"]) for team in match["functions"]]


def test_y01_a_table_is_put_in_force_whole_or_not_at_all(county):
    versions = county.sql("select count(*) from region")[0][0]
    tried = county.crisiscover("areas", "import", path_of(county, "areas.csv", AREAS), "--dry-run").stdout
    assert county.sql("select count(*) from region")[0][0] == versions and county.get("/v1/areas").json["areas"] == []
    assert "+ area ZF9.2" in tried, tried
    assert imported(county) == tried, "the dry run says what the deed says"
    assert county.sql("select count(*) from region")[0][0] == versions + 1, "one version, and one row of the audit for each area"
    assert county.sql("select count(*) from audit where object like 'area/%%'")[0][0] == 5
    # Again: nothing changes. A line that is wrong is named, and then nothing is changed at all.
    imported(county)
    assert county.sql("select count(*) from region")[0][0] == versions + 1
    bad = county.crisiscover("areas", "import", path_of(county, "bad.csv", AREAS.replace(",ZF1,", ",ZF2,") + "A1,A,county,ZED01\nA2,A,council,ZEDXX\n"),
                             check=False)
    assert bad.returncode == 3, bad
    assert "line 7: \"county\" is no kind" in bad.stderr and "line 8: there is no place \"ZEDXX\"" in bad.stderr, bad.stderr
    assert county.sql("select count(*) from region")[0][0] == versions + 1
    # Over HTTP the faults name the items as they were sent.
    refused = county.post("/v1/areas", {"areas": [{"code": "ZF1", "name": "ZF1", "kind": "postcode_district", "place": "ZED01"},
                                                  {"code": "new", "name": "New", "kind": "council", "place": "ZEDXX"}]})
    assert refused.status == 422 and [one["path"] for one in refused.json["errors"]] == ["$.areas[1].place"], refused
    # What is not in the file goes only if that is wished.
    shorter = "\n".join(AREAS.splitlines()[:3]) + "\n"
    county.crisiscover("areas", "import", path_of(county, "areas.csv", shorter))
    assert len(county.get("/v1/areas").json["areas"]) == 5
    county.crisiscover("areas", "import", path_of(county, "areas.csv", shorter), "--only")
    wait_until(lambda: len(county.get("/v1/areas").json["areas"]) == 2, 10, "the others are gone")
    # An area is an object like the others, and whose teams are told is no one person's to change: not by itself, and not by a table.
    assert "second person" in county.crisiscover("set", "area", "gps-vale", "place=ZED01", check=False).stderr
    county.crisiscover("set", "area", "gps-vale", "place=ZED01", "--reason", "moved")
    moved = {"areas": [{**county.get("/v1/areas/gps-vale").json, "place": "ZED01"}]}
    begun_long_ago(county)
    refused = county.post("/v1/areas", moved)
    assert refused.status == 403 and [one["path"] for one in refused.json["errors"]] == ["area:gps-vale:place"], refused
    assert county.get("/v1/areas/gps-vale").json["place"] == "ZED02"
    assert county.post("/v1/areas?alone=", moved).status == 400
    assert county.post("/v1/areas?alone=the+county+was+divided", moved).json["single_handed"], "it is listed for review"
    assert county.get("/v1/areas/gps-vale").json["place"] == "ZED01"
    manager = county.sign_in("fenmere-rotas", "rota_manager")
    assert county.post("/v1/areas", {"areas": []}, token=manager).status in (200, 403)
    assert county.post("/v1/areas", {"areas": [], "only": True}, token=manager).status == 403


@pytest.mark.holds("H12.2")
def test_y02_everybody_is_told_the_teams_of_the_right_place(county):
    assert "no table of areas" in asked(county, "Fenmere")["notices"][0]
    imported(county)
    for account, role in (("far-ward", "viewer"), ("fenmere-icb", "commissioner"), ("fenmere-rotas", "rota_manager")):
        token = county.sign_in(account, role)
        match, = asked(county, "fenmere", token=token)["matches"]
        assert (match["area"], match["kind"], match["place"], match["name"]) == ("Fenmere County Council", "council", "X06000001", "Fenmere")
        # The liaison team is the hospital's, which the area has besides.
        assert numbers(match) == [("amhp", "X06000001", "fenmere-amhp", "+441632960456"), ("liaison", "ZED01", "oswins-liaison", None)]
        amhp = match["functions"][0]
        assert amhp["fallback"] == {"text": "Ring the Emergency Duty Team", "phone": "+441632960111"} and amhp["hours"] == "at all hours"
    assert county.get("/v1/elsewhere?of=fenmere", token=None).status == 401
    assert [match["code"] for match in asked(county, "SENOR vale")["matches"]] == ["gps-vale"]
    # Nobody provides it there: the function is named all the same, and the switchboard is there to ring.
    vale, = asked(county, "Vale GPs")["matches"]
    assert numbers(vale) == [("liaison", "ZED02", None, None)] and vale["switchboard"] == "+441632960900"
    assert vale["functions"][0]["hours"] == "Mon to Fri 09:00 to 17:00"
    whole = asked(county, "12 Any Street, Anywhere ZF1 2AB")
    assert whole["district"] == "ZF1" and [one["code"] for one in whole["matches"]] == ["ZF1"]
    assert whole["notices"] == ["Only the first half of the postcode was used. Nothing that was typed is kept."]
    both = asked(county, "zf9")
    assert [one["place"] for one in both["matches"]] == ["X06000001", "ZED02"] and "more than one area" in both["notices"][0]
    assert "No area was found" in asked(county, "Atlantis")["notices"][0] and asked(county, "Atlantis")["matches"] == []
    said = county.crisiscover("elsewhere", "fenmere").stdout
    assert "Fenmere County Council" in said and "01632 960456" in said and "Ring the Emergency Duty Team" in said, said
    for person in ("Jo Jones", "Sam Ahmed", "Kim Lee", "Tess Osei"):
        assert person not in said and person not in county.get("/v1/elsewhere?of=fenmere").text


def test_y03_nothing_that_was_typed_is_kept(county):
    """The texts are such as no file has by itself."""
    county.log_statements()
    county.stop()
    county.configure(log_level="debug")
    county.start()
    county.wait_ready()
    imported(county)
    ward = county.sign_in("far-ward", "viewer")
    texts = ["Quillfeather Lane", "ZF1 7QX", "quillfeather-county", "ZF17QX", "quillfeather' or 1=1", "Fenmere quillfeather", "quillfeather" * 20]
    for text in texts:
        for token in ("own", ward):
            answer = county.get(f"/v1/elsewhere?of={urllib.parse.quote(text)}", token=token)
            assert answer.status in (200, 400) and "quillfeather" not in answer.text.lower() and "7QX" not in answer.text, answer
    assert county.get("/v1/elsewhere?of=quillfeather&place=ZED01").status == 400
    county.crisiscover("elsewhere", "quillfeather")
    assert county.get("/v1/audit?limit=1000").status == 200
    kept = subprocess.run([POSTGRES_BIN / "pg_dump", "-h", str(county.postgres.folder), "-U", "postgres", "crisiscover"], env=environment(),
                          capture_output=True, check=True).stdout
    redis = county.redis_client()
    redis.config_set("rdbcompression", "no")
    redis.save()
    county.sql("checkpoint", login="postgres")
    county.stop()  # the last-good file and the list of reads are written
    files = [path for path in county.folder.rglob("*") if path.is_file()]
    for name in ("last-good", "dump.rdb", "serve-1.log", "postgres.log"):
        assert [path for path in files if path.name == name], f"there is a {name} to be searched"
    for secret in (b"uillfeather", b"7QX", b"7qx"):
        assert secret not in kept
        assert [str(path) for path in files if secret in path.read_bytes()] == []


@pytest.mark.holds("H09.1")
def test_y04_it_is_answered_with_the_database_away(county):
    imported(county)
    county.postgres.stop()
    wait_until(lambda: asked(county, "zf1")["map"]["confidence"] == "stale", 20, "the answer said that it is not live any more")
    assert numbers(asked(county, "zf1")["matches"][0])[0] == ("amhp", "X06000001", "fenmere-amhp", "+441632960456")
    county.stop()
    county.start()
    wait_until(lambda: county.get("/v1/elsewhere?of=zf1").status == 200, 20, "the api answers from its file")
    assert asked(county, "zf1")["map"]["confidence"] == "last_good"
    assert numbers(asked(county, "zf1")["matches"][0])[0] == ("amhp", "X06000001", "fenmere-amhp", "+441632960456")
