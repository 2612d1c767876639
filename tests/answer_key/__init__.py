# SPDX-License-Identifier: MIT
"""Holds the real product against the truth of an invented region. See tests/region_maker/README.md."""
