# SPDX-License-Identifier: MIT
"""Small trees of files, each with one fault that a rule of lint.py must find, and some without that it must leave alone."""

import shutil
import tempfile
from pathlib import Path

import assurance

LAID_OUT = "int one(void);\n\nint\none(void)\n{\n\treturn 1;\n}\n"
SIX_ON_THREE_LINES = "static void\nmany(int first,\n    int second, void (*third)(int a, int b), int fourth,\n    int fifth, int sixth)\n{\n}\n"
FIVE = "static void\nfew(int first, int second,\n    void (*third)(int a, int b), int fourth, int fifth)\n{\n}\n"
STYLE = {".clang-format": "BasedOnStyle: LLVM\nIndentWidth: 8\n"}


def of_includes(may_include, *_):
    """Every folder includes one that it may not; every row that allows something is allowed it."""
    folders = set(may_include)
    for folder, allowed in may_include.items():
        if folder == "server":
            continue
        for other in sorted(folders - allowed - {folder}):
            yield {f"{folder}/a.c": f'#include "{other}/b.h"\n', f"{other}/b.h": ""}, True
        for other in sorted(allowed - {"server"}):
            yield {f"{folder}/a.c": f'#include "{other}/b.h"\n', f"{other}/b.h": ""}, False
    yield {"server/api/a.c": '#include "b.h"\n', "server/api/b.h": ""}, True
    for own, other, faulty in (("server/api/ask", "server/api/views/parts", True), ("server/api/views/now", "server/api/views/setup", True),
                               ("server/api/keep", "server/api/ask", True), ("server/api/ask", "server/api", True),
                               ("server/api/views/now", "server/api/views/parts", False), ("server/api", "server/api/keep", False)):
        yield {f"{own}/a.c": f'#include "{other}/b.h"\n', f"{other}/b.h": ""}, faulty


def of_libraries(may_include, owners, _):
    for library, folders in owners.items():
        header = library + "x.h" if library.endswith("/") else library
        for folder in sorted(set(may_include) | {"server"}):
            yield {f"{folder}/a.c": f"#include <{header}>\n"}, folder not in folders


def of_pure(*_):
    for folder in ("server/model", "calendars", "calendars/titles"):
        for header in ("unistd.h", "fcntl.h", "dirent.h", "poll.h", "signal.h", "netdb.h", "time.h", "sys/time.h", "netinet/in.h", "arpa/inet.h"):
            yield {f"{folder}/a.c": f"#include <{header}>\n"}, True
        for header in ("clock", "file", "log", "sandbox"):
            yield {f"{folder}/a.h": f'#include "server/base/{header}.h"\n', f"server/base/{header}.h": ""}, True
    yield {"server/api/a.c": "#include <time.h>\n", "server/model/a.c": "#include <string.h>\n"}, False


def of_lengths(*_):
    allowed = "tests/lint/lengths.allowed"
    for name, most in (("server/api/a.c", 400), ("calendars/a.h", 400), ("clients/web/a.js", 400), ("deploy/a.sh", 400), ("tests/unit/a.c", 900), ("tests/a.py", 900)):
        yield {name: "\n" * most}, False
        yield {name: "\n" * (most + 1)}, True
    yield {"server/api/a.c": "\n" * 450, allowed: "server/api/a.c 450 one table\n"}, False
    yield {"server/api/a.c": "\n" * 451, allowed: "server/api/a.c 450 one table\n"}, True
    yield {"server/api/a.c": "\n" * 400, allowed: "server/api/a.c 450 one table\n"}, True
    yield {allowed: "server/api/a.c 450 one table\n"}, True


def of_named(*_):
    for folder in ("server/api", "calendars", "calendars/titles", "clients/cli"):
        for words in ("one idea", "`only`", "`one_more`", "one* is"):
            yield {f"{folder}/README.md": words + "\n", f"{folder}/one.c": ""}, True
        for words in ("`one`", "see one.c", "`one.h`", "| `two`, `one` |"):
            yield {f"{folder}/README.md": words + "\n", f"{folder}/one.c": ""}, False
    yield {"server/api/README.md": "`first*.c`\n", "server/api/first_one.c": "", "server/api/keep/two.c": ""}, False
    yield {"server/api/one.c": ""}, False


