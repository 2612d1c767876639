# SPDX-License-Identifier: MIT
"""What a journey costs the person who makes it: clicks, keys and milliseconds, told as a table."""

import time

from servers import slowness

ROWS = []


class Journey:
    """A journey on a ${screen}: every click and key of it goes through here."""

    def __init__(self, screen, name, at_most):
        self.screen, self.name, self.at_most = screen, name, at_most
        self.clicks = self.keys_pressed = 0
        self.began = time.monotonic()

    def click(self, selector):
        self.clicks += 1
        self.screen.one(selector).click()

    def keys(self, *keys):
        self.keys_pressed += sum(len(one) for one in keys)
        self.screen.keys(*keys)

    def end(self, fact, what):
        """The journey ends when ${fact} is true; it must be so in time."""
        self.screen.until(fact, what)
        took = round((time.monotonic() - self.began) * 1000)
        ROWS.append((self.name, self.clicks, self.keys_pressed, took, self.at_most))
        assert took <= self.at_most * slowness(), f"{self.name}: {took} ms, and {self.at_most} were allowed"


def table():
    """The journeys of this run, as they are printed."""
    head = ("journey", "clicks", "keys", "ms", "at most")
    rows = [head, *[tuple(map(str, row)) for row in ROWS]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))) for row in rows)
