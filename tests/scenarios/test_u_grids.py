# SPDX-License-Identifier: MIT
"""One grid with the duties of three rotas, sent once: each rota reads its own column of it, and nothing of the others'."""

import json

from regions import ALWAYS, london_day, small
from servers import wait_until

DUTY, SECOND, EDT = "fenmere-amhp-duty", "fenmere-amhp-second", "fenmere-edt-duty"
ROTAS = {DUTY: "AMHP", SECOND: "AMHP 2nd", EDT: "EDT"}
DAYS = range(-2, 20)
NEAR = range(-2, 3)  # days that hold the present, whatever the hour
WHOLE = {"from": "00:00", "to": "24:00"}


def region(publisher, grids):
    made = small(publisher)
    made["functions"].append({"code": "edt", "name": "Emergency duty team"})
    made["services"].append({"id": "fenmere-edt", "name": "Fenmere EDT", "function": "edt", "organisation": "ZFC", "places": ["X06000001", "ZED01"]})
    made["requirements"].append({"id": "R02", "place": "ZED01", "function": "edt", "count": 1, "hours": ALWAYS})
    for person in made["people"]:
        person["roles"] = [*person["roles"], "edt"]
    made["rotas"] = [
        {"id": id, "service": "fenmere-edt" if id == EDT else "fenmere-amhp", "tier": 2 if id == SECOND else 1, "source": {"kind": "file"},
         **({"reading": {"grid": {"layout": "dates_by_roles", "column": column, "hours": WHOLE}}} if grids else {})}
        for id, column in ROTAS.items()]
    made["rotas"].append({"id": "oswins-liaison", "service": "oswins-liaison", "source": {"kind": "file"}})
    return made


def grid(edt=lambda day: "Tess Osei", weekday=lambda day: day):
    """The same two people every day; ${edt}: the cell of the third column, by day; ${weekday}: the day whose weekday is written."""
    lines = ["Fenmere out of hours,,,,", "Date,Day,AMHP,AMHP 2nd,EDT"]
    for number in DAYS:
        day = london_day(number)
        lines.append(f"{day:%d/%m/%Y},{weekday(day):%a},Jo Jones,Sam Ahmed,{edt(number)}")
    return "\r\n".join(lines) + "\r\n"


def on(testbed, function):
    return [person["name"] for person in testbed.now(function=function)["on_call"]]


def bring(testbed, text, *more, rota=DUTY, check=True):
    path = testbed.write("grid.csv", text)
    return testbed.crisiscover("import", rota, path, *more, check=check)


def test_u20_three_rotas_read_their_own_columns_of_one_file_sent_once(testbed):
    testbed.start(region(testbed.publisher, False))
    # Nothing is guessed: the file is refused with its columns and the key that is to be set.
    refused = bring(testbed, grid(), check=False)
    assert refused.returncode != 0 and "Its columns: Date, Day, AMHP, AMHP 2nd, EDT." in refused.stdout, refused
    # What it has is given as data, and printed with the words to paste; hours are for a person to fill in.
    paste = '{"layout": "dates_by_roles", "column": "AMHP", "hours": {"from": "HH:MM", "to": "HH:MM"}}'
    assert "columns: AMHP, AMHP 2nd, EDT\n" in refused.stdout and f"set rota {DUTY} 'reading.grid={paste}'" in refused.stdout, refused
    found = testbed.get(f"/v1/imports/{testbed.get('/v1/imports?limit=1').json['imports'][0]['id']}").json["findings"][0]["grid"]
    assert found["own"] == "AMHP" and found["propose"] == json.loads(paste) and "EDT" in found["columns"], found
    assert testbed.crisiscover("set", "rota", DUTY, f"reading.grid={paste}", check=False).returncode != 0
    assert testbed.now()["state"] != "covered"

    testbed.apply(region(testbed.publisher, True))
    shown = bring(testbed, grid(), "--also", "all", "--confirm", "--reason", "The rota as it was agreed.").stdout
    assert shown.count("confirmed") == 3 and EDT in shown, shown
    imports = testbed.get("/v1/imports?limit=3").json["imports"]
    assert {one["rota"]: one["state"] for one in imports} == dict.fromkeys(ROTAS, "applied")
    whole = testbed.get(f"/v1/imports/{imports[0]['id']}").json
    assert {one["rota"] for one in whole["same_file"]} == set(ROTAS) - {whole["rota"]}
    wait_until(lambda: on(testbed, "edt") == ["Tess Osei"], 15, "the column of the EDT was in force")
    wait_until(lambda: sorted(on(testbed, "amhp")) == ["Jo Jones", "Sam Ahmed"], 15, "the columns of the AMHPs were in force")
    assert testbed.now(function="edt")["state"] == testbed.now()["state"] == "covered"

    # A ditto is nobody; the others of the same file are what they were. Each preview says what it would do, and does it.
    sent = testbed.post(f"/v1/rotas/{DUTY}/imports?also={EDT}", grid(lambda day: "as above" if day in NEAR else "Tess Osei").encode(),
                        content_type="text/csv")
    assert sent.status == 202 and [one["rota"] for one in sent.json["also"]] == [EDT], sent
    wanted = [sent.json["id"], sent.json["also"][0]["id"]]

    def read():
        both = [testbed.get(f"/v1/imports/{id}").json for id in wanted]
        return both if all(one["state"] == "preview" and one["gaps"] is not None for one in both) else None

    duty, edt = wait_until(read, 15, "both previews were made")
    assert duty["safe"] and not duty["gaps"]["opens"], duty["why"]
    assert not edt["safe"] and edt["gaps"]["opens"], edt["gaps"]
    assert testbed.post(f"/v1/imports/{edt['id']}/confirm", {}).status == 409
    assert testbed.post(f"/v1/imports/{edt['id']}/confirm", {"reason": "So it was sent.", "seen": edt["seen"]}).status == 200
    wait_until(lambda: on(testbed, "edt") == [], 15, "a ditto counted for nobody")
    assert testbed.now(function="edt")["state"] != "covered" and testbed.now()["state"] == "covered"

    # Last year's grid under this year's dates is refused, and nothing changes.
    old = bring(testbed, grid(weekday=lambda day: london_day((day - london_day()).days + 1)), check=False)
    assert old.returncode != 0 and "If the dates are those of another year" in old.stdout, old
    assert sorted(on(testbed, "amhp")) == ["Jo Jones", "Sam Ahmed"]

    # Only rotas of the same organisation that read a grid, each once, and all of them or none.
    for also, status in (("nowhere", 400), ("oswins-liaison", 400), (f"{EDT},{EDT}", 400), (DUTY, 400)):
        answer = testbed.post(f"/v1/rotas/{DUTY}/imports?also={also}", grid().encode(), content_type="text/csv")
        assert answer.status == status and "query.also" in answer.text, (also, answer)
