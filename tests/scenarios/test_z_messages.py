# SPDX-License-Identifier: MIT
"""Messages: people are told by e-mail what the flags say, by a mail server that does its worst; nothing is lost, and nobody is named."""

import json
import re
import signal
import sys
from contextlib import contextmanager

from regions import ALWAYS, HOUR, PEOPLE, Event, calendar, now, round_the_clock, small
from servers import wait_until
from testbed import TOP

sys.path.insert(0, str(TOP / "tests" / "support"))

from smtp_server import SmtpServer  # noqa: E402

MANAGER, BOARD = "duty@council.example", "board@icb.example"


@contextmanager
def mailing(testbed, does="take", **settings):
    """A mail server, and a testbed that is set to it before it starts."""
    server = SmtpServer().start()
    server.default = does
    testbed.configure(mail_server=server.url, mail_from="crisis-cover@council.example", mail_plain="loopback", notify_url="https://cover.example", **settings)
    try:
        yield server
    finally:
        server.stop()


def to(server, address):
    return [letter for letter in server.taken if letter.recipient == address]


def messages(testbed, **query):
    return testbed.get("/v1/messages?" + "&".join(f"{key}={value}" for key, value in query.items())).json["messages"]


def subscribe(testbed, account, address, **more):
    role = {"fenmere-rotas": "rota_manager", "fenmere-icb": "commissioner"}[account]
    token = testbed.sign_in(account, role)
    answer = testbed.post("/v1/subscriptions", {"channel": "email", "address": address, **more}, token=token)
    assert answer.status == 201, answer
    return token, answer.json["id"]


def names_nobody(letter):
    """Neither a name of anybody on a rota, nor a part of one, nor a number."""
    text = letter.subject + letter.text
    return not [part for _, name in PEOPLE for part in name.split() if re.search(rf"\b{part}\b", text)] and "7700" not in text


def leave_a_hole(testbed, first=0, count=1):
    """Nobody is on in so many of the shifts that have not begun, from that one on."""
    shifts = round_the_clock()
    coming = [shift for shift in shifts if shift.start > now()][first:first + count]
    testbed.publisher.publish("amhp", calendar([shift for shift in shifts if shift not in coming]))
    testbed.refresh("fenmere-amhp-duty")


def test_z40_a_gap_is_told_by_e_mail_and_names_nobody(testbed):
    testbed.publisher.publish("amhp", calendar(round_the_clock()))
    with mailing(testbed) as server:
        testbed.start(small(testbed.publisher))
        wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
        board, _ = subscribe(testbed, "fenmere-icb", BOARD, functions=["amhp"])
        testbed.redis.stop()  # the record alone is needed
        leave_a_hole(testbed)
        letter = wait_until(lambda: [one for one in to(server, BOARD) if "nobody is on the rota" in one.text], 40, "the commissioner was told")[0]
        assert "Approved mental health professional at " in letter.subject, letter
        assert names_nobody(letter)
        assert "https://cover.example/gaps" in letter.text and "key=" not in letter.text
        sent = wait_until(lambda: [one for one in testbed.get("/v1/messages", token=board).json["messages"]
                                   if one["state"] == "sent" and one["message_id"] in letter.id], 10, "it is sent")[0]
        assert sent["receipt"] and sent["attempts"] == 1
        assert messages(testbed) == [], "nothing was sent to the administrator"
        assert [one["account"] for one in messages(testbed, everybody=1)] == ["fenmere-icb"] * len(messages(testbed, everybody=1))
        # On the command line.
        testbed.token, own = board, testbed.token
        assert sent["subject"] in testbed.crisiscover("messages").stdout
        assert BOARD in testbed.crisiscover("subscription", "list").stdout
        assert "kept as number" in testbed.crisiscover("subscription", "add", "--email", "night@icb.example", "--about", "gap,closed", "--places", "X06000001",
                                                       "--severity", "high", "--digest", "08:30,16:00", "--quiet", "22:00-07:00").stdout
        made = json.loads(testbed.crisiscover("subscription", "list", "--json").stdout)["subscriptions"][1]
        assert made["digest"] == ["08:30", "16:00"] and made["quiet"] == {"from": "22:00", "until": "07:00"} and made["about"] == ["gap", "closed"]
        assert "ended" in testbed.crisiscover("subscription", "end", str(made["id"])).stdout
        testbed.token = own
        every_kind_names_nobody(testbed, server)


