# SPDX-License-Identifier: MIT
"""The truth: for each requirement at each place, who covers it and when nobody does. Arithmetic of intervals.

The rules are those of the map (design 6), written down a second time. `naive.py` does the same minute by minute; a test holds the two
against each other.
"""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace

from . import bundles
from .clock import DAY, at, hours_of, minute, wall_of
from .model import ABSENCE, FOREVER, NAMED, NEVER, TEAM, UNDECIDED

COVERED, SHORT, GAP, UNKNOWN, NOT_COMMISSIONED = "covered", "short", "gap", "unknown", "not_commissioned"


@dataclass(slots=True)
class Span:
    start: int
    end: int
    state: str
    present: int
    required: int
    people: tuple   # ids of people and ("rota", "name of a line") who count, in order


@dataclass(slots=True)
class Source:
    """A rota as the truth needs it."""
    id: str
    facts: list     # by start
    horizon: int
    trusted_until: int = FOREVER
    blind: bool = False


def source_of(rota):
    facts = sorted(fact for fact in rota.facts() if fact[2] != ABSENCE and fact[0] < fact[1])
    horizon = NEVER if rota.unread else rota.horizon()
    return Source(rota.id, [] if rota.unread else facts, horizon, rota.trusted_until, rota.blind)


def joined(intervals):
    found = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def absences_of(rotas):
    """By person: the intervals of being away, joined."""
    away = defaultdict(list)
    for rota in rotas:
        for start, end, kind, who in rota.facts():
            if kind == ABSENCE:
                away[who].append((start, end))
    return {who: joined(intervals) for who, intervals in away.items()}


def without(start, end, away):
    """[start, end) less the intervals ${away}."""
    for gone, back in away:
        if gone >= end:
            break
        if back <= start:
            continue
        if gone > start:
            yield start, gone
        start = max(start, back)
    if start < end:
        yield start, end


def changes_of(sources, away, window, team_counts):
    """The moments at which something may change: for each, +1 and -1 for people who count and for what is not known."""
    first, last = window
    heads, doubts = defaultdict(list), defaultdict(int)

    def doubt(start, end):
        if start < end and start < last and end > first:
            doubts[max(start, first)] += 1
            doubts[min(end, last)] -= 1

    def head(who, start, end):
        if start < last and end > first:
            heads[max(start, first)].append((who, 1))
            heads[min(end, last)].append((who, -1))

    for source in sources:
        doubt(min(source.horizon, source.trusted_until), FOREVER)
        if source.blind:
            doubt(NEVER, FOREVER)
        for start, end, kind, who in source.facts:
            if start >= last:
                break
            if end <= first:
                continue
            if kind == UNDECIDED:
                doubt(start, end)
                continue
            end = min(end, source.trusted_until)
            if kind == NAMED:
                for since, until in without(start, end, away.get(who, ())):
                    head(who, since, until)
            elif kind == TEAM and team_counts and start < end:
                head((source.id, who), start, end)
    return heads, doubts


def cover(sources, away, hours, required, team_counts, window):
    """The spans of one requirement at one place over ${window}: they tile it, and neighbours differ."""
    heads, doubts = changes_of(sources, away, window, team_counts)
    edges = {window[0], window[1]}
    edges.update(heads, doubts)
    for start, end in hours:
        edges.update(edge for edge in (start, end) if window[0] < edge < window[1])
    starts = [start for start, _ in hours]
    on, doubtful, spans, moments = {}, 0, [], sorted(edges)
    for number, moment in enumerate(moments[:-1]):
        for who, by in heads.get(moment, ()):
            on[who] = on.get(who, 0) + by
        doubtful += doubts.get(moment, 0)
        people = tuple(sorted((who for who, times in on.items() if times > 0), key=str))
        line = bisect_right(starts, moment) - 1
        wanted = required if line >= 0 and moment < hours[line][1] else 0
        present = len(people)
        if wanted == 0:
            state = NOT_COMMISSIONED
        elif present >= wanted:
            state = COVERED
        elif doubtful > 0:
            state = UNKNOWN
        else:
            state = SHORT if present > 0 else GAP
        last = spans[-1] if spans else None
        if last is not None and (last.state, last.required, last.people) == (state, wanted, people):
            last.end = moments[number + 1]
        else:
            spans.append(Span(moment, moments[number + 1], state, present, wanted, people))
    return spans


# ------------------------------------------------------------------------------------------------------------ which apply where


def requirements_by_place(region):
    """The requirements of each place: its own, and its parents' for functions of which it has none of its own."""
    found = {code: [] for code in region.places}
    for requirement in region.requirements.values():
        found[requirement.place].append(requirement.id)
    done = set()

    def settle(code):
        if code in done:
            return
        done.add(code)
        own = {region.requirements[each].function for each in found[code]}
        for parent in region.places[code].parents:
            settle(parent)
            for each in found[parent]:
                if region.requirements[each].function not in own and each not in found[code]:
                    found[code].append(each)

    for code in region.places:
        settle(code)
    return found


