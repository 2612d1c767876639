# SPDX-License-Identifier: MIT
"""London's wall clock and its minutes: the maker's own arithmetic of time, on zoneinfo.

A moment is a whole minute since 1970 in UTC. A wall-clock time that London skips takes the offset before the change, one that comes
twice is the first of the two; both are what zoneinfo answers for fold=0.
"""

from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=1 << 18)
def minute(wall, zone=LONDON):
    """The moment of a wall-clock time."""
    return int(wall.replace(tzinfo=zone, fold=0).timestamp()) // 60


def moment_of(minutes):
    """A datetime in UTC."""
    return datetime.fromtimestamp(minutes * 60, timezone.utc)


def wall_of(minutes):
    """London's wall clock at a moment, without a zone."""
    return moment_of(minutes).astimezone(LONDON).replace(tzinfo=None)


@lru_cache(maxsize=1 << 18)
def text_of(minutes):
    return moment_of(minutes).strftime("%Y-%m-%dT%H:%M:%SZ")


def said(minutes):
    """For people."""
    return moment_of(minutes).astimezone(LONDON).strftime("%a %d %b %Y %H:%M %Z")


def at(day, clock):
    """Wall clock ${clock} of ${day}: "32:00" is 08:00 of the day after."""
    hours, minutes = clock.split(":")
    return datetime.combine(day, time()) + timedelta(hours=int(hours), minutes=int(minutes))


def days_between(first, end):
    """${first} and the days after it, before ${end}."""
    while first < end:
        yield first
        first += DAY


# --------------------------------------------------------------------------------------------------------------- bank holidays


def easter(year):
    """Easter Sunday (the anonymous Gregorian reckoning)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def _monday(year, month, last):
    day = date(year, month, 31 if last else 1)
    while day.weekday() != 0:
        day += -DAY if last else DAY
    return day


@lru_cache(maxsize=64)
def holidays_of(year):
    """The bank holidays of England and Wales by the standing rules, with substitutes for those on a weekend."""
    found = {easter(year) - 2 * DAY, easter(year) + DAY, _monday(year, 5, False), _monday(year, 5, True), _monday(year, 8, True)}
    for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        while day.weekday() >= 5 or day in found:
            day += DAY
        found.add(day)
    return frozenset(found)


def is_holiday(day):
    return day in holidays_of(day.year)


def clock_changes(year):
    """The Sundays of spring and autumn on which London changes its clocks."""
    found = []
    for month in (3, 10):
        day = date(year, month, 31)
        while day.weekday() != 6:
            day -= DAY
        found.append(day)
    return found


# ----------------------------------------------------------------------------------------------------------------------- hours

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def applies(days, day):
    """Whether a line of hours begins on ${day}. A bank holiday is "bank_holiday" and "all", nothing else."""
    return "all" in days or ("bank_holiday" if is_holiday(day) else DAY_NAMES[day.weekday()]) in days


def hours_of(lines, first, end):
    """The moments of a requirement's lines of hours that begin on ${first} … before ${end}, joined and in order."""
    found = []
    for day in days_between(first, end):
        for line in lines:
            if applies(line["days"], day):
                begins = at(day, line["from"])
                ends = at(day, line["to"])
                ends += DAY if ends <= begins else timedelta()
                found.append((minute(begins), minute(ends)))
    joined = []
    for start, stop in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        elif stop > start:
            joined.append((start, stop))
    return joined
