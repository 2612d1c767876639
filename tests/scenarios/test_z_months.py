# SPDX-License-Identifier: MIT
"""The report of a month: the same numbers in every form, hours as coverage has them, and nothing about a person."""

import csv
import io
import json
import random
import re
import shutil
import subprocess
import sys
from datetime import timedelta, timezone

import psycopg2
import pytest

from journeys import TOP
from regions import LONDON, PEOPLE, calendar, now, round_the_clock, small
from servers import wait_until

STATES = ["covered", "short", "gap", "unknown", "not_commissioned"]
HOURS = ["hours_" + state for state in STATES]
ABOUT = {name: about for about, names in (
    (("place", "function"), ("gaps", "gaps_ahead", "unknowns", "unknowns_ahead")),
    (("place", "service"), ("calls", "answered", "answered_percent", "wrong_person", "wrong_person_percent", "no_answer")),
    (("place", "function"), ("searches", "found", "found_median_minutes", "found_p90_minutes"))) for name in names}
COUNTS = list(ABOUT)
N = r"(\d+|few|-)"
SAID = [rf"gaps {N}, {N} of them known 72 hours ahead; not known {N} times, {N} of them 72 hours ahead",
        rf"calls {N}: answered {N} \({N}%\), wrong person {N} \({N}%\), no answer {N}",
        rf"looked for somebody {N} times, reached {N} times; half of these within {N} min, nine of ten within {N} min"]


COVER = HOURS + ["gaps", "gaps_ahead", "unknowns", "unknowns_ahead", "searches", "found", "found_median_minutes", "found_p90_minutes"]
CALLED = ["calls", "answered", "wrong_person", "no_answer"]
CALLS = ["calls", "answered", "answered_percent", "wrong_person", "wrong_person_percent", "no_answer"]


def in_page(line, name):
    if line[name] is None:
        return "few" if name in (line["hidden"] or "").split() else "&ndash;"
    # Minutes that are over.
    return f"{int(round(line[name] * 3600)) // 3600}:{int(round(line[name] * 3600)) // 60 % 60:02}" if name in HOURS else str(line[name])


def last_month():
    """Its name, and an instant within it."""
    within = now().astimezone(LONDON).replace(day=1) - timedelta(days=9)
    return within.strftime("%Y-%m"), within.astimezone(timezone.utc).replace(hour=3, minute=10, second=0, microsecond=0)


def rung(house, at, person, outcome):
    house.sql("insert into contact_report (version, at, until, account, place, function, service, rota, person, outcome) values "
              "(1, %s, %s + interval '2 hours', 'st-oswins-ed', 'ZED01', 'amhp', 'fenmere-amhp', %s, %s, %s)",
              at, at, person and "fenmere-amhp-duty", person, outcome)


def filled(testbed):
    region = small(testbed.publisher)
    testbed.publisher.publish("amhp", calendar(round_the_clock(who=[PEOPLE[0]])))
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
    _, night = last_month()
    for number in range(6):
        at = night - timedelta(days=number)
        rung(testbed, at, PEOPLE[number % 3][0], "no_answer")
        rung(testbed, at + timedelta(minutes=5), PEOPLE[(number + 1) % 3][0], "wrong_person")
        rung(testbed, at + timedelta(minutes=12), PEOPLE[(number + 2) % 3][0], "reached")
    # Once at another place, which is few.
    testbed.sql("insert into contact_report (version, at, until, account, place, function, service, outcome) values "
                "(1, %s, %s + interval '2 hours', 'st-oswins-ed', 'X06000001', 'amhp', 'fenmere-amhp', 'no_answer')", night, night)


@pytest.fixture
def house(share):
    return share(filled)


def month(house, **more):
    answer = house.get("/v1/reports/month?place=X06000001", **more)
    assert answer.status == 200, answer
    return answer.json


def of(answer, place, about, name=None):
    return next(line for line in answer["lines"] if (line["place"], line["about"]) == (place, about) and name in (None, line["function"], line["service"]))


