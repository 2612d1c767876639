# SPDX-License-Identifier: MIT
"""Rosters as workbooks: what hand-kept ones have beside the text of their cells. The same entries give the same bytes."""

import io
import random
import zipfile
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

HEADINGS = ["Unit", "Staff Name", "Assignment No", "Grade", "Shift", "Start", "End", "Date", "Status"]
NAME, START, END, DATE = 1, 5, 6, 7
SAVED = datetime(2026, 1, 1)
YELLOW = PatternFill("solid", fgColor="FFFF00")


def same_each_time(book):
    """What openpyxl writes has the time of day in it."""
    book.properties.created = book.properties.modified = SAVED
    made, out = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                # It is made new at each saving.
                content = content.split(b"<dcterms:modified")[0] + b"</cp:coreProperties>"
            target.writestr(zipfile.ZipInfo(name, SAVED.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def write(unit, entries):
    dice = random.Random(f"workbook {unit}")
    book = Workbook()
    if dice.random() < 0.3:
        book.epoch = CALENDAR_MAC_1904
    if dice.random() < 0.4:
        book.active.title = "Old"
        book.active.sheet_state = "hidden"
        book.create_sheet("On call")
        book.active = 1
    sheet = book.worksheets[-1]
    dates, times = dice.choice(["dd/mm/yyyy", "ddd d mmm yy", "d-mmm-yyyy"]), dice.choice(["hh:mm", "h:mm AM/PM"])
    if dice.random() < 0.5:
        sheet.append([f"Roster of {unit}"])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADINGS))
    sheet.append(HEADINGS)
    for number, entry in enumerate(entries):
        name, shift, status = entry.row
        # Instead of the word the mark: a name that is struck out, or in a colour of which nobody has said what it means.
        marked = status in ("Cancelled", "Requested", "Pending") and dice.random() < 0.5
        sheet.append([unit, name, 20000000 + number, "B6", shift, entry.start.time().replace(tzinfo=None), entry.end.time().replace(tzinfo=None),
                      entry.start.date(), "Filled" if marked else status])
        row = sheet.max_row
        sheet.cell(row, DATE + 1).number_format = dates
        sheet.cell(row, START + 1).number_format = sheet.cell(row, END + 1).number_format = times
        if marked and status == "Cancelled":
            sheet.cell(row, NAME + 1).font = Font(strike=True)
        elif marked:
            sheet.cell(row, NAME + 1).fill = YELLOW
    return same_each_time(book)
