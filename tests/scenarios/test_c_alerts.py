# SPDX-License-Identifier: MIT
"""Receivers of flags, how often they are called, and how far up the ladder: one dead feed, thirty placeholders, a feed that
flaps, a gap that nobody acknowledges."""

import json
from datetime import timedelta

import pytest

from regions import ALWAYS, HOUR, Event, calendar, instant, now, rfc3339, round_the_clock, small, today
from servers import Process, wait_until

ROTA = "fenmere-amhp-duty"
CALLS = ("opened", "changed", "started", "reminder", "feed_stale")


def requirement(id, place="X06000001", **more):
    return {"id": id, "place": place, "function": "amhp", "count": 1, "hours": ALWAYS, **more}


def only_amhp(publisher, requirements, **more):
    """The small region with these requirements and nothing for the other function."""
    region = small(publisher, requirements=requirements, **more)
    region["services"] = region["services"][:1]
    return region


class Watch:
    """crisiscover watch as its user would run it."""

    def __init__(self, testbed, name, *options):
        argv = [testbed.release.client, "watch", "--json", *options]
        self.process = Process(name, argv, testbed.folder, testbed.environment)
        testbed.processes.append(self.process)
        wait_until(lambda: "listening" in self.process.log.read_text(), 10, "watch listened")

    @property
    def flags(self):
        return [json.loads(line) for line in self.process.log.read_text().splitlines() if line.startswith("{")]

    @property
    def calls(self):
        return [flag for flag in self.flags if flag["kind"] in CALLS]


def start(testbed, region, events):
    testbed.publisher.publish("amhp", calendar(events))
    testbed.start(region)
    wait_until(lambda: testbed.now("X06000001")["state"] == "covered", 15, "the feed was read and swept")


def open_gaps(testbed, query=""):
    return testbed.get(f"/v1/gaps?state=open&limit=1000{query}").json["gaps"]


@pytest.mark.holds("H15.1")
def test_c20_a_feed_that_dies_for_forty_requirements_calls_once(testbed):
    places = [{"code": f"ZED{number:02}", "name": f"Hospital {number}", "kind": "emergency_department"} for number in range(20, 40)]
    region = small(testbed.publisher)
    region["places"] += places
    region["services"] = region["services"][:1]
    region["services"][0]["places"] += [place["code"] for place in places]
    region["requirements"] = [requirement(f"R{number:02}-{twice}", f"ZED{number:02}") for number in range(20, 40) for twice in "ab"]
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(region)
    wait_until(lambda: testbed.now("ZED20")["state"] == "covered", 15, "the feed was read and swept")
    # The time after one feed's last entry is one group too.
    wait_until(lambda: len(open_gaps(testbed)) == 40, 10, "the gaps beyond the horizon were there")
    assert {gap["group"] for gap in open_gaps(testbed)} == {f"{ROTA}.past_horizon"}

    everything, one_place = Watch(testbed, "watch-all", "--group"), Watch(testbed, "watch-one", "--place", "ZED33")
    listener = testbed.listen("crisiscover:flags:ZED33")
    testbed.publisher.feeds["amhp"].mode = 503
    testbed.sql("update feed set last_good_at = last_good_at - interval '7 hours' where rota = %s", ROTA)
    testbed.wait_role_back("feeds", testbed.kill_role("feeds"))
    wait_until(lambda: len([gap for gap in open_gaps(testbed) if gap["group"] == f"{ROTA}.source_unknown"]) == 40, 20, "forty requirements could not be confirmed")
    head = testbed.get("/v1/gaps?limit=1").json["as_of"]
    wait_until(lambda: testbed.redis_client().get("crisiscover:flags:head"), 15, "the flags were told")
    wait_until(lambda: everything.calls and one_place.calls and listener.heard, 10, "everybody had heard")
    # Each place's channel has the flags of its own two requirements, whichever gap leads the group.
    told = [flag for flag in testbed.get("/v1/flags?after=1-0&limit=1000").json["flags"] if flag.get("group") == f"{ROTA}.source_unknown"]
    assert len({flag["gap"] for flag in told}) == 40 and head
    wait_until(lambda: len({flag["requirement"] for flag in listener.heard if flag.get("group") == f"{ROTA}.source_unknown"}) == 2, 10, "the place's channel had both")
    wait_until(lambda: any(flag["kind"] == "feed_stale" for flag in everything.calls), 10, "the feed itself was told of")
    assert len(everything.calls) <= 3, everything.calls
    assert [flag["kind"] for flag in everything.calls if flag["kind"] == "feed_stale"] == ["feed_stale"]

    # One line in every list, and one word for all of them.
    grouped = testbed.get("/v1/gaps?grouped=1").json
    group, = [one for one in grouped["groups"] if one["cause_code"] == "source_unknown"]
    assert (group["rota"], group["count"], len(group["members"]), grouped["gaps"]) == (ROTA, 40, 40, [])
    assert group["lead"]["lead"] and sum(gap["lead"] for gap in open_gaps(testbed)) == len(grouped["groups"])
    answer = testbed.post(f"/v1/gaps/{group['lead']['id']}/acknowledge", {"note": "The council's IT knows", "group": True}).json
    assert answer["members"] == 40
    wait_until(lambda: all(gap["acknowledged_by"] for gap in open_gaps(testbed)), 5, "all were taken on")
    listing = [line for line in testbed.crisiscover("gaps", "--group").stdout.splitlines() if not line.startswith("NOTE: ")]
    assert len(listing) == len(grouped["groups"]) and "40 gaps" in listing[0], listing


