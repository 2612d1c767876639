# SPDX-License-Identifier: MIT
"""Bundles of a region: drawn from the seed with dice of their own, and what each has, by every way of filling its parts.

A part is {"functions", "count", "different_teams", "team_counts"}. The ways are all tried, head by head; nothing here is the product's method.
"""

import random
from collections import defaultdict
from dataclasses import replace

from .clock import DAY, hours_of, wall_of
from .model import Requirement

MOST_PLACES = 8
TEAMS = ["north", "south", "west", None]


def draw_part(rng, served):
    count = rng.choice([1, 1, 1, 2])
    part = {"functions": rng.sample(served, rng.choice([1, 1, 2]) if len(served) > 1 else 1), "count": count, "different_teams": False,
            "team_counts": rng.random() < 0.4}
    if count > 1 and not part["team_counts"]:
        part["different_teams"] = rng.random() < 0.7
    return part


def draw(region, known):
    """Gives some places a bundle of what they are served for, some people a second function, and most of them a team."""
    rng = random.Random(f"bundles {region.seed}")
    served = defaultdict(list)
    for place, function in sorted(known.serving):
        served[place].append(function)
    places = sorted(place for place in served if not region.places[place].since and not region.places[place].until)
    for number, place in enumerate(rng.sample(places, min(MOST_PLACES, len(places)))):
        region.functions[f"bundle_{number}"] = f"Bundle {number}"
        parts = [draw_part(rng, served[place]) for _ in range(rng.choice([2, 2, 3]))]
        windows = sorted({window for each in known.applying[place] for window in region.windows.get(each, ())})
        region.windows[f"bundle-{number}"] = windows
        region.requirements[f"bundle-{number}"] = Requirement(
            f"bundle-{number}", place, f"bundle_{number}", sum(part["count"] for part in parts),
            rng.choice([[{"days": ["all"], "from": "00:00", "to": "24:00"}], [{"days": ["all"], "from": "08:00", "to": "02:00"}]]), needs=parts)
    for person in region.people.values():
        person.works_in = rng.choice(TEAMS)


def functions_of(requirement):
    return list(dict.fromkeys(function for part in requirement.needs for function in part["functions"]))


def ways(requirement, heads, teams, doubts):
    """How many fill each part, in every way that there is. ${heads}: {who: functions}. ${doubts} (None: only what is certain counts): functions."""
    maybe = doubts is not None
    full = [maybe and bool(doubts & set(part["functions"])) for part in requirement.needs]
    found = {(tuple(0 for _ in requirement.needs), frozenset())}
    for who, functions in heads.items():
        team = None if isinstance(who, tuple) else teams[who]
        more = set()
        for counts, taken in found:
            for i, part in enumerate(requirement.needs):
                if full[i] or counts[i] == part["count"] or not functions & set(part["functions"]):
                    continue
                if isinstance(who, tuple) and not part["team_counts"]:
                    continue
                mark = frozenset()
                if part["different_teams"]:
                    if (team is None and not maybe) or (i, team) in taken:
                        continue
                    mark = frozenset({(i, team)} if team else ())
                more.add((tuple(count + (i == j) for j, count in enumerate(counts)), taken | mark))
        found |= more
    return {tuple(part["count"] if full[i] else counts[i] for i, part in enumerate(requirement.needs)) for counts, _ in found}


def state_of(requirement, heads, teams, doubts):
    """(state, present) of the bundle."""
    sure, maybe = ways(requirement, heads, teams, None), ways(requirement, heads, teams, doubts)
    present = max(map(sum, sure))
    if present == requirement.count:
        return "covered", present
    if not any(min(way) > 0 for way in maybe):
        return "gap", present
    if max(map(sum, maybe)) > present or not any(min(way) > 0 for way in sure):
        return "unknown", present
    return "short", present


def spans(known, place, requirement, window, make, moments_of):
    """The spans of a bundle. ${make} is truth.Span, ${moments_of} is truth.changes_of."""
    region, on, doubtful, changes, edges = known.region, {}, {}, {}, set(window)
    for function in functions_of(requirement):
        bare = replace(requirement, function=function, any_role=False, needs=())
        away = known.not_counted(place, bare)
        for each in known.applying[place]:
            other = region.requirements[each]
            if other.function == function and other.max_share:
                away = {who: sorted([*away.get(who, ()), *times]) for who, times in
                        (away | known.not_counted(place, replace(other, any_role=False))).items()}
        lines = any(part["team_counts"] and function in part["functions"] for part in requirement.needs)
        from .truth import joined  # truth uses this module
        heads, doubts = moments_of(known.sources_of(place, function), {who: joined(times) for who, times in away.items()}, window, lines)
        changes[function], on[function], doubtful[function] = (heads, doubts), defaultdict(int), 0
        edges.update(heads, doubts)
    first, end = wall_of(window[0]).date() - 2 * DAY, wall_of(window[1]).date() + 2 * DAY
    hours = hours_of(requirement.hours, first, end)
    edges.update(edge for line in hours for edge in line if window[0] < edge < window[1])
    teams = {who: person.works_in for who, person in region.people.items()}
    found, moments, remembered = [], sorted(edges), {}
    for number, moment in enumerate(moments[:-1]):
        for function, (heads, doubts) in changes.items():
            for who, by in heads.get(moment, ()):
                on[function][who] += by
            doubtful[function] += doubts.get(moment, 0)
        now = defaultdict(set)
        for function, counted in on.items():
            for who, times in counted.items():
                if times > 0:
                    now[who].add(function)
        unsure = frozenset(function for function, times in doubtful.items() if times > 0)
        people = tuple(sorted(now, key=str))
        key = (tuple((who, frozenset(now[who])) for who in people), unsure)
        if key not in remembered:
            remembered[key] = state_of(requirement, {who: now[who] for who in people}, teams, unsure)
        state, present = remembered[key]
        wanted = requirement.count
        if not any(start <= moment < stop for start, stop in hours):
            state, wanted = "not_commissioned", 0
        last = found[-1] if found else None
        if last is not None and (last.state, last.required, last.people, last.present) == (state, wanted, people, present):
            last.end = moments[number + 1]
        else:
            found.append(make(moment, moments[number + 1], state, present, wanted, people))
    return found
