# SPDX-License-Identifier: MIT
"""An empty answer never looks like cover: a board answers for the places below it, and a caller always finds a number to ring."""

import json
from datetime import timedelta

import pytest

from regions import ALWAYS, HOUR, Event, calendar, instant, now, rfc3339, round_the_clock, small
from servers import wait_until

ROTA = "fenmere-amhp-duty"
LATER = {"from": rfc3339(now() - HOUR), "to": rfc3339(now() + 14 * 24 * HOUR)}


def board(publisher):
    """A board over two hospitals that ask for themselves, of which one is covered; the board asks for nothing itself."""
    region = small(publisher)
    region["places"] = [{"code": "QZB", "name": "Fenmere Board", "kind": "icb"},
                        {"code": "ZED01", "name": "St Oswin's Hospital", "kind": "emergency_department", "parents": ["X06000001"]},
                        {"code": "X06000001", "name": "Fenmere", "kind": "council_area", "parents": ["QZB"]},
                        {"code": "ZED02", "name": "Northgate Hospital", "kind": "emergency_department", "parents": ["QZB"]}]
    region["requirements"] = [{"id": "R01", "place": "X06000001", "function": "amhp", "count": 1, "hours": ALWAYS},
                              {"id": "R04", "place": "ZED01", "function": "liaison", "count": 1, "hours": ALWAYS},
                              {"id": "R05", "place": "ZED02", "function": "liaison", "count": 1, "hours": ALWAYS}]
    region["accounts"].append({"name": "board", "kind": "person", "role": "commissioner", "places": ["QZB"]})
    return region


def ids(testbed, query):
    return sorted(gap["id"] for gap in testbed.get(f"/v1/gaps?limit=1000&{query}").json["gaps"])


def start(testbed, region):
    events = round_the_clock()
    gone = [event for event in events if event.start > now() + 24 * HOUR][1]
    testbed.publisher.publish("amhp", calendar([event for event in events if event is not gone]))
    testbed.start(region)
    wait_until(lambda: sum(gap["state"] == "gap" for gap in testbed.get("/v1/gaps").json["gaps"]) >= 4, 20, "the missing shift and the two hospitals' gaps are open")


def test_n01_a_boards_gaps_are_those_of_all_below_it(testbed):
    start(testbed, board(testbed.publisher))
    whole = ids(testbed, "place=QZB")
    assert whole and whole == sorted(set(ids(testbed, "place=X06000001")) | set(ids(testbed, "place=ZED02")))
    assert ids(testbed, "place=X06000001") == sorted(set(ids(testbed, "place=X06000001&within=false")) | set(ids(testbed, "place=ZED01")))
    assert ids(testbed, "place=QZB&within=false") == []
    answer = testbed.get("/v1/gaps?place=QZB&limit=1000").json
    assert answer["within"] is True and answer["asked"] == "QZB" and answer["map"]["confidence"] == "live"
    # The missing AMHP of Fenmere is missing at its hospital as well: two lines, one hole.
    inherited = [gap for gap in answer["gaps"] if gap["requirement"] == "R01" and gap["state"] == "gap"]
    assert sorted((gap["asked"], gap["place"], gap["from_place"]) for gap in inherited) == [("QZB", "X06000001", "X06000001"), ("QZB", "ZED01", "X06000001")]
    assert answer["totals"]["lines"] == len(answer["gaps"])
    assert answer["totals"]["distinct"] == len({(gap["requirement"], gap["start"], gap["end"]) for gap in answer["gaps"]}) < len(answer["gaps"])
    assert {one["place"]: one["lines"] for one in answer["totals"]["by_place"]} == {
        place: sum(gap["place"] == place for gap in answer["gaps"]) for place in ("X06000001", "ZED01", "ZED02")}
    coverage = testbed.get(f"/v1/coverage?place=QZB&from={LATER['from']}&to={LATER['to']}").json
    assert [(one["id"], one["place"]) for one in coverage["requirements"]] == [("R01", "ZED01"), ("R04", "ZED01"), ("R01", "X06000001"), ("R05", "ZED02")]
    assert abs(coverage["totals"]["gap"] - sum(one["gap"] for one in coverage["totals_by_place"])) < 0.01
    # An account that is limited to a place below may ask about that place and about no board.
    device = testbed.sign_in("st-oswins-ed", "viewer")
    assert testbed.get("/v1/gaps?place=QZB", token=device).status == 403
    assert sorted(gap["id"] for gap in testbed.get("/v1/gaps?limit=1000", token=device).json["gaps"]) == ids(testbed, "place=ZED01")
    assert ids(testbed, "place=QZB") == sorted(gap["id"] for gap in testbed.get("/v1/gaps?limit=1000&place=QZB", token=testbed.sign_in("board", "commissioner")).json["gaps"])


