# SPDX-License-Identifier: MIT
"""lint.py RULE FOLDER: one rules of the project over all its files. Prints each breach as file:line: why, and fails if there is one."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

import assurance as proofs
import planted as examples
import wording as said

# The folders that each folder may include (design: data flows one way). A folder may always include itself.
GROUND = {"server/base"}
LOOP = GROUND | {"server/loop"}
EDGES = LOOP | {"server/pg", "server/redis", "server/web", "server/post", "server/sealed", "server/address"}
ROLE = EDGES | {"server/model", "server/rota", "server/map", "server/rows", "server/ical", "server", "calendars"}
ROLES = ("server/api", "server/feeds", "server/reader", "server/passwords", "server/coverage", "server/flags", "server/notify")
MAY_INCLUDE = {
    "server/base": set(),
    "server/model": GROUND,
    "server/ical": GROUND,
    "server/loop": GROUND,
    "server/pg": LOOP,
    "server/redis": LOOP,
    "server/web": LOOP,
    "server/post": LOOP | {"server/web", "server"},
    "server/sealed": LOOP,
    "server/address": GROUND,
    "calendars": GROUND,
    "server/rota": GROUND | {"server/model", "calendars"},
    "server/map": GROUND | {"server/model"},
    "server/rows": GROUND | {"server/model", "server/pg"},
    "clients/cli": LOOP | {"server/web", "server/redis", "server/model", "server/rota", "calendars"},
    "clients/web": GROUND,
    "server/supervisor": GROUND | {"server"},
    **{role: ROLE for role in ROLES},
}

# The folders inside a role or a library that may include each other. A file at its top knows every folder; a folder knows itself, the folders and
# headers that are named here, and SHARED_TOP. A folder of views knows no other, except what is named.
VIEW = {"server/api/ask", "server/api/keep", "server/api/record", "server/api/views", "server/api/views/parts"}
INSIDE = {
    "server/api/keep": set(),
    "server/api/record": set(),
    "server/api/events": {"server/api/ask", "server/api/keep"},
    "server/api/ask": {"server/api/record", "server/api/keep/follow.h"},
    "server/api/views": {"server/api/ask"},
    "server/api/views/parts": {"server/api/ask", "server/api/keep"},
    **{f"server/api/views/{one}": VIEW for one in ("coverage", "elsewhere", "imports", "leave", "messages", "now", "out", "overrides", "people", "protocols", "risks", "rotas", "setup", "sign", "swaps", "where")},
    "server/api/views/typed": VIEW | {"server/api/views/setup"},
    "server/api/views/operations": VIEW | {"server/api/events", "server/api/figures.h"},
    "server/api/views/remarks": VIEW | {"server/api/views/now"},
    "server/api/views/gaps": VIEW | {"server/api/views/coverage"},
    "calendars/roster": {"calendars/titles", "calendars/event.h", "calendars/foreign.h", "calendars/latin1.h", "calendars/asides.h"},
    "calendars/workbook": {"calendars/roster/sheet.h", "calendars/roster/roster_text.h"},
    "calendars/wire": {"calendars/kept.h", "calendars/occurrences.h", "calendars/roster/roster_date.h"},
}
SHARED_TOP = {"server/api/context.h", "server/api/api_sql.h", "server/api/openapi.h", "server/api/practice.h", "server/web/client.h", "server/web/server.h",
              "calendars/reading.h", "calendars/faults.h"}

# A library's headers are included only in the folders that wrap it for their own purpose.
OWNERS = {
    "libpq-fe.h": {"server/pg"},
    "hiredis/": {"server/redis"},
    "event2/": {"server/loop", "server/web"},
    "curl/": {"server/web", "server/post"},
    "zlib.h": {"server/web", "clients/web"},
    "brotli/": {"clients/web"},
    "http_parser.h": {"server/web"},
    "libical/": {"calendars"},
    "unicode/": {"calendars"},
    "csv.h": {"calendars", "clients/cli"},
    "zip.h": {"calendars"},
    "expat.h": {"calendars"},
    "hpdf.h": {"clients/cli"},
    "seccomp.h": {"server/base"},
    "openssl/": {"server/api"},
    "ini.h": {"server"},
}

# The heart is pure: it does no input or output and reads no clock, so that it can be tested, fuzzed and compared without a server.
PURE = ("server/model", "server/map", "server/ical", "calendars")
IMPURE = re.compile(r"(unistd|fcntl|dirent|poll|signal|netdb|time)\.h$|sys/|netinet/|arpa/|server/base/(clock|figures|file|log|pulse|sandbox)\.h$")

# Judgements use the database's clock (server/base/database_clock.h). This machine's own clock may be read where nothing is judged by it.
WALL_CLOCK = re.compile(r"\b(clock_wall|clock_wall_us|clock_gettime|gettimeofday|time)\s*\(|\bwall_us\b")
MAY_READ_WALL_CLOCK = {
    "server/base/clock.c": "reads every clock",
    "server/base/clock.h": "declares them",
    "server/base/log.c": "when a line was logged, on this machine",
    "server/base/stack.c": "when a line was logged, on this machine",
    "server/base/backoff.c": "a number instead of a random one",
    "server/base/database_clock.c": "how far this machine's clock is off",
    "server/api/keep/snapshot_store.c": "the clock that is doubted, and how old a last-good file is while the database was never seen",
    "server/coverage/coverage.c": "at which hour of the night everything is checked again",
    "server/web/server.c": "the Date header of a server that was given no other clock",
}

UNWANTED = {
    r"\b(TODO|FIXME|XXX|HACK)\b": "finish it, or leave it out",
    r"\b(strcpy|sprintf|vsprintf|gets|alloca)\s*\(": "knows no bounds",
}

# Over line ends, and in small letters as our SQL is written. Tests may.
BUILT_SQL = re.compile(r"\b\w*printf\w*\s*\([^;]*?\"\s*(select|insert into|update|delete from)\b[^;]*?%", re.IGNORECASE)

PARAMETERS_MOST = 5


# Made by a program of the sources beside it, and compared with them by a test.
BUILT = "clients/web/built/"


def listed_by_git(top, patterns):
    """The files that git tracks, or would track; None where there is no git, or no checkout of ours."""
    if not (top / ".git").exists():
        return None
    try:
        listed = subprocess.run(["git", "-C", top, "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
                                capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return listed.stdout.split("\n") if listed.returncode == 0 else None


def files(top, *patterns):
    names = listed_by_git(top, patterns)
    if names is not None:
        return sorted(top / name for name in names if name and not name.startswith(BUILT) and (top / name).is_file())
    found = (path for pattern in patterns for path in top.rglob(pattern.rpartition("/")[2]))
    return sorted(path for path in found if path.is_file()
                  and not path.relative_to(top).as_posix().startswith(BUILT)
                  and not any(part == "build" or part.startswith(".run") for part in path.relative_to(top).parts))


def c_files(top):
    return [path for path in files(top, "*.c", "*.h") if path.relative_to(top).parts[0] in ("server", "calendars", "clients", "tests")]


def folder_of(name):
    """The part of the tree that a path belongs to: "server/api/keep/x.h" is of server/api, "server/role.h" of server."""
    parts = Path(name).parts[:-1]
    return "/".join(parts[:1] if parts[0] == "calendars" else parts[:2])


def included(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if found:
            yield number, found[1] == '"', found[2]


def is_made(top, target):
    """The header that the build makes of a role's statements of SQL; the versions of what is linked."""
    if target == "server/base/linked.inc":
        return True
    folder, _, name = target.rpartition("/")
    return name == f"{folder.rpartition('/')[2]}_sql.h" and (top / folder / "sql").is_dir()


