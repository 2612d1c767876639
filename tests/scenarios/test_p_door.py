# SPDX-License-Identifier: MIT
"""The ward's door (J1): a nurse at ten past three, on the ward's own machine or a telephone, with the server well, ill or gone."""

import json
import re
from datetime import timedelta

import pytest

from between import Between
from doors import doors, house, open_doors, seen  # noqa: F401 (fixtures)
from journeys import Journey, record
from pages_tools import axe
from papers_of import pages_of
from regions import LONDON, calendar, now, round_the_clock, small
from screen import Screen
from servers import wait_until
from test_p_built import DESKTOP, IN_SIGHT, PHONE, codes
from test_p_pages import ROTA, name_of, on_now
from testbed import browser as open_browser

AWAY = "Failed to load resource|ERR_|ServiceWorker|EventSource"


def size(screen, width, height):
    screen.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})


def row(screen, code):
    """The words of a function's closed row."""
    return screen.js("return document.getElementById('function-' + arguments[0]).closest('.function').querySelector('.closed').innerText", code)


def badge(screen, code):
    """The state's words, and its colour."""
    return screen.js("const it = document.getElementById('function-' + arguments[0]).closest('.function').querySelector('.badge');"
                     "return [it.innerText.trim(), getComputedStyle(it).backgroundColor]", code)


def tap(screen, code, outcome):
    """Presses one of the buttons about the one to ring."""
    screen.js("[...document.getElementById('function-' + arguments[0]).closest('.function').querySelectorAll('.outcome')]"
              ".find((one) => one.innerText === arguments[1]).click()", code, outcome)


def nurse(house, screen, place="ZED01"):
    screen.sign_in(house.sign_in("st-oswins-ed" if place == "ZED01" else "wenlow-ed", "viewer"))
    return screen.now(place)


MARLWICK_NUMBER = "01632 960555"
GREEN = "rgb(0, 112, 60)"
FIRST_ANSWER = """new MutationObserver(() => { if (!window.firstAnswer && document.querySelector('.function')) window.firstAnswer = performance.now(); })
  .observe(document, { childList: true, subtree: true });"""


# ------------------------------------------------------------------------------------------------------------------ the first answer


@pytest.mark.journey
def test_p100_the_first_answer_is_there_at_once_with_all_that_a_nurse_needs(seen, screen):
    screen.sign_in(seen.sign_in("st-oswins-ed", "viewer"))
    script = screen.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": FIRST_ANSWER})["identifier"]
    screen.driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": 4})
    try:
        times = []
        for _ in range(3):
            screen.open("/now.html?place=ZED01")
            screen.until(lambda: screen.all(".function"), "the functions are shown")
            times.append(screen.js("return window.firstAnswer"))
        record("J1: the bookmark to whom to ring, CPU slowed to a quarter", min(times), 1000)
    finally:
        screen.driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": 1})
        screen.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": script})
    events = round_the_clock()
    current = on_now(events)
    following = events[events.index(current) + 1]
    said = row(screen, "amhp")
    for words in ("Approved mental health professional", name_of(current), "01632 960456", "until", f"then {name_of(following)}", "checked", "Covered"):
        assert words in said, f"{words!r} is not in {said!r}"
    assert screen.one("#function-amhp").find_element("xpath", "ancestor::section").find_element("css selector", ".call a").get_attribute("href") == "tel:+441632960456"
    # What is another's job is not here.
    whole = screen.text("body")
    for words in ("publish", "Gaps", "Import"):
        assert words not in whole, f"{words} is not a nurse's job"