def test_z10_a_month_of_calls(house):
    answer = month(house)
    assert answer["month"] == last_month()[0] and answer["complete"] is True
    line = of(answer, "ZED01", "service")
    assert (line["calls"], line["answered"], line["wrong_person"], line["no_answer"]) == (18, 6, 6, 6)
    assert (line["answered_percent"], line["wrong_person_percent"], line["hidden"]) == (33, 33, None)
    line = of(answer, "ZED01", "function", "amhp")
    assert (line["searches"], line["found"], line["found_median_minutes"], line["found_p90_minutes"]) == (6, 6, 12, None)
    few = of(answer, "X06000001", "place")
    assert few["calls"] is None and few["searches"] is None and "calls" in few["hidden"].split()
    # A place has the same lines, whichever place was asked about.
    alone = house.get("/v1/reports/month?place=ZED01").json
    assert alone["lines"] == [one for one in answer["lines"] if one["place"] == "ZED01"]
    text = json.dumps(answer)
    assert not [secret for person in PEOPLE for secret in person if f'"{secret}"' in text], text


def test_z11_every_form_has_the_same_numbers(house):
    answer = month(house)
    rows = list(csv.DictReader(io.StringIO(house.get("/v1/reports/month?place=X06000001&format=csv").text)))
    assert [{key: "" if value is None else str(value) for key, value in line.items()} for line in answer["lines"]] == rows
    said = house.crisiscover("report", "month", "--place", "X06000001").stdout
    assert json.loads(house.crisiscover("report", "month", "--place", "X06000001", "--json").stdout)["lines"] == answer["lines"]
    blocks = iter(re.split(r"\n(?=\n\S|  \S|    \S+, rung)", said)[1:])
    for line in answer["lines"]:
        block = next(blocks)
        shown = block.split("\nfew:")[0]
        minutes = [int(hours) * 60 + int(rest) for hours, rest in re.findall(r"(\d+) h (\d\d) min", shown)]
        assert minutes == [round(line[name] * 60) for name in HOURS if line[name] is not None], (line, shown)
        counts = [count for form in SAID for found in re.findall(form, shown) for count in found]
        wanted = [name for name in COUNTS if line["about"] in ABOUT[name]]
        assert counts == ["few" if name in (line["hidden"] or "").split() else "-" if line[name] is None else str(line[name])
                          for name in wanted], (line, shown)


def test_z15_the_page_to_print_has_them_too(house):
    answer = month(house)
    page = house.get("/v1/reports/month?place=X06000001&format=html")
    assert page.status == 200 and page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text and all(name not in page.text for person in PEOPLE for name in person)
    tables = re.findall(r"<table>.*?</table>", page.text, re.S)
    for number, place in enumerate(dict.fromkeys(line["place"] for line in answer["lines"])):
        for table, abouts, names in ((tables[2 * number], ("place", "function"), COVER), (tables[2 * number + 1], ("place", "service"), CALLS)):
            rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", table)]
            lines = [line for line in answer["lines"] if line["place"] == place and line["about"] in abouts]
            assert rows == [[in_page(line, name) for name in names] for line in lines]


def test_z12_hours_are_those_of_coverage(house):
    """Of the month that is going on, as far as it is over: from the record and from memory."""
    answer = house.get(f"/v1/reports/month?place=X06000001&month={now().astimezone(LONDON):%Y-%m}").json
    assert answer["complete"] is False
    whole = house.get(f"/v1/coverage?place=X06000001&from={answer['from']}&to={answer['counted_until']}").json
    for one in whole["totals_by_place"]:
        line = of(answer, one["place"], "place")
        assert [line["hours_" + state] for state in STATES] == [one[state] for state in STATES], one


def test_z13_who_may_read_it(house):
    path = "/v1/reports/month?place=ZED01"
    for account, status in (("fenmere-icb", 200), ("fenmere-rotas", 200), ("st-oswins-ed", 403), (None, 401)):
        token = house.crisiscover("token", account).stdout.strip() if account else None
        wait_until(lambda: token is None or house.get("/v1/me", token=token).status == 200, 10, "the token is known")  # noqa: B023
        assert house.get(path, token=token).status == status, account
    assert house.get("/v1/reports/month?place=ZED09").status == 404
    for wrong, why in (("2026-13", "is not a month"), ("2099-01", "has not begun yet")):
        answer = house.get(f"{path}&month={wrong}")
        assert answer.status == 400 and why in answer.json["errors"][0]["detail"], answer.json


