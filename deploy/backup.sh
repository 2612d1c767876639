# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# The backup of one data directory: pgbackrest keeps base backups and every segment of the write-ahead log in a repository on another disk; the
# files that must not lie beside the database are copied to a second place. For bash; sourced by servers.sh.
#
# Set by who sources it: backup (the folder of the repository, or empty) and backup_keys (the folder of the second place, or empty).
#
#   DATA/backup/pgbackrest.conf   with the passphrase of the repository; of PostgreSQL's user
#   DATA/backup/passphrase        made once, where backup_keys is given with a repository that is new
#   backup-status                 in the state directory, with the api's files: what the last backup and the last check came to, as JSON; an operator's figures are made from it

backup=${backup:-} backup_keys=${backup_keys:-}
pgbackrest_bin=/usr/bin/pgbackrest
stanza=crisiscover
backup_marker=.crisiscover-backup
# A segment that is not full is archived after a minute, so that at most that much is lost with the machine.
backup_seconds=60
# Base backups: a whole one each week; those of 30 days can be restored from, to any instant in between.
backup_whole_days=7
backup_kept_days=30
# A nightly backup that is later than this is missing.
backup_late_hours=26

# Everything of the state directory that cannot be made again: keys, passwords, and proofs that have to be outside of the database. last-good lets a new
# machine answer before its database is back.
backup_state_files="address.seal address.open session.key seal.key audit-heads last-good last-good.before ended-sessions"
backup_data_files="redis.port redis.secret redis-publisher.secret redis-subscriber.secret options backup/passphrase"

