# SPDX-License-Identifier: MIT
"""A story as files: region.json, feeds/, steps.jsonl, truth.jsonl, expected_flags.jsonl."""

import json

from . import output
from .clock import at, minute, text_of
from .faults import AGED, BROKEN, FIXED, STEPS, WELL


def flag_json(step, fault, flag):
    found = {"step": step, "fault": fault.id, "scenario": fault.scenario, "kind": flag["kind"]}
    if "rota" in flag:
        return found | {"rota": flag["rota"]}
    return found | {"requirement": flag["requirement"], "state": flag["state"], "start": text_of(flag["start"]), "end": text_of(flag["end"])}


def write_feeds(region, folder):
    for rota in region.rotas.values():
        (folder / output.feed_name(rota)).write_bytes(output.bytes_of(region, rota))


def change_json(fault, step, folder):
    """The fault that is made in one feed at a step."""
    found = {"fault": fault.id, "scenario": fault.scenario, "rota": fault.rota.id, "action": fault.action}
    if step == AGED:
        return found | {"action": "age", "minutes": fault.aged, "feed_state": fault.feed_state}
    if step == FIXED and fault.action == "rotation":
        return found | {"from": fault.edit, "layers": fault.rota.plan}
    if step == FIXED:
        return found | {"action": "body", "body": f"feeds/{output.feed_name(fault.rota)}", "feed_state": "good"}
    if fault.action == "rotation":
        return found | {"from": fault.edit, "layers": fault.broken.edits[0][1]}
    if fault.action == "mode":
        return found | {"mode": fault.mode, "feed_state": fault.feed_state}
    name = output.feed_name(fault.broken) if fault.action == "apply" else f"broken/{output.feed_name(fault.rota)}"
    (folder / name).write_bytes(fault.body)
    return found | {"body": f"feeds/{name}", "feed_state": fault.feed_state}


def steps_of(story, folder):
    (folder / "broken").mkdir(exist_ok=True)
    yield {"step": WELL, "name": STEPS[WELL], "changes": []}
    yield {"step": BROKEN, "name": STEPS[BROKEN], "changes": [change_json(fault, BROKEN, folder) for fault in story.faults]}
    yield {"step": AGED, "name": STEPS[AGED], "changes": [change_json(fault, AGED, folder) for fault in story.faults if fault.aged]}
    yield {"step": FIXED, "name": STEPS[FIXED],
           "changes": [change_json(fault, FIXED, folder) for fault in story.faults if fault.action != "apply"]}


def flags_of(story):
    for fault in story.planted():
        yield {"step": WELL, "fault": fault["fault"], "scenario": fault["scenario"], "kind": "opened", "requirement": fault["requirement"],
               "state": fault["state"], "start": text_of(fault["start"]), "end": text_of(fault["end"])}
    for fault in story.faults:
        for step, flags in ((BROKEN, fault.flags), (AGED, fault.aged_flags), (FIXED, fault.fixed_flags)):
            for flag in flags:
                yield flag_json(step, fault, flag)


def truth_of(story):
    """All of it once; then, at each step, the demands that a fault may change."""
    yield from output.truth_lines(WELL, story.region, story.known, story.demands())
    story.break_all()
    yield from output.truth_lines(BROKEN, story.region, story.known, story.touched())
    # Ageing is counted from the first midday, as no clock runs here: the last good check of what is dead was seven hours before.
    noon = minute(at(story.region.first, "12:00"))
    story.age({fault.id: noon - fault.aged + 360 for fault in story.faults if fault.aged > 360})
    yield from output.truth_lines(AGED, story.region, story.known, story.touched())
    story.repair_all()
    yield from output.truth_lines(FIXED, story.region, story.known, story.touched())


def write(story, out, url):
    """Answers how many of what."""
    story.rotate(minute(at(story.region.first, "00:00")))
    feeds = out / "feeds"
    feeds.mkdir(parents=True, exist_ok=True)
    region = output.region_json(story.region, url.format)
    (out / "region.json").write_text(json.dumps(region, ensure_ascii=False, indent=1), encoding="utf-8")
    write_feeds(story.region, feeds)
    return {"rotas": len(region["rotas"]), "people": len(region["people"]), "requirements": len(region["requirements"]),
            "steps": output.write_lines(out / "steps.jsonl", steps_of(story, feeds)),
            "flags": output.write_lines(out / "expected_flags.jsonl", flags_of(story)),
            "spans of truth": output.write_lines(out / "truth.jsonl", truth_of(story))}