def may_inside(name, target):
    """Whether a file may include a header of its own role, library or program."""
    own, other = str(name.parent), str(Path(target).parent)
    return own in (other, folder_of(name)) or {other, target} & set(INSIDE.get(own, ())) or target in SHARED_TOP


def includes(top):
    for path in c_files(top):
        name = path.relative_to(top)
        own = folder_of(name)
        if name.parts[0] == "tests" or own == "server":
            continue
        for number, quoted, target in included(path):
            if quoted and not (top / target).is_file() and not is_made(top, target):
                yield path, number, f'"{target}" is not a path from the top of the repository'
            elif quoted and folder_of(target) == own and not may_inside(name, target):
                yield path, number, f"{name.parent} may not include {target}: see INSIDE in tests/lint/lint.py"
            elif quoted and folder_of(target) != own and folder_of(target) not in MAY_INCLUDE[own]:
                yield path, number, f"{own} may not include {target}: see server/README.md"


def libraries(top):
    for path in c_files(top):
        name = path.relative_to(top)
        if name.parts[0] == "tests":
            continue
        for number, quoted, target in included(path):
            for library, owners in OWNERS.items():
                if not quoted and target.startswith(library) and folder_of(name) not in owners:
                    yield path, number, f"<{target}> is wrapped by {', '.join(owners)}: use that"


