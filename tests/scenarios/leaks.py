# SPDX-License-Identifier: MIT
"""What a testbed may not leave: names, telephone numbers, addresses of feeds, tokens, passwords and keys, in logs, files of the server, cores,
Redis and the audit. Each testbed is searched at its end, whatever its test was about; a file that no row below names may hold nothing of these."""

import base64
import binascii
import fnmatch
import json
import os
import re
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import psycopg2
import redis

NAME, NUMBER, TEAM_NUMBER, ADDRESS, TOKEN, PASSWORD, KEY = "name", "person's number", "team's number", "feed's address", "token", "password", "key"

# Where what may be. The first row that fits counts; the paths are those below the folder of a testbed.
MAY_HOLD = (
    ("state/last-good*", {NAME, NUMBER, TEAM_NUMBER}, "the map, from which answers are given while the database is down"),
    ("state/session.key", {KEY}, "it is the key"),
    ("state/seal.key", {KEY}, "it is the key"),
    ("state/address.*", {KEY}, "they are the keys"),
    # The same, where each role has a folder of its own.
    ("state/api/last-good*", {NAME, NUMBER, TEAM_NUMBER}, "the map"),
    ("state/api/*.key", {KEY}, "it is the key"),
    ("state/*/address.*", {KEY}, "they are the keys"),
    ("identity.secret", {PASSWORD}, "the file that the setting names"),
    ("client-secrets/*", {PASSWORD}, "the same of the proxy"),
    ("apache/secret.conf", {PASSWORD}, "what deploy/apache/configure makes for the proxy's user alone"),
    ("apache/*.client", {PASSWORD}, "the same"),
    ("the audit", {NAME, TEAM_NUMBER}, "what the set-up was before and after a change (of a person's number the last three digits)"),
)
# What is no file of the server's: the database itself (test_q90 and test_x51 search all of it), and what a test gave or was given.
NOT_SEARCHED = ("postgres/cluster", "demo", "providers.json")

# A token, a secret link, a session or the link of an invitation, also one that the testbed was never told of (server/api/ask/token.h, session.h).
ANY_TOKEN = re.compile(rb"(?<![0-9A-Za-z])[0-9A-Za-z]{12}_[0-9A-Za-z_-]{43}(?![0-9A-Za-z_-])")
# Members of a request or an answer whose value is a secret.
SECRET_MEMBER = re.compile(rb'"(?:password|secret)"\s*:\s*"((?:[^"\\]|\\.){8,200})"|"(?:code|device_code)"\s*:\s*"([0-9A-Z]{4}-[0-9A-Z]{4})"')
NUMBERS = re.compile(r"^(?:\+44|0)(\d{9,10})$")
ADDRESS_KEYS = ("address.open", "address.seal")  # in the state directory
LEAST_LENGTH = 6  # shorter words are found by chance
AUDIT = "select coalesce(string_agg(a::text, E'\\n'), '') from crisiscover.audit a"


class Leak(NamedTuple):
    where: str
    kind: str
    before: str  # what stands before it in its line: the secret itself is not to be in a log of the tests either

    def __str__(self):
        return f"{self.where}: a {self.kind} after {self.before!r}"


