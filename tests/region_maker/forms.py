# SPDX-License-Identifier: MIT
"""The faults of grids, workbooks and collections of CalDAV: what is done to one cell or object, to a whole file, and to a file that several rotas
read."""

import copy

from . import grid, output, sizes
from .clock import DAY, HOUR, minute
from .model import NAMED, NOBODY, UNDECIDED, Entry

SHARED = ("crht", "amhp", "s12_doctor")


class Forms:
    """Of a Stage."""

    def grid_rota(self, name, form, layout, function="crht"):
        """Round the clock without a hole: by day and by night, or for weeks."""
        if layout != "weeks_by_roles":
            return self.rota(name, f"grid_{form} {layout}", function=function)
        rota, team = self.stand(f"fault-{name}", function, 4, f"grid_{form} {layout}", sizes.ALL)
        first = self.region.first - (self.region.first.weekday() + 7) * DAY
        for number in range((self.region.days + 24) // 7):
            self.put_week(rota, first + 7 * number * DAY, "08:00", "20:00", team[number % 4])
            self.put_week(rota, first + 7 * number * DAY, "20:00", "32:00", team[(number + 2) % 4])
        return rota

    def in_one_file(self, name, form, layout):
        rotas = [self.grid_rota(f"{name}-{function.replace('_', '-')}", form, layout, function) for function in SHARED]
        self.planner.together(*rotas)
        return rotas

    # ------------------------------------------------------------------------------------------------------------- single cells

    def says(self, rota, chosen, title, kind, who=None, mark=""):
        def change(entry):
            entry.title, entry.mark = title or entry.title, mark
            entry.facts = [(start, end, kind, who) for start, end, _, _ in entry.facts]
            return entry
        return self.changed(rota, chosen, change)

    def cells(self):
        rota = self.grid_rota("grid-struck-out", "xlsx", "dates_by_roles")
        chosen = self.coming(rota)
        self.applied(rota, "a name struck out", self.says(rota, chosen, "", NOBODY, mark="strike"), "gap", chosen)
        rota = self.grid_rota("grid-no-cover", "csv", "dates_by_roles")
        chosen = self.coming(rota)
        self.applied(rota, "NO COVER", self.says(rota, chosen, "NO COVER", NOBODY), "gap", chosen)
        rota = self.grid_rota("grid-emptied", "csv", "roles_by_dates")
        chosen = self.coming(rota)
        self.applied(rota, "a shift deleted", self.changed(rota, chosen, lambda entry: None), "gap", chosen)
        rota = self.grid_rota("grid-coloured", "xlsx", "roles_by_dates")
        chosen = self.coming(rota)
        self.applied(rota, "a colour", self.says(rota, chosen, "", UNDECIDED, mark="fill"), "unknown", chosen)
        rota = self.grid_rota("grid-week", "csv", "weeks_by_roles")
        chosen = self.coming(rota)
        self.applied(rota, "ditto", self.says(rota, chosen, "as above", UNDECIDED), "unknown", chosen)
        rota = self.grid_rota("grid-week-given-away", "xlsx", "weeks_by_roles")
        chosen = self.coming(rota)
        self.applied(rota, "a swap", self.given(rota, chosen))
        rota = self.grid_rota("grid-in-turn", "csv", "dates_by_hours")
        self.applied(rota, "two in turn", self.in_turn(rota, self.coming(rota)[0]))
        rota = self.grid_rota("grid-hidden", "xlsx", "dates_by_hours")
        day = self.coming(rota)[0].start.date()
        chosen = [entry for entry in rota.entries if entry.start.date() == day]
        self.applied(rota, "a hidden row", self.says(rota, chosen, "", UNDECIDED, mark="hidden"), "unknown", chosen)
        self.codes()

    def other(self, rota, entry):
        """Somebody of the rota who has neither that shift nor one next to it."""
        near = {fact[3] for each in rota.entries for fact in each.facts if abs(fact[0] - entry.facts[0][0]) <= 13 * 60}
        return self.region.people[min({fact[3] for fact in rota.facts()} - near)]

    def given(self, rota, chosen):
        person = self.other(rota, chosen[0])
        return self.says(rota, chosen, person.name, NAMED, person.id)

    def in_turn(self, rota, chosen):
        one, other = self.region.people[chosen.facts[0][3]], self.other(rota, chosen)
        middle = chosen.start + 5 * HOUR

        def change(entry):
            entry.title = f"{one.name} {entry.start:%H:%M}–{middle:%H:%M} / {other.name} {middle:%H:%M}–{entry.end:%H:%M}"
            entry.facts = [(minute(entry.start), minute(middle), NAMED, one.id), (minute(middle), minute(entry.end), NAMED, other.id)]
            return entry
        return self.changed(rota, [chosen], change)

    def codes(self):
        """Names by dates: a cell is a shift code, and its row a person."""
        rota = self.grid_rota("grid-code-swap", "csv", "names_by_dates")
        chosen = self.coming(rota, 2, 4)

        def give(entry):
            person = self.other(rota, entry)
            entry.row = (person.name, *entry.row[1:])
            entry.facts = [(start, end, NAMED, person.id) for start, end, _, _ in entry.facts]
            return entry
        self.applied(rota, "a swap", self.changed(rota, chosen, give))
        rota = self.grid_rota("grid-code-struck-out", "xlsx", "names_by_dates")
        chosen = self.coming(rota)
        self.applied(rota, "a code struck out", self.says(rota, chosen, "", NOBODY, mark="strike"), "gap", chosen)

    # -------------------------------------------------------------------------------------------------------------- whole files

    def altered_sheet(self, rota, change, changed=None):
        """The file after ${change} of what it is made by; what is read from it stays as it was said."""
        grid.reading(self.region, rota)
        sheet = copy.copy(rota.sheet)
        change(sheet)
        return grid.write(self.region, sheet, changed or {})

    def files(self):
        rota = self.grid_rota("grid-heading", "csv", "dates_by_roles")

        def rename(sheet):
            sheet.duties = [copy.copy(duty) for duty in sheet.duties]
            sheet.duties[0].lines = ("Second opinion",) if len(sheet.duties[0].lines) == 1 else (sheet.duties[0].lines[0], "Second opinion")
        self.failing(rota, "a column is gone", body=self.altered_sheet(rota, rename))
        rota = self.grid_rota("grid-last-year", "xlsx", "dates_by_hours")
        old = [self.moved(entry, -364 * DAY) for entry in rota.entries]

        def a_year_ago(sheet):
            sheet.days = tuple(day - 364 * DAY for day in sheet.days)
        self.held(rota, "last year's file", self.altered_sheet(rota, a_year_ago, {rota.id: old}))
        rota = self.grid_rota("grid-empty", "xlsx", "roles_by_dates")
        self.held(rota, "S4", output.bytes_of(self.region, rota, []))
        rota = self.grid_rota("grid-shrunken", "csv", "names_by_dates")
        self.held(rota, "shrunken", output.bytes_of(self.region, rota, rota.entries[: len(rota.entries) // 8]))
        rota = self.grid_rota("grid-cut", "xlsx", "dates_by_roles")
        self.failing(rota, "truncated", body=output.bytes_of(self.region, rota)[:-500])
        rota = self.grid_rota("grid-html", "xlsx", "weeks_by_roles")
        self.failing(rota, "another file", body=b"<html><body><table><tr><td>Date</td><td>CRHT</td></tr></table></body></html>")
        west, east = (self.grid_rota(f"grid-{side}", "csv", "names_by_dates") for side in ("west", "east"))
        grid.reading(self.region, west)
        self.held(west, "S12", output.bytes_of(self.region, west, east.entries))

    # ------------------------------------------------------------------------------------------------- one file of several rotas

    def shared(self):
        """A change in the part of one rota is none in the others'."""
        for form, layout in (("xlsx", "dates_by_roles"), ("csv", "names_by_dates"), ("csv", "roles_by_dates")):
            rotas = self.in_one_file(f"shared-{layout.replace('_', '-')}", form, layout)
            chosen = self.coming(rotas[1])
            broken = self.changed(rotas[1], chosen, lambda entry: None)
            body = output.bytes_of(self.region, broken)
            self.applied(rotas[1], "a shift deleted", broken, "gap", chosen, body=body)
            for rota in (rotas[0], rotas[2]):
                self.applied(rota, "another rota's shift deleted", rota, body=body)
        rotas = self.in_one_file("shared-column", "xlsx", "dates_by_roles")

        def lose(sheet):
            sheet.duties = [duty for duty in sheet.duties if duty.rota != rotas[2].id]
        body = self.altered_sheet(rotas[0], lose)
        self.failing(rotas[2], "a column is gone", body=body)
        for rota in rotas[:2]:
            self.applied(rota, "another rota's column is gone", rota, body=body)
        rotas = self.in_one_file("shared-pdf", "csv", "dates_by_hours")
        for rota in rotas:
            self.failing(rota, "another file", body=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")

    def sent(self):
        """A file that is sent once for three rotas. What is sent later is reported (answer_key/owners.py)."""
        rotas = self.in_one_file("sent", "xlsx", "dates_by_roles")
        for rota in rotas:
            rota.by_url = False
        rotas[0].sheet.once = True

    # ------------------------------------------------------------------------------------------------------------------ CalDAV

    def collections(self):
        """What others do to the objects of a collection, and what its server does."""
        rota = self.rota("dav-deleted", "vendor caldav")
        chosen = self.coming(rota)
        self.applied(rota, "a shift deleted", self.changed(rota, chosen, lambda entry: None), "gap", chosen)
        rota = self.rota("dav-cancelled", "outlook caldav")
        chosen = self.coming(rota)

        def cancel(entry):
            entry.status, entry.sequence, entry.facts, entry.noise = "CANCELLED", 1, [], True
            return entry
        self.applied(rota, "STATUS:CANCELLED", self.changed(rota, chosen, cancel), "gap", chosen)
        self.dav_moved()
        self.dav_changed()
        rota = self.rota("dav-empty", "google caldav")
        self.held(rota, "S4", output.bytes_of(self.region, rota, []))
        rota = self.rota("dav-hour-out", "vendor caldav")
        self.held(rota, "S6", output.bytes_of(self.region, rota, [self.moved(entry, HOUR) for entry in rota.entries]))
        rota = self.rota("dav-part", "outlook caldav")
        body = output.bytes_of(self.region, rota)
        last = body.rindex(b"200 OK")
        self.failing(rota, "an object that its server does not give", body=body[:last] + b"507 Insufficient Storage" + body[last + 6:])
        self.failing(self.rota("dav-login", "google caldav"), "S5", mode="login")
        self.failing(self.rota("dav-error", "vendor caldav"), "5xx", mode=503)
        self.failing(self.rota("dav-gone", "vendor caldav"), "4xx", mode=404)
        self.failing(self.rota("dav-cut", "outlook caldav"), "truncated", mode="cut")

    def dav_moved(self):
        """A shift begins two hours later."""
        rota = self.rota("dav-moved", "google caldav")
        chosen = self.coming(rota)

        def later(entry):
            entry.start, entry.sequence = entry.start + 2 * HOUR, 1
            entry.facts = [(start + 120, end, kind, who) for start, end, kind, who in entry.facts]
            return entry
        start = minute(chosen[0].start)
        hole = Entry("", chosen[0].start, chosen[0].start + 2 * HOUR, "", [(start, start + 120, NOBODY, None)])
        self.applied(rota, "a shift moved", self.changed(rota, chosen, later), "gap", [hole])

    def dav_changed(self):
        rota = self.rota("dav-swap", "outlook caldav")
        chosen = self.coming(rota, 2, 4)

        def give(entry):
            person = self.other(rota, entry)
            entry.title, entry.sequence = f"CRHT: {person.name}", 2
            entry.facts = [(start, end, NAMED, person.id) for start, end, _, _ in entry.facts]
            return entry
        self.applied(rota, "a swap", self.changed(rota, chosen, give))
        rota = self.rota("dav-tbc", "vendor caldav")
        chosen = self.coming(rota)
        self.applied(rota, "TBC", self.told_as(rota, chosen, "TBC", UNDECIDED), "unknown", chosen)

    def forms(self):
        for part in self.some([self.cells, self.files, self.shared, self.collections], 1, 2):
            part()
