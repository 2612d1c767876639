# SPDX-License-Identifier: MIT
"""The address of a feed is a secret: it is in its sealed box and nowhere else, and only the role that fetches it can open that. What is lost or changed
of the keys is said where it can be put right, and takes nothing else away."""

import json
import subprocess
import uuid

import psycopg2
import pytest

from regions import calendar, round_the_clock, small
from servers import POSTGRES_BIN, environment, wait_until

ROTA = "fenmere-amhp-duty"
# Names of calendars, and so parts of their addresses, that occur nowhere by themselves.
FIRST, SECOND, THIRD, BROKEN, PROPOSED = secrets = [f"sesame-{word}-9f31ac" for word in ("first", "second", "third", "broken", "proposed")]
LOGINS = ("crisiscover_api", "crisiscover_coverage", "crisiscover_flags")


def region_of(testbed, name, **changes):
    region = small(testbed.publisher, **changes)
    region["rotas"][0]["source"]["url"] = testbed.publisher.url(name)
    return region


def put(testbed, region, query="", status=200):
    """A whole file over HTTP: no copy of it is left in the testbed's folder."""
    answer = testbed.request("PUT", f"/v1/region{query}", region, headers={"Idempotency-Key": str(uuid.uuid4())}, seconds=30)
    assert answer.status == status, answer
    return answer.json


def change(testbed, path, patch, status=200, query="", token="own"):
    tag = testbed.get(path).headers["etag"]
    answer = testbed.request("PATCH", path + query, patch, headers={"If-Match": tag}, token=token)
    assert answer.status == status, answer
    return answer.json


def start(testbed, name=FIRST):
    for secret in secrets:
        testbed.publisher.publish(secret, calendar(round_the_clock()))
    testbed.start()
    wait_until(lambda: testbed.get("/v1/me").status == 200, 20, "the accounts were read")
    put(testbed, region_of(testbed, name), "?file=1")
    testbed.wait_ready()
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the first address was read")


def dump(testbed):
    """All that the database holds, as an administrator's backup has it."""
    return subprocess.run([POSTGRES_BIN / "pg_dump", "-h", str(testbed.postgres.folder), "-U", "postgres", "crisiscover"], env=environment(),
                          capture_output=True, check=True).stdout


def where(testbed):
    """The files of the testbed, of its servers and of its roles, that have a secret in them."""
    found = []
    for path in testbed.folder.rglob("*"):
        if path.is_file() and b"sesame-" in path.read_bytes():
            found.append(str(path.relative_to(testbed.folder)))
    return found


def fetched(testbed, name):
    """Asks for a fetch and waits for it."""
    before = testbed.publisher.feeds[name].asked
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.publisher.feeds[name].asked > before, 20, f"{name} was fetched")
    wait_until(lambda: testbed.feed(ROTA)["state"] == "good", 20, f"{name} was good")


def boxes(testbed):
    return dict(testbed.sql("select mask, encode(box, 'hex') from feed_address"))


def key_file(testbed, name):
    return testbed.folder / "state" / name


def replace(path, text, mode=0o400):
    """Under the same owner, as an editor does."""
    owner = path.stat()
    path.chmod(0o600)
    path.write_text(text)
    path.chmod(mode)
    assert (path.stat().st_uid, path.stat().st_gid) == (owner.st_uid, owner.st_gid)


