# SPDX-License-Identifier: MIT
"""Invented regions against the real product: the truth is drawn first, and every minute that differs is counted."""

import json
import random
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from answer_key.compare import Tally, demand, names_of  # noqa: E402
from answer_key.ladders import passed, told  # noqa: E402
from answer_key.features import known_features  # noqa: E402
from answer_key.play import Play  # noqa: E402
from region_maker import ladders, naive, output, truth  # noqa: E402
from region_maker.clock import LONDON, at, holidays_of, hours_of, minute  # noqa: E402
from region_maker.files import write  # noqa: E402
from region_maker.model import FOREVER, NAMED, NEVER, NOBODY, TEAM, UNDECIDED  # noqa: E402
from region_maker.story import Story  # noqa: E402

TUESDAY = date(2026, 6, 9)
SEED_OF_THE_DAY = datetime.now(LONDON).strftime("%Y-%m-%d")


# --------------------------------------------------------------------------------------------------------- the maker by itself


def random_case(dice):
    """Sources, absences and hours of two days, small enough to meet each other."""
    people, sources = ["a", "b", "c"], []
    for number in range(dice.randrange(1, 4)):
        facts = []
        for _ in range(dice.randrange(0, 8)):
            start = dice.randrange(0, 2800)
            kind = dice.choice([NAMED, NAMED, NAMED, TEAM, NOBODY, UNDECIDED])
            who = dice.choice(people) if kind == NAMED else "line" if kind == TEAM else None
            facts.append((start, start + dice.randrange(1, 900), kind, who))
        horizon = max((fact[1] for fact in facts), default=NEVER)
        sources.append(truth.Source(f"rota-{number}", sorted(facts, key=str), horizon, dice.choice([FOREVER, FOREVER, dice.randrange(2880)]),
                                    dice.random() < 0.1))
        sources[-1].facts.sort(key=lambda fact: fact[:2])
    away = {who: truth.joined([(start, start + dice.randrange(1, 400)) for start in dice.sample(range(2800), 2)])
            for who in people if dice.random() < 0.3}
    hours = truth.joined([(start, start + dice.randrange(1, 900)) for start in dice.sample(range(2800), 2)])
    return sources, away, hours, dice.randrange(1, 4), dice.random() < 0.5


