# SPDX-License-Identifier: MIT
"""The alarms of deploy/alerts.yml, evaluated over figures of /metrics. What they use of Prometheus' language is little, and anything else is an error here."""

import re

import yaml

from testbed import TOP

OPERATORS = {"<": lambda a, b: a < b, ">": lambda a, b: a > b, "==": lambda a, b: a == b}
SAMPLE = re.compile(r"([a-z_]+)(?:\{(.*)\})? (-?[0-9.]+)")
LABEL = re.compile(r'([a-z]+)(=~|=)"([^"]*)"')
OPERAND = r"(?:increase\([a-z_]+\[\w+\]\)|[a-z_]+(?:\{[^}]*\})?|-?[0-9.]+)"
COMPARISON = re.compile(rf"({OPERAND})(?: / ({OPERAND}))? (<|>|==) ({OPERAND})")


def alarms():
    """Each alarm of the file by its name."""
    [group] = yaml.safe_load((TOP / "deploy" / "alerts.yml").read_text())["groups"]
    return {rule["alert"]: rule for rule in group["rules"]}


def names_in(expression):
    return set(re.findall(r"\b(?:crisiscover_[a-z_]+|up)\b", re.sub(r'"[^"]*"', "", expression)))


def scraped(text):
    """{(name, labels): value} of one answer; labels are a frozenset of pairs."""
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, labels, value = SAMPLE.fullmatch(line).groups()
            found[name, frozenset((key, value) for key, _, value in LABEL.findall(labels or ""))] = float(value)
    return found


def _selected(text, samples):
    name, labels = re.fullmatch(r"([a-z_]+)(?:\{(.*)\})?", text).groups()
    wanted = LABEL.findall(labels or "")
    return {of: value for (one, of), value in samples.items() if one == name and all(
        re.fullmatch(pattern if how == "=~" else re.escape(pattern), dict(of).get(key, "")) for key, how, pattern in wanted)}


def _operand(text, samples, before):
    if re.fullmatch(r"-?[0-9.]+", text):
        return float(text)
    increase = re.fullmatch(r"increase\(([a-z_]+)\[\w+\]\)", text)
    if increase:
        earlier = _selected(increase[1], before)
        return {of: value - earlier.get(of, value) for of, value in _selected(increase[1], samples).items()}
    return _selected(text, samples)


def evaluate(expression, samples, before):
    """The series for which ${expression} is true, as lists of labels. ${before}: the samples from which increases count."""
    found = []
    for part in expression.split(" or "):
        parsed = COMPARISON.fullmatch(part)
        assert parsed, f"this is not understood here: {part}"
        left, over, operator, right = parsed.groups()
        values = _operand(left, samples, before)
        if over:
            divisors = _operand(over, samples, before)
            values = {of: value / divisors[of] for of, value in values.items() if divisors.get(of)}
        limit = _operand(right, samples, before)
        found += [dict(of) for of, value in values.items()
                  if (of in limit if isinstance(limit, dict) else True) and OPERATORS[operator](value, limit[of] if isinstance(limit, dict) else limit)]
    return found
