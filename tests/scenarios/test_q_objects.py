# SPDX-License-Identifier: MIT
"""The set-up object by object: a county from nothing by the commands of docs/setting-up.md, and owners who keep their own parts."""

import json
import os
import re
import subprocess
from pathlib import Path

from regions import HOUR, Event, calendar, now, small
from servers import wait_until

PAGE = Path(__file__).resolve().parents[2] / "docs" / "setting-up.md"


def commands():
    """The lines of the page's blocks of shell."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
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


def test_q01_a_county_is_set_up_by_the_page(testbed):
    testbed.start()
    lines = commands()
    assert len(lines) > 35
    for line in lines:
        answer = shell(testbed, line)
        assert answer.returncode == 0, f"{line}\n{answer.stdout}\n{answer.stderr}"
    testbed.wait_ready()
    region = json.loads(testbed.crisiscover("region", "get").stdout)
    assert [len(region[one]) for one in ("organisations", "rotas", "requirements", "people", "accounts")] == [3, 6, 4, 4, 6]
    assert [one["code"] for one in region["organisations"]] == ["ZFC", "ZAV", "ZMC"], "in the order in which they were added"
    place = next(one for one in region["places"] if one["code"] == "ZED01")
    assert place["parents"] == ["X06000001"] and place["switchboard"] == "+441632960001"
    assert region["services"][0]["phone"] == "+441632960457"
    # What was set up singly is a file that changes nothing.
    versions = testbed.sql("select count(*) from region")[0][0]
    assert testbed.apply(region).returncode == 0
    assert testbed.sql("select count(*) from region")[0][0] == versions
    assert {one["function"] for one in testbed.get("/v1/now?place=ZED01").json["functions"]} >= {"amhp", "liaison"}
    assert testbed.sql("select count(*) from audit where action = 'setup_changed' and detail->>'to' is null")[0][0] == 1, "one was taken out"


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
    testbed.publisher.publish("again", tonight)
    as_owner(testbed, token, f"crisiscover set rota {rota} source.url={testbed.publisher.url('again')}")
    wait_until(lambda: testbed.sql("select last_good_at > updated_at - interval '1 hour' and state = 'good' and url like %s from feed where rota = %s",
                                   "%again%", rota) == [(True,)], 30, "the new address is read")
    # What is others' is refused, and says so.
    answer = as_owner(testbed, token, f"crisiscover set service {service} name=Mine", 1)
    assert "$.name" in answer.stderr
    as_owner(testbed, token, "crisiscover remove organisation ZFC", 1)
    as_owner(testbed, token, "crisiscover get person t-locum")


def test_q03_a_requirement_is_lowered_by_two(testbed):
    region = small(testbed.publisher)
    region["accounts"].append({"name": "other-board", "kind": "person", "role": "commissioner", "places": ["X06000001"]})
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
    as_owner(testbed, second, "crisiscover accept 1")
    after = testbed.get("/v1/requirements/R01").json
    assert after["hours"][0]["from"] == "08:00" and after["until"] == "2090-01-01"
    assert testbed.get("/v1/requirements/R01.2090-01-01").json == {**before, "id": "R01.2090-01-01", "from": "2090-01-01"}
    as_owner(testbed, first, "crisiscover remove requirement R04 --reason 'not needed'")
    as_owner(testbed, second, "crisiscover refuse 2 --reason 'it is needed'")
    assert testbed.get("/v1/requirements/R04").status == 200
