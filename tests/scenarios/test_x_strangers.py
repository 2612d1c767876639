# SPDX-License-Identifier: MIT
"""What strangers get: nothing that is secret, wherever they look, and nothing that their bytes can do."""

import csv
import io
import json
import os
import pty
import re
import shutil
import subprocess
import tty
from datetime import timedelta
from pathlib import Path

import leaks
import pyte
import pytest
from payloads import FORMULAS, HIDDEN, LINES, MARKUP, SEEN, TEMPLATES
from regions import HOUR, Event, calendar, instant, now, rfc3339, round_the_clock, small
from servers import CLOCK, POSTGRES_BIN, environment, identity, wait_until

PASSWORD = "seventeen herons at dusk"


def running(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    testbed.start(small(testbed.publisher))
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read")
    wait_until(lambda: (testbed.folder / "state" / "last-good").exists(), 15, "there was a last-good file")
    return testbed


@pytest.mark.holds("A5")
def test_x51_a_leak_is_found_wherever_it_is(testbed):
    running(testbed)
    device = testbed.sign_in("st-oswins-ed", "viewer")
    assert testbed.post("/v1/session", {"name": "fenmere-rotas", "password": PASSWORD}, token=None).status == 401
    assert leaks.left_by(testbed) == [], "nothing is there yet"
    # The database has hashes and boxes of all that opens something.
    dump = subprocess.run([POSTGRES_BIN / "pg_dump", "-h", str(testbed.postgres.folder), "-U", "postgres", "crisiscover"], env=environment(),
                          capture_output=True, check=True).stdout
    assert {leak.kind for leak in testbed.known.search("a dump", dump)} <= {leaks.NAME, leaks.NUMBER, leaks.TEAM_NUMBER}
    assert b"Jo Jones" in dump, "it is the whole"

    address = testbed.publisher.url("amhp")
    key = (testbed.folder / "state" / "seal.key").read_bytes().hex()
    planted = {leaks.NAME: "JO JONES", leaks.NUMBER: "07700900123", leaks.TEAM_NUMBER: "+441632960456", leaks.ADDRESS: address,
               leaks.TOKEN: device, leaks.PASSWORD: PASSWORD, leaks.KEY: key}
    words = "before " + " and ".join(planted.values()) + " after\n"
    everywhere = ["serve-0.log", "postgres/postgres.log", "redis/redis.log", "core.1", "state/core", "state/another"]
    for name in everywhere:
        with open(testbed.folder / name, "a", encoding="utf-8") as file:
            file.write(words)
    with open(testbed.folder / "state" / "last-good", "ab") as file:
        file.write(words.encode())
    testbed.redis_client().set("leak", words)
    testbed.sql("select audit_add('somebody', 'planted', 'nothing', to_jsonb(%s::text))", words)

    found = {(leak.where, leak.kind) for leak in leaks.left_by(testbed)}
    opens = {leaks.ADDRESS, leaks.TOKEN, leaks.PASSWORD, leaks.KEY}
    assert found == ({(where, kind) for where in (*everywhere, "redis/leak") for kind in planted} |
                     {("state/last-good", kind) for kind in opens} | {("the audit", kind) for kind in (leaks.NUMBER, *opens)})
    # As it was, but for the audit, which nobody cleans.
    for name in (*everywhere, "state/last-good"):
        (testbed.folder / name).write_bytes(b"")
    testbed.redis_client().delete("leak")
    testbed.allowed["the audit"] = set(planted)


# ------------------------------------------------------------------------------------------------------------------ bytes that do something

UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\ufeff]")
ROTA = "fenmere-amhp-duty"
TERMINAL = 300, 400  # columns and lines: no line of what is printed is broken


def brought(text):
    """As a title in a calendar: its commas, semicolons, backslashes and line breaks are escaped, and no other byte."""
    return re.sub(r"\r?\n", r"\\n", re.sub(r"([\\,;])", r"\\\1", text)).replace("\r", "")


