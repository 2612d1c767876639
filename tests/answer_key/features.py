# SPDX-License-Identifier: MIT
"""Features beyond the first contract: the server itself is asked for them, so that a scenario runs as soon as the server has its feature."""

from servers import wait_until

ASKED = {
    "dates": {"places": [{"code": "ZX1", "name": "X", "kind": "icb", "from": "2026-04-01", "until": "2036-04-01"}]},
    "max_share": {"places": [{"code": "ZX1", "name": "X", "kind": "icb"}], "functions": [{"code": "amhp", "name": "AMHP"}],
                  "requirements": [{"id": "R", "place": "ZX1", "function": "amhp", "count": 1, "max_share": 2,
                                    "hours": [{"days": ["all"], "from": "00:00", "to": "24:00"}]}]},
}


def tried(testbed, region):
    """200, or 422 if the server does not know a key of the region. Waits, because the server may only just have started."""
    def status():
        found = testbed.request("PUT", "/v1/region?dry_run=1", {"crisiscover": 1, **region}).status
        return found if found in (200, 422) else None
    return wait_until(status, 15, "the server said what it makes of a region")


def known_features(testbed):
    found = set()
    for feature, region in ASKED.items():
        if tried(testbed, region) == 200:
            found.add(feature)
    if testbed.get("/v1/overrides").status == 200:
        found.add("overrides")
    return found
