# SPDX-License-Identifier: MIT
"""The backup: what deploy/ keeps, refuses, finds damaged and restores. The quick form has the private PostgreSQL alone; the drill has a whole server."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from testbed import TOP, free_port
from servers import environment, give_away, new_folder, remove, run, wait_until

# What runs as another user has the machine's clock (become_user gives it nothing of the caller's environment), so the scripts have it too.
UNMOVED = {"LD_PRELOAD": "", "CLOCK_AHEAD": ""}

# As deploy/up, without what it builds. The database has an audit of two columns, and a file of the state directory says how it ended.
DRIVER = r"""
set -euo pipefail
top=$1 port=18997
. "$top/deploy/lib.sh"; . "$top/deploy/servers.sh"
open_data "$top/data"
refused() { local words; if words=$(backup=$1 backup_keys=$2; backup_begin 2>&1); then echo "not refused: $1 $2"; exit 1; fi; printf 'refused: %s\n' "$words"; }
refused "$data/inside" ''
refused "$top/deploy" ''
refused "$top/disk" "$top/disk/safe"
refused '' "$top/safe"
refused "$top/file" ''
[ ! -e "$top/disk" ] || { echo "a refusal has made the folder"; exit 1; }
backup=$top/disk backup_keys=$top/safe
backup_begin
printf 'port=18997\nregion=%s/gone.json\nbackup=%s\nbackup_keys=%s\n' "$top" "$backup" "$backup_keys" >"$data/options"
postgres_up
sql() { owner_psql crisiscover -d crisiscover -c "$1"; }
sql 'create schema crisiscover' ; sql 'create table crisiscover.audit (seq bigint, hash bytea)'
sql "insert into crisiscover.audit values (1, '\x01')"
printf 'opens\n' >"$data/state/address.open"
backup_up
generations() { printf '%s\n' "$1" | tee "$data/state/last-good" >"$data/state/last-good.before"; backup_keep_files; }
generations 'who was erased'; generations 'somebody'
! grep -r 'who was erased' "$backup_keys" || { echo "a former map is kept"; exit 1; }
[ "${2:-}" != nightly ] || bash "$top/deploy/backup" --data "$data"
sql "insert into crisiscover.audit values (2, '\x02')"
printf '{"seq": 1, "hash": "01", "at": ""}\n{"seq": 2, "hash": "02", "at": ""}\n' >"$data/state/audit-heads"
backup_keep_files
last=$(owner_psql postgres -d postgres -c 'select pg_walfile_name(pg_current_wal_lsn())' -c 'select from pg_switch_wal()' | head -n 1)
until [[ ! "$(owner_psql postgres -d postgres -c 'select last_archived_wal from pg_stat_archiver')" < "$last" ]]; do :; done
kill -KILL "$(pid_of postgres)"
until [ -z "$(pid_of postgres)" ]; do :; done
rm -rf -- "$data"
echo all is well
"""

LOOK = r"""
set -euo pipefail
top=$1 port=18997
. "$top/deploy/lib.sh"; . "$top/deploy/servers.sh"
find_data "$2"
configure_postgres; postgres_up
owner_psql crisiscover -d crisiscover -c 'select seq from crisiscover.audit order by 1'
owner_psql postgres -d postgres -c 'show archive_mode' -c 'select timeline_id > 1 from pg_control_checkpoint()'
cat "$data/state/address.open"
servers_down
"""


@pytest.fixture
def folder():
    made = new_folder("backup")
    shutil.copytree(TOP / "deploy", made / "deploy")
    (made / "file").write_text("of somebody else\n")
    run(["chmod", "-R", "a+rX", made], "/", as_user=False)
    give_away(made)
    try:
        yield made
    finally:
        remove(made)


def script(folder, text, *arguments, check=True):
    path = folder / "script"
    path.write_text(text)
    path.chmod(0o644)
    return run(["bash", path, folder, *arguments], folder, environment(**UNMOVED), check=check)


def restore(folder, into, *arguments):
    return run(["bash", folder / "deploy" / "restore", "--no-install", "--backup", folder / "disk", "--data", folder / into, *arguments],
               folder, environment(**UNMOVED), check=False)


def contents(place):
    """Of every file below it, as one hash each."""
    return run(["bash", "-c", 'cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum', "-", place], "/", as_user=False).stdout


@pytest.mark.holds("F17")
def test_g20_a_lost_machine_is_restored_from_its_backup_and_the_second_place(folder):
    done = script(folder, DRIVER)
    assert done.stdout.endswith("all is well\n"), done
    refusals = [line for line in done.stdout.splitlines() if line.startswith("refused: ")]
    for words in ("lies in the data directory", "no backup of Crisis Cover has put there", "lie in each other", "give --backup DIR as well", "is no folder"):
        assert any(words in line for line in refusals), (words, refusals)
    safe, disk = folder / "safe", folder / "disk"
    assert (safe / "address.open").read_text() == "opens\n"
    # Who has the repository alone has nothing: neither the keys nor anything that can be read.
    passphrase = (safe / "passphrase").read_bytes()
    assert len(passphrase) == 64
    for path in disk.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            assert body == b"" or body.startswith(b"Salted__"), path
            assert passphrase not in body and b"opens" not in body
    before = contents(disk)

    assert "is encrypted: give --backup-keys" in restore(folder, "without").stderr
    restored = restore(folder, "new", "--backup-keys", safe)
    assert restored.returncode == 0, restored
    assert "the end of the audit that was kept outside (row 2), unchanged" in restored.stdout
    # The row that was written after the backup is there; it archives nowhere; it has a timeline of its own, so that flags begin an epoch.
    assert script(folder, LOOK, folder / "new").stdout.endswith("1\n2\noff\nt\nopens\n")
    assert (folder / "new" / "options").read_text() == "port=18997\nregion=none\n", "a region file that is not here is not applied"
    assert "has a database already" in restore(folder, "new", "--backup-keys", safe).stderr
    assert contents(disk) == before, "the backup was read and not changed"


@pytest.mark.long
@pytest.mark.holds("F17")
def test_g21_what_cannot_be_restored_is_said(folder):
    script(folder, DRIVER, "nightly")
    safe = folder / "safe"
    late = restore(folder, "late", "--backup-keys", safe, "--until", "2035-01-01")
    assert late.returncode == 1 and "ends before 2035-01-01" in late.stderr, late
    assert restore(folder, "late", "--backup-keys", safe).returncode == 0, "tried again after that"
    # What was rewritten since its end was kept outside is told, and what is lost.
    (safe / "audit-heads").write_text('{"seq": 2, "hash": "03", "at": ""}\n')
    assert "the record was rewritten" in restore(folder, "other", "--backup-keys", safe).stderr
    (safe / "audit-heads").write_text('{"seq": 3, "hash": "03", "at": ""}\n')
    assert "row 3, is not in what was restored" in restore(folder, "short", "--backup-keys", safe).stderr
    # Another passphrase: nothing is restored, and nothing is left of the attempt.
    (safe / "passphrase").write_text("0" * 64)
    wrong = restore(folder, "wrong", "--backup-keys", safe)
    assert wrong.returncode == 1 and "nothing was restored" in wrong.stderr, wrong
    assert not (folder / "wrong" / "postgres" / "cluster").exists()


CHECK = r"""
set -euo pipefail
top=$1 port=18997
. "$top/deploy/lib.sh"; . "$top/deploy/servers.sh"
open_data "$top/data"
backup=$top/disk backup_keys=''
backup_begin
printf 'backup=%s
backup_keys=
' "$backup" >"$data/options"
postgres_up
backup_up
nightly() { bash "$top/deploy/backup" --data "$data" --check >"$top/words" 2>&1; }
nightly
cp -- "$data/state/backup-status" "$top/status"
told() { if nightly; then echo "nothing was told: $1"; exit 1; fi; grep -q "$1" "$top/words" || { cat "$top/words"; exit 1; }; }

