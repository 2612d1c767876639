# SPDX-License-Identifier: MIT
"""Rotations of the stage: each pattern over both changes of the clocks, and edits from a day on."""

import copy
import random

from . import rotation, sizes
from .clock import DAY, at, minute


class Turns:
    """Of a Stage."""

    def rotation_rota(self, name, pattern, windows=()):
        rota, team = self.stand(name, "crht", 4, "rotation", sizes.ALL, windows=windows)
        rota.plan = pattern(team, self.region.first - 10 * DAY, random.Random(f"{self.region.seed} {name}"))
        return rota

    def clock_rotations(self, changes):
        windows = [(day - 3 * DAY, day + 3 * DAY) for day in changes]
        for pattern in self.some(rotation.PATTERNS, 2, 5):
            self.rotation_rota(f"clock-rotation-{pattern.__name__.replace('_', '-')}", pattern, windows)

    def edited(self, rota, scenario, day, layers, told=()):
        """From that day on ${layers}; None: it ends. ${told}: (state, start, end). What follows the end of a
        rotation is unknown, and 400 days ahead it is so in any case: whether that hole is there yet depends on the hour."""
        clock = rotation.handover(layers[0])[1] if layers else "00:00"
        broken = copy.copy(rota)
        broken.edits = ((minute(at(day, clock)), layers),)
        flags = [{"requirement": self.of(rota), "state": state, "start": minute(start), "end": minute(end)} for state, start, end in told]
        fixed = [{"kind": "closed", **one} for one in flags if one["state"] == "gap"]
        flags = [{"kind": "opened", "or": "changed" if one["state"] == "unknown" else "opened", **one} for one in flags]
        self.add(rota, scenario, "rotation", "good", broken=broken, edit=f"{day}", flags=flags, fixed_flags=fixed)

    def rotations(self):
        day = self.region.first + 4 * DAY
        rota = self.rotation_rota("fault-turn-order", rotation.days_and_nights)
        self.edited(rota, "other turns", day, [{**layer, "participants": layer["participants"][::-1]} for layer in rota.plan])
        rota = self.rotation_rota("fault-turn-no-nights", rotation.days_and_nights)
        self.edited(rota, "nights are left out", day, rota.plan[:1], [("gap", at(day, "20:00"), at(day, "32:00"))])
        rota = self.rotation_rota("fault-turn-ended", rotation.days_and_nights)
        self.edited(rota, "a rotation ends", day, None, [("unknown", at(day, "08:00"), at(day, "48:00"))])
        rota = self.rotation_rota("fault-turn-last", rotation.days_and_nights)
        last = day + 5 * DAY
        self.edited(rota, "a rotation with an end", day, [{**layer, "end": f"{last}"} for layer in rota.plan],
                    [("unknown", at(last, "08:00"), at(last, "48:00"))])
        rota = self.rotation_rota("fault-turn-handover", rotation.weekly)
        self.edited(rota, "another handover", day, [{**rota.plan[0], "turn": {"every": 1, "unit": "day"}, "handover": {"at": "22:30"}}])
