# SPDX-License-Identifier: MIT
"""Named scenarios (domain 3.6) that are there from the start, each at a place of its own, on the next such date from the region's first day."""

import re
from datetime import date

from . import roster, sizes, titles
from .clock import DAY, HOUR, at, clock_changes, days_between, easter, is_holiday, minute
from .grid import LAYOUTS
from .ics import DIALECTS
from .model import NAMED, UNDECIDED, Entry
from .services import weekend
from .turns import Turns

REACH_DAYS = 390    # the map looks 400 days ahead


def next_of(first, dates_of_year):
    """The first of the dates that a year has which lies ahead, and in the map's reach."""
    dates = sorted(day for year in (first.year, first.year + 1) for day in dates_of_year(year))
    return next(day for day in dates if first + 2 * DAY < day)


def working_day_before(day):
    while True:
        day -= DAY
        if not weekend(day):
            return day


def working_day_after(day):
    while True:
        day += DAY
        if not weekend(day):
            return day


class Scenarios(Turns):
    def __init__(self, planner):
        self.planner, self.region, self.number = planner, planner.region, 0
        self.org = planner.organisation("ZSC", "Stage Partnership NHS FT", "nhs_trust")

    def stand(self, identity, function, team_size, dialect, hours, count=1, windows=(), **more):
        """A place with one service, one rota and one requirement. ${dialect}: of a grid with its layout, of a
        collection with "caldav". Answers the rota and its people."""
        self.number += 1
        dialect, _, layout = dialect.partition(" ")
        place = self.planner.place(f"ZQ{self.number:04d}", f"Stage {identity}", more.pop("kind", "trust_patch"))
        service = self.planner.service(f"stage-{identity}", f"Stage {identity}", function, self.org, [place])
        by_url = more.pop("by_url", not dialect.startswith("roster"))
        rota = self.planner.rota(service, dialect=dialect, reading={"tentative_counts": False}, by_url=by_url)
        rota.caldav = layout == "caldav"
        if rota.sheet:
            rota.sheet.layout = layout
        rota.reading = {"floating_zone": "Europe/London"} if dialect == "floating_bare" else {}
        if dialect.startswith("roster"):
            rota.reading = dict(roster.READING)
        requirement = self.planner.require(place, function, count, hours)
        self.region.windows[requirement] = [(minute(at(first, "00:00")), minute(at(end, "00:00"))) for first, end in windows]
        return rota, self.planner.people.hire(self.org, function, team_size)

    def some(self, kinds, in_tiny, in_demo):
        """All of them for a country; in smaller regions so many, of each seed others."""
        count = {"tiny": in_tiny, "demo": in_demo}.get(self.region.size, len(kinds))
        return self.planner.dice(f"some of {len(kinds)}").sample(kinds, count)

    def put(self, rota, start, end, person, **more):
        """One plain shift."""
        label = titles.LABELS[self.region.services[rota.service].function][0]
        row = (f"{person.family}, {person.given}" if person.given else person.name, "N" if end.date() > start.date() else "LD", "Filled")
        if rota.in_cells:
            more.setdefault("title", person.name)
            more.setdefault("duty", f"{start:%H:%M}-{end:%H:%M} 1")
        title = more.pop("title", f"{label}: {person.name}")
        facts = more.pop("facts", [(minute(start), minute(end), NAMED, person.id)])
        entry = Entry(f"{rota.id}-{len(rota.entries)}", start, end, title, facts, row=row, **more)
        rota.entries.append(entry)
        return entry

    def put_week(self, rota, monday, begins, ends, person, **more):
        """One cell of a grid of weeks: the same hours on seven days."""
        days = [monday + number * DAY for number in range(7)]
        facts = [(minute(at(day, begins)), minute(at(day, ends)), NAMED, person.id) for day in days]
        return self.put(rota, at(monday, begins), at(monday, ends), person, facts=more.pop("facts", facts), **more)

    # ------------------------------------------------------------------------------------------------------------- holidays

    def christmas(self):
        """S1: from the evening before Christmas to the first working day after it, with a hole on the second night."""
        day = next_of(self.region.first, lambda year: [date(year, 12, 25)])
        before, after = working_day_before(day), working_day_after(day)
        rota, team = self.stand("christmas", "consultant", 6, "vendor", sizes.OUT_OF_HOURS, windows=[(before - 2 * DAY, after + 2 * DAY)])
        start, turn = at(before - 2 * DAY, "17:00"), 0
        while start < at(after + 2 * DAY, "17:00"):
            office = not weekend((start + HOUR).date()) and start.hour == 9
            end = start + (8 if office else 16 if start.hour == 17 else 24) * HOUR
            if start.hour == 9 and not office:
                end = at(start.date() + DAY, "09:00")
            if not office and start != at(before + 2 * DAY, "09:00"):
                self.put(rota, start, end, team[turn % 6])
            turn, start = turn + 1, end
        self.region.faults.append({"fault": "S1-christmas", "scenario": "S1", "requirement": self.of(rota), "state": "gap",
                                   "start": minute(at(before + 2 * DAY, "09:00")), "end": minute(at(before + 3 * DAY, "09:00"))})

    def of(self, rota):
        place = self.region.services[rota.service].places[0]
        return next(each.id for each in self.region.requirements.values() if each.place == place)

    def easter_days(self):
        """S2: Good Friday to the Tuesday after, nights and days, one of them cancelled."""
        sunday = next_of(self.region.first, lambda year: [easter(year)])
        rota, team = self.stand("easter", "consultant", 6, "outlook", sizes.OUT_OF_HOURS, windows=[(sunday - 4 * DAY, sunday + 4 * DAY)])
        for number, day in enumerate(days_between(sunday - 5 * DAY, sunday + 5 * DAY)):
            if weekend(day):
                self.put(rota, at(day, "09:00"), at(day, "21:00"), team[number % 6])
                night = {"status": "CANCELLED", "noise": True, "facts": []} if day == sunday else {}
                self.put(rota, at(day, "21:00"), at(day, "33:00"), team[(number + 1) % 6], **night)
            else:
                self.put(rota, at(day, "17:00"), at(day, "33:00"), team[number % 6])
        self.region.faults.append({"fault": "S2-easter", "scenario": "S2", "requirement": self.of(rota), "state": "gap",
                                   "start": minute(at(sunday, "21:00")), "end": minute(at(sunday, "33:00"))})

    # ---------------------------------------------------------------------------------------------------------- clock changes

    def clock_nights(self):
        """S2, S3: the weekends on which the clocks change, once in every dialect; in autumn somebody takes over at the 01:30 that comes
        twice, in spring at the 01:30 that does not come."""
        changes = [next_of(self.region.first, lambda year, which=which: [clock_changes(year)[which]]) for which in (0, 1)]
        kinds = [*DIALECTS, "roster", "roster_semicolon", "roster_xlsx", "outlook caldav", "vendor caldav",
                 *(f"grid_{form} {layout}" for form in ("csv", "xlsx") for layout in LAYOUTS)]
        for dialect in self.some(kinds, 6, 16):
            windows = [(day - 3 * DAY, day + 3 * DAY) for day in changes]
            rota, team = self.stand(f"clock-{re.sub('[ _]', '-', dialect)}", "crht", 4, dialect, sizes.ALL, windows=windows,
                                    **({"by_url": "csv" in dialect} if dialect.startswith("grid") else {}))
            for sunday in sorted(changes):
                if dialect.endswith("weeks_by_roles"):
                    self.clock_weeks(rota, team, sunday)
                else:
                    self.clock_weekend(rota, team, sunday)

        self.clock_rotations(sorted(changes))

    def clock_weeks(self, rota, team, sunday):
        for number in range(2):
            monday = sunday + (7 * number - 6) * DAY
            self.put_week(rota, monday, "08:00", "20:00", team[number])
            self.put_week(rota, monday, "20:00", "32:00", team[number + 2])

    def clock_weekend(self, rota, team, sunday):
        roster, google = rota.in_rows or rota.in_cells, rota.dialect == "google"
        for number, day in enumerate(days_between(sunday - 3 * DAY, sunday + 3 * DAY)):
            self.put(rota, at(day, "08:00"), at(day, "20:00"), team[number % 4])
            if day != sunday - DAY:
                self.put(rota, at(day, "20:00"), at(day, "32:00"), team[(number + 1) % 4])
                continue
            if rota.dialect == "vendor":
                # Twelve hours exactly, whatever the clocks do; the time in a title is of the wall.
                exact = minute(at(day, "20:00")), minute(at(day, "20:00")) + 12 * 60
                self.put(rota, at(day, "20:00"), at(day, "32:00"), team[3], exact=720, facts=[(*exact, NAMED, team[3].id)])
            elif rota.dialect in ("untidy", "outlook") and sunday.month == 10:
                one, other, middle = team[1], team[2], at(day, "25:30")
                self.put(rota, at(day, "20:00"), at(day, "32:00"), one, title=f"{one.name} 20:00–01:30, {other.name} 01:30–08:00",
                         facts=[(minute(at(day, "20:00")), minute(middle), NAMED, one.id),
                                (minute(middle), minute(at(day, "32:00")), NAMED, other.id)])
            else:
                self.put(rota, at(day, "20:00"), at(day, "25:30"), team[1])
                # A file in UTC has only the instant; the others say 01:30 and mean the policy.
                self.put(rota, at(sunday, "01:30"), at(sunday, "08:00"), team[2])
        if not roster and not google:
            # A weekly series of nights across the change, one of them given away.
            first = at(sunday - 3 * 7 * DAY, "22:00")
            facts = []
            for week in range(6):
                start = first + week * 7 * DAY
                if week != 3:
                    facts.append((minute(start), minute(start + 9 * HOUR), NAMED, team[0].id))
            key = f"{rota.id}-weekly-{sunday}"
            rota.entries.append(Entry(key, first, first + 9 * HOUR, f"CRHT: {team[0].name}", facts, rule="FREQ=WEEKLY;BYDAY=SU;COUNT=6"))
            start = first + 3 * 7 * DAY
            rota.entries.append(Entry(key, start, start + 9 * HOUR, f"CRHT: {team[3].name}",
                                      [(minute(start), minute(start + 9 * HOUR), NAMED, team[3].id)], instead_of=start, sequence=1))

    # -------------------------------------------------------------------------------------------------------------- by the day

    def micro_gap(self):
        """S11: the night ends at 08:45, the day begins at 09:00, every working day."""
        rota, team = self.stand("micro-gap", "amhp", 5, "outlook_bare", sizes.ALL)
        first, end = self.region.first - 3 * DAY, self.region.first + (self.region.days + 3) * DAY
        for number, day in enumerate(days_between(first, end)):
            if weekend(day):
                self.put(rota, at(day, "08:45"), at(day, "32:45"), team[number % 5])
            else:
                self.put(rota, at(day, "09:00"), at(day, "17:00"), team[number % 5])
                self.put(rota, at(day, "17:00"), at(day, "32:45"), team[(number + 1) % 5])
                if self.region.first + DAY < day < self.region.first + self.region.days * DAY and not weekend(day - DAY):
                    self.region.faults.append({"fault": f"S11-{day}", "scenario": "S11", "requirement": self.of(rota), "state": "gap",
                                               "start": minute(at(day, "08:45")), "end": minute(at(day, "09:00"))})

    def namesakes(self):
        """S7: two Dr A Smith in one trust. Written out they are distinguished; "Dr A Smith" is neither."""
        rota, team = self.stand("namesakes", "higher_trainee", 3, "google", sizes.ALL)
        smiths = [self.planner.people.add(given, "Smith", self.org, "higher_trainee") for given in ("Alan", "Anneka")]
        forms = ["Dr Alan Smith", "2nd on call: Anneka Smith", "Dr A Smith", "SpR: Alan Smith", "Smith", "A. Smith"]
        for number, day in enumerate(days_between(self.region.first - DAY, self.region.first + (self.region.days + 2) * DAY)):
            title = forms[number % len(forms)]
            for begins, ends, who in (("09:00", "21:00", None), ("21:00", "33:00", team[number % 3])):
                start, stop = at(day, begins), at(day, ends)
                if who is not None:
                    self.put(rota, start, stop, who)
                    continue
                person = next((one for one in smiths if one.name in title), None)
                facts = [(minute(start), minute(stop), NAMED if person else UNDECIDED, person and person.id)]
                self.put(rota, start, stop, smiths[0], title=title, facts=facts)
                if person is None and 1 < number < self.region.days:
                    self.region.faults.append({"fault": f"S7-{day}", "scenario": "S7", "requirement": self.of(rota), "state": "unknown",
                                               "start": minute(start), "end": minute(stop)})

    def twins(self):
        """S12: two departments of one name, West and East, with people of their own."""
        for side in ("west", "east"):
            rota, team = self.stand(f"infirmary-{side}", "liaison", 4, "outlook", sizes.ALL, kind="emergency_department")
            self.region.places[self.region.services[rota.service].places[0]].name = f"Fenmere Infirmary ({side.title()})"
            for number, day in enumerate(days_between(self.region.first - DAY, self.region.first + (self.region.days + 2) * DAY)):
                for half, (begins, ends) in enumerate((("08:00", "20:00"), ("20:00", "32:00"))):
                    person = team[(number * 2 + half) % 4]
                    self.put(rota, at(day, begins), at(day, ends), person, title=f"Fenmere {side.title()} liaison: {person.name}")

    # ---------------------------------------------------------------------------------- what a server may not have learnt yet

    def merger(self):
        """S8: at midnight before 1 April one board ends and its successor begins; the hub remains, in the middle of a night."""
        first_of_april = next_of(self.region.first, lambda year: [date(year, 4, 1)])
        window = (first_of_april - 3 * DAY, first_of_april + 3 * DAY)
        rota, team = self.stand("merger", "mh111", 4, "vendor", sizes.ALL, windows=[window], kind="icb")
        service = self.region.services[rota.service]
        before, = service.places
        after = self.planner.place("ZQ4999", "Stage merger (successor)", "icb")
        service.places.append(after)
        service.stays = {before: (None, first_of_april), after: (first_of_april, None)}
        self.region.places[before].until, self.region.places[before].successors = first_of_april, [after]
        self.region.places[after].since = first_of_april
        requirement = self.planner.require(after, "mh111", 1, sizes.ALL)
        self.region.windows[requirement] = [(minute(at(window[0], "00:00")), minute(at(window[1], "00:00")))]
        for number, day in enumerate(days_between(window[0] - DAY, window[1] + DAY)):
            self.put(rota, at(day, "08:00"), at(day, "20:00"), team[number % 4])
            self.put(rota, at(day, "20:00"), at(day, "32:00"), team[(number + 1) % 4])

    def shared_doctor(self):
        """S9: by night one doctor is on for three councils; two of them allow it for two places at once, the third for any number."""
        first, end = self.region.first - 2 * DAY, self.region.first + (self.region.days + 3) * DAY
        areas = []
        for number in range(3):
            rota, team = self.stand(f"shared-{number}", "s12_doctor", 2, "vendor", sizes.ALL, kind="council_area")
            areas += self.region.services[rota.service].places
            self.region.requirements[self.of(rota)].max_share = 0 if number == 2 else 2
            for day in days_between(first, end):
                self.put(rota, at(day, "08:00"), at(day, "20:00"), team[day.toordinal() % 2])
        service = self.planner.service("stage-shared-night", "Stage shared nights", "s12_doctor", self.org, areas)
        rota = self.planner.rota(service, dialect="outlook", reading={"tentative_counts": False}, by_url=True)
        rota.reading = {}
        team = self.planner.people.hire(self.org, "s12_doctor", 3)
        for number, day in enumerate(days_between(first, end)):
            self.put(rota, at(day, "20:00"), at(day, "32:00"), team[number % 3])

    def all(self):
        if "dates" in self.region.features:
            self.merger()
        if "max_share" in self.region.features:
            self.shared_doctor()
        self.christmas()
        self.easter_days()
        self.clock_nights()
        self.micro_gap()
        self.namesakes()
        self.twins()