def test_z14_a_gap_is_seen_ahead_if_it_was_open_then(house):
    _, night = last_month()
    opened = [(night, night - timedelta(hours=73), None), (night + timedelta(days=1), night - timedelta(hours=40), None),
              # Filled long before, and open again two days before it began: it was not known.
              (night + timedelta(days=2), night - timedelta(days=20), night - timedelta(days=19)),
              # Filled before it began: it was none.
              (night + timedelta(days=3), night - timedelta(days=20), "filled")]
    for starts, at, closed in opened:
        made = house.sql("insert into gap (requirement, place, function, starts_at, ends_at, state, cause, present, required, severity, told, opened_at, "
                         "closed_at, passed) values ('R01', 'X06000001', 'amhp', %s, %s + interval '1 hour', 'gap', 'silent', 0, 1, 'high', true, %s, %s, %s) "
                         "returning id", starts, starts, at, at if closed == "filled" else starts + timedelta(hours=1), closed != "filled")[0][0]
        house.sql("insert into gap_event (gap, at, step, row_after) values (%s, %s, 'opened', '{\"closed_at\": null}')", made, at)
        if closed not in (None, "filled"):
            house.sql("insert into gap_event (gap, at, step, row_after) values (%s, %s, 'closed', '{\"closed_at\": \"x\"}')", made, closed)
            house.sql("insert into gap_event (gap, at, step, row_after) values (%s, %s, 'reopened', '{\"closed_at\": null}')", made, starts - timedelta(days=2))
    line = of(month(house), "X06000001", "function", "amhp")
    assert (line["gaps"], line["gaps_ahead"], line["unknowns"]) == (3, 1, 0)


# ------------------------------------------------------------------------------------------------------------------ the schema "report"

DESCRIBED = re.compile(r"^\| `report\.(\w+)` \| `(\w+)` \| ([\w ]+) \| (.+) \|$", re.M)
CATALOGUE = """select c.table_name, c.column_name, c.data_type, col_description(format('report.%I', c.table_name)::regclass, c.ordinal_position)
               from information_schema.columns c where c.table_schema = 'report' order by c.table_name, c.ordinal_position"""


def test_z16_every_column_is_described_and_none_leads_to_a_person(house):
    described = DESCRIBED.findall((TOP / "docs" / "reports.md").read_text())
    found = house.sql(CATALOGUE)
    assert sorted(described) == sorted(tuple(row) for row in found)
    assert not [name for _, name, *_ in found if re.search("person|people|account|_by$|note|phone|told", name) and name != "wrong_person"]
    views = sorted({view for view, *_ in found})
    assert views == ["calls", "function", "gap", "hours", "place", "requirement", "service"]
    assert not [view for view in views if not house.sql(f"select obj_description('report.{view}'::regclass)")[0][0]]
    rows = "\n".join(str(house.sql(f"select * from report.{view}", login="crisiscover_report")) for view in views)
    assert "ZED01" in rows and not [secret for person in [*PEOPLE, ("st-oswins-ed", "fenmere-rotas")] for secret in person if secret in rows]


def test_z17_the_login_reads_nothing_else(house):
    for refused in ("select * from crisiscover.contact_report", "select * from crisiscover.person", "create table report.mine (x integer)",
                    "set default_transaction_read_only = off; delete from crisiscover.contact_report", "select report.few_least()"):
        with pytest.raises(psycopg2.Error, match="permission denied|read-only"):
            house.sql(refused, login="crisiscover_report")


