# SPDX-License-Identifier: MIT
"""The pages as a person sees and uses them: a browser pointed at one testbed."""

import re

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from servers import wait_until

# Asked before anybody is signed in, to learn whether somebody is: the browser notes the 401.
NOT_SIGNED_IN = r"/v1/me - Failed to load resource: the server responded with a status of 401"
NAMED_ROLES = {"button", "link", "textbox", "combobox", "listbox", "checkbox", "radio", "searchbox", "image", "img", "table", "dialog", "option",
               "navigation", "heading", "MenuListOption"}

CONTRAST = """
const channel = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const colour = (text) => text.match(/[\\d.]+/g).map(Number);
const ground = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const c = colour(getComputedStyle(at).backgroundColor);
    if (c.length === 3 || c[3] === 1) return c;
  }
  return [255, 255, 255];
};
const poor = [];
for (const node of document.querySelectorAll('body *')) {
  const style = getComputedStyle(node);
  const own = [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
  if (!own || !node.checkVisibility() || node.closest('svg, option, noscript, .out-of-sight')) continue;
  const [a, b] = [luminance(colour(style.color)), luminance(ground(node))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const size = parseFloat(style.fontSize);
  const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
  if (ratio < least) poor.push(`${node.tagName} "${node.textContent.trim().slice(0, 30)}": ${ratio.toFixed(2)}`);
}
return poor;
"""
SMALL_TARGETS = """
const seen = [...document.querySelectorAll('a[href], button, select, input, textarea, summary')]
  .filter((node) => node.checkVisibility() && !node.matches('.skip, .error a'));
return seen.map((node) => [node.getBoundingClientRect(), node]).filter(([box]) => box.width < 44 || box.height < 44)
  .map(([box, node]) => `${node.tagName} "${node.textContent.trim().slice(0, 30)}" ${box.width.toFixed(1)} x ${box.height.toFixed(1)}`);
"""


