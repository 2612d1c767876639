# SPDX-License-Identifier: MIT
"""Small regions and calendars for scenarios, made round the present so that they never run dry."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from servers import wait_until

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
ALWAYS = [{"days": ["all"], "from": "00:00", "to": "24:00"}]


def now():
    return datetime.now(timezone.utc).replace(microsecond=0)


def today():
    """Midnight UTC: where the shifts below begin."""
    return now().replace(hour=0, minute=0, second=0)


def london_day(days=0):
    """The day that it is in London, and so the one that the server counts from: for an hour in summer it is tomorrow's in UTC."""
    return now().astimezone(LONDON).date() + timedelta(days=days)


def rfc3339(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


class Event:
    def __init__(self, uid, start, end, title, **properties):
        self.uid, self.start, self.end, self.title, self.properties = uid, start, end, title, properties

    def lines(self):
        yield from ("BEGIN:VEVENT", f"UID:{self.uid}", f"DTSTAMP:{today():%Y%m%dT%H%M%SZ}", f"DTSTART:{self.start:%Y%m%dT%H%M%SZ}",
                    f"DTEND:{self.end:%Y%m%dT%H%M%SZ}", f"SUMMARY:{self.title}")
        for name, value in self.properties.items():
            yield f"{name.upper().replace('_', '-')}:{value}"
        yield "END:VEVENT"


def calendar(events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN"]
    for event in events:
        lines += event.lines()
    return ("\r\n".join(lines + ["END:VCALENDAR"]) + "\r\n").encode()


def in_zone(body, zone):
    """The same calendar with its times in the zone of that name."""
    lines = body.decode().split("\r\n")
    return "\r\n".join(line.replace(":", f";TZID={zone}:", 1).rstrip("Z") if line.startswith(("DTSTART", "DTEND")) else line for line in lines).encode()


PEOPLE = [("jo-jones", "Jo Jones"), ("sam-ahmed", "Sam Ahmed"), ("kim-lee", "Kim Lee"), ("tess-osei", "Tess Osei")]


def round_the_clock(days=30, title="AMHP – {}", who=PEOPLE, uid="shift", past=1):
    """Twelve-hour shifts at 08:00 and 20:00 UTC without a hole, from ${past} days ago, the people in turn."""
    first = today() - timedelta(days=past) + 8 * HOUR
    return [
        Event(f"{uid}-{number}@test", first + number * 12 * HOUR, first + (number + 1) * 12 * HOUR,
              title.format(who[number % len(who)][1]))
        for number in range((days + past) * 2)
    ]


def small(publisher, **changes):
    """One council, one emergency department in it, AMHP cover from a feed by URL and one more function without any rota."""
    region = {
        "crisiscover": 1,
        "time_zone": "Europe/London",
        "bank_holidays": "england-and-wales",
        "organisations": [{"code": "ZFC", "name": "Fenmere County Council", "kind": "local_authority"},
                          {"code": "ZAV", "name": "Alder Vale Partnership", "kind": "nhs_trust"}],
        "functions": [{"code": "amhp", "name": "Approved mental health professional"},
                      {"code": "liaison", "name": "Liaison psychiatry"}],
        "places": [{"code": "X06000001", "name": "Fenmere", "kind": "council_area"},
                   {"code": "ZED01", "name": "St Oswin's Hospital", "kind": "emergency_department", "parents": ["X06000001"], "first": ["amhp"]}],
        "people": [{"id": id, "name": name, "organisation": "ZFC", "roles": ["amhp", "liaison"], "work_phone": "+447700900123"}
                   for id, name in PEOPLE],
        "services": [{"id": "fenmere-amhp", "name": "Fenmere AMHP duty", "function": "amhp", "organisation": "ZFC",
                      "places": ["X06000001", "ZED01"], "phone": "+441632960456",
                      "fallback": {"text": "Ring the Emergency Duty Team", "phone": "+441632960111"}},
                     {"id": "oswins-liaison", "name": "Liaison team", "function": "liaison", "organisation": "ZAV",
                      "places": ["ZED01"]}],
        "rotas": [{"id": "fenmere-amhp-duty", "service": "fenmere-amhp", "tier": 1,
                   "source": {"kind": "ical_url", "url": publisher.url("amhp"), "every_minutes": 1}}],
        "requirements": [{"id": "R01", "place": "X06000001", "function": "amhp", "count": 1, "hours": ALWAYS},
                         {"id": "R04", "place": "ZED01", "function": "liaison", "count": 1, "hours": ALWAYS}],
        "accounts": [{"name": "st-oswins-ed", "kind": "device", "role": "viewer", "places": ["ZED01"]},
                     {"name": "fenmere-rotas", "kind": "person", "role": "rota_manager", "organisation": "ZFC"},
                     {"name": "fenmere-icb", "kind": "person", "role": "commissioner", "places": ["X06000001", "ZED01"]}],
    }
    region.update(changes)
    return region


def open_small(testbed, **changes):
    """Starts a testbed with that region, its feed read."""
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher, **changes))
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    return testbed
