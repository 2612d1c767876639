# SPDX-License-Identifier: MIT
"""The iCalendar dialects: what each program writes for the same entries, traps and all. Entries in, bytes out."""

import hashlib
from zoneinfo import ZoneInfo

from .clock import HOUR, minute, moment_of

BERLIN = ZoneInfo("Europe/Berlin")

# London's rule as Outlook spells it out, under whatever name it likes.
LONDON_RULE = """BEGIN:VTIMEZONE
TZID:{name}
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
END:VTIMEZONE"""


def fold(line):
    octets = line.encode()
    if len(octets) <= 75:
        return octets
    out, limit = [], 75
    while len(octets) > limit:
        cut = limit
        while octets[cut] & 0xC0 == 0x80:
            cut -= 1
        out.append(octets[:cut])
        octets, limit = octets[cut:], 74
    out.append(octets)
    return b"\r\n ".join(out)


def joined(lines):
    return b"\r\n".join(map(fold, lines)) + b"\r\n"


def text(value):
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def wall(moment):
    return moment.strftime("%Y%m%dT%H%M%S")


def zulu(moment):
    return moment_of(minute(moment)).strftime("%Y%m%dT%H%M%SZ")


def stamp(first):
    return first.strftime("%Y%m%dT030000Z")


def days(name, entry, moment):
    return f"{name};VALUE=DATE:{moment:%Y%m%d}"


def duration(entry):
    return f"DURATION:PT{entry.exact // 60}H" + (f"{entry.exact % 60}M" if entry.exact % 60 else "")


class Dialect:
    """The parts that programs have in common; each says how it writes a time, an event's properties and a calendar's head."""

    head = ()
    tail = ("END:VCALENDAR",)

    def time(self, name, entry, moment):
        raise NotImplementedError

    def uid(self, entry):
        return f"{entry.duplicate or entry.key}@rota.example"

    def more(self, entry):
        return [f"STATUS:{entry.status}"] if entry.status else []

    def when(self, name, entry, moment):
        return days(name, entry, moment) if entry.all_day else self.time(name, entry, moment)

    def event(self, entry, first):
        lines = ["BEGIN:VEVENT", f"UID:{self.uid(entry)}", f"DTSTAMP:{stamp(first)}", self.when("DTSTART", entry, entry.start)]
        lines.append(duration(entry) if entry.exact else self.when("DTEND", entry, entry.end))
        if entry.rule:
            lines.append(f"RRULE:{entry.rule}")
        lines += [self.when("EXDATE", entry, moment) for moment in entry.except_on]
        lines += [self.when("RDATE", entry, moment) for moment in entry.also_on]
        if entry.instead_of:
            lines.append(self.when("RECURRENCE-ID" + (";RANGE=THISANDFUTURE" if entry.onwards else ""), entry, entry.instead_of))
        if entry.sequence:
            lines.append(f"SEQUENCE:{entry.sequence}")
        return [*lines, self.title(entry), *self.more(entry), "END:VEVENT"]

    def title(self, entry):
        return f"SUMMARY:{text(entry.title)}"

    def write(self, title, entries, first):
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *self.head, f"X-WR-CALNAME:{text(title)}"]
        for entry in entries:
            lines += self.event(entry, first)
        return joined([*lines, *self.tail])


class Outlook(Dialect):
    """Exchange's published calendar: Windows names of zones, described or not; some people's machines are set to western Europe."""

    def __init__(self, zone="GMT Standard Time", described=True):
        self.zone = zone
        self.head = ("METHOD:PUBLISH", "PRODID:Microsoft Exchange Server 2010")
        if described:
            self.head += tuple(LONDON_RULE.format(name=zone).split("\n"))

    def uid(self, entry):
        return "040000008200E00074C5B7101A82E008" + hashlib.sha256((entry.duplicate or entry.key).encode()).hexdigest()[:48].upper()

    def time(self, name, entry, moment):
        if entry.abroad:
            return f"{name};TZID=W. Europe Standard Time:{wall(moment + HOUR)}"
        zone = f'"{self.zone}"' if "," in self.zone else self.zone
        return f"{name};TZID={zone}:{wall(moment)}"

    def title(self, entry):
        return f"SUMMARY;LANGUAGE=en-GB:{text(entry.title)}"

    def more(self, entry):
        busy = "TENTATIVE" if entry.status == "TENTATIVE" else "FREE" if entry.all_day else "BUSY"
        status = entry.status if entry.status and entry.status != "TENTATIVE" else "" if entry.status else "CONFIRMED"
        return [*([f"STATUS:{status}"] if status else []), "CLASS:PUBLIC", "PRIORITY:5", "TRANSP:" + ("TRANSPARENT" if entry.all_day else "OPAQUE"),
                f"X-MICROSOFT-CDO-BUSYSTATUS:{busy}", f"X-MICROSOFT-CDO-ALLDAYEVENT:{'TRUE' if entry.all_day else 'FALSE'}",
                "DESCRIPTION:\\n"]


