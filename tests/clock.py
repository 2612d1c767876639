# SPDX-License-Identifier: MIT
"""
At which instant the tests run. No test may depend on the hour or the date, and only another hour and date can show that one does.

usage: clock.py [turn|all|NAME]

Prints `NAME SECONDS`: how far the tests' clock is ahead of the machine's. `turn` is the day's choice out of INSTANTS, so that each of them
has its turn; `all` prints every one; `now` is the machine's own time.
"""

import sys
import time
from datetime import date, datetime, timezone

# UTC. The clock goes on from there: both nights of clock changes, the month's end and the year's are crossed while the tests run.
INSTANTS = {
    "weekday-noon": "2027-01-13T12:00:00",
    "sunday": "2027-01-17T15:00:00",
    "bank-holiday": "2027-05-03T09:30:00",
    "spring-night": "2027-03-28T00:57:00",
    "autumn-night": "2027-10-31T00:57:00",
    "month-end": "2027-04-30T22:57:00",  # 23:57 in London
    "year-end": "2026-12-31T23:57:00",
}


def ahead(name, now):
    if name == "now":
        return 0
    return int(datetime.fromisoformat(INSTANTS[name]).replace(tzinfo=timezone.utc).timestamp()) - int(now)


def main(which):
    names = list(INSTANTS)
    if which == "turn":
        chosen = [names[date.today().toordinal() % len(names)]]
    elif which == "all":
        chosen = names
    elif which == "now" or which in INSTANTS:
        chosen = [which]
    else:
        sys.exit(f"clock.py: there is no instant {which}; there are now, {', '.join(names)}")
    for name in chosen:
        print(name, ahead(name, time.time()))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "turn")