def of_parameters(*_):
    allowed = "tests/lint/parameters.allowed"
    yield {"server/api/a.c": SIX_ON_THREE_LINES}, True
    yield {"server/api/a.c": SIX_ON_THREE_LINES.replace(",\n    ", ", ")}, True
    yield {"server/api/a.c": FIVE}, False
    yield {"server/api/a.c": SIX_ON_THREE_LINES, allowed: "server/api/a.c many 6\n"}, False
    yield {"server/api/a.c": SIX_ON_THREE_LINES, allowed: "server/api/a.c many 7\n"}, True
    yield {"server/api/a.c": FIVE, allowed: "server/api/a.c few 6\n"}, True
    yield {"server/api/a.c": FIVE, allowed: "server/api/a.c gone 6\n"}, True


def of_names(*_):
    one = "bool\nzone_known(const char *zone)\n{\n\treturn *zone;\n}\n"
    yield {"server/api/a.c": one, "server/model/b.c": one}, True
    yield {"server/model/a.c": one, "server/model/b.c": one}, True
    yield {"server/api/a.c": one, "calendars/titles/b.c": one.replace("bool", "enum zone *")}, True
    yield {"server/api/a.c": one, "server/model/b.c": one.replace("(const char *zone)", "(const char *zone,\n    bool (*is)(int a, int b))")}, True
    yield {"server/api/a.c": one, "server/model/b.c": "static " + one}, False
    yield {"server/api/a.c": one, "server/model/b.c": one.replace("zone_known", "zone_known_here")}, False
    yield {"server/api/a.c": one, "server/model/b.c": "bool\nzone_known(const char *zone);\n"}, False
    yield {"server/api/a.c": one, "tests/fakes/b.c": one}, False
    yield {"server/main.c": one.replace("zone_known", "main"), "clients/cli/main.c": one.replace("zone_known", "main")}, False


def of_headers(*_):
    yield {"server/base/a.h": "int one(void);\n"}, True
    yield {"server/base/a.h": "#pragma once\nsize_t one(void);\n"}, True
    yield {"server/base/a.h": "#pragma once\nint one(void);\n"}, False
    incomplete = {"server/base/a.h": "#pragma once\nsize_t one(void);\n"}
    for before in ("#include <stddef.h>\n", "typedef unsigned long size_t;\n", "#define size_t long\n"):
        yield {**incomplete, "server/base/a.c": before + '#include "server/base/a.h"\n'}, True
    yield {**incomplete, "tests/a.c": '/* words */\n#include "server/base/a.h"\n'}, True
    # What a file of the programs includes first is left to the build.
    yield {**incomplete, "server/base/a.c": '/* words */\n#include "server/base/a.h"\n'}, False


def of_layout(*_):
    yield {**STYLE, "server/base/a.c": "int  one( void ) ;\n"}, True
    yield {**STYLE, "server/base/a.c": "int one(void);\n"}, False


def of_scripts(*_):
    yield {"tests/a": "#!/usr/bin/env bash\nif true; then\n"}, True
    yield {"deploy/a.sh": "# shellcheck shell=bash\nfi\n"}, True
    yield {"tests/a.py": "def one(:\n"}, True
    yield {"tests/a": "#!/usr/bin/env python3\nx = = 1\n"}, True
    yield {"tests/a": "#!/usr/bin/env bash\ntrue\n", "tests/a.py": "x = 1\n"}, False


def of_units(*_):
    unit = "[Unit]\nDescription=A\n\n[Service]\nExecStart=/usr/bin/a --serve\n"
    yield {"deploy/systemd/a.service": unit}, False
    yield {"deploy/systemd/a.service": unit.replace("ExecStart", "ExecReload")}, True
    yield {"deploy/systemd/a.service": unit + "Restart always\n"}, True
    if shutil.which("systemd-analyze"):
        yield {"deploy/systemd/a.service": unit + "Restart=alway\n"}, True
        yield {"deploy/systemd/a.service": unit + "SystemCallFilter=@no-such-group\n"}, True


def of_words(*_):
    for mark in ("TODO", "FIXME", "XXX", "HACK"):
        yield {"server/api/a.c": f"/* {mark}: later */\n"}, True
        yield {"migrations/0001_a.sql": f"-- {mark}\n"}, True
    for call in ("strcpy(a, b)", "sprintf(a, b)", "vsprintf(a, b, c)", "gets(a)", "alloca(9)"):
        yield {"clients/cli/a.c": f"\t{call};\n"}, True
    for begin in ("select a from b where c", "insert into a values", "update a set b", "delete from a where b"):
        yield {"server/api/a.c": f'\tsnprintf(sql, sizeof sql,\n\t    "{begin} = \'%s\'", name);\n'}, True
        yield {"server/api/a.c": f'\tbuf_printf(sql, "{begin.upper()} = %s", name);\n'}, True
        yield {"server/api/a.c": f'\tstatic const char sql[] = "{begin} = $1";\n'}, False
    yield {"server/api/a.c": '\tsnprintf(a, sizeof a, "%s", b);\n'}, False


