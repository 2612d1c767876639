# SPDX-License-Identifier: MIT
"""Firefox ESR, driven by firefox.mjs: the same pages in the other browser that hospitals have."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from pages_tools import MODULES
from servers import CLOCK, wait_until

DRIVER = pathlib.Path(__file__).with_name("firefox.mjs")


class Fault(Exception):
    """What the browser said."""


class Firefox:
    """A headless Firefox with an empty profile. Ended with quit()."""

    def __init__(self):
        # Of the caller: Firefox refuses to start with a home of somebody else.
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="cc-firefox-"))
        profile = self.home / "profile"
        profile.mkdir()
        # The browser has the machine's clock, and writes in its home.
        env = {**{name: value for name, value in os.environ.items() if name not in CLOCK}, "HOME": str(self.home), "TZ": "America/New_York"}
        self.errors = (self.home / "errors").open("w+")
        self.process = subprocess.Popen(["node", str(DRIVER), str(MODULES), str(profile)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors, text=True, env=env)
        self.version = self._answer()

    def quit(self):
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.errors.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.errors.seek(0)
            raise AssertionError(f"Firefox ended: {self.errors.read()[-2000:]}")
        said = json.loads(line)
        if "fault" in said:
            raise Fault(said["fault"])
        return said["value"]

    def ask(self, what, **arguments):
        self.process.stdin.write(json.dumps({"do": what, **arguments}) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def open(self, url):
        return self.ask("open", url=url)

    def js(self, code, *arguments):
        return self.ask("js", code=code, args=arguments)

    def click(self, selector):
        return self.ask("click", selector=selector)

    def type(self, text):
        return self.ask("type", text=text)

    def press(self, key):
        return self.ask("press", key=key)

    def text(self, selector):
        return self.js("const node = document.querySelector(arguments[0]); return node && node.checkVisibility() ? node.innerText.trim() : ''", selector)

    def until(self, fact, what, seconds=20):
        def settled():
            try:
                return fact()
            except Fault:  # the page is being changed under the question
                return None

        try:
            return wait_until(settled, seconds, what)
        except AssertionError as failure:
            raise AssertionError(f"{failure}; the page says: {self.text('body')[:1500]!r}; the console: {self.ask('complaints')}") from None
