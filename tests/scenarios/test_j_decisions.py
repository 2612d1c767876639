# SPDX-License-Identifier: MIT
"""Decisions of a rota manager about titles and names: stored, shown and undone; no other account may make them."""

import json
from datetime import timedelta

import pytest

from regions import HOUR, Event, calendar, in_zone, now, round_the_clock, small, today
from servers import wait_until

ROTA = "fenmere-amhp-duty"
PATH = f"/v1/rotas/{ROTA}/decisions"


def two_jjs(publisher):
    """The small region, in which JJ may be two people, with a rota manager of the other organisation."""
    region = small(publisher)
    region["people"].append({"id": "jan-joyce", "name": "Jan Joyce", "organisation": "ZFC", "roles": ["amhp"]})
    region["people"].append({"id": "far-away", "name": "Far Away", "organisation": "ZAV", "roles": []})
    region["accounts"].append({"name": "alder-rotas", "kind": "person", "role": "rota_manager", "organisation": "ZAV"})
    return region


def manager(testbed, account="fenmere-rotas"):
    """A token of an account as the region file has it."""
    answer = testbed.post(f"/v1/accounts/{account}/tokens", {})
    assert answer.status == 201, answer
    token = answer.json["token"]
    wait_until(lambda: testbed.get("/v1/me", token=token).status == 200, 10, "the token was known")
    return token


def on_call(testbed):
    return [(one["name"], one["source"]["rota"]) for one in testbed.now()["on_call"]]


def one_title(title):
    """The same title round the clock."""
    return calendar(round_the_clock(title=title, who=[("", "")]))


def started(testbed, body):
    testbed.publisher.publish("amhp", body)
    testbed.start(two_jjs(testbed.publisher))
    wait_until(lambda: testbed.feed(ROTA)["state"] == "good" and testbed.now()["state"] == "unknown", 15, "the feed was read, and nobody knows who it means")
    return manager(testbed)


@pytest.mark.holds("H11.1")
def test_j01_initials_of_two_people_count_for_whom_the_manager_says_and_no_longer_when_he_takes_it_back(testbed):
    mine = started(testbed, one_title("JJ"))
    asked = testbed.publisher.feeds["amhp"].asked
    seen = testbed.get(PATH, token=mine).json
    assert seen["decisions"] == [] and seen["may_change"] and seen["undecided_titles"] == 1
    title = seen["undecided"][0]
    assert title["title"] == "JJ" and title["count"] > 50
    assert [one["id"] for one in title["candidates"][:2]] == ["jan-joyce", "jo-jones"]
    assert "far-away" not in [one["id"] for one in seen["people"]]

    made = testbed.post(PATH, {"alias": "JJ", "person": "jan-joyce"}, token=mine)
    assert made.status == 201, made
    wait_until(lambda: testbed.now()["state"] == "covered", 10, "the stored calendar was read again by the decision")
    assert on_call(testbed) == [("Jan Joyce", ROTA)]
    decision, = testbed.get(PATH, token=mine).json["decisions"]
    assert (decision["alias"], decision["person"], decision["name"], decision["by"]) == ("JJ", "jan-joyce", "Jan Joyce", "fenmere-rotas")
    assert decision["stands"] and decision["id"] == made.json["id"]

    # The other JJ in the place of the first, and the same again, which changes nothing.
    other = testbed.post(PATH, {"alias": "jj", "person": "jo-jones"}, token=mine).json["id"]
    assert testbed.post(PATH, {"alias": "JJ ", "person": "jo-jones"}, token=mine).json["id"] == other
    wait_until(lambda: on_call(testbed) == [("Jo Jones", ROTA)], 10, "the later decision counts")
    assert [one["id"] for one in testbed.get(PATH, token=mine).json["decisions"]] == [other]

    assert testbed.request("DELETE", f"{PATH}/{other}", token=mine).status == 204
    wait_until(lambda: testbed.now()["state"] == "unknown", 10, "what is taken back no longer counts")
    assert testbed.request("DELETE", f"{PATH}/{other}", token=mine).status == 404
    assert on_call(testbed) == [] and testbed.get(PATH, token=mine).json["decisions"] == []
    assert testbed.sql("select actor, action, detail->>'person' from audit where action like 'decision%%' order by id") == [
        ("fenmere-rotas", "decision_made", "jan-joyce"), ("fenmere-rotas", "decision_made", "jo-jones"),
        ("fenmere-rotas", "decision_withdrawn", None)]
    assert testbed.sql("select person, known_to <> 'infinity', decided_by, ended_by from decision order by id") == [
        ("jan-joyce", True, "fenmere-rotas", "fenmere-rotas"), ("jo-jones", True, "fenmere-rotas", "fenmere-rotas")]
    assert testbed.publisher.feeds["amhp"].asked > asked, "the address was asked as well"