def test_n02_the_command_line_says_the_same(testbed):
    start(testbed, board(testbed.publisher))
    whole = ids(testbed, "place=QZB")
    said = testbed.crisiscover("gaps", "--place", "QZB", "--json")
    assert said.returncode == 0 and sorted(gap["id"] for gap in json.loads(said.stdout)["gaps"]) == whole
    said = testbed.crisiscover("gaps", "--place", "QZB").stdout
    assert f"{len(whole)} open" in said and "ZED02: " in said and "as of" in said
    assert json.loads(testbed.crisiscover("gaps", "--place", "QZB", "--alone", "--json").stdout)["gaps"] == []
    said = testbed.crisiscover("coverage", "QZB", "--from", LATER["from"], "--to", LATER["to"]).stdout
    assert "R01: amhp at ZED01 for X06000001" in said and "distinct" in said
    assert "ZED01" not in testbed.crisiscover("coverage", "QZB", "--alone", "--from", LATER["from"], "--to", LATER["to"]).stdout


@pytest.mark.long
def test_n03_the_gaps_page_of_a_board_draws_what_is_below_it(testbed, screen):
    start(testbed, board(testbed.publisher))
    screen.sign_in().gaps("QZB")
    screen.js("const s = document.getElementById('weeks'); s.value = '2'; s.dispatchEvent(new Event('change'))")
    screen.until(lambda: len(screen.cells("#totals")) == 5, "a line for each requirement at each place, and the sum")
    rows = screen.cells("#gaps")
    assert any("St Oswin's Hospital for Fenmere" in row[0] for row in rows) and any("Northgate Hospital" in row[0] for row in rows)
    assert "distinct hole" in screen.text("#gaps caption")
    assert screen.text("#below") == "With every place below this one."
    shares = screen.cells("#shares-tables")
    assert [row[0] for row in shares] == ["St Oswin's Hospital", "Fenmere", "Northgate Hospital", "Approved mental health professional", "Liaison psychiatry"]
    assert sum(int(row[6]) for row in shares[:3]) == len(rows)
    screen.check_fair()
    screen.check_narrow()


def bare(publisher):
    """Every way to a number: a switchboard and a fallback, a fallback alone, a line alone, a switchboard alone, nothing at all."""
    region = small(publisher)
    region["places"] = [{"code": code, "name": f"{name} Hospital", "kind": "emergency_department", **more} for code, name, more in (
        ("ZED01", "Both", {"switchboard": "+441632960901"}), ("ZED02", "Fallback", {}), ("ZED03", "Line", {}),
        ("ZED04", "Switchboard", {"switchboard": "+441632960904"}), ("ZED05", "Silent", {}))]
    line, fallback = {"phone": "+441632960456"}, {"fallback": {"text": "Ring the Emergency Duty Team", "phone": "+441632960111"}}
    region["services"] = [{"id": f"amhp-{code}", "name": f"AMHP of {code}", "function": "amhp", "organisation": "ZFC", "places": [code], **more}
                          for code, more in (("ZED01", {**line, **fallback}), ("ZED02", {**line, **fallback}), ("ZED03", line), ("ZED05", {}))]
    region["rotas"][0]["service"] = "amhp-ZED01"
    region["requirements"] = [{"id": f"R{code}", "place": code, "function": "amhp", "count": 1, "hours": ALWAYS}
                              for code in ("ZED01", "ZED02", "ZED03", "ZED04", "ZED05")]
    region["accounts"] = [{"name": "counts", "kind": "person", "role": "commissioner"}]
    return region