@pytest.mark.journey
@pytest.mark.parametrize(("width", "height"), [PHONE, DESKTOP])
def test_p101_what_the_place_wants_first_is_on_the_first_screen_and_the_rest_a_press_away(seen, screen, width, height):
    screen.sign_in(seen.sign_in("st-oswins-ed", "viewer"))
    size(screen, width, height)
    screen.now()
    assert codes(screen)[:4] == ["amhp", "crht", "liaison", "camhs_crisis"], "the order of the place, whatever is worst"
    sight = screen.js(IN_SIGHT)
    assert sight["head"] and sight["rows"] >= 4 and not sight["sideways"], sight
    if (width, height) == PHONE:
        size(screen, 740, 360)
        turned = screen.js(IN_SIGHT)
        assert turned["head"] and turned["rows"] >= 2 and not turned["sideways"], ("a telephone held sideways", turned)
        size(screen, width, height)
    journey = Journey(screen, f"J1: a function opened, {width} pixels", 1000, most=(1, 0))
    journey.click("#function-crht .opens")
    journey.end(lambda: screen.seen("#more-crht .people"), "its order of ringing is shown")
    words = screen.text("#more-crht")
    assert words.index("Sam Ahmed") < words.index("Kim Lee") < words.index("Ring the manager on call"), "in the order of ringing"
    journey = Journey(screen, f"J1: a function found by typing, {width} pixels", 1000, most=(1, 3))
    journey.click("#find")
    journey.keys("lia")
    journey.end(lambda: codes(screen) == ["liaison"], "one is left")
    # Other words than the region's, and one that was mistyped.
    for typed, wanted, is_near in (("psychiatrist", ["liaison"], False), ("sectioning", ["amhp"], False), ("liason", ["liaison"], True), ("zebra", [], False)):
        screen.js("document.getElementById('find').select()")
        screen.keys(typed)
        screen.until(lambda wanted=wanted: codes(screen) == wanted, f"{typed} is found")
        assert ("Nearly the same" in screen.text("#functions")) == is_near, typed
    screen.js("document.getElementById('find').select()")
    screen.keys("lia")
    # Paper has all of tonight, and each says which of how many: a page that is missing is noticed.
    number = len(seen.get("/v1/now?place=ZED01").json["functions"])
    paper = "".join(pages_of(screen))
    assert f"1 of {number}" in paper and f"{number} of {number}" in paper, paper
    assert codes(screen) == ["liaison"], "and the screen what was looked for"
    screen.check_fair()
    assert axe(screen) == []


# ------------------------------------------------------------------------------------------------------------------------ one tap


@pytest.mark.journey
@pytest.mark.holds("H01.5", "H07.4", "H16.1")
def test_p102_one_tap_gives_the_next_at_once_and_tells_everybody_what_was_reported(house, screen):
    nurse(house, screen)
    assert badge(screen, "crht") == ["✓ Covered", GREEN]
    journey = Journey(screen, "J1: wrong person, and the next to ring", 1000, most=(1, 0))
    journey.clicks += 1
    tap(screen, "crht", "Wrong person")
    # From memory: not one question of the server lies between.
    assert "Kim Lee" in row(screen, "crht").split("rung at")[0] and "01632 960445" in row(screen, "crht")
    journey.end(lambda: "Kim Lee" in row(screen, "crht"), "the next is shown")
    assert screen.js("return document.activeElement.getAttribute('href')") == "tel:+441632960445", "the focus is on the number to ring now"
    assert "Next to ring: Kim Lee" in screen.js("return document.getElementById('news').textContent")
    word, colour = badge(screen, "crht")
    assert word == "! Rota says covered" and colour != GREEN
    screen.until(lambda: "Take back" in row(screen, "crht"), "the server has it")
    assert re.search(r"Sam Ahmed: rung at \d\d:\d\d, wrong person", row(screen, "crht"))
    on_call = next(one for one in house.now("ZED02", "crht")["on_call"] if one["name"] == "Sam Ahmed")
    assert on_call["reported"]["outcome"] == "wrong_person" and on_call["reported"]["place"] == "ZED01"
    assert house.now("ZED01", "crht")["state"] == "covered", "the state stays what the rota says"
    # A press more in the same breath reports nobody else.
    before = len(house.get("/v1/contacts").json["contacts"])
    tap(screen, "crht", "No answer")
    tap(screen, "crht", "No answer")
    assert len(house.get("/v1/contacts").json["contacts"]) <= before + 1
    screen.check_fair()
    # Another ward sees it, and by whom.
    screen.press_button("Sign out")
    screen.until(screen.at_front_door, "signed out")
    # The back button leads to a page of one's own session no more, however the browser kept it. What else that page asks for is refused, too.
    screen.expect("status of 401")
    screen.js("history.back()")
    screen.until(lambda: screen.at_front_door() and "Sign out" not in screen.text("body"), "nobody is signed in there")
    nurse(house, screen, "ZED02")
    assert ", wrong person, by St Oswin's Hospital" in row(screen, "crht") and "Sam Ahmed: rung at" in row(screen, "crht")
    assert badge(screen, "crht")[1] != GREEN