@pytest.mark.holds("A6")
def test_q90_an_address_is_in_its_box_and_nowhere_else(testbed):
    # Each statement with its arguments, each error: what a database's log may be set to hold.
    testbed.log_statements()
    testbed.configure(log_level="debug")
    start(testbed)
    change(testbed, f"/v1/rotas/{ROTA}", {"source": {"url": testbed.publisher.url(SECOND)}})
    fetched(testbed, SECOND)
    # A dry run, one that is refused, one that fails, and one that waits for a second person.
    change(testbed, f"/v1/rotas/{ROTA}", {"source": {"url": testbed.publisher.url(THIRD)}}, query="?dry_run=1")
    put(testbed, region_of(testbed, THIRD, time_zone="Europe/Nowhere"), status=422)
    change(testbed, f"/v1/rotas/{ROTA}", {"source": {"url": testbed.publisher.url(THIRD) + " with a blank"}}, 422)
    testbed.publisher.feeds[BROKEN].mode = 500
    change(testbed, f"/v1/rotas/{ROTA}", {"source": {"url": testbed.publisher.url(BROKEN)}})
    wait_until(lambda: testbed.feed(ROTA)["state"] == "failing", 20, "the broken address was tried")
    manager = testbed.post("/v1/accounts/fenmere-rotas/tokens", {}).json["token"]
    wait_until(lambda: testbed.get("/v1/me", token=manager).status == 200, 10, "the manager is known")
    answer = change(testbed, f"/v1/rotas/{ROTA}", {"until": "2090-01-01", "source": {"url": testbed.publisher.url(PROPOSED)}}, 202,
                    "?reason=it+ends", manager)
    shown = [testbed.get(path).text for path in ("/v1/region", f"/v1/rotas/{ROTA}", "/v1/proposals", "/v1/feeds", "/v1/audit", "/metrics",
                                                 f"/v1/rotas/{ROTA}?known_at=2090-01-01T00:00:00Z")]
    assert not [text for text in shown if "sesame-" in text]
    assert testbed.post(f"/v1/proposals/{answer['proposal']}/accept", token=testbed.sign_in_person("second", "administrator")).status == 200
    fetched(testbed, PROPOSED)
    assert len(boxes(testbed)) == 4, "of five addresses one was never put in force or proposed"
    assert b"sesame-" not in dump(testbed)
    testbed.sql("checkpoint", login="postgres")
    assert where(testbed) == []
    assert testbed.events("address_not_opened") == 0


