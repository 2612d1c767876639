# SPDX-License-Identifier: MIT
"""What deploy/up does on a machine on which not all can start: the rest runs, and what is missing is said, why, and what to do."""

import os
import signal
import tempfile
from pathlib import Path

import pytest

from servers import remove, run, wait_until
from test_g_backup import Deployed, built  # noqa: F401  (a fixture)
from testbed import TOP, free_port


def up_again(server):
    return run([TOP / "deploy" / "up", "--no-install", "--data", server.data], "/", os.environ, as_user=False, check=False)


def confidence(server):
    return server.json("crisiscover now ZED01 --json")["map"]["confidence"]


@pytest.mark.long
@pytest.mark.holds("F3", "F5", "F6")
def test_g30_lookups_are_answered_where_postgresql_and_redis_cannot_start(built):  # noqa: F811
    folder = Path(tempfile.mkdtemp(prefix="cc-deployed-", dir="/tmp"))
    folder.chmod(0o755)
    server = Deployed(folder / "data", port=free_port())
    try:
        wait_until(lambda: list(server.data.glob("state/**/last-good")), 30, "there was a last-good file")
        # The machine has lost its power, and two files with it.
        for pid in server.processes():
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not server.processes(), 20, "nothing ran")
        control, flags = server.data / "postgres" / "cluster" / "global" / "pg_control", server.data / "redis" / "appendonlydir"
        for path in (control, flags):
            path.rename(path.with_name("aside"))
        flags.touch()
        done = up_again(server)
        assert done.returncode == 1, done
        told = [line for line in done.stderr.splitlines() if line.startswith("  - ")]
        assert len(told) == 2 and told[0].startswith("  - PostgreSQL: ") and told[1].startswith("  - Redis: "), done.stderr
        assert "last good map" in told[0] and "subscribers hear nothing" in told[1]
        assert "pg_control" in done.stderr and "appendonlydir" in done.stderr, "the reasons stand above"
        assert "put that right" in done.stderr and "run this again" in done.stderr
        assert confidence(server) == "last_good"
        # Put right, it takes up what runs.
        roles = {pid for pid in server.processes() if b"crisiscoverd" in Path(f"/proc/{pid}/cmdline").read_bytes()}
        flags.unlink()
        for path in (control, flags):
            path.with_name("aside").rename(path)
        done = up_again(server)
        assert done.returncode == 0 and "Crisis Cover is ready." in done.stdout, done
        assert roles <= set(server.processes()), "lookups went on"
        wait_until(lambda: confidence(server) == "live", 30, "the map was live")
    finally:
        server.destroy()
        remove(folder)
