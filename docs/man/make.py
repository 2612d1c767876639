# SPDX-License-Identifier: MIT
"""Makes the manual pages from what the programs print about themselves and from docs/region.md.

make.py --daemon PROGRAM --client PROGRAM --version V --docs FOLDER --out FOLDER

The prose is in *.in beside this file. A line @NAME@ there is replaced by what is made here.
"""

import argparse
import re
import subprocess
from pathlib import Path


def printed(program, *arguments):
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout


def escape(text):
    """Text as roff takes it: nothing in it is a request or an escape."""
    text = text.replace("\\", "\\e").replace("…", "...").replace("'", "\\(aq").replace("`", "\\(ga")
    return re.sub(r"^\.", r"\\&.", text)


def tagged(rows):
    """A list of terms, each with its paragraphs."""
    lines = [".Bl -tag -width Ds"]
    for term, *paragraphs in rows:
        lines.append(".It " + term)
        for number, paragraph in enumerate(paragraphs):
            lines += [".Pp"] * (number > 0) + [escape(paragraph)]
    return [*lines, ".El"]


def words_as_macros(words):
    """"--at T" as the macros for an option and its value."""
    option, _, value = words.partition(" ")
    term = "Fl " + escape(option[1:]).replace("-", "\\-")
    return term + (' Ar "' + escape(value) + '"' if value else "")


def daemon_help(text):
    """The two blocks of crisiscoverd --help, each as (left, right)."""
    _, commands, options = text.rstrip().split("\n\n")
    return [[re.split(r"  +", line.strip(), maxsplit=1) for line in block.split("\n")] for block in (commands, options)]


def settings(text):
    for block in text.strip().split("\n\n"):
        *about, setting = block.split("\n")
        key, _, value = setting.partition(" = ")
        yield key, value, [line.removeprefix("; ") for line in about]


def client_commands(client):
    """Every command as its name and its own help."""
    listed = printed(client, "--help").split("\n\n")[1]
    for name in re.findall(r"^  (\S+) ", listed, re.M):
        yield name, printed(client, name, "--help")


def client_command(name, text):
    usage, about, *rest = text.rstrip().split("\n\n")
    rows = [(words_as_macros(option), meaning)
            for option, meaning in re.findall(r"^  (--.*)\n      (.*)$", rest[0], re.M)] if rest else []
    return [f".Ss {name}", ".Bd -ragged", escape(usage.removeprefix("usage: ")), ".Ed", ".Pp",
            escape(about[0].upper() + about[1:] + ".")] + (tagged(rows) if rows else [])


def times(client):
    return [escape(printed(client, "now", "--help").rstrip().split("\n\n")[-1])]


# ------------------------------------------------------------------------------- docs/region.md

def bold(text):
    """`code` in bold, *words* in italics."""
    parts = text.split("`")
    return "".join(re.sub(r"\*(\w+)\*", r"\\fI\1\\fR", escape(part)) if i % 2 == 0 else f"\\fB{escape(part)}\\fR"
                   for i, part in enumerate(parts))


def table(lines):
    head, rows = cells(lines[0]), [cells(line) for line in lines[2:]]
    out = [".Bl -tag -width Ds"]
    for row in rows:
        out += [".It " + bold(row[0])]
        for name, cell in zip(head[1:], row[1:]):
            if cell and name in ("value", "form"):
                out.append(bold(cell[0].upper() + cell[1:]) + ".")
            elif cell == "required":
                out.append("Required.")
            elif cell and name == "default":
                out.append(f"Default: {bold(cell)}.")
            elif cell:
                out.append(bold(cell[0].upper() + cell[1:]) + ".")
    return out + [".El"]


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def region_page(text):
    out, blocks = [], re.split(r"\n{2,}", text.strip())
    for block in blocks[1:]:
        lines = block.split("\n")
        if block.startswith("## "):
            out.append(".Sh " + bold(block[3:].upper() if "`" not in block else re.sub(r"^[^`]*", lambda m: m[0].upper(), block[3:])))
        elif block.startswith("```"):
            out += [".Bd -literal"] + [escape(line) for line in lines[1:-1]] + [".Ed"]
        elif block.startswith("|"):
            out += table(lines)
        elif block.startswith(">"):
            pass  # for those who change the page
        else:
            out += [".Pp"] if out and not out[-1].startswith(".Sh") else []
            out.append(bold(" ".join(lines)))
    # The text before the first section is the description.
    return [".Sh DESCRIPTION", *out]


def main():
    parser = argparse.ArgumentParser()
    for name in ("daemon", "client", "version", "docs", "out"):
        parser.add_argument("--" + name, required=True)
    given = parser.parse_args()
    docs, out = Path(given.docs), Path(given.out)
    commands, options = daemon_help(printed(given.daemon, "--help"))
    changed = re.search(rf"^## \[{re.escape(given.version)}\] - (\S+)$", (docs.parent / "CHANGELOG.md").read_text(), re.M)
    made = {
        "VERSION": given.version,
        "DATE": changed[1],
        "crisiscoverd.8": {
            "COMMANDS": tagged([(f"Cm {escape(left)}", right) for left, right in commands]),
            "OPTIONS": tagged([(words_as_macros(left), right) for left, right in options]),
        },
        "crisiscoverd.conf.5": {
            "SETTINGS": tagged([(f"Ic {key}", " ".join(about), f"Default: {value}" if value else "Default: empty")
                                for key, value, about in settings(printed(given.daemon, "--print-config"))]),
        },
        "crisiscover.1": {
            "COMMANDS": [line for name, text in client_commands(given.client) for line in client_command(name, text)],
            "TIMES": times(given.client),
        },
        "crisiscover-region.5": {"PAGE": region_page((docs / "region.md").read_text())},
    }
    for page in ("crisiscoverd.8", "crisiscoverd.conf.5", "crisiscover.1", "crisiscover-region.5"):
        text = (docs / "man" / (page + ".in")).read_text().replace("@VERSION@", made["VERSION"]).replace("@DATE@", made["DATE"])
        for name, lines in made[page].items():
            text = text.replace(f"@{name}@", "\n".join(lines))
        (out / page).write_text(text)


if __name__ == "__main__":
    main()
