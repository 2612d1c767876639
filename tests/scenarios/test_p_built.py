# SPDX-License-Identifier: MIT
"""The pages as they are built and served: what is committed is what the sources give, and nothing in it is too new, too large or invalid."""

import base64
import filecmp
import gzip
import json
import re

import pytest

from pages_tools import MODULES, WEB, axe, build, eslint, html_faults, node
from servers import wait_until
from testbed import TOP
from test_p_pages import five_states, open_testbed  # noqa: F401 (fixtures)

PHONE, DESKTOP = (360, 740), (1366, 768)


# ------------------------------------------------------------------------------------------------------------------------ the build


def differences(one, other):
    found = filecmp.dircmp(one, other, ignore=[])
    here = found.left_only + found.right_only + filecmp.cmpfiles(one, other, found.common_files, shallow=False)[1]
    return here + [path for sub in found.common_dirs for path in differences(one / sub, other / sub)]


def test_p80_what_is_committed_is_what_the_sources_give(tmp_path):
    fresh = build(tmp_path / "built")
    assert differences(fresh, WEB / "built") == [], "run node clients/web/build.mjs and commit built/"
    everything = {path.name: path.read_bytes() for path in fresh.rglob("*") if path.is_file()}
    for name, content in everything.items():
        # Links of licences, names of XML, and a link for people to read more are not fetched.
        addresses = re.findall(rb"""(?:url\(|src=|href=|import\(?|from ?)["']?(https?:[^"')]*)""", content)
        assert addresses == [], f"{name} asks another host: {addresses}"
    assert not any(b"@font-face" in content or b"Frutiger" in content for content in everything.values())
    assert "components.html" not in everything, "invented names are in no release"


def test_p81_everything_from_npm_runs_on_the_node_of_debian_12():
    lock = json.loads((WEB / "package-lock.json").read_text())["packages"]
    assert not [name for name, one in lock.items() if "resolved" in one], "the lock file names no registry"
    assert not [name for name, one in lock.items() if name and "integrity" not in one]
    # Only its compiled files are used, by the build.
    excepted = {"node_modules/nhsuk-frontend"}
    wanted = {name: one["engines"]["node"] for name, one in lock.items() if "node" in one.get("engines", {}) and name not in excepted}
    script = "const semver = require(process.argv[1]); const wanted = JSON.parse(require('fs').readFileSync(0));" \
        "console.log(JSON.stringify(Object.entries(wanted).filter(([, range]) => !semver.satisfies('18.20.4', range))))"
    assert json.loads(node("-e", script, MODULES / "semver", stdin=json.dumps(wanted))) == []


TOO_NEW = """// SPDX-License-Identifier: MIT
export const a = [3, 1].toSorted();
export const b = Promise.withResolvers();
export const c = new Set([1]).union(new Set([2]));
export const d = URL.parse('x');
document.body.innerHTML = 'x';
"""


def test_p82_no_script_uses_what_chrome_109_lacks():
    sources = [str(path) for path in WEB.rglob("*.js") if "built" not in path.parts]
    assert eslint(*sources) == []
    found = [rule for _, rule in eslint("--stdin", "--stdin-filename", WEB / "parts" / "planted.js", stdin=TOO_NEW)]
    assert len(found) >= 6 and {"compat/compat", "es-x/no-array-prototype-tosorted"} <= set(found) and found.count("no-restricted-properties") == 3, found


CSS = """
const bcd = require(process.argv[1]);
const styles = JSON.parse(require('fs').readFileSync(0));
const since = (entry) => { const said = entry && entry.__compat && entry.__compat.support.chrome; const first = Array.isArray(said) ? said[0] : said; return first && first.version_added; };
const faults = [];
for (const [file, style] of Object.entries(styles)) {
  const plain = style.replace(/\\/\\*[^]*?\\*\\//g, '').replace(/"[^"]*"/g, '""');
  const judge = (kind, name) => {
    const version = since(bcd.css[kind][name] || bcd.css['at-rules'].page[name]);
    if (version === undefined || version === false || Number(version) > 109) faults.push(`${file}: ${name} (${version})`);
  };
  for (const [, name] of plain.matchAll(/[{;]\\s*([a-z-]+)\\s*:(?![a-z-]+[^;{}]*\\{)/g)) if (!name.startsWith('--')) judge('properties', name);
  for (const [, name] of plain.matchAll(/[^:]::?([a-z-]+)/g)) if (bcd.css.selectors[name]) judge('selectors', name);
  for (const [, name] of plain.matchAll(/@([a-z]+)/g)) judge('at-rules', name);
}
console.log(JSON.stringify(faults));
"""
# Margin boxes of a page: an older browser prints without the number of pages.
MAY_LACK = re.compile(r"@bottom-right\s*\{[^}]*\}")


