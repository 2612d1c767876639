# SPDX-License-Identifier: MIT
"""The set-up object by object: a county from nothing by the commands of docs/setting-up.md, and owners who keep their own parts."""

import json
import os
import random
import re
import subprocess
import threading
from pathlib import Path

import pytest

from regions import HOUR, Event, calendar, now, round_the_clock, small
from servers import wait_until

DOCS = Path(__file__).resolve().parents[2] / "docs"


def commands(page):
    """The lines of the page's blocks of shell."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", (DOCS / page).read_text(encoding="utf-8"), re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def shell(testbed, line, token=None):
    environment = {**os.environ, **testbed.environment, "PATH": f"{Path(testbed.release.client).parent}:{os.environ['PATH']}"}
    if token is not None:
        environment["CRISISCOVER_TOKEN"] = token
    return subprocess.run(["/bin/sh", "-c", line], env=environment, cwd=testbed.folder, capture_output=True, text=True, timeout=60, check=False)


def as_owner(testbed, token, line, status=0):
    answer = shell(testbed, line, token)
    assert answer.returncode == status, f"{line}\n{answer.stdout}\n{answer.stderr}"
    return answer


def token_of(testbed, account):
    token = testbed.crisiscover("token", account).stdout.strip()
    wait_until(lambda: testbed.get("/v1/me", token=token).status == 200, 10, f"the token of {account} was known")
    return token


def follow(testbed, page, least):
    """Types what a page has in its blocks of shell. Answers what each line printed."""
    lines = commands(page)
    assert len(lines) >= least
    printed = {}
    for line in lines:
        answer = shell(testbed, line)
        assert answer.returncode == 0, f"{line}\n{answer.stdout}\n{answer.stderr}"
        printed[line] = answer.stdout
    return printed


def test_q01_a_county_is_set_up_by_the_page(testbed):
    testbed.start()
    follow(testbed, "setting-up.md", 36)
    testbed.wait_ready()
    region = json.loads(testbed.crisiscover("region", "get").stdout)
    assert [len(region[one]) for one in ("organisations", "rotas", "requirements", "people", "accounts")] == [3, 6, 4, 4, 6]
    assert [one["code"] for one in region["organisations"]] == ["ZFC", "ZAV", "ZMC"], "in the order in which they were added"
    place = next(one for one in region["places"] if one["code"] == "ZED01")
    assert place["parents"] == ["X06000001"] and place["switchboard"] == "+441632960001"
    assert region["services"][0]["phone"] == "+441632960457"
    # Objects that were set up one by one make a file that changes nothing.
    versions = testbed.sql("select count(*) from region")[0][0]
    assert testbed.apply(region).returncode == 0
    assert testbed.sql("select count(*) from region")[0][0] == versions
    assert {one["function"] for one in testbed.get("/v1/now?place=ZED01").json["functions"]} >= {"amhp", "liaison"}
    assert testbed.sql("select count(*) from audit where action = 'setup_changed' and detail->>'to' is null")[0][0] == 1, "one was taken out"
    # Those who have an account come in as the page about accounts says.
    printed = follow(testbed, "accounts.md", 10)
    assert "/#invitation=" in printed["crisiscover account invite fenmere-rotas"]
    assert "Desk of the emergency department" in printed["crisiscover device list ZED01"]
    listed = printed["crisiscover token list fenmere-board"]
    assert "2031" in listed and ", until " in listed and ", for read" in listed, listed
    assert ", revoked " in shell(testbed, "crisiscover token list fenmere-board").stdout


def test_q02_a_rota_manager_keeps_what_is_theirs(testbed):
    region = small(testbed.publisher)
    tonight = calendar([Event("tonight@test", now() - HOUR, now() + 20 * HOUR, "AMHP – T Locum")])
    testbed.publisher.publish("amhp", tonight)
    testbed.start(region)
    token = token_of(testbed, "fenmere-rotas")
    # A locum starts tonight: known within the minute in which somebody knows the name.
    assert testbed.now()["on_call"] == []
    as_owner(testbed, token, "crisiscover add person t-locum name='T Locum' organisation=ZFC roles=amhp")
    wait_until(lambda: any(one["name"] == "T Locum" for one in testbed.now()["on_call"]), 60, "the locum is on call")
    # A duty phone has a new number: shown at the ward within 3 seconds.
    service = testbed.now()["on_call"][0]["service"]
    as_owner(testbed, token, f"crisiscover set service {service} phone=+441632960999")
    wait_until(lambda: testbed.now()["on_call"][0]["phone"] == "+441632960999", 3, "the new number is shown")
    # The calendar was published under another address.
    rota = testbed.now()["on_call"][0]["source"]["rota"]
    again = testbed.publisher.publish("again", tonight)
    as_owner(testbed, token, f"crisiscover set rota {rota} source.url={testbed.publisher.url('again')}")
    wait_until(lambda: again.asked > 0 and testbed.feed(rota)["state"] == "good", 30, "the new address is read")
    # Objects of others are refused, with the reason.
    answer = as_owner(testbed, token, f"crisiscover set service {service} name=Mine", 1)
    assert "$.name" in answer.stderr
    as_owner(testbed, token, "crisiscover remove organisation ZFC", 1)
    as_owner(testbed, token, "crisiscover get person t-locum")


def test_q03_a_requirement_is_lowered_by_two(testbed):
    region = small(testbed.publisher)
    region["accounts"] += [{"name": "other-board", "kind": "person", "role": "commissioner", "places": ["X06000001"]},
                           {"name": "fenmere-icb-again", "kind": "person", "role": "commissioner", "places": ["X06000001"], "person": "jo-jones"},
                           {"name": "ed-auditor", "kind": "person", "role": "auditor", "places": ["ZED01"]}]
    next(one for one in region["accounts"] if one["name"] == "fenmere-icb")["person"] = "jo-jones"
    testbed.publisher.publish("amhp", calendar([]))
    testbed.start(region)
    first, second = token_of(testbed, "fenmere-icb"), token_of(testbed, "other-board")
    lower = "crisiscover set requirement R01 hours='[{\"days\": [\"all\"], \"from\": \"08:00\", \"to\": \"23:00\"}]'"
    assert "query.reason" in as_owner(testbed, first, lower, 1).stderr
    answer = as_owner(testbed, first, f"{lower} --reason 'until the hub opens' --until 2090-01-01")
    assert "crisiscover accept 1" in answer.stdout and "closes" in answer.stdout, "the effect is shown"
    before = testbed.get("/v1/requirements/R01").json
    assert before["hours"] == region["requirements"][0]["hours"], "nothing is done yet"
    assert "until the hub opens" in as_owner(testbed, second, "crisiscover proposals").stdout
    as_owner(testbed, first, "crisiscover accept 1", 1)
    again = as_owner(testbed, token_of(testbed, "fenmere-icb-again"), "crisiscover accept 1", 1)
    assert "your own" in again.stderr, "two accounts of one person are one person"
    as_owner(testbed, second, "crisiscover accept 1")
    after = testbed.get("/v1/requirements/R01").json
    assert after["hours"][0]["from"] == "08:00" and after["until"] == "2090-01-01"
    assert testbed.get("/v1/requirements/R01.2090-01-01").json == {**before, "id": "R01.2090-01-01", "from": "2090-01-01"}
    as_owner(testbed, first, "crisiscover remove requirement R04 --reason 'not needed'")
    as_owner(testbed, second, "crisiscover refuse 2 --reason 'it is needed'")
    assert testbed.get("/v1/requirements/R04").status == 200
    # A list says what each is, and help is given wherever it is asked for.
    for kind, line in (("rota", "fenmere-amhp-duty +of service fenmere-amhp"), ("requirement", "R04 +liaison at ZED01")):
        assert re.search(f"^{line}$", as_owner(testbed, second if kind == "requirement" else token_of(testbed, "fenmere-rotas"),
                                               f"crisiscover get {kind}").stdout, re.M)
    assert as_owner(testbed, first, "crisiscover pack add --help").stdout.startswith("usage: crisiscover pack ")
    # What is withheld from an auditor of some places is a line all the same.
    rows = as_owner(testbed, token_of(testbed, "ed-auditor"), "crisiscover audit list --limit 1000").stdout.splitlines()
    assert [int(row.split()[0]) for row in rows] == list(range(1, len(rows) + 1)) and any("withheld" in row for row in rows)


def change_at_random(testbed, dice, writer, number):
    """One change of one object, of the version that was read. Answers its status."""
    kind, key, patch = dice.choice([
        ("people", dice.choice(["jo-jones", "sam-ahmed", "kim-lee"]), {"work_phone": f"+4416329{dice.randrange(10000, 99999)}"}),
        ("people", dice.choice(["jo-jones", "tess-osei"]), {"aliases": [f"{writer}-{number}"]}),
        ("services", "fenmere-amhp", {"phone": f"+4416329{dice.randrange(10000, 99999)}"}),
        ("services", "oswins-liaison", {"phone": f"+4416329{dice.randrange(10000, 99999)}", "name": f"Team {number}"}),
        ("rotas", "fenmere-amhp-duty", {"tier": dice.randrange(1, 4)}),
        ("places", "ZED01", {"kind": dice.choice(["emergency_department", "hospital"]), "name": f"Oswin {number}"}),
        ("requirements", "R04", {"owner": dice.choice(["ZFC", "ZAV"])}),
        ("functions", "liaison", {"name": f"Liaison {number}"}),
        ("people", f"extra-{writer}-{dice.randrange(4)}", None),
        ("accounts", f"viewer-{writer}-{dice.randrange(2)}", None)])
    there = testbed.get(f"/v1/{kind}/{key}")
    if patch is None and there.status == 404:
        new = {"name": f"Extra {writer} {number}", "organisation": "ZFC"} if kind == "people" else {"kind": "person", "role": "viewer"}
        return testbed.request("PUT", f"/v1/{kind}/{key}", new, headers={"If-None-Match": "*"}, seconds=60).status
    headers = {"If-Match": there.headers["ETag"]}
    if patch is None:
        return testbed.request("DELETE", f"/v1/{kind}/{key}", headers=headers, seconds=60).status
    return testbed.request("PATCH", f"/v1/{kind}/{key}", patch, headers=headers, seconds=60).status


@pytest.mark.parametrize("changes", [40, pytest.param(int(os.environ.get("OBJECTS_CHANGES", "200")), marks=pytest.mark.long)])
def test_q04_single_changes_by_four_are_those_of_whole_files(testbed, changes):
    """Random changes by four writers (OBJECTS_CHANGES says how many the long form has), and the same again by whole files: the same set-ups, the same rows, the same map."""
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    seed = int(os.environ.get("OBJECTS_SEED", now().timestamp()))
    print(f"OBJECTS_SEED={seed}")
    first = testbed.sql("select max(version) from region")[0][0]
    statuses = []

    def write(writer):
        dice = random.Random(seed * 4 + writer)
        statuses.extend(change_at_random(testbed, dice, writer, number) for number in range(changes // 4))

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(statuses) == changes and set(statuses) <= {200, 201, 412}, statuses
    testbed.wait_ready()
    last = testbed.sql("select max(version) from region")[0][0]
    assert last - first > changes // 2, "most of them came into force"

    def seen(version):
        # The second in which something was worked out is another.
        now_line = json.dumps(testbed.now(), sort_keys=True)
        return json.loads(testbed.sql("select document::text from region_whole where version = %s", version)[0][0]), now_line.split('"source"')[0]

    def spans():
        """The map of the coming weeks, of every requirement and place, when it is that of the newest set-up."""
        wait_until(lambda: testbed.sql("select region_version = (select max(version) from region) from map_head") == [(True,)], 30, "the map is of the set-up")
        return testbed.sql("select requirement, place, greatest(starts_at, %s), least(ends_at, %s), state, cause, present, required, shifts from span_current "
                           "where known_to = 'infinity' and ends_at > %s and starts_at < %s order by 1, 2, 3", *window, *window)

    window = (now() + HOUR, now() + 30 * 24 * HOUR)

    def rows(version):
        return testbed.sql("select kind, key, item::text from setup_item where version = %s union all "
                           "select kind, key, null from setup_item where ended = %s order by 1, 2, 3", version, version)

    single = [(*seen(version), rows(version), spans()) for version in (last,)]
    assert len(single[0][-1]) > 50, "there is a map"
    documents = [testbed.sql("select document::text from region_whole where version = %s", version)[0][0] for version in range(first, last + 1)]
    changed = [rows(version) for version in range(first + 1, last + 1)]
    # From the beginning once more, each version as a whole file.
    for document in documents:
        answer = testbed.request("PUT", "/v1/region", document.encode(), seconds=60)
        assert answer.status == 200 and answer.json["applied"], answer
    testbed.wait_ready()
    again = testbed.sql("select max(version) from region")[0][0]
    assert again - last == len(documents)
    for step, document in enumerate(documents):
        assert json.loads(testbed.sql("select document::text from region_whole where version = %s", last + 1 + step)[0][0]) == json.loads(document)
    assert [rows(last + 2 + step) for step in range(len(changed))] == changed, "the same rows, one for one"
    assert [(*seen(again), rows(again), spans())] == single, "the same map"
    assert testbed.sql("select count(*) from person p where (retired_at is null) <> exists (select from setup_item i where i.kind = 'person' and i.key = p.id and i.ended is null)")[0][0] == 0
    assert testbed.sql("select count(*) from account a where not by_hand and (retired_at is null) <> exists (select from setup_item i where i.kind = 'account' and i.key = a.name and i.ended is null)")[0][0] == 0
