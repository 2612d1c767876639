# SPDX-License-Identifier: MIT
"""The pages in a real browser: what they show, to whom, and that they are accessible."""

import json
import re
from datetime import datetime, timedelta, timezone

import pytest
from selenium.common.exceptions import JavascriptException
from selenium.webdriver.common.keys import Keys

from testbed import browser as open_browser
from regions import ALWAYS, HOUR, LONDON, Event, calendar, in_zone, instant, london_day, now, open_small, round_the_clock, small, today
from screen import Screen
from servers import wait_until

REFUSED = r"ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET"
ROTA = "fenmere-amhp-duty"
# What nobody sees, and what turns the direction of writing.
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\ufeff]")


@pytest.fixture
def open_testbed(testbed):
    return open_small(testbed)


@pytest.fixture
def seen(share):
    """The same, for tests that only look."""
    return share(open_small)


def london(moment, year=True):
    """As the server writes it."""
    local = moment.astimezone(LONDON)
    return local.strftime("%a %d %b %Y %H:%M %Z" if year else "%a %d %b %H:%M %Z")


def on_now(events):
    return next(event for event in events if event.start <= now() < event.end)


def name_of(event):
    return event.title.removeprefix("AMHP – ")


# A region in which every state can be seen at once.

def every_state(publisher):
    """AMHP covered, s.12 doctor short, CRHT unknown once its feed is too old, liaison a gap, CAMHS not commissioned at this hour."""
    region = small(publisher)
    region["functions"] += [{"code": "s12_doctor", "name": "Section 12 doctor"}, {"code": "crht", "name": "Crisis resolution"},
                            {"code": "camhs_crisis", "name": "Young people's crisis team"}]
    for person in region["people"]:
        person["roles"] += ["s12_doctor", "crht"]
    fallback = {"text": "Ring the site manager", "phone": "+441632960222"}
    region["services"] += [
        {"id": function, "name": f"{function} service", "function": function, "organisation": "ZAV", "places": ["ZED01"], "phone": phone,
         "fallback": fallback}
        for function, phone in (("s12_doctor", "+441632960333"), ("crht", "+441632960444"), ("camhs_crisis", "+441632960555"))]
    region["rotas"] += [{"id": f"{function}-rota", "service": function, "tier": 1,
                         "source": {"kind": "ical_url", "url": publisher.url(function), "every_minutes": 1}} for function in ("s12_doctor", "crht")]
    later = now().astimezone(LONDON) + 3 * HOUR
    region["requirements"] += [
        {"id": "R10", "place": "ZED01", "function": "s12_doctor", "count": 2, "hours": ALWAYS},
        {"id": "R06", "place": "ZED01", "function": "crht", "count": 1, "hours": ALWAYS},
        {"id": "R12", "place": "ZED01", "function": "camhs_crisis", "count": 1,
         "hours": [{"days": ["all"], "from": f"{later:%H}:00", "to": f"{(later + HOUR):%H}:00"}]}]
    publisher.publish("amhp", calendar(round_the_clock()))
    publisher.publish("s12_doctor", calendar(round_the_clock(title="{}", who=[("sam-ahmed", "Sam Ahmed")], uid="s12")))
    publisher.publish("crht", calendar(round_the_clock(title="{}", who=[("kim-lee", "Kim Lee")], uid="crht")))
    return region


def reach_five_states(testbed):
    testbed.start(every_state(testbed.publisher))
    for function, state in (("amhp", "covered"), ("s12_doctor", "short"), ("crht", "covered")):
        wait_until(lambda function=function, state=state: testbed.now(function=function)["state"] == state, 20, f"{function} was {state}")
    testbed.publisher.feeds["crht"].mode = 500
    testbed.sql("update feed set last_good_at = now() - interval '7 hours', updated_at = now() where rota = 'crht-rota'")
    testbed.refresh("crht-rota")
    wait_until(lambda: testbed.now(function="crht")["state"] == "unknown", 20, "a source that nobody could check for seven hours is unknown")
    wait_until(lambda: [gap for gap in testbed.get("/v1/gaps?place=ZED01&function=crht").json["gaps"] if instant(gap["start"]) < now()], 30,
               "and a gap of its own")


@pytest.fixture
def five_states(share):
    """For tests that only look."""
    return share(reach_five_states)


# ------------------------------------------------------------------------------------------------------------------- signing in


def test_p01_a_token_signs_in_and_leads_back_to_the_page_that_was_wanted(seen, screen):
    screen.expect(r"/v1/session - .* status of 401")
    screen.open("/gaps.html?place=ZED01")
    screen.until(screen.at_front_door, "a person who is not signed in is asked to sign in")
    screen.enter("cc_nobody_knows_this_one")
    screen.until(lambda: "not known" in screen.text("#sign-in-error"), "a wrong token is said to be wrong")
    screen.check_fair()
    screen.one("#token").clear()
    screen.one("#token").send_keys(seen.token, Keys.ENTER)
    screen.until(lambda: "/gaps.html?place=ZED01" in screen.driver.current_url and screen.seen("#found"), "back where one was going")
    for elsewhere in ("//example.org/", "https://example.org/x.html", "/v1/me"):
        screen.press_button("Sign out")
        screen.until(screen.at_front_door, "signed out")
        screen.sign_in(then=f"/?next={elsewhere}")
        assert screen.driver.current_url == f"{seen.url}/", "only to our own pages"
    screen.check_narrow()


# -------------------------------------------------------------------------------------------------------------------------- now