def test_p103_a_report_is_taken_back_and_reached_brings_the_green_back(house, screen):
    nurse(house, screen)
    tap(screen, "amhp", "No answer")
    screen.until(lambda: "Take back" in row(screen, "amhp"), "the server has it")
    assert "Ring the Emergency Duty Team" in row(screen, "amhp") and "01632 960111" in row(screen, "amhp")
    screen.press_button("Take back")
    screen.until(lambda: badge(screen, "amhp") == ["✓ Covered", GREEN] and "rung at" not in row(screen, "amhp"), "it is as before")
    wait_until(lambda: not house.now("ZED01", "amhp")["on_call"][0].get("reported"), 10, "the server shows it no longer")
    screen.until(lambda: "01632 960456" in row(screen, "amhp"), "the first one is to be rung again")
    tap(screen, "crht", "Reached")
    screen.until(lambda: "Sam Ahmed: reached" in row(screen, "crht"), "it is said")
    assert badge(screen, "crht")[1] == GREEN
    # What another screen has reported is put right by the one who reaches the person.
    entry = house.now("ZED01", "amhp")["on_call"][0]["entry"]
    made = house.post("/v1/contacts", {"place": "ZED01", "function": "amhp", "entry": entry, "outcome": "wrong_person"}, token=house.sign_in("switchboard-1", "switchboard"))
    assert made.status == 201, made
    screen.until(lambda: ", wrong person" in row(screen, "amhp") and badge(screen, "amhp")[1] != GREEN, "the other one's report is shown")
    assert "Take back" not in row(screen, "amhp"), "it is not this screen's"
    screen.press_button("Reached after all")
    screen.until(lambda: "reached" in row(screen, "amhp") and badge(screen, "amhp") == ["✓ Covered", GREEN], "and the green is back")
    wait_until(lambda: house.now("ZED01", "amhp")["on_call"][0].get("reported") is None, 10, "for everybody")


@pytest.mark.holds("H09.2")
def test_p104_with_the_server_away_the_next_one_is_shown_and_it_is_said_that_nothing_was_recorded(house, screen):
    screen.expect(AWAY)
    nurse(house, screen)
    house.stop()
    tap(screen, "crht", "No answer")
    assert "Kim Lee" in row(screen, "crht").split(":")[0], "from memory, at once"
    screen.until(lambda: "Not recorded: the server was not reached. Tell your switchboard" in row(screen, "crht"), "it says so", 30)
    tap(screen, "amhp", "Wrong person")
    assert "Ring the Emergency Duty Team" in row(screen, "amhp")
    house.start()
    wait_until(lambda: house.get("/readyz", token=None).status == 200, 30, "the server is back")
    screen.js("document.getElementById('function-crht').closest('.function').querySelector('[aria-label^=\"Send the report\"]').click()")
    screen.until(lambda: "Not recorded" not in row(screen, "crht"), "it is recorded now", 30)
    assert wait_until(lambda: [one for one in house.get("/v1/contacts").json["contacts"] if one["outcome"] == "no_answer"], 10, "the server has it")


# ---------------------------------------------------------------------------------------------------------- they live elsewhere