def pure(top):
    for path in c_files(top):
        if folder_of(path.relative_to(top)) not in PURE:
            continue
        for number, _, target in included(path):
            if IMPURE.match(target):
                yield path, number, f"{target} is input, output or a clock: the heart is given bytes and `now`"


def wall_clock(top):
    """Roles judge by the database's clock: where this machine's is read is listed above."""
    for path in c_files(top):
        name = path.relative_to(top)
        if name.parts[0] not in ("server", "calendars") or str(name) in MAY_READ_WALL_CLOCK:
            continue
        for number, line in enumerate(code_lines(path), 1):
            if WALL_CLOCK.search(line):
                yield path, number, "reads this machine's clock, which may be wrong: use the database's (server/base/database_clock.h)"
    for name in MAY_READ_WALL_CLOCK:
        if not any(WALL_CLOCK.search(line) for line in code_lines(top / name)):
            yield top / name, 1, "does not read this machine's clock any more: take it out of the list in lint.py"


def code_lines(path):
    """The lines without comments and strings."""
    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(\\.|[^"\\\n])*"', lambda found: "\n" * found[0].count("\n"), path.read_text(), flags=re.S)
    return text.splitlines()


def functions(path):
    """Name, lines and parameters of each function defined in ${path}: a line that is "{" opens its body, one that is "}" ends it."""
    lines = path.read_text().splitlines()
    for start, line in enumerate(lines):
        if line != "{":
            continue
        head = start - 1
        while head > 0 and lines[head][:1] in ("\t", " "):
            head -= 1
        signature = " ".join(lines[head:start])
        found = re.match(r"(\w+)\((.*)\)$", signature)
        if found:
            end = lines.index("}", start)
            parameters = 0 if found[2] == "void" else len(re.sub(r"\([^()]*\)", "", found[2]).split(","))
            yield found[1], start, end - start - 1, parameters


# A function that other files see: what stands before its name is not static. Its body, not its declaration.
EXTERNAL = re.compile(r"^(?!static\b)[A-Za-z_][^\n;{}]*\n(\w+)\([^;{}]*\)\n\{", re.M)


def names(top):
    """A function that other files see has its name for itself: of two in different libraries the linker takes the first that it meets, in silence."""
    first = {}
    for path in c_files(top):
        if path.relative_to(top).parts[0] == "tests" or path.suffix != ".c":
            continue
        text = path.read_text()
        for found in EXTERNAL.finditer(text):
            other = first.setdefault(found[1], path)
            # Each program has its own.
            if other != path and found[1] != "main":
                yield path, text.count("\n", 0, found.start(1)) + 1, f"{found[1]} is a function of {other.relative_to(top)}, too"


def sizes(top):
    """Prints how long things are against the guidance. Breaks nothing: a long function that reads well beats four that do not."""
    ours = [path for path in c_files(top) if path.relative_to(top).parts[0] != "tests"]
    measured = {"lines of a .c file": [], "lines of a header": [], "lines of a function": [], "parameters": [], ".c files in a folder": []}
    folders = {}
    for path in ours:
        name, length = str(path.relative_to(top)), len(path.read_text().splitlines())
        measured["lines of a header" if path.suffix == ".h" else "lines of a .c file"].append((length, name))
        if path.suffix == ".c":
            folders[str(Path(name).parent)] = folders.get(str(Path(name).parent), 0) + 1
            for function, _, lines, parameters in functions(path):
                measured["lines of a function"].append((lines, f"{name}: {function}"))
                measured["parameters"].append((parameters, f"{name}: {function}"))
    measured[".c files in a folder"] = [(count, name) for name, count in folders.items()]
    for what, ask in (("lines of a .c file", 400), ("lines of a header", 120), ("lines of a function", 50), ("parameters", 5), (".c files in a folder", 15)):
        found = sorted(measured[what], reverse=True)
        if not found:
            continue
        print(f"{what}: {len(found)}, median {found[len(found) // 2][0]}, most {found[0][0]}; ask why above {ask}:")
        for size, name in found:
            if size > ask:
                print(f"  {size:5} {name}")
    yield from ()


# Lines of a file. One of tests may have more: its cases do not call each other, and share one set-up, which each part of it would pay for.
LINES_MOST, LINES_OF_TESTS_MOST = 400, 900


def longer(top):
    """tests/lint/lengths.allowed: the files that may have more lines, and how many."""
    path = top / "tests" / "lint" / "lengths.allowed"
    for number, line in enumerate(path.read_text().splitlines() if path.is_file() else [], 1):
        if line and not line.startswith("#"):
            name, count, _ = line.split(maxsplit=2)
            yield name, (number, int(count))


def lengths(top):
    """No source has more than 400 lines, none of tests more than 900, but for those that lengths.allowed names with their reason."""
    allowed = dict(longer(top))
    for path in files(top, "*.c", "*.h", "*.py", "*.js", "*.sh"):
        name, lines = path.relative_to(top), len(path.read_text(errors="replace").splitlines())
        most = LINES_OF_TESTS_MOST if name.parts[0] == "tests" else LINES_MOST
        number, given = allowed.pop(str(name), (0, most))
        if number and lines <= most:
            yield top / "tests/lint/lengths.allowed", number, f"{name} has {lines} lines by now, and wants no row"
        elif lines > given:
            yield path, 0, f"has {lines} lines; at most {given}: divide it by its ideas"
    for name, (number, _) in allowed.items():
        yield top / "tests/lint/lengths.allowed", number, f"there is no {name}"


def named(top):
    """The README of a folder of sources names each of its .c files, so that a reader finds what to open: `x`, `x.c`, `x.h` or `x*.c`."""
    for readme in files(top, "calendars/*README.md", "clients/*README.md", "server/*README.md"):
        text = readme.read_text()
        marked = " ".join(re.findall(r"```.*?```|`[^`\n]*`", text, re.S))
        words = re.findall(r"\w+\*?", marked) + re.findall(r"\b(\w+)\.[ch]\b", text)
        begun = tuple(word[:-1] for word in words if len(word) > 4 and word.endswith("*"))
        for path in files(top, f"{readme.parent.relative_to(top)}/*.c"):
            if path.parent == readme.parent and path.stem not in words and not path.stem.startswith(begun) and readme.parent != top / "server":
                yield readme, 0, f"does not name {path.name}"


def excused(top):
    """tests/lint/parameters.allowed: the functions that may have so many parameters as it says, until they are changed."""
    path = top / "tests" / "lint" / "parameters.allowed"
    for number, line in enumerate(path.read_text().splitlines() if path.is_file() else [], 1):
        if line and not line.startswith("#"):
            name, function, count = line.split()
            yield number, (name, function), int(count)


def parameters(top):
    """No function takes more than five, except those that parameters.allowed names; it names none that takes fewer than it says."""
    allowed = {key: (number, count) for number, key, count in excused(top)}
    for path in c_files(top):
        name = path.relative_to(top)
        if name.parts[0] == "tests" or path.suffix != ".c":
            continue
        for function, start, _, count in functions(path):
            number, most = allowed.pop((str(name), function), (0, PARAMETERS_MOST))
            if count > most:
                yield path, start, f"{function} takes {count} parameters; at most {PARAMETERS_MOST}: a struct for what travels together"
            elif number and count < most:
                yield top / "tests/lint/parameters.allowed", number, f"{function} takes {count} parameters by now, not {most}"
    for (name, function), (number, _) in allowed.items():
        yield top / "tests/lint/parameters.allowed", number, f"{name} has no function {function}"


def included_first(top):
    """The headers before which some file of the programs has nothing but comments: the build compiles them alone."""
    for path in files(top, "*.c"):
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(), flags=re.S)
        found = re.match(r'\s*#\s*include\s*"([^"]+)"', text)
        if found and path.relative_to(top).parts[0] != "tests":
            yield found[1]


def headers(top):
    """Every header compiles alone, and is guarded."""
    built = set(included_first(top))
    flags = subprocess.run(["pkg-config", "--cflags", "libpq", "libical", "libevent_core"], capture_output=True, text=True, check=True)
    for path in files(top, "*.h"):
        name = path.relative_to(top)
        if name.parts[0] == "tests":
            continue
        if "#pragma once" not in path.read_text():
            yield path, 1, "has no #pragma once"
        if str(name) in built:
            continue
        done = subprocess.run(["gcc", "-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", top,
                               *flags.stdout.split(), "-xc", "-"], input=f'#include "{name}"\n', capture_output=True, text=True, check=False)
        if done.returncode != 0:
            yield path, 1, "does not compile alone: " + done.stderr.strip().splitlines()[0]


def layout(top):
    """clang-format has nothing to change."""
    paths = c_files(top)
    done = subprocess.run(["clang-format-14", "--dry-run", "-Werror", *paths], capture_output=True, text=True, check=False)
    for found in re.finditer(r"^([^:\n]+):(\d+):\d+: error: (.*)$", done.stderr, re.M):
        yield Path(found[1]), int(found[2]), "clang-format would lay this out otherwise"
    if done.returncode != 0 and "error:" not in done.stderr:
        yield top, 0, done.stderr


def scripts(top):
    """Shell and Python scripts parse."""
    for path in files(top, "deploy/*", "tests/*", ".ci/*"):
        first = path.read_bytes()[:80]
        if first.startswith((b"#!/usr/bin/env bash", b"#!/bin/sh", b"# shellcheck")):
            done = subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                yield path, 0, done.stderr
        elif path.suffix == ".py" or first.startswith(b"#!/usr/bin/env python3"):
            try:
                compile(path.read_bytes(), str(path), "exec")
            except SyntaxError as fault:
                yield path, fault.lineno, fault.msg


def units(top):
    """Units for systemd are as systemd reads them: by its own program where that is installed, and their form anywhere."""
    found = [path for path in files(top, "deploy/systemd/*") if path.parent == top / "deploy/systemd" and path.suffix not in (".sysusers", ".tmpfiles")]
    for path in found:
        text = path.read_text()
        for number, line in enumerate(text.splitlines(), 1):
            if not re.fullmatch(r"|[#;].*|\[(Unit|Service|Socket|Timer|Install)\]|[A-Z][A-Za-z]+=.*", line):
                yield path, number, "is neither a comment nor a section nor a setting"
        if path.suffix == ".service" and not re.search(r"^ExecStart=/", text, re.M):
            yield path, 0, "starts nothing"
    if not found or not shutil.which("systemd-analyze"):
        return
    with tempfile.TemporaryDirectory() as folder:
        for path in found:
            # The programs are where the units are installed, not where they are checked.
            (Path(folder) / path.name).write_text(re.sub(r"^(Exec\w+=)\S+", r"\1/bin/true", path.read_text(), flags=re.M))
        copies = sorted(Path(folder).iterdir())
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", *copies], capture_output=True, text=True, check=False)
        for line in done.stderr.splitlines():
            # A faulty one is also complained of for the units that it needs, and the machine's own are not ours.
            if line.startswith((folder, *(copy.name for copy in copies))):
                yield top / "deploy/systemd", 0, line.removeprefix(f"{folder}/")


def words(top):
    for path in files(top, "*.c", "*.h", "*.js", "*.sql", "*.sh", "*.py"):
        if path.parent == Path(__file__).resolve().parent:
            continue
        text = path.read_text()
        for number, line in enumerate(text.splitlines(), 1):
            for pattern, why in UNWANTED.items():
                if re.search(pattern, line):
                    yield path, number, why
        if path.suffix in (".c", ".h") and path.relative_to(top).parts[0] != "tests":
            for found in BUILT_SQL.finditer(text):
                yield path, text.count("\n", 0, found.start()) + 1, "SQL takes $n parameters"


def columns(top):
    """A role's SQL is in its sql folder, and C names the columns of its results: no number, no statement in C."""
    number_of_column = re.compile(r"\b(?:pg_get_\w+|pg_is_null)\(\s*\w+,\s*[^,]+,\s*\d+\s*[,)]")
    for path in c_files(top):
        name = path.relative_to(top)
        if name.parts[0] != "server" or not (top / "server" / name.parts[1] / "sql").is_dir():
            continue
        text = path.read_text()
        for found in number_of_column.finditer(text):
            yield path, text.count("\n", 0, found.start()) + 1, "reads a column by its number"
        for found in re.finditer(r"^(?:static )?const struct pg_stmt \w+(?:\[[^]]*\])* = \{", text, re.M):
            yield path, text.count("\n", 0, found.start()) + 1, "holds a statement: it belongs in sql/"


def packages(top):
    """The one list of Debian packages: each line a package, a known tag and a reason, none twice."""
    path, seen = top / "deploy" / "packages", set()
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        found = re.fullmatch(r"([a-z0-9][a-z0-9+.-]+) +(run|build|test|bench|analyse) +(\S.*)", line)
        if not found:
            yield path, number, "is not: package tag why"
        elif found[1] in seen:
            yield path, number, f"{found[1]} is listed twice"
        else:
            seen.add(found[1])


def papers(top):
    """The papers that a stranger expects are there, and the version in CMakeLists.txt has its section in the changelog."""
    for name in ("LICENSE", "SECURITY.md", "HACKING.md", "CHANGELOG.md", ".editorconfig"):
        if not (top / name).is_file():
            yield top / name, 0, "is missing"
    version = re.search(r"project\(crisiscover VERSION ([0-9.]+)", (top / "CMakeLists.txt").read_text())[1]
    if not re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", (top / "CHANGELOG.md").read_text(), re.M):
        yield top / "CHANGELOG.md", 0, f"has no section for version {version}: a heading like ## [{version}] - 2026-11-29"


def uncovered(top):
    """Each line of tests/coverage.left stands in the function that it names, with a reason: one that is gone excuses nothing."""
    path = top / "tests/coverage.left"
    rows = [(number, line) for number, line in enumerate(path.read_text().splitlines(), 1) if line.strip() and not line.startswith("#")]
    for (number, place), (_, code), (_, reason) in zip(rows[::3], rows[1::3], [*rows[2::3], (0, "")]):
        head = place.split()
        if len(head) != 2 or not re.match(r"\t\S", code) or not re.match(r"\t\t\S", reason):
            yield path, number, "wants a file and a function, the line of code below, and the reason below that"
            continue
        source = top / head[0]
        text = source.read_text() if source.is_file() else ""
        body = re.search(rf"^(?:[\w *]+ \*?)?{re.escape(head[1])}\(.*?^}}", text, re.M | re.S)
        if not body or code.strip() not in (line.strip() for line in body[0].splitlines()):
            yield path, number, f"names a line that is not in {head[1]}() of {head[0]}"
    if len(rows) % 3 != 0:
        yield path, rows[-1][0], "has a line too many or too few at its end"


# In `…` and with a slash: a file of the repository, a folder, or a pattern of files.
MENTIONED = re.compile(r"`((?:server|calendars|clients|tests|docs|deploy|migrations)/[\w./*-]+|test_\w+\.(?:c|py))`")


def references(top):
    """Every target of a link, and every file that a page names, exists; every decision has its three headings and its line in the list."""
    names = {path.name for path in files(top, "*.c", "*.py")}
    for path in files(top, "*.md"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for target in re.findall(r"\]\(([^)#:]+)\)", line):
                if not (path.parent / target).exists():
                    yield path, number, f"links to {target}, which does not exist"
            for target in MENTIONED.findall(line):
                if "ROLE" in target or "NNNN" in target:
                    continue
                if target not in names and not any(top.glob(target.rstrip("/"))) and not any(path.parent.glob(target)):
                    yield path, number, f"names {target}, which does not exist"
    listed = (top / "docs/decisions/README.md").read_text()
    for path in files(top, "docs/decisions/0*.md"):
        if re.findall(r"^## (.*)$", path.read_text(), re.M) != ["Context", "Decision", "Consequence"]:
            yield path, 1, "has not the headings Context, Decision, Consequence"
        if f"({path.name})" not in listed:
            yield path, 1, "is not listed in docs/decisions/README.md"


def rows_of(text, heading):
    """The rows of the first table under ${heading}, each as its cells."""
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")][2:]


def words_in(paths):
    return set().union(*(re.findall(r"[a-z][a-z0-9_]*", path.read_text()) for path in paths))


# Where the words that are not used are searched for, besides pages. Folders are added as their comments are cleaned.
PLAIN = ("calendars/", "clients/", "cmake/", "deploy/", "docs/", "migrations/0", "server/", "tests/answer_key/", "tests/benches/", "tests/region_maker/",
         "tests/scenarios/", "tests/simulation/", "tests/support/")


def holding(words, paths):
    """Those of ${paths} in which one of ${words} occurs, perhaps as a part of another word, or in a name ("roster_line"): grep finds them ten times as fast."""
    patterns = (re.escape(word).replace("\\ ", "[ _]") for word in words)
    found = subprocess.run(["grep", "-lZiE", *(f"-e{pattern}" for pattern in patterns), "--", *paths], capture_output=True, check=False)
    if found.returncode > 1:
        raise RuntimeError(found.stderr.decode())
    return [Path(name.decode()) for name in found.stdout.split(b"\0") if name]


def glossary(top):
    """The words of docs/glossary.md occur where it says, and those that are not used do not."""
    page = top / "docs/glossary.md"
    text = page.read_text()
    known = {"C": words_in(files(top, "*.h")), "SQL": words_in(files(top, "*.sql")), "HTTP": words_in([top / "server/openapi.yaml"])}
    for term, _, *cells in rows_of(text, "Our terms"):
        for where, cell in zip(known, cells):
            for word in re.findall(r"`(\w+)`", cell):
                if word not in known[where]:
                    yield page, 0, f"{term}: {word} does not occur in {where}"
    unused = {}
    for cell, instead in rows_of(text, "Words that are not used"):
        for word in re.sub(r"\(.*?\)", "", cell).split(","):
            unused[word.strip()] = instead
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, unused)) + r")\b", re.I)
    looked = files(top, "*.md", "*.in", "*.yaml", "*.c", "*.h", "*.js", "*.html", "*.sql", "*.sh", "*.py", "*.cmake")
    for path in holding(unused, looked):
        if path == page or (path.suffix != ".md" and not str(path.relative_to(top)).startswith(PLAIN)):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            line = re.sub(r"`[^`]*`|\b(?:ahead of|behind) ours\b", "", line)
            if path.suffix != ".md":
                line = re.sub(r"(?<=[a-z0-9])_(?=[a-z0-9])", " ", line)  # the words of names too
            for word in pattern.findall(line):
                yield path, number, f'"{word}" is not used: {unused[word.lower()]}'