def test_z18_the_schema_has_what_the_report_has(house):
    """Of 20 random months with up to six services each: the same counts, and the same ones left out."""
    dice, calls = random.Random(18), []
    first, _ = last_month()
    months = [f"{year}-{number:02}" for year in range(int(first[:4]) - 4, int(first[:4]) - 2) for number in range(1, 13)][:20]
    for name in months:
        for service in range(dice.randint(1, 6)):
            people = dice.sample([id for id, _ in PEOPLE], dice.choice([1, 2, 3, 3, 3]))
            for _ in range(dice.choice([1, 3, 5, 6, 9, 14])):
                outcome = dice.choices(["reached", "no_answer", "wrong_person", "declined"], [6, 2, 1, 1])[0]
                person = dice.choice([*people, None])
                calls.append((f"{name}-{dice.randint(2, 27)}T10:00Z", f"{name}-28T10:00Z", f"team-{service}", person and "fenmere-amhp-duty", person, outcome))
    house.sql("insert into contact_report (version, at, until, account, place, function, service, rota, person, outcome) "
              "select 1, at::timestamptz, until::timestamptz, 'x', 'ZED01', 'amhp', service, rota, person, outcome "
              "from unnest(%s, %s, %s, %s, %s, %s) c (at, until, service, rota, person, outcome)", *(list(column) for column in zip(*calls)))
    shown = house.sql("select to_char(month, 'YYYY-MM'), service, calls, answered, wrong_person, no_answer from report.calls where place = 'ZED01'",
                      login="crisiscover_report")
    hidden = 0
    for name in months:
        answer = house.get(f"/v1/reports/month?place=ZED01&month={name}").json
        wanted = [(line["service"], *(line[count] for count in CALLED)) for line in answer["lines"] if line["calls"] is not None or line["hidden"]
                  if line["about"] in ("place", "service")]
        assert sorted(wanted, key=str) == sorted((row[1:] for row in shown if row[0] == name), key=str), name
        hidden += sum(None in row for row in wanted)
        assert [answer["least_shown"], answer["least_people"]] == [*house.sql("select report.few_least(), report.few_people()")[0]]
    assert hidden > 20


def test_z19_hours_and_gaps_are_those_of_the_report(house):
    answer = house.get(f"/v1/reports/month?place=X06000001&month={now().astimezone(LONDON):%Y-%m}").json
    for line in answer["lines"]:
        if line["about"] == "function":
            kept = dict(house.sql("select state, sum(hours) from report.hours where place = %s and function = %s and month = %s group by state", line["place"],
                                  line["function"], answer["month"] + "-01", login="crisiscover_report"))
            # Between the two answers time goes by.
            assert all(abs(float(kept.get(state, 0)) - line["hours_" + state]) < 0.05 for state in STATES[:3]), (line, kept)
            # The report says unknown also of what was before the record.
            assert float(kept.get("unknown", 0)) < line["hours_unknown"] + 0.05, (line, kept)
    counted = house.sql("select count(*), count(*) filter (where ahead) from report.gap where state <> 'unknown' and place = 'X06000001' and month = %s",
                        month(house)["month"] + "-01", login="crisiscover_report")[0]
    line = of(month(house), "X06000001", "place")
    assert tuple(counted) == (line["gaps"], line["gaps_ahead"])


# ----------------------------------------------------------------------------------------------------------------------- research


def exported(house, *options):
    out = house.crisiscover("export", "research", *options).stdout
    head = [line for line in out.splitlines() if line.startswith("#")]
    return head, list(csv.DictReader(line for line in out.splitlines() if not line.startswith("#")))