AREAS = [{"code": "X06000002", "name": "Wenlow", "kind": "council", "place": "X06000002"}, {"code": "marsh", "name": "Marsh and Mere GPs", "kind": "gp_area", "place": "ZED02"},
         {"code": "ZF1", "name": "ZF1", "kind": "postcode_district", "place": "ZED02"}, {"code": "ZF1-west", "name": "ZF1", "kind": "postcode_district", "place": "X06000002"}]


@pytest.mark.journey
@pytest.mark.holds("H12.2")
def test_p105_for_a_person_who_lives_elsewhere_the_team_numbers_of_there_and_nothing_kept(testbed, screen):
    open_doors(testbed, areas=AREAS)
    nurse(testbed, screen)
    [(before,)] = testbed.sql("select max(seq) from audit")
    journey = Journey(screen, "J1: whom to ring for a person of another area", 2000, most=(1, 8))
    journey.click("#elsewhere-toggle")
    screen.until(lambda: screen.js("return document.activeElement.id") == "area", "the question has the focus")
    journey.keys("ZF1 2AB\ue007")
    journey.end(lambda: screen.all(".area"), "the areas are shown")
    words = screen.text("#elsewhere")
    assert "Wenlow" in words and MARLWICK_NUMBER in words and "Ring the paediatric registrar" in words
    assert screen.js("return Math.min(...[...document.querySelectorAll('.area h3')].map((one) => parseFloat(getComputedStyle(one).fontSize)))") >= 24, "the area in large letters"
    assert not [name for name in ("Jo Jones", "Sam Ahmed", "Kim Lee", "Tess Osei") if name in words], "no names"
    screen.check_fair()
    assert axe(screen) == []
    kept = screen.driver.execute_async_script("""
        const done = arguments[0];
        const textsOf = async (name) => {
          const cache = await caches.open(name);
          return Promise.all((await cache.keys()).map(async (one) => one.url + await (await cache.match(one)).text()));
        };
        caches.keys().then((names) => Promise.all(names.map(textsOf)))
          .then((texts) => done(JSON.stringify([texts, { ...localStorage }, { ...sessionStorage }, location.href])));""")
    assert "ZF1" not in kept and "2AB" not in kept, "nothing that was typed is kept"
    written = json.dumps(testbed.sql("select array_agg(a::text) from audit a where seq > %s", before)[0][0])
    assert "ZF1" not in testbed.logs() and "ZF1" not in written
    screen.press_button("Close", "#elsewhere")
    assert not screen.all(".area") and screen.js("return document.activeElement.id") == "elsewhere-toggle"
    screen.one("#elsewhere-toggle").click()
    assert screen.js("return document.getElementById('area').value") == "", "the next nurse finds nothing"
    screen.one("#area").send_keys("Nowhere\ue007")
    screen.until(lambda: "No area of that name" in screen.text("#elsewhere"), "it says so")


# -------------------------------------------------------------------------------------------------------------------------- alive


def test_p106_a_change_is_on_the_screen_in_seconds(house, screen):
    nurse(house, screen)
    # Nothing moves while a finger is on its way, though the place no longer wants these first, and another is the worst.
    before = codes(screen)
    screen.js("setInterval(() => window.dispatchEvent(new Event('pointermove')), 200)")
    house.crisiscover("set", "place", "ZED01", "first=[]")
    events = round_the_clock()
    current = on_now(events)
    house.publisher.publish("amhp", calendar([event for event in events if event is not current]))
    house.refresh(ROTA)
    wait_until(lambda: house.now()["state"] == "gap", 10, "the feed lost its present shift")
    screen.until(lambda: badge(screen, "amhp")[0] == "✕ Gap", "the page was told, and asked", 3)
    assert codes(screen) == before, "what somebody was about to press is where it was"


