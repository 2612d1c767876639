# SPDX-License-Identifier: MIT
"""The services of the demo region: who provides what to which places, and from which rotas. The deliberate faults are here too."""

from dataclasses import dataclass

import rotas as r
from names import (COUNCILS, EDS, ICBS, PATCHES, REGION, SUITES, Directory, dice, spoken, team_line)

DAY_OF_WORK = lambda day: not r.weekend(day)  # noqa: E731


@dataclass
class Service:
    id: str
    name: str
    function: str
    organisation: str
    places: list
    phone: str
    fallback: str
    fallback_phone: str


def sites_in(areas, suites=True):
    """Council areas with the hospitals in them: what a service of those areas serves."""
    found = list(areas) + [code for code, (_, area) in EDS.items() if area in areas]
    return found + ([code for code, (_, area) in SUITES.items() if area in areas] if suites else [])


def areas_of(key):
    """The council areas of an ICB or of a trust's patch."""
    return [code for code, (_, _, icb, patch) in COUNCILS.items() if key in (icb, patch)]


class Plan:
    """Collects services, rotas and people while the functions below describe them."""

    def __init__(self, today):
        self.today = today
        self.people = Directory()
        self.services, self.rotas = [], []
        self._lines = 0

    def weeks(self, rota):
        """How far ahead a rota is filled in: 6 to 13 weeks, its own."""
        return 6 + int(dice(rota, "horizon") * 8)

    def line(self):
        self._lines += 1
        return team_line(100 + self._lines)

    def service(self, id, name, function, organisation, places, fallback, fallback_phone=None):
        found = Service(id, name, function, organisation, places, self.line(), fallback, fallback_phone or team_line(11))
        self.services.append(found)
        return found

    def rota(self, id, service, dialect, shifts, title, tier=1, by_url=True, **more):
        self.rotas.append(r.Rota(id, service.id if service else "", tier, dialect, shifts, by_url, title, **more))

    def watches(self, id, team, slots, titled, **more):
        return r.watches(id, team, self.today, self.weeks(id), slots, titled, **more)


def describe(today):
    plan = Plan(today)
    for part in (amhps, emergency_duty, section_12, liaison, liaison_consultants, crisis_teams, medical_on_call, young_people,
                 suites, addiction, managers, lines, absences, beds):
        part(plan)
    return plan


# ----------------------------------------------------------------------------------------------------------------- councils

EDT_TEXT = "Ring the Emergency Duty Team"


def amhps(plan):
    def named(name):
        return f"AMHP – {name}"

    for area, council, word, dialects in (("X06000001", "ZFC", "fenmere", ("outlook", "outlook_bare")),
                                          ("X06000002", "ZAB", "alderbrook", ("outlook_bare", "google"))):
        team = plan.people.team(council, "amhp", 16)
        plan.people.call_by_initials(team)
        service = plan.service(f"{word}-amhp", f"{word.capitalize()} AMHP duty", "amhp", council, sites_in([area]), EDT_TEXT)
        day, night = f"{word}-amhp-day", f"{word}-amhp-ooh"
        shifts = plan.watches(day, team, [("09:00", "17:00", 2)], named, on=DAY_OF_WORK)
        shifts += plan.watches(day, team[8:], [("10:00", "18:00", 1)], named, on=r.weekend)
        for shift in shifts:  # one colleague's Outlook is set to western Europe
            shift.abroad = shift.person is team[3]
        plan.rota(day, service, dialects[0], shifts, f"{word.capitalize()} AMHP rota")
        shifts = plan.watches(night, team, [("17:00", "33:00", 1)], named, flaws=0.01)
        shifts += plan.watches(night, team[5:], [("09:00", "17:00", 1)], named, on=r.weekend)
        plan.rota(night, service, dialects[1], shifts, f"{word.capitalize()} AMHP out of hours", tier=2)

    team = plan.people.team("ZWL", "amhp", 14)
    service = plan.service("wenlow-amhp", "Wenlow AMHP service", "amhp", "ZWL", sites_in(["X06000003"]), EDT_TEXT)
    plan.rota("wenlow-amhp-duty", service, "google", plan.watches(
        "wenlow-amhp-duty", team, [("08:00", "20:00", 2), ("20:00", "32:00", 1)], named), "Wenlow AMHPs")

    team = plan.people.team("ZSK", "amhp", 24)
    service = plan.service("skell-harrowdene-amhp", "Skell & Harrowdene AMHP hub", "amhp", "ZSK",
                           sites_in(["X06000004", "X06000005"]), EDT_TEXT)
    plan.rota("skell-harrowdene-amhp-hub", service, "outlook", plan.watches(
        "skell-harrowdene-amhp-hub", team, [("08:00", "20:00", 2), ("20:00", "32:00", 2)],
        lambda name: f"Hub AMHP: {name}", flaws=0.03), "AMHP hub")


