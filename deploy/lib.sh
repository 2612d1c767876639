# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# What deploy/up, deploy/down and tests/run share: talking, steps with progress, packages. For bash; sourced, never run.
# Who sources it has set `set -euo pipefail` and `top` (the repository).

say()  { printf '%s\n' "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die()  { warn "$*"; exit 1; }

# step LOG WORDS COMMAND…: runs a command whose output goes to LOG; says what is going on every few seconds, and where to read
# when it fails.
step() {
	local log=$1 words=$2 pid status=0 ticks=0 began=$SECONDS tail=
	shift 2
	printf '%s' "$words"
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.2
		ticks=$((ticks + 1))
		if [ $((ticks % 50)) -eq 0 ]; then
			tail=$(tail -n 1 "$log" 2>/dev/null | tr -d '\r' | cut -c1-70)
			printf '\n  … %d s: %s' $((SECONDS - began)) "$tail"
		fi
	done
	wait "$pid" || status=$?
	if [ "$status" -ne 0 ]; then
		printf '\n'
		# Programs may repeat bytes that they could not read, which are no text and may move a terminal. iconv says by its status that it left some out.
		tail -n 25 "$log" | tr -d '\000-\010\013-\037\177' | { iconv -c -f UTF-8 -t UTF-8 || :; } | sed 's/^/  | /' >&2
		die "$words failed (status $status). All of it: $log"
	fi
	if [ $((SECONDS - began)) -ge 2 ]; then
		printf ' (%d s)\n' $((SECONDS - began))
	else
		printf '\n'
	fi
}

# try_to COMMAND…: runs it in a shell of its own, which may die with its reason. Whether it came to its end is in ${tried}: yes or no.
# Called by itself, never in a condition, in which bash would go on after a failure inside.
try_to() {
	local status
	set +e
	(set -e; "$@")
	status=$?
	set -e
	tried=yes
	if [ "$status" -ne 0 ]; then tried=no; fi
}

# as_root COMMAND…
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "needs root for: $* (neither root nor sudo here). Install what is missing yourself, then use --no-install."
	fi
}

# packages_of TAG…: their names.
packages_of() {
	awk -v tags=" $* " '!/^#/ && NF && index(tags, " " $2 " ") { print $1 }' "$top/deploy/packages"
}

# packages_missing TAG…: those of them that are not installed, nor provided by another that is (Node.js from elsewhere brings its own npm).
packages_missing() {
	local wanted
	wanted=$(packages_of "$@")
	dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' 2>/dev/null |
		sed -n 's/^installed //p' | tr ',' '\n' | awk 'NF { print $1 }' | sort -u >"${TMPDIR:-/tmp}/have.$$"
	printf '%s\n' "$wanted" | sort -u | comm -23 - "${TMPDIR:-/tmp}/have.$$"
	rm -f "${TMPDIR:-/tmp}/have.$$"
}

# install_quietly LOG PACKAGE…: asks nothing, starts none of the machine's services, makes no cluster of the machine's own. Runs as root,
# in one shell, so that what it lays aside for the time being is put back whatever happens.
install_quietly() {
	local log=$1
	shift
	step "$log" "installing $# Debian packages" as_root env DEBIAN_FRONTEND=noninteractive bash -euc '
		policy=/usr/sbin/policy-rc.d
		conf=/etc/postgresql-common/createcluster.d/crisiscover-no-main.conf
		dirs=""
		put_back() {
			rm -f "$policy" "$conf"
			if [ -e "$policy.crisiscover" ]; then mv "$policy.crisiscover" "$policy"; fi
			for dir in $dirs; do rmdir --ignore-fail-on-non-empty "$dir" 2>/dev/null || true; done
		}
		trap put_back EXIT
		trap "exit 130" INT TERM HUP
		# A policy of the machine itself comes back afterwards; one that an earlier, killed run laid aside is not overwritten.
		if [ -e "$policy" ] && [ ! -e "$policy.crisiscover" ]; then mv "$policy" "$policy.crisiscover"; fi
		printf "#!/bin/sh\nexit 101\n" >"$policy"
		chmod 755 "$policy"
		for dir in /etc/postgresql-common /etc/postgresql-common/createcluster.d; do
			if [ ! -d "$dir" ]; then mkdir "$dir"; dirs="$dir $dirs"; fi
		done
		echo "create_main_cluster = false" >"$conf"

		had() { dpkg-query -W -f "\${db:Status-Status}" "$1" 2>/dev/null | grep -qx installed; }
		fresh=""
		for name in nginx redis-server; do
			had "$name" || fresh="$fresh $name"
		done
		apt-get update
		apt-get install -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@"
		# Not at the next boot either: they were brought in for their programs, not as services.
		for name in $fresh; do
			if had "$name"; then update-rc.d "$name" disable; fi
		done
	' install "$@"
}

# install_packages LOG TAG…: what is missing, nothing if nothing is.
install_packages() {
	local log=$1 missing
	shift
	command -v dpkg-query >/dev/null || die "this is for Debian 12: there is no dpkg here"
	missing=$(packages_missing "$@")
	[ -n "$missing" ] || return 0
	# shellcheck disable=SC2086  # a list of words
	install_quietly "$log" $missing
	missing=$(packages_missing "$@" | tr '\n' ' ')
	[ -z "$missing" ] || die "still not installed: $missing. All of it: $log"
}

# require_packages TAG…: says what is missing, for --no-install.
require_packages() {
	local missing
	missing=$(packages_missing "$@" | tr '\n' ' ')
	[ -z "$missing" ] || die "not installed: $missing. Run: apt-get install --no-install-recommends $missing"
}

# need_proc: a bare chroot comes without /proc, which servers, sanitizers and these scripts read. Root gets it mounted, as any boot does.
need_proc() {
	if [ -r /proc/self/cmdline ]; then return; fi
	if [ "$(id -u)" -eq 0 ] && mount -t proc proc /proc 2>/dev/null; then
		say "mounted /proc, which was missing here"
		return
	fi
	die "/proc is not mounted here, and the servers need it. Run: mount -t proc proc /proc"
}
