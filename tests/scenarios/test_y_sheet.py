# SPDX-License-Identifier: MIT
"""Tonight on paper: one page or two that say so, with every name, number and doubt that the screen has."""

import os
import re
import shutil
import subprocess
from datetime import timedelta

import pytest
from regions import ALWAYS, Event, calendar, now, rfc3339, round_the_clock, small, today
from servers import wait_until
from testbed import TOP


@pytest.fixture
def house(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = small(testbed.publisher)
    region["places"][1]["switchboard"] = "+441632960900"
    region["people"][0]["name"], region["people"][0]["aliases"] = "Zoë Wójcik-Ångström", ["Jo Jones"]
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    return testbed


def read(path):
    """How many pages, their text, and whether all letters are in the file."""
    about = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Page size:.*A4", about), about
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts and all("DejaVu" in line and line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts), fonts
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"Pages: +(\d+)", about).group(1)), " ".join(text.split())


def sheet(testbed, place="ZED01"):
    path = testbed.folder / f"{place}.pdf"
    assert testbed.crisiscover("sheet", place, "--pdf", str(path)).stdout == ""
    assert oct(path.stat().st_mode)[-3:] == "600", "it names people"
    return read(path)


@pytest.mark.holds("H09.3")
def test_y20_tonight_is_on_one_page_with_every_name_and_number(house):
    text = house.crisiscover("sheet", "ZED01").stdout
    assert all(len(line) <= 80 for line in text.splitlines()), text
    said = " ".join(text.split())
    until = house.get("/v1/sheet?place=ZED01").json["until"]
    events = [event for event in round_the_clock() if event.end > now() and rfc3339(event.start) < until]
    for event in events:
        name = event.title.removeprefix("AMHP – ").replace("Jo Jones", "Zoë Wójcik-Ångström")
        assert f"{name} tel 01632 960456" in said, (name, said)
    for words in ("St Oswin's Hospital (ZED01)", "Live.", "COVERED (1 of 1 needed)", "GAP: NOBODY IS ON THE ROTA", "Ring: Switchboard of St Oswin's",
                  "01632 960900", "If nobody answers: Ring the Emergency Duty Team tel 01632 960111", "It is not updated", "No names by e-mail"):
        assert words in said, (words, said)
    pages, paper = sheet(house)
    assert pages == 1 and "page 1 of 1" in paper, paper
    minutes = re.compile(r"\d\d:\d\d")
    for line in text.splitlines():
        words = minutes.sub("", " ".join(line.split()))
        assert words in minutes.sub("", paper), "the same words on paper"
    assert house.crisiscover("sheet", "ZEDXX", check=False).returncode == 1
    assert house.crisiscover("sheet", "ZED01", "--text", "--pdf", "x", check=False).returncode == 2
    assert house.crisiscover("sheet", "ZED01", "--pdf", "/nowhere/x.pdf", check=False).returncode == 3


@pytest.mark.holds("H14.2")
def test_y21_what_changes_before_the_morning_is_on_it_and_nobody_who_is_protected(testbed):
    end = now() + timedelta(hours=2)
    testbed.publisher.publish("amhp", calendar([Event("one", today() - timedelta(days=1), end, "AMHP – Kim Lee"),
                                                Event("far", today() + timedelta(days=20), today() + timedelta(days=21), "AMHP – Sam Ahmed")]))
    region = small(testbed.publisher)
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")

    def block():
        said = " ".join(testbed.crisiscover("sheet", "ZED01").stdout.split())
        return said[said.index("Approved mental health professional"):said.index("Liaison psychiatry")]

    first = block()
    assert "COVERED" in first and "Kim Lee tel 01632 960456" in first and "Sam Ahmed" not in first, first
    assert re.search(r"From \w{3} \d\d:\d\d \w{3}: GAP: NOBODY IS ON THE ROTA", first), first
    assert "Instead: Ring the Emergency Duty Team tel 01632 960111" in first, "whom to ring then"
    region["people"][2]["protected"] = True
    testbed.apply(region)
    wait_until(lambda: "Kim Lee" not in block(), 10, "a protected person is on no paper")
    assert "COVERED" in block() and "01632 960456" in block()


def test_y22_thirty_functions_are_on_two_pages_that_say_so(house):
    region = house.get("/v1/region").json
    for i in range(30):
        region["functions"].append({"code": f"extra{i}", "name": f"Extra function {i} of a very large hospital"})
        region["services"].append({"id": f"extra{i}", "name": f"Extra {i}", "function": f"extra{i}", "organisation": "ZAV", "places": ["ZED01"],
                                   "fallback": {"text": f"Ring the site manager about {i}", "phone": "+441632960222"}})
        region["requirements"].append({"id": f"E{i}", "place": "ZED01", "function": f"extra{i}", "count": 1, "hours": ALWAYS})
    house.apply(region)
    wait_until(lambda: len(house.get("/v1/sheet?place=ZED01").json["blocks"]) == 33, 20, "the functions are there")
    pages, paper = sheet(house)
    assert pages >= 2 and all(f"page {i} of {pages}" in paper for i in range(1, pages + 1)), paper
    for i in range(30):
        assert f"Extra function {i} of" in paper and f"Ring the site manager about {i} " in paper


