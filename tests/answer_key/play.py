# SPDX-License-Identifier: MIT
"""Plays a region's story against a testbed and counts what differs at each step."""

import time
from collections import defaultdict
from datetime import datetime, timezone

import psycopg2

from region_maker import bundles, output
from region_maker.clock import said, text_of
from region_maker.model import NAMED, TEAM
from region_maker.truth import COVERED, GAP, NOT_COMMISSIONED, SHORT, UNKNOWN
from servers import slowness, wait_until

from .compare import Tally, seconds
from .ladders import Ladders
from .owners import Owners
from .stage import Stage

RANK = {GAP: 0, UNKNOWN: 1, SHORT: 2, COVERED: 3}
TOLD_SECONDS = 30
CLAIM_SECONDS = 75  # a fetch that lost the database is begun again when its claim of 60 s has run out


def this_minute():
    return int(time.time()) // 60


class Play(Owners, Ladders):
    def __init__(self, testbed, story, samples=60, say=print, patience=60):
        self.story, self.testbed, self.say, self.patience = story, testbed, say, patience
        self.stage = Stage(testbed, story.region, story.known)
        self.samples, self.total, self.asked = samples, Tally(), {}

    def run(self):
        self.well()
        self.broken()
        self.aged()
        self.fixed()
        if "overrides" in self.story.region.features:
            self.overridden()
        self.owners()
        self.read_only()
        return self.total

    def count(self, step, tally):
        self.total.add(tally)
        self.say(f"  {step}: {tally.demands} demands, {tally.spans} spans; false covered {tally.false_covered} min, wrong people "
                 f"{tally.wrong_people} min, false gap {tally.false_gap} min, missed unknown {tally.missed_unknown} min, false unknown "
                 f"{tally.false_unknown} min, other {tally.other} min, untiled {tally.untiled}; asked at an instant {tally.samples}, wrong "
                 f"{tally.wrong_samples}; flagged {tally.faults_flagged} of {tally.faults}")
        for words in tally.words:
            self.say(f"    {words}")

    # ------------------------------------------------------------------------------------------------------------------ steps

    def well(self):
        took = self.stage.start(self.patience)
        self.say(f"  read and swept in {took:.1f} s")
        tally = Tally()
        self.rotate(tally)
        tally.add(self.stage.settle(self.story.demands()))
        self.ask_at_instants(tally)
        tally.add(self.ladders())
        tally.add(self.holes_told())
        self.count("all is well", tally)

    def broken(self):
        for fault in self.story.faults:
            if fault.action != "apply":
                self.spoil(fault)
        self.story.break_all()
        self.roll_over()
        self.expect("every fault is done", lambda fault: fault.feed_state, lambda fault: fault.flags)

    def aged(self):
        """Time passes over feeds that fail: the testbed's clock does not move, so their last good check moves back."""
        old = [fault for fault in self.story.faults if fault.aged]
        minute, until = this_minute(), {}
        for fault in old:
            self.testbed.sql("update feed set last_good_at = %s, updated_at = clock_timestamp() where rota = %s",
                           datetime.fromtimestamp((minute - fault.aged) * 60, timezone.utc), fault.rota.id)
            if fault.aged > 6 * 60:
                until[fault.id] = minute - fault.aged + 6 * 60
        self.story.age(until)
        # The feeds role waits until the next feed can become stale, and does not see that last_good_at was moved.
        self.testbed.wait_role_back("feeds", self.testbed.kill_role("feeds"))
        self.expect("time passes", lambda fault: fault.feed_state, lambda fault: fault.aged_flags)

    def fixed(self):
        self.story.repair_all()
        for fault in self.story.faults:
            if fault.action == "rotation":
                self.stage.put_rotation(Tally(), fault.rota, fault.edit, fault.rota.plan)
            elif fault.action != "apply":
                feed = self.testbed.publisher.feeds[fault.rota.published]
                feed.mode, feed.body = "ok", output.bytes_of(self.story.region, fault.rota)
                self.refresh(fault.rota.id)
        self.expect("all is fixed", lambda fault: "good", lambda fault: fault.fixed_flags)

    def overridden(self):
        """S13: a swap that is approved ten minutes before."""
        tally = Tally()
        rota, start, end, person, instead = self.story.swap(this_minute())
        answer = self.testbed.post("/v1/overrides", {"rota": rota, "start": text_of(start), "end": text_of(end), "person": person,
                                                   "instead": instead, "confirm": True})
        assert answer.status in (200, 201), answer
        place, = self.story.region.services[self.story.region.rotas[rota].service].places
        demands = [demand for demand in self.story.demands() if demand[0] == place]
        tally.add(self.stage.settle(demands))
        self.ask_about(tally, [(place, "crht", edge) for edge in (start, end)])
        self.count("a swap ten minutes before", tally)

    def read_only(self):
        """S14: the database takes no writes. Every answer stays the same; when it takes writes again, what changed meanwhile is shown."""
        tally = Tally()
        self.writes("on")
        try:
            # Another feed is used: one that is claimed when writes end waits until its claim has run out.
            wait_until(lambda: self.testbed.post("/v1/feeds/stage-fault-swap/refresh").status != 202, TOLD_SECONDS, "no write was taken")
            tally.add(self.stage.compare(self.story.demands()))
            self.ask_at_instants(tally)
            fault = next(fault for fault in self.story.faults if fault.id == "struck-out")
            feed = self.testbed.publisher.feeds[fault.rota.published]
            feed.body = fault.body
        finally:
            self.writes("off")
        self.story.put(fault.broken)
        self.story.known.forget()

        def asked():
            return self.testbed.post(f"/v1/feeds/{fault.rota.id}/refresh").status == 202
        wait_until(asked, TOLD_SECONDS, "the database took writes again")
        tally.add(self.stage.settle(self.story.touched(), CLAIM_SECONDS))
        self.compare_told(tally, [(fault, flag) for flag in fault.flags])
        self.count("the database takes no writes, and again", tally)

    def writes(self, read_only):
        connection = psycopg2.connect(self.testbed.postgres.conninfo("postgres"))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("set default_transaction_read_only = off")
                cursor.execute(f"alter system set default_transaction_read_only = {read_only}")
                cursor.execute("select pg_reload_conf()")
        finally:
            connection.close()

    def rotate(self, tally):
        """Rotations are typed in, and hold from the next whole minutes on."""
        self.story.rotate(this_minute() + 2)
        for rota in self.story.region.rotas.values():
            if rota.plan:
                self.stage.put_rotation(tally, rota, text_of(rota.editions[0][0]), rota.plan)

    def spoil(self, fault):
        if fault.action == "rotation":
            return self.stage.put_rotation(Tally(), fault.broken, fault.edit, fault.broken.edits[0][1])
        feed = self.testbed.publisher.feeds[fault.rota.published]
        if fault.action == "mode":
            feed.mode = fault.mode
        else:
            feed.body = fault.body
        self.refresh(fault.rota.id)

    def refresh(self, rota):
        self.asked[rota] = int(time.time())
        self.testbed.refresh(rota)

    def roll_over(self):
        """New addresses: the old ones are withdrawn."""
        for fault in self.story.faults:
            if fault.action == "apply":
                self.testbed.publisher.publish(fault.broken.url, fault.body)
                self.testbed.publisher.feeds[fault.rota.published].mode = 404
        self.stage.apply()

    # --------------------------------------------------------------------------------------------------------- what is expected

    def expect(self, step, state_of, flags_of):
        wanted = {fault.rota.id: (fault, state_of(fault)) for fault in self.story.faults if fault.action != "rotation"}

        def as_expected():
            return not [feed for feed in self.stage.feeds() if feed["rota"] in wanted and feed["state"] != wanted[feed["rota"]][1]
                        or seconds(feed["last_attempt_at"] or "1970-01-01T00:00:00Z") < self.asked.get(feed["rota"], 0)]
        tally = Tally()
        try:
            wait_until(as_expected, TOLD_SECONDS, "every feed stood as it should")
        except AssertionError:
            for feed in self.stage.feeds():
                if feed["rota"] in wanted and feed["state"] != wanted[feed["rota"]][1]:
                    tally.tell(f"{feed['rota']} is {feed['state']} ({feed['fault']}) and should be {wanted[feed['rota']][1]}")
                    tally.faults += 1
        tally.add(self.stage.settle(self.story.touched()))
        self.ask_about(tally, [edge for demand in self.story.touched() for edge in self.next_edges(*demand)])
        self.compare_told(tally, [(fault, flag) for fault in self.story.faults for flag in flags_of(fault)])
        self.count(step, tally)

    def next_edges(self, place, requirement):
        """Where the next span begins, and the next that is not covered."""
        now, function = this_minute() + 2, self.story.region.requirements[requirement].function
        spans = [span for _, spans in self.story.known.spans(place, requirement) for span in spans if span.start > now]
        return {(place, function, span.start) for span in spans[:1] + [span for span in spans if span.state != COVERED][:1]}

    def compare_told(self, tally, wanted):
        """Whether each flag that must be told was, since the last step."""
        flags, deadline = [], time.monotonic() + TOLD_SECONDS * slowness()
        while True:
            more, self.head = self.stage.flags(self.head)
            flags += more
            missing = [(fault, flag) for fault, flag in wanted if not any(self.is_it(flag, told) for told in flags)]
            if not missing or time.monotonic() > deadline:
                break
            time.sleep(0.2)
        tally.faults += len(wanted)
        tally.faults_flagged += len(wanted) - len(missing)
        for fault, flag in missing:
            tally.tell(f"{fault.id} ({fault.scenario}): nothing was told of {flag}")

    @staticmethod
    def is_it(wanted, told):
        if "rota" in wanted:
            return told["kind"] == wanted["kind"] and told.get("cause") == wanted["rota"]
        kinds = ("opened", "started", wanted.get("or")) if wanted["kind"] == "opened" else (wanted["kind"],)
        if told["kind"] not in kinds or told.get("requirement") != wanted["requirement"] or told["state"] != wanted["state"]:
            return False
        start, end = seconds(told["start"]) // 60, seconds(told["end"]) // 60
        return start <= wanted["start"] and end >= wanted["end"]

    # ------------------------------------------------------------------------------------------------------------------- holes

    def holes_told(self):
        """Flags follow what the map shows a moment later."""
        flags, self.head = self.stage.flags()
        deadline = time.monotonic() + TOLD_SECONDS * slowness()
        while True:
            tally = Tally()
            self.compare_holes(tally, flags)
            if (not tally.false_gap and tally.faults_flagged == tally.faults) or time.monotonic() > deadline:
                return tally
            time.sleep(0.2)
            more, self.head = self.stage.flags(self.head)
            flags += more

    def compare_holes(self, tally, flags):
        """Every true hole that is not over has a flag, and no flag is about anything else."""
        standing = {}
        for flag in flags:
            if "gap" in flag:
                standing[flag["gap"]] = None if flag["kind"] == "closed" else flag
        gaps = defaultdict(list)
        for flag in standing.values():
            if flag:
                gaps[flag["place"], flag["requirement"], flag["state"]].append((seconds(flag["start"]) // 60, seconds(flag["end"]) // 60))
        now = this_minute() + 2
        for place, requirement, state, start, end in self.story.holes(self.story.demands(), now):
            tally.faults += 1
            if any(first <= start and last >= end for first, last in gaps[place, requirement, state]):
                tally.faults_flagged += 1
            else:
                tally.tell(f"nothing was told of {state} of {requirement} at {place}, {said(start)} to {said(end)}")
        for fault in self.story.planted():
            if fault["end"] > now:
                tally.faults += 1
                found = [1 for (_, requirement, state), told in gaps.items() if requirement == fault["requirement"] and state == fault["state"]
                         for first, last in told if first <= fault["start"] and last >= fault["end"]]
                tally.faults_flagged += bool(found)
                if not found:
                    tally.tell(f"{fault['fault']}: nothing was told of it")
        self.compare_gaps(tally, gaps)

    def compare_gaps(self, tally, gaps):
        """Each flag has the state that is true wherever the requirement applies."""
        for place, requirement in self.story.demands():
            told = [(first, last, state) for state in (GAP, SHORT, UNKNOWN) for first, last in gaps.get((place, requirement, state), ())]
            if not told:
                continue
            for _, spans in self.story.known.spans(place, requirement):
                for first, last, state in told:
                    for span in spans:
                        if span.start < last and span.end > first and span.state not in (state, NOT_COMMISSIONED):
                            minutes = min(span.end, last) - max(span.start, first)
                            tally.false_gap += minutes
                            tally.tell(f"{state} of {requirement} at {place} is told for {said(first)} to {said(last)}, where it is {span.state}")

    # ---------------------------------------------------------------------------------------------------------------- instants

    def ask_at_instants(self, tally):
        """/v1/now at edges of spans that the seed chooses."""
        self.ask_about(tally, self.story.sample(self.samples))

    def ask_about(self, tally, edges):
        """A second before, at and a second after each of ${edges}."""
        for place, function, edge in edges:
            for moment in (edge * 60 - 1, edge * 60, edge * 60 + 1):
                wanted = self.true_at(place, function, moment)
                if wanted is None:
                    continue
                tally.samples += 1
                at = f"{text_of(moment // 60)[:17]}{moment % 60:02d}Z"
                answer = self.stage.ask(f"/v1/now?place={place}&function={function}&at={at}")["functions"][0]
                says = answer["state"], frozenset(each["name"] for each in answer["on_call"])
                if says != wanted:
                    tally.wrong_samples += 1
                    tally.tell(f"now at {place} for {function}, {at}: true is {wanted[0]} {sorted(wanted[1])}, the answer {says[0]} "
                               f"{sorted(says[1])}")

    def true_at(self, place, function, moment):
        """The worst state of the requirements in their hours, and the names of all who are on and may count. None outside the windows."""
        region, known, minute = self.story.region, self.story.known, moment // 60
        states = []
        for requirement in known.applying[place]:
            if region.requirements[requirement].function != function:
                continue
            span = next((span for window, spans in known.spans(place, requirement) for span in spans if span.start <= minute < span.end), None)
            if span is None:
                return None
            states.append(span.state)
        asked = [region.requirements[each] for each in known.applying[place] if region.requirements[each].function == function]
        names = set()

        def listed(who, of):
            return of in region.people[who].roles or any(each.any_role for each in asked)

        # Of a bundle, everybody who is on for one of its functions.
        functions = dict.fromkeys(of for each in asked for of in (bundles.functions_of(each) if each.needs else [function])) or [function]
        for of, source in ((of, source) for of in functions for source in known.sources_of(place, of)):
            for start, end, kind, who in source.facts:
                if start <= minute < min(end, source.trusted_until):
                    if kind == NAMED and listed(who, of) and not any(gone <= minute < back for gone, back in known.away.get(who, ())):
                        names.add(region.people[who].name)
                    elif kind == TEAM:
                        names.add(who)
        commissioned = [state for state in states if state != NOT_COMMISSIONED]
        return min(commissioned, key=RANK.get, default=NOT_COMMISSIONED), frozenset(names)
