# SPDX-License-Identifier: MIT
"""Titles as people type them in a hurry, for a shift that is known: each has one right reading (domain 3.5)."""

from .names import UNKNOWN

PLACEHOLDERS = ["TBC", "Locum", "Cover", "ditto", "???", "As per Friday", "Agency booked – name to follow", "Bank Staff 1", ".", "",
                "AMHP tbc", "Agency AMHP booked – name to follow", *UNKNOWN]
DOUBTS = ["{p} TBC", "{p}?", "{label}: {p} (provisional)", "{p} pencilled in", "{p} if needed", "Tentative: {p}", "{p} - awaiting confirmation"]
EMPTY = ["NO COVER", "*** VACANT ***", "VACANT", "Vacant – out to agency", "UNFILLED (Bank) RMN B6", "Not covered", "Nobody", "No cover"]
NOISE = ["Bank Holiday", "AMHP team meeting", "Rota due!", "Team meeting", "Easter Monday", "Supervision"]
HIDDEN = ["Busy", "Private Appointment"]
PLAIN = ["{label}: {p}", "{label} – {p}", "{p}", "{p} ({label})", "{label} - {p}"]
MEDICAL = ["{label}: Dr {p}", "Dr {p} ({label})", "{label} – Dr {p}"]
TWISTS = ["{label}: {p} (swap w/ {q})", "{label}: {q} → {p}", "{q} -> {p}", "{p} instead of {q}", "{p} covering for {q}", "{label}: {p} (vice {q})",
          "Shadowing: {q} with {p}", "{p} + student {q}", "{p} ({q} supernumerary)", "Agency: {p} confirmed", "{label}: {p} 07700 900{n:03d}",
          "{p} 👍", "{label}: {p} OK", "{q} covered by {p}", "{label}:\u00a0{p}", "Locum – Dr {p} (Holt Medical)"]
LABELS = {"amhp": ["AMHP", "AMHP duty", "Duty AMHP"], "edt": ["EDT"], "liaison": ["Liaison"], "liaison_consultant": ["Liaison consultant"],
          "crht": ["CRHT"], "resident_doctor": ["1st on call", "1st oncall", "Resident on call"], "higher_trainee": ["2nd on call", "SpR"],
          "consultant": ["3rd on call", "Consultant on call"], "s12_doctor": ["s12 doctor", "Section 12"], "hbpos": ["136 suite"],
          "camhs_crisis": ["CYP crisis"], "camhs_consultant": ["CAMHS consultant"], "manager": ["Manager on call", "Silver on call"],
          "director": ["Gold on call"], "mh111": ["111"], "crisis_cafe": ["Crisis team"], "street_triage": ["Street triage"]}
DOCTORS = {"resident_doctor", "higher_trainee", "consultant", "s12_doctor", "camhs_consultant", "liaison_consultant"}


def label_of(rng, function):
    return rng.choice(LABELS.get(function, ["Duty"]))


def spelt(rng, person, alone=0.4):
    """The full name, a shorter form or an alias that means nobody else."""
    forms = [*person.forms, *person.aliases]
    return rng.choice(forms) if forms and rng.random() < alone else person.name


def named(rng, function, person, other, twisted):
    """A title that puts ${person} on, and nobody else."""
    title = spelt(rng, person)
    if other is not None and other is not person and rng.random() < twisted:
        shape = rng.choice(TWISTS)
        if "Dr {p}" in shape or "{p} + student" in shape:
            title = person.name
        return shape.format(label=label_of(rng, function), p=title, q=other.name, n=rng.randrange(1000))
    plain = title == person.name and function in DOCTORS and rng.random() < 0.5
    return rng.choice(MEDICAL if plain else PLAIN).format(label=label_of(rng, function), p=title)


def full_width(title):
    """As some keyboards write."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in title)


def disguised(rng, title, often=0.05):
    """The same title in other letters, which mean no other thing. An agency is known for a name by its capitals alone, so it keeps them."""
    if rng.random() >= often or "Holt" in title:
        return title
    return rng.choice([str.upper, str.lower, full_width, lambda text: text.replace(" ", "\u00a0"), lambda text: "\u200e" + text,
                       lambda text: text.replace(" ", "  "), lambda text: "\u200b".join(text.split("\u200b")) + "\u200b",
                       lambda text: text.replace("-", "–")])(title)


def two(rng, function, one, other):
    return rng.choice(["{p} / {q}", "{p} and {q}", "{label}: {p}, {q}", "{label}: {p} & {q}"]).format(
        label=label_of(rng, function), p=one.name, q=other.name)


def clock(rng, moment):
    return moment.strftime(rng.choice(["%H:%M", "%H.%M"]))


def split(rng, one, other, start, middle, end):
    """ "X 17:00–21:00, Y 21:00–09:00" """
    mark, between = rng.choice(["–", "-", " to "]), rng.choice([", ", "; ", " / "])
    times = clock(rng, start), clock(rng, middle), clock(rng, end)
    return f"{one.name} {times[0]}{mark}{times[1]}{between}{other.name} {times[1]}{mark}{times[2]}"


def until(rng, one, middle):
    return f"{one.name} until {clock(rng, middle)} then NO COVER"


def doubtful(rng, function, person):
    return rng.choice(DOUBTS).format(label=label_of(rng, function), p=person.name)
