# SPDX-License-Identifier: MIT
"""What owners of rotas do, and what their calendars do then: words that are decided, an override that its calendar contradicts, a calendar
that drops shifts when they begin. After each step the map is compared with the truth, as after all other steps."""

import copy
import time

from region_maker import output
from region_maker.clock import text_of
from region_maker.model import ABSENCE, NAMED, NOBODY, UNDECIDED
from servers import wait_until

from .compare import Tally

READ_SECONDS = 30
# Names of birds: no word of rotas, and no name of a person, place or service of an invented region.
MEANINGS = {"Kestrel": ("nothing", NAMED, "covered"), "Osprey": ("nobody", NOBODY, "gap"), "Heron": ("away", ABSENCE, "gap")}


class Owners:
    """Of a Play: its testbed, stage and story."""

    def owners(self):
        self.boards()
        self.words_decided()
        if "overrides" in self.story.region.features:
            self.disputed()
        self.forgetful()
        self.sent_again()

    # ------------------------------------------------------------------------------------------------------------------- helps

    def rota(self, name):
        return self.story.region.rotas[f"stage-fault-{name}"]

    def demands_of(self, rota):
        place, = self.story.region.services[rota.service].places
        return [demand for demand in self.story.demands() if demand[0] == place]

    def publish_again(self, rota):
        self.testbed.publisher.feeds[rota.id].body = output.bytes_of(self.story.region, rota)
        self.refresh(rota.id)

    def becomes_true(self, rota):
        self.story.put(rota)
        self.story.known.forget()

    def compared(self, tally, rota):
        tally.add(self.stage.settle(self.demands_of(rota), READ_SECONDS))

    def coming(self, rota, count):
        soon = self.story.region.first.toordinal() + 3
        return [entry for entry in rota.entries if entry.start.date().toordinal() >= soon][:count]

    def altered(self, rota, chosen, change):
        """A copy of the rota with ${change} done to copies of the ${chosen} entries; None leaves one out."""
        made = copy.copy(rota)
        made.entries = []
        for entry in rota.entries:
            if any(entry is one for one in chosen):
                entry = change(copy.copy(entry))
            if entry is not None:
                made.entries.append(entry)
        return made

    # ------------------------------------------------------------------------------------------------------------------- words

    def words_decided(self):
        """Titles with a word that nobody knows are unknown; one decision on each word settles all of its titles."""
        tally, well = Tally(), self.rota("words")
        chosen = self.coming(well, 12)
        word_of = {id(entry): word for entry, word in zip(chosen, [*["Kestrel"] * 6, *["Osprey"] * 4, *["Heron"] * 2])}
        said = {entry.key: word_of[id(entry)] for entry in chosen}

        def unknown(entry):
            # A title with "nobody" and a name would be doubtful for another reason.
            entry.title = said[entry.key] if said[entry.key] == "Osprey" else f"{said[entry.key]} – {entry.title}"
            entry.facts = [(start, end, UNDECIDED, None) for start, end, _, _ in entry.facts]
            return entry

        rota = self.altered(well, chosen, unknown)
        self.becomes_true(rota)
        self.publish_again(rota)
        self.compared(tally, rota)
        left = self.testbed.get(f"/v1/rotas/{rota.id}/decisions").json["to_decide"]
        found = [(one["words"], one["count"]) for one in left if one["kind"] == "word"]
        assert found == [("Kestrel", 6), ("Osprey", 4), ("Heron", 2)], found
        people = {entry.key: entry.facts[0][3] for entry in chosen}
        for word, (means, kind, _) in MEANINGS.items():
            def decided(entry, word=word, kind=kind):
                if said[entry.key] == word:
                    who = None if kind == NOBODY else people[entry.key]
                    entry.facts = [(start, end, kind, who) for start, end, _, _ in entry.facts]
                return entry
            rota = self.altered(rota, [entry for entry in rota.entries if entry.key in said], decided)
            answer = self.testbed.post(f"/v1/rotas/{rota.id}/decisions", {"word": word, "means": means})
            assert answer.status in (200, 201), answer
            self.becomes_true(rota)
            self.compared(tally, rota)
        self.undo_words(tally, rota, well, said)
        self.count("words of a rota are decided", tally)

    def undo_words(self, tally, rota, well, said):
        """A decision that is taken back leaves its titles unknown again."""
        decision = next(one for one in self.testbed.get(f"/v1/rotas/{rota.id}/decisions").json["decisions"] if one.get("word") == "Kestrel")
        assert self.testbed.request("DELETE", f"/v1/rotas/{rota.id}/decisions/{decision['id']}").status == 204

        def again(entry):
            entry.facts = [(start, end, UNDECIDED, None) for start, end, _, _ in entry.facts]
            return entry
        rota = self.altered(rota, [entry for entry in rota.entries if said.get(entry.key) == "Kestrel"], again)
        self.becomes_true(rota)
        self.compared(tally, rota)
        self.becomes_true(well)
        self.publish_again(well)
        self.compared(tally, well)

    # -------------------------------------------------------------------------------------------------------------- overrides

    def disputed(self):
        """An override whose shift goes, or is given to a third person, is in dispute: unknown. If the calendar names the stand-in they agree."""
        tally, well = Tally(), self.rota("disputed")
        shift, = self.coming(well, 1)
        start, end, _, instead = shift.facts[0]
        person, third = sorted({who for _, _, _, who in well.facts()} - {instead})[:2]
        answer = self.testbed.post("/v1/overrides", {"rota": well.id, "start": text_of(start), "end": text_of(end), "person": person,
                                                   "instead": instead, "confirm": True})
        assert answer.status in (200, 201), answer

        def is_on(kind, who):
            def change(entry):
                entry.facts = [(start, end, kind, who)]
                return entry
            return change

        def told(who):
            def change(entry):
                entry.title = f"CRHT: {self.story.region.people[who].name}"
                return entry
            return change

        self.becomes_true(self.altered(well, [shift], is_on(NAMED, person)))
        self.compared(tally, well)
        for calendar, kind in ((lambda entry: None, UNDECIDED), (told(third), UNDECIDED), (told(person), NAMED)):
            self.becomes_true(self.altered(well, [shift], is_on(kind, person)))
            self.testbed.publisher.feeds[well.id].body = output.bytes_of(self.story.region, self.altered(well, [shift], calendar))
            self.refresh(well.id)
            self.compared(tally, well)
        answer = self.testbed.request("DELETE", f"/v1/overrides/{answer.json['id']}")
        assert answer.status in (200, 204), answer
        self.compared(tally, well)
        self.becomes_true(well)
        self.publish_again(well)
        self.compared(tally, well)
        self.count("an override that its calendar contradicts", tally)

    # ------------------------------------------------------------------------------------------------------- what a calendar forgets

    def running(self, rota):
        """The shift that runs, and goes on for long enough to be asked about."""
        def found():
            now = time.time() / 60
            return next((entry for entry in rota.entries if entry.facts[0][0] <= now < entry.facts[0][1] - 1), None)
        return wait_until(found, 90, "a shift had begun")

    def remember(self, rota, listed_over, dropped):
        """Time does not pass here: what the calendar did on the days before is written where the server keeps it."""
        self.testbed.sql("update feed set listed_over_at = case when %s then now() - interval '1 day' end, dropped = %s, "
                       "dropped_start = case when %s > 0 then now() - interval '1 day' end where rota = %s", listed_over, dropped, dropped, rota.id)

    def now_is(self, tally, rota, body, wanted):
        """Publishes ${body}; then /v1/now is (state, names)."""
        self.testbed.publisher.feeds[rota.id].body = body
        self.refresh(rota.id)
        place, = self.story.region.services[rota.service].places

        def says():
            answer = self.stage.ask(f"/v1/now?place={place}&function=crht")["functions"][0]
            return answer["state"], [one["name"] for one in answer["on_call"]]
        tally.samples += 1
        try:
            wait_until(lambda: says() == wanted, READ_SECONDS, "")
        except AssertionError:
            tally.wrong_samples += 1
            tally.tell(f"now at {place}: true is {wanted}, the answer {says()}")

    def forgetful(self):
        """A running shift that its calendar lists no more: on, if the calendar drops whatever begins; gone, if it lists what is over; else unknown."""
        tally, rota = Tally(), self.rota("forgetful")
        runs = self.running(rota)
        ahead = [entry for entry in rota.entries if entry.facts[0][0] > time.time() / 60]
        name = self.story.region.people[runs.facts[0][3]].name
        cancelled = copy.copy(runs)
        cancelled.status, cancelled.noise, cancelled.sequence = "CANCELLED", True, 1
        whole = output.bytes_of(self.story.region, rota)
        rest, struck = (output.bytes_of(self.story.region, rota, entries) for entries in (ahead, [cancelled, *ahead]))
        self.remember(rota, False, 2)
        self.now_is(tally, rota, rest, ("covered", [name]))
        self.now_is(tally, rota, struck, ("gap", []))
        self.now_is(tally, rota, whole, ("covered", [name]))
        self.remember(rota, True, 0)
        self.now_is(tally, rota, rest, ("gap", []))
        self.now_is(tally, rota, whole, ("covered", [name]))
        self.remember(rota, False, 0)
        self.now_is(tally, rota, rest, ("unknown", []))
        self.now_is(tally, rota, whole, ("covered", [name]))
        self.count("a calendar that forgets what has begun", tally)

    # ----------------------------------------------------------------------------------------------------------------- boards

    def below(self, place):
        """The place and all below it."""
        found, more = set(), {place}
        while more:
            found |= more
            more = {one.code for one in self.story.region.places.values() if more & set(one.parents)} - found
        return found

    def open_gaps(self, place, within):
        lines, cursor = [], ""
        while True:
            answer = self.stage.ask(f"/v1/gaps?place={place}&within={within}&limit=500{cursor}")
            lines += answer["gaps"]
            if not answer.get("next_cursor"):
                return lines, answer["totals"]
            cursor = f"&cursor={answer['next_cursor']}"

    def boards(self):
        """A place with places below it answers for all of them, each hole once."""
        tally = Tally()
        for board in self.story.region.places:
            places = self.below(board)
            if len(places) == 1:
                continue
            lines, totals = self.open_gaps(board, "true")
            union = {one["id"]: one for place in places for one in self.open_gaps(place, "false")[0]}
            distinct = {(one["requirement"], one["start"], one["end"]) for one in union.values()}
            tally.samples += 1
            if {one["id"] for one in lines} != set(union) or len(lines) != len(union) or totals["distinct"] != len(distinct):
                tally.wrong_samples += 1
                tally.tell(f"the gaps of {board}: {len(lines)} lines, {totals['distinct']} distinct; of the places below it {len(union)} lines, "
                           f"{len(distinct)} distinct")
        assert tally.samples > 0, "there are boards"
        self.count("boards answer for the places below them", tally)

    # ------------------------------------------------------------------------------------------------------------ a file sent once

    def sent_again(self):
        """A workbook of three rotas is sent once, with a name struck out and one exchanged; then a file that is none; then as it was."""
        tally, rotas = Tally(), [self.rota(f"sent-{name}") for name in ("crht", "amhp", "s12-doctor")]
        demands = [demand for rota in rotas for demand in self.demands_of(rota)]
        gone, = self.coming(rotas[1], 1)
        given, = self.coming(rotas[2], 1)
        person = self.story.region.people[min({who for _, _, _, who in rotas[2].facts()} - {given.facts[0][3]})]

        def strike(entry):
            entry.mark, entry.facts = "strike", [(start, end, NOBODY, None) for start, end, _, _ in entry.facts]
            return entry

        def give(entry):
            entry.title, entry.facts = person.name, [(start, end, NAMED, person.id) for start, end, _, _ in entry.facts]
            return entry
        for changed in ([rotas[0], self.altered(rotas[1], [gone], strike), self.altered(rotas[2], [given], give)], rotas):
            for rota in changed:
                self.becomes_true(rota)
            self.stage.publish(rotas[0])
            self.stage.send_sheet(rotas[0].sheet)
            tally.add(self.stage.settle(demands, READ_SECONDS))
            if changed is not rotas:
                self.stage.publish(rotas[0], b"PK\x03\x04 no workbook")
                tally.samples += 1
                tally.wrong_samples += self.stage.send_sheet(rotas[0].sheet, check=False).returncode == 0
                tally.add(self.stage.compare(demands))
        self.count("a file of three rotas is sent again", tally)