# Makes news of every kind that a flag tells, and what no flag tells; each has a name, a number and a reason wherever its row has room for a text.
EVERY_KIND = """
do $$
declare
  said constant jsonb := '{"person": "Jo Jones", "by": "Sam Ahmed", "note": "Jo Jones has marmalade", "reason": "marmalade", "service": "fenmere-amhp",
                           "phone": "+447700900123", "title": "AMHP - Kim Lee", "outcome": "wrong_person", "number": 2}';
  k text;
begin
  -- That a gap is closed is told to those who were told of it.
  foreach k in array array['opened', 'closed'] loop
    perform flag_put(k, null, 'ZED01', 'amhp', 'R01', 'gap', now(), now() + interval '1 hour', 'critical', 'fenmere-amhp-duty',
                     said || '{"group": "one", "lead": true}', null);
  end loop;
  foreach k in array array['opened', 'changed', 'started', 'reminder', 'feed_stale', 'feed_held', 'override_disputed', 'contact_failed', 'person_new',
                           'contacts_unverified', 'break_glass', 'single_handed', 'message_undelivered'] loop
    perform flag_put(k, null, 'ZED01', 'amhp', 'R01', 'gap', now(), now() + interval '1 hour', 'critical',
                     case when k in ('contacts_unverified', 'message_undelivered') then 'ZFC' else 'fenmere-amhp-duty' end, said, null);
  end loop;
  perform protocol_put(null, null, jsonb_build_object('place', 'ZED01', 'function', 'amhp', 'name', 'Marmalade, by Jo Jones', 'version', '1',
                                                      'owner', 'fenmere-icb', 'review', '2020-01-01', 'url', 'https://trust.example/jo-jones'),
                       null, 'fenmere-icb', 5, '{fenmere-icb}', 1000);
  update feed set to_decide = jsonb_build_array(said || '{"words": "Jo Jones"}');
  update message_head set found_at = now() - interval '1 hour';
end $$
"""


def every_kind_names_nobody(testbed, server):
    """No message says who is on call, nor a reason that anybody gave, whatever the record has of them."""
    kinds = set(re.findall(r'\{"(\w+)", NEWS_', (TOP / "server/model/news.c").read_text()))
    made = testbed.post("/v1/subscriptions", {"channel": "email", "address": "all@council.example"})
    assert made.status == 201, made
    testbed.sql(EVERY_KIND)

    def told():
        testbed.sql("update message set at = at - interval '2 hours'")  # no distance is kept
        testbed.sql("notify messages_changed")
        return {kind for kind, in testbed.sql("select n.kind from news n join news_for f on f.news = n.id where f.subscription = %s and f.message is not null",
                                              made.json["id"])}

    wait_until(lambda: told() >= kinds, 40, "news of every kind was told")
    texts = testbed.sql("select concat_ws(' ', subject, body, link) from message where subscription = %s", made.json["id"])
    for text, in texts:
        assert not re.search(r"(?i)marmalade|7700|\b(jo|jones|sam|ahmed|kim|lee|tess|osei)\b", text), text
    text = " ".join(text for text, in texts)
    assert all(part in text for part in ("names somebody new", "wrong person", "review of protocol", "wait for somebody to say who", "opened the place")), text
    wait_until(lambda: to(server, "all@council.example"), 20, "it came")
    assert all(names_nobody(letter) for letter in server.taken)


