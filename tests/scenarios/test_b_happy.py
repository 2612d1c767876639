# SPDX-License-Identifier: MIT
"""The questions of an ordinary day."""

import json
import socket
import time
from datetime import UTC, datetime, timedelta

import pytest

import regions
from regions import HOUR, Event, calendar, instant, now, open_small, rfc3339, round_the_clock, small, today
from servers import slowness, wait_until


@pytest.fixture
def open_testbed(testbed):
    """One with the small region, its feed read."""
    return open_small(testbed)


@pytest.fixture
def asked(share):
    """The same, for tests that only ask."""
    return share(open_small)


def on_now(events):
    return next(event for event in events if event.start <= now() < event.end)


def test_b01_the_lookup_names_who_is_on_call(asked):
    events = round_the_clock()
    current = on_now(events)
    following = events[events.index(current) + 1]
    answer = asked.get("/v1/now?place=ZED01").json
    assert answer["place"] == {"code": "ZED01", "name": "St Oswin's Hospital"}
    assert answer["map"]["confidence"] == "live"
    assert [entry["function"] for entry in answer["functions"]] == ["amhp", "liaison"]
    amhp = answer["functions"][0]
    assert (amhp["state"], amhp["required"], amhp["present"]) == ("covered", 1, 1)
    person = amhp["on_call"][0]
    assert person["name"] == current.title.removeprefix("AMHP – ")
    assert (person["since"], person["until"]) == (rfc3339(current.start), rfc3339(current.end))
    assert person["next"] == {"name": following.title.removeprefix("AMHP – "), "from": rfc3339(following.start)}
    assert person["phone"] == "+441632960456" and person["tier"] == 1 and person["service"] == "fenmere-amhp"
    assert person["source"]["rota"] == "fenmere-amhp-duty" and person["source"]["freshness"] == "fresh"
    assert amhp["fallback"] == {"text": "Ring the Emergency Duty Team", "phone": "+441632960111"}


def test_b21_an_answer_from_before_a_place_was_known_says_since_when_it_is(asked):
    [(applied,)] = asked.sql("select ceil(extract(epoch from min(applied_at)))::bigint from region")
    known_from, hour_ago = rfc3339(datetime.fromtimestamp(applied, UTC)), rfc3339(now() - HOUR)
    path = f"/v1/now?place=ZED01&at={hour_ago}&known_at={hour_ago}"
    refused = asked.get(path)
    assert refused.status == 404 and f"The place is known from {known_from} on." in refused.json["detail"], refused
    wait_until(lambda: rfc3339(now()) > known_from, 5, "the second was over at which the place was known first")
    first = asked.get(f"{path}&or_first=1")
    assert first.status == 200 and first.json["at"] == known_from, first
    assert first.body == asked.get(f"/v1/now?place=ZED01&at={known_from}&known_at={known_from}").body, "it is the answer about that instant"
    # What is known already is not moved, and what was never there is not found.
    present = rfc3339(now())
    assert asked.get(f"/v1/now?place=ZED01&at={present}&known_at={present}&or_first=1").json["at"] == present
    assert asked.get(f"/v1/now?place=NOWHERE&known_at={hour_ago}&or_first=1").status == 404
    assert asked.get(f"{path}&function=nothing&or_first=1").status == 404


# Kinds of answers: what is asked, how, and what the answer is.
KINDS = [("/", {}, "text/html"), ("/v1/now?place=ZED01", {}, "application/json"), ("/v1/places?q=&format=csv", {}, "text/csv"),
         ("/now/ZED01.txt", {}, "text/plain"), ("/now/ZED01", {}, "text/html"), ("/now/ZED01", {"token": None}, "text/html"),
         ("/v1/gaps.ics?place=ZED01", {}, "text/calendar"), ("/openapi.yaml", {"token": None}, "application/yaml"), ("/metrics", {}, "text/plain"),
         ("/healthz", {"token": None}, "text/plain"), ("/readyz", {"token": None}, "application/json"), ("/v1/now?place=ZED01", {"token": None}, "application/problem+json"),
         ("/v1/nothing", {}, "application/problem+json"), ("/v1/now?place=", {}, "application/problem+json"), ("/v1/audit?after=x", {}, "application/problem+json")]
GUARDS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"}
POLICY = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'")