def of_packages(*_):
    yield {"deploy/packages": "gcc  build  compiler\ngcc  build  compiler\n"}, True
    yield {"deploy/packages": "gcc  compiler\n"}, True
    yield {"deploy/packages": "gcc  never  compiler\n"}, True
    yield {"deploy/packages": "# why\n\ngcc  build  compiler\n"}, False


def of_wall_clock(_, __, clocks):
    listed = {name: "\tint64_t now = clock_wall();\n" for name in clocks}
    yield listed, False
    for call in ("clock_wall()", "clock_wall_us()", "clock_gettime(CLOCK_REALTIME, &now)", "gettimeofday(&now, NULL)", "time(NULL)"):
        yield {**listed, "server/api/a.c": f"\tnow = {call};\n"}, True
        yield {**listed, "server/api/a.c": f"\t/* {call} */\n"}, False
    for name in clocks:
        yield {**listed, name: "int one(void);\n"}, True


def of_columns(*_):
    held = {"server/feeds/sql/a.sql": "select 1\n"}
    yield {**held, "server/feeds/a.c": "\tid = pg_get_text(rows, 0, 3);\n"}, True
    yield {**held, "server/feeds/a.c": "\tif (pg_is_null(rows, i,\n\t    3))\n"}, True
    yield {**held, "server/feeds/a.c": "static const struct pg_stmt ask = {\n"}, True
    yield {**held, "server/feeds/a.c": "\tid = pg_get_text(rows, 0, FEEDS_A_ID);\n"}, False


PAPERS = {name: "" for name in ("LICENSE", "SECURITY.md", "HACKING.md", ".editorconfig")}
PAPERS.update({"CHANGELOG.md": "# Changes\n\n## [1.2.3] - 2026-11-29\n", "CMakeLists.txt": "project(crisiscover VERSION 1.2.3 LANGUAGES C)\n"})


def of_papers(*_):
    yield PAPERS, False
    yield {**PAPERS, "CMakeLists.txt": "project(crisiscover VERSION 1.2.4 LANGUAGES C)\n"}, True
    for name in PAPERS:
        if name not in ("CMakeLists.txt", "CHANGELOG.md"):
            yield {other: text for other, text in PAPERS.items() if other != name}, True


DECISIONS = {"docs/decisions/README.md": "(0001-a.md)\n", "docs/decisions/0001-a.md": "# A\n\n## Context\n\n## Decision\n\n## Consequence\n"}


def of_uncovered(*_):
    source = {"server/a.c": "static bool is(int x)\n{\n\tint at = 0;\n\n\treturn x > at;\n}\n\nint\nother(void)\n{\n\treturn 1;\n}\n"}

    def left(text):
        return {**source, "tests/coverage.left": "# why\n\n" + text}
    entry = "server/a.c {}\n\t{}\n\t\tA reason.\n"
    yield left(""), False
    yield left(entry.format("is", "return x > at;") + "\n" + entry.format("other", "return 1;")), False
    yield left(entry.format("is", "return x >= at;")), True
    yield left(entry.format("other", "return x > at;")), True
    yield left(entry.format("gone", "return 1;")), True
    yield left(entry.format("is", "return x > at;").replace("/a.c", "/gone.c")), True
    yield left("server/a.c is\n\treturn x > at;\n"), True
    yield left(entry.format("is", "return x > at;") + "server/a.c is\n"), True
    yield left("server/a.c is\n\t\tA reason.\n\treturn x > at;\n"), True


def of_references(*_):
    yield DECISIONS, False
    yield {**DECISIONS, "docs/decisions/README.md": "\n"}, True
    yield {**DECISIONS, "docs/decisions/0001-a.md": "# A\n\n## Context\n"}, True
    yield {**DECISIONS, "a.md": "[there](gone.md)\n"}, True
    yield {**DECISIONS, "a.md": "See `server/gone.c`.\n"}, True
    yield {**DECISIONS, "a.md": "See `test_gone.py`.\n"}, True
    yield {**DECISIONS, "a.md": "[there](docs/decisions/README.md), `docs/decisions/0001-a.md`\n"}, False


