# SPDX-License-Identifier: MIT
"""The switchboard's door (J6): an operator with 25 calls a minute and no hand for a mouse, and another one beside her."""

import re
import time
from statistics import median

import pytest
from selenium.webdriver.common.keys import Keys

from doors import MARLWICK, doors, house, open_doors, seen  # noqa: F401 (fixtures)
from journeys import Journey, record
from pages_tools import axe
from regions import calendar, round_the_clock
from screen import Screen
from servers import wait_until
from test_p_built import DESKTOP, PHONE
from test_p_door import AWAY, size
from test_p_pages import ROTA, name_of, on_now
from testbed import browser as open_browser

# Sooner than the page asks by itself, which it does every minute: the server told it.
SOONER = 20


def operator(house, screen, account="switchboard-1"):
    screen.sign_in(house.sign_in(account, "switchboard"))
    screen.open("/switchboard.html")
    screen.until(lambda: screen.text("#age").endswith("live"), "every place is read", 30)
    return screen


def options(screen):
    return screen.js("return [...document.querySelectorAll('#found [role=option]')].map((one) => one.innerText.replace(/\\s+/g, ' '))")


def chosen(screen):
    return screen.js("const it = document.getElementById(document.getElementById('find').getAttribute('aria-activedescendant')); return it ? it.innerText.replace(/\\s+/g, ' ') : ''")


def clipboard(screen):
    screen.driver.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
    return screen.driver.execute_async_script("const done = arguments[0]; navigator.clipboard.readText().then(done, (fault) => done(String(fault)));")


def type_again(screen, words):
    screen.keys(Keys.ESCAPE)
    screen.keys(words)


MEASURE = """
const field = document.getElementById('find');
window.took = [];
field.addEventListener('input', () => { const began = performance.now(); queueMicrotask(() => {}); requestAnimationFrame(() => setTimeout(() => window.took.push(performance.now() - began))); }, { capture: true });
"""


@pytest.mark.journey
def test_p120_a_few_letters_give_the_number_and_enter_copies_it(seen, screen):
    operator(seen, screen)
    assert screen.js("return document.activeElement.id") == "find", "one can type at once"
    screen.js(MEASURE)
    journey = Journey(screen, "J6: \"camhs mar\" to the number in the clipboard", 1000, most=(0, 10))
    journey.keys("camhs mar")
    screen.until(lambda: options(screen), "somebody is found")
    [first] = options(screen)
    for words in ("CAMHS crisis team", MARLWICK, "Tess Osei", "01632 960555", "Covered"):
        assert words in first, f"{words!r} is not in {first!r}"
    assert "bleep 0417" in screen.text("#detail")
    journey.keys(Keys.ENTER)
    journey.end(lambda: screen.text("#news") == "Copied 01632 960555, Tess Osei", "it says what it copied")
    assert clipboard(screen) == "01632 960555"
    took = screen.js("return window.took")
    assert len(took) == len("camhs mar"), "each key was drawn"
    record("J6: from a key to the picture", median(took), 150)
    screen.driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": 4})
    screen.js("window.took = []")
    type_again(screen, "amhp")
    screen.until(lambda: len(screen.js("return window.took")) == 4, "each key was drawn")
    record("J6: from a key to the picture, CPU slowed to a quarter", median(screen.js("return window.took")), 150)
    screen.driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": 1})
    # What the operator types next stands alone.
    screen.keys(Keys.ENTER)
    screen.until(lambda: "Copied" in screen.text("#news"), "copied")
    screen.keys("crht oswin")
    screen.until(lambda: options(screen) and "St Oswin's" in options(screen)[0], "the next call")
    screen.chord(Keys.SHIFT, Keys.ENTER)
    screen.until(lambda: "07700 900123" in screen.text("#news"), "her own number")
    screen.check_fair()
    assert axe(screen) == []