def guarded(headers, what):
    assert {name: headers.get(name) for name in GUARDS} == GUARDS, what
    assert not [part for part in POLICY if part not in (headers.get("Content-Security-Policy") or "")], what
    assert not {name.lower() for name in headers.keys()} & {"server", "x-powered-by", "access-control-allow-origin"}, what
    assert "unsafe" not in headers["Content-Security-Policy"], what
    kept = headers.get("Cache-Control") or ""
    assert "no-store" in kept or "private" in kept or what[0] in ("/", "/openapi.yaml"), (what, kept)


@pytest.mark.holds("A14")
def test_b16_every_kind_of_answer_tells_browsers_what_they_may_not_do_with_it(asked):
    for path, more, kind in KINDS:
        answer = asked.get(path, **more)
        assert answer.headers["Content-Type"].startswith(kind), (path, answer)
        guarded(answer.headers, (path, answer.status))
    tag = asked.get("/v1/places?q=").headers["ETag"]
    unchanged = asked.get("/v1/places?q=", headers={"If-None-Match": tag})
    assert unchanged.status == 304
    guarded(unchanged.headers, ("unchanged", 304))
    refused = asked.request("DELETE", "/v1/now")
    assert refused.status == 405
    guarded(refused.headers, ("refused", 405))
    with socket.create_connection(("127.0.0.1", asked.port), timeout=10) as raw:
        raw.sendall(b"GET / HTTP/1.1\nHost: a\n\n")
        head = raw.makefile("rb").read().split(b"\r\n\r\n")[0].decode().split("\r\n")
    assert head[0].startswith("HTTP/1.1 400 "), head
    guarded(dict(line.split(": ", 1) for line in head[1:]), ("no request at all", 400))


@pytest.mark.holds("H16.2")
def test_b02_a_function_without_any_rota_is_a_gap_not_an_empty_answer(asked):
    liaison = asked.now(function="liaison")
    assert liaison["state"] == "gap" and liaison["on_call"] == [] and liaison["cause"]
    gaps = asked.get("/v1/gaps?place=ZED01&state=open").json["gaps"]
    assert [gap["requirement"] for gap in gaps if gap["function"] == "liaison"] == ["R04"]


def test_b03_coverage_tiles_the_window_and_adds_up(asked):
    start, end = today(), today() + timedelta(days=7)
    answer = asked.get(f"/v1/coverage?place=ZED01&from={rfc3339(start)}&to={rfc3339(end)}").json
    assert {entry["id"] for entry in answer["requirements"]} == {"R01", "R04"}
    for entry in answer["requirements"]:
        spans = entry["spans"]
        assert (spans[0]["start"], spans[-1]["end"]) == (rfc3339(start), rfc3339(end))
        for before, after in zip(spans, spans[1:]):
            assert before["end"] == after["start"]
    assert sum(hours for hours in answer["totals"].values()) == pytest.approx(2 * 7 * 24)
    assert answer["totals"]["covered"] == pytest.approx(7 * 24) and answer["totals"]["gap"] == pytest.approx(7 * 24)


@pytest.mark.holds("H06.4")
def test_b04_beyond_its_last_event_a_rota_is_unknown_not_a_gap(asked):
    horizon = round_the_clock()[-1].end
    answer = asked.get(f"/v1/coverage?place=ZED01&function=amhp&from={rfc3339(horizon - HOUR)}&to={rfc3339(horizon + HOUR)}").json
    spans = answer["requirements"][0]["spans"]
    assert [span["state"] for span in spans] == ["covered", "unknown"]
    assert spans[1]["start"] == rfc3339(horizon)


def test_b05_plain_text_in_eighty_columns(asked):
    answer = asked.get("/now/ZED01.txt")
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/plain")
    assert all(len(line) <= 80 for line in answer.text.splitlines())
    assert on_now(round_the_clock()).title.removeprefix("AMHP – ") in answer.text
    assert "St Oswin's Hospital" in answer.text


@pytest.mark.holds("H13.1")
def test_b06_who_may_not_is_told_so(asked):
    testbed = asked
    assert testbed.get("/v1/now?place=ZED01", token=None).status == 401
    assert testbed.get("/v1/now?place=ZED01", token="cc_nobody_knows_this_one").status == 401
    device = testbed.sign_in("st-oswins-ed", "viewer")
    assert testbed.get("/v1/now?place=ZED01", token=device).status == 200
    assert testbed.get("/v1/now?place=X06000001", token=device).status == 403
    assert testbed.post("/v1/feeds/fenmere-amhp-duty/refresh", token=device).status == 403
    assert testbed.get("/v1/now?place=ZED99").status == 404
    assert testbed.get("/v1/now?place=ZED01&function=plumber").status == 404
    problem = testbed.get("/v1/now?place=ZED99")
    assert problem.headers["Content-Type"].startswith("application/problem+json")
    assert problem.json["status"] == 404 and problem.json["detail"]


