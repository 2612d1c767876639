# SPDX-License-Identifier: MIT
"""A copy of the tree, built apart, in which one fault after another is planted and looked for."""

import fcntl
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from mutation.places import function_at

SECONDS = 300


class Broken(Exception):
    """The tree without a fault does not do what it must."""


class Trial:
    def __init__(self, top, folder):
        self.top, self.tree, self.build = top, folder / "tree", folder / "build"
        self.sound = {}  # of each test, whether it passes without a fault
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = open(folder / "lock", "w", encoding="ascii")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Broken(f"another run uses {folder}: name another with --folder") from None
        self._copy()
        self._configure()

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
        done = self._run(["cmake", "-S", self.tree, "-B", self.build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DCRISISCOVER_SANITIZE=ON"])
        if done.returncode != 0:
            raise Broken(done.stderr[-2000:])
        # ctest itself does not tell the command of what is not built yet.
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
        """The tests that should see ${place}, the nearest first."""
        stem = re.sub(r"_\w+$|\.c$", "", Path(place.path).name) if folder != "sql" else ""
        if folder == "sql":
            found = self._tests_of_function(function_at(self.top, place))
        elif folder == "calendars":
            found = [name for name in self.tests if name.startswith(("unit_calendars_", "unit_server_rota_"))] + ["fuzz_rule"]
        elif folder == "model":
            found = [name for name in self.tests if name.startswith("unit_server_model_")]
        elif folder == "map":
            found = sorted((name for name in self.tests if name.startswith(("unit_server_map_", "unit_server_api_"))),
                           key=lambda name: "db" in self.tests[name][1])
        elif folder == "gate":
            found = [name for name in self.tests if re.match(r"unit_server_web_test_(gate|refusals|limits|server)|fuzz_gate", name)]
        elif folder == "states":
            found = ["unit_server_pg_test_pg_status"]
        else:
            found = [name for name in self.tests if re.match(r"unit_server_api_test_(rights|token|role|routes|account|audit|openapi)", name)]
        return sorted(found, key=lambda name: (f"test_{stem}" not in name, name.endswith(("_naive", "_random", "_bombs", "_seeds"))))

    def _tests_of_function(self, function):
        word = re.compile(rf"\b{function}\b")
        callers = {path.relative_to(self.top).parts[1] for path in (self.top / "server").rglob("*.c") if word.search(path.read_text())}
        for path in (self.top / "migrations").glob("*.sql"):  # called by what others call
            for line in path.read_text().splitlines():
                if word.search(line) and "function" not in line:
                    callers.add(next((role for role in ("coverage", "feeds", "flags", "api") if role in line), "coverage"))
        near, far = [], []
        for name, (command, labels) in self.tests.items():
            found = re.match(r"unit_server_(api|coverage|feeds|flags)_(\w+)", name)
            if "db" in labels and found:
                source = self.top / "tests" / "unit" / "server" / found[1] / f"{found[2]}.c"
                if source.is_file() and word.search(source.read_text()):
                    near.append(name)
                elif found[1] in callers:
                    far.append(name)
        return near + far

    # ------------------------------------------------------------------------------------------------------------------ one fault

    def _object(self, path):
        """What an optimizing compiler makes of a source: equal for two that mean the same."""
        entry = self.commands.get(str(self.tree / path))
        if entry is None:
            return None
        words = [word for word in entry["command"].split() if not word.startswith(("-fsanitize", "-fno-sanitize", "-g", "-O", "-M"))]
        at = words.index("-o")
        out = self.build / "same.o"
        del words[at:at + 2]
        words = [word for word in words if not word.endswith(".d") and not word.endswith(".o")]
        done = self._run([*words, "-O2", "-g0", "-o", out], cwd=entry["directory"])
        return out.read_bytes() if done.returncode == 0 else b""

    def _passes(self, test):
        """Whether ${test} is built and passes. None: it does not build."""
        command = self.tests[test][0]
        target = Path(command[0]).relative_to(self.build)
        done = self._run(["ninja", "-C", self.build, target])
        if done.returncode != 0:
            return None
        try:
            return self._run(command, SECONDS, cwd=self.build).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def _is_sound(self, test):
        if test not in self.sound:
            self.sound[test] = self._passes(test)
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
        before = None if folder == "sql" else self._object(place.path)
        self.plant(place)
        try:
            if before is not None:
                after = self._object(place.path)
                if after in (b"", before):
                    return ("no code" if after == b"" else "same"), None
            for test in tests:
                passes = self._passes(test)
                if passes is None:
                    return "no code", None
                if not passes:
                    self.unplant(place)
                    if self._is_sound(test):
                        return "killed", test
                    print(f"  (without a fault {test} fails too: it is not counted)", flush=True)
                    self.plant(place)
            return "survived", tests
        finally:
            self.unplant(place)
