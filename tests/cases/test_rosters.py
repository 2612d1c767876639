# SPDX-License-Identifier: MIT
"""The handed rosters: what takes a row off duty, and what is refused in words for now."""

import pytest

import handed

WINDOW = ("2026-11-30", "2027-11-30")
DMY = {"date_order": "dmy"}
MDY = {"date_order": "mdy"}

REFUSED = {
    "30-simple-date-oncall.csv": "list of days", "31-date-by-role.csv": "list of days", "33-names-by-days.csv": "grid",
    "34-names-by-dates.csv": "grid", "35-week-commencing.csv": "list of days", "36-day-rows-shift-cols.csv": "list of days",
    "50-start-date-time-cols.csv": "no column", "51-first-last-name.csv": "no column", "53-shift-start-end.csv": "no column",
    "54-time-range-col.csv": "no column", "58-heading-colon-spaces.csv": "no column", "43-us-dates.csv": "mm/dd/yyyy",
    "80-grid.xlsx": "workbook",
}


def read(cases, name, reading=None):
    region = handed.with_reading(cases / "region.json", "c", reading) if reading else cases / "region.json"
    return handed.read(cases / "rosters" / name, region, "c", *WINDOW)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_yet_is_refused_as_what_it_is(cases, name):
    lines = read(cases, name)
    refused = [one for one in handed.findings(lines) if one["level"] == "refused"]
    assert refused and REFUSED[name] in refused[0]["text"] and refused[0]["remedy"], lines
    assert not handed.occurrences(lines)


def test_dates_and_times_in_other_styles_are_unreadable_in_words(cases):
    for name in ("41-time-styles.csv", "42-date-styles.csv"):
        lines = read(cases, name, DMY)
        unreadable = [one for one in handed.findings(lines) if one["level"] == "unreadable"]
        assert unreadable and all(one["line"] and one["remedy"] for one in unreadable), lines
        assert handed.counting(lines) == {"j-jones"}


def test_american_dates_are_read_once_that_is_decided(cases):
    lines = read(cases, "43-us-dates.csv", MDY)
    assert [(one["start"], one["class"]) for one in handed.occurrences(lines)] == [
        ("2026-12-01T09:00:00Z", "named"), ("2026-12-02T09:00:00Z", "named"), ("2026-12-13T09:00:00Z", "named")]


def test_dates_that_could_be_either_are_asked_about(cases):
    for name in ("59-notes-col-cancel.csv", "71-grade-words.csv", "72-zero-hours-row.csv"):
        lines = read(cases, name)
        assert any("dd/mm/yyyy or mm/dd/yyyy" in one["text"] for one in handed.findings(lines))


def test_a_word_in_any_column_takes_the_row_off_duty(cases):
    assert not handed.counting(read(cases, "59-notes-col-cancel.csv", DMY))
    lines = read(cases, "71-grade-words.csv", DMY)
    counting = [one["start"][:10] for one in handed.occurrences(lines) if one["class"] in handed.COUNTS]
    assert counting in ([], ["2027-03-10"]), "only Band 6 may count"


def test_only_words_of_a_shift_that_is_worked_count(cases, figure):
    worked = {"LD", "Working Day"}
    rows = (cases / "rosters/70-shift-words.csv").read_text().splitlines()[1:]
    by_date = {"{2}-{1}-{0}".format(*row.split(",")[2].split("/")): row.split(",")[5] for row in rows}
    lines = read(cases, "70-shift-words.csv", DMY)
    counting = {by_date[one["start"][:10]] for one in handed.occurrences(lines) if one["class"] in handed.COUNTS}
    figure(f"rosters: of {len(by_date)} words of a shift {len(counting)} count: {', '.join(sorted(counting))}")
    assert counting <= worked, counting - worked


def test_midnight_to_midnight_is_no_whole_day(cases):
    lines = read(cases, "72-zero-hours-row.csv", DMY)
    counting = [one["start"] for one in handed.occurrences(lines) if one["class"] in handed.COUNTS]
    assert counting in ([], ["2027-03-04T09:00:00Z"]), counting
