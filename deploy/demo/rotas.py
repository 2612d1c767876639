# SPDX-License-Identifier: MIT
"""When people work in the demo region, and how each team writes it down.

The people who work on a day depend on that day alone, and not on the day on which the files are made: if they are made again tomorrow, every shift
in both is the same shift.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from dialects import DAY, Shift
from names import dice, spoken

PAST_DAYS = 10
ANCHOR = date(2026, 1, 5)  # the Monday on which endless rules begin


@dataclass
class Rota:
    id: str
    service: str
    tier: int
    dialect: str           # outlook, outlook_bare, google, vendor, roster
    shifts: list
    by_url: bool
    title: str             # of the calendar, or the unit of a roster
    reading: dict = field(default_factory=dict)
    grade: str = ""        # rosters
    broken: str = ""       # login, empty, missing, refused
    organisation: str = ""  # an absence calendar's


def at(day, clock):
    """London wall clock: at(day, "17:00"); "32:00" is 08:00 of the day after."""
    hours, minutes = map(int, clock.split(":"))
    return datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes)


def days(today, weeks):
    """From a little before today to the rota's horizon: the Sunday that ends its last week."""
    day = today - PAST_DAYS * DAY
    last = today + (6 - today.weekday()) * DAY + weeks * 7 * DAY
    while day <= last:
        yield day
        day += DAY


# ------------------------------------------------------------------------------------------------------------ what goes wrong

PLACEHOLDERS = ["TBC", "*** VACANT ***", "Vacant – out to agency", "NO COVER", "Locum", "Agency booked – name to follow", "???",
                "Cover", "UNFILLED (Bank) B6", "As per Friday"]


def placeholder(key):
    return PLACEHOLDERS[int(dice(key, "which") * len(PLACEHOLDERS))]


def retitle(titled, person, others, key, flaws):
    """The title of a shift as somebody in a hurry types it; ${titled} makes the ordinary one of a name."""
    luck = dice(key, "title")
    other = others[int(dice(key, "other") * len(others))]
    if luck < flaws:
        return placeholder(key), ""
    if luck < flaws * 1.5 and other is not person:
        return titled(f"{person.short} (swap w/ {other.short})"), ""
    if luck < flaws * 1.8:
        return titled(f"{person.short} TBC"), ""
    if luck < flaws * 2.0:
        return titled(person.short), "TENTATIVE"
    return None, ""


# ------------------------------------------------------------------------------------------------------------------ patterns


def watches(rota, team, today, weeks, slots, titled, flaws=0.02, on=lambda day: True):
    """Shifts of single days: ${slots} are (from, to, how many people). The team goes round in order."""
    found, per_day = [], sum(count for _, _, count in slots)
    for day in days(today, weeks):
        if not on(day):
            continue
        turn = day.toordinal() * per_day
        for start, end, count in slots:
            for place in range(count):
                person, key = team[turn % len(team)], f"{rota}-{day:%Y%m%d}-{start}-{place}"
                turn += 1
                title, status = retitle(titled, person, team, key, flaws)
                found.append(Shift(at(day, start), at(day, end), title or titled(person.short), key,
                                   None if title else person, status))
    return found


def roster_rows(rota, team, today, weeks, slots, flaws=0.02):
    """The same for a roster: a row has a name or it is unfilled."""
    found = watches(rota, team, today, weeks, slots, lambda name: name, flaws=0)
    for shift in found:
        if dice(shift.key, "row") < flaws:
            shift.person, shift.title = None, ("Bank Staff 1", "UNFILLED (Bank) RMN B6")[dice(shift.key, "which") < 0.5]
    return found


def whole_days(rota, team, today, weeks, titled, length, flaws=0.0):
    """All-day events of ${length} days (7: a week from Monday) that mean 09:00 to 09:00."""
    found = []
    for day in days(today, weeks):
        if (day - ANCHOR).days % length != 0:
            continue
        number, key = (day - ANCHOR).days // length, f"{rota}-{day:%Y%m%d}"
        person = team[number % len(team)]
        title, status = retitle(titled, person, team, key, flaws)
        found.append(Shift(at(day, "00:00"), at(day + length * DAY, "00:00"), title or titled(person.short), key, person,
                           status, all_day=True))
    return found


def weekly(rota, team, today, weeks, start, end, titled, weekdays=range(5)):
    """One endless rule for each weekday; leave taken out by EXDATE, a stand-in put there by RECURRENCE-ID."""
    found, names = [], ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    last = today + weeks * 7 * DAY
    for weekday in weekdays:
        first, person = ANCHOR + weekday * DAY, team[weekday % len(team)]
        key, away, moved = f"{rota}-{names[weekday]}", [], []
        day = first
        while day <= last:
            luck = dice(key, day, "away")
            if luck < 0.04:
                away.append(at(day, start))
            elif luck < 0.10:
                moved.append(day)
            day += 7 * DAY
        found.append(Shift(at(first, start), at(first, end), titled(person.short), key, person,
                           rule=f"FREQ=WEEKLY;BYDAY={names[weekday]}", except_on=tuple(away)))
        for day in moved:
            other = team[(weekday + 1) % len(team)]
            found.append(Shift(at(day, start), at(day, end), titled(f"{other.short} (for {person.short})"), key, other,
                               instead_of=at(day, start)))
    return found


def daily_line(rota, name, today, weeks, start, end, closed=0.0):
    """A staffed line without a name, every day without end; ${closed} of the days taken out."""
    away, day = [], ANCHOR
    while day <= today + weeks * 7 * DAY:
        if dice(rota, day, "closed") < closed:
            away.append(at(day, start))
        day += DAY
    return [Shift(at(ANCHOR, start), at(ANCHOR, end), name, f"{rota}-line", rule="FREQ=DAILY", except_on=tuple(away))]


def leave(rota, people, shifts, today):
    """Leave of some of ${people}: mostly in weeks when they do not work; about one in eight forgot to swap."""
    working = {}
    for shift in shifts:
        if shift.person is not None:
            working.setdefault(shift.person.id, set()).add(shift.start.date())
    found = []
    for person in people:
        for week in range(-2, 12):
            monday = today - today.weekday() * DAY + week * 7 * DAY
            luck = dice(rota, person.id, monday)
            if luck > 0.10:
                continue
            length = 2 + int(luck * 40) % 3
            gone = [monday + offset * DAY for offset in range(length)]
            if working.get(person.id, set()).intersection(gone) and dice(rota, person.id, monday, "forgot") > 0.12:
                continue
            found.append(Shift(at(gone[0], "00:00"), at(gone[-1] + DAY, "00:00"), f"A/L – {person.name}",
                               f"{rota}-{person.id}-{monday:%Y%m%d}", person, all_day=True))
    return found


def weekend(day):
    return day.weekday() >= 5


def line_title(name, phone):
    """ "EDT – ring 01632 960456" """
    return f"{name} – ring {spoken(phone)}"