def test_p121_names_places_and_services_are_found_and_chosen_by_arrows(seen, screen):
    operator(seen, screen)
    for words, wanted in (("osei", "CAMHS crisis team"), ("wenlow", "CAMHS crisis team"), ("young people", "CAMHS crisis team"), ("kim crht", "Crisis resolution"),
                          ("amhp fen", "Approved mental health professional Fenmere"), ("st oswins liaison", "Liaison psychiatry")):
        type_again(screen, words)
        screen.until(lambda wanted=wanted: any(wanted in one for one in options(screen)), f"{words} is found")
    type_again(screen, "zebra")
    screen.until(lambda: "Nothing is called that here" in screen.text("#more"), "it says so")
    # Other words than the region's, and a name as it was heard: nothing is copied that was not chosen.
    for words, wanted in (("kids marlwick", "CAMHS crisis team"), ("dr osei marlwick", "CAMHS crisis team"), ("social worker fen", "Approved mental health professional"), ("home treatment osw", "Crisis resolution")):
        type_again(screen, words)
        screen.until(lambda wanted=wanted: wanted in chosen(screen), f"{words} is found")
        assert not screen.text("#like")
    for words, wanted in (("kin lee", "Kim Lee"), ("tess ossei", "Tess Osei")):
        type_again(screen, words)
        screen.until(lambda wanted=wanted: options(screen) and wanted in options(screen)[0], f"{words} is nearly {wanted}")
        assert screen.text("#like") == "Nothing is called that here. Nearly the same:" and not chosen(screen)
    screen.keys(Keys.ENTER)
    screen.until(lambda: screen.text("#news").startswith("Nothing is copied. Choose one first"), "Enter chooses nothing by itself")
    screen.keys(Keys.ARROW_DOWN)
    assert "Tess Osei" in chosen(screen)
    assert axe(screen) == []
    type_again(screen, "crht")
    screen.until(lambda: len(options(screen)) >= 2, "several are found")
    first = chosen(screen)
    screen.keys(Keys.ARROW_DOWN)
    second = chosen(screen)
    assert second == options(screen)[1] != first
    assert screen.text("#chosen") and MARLWICK in screen.text("#chosen") if MARLWICK in second else "St Oswin" in screen.text("#chosen")
    screen.keys(Keys.ARROW_UP)
    assert chosen(screen) == first
    screen.keys(Keys.ARROW_UP)
    assert chosen(screen) == options(screen)[-1], "round the end"
    screen.keys(Keys.ESCAPE)
    assert not options(screen) and screen.js("return document.getElementById('find').value") == ""
    # An hour ago this region was not known yet: that is said, and nothing is told as a change that was only read for the first time.
    screen.until(lambda: re.search(r"Nothing from before \d\d:\d\d is known of any place", screen.text("#hour")), "since when it knows")
    assert "now " not in screen.text("#hour"), screen.text("#hour")
    # A gap is said to be one, with what to do instead.
    type_again(screen, "liaison oswin")
    screen.until(lambda: options(screen) and "Gap" in options(screen)[0] and "Nobody is on the rota" in options(screen)[0], "a gap")


@pytest.mark.journey
def test_p122_two_operators_see_the_same_within_three_seconds(house, screen):
    operator(house, screen)
    beside = open_browser()
    try:
        other = operator(house, Screen(beside, house), "switchboard-2")
        other.keys("crht oswin")
        other.until(lambda: "Sam Ahmed" in chosen(other), "the other looks it up")
        screen.keys("crht oswin")
        screen.until(lambda: "Sam Ahmed" in chosen(screen), "found")
        journey = Journey(screen, "J6: a note, by the keyboard, to where the other operator sees it", 8000, most=(0, 60))
        journey.keys(Keys.F2)
        screen.until(lambda: screen.js("return document.activeElement.id") == "note-text", "the note has the focus")
        journey.keys("Phone flat until 04:00, ring ward 7 <b>first</b>", Keys.TAB, Keys.TAB)
        assert screen.js("return document.activeElement.id") == "note-until"
        screen.chord(Keys.CONTROL, "a")
        journey.keys("+2", Keys.ENTER)
        screen.until(lambda: screen.text("#news").startswith("Noted"), "it is noted")
        noted = time.monotonic()
        other.until(lambda: "ring ward 7 <b>first</b>" in chosen(other), "the other operator sees it", SOONER)
        record("J6: from a note that was saved to where the other operator sees it", (time.monotonic() - noted) * 1000, 3000)
        journey.end(lambda: "ring ward 7 <b>first</b>" in other.text("#detail"), "with its end")
        assert screen.js("return document.activeElement.id") == "find", "back to the next call"
        # Nobody answers: the other one is told, and goes on to the next.
        screen.keys(Keys.F8)
        screen.until(lambda: "Next to ring: 01632 960445, Kim Lee" in screen.text("#news"), "the next is said")
        other.until(lambda: "Rota says covered" in chosen(other) and "Kim Lee" in chosen(other), "the other sees it", SOONER)
        assert " without answer" in other.text("#detail")
        # A ward's device reports: both see the same.
        entry = next(one["entry"] for one in house.now("ZED01", "crht")["on_call"] if one["name"] == "Kim Lee")
        made = house.post("/v1/contacts", {"place": "ZED01", "function": "crht", "entry": entry, "outcome": "declined"}, token=house.sign_in("st-oswins-ed", "viewer"))
        assert made.status == 201, made
        for one in (screen, other):
            one.until(lambda one=one: ", declined" in one.text("#detail"), "what the ward says", SOONER)
        assert screen.text("#detail .told.declined") == other.text("#detail .told.declined")
        # The note is taken away from the keyboard.
        other.tab_to("it.textContent === 'Remove'")
        other.keys(Keys.ENTER)
        screen.until(lambda: "ring ward 7" not in screen.text("#detail"), "it is gone for both", 5)
        assert other.complaints() == []
    finally:
        beside.quit()