@pytest.mark.holds("H16.1")
def test_p02_now_shows_who_the_number_the_source_and_the_state_in_words(five_states, screen):
    testbed = five_states
    screen.sign_in(testbed.sign_in("st-oswins-ed", "viewer"))
    screen.open("/now.html")
    screen.until(lambda: screen.all(".function"), "a device with one place need not choose")
    events = round_the_clock()
    current = on_now(events)
    following = events[events.index(current) + 1]
    assert screen.text("h1") == "St Oswin's Hospital" and "ZED01" in screen.text("#where")
    amhp = screen.function("amhp")
    for words in ("Covered", name_of(current), "01632 960456", f"until {london(current.end, False)}", f"then {name_of(following)}", ROTA,
                  "checked", "Ring the Emergency Duty Team", "01632 960111"):
        assert words in amhp, f"{words!r} is not in {amhp!r}"
    assert screen.one("#function-amhp").find_element("xpath", "ancestor::section").find_element("css selector", "a.phone").get_attribute("href") == "tel:+441632960456"
    assert "07700" not in screen.text("main"), "a device sees no mobiles"
    short = screen.function("s12_doctor")
    assert "Short" in short and "1 of the 2 needed" in short and "Sam Ahmed" in short and "Ring the site manager" in short
    gap = screen.function("liaison")
    assert "Gap" in gap and "Nobody is on the rota" in gap
    closed = screen.js("return document.getElementById('function-crht').closest('.function').innerText")
    last_read = instant(testbed.now(function="crht")["last_known"][0]["source"]["checked_at"])
    assert re.search(rf"Last known at {last_read.astimezone(LONDON):%a %d %b %H:%M}( GMT| BST)?, not confirmed: Kim Lee", closed), closed
    unknown = screen.function("crht")
    assert "We cannot confirm" in unknown and "Covered" not in unknown and "Gap" not in unknown
    assert unknown.index("We cannot confirm") < unknown.index("Last known, not confirmed") < unknown.index("Kim Lee")
    checked = instant(testbed.now(function="crht")["last_known"][0]["source"]["checked_at"])
    assert f"checked {london(checked, False)}, 7 h ago" in unknown, "never a last known without its age"
    assert "Ring the site manager" in unknown and "01632 960222" in unknown
    young = screen.function("camhs_crisis")
    assert "Not commissioned" in young and "01632 960222" in young
    [hours] = [one["hours"] for one in testbed.get("/v1/now?place=ZED01").json["functions"] if one["function"] == "camhs_crisis"]
    assert re.fullmatch(r"every day \d\d:00 to \d\d:00", hours) and f"at this hour, only {hours}" in young and f"Commissioned {hours}" in young, young
    assert "Commissioned at all hours" in amhp and f"Commissioned: {hours}" in testbed.get("/now/ZED01.txt").text
    signs = {code: screen.js("return document.getElementById('function-' + arguments[0]).closest('.function').querySelector('.sign').textContent", code)
             for code in ("amhp", "s12_doctor", "liaison", "crht", "camhs_crisis")}
    assert len(set(signs.values())) == 5, "each state has a sign of its own beside its colour"
    worst_first = ["amhp", "liaison", "crht", "s12_doctor", "camhs_crisis"]  # after what the place wants first
    assert screen.js("return [...document.querySelectorAll('.function h2')].map((one) => one.id)") == [f"function-{code}" for code in worst_first]
    screen.check_fair()
    screen.check_narrow()


@pytest.mark.holds("H14.1")
def test_p03_the_switchboard_rings_mobiles_and_a_commissioner_sees_no_names(five_states, screen):
    testbed = five_states
    screen.sign_in()
    screen.now()
    assert "Work mobile 07700 900123" in screen.function("amhp")
    screen.press_button("Sign out")
    screen.until(screen.at_front_door, "signed out")
    screen.sign_in(testbed.sign_in("fenmere-icb", "commissioner"))
    screen.now()
    assert "Name not shown to you" in screen.function("amhp")
    screen.gaps()
    for toggle in screen.all("button.disclose"):
        toggle.click()
    words = screen.text("main")
    assert not [name for name in ("Jo Jones", "Sam Ahmed", "Kim Lee", "Tess Osei") if name in words]
    assert "Acknowledge" not in [button.text for button in screen.all("button")]


@pytest.mark.long
@pytest.mark.holds("H10.1")
def test_p04_every_time_is_londons_whatever_the_viewer_is_set_to(five_states, screen):
    testbed = five_states
    def words(of):
        of.now()
        of.js("document.querySelectorAll('[data-since]').forEach((one) => one.remove())")
        # The rota is checked again between the two.
        said = [re.sub(r"Rota checked \d\d:\d\d", "Rota checked", of.text("#functions"))]
        of.gaps()
        for toggle in of.all("button.disclose"):
            toggle.click()
        of.js("document.querySelectorAll('[data-since]').forEach((one) => one.remove())")
        said += [of.text("#from"), [row[:3] for row in of.cells("#map .panel-open")], [[cell.split("\n")[0] for cell in row[:3]] for row in of.cells("#gaps")],
                 of.js("return [...document.querySelectorAll('#map title')].map((one) => one.textContent)")]
        return said

    here = words(screen.sign_in())
    abroad = open_browser("Asia/Kolkata", "en-US")
    try:
        other = Screen(abroad, testbed)
        other.sign_in()
        assert other.js("return [new Date(0).toTimeString().slice(0, 17), navigator.language]") == ["05:30:00 GMT+0530", "en-US"]
        there = words(other)
        clock = other.now().text("#clock")
        assert other.complaints() == []
    finally:
        abroad.quit()
    assert there == here
    wall, zone = clock.rsplit(" ", 1)
    # Of the hour that comes twice the second is GMT.
    shown = datetime.strptime(wall, "%a %d %b %Y %H:%M:%S").replace(tzinfo=LONDON, fold=zone == "GMT")
    assert abs(shown - now()) < timedelta(minutes=2), "the clock on the page is London's"
    gaps = testbed.get("/v1/gaps?place=ZED01&state=open").json["gaps"]
    starts = {london(instant(gap["start"])) for gap in gaps}
    assert starts == {gap["start_local"] for gap in gaps}
    assert {row[1] for row in here[3]} <= {london(instant(gap["start"]), False) for gap in gaps}


@pytest.mark.holds("H10.2", "H03.2")
def test_p05_the_pages_know_the_clock_changes(testbed, screen, components):
    testbed.configure(web_directory=components)
    testbed.start(small(testbed.publisher))
    screen.open("/components.html")
    screen.until(lambda: screen.js("return Boolean(window.london)"), "the components are there")
    days = [datetime(year, month, day, tzinfo=timezone.utc) for year in (2026, 2027) for month in (3, 10) for day in range(24, 32)]
    moments = [day + timedelta(minutes=minutes) for day in days for minutes in (-1, 0, 1, 29, 30, 59, 60, 61, 90, 119, 120, 121)]
    found = screen.js("""
        const times = window.london;
        return arguments[0].map((one) => [times.fullWhen(one * 1000), times.when(one * 1000), times.time(one * 1000),
          times.weekday(one * 1000), times.midnight(one * 1000) / 1000, times.midnight(one * 1000, 1) / 1000]);""", [moment.timestamp() for moment in moments])
    for moment, words in zip(moments, found):
        local = moment.astimezone(LONDON)
        midnight = local.replace(hour=0, minute=0, fold=0)
        tomorrow = datetime.combine(midnight.date() + timedelta(days=1), midnight.time(), LONDON)
        assert words == [london(moment), london(moment, False), f"{local:%H:%M}", local.isoweekday(), midnight.timestamp(), tomorrow.timestamp()]