class Screen:
    def __init__(self, driver, testbed):
        self.driver, self.testbed, self.expected = driver, testbed, [NOT_SIGNED_IN]
        self._messages = []
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        # What another test of the same testbed has left: the pages keep what they showed last, and a worker that answers without the server.
        driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": testbed.url, "storageTypes": "all"})
        driver.get_log("browser")

    def close(self):
        """Leaves the browser as it was found."""
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.driver.get("about:blank")
        self.driver.get_log("browser")

    def refresh(self):
        """Has the Now page ask again at once, as it does when the network comes back."""
        self.js("window.dispatchEvent(new Event('online'))")

    # --------------------------------------------------------------------------------------------------------------- going

    def open(self, path, where=None):
        """${where}: not the testbed itself, but a proxy in front of it."""
        self._messages += self.driver.get_log("browser")
        self.driver.get((where or self.testbed.url) + path)

    def sign_in(self, token=None, then="/"):
        self.open(then)
        self.enter(token or self.testbed.token)
        self.until(lambda: self.text("#who").endswith("Sign out"), "somebody is signed in")
        return self

    def enter(self, token):
        """Signs in at the front door with an access token."""
        self.until(self.at_front_door, "the front door asks who it is")
        self.js("document.getElementById('by-token').open = true")
        self.one("#token").send_keys(token)
        self.one("#sign-in-form button").click()

    def at_front_door(self):
        return self.seen("#sign-in")

    def now(self, place="ZED01"):
        """The page of ${place}, with what it asks for beside the answer: who is signed in, and the places by name."""
        self.open(f"/now.html?place={place}")
        self.until(lambda: self.all(".function") and (self.all("#place option") or self.text("#fault")), "the functions are shown")
        return self

    def gaps(self, place="ZED01"):
        self.open(f"/gaps.html?place={place}")
        self.until(lambda: self.seen("#found"), "the map is shown")
        return self

    def imports(self):
        self.open("/import.html")
        self.until(lambda: self.all("#feeds tbody tr"), "the sources are shown")
        return self

    # -------------------------------------------------------------------------------------------------------------- seeing

    def until(self, fact, what, seconds=15):
        def settled():
            try:
                return fact()
            except WebDriverException:  # the page is being changed under the question
                return None

        try:
            return wait_until(settled, seconds, what)
        except AssertionError as failure:
            raise AssertionError(f"{failure}; the page says: {self.text('body')[:1500]!r}; the console: {self.driver.get_log('browser')}") from None

    def all(self, selector, inside=None):
        return (inside or self.driver).find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector, inside=None):
        return (inside or self.driver).find_element(By.CSS_SELECTOR, selector)

    def seen(self, selector):
        return self.js("return [...document.querySelectorAll(arguments[0])].some((node) => node.checkVisibility())", selector)

    def text(self, selector):
        """The text that is written there, also if it is only for screen readers; '' if there is none."""
        return self.js("const node = document.querySelector(arguments[0]); return node && node.checkVisibility() ? node.innerText.trim() : ''", selector)

    def function(self, code):
        """The words of one function on the Now page, opened."""
        return self.js("const row = document.getElementById('function-' + arguments[0]).closest('.function');"
                       "const button = row.querySelector('.opens'); if (button.getAttribute('aria-expanded') === 'false') button.click();"
                       "return row.innerText", code)

    def cells(self, selector):
        """The texts of a table's body, row by row."""
        return self.js("return [...document.querySelectorAll(arguments[0] + ' tbody tr')].map((row) => [...row.cells].map((cell) => cell.innerText.trim()))",
                       selector)

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def press_button(self, label, inside="body"):
        """Clicks the one button whose label begins so, once it is there."""
        def pressed():
            found = self.js("return [...document.querySelectorAll(arguments[0] + ' button')]"
                            ".filter((one) => one.checkVisibility() && one.innerText.trim().startsWith(arguments[1]))", inside, label)
            if len(found) != 1:
                return False
            found[0].click()
            return True

        self.until(pressed, f"there was one button {label!r} to press")

    # ------------------------------------------------------------------------------------------------------------- keyboard

    def keys(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def chord(self, held, key):
        """Presses ${key} while ${held} is held down."""
        ActionChains(self.driver).key_down(held).send_keys(key).key_up(held).perform()

    def tab_to(self, script, most=150):
        """Presses Tab until the focused element, `it`, makes ${script} true; whatever has the focus on the way must show it."""
        for _ in range(most):
            self.keys(Keys.TAB)
            found, shown, what = self.js(
                "const it = document.activeElement; const style = getComputedStyle(it);"
                f"return [Boolean({script}), it === document.body || style.outlineStyle !== 'none', it.outerHTML.slice(0, 120)]")
            assert shown, f"the focus is not to be seen on {what}"
            if found:
                return
        raise AssertionError(f"Tab does not reach what makes {script} true")

    # ------------------------------------------------------------------------------------------------------------- demands

    def wide(self, pixels):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                    {"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        self.until(lambda: self.js("return window.innerWidth") == pixels, "the window has its width")

    def check_narrow(self):
        """At 320 pixels nothing has to be scrolled sideways."""
        self.wide(320)
        widest = self.js("return document.documentElement.scrollWidth")
        beyond = self.js("return [...document.querySelectorAll('body *')].filter((n) => n.checkVisibility() && !n.closest('.out-of-sight, .skip, thead')"
                         " && n.getBoundingClientRect().right > 321).map((n) => n.outerHTML.slice(0, 100))")
        assert widest <= 320 and not beyond, f"{self.driver.current_url} is {widest} wide: {beyond[:5]}"
        assert self.js(SMALL_TARGETS) == []
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def check_fair(self, modal=False):
        """Every control has a name, is big enough, and every text stands out from its ground. ${modal}: a dialogue hides the rest of the page."""
        nodes = self.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
        nameless = [node["role"]["value"] for node in nodes if not node["ignored"] and node["role"]["value"] in NAMED_ROLES
                    and not node.get("name", {}).get("value", "").strip()]
        assert nameless == [], f"{self.driver.current_url}: without a name: {nameless}"
        assert roles.count("dialog") == 1 if modal else roles.count("main") == roles.count("banner") == 1
        assert len(self.all("h1")) == 1 and "heading" in roles
        small, poor = self.js(SMALL_TARGETS), self.js(CONTRAST)
        assert not small and not poor, f"{self.driver.current_url}: too small: {small}; too little contrast: {poor}"

    def expect(self, pattern):
        """A message in the console that this test provokes."""
        self.expected.append(pattern)

    def complaints(self):
        """The browser console's errors about the pages, also those of the content security policy."""
        self._messages += self.driver.get_log("browser")
        return [message["message"] for message in self._messages
                if message["level"] == "SEVERE" and not any(re.search(pattern, message["message"]) for pattern in self.expected)]
