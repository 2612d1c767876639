# SPDX-License-Identifier: MIT
"""Cases are read where they lie, and nothing of them is kept here: without the folder every test of it is skipped."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import handed

FIGURES = []


@pytest.fixture(scope="session")
def cases():
    found = handed.folder()
    if found is None:
        pytest.skip("no shared/cases beside the repository, and CRISISCOVER_CASES names none")
    return found


@pytest.fixture(scope="session")
def figure():
    """Prints a line at the end of the run, whatever the tests say."""
    return FIGURES.append


def pytest_terminal_summary(terminalreporter):
    for line in FIGURES:
        terminalreporter.write_line(line)
