# SPDX-License-Identifier: MIT
"""A region and its steps: what is true at each step, and what must be announced."""

import random

from . import bundles, ladders, rotation
from .faults import AGED, BROKEN, FIXED, STEPS, WELL, Stage
from .model import FOREVER
from .scenarios import Scenarios
from .services import Planner
from .truth import COVERED, NOT_COMMISSIONED, Map


class Story:
    def __init__(self, seed, size, first, days, features=()):
        planner = Planner(seed, size, first, days, features)
        planner.plan()
        Scenarios(planner).all()
        self.faults = Stage(planner).all()
        planner.draw()
        self.region, self.known, self.step = planner.region, Map(planner.region), WELL
        bundles.draw(self.region, self.known)
        self.known = Map(planner.region)
        ladders.draw(self.region, self.known)

    def rotate(self, moment):
        """Rotations are put in force at ${moment}: nobody is on by them before."""
        rotas = [*self.region.rotas.values(), *(fault.broken for fault in self.faults if fault.broken)]
        for rota in rotas:
            if rota.plan:
                rotation.settle(self.region, rota, [(moment, rota.plan), *rota.edits])
        self.known.forget()

    def demands(self):
        return self.known.demands()

    def touched(self):
        """The demands that a fault may change."""
        wanted = {fault.requirement for fault in self.faults}
        return [demand for demand in self.demands() if demand[1] in wanted]

    def put(self, rota):
        self.region.rotas[rota.id] = rota

    def break_all(self):
        """Changes the truth to that of the broken feeds."""
        for fault in self.faults:
            if fault.broken is not None:
                self.put(fault.broken)
        self.step = BROKEN
        self.known.forget()

    def age(self, trusted_until):
        """${trusted_until}: for each fault, the moment until which its rota is trusted."""
        for fault in self.faults:
            if fault.id in trusted_until:
                fault.rota.trusted_until = trusted_until[fault.id]
        self.step = AGED
        self.known.forget()

    def repair_all(self):
        for fault in self.faults:
            fault.rota.trusted_until = FOREVER
            if fault.action != "apply":
                self.put(fault.rota)
        self.step = FIXED
        self.known.forget()

    def swap(self, now):
        """S13: ten minutes ahead, for at most an hour, somebody stands in for the person who is on. Answers (rota, start, end, person, instead) and
        makes it true."""
        rota = self.region.rotas["stage-fault-override"]
        start = now + 10
        entry = next(entry for entry in rota.entries if entry.facts[0][0] <= start < entry.facts[0][1])
        first, last, kind, instead = entry.facts[0]
        end = min(start + 60, last)
        person = next(who for _, _, _, who in rota.facts() if who != instead)
        entry.facts = [each for each in ((first, start, kind, instead), (start, end, kind, person), (end, last, kind, instead))
                       if each[0] < each[1]]
        self.known.forget()
        return rota.id, start, end, person, instead

    # ------------------------------------------------------------------------------------------------- what must be announced

    def planted(self):
        """The faults that are there from the start."""
        return self.region.faults

    def holes(self, demands, after):
        """Every true hole that does not end before ${after}: runs of one state that is neither covered nor outside the hours."""
        for place, requirement in demands:
            for window, spans in self.known.spans(place, requirement):
                run = None
                for span in spans:
                    if run and run[0] == span.state and run[2] == span.start:
                        run[2] = span.end
                        continue
                    if run and run[2] > after:
                        yield place, requirement, run[0], run[1], run[2]
                    run = [span.state, span.start, span.end] if span.state not in (COVERED, NOT_COMMISSIONED) else None
                if run and run[2] > after:
                    yield place, requirement, run[0], run[1], run[2]

    def sample(self, count):
        """Moments worth asking about: (place, function, moment), at edges of spans chosen by the seed."""
        rng, found = random.Random(f"sample {self.region.seed}"), []
        demands = self.demands()
        while len(found) < count and demands:
            place, requirement = rng.choice(demands)
            window, spans = rng.choice(self.known.spans(place, requirement))
            span = rng.choice(spans)
            found.append((place, self.region.requirements[requirement].function, span.start))
        return found


__all__ = ["Story", "STEPS"]
