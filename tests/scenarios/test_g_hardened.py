# SPDX-License-Identifier: MIT
"""What the programs are built with, and what a process shows of its memory."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from servers import identity, new_folder, remove, run, wait_until
from testbed import ROLES, TOP

X86 = platform.machine() in ("x86_64", "i686")
# Of every source. What Debian's own start files lack cannot be asked of the whole program: so the marks for -fcf-protection are asked of the code.
COMPILED_WITH = ["-fstack-protector-strong", "-fstack-clash-protection", "-D_FORTIFY_SOURCE=2", "-ftrivial-auto-var-init=zero",
                 *(["-fcf-protection"] if X86 else [])]


@pytest.fixture(scope="module")
def built():
    """A folder with the build that deploy/up makes, configured and not built yet."""
    folder = new_folder("hardened", "/tmp")
    try:
        run(["cmake", "--preset", "release", "-S", TOP, "-B", folder], TOP, dict(os.environ), as_user=False)
        yield folder
    finally:
        remove(folder)


def make(folder, *targets):
    run(["nice", "cmake", "--build", folder, "-j2", *(["--target", *targets] if targets else [])], TOP, dict(os.environ), as_user=False)


def readelf(*arguments):
    return run(["readelf", "-W", *arguments], "/", as_user=False).stdout


def faults_of(program, symbols=True):
    """What a program lacks, in words; [] if nothing."""
    headers, dynamic, names = readelf("-l", program), readelf("-d", program), readelf("--dyn-syms", program)
    stack = next(line for line in headers.splitlines() if "GNU_STACK" in line)
    checks = {
        "a place that is not fixed (PIE)": "DYN (Position-Independent Executable" in headers,
        "a table of relocations that is closed (RELRO)": "GNU_RELRO" in headers and "BIND_NOW" in dynamic,
        "a stack that is not executed (NX)": "RWE" not in stack,
        "no memory that is both written and executed": not any("RWE" in line for line in headers.splitlines() if " LOAD " in line),
        "a stack protector": "__stack_chk_fail" in names,
        "checked copies (fortify)": "_chk@" in names,
        "no path that others could put a library in": "RPATH" not in dynamic and "RUNPATH" not in dynamic,
    }
    if X86 and symbols:
        code = run(["objdump", "-d", "--disassemble=main", program], "/", as_user=False).stdout
        checks["marks where calls may land (-fcf-protection)"] = "endbr64" in code or "endbr32" in code
    return [words for words, holds in checks.items() if not holds]


def test_g08_what_is_built_for_use_is_hardened(built):
    """Every source is compiled with each flag; and what they make of the smallest program, which deploy/up builds too."""
    commands = json.loads((built / "compile_commands.json").read_text())
    lacking = {(one["file"], flag) for one in commands for flag in COMPILED_WITH if flag not in one["command"].split()}
    assert len(commands) > 300 and not lacking, sorted(lacking)[:5]
    make(built, "press")
    assert faults_of(built / "clients" / "web" / "press") == []


def test_g09_the_check_sees_what_is_not_hardened(tmp_path):
    source = tmp_path / "soft.c"
    source.write_text("#include <string.h>\nint main(int n, char **v) { char text[9]; memcpy(text, v[0], strlen(v[n - 1])); return text[0]; }\n")
    subprocess.run(["gcc", "-O1", "-no-pie", "-fno-stack-protector", "-U_FORTIFY_SOURCE", "-fcf-protection=none", "-Wl,-z,norelro,-z,execstack",
                    "-o", tmp_path / "soft", source], check=True, capture_output=True)
    assert len(faults_of(tmp_path / "soft")) == (6 if X86 else 5)


def test_g10_the_whole_programs_are_hardened():
    """Those of the build that is tested, if it is one for use, or that deploy/up has made."""
    tested = Path(os.environ.get("CRISISCOVER_BUILD", TOP / "build" / "dev"))
    builds = [build for build in (tested, TOP / "build" / "release") if "CRISISCOVER_SANITIZE:BOOL=OFF" in cache(build)]
    if not builds:
        pytest.skip("there is no build for use here: deploy/up makes one")
    for program in (builds[0] / "server" / "crisiscoverd", builds[0] / "clients" / "cli" / "crisiscover"):
        assert faults_of(program) == [], program


def cache(build):
    """What cmake was told of a build that is whole."""
    whole = (build / "server" / "crisiscoverd").exists() and (build / "clients" / "cli" / "crisiscover").exists()
    return (build / "CMakeCache.txt").read_text(encoding="utf-8") if whole else ""


def opens(path):
    """Whether a process of the same user as the server can open ${path}."""
    return subprocess.run([sys.executable, "-c", "import sys; open(sys.argv[1], 'rb')", path], capture_output=True, check=False,
                          cwd="/", **identity()).returncode == 0


def test_a09_no_role_leaves_a_core_dump_or_shows_its_memory_to_others_of_its_user(testbed):
    testbed.start()
    pids = wait_until(lambda: (lambda found: found if set(found) == set(ROLES) else None)(testbed.pids()), 20, "every role ran")
    own = subprocess.Popen(["sleep", "60"], **identity())
    try:
        assert opens(f"/proc/{own.pid}/mem"), "of a process that does not close its memory it can be read"
    finally:
        own.kill()
        own.wait()
    for role, numbers in {**pids, "the supervisor": [testbed.server.pid]}.items():
        for pid in numbers:
            with open(f"/proc/{pid}/limits", encoding="utf-8") as limits:
                core = next(line.split() for line in limits if line.startswith("Max core file size"))
            assert core[4:6] == ["0", "0"], f"{role}: {core}"
    for role, numbers in pids.items():
        assert not opens(f"/proc/{numbers[0]}/mem"), role