@pytest.mark.holds("H02.3")
def test_p06_a_screen_that_no_longer_updates_keeps_what_it_shows_and_says_so(open_testbed, screen):
    screen.expect(REFUSED)
    screen.expect("not updating|Failed to load resource")
    screen.sign_in().now()
    name = name_of(on_now(round_the_clock()))
    before = screen.function("amhp")
    assert not screen.seen("#dead")
    open_testbed.stop()
    screen.refresh()
    screen.until(lambda: "was not reached" in screen.text("#fault"), "the page notices")
    assert screen.function("amhp").split("checked")[0] == before.split("checked")[0], "what was shown stays"
    assert not screen.seen("#dead"), "not before three minutes are over"
    screen.js("const real = performance.now.bind(performance); performance.now = () => real() + 170000")
    screen.until(lambda: screen.js("return document.querySelector('#functions [data-since]').textContent") != "less than a minute ago", "ages go on")
    assert not screen.seen("#dead"), "not before three minutes are over"
    screen.js("const real = performance.now; performance.now = () => real() + 20000")
    screen.until(lambda: screen.seen("#dead"), "the red bar is shown")
    assert screen.text("#age").startswith("NOT LIVE: the last answer is from "), "nothing is live under a red bar"
    assert "not updating" in screen.text("#dead") and screen.one("#dead").value_of_css_property("background-color") == "rgba(177, 14, 30, 1)"
    assert screen.driver.title.startswith("NOT UPDATING") and screen.one("#dead").get_attribute("role") == "alert"
    assert name in screen.function("amhp")
    screen.check_fair()
    screen.check_narrow()
    open_testbed.start()
    screen.refresh()
    screen.until(lambda: not screen.seen("#dead") and not screen.seen("#fault"), "an answer takes the bar away")


@pytest.mark.holds("H17.2")
def test_p40_at_the_end_of_a_shift_the_page_asks_and_without_an_answer_nobody_is_confirmed(testbed, screen):
    screen.expect(REFUSED)
    screen.expect("Failed to load resource")
    handover = now() + timedelta(minutes=20)
    testbed.publisher.publish("amhp", calendar([Event("one@test", handover - 12 * HOUR, handover, "AMHP – Jo Jones"),
                                              Event("two@test", handover, handover + 12 * HOUR, "AMHP – Sam Ahmed")]))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    screen.sign_in().now()
    assert "Covered" in screen.function("amhp") and "Jo Jones" in screen.function("amhp")
    # This machine's own clock, right or wrong, moves nothing.
    screen.js("const real = Date.now; Date.now = () => real() + 3600000")
    answered = "return performance.getEntriesByType('resource').filter((one) => one.name.includes('/v1/now')).length"
    before = screen.js(answered)
    screen.refresh()
    screen.until(lambda: screen.js(answered) > before, "the server was asked")
    assert "Covered" in screen.function("amhp")
    # As if twenty minutes had gone by, and the server says nothing more.
    screen.js("window.asked = 0; const real = window.fetch;"
              "window.fetch = (path, ...rest) => { if (String(path).startsWith('/v1/now')) { window.asked++; return Promise.reject(new TypeError('away')); }"
              " return real(path, ...rest); };"
              f"const later = {20 * 60 * 1000}, steady = performance.now.bind(performance), wall = Date.now;"
              "window.jump = later; performance.now = () => steady() + window.jump; Date.now = () => wall() + window.jump;")

    shown = f"{handover.astimezone(LONDON):%H:%M}"

    def asked():
        # An answer that was under way may have set the page's clock once more: then twenty minutes go by again.
        if screen.text("#clock")[-12:-7] < shown and not screen.js("return window.asked"):
            screen.js(f"window.jump += {20 * 60 * 1000}; performance.now(); document.getElementById('clock').textContent = '        99:99:99 GMT'")
        return screen.js("return window.asked")

    screen.until(asked, "the page asks again at the end of the shift", 10)
    screen.until(lambda: "We cannot confirm" in screen.function("amhp"), "the green goes")
    words = screen.function("amhp")
    assert "A shift ended at" in words and "was to follow at" in words and "not confirmed" in words, words
    assert words.index("Sam Ahmed") < words.index("Jo Jones"), "who was to follow first"
    assert screen.text("#age").startswith("NOT LIVE")
    screen.check_fair()


@pytest.mark.long
@pytest.mark.holds("H09.2")
def test_p07_opened_without_the_server_it_shows_the_last_answer_as_old(open_testbed, screen):
    screen.expect(REFUSED)
    screen.expect("Failed to load resource|ServiceWorker")
    screen.sign_in().now()
    name = name_of(on_now(round_the_clock()))
    screen.until(lambda: screen.driver.execute_async_script(
        "const done = arguments[0]; navigator.serviceWorker.ready.then((one) => done(one.active.state === 'activated'))"), "the page can be opened without the server")
    screen.now()
    open_testbed.stop()
    screen.now()
    assert name in screen.function("amhp")
    assert screen.seen("#dead") and "NOT LIVE" in screen.text("#age") and screen.driver.title.startswith("NOT UPDATING")
    open_testbed.start()

    def back():
        screen.refresh()
        return not screen.seen("#dead") and screen.text("#age").endswith("live")

    screen.until(back, "the server is back")
    screen.press_button("Sign out")
    screen.until(screen.at_front_door, "signed out")
    assert screen.driver.execute_async_script("const done = arguments[0]; caches.has('answers').then(done)") is False, "signing out forgets"


def test_p08_a_change_is_drawn_and_announced_and_nobody_loses_his_place(open_testbed, screen):
    screen.sign_in().now()
    assert "If nobody answers" in screen.function("amhp")
    number = screen.js("const number = document.querySelector('[data-key^=\"amhp/order/fallback/\"]'); number.focus(); return number.dataset.key;")
    events = round_the_clock()
    current = on_now(events)
    open_testbed.publisher.publish("amhp", calendar([event for event in events if event is not current]))
    open_testbed.refresh(ROTA)
    wait_until(lambda: open_testbed.now()["state"] == "gap", 10, "the feed lost its present shift")

    def gone():
        screen.refresh()
        return "Gap" in screen.function("amhp")

    screen.until(gone, "the page follows")
    assert screen.js("return document.getElementById('news').textContent") == "Approved mental health professional: now Gap."
    assert screen.js("return document.activeElement.dataset.key") == number
    assert name_of(current) not in screen.function("amhp")


@pytest.mark.holds("H02.4", "H09.1")
def test_p09_with_the_database_away_the_answer_comes_with_its_age(open_testbed, screen):
    screen.sign_in().now()
    open_testbed.postgres.stop()

    def stale():
        screen.refresh()
        return screen.text("#age").startswith("NOT LIVE: the map is as of ")

    screen.until(stale, "the page says that the map is not live", 30)
    assert name_of(on_now(round_the_clock())) in screen.function("amhp")
    open_testbed.postgres.start()


