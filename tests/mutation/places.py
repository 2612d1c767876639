# SPDX-License-Identifier: MIT
"""The places where a fault can be planted, each with its change: one change of one line of C, or of the body of an SQL function that is in force."""

import re
from collections import namedtuple
from pathlib import Path

# Change: a name of the kind of fault; line numbers count from 0.
Place = namedtuple("Place", "path line kind before after")

FOLDERS = {
    "calendars": ["calendars/*.c", "calendars/roster/*.c", "calendars/titles/*.c", "calendars/wire/*.c", "calendars/workbook/*.c"],
    "model": ["server/model/*.c"],
    "map": ["server/map/*.c", "server/api/keep/*.c"],
    "gate": ["server/web/gate/*.c"],
    "crowds": ["server/web/patience.c", "server/web/forwarded.c", "server/api/ask/rates.c", "server/loop/slices.c"],
    "states": ["server/pg/pg_status.c"],
    "rights": ["server/api/ask/rights*.c", "server/api/ask/token.c", "server/api/ask/session.c"],
    "sql": ["migrations/[0-9]*.sql"],
}

# Code on which only wording, memory or the end of the process depends: a change there is no fault that a test could see.
UNSEEN = re.compile(r"\b(log_\w+|assert|static_assert|fatal|fprintf|abort|raise notice|comment on|hash\w*|capacity|reserve|vec_grow|arena_array|arena_alloc|xcalloc|xmalloc)\b")

PAIRS = [("start", "end"), ("from", "until"), ("from", "to"), ("begins", "ends"), ("starts_at", "ends_at"), ("first", "last"), ("min", "max"),
         ("known_from", "known_to"), ("least", "greatest"), ("lower", "upper")]


def swapped(text, code):
    """One bound for the other, where it is a member, a column or a function."""
    for one, other in PAIRS:
        for a, b in ((one, other), (other, one)):
            for found in re.finditer(rf"(?<=[.>]){a}\b(?!\()|\b{a}(?=\()", code):
                yield "swapped bound", text[:found.start()] + b + text[found.end():]


def replaced(kind, pattern, put):
    """A family of changes: what ${pattern} finds in the code becomes ${put}, a text or a function of the match."""
    def changes(text, code):
        for found in re.finditer(pattern, code):
            new = put(found) if callable(put) else put
            if new is not None:
                yield kind, text[:found.start()] + new + text[found.end():]
    return changes


FLIPPED_C = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
FLIPPED_SQL = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "="}


# The answer of a comparison for qsort: only its sign counts, and of two that are equal in everything it says nothing that could be seen.
SIGN = re.compile(r"\? -1 : 1|\(\S+ > \S+\) - \(\S+ < \S+\)")


def flipped_c(found):
    if SIGN.search(found.string):
        return {"<": ">", ">": "<"}.get(found[0])
    return FLIPPED_C[found[0]]


def one_more(found):
    if SIGN.search(found.string):
        return None
    return str(int(found[0]) + 1) if int(found[0]) < 100000 else None


def lost_row(text, code):
    if re.fullmatch(r"\s+\{.*\},", code.rstrip()) or re.fullmatch(r"\s+\[\w+\] = .*,", code.rstrip()):
        yield "lost row", "\n"


def lost_condition_sql(text, code):
    if re.match(r"\s*and\b", code) and code.count("(") == code.count(")") and not code.rstrip().endswith(("and", "or", "=")):
        yield "dropped condition", text[:len(text) - len(text.lstrip())] + ("" if not code.rstrip().endswith(";") else ";") + "\n"


C_FAMILIES = [
    replaced("flipped comparison", r"(?<= )(<=|>=|==|!=|<|>)(?= )", flipped_c),
    replaced("dropped condition", r"(?<=if \()(?=.*\) ?\{?$)", "0 && "),
    replaced("dropped condition", r"(?<= )&&(?= )", "||"),
    replaced("dropped condition", r"(?<= )\|\|(?= )", "&&"),
    replaced("dropped condition", r"(?<=[( ])!(?=[a-z(])", ""),
    replaced("off by one", r"(?<= )[+-] 1\b(?![0-9.])", "+ 0"),
    replaced("off by one", r"(?<=[ (\[])[1-9][0-9]*(?=[,;)\] ])", one_more),
    replaced("other answer", r"(?<=return )(true|false)(?=;)", lambda found: {"true": "false", "false": "true"}[found[0]]),
    swapped,
    lost_row,
]
SQL_FAMILIES = [
    replaced("flipped comparison", r"(?<= )(<=|>=|<>|<|>|=)(?= )", lambda found: FLIPPED_SQL[found[0]]),
    replaced("flipped comparison", r"\bis (not )?null\b", lambda found: "is null" if found[1] else "is not null"),
    replaced("dropped lock", r" for (no key )?(update|share)\b", ""),
    replaced("dropped lock", r"perform pg_advisory_\w+\(.*\);", "null;"),
    replaced("dropped condition", r"(?<=if )(?=.* then)", "false and "),
    replaced("dropped condition", r"(?<= )not (?=[a-z(])", ""),
    replaced("off by one", r"(?<=[ (])[1-9][0-9]*(?=[,;) ])", one_more),
    swapped,
    lost_condition_sql,
]


