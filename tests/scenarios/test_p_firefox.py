# SPDX-License-Identifier: MIT
"""The main paths of J1 and J6 in Firefox ESR; everything else is tried in Chromium (test_p_door.py, test_p_switchboard.py)."""

import pytest

from doors import house  # noqa: F401 (a fixture)
from firefox import Firefox
from regions import calendar, round_the_clock
from servers import wait_until
from test_p_pages import ROTA, name_of, on_now

NOT_SIGNED_IN = "401"
AWAY = ("NetworkError", "Failed to fetch", "can’t establish a connection", "ServiceWorker", "was interrupted")


@pytest.fixture
def firefox():
    opened = Firefox()
    yield opened
    opened.quit()


def at_front_door(firefox):
    return firefox.js("const door = document.getElementById('sign-in'); return Boolean(door) && door.checkVisibility()")


def sign_in(firefox, house, account, role, path):
    firefox.open(house.url + path)
    firefox.until(lambda: at_front_door(firefox), "the front door asks who it is")
    firefox.js("document.getElementById('by-token').open = true; document.getElementById('token').focus()")
    firefox.type(house.sign_in(account, role))
    firefox.press("Enter")
    firefox.until(lambda: firefox.js("return location.pathname") == path.split("?")[0] and not at_front_door(firefox), "somebody is signed in")


def row(firefox, code):
    return firefox.js("return document.getElementById('function-' + arguments[0]).closest('.function').querySelector('.closed').innerText", code)


def badge(firefox, code):
    return firefox.js("return document.getElementById('function-' + arguments[0]).closest('.function').querySelector('.badge').innerText.trim()", code)


@pytest.mark.long
def test_p140_the_ward_and_the_switchboard_in_firefox(house, firefox):
    # The ward: whom to ring is on the first screen of a telephone; one tap gives the next; a change comes by itself.
    firefox.ask("size", width=360, height=740)
    sign_in(firefox, house, "st-oswins-ed", "viewer", "/now.html?place=ZED01")
    firefox.until(lambda: badge(firefox, "crht") == "✓ Covered", "the functions are shown")
    events = round_the_clock()
    current = on_now(events)
    said = row(firefox, "amhp")
    for words in (name_of(current), "01632 960456", "until", "Covered"):
        assert words in said, f"{words!r} is not in {said!r}"
    bottoms = firefox.js("return [...document.querySelectorAll('.function')].slice(0, 4).map((one) => one.querySelector('.call').getBoundingClientRect().bottom)")
    assert len(bottoms) == 4 and max(bottoms) <= 740, f"four functions are on the first screen: {bottoms}"
    assert firefox.js("return document.documentElement.scrollWidth") <= 360, "nothing scrolls sideways"
    firefox.js("[...document.getElementById('function-crht').closest('.function').querySelectorAll('.outcome')].find((one) => one.innerText === 'No answer').click()")
    assert "Kim Lee" in row(firefox, "crht").split(":")[0], "from memory, at once"
    firefox.until(lambda: "Take back" in row(firefox, "crht"), "the server has it")
    house.publisher.publish("amhp", calendar([event for event in events if event is not current]))
    house.refresh(ROTA)
    wait_until(lambda: house.now()["state"] == "gap", 10, "the feed lost its present shift")
    firefox.until(lambda: badge(firefox, "amhp") == "✕ Gap", "the page was told by the server, and asked")

    # With the server away: the last answers, with their age on top, and team numbers only.
    firefox.until(lambda: firefox.js("return Boolean(navigator.serviceWorker.controller)"), "the service worker has the page")
    house.stop()
    firefox.open(house.url + "/now.html?place=ZED01")
    firefox.until(lambda: firefox.text("#age").startswith("NOT LIVE"), "its age is on top", 60)
    assert "It has team numbers only" in firefox.text("#age") and "01632 960445" in row(firefox, "crht") and "07700 900123" not in firefox.text("body")
    house.start()
    wait_until(lambda: house.get("/readyz", token=None).status == 200, 30, "the server is back")
    firefox.js("window.dispatchEvent(new Event('online'))")
    firefox.until(lambda: not firefox.text("#age").startswith("NOT LIVE"), "it is live again", 60)
    firefox.js("[...document.querySelectorAll('button')].find((one) => one.innerText.trim() === 'Sign out').click()")
    firefox.until(lambda: at_front_door(firefox), "signed out")

    # The switchboard: a few letters, the arrows, Enter copies.
    firefox.ask("size", width=1366, height=768)
    sign_in(firefox, house, "switchboard-1", "switchboard", "/switchboard.html")
    firefox.until(lambda: firefox.text("#age").endswith("live"), "every place is read", 30)
    firefox.type("camhs mar")
    firefox.until(lambda: "Tess Osei" in firefox.text("#found") and "01632 960555" in firefox.text("#found"), "a few letters are enough")
    firefox.press("Enter")
    firefox.until(lambda: firefox.text("#news") == "Copied 01632 960555, Tess Osei", "Enter copies the number")

    # What this account may only look at says so.
    firefox.open(house.url + "/import.html")
    firefox.until(lambda: "may look at rotas but not import them" in firefox.text("main"), "it is said")
    complaints = [one for one in firefox.ask("complaints") if not any(known in one for known in (NOT_SIGNED_IN, *AWAY))]
    assert complaints == [], "the browser's console is clean"
