# SPDX-License-Identifier: MIT
"""Draws what stands in the cells of a grid. What is struck out, coloured, a formula or has a comment is only so in a workbook."""

from . import titles
from .model import ABSENCE, NAMED, NOBODY, UNDECIDED

PLACEHOLDERS = ["TBC", "?", "Locum", "as above", "ditto", '"', "Bank Staff 1", "Agency booked – name to follow", *titles.UNKNOWN]
DOUBTS = ["{p} TBC", "{p}?", "{p} (provisional)", "Tentative: {p}"]
EMPTY = ["NO COVER", "VACANT", "Not covered", "UNFILLED"]
PLAIN = ["{p}", "{p}", "{p}", "{p} OK", "{p} 07700 900123", "{p} (confirmed)"]


class Cells:
    """Of a Pen, of a rota in a grid."""

    def seat_number(self, start, end):
        """Which of the columns of these hours."""
        key = start, end
        self.seats[key] = self.seats.get(key, 0) + 1
        return f"{start:%H:%M}-{end:%H:%M} {self.seats[key]}"

    def cell(self, stretches, start, end, person):
        """One seat of one shift; ${stretches}: its minutes, several of a week."""
        duty, luck = self.seat_number(start, end), self.rng.random()

        def put(text, kind, who=None, mark=""):
            return self.add(start, end, text, [(*one, kind, who) for one in stretches], duty=duty, mark=mark)

        name, book = titles.spelt(self.rng, person), self.rota.dialect == "grid_xlsx"
        if luck >= self.flaws:
            return put(self.rng.choice(PLAIN).format(p=name) if name == person.name else name, NAMED, person.id)
        part = luck / self.flaws
        if part < 0.2:
            return None
        if part < 0.45:
            return put(self.rng.choice(EMPTY), NOBODY)
        if part < 0.55 and book:
            return put(person.name, NOBODY, mark="strike")
        if part < 0.68 and book:
            return put(person.name, UNDECIDED, mark=self.rng.choice(["fill", "comment", "formula"]))
        if part < 0.72 and not self.is_on(start, person):
            return put(f"{person.name} {self.rng.choice(['sick', 'A/L', '- annual leave'])}", ABSENCE, person.id)
        if part < 0.8:
            return put(self.rng.choice(DOUBTS).format(p=person.name), UNDECIDED)
        return put(self.rng.choice(PLACEHOLDERS), UNDECIDED)

    def is_on(self, start, person):
        """Whether the person stands in another cell of the row: then what is said of them here would be said of that cell too."""
        return any(entry.start.date() == start.date() and fact[3] == person.id for entry in self.rota.entries for fact in entry.facts)
