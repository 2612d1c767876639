# SPDX-License-Identifier: MIT
"""Signing in by name and password, from the administrator's command line to the page."""

import base64
import hashlib
import hmac
import struct
import time

import pytest

from regions import calendar, round_the_clock, small
from servers import wait_until

PASSWORD = "correct horse battery staple"


@pytest.fixture
def open_testbed(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    return testbed


def code_of(secret):
    """The code that an authenticator shows now."""
    key = base64.b32decode(secret)
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"


def test_q01_a_link_sets_a_password_and_the_page_signs_in_with_it(open_testbed, screen):
    testbed = open_testbed
    testbed.sql("insert into crisiscover.account (name, kind, role, by_hand) values ('mary', 'person', 'rota_manager', true);"
                "update crisiscover.account_head set version = version + 1; notify accounts_changed; select 1")
    link = testbed.crisiscover("account", "invite", "mary").stdout.splitlines()[0]
    assert "/#invitation=" in link
    screen.expect(r"/v1/(me|session|invitations).* status of (401|400|404|503)")
    screen.open(link[link.index("/#"):])
    screen.until(lambda: screen.text("#authenticator-key") != "", "the key for the authenticator is shown")
    secret = screen.text("#authenticator-key")
    screen.check_fair()
    screen.one("#new-password").send_keys("password1234")
    screen.one("#new-code").send_keys(code_of(secret))
    screen.one("#invitation-form button").click()
    screen.until(lambda: "everybody tries" in screen.text("#invitation-error"), "a common password is refused")
    screen.one("#new-password").clear()
    screen.one("#new-password").send_keys(PASSWORD)
    screen.one("#new-code").clear()
    screen.one("#new-code").send_keys(code_of(secret))
    screen.one("#invitation-form button").click()
    screen.until(lambda: screen.seen("#recovery-codes li"), "the password is set, and there are recovery codes")
    recovery = screen.one("#recovery-codes li").text
    screen.open("/")
    screen.until(lambda: screen.seen("#name"), "the front door asks for a name")
    screen.one("#name").send_keys("mary")
    screen.one("#password").send_keys("something else entirely")
    screen.one("#name-form button").click()
    screen.until(lambda: "not right" in screen.text("#name-error"), "what is wrong is not told")
    screen.one("#password").clear()
    screen.one("#password").send_keys(PASSWORD)
    screen.one("#code").send_keys(recovery)
    screen.one("#name-form button").click()
    screen.until(lambda: screen.text("#who").startswith("mary"), "she is signed in")
    screen.press_button("Sign out")
    screen.until(lambda: screen.seen("#name"), "and out")
