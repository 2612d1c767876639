# SPDX-License-Identifier: MIT
"""Invents regions from a seed: first the truth, then the rotas that tell it. See README.md."""