@pytest.mark.holds("H14.1")
def test_b07_a_commissioner_sees_counts_without_names_and_a_device_no_mobiles(asked):
    testbed = asked
    name = on_now(round_the_clock()).title.removeprefix("AMHP – ")
    commissioner = testbed.get("/v1/now?place=ZED01", token=testbed.sign_in("fenmere-icb", "commissioner"))
    assert commissioner.status == 200
    assert not any(person in commissioner.text for _, person in regions.PEOPLE)
    device = testbed.get("/v1/now?place=ZED01", token=testbed.sign_in("st-oswins-ed", "viewer"))
    assert name in device.text and "7700900123" not in device.text


@pytest.mark.holds("H18.1", "H18.4")
def test_b08_upload_preview_confirm(open_testbed):
    testbed = open_testbed
    events = round_the_clock()
    ahead = [event for event in events if event.start > now()]
    gone = ahead[3]
    body = calendar([event for event in events if event is not gone])
    answer = testbed.post("/v1/rotas/fenmere-amhp-duty/imports", body, content_type="text/calendar")
    assert answer.status == 202, answer
    number = answer.json["id"]

    def read():
        found = testbed.get(f"/v1/imports/{number}").json
        return found if found["state"] != "uploaded" else None

    preview = wait_until(read, 15, "the upload was read")
    assert preview["state"] == "preview", preview
    assert preview["diff"]["counts"]["removed"] == 1
    assert [gap["start"] for gap in preview["gaps"]["opens"] if gap["place"] == "X06000001"] == [rfc3339(gone.start)]
    assert testbed.now(place="X06000001")["state"] == "covered", "nothing is changed by a preview"
    window = f"from={rfc3339(gone.start)}&to={rfc3339(gone.end)}"
    assert testbed.get(f"/v1/coverage?place=ZED01&function=amhp&{window}").json["requirements"][0]["spans"][0]["state"] == "covered"
    confirmed = testbed.post(f"/v1/imports/{number}/confirm", {"reason": "tested"})
    assert confirmed.status == 200, confirmed
    wait_until(lambda: testbed.get(f"/v1/coverage?place=ZED01&function=amhp&{window}").json["requirements"][0]["spans"][0]["state"] == "gap",
               5, "the confirmed import was in the map")


def test_b09_an_upload_that_is_no_calendar_is_refused_with_a_reason(asked):
    answer = asked.post("/v1/rotas/fenmere-amhp-duty/imports", b"<html>sign in</html>", content_type="text/calendar")
    if answer.status == 202:
        number = answer.json["id"]
        found = wait_until(lambda: (lambda one: one if one["state"] != "uploaded" else None)(
            asked.get(f"/v1/imports/{number}").json), 15, "the upload was read")
        assert found["state"] == "refused" and found["why"], found
    else:
        assert answer.status in (400, 422), answer
    assert asked.now()["state"] == "covered"


def test_b10_a_roster_beside_the_region_file_is_applied_with_it(testbed):
    day = today() - timedelta(days=1)
    rows = ["Unit,Staff Name,Grade,Shift,Start,End,Date,Status"]
    for number in range(20):
        date = day + timedelta(days=number)
        rows.append(f'Liaison,"Osei, Tess",Band 6,LD,07:00,19:30,{date:%d/%m/%Y},Filled')
        rows.append(f'Liaison,"Lee, Kim",Band 6,N,19:00,07:30,{date:%d/%m/%Y},Confirmed')
    testbed.write("feeds/roster.csv", "\r\n".join(rows) + "\r\n")
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = small(testbed.publisher)
    region["rotas"].append({"id": "oswins-roster", "service": "oswins-liaison", "tier": 1,
                            "reading": {"shift_codes": {"LD": {"from": "07:00", "to": "19:30"}, "N": {"from": "19:00", "to": "07:30"}}},
                            "source": {"kind": "file", "path": "feeds/roster.csv"}})
    testbed.start(region)
    liaison = wait_until(lambda: (lambda found: found if found["state"] == "covered" else None)(testbed.now(function="liaison")), 15,
                         "the roster was in the map")
    assert {person["name"] for person in liaison["on_call"]} <= {"Tess Osei", "Kim Lee"} and liaison["on_call"]