@pytest.mark.long
def test_p123_a_note_that_cannot_be_is_refused_with_the_remedy(house, screen):
    operator(house, screen)
    screen.expect("status of 400")
    screen.keys("amhp oswin")
    screen.until(lambda: options(screen), "found")
    screen.keys(Keys.F2)
    screen.until(lambda: screen.js("return document.activeElement.id") == "note-text", "the note has the focus")
    screen.keys(Keys.ENTER)
    screen.until(lambda: "Write the note" in screen.text("#note-fault"), "an empty one")
    screen.keys("x" * 201, Keys.ENTER)
    screen.until(lambda: "longer than 200" in screen.text("#note-fault"), "one that is too long")
    screen.js("document.getElementById('note-text').select()")
    screen.keys("Patient in cubicle 4, NHS number 943 476 5919", Keys.ENTER)
    screen.until(lambda: screen.text("#note-fault").startswith("Not noted"), "one about a patient")
    assert screen.js("return document.getElementById('note-text').value").startswith("Patient"), "what was typed is not lost"
    screen.tab_to("it.id === 'note-until'")
    screen.chord(Keys.CONTROL, "a")
    screen.keys("sometime", Keys.ENTER)
    screen.until(lambda: "a time such as 04:00" in screen.text("#note-fault"), "an end that is none")
    screen.check_fair()
    assert axe(screen) == []
    screen.keys(Keys.ESCAPE)
    screen.until(lambda: screen.js("return document.activeElement.id") == "find", "Escape leads back")
    assert not house.get("/v1/notes?place=ZED01").json["notes"]


@pytest.mark.long
def test_p124_what_changed_within_the_hour_is_told(house, screen):
    operator(house, screen)
    events = round_the_clock()
    current = on_now(events)
    house.publisher.publish("amhp", calendar([event for event in events if event is not current]))
    house.refresh(ROTA)
    wait_until(lambda: house.now()["state"] == "gap", 10, "the feed lost its present shift")
    screen.until(lambda: f"was {name_of(current)}" in screen.text("#hour"), "it is told without a question", 5)
    wanted = ("Approved mental health professional", "now gap", "Fenmere", "St Oswin's Hospital")
    # The places come one after the other, as each is asked about again.
    screen.until(lambda: any(name_of(current) in line and all(word in line for word in wanted) for line in screen.text("#hour").split("\n")), "once for all places")
    type_again(screen, "amhp oswin")
    screen.until(lambda: "Gap" in chosen(screen), "and the index has it")


@pytest.mark.holds("H09.2")
def test_p125_with_the_server_gone_the_index_answers_and_says_so(house, screen):
    screen.expect(AWAY)
    operator(house, screen)
    screen.until(lambda: screen.driver.execute_async_script(
        "const done = arguments[0]; navigator.serviceWorker.ready.then((one) => done(one.active.state === 'activated'))"), "the page can be opened without the server")
    house.stop()
    type_again(screen, "camhs mar")
    screen.until(lambda: "Tess Osei" in chosen(screen), "from memory")
    screen.js("window.dispatchEvent(new Event('online'))")
    screen.until(lambda: "was not reached" in screen.text("#fault"), "it says so", 30)
    screen.js("const real = Date.now.bind(Date); Date.now = () => real() + 14400000")  # the machine slept
    screen.until(lambda: screen.seen("#dead") and screen.text("#age").startswith("NOT LIVE"), "the bar is there")
    # Opened without the server: team numbers, and nobody's own.
    screen.open("/switchboard.html")
    screen.until(lambda: screen.text("#age").startswith("NOT LIVE") and "team numbers only" in screen.text("#age"), "it says what it has", 30)
    type_again(screen, "camhs mar")
    screen.until(lambda: "01632 960555" in chosen(screen), "the team's number")
    assert "07700" not in screen.text("body")


def test_p126_whom_it_is_not_for_is_told_so_on_a_page_of_our_own(seen, screen):
    screen.sign_in(seen.sign_in("fenmere-icb", "commissioner"))
    screen.open("/switchboard.html")
    screen.until(lambda: screen.text("h1") == "This is not open to you", "a page of our own")
    screen.until(lambda: "fenmere-icb, commissioner" in screen.text("main"), "and who one is")
    assert screen.all("#ways a[href='/gaps.html']") and not screen.all("#ways a[href='/switchboard.html']")
    screen.check_fair()
    screen.check_narrow()
    assert axe(screen) == []


@pytest.mark.long
def test_p127_on_a_desk_and_on_a_telephone_large_and_in_forced_colours(seen, screen):
    operator(seen, screen)
    for width, height in (DESKTOP, PHONE):
        size(screen, width, height)
        type_again(screen, "crht")
        screen.until(lambda: options(screen), "found")
        assert not screen.js("return document.documentElement.scrollWidth > innerWidth")
        assert axe(screen) == []
    screen.check_narrow()
    screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "forced-colors", "value": "active"}]})
    style = screen.js("const style = getComputedStyle(document.querySelector('.is-chosen')); return [style.outlineStyle, style.outlineWidth]")
    screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert style[0] != "none" and style[1] != "0px", "the chosen one is seen without colours"
