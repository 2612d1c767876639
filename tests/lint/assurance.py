# SPDX-License-Identifier: MIT
"""docs/assurance.md: faults, attacks and hazards (tests/assurance.yaml), each with the tests that say of themselves that they hold it."""

import ast
import re
from collections import namedtuple
from pathlib import Path

import yaml

ROWS, PAGE = "tests/assurance.yaml", "docs/assurance.md"
PARTS = {"long": "tests/run long", "fault": "tests/run faults", "security": "tests/run security"}

# ${rows}: the ids that it holds; ${name}: of its function; ${part}: the part of tests/run that has it, None for every run.
Test = namedtuple("Test", "rows path line name part")

MARK = re.compile(r"^\s*(?:/\* holds: (?P<c>[\w. ]+) \*/|# holds: (?P<hash>[\w. ]+))$")
C_TEST = re.compile(r"^(\w+)\(void \*\*\w*\)$")
CMAKE_TEST = re.compile(r"^\s*add_test\(NAME (\w+)")
PYTHON_TEST = re.compile(r"^\s*def (\w+)\(")
SHELL_TEST = re.compile(r"^(\w+)\(\) *\{")


class Fault(Exception):
    """Something that makes no page: where and why."""

    def __init__(self, path, line, why):
        super().__init__(why)
        self.where = (path, line, why)


def commented(path, lines):
    """Tests with a comment above them: in C "static void" and the name, in CMake add_test, in Python a def, in shell a function."""
    form = {".c": C_TEST, ".txt": CMAKE_TEST, ".py": PYTHON_TEST}.get(path.suffix, SHELL_TEST)
    for number, line in enumerate(lines, 1):
        mark = MARK.match(line)
        if not mark:
            continue
        below = next((found for found in map(form.match, lines[number:number + 4]) if found), None)
        if below is None:
            raise Fault(path, number, "a mark stands above the test that it is of")
        if form is C_TEST and not re.search(rf"\b(?:cmocka_unit_test\w*|[A-Z_]+)\(\s*{below[1]}\b", "\n".join(lines)):
            raise Fault(path, number, f"{below[1]} is not run")
        yield Test((mark["c"] or mark["hash"]).split(), path, number, below[1], None)


def marks_of(function):
    """The marks of pytest on a function: [(name, arguments)]."""
    for one in function.decorator_list:
        call = one if isinstance(one, ast.Call) else ast.Call(func=one, args=[], keywords=[])
        if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Attribute) and call.func.value.attr == "mark":
            yield call.func.attr, [argument.value for argument in call.args if isinstance(argument, ast.Constant)]


def decorated(path, text):
    if "mark.holds(" not in text:
        return
    for function in ast.walk(ast.parse(text, str(path))):
        if isinstance(function, ast.FunctionDef):
            marks = list(marks_of(function))
            rows = [row for name, arguments in marks if name == "holds" for row in arguments]
            if rows:
                part = next((PARTS[name] for name, _ in marks if name in PARTS), None)
                yield Test(rows, path, function.lineno, function.name, part)


def tests_of(top, paths):
    for path in paths:
        if path.relative_to(top).parts[:2] == ("tests", "lint") and path.name in ("assurance.py", "planted.py"):
            continue  # their examples are no marks
        text = path.read_text(errors="replace")
        if "holds" not in text:
            continue
        if path.suffix == ".py":
            yield from decorated(path, text)
        yield from commented(path, text.splitlines())


def leaves(rows):
    """The ids that want a test: of a hazard those of its controls."""
    for kind in ("faults", "attacks"):
        yield from rows[kind]
    for hazard in rows["hazards"].values():
        yield from hazard["controls"]


def held_by(top, paths, rows):
    """{id: [Test]}. Every mark names an id that there is, every id has a test."""
    found = {id: [] for id in leaves(rows)}
    for test in tests_of(top, paths):
        for id in test.rows:
            if id not in found:
                raise Fault(test.path, test.line, f"{test.name} holds {id}, which {ROWS} does not have")
            found[id].append(test)
    for id, tests in found.items():
        if not tests:
            raise Fault(top / ROWS, 0, f"no test holds {id}")
    return found


def in_words(name):
    """test_d01_with_the_database_stopped: d01 with the database stopped."""
    return name.removeprefix("test_").replace("_", " ")


def listed(top, tests):
    lines = []
    for test in sorted(tests, key=lambda test: (str(test.path), test.name)):
        when = f" (`{test.part}`)" if test.part else ""
        lines.append(f"[{in_words(test.name)}](../{test.path.relative_to(top)}){when}")
    return "<br>".join(lines)


def table(heads, rows):
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    return "\n".join(lines + [f"| {' | '.join(cells)} |" for cells in rows]) + "\n"


HEAD = """# Assurance

Which faults, attacks and hazards are known, what happens then, and the tests that hold it. `tests/assurance` makes this page of `tests/assurance.yaml`
and of the marks in the tests; lint checks that it is what they make, that every row has a test, and that no mark names a row that there is not. A test
without a part after it is in every run of `tests/run`. A figure is what the tests insist on; what was measured beside it was on 30 November 2026 by
`tests/run faults`, on two busy processors and with sanitizers.
"""


def page(top, rows, found):
    text = HEAD
    for kind, head in (("faults", "fault"), ("attacks", "attack")):
        if rows[kind]:
            text += f"\n## {kind.capitalize()}\n\n"
            text += table(["", head, "what happens", "figure", "tests"],
                          [[id, row[head], row["happens"], row["figure"], listed(top, found[id])] for id, row in rows[kind].items()])
    text += "\n## Hazards\n\nWhat could harm a patient or a colleague, and the controls against it.\n"
    for id, hazard in rows["hazards"].items():
        text += f"\n### {id}: {hazard['hazard']}\n\nCauses: {hazard['causes']}.\n\n"
        text += table(["", "control", "tests"], [[one, words, listed(top, found[one])] for one, words in hazard["controls"].items()])
    return text


def read_rows(top):
    rows = yaml.safe_load((top / ROWS).read_text())
    for kind, form in (("faults", r"F\d+"), ("attacks", r"A\d+"), ("hazards", r"H\d\d")):
        for id, row in rows[kind].items():
            wanted = {"hazard", "causes", "controls"} if kind == "hazards" else {kind[:-1], "happens", "figure"}
            if not re.fullmatch(form, id) or set(row) != wanted:
                raise Fault(top / ROWS, 0, f"{id} of {kind} has not the form {form} with {', '.join(sorted(wanted))}")
            for one in row.get("controls", ()):
                if not re.fullmatch(rf"{id}\.\d", one):
                    raise Fault(top / ROWS, 0, f"{one} is no control of {id}")
    return rows


def made(top, paths):
    """The page. Fault: there is none."""
    rows = read_rows(top)
    return page(top, rows, held_by(top, [path for path in paths if path.relative_to(top).parts[0] == "tests"], rows))


def breaches(top, paths):
    """What is wrong with the marks, the rows or the page, as the rules of lint say it."""
    try:
        text = made(top, paths)
    except Fault as fault:
        yield fault.where
        return
    committed = top / PAGE
    if not committed.is_file() or committed.read_text() != text:
        yield committed, 0, "is not what tests/assurance makes: run it"
