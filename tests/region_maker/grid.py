# SPDX-License-Identifier: MIT
"""Grids, as they are kept by hand: five layouts, as CSV or as a workbook, and several rotas in one file.

Who reads which part of a file is settled once, from what is true while all is well: a file that has changed since then is read as was said before.
"""

import random
from dataclasses import dataclass, field

from . import titles
from .clock import DAY, days_between
from .model import LEAVE
from .table import DATES, Cell, csv_of, sheet_name, xlsx_of

LAYOUTS = ("dates_by_roles", "roles_by_dates", "names_by_dates", "weeks_by_roles", "dates_by_hours")
LETTERS = "ZYXWV"


@dataclass(slots=True)
class Duty:
    """A column of a grid; of roles by dates a row."""
    rota: str
    key: str                # of Entry.duty
    lines: tuple            # the heading, of one or two lines
    own: str                # what the rota calls it


@dataclass(slots=True)
class Sheet:
    """One file."""
    name: str
    layout: str
    form: str               # csv, xlsx
    rotas: list             # ids of those that read it
    duties: list = field(default_factory=list)
    readings: dict = field(default_factory=dict)
    days: tuple = ()        # that it has a row or a column for
    once: bool = False      # a file that is sent once for all of its rotas, and not by each of them

    @property
    def dice(self):
        return random.Random(f"grid {self.name}")


def hours_of(entry):
    return f"{entry.start:%H:%M}-{entry.end:%H:%M}"


def code_of(sheet, entry, rota):
    """By its times, so that a shift that is moved later has another code; each rota (its id) has codes of its own."""
    if entry.row[1] == LEAVE:
        return LEAVE
    return f"{LETTERS[sheet.rotas.index(rota)]}{entry.start:%H%M}{entry.end:%H%M}"


# ------------------------------------------------------------------------------------------------------------ what is whose


def label_of(region, sheet, rota):
    """What the duty of a rota is called in its file: of several rotas of one function each by its number."""
    function = region.services[rota.service].function
    label = titles.LABELS[function][0]
    same = [each for each in sheet.rotas if region.services[region.rotas[each].service].function == function]
    return label if len(same) == 1 else f"{label} team {'ABCDE'[same.index(rota.id)]}"


def constant(rota):
    """The hours of a rota, if all of its shifts have the same: with them no heading needs to say any."""
    hours = {hours_of(entry) for entry in rota.entries}
    return hours.pop() if len(hours) == 1 and {entry.duty[-1:] for entry in rota.entries} == {"1"} else None


def settle(region, sheet):
    """Columns, readings and days."""
    rotas, dice = [region.rotas[each] for each in sheet.rotas], sheet.dice
    style = dice.choice(["hours", "plain", "lines"])
    for rota in rotas if sheet.layout != "names_by_dates" else ():
        label, alone = label_of(region, sheet, rota), constant(rota)
        for key in sorted({entry.duty for entry in rota.entries}):
            hours, number = key.split(" ")
            name = label if number == "1" else f"{label} ({'abcdefgh'[int(number) - 1]})"
            if sheet.layout == "dates_by_hours":
                lines = (hours,) if len(rotas) == 1 else (label, hours)
            elif style == "plain" and (alone or "all_day" in rota.reading):
                lines = (label,)
            elif style == "lines" and sheet.layout != "roles_by_dates":
                lines = (name, hours)
            else:
                lines = (f"{name} {hours}",)
            sheet.duties.append(Duty(rota.id, key, lines, " / ".join(lines)))
    headings = [duty.lines[-1] for duty in sheet.duties]
    # The upper line belongs to the names of columns only where a heading stands more than once.
    if len(set(headings)) == len(headings):
        for duty in sheet.duties:
            duty.own = duty.lines[-1]
    dice.shuffle(sheet.duties)
    named = sheet_name(dice) if sheet.form == "xlsx" else None
    for rota in rotas:
        sheet.readings[rota.id] = reading_of(sheet, rota, rotas) | ({"sheet": named} if named else {})
    sheet.days = days_of(sheet, rotas)


def reading_of(sheet, rota, rotas):
    """What the rota's manager has said about it."""
    grid, codes = {"layout": sheet.layout}, {}
    own = [duty.own for duty in sheet.duties if duty.rota == rota.id]
    if sheet.layout == "names_by_dates":
        codes = {code_of(sheet, entry, each.id): {"from": f"{entry.start:%H:%M}", "to": f"{entry.end:%H:%M}"} for each in rotas for entry in each.entries}
        codes[LEAVE] = "absence"
        if len(rotas) > 1:
            grid["codes"] = sorted({code_of(sheet, entry, rota.id) for entry in rota.entries} - {LEAVE})
    elif sheet.layout == "roles_by_dates":
        grid["row"] = own
    elif sheet.layout != "dates_by_hours" or len(rotas) > 1:
        grid["column"] = own if len(own) > 1 else own[0]
    if any(duty.rota == rota.id and duty.lines == (duty.own,) and ":" not in duty.own for duty in sheet.duties) and "all_day" not in rota.reading:
        begins, ends = constant(rota).split("-")
        grid["hours"] = {"from": begins, "to": ends}
    codes = {"shift_codes": dict(sorted(codes.items()))} if codes else {}
    return {**rota.reading, "date_order": "dmy", **codes, "grid": grid}


def days_of(sheet, rotas):
    entries = [entry for rota in rotas for entry in rota.entries]
    days = sorted({entry.start.date() for entry in entries})
    if sheet.layout == "weeks_by_roles":
        return tuple(days)
    if (days[-1] - days[0]).days < 250:
        return tuple(days_between(days[0], days[-1] + DAY))
    return tuple(days)