@pytest.mark.parametrize("mode", ["frozen", pytest.param("slow", marks=pytest.mark.long), "dead"])
@pytest.mark.holds("H02.3")
def test_p107_whatever_stops_the_bar_comes_within_three_minutes(seen, screen, mode):
    screen.expect(AWAY)
    between = Between(seen.port)
    try:
        screen.open("/", between.url)
        screen.enter(seen.sign_in("st-oswins-ed", "viewer"))
        screen.until(lambda: screen.text("#who").endswith("Sign out"), "somebody is signed in")
        screen.open("/now.html?place=ZED01", between.url)
        screen.until(lambda: screen.all(".function"), "the functions are shown")
        screen.until(lambda: len([path for path in between.asked if path.startswith("/v1/now")]) >= 1, "the page asked")
        between.mode, between.seconds = mode, 30
        screen.refresh()
        # A machine that sleeps may have a monotonic clock that stands still meanwhile; its own clock says how long it was.
        clock = "Date" if mode == "dead" else "performance"
        screen.js(f"window.jump = 0; const steady = {clock}.now.bind({clock}); {clock}.now = () => steady() + window.jump; window.jump = 100000")
        assert not screen.seen("#dead"), "not before three minutes are over"

        def barred():
            # An answer that was under way may have come meanwhile: then three minutes go by again.
            screen.js("window.jump += 185000")
            return screen.until(lambda: screen.js("return document.getElementById('clock').textContent"), "time goes on") and screen.seen("#dead")

        screen.until(barred, "the bar is there", 10)
        for _ in range(2 if mode == "frozen" else 0):
            # What was answered before is no sign of life. The second question is sent when the first is answered.
            before = len(between.asked)
            screen.refresh()
            wait_until(lambda before=before: len(between.asked) > before, 10, "the page asked again")
        assert screen.seen("#dead"), "the bar stays"
        assert mode != "dead" or "before this machine slept" in screen.text("#age")
        assert screen.text("#age").startswith("NOT LIVE") and name_of(on_now(round_the_clock())) in row(screen, "amhp")
        between.mode = "pass"

        def back():
            screen.refresh()
            return not screen.seen("#dead")

        screen.until(back, "an answer takes the bar away", 45)
    finally:
        between.close()


@pytest.mark.long
def test_p108_a_server_whose_clock_is_wrong_is_said_to_be_so(testbed, screen):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.move_clock(7200)
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["on_call"] or testbed.now()["last_known"], 20, "the feed was read")
    screen.sign_in().now()
    screen.until(lambda: screen.text("#age").startswith("CLOCK DOUBTFUL"), "it says so")
    assert "live" not in screen.text("#age")


def test_p109_signed_out_elsewhere_the_page_says_so(house, screen):
    screen.expect("status of 401|EventSource")
    nurse(house, screen)
    # As the account's page does it, in another browser.
    token = house.issue_token("st-oswins-ed", "viewer")
    wait_until(lambda: house.get("/v1/me", token=token).status == 200, 10, "the other browser is signed in")
    [session] = [one for one in house.get("/v1/sessions", token=token).json["sessions"] if not one["current"]]
    assert house.request("DELETE", f"/v1/sessions/{session['id']}", token=token).status < 300
    screen.until(lambda: "no longer signed in" in screen.text("#fault"), "the page was told", 10)
    assert screen.seen("#fault a"), "and leads to the front door"
    screen.until(lambda: screen.text("#age").startswith("NOT LIVE") and screen.seen("#dead"), "and nothing is called live", 10)


# ------------------------------------------------------------------------------------------------------------------- for everybody


