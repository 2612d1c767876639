# SPDX-License-Identifier: MIT
"""Draws what is true of each shift of a rota (who, nobody, not decided) and how its calendar expresses it."""

from datetime import timedelta

from . import titles
from .cells import Cells
from .clock import DAY, HOUR, at, days_between, minute
from .model import ABSENCE, LEAVE, NAMED, NOBODY, TEAM, UNDECIDED, Entry


class Pen(Cells):
    """Writes one rota: its dice, its people, what its dialect can say."""

    def __init__(self, rng, rota, function, team, flaws=0.06, twisted=0.12):
        self.rng, self.rota, self.function, self.team = rng, rota, function, team
        self.flaws, self.twisted, self.turn, self.number = flaws, twisted, 0, 0
        self.seats = {}     # of a grid: how many columns there are by their hours

    def next(self, count):
        """The next people of the team, all different."""
        found = [self.team[(self.turn + step) % len(self.team)] for step in range(count)]
        self.turn += count
        return found

    def add(self, start, end, title, facts, **more):
        self.number += 1
        entry = Entry(f"{self.rota.id}-{self.number}", start, end, title, facts, **more)
        self.rota.entries.append(entry)
        return entry

    # -------------------------------------------------------------------------------------------------------- one seat

    def seat(self, start, end, person):
        """Draws the truth of one seat of one shift, and its entry."""
        if self.rota.in_cells:
            return self.cell([(minute(start), minute(end))], start, end, person)
        if self.rota.in_rows:
            return self.row(start, end, person)
        luck = self.rng.random()
        if luck >= self.flaws:
            return self.fine(start, end, person)
        part = luck / self.flaws
        for limit, draw in ((0.16, self.hole), (0.28, self.empty), (0.52, self.placeholder), (0.62, self.doubt), (0.68, self.tentative),
                            (0.76, self.cancelled), (0.86, self.split), (0.93, self.until), (0.97, self.plus_one), (1.01, self.hidden)):
            if part < limit:
                return draw(start, end, person)
        raise AssertionError(part)

    def fine(self, start, end, person):
        other = self.rng.choice(self.team)
        title = titles.disguised(self.rng, titles.named(self.rng, self.function, person, other, self.twisted))
        abroad = self.rota.dialect.startswith("outlook") and self.rng.random() < 0.03
        self.add(start, end, title, [(minute(start), minute(end), NAMED, person.id)], abroad=abroad)

    def hole(self, start, end, person):
        """Nobody was put down, and nobody says so."""

    def empty(self, start, end, person):
        self.add(start, end, titles.disguised(self.rng, self.rng.choice(titles.EMPTY), 0.2), [(minute(start), minute(end), NOBODY, None)])

    def placeholder(self, start, end, person):
        self.add(start, end, titles.disguised(self.rng, self.rng.choice(titles.PLACEHOLDERS), 0.2), [(minute(start), minute(end), UNDECIDED, None)])

    def doubt(self, start, end, person):
        self.add(start, end, titles.disguised(self.rng, titles.doubtful(self.rng, self.function, person), 0.2), [(minute(start), minute(end), UNDECIDED, None)])

    def hidden(self, start, end, person):
        self.add(start, end, self.rng.choice(titles.HIDDEN), [(minute(start), minute(end), UNDECIDED, None)])

    def tentative(self, start, end, person):
        title = titles.named(self.rng, self.function, person, None, 0)
        counts = self.rota.reading.get("tentative_counts", False)
        self.add(start, end, title, [(minute(start), minute(end), NAMED if counts else UNDECIDED, person.id if counts else None)],
                 status="TENTATIVE")

    def cancelled(self, start, end, person):
        title = titles.named(self.rng, self.function, person, None, 0)
        if self.rng.random() < 0.5:
            self.add(start, end, "Canceled: " + title, [], noise=True)
        else:
            self.add(start, end, title, [], noise=True, status="CANCELLED")

    def middle(self, start, end):
        """A full hour inside the shift, not at its edges. None where nobody could say whose clock a title means."""
        if self.rota.dialect == "abroad":
            return None
        hours = [start + step * HOUR for step in range(1, 24) if start + step * HOUR <= end - HOUR]
        hours = [hour.replace(minute=0) for hour in hours if start < hour.replace(minute=0) < end]
        return self.rng.choice(hours) if hours else None

    def split(self, start, end, person):
        other, middle = self.rng.choice(self.team), self.middle(start, end)
        if other is person or middle is None or end - start > 24 * HOUR - HOUR:
            return self.fine(start, end, person)
        self.add(start, end, titles.split(self.rng, person, other, start, middle, end),
                 [(minute(start), minute(middle), NAMED, person.id), (minute(middle), minute(end), NAMED, other.id)])

    def until(self, start, end, person):
        middle = self.middle(start, end)
        if middle is None or end - start > 24 * HOUR - HOUR:
            return self.fine(start, end, person)
        self.add(start, end, titles.until(self.rng, person, middle),
                 [(minute(start), minute(middle), NAMED, person.id), (minute(middle), minute(end), NOBODY, None)])

    def plus_one(self, start, end, person):
        whole = minute(start), minute(end)
        self.add(start, end, f"{person.name} + 1", [(*whole, NAMED, person.id), (*whole, UNDECIDED, None)])

    # ------------------------------------------------------------------------------------------------------------ rosters

    def row(self, start, end, person):
        luck, whole = self.rng.random(), (minute(start), minute(end))
        code = "N" if end.date() > start.date() else "LD"
        # "Family, Given" is turned round; a single name stays as it is.
        name = f"{person.family}, {person.given}" if person.given and not person.shown else person.name
        if luck >= self.flaws:
            status = self.rng.choice(["Filled", "Filled", "Confirmed", ""])
            return self.add(start, end, "", [(*whole, NAMED, person.id)], row=(name, code, status))
        part = luck / self.flaws
        if part < 0.2:
            return None
        if 0.65 <= part < 0.9 and self.rota.dialect == "grid_xlsx" and self.rng.random() < 0.6:
            return self.marked(start, end, (name, code, "Filled"))
        if part < 0.5:
            return self.add(start, end, "", [(*whole, NOBODY, None)],
                            row=(self.rng.choice(["", "UNFILLED (Bank) RMN B6"]), code, self.rng.choice(["Unfilled", "Vacant"])))
        if part < 0.65:
            return self.add(start, end, "", [(*whole, UNDECIDED, None)], row=("Bank Staff 1", code, "Filled"))
        if part < 0.8:
            return self.add(start, end, "", [(*whole, UNDECIDED, None)], row=(name, code, self.rng.choice(["Requested", "Pending"])))
        if part < 0.9:
            return self.add(start, end, "", [(*whole, NOBODY, None)], row=(name, code, "Cancelled"))
        if self.alone and self.rng.random() < 0.7:
            # A code of leave in the place of a shift's.
            return self.add(start, end, "", [(*whole_day(start), ABSENCE, person.id)], row=(name, LEAVE, ""))
        return self.add(start, end, "", [(*whole, ABSENCE, person.id)], row=(name, self.rng.choice(["AL", "SICK"]), ""))

    @property
    def alone(self):
        """A grid that no other rota reads: what no rota has the hours of would be said of all of them."""
        return self.rota.sheet is not None and len(self.rota.sheet.rotas) == 1

    def marked(self, start, end, row):
        """A shift code with a mark of the workbook. A formula without a value is no code: the shift may be of any hours of the day."""
        kinds = [("strike", NOBODY), ("fill", UNDECIDED), ("comment", UNDECIDED)] + [("formula", UNDECIDED)] * self.alone
        mark, kind = self.rng.choice(kinds)
        when = whole_day(start) if mark == "formula" else (minute(start), minute(end))
        return self.add(start, end, "", [(*when, kind, None)], row=row, mark=mark)

    # ----------------------------------------------------------------------------------------------------------- patterns

    def watches(self, first, end, slots, on=lambda day: True):
        """Shifts of single days: ${slots} are (from, to, how many)."""
        for day in days_between(first, end):
            if not on(day):
                continue
            for begins, ends, count in slots(day) if callable(slots) else slots:
                for person in self.next(count):
                    self.seat(at(day, begins), at(day, ends), person)

    def whole_days(self, first, end, length):
        """All-day events of ${length} days that mean hours (the rota's all_day rule)."""
        rule = self.rota.reading["all_day"]
        day = first
        while day < end:
            person, = self.next(1)
            stretches = whole_day_hours(day, length, rule)
            start, stop = at(day, "00:00"), at(day + length * DAY, "00:00")
            if self.rota.in_cells:
                begins = at(day, rule["start"])
                self.cell(stretches, begins, begins + rule["hours"] * HOUR, person)
                day += length * DAY
                continue
            luck = self.rng.random()
            if luck < self.flaws * 0.5:
                self.add(start, stop, self.rng.choice(titles.PLACEHOLDERS), [(*one, UNDECIDED, None) for one in stretches], all_day=True)
            elif luck < self.flaws:
                self.add(start, stop, self.rng.choice(titles.EMPTY), [(*one, NOBODY, None) for one in stretches], all_day=True)
            else:
                title = titles.named(self.rng, self.function, person, None, 0)
                self.add(start, stop, title, [(*one, NAMED, person.id) for one in stretches], all_day=True)
            day += length * DAY

    def series(self, began, until, weekday, begins, ends, person, away=0.08, changed=0.08, every=1, counted=0):
        """One rule for a weekday from ${began} on; some instances taken out, some given to somebody else or moved."""
        day = began + (weekday - began.weekday()) % 7 * DAY
        key, gone, facts, taken, cancelled = f"{self.rota.id}-series-{weekday}-{began}", [], [], [], []
        first, number = day, 0
        while day < until and (not counted or number < counted):
            start, stop, luck = at(day, begins), at(day, ends), self.rng.random()
            if luck < away / 2:
                gone.append(start)
            elif luck < away:
                cancelled.append((start, stop))
            elif luck < away + changed:
                taken.append((start, stop))
            else:
                facts.append((minute(start), minute(stop), NAMED, person.id))
            day, number = day + 7 * every * DAY, number + 1
        rule = f"FREQ=WEEKLY;BYDAY={'MO TU WE TH FR SA SU'.split()[weekday]}" + (f";INTERVAL={every}" if every > 1 else "")
        if counted:
            rule += f";COUNT={counted}"
        else:
            self.rota.endless = True
        title = titles.named(self.rng, self.function, person, None, 0)
        self.rota.entries.append(Entry(key, at(first, begins), at(first, ends), title, facts, rule=rule, except_on=tuple(gone)))
        for start, stop in cancelled:
            self.rota.entries.append(Entry(key, start, stop, "Canceled: " + title, [], instead_of=start, sequence=2, status="CANCELLED", noise=True))
        for start, stop in taken:
            other = self.rng.choice([one for one in self.team if one is not person] or [person])
            later = timedelta(minutes=self.rng.choice([0, 0, 0, 30]))
            self.rota.entries.append(Entry(key, start + later, stop + later, titles.named(self.rng, self.function, other, None, 0),
                                           [(minute(start + later), minute(stop + later), NAMED, other.id)], instead_of=start,
                                           sequence=1))

    def turns(self, first, end, begins, ends):
        """Everybody of the team has every n-th day by a daily rule; some of the days are added as dates, some taken out, and from some day
        on one of them starts and ends half an hour later."""
        every = len(self.team)
        for number, person in enumerate(self.team):
            began = first + number * DAY
            days = [day for day in days_between(began, end) if (day - began).days % every == 0]
            if not days:
                continue
            gone = [day for day in days[1:] if self.rng.random() < 0.06]
            extra = [day + DAY for day in days[1:] if self.rng.random() < 0.06]
            until = self.rng.choice(["", f";UNTIL={(days[-1] + DAY):%Y%m%d}", f";UNTIL={days[-1]:%Y%m%d}T235959Z", f";COUNT={len(days)}"])
            self.rota.endless = self.rota.endless or not until
            key, title = f"{self.rota.id}-turn-{number}", titles.named(self.rng, self.function, person, None, 0)
            later = days[len(days) * 2 // 3] if number == 0 and len(days) > 6 and until.startswith(";UNTIL") else None
            facts = []
            for day in sorted({*days, *extra} - set(gone)):
                by = timedelta(minutes=30) if later and day >= later else timedelta()
                if day != later:
                    facts.append((minute(at(day, begins) + by), minute(at(day, ends) + by), NAMED, person.id))
            self.rota.entries.append(Entry(key, at(began, begins), at(began, ends), title, facts, rule=f"FREQ=DAILY;INTERVAL={every}{until}",
                                           except_on=tuple(at(day, begins) for day in gone), also_on=tuple(at(day, begins) for day in extra)))
            if later:
                by = timedelta(minutes=30)
                start, stop = at(later, begins) + by, at(later, ends) + by
                self.rota.entries.append(Entry(key, start, stop, title, [(minute(start), minute(stop), NAMED, person.id)],
                                               instead_of=at(later, begins), onwards=True, sequence=1))

    def noise(self, days):
        """Meetings and holidays between the shifts."""
        for day in days:
            title = self.rng.choice(titles.NOISE)
            if self.rng.random() < 0.5 and "all_day" not in self.rota.reading:
                self.add(at(day, "00:00"), at(day + DAY, "00:00"), title, [], noise=True, all_day=True)
            else:
                self.add(at(day, "10:00"), at(day, "11:00"), title, [], noise=True)

    def line(self, start, end, name):
        self.add(start, end, name, [(minute(start), minute(end), TEAM, name.split(" –")[0])])

    def leave(self, first, last, person, title=None):
        """A whole day or more away, from ${first} up to ${last}."""
        start, end = at(first, "00:00"), at(last, "00:00")
        shapes = ["A/L – {p}", "{p} A/L", "{p} - annual leave", "Study leave: {p}", "Maternity leave: {p}"]
        if self.rota.absences:
            shapes += ["{p}", "{p} - Spain"]
        self.add(start, end, title or self.rng.choice(shapes).format(p=person.name), [(minute(start), minute(end), ABSENCE, person.id)],
                 all_day=True)


def whole_day_hours(day, length, rule):
    """The meaning of an all-day event by a rota's rule: N hours on end from its first day, or some hours of each day."""
    start, hours = at(day, rule["start"]), rule["hours"]
    if hours >= 24:
        return [(minute(start), minute(start + (length - 1) * DAY + hours * HOUR))]
    return [(minute(start + step * DAY), minute(start + step * DAY + hours * HOUR)) for step in range(length)]


def whole_day(moment):
    return minute(at(moment.date(), "00:00")), minute(at(moment.date() + DAY, "00:00"))
