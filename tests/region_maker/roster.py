# SPDX-License-Identifier: MIT
"""Rosters: a HealthRoster-like CSV with dd/mm/yyyy, nights whose end date nobody writes, and what spreadsheets do to files."""

import csv
import io
import random

HEADINGS = ["Unit", "Staff Name", "Assignment No", "Grade", "Shift", "Start", "End", "Date", "Status"]
VARIANTS = {"roster": (",", "utf-8"), "roster_bom": (",", "utf-8-sig"), "roster_semicolon": (";", "utf-8"),
            "roster_ansi": (",", "cp1252"), "roster_tab": ("\t", "utf-8")}
# The decisions that the manager of such a rota has made about it.
READING = {"date_order": "dmy", "shift_codes": {"LD": {"from": "08:00", "to": "20:00"}, "N": {"from": "20:00", "to": "08:00"}}}


def write(dialect, unit, entries):
    mark, encoding = VARIANTS[dialect]
    out = io.StringIO()
    rows = csv.writer(out, delimiter=mark, lineterminator="\r\n")
    # Each unit prints its columns as it likes, on some printers the headings again on each page.
    dice = random.Random(f"columns {unit}")
    order = list(range(len(HEADINGS)))
    if dice.random() < 0.5:
        dice.shuffle(order)
    cased = dice.choice([str, str.upper, str.lower])
    paged, broken = dice.random() < 0.3, dice.random() < 0.3
    headings = [cased(HEADINGS[i]) for i in order]
    rows.writerow(headings)
    for number, entry in enumerate(entries):
        if paged and number % 40 == 39:
            rows.writerow([])
            rows.writerow(headings)
        name, shift, status = entry.row
        place = f"{unit}\n(ward office)" if broken and number % 10 == 3 else unit
        row = [place, name, f"{20000000 + number}", "B6", shift, f"{entry.start:%H:%M}", f"{entry.end:%H:%M}", f"{entry.start:%d/%m/%Y}", status]
        rows.writerow([row[i] for i in order])
    return out.getvalue().encode(encoding)


def can_write(dialect, text):
    try:
        text.encode(VARIANTS[dialect][1])
    except UnicodeEncodeError:
        return False
    return True