@pytest.mark.long
def test_n04_a_reader_who_finds_nobody_finds_a_number_and_what_the_rota_says(testbed, screen):
    tbc = Event("tbc@test", now() - HOUR, now() + 5 * HOUR, "AMHP TBC (Quill asked)")
    testbed.publisher.publish("amhp", calendar([tbc, Event("later@test", now() + 24 * HOUR, now() + 48 * HOUR, "AMHP – Jo Jones")]))
    testbed.start(bare(testbed.publisher))

    def now_at(place, **more):
        return testbed.get(f"/v1/now?place={place}", **more).json["functions"][0]

    wait_until(lambda: now_at("ZED01")["undecided"], 15, "the rota's undecided entry is there")
    wait_until(lambda: now_at("ZED03")["state"] == "gap", 10, "the others are gaps")
    ring = {place: [(one["kind"], one["phone"]) for one in now_at(place)["ring"]] for place in ("ZED01", "ZED02", "ZED03", "ZED04", "ZED05")}
    assert ring == {
        "ZED01": [("switchboard", "+441632960901"), ("fallback", "+441632960111"), ("line", "+441632960456")],
        "ZED02": [("fallback", "+441632960111"), ("line", "+441632960456")],
        "ZED03": [("line", "+441632960456")], "ZED04": [("switchboard", "+441632960904")], "ZED05": []}
    assert "nobody is on this rota: this line may not be answered" in now_at("ZED03")["ring"][0]["text"]
    assert now_at("ZED01")["state"] == "unknown" and now_at("ZED01")["undecided"][0]["title"] == "AMHP TBC (Quill asked)"
    counts = testbed.sign_in("counts", "commissioner")
    assert now_at("ZED01", token=counts)["undecided"][0]["title"] is None and "Quill" not in testbed.get("/now/ZED01.txt", token=counts).text
    text = testbed.get("/now/ZED01.txt").text
    assert "01632 960901" in text and "AMHP TBC (Quill asked)" in " ".join(text.split()) and max(map(len, text.splitlines())) <= 80
    assert "this line may not be answered" in " ".join(testbed.get("/now/ZED03.txt").text.split())
    assert "NO NUMBER IS KNOWN" in testbed.get("/now/ZED05.txt").text
    said = testbed.crisiscover("now", "ZED01").stdout
    assert "01632 960901" in said and "AMHP TBC (Quill asked)" in said
    warned = testbed.crisiscover("apply", testbed.write("bare.json", json.dumps(bare(testbed.publisher)).encode()), "--dry-run")
    assert "place ZED05 has no switchboard" in warned.stdout + warned.stderr and "ZED03 has no switchboard" not in warned.stdout + warned.stderr
    screen.sign_in().now("ZED01")
    said = screen.function("amhp")
    assert "AMHP TBC (Quill asked)" in said and said.index("01632 960901") < said.index("01632 960111") < said.index("may not be answered")
    screen.check_fair()
    screen.check_narrow()
    screen.now("ZED03")
    assert "nobody is on this rota: this line may not be answered" in screen.function("amhp") and "01632 960456" in screen.function("amhp")


@pytest.mark.holds("H12.1")
def test_n05_nobody_listens_for_a_place_that_nobody_knows(testbed):
    start(testbed, board(testbed.publisher))
    for option, name in (("--place", "NOPE"), ("--function", "nope")):
        said = testbed.crisiscover("watch", option, name, check=False)
        assert said.returncode == 3 and "There is no" in said.stderr, said.stderr
    refused = testbed.get(f"/v1/shifts?rota={ROTA}&from={rfc3339(now() - 40 * 24 * HOUR)}")
    assert refused.status == 400 and refused.json["errors"][0]["path"] == "query.from"