def emergency_duty(plan):
    service = plan.service("fenmere-alderbrook-edt", "Fenmere & Alderbrook EDT", "edt", "ZFC",
                           sites_in(["X06000001", "X06000002"]), "Ring the council's switchboard")
    plan.rota("fenmere-alderbrook-edt-line", service, "outlook", r.daily_line(
        "edt-line", r.line_title("EDT", service.phone), plan.today, 13, "17:00", "33:00") + r.weekly(
        "edt-weekend", plan.people.team("ZFC", "edt", 6), plan.today, 13, "09:00", "17:00", lambda name: f"EDT: {name}", (5, 6)),
        "Emergency Duty Team", by_url=False, reading={"team_names": ["EDT"]})

    # Ends at 08:45 while the day team opens at 09:00: a quarter of an hour in which nobody answers.
    service = plan.service("wenlow-edt", "Wenlow EDT", "edt", "ZWL", sites_in(["X06000003"]), "Ring the council's switchboard")
    team = plan.people.team("ZWL", "edt", 8)
    shifts = plan.watches("wenlow-edt", team, [("17:00", "32:45", 1)], lambda name: f"EDT {name}")
    shifts += plan.watches("wenlow-edt", team[3:], [("08:45", "17:00", 1)], lambda name: f"EDT {name}", on=r.weekend)
    plan.rota("wenlow-edt", service, "google", shifts, "Wenlow EDT")

    service = plan.service("skell-harrowdene-edt", "Skell & Harrowdene EDT", "edt", "ZSK",
                           sites_in(["X06000004", "X06000005"]), "Ring the council's switchboard")
    team = plan.people.team("ZSK", "edt", 9)
    shifts = plan.watches("skell-harrowdene-edt", team, [("16:30", "33:00", 1)], lambda name: f"EDT duty: {name}")
    shifts += plan.watches("skell-harrowdene-edt", team[4:], [("09:00", "16:30", 1)], lambda name: f"EDT duty: {name}", on=r.weekend)
    plan.rota("skell-harrowdene-edt", service, "outlook", shifts, "Emergency duty")


def section_12(plan):
    text = "Ring the consultant on call"
    slots = [("09:00", "17:00", 2), ("17:00", "33:00", 2)]

    def rota(word, area, organisation, dialect, slots, size, **more):
        team = plan.people.team(organisation, "s12_doctor", size)
        service = plan.service(f"{word}-s12", f"{word.capitalize()} section 12 doctors", "s12_doctor", organisation,
                               sites_in([area]), text)
        # Neighbours in the order of the rota are of different teams,
        for number, person in enumerate(team):
            person.works_in = f"{word}-{('east', 'west', 'older-adults')[number % 3]}"
        shifts = plan.watches(f"{word}-s12", team, slots, lambda name: f"s12 Dr {name}", flaws=more.pop("flaws", 0.02))
        plan.rota(f"{word}-s12", service, dialect, shifts, f"Section 12 {word.capitalize()}", **more)

    rota("fenmere", "X06000001", "ZAV", "vendor", slots, 9)
    # Two are asked for, one can be had, and nobody has a duty to provide more: short, day and night.
    rota("alderbrook", "X06000002", "ZAV", "vendor", [("09:00", "17:00", 1), ("17:00", "33:00", 1)], 7, flaws=0)
    rota("wenlow", "X06000003", "ZTM", "google", slots, 9)
    rota("skell", "X06000004", "ZHS", "outlook", slots, 8, broken="empty")
    rota("harrowdene", "X06000005", "ZHS", "outlook", slots, 8, flaws=0.06)


# -------------------------------------------------------------------------------------------------- emergency departments

LIAISON_FALLBACK = "Ring the hospital's switchboard and ask for the duty psychiatrist"


