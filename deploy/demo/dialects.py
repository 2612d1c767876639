# SPDX-License-Identifier: MIT
"""The dialects in which rotas arrive (what each writes, and the traps in it). Shifts in, the bytes of a file out."""

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)


@dataclass
class Shift:
    start: datetime             # London wall clock, no zone
    end: datetime
    title: str
    key: str                    # what stays the same when the file is made again
    person: object = None       # for rosters: whose row it is
    status: str = ""            # "TENTATIVE", "CANCELLED"
    all_day: bool = False
    abroad: bool = False        # entered by somebody whose Outlook is set to western Europe
    rule: str = ""              # RRULE
    instead_of: datetime = None  # RECURRENCE-ID
    except_on: tuple = ()       # EXDATE


def fold(line):
    """RFC 5545: at most 75 octets a line, continued after a blank; never inside a character."""
    octets, out = line.encode(), []
    limit = 75
    while len(octets) > limit:
        cut = limit
        while octets[cut] & 0xC0 == 0x80:
            cut -= 1
        out.append(octets[:cut])
        octets, limit = octets[cut:], 74
    out.append(octets)
    return b"\r\n ".join(out) + b"\r\n"


def text(value):
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def calendar(lines):
    return b"".join(fold(line) for line in lines)


def wall(moment):
    return moment.strftime("%Y%m%dT%H%M%S")


def zulu(moment):
    return moment.replace(tzinfo=LONDON).astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def stamp(today):
    """Of the day before: a stamp that is ahead of the clock is a finding, also in the first hours of today."""
    return (today - timedelta(days=1)).strftime("%Y%m%dT040000Z")


# ------------------------------------------------------------------------------------------------------------------ Outlook

GMT_STANDARD_TIME = """BEGIN:VTIMEZONE
TZID:GMT Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE""".split("\n")


def outlook_uid(key):
    return "040000008200E00074C5B7101A82E008" + hashlib.sha256(key.encode()).hexdigest()[:48].upper()


def outlook_time(name, shift, moment):
    if shift.all_day:
        return f"{name};VALUE=DATE:{moment:%Y%m%d}"
    if shift.abroad:
        return f"{name};TZID=W. Europe Standard Time:{wall(moment + timedelta(hours=1))}"
    return f"{name};TZID=GMT Standard Time:{wall(moment)}"


def outlook(name, shifts, today, zone_inlined=True):
    """Exchange's published calendar: Windows zone names, described for some of the zones it uses or for none."""
    lines = ["BEGIN:VCALENDAR", "METHOD:PUBLISH", "PRODID:Microsoft Exchange Server 2010", "VERSION:2.0",
             f"X-WR-CALNAME:{text(name)}"]
    lines += GMT_STANDARD_TIME if zone_inlined else []
    for shift in shifts:
        lines += ["BEGIN:VEVENT"]
        if shift.rule:
            lines += [f"RRULE:{shift.rule}"]
        lines += [outlook_time("EXDATE", shift, moment) for moment in shift.except_on]
        lines += [f"UID:{outlook_uid(shift.key)}"]
        if shift.instead_of:
            lines += [outlook_time("RECURRENCE-ID", shift, shift.instead_of)]
        lines += [
            f"SUMMARY;LANGUAGE=en-GB:{text(shift.title)}",
            outlook_time("DTSTART", shift, shift.start),
            outlook_time("DTEND", shift, shift.end),
            "CLASS:PUBLIC", "PRIORITY:5", f"DTSTAMP:{stamp(today)}",
            "TRANSP:" + ("TRANSPARENT" if shift.all_day else "OPAQUE"),
            f"STATUS:{shift.status or 'CONFIRMED'}", "SEQUENCE:0",
            "X-MICROSOFT-CDO-BUSYSTATUS:" +
            ("TENTATIVE" if shift.status == "TENTATIVE" else "FREE" if shift.all_day else "BUSY"),
            f"X-MICROSOFT-CDO-ALLDAYEVENT:{'TRUE' if shift.all_day else 'FALSE'}",
            "X-MICROSOFT-CDO-INSTTYPE:" + ("3" if shift.instead_of else "1" if shift.rule else "0"),
            "END:VEVENT",
        ]
    return calendar(lines + ["END:VCALENDAR"])


def outlook_bare(name, shifts, today):
    return outlook(name, shifts, today, zone_inlined=False)


# ------------------------------------------------------------------------------------------------------- Google and vendors


def google(name, shifts, today):
    """Google: every time in UTC, the calendar's zone only in a header."""
    lines = ["BEGIN:VCALENDAR", "PRODID:-//Google Inc//Google Calendar 70.9054//EN", "VERSION:2.0", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", f"X-WR-CALNAME:{text(name)}", "X-WR-TIMEZONE:Europe/London"]
    for shift in shifts:
        uid = hashlib.sha256(shift.key.encode()).hexdigest()[:26]
        lines += ["BEGIN:VEVENT", f"DTSTART:{zulu(shift.start)}", f"DTEND:{zulu(shift.end)}", f"DTSTAMP:{stamp(today)}",
                  f"UID:{uid}@google.com", "CREATED:20260105T090000Z", "DESCRIPTION:", "LAST-MODIFIED:20260105T090000Z",
                  "LOCATION:", "SEQUENCE:0", f"STATUS:{shift.status or 'CONFIRMED'}", f"SUMMARY:{text(shift.title)}",
                  "TRANSP:OPAQUE", "END:VEVENT"]
    return calendar(lines + ["END:VCALENDAR"])


def vendor(name, shifts, today):
    """A medical rota vendor's export: one group on call, Olson names without any description of the zone."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Rota vendor//On call export//EN", f"X-WR-CALNAME:{text(name)}"]
    for shift in shifts:
        lines += ["BEGIN:VEVENT", f"UID:oncall-{shift.key}@rota.example", f"DTSTAMP:{stamp(today)}",
                  f"DTSTART;TZID=Europe/London:{wall(shift.start)}", f"DTEND;TZID=Europe/London:{wall(shift.end)}",
                  f"SUMMARY:{text(shift.title)}", *([f"STATUS:{shift.status}"] if shift.status else []), "END:VEVENT"]
    return calendar(lines + ["END:VCALENDAR"])


# ------------------------------------------------------------------------------------------------------------------ rosters


def roster(unit, shifts, grade):
    """A HealthRoster-like CSV: dd/mm/yyyy, nights that end on a date nobody writes, "Family, Given", unfilled rows."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(["Unit", "Staff Name", "Grade", "Shift", "Start", "End", "Date", "Status"])
    for shift in shifts:
        filled = shift.person is not None
        name = f"{shift.person.family}, {shift.person.given}" if filled else shift.title
        code = "N" if shift.end.date() > shift.start.date() else "LD"
        rows.writerow([unit, name, grade, code, f"{shift.start:%H:%M}", f"{shift.end:%H:%M}", f"{shift.start:%d/%m/%Y}",
                       "Filled" if filled else "Unfilled"])
    return out.getvalue().encode()
