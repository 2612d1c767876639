# SPDX-License-Identifier: MIT
"""Cases that were handed over from outside: where they lie, and how this program reads one of their files."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("CRISISCOVER_BUILD", TOP / "build/dev")) / "clients/cli/crisiscover"
COUNTS = ("named", "team")


def folder():
    """CRISISCOVER_CASES, else shared/cases beside the repository; None if there is none."""
    found = Path(os.environ.get("CRISISCOVER_CASES", TOP.parent / "shared/cases"))
    return found if found.is_dir() else None


def read(path, region, rota, begin, end):
    """The occurrences and findings of one file, as `crisiscover read --json` gives them: one object a line."""
    done = subprocess.run(
        [PROGRAM, "read", path, "--region", region, "--rota", rota, "--json", "--from", begin, "--to", end],
        capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, 1, 3), f"{path}: exit {done.returncode}\n{done.stderr}"
    return [json.loads(line) for line in done.stdout.splitlines()]


def occurrences(lines):
    return [line for line in lines if line["kind"] == "occurrence"]


def findings(lines):
    return [line for line in lines if line["kind"] == "finding"]


def counting(lines):
    """Who counts: the ids of people, and TEAM for a team's line."""
    return {person for one in lines if one["kind"] == "occurrence" and one["class"] in COUNTS
            for person in one["people"] or ["TEAM"]}


def with_reading(region, rota, reading):
    """The region file with more of a rota's "reading" in it, as a temporary file."""
    content = json.loads(Path(region).read_text())
    for one in content["rotas"]:
        if one["id"] == rota:
            one.setdefault("reading", {}).update(reading)
    path = Path(tempfile.mkdtemp()) / "region.json"
    path.write_text(json.dumps(content))
    return path