def hostile(testbed):
    """A region whose people, places, services and functions are called by what does something elsewhere, all on call at once, and a calendar whose other
    titles do so, too."""
    start = now().replace(minute=0, second=0) - HOUR
    events = [Event(f"seen-{number}@test", start, start + 48 * HOUR, f"AMHP – Q{number:02}x") for number in range(len(SEEN))]
    events += [Event(f"title-{number}@test", start, start + 48 * HOUR, brought(f"AMHP – {text}")) for number, text in enumerate((*SEEN, *HIDDEN, *LINES))]
    testbed.publisher.publish("amhp", calendar(events))
    region = small(testbed.publisher)
    region["people"] += [{"id": f"q{number:02}", "name": text, "organisation": "ZFC", "aliases": [f"Q{number:02}x"], "roles": ["amhp"]}
                         for number, text in enumerate(SEEN)]
    region["places"][1]["name"] = MARKUP[0]
    region["functions"][1]["name"] = FORMULAS[0]
    region["services"][0].update(name=MARKUP[1], fallback={"text": TEMPLATES[0], "phone": "+441632960111"})
    region["organisations"][0]["name"] = FORMULAS[1]
    testbed.start(region)
    wait_until(lambda: len({one["name"] for one in testbed.now()["on_call"]} & set(SEEN)) == len(SEEN), 30, "everybody is on call")
    return region


def on_terminal(testbed, *arguments):
    """What a terminal shows of a command that writes to it: its lines, once nothing but text has reached it."""
    screen = pyte.Screen(*TERMINAL)
    stream = pyte.ByteStream(screen)
    ours, its = pty.openpty()
    try:
        tty.setraw(its)
        process = subprocess.Popen([testbed.release.client, *arguments], stdout=its, stderr=its, stdin=subprocess.DEVNULL, cwd=testbed.folder,
                                   env={**testbed.environment, "TERM": "xterm-256color"}, **identity())
        os.close(its)
        said = b""
        while True:
            try:
                more = os.read(ours, 65536)
            except OSError:  # the last writer has closed it
                break
            said += more
            if not more:
                break
        process.wait(20)
    finally:
        os.close(ours)
    stream.feed(said.replace(b"\n", b"\r\n"))
    text = said.decode()
    assert not UNSEEN.search(text), (arguments, UNSEEN.search(text))
    assert screen.title == screen.icon_name == "" and screen.cursor.x == 0, f"{arguments}: the terminal obeyed"
    assert screen.cursor.attrs == pyte.screens.Char(" "), f"{arguments}: the terminal writes otherwise"
    return text


@pytest.mark.holds("A7")
def test_x52_what_people_type_and_calendars_bring_does_nothing(testbed):
    hostile(testbed)
    # Typed: as it was written, or refused with the place, and nothing is kept.
    for text in SEEN[::6]:
        made = testbed.post("/v1/notes", {"on": {"service": "fenmere-amhp"}, "text": text})
        assert made.status == 201, (text, made)
        assert [note["text"] for note in testbed.get("/v1/notes?place=ZED01").json["notes"]] == [text]
        assert testbed.request("DELETE", f"/v1/notes/{made.json['id']}").status == 204
    for text in (*HIDDEN, *LINES):
        for path, body in (("/v1/notes", {"on": {"service": "fenmere-amhp"}, "text": text}),
                           (f"/v1/rotas/{ROTA}/decisions", {"title": "AMHP", "means": "nobody", "note": text})):
            refused = testbed.post(path, body)
            assert refused.status in (400, 422) and refused.json["errors"], (text, refused)
        put = testbed.request("PUT", "/v1/people/another", {"id": "another", "name": text, "organisation": "ZFC"})
        assert put.status in (400, 422) and "U+" in put.text, (text, put)
    assert testbed.get("/v1/notes?place=ZED01").json["notes"] == [] and testbed.get("/v1/people/another").status == 404

    # In answers: text of JSON escapes what is not seen, plain text and CSV replace it.
    plain = testbed.get("/now/ZED01.txt").text
    assert not UNSEEN.search(plain) and MARKUP[2] in plain
    decisions = testbed.get(f"/v1/rotas/{ROTA}/decisions")
    assert not UNSEEN.search(decisions.text) and decisions.json["undecided_titles"] > len(HIDDEN)
    shifts = f"/v1/shifts?rota={ROTA}&from={rfc3339(now())}&to={rfc3339(now() + HOUR)}"
    for path in ("/v1/people", "/v1/places", "/v1/functions", "/v1/services", "/v1/organisations", "/v1/feeds", shifts):
        joined = f"{path}{'&' if '?' in path else '?'}limit=200"
        check_sheet(testbed.get(f"{joined}&format=csv").text)

    # On a terminal.
    told = on_terminal(testbed, "now", "ZED01")
    assert not [text for text in SEEN if text.split()[0][:60] not in told]
    assert "\ufffd" in on_terminal(testbed, "decisions", ROTA)
    for arguments in (("gaps",), ("feeds",), ("get", "person"), ("get", "place"), ("now", "\x1b]0;owned\x07"), ("get", "person", "\u202eq")):
        on_terminal(testbed, *arguments)

    # In logs: one event is one line of JSON.
    for line in (testbed.folder / "serve-0.log").read_text().splitlines():
        if "ASan doesn't fully support" in line:  # of the sanitizer, once a process, about the second stack of large questions
            continue
        event = json.loads(line)
        assert not UNSEEN.search(line) and event["event"] != "owned" and event["level"] != "error", line