@pytest.mark.holds("H09.3")
def test_y23_with_the_database_away_it_says_how_old_it_is(house):
    house.postgres.stop()
    wait_until(lambda: house.get("/v1/sheet?place=ZED01").json["map"]["confidence"] == "stale", 20, "it is not live any more")
    pages, paper = sheet(house)
    assert pages == 1 and "NOT LIVE: this is what was known at" in paper and "COVERED" in paper, paper
    before = (house.folder / "ZED01.pdf").read_bytes()
    house.stop()
    failed = house.crisiscover("sheet", "ZED01", "--pdf", str(house.folder / "ZED01.pdf"), check=False)
    assert failed.returncode == 4 and (house.folder / "ZED01.pdf").read_bytes() == before, "the last one is kept"


def make(house, folder, printer="", tries="1"):
    """deploy/sheet as its unit starts it; lp only notes what it was given."""
    lp = house.folder / "bin" / "lp"
    lp.parent.mkdir(exist_ok=True)
    lp.write_text(f'#!/bin/sh\necho "$@" >>{house.folder}/printed\n')
    lp.chmod(0o755)
    environment = {**house.environment, "PATH": f"{lp.parent}:{os.environ['PATH']}", "CRISISCOVER_CLIENT": str(house.release.client),
                   "CRISISCOVER_SHEETS": str(folder), "CRISISCOVER_PRINTER": printer, "CRISISCOVER_TRIES": tries, "CRISISCOVER_WAIT": "0"}
    return subprocess.run([TOP / "deploy" / "sheet", "ZED01"], env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.holds("H09.3")
def test_y24_the_unit_makes_prints_and_keeps_it(house):
    folder = house.folder / "sheets"
    folder.mkdir()
    assert make(house, folder).returncode == 0 and read(folder / "ZED01.pdf")[0] == 1
    assert not (house.folder / "printed").exists(), "without a printer it is filed"
    first = (folder / "ZED01.pdf").read_bytes()
    done = make(house, folder, printer="ward")
    assert done.returncode == 0, done
    assert (house.folder / "printed").read_text() == f"-d ward -o media=A4 -t ZED01 -- {folder}/ZED01.pdf\n"
    assert (folder / "ZED01.before.pdf").read_bytes() == first, "the one before is kept"
    last = (folder / "ZED01.pdf").read_bytes()
    house.stop()
    failed = make(house, folder, printer="ward", tries="2")
    assert failed.returncode == 1 and "the last sheet is kept" in failed.stderr, failed
    assert (folder / "ZED01.pdf").read_bytes() == last and len((house.folder / "printed").read_text().splitlines()) == 1
    assert sorted(path.name for path in folder.iterdir()) == ["ZED01.before.pdf", "ZED01.pdf"], "nothing half made is left"
    assert {oct(path.stat().st_mode)[-3:] for path in folder.iterdir()} == {"600"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
def test_y25_its_units_are_right(tmp_path):
    for name in ("crisiscover-sheet@.service", "crisiscover-sheet@.timer"):
        text = (TOP / "deploy" / "systemd" / name).read_text().replace("/usr/lib/crisiscover/sheet", "/bin/true")
        (tmp_path / name.replace("@.", "@ZED01.")).write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", *map(str, tmp_path.iterdir())], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stderr.strip() == "", done.stderr
    assert "OnCalendar=*-*-* 17:00:00 Europe/London" in (tmp_path / "crisiscover-sheet@ZED01.timer").read_text()
    judged = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", tmp_path / "crisiscover-sheet@ZED01.service"],
                            capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout[-600:]


def test_y26_notes_and_reports_are_on_it_and_on_the_page(house):
    on = house.now()["on_call"][0]
    person = next(one["id"] for one in house.get("/v1/people").json["people"] if one["name"] == on["name"])
    made = house.post("/v1/notes", {"on": {"place": "ZED01", "function": "amhp"}, "text": "phone flat, ring ward 7"})
    assert made.status == 201, made
    reported = house.post("/v1/contacts", {"place": "ZED01", "function": "amhp", "rota": "fenmere-amhp-duty", "person": person, "outcome": "wrong_person"})
    assert reported.status == 201, reported
    for shown in (lambda: house.crisiscover("sheet", "ZED01").stdout, lambda: house.get("/now/ZED01").text, lambda: house.get("/now/ZED01.txt").text):
        wait_until(lambda shown=shown: "NOTE: phone flat, ring ward 7" in shown() and ", WRONG PERSON, by St Oswin" in shown(), 10, "both are shown")