def test_z41_a_mail_server_that_does_its_worst_loses_nothing(testbed):
    with mailing(testbed, "greylist", messages_seconds=10) as server:
        testbed.start(small(testbed.publisher))
        token, _ = subscribe(testbed, "fenmere-icb", BOARD)

        def mine():
            return testbed.get("/v1/messages", token=token).json["messages"]

        # A gap that was there before is not news; one that comes is. Greylisted first.
        testbed.publisher.publish("amhp", calendar(round_the_clock()))
        testbed.refresh("fenmere-amhp-duty")
        wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
        leave_a_hole(testbed)
        wait_until(lambda: server.tried, 40, "it was tried")
        first = wait_until(lambda: [one for one in mine() if one["attempts"] >= 1], 20, "the attempt was noted")[-1]
        assert first["state"] == "waiting" and "greylisted" in first["why"] and first["next_at"], first
        # Then it dies in the middle, then it takes the message and the answer is lost: each time the same Message-ID.
        for manner in ("cut", "lose", "take"):
            server.default = manner
            tries = len(server.tried)
            testbed.sql("update message set next_at = clock_timestamp() where state = 'waiting'")
            testbed.sql("notify messages_changed")
            wait_until(lambda tries=tries: len(server.tried) > tries, 30, f"it was tried again ({manner})")
            if manner != "take":
                wait_until(lambda: not testbed.sql("select from message where state = 'waiting' and next_at < clock_timestamp()"), 20, "that was noted")
        wait_until(lambda: all(one["state"] == "sent" for one in mine()), 30, "all is sent")
        assert {one["message_id"] for one in mine()} <= {letter.id[1:].split("@")[0] for letter in to(server, BOARD)}, "each has come, under its own id"
        # One that stalls holds up nobody else, and the role may be killed in the middle of it.
        server.default = "stall"
        leave_a_hole(testbed, 4, 2)
        testbed.sql("update news set at = at - interval '2 hours'; update message set at = at - interval '2 hours'")
        tries = len(server.tried)
        wait_until(lambda: testbed.sql("notify messages_changed") or len(server.tried) > tries, 40, "it stalls")
        killed = testbed.kill_role("notify", signal.SIGKILL)
        server.default = "take"
        testbed.wait_role_back("notify", killed)
        wait_until(lambda: not [one for one in mine() if one["state"] == "waiting"], 40, "the one after it has sent it")


def test_z42_what_is_refused_is_told_by_a_flag(testbed):
    with mailing(testbed, "refuse") as server:
        testbed.publisher.publish("amhp", calendar(round_the_clock()))
        testbed.start(small(testbed.publisher))
        wait_until(lambda: testbed.now()["state"] == "covered", 20, "the feed was read and swept")
        manager, number = subscribe(testbed, "fenmere-rotas", MANAGER, about=["contact"])
        first = testbed.get("/v1/ladder?place=ZED01&function=amhp").json["ladder"]["steps"][0]
        called = {"entry": first["entry"]} if first["entry"] else {"service": first["service"]}
        reported = testbed.post("/v1/contacts", {"place": "ZED01", "function": "amhp", "outcome": "wrong_person", **called})
        assert reported.status == 201, reported
        lost = wait_until(lambda: testbed.get("/v1/messages?state=undelivered", token=manager).json["messages"], 40, "it was refused")[0]
        assert "a wrong person was reached" in lost["subject"] and not [name for _, name in PEOPLE if name in lost["text"]] and "@" not in lost["why"], lost
        flag = wait_until(lambda: [one for one in testbed.get("/v1/flags?after=0-0&limit=1000").json["flags"] if one["kind"] == "message_undelivered"], 10,
                          "a flag says so")[0]
        assert flag["cause"] == "ZFC" and flag["channel"] == "email" and MANAGER not in json.dumps(flag)
        assert testbed.get("/v1/subscriptions", token=manager).json["subscriptions"][0]["undelivered"] == 1
        wait_until(lambda: [one for one in testbed.get("/readyz").json["wrong"] if "not delivered" in one], 30, "operators are told")
        assert server.tried == [MANAGER], "what is refused is not tried again"
        changed = testbed.request("PUT", f"/v1/subscriptions/{number}", {"channel": "email", "address": "other@council.example"}, token=manager)
        assert changed.status == 201, changed
        assert testbed.get("/v1/messages?everybody=1", token=manager).status == 403
        # What could never be sent is refused at once, by the rule of those who send.
        for channel, address in (("email", "a..b@council.example"), ("email", "duty@council-.example"), ("webhook", "https://user@hooks.example/x"),
                                 ("sms", "07700 900123"), ("sms", "+0447700900123"), ("fax", "+441632960123")):
            refused = testbed.post("/v1/subscriptions", {"channel": channel, "address": address}, token=manager)
            assert refused.status == 400 and ("address" if channel != "fax" else "channel") in refused.body.decode(), (address, refused)
        assert testbed.post("/v1/subscriptions", {"channel": "sms", "address": "+44 7700 900123"}, token=manager).status == 201
        assert testbed.get("/v1/subscriptions", token=manager).json["subscriptions"][1]["address"] == "+447700900123"


