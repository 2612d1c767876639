# SPDX-License-Identifier: MIT
"""Secret links to calendars: what one server writes, another rota reads; nobody else learns the key."""

import csv
import io

from regions import calendar, round_the_clock, small
from servers import wait_until

ROTA, COPY = "fenmere-amhp-duty", "fenmere-copy"


def shifts(testbed, rota):
    """Who is on from when to when: what is named alone."""
    answer = testbed.get(f"/v1/shifts?rota={rota}&limit=1000").json
    return [(one["person"], one["start"], one["end"]) for one in answer["shifts"] if one["class"] == "named"]


def test_l01_a_calendar_given_out_by_a_link_is_read_by_another_rota_without_a_difference(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = small(testbed.publisher)
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read")

    url = testbed.crisiscover("link", "make", "--rota", ROTA, "--names", "--note", "the council next door").stdout.strip()
    key = url.split("key=")[1]
    assert url.startswith(f"{testbed.url}/v1/rotas/{ROTA}.ics?key=cl_")
    assert "with names" in testbed.crisiscover("link", "list").stdout

    # The other rota subscribes to it, as a trust's would: its reader understands every title.
    region["rotas"].append({"id": COPY, "service": "fenmere-amhp", "tier": 3, "source": {"kind": "ical_url", "url": url, "every_minutes": 1}})
    testbed.apply(region)
    wait_until(lambda: testbed.feed(COPY)["state"] == "good", 30, "the calendar was read")
    assert shifts(testbed, COPY) == shifts(testbed, ROTA) and len(shifts(testbed, ROTA)) > 50

    # Used, and listed so, in CSV as well; then revoked, and the other rota says that it cannot be read.
    rows = list(csv.DictReader(io.StringIO(testbed.crisiscover("link", "list", "--csv").stdout)))
    assert [(row["of.rota"], row["names"], row["note"]) for row in rows] == [(ROTA, "true", "the council next door")]
    testbed.crisiscover("link", "make", "--closing-of", "fenmere-amhp", "--note", "desk")
    listed = list(csv.DictReader(io.StringIO(testbed.crisiscover("link", "list", "--csv").stdout)))
    assert [row["of.closing_of"] for row in listed if row["note"] == "desk"] == ["fenmere-amhp"]
    assert "revoked" in testbed.crisiscover("link", "revoke", rows[0]["id"]).stdout
    assert testbed.get(f"/v1/rotas/{ROTA}.ics?key={key}", token=None).status == 404
    testbed.refresh(COPY)
    wait_until(lambda: testbed.feed(COPY)["state"] == "failing", 30, "the other rota is told that its link is none")
    assert "404" in testbed.feed(COPY)["fault"]

    # The key is in no log, and in no row: what fetches it keeps it sealed.
    secret = key[16:]
    for path in testbed.folder.rglob("*.log"):
        assert secret not in path.read_text(errors="replace"), path
    assert secret not in str(testbed.sql("select a::text from audit a"))
