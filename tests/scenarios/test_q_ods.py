# SPDX-License-Identifier: MIT
"""The set-up from the Organisation Data Service's files; values that a person has set are not overwritten unasked."""

from datetime import timedelta

import pytest
from regions import now, small


def row(code, name, close=""):
    """A line of an organisation file: 27 columns, no heading."""
    return ",".join(f'"{value}"' for value in [code, name, *[""] * 8, "20010401", close, *[""] * 15]) + "\r\n"


@pytest.fixture
def county(testbed):
    region = small(testbed.publisher)
    region["organisations"] += [{"code": "ZOL", "name": "ZOL", "kind": "nhs_trust"}, {"code": "ZNW", "name": "New Trust", "kind": "nhs_trust"}]
    region["places"] += [{"code": "ZHOS1", "name": "Our name for it", "kind": "hospital"}]
    testbed.start(region)
    return testbed


def test_q60_ends_and_successors_are_filled_and_names_stay(county):
    last = (now() + timedelta(days=20)).date()
    first_without = (last + timedelta(days=1)).isoformat()
    county.write("ets.csv", row("ZHOS1", "ALDERBROOK INFIRMARY", f"{last:%Y%m%d}") + row("ZOL", "OLD NHS TRUST", f"{last:%Y%m%d}") +
                 row("ZNW", "NEW TRUST"))
    county.write("succ.csv", f'"ZOL","ZNW","R","{last:%Y%m%d}","1"\r\n')
    versions = county.sql("select count(*) from region")[0][0]
    tried = county.crisiscover("ods", "import", str(county.folder / "ets.csv"), str(county.folder / "succ.csv"), "--dry-run").stdout
    assert county.sql("select count(*) from region")[0][0] == versions
    done = county.crisiscover("ods", "import", str(county.folder / "ets.csv"), str(county.folder / "succ.csv")).stdout
    assert tried.splitlines()[:-1] == done.splitlines()[:-1], "the dry run says what the deed says"
    assert "its name stays \"Our name for it\"; published is \"Alderbrook Infirmary\"" in done, done
    assert "3 codes of this region are published" in done and "2 were changed" in done, done
    old = county.get("/v1/organisations/ZOL").json
    assert (old["name"], old["until"], old["successors"]) == ("Old NHS Trust", first_without, ["ZNW"])
    place = county.get("/v1/places/ZHOS1").json
    assert (place["name"], place["until"]) == ("Our name for it", first_without)
    assert county.get("/v1/organisations/ZNW").json["name"] == "New Trust", "only capitals differ"
    reasons = county.sql("select distinct detail->>'reason' from audit where action = 'setup_changed' and detail ? 'reason'")
    assert reasons == [("published by the Organisation Data Service",)]
    told = county.sql("select object, detail->'to'->>'until' from audit where action = 'setup_changed' order by id desc limit 2")
    assert set(told) == {("place/ZHOS1", first_without), ("organisation/ZOL", first_without)}
    # Again: nothing is left to change.
    again = county.crisiscover("ods", "import", str(county.folder / "ets.csv"), str(county.folder / "succ.csv")).stdout
    assert "0 were changed" in again, again
    taken = county.crisiscover("ods", "import", str(county.folder / "ets.csv"), "--overwrite").stdout
    assert "1 were changed" in taken and county.get("/v1/places/ZHOS1").json["name"] == "Alderbrook Infirmary", taken


def test_q61_a_file_of_another_kind_changes_nothing(county):
    county.write("bad.csv", row("ZOL", "OLD NHS TRUST", "20260331") + "ZOL,ZNW\r\n")
    refused = county.crisiscover("ods", "import", str(county.folder / "bad.csv"), check=False)
    assert refused.returncode == 3 and "bad.csv: line 2: 2 columns" in refused.stderr, refused.stderr
    assert county.get("/v1/organisations/ZOL").json["name"] == "ZOL"
