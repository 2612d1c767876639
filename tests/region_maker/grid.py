# SPDX-License-Identifier: MIT
"""Grids as they are kept by hand: people by days with shift codes in the cells, in one wide table or a table for each month."""

import csv
import io
import random

from .clock import DAY


def code_of(entry):
    """By its times, so that a shift that is moved later has another code, whatever else is in the file."""
    return f"Z{entry.start:%H%M}{entry.end:%H%M}"


def reading(rota):
    """What the rota's manager has said about it."""
    codes = {code_of(entry): {"from": f"{entry.start:%H:%M}", "to": f"{entry.end:%H:%M}"} for entry in rota.entries}
    return {**rota.reading, "shift_codes": dict(sorted(codes.items())), "grid": {"layout": "names_by_dates"}}


def shown(entry):
    """The name at the beginning of a row, which says all that a list says by its status."""
    name, shift, status = entry.row
    plain = " ".join(reversed(name.split(", ")))
    # In words: beside a name "AL" may be the initials of somebody else.
    if shift in ("AL", "SICK"):
        return f"{plain} {'annual leave' if shift == 'AL' else 'sick'}"
    if status in ("Unfilled", "Vacant", "Cancelled"):
        return "VACANT"
    return f"{plain} TBC" if status in ("Requested", "Pending") else name


def rows_of(entries):
    """[name, {day: code}]: a person has a second row where one day has two shifts."""
    rows = []
    for entry in sorted(entries, key=lambda each: (shown(each), each.start)):
        day = entry.start.date()
        for name, cells in rows:
            if name == shown(entry) and day not in cells:
                cells[day] = code_of(entry)
                break
        else:
            rows.append((shown(entry), {day: code_of(entry)}))
    return rows


def table(out, days, entries, headings):
    for line in headings:
        out.writerow(line)
    width = max(len(line) for line in headings)
    for name, cells in rows_of(entries):
        line = [name, *(cells.get(day, "") for day in days)]
        out.writerow(line + [""] * (width - len(line)))


def by_month(out, days, entries, dice):
    """A month and a year stand once above each table; the days are numbers, with their weekdays in the cell or in a line of their own."""
    apart, width = dice.random() < 0.5, 32
    for first in sorted({day.replace(day=1) for day in days}):
        month = [first + number * DAY for number in range(31) if (first + number * DAY).month == first.month]
        lines = [[f"{first:%B %Y}"]]
        lines += [["", *(f"{day:%a}" for day in month)], ["Name", *(str(day.day) for day in month)]] if apart else [
            ["Name", *(f"{day:%a} {day.day}" for day in month)]]
        inside = [entry for entry in entries if entry.start.date().replace(day=1) == first]
        table(out, month, inside, [line + [""] * (width - len(line)) for line in lines])


def write(rota_id, entries):
    text = io.StringIO()
    dice = random.Random(f"grid {rota_id}")
    out = csv.writer(text, delimiter=dice.choice(",;\t"), lineterminator="\r\n")
    if not entries:
        out.writerow(["Name", "01/01/2020", "02/01/2020"])
        return text.getvalue().encode()
    first, last = min(entry.start.date() for entry in entries), max(entry.start.date() for entry in entries)
    days = [first + number * DAY for number in range(max((last - first).days + 1, 2))]
    if dice.random() < 0.5:
        by_month(out, days, entries, dice)
    else:
        form = dice.choice(["%d/%m/%Y", "%a %d/%m/%Y", "%d %b %y", "%Y-%m-%d"])
        table(out, days, entries, [["Name", *(f"{day:{form}}" for day in days)]])
    return text.getvalue().encode()