@pytest.mark.holds("H15.1")
def test_c21_thirty_placeholders_in_an_hour_call_three_times_at_most(testbed):
    events = round_the_clock(days=45)
    ahead = [event for event in events if event.start > now() + HOUR]
    start(testbed, only_amhp(testbed.publisher, [requirement("R01")]), events)
    watch, struck = Watch(testbed, "watch", "--group"), set()
    # Every other shift; the far ones first, the last ones within the fortnight, few enough that nobody must look at the file.
    for batch in (ahead[54:78:2], ahead[30:54:2], ahead[0:12:2]):
        struck |= {event.uid for event in batch}
        testbed.publisher.publish("amhp", calendar([Event(event.uid, event.start, event.end, "AMHP – TBC" if event.uid in struck else event.title)
                                                  for event in events]))
        testbed.refresh(ROTA)
        wait_until(lambda: len({gap["start"] for gap in open_gaps(testbed) if gap["cause_code"] == "undecided"}) == len(struck), 10, "the holes were there")
    wait_until(lambda: watch.calls, 10, "somebody was called")
    told = testbed.get("/v1/flags?after=1-0&limit=1000").json["flags"]
    of_rota = [flag for flag in told if flag.get("group") == f"{ROTA}.undecided"]
    ids = {flag["gap"] for flag in of_rota}
    open_now = {gap["id"] for gap in open_gaps(testbed) if gap["cause_code"] == "undecided"}
    assert open_now == ids and len({gap["start"] for gap in open_gaps(testbed) if gap["id"] in ids}) == 30, "each has a flag of its own"
    last = told[-1]["id"]
    wait_until(lambda: testbed.get(f"/v1/flags?after={last}").json["flags"] == [], 5, "nothing more came")
    calls = [flag for flag in watch.calls if flag.get("group") == f"{ROTA}.undecided"]
    assert 1 <= len(calls) <= 3, calls
    # The first of the urgent ones was called for, though others of its group had been before.
    assert calls[-1]["severity"] == "high"


@pytest.mark.holds("H15.2")
def test_c22_a_feed_that_flaps_opens_its_gap_twice_an_hour(testbed):
    events = round_the_clock()
    gone = [event for event in events if event.start > now() + HOUR][4]
    start(testbed, only_amhp(testbed.publisher, [requirement("R01")]), events)
    listener = testbed.listen("crisiscover:flags:X06000001")
    there, missing = calendar(events), calendar([event for event in events if event is not gone])

    def is_open():
        return [gap["id"] for gap in open_gaps(testbed, "&place=X06000001&within=false") if gap["start"] == rfc3339(gone.start) and not gap["closed_at"]]

    def is_held():
        return [(gap["id"], gap["why_closed"], gap["told"]) for gap in open_gaps(testbed, "&place=X06000001&within=false") if gap["settles_at"]]

    seen = set()
    for _ in range(5):
        testbed.publisher.publish("amhp", missing)
        testbed.refresh(ROTA)
        seen |= set(wait_until(is_open, 10, "the gap was in the list at once"))
        testbed.publisher.publish("amhp", there)
        testbed.refresh(ROTA)
        wait_until(lambda: not is_open(), 10, "and gone at once")
    assert len(seen) == 1
    gap, = seen
    steps = [step for (step,) in testbed.sql("select step from gap_event where gap = %s order by id", gap)]
    assert steps == ["opened", "closed"] + ["reopened", "closed"] * 4
    wait_until(lambda: len(listener.of(gap=gap)) >= 3, 10, "it was told")
    assert [flag["kind"] for flag in listener.of(gap=gap)] == ["opened", "closed", "opened"]
    # Nobody was told that it is filled, and it may open again without a flag: a subscriber that begins with the list finds it there.
    assert is_held() == [(gap, "filled", True)]
    assert gap not in str(testbed.get("/v1/gaps?grouped=1").json)
    # Ten minutes of peace later: one word that it is over.
    testbed.sql("update gap set settle_at = clock_timestamp() where id = %s", gap)
    wait_until(lambda: [flag["kind"] for flag in listener.of(gap=gap)] == ["opened", "closed", "opened", "closed"], 15, "it was told closed, once")
    wait_until(lambda: not is_held(), 10, "and is in no list any more")


