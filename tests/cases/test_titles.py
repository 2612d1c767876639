# SPDX-License-Identifier: MIT
"""Titles as people write them, with whom each is to count: nobody may count who should not, however strange the title."""

import handed
import pytest

BEGIN, END = "2026-12-30", "2027-01-05"
ROTA = "r"


def titles_of(folder):
    """(file, wanted ids, title): "U" wants nobody, "+a,b" exactly these."""
    for path in sorted(folder.glob("titles/*.tsv")):
        for line in path.read_text().splitlines():
            want, tab, title = line.partition("\t")
            if tab:
                yield path.name, frozenset(want[1:].split(",")) if want.startswith("+") else frozenset(), title


def calendar_of(titles):
    escaped = [title.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("⏎", "\\n") for title in titles]
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;TZID=Europe/London:20270101T090000\r\n"
        f"DTEND;TZID=Europe/London:20270101T210000\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n" for number, title in enumerate(escaped))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n"


def read_titles(titles, region, folder):
    """Who counts by each title, and all lines of the reading."""
    path = folder / "titles.ics"
    path.write_text(calendar_of(titles))
    lines = handed.read(path, region, ROTA, BEGIN, END)
    by_title = [[] for _ in titles]
    for one in handed.occurrences(lines):
        by_title[int(one["uid"])].append(one)
    return [handed.counting(some) for some in by_title], lines


@pytest.fixture(scope="module")
def titles(cases):
    return list(titles_of(cases))


@pytest.fixture(scope="module")
def counting(titles, cases, tmp_path_factory):
    return read_titles([title for _, _, title in titles], cases / "region.json", tmp_path_factory.mktemp("titles"))[0]


def test_nobody_counts_who_should_not(titles, counting, figure):
    false = [f"{name}: {title!r} counts for {sorted(got - want)}"
             for (name, want, title), got in zip(titles, counting) if got - want]
    figure(f"titles: count that should not: {len(false)} of {len(titles)}")
    assert not false, "\n".join(false)


def test_few_are_undecided_and_none_once_its_words_are_decided(titles, counting, cases, tmp_path, figure):
    wanted = [title for _, want, title in titles if want]
    missing = [(want, title) for (_, want, title), got in zip(titles, counting) if want - got]
    share = 100 * len(missing) / len(wanted)
    figure(f"titles: undecided that a person would count: {len(missing)} of {len(wanted)}, {share:.1f} %")
    _, lines = read_titles([title for _, title in missing], cases / "region.json", tmp_path)
    words = [{"words": line["word"], "means": "nothing"} for line in lines if line["kind"] == "unknown_word"]
    decided = handed.with_reading(cases / "region.json", ROTA, {"words": words})
    got, _ = read_titles([title for _, title in missing], decided, tmp_path)
    still = [title for (want, title), some in zip(missing, got) if want != some]
    figure(f"titles: undecided after {len(words)} words were decided: {len(still)}")
    assert share <= 5, "\n".join(title for _, title in missing)
    assert not still, "\n".join(still)


def test_no_decided_word_lets_anybody_count_who_should_not(titles, cases, tmp_path):
    """Whatever a manager says to mean nothing, TBC and its like keep their doubt, and so do marks."""
    doubtful = ["TBC", "vacant", "NO COVER", "cancelled", "❌", "Strike", "A/L", "draft", "unfilled", "sick", "patient"]
    decided = handed.with_reading(cases / "region.json", ROTA, {"words": [{"words": word, "means": "nothing"} for word in doubtful]})
    some = [(want, title) for _, want, title in titles if any(word.lower() in title.lower() for word in doubtful)]
    got, _ = read_titles([title for _, title in some], decided, tmp_path)
    assert some
    assert not [title for (want, title), counts in zip(some, got) if counts - want]
