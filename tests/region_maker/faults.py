# SPDX-License-Identifier: MIT
"""The faults of feeds, each at a place of its own: what is done to the feed, what the server must say about it, and what is true then.

The story of a region has four steps: all is well; every fault is done; time has passed over those that nobody answers for; all is fixed. For each
step the maker writes down the truth, and what must be announced.
"""

import copy
import re
from dataclasses import dataclass, field

from . import output, sizes
from .clock import DAY, HOUR, at, days_between, minute
from .ics import DIALECTS
from .model import ABSENCE, NAMED, NOBODY, UNDECIDED, Entry, Rota
from .forms import Forms
from .scenarios import Scenarios

WELL, BROKEN, AGED, FIXED = range(4)
STEPS = ("all is well", "every fault is done", "time passes", "all is fixed")


@dataclass
class Fault:
    id: str
    scenario: str
    rota: Rota                   # as it is while all is well
    action: str                  # body: other bytes; mode: the publisher misbehaves; apply: the region file changes; rotation: an edit of it
    feed_state: str              # good, held, failing
    flags: list = field(default_factory=list)      # what must be told when it is done: {"kind", …}
    body: bytes = b""
    mode: object = None
    broken: Rota = None          # what is true of the rota while the fault is there; None: what was
    aged: int = 0                # minutes since the last good check, once time has passed
    aged_flags: list = field(default_factory=list)
    fixed_flags: list = field(default_factory=list)
    requirement: str = ""
    edit: str = ""               # rotation: the day from which it is another one


