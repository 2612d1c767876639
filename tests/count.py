# SPDX-License-Identifier: MIT
"""Adds up what the runners wrote into a folder: `N passed, N failed`, and the exit status that belongs to it."""

import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path


def of_program(case):
    """One program of ctest. cmocka names each of its tests; a program that says nothing of the kind counts as one."""
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return Counter(skipped=1)
    said = case.findtext("system-out") or ""
    count = Counter(
        passed=len(re.findall(r"^\[ +OK \] ", said, re.M)),
        failed=len(set(re.findall(r"^\[ +FAILED +\] (?!\d+ test)(\S+)", said, re.M))),
        skipped=len(set(re.findall(r"^\[ +SKIPPED +\] (?!\d+ test)(\S+)", said, re.M))),
    )
    broken = case.get("status") == "fail" or case.find("failure") is not None
    if broken and not count["failed"]:
        count["failed"] = 1  # a crash, a leak, a time-out
    if not broken and not count["passed"] and not count["skipped"]:
        count["passed"] = 1
    return count


def of_scenarios(suite):
    number = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
    failed = number["failures"] + number["errors"]
    return Counter(passed=max(0, number["tests"] - failed - number["skipped"]), failed=failed, skipped=number["skipped"])


def main(folder):
    total = Counter(passed=0, failed=0, skipped=0)
    for path in folder.glob("*.count"):
        kind, number = path.read_text().split()
        total[kind] += int(number)
    for path in folder.glob("*.xml"):
        for suite in ElementTree.parse(path).getroot().iter("testsuite"):
            if path.stem == "scenario":
                total += of_scenarios(suite)
            else:
                total += sum((of_program(case) for case in suite.iter("testcase")), Counter())
    if not total["passed"] and not total["failed"]:
        total["failed"] = 1  # nothing ran: that is no success
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    print(f"{total['passed']} passed, {total['failed']} failed{skipped}")
    return 1 if total["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
