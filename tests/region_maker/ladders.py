# SPDX-License-Identifier: MIT
"""Ladders of a region: drawn from the seed with dice of their own, and whom each means at a minute, from the facts alone."""

import random

from .clock import DAY, hours_of, wall_of
from .model import NAMED, TEAM

MOST_PLACES = 10
AFTER = {"name": "Hub after", "phone": "+441632960804"}  # of a ladder whose last own step asks for nobody who is on
HOURS = [[{"days": ["all"], "from": "17:00", "to": "09:00"}], [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}],
         [{"days": ["sat", "sun", "bank_holiday"], "from": "00:00", "to": "24:00"}], [{"days": ["all"], "from": "22:00", "to": "24:00"}]]


def functions_at(region, known, place):
    """Bundles are rung by the default order, which the truth of ladders does not have."""
    return sorted({region.requirements[each].function for each in known.applying[place] if not region.requirements[each].needs})


def draw_step(rng, region, functions, number):
    kind = rng.choice(["own", "own", "own", "other", "other", "line", "number"])
    step = {"own": lambda: {"on_call": rng.randint(1, 3)}, "other": lambda: {"function": rng.choice(functions)},
            "line": lambda: {"service": rng.choice(sorted(region.services))},
            "number": lambda: {"name": f"Hub {number}", "phone": f"+44163296{rng.randint(800, 803):04d}"}}[kind]()
    if kind == "other" and rng.random() < 0.4:
        step["on_call"] = rng.randint(1, 2)
    if rng.random() < 0.4:
        step["hours"] = rng.choice(HOURS)
    if rng.random() < 0.5:
        step["wait_seconds"] = rng.randint(10, 90)
    return step


def draw(region, known):
    """Gives some places ladders."""
    rng = random.Random(f"ladders {region.seed}")
    places = sorted(place for place in known.applying if known.applying[place] and not region.places[place].since and not region.places[place].until)
    chosen = rng.sample(places, min(MOST_PLACES, len(places)))
    for place in chosen:
        functions = functions_at(region, known, place)
        region.places[place].ladders = [
            {"function": function, "steps": [draw_step(rng, region, functions, number) for number in range(rng.randint(1, 6))]}
            for function in rng.sample(functions, min(2, len(functions)))]
    draw_after_last_own(region, known, chosen)


def draw_after_last_own(region, known, places):
    """In a small region everybody is of the first tier, which most ladders ask for. One asks for the third alone and goes on to a number: who is on
    comes after its last own step, and before what follows. At the first place of those with ladders at which somebody is on at some time."""
    for place in places:
        for function in functions_at(region, known, place):
            tiers = {region.rotas[source.id].tier for source in known.sources_of(place, function) if source.facts}
            if not tiers or 3 in tiers:
                continue
            others = [ladder for ladder in region.places[place].ladders if ladder["function"] != function]
            region.places[place].ladders = [{"function": function, "steps": [{"on_call": 3}, AFTER]}, *others]
            return



def ladder_of(region, place, function):
    """(place, steps) of the ladder that holds; None: there is none. The nearest above, of two the parent that comes first."""
    level = [place]
    while level:
        for code in level:
            for ladder in region.places[code].ladders:
                if ladder["function"] == function:
                    return code, ladder["steps"]
        level = [parent for code in level for parent in region.places[code].parents]
    return None


def holds(step, moment):
    if "hours" not in step:
        return True
    day = wall_of(moment).date()
    return any(start <= moment < end for start, end in hours_of(step["hours"], day - 2 * DAY, day + 2 * DAY))


class Order:
    """Whom to ring, as groups of names: of those of one tier none comes before the other. ${phones}: the numbers of nobody in particular."""

    def __init__(self, region, known, place, moment):
        self.region, self.known, self.place, self.moment = region, known, place, moment
        self.groups, self.used, self.phones = [], set(), set()

    def duties(self, function):
        """(tier, who, name): who is a person's id, or the rota and the name of its line."""
        asked = [self.region.requirements[each] for each in self.known.applying[self.place]]
        anybody = any(each.any_role for each in asked if each.function == function)
        for source in self.known.sources_of(self.place, function):
            tier = self.region.rotas[source.id].tier
            for start, end, kind, who in source.facts:
                if not start <= self.moment < min(end, source.trusted_until):
                    continue
                if kind == TEAM:
                    yield tier, (source.id, who, start), who
                elif kind == NAMED and (anybody or function in self.region.people[who].roles) and not any(
                        gone <= self.moment < back for gone, back in self.known.away.get(who, ())):
                    yield tier, who, self.region.people[who].name

    def people(self, function, tier=None):
        found = {}
        for its, who, name in sorted(self.duties(function), key=str):
            if who not in self.used and tier in (None, its):
                self.used.add(who)
                found.setdefault(its, []).append(name)
        self.groups += [sorted(found[its]) for its in sorted(found)]

    def number(self, name, phone):
        if phone and phone not in self.phones:
            self.phones.add(phone)
            self.groups.append([name])

    def take(self, step, function):
        if "service" in step:
            service = self.region.services[step["service"]]
            self.number(service.name, service.phone)
        elif "phone" in step:
            self.number(step["name"], step["phone"])
        else:
            self.people(step.get("function", function), step.get("on_call"))


def is_own(step, function):
    return "service" not in step and "phone" not in step and step.get("function", function) == function


def order(region, known, asked, moment):
    """The groups of names of (place, function) at ${moment}. Everybody on call for the function is among them: those whom no step asks for after its last
    step that holds and asks for people of the function, else after all steps."""
    place, function = asked
    _, steps = ladder_of(region, place, function)
    found = Order(region, known, place, moment)
    own = [number for number, step in enumerate(steps) if is_own(step, function) and holds(step, moment)]
    for number, step in enumerate(steps):
        if holds(step, moment):
            found.take(step, function)
        if own and number == own[-1]:
            found.people(function)
    found.people(function)
    return found.groups