class Stage(Scenarios, Forms):
    """Makes the places, rotas and faults."""

    def __init__(self, planner):
        super().__init__(planner)
        self.org = planner.organisation("ZFT", "Fault Stage NHS FT", "nhs_trust")
        self.number, self.story = 5000, []

    def rota(self, name, dialect="vendor", days=None, function="crht"):
        """Round the clock without a hole, in twelve-hour shifts."""
        rota, team = self.stand(f"fault-{name}", function, 4, dialect, sizes.ALL)
        end = self.region.first + (days or self.region.days + 3) * DAY
        for number, day in enumerate(days_between(self.region.first - 2 * DAY, end)):
            for half, (begins, ends) in enumerate((("08:00", "20:00"), ("20:00", "32:00"))):
                self.put(rota, at(day, begins), at(day, ends), team[(number * 2 + half) % 4])
        return rota

    def add(self, rota, scenario, action, feed_state, **more):
        self.story.append(Fault(rota.id.removeprefix("stage-fault-"), scenario, rota, action, feed_state, requirement=self.of(rota), **more))

    def held(self, rota, scenario, body):
        self.add(rota, scenario, "body", "held", body=body, flags=[{"kind": "feed_held", "rota": rota.id}])

    def failing(self, rota, scenario, mode=None, body=b""):
        """Nothing is announced for an hour, since the fault may pass; after that it is stale."""
        self.add(rota, scenario, "mode" if mode else "body", "failing", mode=mode, body=body, aged=61,
                 aged_flags=[{"kind": "feed_stale", "rota": rota.id}], fixed_flags=[{"kind": "feed_restored", "rota": rota.id}])

    def applied(self, rota, scenario, broken, state=None, entries=(), body=None):
        """A change that the product must take as it is; ${entries}: those during whose time ${state} is true."""
        flags, fixed = [], []
        if state:
            runs = []
            # A cell of a week says something of seven days.
            for start, end in sorted(fact[:2] for entry in entries for fact in entry.facts):
                if runs and runs[-1][1] == start:
                    runs[-1][1] = end
                else:
                    runs.append([start, end])
            for start, end in runs:
                told = {"requirement": self.of(rota), "state": state, "start": start, "end": end}
                flags.append({"kind": "opened", **told})
                fixed.append({"kind": "closed", **told})
        self.add(rota, scenario, "body", "good", broken=broken, body=body or output.bytes_of(self.region, broken), flags=flags,
                 fixed_flags=fixed)

    def coming(self, rota, first=3, count=1):
        """Entries that begin some days ahead."""
        start = at(self.region.first + first * DAY, "00:00")
        return [entry for entry in rota.entries if entry.start >= start][:count]

    # -------------------------------------------------------------------------------------------------- feeds that must not be taken

    def not_taken(self):
        write = output.bytes_of
        empty = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nEND:VCALENDAR\r\n"
        self.held(self.rota("empty", "outlook"), "S4", empty)
        self.failing(self.rota("login", "outlook_bare"), "S5", mode="login")
        rota = self.rota("hour-out")
        self.held(rota, "S6", write(self.region, rota, [self.moved(entry, HOUR) for entry in rota.entries]))
        rota = self.rota("shrunken", "google")
        self.held(rota, "shrunken", write(self.region, rota, rota.entries[: len(rota.entries) // 8]))
        rota = self.rota("last-year", "floating")
        self.held(rota, "last year's file", write(self.region, rota, [self.moved(entry, -364 * DAY) for entry in rota.entries]))
        rota = self.rota("unknown-zone")
        self.held(rota, "unknown TZID", write(self.region, rota).replace(b"TZID=Europe/London", b"TZID=Trafalgar Standard Time"))
        rota = self.rota("busy", "outlook")
        hidden = [self.renamed(entry, "Busy") for entry in rota.entries]
        self.held(rota, "availability only", write(self.region, rota, hidden))
        self.failing(self.rota("server-error"), "5xx", mode=503)
        self.failing(self.rota("withdrawn"), "4xx", mode=404)
        self.failing(self.rota("cut-off"), "truncated", mode="cut")
        rota = self.rota("cut-quietly", "google")
        self.failing(rota, "truncated", body=write(self.region, rota)[:-500])
        self.failing(self.rota("a-pdf", "floating_bare"), "another file", body=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
        rota = self.rota("dead")
        self.add(rota, "stale", "mode", "failing", mode=500, aged=7 * 60, aged_flags=[{"kind": "feed_stale", "rota": rota.id}],
                 fixed_flags=[{"kind": "feed_restored", "rota": rota.id}])
        # One of the twins publishes the other's calendar.
        west, east = self.rota("wrong-west", "outlook", function="liaison"), self.rota("wrong-east", "outlook", function="liaison")
        self.held(west, "S12", DIALECTS["outlook"].write(east.title, east.entries, self.region.first))

    @staticmethod
    def moved(entry, by):
        entry = copy.copy(entry)
        entry.start, entry.end = entry.start + by, entry.end + by
        return entry

    @staticmethod
    def renamed(entry, title):
        entry = copy.copy(entry)
        entry.title = title
        return entry

    # --------------------------------------------------------------------------------------------------------- changes to be taken

    def with_entries(self, rota, entries):
        broken = copy.copy(rota)
        broken.entries = entries
        return broken

    def changed(self, rota, chosen, change):
        """The rota with ${change} done to the ${chosen} entries; None leaves one out."""
        found = []
        for entry in rota.entries:
            if any(entry is one for one in chosen):
                entry = change(copy.copy(entry))
            if entry is not None:
                found.append(entry)
        return self.with_entries(rota, found)

    def told_as(self, rota, chosen, title, kind):
        def change(entry):
            entry.title, entry.facts = title, [(start, end, kind, None) for start, end, _, _ in entry.facts]
            return entry
        return self.changed(rota, chosen, change)

    def taken(self):
        rota = self.rota("placeholders", "outlook", function="camhs_crisis")
        chosen = self.coming(rota, 2, 30)
        self.applied(rota, "S15", self.told_as(rota, chosen, "TBC", UNDECIDED), "unknown", chosen)
        rota = self.rota("no-cover", "google")
        chosen = self.coming(rota)
        self.applied(rota, "NO COVER", self.told_as(rota, chosen, "NO COVER", NOBODY), "gap", chosen)
        rota = self.rota("struck-out")
        chosen = self.coming(rota)
        self.applied(rota, "a shift deleted", self.changed(rota, chosen, lambda entry: None), "gap", chosen)
        rota = self.rota("cancelled", "outlook")
        chosen = self.coming(rota)

        def cancel(entry):
            entry.title, entry.facts, entry.noise = "Canceled: " + entry.title, [], True
            return entry
        self.applied(rota, "Canceled:", self.changed(rota, chosen, cancel), "gap", chosen)
        self.unreadable()
        self.people()

    def unreadable(self):
        rota = self.rota("one-unknown-zone")
        chosen = self.coming(rota)
        broken = self.changed(rota, chosen, lambda entry: None)
        broken.blind = True     # its time is not known, so it may be about any hole
        key = f"{chosen[0].key}@rota.example".encode()
        parts = output.bytes_of(self.region, rota).split(b"BEGIN:VEVENT")
        body = b"BEGIN:VEVENT".join(part.replace(b"TZID=Europe/London", b"TZID=Trafalgar Standard Time") if key in part + b"\r" else part
                                    for part in parts)
        self.applied(rota, "unknown TZID", broken, "unknown", chosen, body=body)
        rota = self.rota("backwards")
        chosen = self.coming(rota)
        broken = self.changed(rota, chosen, self.undecided)
        swapped = self.changed(rota, chosen, self.backwards)
        self.applied(rota, "unreadable event", broken, "unknown", chosen, body=output.bytes_of(self.region, swapped))
        rota = self.rota("same-uid", "google")
        one, other = self.coming(rota, 3, 2)

        def double(entry):
            entry.duplicate = one.key
            return entry
        # It is not known which of the two is meant.
        broken = self.changed(rota, [other], double)
        truth = self.changed(broken, [entry for entry in broken.entries if entry.key in (one.key, other.key)], self.undecided)
        self.applied(rota, "duplicate UID", truth, "unknown", [one, other], body=output.bytes_of(self.region, broken))
        rota = self.rota("newer-uid")
        one, other = self.coming(rota, 3, 2)

        def newer(entry):
            entry.duplicate, entry.sequence = one.key, 4
            return entry
        broken = self.changed(rota, [other], newer)
        # The older of the two may be a shift of its own, or one that was moved.
        truth = self.changed(broken, [one], self.undecided)
        self.applied(rota, "duplicate UID", truth, "unknown", [one], body=output.bytes_of(self.region, broken))

    @staticmethod
    def undecided(entry):
        entry.facts = [(start, end, UNDECIDED, None) for start, end, _, _ in entry.facts]
        return entry

    @staticmethod
    def backwards(entry):
        entry.start, entry.end = entry.end, entry.start
        return entry

    def people(self):
        region = self.region
        rota = self.rota("swap", "outlook_custom")
        chosen = self.coming(rota, 2, 4)
        people = [region.people[identity] for identity in sorted({fact[3] for fact in rota.facts()})]

        def give(entry):
            other = next(person for person in people if person.id != entry.facts[0][3])
            entry.title = f"CRHT: {other.name} (for {region.people[entry.facts[0][3]].name})"
            entry.facts = [(start, end, NAMED, other.id) for start, end, _, _ in entry.facts]
            return entry
        self.applied(rota, "a swap", self.changed(rota, chosen, give))
        rota = self.rota("namesake", "outlook")
        chosen = self.coming(rota)
        for given in ("Bryn", "Bola"):
            self.planner.people.add(given, "Smythe", self.org, "crht")
        self.applied(rota, "S7", self.told_as(rota, chosen, "CRHT: B Smythe", UNDECIDED), "unknown", chosen)
        self.gone_on_leave()
        self.rollover()

    def gone_on_leave(self):
        """Somebody's leave comes into the absence calendar: the shift counts no more."""
        rota = self.rota("on-leave")
        shift, = self.coming(rota, 4)
        person = self.region.people[shift.facts[0][3]]
        leave = Rota("stage-fault-leave", "", "google", "Leave", organisation=self.org)
        self.region.rotas[leave.id] = leave
        day = shift.start.date()
        far = day + 200 * DAY

        def away(first, who):
            return Entry(f"{leave.id}-{first}", at(first, "00:00"), at(first + DAY, "00:00"), f"A/L – {who.name}",
                         [(minute(at(first, "00:00")), minute(at(first + DAY, "00:00")), ABSENCE, who.id)], all_day=True)
        # Others are away too: one leave that ends must not be a quarter of all that is known.
        others = [away(self.region.first + number * DAY, one) for number, one in
                  enumerate(self.planner.people.hire(self.org, "crht", 12), 1)]
        leave.entries = [*others, away(far, person)]
        broken = self.with_entries(leave, [*leave.entries, away(day, person)])
        # A person who works from 08:00 to 20:00 is away for all of it; one whose night shift ends on that day is away for its morning.
        holes = [(max(start, minute(at(day, "00:00"))), min(end, minute(at(day + DAY, "00:00")))) for start, end, _, who in rota.facts()
                 if who == person.id and start < minute(at(day + DAY, "00:00")) and end > minute(at(day, "00:00"))]
        told = [{"requirement": self.of(rota), "state": "gap", "start": start, "end": end} for start, end in sorted(holes)]
        self.story.append(Fault("on-leave", "leave", leave, "body", "good", broken=broken, body=output.bytes_of(self.region, broken),
                                flags=[{"kind": "opened", **one} for one in told], fixed_flags=[{"kind": "closed", **one} for one in told],
                                requirement=self.of(rota)))

    def rollover(self):
        """S10: the old quarter ends; the next is published at a new address, and the old one is withdrawn."""
        half = self.region.days // 2
        rota = self.rota("rollover", "outlook", days=half)
        following = copy.copy(rota)
        following.url = "stage-fault-rollover-next-quarter"
        following.entries = list(rota.entries)
        team = [self.region.people[identity] for identity in sorted({fact[3] for fact in rota.facts()})]
        for number, day in enumerate(days_between(self.region.first + half * DAY, self.region.first + (self.region.days + 5) * DAY)):
            for step, (begins, ends) in enumerate((("08:00", "20:00"), ("20:00", "32:00"))):
                self.put(following, at(day, begins), at(day, ends), team[(number + step) % 4])
        for number, entry in enumerate(following.entries):
            following.entries[number] = copy.copy(entry)
            following.entries[number].key = f"next-{number}"
        self.add(rota, "S10", "apply", "good", broken=following, body=output.bytes_of(self.region, following),
                 flags=[{"kind": "changed", "requirement": self.of(rota), "state": "unknown", "start": following.horizon(),
                         "end": following.horizon()}])

    def all(self):
        self.not_taken()
        self.taken()
        self.forms()
        self.rotations()
        # Of these what owners decide is reported (answer_key/owners.py).
        self.rota("override", "outlook_bare")
        self.rota("words", "outlook")
        self.rota("disputed", "google")
        self.rota("forgetful", "vendor")
        self.sent()
        return self.chosen()

    def chosen(self):
        """Those of named scenarios, those that the steps after them use, and of the others so many: in the smallest region, of each seed others. A
        feed that is left out stays as it is; of one file either all that read it are left out, or none."""
        named = {fault.rota.published for fault in self.story if re.match(r"S\d", fault.scenario) or fault.id in ("swap", "struck-out")}
        others = [name for name in dict.fromkeys(fault.rota.published for fault in self.story) if name not in named]
        kept = named.union(self.some(others, 10, len(others)))
        return [fault for fault in self.story if fault.rota.published in kept]
