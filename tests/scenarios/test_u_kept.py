# SPDX-License-Identifier: MIT
"""What is kept of calendars: nothing that nobody reads, under the hash of what came."""

import hashlib
import subprocess

from regions import Event, calendar, london_day, round_the_clock, small
from servers import POSTGRES_BIN, environment, wait_until
from test_u_uploads import ROTA, on, upload

LEAVE, LEAVE_LIST = "fenmere-leave", "fenmere-leave-list"
REASONS = ("hip operation", "Bereavement", "Mill Lane", "St Elsewhere")
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


def away():
    """A calendar of absences with reasons wherever there is room for one."""
    events = round_the_clock(uid="away")
    body = calendar([Event("hip", events[0].start, events[-1].end, "Kim Lee - hip operation"),
                     Event("sad", events[0].start, events[3].end, "Tess Osei: Bereavement leave (her mother)")])
    return body.replace(b"END:VEVENT", b"DESCRIPTION:hip operation\\, back after Easter\r\nCOMMENT:Mill Lane\r\nCATEGORIES:Bereavement\r\n"
                                       b"LOCATION:St Elsewhere\r\nEND:VEVENT")


def leave_list():
    """The same as a list, of two days."""
    first, second = (f"{london_day(number):%Y-%m-%d}" for number in (1, 2))
    return (f"Name,Start Date,End Date,Type,Notes\r\nKim Lee,{first},{second},Sickness,\"hip operation, St Elsewhere\"\r\n"
            f"Tess Osei - Bereavement leave,{first},{first},Bereavement,Mill Lane\r\n").encode()


def doubtful_list():
    """Rows with findings: a status and a kind of leave that nobody knows, and leave that may be none."""
    first, second = (f"{london_day(number):%Y-%m-%d}" for number in (1, 2))
    return (f"Name,Start Date,End Date,Type,Status,Notes\r\nKim Lee,{first},{first},Mill Lane,,hip operation\r\n"
            f"Kim Lee,{second},{second},Sickness,waits for her hip operation,St Elsewhere\r\n"
            f"Tess Osei,{first},{first},Bereavement,,\"cancelled, Mill Lane\"\r\n").encode()


def wide_list():
    """A row has more cells than are read, so that the file cannot be written again without its reasons."""
    return leave_list() + (f"Jo Jones,{london_day(1):%Y-%m-%d},,hip operation," + "x," * 600 + "\r\n").encode()


def put(testbed, rota, body):
    testbed.crisiscover("import", rota, testbed.write("leave.csv", body), "--confirm", "--reason", "New.")
    in_force = "select 1 from crisiscover.feed where rota = %s and body = %s"
    wait_until(lambda: testbed.sql(in_force, rota, hashlib.sha256(body).digest()), 20, "the list was in force")


def read_again(testbed, rota, word):
    """By another decision."""
    readings = testbed.sql("select read_with from crisiscover.feed where rota = %s", rota)
    testbed.crisiscover("decide", rota, "--word", word, "--means", "nothing")
    wait_until(lambda: testbed.sql("select read_with from crisiscover.feed where rota = %s", rota) != readings, 20, "it was read again")


def leave_that_is_hard_to_keep(testbed):
    """Lists with findings, lists that would read otherwise, and what is refused or discarded: no reason is kept of any."""
    leave = "select class, person, starts_at, ends_at from crisiscover.shift_current where rota = %s order by starts_at, person"
    put(testbed, LEAVE_LIST, doubtful_list())
    taken = testbed.sql(leave, LEAVE_LIST)
    assert [row[:2] for row in taken] == [("absence", "kim-lee"), ("undecided", None), ("undecided", None)], taken
    read_again(testbed, LEAVE_LIST, "zig")
    assert testbed.sql(leave, LEAVE_LIST) == taken

    put(testbed, LEAVE_LIST, wide_list())
    taken = testbed.sql(leave, LEAVE_LIST)
    assert {row[:2] for row in taken} == {("absence", "kim-lee"), ("absence", "tess-osei"), ("unreadable", None)}, taken
    assert kept(testbed, wide_list()) is None
    read_again(testbed, LEAVE_LIST, "zag")
    wait_until(lambda: testbed.feed(LEAVE_LIST)["state"] == "failing", 20, "its owner is told")
    assert "Send it again" in testbed.feed(LEAVE_LIST)["fault"] and testbed.sql(leave, LEAVE_LIST) == taken
    put(testbed, LEAVE_LIST, wide_list())
    wait_until(lambda: testbed.feed(LEAVE_LIST)["state"] == "good", 20, "it was sent again")
    assert testbed.sql(leave, LEAVE_LIST) == taken and kept(testbed, wide_list()) is None

    # A preview is not read again either.
    other = wide_list() + b"\r\n"
    testbed.crisiscover("import", LEAVE_LIST, testbed.write("other.csv", other), check=False)
    state = "select state, why from crisiscover.import where body = %s"
    assert testbed.sql(state, hashlib.sha256(other).digest())[0][0] == "preview"
    testbed.crisiscover("decide", LEAVE_LIST, "--word", "zug", "--means", "nothing")
    wait_until(lambda: testbed.sql(state, hashlib.sha256(other).digest())[0][0] == "refused", 20, "it was to be read again")
    assert "Send it again" in testbed.sql(state, hashlib.sha256(other).digest())[0][1]

    none = b"Kim Lee,never,hip operation\r\n"
    testbed.crisiscover("import", LEAVE_LIST, testbed.write("none.csv", none), check=False)
    assert testbed.sql(state, hashlib.sha256(none).digest())[0][0] == "refused" and kept(testbed, none) is None
    # What was read of each of them is in the database still.
    assert not [reason for reason in REASONS if reason.encode() in database(testbed)], kept(testbed, doubtful_list())


