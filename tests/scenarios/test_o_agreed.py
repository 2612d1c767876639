# SPDX-License-Identifier: MIT
"""What people agree among themselves: a swap across organisations, and leave with a gap, by the calendar and the command line."""

import pytest

from regions import HOUR, PEOPLE, Event, calendar, now, rfc3339, round_the_clock, small
from servers import wait_until
from test_e_events import Stream

ROTA = "fenmere-amhp-duty"
LEE = {"id": "lee-park", "name": "Lee Park", "organisation": "ZAV", "roles": ["amhp"]}


def agreed(testbed):
    """The small region with its feed read, somebody of another organisation who holds the function, and accounts of people. Answers the shift after
    the next, and who has it."""
    events = round_the_clock()
    testbed.publisher.publish("amhp", calendar(events))
    region = small(testbed.publisher)
    region["people"].append(LEE)
    nth = next(number for number, event in enumerate(events) if event.start <= now() < event.end) + 2
    person, name = PEOPLE[nth % 4]
    region["accounts"] += [
        {"name": "giver", "kind": "person", "role": "viewer", "organisation": "ZFC", "person": person},
        {"name": "lee", "kind": "person", "role": "viewer", "organisation": "ZAV", "person": "lee-park"},
        {"name": "alder-rotas", "kind": "person", "role": "rota_manager", "organisation": "ZAV"}]
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    return events, nth, person, name


def says(testbed, events, nth, name):
    """The calendar now has ${name} on that shift."""
    events = list(events)
    events[nth] = Event(events[nth].uid, events[nth].start, events[nth].end, f"AMHP – {name}")
    testbed.publisher.publish("amhp", calendar(events))
    testbed.refresh(ROTA)


@pytest.mark.holds("H01.3")
def test_o27_a_swap_across_organisations_into_the_feed_and_into_dispute(testbed):
    events, nth, person, name = agreed(testbed)
    shift = events[nth]
    giver, lee, alder = (testbed.sign_in(account, role)
                         for account, role in (("giver", "viewer"), ("lee", "viewer"), ("alder-rotas", "rota_manager")))
    dry = testbed.crisiscover("swap", "offer", ROTA, "lee-park", "--gives", person, "--from", rfc3339(shift.start), "--to", rfc3339(shift.end),
                              "--dry-run").stdout
    assert "gives it to Lee Park" in dry and "Nothing was written" in dry, dry
    offer = testbed.post("/v1/swaps", {"rota": ROTA, "takes": "lee-park", "start": rfc3339(shift.start), "end": rfc3339(shift.end)}, token=giver)
    assert offer.status == 201, offer
    number = offer.json["id"]

    def state(token="own"):
        return testbed.get(f"/v1/swaps/{number}", token=token).json["state"]

    def on():
        return [one["name"] for one in testbed.now(at=shift.start + HOUR)["on_call"]]

    # Both sides see it, and nothing has changed.
    assert state(alder) == state(lee) == state() == "offered" and on() == [name]
    assert testbed.get(f"/v1/swaps/{number}", token=testbed.sign_in("st-oswins-ed", "viewer")).status == 404
    accepted = testbed.post(f"/v1/swaps/{number}/accept", {}, token=lee)
    assert accepted.status == 200, accepted
    wait_until(lambda: on() == ["Lee Park"], 5, "who takes it was on")
    source = testbed.now(at=shift.start + HOUR)["on_call"][0]["source"]
    assert source["override"] is True and source["text"].endswith(f"the calendar still says {name}.")
    assert [one["start"] for one in testbed.get("/v1/me/shifts", token=lee).json["shifts"]] == [rfc3339(shift.start)]
    # The calendar catches up.
    says(testbed, events, nth, "Lee Park")
    wait_until(lambda: state(giver) == "in_feed", 15, "the calendar has caught up")
    wait_until(lambda: testbed.now(at=shift.start + HOUR)["on_call"][0]["source"]["override"] is False, 10, "no override was needed")
    assert on() == ["Lee Park"]
    # It names a third person: nobody is said to be on, neither of two as if both were true.
    third = PEOPLE[(nth + 1) % 4][1]
    says(testbed, events, nth, third)
    wait_until(lambda: state(lee) == state(alder) == "disputed", 15, "the calendar names a third person")
    wait_until(lambda: testbed.now(at=shift.start + HOUR)["state"] == "unknown" and on() == [], 10, "nobody was on for certain")
    shown = testbed.crisiscover("swap", "show", str(number)).stdout
    assert [step for step in ("offered by giver", "accepted by lee, who takes it", "in the calendar", "disputed") if step not in shown] == [], shown
    # A manager takes it back, and what the calendar says counts.
    testbed.crisiscover("swap", "withdraw", str(number), "--reason", "the calendar is right")
    wait_until(lambda: on() == [third], 5, "the calendar counts")
    assert state(giver) == "withdrawn"


