# SPDX-License-Identifier: MIT
"""A copy of the tree, built apart, in which one fault after another is planted and searched for."""

import fcntl
import json
import os
import re
import resource
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from mutation.places import bodies_in_force, function_at

SECONDS = 300
PROCESSOR_SECONDS = 12  # no process of a test takes as much, unless a fault keeps it from ending; with the sanitizers, four times that


def processor_seconds():
    """The processor time of the children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Broken(Exception):
    """The tree without a fault does not do what it must."""


def roomy():
    """The best folder for a cluster of PostgreSQL that tests copy: in memory, if there is enough of it."""
    memory = "/dev/shm"
    return memory if os.path.ismount(memory) and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30 else "/tmp"


def named_after(test, stem):
    """How far the name of ${test} is from ${stem}, a file's: 0, the same; 1, its first word; 2, another."""
    if stem is None or test.endswith(("_naive", "_random", "_bombs", "_seeds")):
        return 2
    return 0 if test.endswith(f"test_{stem}") else 1 if f"test_{stem.split('_')[0]}" in test else 2


class Trial:
    def __init__(self, top, folder, sanitize, no_server=False):
        self.top, self.tree, self.build = top, folder / "tree", folder / ("build-sanitized" if sanitize else "build")
        self.sanitize, self.no_server = sanitize, no_server
        corpus = top.parent / "shared" / "corpus"  # which the tests look for beside the repository
        self.corpus = {"CRISISCOVER_CORPUS": str(corpus)} if corpus.is_dir() else {}
        self.ready = set()  # tests that were built without a fault
        self.sound = {}  # of each test, whether it passes without a fault
        self.linked = {}  # of each test, the names of the sources that are in its program
        self.seconds, self.kills = {}, Counter()  # of each test, what it takes of the processor when it passes, and how many faults it saw
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = open(folder / "lock", "w", encoding="ascii")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Broken(f"another run uses {folder}: name another with --folder") from None
        self._copy()
        self._configure()
        self.clusters = tempfile.TemporaryDirectory(prefix="crisiscover-clusters-", dir=roomy())
        if os.getuid() == 0:
            shutil.chown(self.clusters.name, "postgres")

    def _copy(self):
        """Only what has changed is written, so that the build stays incremental from run to run."""
        listed = subprocess.run(["git", "-C", self.top, "ls-files", "--cached", "--others", "--exclude-standard"], capture_output=True,
                                text=True, check=True).stdout.split("\n")
        wanted = {name for name in listed if name and (self.top / name).is_file()}
        for path in [path for path in self.tree.rglob("*") if path.is_file() and str(path.relative_to(self.tree)) not in wanted]:
            path.unlink()
        for name in wanted:
            target = self.tree / name
            if not target.is_file() or target.read_bytes() != (self.top / name).read_bytes():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self.top / name, target)
                os.utime(target)

    def _run(self, argv, seconds=None, **more):
        return subprocess.run([str(word) for word in argv], capture_output=True, text=True, errors="replace", timeout=seconds, check=False,
                              stdin=subprocess.DEVNULL, **more)

    def _configure(self):
        # Every fault is linked into one test after another: what makes that slow is what a debugger would read, and the linker.
        quick = ["-DCMAKE_C_FLAGS_DEBUG=-O0", *(["-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld"] if shutil.which("ld.lld") else [])]
        done = self._run(["cmake", "-S", self.tree, "-B", self.build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                          f"-DCRISISCOVER_SANITIZE={'ON' if self.sanitize else 'OFF'}", *quick])
        if done.returncode != 0:
            raise Broken(done.stderr[-2000:])
        # ctest itself does not show the command of a test that is not built yet.
        self.tests = {}
        for path in self.build.rglob("CTestTestfile.cmake"):
            text = path.read_text()
            for name, command in re.findall(r"^add_test\(\[=\[(\w+)\]=\] (.*)\)$", text, re.M):
                label = re.search(rf'set_tests_properties\(\[=\[{name}\]=\] PROPERTIES.* LABELS "([^"]*)"', text)
                if re.match(r"unit_|fuzz_|simulation", name):
                    self.tests[name] = re.findall(r'"([^"]*)"', command), label[1].split(";") if label else []
        self.commands = {entry["file"]: entry for entry in json.loads((self.build / "compile_commands.json").read_text())}

    # -------------------------------------------------------------------------------------------------- which tests should see it

    def tests_of(self, folder, place):
        """The tests that should see ${place}: those named after its file first, then those that have seen most for their time."""
        if folder == "sql":
            found = self._tests_of_function(function_at(self.tree, place))
        elif folder == "calendars":
            found = [name for name in self.tests if name.startswith(("unit_calendars_", "unit_server_rota_"))] + ["fuzz_rule"]
        elif folder == "model":
            found = [name for name in self.tests if name.startswith("unit_server_model_")]
        elif folder == "map":
            found = sorted((name for name in self.tests if name.startswith(("unit_server_map_", "unit_server_api_"))),
                           key=lambda name: "db" in self.tests[name][1])
        elif folder == "gate":
            found = [name for name in self.tests if re.match(r"unit_server_web_test_(gate|refusals|limits|bodies|server)|fuzz_gate", name)]
        elif folder == "crowds":
            found = [name for name in self.tests
                     if re.match(r"unit_server_web_test_(limits|bodies|patience|forwarded|address|proxy|drain|connections)|unit_server_api_test_rates|"
                                 r"unit_server_loop_test_slices|fuzz_forwarded", name)]
        elif folder == "states":
            found = ["unit_server_pg_test_pg_status"]
        else:
            found = [name for name in self.tests if re.match(r"unit_server_api_test_(rights|token|session|role|routes|account|audit|openapi)", name)]
        if self.no_server:
            found = [name for name in found if name in self.tests and "db" not in self.tests[name][1]]
        stem = Path(place.path).stem if folder != "sql" else None
        return sorted(found, key=lambda name: (named_after(name, stem), self.seconds.get(name, 1) / (1 + self.kills[name])))

    def _roles_that_call(self, function, seen=frozenset()):
        """The roles whose code or statements name ${function}, or another function that does."""
        word = re.compile(rf"\b{function}\b")
        sources = [path for ending in ("*.c", "*.sql") for path in (self.tree / "server").rglob(ending)]
        roles = {path.relative_to(self.tree).parts[1] for path in sources if word.search(path.read_text())}
        for path, bodies in bodies_in_force(self.tree).items():
            lines = path.read_text().splitlines()
            for first, last, name in bodies:
                if name != function and name not in seen and word.search("\n".join(lines[first:last + 1])):
                    roles |= self._roles_that_call(name, seen | {function, name})
        return roles

    def _tests_of_function(self, function):
        word, callers = re.compile(rf"\b{function}\b"), self._roles_that_call(function)
        near, far = [], []
        for name, (command, labels) in self.tests.items():
            found = re.match(r"unit_server_(api|coverage|feeds|flags)_(\w+)", name)
            if "db" in labels and found:
                source = self.tree / "tests" / "unit" / "server" / found[1] / f"{found[2]}.c"
                if source.is_file() and word.search(source.read_text()):
                    near.append(name)
                elif found[1] in callers:
                    far.append(name)
        return near + far

    # ------------------------------------------------------------------------------------------------------------------ one fault

    def _object(self, path):
        """The output of an optimizing compiler for a source: equal for two that mean the same."""
        entry = self.commands[str(self.tree / path)]
        words = [word for word in entry["command"].split() if not word.startswith(("-fsanitize", "-fno-sanitize", "-g", "-O", "-M"))]
        at = words.index("-o")
        out = self.build / "same.o"
        del words[at:at + 2]
        words = [word for word in words if not word.endswith(".d") and not word.endswith(".o")]
        done = self._run([*words, "-O2", "-g0", "-o", out], cwd=entry["directory"])
        return out.read_bytes() if done.returncode == 0 else b""

    def _means_the_same(self, place):
        """Whether ${place}, which is planted, gives the same program. Asked of those that the nearest tests do not see: most they do."""
        if self.commands.get(str(self.tree / place.path)) is None:
            return False
        after = self._object(place.path)
        self.unplant(place)
        before = self._object(place.path)
        self.plant(place)
        return after == before

    def _builds(self, tests):
        # Tests of a folder are links to one program.
        targets = {os.path.relpath(os.path.realpath(self.tests[test][0][0]), os.path.realpath(self.build)) for test in tests}
        return self._run(["ninja", "-C", self.build, "-j", os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", "2"), *targets]).returncode == 0

    def _holds(self, test, place):
        """Whether the program of ${test}, which is built, has the file of ${place} in it: a linker takes of a library what is asked for."""
        if test not in self.linked:
            symbols = self._run(["readelf", "-sW", self.tests[test][0][0]]).stdout
            self.linked[test] = set(re.findall(r" FILE .* (\S+)$", symbols, re.M))
        return place.path.endswith(".sql") or not self.linked[test] or Path(place.path).name in self.linked[test]

    def _passes(self, test):
        """Whether ${test}, which is built, passes. One that takes far more of the processor than it did is one that does not end."""
        began, most, wait = processor_seconds(), PROCESSOR_SECONDS * (4 if self.sanitize else 1), SECONDS
        if test in self.seconds:
            most = min(most, 3 + int(5 * self.seconds[test]))
            wait = min(wait, 30 + 60 * self.seconds[test])
        try:
            done = self._run(self.tests[test][0], wait, cwd=self.build,
                             env={"CRISISCOVER_ROUNDS": "8", **self.corpus, **os.environ, "CRISISCOVER_CLUSTERS": self.clusters.name},
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (most, most)))
        except subprocess.TimeoutExpired:
            return False
        if done.returncode == 0:
            self.seconds[test] = processor_seconds() - began
        return done.returncode == 0

    def _is_sound(self, test):
        if test not in self.sound:
            self.sound[test] = self._builds([test]) and self._passes(test)
        return self.sound[test]

    def plant(self, place):
        path = self.tree / place.path
        self.original = path.read_bytes()
        lines = path.read_text().splitlines(True)
        assert lines[place.line] == place.before, place
        lines[place.line] = place.after if place.after.endswith("\n") else place.after + "\n"
        path.write_text("".join(lines))

    def unplant(self, place):
        (self.tree / place.path).write_bytes(self.original)

    def judge(self, folder, place):
        """("killed", test), ("survived", tests), ("same", None), ("no code", None) or ("no test", None)."""
        tests = [test for test in self.tests_of(folder, place) if test in self.tests]
        if not tests:
            return "no test", None
        if not self.ready.issuperset(tests):
            if not self._builds(tests):
                raise Broken(f"without a fault, these tests are not built: {' '.join(tests)}")
            self.ready.update(tests)
        self.plant(place)
        try:
            for number, test in enumerate(tests):
                # The nearest test sees most faults, so it is built alone; those after the third are built at once.
                ahead = [test] if number < 3 else tests[number:] if number == 3 else []
                if ahead and not self._builds(ahead):
                    return "no code", None
                if number == 3 and self._means_the_same(place):
                    return "same", None
                if self._holds(test, place) and not self._passes(test):
                    self.unplant(place)
                    if self._is_sound(test):
                        self.kills[test] += 1
                        return "killed", test
                    print(f"  (without a fault {test} fails too: it is not counted)", flush=True)
                    self.plant(place)
                    if not self._builds(tests[number + 1:]):
                        return "no code", None
            return ("same", None) if len(tests) <= 3 and self._means_the_same(place) else ("survived", tests)
        finally:
            self.unplant(place)