NIGHTS = [{"days": ["all"], "from": "20:00", "to": "08:00"}]


def with_two_rotas(publisher):
    """Nights at a council, at a hospital in it, and at a hospital of another rota."""
    region = only_amhp(publisher, [requirement("R01", hours=NIGHTS), requirement("R02", "ZED01", hours=NIGHTS), requirement("R03", "ZED02", hours=NIGHTS)])
    region["places"].append({"code": "ZED02", "name": "Alder Vale Hospital", "kind": "emergency_department"})
    region["services"].append({**region["services"][0], "id": "alder-amhp", "name": "Alder AMHP duty", "places": ["ZED02"]})
    region["rotas"].append({"id": "alder.duty", "service": "alder-amhp", "tier": 1,
                            "source": {"kind": "ical_url", "url": publisher.url("alder"), "every_minutes": 1}})
    return region


@pytest.mark.holds("H15.1")
def test_c26_a_rota_that_is_not_filled_for_three_months_is_one_matter(testbed):
    begins, ends = today() + timedelta(days=4, hours=8), today() + timedelta(days=94, hours=8)
    events = round_the_clock(days=100)
    filled = [event for event in events if not begins <= event.start < ends]
    # The other rota is empty over the same time, but for one day on which somebody is on: two runs.
    between = [event for event in events if begins + timedelta(days=40) <= event.start < begins + timedelta(days=41)]
    testbed.publisher.publish("amhp", calendar(filled))
    testbed.publisher.publish("alder", calendar(filled + between))
    testbed.start(with_two_rotas(testbed.publisher))

    def empty_gaps(rota):
        return [gap for gap in open_gaps(testbed) if (gap["group"] or "").startswith(f"{rota}.empty")]

    def matters(rota):
        return {gap["group"] for gap in empty_gaps(rota)}

    wait_until(lambda: len(empty_gaps(ROTA)) == 180 and len(empty_gaps("alder.duty")) == 89, 30, "each night at each place was a gap")
    assert len(matters(ROTA)) == 1 and len(matters("alder.duty")) == 2

    # Every gap has its flag; people are called once for each matter.
    def told():
        return [flag for flag in testbed.get("/v1/flags?after=0-0&limit=1000").json["flags"] if ".empty" in flag.get("group", "")]

    wait_until(lambda: len({flag["gap"] for flag in told()}) == 269, 15, "all flags were told")
    called = [flag for flag in told() if flag["kind"] in CALLS and flag["lead"]]
    assert sorted(flag["members"] for flag in called) == sorted([180] + [len([gap for gap in empty_gaps("alder.duty") if gap["group"] == group])
                                                                         for group in matters("alder.duty")]), called

    # One line in every list, with how many; taken on in one word.
    group, = [one for one in testbed.get("/v1/gaps?grouped=1").json["groups"] if one["rota"] == ROTA and one["cause_code"] == "silent"]
    assert (group["count"], group["awaiting"], len(group["members"]), group["lead"]["lead"]) == (180, 180, 180, True)
    listing = testbed.crisiscover("gaps", "--group").stdout
    assert f"(180 gaps: {group['group']})" in listing, listing
    answer = testbed.crisiscover("acknowledge", group["lead"]["id"], "--group", "--note", "The agency sends somebody")
    assert "taken on: 180 gaps" in answer.stdout, answer
    wait_until(lambda: all(gap["acknowledged_by"] and gap["next_alert_at"] is None for gap in empty_gaps(ROTA)), 10, "all were taken on")
    assert not any(gap["acknowledged_by"] for gap in empty_gaps("alder.duty"))

    # One night is filled, at both places: its two gaps close, each with a word of its own, and nothing else moves.
    before, last = {gap["id"]: gap for gap in empty_gaps(ROTA)}, testbed.get("/v1/gaps?limit=1").json["as_of"]
    # An hour longer at both ends, so that it is the whole night by London's clocks in summer too.
    night = [Event(event.uid, event.start - HOUR, event.end + HOUR, event.title)
             for event in events if event.start == begins + timedelta(days=50, hours=12)]
    testbed.publisher.publish("amhp", calendar(sorted(filled + night, key=lambda event: event.start)))
    testbed.refresh(ROTA)
    wait_until(lambda: len(empty_gaps(ROTA)) == 178, 15, "the night was filled")
    after = {gap["id"]: gap for gap in empty_gaps(ROTA)}
    assert set(after) < set(before) and all({**after[id], "lead_minutes": 0} == {**before[id], "lead_minutes": 0} for id in after)
    gone = set(before) - set(after)
    wait_until(lambda: {flag["gap"] for flag in testbed.get(f"/v1/flags?after={last}").json["flags"] if flag["kind"] == "closed"} == gone, 10, "both were told closed")
    assert {flag["kind"] for flag in testbed.get(f"/v1/flags?after={last}").json["flags"] if flag.get("group") == group["group"]} == {"closed"}


