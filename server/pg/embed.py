#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""Makes C of the SQL statements of one role.

usage: embed.py HEADER SOURCE HEADS FILE.sql...

Each file holds one statement, or a few that belong together, as text that psql takes as it is:

    -- What the statement is for; the rest of what its caller must know.
    --
    -- takes
    --   $1 epoch  integer    the newest id in Redis
    --   $2 seq    bigint
    -- gives
    --   leads     boolean    whether this process may publish
    -- time-out 30 s
    -- refuses P0001
    prepare flags_lead as
    select ... ;

`takes` and `gives` have a line for each parameter and each column: name, type, words. `gives as OTHER` has the columns of another
statement of the role, in their order, before its own. Without a time-out it is 5 s. `refuses` names the SQLSTATEs that are an
answer.

HEADER declares each statement (struct pg_stmt) and the numbers of its columns, FLAGS_LEAD_LEADS and so on. SOURCE has the
statements. HEADS has what the heads promise, for the test that compares it with the server's word.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

PREPARE = re.compile(r"^prepare ([a-z][a-z0-9_]*) as$")
TAKES = re.compile(r"^\$(\d+) ([a-z][a-z0-9_]*) +(\S+)(?: .*)?$")
GIVES = re.compile(r"^([a-z][a-z0-9_]*) +(\S+)(?: .*)?$")
TIME_OUT = re.compile(r"^time-out (\d+) (s|ms)$")
ROW = "  "  # what a row of takes and gives begins with; its further lines begin with more


class Bad(Exception):
    """A fault, with file and line."""


@dataclass
class Statement:
    path: Path
    name: str
    words: list[str] = field(default_factory=list)
    takes: list[tuple[str, str]] = field(default_factory=list)
    gives: list[tuple[str, str]] = field(default_factory=list)
    gives_as: str = ""
    timeout_ms: int = 0
    refuses: str = ""
    sql: list[str] = field(default_factory=list)

    @property
    def constant(self) -> str:
        return self.name.upper()


def row(statement: Statement, section: str, line: str, where: str) -> None:
    if section == "takes":
        found = TAKES.match(line)
        if not found or int(found[1]) != len(statement.takes) + 1:
            raise Bad(f"{where}: wanted `${len(statement.takes) + 1} name type words`")
        statement.takes.append((found[2], found[3]))
        return
    found = GIVES.match(line)
    if not found:
        raise Bad(f"{where}: wanted `name type words`")
    statement.gives.append((found[1], found[2]))


def key(statement: Statement, line: str) -> str | None:
    """The section that the line begins; empty if it is whole by itself, None if it is none."""
    if line in ("takes", "gives"):
        return line
    if line.startswith("gives as "):
        statement.gives_as = line.removeprefix("gives as ")
        return "gives"
    if found := TIME_OUT.match(line):
        statement.timeout_ms = int(found[1]) * (1000 if found[2] == "s" else 1)
        return ""
    if line.startswith("refuses "):
        statement.refuses = line.removeprefix("refuses ")
        return ""
    return None


def read_head(statement: Statement, head: list[tuple[int, str]]) -> None:
    section = ""
    for number, text in head:
        line = text.removeprefix("--").removeprefix(" ").rstrip()
        begins = key(statement, line)
        if begins is not None:
            section = begins
        elif not section:
            statement.words.append(line)
        elif line.startswith(ROW + " "):
            continue
        elif line.startswith(ROW):
            row(statement, section, line[len(ROW):], f"{statement.path}:{number}")
        else:
            raise Bad(f"{statement.path}:{number}: words stand above takes and gives")
    while statement.words and not statement.words[-1]:
        statement.words.pop()
    if not statement.words:
        raise Bad(f"{statement.path}: {statement.name} does not say what it is for")


