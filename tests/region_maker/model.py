# SPDX-License-Identifier: MIT
"""The parts of a region, and the truth about it. Facts are drawn first; an entry expresses some of them in somebody's calendar."""

from dataclasses import dataclass, field
from datetime import datetime

NEVER, FOREVER = -(1 << 40), 1 << 40

# The statement of a fact about an interval. Facts are tuples (start, end, kind, who): there are hundreds of thousands of them.
NAMED = "named"          # who: a person's id
TEAM = "team"            # who: the name of a staffed line
NOBODY = "nobody"        # this rota supplies nobody, and says so
UNDECIDED = "undecided"  # a person must still decide
ABSENCE = "absence"      # who: a person's id; away everywhere

LEAVE = "A-L"            # a shift code of grids of names by dates that means a day away


@dataclass(slots=True)
class Person:
    id: str
    given: str
    family: str
    organisation: str
    roles: list
    aliases: list = field(default_factory=list)
    phone: str = ""
    forms: tuple = ()   # ways of writing the name that mean nobody else in the region, beside the full name
    works_in: object = None  # the team; None: not known
    shown: str = ""     # as the directory has it, where that is not "Given Family"

    @property
    def name(self):
        return self.shown or f"{self.given} {self.family}".strip()


@dataclass(slots=True)
class Entry:
    """One event or row. Times are London wall clock."""
    key: str
    start: datetime
    end: datetime
    title: str
    facts: list
    all_day: bool = False
    status: str = ""            # TENTATIVE, CANCELLED
    noise: bool = False         # neither noise nor what is cancelled says how far a rota speaks
    rule: str = ""
    except_on: tuple = ()
    also_on: tuple = ()
    onwards: bool = False       # a change of this instance and all after it
    instead_of: datetime = None
    exact: int = 0              # minutes of a DURATION, in place of an end
    duplicate: str = ""         # the UID of another entry that it shares
    sequence: int = 0
    row: tuple = ()             # rosters: (name, shift code, status)
    duty: str = ""              # grids: the hours and the number of its column
    mark: str = ""              # workbooks: strike, fill, comment
    abroad: bool = False        # typed in by somebody whose machine is set to western Europe


@dataclass(slots=True)
class Rota:
    id: str
    service: str
    dialect: str
    title: str
    tier: int = 1
    organisation: str = ""      # of an absence calendar
    reading: dict = field(default_factory=dict)
    entries: list = field(default_factory=list)
    by_url: bool = True
    url: str = ""               # the name it is published by, where that is neither its id nor that of its sheet
    endless: bool = False
    blind: bool = False         # an event without a known time cannot be read: whatever is not covered may be
    trusted_until: int = FOREVER
    unread: bool = False        # was never read
    sheet: object = None        # of a grid: its file
    caldav: bool = False        # its server is asked for a collection
    plan: object = None         # of one that is typed in: the layers of its rotation
    edits: tuple = ()           # and those that hold later: (moment, layers, what is said of the moment)
    editions: list = field(default_factory=list)
    reach: int = NEVER          # how far the last of them speaks

    @property
    def in_cells(self):
        """In a grid, what stands in a cell is a title; in one of names, and in a list, a row has more than a title."""
        return self.sheet is not None and self.sheet.layout != "names_by_dates"

    @property
    def in_rows(self):
        return self.dialect.startswith(("roster", "grid")) and not self.in_cells

    @property
    def form(self):
        """In words."""
        if self.sheet:
            shared = " of several rotas" if len(self.sheet.rotas) > 1 else ""
            return f"{self.sheet.layout} {self.sheet.form}{shared}"
        return {"rotation": "rotation", "roster_xlsx": "list xlsx"}.get(self.dialect) or (
            "list csv" if self.dialect.startswith("roster") else "caldav" if self.caldav else "ics")

    @property
    def published(self):
        """The name of its file or address."""
        return self.url or (self.sheet.name if self.sheet else self.id)

    @property
    def absences(self):
        return bool(self.organisation)

    def facts(self):
        return [fact for entry in self.entries for fact in entry.facts]

    def horizon(self):
        """The end of the last thing it says. ${entries} of an endless rule have the facts of the window alone."""
        if self.editions:
            return self.reach
        if self.endless:
            return FOREVER
        return max((end for entry in self.entries if not entry.noise for _, end, _, _ in entry.facts), default=NEVER)


@dataclass(slots=True)
class Service:
    id: str
    name: str
    function: str
    organisation: str
    places: list                # codes
    phone: str = ""
    fallback: str = ""
    stays: dict = field(default_factory=dict)   # of a place that it serves for some days only: (first day or None, first day not any more)


@dataclass(slots=True)
class Requirement:
    id: str
    place: str
    function: str
    count: int
    hours: list
    team_counts: bool = False
    max_share: int = 0
    tolerance: int = 0
    any_role: bool = False      # everybody who is on counts, not only people who hold the function
    needs: tuple = ()           # of a bundle: its parts (bundles.py)


@dataclass(slots=True)
class Place:
    code: str
    name: str
    kind: str
    parents: list = field(default_factory=list)
    since: object = None        # dates: the first day it is, the first day it no longer is
    until: object = None
    successors: list = field(default_factory=list)
    ladders: list = field(default_factory=list)


@dataclass
class Region:
    seed: str
    size: str
    first: object               # the first day
    days: int
    organisations: dict = field(default_factory=dict)   # code: (name, kind)
    functions: dict = field(default_factory=dict)       # code: name
    places: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    services: dict = field(default_factory=dict)
    rotas: dict = field(default_factory=dict)
    requirements: dict = field(default_factory=dict)
    windows: dict = field(default_factory=dict)         # requirement: more windows (start, end) that it is checked in
    faults: list = field(default_factory=list)
    features: frozenset = frozenset()
    plain: list = field(default_factory=list)           # rotas by address that faults may be done to
