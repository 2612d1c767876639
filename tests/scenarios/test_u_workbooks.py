# SPDX-License-Identifier: MIT
"""Workbooks as rota managers send them: read in the sealed reader, with what is struck out and coloured in them."""

import io
from datetime import time

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from regions import london_day, small
from servers import wait_until

ROTA = "fenmere-amhp-duty"
DAYS = range(-2, 20)
NEAR = range(-2, 3)  # days that hold the present, whatever the hour
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(name, mark=lambda cell, day: None):
    """Two shifts a day by one person, on the second of three sheets, which is the first that is visible."""
    book = Workbook()
    book.active.title = "Old"
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("On call")
    book.create_sheet("Key")["A1"] = "SA = Sam Ahmed"
    sheet.append(["AMHP rota"])
    sheet.merge_cells("A1:D1")
    sheet.append(["Staff Name", "Date", "Start", "End"])
    for day in DAYS:
        for start, end in ((time(9), time(21)), (time(21), time(9))):
            sheet.append([name, london_day(day), start, end])
            sheet.cell(sheet.max_row, 2).number_format = "ddd d mmm yy"
            mark(sheet.cell(sheet.max_row, 1), day)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def strike(cell, day):
    if day in NEAR:
        cell.font = Font(strike=True)


def paint(cell, day):
    if day in NEAR:
        cell.fill = PatternFill("solid", fgColor="FFFF00")


def on(testbed):
    return [person["name"] for person in testbed.now()["on_call"]]


def bring(testbed, body):
    path = testbed.write("rota.xlsx", body)
    return testbed.crisiscover("import", ROTA, path, "--confirm", "--reason", "The rota as it was agreed.").stdout


def test_u10_a_workbook_is_read_and_what_is_struck_out_or_coloured_in_it_does_not_count(testbed):
    region = small(testbed.publisher)
    rota = next(one for one in region["rotas"] if one["id"] == ROTA)
    rota["source"] = {"kind": "file"}
    testbed.start(region)
    assert "Only the sheet" in bring(testbed, workbook("Sam Ahmed"))
    wait_until(lambda: on(testbed) == ["Sam Ahmed"], 15, "the workbook was in force")
    assert testbed.now()["state"] == "covered"
    kept = testbed.get("/v1/imports?limit=1").json["imports"][0]
    assert kept["format"] == WORKBOOK, kept

    bring(testbed, workbook("Sam Ahmed", strike))
    wait_until(lambda: on(testbed) == [], 15, "the name that is struck out was off duty")
    assert testbed.now()["state"] == "gap"

    bring(testbed, workbook("Sam Ahmed", paint))
    wait_until(lambda: testbed.now()["state"] == "unknown", 15, "nobody knew what yellow means")
    assert on(testbed) == []
    rota["reading"] = {**rota.get("reading", {}), "marks": {"fill": "nothing"}}
    testbed.apply(region)
    wait_until(lambda: on(testbed) == ["Sam Ahmed"], 20, "the manager said that yellow means nothing")

    # What is no workbook of this kind is refused as what it is, and nothing changes.
    old = testbed.write("rota.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"))
    refused = testbed.crisiscover("import", ROTA, old, check=False)
    assert refused.returncode != 0 and "before 2007" in refused.stdout + refused.stderr, refused
    assert on(testbed) == ["Sam Ahmed"]