@pytest.mark.long
def test_p110_large_letters_forced_colours_and_reduced_motion(seen, screen):
    nurse(seen, screen)
    # 1280 pixels at 400 % are 320.
    screen.check_narrow()
    for feature, value in (("forced-colors", "active"), ("prefers-reduced-motion", "reduce")):
        screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": feature, "value": value}]})
        assert screen.js("return matchMedia(`(${arguments[0]}: ${arguments[1]})`).matches", feature, value)
        if feature == "forced-colors":
            assert screen.js("return [...document.querySelectorAll('.badge, .outcome, .chip')].every((one) => parseFloat(getComputedStyle(one).borderTopWidth) > 0)"), \
                "what only a ground of colour sets off has an edge"
        else:
            moving = screen.js("return [...document.querySelectorAll('*')].filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0).map((one) => one.outerHTML.slice(0, 80))")
            assert moving == []
    screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_p111_by_the_keyboard_alone_and_by_name(house, screen):
    nurse(house, screen)
    screen.tab_to("it.dataset.key === 'crht/open'")
    screen.tab_to("it.getAttribute('href') === 'tel:+441632960444'")
    screen.tab_to("it.textContent === 'Reached' && it.closest('.function').querySelector('#function-crht')")
    screen.tab_to("it.textContent === 'No answer'")
    assert screen.js("return document.activeElement.getAttribute('aria-label')") == "No answer: Sam Ahmed, Crisis resolution and home treatment"
    screen.keys("\ue007")
    screen.until(lambda: "Kim Lee" in row(screen, "crht").split(":")[0], "the next is shown")
    names = [node["name"]["value"] for node in screen.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
             if not node["ignored"] and node["role"]["value"] == "button"]
    reports = [name for name in names if name.split(":")[0] in ("Reached", "No answer", "Wrong person")]
    assert len(reports) == len(set(reports)), "each button says about whom"


