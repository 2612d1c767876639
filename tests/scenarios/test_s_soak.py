# SPDX-License-Identifier: MIT
"""A short soak; tests/soak is the long one."""

from soak import Soak


def test_s01_nothing_acknowledged_is_lost_whatever_is_killed(testbed):
    soak = Soak(testbed, seed=7)
    soak.begin()
    soak.run(15, trouble_every=1.0)
    soak.end()
    soak.check()