@pytest.mark.holds("A6")
def test_q91_no_login_but_that_of_feeds_reads_a_box(testbed):
    testbed.statements_hold_values()
    start(testbed)
    for login in LOGINS:
        for query in ("select box from feed_address", "select address from feed", "select count(*) from feed_address",
                      "select addresses_keep('{}', '{}')", "select * from feeds_claim(1, 1, 1)"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                testbed.sql(query, login=login)
    # A mask in another place of a file is text, and stays so.
    region = testbed.get("/v1/region").json
    mask = region["rotas"][0]["source"]["url"]
    assert mask.startswith("https://address.invalid/")
    told = json.dumps({**region, "organisations": [{**region["organisations"][0], "name": f'"url": "{mask}"'}, *region["organisations"][1:]]})
    assert testbed.sql("select applied from region_apply(%s, 'somebody')", told, login="crisiscover_api") == [(True,)]
    assert mask in testbed.sql("select document::text from region_whole order by version desc limit 1", login="crisiscover_api")[0][0]
    # An address in the clear is refused by the table itself.
    with pytest.raises(psycopg2.errors.CheckViolation):
        testbed.sql("select region_put(%s, %s, '1', (select max(version) from region), 'somebody', '{}', '{}', '{}', '{}', '{}', '{}')",
                    told, json.dumps(region_of(testbed, SECOND)), login="crisiscover_api")


def test_q92_the_same_file_again_writes_nothing(testbed):
    start(testbed)
    kept, version = boxes(testbed), testbed.get("/v1/region").headers["etag"]
    for _ in range(2):
        assert put(testbed, region_of(testbed, FIRST), "?file=1")["applied"] is False
    # And as it was read, with masks.
    assert put(testbed, testbed.get("/v1/region").json, "?file=2")["applied"] is False
    assert testbed.request("PUT", "/v1/region?dry_run=1", region_of(testbed, FIRST)).json["changes"] == []
    assert boxes(testbed) == kept and testbed.get("/v1/region").headers["etag"] == version
    # A mask goes with the address that it stands for, also back to a former one.
    before = testbed.get(f"/v1/rotas/{ROTA}").json["source"]["url"]
    change(testbed, f"/v1/rotas/{ROTA}", {"source": {"url": testbed.publisher.url(SECOND)}})
    fetched(testbed, SECOND)
    change(testbed, f"/v1/rotas/{ROTA}", {"source": {"url": before}})
    fetched(testbed, FIRST)


def test_q93_keys_are_changed_while_everything_runs(testbed):
    start(testbed)
    change(testbed, f"/v1/rotas/{ROTA}", {"source": {"url": testbed.publisher.url(SECOND)}})
    # An answer may be of the version before for as long as its process has not looked.
    version = wait_until(lambda: (tag := testbed.get("/v1/region").headers["etag"]) != '"region-1"' and tag, 10, "the change is shown")
    before = boxes(testbed)
    seal, opens = key_file(testbed, "address.seal").read_text(), key_file(testbed, "address.open").read_text()
    pids = testbed.pids()
    for _ in range(2):
        said = testbed.daemon("address-key-change", "--owner", testbed.owner).stdout
        assert said.startswith("2 addresses are sealed with a new key.")
    after = boxes(testbed)
    assert after.keys() == before.keys() and testbed.get("/v1/region").headers["etag"] == version, "masks stay"
    # The first sixteen digits name the key.
    names = {box[:16] for box in after.values()}
    assert len(names) == 1 and names.isdisjoint(box[:16] for box in before.values())
    # No process was started again, and each uses the new pair: what is kept is opened, what comes is sealed with it.
    fetched(testbed, SECOND)
    change(testbed, f"/v1/rotas/{ROTA}", {"source": {"url": testbed.publisher.url(THIRD)}})
    fetched(testbed, THIRD)
    assert {box[:16] for box in boxes(testbed).values()} == names and testbed.pids() == pids
    # The key before is kept, the one before that is not needed any more.
    assert key_file(testbed, "address.open").read_text().count("secret =") == 2
    # The files of before no longer open what is kept; who has both puts the key in, a line more.
    now = key_file(testbed, "address.open").read_text()
    replace(key_file(testbed, "address.open"), opens)
    failed = testbed.daemon("address-key-change", "--owner", testbed.owner, check=False)
    assert failed.returncode == 1 and "3 addresses cannot be opened by any key of" in failed.stderr
    assert boxes(testbed).keys() == {*before, *boxes(testbed)} and seal != key_file(testbed, "address.seal").read_text()
    replace(key_file(testbed, "address.open"), key_file(testbed, "address.open").read_text() + now)
    assert "3 addresses are sealed" in testbed.daemon("address-key-change", "--owner", testbed.owner).stdout
    fetched(testbed, THIRD)


@pytest.mark.parametrize("fault", ["missing", "open to others", "of another server"])
def test_q94_a_key_that_cannot_be_used_takes_nothing_else_away(testbed, fault):
    start(testbed)
    path = key_file(testbed, "address.open")
    own = path.read_text()
    if fault == "missing":
        path.rename(path.with_name("elsewhere"))
    elif fault == "open to others":
        path.chmod(0o444)
    else:
        replace(path, "secret = " + "42" * 32 + "\n")
    testbed.refresh(ROTA)
    feed = wait_until(lambda: testbed.feed(ROTA)["state"] == "failing" and testbed.feed(ROTA), 20, "the feed says that it cannot be asked")
    assert "cannot be opened with this server's key" in feed["fault"] and "address_open_key" in feed["fault"]
    # What is known stays, with the age that it has; the set-up can be changed, and an address can be given.
    assert testbed.now()["state"] == "covered" and feed["last_good_at"] is not None
    change(testbed, "/v1/organisations/ZAV", {"name": "Alder"})
    asked = {name: testbed.publisher.feeds[name].asked for name in secrets}
    change(testbed, f"/v1/rotas/{ROTA}", {"source": {"url": testbed.publisher.url(SECOND)}})
    wait_until(lambda: testbed.feed(ROTA)["state"] == "failing", 20, "nor can the new address be opened")
    assert {name: testbed.publisher.feeds[name].asked for name in secrets} == asked, "nothing was asked"
    if fault == "missing":
        path.with_name("elsewhere").rename(path)
    else:
        replace(path, own)
    fetched(testbed, SECOND)


def test_q95_without_the_seal_an_address_is_not_taken(testbed):
    start(testbed)
    path, kept, version = key_file(testbed, "address.seal"), boxes(testbed), testbed.get("/v1/region").headers["etag"]
    path.rename(path.with_name("elsewhere"))
    assert testbed.daemon("address-key", check=False).returncode == 1 and not path.exists(), "no half of a pair is made again"
    put(testbed, region_of(testbed, SECOND), status=503)
    answer = change(testbed, f"/v1/rotas/{ROTA}", {"source": {"url": testbed.publisher.url(SECOND)}}, 503)
    assert "address_seal_key" in answer["detail"]
    assert boxes(testbed) == kept and testbed.get("/v1/region").headers["etag"] == version
    # What has no address in it is taken: also a file with masks.
    change(testbed, f"/v1/rotas/{ROTA}", {"source": {"every_minutes": 2}})
    region = testbed.get("/v1/region").json
    region["organisations"][1]["name"] = "Alder"
    assert put(testbed, region)["applied"] is True
    fetched(testbed, FIRST)
    path.with_name("elsewhere").rename(path)
    change(testbed, f"/v1/rotas/{ROTA}", {"source": {"url": testbed.publisher.url(SECOND)}})
    fetched(testbed, SECOND)


def test_q96_lost_keys_are_replaced_by_giving_the_addresses_again(testbed):
    start(testbed)
    lost = boxes(testbed)
    for name in ("address.open", "address.seal"):
        key_file(testbed, name).unlink()
    testbed.daemon("address-key")
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.feed(ROTA)["state"] == "failing", 20, "the address cannot be opened")
    # The file that has the address: another mask, so a change; the shifts stay until it is read.
    assert put(testbed, region_of(testbed, FIRST), "?file=1")["applied"] is True
    assert testbed.now()["state"] == "covered"
    fetched(testbed, FIRST)
    assert len(boxes(testbed)) == len(lost) + 1
    # Where only the pair is lost and the key of masks is not, the same mask gets another box, and the feed is asked at once.
    seal = key_file(testbed, "address.seal")
    mask = next(line for line in seal.read_text().splitlines() if line.startswith("mask"))
    for name in ("address.open", "address.seal"):
        key_file(testbed, name).unlink()
    testbed.daemon("address-key")
    replace(seal, "\n".join([*(line for line in seal.read_text().splitlines() if not line.startswith("mask")), mask, ""]))
    asked = testbed.publisher.feeds[FIRST].asked
    assert put(testbed, region_of(testbed, FIRST), "?file=1")["applied"] is False
    wait_until(lambda: testbed.publisher.feeds[FIRST].asked > asked and testbed.feed(ROTA)["state"] == "good", 20, "it was asked at once")


