# SPDX-License-Identifier: MIT
"""The handed rosters: what takes a row off duty, and what is refused in words for now."""

import json

import pytest

import handed

WINDOW = ("2026-11-30", "2027-11-30")
DMY = {"date_order": "dmy"}
MDY = {"date_order": "mdy"}

REFUSED = {
    "30-simple-date-oncall.csv": "list of days", "31-date-by-role.csv": "list of days", "33-names-by-days.csv": "grid",
    "34-names-by-dates.csv": "grid", "35-week-commencing.csv": "list of weeks", "36-day-rows-shift-cols.csv": "list of days",
    "43-us-dates.csv": "mm/dd/yyyy",
    "80-grid.xlsx": "grid",
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


# The rows of which what is meant is not certain: each is unreadable in words, and the others are read.
UNCERTAIN = {"41-time-styles.csv": {"9:5,17:5", "09;00,17;00"},
             "42-date-styles.csv": {"Mon 7 Dec", "46363", "07/12"}}


@pytest.mark.parametrize("name", UNCERTAIN)
def test_dates_and_times_are_read_as_people_write_them(cases, name):
    lines = read(cases, name, DMY)
    rows = (cases / "rosters" / name).read_text().splitlines()
    unread = {one["line"] for one in handed.findings(lines) if one["level"] == "unreadable"}
    assert all(one["remedy"] for one in handed.findings(lines))
    uncertain = {at for at, row in enumerate(rows, 1) if any(word in row.split(",", 1)[1] for word in UNCERTAIN[name])}
    if name.startswith("42"):
        uncertain = {at for at, row in enumerate(rows, 1) if row.split(",")[1] in UNCERTAIN[name]}
    assert unread == uncertain, [rows[at - 1] for at in unread ^ uncertain]
    assert handed.counting(lines) == {"j-jones"}


def test_each_style_of_time_is_the_time_that_is_written(cases):
    shifts = {one["start"][:10]: (one["start"][11:16], one["end"][11:16])
              for one in handed.occurrences(read(cases, "41-time-styles.csv", DMY))}
    half_past = ("09:30", "17:30")
    assert shifts == {
        "2026-12-01": half_past, "2026-12-02": half_past, "2026-12-03": half_past, "2026-12-04": ("09:00", "17:00"),
        "2026-12-05": half_past, "2026-12-06": ("09:00", "17:00"), "2026-12-07": ("09:00", "17:00"),
        "2026-12-08": ("09:00", "17:00"), "2026-12-10": ("09:00", "17:00"), "2026-12-11": ("00:00", "08:00"),
        "2026-12-12": ("08:00", "00:00"), "2026-12-13": ("21:00", "07:30"), "2026-12-15": ("12:00", "00:00"),
        "2026-12-16": ("09:00", "17:00"), "2026-12-17": ("09:00", "17:00"), "2026-12-18": ("21:00", "07:30"),
        "2026-12-19": ("09:00", "17:00")}


def test_each_style_of_date_is_the_day_that_is_written(cases):
    days = [one["start"] for one in handed.occurrences(read(cases, "42-date-styles.csv", DMY))]
    # One row is 12/07/2026, which is the 12th of July here.
    assert set(days) <= {"2026-12-07T09:00:00Z", "2026-07-12T08:00:00Z"} and len(days) >= 17


@pytest.mark.parametrize("name", ("50-start-date-time-cols.csv", "51-first-last-name.csv", "53-shift-start-end.csv",
                                  "54-time-range-col.csv", "58-heading-colon-spaces.csv"))
def test_lists_with_other_headings_are_read(cases, name):
    lines = read(cases, name, DMY)
    assert not [one for one in handed.findings(lines) if one["level"] in ("refused", "unreadable")], lines
    begins = {one["start"]: one["end"] for one in handed.occurrences(lines) if one["class"] in handed.COUNTS}
    want = {"50": {"2026-12-07T21:00:00Z": "2026-12-08T09:00:00Z"},
            "54": {"2026-12-07T09:00:00Z": "2026-12-07T17:00:00Z", "2026-12-07T17:00:00Z": "2026-12-08T09:00:00Z"}}
    assert begins == want.get(name[:2], {"2026-12-07T09:00:00Z": "2026-12-07T17:00:00Z"})


HOURS = {"from": "09:00", "to": "17:00"}
CODES = {"LD": {"from": "07:30", "to": "20:00"}, "N": {"from": "20:00", "to": "08:00"}, "AL": "absence",
         "E": {"from": "07:00", "to": "15:00"}, "L": {"from": "13:00", "to": "21:00"}}
DAY, NIGHT = ("09:00", "17:00"), ("17:00", "09:00")
# What is said of each grid, and who is then on duty from when; people whom the directory does not have do not count.
GRIDS = {
    "30-simple-date-oncall.csv": (
        {"layout": "dates_by_roles", "column": "On-Call", "hours": HOURS},
        {("07", "09:00", "j-jones"), ("08", "09:00", "s-ahmed")}),
    "31-date-by-role.csv": (
        {"layout": "dates_by_roles", "column": "Night SHO", "hours": {"from": "21:00", "to": "09:00"}},
        {("07", "21:00", "t-lee"), ("08", "21:00", "t-lee")}),
    "33-names-by-days.csv": (
        {"layout": "names_by_dates"},
        {("07", "07:30", "j-jones"), ("08", "07:30", "j-jones"), ("10", "20:00", "j-jones"), ("07", "20:00", "s-ahmed"),
         ("08", "20:00", "s-ahmed")}),
    "34-names-by-dates.csv": (
        {"layout": "names_by_dates", "codes": ["N"]},
        {("09", "20:00", "j-jones"), ("07", "20:00", "s-ahmed"), ("08", "20:00", "s-ahmed")}),
    "35-week-commencing.csv": (
        {"layout": "weeks_by_roles", "column": "AMHP on call", "hours": HOURS},
        {(f"{day:02}", "09:00", "j-jones") for day in range(7, 14)} | {(f"{day:02}", "09:00", "s-ahmed") for day in range(14, 21)}),
    "80-grid.xlsx": ({"layout": "names_by_dates"}, {("07", "20:00", "j-jones")}),
    "36-day-rows-shift-cols.csv": (
        {"layout": "dates_by_hours"},
        {("07", "09:00", "j-jones"), ("07", "17:00", "s-ahmed"), ("08", "09:00", "p-smith"), ("08", "17:00", "t-lee")}),
}


@pytest.mark.parametrize("name", GRIDS)
def test_grids_are_read_once_the_rota_says_what_is_its_own(cases, name):
    grid, want = GRIDS[name]
    lines = read(cases, name, {"date_order": "dmy", "grid": grid, "shift_codes": CODES})
    assert not [one for one in handed.findings(lines) if one["level"] in ("refused", "unreadable")], lines
    counting = {(one["start"][8:10], one["start"][11:16], person) for one in handed.occurrences(lines)
                if one["class"] in handed.COUNTS for person in one["people"]}
    known = {one["id"] for one in json.loads((cases / "region.json").read_text())["people"]}
    assert counting == {one for one in want if one[2] in known}


@pytest.mark.parametrize("name", GRIDS)
def test_a_grid_that_is_not_set_names_its_columns_and_the_key(cases, name):
    refused = [one for one in handed.findings(read(cases, name)) if one["level"] == "refused"]
    assert GRIDS[name][0]["layout"] in refused[0]["remedy"] and "Its columns: " in refused[0]["text"]


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
