# SPDX-License-Identifier: MIT
"""A whole Crisis Cover for one test: private PostgreSQL and Redis, a publisher of feeds, the sanitized daemon, and ways to ask it."""

import fcntl
import hashlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import sys
import threading
import urllib.parse
from datetime import timezone
from pathlib import Path

import psycopg2
import redis

import leaks
from feeds import Publisher
from regions import rfc3339
from servers import CLOCK, Postgres, Process, Redis, environment, give_away, new_folder, remove, run, unprivileged, wait_until

TOP = Path(__file__).resolve().parents[2]
ROLES = ("reader", "passwords", "feeds", "coverage", "flags", "notify", "api")


_ports, _port_locks = set(), None


def is_taken(port):
    """Whether tests of another process on this machine have the port: two servers may listen on one, and then each answers some of what the other
    is asked. A byte of one file is locked for each port, until the process ends."""
    global _port_locks
    if _port_locks is None:
        _port_locks = os.open(f"/tmp/crisiscover-ports-{os.getuid()}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if port in _ports:
        return True
    try:
        fcntl.lockf(_port_locks, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return True
    _ports.add(port)
    return False


def free_port():
    """A port that was free a moment ago. It lies below those of outgoing connections (32768 and more): one of these would hold it for as
    long as it lasts, and the server would wait for it in vain."""
    while True:
        port = random.SystemRandom().randrange(10000, 32768)
        if is_taken(port):
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Release:
    """The programs and what they read, copied to where an unprivileged user reaches them; a migrated cluster to start from, which has an
    administrator with a token."""

    def __init__(self, build):
        self.folder = new_folder("release", "/tmp")  # programs: /dev/shm may not let them run
        self.daemon = self._take(build / "server" / "crisiscoverd")
        self.client = self._take(build / "clients" / "cli" / "crisiscover")
        self.migrations = self._take(TOP / "migrations")
        self.web = self._take(build / "clients" / "web" / "pages")
        self.bank_holidays = self._take(TOP / "server" / "model" / "bank_holidays.csv")
        clock_ahead = build / "tests" / "support" / "libclock_ahead.so"
        self.clock_ahead = self._take(clock_ahead) if clock_ahead.exists() else None  # a release is built without tests
        self.template, self.keys, self.token = None, None, None

    def _take(self, path):
        if not path.exists():
            raise RuntimeError(f"{path} is not there: build first (tests/run builds)")
        target = self.folder / path.name
        if path.is_dir():
            shutil.copytree(path, target)
        else:
            shutil.copy2(path, target)
        run(["chmod", "-R", "a+rX", target], "/", as_user=False)
        return target

    def make_template(self):
        testbed = Testbed(self, migrated=False)
        try:
            testbed.migrate()
            self.token = testbed.issue_token()
            testbed.daemon("address-key")
            testbed.postgres.stop_small()
            template, keys = self.folder / "template", self.folder / "keys"
            run(["cp", "-a", testbed.postgres.data, template], "/", as_user=False)
            run(["cp", "-a", testbed.folder / "state", keys], "/", as_user=False)
            self.template, self.keys = template, keys
        finally:
            testbed.take_down()

    def remove(self):
        remove(self.folder)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.body[:400]!r}>"


def body_of(response):
    """The bytes of an answer. A stream of events has no end to wait for."""
    return b"" if (response.headers["Content-Type"] or "").startswith("text/event-stream") else response.read()


class Listener:
    """Hears every flag on the channel, in a thread."""

    def __init__(self, url, channel):
        self.heard, self._stop = [], threading.Event()
        self._subscription = redis.from_url(url).pubsub(ignore_subscribe_messages=False)
        self._subscription.subscribe(channel)
        wait_until(lambda: (self._subscription.get_message(timeout=1) or {}).get("type") == "subscribe", 10, "Redis took the subscription")
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self):
        while not self._stop.is_set():
            try:
                message = self._subscription.get_message(timeout=0.2)
            except (redis.ConnectionError, ValueError, OSError):
                return
            if message and message["type"] == "message":
                payload = json.loads(message["data"])
                if "kind" in payload:  # a heartbeat has none
                    self.heard.append(payload)

    def of(self, **wanted):
        return [flag for flag in list(self.heard) if all(flag.get(key) == value for key, value in wanted.items())]

    def close(self):
        self._stop.set()
        self._thread.join(5)
        self._subscription.close()