class Google(Dialect):
    """Every time in UTC; the calendar's zone only in a header; STATUS always."""

    head = ("PRODID:-//Google Inc//Google Calendar 70.9054//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", "X-WR-TIMEZONE:Europe/London")

    def time(self, name, entry, moment):
        return f"{name}:{zulu(moment)}"

    def uid(self, entry):
        return hashlib.sha256((entry.duplicate or entry.key).encode()).hexdigest()[:26] + "@google.com"

    def more(self, entry):
        return [f"STATUS:{entry.status or 'CONFIRMED'}", "LOCATION:", "DESCRIPTION:", "TRANSP:OPAQUE"]


class Vendor(Dialect):
    """A medical rota program's export: Olson names without a description."""

    head = ("PRODID:-//Rota vendor//On call export//EN",)

    def time(self, name, entry, moment):
        return f"{name};TZID=Europe/London:{wall(moment)}"


class Floating(Dialect):
    """Times without a zone: the zone is in a header, or only in the rota's set-up."""

    def __init__(self, header=True):
        self.head = ("PRODID:-//Calendar program//EN",) + (("X-WR-TIMEZONE:Europe/London",) if header else ())

    def time(self, name, entry, moment):
        return f"{name}:{wall(moment)}"


class Untidy(Vendor):
    """A vendor's export that somebody's mail program has been through: LF alone, a byte order mark, a vendor's prefix before the zone."""

    def time(self, name, entry, moment):
        return f"{name};TZID=/freeassociation.sourceforge.net/Europe/London:{wall(moment)}"

    def write(self, title, entries, first):
        return b"\xef\xbb\xbf" + super().write(title, entries, first).replace(b"\r\n", b"\n")


class Abroad(Floating):
    """Times without a zone in a calendar that says it is of Paris. A time within a title would be anybody's guess there."""

    PARIS = ZoneInfo("Europe/Paris")

    def __init__(self):
        super().__init__(header=False)
        self.head += ("X-WR-TIMEZONE:Europe/Paris",)

    def time(self, name, entry, moment):
        return f"{name}:{wall(moment_of(minute(moment)).astimezone(self.PARIS))}"


class Mixed(Vendor):
    """Two programs have written in it: ends in Berlin's time, exceptions in UTC."""

    def time(self, name, entry, moment):
        if name == "DTEND" and not entry.rule:
            return f"{name};TZID=Europe/Berlin:{wall(moment_of(minute(moment)).astimezone(BERLIN))}"
        if name.startswith(("EXDATE", "RDATE", "RECURRENCE-ID")):
            return f"{name}:{zulu(moment)}"
        return super().time(name, entry, moment)


class Oldest(Vendor):
    """Carriage returns alone, names of properties in lower case, and one calendar after the other in one file."""

    def write(self, title, entries, first):
        series = [entry for entry in entries if entry.rule or entry.instead_of or entry.duplicate]
        single = [entry for entry in entries if not (entry.rule or entry.instead_of or entry.duplicate)]
        half = len(single) // 2
        parts = [super(Oldest, self).write(title, part, first) for part in (single[:half] + series, single[half:])]
        lines = [line if line[:1] == b" " else self.lowered(line) for line in b"".join(parts).split(b"\r\n")]
        return b"\r".join(lines)

    @staticmethod
    def lowered(line):
        name = min((at for at in (line.find(b":"), line.find(b";")) if at >= 0), default=len(line))
        return line[:name].lower() + line[name:]


DIALECTS = {
    "outlook": Outlook(),
    "outlook_bare": Outlook(described=False),
    "outlook_custom": Outlook("Customized Time Zone"),
    "outlook_tzone": Outlook("tzone://Microsoft/Custom"),
    "outlook_dublin": Outlook("(UTC+00:00) Dublin, Edinburgh, Lisbon, London"),
    "google": Google(),
    "vendor": Vendor(),
    "floating": Floating(),
    "floating_bare": Floating(header=False),
    "untidy": Untidy(),
    "abroad": Abroad(),
    "mixed": Mixed(),
    "oldest": Oldest(),
}