def test_m01_the_truth_by_intervals_is_the_truth_minute_by_minute():
    dice = random.Random("minutes")
    for _ in range(60):
        sources, away, hours, required, team = random_case(dice)
        spans = truth.cover(sources, away, hours, required, team, (0, 2880))
        assert spans[0].start == 0 and spans[-1].end == 2880
        assert all(one.end == other.start for one, other in zip(spans, spans[1:]))
        for span in spans:
            for moment in {span.start, (span.start + span.end) // 2, span.end - 1, *range(span.start, span.end, 7)}:
                found = naive.state_at(moment, sources, away, hours, required, team)
                assert (span.state, span.required, span.people) == found, (moment, sources, away, hours)


def test_m02_hours_and_holidays_are_those_of_the_wall():
    assert [day.isoformat() for day in sorted(holidays_of(2027))] == ["2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31",
                                                                     "2027-08-30", "2027-12-27", "2027-12-28"]
    nights = [{"days": ["sat"], "from": "21:00", "to": "09:00"}]
    for saturday, hours in ((date(2027, 3, 27), 11), (date(2027, 10, 30), 13), (date(2027, 6, 5), 12)):
        (start, end), = hours_of(nights, saturday, saturday.replace(day=saturday.day + 1))
        assert end - start == hours * 60
    assert minute(at(date(2027, 10, 31), "01:30")) == minute(at(date(2027, 10, 31), "01:00")) + 30, "the first of the two"
    assert minute(at(date(2027, 3, 28), "01:30")) == minute(at(date(2027, 3, 28), "02:30")), "the time that does not come"
    assert not hours_of([{"days": ["mon"], "from": "09:00", "to": "17:00"}], date(2027, 3, 29), date(2027, 3, 30)), "a bank holiday"


def test_m03_a_seed_makes_the_same_region_again_and_another_seed_another():
    def files(seed):
        region = Story(seed, "tiny", TUESDAY, 21).region
        return {rota.id: output.bytes_of(region, rota) for rota in region.rotas.values()}, output.region_json(region, str)
    assert files("x") == files("x")
    assert files("x")[0] != files("y")[0]


def answer_of(region, spans):
    """The answers of a correct map."""
    return [(span.start * 60, span.end * 60, span.state, span.present, span.required, names_of(region, span.people)) for span in spans]


@pytest.mark.parametrize("lie", ["none", "covered", "person", "an hour", "known", "hole", "unknown", "second"])
@pytest.mark.holds("H01.2")
def test_m04_no_lie_of_a_map_goes_unnoticed(lie):
    story = Story("lies", "tiny", TUESDAY, 21)
    told, found = Tally(), False
    for place, requirement in story.demands():
        for window, spans in story.known.spans(place, requirement):
            says = answer_of(story.region, spans)
            state = {"covered": "gap", "known": "unknown"}.get(lie, "covered")
            number = next((i for i, span in enumerate(spans) if span.state == state and 0 < i < len(spans) - 1), None)
            if number is not None and not found:
                start, end, _, present, required, names = says[number]
                found = True
                says[number] = {
                    "none": says[number], "covered": (start, end, "covered", 1, 1, frozenset(["Nobody"])),
                    "person": (start, end, "covered", present, required, frozenset(["Nobody"])), "an hour": (start, end - 3600, *says[number][2:]),
                    "known": (start, end, "gap", 0, required, frozenset()), "hole": (start, end, "gap", 0, required, frozenset()),
                    "unknown": (start, end, "unknown", present, required, names), "second": (start, end - 1, *says[number][2:])}[lie]
            demand(told, story.region, requirement, window, spans, says)
    assert found
    noticed = {"none": not told.differs, "covered": told.false_covered and told.wrong_people, "person": told.wrong_people, "an hour": told.untiled,
               "known": told.missed_unknown, "hole": told.false_gap and told.wrong_people, "unknown": told.false_unknown, "second": told.untiled}
    assert noticed[lie], told
    assert told.fails or lie in ("none", "known", "hole", "unknown"), "what is worst fails, however little of it there is"


def answer_for(groups):
    names = [name for group in groups for name in group]
    return {"steps": [{"step": number + 1, "kind": "on_call", "name": name} for number, name in enumerate(names)]}


def test_m09_no_lie_about_whom_to_ring_goes_unnoticed():
    story, seen = Story("lies", "tiny", TUESDAY, 21), 0
    for place in story.known.applying:
        for function in ladders.functions_at(story.region, story.known, place):
            if not ladders.ladder_of(story.region, place, function):
                continue
            for moment in range(minute(at(TUESDAY, "00:00")), minute(at(TUESDAY, "24:00")), 240):
                groups = ladders.order(story.region, story.known, (place, function), moment)
                answer = answer_for(groups)
                assert told(groups, answer) is None
                assert told(groups, {"steps": [*answer["steps"], {"step": 99, "kind": "on_call", "name": "Nobody"}]}), "one too many"
                if len(groups) > 1 and groups[0] != groups[-1]:
                    seen += 1
                    assert told(groups, answer_for(groups[::-1])) and told(groups, answer_for(groups[1:])) and told(groups, answer_for(groups[:-1]))
    assert seen > 20
    steps = [{"entry": entry, "number": number, "extension": None, "bleep": None} for entry, number in (("1", "x"), ("2", "x"), (None, "y"))]
    assert passed(steps, {"1": "no_answer"}) == (["no_answer", "same_number", None], 3)
    assert passed(steps, {"1": "declined"}) == (["declined", None, None], 2)


def test_m08_the_files_hold_the_whole_story(tmp_path):
    story = Story("files", "tiny", TUESDAY, 21)
    counts = write(story, tmp_path, "http://127.0.0.1:8081/{}.ics")
    lines = {name: [json.loads(line) for line in (tmp_path / f"{name}.jsonl").read_text().splitlines()]
             for name in ("steps", "truth", "expected_flags")}
    region = json.loads((tmp_path / "region.json").read_text())
    assert [step["step"] for step in lines["steps"]] == [0, 1, 2, 3] and len(lines["truth"]) == counts["spans of truth"]
    for rota in region["rotas"]:
        assert (tmp_path / "feeds" / output.feed_name(story.region.rotas[rota["id"]])).exists(), rota
    for change in (change for step in lines["steps"] for change in step["changes"] if "body" in change):
        assert (tmp_path / change["body"]).stat().st_size > 0, change
    people, before = {person["id"] for person in region["people"]}, {}
    for line in lines["truth"]:
        key = line["step"], line["place"], line["requirement"]
        assert line["start"] >= before.get(key, ""), "in order, without an overlap"
        before[key] = line["end"]
        assert (line["state"] == "covered") == (0 < line["required"] <= line["present"]) and line["present"] == len(line["people"])
        assert all(isinstance(who, list) or who in people for who in line["people"])
    scenarios = {flag["scenario"] for flag in lines["expected_flags"]}
    assert {"S1", "S2", "S4", "S5", "S6", "S7", "S10", "S11", "S12", "S15"} <= scenarios, scenarios


# ------------------------------------------------------------------------------------------------------- against the real product


def play(testbed, seed, size):
    """A whole story: all is well, every fault, time passes, all fixed. Nothing may differ, and every fault is told of."""
    testbed.start()
    story = Story(seed, size, datetime.now(LONDON).date(), 21, known_features(testbed))
    said = [f"seed {seed}, {size}"]
    tally = Play(testbed, story, samples=25, say=said.append).run()
    assert not tally.differs and tally.faults_flagged == tally.faults, "\n".join(said)
    assert tally.faults > 100 and tally.samples > 50 and tally.commissioned > 500_000


@pytest.mark.long
@pytest.mark.holds("H01.2")
def test_m06_a_demo_region_of_a_fixed_seed(testbed):
    play(testbed, "fixed", "demo")


@pytest.mark.holds("H01.2")
def test_m07_a_small_region_of_the_days_own_seed(testbed):
    play(testbed, SEED_OF_THE_DAY, "tiny")