def test_n06_taking_a_gap_on_holds_for_a_week_and_can_be_taken_back(testbed, screen):
    start(testbed, board(testbed.publisher))
    gap = next(one for one in testbed.get("/v1/gaps?place=ZED01&function=amhp").json["gaps"] if one["state"] == "gap")

    def listed():
        return next(one for one in testbed.get("/v1/gaps?place=ZED01&function=amhp").json["gaps"] if one["id"] == gap["id"])

    screen.sign_in().gaps("ZED01")
    screen.js("const s = document.getElementById('function'); s.value = 'amhp'; s.dispatchEvent(new Event('change'))")
    assert testbed.crisiscover("acknowledge", gap["id"], "--note", "Kim is asked").stdout.startswith("taken on")
    assert "kept" in testbed.crisiscover("acknowledge", gap["id"], "--note", "and Tess").stdout
    wait_until(lambda: [one["note"] for one in listed()["notes"]] == ["Kim is asked", "and Tess"], 10, "both notes are kept")
    held = listed()
    assert held["note"] == "Kim is asked" and (instant(held["acknowledged_until"]) - instant(held["acknowledged_at"])).days == 7
    screen.press_button("Update")
    screen.until(lambda: any("Kim is asked" in row[6] and "and Tess" in row[6] and "holds until" in row[6] for row in screen.cells("#gaps")), "the page says so")
    screen.check_fair()
    screen.all(f"[data-back='{gap['id']}']")[0].click()
    wait_until(lambda: listed()["acknowledged_by"] is None, 10, "it is taken back")
    screen.until(lambda: any("took it back" in row[6] for row in screen.cells("#gaps")), "and the page keeps what was said")

    def kinds():
        """The flags about the gap, and about the group that it belongs to: reminders are about the gap that leads it."""
        return [flag["kind"] for flag in testbed.get("/v1/flags?after=1-0&limit=1000").json["flags"]
                if flag.get("gap") == gap["id"] or (flag["kind"] == "reminder" and flag.get("group") == gap["group"])]

    wait_until(lambda: kinds()[-2:] == ["acknowledged", "reminder"], 10, "who was told that it is looked after is told that it is not")
    testbed.crisiscover("acknowledge", gap["id"])
    # A week later.
    testbed.sql("update gap set acknowledged_until = now() where id = %s", gap["id"])
    wait_until(lambda: listed()["acknowledge_again"], 10, "it must be said again")
    assert testbed.crisiscover("acknowledge", gap["id"], "--withdraw", "--json").returncode == 0
    assert testbed.crisiscover("acknowledge", "0f8fad5b-d9cb-469f-a165-70867728950e", check=False).returncode == 1