# is_within DIR FOLDER: whether DIR is FOLDER or below it.
is_within() { case $1/ in "$2"/*) return 0 ;; esac; return 1; }

# same_disk A B
same_disk() { [ "$(stat -c %d -- "$1")" = "$(stat -c %d -- "$2")" ]; }

# backup_folder WORD DIR USER: makes it for that user if it is not there. Dies with the reason where it cannot serve.
backup_folder() {
	local word=$1 dir=$2 run_user=$3
	case $dir in
	/*) ;;
	*) die "$word wants a path from the root, not $dir" ;;
	esac
	case $dir in
	*[!A-Za-z0-9._/+~@:,-]*) die "the path $dir of $word has characters that pgbackrest would misread. Use letters, digits and . _ / + ~ @ : , -" ;;
	esac
	if is_within "$dir" "$data"; then
		die "$word $dir lies in the data directory $data: who loses that loses its backup as well. Give a folder on another disk"
	fi
	if [ ! -e "$dir" ]; then
		mkdir -p -- "$dir" || die "$word: the folder $dir cannot be made"
		chmod 700 -- "$dir"
		[ "$(id -u)" -ne 0 ] || chown "$run_user:$run_user" -- "$dir"
	fi
	[ -d "$dir" ] || die "$word: $dir is no folder"
	if [ -n "$(ls -A -- "$dir")" ] && [ ! -e "$dir/$backup_marker" ]; then
		die "$word: there are files in $dir that no backup of Crisis Cover has put there, and it is left as it is. Give an empty folder"
	fi
	if ! as_user test -w "$dir"; then
		die "$word: the user $run_user cannot write in $dir. Make it that user's (chown -R $run_user $dir), and let the folders above be entered (chmod a+x)"
	fi
	as_user touch -- "$dir/$backup_marker" || die "$word: $dir cannot be written (a full or read-only disk?)"
}

# backup_begin: checks both places, and writes pgbackrest's settings. Dies with the reason; nothing has changed then.
backup_begin() {
	[ -n "$backup$backup_keys" ] || return 0
	[ -n "$backup" ] || die "--backup-keys is the second place of a backup: give --backup DIR as well"
	[ -x "$pgbackrest_bin" ] || die "the backup needs the Debian package pgbackrest: apt-get install --no-install-recommends pgbackrest"
	if [ -n "$backup_keys" ]; then
		if is_within "$backup_keys" "$backup" || is_within "$backup" "$backup_keys"; then
			die "--backup-keys $backup_keys and --backup $backup lie in each other: who has the one would have the other, and could read the addresses of all calendars. Give two places"
		fi
		# PostgreSQL's user, who has the database, does not get the keys of what is sealed in it.
		backup_folder --backup-keys "$backup_keys" "$run_user"
	fi
	backup_folder --backup "$backup" "$(server_user postgres)"
	if same_disk "$backup" "$data"; then
		warn "the backup in $backup is on the same disk as the data: it helps after a mistake, and is lost with the disk"
	fi
	own_folder "$data/backup" "$(server_user postgres)"
	choose_passphrase
	backup_configure
}

# The repository is encrypted if it is new and there is a place for the passphrase that is not the repository. Without such a place a lost machine would
# take the passphrase with it, and the backup could be read by nobody.
choose_passphrase() {
	if [ -n "$backup_keys" ] && [ ! -e "$backup/archive" ] && [ ! -e "$data/backup/passphrase" ]; then
		as_postgres sh -c 'umask 077; od -An -N32 -tx1 /dev/urandom | tr -d " \n" >"$1.new" && mv -- "$1.new" "$1"' sh "$data/backup/passphrase"
		backup_keep_files
	fi
	if [ -e "$data/backup/passphrase" ]; then return; fi
	if [ -n "$backup_keys" ]; then
		warn "the repository in $backup was begun without encryption and stays so: who has that disk can read the database. Another, empty --backup begins one that is encrypted"
	else
		warn "no --backup-keys: the backup is not encrypted, and the keys of feed addresses and the server's passwords are kept nowhere. If this machine is lost, addresses of calendars must be given again (deploy/README.md, Backup)"
	fi
}

# pgbackrest.conf of this data directory, for the repository ${backup}.
backup_configure() {
	local free
	# Where the repository cannot be reached, segments pile up beside the data; past half of what is free they are dropped, for the sake of a server that can
	# write. The next backup begins a new archive.
	free=$(($(stat -f -c '%a * %S' -- "$data/postgres") / 2097152))
	[ "$free" -ge 1024 ] || free=1024
	{
		cat <<-CONF
			# Written by deploy/ at each run.
			[global]
			repo1-path=$backup
			repo1-retention-full-type=time
			repo1-retention-full=$backup_kept_days
			compress-type=zst
			start-fast=y
			stop-auto=y
			archive-push-queue-max=${free}MiB
			lock-path=$data/backup/lock
			spool-path=$data/backup/spool
			log-level-file=off
			log-level-console=info
		CONF
		if [ -e "$data/backup/passphrase" ]; then
			printf 'repo1-cipher-type=aes-256-cbc\nrepo1-cipher-pass=%s\n' "$(as_postgres cat -- "$data/backup/passphrase")"
		fi
		cat <<-CONF
			[$stanza]
			pg1-path=$data/postgres/cluster
			pg1-socket-path=$sockets
			pg1-user=postgres
			pg1-database=postgres
		CONF
	} | as_postgres sh -c 'umask 077; cat >"$1.new" && mv -- "$1.new" "$1"' sh "$data/backup/pgbackrest.conf"
}

pgbackrest() { as_postgres "$pgbackrest_bin" --config="$data/backup/pgbackrest.conf" --stanza="$stanza" "$@"; }

# backup_found: dies if a place that was set up before is not there: a folder over which its disk is not mounted looks empty.
backup_found() {
	local dir
	for dir in "$backup" ${backup_keys:+"$backup_keys"}; do
		[ -e "$dir/$backup_marker" ] ||
			die "the backup's folder $dir is not there as it was (no $backup_marker in it): is its disk mounted? Until it is, nothing is backed up, and the write-ahead log piles up beside the data"
	done
}

# backup_again: backup_begin for places of an earlier run.
backup_again() { backup_found; backup_begin; }

# For PostgreSQL's settings.
archive_mode() { if [ -n "$backup" ]; then echo on; else echo off; fi; }
archive_settings() {
	[ -n "$backup" ] || return 0
	cat <<-CONF
		archive_mode = on
		archive_timeout = $backup_seconds
		archive_command = '$pgbackrest_bin --config=$data/backup/pgbackrest.conf --stanza=$stanza --log-level-console=warn archive-push %p'
	CONF
}

# backup_up: with PostgreSQL running. The repository is begun if it is new, and gets its first backup; the archive is tried. Dies with the reason.
backup_up() {
	[ -n "$backup" ] || return 0
	if [ ! -e "$backup/archive/$stanza/archive.info" ]; then
		step "$data/backup.log" "beginning the backup in $backup" pgbackrest stanza-create
	fi
	backup_keep_files
	if [ "$(backup_newest)" = 0 ]; then
		backup_run full
	else
		step "$data/backup-check.log" "checking the archive in $backup" pgbackrest check
	fi
}

# backup_fact EXPRESSION: of what pgbackrest knows about the repository, as Python in which `backups` is the list of them, oldest first.
backup_fact() {
	pgbackrest info --output=json --log-level-console=warn | /usr/bin/python3 -c '
import json, sys
stanzas = json.load(sys.stdin)
backups = stanzas[0].get("backup", []) if stanzas else []
print(eval(sys.argv[1]))' "$1"
}

# When the newest backup was finished, in seconds since 1970; 0: there is none.
backup_newest() { backup_fact 'backups[-1]["timestamp"]["stop"] if backups else 0'; }

# The kind that is due: full, or diff, which holds what differs from the last full one.
backup_due() { backup_fact "'diff' if any(b['type'] == 'full' and b['timestamp']['stop'] > $(date +%s) - $backup_whole_days * 86400 for b in backups) else 'full'"; }

# backup_run KIND
backup_run() {
	local began=$SECONDS
	step "$data/backup.log" "backing up to $backup ($1)" pgbackrest --type="$1" backup
	backup_status backup "$(backup_newest)" "$((SECONDS - began))"
}

# backup_check: everything in the repository has its checksum, the archive takes a segment now, and the newest backup is no older than a day.
# Dies with the reason.
backup_check() {
	local newest age
	step "$data/backup-verify.log" "reading the backups in $backup against their checksums" backup_verify
	step "$data/backup-check.log" "checking the archive in $backup" pgbackrest check
	newest=$(backup_newest)
	age=$((($(date +%s) - newest) / 3600))
	[ "$newest" != 0 ] || die "there is no backup in $backup: run deploy/backup"
	[ "$age" -le "$backup_late_hours" ] || die "the newest backup in $backup is $age hours old: does the nightly run of deploy/backup come to its end?"
	backup_status check "$(date +%s)" 0
}

# pgbackrest ends with status 0 also where it has found damaged files, and says so in its words alone.
backup_verify() {
	local words
	words=$(pgbackrest verify 2>&1)
	printf '%s\n' "$words"
	! grep -qE '^ *[0-9-]+ [0-9:.]+ P[0-9]+ +(WARN|ERROR):|missing: [1-9]|checksum invalid: [1-9]|size invalid: [1-9]|other: [1-9]' <<<"$words"
}

# backup_status KEY INSTANT SECONDS: notes it in backup-status, beside what it says already.
backup_status() {
	as_owner backup-status /usr/bin/python3 -c '
import json, os, sys
path, key, instant, seconds, encrypted, keys = sys.argv[1:]
try:
    with open(path, encoding="utf-8") as file:
        status = json.load(file)
except (OSError, ValueError):
    status = {}
status.update({f"last_{key}_at": int(instant), "encrypted": encrypted == "yes", "keys_kept": keys == "yes"})
if key == "backup":
    status["last_backup_seconds"] = int(seconds)
with open(path + ".new", "w", encoding="utf-8") as file:
    json.dump(status, file, sort_keys=True)
    file.write("\n")
os.replace(path + ".new", path)' "$(state_file backup-status)" "$1" "$2" "$3" \
		"$([ -e "$data/backup/passphrase" ] && echo yes || echo no)" "$([ -n "$backup_keys" ] && echo yes || echo no)"
}

# keep_file READER FROM TO [FORMER]: a copy that is whole or not there. READER COMMAND… runs as somebody who can read FROM. What an empty or missing file
# would replace stays; what another replaces stays as FORMER (TO.before; empty: it goes).
keep_file() {
	local reader=$1 former=${4-$3.before}
	if ! $reader test -s "$2" || $reader cat -- "$2" | as_user cmp -s -- - "$3"; then return 0; fi
	# shellcheck disable=SC2016  # expanded by the inner shell
	if ! $reader cat -- "$2" | as_user sh -c 'umask 077; cat >"$1.new"' sh "$3" ||
		! as_user sh -c 'umask 077
			if [ -n "$2" ] && [ -e "$1" ]; then cp -- "$1" "$2.new" && sync "$2.new" && mv -- "$2.new" "$2" || exit 1; fi
			sync "$1.new" && mv -- "$1.new" "$1"' sh "$3" "$former"; then
		die "could not copy $2 to $3: is the disk full, or not there?"
	fi
}

# keep_own FROM TO: the same for a file of the one who runs this, which the supervisor's user may not be able to read.
keep_own() {
	[ -s "$1" ] || return 0
	as_user sh -c 'umask 077; cat >"$1.new" && sync "$1.new" && mv -- "$1.new" "$1"' sh "$2" <"$1" || die "could not copy $1 to $2: is the disk full, or not there?"
}

# Copies to the second place what is not in the database.
backup_keep_files() {
	local file
	[ -n "$backup_keys" ] || return 0
	for file in $backup_state_files; do
		case $file in
		# Who was erased is to be in no third one.
		last-good*) keep_file "as_owner $file" "$(state_file "$file")" "$backup_keys/$file" '' ;;
		*) keep_file "as_owner $file" "$(state_file "$file")" "$backup_keys/$file" ;;
		esac
	done
	for file in $backup_data_files; do
		case $file in
		backup/*) keep_file as_postgres "$data/$file" "$backup_keys/${file##*/}" ;;
		*) keep_own "$data/$file" "$backup_keys/$file" ;;
		esac
	done
}
