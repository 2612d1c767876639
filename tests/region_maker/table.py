# SPDX-License-Identifier: MIT
"""A table of cells as a file: CSV as spreadsheets save it, or a workbook. The same cells give the same bytes."""

import csv
import io
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from .workbook import YELLOW, same_each_time

SHEET = "On call"
# How a date is written in CSV, and how a workbook shows it.
DATES = {"%d/%m/%Y": "dd/mm/yyyy", "%a %d/%m/%Y": "ddd dd/mm/yyyy", "%d %b %y": "dd mmm yy", "%Y-%m-%d": "yyyy-mm-dd", "%d %B %Y": "d mmmm yyyy"}


@dataclass(slots=True)
class Cell:
    value: object = ""      # a text or a date
    mark: str = ""          # of workbooks alone: strike, fill, comment, formula (without a value), hidden (its whole row)


def text_of(cell, dates):
    return f"{cell.value:{dates}}" if isinstance(cell.value, date) else cell.value


def csv_of(rows, dates, dice):
    mark, encoding, ends = dice.choice(",,;\t|"), dice.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16"]), dice.choice(["\r\n", "\n"])
    width, text = max(map(len, rows)), io.StringIO()
    out = csv.writer(text, delimiter=mark, lineterminator=ends)
    for row in rows:
        out.writerow([text_of(cell, dates) for cell in row] + [""] * (width - len(row)))
    return text.getvalue().encode(encoding)


def sheet_name(dice):
    """The name that a rota says, where its sheet is not the first one."""
    return SHEET if dice.random() < 0.4 else None


def put(sheet, row, column, cell, dates):
    place = sheet.cell(row, column, cell.value if cell.value != "" else None)
    if isinstance(cell.value, date):
        place.number_format = DATES[dates]
    if cell.mark == "formula":
        place.value = f'="{cell.value}"'
    elif cell.mark == "strike":
        place.font = Font(strike=True)
    elif cell.mark == "fill":
        place.fill = YELLOW
    elif cell.mark == "comment":
        place.comment = Comment("Ask Kay", "Rota office")
    elif cell.mark == "hidden":
        sheet.row_dimensions[row].hidden = True


def xlsx_of(rows, dates, dice, named):
    book = Workbook()
    if dice.random() < 0.3:
        book.epoch = CALENDAR_MAC_1904
    if named:
        # Somebody's own notes come first; the sheet is named by the rota.
        book.active.title = "Contacts"
        book.active.append(["Rota office", "Monday to Friday"])
        book.create_sheet(named)
    elif dice.random() < 0.4:
        book.active.title, book.active.sheet_state = "Old", "hidden"
        book.create_sheet(SHEET)
        book.active = 1
    sheet = book.worksheets[-1]
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row, 1):
            put(sheet, number, column, cell, dates)
    if len(rows[0]) == 1 and len(rows) > 1:
        sheet.merge_cells(f"A1:{get_column_letter(max(2, len(rows[1])))}1")
    sheet.freeze_panes = "B2"
    return same_each_time(book)