def liaison(plan):
    for place, organisation, flaws in (("ZED01", "ZAV", 0.0), ("ZED02", "ZTM", 0.02), ("ZED04", "ZAV", 0.03),
                                       ("ZED05", "ZAV", 0.03), ("ZED06", "ZHS", 0.02)):
        name = EDS[place][0].split(",")[0]
        id = f"{place.lower()}-liaison"
        team = plan.people.team(organisation, "liaison", 13)
        service = plan.service(id, f"Liaison team, {name}", "liaison", organisation, [place], LIAISON_FALLBACK)
        slots = [("07:30", "20:00", 2), ("19:30", "32:00", 2)]
        plan.rota(id, service, "roster", r.roster_rows(id, team, plan.today, plan.weeks(id), slots, flaws), f"Liaison {name}",
                  by_url=False, grade="Band 6")

    # Commissioned from 08:00 to 23:00 and no longer: at 03:10 there is no gap in the rota, there is one in the commissioning.
    team = plan.people.team("ZHS", "liaison", 8)
    service = plan.service("zed03-liaison", "Liaison team, Queen Adela Hospital", "liaison", "ZHS", ["ZED03"],
                           "Ring the crisis team of Harrowdene & Skell Valley")
    plan.rota("zed03-liaison", service, "outlook", plan.watches(
        "zed03-liaison", team, [("08:00", "15:30", 1), ("15:00", "23:00", 1)], lambda name: f"Liaison nurse: {name}"),
        "Liaison Queen Adela")


def liaison_consultants(plan):
    for word, organisation, places in (("st-oswins", "ZAV", ["ZED01"]), ("marlwick", "ZTM", ["ZED02"]),
                                       ("fenmere-infirmary", "ZAV", ["ZED04", "ZED05"])):
        id = f"{word}-liaison-consultant"
        team = plan.people.team(organisation, "liaison_consultant", 4)
        service = plan.service(id, "Liaison consultants, " + word.replace("-", " ").title().replace("Oswins", "Oswin's"),
                               "liaison_consultant", organisation, places, "Ring the consultant on call of the trust")
        plan.rota(id, service, "outlook", r.weekly(id, team, plan.today, 13, "09:00", "17:00",
                                                   lambda name: f"Liaison consultant: Dr {name}"), "Liaison consultants")


def addiction(plan):
    # The post has been empty since spring; the roster says so, shift by shift.
    id = "st-oswins-addiction-liaison"
    service = plan.service(id, "Drug and alcohol liaison, St Oswin's", "addiction_liaison", "ZAV", ["ZED01"],
                           "Leave a referral for the community team")
    team = plan.people.team("ZAV", "addiction_liaison", 2)
    rows = r.roster_rows(id, team, plan.today, plan.weeks(id), [("08:00", "20:00", 1), ("20:00", "32:00", 1)], flaws=1)
    plan.rota(id, service, "roster", rows, "Alcohol Liaison", by_url=False, grade="Band 6")


def beds(plan):
    """By day, and last, so that it changes nobody's name."""
    service = plan.service("fenmere-beds", "Fenmere bed manager", "bed_manager", "ZAV", ["ZED04"], "Ring the manager on call")
    team = plan.people.team("ZAV", "bed_manager", 4)
    plan.rota("fenmere-beds", service, "outlook", plan.watches("fenmere-beds", team, [("08:00", "20:00", 1)], lambda name: f"Bed manager: {name}", flaws=0),
              "Bed manager")


def suites(plan):
    text = "Ring the bed manager"
    for place, organisation, extra in (("ZPS01", "ZAV", ["ZED01"]), ("ZPS03", "ZHS", []), ("ZPS04", "ZTM", [])):
        id = f"{place.lower()}-136"
        service = plan.service(id, f"{SUITES[place][0]}, co-ordinator", "hbpos", organisation, [place] + extra, text)
        team = plan.people.team(organisation, "hbpos", 8)
        dialect = {"ZPS01": "outlook", "ZPS03": "outlook_bare", "ZPS04": "vendor"}[place]
        # ZPS01: since the last security review its address answers with a page to sign in. ZPS03: its address is gone.
        broken = {"ZPS01": "login", "ZPS03": "missing"}.get(place, "")
        plan.rota(id, service, dialect, plan.watches(id, team, [("07:00", "19:30", 1), ("19:00", "31:30", 1)],
                                                     lambda name: f"136 co-ordinator – {name}"), "136 suite", broken=broken)
    service = plan.service("zps02-136", "Fenmere 136 suite, co-ordinator", "hbpos", "ZAV", ["ZPS02"], text)
    team = plan.people.team("ZAV", "hbpos", 8)
    slots = [("07:00", "19:30", 1), ("19:00", "31:30", 1)]
    plan.rota("zps02-136", service, "roster", r.roster_rows("zps02-136", team, plan.today, 8, slots), "136 Suite Fenmere",
              by_url=False, grade="Band 6")