# The night's backup did not come to its end: the clock is two days on.
date() { if [ "$*" = +%s ]; then echo $(($(command date +%s) + 180000)); else command date "$@"; fi; }
export -f date
told 'hours old'
unset -f date

# A byte of a file of the backup.
file=$(find "$backup/backup" -name 'pg_control*' -path '*F/*' | head -n 1)
cp -- "$file" "$top/whole"
printf 'x' | dd of="$file" bs=1 seek=20 conv=notrunc status=none
told 'checksum'
cp -- "$top/whole" "$file"
nightly

# The disk is away: PostgreSQL goes on and keeps what it could not archive; back again, all of it is archived.
mv -- "$backup" "$backup.away"
mkdir -- "$backup"
told 'is its disk mounted'
owner_psql postgres -d postgres -c 'create table meanwhile ()' -c 'select from pg_switch_wal()'
until [ "$(owner_psql postgres -d postgres -c 'select failed_count > 0 from pg_stat_archiver')" = t ]; do :; done
rmdir -- "$backup"
mv -- "$backup.away" "$backup"
until [ "$(owner_psql postgres -d postgres -c "select count(*) from pg_ls_archive_statusdir() where name like '%.ready'")" = 0 ]; do sleep 0.1; done
nightly

bash "$top/deploy/backup" --data "$data" --export "$top/export"
"$postgres_bin/pg_restore" -l "$top/export" >/dev/null