def check_sheet(text):
    """The rules of spreadsheets: a cell that begins with one of these is a formula, whatever quotes stand around it in the file, unless it is a number."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len({len(row) for row in rows}) == 1 and len(rows) > 1, "no cell breaks out of its place"
    for cell in (cell for row in rows for cell in row):
        assert not UNSEEN.search(cell), cell
        assert cell[:1] not in tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20") or re.fullmatch(r"-?\d+(\.\d+)?", cell), f"a spreadsheet calculates {cell!r}"


# What a page has of its own is not made of these; of what somebody wrote all of it is text.
ACTS = ("main script, main img, main iframe, main style, main base, main meta, main math, [onerror], [onload], [onfocus], [onmouseover], [href*=owned], [src*=owned], "
        "[action*=owned], [href^=javascript]")


@pytest.mark.security
@pytest.mark.holds("A7")
def test_x53_in_a_browser_every_such_text_is_text(testbed, screen):
    hostile(testbed)
    own = MARKUP[0]  # what the place is called

    def check(what, *texts):
        whole = screen.js("return document.documentElement.textContent")
        assert not [text for text in texts if text not in whole], what
        assert not UNSEEN.search(whole) and not UNSEEN.search(screen.js("return document.title")), what
        acting = screen.js("return [...document.querySelectorAll(arguments[0])].map((one) => one.outerHTML)", ACTS)
        assert acting == [] and screen.js("return window.owned") is None, (what, acting)
        assert screen.driver.current_url.startswith(testbed.url), what

    screen.sign_in().now()
    screen.function("amhp")
    check("now", own, MARKUP[1], TEMPLATES[0], FORMULAS[0], *SEEN)
    screen.open("/switchboard.html")
    screen.until(lambda: screen.all("input"), "the switchboard is shown")
    screen.keys("window.owned")
    check("switchboard")
    screen.gaps()
    for toggle in screen.all("button.disclose"):
        toggle.click()
    check("gaps", own)
    screen.imports()
    check("import")
    # Without scripts, signed in by the same cookie.
    screen.open("/now/ZED01")
    check("the page without scripts", own, *SEEN)
    assert screen.complaints() == [], "nobody even tried to fetch or to run"


# ------------------------------------------------------------------------------------------------------------------------ the machine's own

def test_x54_where_weaknesses_are_reported(testbed):
    testbed.start()
    assert testbed.get("/.well-known/security.txt", token=None).status == 404
    testbed.stop()
    testbed.configure(security_contact="mailto:security@example.org, https://example.org/report")
    testbed.start()
    told = testbed.get("/.well-known/security.txt", token=None)
    assert told.status == 200 and told.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = told.text.splitlines()
    assert lines[:2] == ["Contact: mailto:security@example.org", "Contact: https://example.org/report"]
    expires = instant(lines[2].removeprefix("Expires: "))
    assert timedelta(days=170) < expires - now() < timedelta(days=365)
    testbed.stop()
    testbed.configure(security_contact="security@example.org")
    refused = testbed.daemon("role", "api", check=False)
    assert refused.returncode != 0 and "security_contact" in refused.stderr, refused


@pytest.mark.security
def test_x55_an_update_that_waits_for_a_restart_is_told(testbed):
    """A library that every process has loaded is replaced as a package replaces it."""
    library = testbed.folder / "libextra.so.1"
    shutil.copy(next(Path("/lib").glob("*/libz.so.1")), library)
    library.chmod(0o755)
    testbed.clock = {"LD_PRELOAD": ":".join(filter(None, (str(library), CLOCK.get("LD_PRELOAD"))))}
    running(testbed)

    def waiting():
        return [words for words in testbed.get("/readyz", token=None).json["wrong"] if "waits for a restart" in words]

    assert waiting() == []
    shutil.copy(library, testbed.folder / "libextra.so.1.dpkg-new")
    (testbed.folder / "libextra.so.1.dpkg-new").rename(library)
    wait_until(lambda: any(words.startswith("api-0 runs 1 libraries") for words in waiting()), 40, "the replaced library was told")
    assert "crisiscover_libraries_replaced 1" in testbed.get("/metrics", token=None).text
    testbed.stop()
    testbed.start()
    testbed.wait_ready()
    wait_until(lambda: waiting() == [], 40, "after a restart nothing waits")