def masked(text, sql):
    """The same length, with comments and strings blanked: what is left is code."""
    pattern = r"--[^\n]*|'(?:[^']|'')*'" if sql else r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", "_" if found[0][0] in "\"'" else " ", found[0]), text, flags=re.S)


def bodies_in_force(top):
    """Each SQL function's newest body: {path: [(first line, last line, name)]}."""
    newest = {}
    for path in sorted((top / "migrations").glob("[0-9]*.sql")):
        text = path.read_text()
        for found in re.finditer(r"^create (?:or replace )?(?:function|procedure) (?:crisiscover\.)?(\w+)\s*\(", text, re.M | re.I):
            body = re.compile(r"(\$\w*\$).*?\1", re.S).search(text, found.end())
            if body:
                lines = text.count("\n", 0, body.start()), text.count("\n", 0, body.end())
                newest[found[1]] = (path, *lines)
    held = {}
    for name, (path, first, last) in newest.items():
        held.setdefault(path, []).append((first, last, name))
    return held


def places_in(top, path, wanted=lambda number: True):
    sql = path.suffix == ".sql"
    text = path.read_text()
    lines, codes = text.splitlines(True), masked(text, sql).splitlines(True)
    for number, (line, code) in enumerate(zip(lines, codes)):
        if not wanted(number) or code.startswith("#include") or UNSEEN.search(code):
            continue
        for family in SQL_FAMILIES if sql else C_FAMILIES:
            for kind, after in family(line, code):
                if after != line:
                    yield Place(str(path.relative_to(top)), number, kind, line, after)


def places(top, folder):
    """Every fault that can be planted in ${folder}, in a fixed order."""
    held = bodies_in_force(top) if folder == "sql" else None
    for pattern in FOLDERS[folder]:
        for path in sorted(top.glob(pattern)):
            if held is None:
                yield from places_in(top, path)
            elif path in held:
                yield from places_in(top, path, lambda number, path=path: any(first <= number <= last for first, last, _ in held[path]))


def function_at(top, place):
    """The SQL function that ${place} is in."""
    return next(name for first, last, name in bodies_in_force(top)[top / place.path] if first <= place.line <= last)


def function_in_c(lines, number):
    """The C function whose body line ${number} is in, or the file's last one above it: names of functions begin their lines."""
    for line in reversed(lines[:number + 1]):
        found = re.match(r"(\w+)\(", line)
        if found:
            return found[1]
    return "-"


def named(top, place):
    """The function that ${place} is in, of SQL or of C."""
    if place.path.endswith(".sql"):
        return function_at(top, place)
    return function_in_c((top / place.path).read_text().splitlines(), place.line)


def key(top, place):
    return place.path, named(top, place), place.before.strip(), place.after.strip()


EQUIVALENT = Path(__file__).resolve().parent / "equivalent.txt"


def equivalent():
    """The changes known to change nothing that anybody could see: {(file, function, before, after): why}."""
    known = {}
    text = "\n".join(line for line in EQUIVALENT.read_text().splitlines() if not line.startswith("#"))
    for number, entry in enumerate(filter(None, text.strip().split("\n\n")), 1):
        found = re.fullmatch(r"(\S+): (\S+)\n    - (.*)\n    \+ ?(.*)\n  (\S.*)", entry.strip("\n"))
        if not found:
            raise ValueError(f"{EQUIVALENT.name}: entry {number} is not FILE: FUNCTION, - BEFORE, + AFTER, and why: {entry[:80]}")
        known[found[1], found[2], found[3], found[4]] = found[5]
    return known
