# SPDX-License-Identifier: MIT
"""What a journey costs the person who makes it: clicks, keys and milliseconds. tests/run prints the table of them."""

import time

from servers import slowness
from testbed import TOP

TABLE = TOP / "build" / "results" / "journeys"


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
        line = f"{self.name:<74}{self.clicks:>7}{self.keys_pressed:>6}{took:>8}{self.at_most:>9}"
        print(line)
        TABLE.parent.mkdir(parents=True, exist_ok=True)
        with TABLE.open("a") as table:  # a line is written whole, whichever process of the tests writes it
            table.write(f"{line}\n")
        assert took <= self.at_most * slowness(), f"{self.name}: {took} ms, and {self.at_most} were allowed"