def test_j02_an_unknown_title_counts_once_it_is_decided_whatever_number_stands_in_it(testbed):
    mine = started(testbed, one_title("AMHP – Zed 07700 900123"))
    title = testbed.get(PATH, token=mine).json["undecided"][0]["title"]
    assert title == "AMHP - Zed", "as it is shown, without the number"
    for_zed = {"title": title, "reads": "named", "person": "sam-ahmed"}
    assert testbed.post(PATH, for_zed, token=mine).status == 201
    wait_until(lambda: testbed.now()["state"] == "covered", 10, "it counts")
    assert on_call(testbed) == [("Sam Ahmed", ROTA)]
    testbed.post(PATH, {"title": title, "reads": "nobody"}, token=mine)
    wait_until(lambda: testbed.now()["state"] == "gap", 10, "nobody is on by this title")
    assert testbed.sql("select title from shift where rota = %s and known_to = 'infinity' group by title", ROTA) == [(title,)]
    # A restart of the role that reads forgets nothing.
    testbed.wait_role_back("feeds", testbed.kill_role("feeds"))
    testbed.post(PATH, for_zed, token=mine)
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the new process reads by the decisions too")


def test_j03_nobody_else_decides_and_nothing_that_could_not_stand_is_kept(testbed):
    mine = started(testbed, one_title("TBC"))
    other, viewer = manager(testbed, "alder-rotas"), manager(testbed, "st-oswins-ed")
    decision = {"alias": "JJ", "person": "jo-jones"}
    for token in (other, viewer, manager(testbed, "fenmere-icb")):
        assert testbed.post(PATH, decision, token=token).status == 403
        assert testbed.get(PATH, token=token).status == 403
        assert testbed.request("DELETE", f"{PATH}/1", token=token).status == 403
    assert testbed.post(PATH, decision, token=None).status == 401
    assert testbed.post("/v1/rotas/nowhere/decisions", decision, token=mine).status == 404
    upload = testbed.post(f"/v1/rotas/{ROTA}/imports", one_title("JJ"), token=mine, content_type="text/calendar").json["id"]
    wait_until(lambda: testbed.get(f"/v1/imports/{upload}", token=mine).json["state"] == "preview", 15, "the file was read")
    assert testbed.post(f"/v1/imports/{upload}/confirm", {"reason": "x"}, token=other).status == 403
    assert testbed.get(f"/v1/imports/{upload}", token=other).status == 403

    wrong = [
        ({"title": "TBC", "reads": "named", "person": "jo-jones"}, "$.reads"),
        ({"title": "NO COVER", "reads": "named", "person": "jo-jones"}, "$.reads"),
        ({"title": "Zed", "reads": "named"}, "$.person"),
        ({"title": "Zed", "reads": "named", "person": "nobody-here"}, "$.person"),
        ({"title": "Zed", "reads": "named", "person": "far-away"}, "$.person"),
        ({"title": "Zed", "reads": "nobody", "person": "jo-jones"}, "$.person"),
        ({"title": "Zed", "reads": "team"}, "$.team"),
        ({"title": "Zed", "reads": "team", "team": "Hub"}, "$.team"),
        ({"title": "Zed", "reads": "cancelled"}, "$.reads"),
        ({"title": "Zed"}, "$.reads"),
        ({"title": "  ", "reads": "noise"}, "$.title"),
        ({"title": "07700 900123", "reads": "noise"}, "$.title"),
        ({"alias": "JJ"}, "$.person"),
        ({"alias": "TBC", "person": "jo-jones"}, "$.alias"),
        ({"alias": "A/L", "person": "jo-jones"}, "$.alias"),
        ({"alias": "JJ or somebody", "person": "jo-jones"}, "$.alias"),
        ({"alias": "JJ", "title": "JJ", "person": "jo-jones"}, "$"),
        ({"person": "jo-jones"}, "$"),
        ({"alias": "JJ", "person": "jo-jones", "for": "ever"}, "$"),
        ({"alias": 7, "person": "jo-jones"}, "$.alias"),
    ]
    for body, path in wrong:
        answer = testbed.post(PATH, body, token=mine)
        paths = [one["path"] for one in answer.json.get("errors", [])]
        assert (answer.status, path in paths) == (400, True), (body, answer)
    assert testbed.sql("select count(*) from decision") == [(0,)]
    assert testbed.now()["state"] == "unknown"


