# SPDX-License-Identifier: MIT
"""Rotations: what they mean, worked out day by day on London's wall clock, and those that a region has.

A layer is written as the interface takes it (server/openapi.yaml). An edition is (the moment from which it holds, its layers); None for layers: it
has ended.
"""

from datetime import date

from .clock import DAY, DAY_NAMES, applies, at, days_between, minute, wall_of
from .model import FOREVER, NAMED, Entry
from .truth import without

REACH = 410 * DAY


def handover(layer):
    """(the day of the week or None, the time of day)"""
    said, unit = layer.get("handover", {}), layer.get("turn", {}).get("unit", "week")
    day = DAY_NAMES.index(said.get("day", "mon")) if unit == "week" else None
    return day, said.get("at", "00:00" if "hours" in layer else "09:00")


def turn_days(layer):
    turn = layer.get("turn", {})
    return turn.get("every", 1) * (7 if turn.get("unit", "week") == "week" else 1)


day_of = date.fromisoformat


def turns(layer, until):
    """[start, end, people]: from handover to handover."""
    weekday, clock = handover(layer)
    day, number, found = day_of(layer["start"]), 0, []
    while weekday is not None and day.weekday() != weekday:
        day -= DAY
    while day < until:
        following = day + turn_days(layer) * DAY
        people = layer["participants"][number % len(layer["participants"])]
        found.append((minute(at(day, clock)), minute(at(following, clock)), [people] if isinstance(people, str) else people))
        day, number = following, number + 1
    return found


def life_of(layer):
    _, clock = handover(layer)
    return minute(at(day_of(layer["start"]), clock)), minute(at(day_of(layer["end"]), clock)) if "end" in layer else FOREVER


def pieces(layer, life, until):
    """[start, end, people] of one layer by itself, in an edition with that life."""
    first, last = life_of(layer)
    first, last = max(first, life[0]), min(last, life[1])
    listed = turns(layer, until)
    if "hours" not in layer:
        return [(max(start, first), min(end, last), people) for start, end, people in listed if max(start, first) < min(end, last)]
    found = []
    for day in days_between(day_of(layer["start"]) - DAY, until):
        for line in layer["hours"]:
            start = minute(at(day, line["from"]))
            end = minute(at(day if line["to"] > line["from"] else day + DAY, line["to"]))
            if applies(line["days"], day) and start < end and first <= start < last:
                found.append((start, end, next(people for begins, ends, people in listed if begins <= start < ends)))
    return found


def facts_of(editions, until):
    """Where two layers have somebody on, the later one has the time."""
    found = []
    for number, (starts, layers) in enumerate(editions):
        life = starts, editions[number + 1][0] if number + 1 < len(editions) else FOREVER
        taken = []
        for layer in reversed(layers or []):
            own = pieces(layer, life, until)
            for start, end, people in own:
                found += [(since, to, NAMED, who) for since, to in without(start, end, sorted(taken)) for who in people]
            taken += [(start, end) for start, end, _ in own]
    return found


def reach_of(editions):
    starts, layers = editions[-1]
    return max([starts, *(life_of(layer)[1] for layer in layers or [])])


def settle(region, rota, editions):
    """Makes the rota say what its editions do."""
    rota.editions, rota.reach = editions, reach_of(editions)
    first = wall_of(editions[0][0])
    rota.entries = [Entry(f"{rota.id}-rotation", first, first, "", facts_of(editions, region.first + REACH))]


# ----------------------------------------------------------------------------------------------------------------- patterns

WEEKDAYS, WEEKEND = ["mon", "tue", "wed", "thu", "fri"], ["sat", "sun"]


def ids(team):
    return [person.id for person in team]


def daily(team, start, dice):
    return [{"participants": ids(team), "start": f"{start}", "turn": {"every": dice.choice([1, 1, 2, 3]), "unit": "day"},
             "handover": {"at": dice.choice(["09:00", "08:30", "17:00"])}}]


def weekly(team, start, dice):
    layer = {"participants": ids(team), "start": f"{start}"}
    if dice.random() < 0.7:
        layer |= {"turn": {"every": dice.choice([1, 1, 2, 4]), "unit": "week"},
                  "handover": {"day": dice.choice(["mon", "wed", "fri"]), "at": dice.choice(["09:00", "17:00"])}}
    return [layer]


def small_hours(team, start, dice):
    """A handover that the clocks skip in spring and repeat in autumn."""
    return [{"participants": ids(team), "start": f"{start}", "turn": {"every": 1, "unit": "day"}, "handover": {"at": "01:30"}}]


def days_and_nights(team, start, dice):
    half = max(1, len(team) // 2)
    return [{"name": "days", "participants": ids(team[:half]), "start": f"{start}", "turn": {"every": 1, "unit": "day"},
             "hours": [{"days": ["all"], "from": "08:00", "to": "20:00"}]},
            {"name": "nights", "participants": ids(team[half:]), "start": f"{start}",
             "turn": {"every": dice.choice([1, 2]), "unit": "week"}, "hours": [{"days": ["all"], "from": "20:00", "to": "08:00"}]}]


def weekends(team, start, dice):
    """A weekly rotation, and others at weekends and on bank holidays."""
    return [*weekly(team[1:], start, dice),
            {"participants": ids(team[::-1]), "start": f"{start}", "hours": [{"days": [*WEEKEND, "bank_holiday"], "from": "09:00", "to": "21:00"}]}]


def out_of_hours(team, start, dice):
    return [{"participants": ids(team), "start": f"{start}", "turn": {"every": 1, "unit": "day"}, "handover": {"at": "12:00"},
             "hours": [{"days": WEEKDAYS, "from": "17:00", "to": "09:00"}, {"days": [*WEEKEND, "bank_holiday"], "from": "09:00", "to": "09:00"}]}]


def pairs(team, start, dice):
    groups = [ids(team[number:number + 2]) for number in range(0, len(team), 2)]
    return [{"participants": groups, "start": f"{start}", "handover": {"day": "thu", "at": "13:15"}}]


def narrow(team, start, dice):
    """Times that come twice, or not at all."""
    return [{"participants": ids(team), "start": f"{start}", "turn": {"every": 1, "unit": "day"},
             "hours": [{"days": WEEKEND, "from": "01:15", "to": "02:00"}, {"days": ["all"], "from": "02:00", "to": "01:15"}]}]


PATTERNS = (daily, weekly, small_hours, days_and_nights, weekends, out_of_hours, pairs, narrow)