def test_b11_leave_takes_cover_away_wherever_the_person_works(open_testbed):
    testbed = open_testbed
    events = round_the_clock()
    ahead = next(event for event in events if event.start > now() + 2 * HOUR)
    name = ahead.title.removeprefix("AMHP – ")
    leave = calendar([Event("leave-1@test", ahead.start - HOUR, ahead.end + HOUR, f"A/L – {name}")])
    testbed.write("feeds/leave.ics", leave)
    region = small(testbed.publisher)
    region["rotas"].append({"id": "leave", "organisation": "ZFC", "absences": True, "source": {"kind": "file", "path": "feeds/leave.ics"}})
    testbed.apply(region)
    window = f"from={rfc3339(ahead.start)}&to={rfc3339(ahead.end)}"
    wait_until(lambda: testbed.get(f"/v1/coverage?place=ZED01&function=amhp&{window}").json["requirements"][0]["spans"][0]["state"] == "gap",
               10, "leave opened a gap")


@pytest.mark.parametrize("tentative_counts", [False, True])
@pytest.mark.holds("H04.1")
def test_b12_titles_that_are_no_cover_never_count(testbed, tentative_counts):
    first = now().replace(minute=0, second=0) - HOUR
    titles = ["TBC", "NO COVER", "*** VACANT ***", "Locum", "AMHP – TBC", "Cover", "Busy", "AMHP tbc (was Sam Ahmed)", "???",
              "AMHP – Jo Jones TBC", "AMHP – Jo Jones ?"]
    events = [Event(f"t{number}@test", first + number * 2 * HOUR, first + (number + 1) * 2 * HOUR, title)
              for number, title in enumerate(titles)]
    events.append(Event("end@test", events[-1].end, events[-1].end + HOUR, "AMHP – Jo Jones"))
    testbed.publisher.publish("amhp", calendar(events))
    region = small(testbed.publisher)
    # A rota manager's word on STATUS:TENTATIVE, which says nothing about a title.
    region["rotas"][0]["reading"] = {"tentative_counts": tentative_counts}
    testbed.start(region)
    wait_until(lambda: testbed.feed("fenmere-amhp-duty")["state"] == "good", 15, "the feed was read")
    window = f"from={rfc3339(first)}&to={rfc3339(events[-1].end)}"

    def spans():
        return testbed.get(f"/v1/coverage?place=ZED01&function=amhp&{window}").json["requirements"][0]["spans"]

    wait_until(lambda: spans()[-1]["state"] == "covered", 10, "the feed was swept")
    assert all(span["state"] in ("gap", "unknown") for span in spans()[:-1]), spans()
    assert instant(spans()[-1]["start"]) == events[-1].start


def test_b13_the_command_line_says_the_same(asked):
    testbed = asked
    done = testbed.crisiscover("now", "ZED01")
    assert on_now(round_the_clock()).title.removeprefix("AMHP – ") in done.stdout
    assert json.loads(testbed.crisiscover("now", "ZED01", "--json").stdout)["place"]["code"] == "ZED01"
    assert "liaison" in testbed.crisiscover("gaps", "--place", "ZED01").stdout
    window = ("--from", rfc3339(today()), "--to", rfc3339(today() + timedelta(days=2)))
    assert testbed.crisiscover("coverage", "ZED01", *window).stdout


def test_b14_exit_codes_of_the_command_line(open_testbed):
    testbed = open_testbed
    assert testbed.crisiscover("now", "ZED99", check=False).returncode == 1
    assert testbed.crisiscover("now", check=False).returncode == 2
    assert testbed.crisiscover("dance", check=False).returncode == 2
    region = small(testbed.publisher)
    region["services"][0]["function"] = "amph"
    refused = testbed.apply(region, check=False)
    assert refused.returncode == 3 and "$.services[0].function" in refused.stderr, refused
    assert testbed.now()["state"] == "covered", "a refused region changes nothing"
    testbed.stop()
    assert testbed.crisiscover("now", "ZED01", check=False).returncode == 4


def test_b15_a_dry_run_prints_the_differences_and_changes_nothing(open_testbed):
    testbed = open_testbed
    region = small(testbed.publisher)
    region["services"][0]["phone"] = "+441632960999"
    done = testbed.apply(region, "--dry-run")
    assert "fenmere-amhp" in done.stdout and "phone" in done.stdout
    assert testbed.now()["on_call"][0]["phone"] == "+441632960456"
    testbed.apply(region)
    wait_until(lambda: testbed.now()["on_call"][0]["phone"] == "+441632960999", 10, "the new number was served")
    again = testbed.apply(region, "--dry-run")
    assert "fenmere-amhp" not in again.stdout, "applied twice is applied once"


