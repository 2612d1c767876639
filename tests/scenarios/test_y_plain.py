# SPDX-License-Identifier: MIT
"""The page without scripts: the words of the plain text, signing in and out by a form, and nothing that somebody wrote becomes a part of the page."""

import html.parser
import re
import urllib.parse

import pytest
from pages_tools import axe, html_faults
from regions import calendar, round_the_clock, small
from servers import wait_until

PASSWORD = "correct horse battery staple"
EVIL = "<img src=x onerror=alert(1)>\"'&<script>alert(2)</script>"


class Words(html.parser.HTMLParser):
    """What a browser shows of a page, and what it is made of."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.shown, self.title = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.title = tag == "title"

    def handle_endtag(self, tag):
        self.title = self.title and tag != "title"

    def handle_data(self, data):
        if not self.title:
            self.shown += data.split()


def words(page):
    return " ".join(Words(page.text).shown)


@pytest.fixture
def house(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    region = small(testbed.publisher)
    region["accounts"].append({"name": "ward-7", "kind": "person", "role": "viewer", "places": ["ZED01"]})
    testbed.start(region)
    wait_until(lambda: testbed.now()["state"] == "covered", 15, "the feed was read and swept")
    link = testbed.crisiscover("account", "invite", "ward-7").stdout.splitlines()[0].split("#invitation=")[1]
    answer = testbed.post(f"/v1/invitations/{link}", {"password": PASSWORD}, token=None, seconds=60)
    assert answer.status == 200, answer
    return testbed


def send(testbed, fields, path="/now/ZED01", **headers):
    return testbed.post(path, urllib.parse.urlencode(fields).encode(), token=None, headers=headers, content_type="application/x-www-form-urlencoded",
                        seconds=60)


def cookie_of(answer):
    return "; ".join(cookie.split(";")[0] for cookie in answer.headers.get_all("set-cookie"))


def faults_of(testbed, **pages):
    """What html-validate says of them; of all at once, because to start it takes longer than to read a page."""
    for name, page in pages.items():
        testbed.write(f"{name}.html", page.text)
    return html_faults(*(testbed.folder / f"{name}.html" for name in pages))


def test_y10_a_form_signs_in_and_the_page_says_what_the_text_says(house):
    page = house.get("/now/ZED01", token=None)
    assert page.status == 401 and page.headers["Content-Type"].startswith("text/html") and page.headers["Content-Security-Policy"]
    assert "Sign in" in words(page) and "form" in Words(page.text).tags and "Jo Jones" not in page.text
    form = page
    wrong = send(house, {"name": "ward-7", "password": "something else", "code": ""})
    assert wrong.status == 401 and "is not right" in words(wrong) and "form" in Words(wrong.text).tags, wrong
    assert "something else" not in wrong.text
    assert send(house, {"name": "ward-7"}).status == 400
    for body in (b"name", b"name=%zz&password=x", b"name=a&name=b&password=c", b"name=\xff&password=c", b"%", b"{}"):
        bad = house.post("/now/ZED01", body, token=None, content_type="application/x-www-form-urlencoded")
        assert bad.status == 400 and "form" in Words(bad.text).tags, bad
    # Another site's page signs nobody in.
    right = {"name": "ward-7", "password": PASSWORD, "code": ""}
    for headers in ({"Origin": "https://example.org"}, {"Sec-Fetch-Site": "cross-site"}):
        assert send(house, right, **headers).status == 403
    signed = send(house, right, Origin=house.url)
    assert (signed.status, signed.headers["Location"]) == (303, "/now/ZED01"), signed
    session = next(one for one in signed.headers.get_all("set-cookie") if one.startswith("crisiscover_session="))
    assert "HttpOnly" in session and "SameSite=Strict" in session
    cookie = {"Cookie": cookie_of(signed)}
    page = house.get("/now/ZED01", token=None, headers=cookie)
    assert page.status == 200 and page.headers["Cache-Control"] == "no-store" and page.headers["Refresh"] == "60", page
    # But for numbers, which the page writes as people dial them.
    text = re.sub(r"\+44(\d{4})(\d{6})", r"0\1 \2", house.get("/now/ZED01.txt", token=None, headers=cookie).text)
    minutes = re.compile(r"\d\d:\d\d|\d+ min")
    assert " ".join(minutes.sub("", text).split()) in " ".join(minutes.sub("", words(page)).split()), "the same words in the same order"
    assert "Jo Jones" in text or any(name in text for name in ("Sam Ahmed", "Kim Lee", "Tess Osei"))
    assert "Refresh" not in house.get("/now/ZED01?stay=1", token=None, headers=cookie).headers
    seen = {}
    for path, status in (("/now/ZEDXX", 404), ("/now/X06000001", 403), ("/now/ZED01?at=x", 400)):
        refused = house.get(path, token=None, headers=cookie)
        assert refused.status == status and refused.headers["Content-Type"].startswith("text/html"), refused
        assert "form" not in Words(refused.text).tags
        seen[f"refused-{status}"] = refused
    assert faults_of(house, form=form, wrong=wrong, page=page, **seen) == []
    assert house.get("/now/ZED01.txt", token=None).headers["Content-Type"] == "application/problem+json"
    # Out again, by a form as well.
    out = send(house, {}, "/now/ZED01/sign-out", **cookie)
    assert (out.status, out.headers["Location"]) == (303, "/now/ZED01") and "Max-Age=0" in out.headers["Set-Cookie"], out
    wait_until(lambda: house.get("/now/ZED01", token=None, headers=cookie).status == 401, 10, "the session has ended")
    assert send(house, {}, "/now/ZED01/sign-out").status == 303, "and once more is no error"
    kept = "\n".join(path.read_text(errors="replace") for path in house.folder.rglob("*.log"))
    assert PASSWORD not in kept and PASSWORD.replace(" ", "+") not in kept


def test_y11_nothing_that_somebody_wrote_becomes_a_part_of_the_page(house):
    region = house.get("/v1/region").json
    region["places"][1]["name"] = f"Ward {EVIL}"
    region["people"][0]["name"] = region["people"][1]["name"] = region["people"][2]["name"] = f"Person {EVIL}"
    region["functions"][0]["name"] = f"Function {EVIL}"
    region["services"][0]["fallback"]["text"] = f"Fallback {EVIL}"
    house.apply(region)
    clean = set(Words(house.get("/now/ZED01", token=None).text).tags)
    wait_until(lambda: "Ward " in words(house.get("/now/ZED01")), 10, "the new names are shown")
    page = house.get("/now/ZED01")
    assert page.text.count("<img") == 0 and page.text.count("<script") == 0, page.text
    assert set(Words(page.text).tags) <= clean | {"section", "h2", "p", "a"}, Words(page.text).tags
    assert EVIL.split()[0] in Words(page.text).shown, "it is shown as it was written"
    assert faults_of(house, evil=page) == []
    for path in ("/now/%3Cscript%3E", "/now/ZED01%0d%0aX-Evil:1", "/now/ZED01?stay=%3Cscript%3E", "/now/ZED01?%3Cimg%3E=1"):
        answer = house.get(path)
        assert answer.status in (400, 404) and "<script>" not in answer.text and "<img>" not in answer.text and "X-Evil" not in answer.headers, answer
    away = send(house, {"name": "ward-7", "password": PASSWORD}, "/now/ZED01%0d%0aX-Evil:1")
    assert "X-Evil" not in away.headers and away.headers.get("Location", "/") == "/", away


@pytest.mark.holds("H02.4", "H09.1")
def test_y12_with_the_database_away_the_page_says_its_age_and_stays(house):
    cookie = {"Cookie": cookie_of(send(house, {"name": "ward-7", "password": PASSWORD}))}
    wait_until(lambda: house.get("/now/ZED01", token=None, headers=cookie).status == 200, 10, "signed in")
    house.postgres.stop()
    wait_until(lambda: "NOT LIVE" in words(house.get("/now/ZED01", token=None, headers=cookie)), 20, "it says that it is not live")
    page = house.get("/now/ZED01", token=None, headers=cookie)
    assert page.status == 200 and "Refresh" not in page.headers and "does not ask again by itself" in words(page)
    refused = send(house, {"name": "ward-7", "password": PASSWORD})
    assert refused.status == 503 and "The database does not answer" in words(refused) and "form" in Words(refused.text).tags, refused


@pytest.mark.long
def test_y13_too_many_tries_are_told_on_the_page(house):
    answers = [send(house, {"name": "ward-7", "password": "wrong"}) for _ in range(14)]
    late = next(answer for answer in answers if answer.status == 429)
    assert "too many tries" in words(late) and int(late.headers["Retry-After"]) > 0


def test_y14_the_page_is_accessible_and_works_in_a_browser(house, screen):
    screen.expect(r"/now/ZED01 .* status of 401")
    screen.open("/now/ZED01")
    screen.check_fair()
    assert axe(screen) == []
    screen.one("#name").send_keys("ward-7")
    screen.one("#password").send_keys("wrong")
    screen.one("button").click()
    screen.until(lambda: "is not right" in screen.text("[role=alert]"), "what is wrong is told")
    screen.check_fair()
    assert axe(screen) == []
    screen.one("#name").send_keys("ward-7")
    screen.one("#password").send_keys(PASSWORD)
    screen.one("button").click()
    screen.until(lambda: "St Oswin's Hospital" in screen.text("h1"), "signed in")
    assert "COVERED" in screen.text("main") and "01632 960456" in screen.text("main")
    assert screen.all("a[href='tel:+441632960456']"), "a press rings it"
    screen.check_fair()
    assert axe(screen) == []
    screen.check_narrow()
    screen.one("form button").click()
    screen.until(lambda: screen.seen("#password"), "signed out")