GLOSSARY = """# Glossary

## Our terms

| term | means | C | SQL | HTTP |
|---|---|---|---|---|
| shift | when | `shift` | `shift` | `shifts` |

## Words that are not used

| word | instead |
|---|---|
| roster line | shift |
"""
SPOKEN = {"docs/glossary.md": GLOSSARY, "server/a.h": "struct shift;\n", "migrations/0001_a.sql": "shift\n", "server/openapi.yaml": "shifts: 1\n",
          "clients/cli/commands.c": "", "server/config.c": "", "server/main.c": ""}


def of_glossary(*_):
    yield SPOKEN, False
    yield {**SPOKEN, "README.md": "A roster line begins.\n"}, True
    yield {**SPOKEN, "migrations/0002_b.sql": "-- A roster line begins.\n"}, True
    yield {**SPOKEN, "tests/simulation/a.c": "/* A roster line begins. */\n"}, True
    yield {**SPOKEN, "server/a.c": "static int is_roster_line;\n"}, True
    yield {**SPOKEN, "server/a.h": "struct duty;\n"}, True
    yield {**SPOKEN, "migrations/0001_a.sql": "duty\n"}, True
    yield {**SPOKEN, "server/openapi.yaml": "duties: 1\n"}, True


WORDS_PAGE = """# Words

## Words about people

| not | but | why |
|---|---|---|
| bad label, bad-labels | a person | a judgement |

## Words about cover

| not | but | why |
|---|---|---|
| surely on | the rota says | nobody asked |

## Files with words of others

| files | why |
|---|---|
| `server/lexicon.txt` | they are read |

## Words that count as known

| words |
|---|
| extraordinarily complicated profession |

## Texts that are held to it

| texts | files | who |
|---|---|---|
| pages | `clients/web/now/*` | nurses |
| messages | `server/says.c` | nurses |
"""
EASY = "Ring the team now. If nobody answers, ring the ward."
HARD = "Whenever communication difficulties subsequently materialise, immediately telephone the responsible administrator."
SAID = {"docs/words.md": WORDS_PAGE, "server/lexicon.txt": "bad label\n", "clients/web/now/now.js": f"// {HARD}\nconst a = '{EASY}';\n",
        "server/says.c": f'/* {HARD} */\nstatic const char *const a = "{EASY}";\n'}


def of_wording(*_):
    yield SAID, False
    # Words about people: anywhere, also over the ends of lines and strings, in capitals, with a hyphen.
    for text in ("a bad label", "Bad Labels are", "a bad\nlabel", "a bad-label"):
        yield {**SAID, "README.md": text}, True
    yield {**SAID, "README.md": "a bad labelling"}, False
    for name, text in (("server/a.c", '"a bad "\n\t"label"'), ("server/a.c", "/* a bad\n * label */"), ("server/a.sql", "-- a bad\n-- label"),
                       ("clients/web/a.html", "<p>A bad label</p>"), ("deploy/demo/a.py", "'bad label'"), ("docs/man/a.1.in", "bad label"), ("docs/mail/a.txt", "bad label")):
        yield {**SAID, name: text}, True
    # Words about cover: only in what is said.
    for name, text in (("server/a.c", '"is surely "\n\t"on"'), ("clients/web/a.js", "const a = 'surely on';"), ("clients/web/a.js", "html`<p>${b} surely <b>on</b></p>`"),
                       ("clients/web/a.html", "<p>Surely\non</p>"), ("server/openapi.yaml", "surely on"), ("server/a.sql", "raise exception 'surely on'")):
        yield {**SAID, name: text}, True
    for name, text in (("server/a.c", "/* surely on */"), ("clients/web/a.js", "// surely on"), ("clients/web/a.js", "surely(on); /* surely on */")):
        yield {**SAID, name: text}, False
    # The reading age: of long texts each, of short ones together, in strings, templates and attributes.
    in_js = ("const a = '{}';", "html`<p>{}</p>`", "html`<p>${{b ? html`<i>{}</i>` : ''}} and</p>`", 'html`<p aria-label="{}">a</p>`')
    for form in in_js:
        yield {**SAID, "clients/web/now/now.js": form.format(HARD)}, True
        yield {**SAID, "clients/web/now/now.js": form.format(EASY)}, False
    yield {**SAID, "clients/web/now/now.html": f"<p>{HARD}</p>"}, True
    yield {**SAID, "server/says.c": f'"{HARD[:40]}"\n"{HARD[40:]}"'}, True
    yield {**SAID, "server/says.c": '"Subsequently ring the ward."'}, True
    yield {**SAID, "server/says.c": '"Subsequently ring the ward." a "Ring them up now." b "Go to the ward."'}, False
    yield {**SAID, "server/other.c": f'"{HARD}"'}, False
    # Known words, names and labels.
    yield {**SAID, "server/says.c": '"Ask the extraordinarily complicated profession if it can do it at the ward now."'}, False
    yield {**SAID, "server/says.c": '"Set \\"reading.grid.columns.hours\\" to %s, or to the MM/DD/YYYY of the day that it has."'}, False
    yield {**SAID, "server/says.c": '"Responsible administrators"'}, False
    for name in ("server/lexicon.txt", "server/says.c"):
        yield {path: text for path, text in SAID.items() if path != name}, True