def database(testbed):
    """All that it has, as text, with the bodies."""
    dump = subprocess.run([POSTGRES_BIN / "pg_dump", "-h", str(testbed.postgres.folder), "-U", "postgres", "--data-only", "crisiscover"], env=environment(),
                          capture_output=True, check=True).stdout
    return dump + b"".join(bytes(row[0]) for row in testbed.sql("select bytes from crisiscover.body where bytes is not null"))


def whole(feed):
    return feed.asked - feed.not_modified


def kept(testbed, body):
    found = testbed.sql("select bytes, size from crisiscover.body where sha256 = %s", hashlib.sha256(body).digest())
    return None if not found or found[0][0] is None else bytes(found[0][0])


def is_lessened(testbed, body):
    stored = kept(testbed, body)
    return stored is not None and not any(word.encode() in stored for word in PRIVATE) and stored.count(b"\n") == body.count(b"\n")


def test_u90_descriptions_alarms_addresses_and_reasons_are_not_kept(testbed):
    fetched, sent = told("Jo Jones", "theirs"), told("Sam Ahmed", "mine")
    testbed.publisher.publish("amhp", fetched)
    testbed.publisher.publish("leave", away())
    region = small(testbed.publisher)
    region["rotas"].append({"id": LEAVE, "organisation": "ZFC", "absences": True,
                            "source": {"kind": "ical_url", "url": testbed.publisher.url("leave"), "every_minutes": 60}})
    region["rotas"].append({"id": LEAVE_LIST, "organisation": "ZFC", "absences": True, "source": {"kind": "file"}})
    testbed.start(region)
    wait_until(lambda: on(testbed) == ["Jo Jones"], 20, "the feed was read")
    leave = "select class, person, starts_at, ends_at from crisiscover.shift_current where rota = %s order by starts_at, person"
    wait_until(lambda: len(testbed.sql(leave, LEAVE)) == 2, 20, "the leave was read")
    taken = testbed.sql(leave, LEAVE)
    assert {(cls, who) for cls, who, *_ in taken} == {("absence", "kim-lee"), ("absence", "tess-osei")}
    stored = database(testbed)
    assert b"Kim Lee" in stored and not [reason for reason in REASONS if reason.encode() in stored]
    assert is_lessened(testbed, fetched), kept(testbed, fetched)
    shifts = testbed.sql("select key, class, person, title, starts_at, ends_at from crisiscover.shift_current order by 1")

    # What is kept reads the same: it is read again after a decision, and no shift is another one.
    read_again(testbed, ROTA, "zog")
    assert testbed.sql("select key, class, person, title, starts_at, ends_at from crisiscover.shift_current order by 1") == shifts
    # Of leave there is nothing more to be read again: it is fetched whole.
    asked = whole(testbed.publisher.feeds["leave"])
    testbed.crisiscover("decide", LEAVE, "--word", "hip", "--means", "nothing")
    wait_until(lambda: whole(testbed.publisher.feeds["leave"]) > asked, 20, "it was asked for, and not only whether it has changed")
    assert testbed.sql(leave, LEAVE) == taken
    assert not [reason for reason in REASONS if reason.encode() in database(testbed)]
    assert testbed.sql("select body from crisiscover.feed where rota = %s", ROTA)[0][0].tobytes() == hashlib.sha256(fetched).digest()

    # A list of leave that was sent is reduced, too, and it is read again from that.
    listed = leave_list()
    put(testbed, LEAVE_LIST, listed)
    taken = testbed.sql(leave, LEAVE_LIST)
    assert {(cls, who) for cls, who, *_ in taken} == {("absence", "kim-lee"), ("absence", "tess-osei")}
    assert not [reason for reason in REASONS if reason.encode() in database(testbed)], kept(testbed, listed)
    read_again(testbed, LEAVE_LIST, "zog")
    assert testbed.sql(leave, LEAVE_LIST) == taken
    leave_that_is_hard_to_keep(testbed)

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
