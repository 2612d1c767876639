# SPDX-License-Identifier: MIT
"""Every role has a system user of its own: with real users, which are made for these tests and removed, over the servers as deploy/ starts them."""

import grp
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import traceback
import types
from pathlib import Path

import pytest

import leaks
import testbed
from feeds import Publisher
from regions import calendar, round_the_clock, small
from servers import environment, new_folder, remove, run, wait_until
from testbed import ROLES, TOP, free_port

SETUID_SETGID_KILL = 1 << 7 | 1 << 6 | 1 << 5
DATABASE_ROLES = ("api", "feeds", "coverage", "flags", "notify")
SERVERS = ("postgres", "redis", "web")
HUNG_SECONDS = 5

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="system users are made and become by root alone: run as root to test them")


class Servers(testbed.Testbed):
    """The servers of a data directory as deploy/up makes them, with users of another name than a real one's."""

    def __init__(self, release, name="cct"):
        self.release, self.folder, self.prefix = release, new_folder("users", "/tmp"), f"{name}{os.getpid()}"
        self.port, self.token, self.processes, self.listeners, self.clock, self.publisher = free_port(), None, [], [], {}, Publisher()
        self.known, self.written, self.allowed = leaks.Known(), set(), {}
        self.data = self.folder / "data"
        shutil.copytree(TOP / "deploy", self.folder / "deploy")
        (self.folder / "bin").mkdir()
        shutil.copy2(release.daemon, self.folder / "bin" / "crisiscoverd")
        run(["chmod", "-R", "a+rX", self.folder], "/", as_user=False)

    def script(self, text, check=True):
        """Runs some bash in which the data directory is open."""
        begin = (f'set -euo pipefail\ntop={self.folder} port={self.port}\n. "$top/deploy/lib.sh"\n. "$top/deploy/servers.sh"\n'
                 f'user_prefix={self.prefix} users_home={self.folder}/users-home\nexec 9>"$top/up.lock"\n')
        return run(["bash", "-c", begin + text], self.folder, environment(), as_user=False, check=check)

    def opened(self, text, check=True):
        return self.script('open_data "$top/data" >/dev/null\n' + text, check)

    def write_config(self, users):
        values = {"database": f"host={self.data}/sockets dbname=crisiscover", "redis": f"redis://publisher:@127.0.0.1:{self.redis_port}",
                  "redis_password": self.data / "redis-publisher.secret", "listen_port": self.port, "api_processes": 2,
                  "hung_seconds": HUNG_SECONDS, "role_users": users, "state_directory": self.data / "state", "web_directory": self.release.web,
                  "migrations_directory": self.release.migrations, "bank_holidays": self.release.bank_holidays,
                  "allow_feeds_from": "127.0.0.1/32"}
        self.config = self.data / "crisiscoverd.conf"
        self.config.write_text("".join(f"{key} = {value}\n" for key, value in values.items()))
        self.config.chmod(0o644)

    def up(self):
        self.opened('postgres_up; redis_settings "$port"; redis_up')
        self.redis_port = (self.data / "redis.port").read_text().strip()
        self.redis = types.SimpleNamespace(url=f"redis://127.0.0.1:{self.redis_port}")
        self.write_config(self.prefix)
        self.as_postgres("migrate", "--owner", self.owner)
        self.opened("divide_state")
        self.own("address-key")
        self.token = self.as_postgres("token", "administrator", "--role", "administrator", "--owner", self.owner).stdout.strip()
        self.serve()

    @property
    def owner(self):
        return f"host={self.data}/sockets dbname=crisiscover user=crisiscover"

    def serve(self):
        # Its address sanitizer is not to look for leaks of what is killed.
        self.opened(f'spawn crisiscoverd env ASAN_OPTIONS=detect_leaks=0:abort_on_error=0:exitcode=86:verify_asan_link_order=0 "$top/bin/crisiscoverd" serve --config "$data/crisiscoverd.conf"')
        wait_until(self.is_live, 60, "the api answered")

    @property
    def server(self):
        return self  # of which Testbed wants the number

    @property
    def pid(self):
        return self.server_pid("crisiscoverd")

    @property
    def alive(self):
        return True

    def own(self, *arguments, check=True, user=None, config=True):
        """crisiscoverd, as root or as ${user}, without any capability."""
        who = {} if user is None else {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": os.getgrouplist(user, pwd.getpwnam(user).pw_gid)}
        done = subprocess.run([str(self.folder / "bin" / "crisiscoverd"), *map(str, arguments), *(["--config", str(self.config)] if config else [])],
                              cwd="/", env=environment(ASAN_OPTIONS="detect_leaks=0:verify_asan_link_order=0"), capture_output=True, text=True, check=False, timeout=300, **who)
        assert not check or done.returncode == 0, done
        return done

    def as_postgres(self, *arguments):
        return self.own(*arguments, user=self.user("postgres").pw_name)

    def user(self, role):
        """Of a role, of a server, or of the supervisor."""
        return pwd.getpwnam(self.prefix if role == "supervisor" else f"{self.prefix}-{role}")

    def server_pid(self, name):
        return int((self.data / "run" / f"{name}.pid").read_text())

    def may(self, role, code, *arguments):
        """Of ${arguments} those with which the user of ${role} can do that: a line of Python over the variable `it`."""
        user = self.user(role)
        loop = f"import os, socket, sys, psycopg2\nfor it in sys.argv[1:]:\n    try:\n        {code}\n    except (OSError, psycopg2.OperationalError):\n" \
               "        continue\n    print(it)\n"
        done = subprocess.run([sys.executable, "-c", loop, *map(str, arguments)], cwd="/", capture_output=True, text=True, check=False, env=environment(),
                              user=user.pw_uid, group=user.pw_gid, extra_groups=os.getgrouplist(user.pw_name, user.pw_gid))
        assert done.returncode == 0, done
        return set(done.stdout.split())

    def all_run(self):
        found = self.pids()
        return found if set(found) == set(ROLES) and len(found["api"]) == 2 else None

    @property
    def searched(self):
        return self.data

    def postgres_runs(self):
        return (self.data / "run" / "postgres.pid").exists()

    def redis_runs(self):
        return False  # its password is its owner's; the other testbeds search theirs

    def take_down(self):
        self.publisher.close()
        try:
            self.script('if find_data "$top/data"; then servers_down; rm -rf -- "$data"; forget_data; fi')
        finally:
            remove(self.folder)

    def logs(self):
        return "\n".join(f"--- {path}\n{path.read_text(errors='replace')[-6000:]}" for path in sorted((self.data / "log").glob("*.log")))


@pytest.fixture(scope="module")
def running(release):
    made = Servers(release)
    try:
        made.up()
        wait_until(made.all_run, 30, "every role ran")
        yield made
    except BaseException:
        print(made.logs())
        raise
    finally:
        made.close()
    with pytest.raises(KeyError):
        pwd.getpwnam(made.prefix)


@pytest.fixture
def servers(running):
    """Whatever a test before has ended is back."""
    wait_until(running.all_run, 60, "every role ran")
    yield running


def status(pid):
    """/proc/PID/status as a dictionary."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return {name: value.split() for name, _, value in (line.partition(":") for line in lines)}


def is_gone(pid):
    try:
        return status(pid)["State"][0] == "Z"
    except FileNotFoundError:
        return True


def check_users(servers):
    for role, pids in servers.all_run().items():
        user = servers.user(role)
        for pid in pids:
            seen = status(pid)
            assert set(seen["Uid"]) == {str(user.pw_uid)} and set(seen["Gid"]) == {str(user.pw_gid)}, (role, seen)
            assert sorted(map(int, seen["Groups"])) == sorted(os.getgrouplist(user.pw_name, user.pw_gid)), (role, seen)
            assert {int(seen[kind][0], 16) for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}, (role, seen)
            assert seen["NoNewPrivs"] == ["1"], role


@pytest.mark.holds("A15")
def test_g11_each_role_is_its_own_user_and_nothing_more(servers):
    check_users(servers)
    assert len({servers.user(role).pw_uid for role in ROLES} | {0, pwd.getpwnam(servers.prefix).pw_uid}) == len(ROLES) + 2
    seen = status(servers.pid)
    assert set(seen["Uid"]) == {str(pwd.getpwnam(servers.prefix).pw_uid)}, "the supervisor is no root"
    assert {kind: int(seen[kind][0], 16) for kind in ("CapPrm", "CapEff", "CapBnd", "CapAmb")} == {
        kind: SETUID_SETGID_KILL for kind in ("CapPrm", "CapEff", "CapBnd", "CapAmb")}
    assert seen["NoNewPrivs"] == ["1"]
    assert seen["Seccomp"] == ["2"] and seen["Seccomp_filters"] == ["1"], "whom it may become is limited"


def test_g25_each_role_is_confined_to_its_folders_where_the_kernel_can(servers):
    """What that means is in tests/unit/server/base/test_confine.c. The reader and the process for passwords are confined once more, when they have
    read what they want."""
    def roles_of(event):
        lines = (servers.data / "log" / "crisiscoverd.log").read_text().splitlines()
        return [line["role"] for line in map(json.loads, filter(lambda line: line.startswith("{") and line.endswith("}"), lines)) if line["event"] == event]

    if set(roles_of("files_not_confined")) == set(ROLES):
        pytest.skip("this kernel has no Landlock")
    for role in ROLES:
        times = 2 if role in ("reader", "passwords") else 1
        wait_until(lambda role=role, times=times: roles_of("files_confined").count(role) >= times, 20, f"{role} was confined")


@pytest.mark.holds("A15")
def test_g12_a_role_reads_its_own_files_and_no_others(servers):
    wait_until(lambda: (servers.data / "state" / "api" / "keeper.lock").exists(), 20, "the api had its files")
    figures = servers.data / "state" / "figures"
    wait_until(lambda: len(list(figures.iterdir())) == len(ROLES) + 2, 20, "each process had filed its figures")
    files = [path for path in servers.data.rglob("*") if path.is_file() and path.parent not in (servers.data, figures)]
    own = {path: path.relative_to(servers.data / "state").parts[0] for path in files if (servers.data / "state") in path.parents}
    files += [servers.data / name for name in ("redis.secret", "redis-subscriber.secret", "redis-publisher.secret")]
    own[servers.data / "redis-publisher.secret"] = "flags"
    assert {"api", "feeds"} <= set(own.values()) and len(files) > 20
    folders = {path.parent for path in files} | {servers.data}
    for role in ROLES:
        # Files that are written beside another, and renamed, come and go.
        read = servers.may(role, "open(it, 'rb')", *files)
        assert {path for path in own if own[path] == role and path.exists()} <= {Path(path) for path in read} <= {path for path in own if own[path] == role}, role
        # Nor does it leave any where another would look.
        # What operators read is read by all, and each writes its own.
        shown = [str(path) for path in figures.iterdir()]
        assert servers.may(role, "open(it, 'rb')", *shown) == set(shown), role
        assert {Path(path).name.partition("-")[0] for path in servers.may(role, "open(it, 'r+b')", *shown)} == {role}, role
        assert servers.may(role, "os.unlink(it)", *(path for path in shown if Path(path).name.partition("-")[0] != role)) == set(), role
        writable = servers.may(role, "os.open(it, os.O_TMPFILE | os.O_WRONLY)", *folders)
        assert writable <= {str(path) for path in folders if path.is_relative_to(servers.data / "state" / role)}, role


@pytest.mark.holds("A15")
def test_g13_a_role_has_its_own_login_and_none_is_owner_or_superuser(servers):
    logins = ["postgres", "crisiscover", *(f"crisiscover_{role}" for role in DATABASE_ROLES)]
    for role in ROLES:
        allowed = servers.may(role, f"psycopg2.connect(f'host={servers.data}/sockets dbname=crisiscover user={{it}}')", *logins)
        assert allowed == ({f"crisiscover_{role}"} if role in DATABASE_ROLES else set()), role
    rows = servers.opened('owner_psql postgres -d crisiscover -c "select r.rolname, r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolbypassrls '
                          'or exists (select from pg_class c where c.relowner = r.oid) or exists (select from pg_auth_members m where m.member = r.oid) '
                          "from pg_roles r where r.rolname ~ '^crisiscover_'\"").stdout
    assert dict(line.split("|") for line in rows.split()) == {f"crisiscover_{login}": "f" for login in (*DATABASE_ROLES, "report")}


def files_of(servers, name):
    """What the user of a server has: its folder, and of each log and number its own."""
    folders, names = {"postgres": (("postgres", "sockets"), "postgres*"), "redis": (("redis",), "redis*"), "web": (("web",), "nginx*"), "supervisor": (("state",), "crisiscoverd*")}[name]
    found = [path for folder in folders for path in (servers.data / folder).rglob("*") if path.is_file() and path.owner() == servers.user(name).pw_name]
    return {path for path in [*found, *(servers.data / "log").glob(names), *(servers.data / "run").glob(names)] if path.is_file()}


@pytest.mark.holds("A15")
def test_g27_postgresql_redis_and_the_supervisor_are_three_users_and_reach_no_file_of_each_other(servers):
    assert len({servers.user(name).pw_uid for name in (*SERVERS, *ROLES, "supervisor")}) == len(SERVERS) + len(ROLES) + 1
    for name in ("postgres", "redis"):
        seen = status(servers.server_pid(name))
        assert set(seen["Uid"]) == {str(servers.user(name).pw_uid)} and {int(seen[kind][0], 16) for kind in ("CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}, seen
        assert seen["NoNewPrivs"] == ["1"], name
    figures = servers.data / "state" / "figures"
    files = [path for path in servers.data.rglob("*") if path.is_file() and path.parent not in (servers.data, figures)]
    files += [servers.data / name for name in ("redis.secret", "redis-subscriber.secret", "redis-publisher.secret")]
    folders = {path.parent for path in files} | {servers.data, *(servers.data / name for name in ("log", "run", "sockets", "state", "web"))}
    for name in ("supervisor", *SERVERS):
        own = files_of(servers, name)
        assert own or name == "web", "it has files"
        read = {Path(path) for path in servers.may(name, "open(it, 'rb')", *files)}
        # Files that are written beside another, and renamed, come and go.
        assert {path for path in own if path.exists() and path in files} <= read <= own | files_of(servers, name), name
        mine = {"postgres": ("postgres", "sockets"), "supervisor": ("state",)}.get(name, (name,))
        # In the folder of figures the supervisor files its own.
        writable = servers.may(name, "os.open(it, os.O_TMPFILE | os.O_WRONLY)", *folders)
        assert all(any(Path(path).is_relative_to(servers.data / one) for one in mine) for path in writable), (name, writable)
        assert not any(Path(path).is_relative_to(servers.data / "state" / role) for path in writable for role in ROLES), name


@pytest.mark.holds("A15")
def test_g28_of_the_servers_users_none_but_postgresqls_is_let_into_the_database(servers):
    logins = ["postgres", "crisiscover", *(f"crisiscover_{role}" for role in DATABASE_ROLES)]
    for name, allowed in {"supervisor": set(), "redis": set(), "web": set(), "postgres": {"postgres", "crisiscover"}}.items():
        assert servers.may(name, f"psycopg2.connect(f'host={servers.data}/sockets dbname=crisiscover user={{it}}')", *logins) == allowed, name


def test_g14_feeds_alone_reach_the_reader_and_the_api_the_passwords(servers):
    reader, passwords = (str(servers.data / "state" / role / f"{role}.sock") for role in ("reader", "passwords"))
    reached = {role: servers.may(role, "socket.socket(socket.AF_UNIX).connect(it)", reader, passwords) for role in ROLES}
    assert reached == {"feeds": {reader}, "reader": {reader}, "api": {passwords}, "passwords": {passwords}, "coverage": set(), "flags": set(), "notify": set()}
    servers.publisher.publish("amhp", calendar(round_the_clock()))
    servers.apply(small(servers.publisher))
    wait_until(lambda: servers.opened('owner_psql crisiscover -d crisiscover -c "select count(*) from crisiscover.reading"').stdout.strip() > "0", 40,
               "a calendar was fetched, read and stored")
    assert servers.post("/v1/session", {"name": "nobody", "password": "something else entirely"}, token=None, seconds=60).status == 401


def test_g15_processes_of_other_users_are_replaced_ended_and_do_not_outlive_the_supervisor(servers):
    before = servers.all_run()
    os.kill(servers.pid, signal.SIGHUP)
    wait_until(lambda: (now := servers.all_run()) and not any(set(now[role]) & set(before[role]) for role in ROLES), 90, "all had been replaced")
    check_users(servers)
    assert status(servers.pid)["Seccomp_filters"] == ["1"], "it has executed itself, and is limited once"
    # One dies, one hangs.
    flags, coverage = servers.pids("flags")[0], servers.pids("coverage")[0]
    os.kill(flags, signal.SIGKILL)
    os.kill(coverage, signal.SIGSTOP)
    wait_until(lambda: (now := servers.all_run()) and flags not in now["flags"] and coverage not in now["coverage"], 60, "others had their places")
    check_users(servers)
    pids = [pid for numbers in servers.all_run().values() for pid in numbers]
    os.kill(servers.pid, signal.SIGKILL)
    wait_until(lambda: all(is_gone(pid) for pid in pids), 20, "no role outlived the supervisor")
    servers.serve()


def test_g16_it_does_not_start_with_more_or_less_than_it_needs(servers):
    done = servers.own("serve", check=False)
    assert done.returncode == 1 and "it runs as root" in done.stderr and "CAP_SETUID" in done.stderr, done
    done = servers.own("serve", "--dry-run", check=False, user=servers.prefix)
    assert done.returncode == 1 and "it lacks CAP_SETUID" in done.stderr, done
    keep = ["setpriv", f"--reuid={servers.prefix}", f"--regid={servers.prefix}", "--clear-groups",
            *(f"--{kind}-caps=-all,+setuid,+setgid,+kill" for kind in ("inh", "ambient")), str(servers.folder / "bin" / "crisiscoverd")]
    for users, words in ((servers.prefix, ""), ("cct-none", "the user cct-none-reader of the setting role_users will not do: there is no such user")):
        done = run([*keep, "serve", "--dry-run", "--config", servers.config, "--set", f"role_users={users}"], "/",
                   environment(ASAN_OPTIONS="detect_leaks=0:verify_asan_link_order=0"), as_user=False, check=False)
        assert (done.returncode == 0) == (words == "") and words in done.stderr, done
    for user in (None, f"{servers.prefix}-flags"):
        done = servers.own("role", "api", check=False, user=user)
        assert done.returncode != 0 and f"is to run as the user {servers.prefix}-api" in done.stderr, done


UNITS = TOP / "deploy" / "systemd"


def unit_of(role):
    return UNITS / (f"crisiscover-{role}@.service" if role == "api" else f"crisiscover-{role}.service")


class AsSystemd:
    """Starts a role by the command of its unit, as the unit's user, with the sockets and variables that systemd gives it, and hears what it says.
    What the unit closes it in by is not there: only systemd itself can do that."""

    def __init__(self, servers, role, listening):
        self.servers, self.role, self.path = servers, role, servers.folder / f"notify-{role}"
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(self.path))
        self.path.chmod(0o666)
        self.heard, self.log = [], open(servers.data / "log" / f"unit-{role}.log", "ab")
        limit = next(line.partition("=")[2] for line in unit_of(role).read_text().splitlines() if line.startswith("WatchdogSec="))
        user = servers.user(role)

        def become():
            for at, one in enumerate(listening):
                os.dup2(one.fileno(), 3 + at)  # inherited
            os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(listening)), NOTIFY_SOCKET=str(self.path),
                              WATCHDOG_USEC=f"{int(limit)}000000", ASAN_OPTIONS="detect_leaks=0:abort_on_error=0:exitcode=86:verify_asan_link_order=0")
            os.initgroups(user.pw_name, user.pw_gid)
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            os.execv(self.argv()[0], self.argv())

        pid = os.fork()
        if pid == 0:
            try:
                os.dup2(self.log.fileno(), 1)
                os.dup2(self.log.fileno(), 2)
                become()
            except BaseException:  # this is not the test: it is to end here
                traceback.print_exc()
            finally:
                os._exit(126)
        self.pid = pid

    def argv(self):
        line = next(line.partition("=")[2] for line in unit_of(self.role).read_text().splitlines() if line.startswith("ExecStart="))
        line = line.replace("/usr/bin/crisiscoverd", str(self.servers.folder / "bin" / "crisiscoverd")).replace("%i", "0")
        line = line.replace("/etc/crisiscover/crisiscoverd.conf", str(self.servers.config)).replace("%d", str(self.servers.folder / f"credentials-{self.role}"))
        return line.replace("$CRISISCOVER_OPTIONS", "").split()

    def says(self, text):
        assert os.waitpid(self.pid, os.WNOHANG) == (0, 0), f"{self.role} ended"
        while True:
            try:
                self.heard.append(self.notify.recv(4096, socket.MSG_DONTWAIT).decode())
            except BlockingIOError:
                return text in self.heard

    def end(self):
        self.notify.close()
        try:
            for number in (signal.SIGCONT, signal.SIGTERM):
                os.kill(self.pid, number)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass  # it has ended by itself, and was waited for


def give_credentials(servers):
    """As LoadCredential does: a folder for each unit, of its user."""
    for role, name, source in (("api", "address.seal", "state/api/address.seal"), ("feeds", "address.open", "state/feeds/address.open"),
                               ("flags", "redis.password", "redis-publisher.secret")):
        assert f"LoadCredential={name}:" in unit_of(role).read_text()
        folder = servers.folder / f"credentials-{role}"
        folder.mkdir(mode=0o700)
        shutil.copyfile(servers.data / source, folder / name)
        (folder / name).chmod(0o400)
        for path in (folder, folder / name):
            os.chown(path, servers.user(role).pw_uid, servers.user(role).pw_gid)


def test_g19_each_role_runs_by_its_unit_and_says_that_it_lives(servers):
    servers.opened("end crisiscoverd TERM 30")
    give_credentials(servers)
    sockets = [socket.create_server(("127.0.0.1", servers.port), reuse_port=True) for _ in range(2)]
    units = {}
    try:
        for role in ROLES:
            units[role] = AsSystemd(servers, role, sockets if role == "api" else [])
        for role, unit in units.items():
            wait_until(lambda unit=unit: unit.says("READY=1"), 60, f"{role} was ready")
            wait_until(lambda unit=unit: unit.says("WATCHDOG=1"), 30, f"{role} said that it lives")
            assert set(status(unit.pid)["Uid"]) == {str(servers.user(role).pw_uid)}, role
        for _ in range(20):  # the kernel spreads them over both sockets
            assert servers.get("/healthz", token=None).status == 200
        # What was asked while nobody accepts is answered by the process that comes.
        units.pop("api").end()
        (servers.folder / "notify-api").unlink()
        waiting = servers.connection(60)
        waiting.request("GET", "/healthz")
        units["api"] = AsSystemd(servers, "api", sockets)
        assert waiting.getresponse().status == 200
        # One that is stopped says nothing, which is how systemd finds it.
        os.kill(units["flags"].pid, signal.SIGSTOP)
        units["flags"].says("")
        units["flags"].heard.clear()
        heard = len(units["coverage"].heard)
        wait_until(lambda: units["coverage"].says("") or len(units["coverage"].heard) > heard + 2, 60, "another went on saying that it lives")
        assert not units["flags"].says("WATCHDOG=1")
    finally:
        for unit in units.values():
            unit.end()
        for one in sockets:
            one.close()
        servers.serve()


def test_g24_the_units_close_their_roles_in():
    """By systemd's own measure, 0 to 10: what a process may that it does not need. One that closes nothing in has 9.6."""
    for role in ROLES:
        done = run(["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", unit_of(role)], "/", as_user=False, check=False)
        level = float(re.search(r"exposure level for .*: ([0-9.]+)", done.stdout).group(1))
        assert done.returncode == 0 and level <= 1.5, (role, level)
        text = unit_of(role).read_text()
        assert f"User=crisiscover-{role}\n" in text and "WatchdogSec=20\n" in text and "LimitCORE=0\n" in text and "CapabilityBoundingSet=\n" in text, role
    done = run(["systemd-sysusers", "--dry-run", UNITS / "crisiscover.sysusers"], "/", as_user=False)
    assert "not a valid" not in done.stderr, done.stderr
    wanted = {line.split()[1] for line in (UNITS / "crisiscover.sysusers").read_text().splitlines() if line.startswith("u ")}
    assert wanted == {f"crisiscover-{role}" for role in ROLES}


def test_g17_a_data_directory_of_one_user_is_divided_and_nothing_is_lost(servers):
    """As an earlier version has left it: everything in one folder, of the user who ran all roles."""
    servers.opened("end crisiscoverd TERM 30")
    state = servers.data / "state"
    kept = {path.name: path.read_bytes() for role in ("api", "feeds") for path in (state / role).iterdir() if path.is_file()}
    assert {"address.open", "address.seal"} <= set(kept)
    shutil.rmtree(state / "figures")
    for role in ("api", "feeds", "reader", "passwords"):
        for path in (state / role).iterdir():
            path.rename(state / path.name)
        (state / role).rmdir()
    # Without the password of Redis, whose file was the one user's, the flags role would end and be started again and again.
    run(["chown", "-R", f"{servers.prefix}:{servers.prefix}", state, servers.data / "redis-publisher.secret"], "/", as_user=False)
    servers.write_config("")
    servers.serve()
    supervisor = servers.pid
    roles = wait_until(lambda: (servers.data / "state" / "reader.sock").exists() and servers.all_run(), 20, "the roles of one user ran")
    for pid in (pid for pids in roles.values() for pid in pids):
        assert {int(status(pid)[kind][0], 16) for kind in ("CapPrm", "CapEff", "CapAmb")} == {0}, "the supervisor's rights are its own"
    servers.write_config(servers.prefix)
    done = servers.opened('redis_settings "$port"\ndivide_state')
    assert "the server is stopped" in done.stdout and is_gone(supervisor), done
    servers.serve()
    wait_until(servers.all_run, 60, "every role ran")
    check_users(servers)
    assert {path.name for path in state.iterdir()} == {"serve.lock", "api", "feeds", "reader", "passwords", "figures"}
    for name in ("address.open", "address.seal", "session.key"):
        if name in kept:
            folder = "feeds" if name == "address.open" else "api"
            found = state / folder / name
            assert found.read_bytes() == kept[name] and found.stat().st_uid == servers.user(folder).pw_uid, name
    assert "divide" not in servers.opened("divide_state").stdout, "another time it does nothing"
    assert not is_gone(servers.pid)


def test_g29_servers_of_one_user_get_users_of_their_own_and_nothing_is_lost(servers):
    """As an earlier version has left it: PostgreSQL, Redis and the supervisor were one user, who had all their folders."""
    servers.opened('owner_psql crisiscover -d crisiscover -c "create table kept as select 1 as one"\nend redis TERM 30; end postgres INT 60')
    for folder in ("postgres", "redis", "web", "sockets", "log", "run"):
        run(["chown", "-Rh", f"{servers.prefix}:{servers.prefix}", servers.data / folder], "/", as_user=False)
        (servers.data / folder).chmod(0o711 if folder == "sockets" else 0o700)
    servers.script('find_data "$top/data"\npostgres_up; redis_settings "$port"; redis_up')
    before = [servers.server_pid(name) for name in ("postgres", "redis")]
    assert {status(pid)["Uid"][0] for pid in before} == {str(servers.user("supervisor").pw_uid)}
    supervisor = servers.pid
    done = servers.opened('divide_servers; postgres_up; redis_settings "$port"; redis_up; owner_psql crisiscover -d crisiscover -c "select one from kept" -c "drop table kept"')
    assert done.stdout.count("gets a system user of its own") == 3 and done.stdout.splitlines()[-1] == "1", done
    for name, pid in zip(("postgres", "redis"), before):
        assert is_gone(pid) and set(status(servers.server_pid(name))["Uid"]) == {str(servers.user(name).pw_uid)}, name
    assert servers.pid == supervisor and not is_gone(supervisor), "lookups went on"
    assert "gets a system user" not in servers.opened("divide_servers").stdout, "another time it does nothing"
    wait_until(lambda: servers.get("/readyz").json["wrong"] == [] or None, 60, "all had found their servers again")


def test_g18_the_users_go_with_the_last_data_directory_and_only_those_that_were_made(tmp_path):
    prefix, home = f"ccu{os.getpid()}", tmp_path / "home"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".crisiscover").touch()
    run(["useradd", "--system", f"{prefix}-flags"], "/", as_user=False)

    def script(text):
        begin = f'set -euo pipefail\ntop={TOP} user_prefix={prefix}\n. "$top/deploy/lib.sh"\n. "$top/deploy/servers.sh"\nuser_prefix={prefix} users_home={home}\n'
        return run(["bash", "-c", begin + text], "/", environment(), as_user=False)

    def users():
        return {user.pw_name.removeprefix(prefix) for user in pwd.getpwall() if user.pw_name.startswith(prefix)}

    try:
        for name in ("one", "two", "one"):
            script(f"choose_user; data={tmp_path}/{name}; note_data")
        assert users() == {"", *(f"-{name}" for name in (*ROLES, *SERVERS))}
        shutil.rmtree(tmp_path / "one")
        script(f"run_user={prefix} role_users={prefix} data={tmp_path}/one; forget_data")
        assert users() == {"", *(f"-{name}" for name in (*ROLES, *SERVERS))}, "the other data directory wants them"
        shutil.rmtree(tmp_path / "two")
        script(f"run_user={prefix} role_users={prefix} data={tmp_path}/two; forget_data")
        assert users() == {"-flags"} and not home.exists(), "that one was there before"
        with pytest.raises(KeyError):
            grp.getgrnam(f"{prefix}-figures")
    finally:
        for name in users():
            run(["userdel", prefix + name], "/", as_user=False, check=False)