def services_by_place(region):
    found = defaultdict(list)
    for service in region.services.values():
        for place in service.places:
            found[place, service.function].append(service.id)
    return found


def days_as_moments(first, end):
    return minute(at(first, "00:00")) if first else NEVER, minute(at(end, "00:00")) if end else FOREVER


def cut(intervals, start, end):
    """The parts of ${intervals} (tuples that begin with a start and an end) that lie in [start, end)."""
    return [(max(each[0], start), min(each[1], end), *each[2:]) for each in intervals if each[0] < end and each[1] > start]


def crowded(on, most):
    """By person: when somebody is on for more than ${most} places at once. ${on}: (person, place) -> intervals."""
    steps = defaultdict(list)
    for (who, _), intervals in on.items():
        for start, end in joined(intervals):
            steps[who] += [(start, 1), (end, -1)]
    found = {}
    for who, changes in steps.items():
        count, since, too_many = 0, 0, []
        for moment, by in sorted(changes):
            before, count = count, count + by
            if before <= most < count:
                since = moment
            elif count <= most < before:
                too_many.append((since, moment))
        if too_many:
            found[who] = joined(too_many)
    return found


class Map:
    """The truth of a whole region at one step of its story."""

    def __init__(self, region):
        self.region = region
        self.applying = requirements_by_place(region)
        self.serving = services_by_place(region)
        self.rotas_of = defaultdict(list)
        for rota in region.rotas.values():
            if not rota.absences:
                self.rotas_of[rota.service].append(rota.id)
        self.forget()

    def forget(self, rotas=None):
        """Drops what was computed for ${rotas} (None: all), because their shifts have changed."""
        if rotas is None:
            self.sources = {}
        else:
            for rota in rotas:
                self.sources.pop(rota, None)
        self.away = absences_of(self.region.rotas.values())

    def demands(self):
        return [(place, requirement) for place, listed in self.applying.items() for requirement in listed]

    def sources_of(self, place, function):
        found = []
        for service in self.serving.get((place, function), ()):
            stay = self.region.services[service].stays.get(place)
            for rota in self.rotas_of[service]:
                if rota not in self.sources:
                    self.sources[rota] = source_of(self.region.rotas[rota])
                source = self.sources[rota]
                found.append(replace(source, facts=cut(source.facts, *days_as_moments(*stay))) if stay else source)
        return found

    def rotas_serving(self, place, function):
        return [rota for service in self.serving.get((place, function), ()) for rota in self.rotas_of[service]]

    def windows(self, requirement):
        """Where a requirement is checked: the whole of the region's days, and what its scenario adds."""
        main = (minute(at(self.region.first, "00:00")), minute(at(self.region.first + self.region.days * DAY, "00:00")))
        return joined([main, *self.region.windows.get(requirement, ())])

    def lacking(self, asked):
        """The people who do not hold the function where it must be held; they never count."""
        if asked.any_role:
            return {}
        return {who: [(NEVER, FOREVER)] for who, person in self.region.people.items() if asked.function not in person.roles}

    def not_counted(self, place, asked):
        """The people who count for nothing here, and when: those who are away, who lack the function, or who are on for more places of this kind
        than is allowed."""
        lacking = self.lacking(asked)
        if not asked.max_share:
            return self.away | lacking
        on, kind = defaultdict(list), self.region.places[place].kind
        for other in self.region.places.values():
            for source in self.sources_of(other.code, asked.function) if other.kind == kind else ():
                for start, end, what, who in source.facts:
                    if what == NAMED:
                        on[who, other.code] += without(start, min(end, source.trusted_until), self.away.get(who, ()))
        found = dict(self.away)
        for who, intervals in crowded(on, asked.max_share).items():
            found[who] = joined([*found.get(who, ()), *intervals])
        return found | lacking

    def spans(self, place, requirement):
        """[(window, spans)] of one demand."""
        asked = self.region.requirements[requirement]
        if asked.needs:
            return [(window, bundles.spans(self, place, asked, window, Span, changes_of)) for window in self.windows(requirement)]
        sources, found = self.sources_of(place, asked.function), []
        away, life = self.not_counted(place, asked), days_as_moments(self.region.places[place].since, self.region.places[place].until)
        for window in self.windows(requirement):
            first, end = wall_of(window[0]).date() - 2 * DAY, wall_of(window[1]).date() + 2 * DAY
            hours = cut(hours_of(asked.hours, first, end), *life)
            found.append((window, cover(sources, away, hours, asked.count, asked.team_counts, window)))
        return found