def test_p10_a_refused_page_holds_nothing_of_another_place(seen, screen):
    screen.expect("status of 40[34]")
    screen.sign_in(seen.sign_in("st-oswins-ed", "viewer")).now()
    for place, why in (("X06000001", "may not ask"), ("ZED99", "no place")):
        screen.open(f"/now.html?place={place}")
        screen.until(lambda why=why: why in screen.text("#fault"), "it says why")
        assert not screen.all(".function") and screen.text("h1") == "Who is on call"
        screen.open(f"/gaps.html?place={place}")
        screen.until(lambda why=why: why in screen.text("#fault"), "it says why")
        assert not screen.seen("#found")


@pytest.mark.long
def test_p11_a_session_that_ends_leaves_the_screen_as_it_is(seen, screen):
    screen.expect("status of 401")
    screen.sign_in().now()
    screen.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    screen.refresh()
    screen.until(lambda: "no longer signed in" in screen.text("#fault"), "it says so")
    assert name_of(on_now(round_the_clock())) in screen.function("amhp")
    screen.one("#fault a").click()
    screen.until(screen.at_front_door, "and leads to the front door")
    screen.open("/gaps.html?place=ZED01")
    screen.until(screen.at_front_door, "every page does")


# ------------------------------------------------------------------------------------------------------------------------- gaps


def hours(text):
    return round(float(text.replace(",", "")) * 10)


def test_p12_hours_add_up_and_the_table_lists_exactly_the_open_gaps(five_states, screen):
    testbed = five_states
    screen.sign_in().gaps()
    rows = screen.cells("#totals")
    assert len(rows) == 6 and rows[-1][0] == "All"
    start = datetime.combine(now().astimezone(LONDON).date(), datetime.min.time(), LONDON)
    end = datetime.combine(start.date() + timedelta(days=28), datetime.min.time(), LONDON)
    whole = round((end.astimezone(timezone.utc) - start.astimezone(timezone.utc)) / HOUR * 10)
    for row in rows[:-1]:
        assert sum(map(hours, row[1:6])) == hours(row[6]) == whole, row
    assert sum(map(hours, rows[-1][1:6])) == hours(rows[-1][6]) == 5 * whole
    sums = [hours(node.text.split(" ")[0]) for node in screen.all("#sums strong")]
    assert sums == list(map(hours, rows[-1][1:6]))

    def listed():
        gaps = testbed.get(f"/v1/gaps?place=ZED01&state=open&limit=1000&from={start.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
                         f"&to={end.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}").json["gaps"]
        return [[gap["requirement"], london(instant(gap["start"]), False), london(instant(gap["end"]), False), gap["severity"], gap["owner"] or "nobody"]
                for gap in gaps]

    def shown():
        return [[row[0].split("\n")[-1], row[1].split("\n")[0], row[2].split("\n")[0], row[3], row[4 + 1].split("\n")[0]] for row in screen.cells("#gaps")]

    assert shown() == listed() and len(shown()) == 4
    for code in ("s12_doctor", ""):
        screen.js("const s = document.getElementById('function'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))", code)
        screen.until(lambda code=code: len(screen.cells("#totals")) == (2 if code else 6), "one function alone")
    lane = next(node for node in screen.all(".lane") if "Section 12 doctor" in node.text)
    screen.one("button.disclose", lane).click()
    spans = testbed.get(f"/v1/coverage?place=ZED01&function=s12_doctor&from={start.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
                      f"&to={end.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}").json["requirements"][0]["spans"]
    words = screen.js("return [...arguments[0].querySelectorAll('tbody tr')].map((row) => [...row.cells].slice(0, 2).map((cell) => cell.innerText))", lane)
    assert words == [[london(instant(span["start"]), False), london(instant(span["end"]), False)] for span in spans if span["state"] != "not_commissioned"]
    screen.check_fair()
    screen.check_narrow()


def test_p13_a_gap_is_acknowledged_from_the_keyboard_alone(open_testbed, screen):
    testbed = open_testbed
    screen.sign_in(testbed.sign_in("fenmere-rotas", "rota_manager")).gaps("X06000001")
    events = round_the_clock()
    gone = [event for event in events if event.start > now() + HOUR][3]
    testbed.publisher.publish("amhp", calendar([event for event in events if event is not gone]))
    testbed.refresh(ROTA)
    gap = wait_until(lambda: [one for one in testbed.get("/v1/gaps?place=X06000001&function=amhp&state=open").json["gaps"] if one["state"] == "gap"], 10,
                     "a gap opened")[0]
    screen.js("document.activeElement.blur()")
    screen.tab_to("it.id === 'again'")
    screen.keys(Keys.ENTER)
    screen.until(lambda: screen.all(f"[data-gap='{gap['id']}']"), "the gap is listed")
    screen.tab_to(f"it.dataset.gap === '{gap['id']}'")
    screen.keys(Keys.ENTER)
    screen.until(lambda: screen.js("return document.activeElement.id") == "note", "the question has the focus")
    screen.check_fair(modal=True)
    screen.keys(Keys.ESCAPE)
    screen.until(lambda: screen.js("return document.activeElement.dataset.gap") == gap["id"], "Escape leads back")
    # Closed and opened again in one breath: the browser tells of the closing only after the opening.
    screen.js("const again = document.activeElement; again.click(); document.querySelector('dialog').close(); again.click()")
    screen.until(lambda: screen.js("return document.activeElement.id") == "note", "the question is asked again")
    screen.keys("Kim stands in by noon <b>today</b>, for patient J Smith")
    screen.tab_to("it.textContent === 'Acknowledge' && it.closest('dialog')")
    screen.keys(Keys.SPACE)
    screen.until(lambda: any("fenmere-rotas" in row[6] and "Kim stands in by noon <b>today</b>" in row[6] for row in screen.cells("#gaps")), "it is said who dealt with it")
    screen.until(lambda: "may name a patient" in screen.text("#warned"), "what was taken, and is no text for here, is said")
    screen.check_fair()

    def told():
        found = next(one for one in testbed.get("/v1/gaps?place=X06000001&state=open").json["gaps"] if one["id"] == gap["id"])
        return found["acknowledged_by"] == "fenmere-rotas" and found["note"]

    assert wait_until(told, 10, "the server has it") == "Kim stands in by noon <b>today</b>, for patient J Smith"
    screen.press_button("Update")
    screen.until(lambda: any("Kim stands in" in row[6] for row in screen.cells("#gaps")), "and it stays")


