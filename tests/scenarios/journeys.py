#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""What a journey costs the person who makes it: clicks and keys, which are judged, and milliseconds, which are only recorded. As a program it prints the
records of a file as a table: tests/run does so at its end; tests/bench pages makes the journeys several times and compares their times with what is promised."""

import json
import os
import statistics
import sys
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
RECORDS = Path(os.environ.get("CRISISCOVER_JOURNEYS", TOP / "build" / "results" / "journeys"))


def record(name, took, promised, clicks=0, keys=0):
    """${took} and ${promised} in milliseconds. How long it took is of the machine and what else runs on it: no test passes or fails by it."""
    RECORDS.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"journey": name, "clicks": clicks, "keys": keys, "ms": took, "promised": promised})
    with RECORDS.open("a") as records:  # a line is written whole, whichever process of the tests writes it
        records.write(f"{line}\n")


def table(records):
    """One line for each journey, with the median time if it was made more than once, and what that is of the time promised."""
    by_name = {}
    for one in records:
        by_name.setdefault(one["journey"], []).append(one)
    lines = [f"{'journey':<74}{'clicks':>7}{'keys':>6}{'ms':>8}{'promised':>10}{'ratio':>7}{'times':>7}"]
    for name, made in sorted(by_name.items()):
        took, last = statistics.median(one["ms"] for one in made), made[-1]
        lines.append(f"{name:<74}{last['clicks']:>7}{last['keys']:>6}{took:>8.0f}{last['promised']:>10}{took / last['promised']:>7.2f}{len(made):>7}")
    return lines


class Journey:
    """A journey on a ${screen}: every click and key of it goes through here. ${most}: how many clicks and how many keys it may have; ${promised}: its time
    in milliseconds."""

    def __init__(self, screen, name, promised, most):
        self.screen, self.name, self.promised, self.most = screen, name, promised, most
        self.clicks = self.keys_pressed = 0
        self.began = time.monotonic()

    def click(self, selector):
        self.clicks += 1
        self.screen.one(selector).click()

    def keys(self, *keys):
        self.keys_pressed += sum(len(one) for one in keys)
        self.screen.keys(*keys)

    def end(self, fact, what):
        """The journey ends when ${fact} is true, and has not cost more clicks and keys than it may."""
        self.screen.until(fact, what)
        record(self.name, (time.monotonic() - self.began) * 1000, self.promised, self.clicks, self.keys_pressed)
        assert self.clicks <= self.most[0] and self.keys_pressed <= self.most[1], f"{self.name}: {self.clicks} clicks and {self.keys_pressed} keys"


if __name__ == "__main__":
    print("\n".join(table([json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()])))
