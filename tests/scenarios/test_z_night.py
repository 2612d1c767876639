# SPDX-License-Identifier: MIT
"""A night played end to end, at its hour: at ten past three no AMHP answers, the next is the wrong person, the third comes; the rota's manager is told, and in the
morning the commissioner's report has the right minute. The clock of all of it is set to that night, and goes on by the minutes between the calls."""

import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import servers
from regions import LONDON, PEOPLE, Event, calendar, instant, rfc3339, small
from servers import wait_until

CLOCK = os.environ.get("CRISISCOVER_NIGHT_CLOCK")
if CLOCK:
    servers.CLOCK["CLOCK_AHEAD_FILE"] = CLOCK


def now():
    return datetime.now(LONDON)


def set_clock(path, seconds):
    with open(path, "r+b" if Path(path).exists() else "xb") as file:
        file.write(int(seconds).to_bytes(8, "little", signed=True))


def ahead():
    return int.from_bytes(Path(CLOCK).read_bytes(), "little", signed=True)


@pytest.mark.long
@pytest.mark.skipif(CLOCK is not None, reason="it is the night itself that is run")
def test_z90_a_night_from_the_first_call_to_the_report(release):
    """In a process of its own, as everything in it has the clock of the night."""
    folder = servers.new_folder("night")
    try:
        folder.chmod(0o755)
        library = shutil.copy(release.clock_ahead, folder / "libclock_ahead.so")
        os.chmod(library, 0o755)
        plain = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "CLOCK_AHEAD", "PYTEST_XDIST_WORKER")}
        unmoved = float(subprocess.run(["date", "+%s"], env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True).stdout)
        # A Thursday night in the middle of a month, with no change of the clocks and no bank holiday near.
        night = datetime.fromtimestamp(unmoved, LONDON).replace(month=11, day=12, hour=3, minute=9, second=30)
        set_clock(folder / "clock", night.timestamp() - unmoved)
        (folder / "clock").chmod(0o644)
        done = subprocess.run([sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", __file__, "-k", "the_night_itself"],
                              env={**plain, "LD_PRELOAD": str(library), "CLOCK_AHEAD_FILE": str(folder / "clock"), "CRISISCOVER_NIGHT_CLOCK": str(folder / "clock"),
                                   "ASAN_OPTIONS": "verify_asan_link_order=0"}, capture_output=True, text=True, check=False, timeout=600)
        assert done.returncode == 0 and "1 passed" in done.stdout, "\n".join(line for line in done.stdout.splitlines() if line.startswith(("E  ", ">")))
    finally:
        servers.remove(folder)


# ------------------------------------------------------------------------------------------------------------------------- the night


def region_of(publisher):
    region = small(publisher)
    # Each with a telephone of its own: a number that did not answer is not given again under another name.
    for rota, tier, phone in (("second-duty", 2, "+441632960457"), ("third-duty", 3, "+441632960458")):
        region["services"].append({**region["services"][0], "id": f"of-{rota}", "name": f"AMHPs, {tier}", "phone": phone})
        region["rotas"].append({"id": rota, "service": f"of-{rota}", "tier": tier, "source": {"kind": "typed"}})
    region["places"][0]["ladders"] = [{"function": "amhp", "steps": [{"on_call": 1}, {"on_call": 2}, {"on_call": 3}, {"name": "AMHP hub manager", "phone": "+441632960222"}]}]
    return region


def pass_minutes(testbed, until):
    """The clock goes on to that minute of the night."""
    wanted = now().replace(hour=until[0], minute=until[1], second=0, microsecond=0)
    set_clock(CLOCK, ahead() + (wanted - now()).total_seconds() + 1)
    wait_until(lambda: instant(testbed.get("/v1/now?place=ZED01").json["at"]) >= wanted, 30, "the server is at that minute")


def earlier_night(testbed, days, minutes):
    """As it was reported on another night of the month: no answer, no answer, and somebody reached so many minutes after the first. Of each service by
    several people: what is about fewer than three is not shown."""
    at = now().replace(hour=3, minute=10, second=0, microsecond=0) - timedelta(days=days)
    for number, (rota, later) in enumerate((("fenmere-amhp-duty", 0), ("second-duty", 2), ("third-duty", minutes))):
        when, service = at + timedelta(minutes=later), "fenmere-amhp" if number == 0 else f"of-{rota}"
        testbed.sql("insert into contact_report (version, at, until, account, place, function, service, rota, person, outcome) values "
                    "(1, %s, %s + interval '2 hours', 'st-oswins-ed', 'ZED01', 'amhp', %s, %s, %s, %s)",
                    when, when, service, rota, PEOPLE[(number + days) % 4][0], "reached" if number == 2 else "no_answer")


def ladder(testbed, ward):
    return testbed.get("/v1/ladder?place=ZED01&function=amhp", token=ward).json["ladder"]


def ring(testbed, ward, name, outcome):
    """Rings who is next, who must be that one, and says what came of it."""
    found = ladder(testbed, ward)
    step = found["steps"][found["next"] - 1]
    assert step["name"] == name, found
    made = testbed.post("/v1/contacts", {"place": "ZED01", "function": "amhp", "entry": step["entry"], "outcome": outcome}, token=ward)
    assert made.status == 201, made
    wait_until(lambda: outcome == "reached" or ladder(testbed, ward)["steps"][step["step"] - 1]["passed"] == outcome, 10, "everybody is shown it")
    return made.json


def told(testbed):
    return [flag for flag in testbed.get("/v1/flags?after=0-0&limit=1000").json["flags"] if flag["kind"] == "contact_failed"]


@pytest.mark.skipif(CLOCK is None, reason="it is run with the clock of that night, by the other one")
def test_the_night_itself(testbed):
    evening = now().replace(hour=20, minute=0, second=0, microsecond=0) - timedelta(days=1)
    testbed.publisher.publish("amhp", calendar([Event("night", evening.replace(tzinfo=None), evening.replace(tzinfo=None) + timedelta(hours=13), "AMHP – Jo Jones"),
                                                Event("far", evening.replace(tzinfo=None) + timedelta(days=20), evening.replace(tzinfo=None) + timedelta(days=21), "AMHP – Jo Jones")]))
    testbed.start(region_of(testbed.publisher))
    for rota, person in (("second-duty", "sam-ahmed"), ("third-duty", "kim-lee")):
        made = testbed.post(f"/v1/rotas/{rota}/shifts", {"person": person, "from": rfc3339(now() - timedelta(minutes=30)), "until": rfc3339(now() + timedelta(hours=6))})
        assert made.status in (200, 201), made
    ward, rotas, board = (testbed.crisiscover("token", account).stdout.strip() for account in ("st-oswins-ed", "fenmere-rotas", "fenmere-icb"))
    wait_until(lambda: [step["name"] for step in ladder(testbed, ward)["steps"]][:4] == ["Jo Jones", "Sam Ahmed", "Kim Lee", "AMHP hub manager"], 20, "all are on")
    for days, minutes in ((1, 5), (2, 5), (3, 30), (4, 30)):
        earlier_night(testbed, days, minutes)
    pass_minutes(testbed, (3, 10))
    assert not ring(testbed, ward, "Jo Jones", "no_answer")["told"]
    assert f"{now():%H:%M}" == "03:10"
    pass_minutes(testbed, (3, 15))
    text = " ".join(testbed.get("/now/ZED01.txt", token=ward).text.split())
    assert "03:10 GMT WITHOUT ANSWER, by St Oswin's Hospital" in text, text
    wrong = ring(testbed, ward, "Sam Ahmed", "wrong_person")
    assert wrong["told"] and wrong["next"]["name"] == "Kim Lee"
    wait_until(lambda: len(told(testbed)) == 1, 10, "the manager of the rota is told")
    flag = told(testbed)[0]
    assert (flag["place"], flag["cause"], flag["outcome"]) == ("ZED01", "second-duty", "wrong_person") and "Ahmed" not in str(flag)
    pass_minutes(testbed, (3, 22))
    ring(testbed, ward, "Kim Lee", "reached")
    assert testbed.now()["state"] == "covered", "nobody counts by being reached, nor by not being"
    # The morning. The manager sees to it, and the commissioner has the month.
    pass_minutes(testbed, (8, 30))
    found = testbed.get("/v1/contacts?open=1", token=rotas).json["contacts"]
    assert [(one["outcome"], one["rota"]) for one in found][:1] == [("wrong_person", "second-duty")], found
    testbed.crisiscover("contacted", "settle", str(found[0]["id"]), "--note", "the number was corrected")
    line = next(one for one in testbed.get(f"/v1/reports/month?place=ZED01&month={now():%Y-%m}", token=board).json["lines"] if (one["about"], one["function"]) == ("function", "amhp"))
    assert (line["searches"], line["found"], line["found_median_minutes"]) == (5, 5, 12), str(line)