@pytest.mark.long
@pytest.mark.long
def test_p20_what_one_source_has_made_is_taken_on_in_one_word_and_fragile_cover_is_no_gap(testbed, screen):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = small(testbed.publisher)
    region["requirements"] = [{"id": f"R{number}", "place": "ZED01", "function": "amhp", "count": 1, "hours": ALWAYS} for number in (1, 2, 3)]
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    testbed.publisher.feeds["amhp"].mode = 503
    testbed.sql("update feed set last_good_at = now() - interval '2 hours', updated_at = now() where rota = %s", ROTA)
    wait_until(lambda: testbed.now()["warnings"], 10, "the server warns of it")
    screen.sign_in().gaps()
    screen.js("const s = document.getElementById('weeks'); s.value = '8'; s.dispatchEvent(new Event('change'))")
    screen.until(lambda: len(screen.cells("#gaps")) == 3, "what lies past the horizon is listed")
    assert "3 open gaps from 1 cause" in screen.text("#gaps caption")
    assert all(f"2 other gaps by {ROTA}" in row[4] and row[5].startswith("ZFC") for row in screen.cells("#gaps"))
    fragile = screen.cells("#warnings")
    assert len(fragile) == 3 and all(f"rests on {ROTA}" in row[3] for row in fragile)
    screen.check_fair()
    screen.check_narrow()
    screen.all("[data-gap]")[0].click()
    screen.until(lambda: screen.seen("#all-of-group"), "it is offered to take on the others too")
    screen.check_fair(modal=True)
    screen.keys("Their IT has been told")
    screen.one("#all-of-group").click()
    screen.press_button("Acknowledge", "#dialog")
    screen.until(lambda: all("Their IT has been told" in row[6] for row in screen.cells("#gaps")), "all three are taken on")
    wait_until(lambda: all(gap["acknowledged_by"] for gap in testbed.get("/v1/gaps?place=ZED01").json["gaps"]), 5, "and the server has it")


@pytest.mark.long
def test_p60_nights_of_a_rota_that_was_not_filled_are_taken_on_in_one_word(testbed, screen):
    begins, ends = today() + timedelta(days=3, hours=8), today() + timedelta(days=13, hours=8)
    nights = [{"days": ["all"], "from": "20:00", "to": "08:00"}]
    testbed.publisher.publish("amhp", calendar([event for event in round_the_clock() if not begins <= event.start < ends]))
    testbed.start(small(testbed.publisher, requirements=[{"id": "R1", "place": "ZED01", "function": "amhp", "count": 1, "hours": nights}]))

    def empty():
        return [gap for gap in testbed.get("/v1/gaps?place=ZED01").json["gaps"] if (gap["group"] or "").startswith(f"{ROTA}.empty")]

    wait_until(lambda: len(empty()) == 10, 15, "each night is a gap")
    screen.sign_in().gaps()
    screen.until(lambda: len(screen.cells("#gaps")) == 10, "each night is listed")
    assert "10 open gaps from 1 cause" in screen.text("#gaps caption")
    assert all(f"9 other gaps by {ROTA}" in row[4] for row in screen.cells("#gaps"))
    screen.all("[data-gap]")[0].click()
    screen.until(lambda: screen.seen("#all-of-group"), "it is offered to take on the others too")
    assert f"Also the 9 other gaps of the same cause: {ROTA}" in screen.text("#dialog-others")
    screen.keys("The agency sends somebody")
    screen.one("#all-of-group").click()
    screen.press_button("Acknowledge", "#dialog")
    screen.until(lambda: all("The agency sends somebody" in row[6] for row in screen.cells("#gaps")), "all ten are taken on")
    wait_until(lambda: all(gap["acknowledged_by"] for gap in empty()), 5, "and the server has it")


# ----------------------------------------------------------------------------------------------------------------------- import


def upload(screen, name, body, rota=ROTA):
    path = screen.testbed.write(name, body)
    screen.js("document.getElementById('rota').value = arguments[0]", rota)
    screen.one("#file").send_keys(str(path))
    screen.press_button("Upload and look")
    screen.until(lambda: screen.seen("#preview"), "the file was read")


def state_at(testbed, event):
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    answer = testbed.get(f"/v1/coverage?place=ZED01&function=amhp&from={event.start.strftime(stamp)}&to={event.end.strftime(stamp)}")
    return answer.json["requirements"][0]["spans"][0]["state"]


@pytest.mark.holds("H18.1", "H18.4")
def test_p14_upload_look_confirm_undo(open_testbed, screen):
    testbed = open_testbed
    events = round_the_clock()
    gone = [event for event in events if event.start > now() + timedelta(days=8)][3]
    body = [event for event in events if event is not gone] + [Event("new@test", gone.end, gone.end + HOUR, "AMHP – Alex Unknown")]
    screen.sign_in(testbed.sign_in("fenmere-rotas", "rota_manager")).imports()
    upload(screen, "amhp.ics", calendar(body))
    words = screen.text("#preview")
    assert screen.text("#preview-heading") == f"A file for rota {ROTA}" and screen.js("return document.activeElement.id") == "preview-heading"
    assert "Nothing is changed yet" in screen.text("#progress")
    assert f"{len(body)} events in the file" in words and "1 thing left to decide" in words and "Alex Unknown" in words
    # Shifts are told from yesterday on, by London's day.
    yesterday = datetime.combine(london_day(-1), datetime.min.time(), LONDON)
    first = next(event for event in events if event.end > yesterday)
    assert f"The first shift begins {london(first.start)}" in words
    assert "Shifts: 1 added, 1 removed" in words
    table = "\n".join("\t".join(row) for row in screen.cells("#preview"))
    assert name_of(gone) in table and london(gone.start, False) in table and london(gone.end, False) in table
    effect = screen.text("#preview").split("What that does to cover")[1]
    assert "2 gaps would open" in effect and f"{london(gone.start, False)}\t{london(gone.end, False)}" in effect and "Fenmere" in effect
    assert "Shifts of rota fenmere-amhp-duty: 1 added, 1 removed. 2 gaps would open, 0 would close. All at once, and it can be undone." in words
    assert state_at(testbed, gone) == "covered", "nothing is changed by a preview"
    screen.check_fair()
    screen.check_narrow()
    screen.press_button(f"Confirm: change rota {ROTA}")
    screen.until(lambda: screen.text("#progress").startswith("Confirmed."), "it is confirmed")
    wait_until(lambda: state_at(testbed, gone) == "gap", 10, "the map followed")
    assert "Applied by fenmere-rotas" in screen.text("#preview")
    screen.until(lambda: "in force" in screen.text("#recent"), "the list of imports follows")
    screen.press_button("Undo: bring back")
    screen.until(lambda: screen.text("#preview").startswith("Undo import"), "the page said what that would do")
    assert "No gap would open." in screen.text("#preview") and "2 gaps would close" in screen.text("#preview")
    assert state_at(testbed, gone) == "gap", "nothing is changed by looking"
    screen.check_fair()
    screen.press_button("Undo: bring back")
    screen.until(lambda: screen.text("#progress").startswith("Undone."), "it is undone")
    wait_until(lambda: state_at(testbed, gone) == "covered", 10, "the map followed")


