# SPDX-License-Identifier: MIT
"""The same truth as truth.cover(), computed minute by minute: slow, and too plain to be wrong in the same way."""

from .model import NAMED, TEAM, UNDECIDED


def state_at(moment, sources, away, hours, required, team_counts):
    """(state, required, who counts) at one minute."""
    people, doubt = set(), False
    for source in sources:
        if moment >= source.horizon or moment >= source.trusted_until or source.blind:
            doubt = True
        for start, end, kind, who in source.facts:
            if not start <= moment < end:
                continue
            if kind == UNDECIDED:
                doubt = True
            if moment >= source.trusted_until:
                continue
            if kind == NAMED and not any(gone <= moment < back for gone, back in away.get(who, ())):
                people.add(who)
            if kind == TEAM and team_counts:
                people.add((source.id, who))
    people = tuple(sorted(people, key=str))
    if not any(start <= moment < end for start, end in hours):
        return "not_commissioned", 0, people
    if len(people) >= required:
        return "covered", required, people
    if doubt:
        return "unknown", required, people
    return ("short" if people else "gap"), required, people