# Where somebody reads what we write: pages, messages, help, manual pages, descriptions, the invented region. Not the tests, which hold what others write.
READ = ("*.md", "*.in", "*.yaml", "*.yml", "*.c", "*.h", "*.js", "*.html", "*.sql", "*.json", "*.txt", "deploy/*.py", "deploy/*.sh")


def wording(top):
    """What people read has no word that docs/words.md does not want, and the reading age that it says."""
    paths = [path for path in files(top, *READ) if path.relative_to(top).parts[0] != "tests" and path.name != "package-lock.json"]
    yield from said.breaches(top, paths, rows_of)


# Files that may have marks of docs/assurance.md.
MARKED = ("tests/*.c", "tests/*.py", "tests/*.sh", "tests/*CMakeLists.txt")


def assurance(top):
    """docs/assurance.md is what the marks in the tests make of its rows, each of which has a test."""
    yield from proofs.breaches(top, files(top, *MARKED))


LICENCE = "SPDX-License-Identifier: MIT"
LICENCE_LINE = {".c": "/* {} */", ".h": "/* {} */", ".css": "/* {} */", ".js": "// {}", ".mjs": "// {}", ".sql": "-- {}", ".py": "# {}", ".sh": "# {}", ".cmake": "# {}"}


def licence(top):
    """The first line of a source file, or the second after #!, is its licence."""
    for path in files(top, "*"):
        name = path.relative_to(top)
        form = LICENCE_LINE.get(path.suffix) or ("# {}" if path.name == "CMakeLists.txt" else None)
        if name.parts[:3] == ("tests", "fuzz", "seeds"):
            continue
        begins = path.read_bytes()[:200]
        if form is None and begins.startswith(b"#!") and re.match(rb"#!\S*(?:/| )(?:ba)?sh\b|#!\S*(?:/| )python3", begins):
            form = "# {}"
        lines = begins.decode(errors="replace").split("\n")
        if form and form.format(LICENCE) not in lines[:2]:
            yield path, 1, f"does not begin with its licence: {form.format(LICENCE)}"