class Testbed:
    """Nothing runs but PostgreSQL and Redis until start() or role()."""

    def __init__(self, release, migrated=True):
        self.release, self.folder = release, new_folder("testbed")
        self.port, self.token, self.processes, self.listeners = free_port(), None, [], []
        self.settings = {}
        self.server = None
        self.clock = {}
        # For the search at the end (leaks.py): what is secret here, which files the test wrote itself, and what it lets a file hold.
        self.known, self.written, self.allowed = leaks.Known(), set(), {}
        self.publisher = Publisher()
        for name in ("postgres", "redis", "state"):
            (self.folder / name).mkdir(mode=0o755)
            give_away(self.folder / name)
        if migrated:
            for key in release.keys.iterdir():
                give_away(shutil.copy2(key, self.folder / "state"))
        self.postgres = Postgres(self.folder / "postgres", release.template if migrated else None).start()
        self.redis = Redis(self.folder / "redis").start()
        if not migrated:
            self._psql("create role crisiscover login createrole")
            self._psql("create database crisiscover owner crisiscover")
        self.config = self.folder / "crisiscoverd.conf"
        self.configure()

    def _psql(self, sql):
        run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.postgres.folder, "-U", "postgres", "-d", "postgres", "-c", sql], "/")

    # -------------------------------------------------------------------------------------------------------- configuration

    def configure_postgres(self, setting, value):
        """From now on, for connections that are open too."""
        connection = psycopg2.connect(self.postgres.conninfo("postgres"))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"alter system set {setting} = '{value}'")
                cursor.execute("select pg_reload_conf()")
        finally:
            connection.close()

    def statements_hold_values(self):
        """A statement that fails is logged, and those of sql() have their values in them; no statement of the roles has."""
        self.allowed["postgres/postgres.log"] = {leaks.NAME, leaks.NUMBER, leaks.TEAM_NUMBER}

    def log_statements(self):
        """PostgreSQL logs each statement with its values: all that its log may be set to hold. Names and numbers are in it then, secrets never."""
        self.statements_hold_values()
        self.configure_postgres("log_parameter_max_length", -1)
        self.configure_postgres("log_parameter_max_length_on_error", -1)
        self.configure_postgres("log_error_verbosity", "default")
        self.configure_postgres("log_statement", "all")

    def configure(self, **settings):
        """Writes the configuration; ${settings} over the defaults of a testbed, None to leave a key out."""
        self.settings.update(settings)
        values = {
            "database": f"host={self.postgres.folder} dbname=crisiscover",
            "redis": self.redis.url,
            "listen_address": "127.0.0.1",
            "listen_port": self.port,
            "api_processes": 1,
            "hung_seconds": 60,  # on a machine that runs other tests too, somebody may wait long for the processor
            "canary_seconds": 0,  # tests count rows of the map, and of flags
            "state_directory": self.folder / "state",
            "web_directory": self.release.web,
            "migrations_directory": self.release.migrations,
            "bank_holidays": self.release.bank_holidays,
            "allow_feeds_from": "127.0.0.1/32",
            **self.settings,
        }
        self.config.write_text("".join(f"{key} = {value}\n" for key, value in values.items() if value is not None))
        self.config.chmod(0o644)

    def move_clock(self, seconds):
        """From the next start on, and of what runs with it at once: the wall clock of our own processes is so far ahead of the database's."""
        assert self.release.clock_ahead, "a build without tests has no clock to move"
        ahead = int(CLOCK.get("CLOCK_AHEAD", 0)) + seconds
        path = self.folder / "clock"
        with open(path, "r+b" if path.exists() else "xb") as file:
            file.write(ahead.to_bytes(8, "little", signed=True))
        self.clock = {"LD_PRELOAD": str(self.release.clock_ahead), "CLOCK_AHEAD_FILE": str(path)}

    @property
    def environment(self):
        # A leak is a fault of its own test, and the unit tests look for it; a killed role always leaks.
        return environment(ASAN_OPTIONS="detect_leaks=0:abort_on_error=0:exitcode=86:verify_asan_link_order=0", UBSAN_OPTIONS="print_stacktrace=1",
                           CRISISCOVER_URL=self.url, REDIS_URL=self.redis.url, **self.clock,
                           **({"CRISISCOVER_TOKEN": self.token} if self.token else {}))

    @property
    def searched(self):
        """The folder whose files are searched for what may not be there (leaks.py)."""
        return self.folder

    def postgres_runs(self):
        return self.postgres.process is not None and self.postgres.process.alive

    def redis_runs(self):
        return self.redis.process is not None and self.redis.process.alive

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def owner(self):
        return self.postgres.conninfo("crisiscover")

    # -------------------------------------------------------------------------------------------------------------- running

    def daemon(self, *arguments, check=True):
        """crisiscoverd with a command that ends."""
        return run([self.release.daemon, *arguments, "--config", self.config], self.folder, self.environment, check=check)

    def migrate(self):
        return self.daemon("migrate", "--owner", self.owner)

    def issue_token(self, account="administrator", role="administrator"):
        return self.daemon("token", account, "--role", role, "--owner", self.owner).stdout.strip()

    def sign_in(self, account, role):
        """A token of an account, from when the running server knows it."""
        token = self.issue_token(account, role)
        wait_until(lambda: self.get("/v1/me", token=token).status == 200, 10, f"the token of {account} was known")
        return token

    def sign_in_person(self, account, role):
        """The same of an account of kind person, which may be the second person where one is wanted."""
        self.issue_token(account, role)
        self.sql("update account set kind = 'person' where name = %s", account)
        return self.sign_in(account, role)

    def _spawn(self, name, *arguments):
        process = Process(name, [self.release.daemon, *arguments, "--config", self.config], self.folder, self.environment)
        self.processes.append(process)
        return process

    def make_address_keys(self):
        """As deploy/up does before it starts the server: feed addresses are sealed with these files, which are made once. Most testbeds have
        those of the template."""
        if not all((self.folder / "state" / name).exists() for name in leaks.ADDRESS_KEYS):
            self.daemon("address-key")

    def role(self, name):
        """One role alone, without the supervisor."""
        self.make_address_keys()
        return self._spawn(f"role-{name}-{len(self.processes)}", "role", name)

    def start(self, region=None):
        """All roles under the supervisor, an administrator's token, and ${region} applied and ready if one is given."""
        self.make_address_keys()
        if self.token is None:
            self.token = self.release.token or self.issue_token()
        self.server = self._spawn(f"serve-{len(self.processes)}", "serve")
        wait_until(self.is_live, 30, "the api answered")
        if region is not None:
            self.apply_first(region)
            self.wait_ready()
        return self

    def stop(self):
        status = self.server.end(signal.SIGTERM)
        self.server = None
        return status

    def is_live(self):
        if self.server is not None and not self.server.alive:
            raise AssertionError("the server ended while starting:\n" + self.server.log.read_text(errors="replace")[-3000:])
        try:
            return self.get("/healthz", token=None).status == 200
        except OSError:
            return False

    def wait_ready(self, seconds=30):
        def ready():
            try:
                return self.get("/readyz", token=None).status == 200
            except OSError:
                return False

        wait_until(ready, seconds, "the region was read, swept and served")

    def pids(self, role=None):
        """The processes of the supervisor, by role: {"api": [123], …}; of one role: [123]."""
        found = {}
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        for pid in children:
            try:
                arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            if len(arguments) > 2 and arguments[1] == "role":
                found.setdefault(arguments[2], []).append(int(pid))
        return found if role is None else found.get(role, [])

    def kill_role(self, role, number=signal.SIGKILL):
        """Kills every process of a role. Answers their pids."""
        killed = wait_until(lambda: self.pids(role), 10, f"there was a {role} to kill")
        for pid in killed:
            os.kill(pid, number)
        return killed

    def wait_role_back(self, role, killed, seconds=10):
        return wait_until(lambda: [pid for pid in self.pids(role) if pid not in killed], seconds, f"{role} was back")

    # --------------------------------------------------------------------------------------------------------------- asking

    def connection(self, seconds=10):
        """One that a test may ask over many times."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)

    def request(self, method, path, body=None, token="own", headers=None, content_type="application/json", seconds=10, over=None):
        """One HTTP request on a connection of its own, or ${over} one that stays. ${token}: "own" (the administrator's), None, or a token."""
        headers = {"Host": f"127.0.0.1:{self.port}", **(headers or {})}
        if token == "own":
            token = self.token
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            body = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
            headers["Content-Type"] = content_type
        self.known.add_body(method, body)
        connection = over or self.connection(seconds)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, body_of(response))
        finally:
            if over is None:
                connection.close()
        self.known.add_body(method, answer.body)
        return answer

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.request("POST", path, body if body is not None else b"", **more)

    def crisiscover(self, *arguments, check=True, stdin=None):
        """The command line client, as its user would run it."""
        if arguments[:1] == ("apply",):
            self.known.add_body("PUT", Path(arguments[1]).read_bytes())
        return run([self.release.client, *arguments], self.folder, self.environment, stdin=stdin, check=check)

    def write(self, name, content):
        """A file in the testbed that every process of it can read. Answers its path."""
        path = self.folder / name
        self.written.add(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(0o644)
        return path

    def apply(self, region, *options, check=True, alone="the scenario goes on"):
        """The region file put in force by the testbed's one administrator, who has no second person for what wants one, and says so."""
        wish = ["--alone", alone] if alone else []
        return self.crisiscover("apply", self.write("region.json", json.dumps(region)), *wish, *options, check=check)

    def apply_first(self, region):
        """As apply(), where nothing was applied before and no calendar lies beside the file: one request, which the client makes after a dry run.
        It is half of the work of a start."""
        path = self.write("region.json", json.dumps(region))
        if any(rota.get("source", {}).get("kind") == "file" for rota in region.get("rotas", ())):
            return self.apply(region)
        origin = hashlib.sha256(os.path.realpath(path).encode()).hexdigest()[:32]  # of clients/cli/apply.c
        wish = urllib.parse.urlencode({"dry_run": 0, "file": origin, "alone": "the scenario goes on"})

        def put():
            answer = self.request("PUT", f"/v1/region?{wish}", path.read_bytes(), headers={"If-Match": "*"}, seconds=60)
            return answer if answer.status not in (404, 503) else None

        answer = wait_until(put, 20, "the server took a region")
        return answer if answer.status == 200 else self.apply(region)

    def now(self, place="ZED01", function="amhp", at=None, **more):
        """The entry of one function in the Now answer; ${at}: at that instant."""
        path = f"/v1/now?place={place}&function={function}"
        answer = self.get(path, **more) if at is None else self.recorded(f"{path}&at={rfc3339(at)}", **more)
        assert answer.status == 200, answer
        return answer.json["functions"][0]

    def recorded(self, path, **more):
        """The answer of a path that asks about an instant that is over, or by a known_at. Known is what was written before the second that
        runs: in the first second of a region nothing is (404), and a second that has not come for the server yet is refused (400)."""
        wait_until(lambda: self.get(path, **more).status not in (400, 404), 10, f"{path} was answered")
        return self.get(path, **more)

    def settled(self, place="ZED01"):
        """A whole second that has come, after all that was written before this call: a known_at to ask by, whatever is written later."""
        second = self.sql("select date_trunc('second', clock_timestamp()) + interval '1 second'")[0][0].astimezone(timezone.utc)
        answer = self.recorded(f"/v1/now?place={place}&at={rfc3339(second)}&known_at={rfc3339(second)}")
        assert answer.status == 200, answer
        return second

    def feed(self, rota):
        return next(feed for feed in self.get("/v1/feeds").json["feeds"] if feed["rota"] == rota)

    def refresh(self, rota):
        answer = self.post(f"/v1/feeds/{rota}/refresh")
        assert answer.status in (200, 202), answer

    def sql(self, query, *values, login="crisiscover"):
        """Rows of one statement, committed."""
        connection = psycopg2.connect(self.postgres.conninfo(login) + " options='-c search_path=crisiscover'")
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def listen(self, channel="crisiscover:flags"):
        listener = Listener(self.redis.url, channel)
        self.listeners.append(listener)
        return listener

    def redis_client(self):
        return redis.from_url(self.redis.url, decode_responses=True)

    # ----------------------------------------------------------------------------------------------------------------- ends

    def logs(self):
        """The logs of every process of the testbed, to be printed with a failure."""
        words = []
        for path in sorted(self.folder.rglob("*.log")):
            text = path.read_text(errors="replace")
            if text.strip():
                words.append(f"--- {path.relative_to(self.folder)}\n{text[-6000:]}")
        return "\n".join(words)

    def events(self, name):
        """How often some process has logged ${name}."""
        return sum(path.read_text(errors="replace").count(f'"event":"{name}"') for path in self.folder.rglob("*.log"))

    def sanitizer_reports(self):
        return [path.name for path in self.folder.rglob("*.log")
                if any(word in path.read_text(errors="replace") for word in ("ERROR: AddressSanitizer", "runtime error:"))]

    def check(self):
        """What holds of every testbed at its end, whatever it was for."""
        reports = self.sanitizer_reports()
        assert not reports, f"a sanitizer spoke in {reports}"
        left = leaks.left_by(self)
        assert not left, "something is where it may not be (leaks.py):\n" + "\n".join(map(str, left))

    def close(self):
        """Takes everything down. Unless something has failed already, what holds of every testbed is checked before."""
        try:
            if sys.exc_info()[0] is None:
                self.check()
        finally:
            self.take_down()

    def take_down(self):
        for listener in self.listeners:
            listener.close()
        for process in self.processes:
            process.kill_session()
        self.publisher.close()
        self.redis.discard()
        self.postgres.discard()
        remove(self.folder)


def browser(zone="Europe/London", language="en-GB"):
    """A headless Chromium with an empty profile, of somebody whose machine is set to ${zone} and ${language}. Ended with quit(). The one without
    windows, menus and a desktop's services shows pages by the same engine for half of the processor."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/lib/chromium/chromium-headless-shell"
    for argument in ("--no-sandbox" if unprivileged() else "--incognito", "--disable-gpu", "--disable-dev-shm-usage",
                     "--no-proxy-server", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                     "--disable-sync", "--window-size=1280,1000", f"--lang={language}"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    locale = language.replace("-", "_") + ".UTF-8"
    own_clock = {name: value for name, value in os.environ.items() if name not in CLOCK}
    service = Service("/usr/bin/chromedriver", env={**own_clock, "TZ": zone, "LANG": locale, "LC_ALL": locale, "LANGUAGE": language})
    return webdriver.Chrome(service=service, options=options)