LADDER = [{"to": "owner", "lead_hours": 336}, {"to": "deputy", "lead_hours": 200}, {"to": "commissioner", "lead_hours": 1}]


@pytest.fixture
def laddered(testbed):
    events = round_the_clock()
    gone = [event for event in events if event.start > now() + 30 * HOUR][0]
    accounts = [{"name": "fenmere-rotas", "kind": "person", "role": "rota_manager", "organisation": "ZFC"},
                {"name": "dora-deputy", "kind": "person", "role": "viewer"},
                {"name": "a-viewer", "kind": "person", "role": "viewer"},
                {"name": "fenmere-icb", "kind": "person", "role": "commissioner"}]
    region = only_amhp(testbed.publisher, [requirement("R01", alerts=LADDER, deputy="dora-deputy", commissioner="fenmere-icb",
                                                     severity={"critical_hours": 2, "high_hours": 100})], accounts=accounts)
    testbed.publisher.publish("amhp", calendar([event for event in events if event is not gone]))
    testbed.start(region)
    return testbed, events, gone


def the_gap(testbed, gone, place="X06000001"):
    return next((gap for gap in open_gaps(testbed, f"&place={place}") if gap["start"] == rfc3339(gone.start)), None)


@pytest.mark.holds("H06.3")
def test_c23_a_gap_that_nobody_takes_on_is_told_to_one_after_the_other(laddered):
    testbed, _, gone = laddered
    gap = wait_until(lambda: the_gap(testbed, gone), 15, "the gap was there")
    assert [(alert["to"], alert["who"], alert["sent"]) for alert in gap["alerts"]] == [
        ("owner", "ZFC", True), ("deputy", "dora-deputy", True), ("commissioner", "fenmere-icb", False)]
    assert (gap["owner"], gap["severity"]) == ("ZFC", "high")
    assert gap["next_alert_at"] == gap["alerts"][2]["at"] == rfc3339(gone.start - HOUR + timedelta(seconds=1))
    told = [flag for flag in testbed.get("/v1/flags?after=0-0&limit=1000").json["flags"] if flag.get("gap") == gap["id"]]
    assert [(flag["kind"], flag["to"]) for flag in told] == [("opened", "deputy")]

    # Those whom the requirement names may acknowledge it, whatever else the account may not do; nobody else may.
    viewer, deputy = testbed.sign_in("a-viewer", "viewer"), testbed.sign_in("dora-deputy", "viewer")
    path = f"/v1/gaps/{gap['id']}/acknowledge"
    assert testbed.post(path, {"note": "no"}, token=viewer).status == 403
    assert testbed.post(path, {"note": "The bank has been asked"}, token=deputy).json["changed"]
    gap = wait_until(lambda: (lambda one: one if one["acknowledged_by"] else None)(the_gap(testbed, gone)), 5, "it was taken on")
    assert (gap["acknowledged_by"], gap["note"], gap["next_alert_at"]) == ("dora-deputy", "The bank has been asked", None)