@pytest.mark.holds("H18.3")
def test_p14b_what_opens_a_gap_within_days_wants_a_reason(open_testbed, screen):
    testbed = open_testbed
    events = round_the_clock()
    gone = [event for event in events if event.start > now() + timedelta(days=1)][0]
    screen.sign_in(testbed.sign_in("fenmere-rotas", "rota_manager")).imports()
    upload(screen, "soon.ics", calendar([event for event in events if event is not gone]))
    said = screen.text(".decide.dangerous")
    assert "cover would be lost" in said and "(ZED01)" in said, said
    screen.press_button(f"Confirm: change rota {ROTA} all the same")
    assert screen.text("#reason-fault") == "A reason is wanted: say why this is right."
    screen.one("#reason").send_keys("Nobody is to be had.")
    screen.press_button(f"Confirm: change rota {ROTA} all the same")
    screen.until(lambda: screen.text("#progress").startswith("Confirmed."), "it is confirmed")
    wait_until(lambda: state_at(testbed, gone) == "gap", 10, "the map followed")


@pytest.mark.long
def test_p15_discarded_refused_or_foreign_a_file_changes_nothing(open_testbed, screen):
    testbed = open_testbed
    events = round_the_clock()
    before = testbed.sql("select count(*) from shift")
    screen.sign_in().imports()
    upload(screen, "less.ics", calendar(events[:-2]))
    screen.press_button("Discard: change nothing")
    screen.until(lambda: screen.text("#progress") == "Discarded. Nothing was changed.", "it is discarded")
    upload(screen, "page.ics", b"<!DOCTYPE html><html><body>Sign in</body></html>")
    screen.until(lambda: "cannot be used" in screen.text("#progress"), "a web page is no calendar")
    assert "web page" in screen.text("#preview") and not [one for one in screen.all("#preview button") if one.text.startswith("Confirm")]
    screen.press_button("Look", "#recent tbody tr:nth-child(2)")
    screen.until(lambda: "Discarded by administrator" in screen.text("#preview"), "what was decided can be looked at again")
    assert testbed.sql("select count(*) from shift") == before
    screen.press_button("Sign out")
    screen.until(screen.at_front_door, "signed out")
    screen.sign_in(testbed.sign_in("st-oswins-ed", "viewer")).imports()
    assert not screen.seen("#upload") and screen.seen("#may-not") and not screen.all("#feeds td button")
    assert "Source" in screen.text("#feeds thead") and "Do" not in screen.text("#feeds thead").split(), "no column for what it may not do"


@pytest.mark.long
@pytest.mark.holds("H05.2")
def test_p16_what_a_feed_suddenly_says_is_held_and_wants_a_reason(open_testbed, screen):
    testbed = open_testbed
    testbed.publisher.publish("amhp", calendar(round_the_clock()[:6]))
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.feed(ROTA)["state"] == "held", 15, "the feed is held")
    screen.sign_in(testbed.sign_in("fenmere-rotas", "rota_manager")).imports()
    row = screen.cells("#feeds")[0]
    assert row[0].startswith(ROTA) and "held for a decision" in row[1] and row[2] == testbed.feed(ROTA)["fault"]
    screen.press_button("Look and decide")
    screen.until(lambda: screen.seen("#preview"), "what is held is shown")
    why = testbed.get(f"/v1/imports/{testbed.feed(ROTA)['held_import']}").json["why"]
    assert why in screen.text(".decide.dangerous")
    screen.press_button("Show all", "#preview .fold:has(table)")
    counts = testbed.get(f"/v1/imports/{testbed.feed(ROTA)['held_import']}").json["diff"]["counts"]
    assert len([row for row in screen.cells("#preview table:first-of-type") if row[0] in ("added", "removed", "moved")]) == sum(counts.values())
    screen.press_button("Confirm: change rota fenmere-amhp-duty all the same")
    assert screen.text("#reason-fault") == "A reason is wanted: say why this is right."
    assert screen.js("return document.activeElement.id") == "reason"
    assert testbed.feed(ROTA)["state"] == "held", "nothing without a reason"
    screen.check_fair()
    screen.check_narrow()
    screen.keys("The team stops at the end of the week")
    screen.press_button("Confirm: change rota fenmere-amhp-duty all the same")
    screen.until(lambda: screen.text("#progress").startswith("Confirmed."), "with a reason it is confirmed")
    wait_until(lambda: testbed.feed(ROTA)["state"] == "good", 10, "the feed is no longer held")
    assert testbed.sql("select reason from import where state = 'applied' order by id desc limit 1") == [("The team stops at the end of the week",)]


@pytest.mark.long
def test_p17_a_rota_is_imported_from_the_keyboard_alone(open_testbed, screen):
    testbed = open_testbed
    events = round_the_clock()
    gone = [event for event in events if event.start > now() + timedelta(days=8)][3]
    path = testbed.write("amhp.ics", calendar([event for event in events if event is not gone]))
    screen.sign_in(testbed.sign_in("fenmere-rotas", "rota_manager")).imports()
    screen.tab_to("it.className === 'skip'")
    screen.keys(Keys.ENTER)
    screen.tab_to("it.id === 'rota'")
    screen.keys("fenmere")
    screen.until(lambda: screen.js("return document.getElementById('rota').value") == ROTA, "the rota is chosen by its first letters")
    screen.tab_to("it.id === 'file'")
    screen.one("#file").send_keys(str(path))  # what the machine's own file dialogue answers
    screen.tab_to("it.textContent === 'Upload and look'")
    screen.keys(Keys.ENTER)
    screen.until(lambda: screen.js("return document.activeElement.id") == "preview-heading", "the preview has the focus")
    screen.tab_to("it.textContent.startsWith('Confirm: change rota')")
    screen.keys(Keys.ENTER)
    screen.until(lambda: screen.text("#progress").startswith("Confirmed."), "it is confirmed")
    wait_until(lambda: state_at(testbed, gone) == "gap", 10, "the map followed")