def test_q97_a_mask_is_no_address_for_those_who_may_not_change_its_rota(testbed):
    others, mine = "alder-liaison", "alder-second"
    for secret in secrets:
        testbed.publisher.publish(secret, calendar(round_the_clock()))
    region = region_of(testbed, FIRST)
    region["accounts"].append({"name": "alder-rotas", "kind": "person", "role": "rota_manager", "organisation": "ZAV"})
    region["rotas"] += [{"id": id, "service": "oswins-liaison", "tier": tier,
                         "source": {"kind": "ical_url", "url": testbed.publisher.url(name), "every_minutes": 1}}
                        for tier, (id, name) in enumerate([(others, SECOND), (mine, THIRD)], 1)]
    testbed.start(region)
    testbed.wait_ready()
    manager = testbed.sign_in("alder-rotas", "rota_manager")

    def mask(rota):
        return testbed.get(f"/v1/rotas/{rota}").json["source"]["url"]

    def give(url, status=200, token=manager, query=""):
        return change(testbed, f"/v1/rotas/{others}", {"source": {"url": url}}, status, query, token)

    # Of a council's rota, which the manager may read and not change: refused as one that stands for nothing is, also by a dry run.
    stolen, before, asked = mask(ROTA), mask(others), testbed.publisher.feeds[FIRST].asked
    refused = give(stolen, 422)
    assert refused["errors"] == [{"path": "$.source.url", "detail": "this mask stands for no address of a rota that this account may change: "
                                                                    "give the address itself"}]
    unknown = stolen[:-4] + ("0000" if stolen[-4:] != "0000" else "1111")
    assert give(unknown, 422)["errors"] == refused["errors"] == give(stolen, 422, query="?dry_run=1")["errors"]
    made = testbed.request("PUT", "/v1/rotas/alder-third", {"service": "oswins-liaison", "tier": 3, "source": {"kind": "ical_url", "url": stolen}},
                           headers={"If-None-Match": "*"}, token=manager)
    assert made.status == 422 and made.json["errors"] == refused["errors"], made
    # Nor where the change would wait for a second person, who does not see the address either.
    answer = testbed.request("PATCH", f"/v1/rotas/{others}?reason=it+ends", {"until": "2090-01-01", "source": {"url": stolen}},
                             headers={"If-Match": testbed.get(f"/v1/rotas/{others}").headers["etag"]}, token=manager)
    assert answer.status == 422 and answer.json["errors"] == refused["errors"], answer
    assert mask(others) == before and testbed.sql("select count(*) from proposal") == [(0,)]
    # Nor its secret, together with its address: who knows where a calendar is does not know its password.
    change(testbed, f"/v1/rotas/{ROTA}", {"source": {"secret": {"kind": "bearer", "token": BROKEN, "over_http": True}}})
    secret = testbed.get(f"/v1/rotas/{ROTA}").json["source"]["secret"]
    answer = change(testbed, f"/v1/rotas/{others}", {"source": {"url": testbed.publisher.url(FIRST), "secret": secret}}, 422, "", manager)
    assert [fault["path"] for fault in answer["errors"]] == ["$.source.secret"], answer
    assert mask(others) == before
    assert testbed.publisher.feeds[FIRST].asked - asked <= 2, "the council's own rota alone asked"
    # Its own: that of another rota of the organisation, the one that it had before, and what it has.
    give(mask(mine))
    give(before)
    give(before)
    # The rota keeps what it had also under another code, and what was another rota's with that code is not its own.
    moved = testbed.request("PATCH", f"/v1/rotas/{others}", {"id": "alder-nights", "source": {"url": testbed.publisher.url(PROPOSED)}},
                            headers={"If-Match": testbed.get(f"/v1/rotas/{others}").headers["etag"]}, token=manager)
    assert moved.status == 200, moved
    change(testbed, "/v1/rotas/alder-nights", {"source": {"url": before}}, 200, "", manager)
    # Who keeps both may copy one, and a whole file is an administrator's.
    change(testbed, "/v1/rotas/alder-nights", {"source": {"url": stolen}})
    # From then on it is the manager's own rota that has it.
    change(testbed, "/v1/rotas/alder-nights", {"source": {"url": before}}, 200, "", manager)
    change(testbed, "/v1/rotas/alder-nights", {"source": {"url": stolen}}, 200, "", manager)


def test_q98_a_mask_of_a_rota_that_is_gone_is_not_inherited_with_its_code(testbed):
    start(testbed)
    region = testbed.get("/v1/region").json
    region["accounts"].append({"name": "alder-rotas", "kind": "person", "role": "rota_manager", "organisation": "ZAV"})
    gone = region["rotas"][0]
    region["rotas"] = []
    put(testbed, region, "?alone=a+test")
    manager = testbed.sign_in("alder-rotas", "rota_manager")
    rota = {"service": "oswins-liaison", "tier": 1, "source": {"kind": "typed"}}
    made = testbed.request("PUT", f"/v1/rotas/{ROTA}", rota, headers={"If-None-Match": "*"}, token=manager)
    assert made.status in (200, 201), made
    answer = change(testbed, f"/v1/rotas/{ROTA}", {"source": {"kind": "ical_url", "url": gone["source"]["url"]}}, 422, "", manager)
    assert answer["errors"][0]["path"] == "$.source.url"