def test_p112_a_note_is_beside_whom_it_is_about_and_its_markup_is_text(house, screen):
    image = "<img src=x onerror=window.owned=1> ring ward 7"
    until = (now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for on in ({"person": "sam-ahmed"}, {"service": "fenmere-amhp"}, {"place": "ZED01", "function": "liaison"}):
        made = house.post("/v1/notes", {"on": on, "text": image, "until": until})
        assert made.status == 201, made
    nurse(house, screen)
    for code in ("crht", "amhp", "liaison"):
        assert image in row(screen, code), code
    assert screen.js("return window.owned") is None and not screen.all("main img")
    screen.check_fair()
    assert axe(screen) == []


@pytest.mark.long
def test_p113_a_long_night_is_printed_on_two_pages_that_say_so(testbed, screen):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = small(testbed.publisher)
    for number in range(40):
        region["functions"].append({"code": f"extra_{number}", "name": f"Extra function {number}"})
        region["requirements"].append({"id": f"X{number}", "place": "ZED01", "function": f"extra_{number}", "count": 1, "hours": region["requirements"][0]["hours"]})
        region["services"].append({"id": f"extra-{number}", "name": f"Extra {number}", "function": f"extra_{number}", "organisation": "ZAV", "places": ["ZED01"],
                                   "phone": "+441632960333", "fallback": {"text": "Ring the site manager", "phone": "+441632960222"}})
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
    nurse(testbed, screen)
    pages = pages_of(screen)
    assert len(pages) == 2
    for number, page in enumerate(pages, 1):
        assert f"{number} of 2" in page, page[-200:]
    assert "Approved mental health" in pages[0], "what the place wants first"
    assert "Extra function 39" in pages[1]


def test_p114_the_rota_s_manager_is_told_and_says_that_it_is_seen_to(house, screen):
    token = house.sign_in("st-oswins-ed", "viewer")
    entry = house.now("ZED01", "crht", token=token)["on_call"][0]["entry"]
    made = house.post("/v1/contacts", {"place": "ZED01", "function": "crht", "entry": entry, "outcome": "wrong_person"}, token=token)
    assert made.status == 201, made
    screen.sign_in(house.sign_in("alder-rotas", "rota_manager")).imports()
    screen.until(lambda: screen.cells("#reports"), "the report is listed")
    [told] = screen.cells("#reports")
    assert told[:3] == ["crht-rota", "Wrong person", "Sam Ahmed"] and told[4] == "St Oswin's Hospital"
    screen.check_fair()
    assert axe(screen) == []
    screen.press_button("Seen to", "#reports")
    screen.until(lambda: not screen.seen("#reports-part"), "nothing is left to see to")
    assert "Seen to" in screen.text("#progress")
    assert not house.get("/v1/contacts?open=1").json["contacts"]


@pytest.mark.parametrize(("zone", "language"), [("Pacific/Honolulu", "en-US"), pytest.param("UTC", "en-GB", marks=pytest.mark.long),
                                                  pytest.param("Europe/Paris", "en-US", marks=pytest.mark.long)])
@pytest.mark.holds("H10.1")
def test_p115_the_ward_s_machine_may_be_set_to_any_zone_and_language(seen, screen, zone, language):
    def words(of):
        nurse(seen, of)
        of.js("document.querySelectorAll('[data-since]').forEach((one) => one.remove())")
        return [re.sub(r"checked \d\d:\d\d", "checked", row(of, code)) for code in ("amhp", "crht", "liaison", "camhs_crisis")], of.text("#clock")

    here, _ = words(screen)
    abroad = open_browser(zone, language)
    try:
        other = Screen(abroad, seen)
        there, clock = words(other)
        assert other.js("return Intl.DateTimeFormat().resolvedOptions().timeZone") == zone
        assert there == here
        local = now().astimezone(LONDON)
        assert any(f"{local + timedelta(minutes=away):%a %d %b %Y %H:%M}" in clock for away in (0, -1)), clock
        assert other.complaints() == []
    finally:
        abroad.quit()


def test_p116_a_page_that_nobody_sees_gives_its_connection_back(seen, screen):
    nurse(seen, screen)

    def listeners():
        return int(re.search(r"^\w*listeners_open\S* (\d+)", seen.get("/metrics").text, re.M)[1])

    wait_until(lambda: listeners() == 1, 10, "the page listens")
    hidden = "Object.defineProperty(document, 'hidden', { configurable: true, get: () => arguments[0] }); document.dispatchEvent(new Event('visibilitychange'))"
    screen.js(f"const set = function () {{ {hidden} }}; set(arguments[0])", True)
    wait_until(lambda: listeners() == 0, 10, "it does not while nobody sees it")
    screen.js(f"const set = function () {{ {hidden} }}; set(arguments[0])", False)
    wait_until(lambda: listeners() == 1, 10, "and does again")


@pytest.mark.holds("H17.2")
def test_p117_what_begins_as_planned_is_asked_for_at_the_quarter(seen, screen):
    # No event tells of it, and no end of a shift where nobody was on before. The page's own turns are left out.
    screen.sign_in(seen.sign_in("st-oswins-ed", "viewer"))
    turns = "const every = window.setInterval; window.setInterval = (act, ms) => (ms === 20000 ? 0 : every(act, ms));"
    script = screen.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": turns})["identifier"]
    try:
        screen.now()
    finally:
        screen.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": script})
    asked = "return performance.getEntriesByType('resource').filter((one) => one.name.includes('/v1/now')).length"
    screen.until(lambda: screen.text("#age").endswith("live"), "the page is live")
    before = screen.js(asked)
    # As if the quarter had come; both clocks go on together, so that it does not look like a machine that slept.
    screen.js("const steady = performance.now.bind(performance), wall = Date.now; window.jump = 0;"
              "performance.now = () => steady() + window.jump; Date.now = () => wall() + window.jump; window.jump = 900000")
    screen.until(lambda: screen.js(asked) > before, "the page asked", 6)


@pytest.mark.journey
@pytest.mark.long
def test_p118_on_a_telephone_the_buttons_come_when_a_number_was_rung(house, screen):
    screen.sign_in(house.sign_in("st-oswins-ed", "viewer"))
    size(screen, *PHONE)
    screen.now()
    assert not screen.seen(".outcome"), "there is room for four functions, and not for what comes later"
    # The telephone takes the link; the page stays.
    screen.js("document.addEventListener('click', (event) => { if (event.target.closest('a[href^=tel]')) event.preventDefault(); })")
    screen.one("#function-crht").find_element("xpath", "ancestor::section").find_element("css selector", ".call a").click()
    screen.until(lambda: screen.seen(".outcome"), "the buttons are there")
    shown = screen.js("return [...document.querySelectorAll('.outcome')].filter((one) => one.checkVisibility()).map((one) => one.innerText)")
    assert shown == ["Reached", "No answer", "Wrong person", "Declined"], "of this function alone"
    journey = Journey(screen, "J1: on a telephone, no answer, and the next to ring", 1000, most=(1, 0))
    journey.clicks += 1
    tap(screen, "crht", "No answer")
    journey.end(lambda: "01632 960445" in row(screen, "crht"), "the next is shown")
    screen.check_fair()
    screen.check_narrow()


@pytest.mark.journey
@pytest.mark.long
def test_p119_whom_to_ring_is_the_ladder_s_order_and_declined_goes_on(testbed, screen):
    region = doors(testbed.publisher)
    steps = [{"on_call": 1}, {"function": "crht"}, {"name": "AMHP hub manager", "phone": "+441632960999"}, {"navigator": "cafe"}]
    opens, shuts = (f"{(now().astimezone(LONDON).hour + hours) % 24:02}:00" for hours in (-1, 4))
    region["navigators"] = [{"id": "cafe", "name": "Alder Cafe", "kind": "crisis_cafe", "organisation": "ZFC", "for": "adults", "address": "12 Mill Lane",
                             "places": [region["places"][0]["code"]], "hours": [{"days": ["all"], "from": opens, "to": shuts}]}]
    region["places"][0]["ladders"] = [{"function": "amhp", "steps": steps}]
    testbed.publisher.publish("amhp", calendar(round_the_clock(who=[("jo-jones", "Jo Jones")])))
    testbed.start(region)
    wait_until(lambda: [testbed.now("ZED01", one)["state"] for one in ("amhp", "crht")] == ["covered"] * 2, 20, "both were covered")
    nurse(testbed, screen)
    assert "Jo Jones" in row(screen, "amhp")
    tap(screen, "amhp", "Declined")
    screen.until(lambda: "Sam Ahmed, Crisis team, Alder Vale" in row(screen, "amhp") and "01632 960444" in row(screen, "amhp"), "the next of the ladder is shown")
    screen.until(lambda: "Jo Jones: rung at" in row(screen, "amhp") and ", declined" in row(screen, "amhp") and "Take back" in row(screen, "amhp"), "and who declined")
    # A press in the same breath as the one before counts for nothing.
    screen.until(lambda: "Kim Lee, Crisis team, second" in row(screen, "amhp") or tap(screen, "amhp", "No answer"), "the second of the crisis team")
    screen.until(lambda: "AMHP hub manager" in row(screen, "amhp") or tap(screen, "amhp", "No answer"), "a number of nobody in particular")
    assert "01632 960999" in row(screen, "amhp")
    wait_until(lambda: testbed.now("ZED01", "amhp")["ladder"]["next"] == 4, 10, "the server says the same")
    assert testbed.now("ZED01", "amhp")["state"] == "covered", "nobody counts by a ladder"
    # The opened row and the switchboard have all of it, in the same order.
    order = re.compile(f"Jo Jones.*Sam Ahmed.*Kim Lee.*AMHP hub manager.*Alder Cafe, open until {shuts}", re.S)
    screen.js("document.querySelector('#function-amhp button').click()")
    screen.until(lambda: order.search(screen.text("#more-amhp .rings")), "the ladder is in the opened row")
    screen.check_fair()
    screen.press_button("Sign out")
    screen.until(screen.at_front_door, "signed out")
    screen.sign_in(testbed.sign_in("switchboard-1", "switchboard"))
    screen.open("/switchboard.html")
    screen.keys("amhp oswin")
    screen.until(lambda: order.search(screen.text("#detail .steps")), "the switchboard has it")
    screen.check_fair()