@dataclass
class Known:
    """What one testbed knows that nobody else may: bytes in lower case, and of which kind they are."""

    secrets: dict = field(default_factory=dict)

    def add(self, kind, text):
        text = text.encode() if isinstance(text, str) else text
        if len(text) >= LEAST_LENGTH and self.secrets.get(text.lower()) != TEAM_NUMBER:
            self.secrets[text.lower()] = kind  # a number of a team's may be somebody's, too

    def add_address(self, url):
        """Whole, and without its host, which an error may name apart."""
        parts = urllib.parse.urlsplit(url)
        self.add(ADDRESS, url)
        if len(parts.path) > len("/calendar.ics"):
            self.add(ADDRESS, parts.path)
        for secret in filter(None, (parts.query, parts.password)):
            self.add(ADDRESS, secret)

    def add_set_up(self, value):
        """A region file, or an object of one: its people, every telephone number, every address of a feed."""
        if isinstance(value, list):
            for one in value:
                self.add_set_up(one)
        elif isinstance(value, dict):
            # Of people alone: the names of functions and places are no secret.
            if "name" in value and ("work_phone" in value or "roles" in value or "aliases" in value):
                for name in (value["name"], *(value.get("aliases") or ())):
                    if isinstance(name, str) and " " in name:
                        self.add(NAME, name)
            for key, one in value.items():
                if key == "url" and isinstance(one, str) and not one.startswith("https://address.invalid/"):
                    self.add_address(one)
                elif isinstance(one, (dict, list)):
                    self.add_set_up(one)
                elif isinstance(one, str) and (digits := NUMBERS.match(one.replace(" ", ""))):
                    self.add(NUMBER if key == "work_phone" else TEAM_NUMBER, digits[1])

    def add_body(self, method, body):
        """The body of a request, or of the answer to it."""
        if method == "GET" or not isinstance(body, bytes):
            return
        for found in SECRET_MEMBER.finditer(body):
            self.add(PASSWORD, found[1] or found[2])
        if b'"people"' in body or b'"work_phone"' in body or b'"url"' in body:
            try:
                self.add_set_up(json.loads(body))
            except ValueError:
                pass  # a test sent something that is no JSON

    def add_keys(self, state):
        """The keys in the state directory, or in the roles' folders in it, in each form in which they could be written."""
        for path in (*state.rglob("session.key"), *state.rglob("seal.key")):
            raw = path.read_bytes()
            for form in (raw, binascii.hexlify(raw), base64.b64encode(raw).rstrip(b"="), base64.urlsafe_b64encode(raw).rstrip(b"=")):
                self.add(KEY, form)
        for path in (found for name in ADDRESS_KEYS for found in state.rglob(name)):
            for word in re.findall(rb"[0-9A-Za-z+/_-]{40,}", path.read_bytes()):
                self.add(KEY, word)

    def search(self, where, data, more=frozenset()):
        """What is in ${data} and may not be: the first of each kind. ${more}: what it may hold beside what the table says."""
        allowed = more | next((kinds for pattern, kinds, _ in MAY_HOLD if fnmatch.fnmatch(where, pattern)), frozenset())
        lower = data.lower()
        found = [(kind, secret) for secret, kind in self.secrets.items() if kind not in allowed and secret in lower]
        if TOKEN not in allowed:
            found += [(TOKEN, token) for token in ANY_TOKEN.findall(data)]
        return [Leak(where, kind, around(lower, secret.lower())) for kind, secret in {kind: secret for kind, secret in reversed(found)}.items()]


def around(data, secret):
    """What stands before it in its line."""
    at = data.index(secret)
    return data[max(0, data.rfind(b"\n", 0, at) + 1, at - 160):at].decode(errors="replace")


def files_of(folder, written):
    """(path below ${folder}, path) of each file that the server, the database's log or Redis made. The cluster is not walked: it has a thousand files."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if os.path.relpath(os.path.join(where, one), folder) not in NOT_SEARCHED)
        for one in sorted(names):
            path = os.path.join(where, one)
            name = os.path.relpath(path, folder)
            if name not in written and name not in NOT_SEARCHED and os.path.isfile(path) and not os.path.islink(path):
                yield name, Path(path)


def of_files(testbed):
    for name, path in files_of(testbed.searched, testbed.written):
        try:
            data = path.read_bytes()
        except OSError:
            continue
        yield from testbed.known.search(name, data, testbed.allowed.get(name, frozenset()))


def of_redis(testbed):
    """Codes alone are in it."""
    if not testbed.redis_runs():
        return
    try:
        client = redis.from_url(testbed.redis.url, socket_timeout=5)
        for key in client.scan_iter():
            data = {b"string": client.get, b"stream": client.xrange}.get(client.type(key), client.dump)(key)
            yield from testbed.known.search(f"redis/{key.decode()}", key + repr(data).encode())
    except redis.RedisError:
        pass  # the test stopped it, or took its rights away


def of_audit(testbed):
    if not testbed.postgres_runs():
        return
    try:
        connection = psycopg2.connect(testbed.owner + " connect_timeout=5 options='-c statement_timeout=10s'")
    except psycopg2.OperationalError:
        return  # the test has stopped it
    try:
        with connection.cursor() as cursor:
            cursor.execute(AUDIT)
            data = cursor.fetchone()[0].encode()
    except psycopg2.Error:
        return  # not migrated, or taken apart by the test
    finally:
        connection.close()
    yield from testbed.known.search("the audit", data, testbed.allowed.get("the audit", frozenset()))


def left_by(testbed):
    """What the testbed has left where it may not be."""
    testbed.known.add_keys(testbed.searched / "state")
    return [*of_files(testbed), *of_redis(testbed), *of_audit(testbed)]
