# SPDX-License-Identifier: MIT
"""A place manager keeps devices, reviews who opened the place, and is told, with nothing but the command line."""

import json
import os
import re
import subprocess

from regions import small
from servers import wait_until


def command(testbed, token, *words, status=0):
    environment = {**os.environ, **testbed.environment, "CRISISCOVER_TOKEN": token}
    done = subprocess.run([str(testbed.release.client), *words], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == status, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout if status == 0 else done.stderr


def token_of(testbed, account):
    token = testbed.crisiscover("token", account).stdout.strip()
    wait_until(lambda: testbed.get("/v1/me", token=token).status == 200, 10, f"the token of {account} was known")
    return token


def test_q80_devices_and_openings_by_the_command_line(testbed):
    region = small(testbed.publisher)
    region["places"].append({"code": "ZED02", "name": "Elsewhere", "kind": "emergency_department"})
    region["accounts"] += [{"name": "keeper", "kind": "person", "role": "place_manager", "places": ["ZED01"]},
                           {"name": "nurse", "kind": "person", "role": "viewer", "places": ["ZED02"]}]
    testbed.start(region)
    keeper, nurse = token_of(testbed, "keeper"), token_of(testbed, "nurse")
    flags = testbed.listen()
    # A device signs in once with the code, is listed, and is removed.
    added = command(testbed, keeper, "device", "add", "ZED01", "resus desk")
    code = re.match(r"[A-Z0-9]{4}-[A-Z0-9]{4}$", added.splitlines()[0])
    assert code, added
    signed = testbed.request("POST", "/v1/session", {"device_code": code[0]}, token=None)
    assert signed.status == 200, signed
    listed = json.loads(command(testbed, keeper, "device", "list", "ZED01", "--json"))["devices"]
    assert [(one["label"], one["state"]) for one in listed] == [("resus desk", "enrolled")]
    assert "resus desk" in command(testbed, keeper, "device", "list", "ZED01")
    assert "removed" in command(testbed, keeper, "device", "remove", "ZED01", listed[0]["device"])
    assert command(testbed, keeper, "device", "list", "ZED01") == ""
    # A nurse of another place opens it; the place is told, and its manager reviews it.
    assert "ZED01 is open until" in command(testbed, nurse, "break-glass", "open", "ZED01", "--reason", "transfer")
    wait_until(lambda: testbed.get("/v1/now?place=ZED01", token=nurse).status == 200, 10, "the place was open")
    told = wait_until(lambda: flags.of(kind="break_glass", place="ZED01"), 10, "the place was told")
    assert told[0]["cause"] == "transfer" and "nurse" not in json.dumps(told[0])
    line = command(testbed, keeper, "break-glass", "list").splitlines()[0]
    assert "nurse" in line and "transfer" in line, line
    assert "reviewed" in command(testbed, keeper, "break-glass", "review", line.split()[0], "--note", "was right")
    assert command(testbed, keeper, "break-glass", "list") == ""
    assert "reviewed by keeper" in command(testbed, keeper, "break-glass", "list", "--all")
    # Sessions are listed by their account, and ended.
    session = testbed.request("POST", "/v1/session", token=keeper)
    assert session.status == 200, session
    sessions = json.loads(command(testbed, keeper, "session", "list", "--json"))["sessions"]
    assert len(sessions) == 1 and "ended" in command(testbed, keeper, "session", "end", sessions[0]["id"])
    wait_until(lambda: json.loads(command(testbed, keeper, "session", "list", "--json"))["sessions"] == [], 10, "the session had ended")