ROSTER = """Unit,Staff Name,Grade,Shift,Start,End,Date,Status
Fenmere,Jo Jones,B7,LD,,,{0:%d/%m/%Y},Filled
Fenmere,Sam Ahmed,B7,N,,,{0:%d/%m/%Y},Filled
Fenmere,Kim Lee,B7,LD,09:00,20:00,{1:%d/%m/%Y},Filled
Fenmere,Tess Osei,B7,AL,,,{1:%d/%m/%Y},
Fenmere,Jo Jones,B7,ZZ,,,{1:%d/%m/%Y},Filled
"""


def test_b30_read_says_all_that_a_rota_manager_asks(testbed):
    """Without a server: counts by class, first and last shift, zone, what a whole day means, codes, every finding with line and remedy."""
    region = small(testbed.publisher)
    codes = {"LD": {"from": "07:30", "to": "20:00", "names": ["Long day"]}, "N": {"from": "19:30", "to": "08:00"}, "AL": "absence"}
    region["rotas"].append({"id": "roster", "service": "fenmere-amhp", "tier": 2, "source": {"kind": "file"},
                            "reading": {"date_order": "dmy", "shift_codes": codes, "all_day": {"start": "09:00", "hours": 24}}})
    first = today() + timedelta(days=1)
    roster = testbed.write("roster.csv", ROSTER.format(first, first + timedelta(days=1)))
    done = testbed.crisiscover("read", roster, "--region", testbed.write("region.json", json.dumps(region)), "--rota", "roster").stdout
    for words in ("5 events, 4 occurrences", "3  named people: count", "1  absences: take that person's cover away",
                  "1  unreadable: do not count", "first shift", "last end", "times: Europe/London",
                  "an all-day event means 24 hours from 09:00 of its day", "shift code LD (Long day): 07:30 to 20:00",
                  "shift code N: 19:30 to 08:00", "shift code AL: absence",
                  'warning, line 4: The row\'s times are not those of its shift code "LD" (07:30 to 20:00)',
                  'unreadable, line 6: The row has no times. This rota knows no hours for the shift code "ZZ".',
                  "Have the code and its hours put into the rota's shift codes"):
        assert words in done, f"{words!r} is not in\n{done}"
    plain = testbed.crisiscover("read", testbed.write("plain.ics", calendar(round_the_clock()))).stdout
    assert "an all-day event means midnight to midnight" in plain and "shift code" not in plain


def test_b31_an_import_of_two_thousand_events_says_how_far_it_is(testbed):
    """Preview, confirm and undo of a large file through the command line; the shift codes of its rota count on the map."""
    region = small(testbed.publisher)
    region["rotas"] = [{"id": "roster", "service": "fenmere-amhp", "tier": 1, "source": {"kind": "file"},
                        "reading": {"shift_codes": {"LD": {"from": "00:00", "to": "24:00"}}}}]
    testbed.start(region)
    rows = [f"Fenmere,{name},B7,LD,,,{today() + timedelta(days=day):%d/%m/%Y},Filled"
            for day in range(-1, 399) for name in ("Jo Jones", "Sam Ahmed", "Kim Lee", "Tess Osei", "Jo Jones")]
    assert len(rows) == 2000
    roster = testbed.write("roster.csv", "Unit,Staff Name,Grade,Shift,Start,End,Date,Status\n" + "\n".join(rows) + "\n")
    began = time.monotonic()
    done = testbed.crisiscover("import", "roster", roster)
    took = time.monotonic() - began
    print(f"2,000 rows previewed in {took:.1f} s by a sanitized build")
    assert took < 10 * slowness(), took
    assert "done, " in done.stderr and "2000 events" in done.stderr, done.stderr
    assert testbed.now()["on_call"] == []
    testbed.crisiscover("import", "roster", roster, "--confirm")
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the codes' hours count")
    shown = testbed.get("/v1/imports?rota=roster").json["imports"][0]
    assert testbed.get(f"/v1/imports/{shown['id']}").json["progress"] == {"step": "done", "bytes": roster.stat().st_size, "events": 2000}
    assert testbed.post(f"/v1/imports/{shown['id']}/undo", {"reason": "The wrong file."}).status == 200
    wait_until(lambda: testbed.now()["on_call"] == [], 15, "all is as it was")