# Off: PostgreSQL archives nothing and keeps nothing.
backup=''
postgres_up
[ "$(owner_psql postgres -d postgres -c 'show archive_mode')" = off ]
servers_down
echo all is well
"""


@pytest.mark.long
@pytest.mark.holds("F17")
def test_g22_the_nightly_check_finds_what_would_not_be_restored(folder):
    done = script(folder, CHECK)
    assert done.stdout.endswith("all is well\n"), done
    status = json.loads((folder / "status").read_text())
    assert status["last_backup_at"] <= status["last_check_at"] and status["encrypted"] is False and status["keys_kept"] is False


# ------------------------------------------------------------------------------------------------------------------------- drill

RPO_SECONDS, RTO_SECONDS = 15 * 60, 10 * 60


class Deployed:
    """What deploy/up has started in ${data}, asked as a person would: by its command line."""

    def __init__(self, data, *options, port):
        self.data, self.port = data, port
        self.said = self.up("--port", port, *options)

    def up(self, *options):
        return run([TOP / "deploy" / "up", "--no-install", "--data", self.data, *options], "/", os.environ, as_user=False).stdout

    def shell(self, words, check=True):
        return run(["bash", "-c", f'. "$1/env"; {words}', "-", self.data], "/", os.environ, check=check, as_user=False).stdout

    def json(self, words):
        """The first page of what a command prints."""
        return json.loads(self.shell(words).splitlines()[0])

    def sql(self, text):
        return self.shell(f'psql -X -A -t "$DATABASE_URL" -c "{text}"').strip()

    def processes(self):
        """Of the servers, by the arguments that name the data directory."""
        name = os.fsencode(os.path.realpath(self.data)) + b"/"
        found = []
        for entry in os.scandir("/proc"):
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    arguments = Path(f"/proc/{entry.name}/cmdline").read_bytes()
                    program = os.readlink(f"/proc/{entry.name}/exe")
                except OSError:
                    continue
                if name in arguments and os.path.basename(program) in ("postgres", "redis-server", "redis-check-rdb", "nginx", "crisiscoverd"):
                    found.append(int(entry.name))
        return found

    def lose(self):
        """The machine is gone: every process at once, and its disk."""
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        wait_until(lambda: not self.processes(), 20, "the processes of the lost machine were gone")
        real = Path(os.path.realpath(self.data))
        shutil.rmtree(real)
        if Path(self.data).is_symlink():
            Path(self.data).unlink()

    def destroy(self):
        run([TOP / "deploy" / "down", "--data", self.data, "--destroy"], "/", os.environ, as_user=False, check=False)


@pytest.fixture(scope="module")
def built():
    """The release that deploy/up starts: built before the test, whose time is counted."""
    for command in (["cmake", "--preset", "release"], ["cmake", "--build", "build/release"]):
        done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def came_through(server):
    """Whether the newest change of the canary's rota has become a flag and a lookup, by what the server itself says."""
    since = float(server.sql("select extract(epoch from clock_timestamp() - turned_at) from crisiscover.canary"))
    ages = server.json(f"curl -s http://127.0.0.1:{server.port}/readyz")["canary"].values()
    return None not in ages and max(ages) <= since + 1


def listened(path):
    """The flags that the subscriber has told, in its order."""
    return [json.loads(line) for line in path.read_text().splitlines() if '"kind"' in line]


