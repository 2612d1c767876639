# SPDX-License-Identifier: MIT
"""Private servers for scenarios: a folder each, unix sockets, an unprivileged user, ended by pid whatever happens."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

POSTGRES_BIN = Path("/usr/lib/postgresql/15/bin")
LOG_CONF = Path(__file__).resolve().parents[2] / "deploy" / "postgresql.conf"  # what keeps names and numbers out of its log
PR_SET_PDEATHSIG = 1
IPC_RMID = 0

_libc = ctypes.CDLL(None)


def unprivileged():
    """PostgreSQL refuses to run as root, and our own processes should not either. None: stay who we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("run as root, there must be a user postgres or nobody to step down to")


SLOWNESS_MOST = 10
LEAST_PAUSE, MOST_PAUSE = 0.01, 0.2


def slowness():
    """How many times longer than on an idle machine something may take now: the load for each processor, at least 1. A busy machine
    makes a test slow, not red."""
    return min(SLOWNESS_MOST, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))


def wait_until(fact, seconds=10.0, what=""):
    """Asks ${fact} until it answers something true, and answers that. Never a fixed wait: the fact, or a failure that says what was
    waited for. ${seconds} are those of an idle machine. It asks again after a twentieth of what it has waited: most facts are requests, and
    many tests that ask a hundred times a second slow down what they wait for."""
    began = time.monotonic()
    while True:
        found = fact()
        if found:
            return found
        waited = time.monotonic() - began
        if waited > seconds and waited > seconds * slowness():
            raise AssertionError(f"waited {waited:.0f} s in vain until {what or fact.__name__}; last: {found!r}")
        time.sleep(min(MOST_PAUSE, max(LEAST_PAUSE, waited / 20)))


MEMORY_BYTES = 1 << 30


def root_folder():
    """Where servers keep their data: in memory if there is enough of it, as tests/support/scratch.c."""
    shm = Path("/dev/shm")
    if os.path.ismount(shm) and os.access(shm, os.W_OK | os.X_OK) and shutil.disk_usage(shm).free >= MEMORY_BYTES:
        return shm
    return Path("/tmp")


def new_folder(kind, root=None):
    """Short (the path of a unix socket has 107 bytes), and of the servers' user."""
    folder = Path(tempfile.mkdtemp(prefix=f"cc-{kind}-", dir=root or root_folder()))
    folder.chmod(0o755)
    give_away(folder)
    return folder


def give_away(path):
    user = unprivileged()
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


# By these tests/run moves the clock of everything that it starts.
CLOCK = {name: os.environ[name] for name in ("LD_PRELOAD", "CLOCK_AHEAD", "ASAN_OPTIONS") if name in os.environ}


def environment(**more):
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/", **CLOCK, **more}


def identity():
    """Keyword arguments for subprocess: who to run as."""
    user = unprivileged()
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Process:
    """A process of the test: it has its own log and session, and dies with the test."""

    def __init__(self, name, argv, folder, env=None):
        self.name, self.log = name, folder / f"{name}.log"
        us = os.getpid()

        def tie():
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != us:
                os._exit(126)

        self.log.touch()
        give_away(self.log)
        with open(self.log, "ab") as log:
            self.popen = subprocess.Popen([str(arg) for arg in argv], cwd=folder, env=env or environment(), stdin=subprocess.DEVNULL,
                                          stdout=log, stderr=log, start_new_session=True, preexec_fn=tie, **identity())

    @property
    def pid(self):
        return self.popen.pid

    @property
    def alive(self):
        return self.popen.poll() is None

    def send(self, number):
        if self.alive:
            os.kill(self.pid, number)

    def end(self, number=signal.SIGTERM, seconds=20):
        """Asks it to end; kills it and what it left in its session when it does not. Answers the exit status."""
        self.send(number)
        try:
            return self.popen.wait(seconds * slowness())
        except subprocess.TimeoutExpired:
            self.kill_session()
            raise AssertionError(f"{self.name} did not end within {seconds} s of signal {number}") from None

    def kill_session(self):
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.popen.wait(20)


def run(argv, folder, env=None, stdin=None, check=True, as_user=True):
    """A command that ends. Answers its CompletedProcess, texts decoded."""
    done = subprocess.run([str(arg) for arg in argv], cwd=folder, env=env or environment(), input=stdin, capture_output=True,
                          text=True, timeout=600, **(identity() if as_user else {}))
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, argv))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