def test_o28_leave_with_a_gap_is_acknowledged_by_who_approved_it(testbed):
    events, nth, person, name = agreed(testbed)
    shift = events[nth]
    flags = testbed.listen()
    giver = testbed.sign_in("giver", "viewer")
    manager, own, others = Stream(testbed), Stream(testbed, token=giver), Stream(testbed, token=testbed.sign_in("alder-rotas", "rota_manager"))
    times = {"start": rfc3339(shift.start), "end": rfc3339(shift.end)}
    asked = testbed.post("/v1/leave", times, token=giver)
    assert asked.status == 201, asked
    number = str(asked.json["id"])
    # Who decides hears that there is something to decide, and neither who nor when.
    assert manager.wait("leave", leave=int(number)) == {"leave": int(number), "state": "requested"}
    own.wait("leave", leave=int(number), state="requested")
    assert testbed.post(f"/v1/leave/{number}/approve", {}, token=giver).status == 403
    dry = testbed.crisiscover("leave", "approve", number, "--dry-run").stdout
    assert "It leaves a gap" in dry and "could stand in" in dry and "Nothing was written" in dry, dry
    refused = testbed.crisiscover("leave", "approve", number, check=False)
    assert refused.returncode == 1 and "$.gap_reason" in refused.stderr, refused.stderr
    assert testbed.now(at=shift.start + HOUR)["state"] == "covered"
    testbed.crisiscover("leave", "approve", number, "--gap-reason", "nobody is free, EDT is told")

    def gap():
        gaps = testbed.get(f"/v1/gaps?place=X06000001&function=amhp&to={rfc3339(shift.end)}").json["gaps"]
        return next((one for one in gaps if one["start"] == rfc3339(shift.start) and one["requirement"] == "R01"), {})

    shown = testbed.crisiscover("leave", "show", number).stdout
    assert "decided by administrator" in shown and "no worse" not in shown and "Nothing was written" not in shown, shown
    wait_until(lambda: gap().get("acknowledged_by") == "administrator", 15, "the gap opened, and is whose who approved")
    assert gap()["state"] == "gap" and gap()["note"] == "nobody is free, EDT is told"
    # Others hear of it as of any gap, and then that somebody deals with it.
    wait_until(lambda: [flag["kind"] for flag in flags.of(gap=gap()["id"])] == ["opened", "acknowledged"], 10, "both were told")
    listed = testbed.crisiscover("leave", "needs-cover").stdout
    assert ROTA in listed and name in listed
    fairness = testbed.crisiscover("fairness", ROTA).stdout
    assert "bank holidays" in fairness and all(name in fairness for _, name in PEOPLE), fairness
    # Taken back, the person is on again and the gap is closed.
    own.wait("leave", leave=int(number), state="approved")
    testbed.crisiscover("leave", "withdraw", number)
    manager.wait("leave", leave=int(number), state="withdrawn")
    assert others.of("leave") == []
    wait_until(lambda: [one["name"] for one in testbed.now(at=shift.start + HOUR)["on_call"]] == [name] and gap() == {}, 15, "the gap was closed")
