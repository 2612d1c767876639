# SPDX-License-Identifier: MIT
"""A commissioner begins from a starter pack: templates until somebody confirms them."""

from regions import calendar, round_the_clock, small
from servers import wait_until

COUNCIL = "X06000001"
FUNCTIONS = [{"code": "amhp", "name": "Approved mental health professional"}, {"code": "liaison", "name": "Liaison psychiatry"},
             {"code": "edt", "name": "Emergency duty team"}, {"code": "doctors", "name": "Section 12 doctors"}]


def start(testbed, functions=FUNCTIONS):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = small(testbed.publisher, functions=functions)
    region["organisations"].append({"code": "ZIC", "name": "Fenmere ICB", "kind": "icb"})
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
    return token_of(testbed, "fenmere-icb")


def token_of(testbed, account):
    """A token of the account that every process knows."""
    token = testbed.crisiscover("token", account).stdout.strip()
    wait_until(lambda: testbed.get("/v1/me", token=token).status == 200, 10, "the token is known")
    return token


def changes(printed):
    """Items that are added, removed and changed: the others are times, which begin with the present."""
    return [line for line in printed.splitlines() if line[:2] in ("+ ", "- ", "~ ")]


def as_commissioner(testbed, token, *arguments, check=True):
    own, testbed.token = testbed.token, token
    try:
        return testbed.crisiscover(*arguments, check=check)
    finally:
        testbed.token = own


def requirements(testbed):
    return {one["id"]: one for one in testbed.get("/v1/requirements").json["requirements"]}


def test_q11_a_commissioner_adds_a_pack_and_confirms_it(testbed):
    token = start(testbed)
    assert "council-amhp" in as_commissioner(testbed, token, "pack", "list").stdout
    assert "One AMHP at every hour" in as_commissioner(testbed, token, "pack", "show", "council-amhp").stdout
    add = ("pack", "add", "council-amhp", "--place", COUNCIL, "--owner", "ZFC", "--commissioner", "ZIC", "--function", "s12=doctors")
    # The dry run says what the deed does, and does nothing.
    tried = as_commissioner(testbed, token, *add, "--dry-run").stdout
    assert f"R01-{COUNCIL}" in tried and f"R10-{COUNCIL}" in tried and f"R01-{COUNCIL}" not in requirements(testbed), tried
    assert changes(as_commissioner(testbed, token, *add).stdout) == changes(tried) != []
    made = wait_until(lambda: f"R10-{COUNCIL}" in requirements(testbed) and requirements(testbed), 10, "the pack is in force")
    assert made[f"R10-{COUNCIL}"]["function"] == "doctors" and made[f"R01-{COUNCIL}"]["template"] is True and made["R01"]["template"] is False
    # It is watched at once, and every answer says what it is.
    gap = wait_until(lambda: [gap for gap in testbed.get(f"/v1/gaps?place={COUNCIL}").json["gaps"] if gap["requirement"] == f"R10-{COUNCIL}"], 15,
                     "nobody is a doctor here")[0]
    assert gap["template"] is True
    assert "template, not a commissioned standard" in testbed.crisiscover("gaps", "--place", COUNCIL).stdout
    # A second time it is refused whole.
    again = as_commissioner(testbed, token, *add, check=False)
    assert again.returncode != 0 and "added for this place before" in again.stderr, again.stderr
    # Confirmed one by one.
    assert "is confirmed by Jane Doe" in as_commissioner(testbed, token, "pack", "confirm", f"R10-{COUNCIL}", "--by", "Jane Doe, ICB").stdout
    now = wait_until(lambda: not requirements(testbed)[f"R10-{COUNCIL}"]["template"] and requirements(testbed), 10, "it is confirmed")
    assert now[f"R10-{COUNCIL}"]["confirmed"]["by"] == "Jane Doe, ICB" and now[f"R01-{COUNCIL}"]["template"] is True


def test_q12_what_a_pack_may_not_do(testbed):
    token = start(testbed, FUNCTIONS[:2])
    pack = "/v1/packs/council-amhp"
    wish = {"place": COUNCIL, "owner": "ZFC"}
    # Functions that the region lacks are an administrator's.
    refused = testbed.post(pack, wish, token=token)
    assert refused.status == 403 and f"R01-{COUNCIL}" not in requirements(testbed), refused
    # The pack would add a function, which is an administrator's to do: said with its name and the way out.
    refused = testbed.post("/v1/packs/core-24-ed", {**wish, "place": "ZED01"}, token=token)
    assert refused.status == 403 and refused.json["errors"][0]["path"].startswith("function:"), refused
    assert "--function THEIRS=OURS" in refused.json["errors"][0]["detail"], refused
    assert testbed.post("/v1/packs/core-24-ed", wish).status == 400, "the pack is for emergency departments"
    assert testbed.post(pack, {**wish, "owner": "nobody"}).status == 422
    assert testbed.post(pack, {"place": COUNCIL}).status == 400
    assert testbed.post(pack, {**wish, "functions": {"s12": "none-such"}}).status == 400
    manager = token_of(testbed, "fenmere-rotas")
    assert testbed.post(pack, wish, token=manager).status == 403
    assert testbed.post(pack, wish).status == 200
    wait_until(lambda: f"R03-{COUNCIL}" in requirements(testbed), 10, "an administrator may")