def at_pointer(document, pointer):
    """The target of a $ref such as #/components/schemas/Now; None if there is nothing."""
    for key in pointer.removeprefix("#/").split("/"):
        document = document.get(key) if isinstance(document, dict) else None
    return document


def inside(value):
    yield value
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inside(below)


class Once(yaml.SafeLoader):
    """Reads YAML in which no mapping has a key twice: of two, the safe loader takes the last and says nothing."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key, (where, _) in zip(keys, node.value):
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key} is there twice", where.start_mark)
        return super().construct_mapping(node, deep)


def unused_components(document):
    """Components to which no $ref points."""
    used = {value["$ref"] for value in inside(document) if isinstance(value, dict) and isinstance(value.get("$ref"), str)}
    for kind, items in document.get("components", {}).items():
        if kind != "securitySchemes":
            yield from (pointer for pointer in (f"#/components/{kind}/{name}" for name in items) if pointer not in used)


def openapi(top):
    """The description of the API is YAML, every reference in it leads somewhere, every component is used, and a path's parameters are described."""
    path = top / "server/openapi.yaml"
    try:
        document = yaml.load(path.read_text(), Loader=Once)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        yield path, mark.line + 1 if mark else 0, f"is not YAML: {getattr(fault, 'problem', fault)}"
        return
    for value in inside(document):
        if isinstance(value, dict) and isinstance(value.get("$ref"), str) and at_pointer(document, value["$ref"]) is None:
            yield path, 0, f"{value['$ref']} leads nowhere"
        if isinstance(value, dict) and not isinstance(value.get("description", ""), (str, dict)):
            yield path, 0, f"a description is no text: {value['description']}"
    for pointer in unused_components(document):
        yield path, 0, f"{pointer} is used nowhere"
    for route, methods in document["paths"].items():
        for method, call in methods.items():
            given = [at_pointer(document, one["$ref"]) if "$ref" in one else one for one in call.get("parameters", [])]
            missing = set(re.findall(r"\{(\w+)\}", route)) - {one["name"] for one in given if one["in"] == "path"}
            if missing:
                yield path, 0, f"{method} {route} does not describe {', '.join(sorted(missing))}"
            if "summary" not in call or "responses" not in call:
                yield path, 0, f"{method} {route} has no summary or no responses"