def read(path: Path) -> list[Statement]:
    statements, head, open_one = [], [], None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if open_one:
            open_one.sql.append(line.removesuffix(";"))
            if line.endswith(";"):
                open_one = None
        elif line.startswith("--"):
            head.append((number, line))
        elif found := PREPARE.match(line):
            open_one = Statement(path, found[1])
            read_head(open_one, head)
            statements.append(open_one)
            head = []
        elif line.strip():
            raise Bad(f"{path}:{number}: wanted a comment or `prepare name as`")
        else:
            head = []
    if open_one:
        raise Bad(f"{path}: {open_one.name} has no end (;)")
    return statements


def inherit(statements: list[Statement]) -> None:
    """Puts the columns of the statement that `gives as` names before the statement's own."""
    by_name = {statement.constant: statement for statement in statements}

    def whole(statement: Statement, seen: tuple[str, ...]) -> list[tuple[str, str]]:
        if not statement.gives_as:
            return statement.gives
        other = by_name.get(statement.gives_as)
        if not other or other.constant in seen:
            raise Bad(f"{statement.path}: there is no {statement.gives_as} to give as")
        return whole(other, (*seen, statement.constant)) + statement.gives

    done = {statement.name: whole(statement, ()) for statement in statements}
    for statement in statements:
        statement.gives = done[statement.name]


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def header(statements: list[Statement], source: str) -> str:
    out = [f"/* {source} */", "#pragma once", "", '#include "server/pg/pg.h"', ""]
    for statement in statements:
        words = "\n * ".join(line.replace("*/", "* /") for line in statement.words)
        out += ["/*", f" * {words}".replace(" * \n", " *\n"), " */", f"extern const struct pg_stmt {statement.constant};"]
        if statement.gives and statement.gives[0][1] != "void":
            columns = "".join(f"\t{statement.constant}_{name.upper()},\n" for name, _ in statement.gives)
            out.append(f"enum {{\n{columns}}};")
        out.append("")
    return "\n".join(out)


def definitions(statements: list[Statement], include: str) -> str:
    out = [f'#include "{include}"', ""]
    for statement in statements:
        sql = "\n".join("\t" + quoted(line + "\n") .replace("\n", "\\n") for line in statement.sql)
        out += [f"const struct pg_stmt {statement.constant} = {{", f"    .name = {quoted(statement.constant)},", f"    .sql =\n{sql},"]
        if statement.timeout_ms:
            out.append(f"    .timeout_ms = {statement.timeout_ms},")
        if statement.refuses:
            out.append(f"    .expects = {quoted(statement.refuses)},")
        out += ["};", ""]
    return "\n".join(out)


def heads(statements: list[Statement]) -> str:
    def pairs(rows: list[tuple[str, str]]) -> str:
        return "{" + ", ".join(f"{{{quoted(name)}, {quoted(kind)}}}" for name, kind in rows) + ("}" if rows else "{0}}")

    out = []
    for statement in statements:
        out.append(f"    {{.name = {quoted(statement.name)}, .path = {quoted(str(statement.path))},")
        out.append(f"        .ntakes = {len(statement.takes)}, .takes = {pairs(statement.takes)},")
        out.append(f"        .ngives = {len(statement.gives)}, .gives = {pairs(statement.gives)}}},")
    return "\n".join(out) + "\n"


def main(arguments: list[str]) -> int:
    out_header, out_source, out_heads, *files = arguments
    try:
        statements = [statement for file in sorted(files) for statement in read(Path(file))]
        inherit(statements)
        names = [statement.name for statement in statements]
        for name in names:
            if names.count(name) > 1:
                raise Bad(f"{name} stands twice")
    except Bad as fault:
        print(fault, file=sys.stderr)
        return 1
    include = "/".join(Path(out_header).parts[-3:])
    folder = "/".join(Path(files[0]).parts[-4:-1])
    Path(out_header).write_text(header(statements, f"Made of the files of {folder}: what each statement is for, and the numbers of its columns."),
                                encoding="utf-8")
    Path(out_source).write_text(definitions(statements, include), encoding="utf-8")
    Path(out_heads).write_text(heads(statements), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