def of_openapi(*_):
    call = "paths:\n  /a/{id}:\n    get:\n      summary: one\n      responses: {}\n      parameters:\n        - {name: id, in: path}\n"
    yield {"server/openapi.yaml": call}, False
    yield {"server/openapi.yaml": call.replace("name: id", "name: other")}, True
    yield {"server/openapi.yaml": call.replace("      summary: one\n", "")}, True
    yield {"server/openapi.yaml": call.replace("      responses: {}\n", "")}, True
    yield {"server/openapi.yaml": call + "a: {$ref: '#/nowhere'}\n"}, True
    yield {"server/openapi.yaml": call + "b: {description: [1]}\n"}, True
    yield {"server/openapi.yaml": call + "components: {schemas: {a: {}}}\n"}, True
    yield {"server/openapi.yaml": call + "components: {schemas: {a: {}}}\nb: {$ref: '#/components/schemas/a'}\n"}, False
    yield {"server/openapi.yaml": call + "b: 1\nb: 2\n"}, True
    yield {"server/openapi.yaml": "a: b: c\n"}, True


ASSURED = """faults:
  F1: {fault: one, happens: two, figure: three}
attacks:
  A1: {attack: one, happens: two, figure: three}
hazards:
  H01: {hazard: one, causes: two, controls: {H01.1: three}}
"""
PROOFS = {
    "tests/assurance.yaml": ASSURED,
    "tests/unit/test_a.c": "/* holds: F1 */\nstatic void\none(void **state)\n{\n}\n\n\tcmocka_unit_test(one),\n",
    "tests/scenarios/test_a.py": '@pytest.mark.long\n@pytest.mark.holds("A1")\ndef test_b01_two(testbed):\n    pass\n',
    "tests/CMakeLists.txt": "# holds: H01.1\nadd_test(NAME three COMMAND three)\n",
}


def of_assurance(*_):
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        for name, text in PROOFS.items():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_text(text)
        whole = {**PROOFS, "docs/assurance.md": assurance.made(top, [top / name for name in PROOFS])}
    yield whole, False
    yield PROOFS, True
    for name in PROOFS:
        if name != "tests/assurance.yaml":
            yield {path: text for path, text in whole.items() if path != name}, True
    for name, before, after in (
            ("docs/assurance.md", "three", "four"), ("tests/assurance.yaml", "one", "another"), ("tests/assurance.yaml", "H01.1", "H02.1"),
            ("tests/assurance.yaml", "figure: three", "figures: three"), ("tests/unit/test_a.c", "F1", "F1 F2"), ("tests/unit/test_a.c", "cmocka_unit_test(one)", "other"),
            ("tests/unit/test_a.c", "static void\none", "static void\nint\nint\nint\none"), ("tests/scenarios/test_a.py", '"A1"', '"A1", "H01"'),
            ("tests/scenarios/test_a.py", "mark.long\n", "mark.other\n"), ("tests/CMakeLists.txt", "add_test", "message")):
        assert before in whole[name]
        yield {**whole, name: whole[name].replace(before, after)}, True


LICENCE = "SPDX-License-Identifier: MIT"


def of_licence(*_):
    begun = {"server/a.c": f"/* {LICENCE} */\n", "clients/a.js": f"// {LICENCE}\n", "server/api/sql/a.sql": f"-- {LICENCE}\n",
             "tests/a.py": f"# {LICENCE}\n", "tests/a": f"#!/usr/bin/env bash\n# {LICENCE}\n", "CMakeLists.txt": f"# {LICENCE}\n"}
    for name, text in begun.items():
        yield {name: text}, False
        yield {name: text.replace("MIT", "ISC")}, True
        yield {name: text.replace(LICENCE, "words") + "\n\n" + text}, True
    yield {"migrations/0001_a.sql": "-- words\n"}, True
    yield {"README.md": "words\n"}, False


def of(rule, may_include, owners, clocks):
    """The trees for ${rule}, each with whether it has a fault. They are small: only what the rule asks for is in them."""
    return list(globals()[f"of_{rule}"](may_include, owners, clocks))