class Postgres:
    """A cluster in ${folder}/cluster, listening on a socket in ${folder}. ${template}: a stopped cluster to start from."""

    def __init__(self, folder, template=None):
        self.folder, self.data, self.process = folder, folder / "cluster", None
        if template is not None:
            run(["cp", "-a", "--reflink=auto", template, self.data], folder)
            return
        run([POSTGRES_BIN / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
             "--data-checksums", "--wal-segsize=1", "--no-sync", "--no-instructions"], folder)
        # Memory that is shared between its processes lies in its own folder: a server that is killed would leave it in /dev/shm.
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write("listen_addresses = ''\nshared_buffers = 16MB\nmax_connections = 60\ntimezone = 'UTC'\nlog_timezone = 'UTC'\n"
                       "unix_socket_permissions = 0777\nfsync = off\njit = off\nmin_wal_size = 2MB\n"
                       "dynamic_shared_memory_type = mmap\n" + LOG_CONF.read_text(encoding="utf-8"))

    def start(self):
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self.process = Process("postgres", [POSTGRES_BIN / "postgres", "-D", self.data, "-k", self.folder], self.folder)
        wait_until(self.answers, 60, "PostgreSQL let sessions in")
        return self

    def answers(self):
        if not self.process.alive:
            raise AssertionError("PostgreSQL ended while starting:\n" + self.process.log.read_text(errors="replace")[-2000:])
        # The eighth line of the file says "ready" once sessions are let in. To ask pg_isready would take a process each time.
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].startswith("ready") and int(lines[0]) == self.process.pid

    def stop(self):
        """As an operator would for maintenance: sessions are ended, nothing is lost."""
        if self.process is not None:
            self.process.end(signal.SIGINT, 60)
            self.process = None

    def stop_small(self):
        """Stops it, without what no test needs and every copy would copy."""
        run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "postgres", "-d", "crisiscover"], self.folder, stdin="""
            update pg_database set datistemplate = false where datname in ('template0', 'template1');
            drop database template0;
            drop database template1;
            drop database postgres;
            select pg_switch_wal();
            checkpoint;
            """)
        self.stop()
        # Of the log only what the last checkpoint needs: the rest are old segments that wait to be written over.
        said = run([POSTGRES_BIN / "pg_controldata", self.data], self.folder).stdout
        needed = next(line.split()[-1] for line in said.splitlines() if line.startswith("Latest checkpoint's REDO WAL file:"))
        for segment in (self.data / "pg_wal").iterdir():
            if segment.is_file() and segment.name != needed:
                segment.unlink()

    def crash(self):
        """Every process of it at once, as a power cut would."""
        self.process.kill_session()
        self._remove_memory()
        wait_until(lambda: not self._sessions(), 20, "the sessions of a crashed PostgreSQL were gone")
        self.process = None

    def _sessions(self):
        found = []
        for entry in os.scandir("/proc"):
            if entry.name.isdigit():
                try:
                    cwd = os.readlink(f"/proc/{entry.name}/cwd")
                except OSError:
                    continue
                if cwd.startswith(str(self.data)):
                    found.append(int(entry.name))
        return found

    def discard(self):
        if self.process is not None:
            self.process.kill_session()
            self._remove_memory()

    def _remove_memory(self):
        """A killed server leaves a segment of System V memory, of which a machine has 4,096: its id is in the seventh line of the file. It goes
        when the last session has gone."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return
        if len(lines) > 6 and len(lines[6].split()) == 2:
            _libc.shmctl(int(lines[6].split()[1]), IPC_RMID, None)

    def conninfo(self, login):
        return f"host={self.folder} dbname=crisiscover user={login}"


class Redis:
    def __init__(self, folder):
        self.folder, self.socket, self.process = folder, folder / "redis.sock", None

    @property
    def url(self):
        return f"unix://{self.socket}"

    def start(self):
        self.socket.unlink(missing_ok=True)
        self.process = Process("redis", ["/usr/bin/redis-server", "--port", "0", "--unixsocket", self.socket, "--unixsocketperm",
                                         "777", "--dir", self.folder, "--save", "", "--appendonly", "no", "--databases", "1"],
                               self.folder)
        wait_until(self.answers, 30, "Redis answered")
        return self

    def answers(self):
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(5)
                probe.connect(str(self.socket))
                probe.sendall(b"PING\r\n")
                return probe.recv(16) == b"+PONG\r\n"
        except OSError:
            return False

    def stop(self):
        if self.process is not None:
            self.process.end(signal.SIGTERM, 20)
            self.process = None

    def discard(self):
        if self.process is not None:
            self.process.kill_session()


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)
