# SPDX-License-Identifier: MIT
"""What is kept of calendars: nothing that nobody reads, under the hash of what came."""

import hashlib

from regions import Event, calendar, round_the_clock, small
from servers import wait_until
from test_u_uploads import ROTA, on, upload

PRIVATE = ("Mr Brown", "overdose", "chemo", "sam.hill", "example.org", "Hill")


def told(name, uid):
    """Everybody's shifts by one person, and leave, with what is nobody's business."""
    events = round_the_clock(who=[("x", name)], uid=uid)
    events.append(Event("away", events[-4].start, events[-4].end, "Kim Lee - off sick, chemo"))
    body = calendar(events)
    return body.replace(b"END:VEVENT", b"DESCRIPTION:Mr Brown\\, overdose: the team\r\n  has been\r\n"
                                       b"ORGANIZER;CN=Sam Hill:mailto:sam.hill@example.org\r\n"
                                       b"ATTENDEE;PARTSTAT=ACCEPTED;CN=Sam Hill:mailto:sam.hill@example.org\r\n"
                                       b"BEGIN:VALARM\r\nTRIGGER:-PT1H\r\nDESCRIPTION:Mr Brown\r\nEND:VALARM\r\nEND:VEVENT")


def kept(testbed, body):
    found = testbed.sql("select bytes, size from crisiscover.body where sha256 = %s", hashlib.sha256(body).digest())
    return None if not found or found[0][0] is None else bytes(found[0][0])


def is_lessened(testbed, body):
    stored = kept(testbed, body)
    return stored is not None and not any(word.encode() in stored for word in PRIVATE) and stored.count(b"\n") == body.count(b"\n")


def test_u90_descriptions_alarms_addresses_and_reasons_are_not_kept(testbed):
    fetched, sent = told("Jo Jones", "theirs"), told("Sam Ahmed", "mine")
    testbed.publisher.publish("amhp", fetched)
    testbed.start(small(testbed.publisher))
    wait_until(lambda: on(testbed) == ["Jo Jones"], 20, "the feed was read")
    assert is_lessened(testbed, fetched), kept(testbed, fetched)
    shifts = testbed.sql("select key, class, person, title, starts_at, ends_at from crisiscover.shift_current order by 1")

    # What is kept reads the same: it is read again after a decision, and no shift is another one.
    readings = testbed.sql("select read_with from crisiscover.feed where rota = %s", ROTA)
    testbed.crisiscover("decide", ROTA, "--word", "zog", "--means", "nothing")
    wait_until(lambda: testbed.sql("select read_with from crisiscover.feed where rota = %s", ROTA) != readings, 20, "it was read again")
    assert testbed.sql("select key, class, person, title, starts_at, ends_at from crisiscover.shift_current order by 1") == shifts
    assert testbed.sql("select body from crisiscover.feed where rota = %s", ROTA)[0][0].tobytes() == hashlib.sha256(fetched).digest()

    # An upload is kept whole until it has been read; one that is refused not at all.
    upload(testbed, sent)
    wait_until(lambda: on(testbed) == ["Sam Ahmed"], 15, "the upload was in force")
    assert is_lessened(testbed, sent), kept(testbed, sent)
    refused = sent[:-30]
    path = testbed.write("cut.ics", refused)
    testbed.crisiscover("import", ROTA, path, check=False)
    state = testbed.sql("select state from crisiscover.import where body = %s", hashlib.sha256(refused).digest())
    assert state == [("refused",)] and kept(testbed, refused) is None

    # Nor anywhere else in the database.
    for word in ("Mr Brown", "overdose", "sam.hill"):
        assert not testbed.sql("select from crisiscover.reading where findings::text like %s", f"%{word}%")
    assert not testbed.sql("select from crisiscover.shift where title ilike '%chemo%' or title ilike '%sick%'")
