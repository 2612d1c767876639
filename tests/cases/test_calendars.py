# SPDX-License-Identifier: MIT
"""The handed calendars: what each must say, instant by instant."""

import handed

WINDOW = ("2026-11-30", "2027-07-31")


def spans(cases, name, rota="r"):
    lines = handed.read(cases / "calendars" / name, cases / "region.json", rota, *WINDOW)
    return [(one["start"], one["end"], one["class"], *one["people"]) for one in handed.occurrences(lines)], handed.findings(lines)


def day(date, person, begin="09:00", end="17:00", kind="named"):
    return (f"{date}T{begin}:00Z", f"{date}T{end}:00Z", kind, person)


def test_a_calendar_says_itself_what_it_means_by_gmt(cases):
    found, _ = spans(cases, "01-gmt-name-bst-rules.ics")
    assert found == [day("2027-07-01", "j-jones", "08:00", "16:00")]


def test_all_shifts_of_one_uid_are_read(cases):
    found, findings = spans(cases, "05-one-uid-all-shifts-dtstamps.ics")
    people = ["j-jones", "s-ahmed", "p-smith", "j-jones"]
    assert found == [day(f"2026-12-{1 + n:02}", person) for n, person in enumerate(people)]
    assert any("one UID" in one["text"] for one in findings)
    found, _ = spans(cases, "05c-uid-is-person.ics")
    assert found == [(f"2026-12-{date:02}T20:00:00Z", f"2026-12-{date + 1:02}T00:00:00Z", "named", "j-jones") for date in (1, 5, 9)]


def test_leave_that_ends_when_it_begins_is_that_day(cases):
    found, _ = spans(cases, "103-leave-same-start-end.ics", "leave")
    assert found == [("2026-12-07T00:00:00Z", "2026-12-08T00:00:00Z", "absence", "j-jones")]


def test_an_end_at_2359_leaves_no_minute_open(cases):
    found, findings = spans(cases, "14-ends-2359.ics")
    assert found == [(f"2026-12-{date:02}T00:00:00Z", f"2026-12-{date + 1:02}T00:00:00Z", "named", "j-jones") for date in (1, 2, 3)]
    assert all(any("23:59" in one["text"] and one["uid"] == f"e{n}@x" for one in findings) for n in range(3))


def test_later_shifts_follow_a_rule_of_their_own(cases):
    found, _ = spans(cases, "16d-thisandfuture-new-rrule.ics")
    assert found[:5] == [day("2026-12-07", "j-jones"), day("2026-12-14", "j-jones"), day("2026-12-21", "s-ahmed"),
                         day("2027-01-04", "s-ahmed"), day("2027-01-18", "s-ahmed")]


def test_midnights_that_are_marked_are_an_all_day_event(cases):
    found, _ = spans(cases, "17e-midnight-london-alldayevent.ics", "r9")
    assert found == [("2027-07-05T08:00:00Z", "2027-07-06T08:00:00Z", "named", "j-jones")]