def test_z43_placeholders_and_a_dead_feed_are_few_messages(testbed):
    """At most three messages an hour to one reader for thirty placeholders; for a feed that dies, on which forty requirements depend, one: also to who may see
    one of the places alone."""
    places = [{"code": f"ZED{n}", "name": f"Hospital {n}", "kind": "emergency_department", "parents": ["X06000001"]} for n in range(20, 60)]
    region = small(testbed.publisher)
    region["places"] += places
    region["services"] = region["services"][:1]
    region["services"][0]["places"] += [place["code"] for place in places]
    region["requirements"] = [{"id": f"R{n}", "place": f"ZED{n}", "function": "amhp", "count": 1, "hours": ALWAYS} for n in range(20, 60)]
    region["accounts"].append({"name": "ward-33", "kind": "person", "role": "place_manager", "places": ["ZED33"]})
    region["accounts"][2]["places"].append("ZED20")
    events = round_the_clock(days=45)
    testbed.publisher.publish("amhp", calendar(events))
    with mailing(testbed) as server:
        testbed.start(region)
        wait_until(lambda: testbed.now("ZED20")["state"] == "covered", 30, "the feed was read and swept")
        subscribe(testbed, "fenmere-icb", BOARD, about=["gap"])
        testbed.post("/v1/subscriptions", {"channel": "email", "address": "ward-33@trust.example", "about": ["gap"]}, token=testbed.sign_in("ward-33", "place_manager"))
        ahead, struck = [event for event in events if event.start > now() + HOUR], set()
        for batch in (ahead[54:78:2], ahead[30:54:2], ahead[0:12:2]):
            struck |= {event.uid for event in batch}
            testbed.publisher.publish("amhp", calendar([Event(event.uid, event.start, event.end, "AMHP – TBC" if event.uid in struck else event.title)
                                                        for event in events]))
            testbed.refresh("fenmere-amhp-duty")
            wait_until(lambda event=batch[-1]: testbed.now("ZED33", at=event.start + HOUR)["state"] != "covered", 30, "the placeholders cover nothing")
        wait_until(lambda: to(server, BOARD) and to(server, "ward-33@trust.example"), 60, "both were told")
        wait_until(lambda: not testbed.sql("select from news where shared_at is null"), 20, "all was shared out")
        assert len(to(server, BOARD)) <= 3 and len(to(server, "ward-33@trust.example")) <= 3, [letter.subject for letter in server.taken]
        # The feed dies, hours later.
        testbed.sql("update message set at = at - interval '5 hours'")
        before = len(to(server, BOARD))
        testbed.publisher.feeds["amhp"].mode = 503
        testbed.sql("update feed set last_good_at = last_good_at - interval '7 hours'")
        testbed.wait_role_back("feeds", testbed.kill_role("feeds"))
        wait_until(lambda: len([gap for gap in testbed.get("/v1/gaps?state=open&limit=1000").json["gaps"] if gap["group"].endswith("source_unknown")]) >= 40, 30,
                   "forty requirements could not be confirmed")
        wait_until(lambda: len(to(server, BOARD)) > before, 60, "they were told")
        wait_until(lambda: not testbed.sql("select from news where shared_at is null"), 20, "all was shared out")
        assert len(to(server, BOARD)) == before + 1, [letter.subject for letter in to(server, BOARD)]
        assert all(names_nobody(letter) for letter in server.taken)
