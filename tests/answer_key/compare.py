# SPDX-License-Identifier: MIT
"""Counts every difference between what is true and what the map says, to the minute. Its own arithmetic, on both sides' intervals."""

from calendar import timegm
from dataclasses import dataclass, field
from functools import lru_cache

from region_maker.clock import said
from region_maker.truth import COVERED, GAP, NOT_COMMISSIONED, SHORT, UNKNOWN

FIRST_DIFFERENCES = 12


@lru_cache(maxsize=4096)
def _midnight(day):
    return timegm((int(day[:4]), int(day[5:7]), int(day[8:10]), 0, 0, 0))


def seconds(text):
    """ "2026-11-22T03:10:00Z" """
    assert text[-1] == "Z" and len(text) == 20, text
    return _midnight(text[:10]) + int(text[11:13]) * 3600 + int(text[14:16]) * 60 + int(text[17:19])


@dataclass
class Tally:
    demands: int = 0
    spans: int = 0
    commissioned: int = 0        # minutes of the truth inside the hours of requirements
    false_covered: int = 0       # minutes that the map calls covered and the truth does not
    wrong_people: int = 0        # minutes with other people than the true ones
    false_gap: int = 0           # minutes that the map calls gap or short and the truth calls covered or unknown
    missed_unknown: int = 0      # minutes that the truth calls unknown and the map does not
    false_unknown: int = 0       # minutes that the map calls unknown and the truth does not
    other: int = 0               # minutes of any other difference: gap for short, another count, hours that do not apply
    untiled: int = 0             # holes, overlaps, edges within a minute
    samples: int = 0             # of /v1/now
    wrong_samples: int = 0
    faults: int = 0
    faults_flagged: int = 0
    words: list = field(default_factory=list)

    def tell(self, words):
        if len(self.words) < FIRST_DIFFERENCES:
            self.words.append(words)

    def add(self, other):
        for name in ("demands", "spans", "commissioned", "false_covered", "wrong_people", "false_gap", "missed_unknown", "false_unknown", "other",
                     "untiled", "samples", "wrong_samples", "faults", "faults_flagged"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for words in other.words:
            self.tell(words)

    @property
    def false_gap_percent(self):
        return 100 * self.false_gap / max(1, self.commissioned)

    @property
    def differs(self):
        return bool(self.false_covered or self.wrong_people or self.false_gap or self.missed_unknown or self.false_unknown or self.other
                    or self.untiled or self.wrong_samples)

    @property
    def fails(self):
        return bool(self.false_covered or self.wrong_people or self.false_gap_percent > 0.1 or self.untiled or self.wrong_samples
                    or self.faults_flagged < self.faults)


def names_of(region, people):
    """The map's name for those who count: a person's name, or the name of a team line."""
    return frozenset(who[1] if isinstance(who, tuple) else region.people[who].name for who in people)


def answered(spans):
    """The map's spans as (start, end, state, present, required, names who count), in seconds."""
    return [(seconds(span["start"]), seconds(span["end"]), span["state"], span["present"], span["required"],
             frozenset(person["name"] for person in span["people"] if person["confirmed"])) for span in spans]


def note(tally, region, where, start, end, true, map_says):
    """One stretch of seconds in which the two differ or not."""
    minutes = (end - start) // 60
    state, present, required, names = map_says
    wanted = names_of(region, true.people)
    if (state, present, required, names) == (true.state, true.present, true.required, wanted):
        return
    if state == COVERED and true.state != COVERED:
        tally.false_covered += minutes
    elif true.state == UNKNOWN and state != UNKNOWN:
        tally.missed_unknown += minutes
    elif state in (GAP, SHORT) and true.state == COVERED:
        tally.false_gap += minutes
    elif state == UNKNOWN and true.state != UNKNOWN:
        tally.false_unknown += minutes
    elif state != true.state or present != true.present or required != true.required:
        tally.other += minutes
    if state in (GAP, SHORT) and true.state == UNKNOWN:
        tally.false_gap += minutes
    if names != wanted:
        tally.wrong_people += minutes
    tally.tell(f"{where}, {said(start // 60)} to {said(end // 60)}: true is {true.state} {true.present}/{true.required} "
               f"{sorted(wanted)}, the map says {state} {present}/{required} {sorted(names)}")


def demand(tally, region, where, window, spans, map_spans):
    """One demand over one window (in minutes): the true spans and the map's."""
    tally.demands += 1
    tally.spans += len(spans)
    tally.commissioned += sum(span.end - span.start for span in spans if span.state != NOT_COMMISSIONED)
    at = window[0] * 60
    for start, end, *_ in map_spans:
        if start != at or end <= start or start % 60:
            tally.untiled += 1
            tally.tell(f"{where}: a span of the map begins at {start} s where the last ended at {at} s")
        at = end
    if at != window[1] * 60:
        tally.untiled += 1
        tally.tell(f"{where}: the map's spans end at {at} s and not at {window[1] * 60} s")
    i = 0
    for start, end, *says in map_spans:
        while i < len(spans) and spans[i].end * 60 <= start:
            i += 1
        j = i
        while j < len(spans) and spans[j].start * 60 < end:
            note(tally, region, where, max(start, spans[j].start * 60), min(end, spans[j].end * 60), spans[j], tuple(says))
            j += 1
