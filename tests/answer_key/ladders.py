# SPDX-License-Identifier: MIT
"""Compares ladders with what is true: the order of ringing at edges of spans, and who is next when somebody was rung in vain."""

import random

from region_maker import ladders
from region_maker.clock import text_of
from servers import wait_until

from .compare import Tally

NUMBERS = ("switchboard", "fallback", "line")  # that every ladder ends with


def told(groups, found):
    """What is wrong in the order of an answer; None: nothing."""
    steps, at = found["steps"], 0
    for group in groups:
        names = sorted(str(step["name"]) for step in steps[at:at + len(group)])
        if names != group:
            return f"step {at + 1} should be of {group}, and is of {names}"
        at += len(group)
    return next((f"step {step['step']} is too many: {step['kind']} {step['name']}" for step in steps[at:] if step["kind"] not in NUMBERS), None)


def ring(step):
    return step["number"], step["extension"], step["bleep"]


def passed(steps, reports):
    """Why each step is passed, by what was reported of the entries ${reports}, and which is next."""
    tried = [reports.get(step["entry"]) if step["entry"] else None for step in steps]
    silent = {ring(step) for step, outcome in zip(steps, tried) if outcome == "no_answer" and step["number"]}
    why = [outcome or ("same_number" if ring(step) in silent and not step.get("work_phone") else None) for step, outcome in zip(steps, tried)]
    return why, next((number + 1 for number, one in enumerate(why) if one is None), None)


class Ladders:
    """A part of the play."""

    def ladders(self):
        tally, rng = Tally(), random.Random(f"edges {self.story.region.seed}")
        region, known = self.story.region, self.story.known
        asked = [(place, function) for place in sorted(known.applying) for function in ladders.functions_at(region, known, place)
                 if ladders.ladder_of(region, place, function)]
        for place, function in rng.sample(asked, min(self.samples, len(asked))):
            requirement = rng.choice([each for each in known.applying[place] if region.requirements[each].function == function])
            _, spans = rng.choice(known.spans(place, requirement))
            self.compare_order(tally, place, function, rng.choice(spans).start)
        for place, function in asked:
            if ladders.AFTER in ladders.ladder_of(region, place, function)[1]:
                self.after_its_last_own_step(tally, place, function)
        self.rung(tally, asked)
        assert tally.samples, "no place has a ladder"
        return tally

    def wrong(self, tally, words):
        tally.wrong_samples += 1
        tally.tell(words)

    def compare_order(self, tally, place, function, edge):
        of, _ = ladders.ladder_of(self.story.region, place, function)
        for moment in (edge - 1, edge):
            found = self.stage.ask(f"/v1/ladder?place={place}&function={function}&at={text_of(moment)}")["ladder"]
            fault = told(ladders.order(self.story.region, self.story.known, (place, function), moment), found)
            tally.samples += 1
            if fault or found["of"] != of:
                self.wrong(tally, f"ladder of {function} at {place}, {text_of(moment)}: {fault or found['of']}")
            if [step["next"] for step in found["steps"]] != [*range(2, len(found["steps"]) + 1), None][:len(found["steps"])] or found["next"] != (1 if found["steps"] else None):
                self.wrong(tally, f"ladder of {function} at {place}, {text_of(moment)}: nobody was rung, and steps are passed")

    def after_its_last_own_step(self, tally, place, function):
        """At the edges at which the first few begin whom no step asks for."""
        region, known = self.story.region, self.story.known
        requirement = next(each for each in known.applying[place] if region.requirements[each].function == function)
        edges = [span.start for _, spans in known.spans(place, requirement) for span in spans]
        on = [edge for edge in edges if len(ladders.order(region, known, (place, function), edge)) > 1]
        for edge in on[:4]:
            self.compare_order(tally, place, function, edge)

    def rung(self, tally, asked):
        """One does not answer, the next declines: of one ladder, so that no rota is reported twice and its manager told."""
        for place, function in asked:
            path = f"/v1/ladder?place={place}&function={function}"
            steps, reports = self.stage.ask(path)["ladder"]["steps"], {}
            if len([step for step in steps if step["entry"]]) < 2:
                continue
            for outcome in ("no_answer", "declined"):
                step = next((one for one in self.stage.ask(path)["ladder"]["steps"] if one["entry"] and one["passed"] is None), None)
                if step is None:
                    break
                made = self.testbed.post("/v1/contacts", {"place": place, "function": function, "entry": step["entry"], "outcome": outcome})
                assert made.status == 201, made
                reports[step["entry"]] = outcome
                # One person may be on by two entries: what is said of one is said of both.
                wait_until(lambda at=step["step"], said=outcome: self.stage.ask(path)["ladder"]["steps"][at - 1]["passed"] == said, 20, "the report is shown")
                self.compare_next(tally, path, reports)
            return

    def compare_next(self, tally, path, reports):
        found = self.stage.ask(path)["ladder"]
        why, following = passed(found["steps"], reports)
        tally.samples += 1
        if [step["passed"] for step in found["steps"]] != why or found["next"] != following:
            self.wrong(tally, f"{path}: after {reports} {why} should be passed and {following} be next: {found}")