def test_j04_a_preview_is_read_again_by_what_is_decided_about_its_names(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(two_jjs(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    mine = manager(testbed)
    events = [Event(event.uid, event.start, event.end, ("AMHP – JJ", "Zed", "rover")[number % 3] if event.start > now() else event.title)
              for number, event in enumerate(round_the_clock())]
    upload = testbed.post(f"/v1/rotas/{ROTA}/imports", calendar(events), token=mine, content_type="text/calendar").json["id"]

    def read():
        answer = testbed.get(f"/v1/imports/{upload}", token=mine).json
        return answer if answer["state"] == "preview" else None

    before = wait_until(read, 15, "the file was read")
    open_names = {one["name"]: one for one in before["people_to_match"]}
    assert {name: (one["kind"], one["fits"]) for name, one in open_names.items()} == {
        "JJ": ("name", "several"), "Zed": ("name", "nobody"), "rover": ("title", "nobody")}
    assert open_names["JJ"]["titles"] == ["AMHP - JJ"] and open_names["JJ"]["count"] > 10 and open_names["JJ"]["first_start"]
    assert {one["id"] for one in open_names["JJ"]["candidates"]} >= {"jo-jones", "jan-joyce"}
    opened = [gap for gap in before["gaps"]["opens"] if gap["function"] == "amhp"]
    assert opened and before["counts"]["undecided"] > 0

    testbed.post(PATH, {"alias": "JJ", "person": "jo-jones"}, token=mine)
    testbed.post(PATH, {"alias": "Zed", "person": "sam-ahmed"}, token=mine)
    testbed.post(PATH, {"title": "rover", "reads": "named", "person": "kim-lee"}, token=mine)
    after = wait_until(lambda: (read() or {}).get("people_to_match") == [] and read(), 15, "the preview was read again")
    assert after["counts"]["undecided"] == 0 and [gap for gap in after["gaps"]["opens"] if gap["function"] == "amhp"] == []
    confirmed = testbed.post(f"/v1/imports/{upload}/confirm", {"reason": "It is the new rota"}, token=mine)
    assert confirmed.status == 200, confirmed
    assert {row[0] for row in testbed.sql("select distinct person from shift where known_to = 'infinity' and starts_at > now()")} == {
        "jo-jones", "sam-ahmed", "kim-lee"}
    # A settled import is not read again.
    testbed.post(PATH, {"alias": "Zed", "person": "kim-lee"}, token=mine)
    assert testbed.get(f"/v1/imports/{upload}", token=mine).json["state"] == "applied"


def test_j05_a_held_calendar_is_read_again_too(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(two_jjs(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    few = [Event(event.uid, event.start, event.end, "Zed") for event in round_the_clock()[:8]]
    testbed.publisher.publish("amhp", calendar(few))
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.feed(ROTA)["state"] == "held", 15, "the feed is held")
    held = testbed.feed(ROTA)["held_import"]
    mine = manager(testbed)
    assert [one["name"] for one in testbed.get(f"/v1/imports/{held}", token=mine).json["people_to_match"]] == ["Zed"]
    testbed.post(PATH, {"alias": "Zed", "person": "tess-osei"}, token=mine)

    def read():
        answer = testbed.get(f"/v1/imports/{held}", token=mine).json
        return answer["state"] == "preview" and answer["people_to_match"] == [] and answer

    again = wait_until(read, 15, "what is held was read again")
    assert again["counts"]["named"] > 0 and not again["safe"] and testbed.feed(ROTA)["held_import"] == held
    assert testbed.post(f"/v1/imports/{held}/confirm", {"reason": "A short week"}, token=mine).status == 200
    wait_until(lambda: testbed.feed(ROTA)["state"] == "good", 10, "it is in force")
    assert {row[0] for row in testbed.sql("select distinct person from shift where known_to = 'infinity' and ends_at > now()")} == {"tess-osei"}


def test_j06_from_the_command_line(testbed):
    started(testbed, one_title("JJ"))
    run = testbed.crisiscover
    assert "JJ" in run("decisions", ROTA).stdout and "perhaps jan-joyce (Jan Joyce)" in run("decisions", ROTA).stdout
    number = json.loads(run("decide", ROTA, "--alias", "JJ", "--person", "jo-jones", "--json").stdout)["id"]
    assert run("decide", ROTA, "--title", "Team day", "--reads", "noise").stdout.startswith("decided, number ")
    wait_until(lambda: on_call(testbed) == [("Jo Jones", ROTA)], 10, "it counts")
    listed = run("decisions", ROTA).stdout
    assert "named jo-jones (Jo Jones)" in listed and "noise" in listed and "administrator" in listed
    refused = run("decide", ROTA, "--title", "TBC", "--reads", "named", "--person", "jo-jones", check=False)
    assert refused.returncode == 1 and "$.reads" in refused.stderr
    assert run("decide", ROTA, "--title", "x", check=False).returncode == 2
    assert run("undecide", ROTA, str(number)).stdout == "withdrawn\n"
    assert run("undecide", ROTA, str(number), check=False).returncode == 1
    wait_until(lambda: testbed.now()["state"] == "unknown", 10, "and no longer")


@pytest.mark.parametrize("decided", [False, True])
def test_j07_a_region_file_may_say_it_and_a_decision_goes_before(testbed, decided):
    region = two_jjs(testbed.publisher)
    region["rotas"][0]["reading"] = {"aliases": {"JJ": "jo-jones"}, "titles": [{"title": "Zed", "reads": "named", "person": "kim-lee"}]}
    body = calendar([Event("a@test", today() - timedelta(days=1), now() + 40 * HOUR, "JJ"),
                     Event("b@test", now() + 40 * HOUR, now() + 80 * HOUR, "Zed")])
    testbed.publisher.publish("amhp", body)
    testbed.start(region)
    wait_until(lambda: on_call(testbed) == [("Jo Jones", ROTA)], 15, "the region's own alias counts")
    file, calendar_file = testbed.write("region.json", json.dumps(region)), testbed.write("amhp.ics", body)
    lines = testbed.crisiscover("read", calendar_file, "--region", file, "--rota", ROTA, "--json").stdout.splitlines()
    assert [json.loads(line)["people"] for line in lines if '"occurrence"' in line] == [["jo-jones"], ["kim-lee"]]
    if decided:
        testbed.post(PATH, {"alias": "JJ", "person": "jan-joyce"})
        wait_until(lambda: on_call(testbed) == [("Jan Joyce", ROTA)], 10, "what was decided goes before the file")
    # A person who leaves the directory takes nobody else's place.
    region["rotas"][0]["reading"]["aliases"]["JJ"] = "far-away"
    refused = testbed.apply(region, check=False)
    assert refused.returncode != 0 and "$.rotas[0].reading.aliases.JJ" in refused.stderr


def titled(*titles):
    """The rota round the clock, its titles in turn."""
    return calendar([Event(event.uid, event.start, event.end, titles[number % len(titles)]) for number, event in enumerate(round_the_clock())])


def left(testbed, token, path=PATH):
    """The open decisions, as (kind, words)."""
    return [(one["kind"], one["words"]) for one in testbed.get(path, token=token).json["to_decide"]]


def test_j08_a_word_is_decided_once_for_all_its_titles(testbed):
    mine = started(testbed, titled("AMHP zarquon - J Jones", "AMHP zarquon - S Ahmed", "K Lee zarquon", "blorp - J Jones"))
    assert left(testbed, mine) == [("word", "zarquon"), ("word", "blorp")], "the heaviest first"
    word = testbed.get(PATH, token=mine).json["to_decide"][0]
    assert word["count"] > 30 and "zarquon" in word["example"]

    made = testbed.post(PATH, {"word": "zarquon", "means": "nothing"}, token=mine)
    assert made.status == 201 and (made.json["kind"], made.json["word"], made.json["means"]) == ("word", "zarquon", "nothing"), made
    wait_until(lambda: left(testbed, mine) == [("word", "blorp")], 10, "the stored calendar was read again by the decision")
    classes = dict(testbed.sql("select title, class from shift where rota = %s and known_to = 'infinity' group by 1, 2", ROTA))
    assert {classes[title] for title in classes if "zarquon" in title} == {"named"} and classes["blorp - J Jones"] != "named"
    assert len([title for title in classes if "zarquon" in title]) == 3, "one decision settled three titles"

    # Taken back, as any other; then the other two meanings.
    assert testbed.request("DELETE", f"{PATH}/{made.json['id']}", token=mine).status == 204
    wait_until(lambda: len(left(testbed, mine)) == 2 and testbed.now()["state"] == "unknown", 10, "what is taken back no longer holds")
    both = testbed.post(PATH, {"decisions": [{"word": "zarquon", "means": "nobody"}, {"word": "blorp", "means": "away"}]}, token=mine)
    assert both.status == 201 and [one["word"] for one in both.json["decisions"]] == ["zarquon", "blorp"], both
    wait_until(lambda: left(testbed, mine) == [], 10, "both were read by")
    classes = dict(testbed.sql("select title, class from shift where rota = %s and known_to = 'infinity' group by 1, 2", ROTA))
    assert not {"named", "team"} & {classes[title] for title in classes if "zarquon" in title}, classes
    assert "absence" in classes.values(), "the person beside Blorp is away"
    assert testbed.now()["on_call"] == []


@pytest.mark.holds("H04.1")
def test_j09_no_decision_takes_the_doubt_from_words_of_doubt(testbed):
    testbed.publisher.publish("amhp", titled("TBC", "NO COVER", "AMHP vacant"))
    testbed.start(two_jjs(testbed.publisher))
    mine = manager(testbed)
    wait_until(lambda: testbed.feed(ROTA)["state"] == "good", 15, "the feed was read")
    for word in ("TBC", "tbc", "NO COVER", "No-Cover", "vacant", "UNFILLED", "cancelled", "to be confirmed"):
        answer = testbed.post(PATH, {"word": word, "means": "nothing"}, token=mine)
        assert answer.status == 400 and answer.json["errors"][0]["path"] == "$.means", (word, answer)
        assert "cannot mean nothing" in answer.json["errors"][0]["detail"]
    for wrong, path in [({"word": "Zed"}, "$.means"), ({"word": "Zed", "means": "jo-jones"}, "$.means"), ({"word": " ", "means": "away"}, "$.word"),
                        ({"word": "07700 900123", "means": "away"}, "$.word"), ({"word": "one two three four five six", "means": "away"}, "$.word"),
                        ({"word": "Zed", "means": "away", "person": "jo-jones"}, "$.person"), ({"word": "Zed", "reads": "nobody"}, "$.reads")]:
        answer = testbed.post(PATH, wrong, token=mine)
        assert answer.status == 400 and path in [one["path"] for one in answer.json["errors"]], (wrong, answer)
    # Nor does one that came into the table some other way.
    testbed.sql("insert into decision (rota, kind, words, key, reads, decided_by) select %s, 'word', w, lower(w), 'nothing', 'x' "
              "from unnest(array['TBC', 'NO COVER', 'vacant']) w", ROTA, login="postgres")
    testbed.sql("select decisions_changed(%s)", ROTA, login="postgres")
    asked = testbed.publisher.feeds["amhp"].asked
    wait_until(lambda: testbed.publisher.feeds["amhp"].asked > asked, 15, "the rota was read again, and its address asked after that")
    assert testbed.sql("select count(*) from shift where rota = %s and known_to = 'infinity' and class in ('named', 'team')", ROTA) == [(0,)]
    assert testbed.now()["state"] in ("unknown", "gap") and testbed.now()["on_call"] == []


def test_j10_cover_that_a_decision_takes_away_goes_at_once_and_is_listed(testbed):
    testbed.publisher.publish("amhp", titled("theta duty - J Jones"))
    testbed.start(two_jjs(testbed.publisher))
    mine = manager(testbed)
    wait_until(lambda: left(testbed, mine), 15, "the feed was read")
    first = testbed.post(PATH, {"word": left(testbed, mine)[0][1], "means": "nothing"}, token=mine)
    wait_until(lambda: testbed.now()["state"] == "covered", 10, "it counts by the decision")
    shifts = testbed.sql("select count(*) from shift where rota = %s and known_to = 'infinity' and class = 'named'", ROTA)[0][0]

    # Every shift of the rota turns: a calendar from outside would be held.
    testbed.post(PATH, {"word": first.json["word"], "means": "nobody"}, token=mine)
    wait_until(lambda: testbed.now()["state"] in ("gap", "unknown"), 10, "what the decision takes away goes at once")
    assert testbed.feed(ROTA)["state"] == "good" and testbed.feed(ROTA)["held_import"] is None

    turned = testbed.get(f"/v1/rotas/{ROTA}/turned", token=mine).json["turned"]
    assert (turned[0]["why"], turned[0]["lost"], turned[0]["gained"]) == ("rota", shifts, 0)
    assert turned[1]["gained"] == shifts, "and before that it came"
    shift = turned[0]["shifts"][0]
    assert (shift["before"]["class"], shift["before"]["name"]) == ("named", "Jo Jones") and shift["after"]["class"] not in ("named", "team")
    assert testbed.get(f"/v1/rotas/{ROTA}/turned", token=manager(testbed, "alder-rotas")).status == 403
    listed = testbed.crisiscover("turned", ROTA).stdout
    assert f"{shifts} no longer count" in listed and "named Jo Jones -> " in listed


def test_j11_newer_rules_take_away_at_once_and_the_manager_sees_what_turned(testbed):
    testbed.publisher.publish("amhp", titled("strike day - J Jones"))
    testbed.start(two_jjs(testbed.publisher))
    mine = manager(testbed)
    wait_until(lambda: testbed.feed(ROTA)["state"] == "good" and testbed.now()["state"] == "unknown", 15, "the title is not understood")
    # As an older reader left it, to which this title was a label beside a name.
    testbed.sql("set session_replication_role = replica; "
              "update shift set class = 'named', person = 'jo-jones' where known_to = 'infinity'; "
              "update feed set rules = 'older', read_with = sha256('older'), next_at = now() + interval '10 minutes'; select shifts_changed(array_agg(rota)) from feed; "
              "set session_replication_role = default", login="postgres")
    wait_until(lambda: testbed.now()["state"] == "covered", 10, "the map is as the older reader had it")
    testbed.wait_role_back("feeds", testbed.kill_role("feeds"))
    wait_until(lambda: testbed.now()["state"] == "unknown", 30, "the newer reader has read the same bytes again by itself")
    feed = testbed.feed(ROTA)
    assert feed["state"] == "good" and feed["held_import"] is None, "what it takes away is not held"
    assert "turned" in [one["kind"] for one in feed["warnings"]]
    newest = testbed.get(f"/v1/rotas/{ROTA}/turned", token=mine).json["turned"][0]
    assert newest["why"] == "rules" and newest["lost"] > 30 and newest["gained"] == 0
    assert {shift["before"]["class"] for shift in newest["shifts"]} == {"named"}


def test_j12_words_of_a_preview_the_heaviest_first_by_the_command_line(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(two_jjs(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    file = testbed.write("new.ics", titled("zarquon - J Jones", "AMHP zarquon - S Ahmed", "blorp - K Lee"))
    run = testbed.crisiscover
    shown = run("import", ROTA, file).stdout
    assert "left to decide" in shown and shown.index(" zarquon ") < shown.index(" blorp "), shown
    upload = json.loads(run("import", ROTA, file, "--json").stdout)
    assert [one["words"] for one in upload["to_decide"]] == ["zarquon", "blorp"]

    def open_words():
        answer = testbed.get(f"/v1/imports/{upload['id']}").json
        return answer["state"] == "preview" and [one["words"] for one in answer["to_decide"]]

    assert run("decide", ROTA, "--word", "zarquon", "--means", "nothing").stdout.startswith("decided, number ")
    wait_until(lambda: open_words() == ["blorp"], 15, "the preview was read again by the decision")
    number = json.loads(run("decide", ROTA, "--word", "blorp", "--means", "nothing", "--json").stdout)["id"]
    wait_until(lambda: open_words() == [], 15, "and by the other")
    listed = run("decisions", ROTA).stdout
    assert "word   zarquon" in listed and "nothing" in listed
    refused = run("decide", ROTA, "--word", "NO COVER", "--means", "nothing", check=False)
    assert refused.returncode == 1 and "cannot mean nothing" in refused.stderr
    for words in (["--word", "x"], ["--zone", "x"], ["--title", "x", "--reads", "noise", "--means", "away"], ["--word", "x", "--alias", "y"]):
        assert run("decide", ROTA, *words, check=False).returncode == 2
    assert run("undecide", ROTA, str(number)).stdout == "withdrawn\n"
    wait_until(lambda: open_words() == ["blorp"], 15, "what is taken back is open again")


@pytest.mark.holds("H03.1")
def test_j13_a_zone_that_nobody_defines_is_decided_once(testbed):
    mine = started(testbed, in_zone(calendar(round_the_clock()), "Fen Time"))
    zone, = [one for one in testbed.get(PATH, token=mine).json["to_decide"]]
    assert (zone["kind"], zone["words"], zone["count"]) == ("zone", "Fen Time", 62)
    refused = testbed.post(PATH, {"zone": "Fen Time", "means": "Europe/Fenmere"}, token=mine)
    assert refused.status == 400 and "tz database" in refused.json["errors"][0]["detail"]
    run = testbed.crisiscover
    assert "Fen Time" in run("decisions", ROTA).stdout
    number = json.loads(run("decide", ROTA, "--zone", "fen time", "--means", "Europe/London", "--json").stdout)["id"]
    wait_until(lambda: testbed.now()["state"] == "covered", 10, "the calendar was read again by the zone")
    assert left(testbed, mine) == [] and "Europe/London" in run("decisions", ROTA).stdout
    run("undecide", ROTA, str(number))
    wait_until(lambda: testbed.now()["state"] == "unknown" and left(testbed, mine) == [("zone", "Fen Time")], 10, "what is taken back is open again")


def roster(days, order):
    """Day and night of each day, dated so that no date tells which of its numbers is the month."""
    lines = ["Date,Start,End,Staff Name"]
    for day in days:
        date = f"{day:%d/%m/%Y}" if order == "dmy" else f"{day:%m/%d/%Y}"
        lines += [f"{date},08:00,20:00,Jo Jones", f"{date},20:00,08:00,Sam Ahmed"]
    return "\n".join(lines) + "\n"


def two_ways():
    """
    Days of one month to come whose dates could be read both ways and mean two days, none of them another one's other day: the first month of
    which three such days, and their other days too, lie ahead and not beyond the window.
    """
    soon, far = today() + timedelta(days=2), today() + timedelta(days=390)
    days = [day for day in (soon + timedelta(days=n) for n in range(250)) if day.day <= 12 and day.day != day.month and soon <= other_day(day) < far]
    months = [[day for day in days if (day.year, day.month) == of] for of in dict.fromkeys((day.year, day.month) for day in days)]
    return next(month for month in months if len(month) >= 3)


def other_day(day):
    return day.replace(day=day.month, month=day.day)


def test_j14_the_order_of_dates_is_asked_once_for_the_rota(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(two_jjs(testbed.publisher))
    mine = manager(testbed)
    days = two_ways()
    file = testbed.write("roster.csv", roster(days, "dmy"))
    run = testbed.crisiscover
    shown = run("import", ROTA, file)
    assert "dates could be dd/mm or mm/dd" in shown.stdout and f"{days[0]:%Y-%m-%d} (dmy)" in shown.stdout, shown.stdout
    upload = json.loads(run("import", ROTA, file, "--json").stdout)
    question, = [one for one in upload["to_decide"] if one["kind"] == "date_order"]
    assert question["dates"][0]["dmy"] == f"{days[0]:%Y-%m-%d}" and question["dates"][0]["mdy"] == f"{other_day(days[0]):%Y-%m-%d}"
    assert upload["counts"]["named"] == 0, "nothing counts before it is said"

    def read():
        answer = testbed.get(f"/v1/imports/{upload['id']}", token=mine).json
        return answer["state"] == "preview" and answer

    made = testbed.post(PATH, {"date_order": "mdy"}, token=mine)
    assert made.status == 201, made
    other = wait_until(lambda: read() and read()["counts"]["named"] and read(), 15, "the preview was read again, month first")
    assert run("decide", ROTA, "--date-order", "dmy").stdout.startswith("decided, number ")
    wait_until(lambda: read() and read()["first_start"] != other["first_start"] and read()["first_start"].startswith(f"{days[0]:%Y-%m-%d}"), 15, "and day first")
    assert read()["to_decide"] == []
    decision, = testbed.get(PATH, token=mine).json["decisions"]
    assert (decision["kind"], decision["date_order"]) == ("date_order", "dmy")


def test_j15_what_newer_rules_would_add_waits_where_the_guards_object(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(two_jjs(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    mine = manager(testbed)
    # As an older reader left it, to which every shift was an hour earlier.
    testbed.sql("set session_replication_role = replica; "
              "update shift set starts_at = starts_at - interval '1 hour', ends_at = ends_at - interval '1 hour' where known_to = 'infinity'; "
              "update feed set rules = 'older', read_with = sha256('older'), next_at = now() + interval '10 minutes'; set session_replication_role = default", login="postgres")
    testbed.wait_role_back("feeds", testbed.kill_role("feeds"))
    wait_until(lambda: testbed.feed(ROTA)["state"] == "held", 30, "what the newer reader adds waits for a person")
    wait_until(lambda: testbed.now()["state"] == "unknown", 10, "what was there at other times has gone, what comes is in doubt")
    assert "exactly an hour later" in testbed.feed(ROTA)["fault"]
    held = testbed.feed(ROTA)["held_import"]
    wait_until(lambda: testbed.get(f"/v1/imports/{held}", token=mine).json["state"] == "preview", 15, "the same bytes wait as an import")

    # Neither the address, which gives the same bytes, nor a restart settles it.
    asked = testbed.publisher.feeds["amhp"].asked
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.publisher.feeds["amhp"].asked > asked, 15, "the address was asked")
    testbed.wait_role_back("feeds", testbed.kill_role("feeds"))
    testbed.sql("update feed set read_with = sha256('older still')", login="postgres")
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.sql("select read_with <> sha256('older still') from feed")[0][0], 15, "the stored body was read once more")
    assert testbed.feed(ROTA)["state"] == "held" and testbed.now()["state"] == "unknown" and testbed.feed(ROTA)["held_import"] == held

    wait_until(lambda: testbed.get(f"/v1/imports/{held}", token=mine).json["state"] == "preview", 15, "it was compared again")
    assert testbed.post(f"/v1/imports/{held}/confirm", {"reason": "The times are right now"}, token=mine).status == 200
    wait_until(lambda: testbed.now()["state"] == "covered" and testbed.feed(ROTA)["state"] == "good", 10, "a person has looked")
    testbed.sql("update feed set read_with = sha256('older still')", login="postgres")
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.sql("select read_with <> sha256('older still') from feed")[0][0], 15, "the stored body was read once more")
    assert testbed.now()["state"] == "covered" and testbed.feed(ROTA)["state"] == "good"


def test_j16_initials_that_are_also_a_word_of_rotas_count_once_it_is_decided_whose_they_are(testbed):
    region = two_jjs(testbed.publisher)
    region["people"].append({"id": "mary-roe", "name": "Mary Roe", "organisation": "ZFC", "roles": ["amhp"], "aliases": ["MR"]})
    testbed.publisher.publish("amhp", one_title("MR"))
    testbed.start(region)
    wait_until(lambda: testbed.feed(ROTA)["state"] == "good", 15, "the feed was read")
    wait_until(lambda: testbed.now()["state"] == "unknown", 10, "MR is a doctor's title as well, so nobody is on by it")
    mine = manager(testbed)
    question, = testbed.get(PATH, token=mine).json["to_decide"]
    assert question["words"] == "MR" and question["count"] > 50 and "mary-roe" in [one["id"] for one in question["candidates"]]
    made = testbed.post(PATH, {"alias": "MR", "person": "mary-roe"}, token=mine)
    assert made.status == 201, made
    wait_until(lambda: on_call(testbed) == [("Mary Roe", ROTA)], 10, "it counts by the decision")
    for word in ("TBC", "SICK", "NO COVER"):
        assert testbed.post(PATH, {"alias": word, "person": "mary-roe"}, token=mine).status == 400


def test_j17_a_title_of_another_weekday_counts_on_that_day_only(testbed):
    def weekdays(*ahead):
        return "/".join((now() + timedelta(days=days)).strftime("%a") for days in ahead)

    def titled(title):
        """Without shifts that are over: a file that reads more than two of them otherwise is held."""
        return calendar([event for event in round_the_clock(title=title, who=[("", "")]) if event.end > now()])

    mine = started(testbed, titled(f"{weekdays(3)} Jo Jones"))
    assert on_call(testbed) == []
    assert testbed.get(PATH, token=mine).json["undecided"] == [], "no decision about words is asked for"

    # A shift of the night has two days.
    testbed.publisher.publish("amhp", titled(f"{weekdays(-1, 0, 1)} Jo Jones"))
    testbed.refresh(ROTA)
    wait_until(lambda: on_call(testbed) == [("Jo Jones", ROTA)], 20, "the title that names the day of its event counts")
