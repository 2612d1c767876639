# SPDX-License-Identifier: MIT
"""What the plan of a region is made of, and which program or person writes each rota."""

import random

from . import roster, rotation, sizes
from .clock import DAY, is_holiday
from .drawing import Pen
from .grid import LAYOUTS, Sheet
from .ics import DIALECTS
from .model import Place, Region, Requirement, Rota, Service
from .names import Register

ICAL = ["outlook"] * 8 + ["outlook_bare"] * 4 + ["outlook_custom", "outlook_tzone", "outlook_dublin"] + ["google"] * 3 + ["vendor"] * 3 + \
    ["floating", "floating_bare", "untidy", "abroad", "mixed", "oldest"]
SERIES = ["outlook", "outlook_bare", "outlook_custom", "vendor", "floating", "untidy", "abroad", "mixed", "oldest"]
ROSTERS = ["roster", "roster", "roster_bom", "roster_semicolon", "roster_ansi", "roster_tab", "roster_xlsx", "grid_csv", "grid_csv", "grid_xlsx",
           "grid_xlsx"]
GRIDS = ["grid_csv", "grid_xlsx"]
TURNS = ["rotation"]
COLLECTIONS = [kind for kind in DIALECTS if kind not in ("untidy", "oldest")]
PAST_DAYS = 3
BY_DAYS = [layout for layout in LAYOUTS if layout != "weeks_by_roles"]
ANY_ROLE = ("crisis_cafe", "street_triage")     # functions that nobody is listed for by role: everybody who is on counts


def weekend(day):
    return day.weekday() >= 5 or is_holiday(day)


class Bricks:
    """Organisations, places, services, requirements and rotas, one at a time."""

    def __init__(self, seed, size, first, days, features=()):
        self.region = Region(str(seed), size, first, days, features=frozenset(features))
        self.n = sizes.SIZES[size]
        self.rng = random.Random(f"plan {seed} {size}")
        self.people = Register(self.region, random.Random(f"people {seed}"), sizes.PEOPLE[size])
        self.pens = []
        self.begin = first - PAST_DAYS * DAY
        self.end = first + (days + 10) * DAY
        self.region.functions.update(sizes.FUNCTIONS)

    # --------------------------------------------------------------------------------------------------------- bricks

    def dice(self, rota):
        return random.Random(f"{self.region.seed} {rota}")

    def service(self, identity, name, function, organisation, places):
        self.region.services[identity] = Service(identity, name, function, organisation, list(places), f"+441632960{self.rng.randrange(1000):03d}",
                                                 "Ring the site manager")
        return identity

    def require(self, place, function, count, hours, team=False, **more):
        number = sum(1 for each in self.region.requirements.values() if each.place == place and each.function == function) + 1
        identity = f"{function}-{place}-{number}"
        self.region.requirements[identity] = Requirement(identity, place, function, count, hours, team, **more)
        return identity

    def rota(self, service, suffix="", dialect=None, tier=1, reading=None, kinds=ICAL, by_url=None):
        identity = f"{service}{suffix}"
        rng = self.dice(identity + " dialect")
        dialect = dialect or rng.choice(kinds)
        reading = dict(reading or {})
        if dialect == "floating_bare":
            reading["floating_zone"] = "Europe/London"
        listed = dialect.startswith(("roster", "grid"))
        if dialect.startswith("roster"):
            reading.update(roster.READING)
        if not listed and "tentative_counts" not in reading and rng.random() < 0.05:
            reading["tentative_counts"] = True
        if by_url is None:
            by_url = rng.random() < (0.4 if listed else 0.9)
        rota = Rota(identity, service, dialect, self.region.services[service].name + suffix, tier, reading=reading, by_url=by_url)
        self.region.rotas[identity] = rota
        # Programs that keep a calendar on a server of CalDAV write one event into each object.
        rota.caldav = by_url and dialect in COLLECTIONS and self.dice(identity + " collection").random() < 0.12
        if dialect.startswith("grid"):
            rota.sheet = Sheet(identity, "", dialect.removeprefix("grid_"), [identity])
        return rota

    def layout(self, rota, layouts):
        """Of a grid that has none yet."""
        if rota.sheet and not rota.sheet.layout:
            rota.sheet.layout = self.dice(rota.sheet.name + " layout").choice(layouts)

    def together(self, *rotas):
        """One file, which each of them reads its own part of."""
        sheet = rotas[0].sheet
        for rota in rotas[1:]:
            rota.dialect, rota.by_url, rota.sheet = rotas[0].dialect, rotas[0].by_url, sheet
            sheet.rotas.append(rota.id)
        sheet.once = not rotas[0].by_url and self.dice(f"once {sheet.name}").random() < 0.6

    def pen(self, rota, team, draw, flaws=0.06, twisted=0.12):
        """${draw} is called with the pen when everybody is hired, and it is known which names are clear."""
        if rota.dialect == "rotation":
            return self.take_turns(rota, team)
        if rota.dialect == "roster_ansi" and not all(roster.can_write("roster_ansi", person.name) for person in team):
            rota.dialect = "roster"
        function = self.region.services[rota.service].function if rota.service else ""
        self.pens.append((Pen(self.dice(rota.id), rota, function, team, flaws, twisted), draw))

    def take_turns(self, rota, team):
        """A rota that is typed in as a rotation, which began some time ago."""
        dice = self.dice(rota.id + " rotation")
        rota.plan = dice.choice(rotation.PATTERNS)(team, self.region.first - dice.randrange(40) * DAY, dice)

    def watch(self, rota, team, slots, on=lambda day: True, flaws=0.06, twisted=0.12, end=None):
        end = end or self.horizon(rota)
        self.layout(rota, BY_DAYS if callable(slots) or all(count == 1 for _, _, count in slots) else BY_DAYS[:-1])
        self.pen(rota, team, lambda pen: pen.watches(self.begin, end, slots, on), flaws, twisted)

    def horizon(self, rota):
        """One rota in twenty does not reach as far as it is asked about."""
        rng = self.dice(rota.id + " horizon")
        if rng.random() < 0.05:
            return self.region.first + max(2, self.region.days * rng.randrange(45, 90) // 100) * DAY
        return self.end

    def organisation(self, code, name, kind):
        self.region.organisations[code] = (name, kind)
        return code

    def place(self, code, name, kind, parents=()):
        self.region.places[code] = Place(code, name, kind, list(parents))
        return code
