# SPDX-License-Identifier: MIT
"""Starting, refusing to start, and ending."""

import os
import signal

import pytest

from testbed import ROLES
from servers import wait_until


def test_a01_an_unknown_setting_is_named(testbed):
    testbed.config.write_text(testbed.config.read_text() + "listen_prot = 8080\n")
    done = testbed.daemon("serve", check=False)
    assert done.returncode == 2
    line = testbed.config.read_text().count("\n")
    assert f"line {line}" in done.stderr and "listen_prot" in done.stderr, done.stderr


def test_a02_a_value_out_of_range_is_named_with_the_range(testbed):
    testbed.configure(listen_port=99999)
    done = testbed.daemon("serve", check=False)
    assert done.returncode == 2
    assert "listen_port" in done.stderr and "65535" in done.stderr, done.stderr


def test_a03_the_printed_configuration_can_be_read_back(testbed):
    printed = testbed.daemon("--print-config").stdout
    again = testbed.write("printed.conf", printed)
    assert testbed.port and f"listen_port = {testbed.port}" in printed
    from servers import run
    assert run([testbed.release.daemon, "--print-config", "--config", again], testbed.folder, testbed.environment).stdout == printed


def test_a04_migrating_again_changes_nothing(testbed):
    def schema():
        return testbed.sql("select table_name, column_name, data_type from information_schema.columns "
                         "where table_schema = 'crisiscover' order by 1, ordinal_position")

    before = schema()
    assert before
    testbed.migrate()
    assert schema() == before


def test_a05_the_supervisor_ends_every_role_when_asked(testbed):
    testbed.start()
    pids = wait_until(lambda: (lambda found: found if set(found) == set(ROLES) else None)(testbed.pids()), 20, "every role ran")
    assert testbed.stop() == 0
    for role, numbers in pids.items():
        for pid in numbers:
            assert not os.path.exists(f"/proc/{pid}"), f"{role} {pid} outlived the supervisor"


@pytest.mark.holds("F2")
def test_a06_roles_do_not_outlive_a_killed_supervisor(testbed):
    testbed.start()
    pids = [pid for numbers in wait_until(lambda: testbed.pids() if set(testbed.pids()) == set(ROLES) else None, 20,
                                          "every role ran").values() for pid in numbers]
    os.kill(testbed.server.pid, signal.SIGKILL)
    testbed.server.popen.wait(10)
    wait_until(lambda: not any(alive(pid) for pid in pids), 5, "the roles of a killed supervisor were gone")


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a07_without_a_database_it_is_alive_and_says_why_it_is_not_ready(testbed):
    testbed.token = testbed.issue_token()
    testbed.postgres.stop()
    testbed.start()
    answer = testbed.get("/readyz", token=None)
    assert answer.status == 503, answer
    assert answer.body, "the reason is told"


def test_a08_a_role_alone_that_does_not_exist_is_a_usage_fault(testbed):
    assert testbed.daemon("role", "nobody", check=False).returncode == 2
