"""Rosters: a HealthRoster-like CSV with dd/mm/yyyy, nights whose end date nobody writes, and what spreadsheets do to files."""

import csv
import io

HEADINGS = ["Unit", "Staff Name", "Assignment No", "Grade", "Shift", "Start", "End", "Date", "Status"]
VARIANTS = {"roster": (",", "utf-8"), "roster_bom": (",", "utf-8-sig"), "roster_semicolon": (";", "utf-8"),
            "roster_ansi": (",", "cp1252"), "roster_tab": ("\t", "utf-8")}


def write(dialect, unit, entries):
    mark, encoding = VARIANTS[dialect]
    out = io.StringIO()
    rows = csv.writer(out, delimiter=mark, lineterminator="\r\n")
    rows.writerow(HEADINGS)
    for number, entry in enumerate(entries):
        name, shift, status = entry.row
        rows.writerow([unit, name, f"{20000000 + number}", "B6", shift, f"{entry.start:%H:%M}", f"{entry.end:%H:%M}",
                       f"{entry.start:%d/%m/%Y}", status])
    return out.getvalue().encode(encoding)


def can_write(dialect, text):
    try:
        text.encode(VARIANTS[dialect][1])
    except UnicodeEncodeError:
        return False
    return True