# -------------------------------------------------------------------------------------------------------------- the table


def cells_of(sheet, entries):
    """By duty and day what stands there. ${entries}: by rota."""
    return {(rota, entry.duty, entry.start.date()): Cell(entry.title, entry.mark) for rota, listed in entries.items() for entry in listed}


def down(sheet, entries, dice, dates):
    """Days below each other."""
    found, rows = cells_of(sheet, entries), []
    weeks = sheet.layout == "weeks_by_roles"
    ending = weeks and dice.random() < 0.25
    first = "Week ending" if ending else dice.choice(["Week commencing", "W/C", "w/c"]) if weeks else "Date"
    weekday = not weeks and "%a" not in dates and dice.random() < 0.5
    head = [Cell(first)] + ([Cell("Day")] if weekday else [])
    if any(len(duty.lines) == 2 for duty in sheet.duties):
        rows.append([Cell()] * len(head) + [Cell(duty.lines[0] if len(duty.lines) == 2 else "") for duty in sheet.duties])
    rows.append(head + [Cell(duty.lines[-1]) for duty in sheet.duties])
    apart = dice.random() < 0.3
    for day in sheet.days:
        if apart and day.weekday() == 0 and len(rows) > 2:
            rows.append([Cell()])
        label = [Cell(day + 6 * DAY if ending else day)] + ([Cell(f"{day:%a}")] if weekday else [])
        rows.append(label + [found.get((duty.rota, duty.key, day), Cell()) for duty in sheet.duties])
    return rows


def across(sheet, entries, dice):
    """Duties below each other, days beside each other."""
    found = cells_of(sheet, entries)
    rows = [[Cell(dice.choice(["Role", "", "Duty"])), *(Cell(day) for day in sheet.days)]]
    for duty in sheet.duties:
        rows.append([Cell(duty.lines[-1]), *(found.get((duty.rota, duty.key, day), Cell()) for day in sheet.days)])
    return rows


def shown(entry):
    """The name at the beginning of a row, which says all that a list says by its status."""
    name, shift, status = entry.row
    plain = " ".join(reversed(name.split(", ")))
    # In words: beside a name "AL" may be the initials of somebody else.
    if entry.mark:
        return plain
    if shift in ("AL", "SICK"):
        return f"{plain} {'annual leave' if shift == 'AL' else 'sick'}"
    if status in ("Unfilled", "Vacant", "Cancelled"):
        return "VACANT"
    return f"{plain} TBC" if status in ("Requested", "Pending") else name


def people(sheet, entries):
    """[name, {day: cell}]: a person has a second row where one day has two shifts."""
    rows = []
    for rota, listed in entries.items():
        for entry in sorted(listed, key=lambda each: (shown(each), each.start)):
            day, cell = entry.start.date(), Cell(code_of(sheet, entry, rota), entry.mark)
            for name, cells in rows:
                if name == shown(entry) and day not in cells:
                    cells[day] = cell
                    break
            else:
                rows.append((shown(entry), {day: cell}))
    return rows


def table(days, rows, headings):
    width = max(len(line) for line in headings)
    found = [line + [Cell()] * (width - len(line)) for line in headings]
    for name, cells in rows:
        line = [Cell(name), *(cells.get(day, Cell()) for day in days)]
        found.append(line + [Cell()] * (width - len(line)))
    return found


def by_month(sheet, entries, dice):
    """A month and a year stand once above each table; the days are numbers, with their weekdays in the cell or in a line of their own."""
    apart, rows = dice.random() < 0.5, []
    for first in sorted({day.replace(day=1) for day in sheet.days}):
        month = [first + number * DAY for number in range(31) if (first + number * DAY).month == first.month]
        inside = {rota: [entry for entry in listed if entry.start.date().replace(day=1) == first] for rota, listed in entries.items()}
        lines = [[Cell(f"{first:%B %Y}")] + [Cell()] * 31]
        lines += [[Cell(), *(Cell(f"{day:%a}") for day in month)], [Cell("Name"), *(Cell(str(day.day)) for day in month)]] if apart else [
            [Cell("Name"), *(Cell(f"{day:%a} {day.day}") for day in month)]]
        rows += table(month, people(sheet, inside), lines)
    return rows


def rows_of(sheet, entries, dice, dates):
    if sheet.layout == "names_by_dates":
        if dice.random() < 0.5:
            return by_month(sheet, entries, dice)
        return table(sheet.days, people(sheet, entries), [[Cell("Name"), *(Cell(day) for day in sheet.days)]])
    if sheet.layout == "roles_by_dates":
        return across(sheet, entries, dice)
    rows = down(sheet, entries, dice, dates)
    if dice.random() < 0.3:
        rows = [[Cell("Crisis rota")], *rows]
    if dice.random() < 0.3:
        rows += [[Cell()], [Cell("Printed by the rota office")]]
    return rows


def reading(region, rota):
    """What the rota's manager has said about it."""
    if not rota.sheet.readings:
        settle(region, rota.sheet)
    return rota.sheet.readings[rota.id]


def write(region, sheet, changed):
    """The file. ${changed}: by rota, entries in the place of those of the region."""
    if not sheet.readings:
        settle(region, sheet)
    entries = {each: region.rotas[each].entries for each in sheet.rotas} | changed
    dice = random.Random(f"table {sheet.name}")
    dates = dice.choice(list(DATES))
    rows = rows_of(sheet, entries, dice, dates)
    if sheet.form == "xlsx":
        return xlsx_of(rows, dates, dice, sheet.readings[sheet.rotas[0]].get("sheet"))
    return csv_of(rows, dates, dice)