def css_faults(styles):
    return json.loads(node("-e", CSS, MODULES / "@mdn" / "browser-compat-data", stdin=json.dumps(styles)))


def test_p83_no_style_uses_what_chrome_109_lacks():
    own = {path.name: MAY_LACK.sub("", path.read_text()) for path in WEB.rglob("*.css") if "built" not in path.parts}
    assert css_faults(own) == []
    planted = css_faults({"x.css": "p { text-wrap: balance; } @starting-style { p { color: red; } } p { field-sizing: content; }"})
    assert len(planted) == 3, planted


def test_p84_the_pages_that_are_served_are_valid_html():
    assert html_faults(*sorted((WEB / "built").glob("*.html"))) == []


# ---------------------------------------------------------------------------------------------------------------------- accessible


class Judge:
    """Looks at pages as they are drawn; html-validate, which takes a second to start, reads all of them at the end."""

    def __init__(self, screen, folder):
        self.screen, self.folder = screen, folder

    def look(self, name):
        assert axe(self.screen) == [], name
        (self.folder / f"{name}.html").write_text("<!DOCTYPE html>\n" + self.screen.js("return document.documentElement.outerHTML"))

    def end(self):
        assert html_faults(*sorted(self.folder.glob("*.html"))) == []


def test_p85_every_page_passes_axe_and_html_validate(five_states, screen, tmp_path):
    judge = Judge(screen, tmp_path)
    screen.expect("status of 40[134]|service worker")
    screen.open("/")
    screen.until(screen.at_front_door, "the front door")
    screen.js("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    judge.look("door")
    screen.open("/#invitation=nobody")
    screen.js("location.reload()")
    screen.until(lambda: screen.seen("#invitation-error"), "a link that is not known is said to be so")
    judge.look("invitation")
    for path in ("/nothing.html", "/offline.html"):
        screen.open(path)
        screen.until(lambda: screen.seen("h1"), "the page is shown")
        judge.look(path.strip("/.html"))
    screen.sign_in()
    screen.now()
    judge.look("now")
    for code in ("amhp", "crht", "liaison", "s12_doctor", "camhs_crisis"):
        screen.function(code)
    judge.look("now-opened")
    screen.wide(360)
    judge.look("now-narrow")
    screen.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    screen.gaps()
    for toggle in screen.all("button.disclose"):
        toggle.click()
    judge.look("gaps")
    screen.all("[data-gap]")[0].click()
    screen.until(lambda: screen.seen("#dialog"), "the dialogue is open")
    judge.look("gaps-dialogue")
    screen.imports()
    judge.look("import")
    screen.open("/account.html")
    screen.until(lambda: screen.all("tbody tr"), "the sessions are shown")
    judge.look("account")
    judge.end()


@pytest.mark.long
def test_p85_every_component_in_every_state_passes_axe_and_html_validate(testbed, screen, components, tmp_path):
    judge = Judge(screen, tmp_path)
    testbed.configure(web_directory=components)
    testbed.start()
    screen.open("/components.html")
    screen.until(lambda: screen.js("return Boolean(window.show)"), "the components are shown")
    judge.look("components")
    for name in screen.js("return window.singles"):
        screen.js("window.show(arguments[0])", name)
        judge.look(name)
    judge.end()


def test_p84b_the_pages_write_numbers_as_the_server_does():
    rows = dict(line.split("\t") for line in (TOP / "tests/unit/server/model/phones.txt").read_text().splitlines() if not line.startswith("#"))
    script = "import(process.argv[1]).then(({ national }) => console.log(JSON.stringify(JSON.parse(process.argv[2]).map(national))))"
    assert json.loads(node("--input-type=module", "-e", script, WEB / "parts/national.js", json.dumps(list(rows)))) == list(rows.values())


# -------------------------------------------------------------------------------------------------------------------------- served


def test_p86_pages_and_answers_are_compressed_and_scripts_kept_without_end(open_testbed, screen):
    testbed = open_testbed
    page = testbed.get("/now.html", token=None)
    script = re.search(r'<script src="(/assets/now-[A-Z0-9]{8}\.js)"', page.text)[1]
    plain = testbed.get(script, token=None)
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable" and plain.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["Content-Encoding"] is None and page.headers["Cache-Control"] == "no-cache"
    for accepted, coding in (("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("identity", None), ("gzip;q=0", None)):
        answer = testbed.get(script, token=None, headers={"Accept-Encoding": accepted})
        assert answer.headers["Content-Encoding"] == coding, accepted
        if coding:
            assert len(answer.body) < len(plain.body) and answer.headers["ETag"].startswith('W/"')
        if coding == "gzip":
            assert gzip.decompress(answer.body) == plain.body
    # The same at a place: a second reader of this second gets the same bytes.
    whole = testbed.get("/v1/now?place=ZED01")
    assert len(whole.body) > 1000, "otherwise this tests nothing"
    small = testbed.get("/v1/now?place=ZED01", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip" and json.loads(gzip.decompress(small.body))["place"] == whole.json["place"]
    assert testbed.get("/v1/session", headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] is None
    again = testbed.get(script, token=None, headers={"Accept-Encoding": "br", "If-None-Match": testbed.get(script, token=None).headers["ETag"]})
    assert again.status == 304 and not again.body
    # What goes back in If-Match stays a strong tag.
    assert testbed.get("/v1/region", headers={"Accept-Encoding": "gzip"}).headers["ETag"].startswith('"region-')
    missing = testbed.get("/nothing.html", token=None, headers={"Accept": "text/html,*/*"})
    assert missing.status == 404 and "There is no such page" in missing.text and missing.headers["Content-Type"].startswith("text/html")
    assert testbed.get("/nothing.html", token=None).json["status"] == 404, "a program gets a problem"


def test_p87_the_first_view_and_a_refresh_are_small(five_states, screen):
    screen.sign_in(five_states.sign_in("st-oswins-ed", "viewer"))
    screen.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    screen.now()
    sizes = screen.js("return performance.getEntries().filter((one) => one.transferSize !== undefined).map((one) => [one.name, one.transferSize])")
    assert sum(size for _, size in sizes) <= 100_000 and len(sizes) > 5, sizes
    # Asked as the page asks. Its own fetches go through its service worker, where their sizes are not told.
    refresh = five_states.get("/v1/now?place=ZED01", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert len(refresh.body) + len(str(refresh.headers)) <= 5_000 and refresh.headers["Content-Encoding"] == "gzip"


# -------------------------------------------------------------------------------------------------------------------- first screen


IN_SIGHT = """
const inside = (node) => { const box = node.getBoundingClientRect(); return box.width > 0 && box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= document.documentElement.clientWidth; };
const large = (node) => parseFloat(getComputedStyle(node).fontSize) >= 16;
const whole = (node) => inside(node) && large(node) && node.checkVisibility();
return {
  head: ['#heading', '#clock', '#age'].every((one) => whole(document.querySelector(one))),
  rows: [...document.querySelectorAll('.function')].filter((row) => [row.querySelector('.opens'), row.querySelector('.who strong')].every(whole)
    && (row.querySelector('.call .phone') ? whole(row.querySelector('.call .phone')) : row.querySelector('.who').textContent.includes('switchboard'))).length,
  sideways: document.documentElement.scrollWidth > innerWidth,
};
"""


@pytest.mark.long
@pytest.mark.parametrize(("width", "height"), [PHONE, DESKTOP])
def test_p88_whom_to_ring_is_on_the_first_screen(five_states, screen, width, height):
    screen.sign_in(five_states.sign_in("st-oswins-ed", "viewer"))
    screen.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
    screen.now()
    seen = screen.js(IN_SIGHT)
    assert seen["head"] and seen["rows"] >= 4 and not seen["sideways"], seen


@pytest.mark.holds("H09.3")
def test_p89_tonight_is_printed_on_one_page_in_readable_letters(five_states, screen):
    screen.sign_in(five_states.sign_in("st-oswins-ed", "viewer"))
    screen.now()
    paper = base64.b64decode(screen.driver.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": True})["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    words = screen.js("return document.querySelector('main').innerText")
    small = screen.js("""return [...document.querySelectorAll('main *')].filter((one) => one.checkVisibility() && !one.closest('.out-of-sight')
        && [...one.childNodes].some((text) => text.nodeType === 3 && text.textContent.trim()) && parseFloat(getComputedStyle(one).fontSize) < 12)
        .map((one) => one.outerHTML.slice(0, 80))""")
    more = screen.js("""const what = document.querySelector('.function.covered .what');
        return what.offsetHeight - what.querySelector('h2').offsetHeight - what.querySelector('.badge').offsetHeight""")
    screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert small == [], "nothing under 9 points"
    assert more < 8, "which of how many stands beside the state and takes no line of its own: seventeen functions fit on the page"
    for wanted in ("St Oswin's Hospital", "As of", "01632 960456", "01632 960111", "We cannot confirm", "not confirmed: Kim Lee"):
        assert wanted in words, wanted
    assert "Sign out" not in words and "Find a function" not in words


# -------------------------------------------------------------------------------------------------------------------- signing in


def test_p90_a_ward_s_device_signs_in_with_its_code_and_sees_its_sessions(open_testbed, screen):
    testbed = open_testbed
    screen.expect("status of 401")
    code = testbed.post("/v1/places/ZED01/devices", {"label": "resus desk"}).json["code"]
    screen.open("/")
    screen.until(screen.at_front_door, "the front door")
    screen.js("document.getElementById('by-device').open = true")
    screen.one("#device-code").send_keys("AAAA-AAAA")
    screen.press_button("Use this device")
    screen.until(lambda: screen.text("#device-error"), "a wrong code is said to be wrong")
    assert screen.js("return document.activeElement.id") == "device-code"
    screen.one("#device-code").clear()
    screen.one("#device-code").send_keys(code)
    screen.press_button("Use this device")
    screen.until(lambda: screen.text("#who").endswith("Sign out"), "the device is signed in")
    screen.now()
    screen.open("/account.html")
    screen.until(lambda: screen.cells("#of-account"), "its sessions are listed")
    assert [(row[0], row[2], row[5]) for row in screen.cells("#of-account")] == [("Chrome on Linux", "a device code", "this browser")]
    screen.check_fair()
    screen.check_narrow()


def test_p91_sessions_elsewhere_are_ended_and_tokens_revoked(open_testbed, screen):
    testbed = open_testbed
    # Somebody who is no administrator.
    own, lost = testbed.sign_in("nurse", "viewer"), testbed.sign_in("nurse", "viewer")
    assert testbed.request("POST", "/v1/session", token=lost).status == 200
    screen.sign_in(own)

    def listed():
        screen.open("/account.html")
        screen.until(lambda: screen.cells("section:nth-of-type(1)"), "sessions are listed")
        return len(screen.cells("section:nth-of-type(1)")) >= 2

    wait_until(listed, 15, "both sessions are listed")
    before = len(screen.cells("section:nth-of-type(1)"))
    screen.all("section:nth-of-type(1) button")[0].click()
    screen.until(lambda: screen.text("#progress") == "That session has ended.", "it is said that it ended")
    screen.until(lambda: len(screen.cells("section:nth-of-type(1)")) == before - 1, "one fewer")
    assert [row[4] for row in screen.cells("section:nth-of-type(2)")] == ["all that the account may"] * 2
    screen.check_fair()
    screen.all("section:nth-of-type(2) button")[-1].click()
    screen.until(lambda: "is revoked" in screen.text("#progress"), "it is said that it is revoked")
    wait_until(lambda: testbed.get("/v1/me", token=lost).status == 401, 10, "the token is of no use")
    screen.until(lambda: screen.cells("section:nth-of-type(2)")[-1][5].startswith("revoked "), "the list says so")
    assert testbed.get("/v1/me", token=own).status == 200



# ------------------------------------------------------------------------------------------------------------------------- offline


@pytest.mark.holds("H02.3", "H09.2")
def test_p92_without_a_network_the_bar_comes_at_once_and_no_own_telephone_was_kept(open_testbed, screen):
    screen.expect("ERR_INTERNET_DISCONNECTED|Failed to load resource|ERR_FAILED|ServiceWorker")
    screen.sign_in()  # who sees mobiles
    screen.now()
    assert "07700 900123" in screen.function("amhp")
    screen.until(lambda: screen.driver.execute_async_script(
        "const done = arguments[0]; navigator.serviceWorker.ready.then((one) => done(one.active.state === 'activated'))"), "the page can be opened without the server")
    kept = screen.driver.execute_async_script("""
        const done = arguments[0];
        caches.open('answers').then((cache) => cache.matchAll()).then((all) => Promise.all(all.map((one) => one.text()))).then((all) => done(all.join('')));""")
    assert "Jo Jones" in kept or "Sam Ahmed" in kept or "Kim Lee" in kept
    assert "7700900" not in kept and "work_phone" not in kept, "people's own telephones are not kept"
    # The browser is told of the page alone that it is offline, and not of the service worker: so the server is stopped as well.
    network = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    open_testbed.stop()
    screen.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": True, **network})
    try:
        screen.until(lambda: screen.seen("#dead"), "the bar is shown at once", 5)
        assert screen.text("#age").startswith("NOT LIVE")
    finally:
        screen.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": False, **network})
    open_testbed.start()
    screen.refresh()
    screen.until(lambda: not screen.seen("#dead"), "an answer takes the bar away", 30)
    open_testbed.stop()
    screen.open("/gaps.html")
    screen.until(lambda: screen.text("h1") == "The server was not reached", "other pages say that the server is away")


# --------------------------------------------------------------------------------------------------------------- finding a function


def codes(screen):
    return screen.js("return [...document.querySelectorAll('.function h2')].map((one) => one.id.replace('function-', ''))")


@pytest.mark.long
def test_p93_functions_are_found_by_state_or_word_and_kept_at_the_top_on_this_screen(five_states, screen):
    worst_first = ["amhp", "liaison", "crht", "s12_doctor", "camhs_crisis"]  # after what the place wants first
    screen.sign_in(five_states.sign_in("st-oswins-ed", "viewer"))
    screen.now()
    assert codes(screen) == worst_first
    screen.one(".chip.short").click()
    screen.until(lambda: codes(screen) == ["s12_doctor"], "one state alone")
    assert screen.one(".chip.short").get_attribute("aria-pressed") == "true"
    screen.one(".chip.short").click()
    screen.until(lambda: codes(screen) == worst_first, "and all of them again")
    for typed, found in (("appr men", ["amhp"]), ("12 section", ["s12_doctor"]), ("zebra", [])):
        screen.one("#find").clear()
        screen.one("#find").send_keys(typed)
        screen.until(lambda found=found: codes(screen) == found, f"{typed} is found")
    assert "No function here is like that." in screen.text("#functions")
    screen.one("#find").clear()
    screen.one("#find").send_keys(" ")
    screen.until(lambda: codes(screen) == worst_first, "and all of them again")
    # Nothing moves while a function is open; what was kept at the top stands there from then on, and the next time too.
    assert "Keep at the top on this screen" in screen.function("s12_doctor")
    screen.press_button("Keep at the top", "#more-s12_doctor")
    screen.until(lambda: codes(screen)[0] == "s12_doctor", "it stands first")
    screen.now()
    assert codes(screen) == ["s12_doctor", "amhp", "liaison", "crht", "camhs_crisis"]
    assert screen.js("return Object.keys(localStorage).map((one) => localStorage.getItem(one)).join()") == '["s12_doctor"]', "a code, and nothing of a person"
    screen.js("localStorage.clear()")  # the browser goes on to another test
