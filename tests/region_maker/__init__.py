# SPDX-License-Identifier: MIT
"""Invents regions from a seed: first the truth, then the rotas that express it. See README.md."""
