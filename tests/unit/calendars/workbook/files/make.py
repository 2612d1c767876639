#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the workbooks of this folder: openpyxl.xlsx, and libreoffice.xlsx, which LibreOffice has read and saved again.

LibreOffice (Debian: libreoffice-calc-nogui) is needed only when the files change:

  make.py && soffice --headless --convert-to ods openpyxl.xlsx && soffice --headless --convert-to xlsx:"Calc MS Excel 2007 XML" --outdir saved openpyxl.ods

and then saved/openpyxl.xlsx is libreoffice.xlsx.
"""

from datetime import date, datetime, time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

HERE = Path(__file__).resolve().parent


def main():
    book = Workbook()
    sheet = book.active
    sheet.title = "On call"
    sheet.append(["AMHP rota, January 2026"])
    sheet.merge_cells("A1:F1")
    sheet.append(["Name", "Date", "Start", "End", "Band", "Notes"])
    for day, name in enumerate(["J Jones", "Kay Lee", "S Ahmed", "P Patel", "C Chen", "G Gill", "W Nowak", "A Smith"], 5):
        sheet.append([name, date(2026, 1, day), time(21), time(9), 6 + day % 2, None])
    for row in range(3, 11):
        sheet.cell(row, 2).number_format = "ddd dd/mm/yyyy"
        sheet.cell(row, 3).number_format = sheet.cell(row, 4).number_format = "hh:mm"
    sheet["A4"].font = Font(strike=True)
    sheet["A5"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["A6"].comment = Comment("swap with JJ?", "me")
    sheet.row_dimensions[7].hidden = True
    sheet["C8"] = datetime(2026, 1, 10, 21)
    sheet["C8"].number_format = "dd/mm/yyyy hh:mm"
    sheet["B9"] = "=B8+1"
    sheet["B9"].number_format = "dd/mm/yyyy"
    sheet["F10"] = '=IF(1=1,"on call","")'
    book.create_sheet("Key")["A1"] = "JJ = J Jones"
    book.create_sheet("Old").sheet_state = "hidden"
    book.save(HERE / "openpyxl.xlsx")


main()