def test_c24_closed_gaps_stay_in_the_record_with_who_and_why(laddered):
    testbed, events, gone = laddered
    listener = testbed.listen()
    gap = wait_until(lambda: the_gap(testbed, gone), 15, "the gap was there")
    testbed.post(f"/v1/gaps/{gap['id']}/acknowledge", {"note": "Bank"})
    testbed.publisher.publish("amhp", calendar(events))
    testbed.refresh(ROTA)
    wait_until(lambda: listener.of(gap=gap["id"], kind="closed"), 10, "it was told closed")

    def closed(query=""):
        return testbed.get(f"/v1/gaps?state=closed{query}").json

    found = wait_until(lambda: [one for one in closed()["gaps"] if one["id"] == gap["id"]], 5, "it was in the record")[0]
    assert (found["why_closed"], found["passed"], found["acknowledged_by"], found["note"], found["severity"]) == ("filled", False, "administrator", "Bank", "high")
    assert found["opened_at"] <= found["changed_at"] and instant(found["closed_at"]) <= now() + timedelta(seconds=2)
    window = f"&from={rfc3339(gone.start)}&to={rfc3339(gone.end)}"
    assert gap["id"] in [one["id"] for one in closed(window)["gaps"]]
    assert closed(f"&from={rfc3339(gone.end + HOUR)}&to={rfc3339(gone.end + 2 * HOUR)}")["gaps"] == []
    # Page by page it is the same list, and each page says what it takes account of.
    whole = testbed.get("/v1/gaps?state=all&limit=1000").json["gaps"]
    pages, cursor = [], ""
    while cursor is not None:
        page = testbed.get(f"/v1/gaps?state=all&limit=1{cursor and '&cursor=' + cursor}").json
        assert page["as_of"].count("-") == 1
        pages += page["gaps"]
        cursor = page["next_cursor"]
    assert [one["id"] for one in pages] == [one["id"] for one in whole] and len(pages) >= 2
    assert "filled" in testbed.crisiscover("gaps", "--state", "closed").stdout


@pytest.mark.holds("H16.3")
def test_c25_what_is_covered_and_fragile_is_said_and_is_no_gap(testbed):
    events = round_the_clock(who=[("jo-jones", "Jo Jones"), ("sam-ahmed", "Sam Ahmed")])
    other = [Event("elsewhere", today() - HOUR * 24, today() + timedelta(days=20), "Liaison – Jo Jones")]
    testbed.publisher.publish("amhp", calendar(events))
    testbed.publisher.publish("liaison", calendar(other))
    region = small(testbed.publisher, requirements=[requirement("R01", handover_minutes=15)])
    region["places"].append({"code": "ZED09", "name": "Northgate", "kind": "emergency_department"})
    region["services"][1]["places"] = ["ZED09"]
    region["rotas"].append({"id": "liaison", "service": "oswins-liaison", "tier": 1,
                            "source": {"kind": "ical_url", "url": testbed.publisher.url("liaison")}})
    testbed.start(region)
    wait_until(lambda: testbed.now("X06000001")["state"] == "covered", 15, "the feed was read and swept")
    window = f"from={rfc3339(now())}&to={rfc3339(now() + timedelta(days=2))}"

    def warnings():
        return testbed.get(f"/v1/coverage?place=X06000001&within=false&{window}").json["warnings"]

    kinds = wait_until(lambda: (lambda found: found if {one["kind"] for one in found} == {"two_places", "no_handover"} else None)(warnings()), 10,
                       "both were warned of")
    apart = [one for one in kinds if one["kind"] == "two_places"]
    assert {(one["rota"], one["other_rota"]) for one in apart} == {(ROTA, "liaison")} and all("Jo" not in one["text"] for one in kinds)
    jo = [event for event in events if "Jo" in event.title and event.end > now() and event.start < now() + timedelta(days=2)]
    assert len(apart) == len(jo)
    # Said of this moment where it is so at this moment.
    here = testbed.now("X06000001")
    expected = "two_places" in [one["kind"] for one in here["warnings"]]
    assert expected == any(event.start <= now() < event.end for event in jo)
    printed = testbed.crisiscover("gaps", "--place", "X06000001").stdout
    assert "fragile, or to be looked at:" in printed and "two_places" in printed
    assert testbed.get(f"/v1/gaps?place=X06000001&{window}").json["gaps"] == []

    # A source that nobody could check for two hours: covered, and said to rest on it.
    testbed.publisher.feeds["amhp"].mode = 503
    testbed.sql("update feed set last_good_at = last_good_at - interval '2 hours', updated_at = clock_timestamp() where rota = %s", ROTA)
    wait_until(lambda: "stale_source" in [one["kind"] for one in testbed.now("X06000001")["warnings"]], 10, "it was said what the cover rests on")
    assert testbed.now("X06000001")["state"] == "covered"