@pytest.mark.long
def test_p20_names_are_matched_and_unmatched_from_the_keyboard(open_testbed, screen):
    testbed = open_testbed
    events = [Event(event.uid, event.start, event.end, "AMHP – Zed" if event.start > now() and number % 4 == 0 else "rover" if event.start > now() and number % 4 == 1
                    else event.title) for number, event in enumerate(round_the_clock())]
    screen.sign_in(testbed.sign_in("fenmere-rotas", "rota_manager")).imports()
    upload(screen, "amhp.ics", calendar(events))
    assert "2 things left to decide" in screen.text("#preview")
    assert "gaps would open" in screen.text("#preview") or "gap would open" in screen.text("#preview")
    rows = screen.cells("#preview table:has(.chooser)")
    assert {row[0].split()[0] for row in rows} == {"Zed", "rover"} and all("that nobody here knows" in row[0] and "shift" in row[1] for row in rows)
    screen.check_fair()
    screen.check_narrow()
    screen.tab_to("it.getAttribute('aria-label') === 'What is Zed?'")
    screen.keys("Sam")
    screen.until(lambda: screen.js("return document.activeElement.value") == "person sam-ahmed", "anybody of the directory is chosen by the first letters")
    screen.tab_to("it.getAttribute('aria-label') === 'Decide what Zed is'")
    screen.keys(Keys.ENTER)
    screen.until(lambda: "1 thing left to decide" in screen.text("#preview"), "the preview was read again")
    screen.until(lambda: screen.js("return document.activeElement.id") == "match-heading", "what is left to match has the focus")
    assert "Sam Ahmed" in screen.text("#decisions") and "by fenmere-rotas" in screen.text("#decisions")
    screen.tab_to("it.getAttribute('aria-label') === 'What is rover?'")
    screen.keys("Kim")
    screen.tab_to("it.getAttribute('aria-label') === 'Decide what rover is'")
    screen.keys(Keys.ENTER)
    screen.until(lambda: "left to decide" not in screen.text("#preview") and "No gap would open" in screen.text("#preview"), "nobody is left to match, no gap would open")
    assert testbed.sql("select words, person from decision where known_to = 'infinity' order by id") == [("Zed", "sam-ahmed"), ("rover", "kim-lee")]
    screen.check_fair()
    screen.press_button("Remove", "#decisions tbody tr:nth-child(2)")
    screen.until(lambda: "1 thing left to decide" in screen.text("#preview"), "what is removed is open again")
    assert testbed.sql("select words, ended_by from decision where known_to <> 'infinity'") == [("Zed", "fenmere-rotas")]
    screen.check_narrow()


@pytest.mark.long
def test_p18_now_is_read_from_the_keyboard_alone(seen, screen):
    screen.open("/")
    screen.until(screen.at_front_door, "the front door asks who it is")
    screen.tab_to("it.closest('#by-token')")
    screen.keys(Keys.ENTER)
    screen.tab_to("it.id === 'token'")
    screen.keys(seen.token, Keys.ENTER)
    screen.until(lambda: screen.seen("#doors"), "signed in")
    screen.tab_to("it.closest('.doors')")
    screen.keys(Keys.ENTER)
    screen.until(lambda: screen.all("#place option[value=ZED01]"), "the places are offered")
    screen.tab_to("it.id === 'place'")
    screen.keys("St Oswin")
    screen.until(lambda: screen.all(".function"), "the place is chosen by its first letters")
    screen.tab_to("it.id === 'find'")
    screen.keys("lia")
    screen.until(lambda: len(screen.all(".function")) == 1, "one function is left as one types")
    screen.keys(Keys.ENTER)
    screen.until(lambda: screen.js("return document.activeElement.id") == "function-liaison", "one key from there to the function")
    assert screen.seen("#more-liaison"), "it is open"
    screen.tab_to("it.id === 'find'")
    screen.keys(Keys.ESCAPE)
    screen.until(lambda: len(screen.all(".function")) > 1, "Escape shows all of them again")


# ------------------------------------------------------------------------------------------------------------------ hostile text


@pytest.mark.holds("A7")
def test_p19_markup_in_titles_and_names_is_shown_as_text(testbed, screen):
    image = "<img src=x onerror=window.owned=1>"
    script = "<script>window.owned=1</script>"
    events = round_the_clock(who=[("mallory", "MM")])
    events.append(Event("odd@test", events[-1].end, events[-1].end + HOUR, f"AMHP – {image}"))
    # Turned about, it would read as another name, and turn what stands beside it.
    events.append(Event("bidi@test", events[-1].end, events[-1].end + HOUR, "AMHP – \u202eeeL miK\u2066"))
    testbed.publisher.publish("amhp", calendar(events))
    region = small(testbed.publisher)
    region["people"].append({"id": "mallory", "name": f"Mal {script}", "organisation": "ZFC", "aliases": ["MM"], "roles": ["amhp"]})
    region["services"][0]["fallback"]["text"] = f"Ring {image}"
    region["places"][1]["name"] = f"St Oswin's {script}"
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    # As if it had passed the check of what people type: a page does not rely on that.
    service = testbed.now()["on_call"][0]["service"]
    testbed.sql("select note_add(%s, %s, now() + interval '1 hour', 'administrator', 'administrator', 5)",
                json.dumps({"on": "service", "service": service}), "ring \u202eeeL miK\u2066 \u009b2J")
    wait_until(lambda: testbed.get("/v1/notes?place=ZED01").json["notes"], 10, "the note is known")
    screen.sign_in().now()
    assert f"Mal {script}" in screen.function("amhp") and f"Ring {image}" in screen.function("amhp")
    screen.until(lambda: "ring \ufffdeeL miK\ufffd \ufffd2J" in screen.function("amhp"), "the note is shown, and turns nothing")
    assert not HIDDEN.search(screen.js("return document.documentElement.textContent"))
    assert screen.text("h1") == f"St Oswin's {script}"
    screen.gaps()
    for toggle in screen.all("button.disclose"):
        toggle.click()
    assert f"Mal {script}" in screen.text("#map")
    screen.imports()
    later = today() + timedelta(days=40)
    upload(screen, f"{image.replace('/', '')}.ics", calendar([Event("x@test", later, later + HOUR, f"AMHP – {script}"),
                                                             Event("y@test", later + HOUR, later + 2 * HOUR, "AMHP – MM"), *events]))
    cells = "".join(map("".join, screen.cells("#preview")))
    assert "<?> window.owned=1 <?>" in cells, "a tag that the reader does not know is not kept"
    assert f"St Oswin's {script}" in cells
    whole = screen.js("return document.documentElement.textContent + document.title")
    assert "eeL miK" in whole and not HIDDEN.search(whole), HIDDEN.search(whole)
    assert screen.js("return window.owned") is None and not screen.all("main script, main img")
    assert screen.complaints() == [], "nobody even tried to fetch the image"
    # No text becomes markup: the browser refuses. Were markup ever to get through, the policy would stop what it does; and the console, which must
    # be clean after every test, would tell.
    screen.expect("Content Security Policy|TrustedHTML|TrustedScript|/x - Failed to load")
    with pytest.raises(JavascriptException, match="TrustedHTML"):
        screen.js("document.querySelector('main').insertAdjacentHTML('beforeend', arguments[0])", image)
    with pytest.raises(JavascriptException, match="trusted type|Policy"):
        screen.js("trustedTypes.createPolicy('another', { createHTML: (text) => text })")
    screen.js("const made = document.createElement('p'); made.setAttribute('style', 'color: red'); document.querySelector('main').append(made)")
    screen.until(lambda: any("style" in one["message"] for one in screen.driver.get_log("browser")), "the policy is in force")
    assert screen.js("return window.owned") is None