def test_z20_research_has_what_places_have_chosen_and_nobody_in_it(house):
    name, night = last_month()
    refused = house.get("/v1/reports/research")
    assert refused.status == 404 and "has chosen research" in refused.json["detail"]
    # In the month before, of which there is no record yet, one person was on for two hours, and nobody for three.
    earlier = night.replace(day=1) - timedelta(days=12)
    covered = house.sql("select id from shift where class = 'named' limit 1")[0][0]
    for requirement, place, state, hours, shifts in (("R01", "ZED01", "covered", 2, [covered]), ("R04", "ZED01", "gap", 3, [])):
        house.sql("insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, shifts, version, known_from) "
                  "values (%s, %s, %s, %s, %s, 'silent', %s, 1, %s, 1, now())", requirement, place, earlier, earlier + timedelta(hours=hours), state, len(shifts), shifts)
    tag = house.get("/v1/places/ZED01").headers["etag"]
    assert house.request("PATCH", "/v1/places/ZED01", {"research": True}, headers={"If-Match": tag}).status == 200
    wait_until(lambda: house.get("/v1/reports/research").status == 200, 10, "the place has chosen it")
    head, rows = exported(house, "--licence", "Open Government Licence v3.0", "--from", f"{earlier:%Y-%m}")
    assert {row["place"] for row in rows} == {"ZED01"} and {row["month"] for row in rows} == {f"{earlier:%Y-%m}", name}
    by_line = {(row["month"], row["function"]): row for row in rows}
    one, nobody, calls = by_line[f"{earlier:%Y-%m}", "amhp"], by_line[f"{earlier:%Y-%m}", "liaison"], by_line[name, ""]
    assert one["hours_covered"] == one["hours_gap"] == one["gaps"] == "", one
    assert (nobody["hours_gap"], nobody["hours_covered"], nobody["gaps"]) == ("3.00", "0.00", "0"), nobody
    said = of(month(house), "ZED01", "place")
    assert [calls[count] for count in CALLED] == ["" if said[count] is None else str(said[count]) for count in CALLED]
    assert "# Licence: Open Government Licence v3.0" in head and f"# Months: {earlier:%Y-%m} to {name}" in head
    # What the file says of its columns is what its documentation says, and every column is described.
    told = [re.fullmatch(r"# Column (\w+) \((\w+)\): (.*)\.", line).groups() for line in head if line.startswith("# Column")]
    assert [column for column, *_ in told] == list(rows[0])
    assert told == re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", (TOP / "docs" / "research.md").read_text(), re.M)
    text = "\n".join(head) + str(rows)
    assert not [secret for person in PEOPLE for secret in person if secret in text]
    for wrong in ("from_month=2026", "from_month=2027-02&to_month=2027-01", "licence=a%0Ab"):
        assert house.get("/v1/reports/research?" + wrong).status == 400, wrong
    tag = house.get("/v1/places/ZED01").headers["etag"]
    assert house.request("PATCH", "/v1/places/ZED01", {"research": None}, headers={"If-Match": tag}).status == 200
    wait_until(lambda: house.get("/v1/reports/research").status == 404, 10, "and has not any more")


@pytest.mark.long
def test_z21_the_demo_has_a_month_of_calls(testbed):
    folder = testbed.folder
    subprocess.run([sys.executable, "-B", str(TOP / "deploy" / "demo" / "make"), "--out", str(folder)], check=True)
    testbed.start(json.loads((folder / "region.json").read_text()))
    calls, documents = ((TOP / "deploy" / "demo" / name).read_text() for name in ("calls.sql", "protocols.sql"))
    for _ in range(2):
        testbed.sql(calls)
        testbed.sql(documents)
    # What two of them commission together, with its risk accepted by both.
    (risk,) = testbed.get("/v1/risks").json["risks"]
    assert (risk["state"], risk["requirement"], [one["commissioner"] for one in risk["commissioners"]]) == ("accepted", "R17-zed01", ["ZI1", "ZAB"])
    wait_until(lambda: testbed.now(function="addiction_liaison")["accepted_until"] == risk["until"], 60, "its gap is accepted")
    answer = testbed.get("/v1/reports/month?place=ZED01").json
    place = of(answer, "ZED01", "place")
    assert place["calls"] > 100 and place["answered_percent"] > 50 and place["found_median_minutes"] is not None, place
    assert len([line for line in answer["lines"] if line["about"] == "service" and line["calls"]]) >= 2, answer["lines"]
    assert testbed.sql("select count(*) from contact_report where report_is_open(contact_report)")[0][0] == 0
    # Its calendars, which name people, are input and no place where something is kept.
    shutil.rmtree(folder / "feeds")
