# SPDX-License-Identifier: MIT
"""A short soak; tests/soak is the long one."""

import pytest

from soak import Soak


@pytest.mark.holds("F1", "F3", "F4", "F6", "H06.1")
def test_s01_nothing_acknowledged_is_lost_whatever_is_killed(testbed):
    soak = Soak(testbed, seed=7)
    soak.begin()
    soak.run(8, trouble_every=0.8)
    soak.end()
    soak.check()