def breaches_of(rule, files_of_it):
    """What ${rule} finds in a tree of these files: {path: text}."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder).resolve()
        for name, text in files_of_it.items():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_text(text)
        return list(rule(top))


def unused(top):
    """Rows of the tables above that no file of ours can meet: their names are wrong, or what they were for has gone."""
    paths = {path: path.relative_to(top) for path in c_files(top)}
    targets = {(target, folder_of(name)) for path, name in paths.items() for _, quoted, target in included(path) if not quoted}
    for library, owners in OWNERS.items():
        for owner in owners:
            if not any(target.startswith(library) and folder == owner for target, folder in targets):
                yield f"OWNERS: nothing in {owner} includes <{library}>"
    folders = {folder_of(name) for name in paths.values()}
    named = set(MAY_INCLUDE).union(*MAY_INCLUDE.values(), PURE)
    yield from (f"{folder} is named by a rule, but is no folder" for folder in sorted(named - folders))


def planted(top):
    """Every rule finds the faults planted for it, and nothing where there is none: a rule that can never match is a fault of its own."""
    here = Path(__file__).resolve()
    yield from ((here, 0, why) for why in unused(top))
    for rule in RULES:
        if rule in (sizes, planted):
            continue
        given = examples.of(rule.__name__, MAY_INCLUDE, OWNERS, MAY_READ_WALL_CLOCK)
        if not any(faulty for _, faulty in given):
            yield here, 0, f"nothing is planted for {rule.__name__}"
        for tree, faulty in given:
            if bool(breaches_of(rule, tree)) != faulty:
                yield here, 0, f"{rule.__name__} {'does not find' if faulty else 'complains about'} {tree}"


RULES = (includes, libraries, pure, wall_clock, sizes, lengths, named, parameters, names, headers, layout, scripts, units, words, columns, packages, papers, uncovered, references,
         glossary, wording, openapi, assurance, licence, planted)


def main():
    rule = {one.__name__: one for one in RULES}[sys.argv[1]]
    breaches = list(rule(Path(sys.argv[2]).resolve()))
    for path, number, why in breaches:
        print(f"{path}:{number}: {why}")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
