# SPDX-License-Identifier: MIT
"""The plan of a region: its organisations, places, services with their rotas, and what is required of whom."""

import random

from . import sizes
from .bricks import ANY_ROLE, BY_DAYS, GRIDS, ICAL, ROSTERS, SERIES, TURNS, Bricks, weekend
from .clock import DAY, at, days_between
from .model import Rota
from .names import give_aliases, settle_forms


class Planner(Bricks):
    # ---------------------------------------------------------------------------------------------------------- who and where

    def lay_out(self):
        n = self.n
        self.country = self.place("X12000001", "The Vales", "region")
        self.board = self.organisation("ZRG", "The Vales Provider Collaborative", "other")
        self.voluntary = self.organisation("ZVC", "The Lantern Café", "voluntary")
        self.organisation("ZHM", "Holt Medical", "other")  # an agency: its name stands in titles
        self.police = self.organisation("ZPO", "Skell Valley Police", "police")
        self.icbs = [self.place(f"X54{i:06d}", f"ICB {i + 1}", "icb") for i in range(n["icbs"])]
        self.icb_orgs = [self.organisation(f"ZI{i:03d}", f"NHS ICB {i + 1}", "icb") for i in range(n["icbs"])]
        self.trusts = [self.organisation(f"ZT{i:03d}", f"Trust {i + 1} Partnership NHS FT", "nhs_trust") for i in range(n["trusts"])]
        self.council_orgs = [self.organisation(f"ZC{i:03d}", f"Council {i + 1}", "local_authority") for i in range(n["councils"])]
        self.councils = [self.place(f"X06{i:06d}", f"Area {i + 1}", "council_area") for i in range(n["councils"])]
        self.patches = [self.place(f"ZP{i:04d}", f"Patch {i + 1}", "trust_patch") for i in range(n["patches"])]
        self.eds = [self.place(f"ZE{i:04d}", f"Hospital {i + 1}", "emergency_department", [self.councils[i % n["councils"]]])
                    for i in range(n["eds"])]
        self.suites = [self.place(f"ZS{i:04d}", f"136 suite {i + 1}", "place_of_safety")
                       for i in range(n["suites"])]

    def trust_of(self, patch):
        return self.trusts[patch % len(self.trusts)]

    def eds_of(self, council):
        return [ed for i, ed in enumerate(self.eds) if i % len(self.councils) == council]

    # ---------------------------------------------------------------------------------------------------------------- councils

    def council(self, i):
        area, org, eds = self.councils[i], self.council_orgs[i], self.eds_of(i)
        # One council's service does not list one of its departments: nobody comes there, whatever its parent asks for.
        served = [area, *(eds[1:] if i == 0 and len(eds) > 1 else eds)]
        day_team = self.people.hire(org, "amhp", max(5, self.n["team"] * 3 // 4))
        service = self.service(f"amhp-{area}", f"Area {i + 1} AMHP duty", "amhp", org, served)
        by_rule = self.rng.random() < 0.4
        day = self.rota(service, "-day", kinds=SERIES if by_rule else ICAL)
        if by_rule:
            self.pen(day, day_team, lambda pen: [pen.series(self.begin - (20 + k) * DAY, self.end, k % 5, "09:00", "17:00", day_team[k % len(day_team)])
                                                 for k in range(10)], twisted=0)
        else:
            self.watch(day, day_team, [("09:00", "17:00", 2)], lambda day: not weekend(day))
        out = self.rota(service, "-ooh", tier=2)
        self.watch(out, self.people.hire(org, "amhp", self.n["team"]),
                   lambda day: [("08:00", "20:00", 2), ("20:00", "32:00", 1)] if weekend(day) else [("17:00", "33:00", 1)])
        self.require(area, "amhp", 1, sizes.ALL)
        self.require(area, "amhp", 2, sizes.SECOND)

    def emergency_duty(self, i):
        """A staffed line, shared by some councils."""
        areas = [area for k, area in enumerate(self.councils) if k % self.n["edts"] == i]
        places = [place for k, area in enumerate(self.councils) if area in areas for place in [area, *self.eds_of(k)]]
        org = self.council_orgs[self.councils.index(areas[0])]
        service = self.service(f"edt-{i:03d}", f"Emergency duty team {i + 1}", "edt", org, places)
        rota = self.rota(service, reading={"team_names": ["EDT"]}, kinds=["outlook", "outlook_bare", "vendor", "google"])

        def draw(pen):
            for day in days_between(self.begin, self.end):
                start, end = (at(day, "09:00"), at(day, "33:00")) if weekend(day) else (at(day, "17:00"), at(day, "33:00"))
                if pen.rng.random() < 0.04:
                    pen.seat(start, end, pen.next(1)[0])
                elif pen.rng.random() < 0.98:
                    pen.line(start, end, pen.rng.choice(["EDT", "EDT – ring 01632 960456"]))
        self.pen(rota, self.people.hire(org, "edt", 4), draw)
        for area in areas:
            self.require(area, "edt", 1, sizes.OUT_OF_HOURS, team=True)

    def doctors(self, i):
        """Section 12 doctors for some councils at once."""
        areas = [k for k in range(len(self.councils)) if k % self.n["s12"] == i]
        org = self.trusts[i % len(self.trusts)]
        places = [place for k in areas for place in [self.councils[k], *self.eds_of(k)]]
        service = self.service(f"s12-{i:03d}", f"Section 12 doctors {i + 1}", "s12_doctor", org, places)
        self.watch(self.rota(service), self.people.hire(org, "s12_doctor", self.n["team"]), [("09:00", "21:00", 2), ("21:00", "33:00", 2)],
                   twisted=0.2)
        # A few independent doctors besides, each with every fifth night by a rule.
        rota = self.rota(service, "-list", tier=2, kinds=SERIES)
        self.pen(rota, self.people.hire(org, "s12_doctor", 5), lambda pen: pen.turns(self.begin - 10 * DAY, self.end, "20:00", "32:00"))
        for k in areas:
            self.require(self.councils[k], "s12_doctor", 2, sizes.ALL)

    # ---------------------------------------------------------------------------------------------------------------- hospitals

    def liaison(self, i):
        ed, org = self.eds[i], self.trusts[i % len(self.trusts)]
        by_day, by_night = self.n["staff"][0] + 1, self.n["staff"][0]
        service = self.service(f"liaison-{ed}", f"Liaison at {ed}", "liaison", org, [ed])
        rota = self.rota(service, kinds=ROSTERS * 2 + ICAL)
        self.watch(rota, self.people.hire(org, "liaison", self.n["team"]), [("07:30", "20:00", by_day), ("19:30", "32:00", by_night + 1)])
        self.require(ed, "liaison", 2, sizes.BY_DAY)
        self.require(ed, "liaison", 1, sizes.BY_NIGHT)
        if i % 2 == 1:
            return
        team = self.people.hire(org, "liaison_consultant", 3)
        service = self.service(f"liaison-cons-{ed}", f"Liaison consultant at {ed}", "liaison_consultant", org, [ed])
        rota = self.rota(service, kinds=SERIES)
        every = 2 if i % 3 == 0 else 1

        def draw(pen):
            for weekday in range(5):
                began = self.begin - 30 * DAY
                pen.series(began, self.end, weekday, "09:00", "17:00", team[weekday % 3], every=every)
                if every == 2:
                    pen.series(began + 7 * DAY, self.end, weekday, "09:00", "17:00", team[(weekday + 1) % 3], every=2)
            pen.noise([self.begin + k * 9 * DAY for k in range(4)])
        self.pen(rota, team, draw)
        self.require(ed, "liaison_consultant", 1, sizes.OFFICE)

    def suite(self, i):
        suite, org = self.suites[i], self.trusts[i % len(self.trusts)]
        service = self.service(f"hbpos-{suite}", f"136 suite {i + 1}", "hbpos", org, [suite])
        rota = self.rota(service, reading={"team_names": ["136 suite"]} if i % 2 else {}, kinds=ROSTERS + ICAL)
        self.watch(rota, self.people.hire(org, "hbpos", self.n["team"]), [("07:00", "19:30", 1), ("19:00", "31:30", 1)])
        self.require(suite, "hbpos", 1, sizes.ALL, team=True)

    # ------------------------------------------------------------------------------------------------------------------ trusts

    def home_treatment(self, i):
        patch = i % len(self.patches)
        org, place = self.trust_of(patch), self.patches[patch]
        service = self.service(f"crht-{i:03d}", f"CRHT team {i + 1}", "crht", org, [place])
        kinds = self.in_one_file(f"crht {patch}")
        rota = self.rota(service, kinds=kinds if kinds == GRIDS else ROSTERS)
        if kinds == GRIDS and i >= len(self.patches):
            self.together(self.region.rotas[f"crht-{i - len(self.patches):03d}"], rota)
        self.layout(rota, ["names_by_dates"] if kinds == GRIDS else BY_DAYS[:-1])
        by_day, by_night = max(2, self.n["staff"][1] - 1), 2
        self.watch(rota, self.people.hire(org, "crht", self.n["team"] + 4),
                   [("07:30", "15:30", by_day), ("13:30", "21:30", by_day), ("21:00", "32:00", by_night)])
        if i < len(self.patches):
            self.require(place, "crht", 2, sizes.ALL)

    def medical(self, i):
        org, place = self.trust_of(i), self.patches[i]
        kinds = self.in_one_file(place)
        resident = self.rota(self.service(f"res-{place}", f"1st on call {place}", "resident_doctor", org, [place]), kinds=kinds)
        trainee = self.rota(self.service(f"str-{place}", f"2nd on call {place}", "higher_trainee", org, [place]), kinds=kinds)
        consultant = self.rota(self.service(f"cons-{place}", f"Consultants {place}", "consultant", org, [place]),
                               reading={} if i % 2 else {"all_day": {"start": "09:00", "hours": 24}},
                               kinds=kinds if kinds == GRIDS else ICAL + 8 * TURNS if i % 2 else ["outlook", "google", "vendor"])
        if kinds == GRIDS:
            self.together(resident, trainee, consultant)
            self.layout(resident, ["dates_by_roles", "dates_by_roles", "roles_by_dates"])
        self.watch(resident, self.people.hire(org, "resident_doctor", self.n["team"]),
                   lambda day: [("09:00", "21:30", self.n["staff"][1] // 2 or 1), ("21:00", "33:30", 1)] if weekend(day) else
                   [("17:00", "21:30", self.n["staff"][1] // 2 or 1), ("21:00", "33:30", 1)])
        self.require(place, "resident_doctor", 1, sizes.OUT_OF_HOURS)
        self.watch(trainee, self.people.hire(org, "higher_trainee", max(5, self.n["team"] // 2)),
                   lambda day: [("09:00", "33:00", 1)] if weekend(day) else [("17:00", "33:00", 1)], flaws=0.12)
        self.require(place, "higher_trainee", 1, sizes.OUT_OF_HOURS)
        self.consultants(consultant, org, place)

    def in_one_file(self, name):
        """Kinds of files: some rotas that belong together are kept in one grid."""
        return GRIDS if self.dice(f"one file {name}").random() < 0.5 else ICAL

    def consultants(self, rota, org, place):
        team = self.people.hire(org, "consultant", max(4, self.n["team"] // 2))
        if "all_day" in rota.reading:
            # All-day events that mean nine to nine.
            self.pen(rota, team, lambda pen: pen.whole_days(self.begin, self.end, 1))
        elif rota.sheet:
            self.watch(rota, team, lambda day: [("09:00", "33:00", 1)] if weekend(day) else [("17:00", "33:00", 1)])
        else:
            def draw(pen):
                for day in days_between(self.begin, self.end):
                    if day.weekday() == 4:
                        pen.seat(at(day, "17:00"), at(day + 3 * DAY, "09:00"), pen.next(1)[0])
                    elif day.weekday() < 4:
                        pen.seat(at(day, "17:00"), at(day, "33:00"), pen.next(1)[0])
            self.pen(rota, team, draw)
        self.require(place, "consultant", 1, sizes.OUT_OF_HOURS)

    def managers(self, i):
        org = self.trusts[i]
        places = [place for k, place in enumerate(self.patches) if k % len(self.trusts) == i]
        start = self.begin - self.begin.weekday() * DAY - 7 * DAY
        kinds, rotas = self.in_one_file(f"managers {i}"), []
        for function, name in (("manager", "Manager on call"), ("director", "Director on call")):
            service = self.service(f"{function}-{org}", f"{name} {org}", function, org, places)
            rotas.append(self.rota(service, reading={"all_day": {"start": "09:00", "hours": 24}},
                                   kinds=kinds if kinds == GRIDS else ["outlook", "outlook_bare", "google", *TURNS]))
        if kinds == GRIDS:
            self.together(*rotas)
            self.layout(rotas[0], ["weeks_by_roles"])
        for rota, function in zip(rotas, ("manager", "director")):
            team = self.people.hire(org, function, 4)
            self.pen(rota, team, lambda pen: pen.whole_days(start, self.end + 14 * DAY, 7))
            for place in places:
                self.require(place, function, 1, sizes.ALL)

    # ------------------------------------------------------------------------------------------------------------------ regional

    def children(self, i):
        place, org = self.icbs[i % len(self.icbs)], self.trusts[i % len(self.trusts)]
        service = self.service(f"cyp-{i:03d}", f"CYP crisis {i + 1}", "camhs_crisis", org, [place])
        rota = self.rota(service, kinds=ROSTERS + ICAL)
        self.watch(rota, self.people.hire(org, "camhs_crisis", self.n["team"]), [("08:00", "20:00", 1), ("20:00", "32:00", 1)])
        if i < len(self.icbs):
            self.require(place, "camhs_crisis", 1, sizes.ALL)

    def country_wide(self):
        service = self.service("camhs-cons", "CAMHS consultants", "camhs_consultant", self.board, [self.country])
        self.watch(self.rota(service, kinds=TURNS + ["vendor"]), self.people.hire(self.board, "camhs_consultant", 6),
                   lambda day: [("09:00", "33:00", 1)] if weekend(day) else [("17:00", "33:00", 1)], flaws=0.1)
        self.require(self.country, "camhs_consultant", 1, sizes.OUT_OF_HOURS)

    def hub(self, i):
        place, org = self.icbs[i % len(self.icbs)], self.icb_orgs[i % len(self.icbs)]
        service = self.service(f"mh111-{i:03d}", f"111 hub {i + 1}", "mh111", org, [place])
        staff = self.n["staff"][1] + 1
        self.watch(self.rota(service, kinds=ROSTERS), self.people.hire(org, "mh111", self.n["team"] + 8),
                   [("07:00", "15:00", staff), ("14:30", "22:30", staff), ("22:00", "31:00", max(2, staff - 2))])
        if i < len(self.icbs):
            self.require(place, "mh111", 2, sizes.ALL)

    def cafe(self, i):
        place = self.icbs[i % len(self.icbs)]
        service = self.service(f"cafe-{i:03d}", f"Crisis café {i + 1}", "crisis_cafe", self.voluntary, [place])
        team = self.people.hire(self.voluntary, "crisis_cafe", 4)
        if i % 2:
            rota = self.rota(service, dialect="google", reading={"all_day": {"start": "18:00", "hours": 5}})
            self.pen(rota, team, lambda pen: pen.whole_days(self.begin, self.end, 3))
        else:
            self.watch(self.rota(service, dialect="google"), team, [("18:00", "23:00", 1)], flaws=0.15)
        if i < len(self.icbs):
            self.require(place, "crisis_cafe", 1, sizes.EVENING)

    def triage(self, i):
        place = self.patches[i % len(self.patches)]
        service = self.service(f"triage-{i:03d}", f"Street triage {i + 1}", "street_triage", self.police, [place])
        self.watch(self.rota(service, kinds=ICAL + 8 * TURNS), self.people.hire(self.police, "street_triage", self.n["team"]), [("16:00", "26:00", 1)], flaws=0.1)
        self.require(place, "street_triage", 1, sizes.VEHICLE)

    def leave(self, org):
        """An organisation's absence calendar: most swap first, some forget."""
        rota = Rota(f"leave-{org}", "", self.dice(f"leave {org}").choice(["outlook", "google", "vendor"]), f"Leave {org}", organisation=org)
        self.region.rotas[rota.id] = rota

        def draw(pen):
            pen.function = ""
            staff = [person for person in self.region.people.values() if person.organisation == org]
            for person in staff:
                if pen.rng.random() < 0.08:
                    first = self.region.first + pen.rng.randrange(self.region.days) * DAY
                    pen.leave(first, first + pen.rng.randrange(1, 5) * DAY, person)
            if not rota.entries and staff:
                pen.leave(self.region.first + 5 * DAY, self.region.first + 6 * DAY, staff[0])
        self.pen(rota, [], draw)

    # ---------------------------------------------------------------------------------------------------------------------- all

    def plan(self):
        n = self.n
        self.lay_out()
        for count, one in ((n["councils"], self.council), (n["edts"], self.emergency_duty), (n["s12"], self.doctors), (n["eds"], self.liaison),
                           (n["suites"], self.suite), (n["crht"], self.home_treatment), (n["patches"], self.medical),
                           (n["trusts"], self.managers), (n["camhs"], self.children), (n["hubs"], self.hub), (n["cafes"], self.cafe),
                           (n["triage"], self.triage)):
            for i in range(count):
                one(i)
        self.country_wide()
        for i, org in enumerate([*self.trusts, *self.council_orgs]):
            if i % 2 == 0 and (self.n["councils"] < 20 or i % 4 == 0):
                self.leave(org)
        self.roles()

    def roles(self):
        """Some are on their team's rota without holding its function: members of the organisation, and no more. Nobody who does not hold it is taken
        into a rotation."""
        rng = random.Random(f"roles {self.region.seed}")
        bound = {who for rota in self.region.rotas.values() for layer in rota.plan or () for people in layer["participants"]
                 for who in ([people] if isinstance(people, str) else people)}
        for person in self.region.people.values():
            if person.id not in bound and rng.random() < (0.5 if person.roles[0] in ANY_ROLE else 0.03):
                del person.roles[0]
        for requirement in self.region.requirements.values():
            requirement.any_role = requirement.function in ANY_ROLE

    def draw(self):
        give_aliases(self.region, random.Random(f"aliases {self.region.seed}"))
        settle_forms(self.region)
        for pen, draw in self.pens:
            draw(pen)