# ----------------------------------------------------------------------------------------------------------------- trusts


def patches():
    for patch, organisation in PATCHES.items():
        word = {"ZAV": "alder-vale", "ZHS": "harrowdene-skell", "ZTM": "thornmere"}[organisation]
        yield patch, organisation, word, [patch] + [code for code in sites_in(areas_of(patch), suites=False) if code in EDS]


def crisis_teams(plan):
    slots = [("07:30", "15:30", 2), ("13:30", "21:30", 2), ("21:00", "32:00", 2)]
    for _, organisation, word, places in patches():
        id = f"{word}-crht"
        service = plan.service(id, f"Crisis team, {word.replace('-', ' ').title()}", "crht", organisation, places,
                               "Ring the manager on call")
        team = plan.people.team(organisation, "crht", 18)
        if word != "thornmere":
            plan.rota(id, service, "roster", r.roster_rows(id, team, plan.today, plan.weeks(id), slots), f"CRHT {word}",
                      by_url=False, grade="Band 6")
            continue
        # Nights are pooled with the neighbours, and "+ 1" is nobody in particular.
        shifts = plan.watches(id, team, slots[:2], lambda name: f"CRHT {name}")
        shifts += plan.watches(id, team[9:], [("21:00", "32:00", 1)], lambda name: f"CRHT nights – pooled North/South: {name} + 1")
        plan.rota(id, service, "google", shifts, "CRHT Thornmere")


def medical_on_call(plan):
    for _, organisation, word, places in patches():
        trust = word.replace("-", " ").title()
        residents(plan, organisation, word, trust, places)
        trainees(plan, organisation, word, trust, places)
        team = plan.people.team(organisation, "consultant", 10)
        service = plan.service(f"{word}-consultant", f"Consultants on call, {trust}", "consultant", organisation, places,
                               "Ring the director on call")
        plan.rota(f"{word}-consultant", service, "outlook", r.whole_days(
            f"{word}-consultant", team, plan.today, plan.weeks(f"{word}-consultant"),
            lambda name: f"Consultant on call: Dr {name}", 1), f"Consultant rota {trust}", tier=3,
            reading={"all_day": {"start": "09:00", "hours": 24}})


def residents(plan, organisation, word, trust, places):
    id = f"{word}-1st-on-call"
    service = plan.service(id, f"Resident doctors, {trust}", "resident_doctor", organisation, places,
                           "Ring the higher trainee on call")
    team = plan.people.team(organisation, "resident_doctor", 12)
    numbers = {person.short: spoken(person.mobile) for person in team}

    def titled(name):
        return f"1st on call: Dr {name} {numbers.get(name, '')}".rstrip()

    shifts = plan.watches(id, team, [("17:00", "33:00", 1)], titled, on=DAY_OF_WORK)
    shifts += plan.watches(id, team[6:], [("09:00", "21:30", 1), ("21:00", "33:30", 1)], titled, on=r.weekend)
    plan.rota(id, service, "vendor", shifts, f"1st on call {trust}")


def trainees(plan, organisation, word, trust, places):
    id = f"{word}-2nd-on-call"
    service = plan.service(id, f"Higher trainees, {trust}", "higher_trainee", organisation, places, "Ring the consultant on call")
    team = plan.people.team(organisation, "higher_trainee", 8)
    if organisation == "ZAV":  # two Dr A Smiths in one trust, on adjacent nights
        team[3:3] = [plan.people.add("Aisha Smith", organisation, "higher_trainee"),
                     plan.people.add("Alan Smith", organisation, "higher_trainee")]
    shifts = plan.watches(id, team, [("17:00", "33:00", 1)], lambda name: f"2nd on call – Dr {name} (ST5)")
    shifts += plan.watches(id, team[5:], [("09:00", "17:00", 1)], lambda name: f"2nd on call – Dr {name} (ST5)", on=r.weekend)
    for shift in shifts:
        if shift.person is not None and shift.person.family == "Smith" and dice(shift.key, "which") < 0.7:
            shift.title = f"2nd on call – Dr {shift.person.name} (ST6)"
    plan.rota(id, service, "outlook_bare" if organisation == "ZAV" else "vendor", shifts, f"2nd on call {trust}", tier=2)