@pytest.mark.long
@pytest.mark.holds("F17", "H09.1")
def test_g23_the_demo_is_lost_and_restored_within_the_promised_time(built):
    folder = Path(tempfile.mkdtemp(prefix="cc-drill-", dir="/tmp"))
    folder.chmod(0o755)
    deployed, watch = [], None
    try:
        disk, safe = folder / "disk", folder / "safe"
        server = Deployed(folder / "data", "--backup", disk, "--backup-keys", safe, port=free_port())
        deployed.append(server)
        heard = folder / "heard"
        with open(heard, "w", encoding="utf-8") as out:
            watch = subprocess.Popen(["bash", "-c", '. "$1/env"; exec crisiscover watch --json --state "$2"', "-", server.data, folder / "state"],
                                     stdout=out, stderr=subprocess.STDOUT)
        gaps = [gap["id"] for gap in server.json("crisiscover gaps --json")["gaps"]]
        good = "select count(*) from crisiscover.feed where fetched and state = 'good'"
        feeds = int(server.sql(good))
        assert feeds > 10

        # A person decides something after the backup. When it is in the archive, the machine is lost.
        server.shell(f"crisiscover acknowledge {gaps[0]} --note drill")
        decided = time.monotonic()
        written = server.sql("select pg_walfile_name(pg_current_wal_insert_lsn())")
        wait_until(lambda: server.sql("select last_archived_wal from pg_stat_archiver") >= written, 180, "what was decided was archived")
        archived = time.monotonic() - decided
        wait_until(lambda: any(flag["kind"] == "acknowledged" and flag["gap"] == gaps[0] for flag in listened(heard)), 30, "the subscriber heard of it")
        seen = [flag["id"] for flag in listened(heard)]
        epoch = int(server.sql("select epoch from crisiscover.flag_counter"))
        row = int(server.sql("select max(seq) from crisiscover.audit where action = 'gap_acknowledged'"))
        server.lose()

        began = time.monotonic()
        words = run([TOP / "deploy" / "restore", "--no-install", "--backup", disk, "--backup-keys", safe, "--data", folder / "again"], "/",
                    dict(os.environ), as_user=False).stdout
        restored = time.monotonic() - began
        again = Deployed(folder / "again", port=server.port)
        deployed.append(again)
        took = time.monotonic() - began
        print(f"drill: archived after {archived:.0f} s; restored after {restored:.0f} s, ready after {took:.0f} s\n{words}")
        assert archived <= RPO_SECONDS and took <= RTO_SECONDS

        # What was decided is there, and the record is whole.
        assert int(again.sql(f"select count(*) from crisiscover.audit where seq = {row} and action = 'gap_acknowledged'")) == 1
        assert again.sql(f"select acknowledged_at is not null from crisiscover.gap where id = '{gaps[0]}'") == "t"
        again.shell(f"crisiscover audit verify --head {safe}/audit-heads")
        # Lookups are answered, live.
        assert again.json("crisiscover now ZED01 --json")["map"]["confidence"] == "live"
        # Each part works for the next, from a change of a rota to a flag and a lookup: the canary of the restored server comes through.
        turned = int(again.sql("select turn from crisiscover.canary"))
        wait_until(lambda: int(again.sql("select turn from crisiscover.canary")) > turned, 120, "the canary's rota changed on the restored server")
        wait_until(lambda: came_through(again), 60, "its flag and its lookup came through")

        # Feeds are fetched: the keys of their addresses are there. Those that the demo breaks on purpose were broken before.
        ready = again.sql("select clock_timestamp()")
        again.shell('for rota in $(psql -X -A -t "$DATABASE_URL" -c "select rota from crisiscover.feed where fetched"); do crisiscover refresh "$rota"; done')
        wait_until(lambda: int(again.sql(f"{good} and last_good_at > '{ready}'")) >= feeds, 60, "each good feed was fetched again")

        # The subscriber that was there all the time: its password holds, it has heard nothing twice, and hears what is new, of a later epoch.
        again.shell(f"crisiscover acknowledge {gaps[1]} --note drill")
        wait_until(lambda: any(flag["kind"] == "acknowledged" and flag["gap"] == gaps[1] for flag in listened(heard)), 60, "the subscriber heard of what is new")
        ids = [tuple(map(int, flag["id"].split("-"))) for flag in listened(heard)]
        assert ids == sorted(set(ids)), "in order, and none twice"
        assert [f"{e}-{n}" for e, n in ids][:len(seen)] == seen
        assert ids[-1][0] > epoch, "numbers of a later epoch"
    finally:
        if watch is not None:
            watch.terminate()
            watch.wait(20)
        for one in deployed:
            one.destroy()
        shutil.rmtree(folder, ignore_errors=True)