@pytest.mark.holds("H16.2")
def test_n07_where_nothing_is_asked_for_an_empty_answer_says_so(testbed, screen):
    region = small(testbed.publisher)
    region["places"] += [{"code": "QZB", "name": "Fenmere Board", "kind": "icb"},
                         {"code": "ZED02", "name": "Northgate Hospital", "kind": "emergency_department", "parents": ["QZB"]},
                         {"code": "ZED03", "name": "Holt Hospital", "kind": "emergency_department", "parents": ["QZB"]}]
    region["services"][0]["places"].append("ZED02")
    region["requirements"].append({"id": "R07", "place": "ZED03", "function": "amhp", "count": 1, "hours": ALWAYS})
    region["accounts"].append({"name": "board", "kind": "person", "role": "commissioner", "places": ["QZB", "ZED02"]})
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read")
    window = f"from={LATER['from']}&to={LATER['to']}"
    for path in ("/v1/gaps?place=ZED02", f"/v1/coverage?place=ZED02&{window}", "/v1/gaps?place=ZED02&grouped=1", "/v1/gaps?place=QZB"):
        answer = testbed.get(path).json
        assert answer["unasked"] == {"count": 1, "places": ["ZED02"]} and "No requirement applies at ZED02" in answer["notices"][0], path
    assert testbed.get(f"/v1/coverage?place=ZED02&{window}").json["requirements"] == []
    # Of one function, of a board alone, of an account's places, of all that there is.
    assert testbed.get("/v1/gaps?place=QZB&function=liaison").json["unasked"]["places"] == ["ZED02", "ZED03"]
    assert testbed.get("/v1/gaps?place=QZB&within=false").json["unasked"]["places"] == ["QZB"]
    assert testbed.get("/v1/gaps?place=ZED01").json["notices"] == []
    assert testbed.get("/v1/gaps", token=testbed.sign_in("board", "commissioner")).json["unasked"]["places"] == ["ZED02"]
    assert "No requirement applies at ZED02" in testbed.crisiscover("gaps").stdout
    assert "No requirement applies at ZED02" in testbed.crisiscover("gaps", "--place", "QZB").stdout
    assert "No requirement applies at ZED02" in testbed.crisiscover("coverage", "ZED02", "--from", LATER["from"], "--to", LATER["to"]).stdout
    # Who asks who is on at a place that nobody knows anything of is told that.
    assert testbed.get("/v1/now?place=QZB").json["functions"] == []
    assert testbed.get("/v1/now?place=QZB").json["notices"] == ["Nothing is commissioned for this place, and no service lists it."]
    assert "Nothing is commissioned for this place" in testbed.crisiscover("now", "QZB").stdout
    assert testbed.get("/v1/now?place=ZED02").json["notices"] == []
    # Time that is over has no open gaps, and time that the map does not reach has none yet.
    over = testbed.get(f"/v1/gaps?place=X06000001&from={rfc3339(now() - 20 * HOUR)}&to={rfc3339(now() - HOUR)}&within=false").json
    assert over["gaps"] == [] and "ask with state=closed" in over["notices"][0]
    refused = testbed.get(f"/v1/gaps?place=ZED03&from={rfc3339(now() + timedelta(days=401))}")
    assert refused.status == 400 and "400 days ahead" in refused.json["errors"][0]["detail"]
    screen.sign_in().gaps("QZB")
    screen.until(lambda: screen.all("#gaps .notice"), "the page says so")
    assert "No requirement applies at ZED02" in screen.text("#gaps .notice")


@pytest.mark.holds("H08.3")
def test_n08_silence_of_which_there_is_no_record_is_no_gap(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read")
    before = now() - timedelta(days=300)
    # Until the second is over in which it was read, the calendar has not been read by what the record knows.
    wait_until(lambda: testbed.now(at=before)["cause_code"] != "never_read", 10, "the record knows of the reading")
    entry = testbed.now(at=before)
    assert (entry["state"], entry["cause_code"], entry["on_call"]) == ("unknown", "no_record", [])
    assert entry["ring"]  # and whom to ring, as for any time that is not covered
    window = f"from={rfc3339(before)}&to={rfc3339(before + HOUR)}"
    spans = testbed.get(f"/v1/coverage?place=ZED01&function=amhp&{window}").json["requirements"][0]["spans"]
    assert [(span["state"], span["cause_code"], span["cause"]) for span in spans] == [("unknown", "no_record", entry["cause"])]
    # Somebody who is put on afterwards is a record.
    body = {"rota": ROTA, "person": "jo-jones", "start": rfc3339(now() - timedelta(days=20)), "end": rfc3339(now() - timedelta(days=19)), "confirm": True}
    assert testbed.post("/v1/overrides", body).status == 201
    wait_until(lambda: testbed.now(at=now() - timedelta(days=20) + HOUR)["state"] == "covered", 10, "the correction is answered")
    assert testbed.now(at=now() - timedelta(days=25))["state"] == "unknown"
