# SPDX-License-Identifier: MIT
"""The tools of npm that judge the pages: the build, ESLint, html-validate, axe. tests/run puts them into build/web."""

import json
import subprocess

from testbed import TOP

WEB = TOP / "clients" / "web"
MODULES = TOP / "build" / "web" / "node_modules"


def node(*arguments, stdin=None, status=0):
    done = subprocess.run(["node", *map(str, arguments)], cwd=TOP, input=stdin, capture_output=True, text=True, timeout=300, check=False)
    assert status is None or done.returncode == status, f"{arguments}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def build(folder, *options):
    node(WEB / "build.mjs", "--out", folder, *options)
    return folder


def eslint(*arguments, stdin=None):
    """What it complains of: [(file, rule)]."""
    said = json.loads(node(MODULES / "eslint" / "bin" / "eslint.js", "--config", WEB / "eslint.config.mjs", "--format", "json", *arguments, stdin=stdin, status=None))
    return [(one["filePath"], message["ruleId"]) for one in said for message in one["messages"]]


def html_faults(*files):
    said = json.loads(node(MODULES / "html-validate" / "bin" / "html-validate.mjs", "--config", WEB / ".htmlvalidate.json", "--formatter", "json", *files, status=None))
    return [(one["filePath"], message["ruleId"], message["message"], message["line"]) for one in said for message in one["messages"]]


AXE = (MODULES / "axe-core" / "axe.min.js").read_text() if MODULES.exists() else ""


def axe(screen):
    """Every violation on the page as it is: rule, and where."""
    screen.js(AXE)
    return screen.driver.execute_async_script("""
        const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ['violations', 'incomplete'], rules: { 'color-contrast-enhanced': { enabled: false } } })
          .then((said) => done(said.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)),
            (fault) => done([String(fault)]));""")
