#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""linked.py PACKAGES OUT: the packages of the system that the programs are linked with, and their versions, as rows of C (linked.c).

Those are what the packages that deploy/packages tags `build` need in their own version: libpq-dev needs libpq5 (= 15.20-0+deb12u1). Where there is no
dpkg the list is empty. OUT is written only if it changes."""

import re
import subprocess
import sys
from pathlib import Path


def wanted(packages):
    rows = (line.split()[:2] for line in packages.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#"))
    return sorted(name for name, tag in rows if tag == "build" and name.startswith(("lib", "zlib")) and name.endswith("-dev"))


def linked(names):
    try:
        said = subprocess.run(["dpkg-query", "-W", "-f", "${Depends}\n", *names], capture_output=True, text=True, check=False).stdout
    except OSError:
        return {}
    return {name: version for name, version in re.findall(r"([a-z0-9][a-z0-9+.-]+)(?::\w+)? \(= ([^)]+)\)", said) if name.startswith(("lib", "zlib")) and "-dev" not in name}


def main(packages, out):
    rows = linked(wanted(Path(packages)))
    text = "".join(f'    {{"{name}", "{version}"}},\n' for name, version in sorted(rows.items())) or '    {"(unknown)", ""},\n'
    if not Path(out).exists() or Path(out).read_text(encoding="utf-8") != text:
        Path(out).write_text(text, encoding="utf-8")


main(*sys.argv[1:])