def managers(plan):
    for _, organisation, word, places in patches():
        for function, who, size in (("manager", "Manager", 8), ("director", "Director", 5)):
            id = f"{word}-{function}"
            team = plan.people.team(organisation, function, size)
            service = plan.service(id, f"{who} on call, {word.replace('-', ' ').title()}", function, organisation, places,
                                   "Ring the trust's switchboard")
            plan.rota(id, service, "outlook" if function == "manager" else "outlook_bare", r.whole_days(
                id, team, plan.today, plan.weeks(id), lambda name, who=who: f"{who} on call: {name}", 7), f"{who} on call",
                by_url=function == "manager", reading={"all_day": {"start": "09:00", "hours": 24}})


# ------------------------------------------------------------------------------------------------------ across the region


def young_people(plan):
    for icb, organisation, slots in (("X54000001", "ZAV", [("08:00", "20:00", 1), ("20:00", "32:00", 1)]),
                                     ("X54000002", "ZTM", [("08:00", "15:30", 1), ("15:00", "22:00", 1)])):
        id = f"{ICBS[icb].lower()}-cyp-crisis"
        places = [icb] + [code for code in sites_in(areas_of(icb), suites=False) if code in EDS]
        service = plan.service(id, "Young people's crisis team", "camhs_crisis", organisation, places,
                               "Ring NHS 111 and choose the mental health option")
        team = plan.people.team(organisation, "camhs_crisis", 9)
        plan.rota(id, service, "google", plan.watches(id, team, slots, lambda name: f"CYP crisis: {name}", flaws=0.04),
                  "CYP crisis")
    team = plan.people.team("ZAV", "camhs_consultant", 5) + plan.people.team("ZTM", "camhs_consultant", 4)
    service = plan.service("regional-camhs-consultant", "CAMHS consultants, all three trusts", "camhs_consultant", "ZAV",
                           [REGION] + list(EDS), "Ring the consultant on call")
    plan.rota("regional-camhs-consultant", service, "outlook", r.whole_days(
        "regional-camhs-consultant", team, plan.today, 13, lambda name: f"CAMHS consultant on call: Dr {name}", 7),
        "CAMHS consultant rota", reading={"all_day": {"start": "09:00", "hours": 24}})


def lines(plan):
    for icb, organisation in (("X54000001", "ZAV"), ("X54000002", "ZHS")):
        id = f"{ICBS[icb].lower()}-mh111"
        places = [icb] + [code for code in sites_in(areas_of(icb), suites=False) if code in EDS]
        service = plan.service(id, "NHS 111 mental health hub", "mh111", organisation, places, "Ring 999 if life is in danger",
                               "+448081570111")
        plan.rota(id, service, "outlook", r.daily_line(id, "111 MH hub", plan.today, 13, "00:00", "24:00"), "111 hub",
                  by_url=False, reading={"team_names": ["111 MH hub"]})

    places = ["X54000001"] + [code for code in sites_in(areas_of("X54000001"), suites=False) if code in EDS]
    service = plan.service("lantern-cafe", "The Lantern Café", "crisis_cafe", "ZLC", places, "Ring NHS 111 and choose option 2")
    plan.rota("lantern-cafe", service, "google", plan.watches(
        "lantern-cafe", plan.people.team("ZLC", "crisis_cafe", 9), [("18:00", "23:00", 1)], lambda name: name), "Lantern Café")

    service = plan.service("skell-valley-triage", "Street triage, Skell Valley", "street_triage", "ZPO",
                           sites_in(["X06000004", "X06000005"]), "Ring the force control room")
    plan.rota("skell-valley-triage", service, "outlook", plan.watches(
        "skell-valley-triage", plan.people.team("ZPO", "street_triage", 6), [("16:00", "26:00", 1)],
        lambda name: f"Duty: {name}"), "Triage", broken="refused")


def absences(plan):
    def of(organisation):
        wanted = {person.id for person in plan.people.people.values() if person.organisation == organisation}
        shifts = [shift for rota in plan.rotas for shift in rota.shifts]
        return [plan.people.people[id] for id in sorted(wanted)], shifts

    for organisation, dialect, by_url in (("ZAV", "outlook", True), ("ZFC", "outlook_bare", False)):
        people, shifts = of(organisation)
        id = f"leave-{organisation.lower()}"
        found = r.leave(id, people, shifts, plan.today)
        plan.rota(id, None, dialect, found, "Annual leave", by_url=by_url, organisation=organisation)