def test_p20_a_swap_made_here_is_said_so_and_a_third_word_is_a_warning(open_testbed, screen):
    testbed, events = open_testbed, round_the_clock()
    current = on_now(events)
    people = {person["name"]: person["id"] for person in small(testbed.publisher)["people"]}
    stand_in = next(name for name in people if name != name_of(current))
    third = next(name for name in people if name not in (name_of(current), stand_in))
    made = testbed.post("/v1/overrides", {"rota": ROTA, "person": people[stand_in], "instead": people[name_of(current)],
                                        "start": f"{now() - HOUR:%Y-%m-%dT%H:%M:%SZ}", "end": f"{current.end:%Y-%m-%dT%H:%M:%SZ}",
                                        # At some hours the stand-in has too little rest before the next shift.
                                        "confirm": True})
    assert made.status == 201, made
    wait_until(lambda: testbed.now()["on_call"][0]["name"] == stand_in, 5, "the stand-in was on")
    screen.sign_in(testbed.sign_in("st-oswins-ed", "viewer"))
    screen.open("/now.html")
    screen.until(lambda: screen.all(".function"), "the page answered")
    amhp = screen.function("amhp")
    assert stand_in in amhp and f"by administrator; the calendar still says {name_of(current)}." in amhp and "Check:" not in amhp
    changed = [Event(event.uid, event.start, event.end, f"AMHP – {third}") if event is current else event for event in events]
    testbed.publisher.publish("amhp", calendar(changed))
    testbed.refresh(ROTA)
    wait_until(lambda: testbed.now()["disputes"], 15, "the calendar said a third thing")
    screen.open("/now.html")
    screen.until(lambda: screen.all(".function .warning"), "the page warned")
    amhp = screen.function("amhp")
    assert "Check: By an override made here" in amhp and f"now the calendar says {third}." in amhp
    assert [one.text for one in screen.all("#more-amhp .person .name strong")][0] == stand_in
    screen.check_fair()


@pytest.mark.holds("H12.1")
def test_p30_a_place_that_has_ended_names_its_successor_and_shared_people_are_marked(testbed, screen):
    today_here = datetime.now(LONDON).date()
    yesterday = (today_here - timedelta(days=1)).isoformat()
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = small(testbed.publisher)
    region["places"] += [{"code": "X06000002", "name": "Marsh", "kind": "council_area"},
                         {"code": "QOLD", "name": "Old Board", "kind": "icb", "until": yesterday, "successors": ["QNEW"]},
                         {"code": "QNEW", "name": "New Board", "kind": "icb", "from": yesterday}]
    region["places"][1]["parents"] = ["X06000001", "QOLD", "QNEW"]
    region["services"][0]["places"] += ["X06000002", "QNEW"]
    region["requirements"].append({"id": "ROLD", "place": "QOLD", "function": "amhp", "count": 1, "hours": ALWAYS})
    testbed.start(region)
    wait_until(lambda: testbed.now("X06000001")["state"] == "covered", 15, "the feed was read and swept")
    screen.sign_in().now("QOLD")
    assert screen.text("h1") == "Old Board"
    assert f"This place ended on {yesterday}: ask for New Board (QNEW)" in screen.text("#where")
    amhp = screen.function("amhp")
    assert "Not commissioned" in amhp and "Ask for New Board (QNEW)" in amhp and "01632 960456" in amhp and "Covered" not in amhp
    options = screen.js("return [...document.querySelectorAll('#place option')].map((one) => one.textContent)")
    assert f"Old Board (QOLD), ended {yesterday}" in options and "New Board (QNEW)" in options
    screen.check_fair()
    screen.now("X06000001")
    assert "Shared with Marsh" in screen.function("amhp")
    screen.now("ZED01")
    assert "Shared with" not in screen.function("amhp"), "a department is of another kind"
    assert "in Fenmere" in screen.text("#where") and "Old Board" not in screen.text("#where")


@pytest.mark.long
def test_p31_words_of_a_file_are_decided_the_heaviest_first(open_testbed, screen):
    testbed = open_testbed
    titles = ("zarquon - J Jones", "AMHP zarquon - S Ahmed", "blorp - K Lee")
    events = [Event(event.uid, event.start, event.end, titles[number % 3]) for number, event in enumerate(round_the_clock())]
    screen.sign_in(testbed.sign_in("fenmere-rotas", "rota_manager")).imports()
    upload(screen, "new.ics", calendar(events))
    screen.until(lambda: "2 things left to decide" in screen.text("#preview"), "the words of the file are listed")
    rows = screen.cells("#preview table:has(.chooser)")
    assert [row[0].split()[0] for row in rows] == ["zarquon", "blorp"], "the heaviest first"
    assert "as in" in rows[0][2] and int(rows[0][1].split()[0]) > int(rows[1][1].split()[0])
    screen.check_fair()
    screen.check_narrow()

    screen.js("document.querySelector('[aria-label=\"What is zarquon?\"]').value = 'nothing'")
    screen.press_button("Decide", "#preview table:has(.chooser) tbody tr:nth-child(1)")
    screen.until(lambda: "1 thing left to decide" in screen.text("#preview"), "one decision settled it in all its titles, and the file was read again")
    assert "zarquon" in screen.text("#decisions") and "nothing here" in screen.text("#decisions")
    screen.js("document.querySelector('[aria-label=\"What is blorp?\"]').value = 'away'")
    screen.press_button("Decide", "#preview table:has(.chooser) tbody tr:nth-child(1)")
    screen.until(lambda: "left to decide" not in screen.text("#preview"), "nothing is left")
    assert testbed.sql("select words, reads from decision where known_to = 'infinity' order by id") == [("zarquon", "nothing"), ("blorp", "away")]
    screen.press_button("Remove", "#decisions tbody tr:nth-child(1)")
    screen.until(lambda: "1 thing left to decide" in screen.text("#preview"), "what is removed is open again")


@pytest.mark.long
def test_p32_a_zone_that_nobody_defines_is_decided(open_testbed, screen):
    testbed = open_testbed
    screen.sign_in(testbed.sign_in("fenmere-rotas", "rota_manager")).imports()
    day = today() + timedelta(days=1)
    body = calendar([Event(f"{n}@z", day + timedelta(days=n), day + timedelta(days=n, hours=12), "AMHP - J Jones") for n in range(4)])
    upload(screen, "zones.ics", in_zone(body, "Fen Time"))
    screen.until(lambda: "1 thing left to decide" in screen.text("#preview"), "the name of the zone is open")
    assert "Fen Time" in screen.text("#preview")
    screen.js("document.querySelector('[aria-label=\"Which zone is Fen Time?\"]').value = 'Europe/London'")
    screen.press_button("Decide", "#preview table:has(.chooser) tbody tr:nth-child(1)")
    screen.until(lambda: "left to decide" not in screen.text("#preview"), "it was read again by the zone")
    assert "Europe/London" in screen.text("#decisions") and "time zone" in screen.text("#decisions")
