# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# The private servers of one data directory: their user, their folders, starting and stopping them. For bash; sourced after lib.sh.
#
# Owned by the user who runs deploy/up, read-only for the servers: env  crisiscoverd.conf  options  releases/HASH  release -> …  demo  log  run
# Owned by a server's user: postgres and sockets and backup (PostgreSQL)  redis  web (nginx)  state (the supervisor); in log and run its files.
# Where roles have users of their own, so have these servers, and each role owns its folder of state.
#
# Set by open_data and constant after that: data (the folder, absolute), run_user (the supervisor's user, and where there is no other that of
# all servers), role_users (of the users of roles and servers the part before their name, empty where there are none), sockets (a folder).

postgres_bin=/usr/lib/postgresql/15/bin
owner_login=crisiscover
logins="postgres $owner_login crisiscover_api crisiscover_feeds crisiscover_coverage crisiscover_flags crisiscover_notify"

# remembered KEY: what an earlier deploy/up was told.
remembered() { [ ! -e "$data/options" ] || sed -n "s/^$1=//p" "$data/options"; }

hash_of() { printf '%s' "$1" | sha256sum | cut -c1-12; }

# ------------------------------------------------------------------------------------------------------------- system users

user_prefix=crisiscover
roles="api feeds coverage flags notify reader passwords"
# Beside the supervisor. Each has a folder of this name, but for nginx, whose is web.
servers="postgres redis web"
# Which data directories of this machine want the users, and which users were made for them.
users_home=/var/lib/crisiscover-users

# Run as root: an unprivileged system user for the supervisor, one for each server beside it, and one for each role. Otherwise: the user who
# runs this, for all of it.
choose_user() {
	local role server
	run_user=$(id -un) role_users=''
	[ "$(id -u)" -eq 0 ] || return 0
	run_user=$user_prefix role_users=$user_prefix
	mkdir -p -m 700 -- "$users_home"
	(
		flock 8
		make_user "$run_user"
		for server in $servers; do make_user "$role_users-$server"; done
		make_group "$role_users-figures"
		for role in $roles; do
			make_user "$role_users-$role"
			add_to_group "$role_users-$role" "$role_users-figures"
		done
		# Who may connect to a role's socket is in its group.
		add_to_group "$role_users-feeds" "$role_users-reader"
		add_to_group "$role_users-api" "$role_users-passwords"
	) 8>"$users_home/lock" || die "could not make the system users $run_user and $role_users-ROLE"
}

# make_user NAME: once. What was there before is nobody's to remove.
make_user() {
	if id "$1" >/dev/null 2>&1; then return; fi
	useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$1"
	printf '%s\n' "$1" >>"$users_home/made"
}

# Of those who file figures for each other to read.
make_group() {
	if getent group "$1" >/dev/null; then return; fi
	groupadd --system "$1"
	printf '%s\n' "$1" >>"$users_home/made"
}

add_to_group() {
	case " $(id -nG "$1") " in *" $2 "*) return ;; esac
	usermod --append --groups "$2" "$1"
}

# note_data: this data directory wants the users.
note_data() {
	[ -n "$role_users" ] || return 0
	grep -qxF -- "$data" "$users_home/data" 2>/dev/null || printf '%s\n' "$data" >>"$users_home/data"
}

# forget_data: it is removed. With the last one the users go that were made for them.
forget_data() {
	local name one left=''
	if [ -z "$role_users" ] || [ ! -d "$users_home" ]; then return 0; fi
	(
		flock 8
		while read -r one; do
			if [ "$one" != "$data" ] && [ -e "$one/.crisiscover" ]; then left+=$one$'\n'; fi
		done < <(cat "$users_home/data" 2>/dev/null)
		printf '%s' "$left" >"$users_home/data"
		[ -z "$left" ] || return 0
		while read -r name; do
			if id "$name" >/dev/null 2>&1; then
				userdel "$name" && say "removed the system user $name"
			elif getent group "$name" >/dev/null; then
				groupdel "$name"
			fi
		done < <(cat "$users_home/made" 2>/dev/null)
		rm -rf -- "$users_home"
	) 8>"$users_home/lock" || warn "some of the system users $role_users-ROLE are left"
}

# server_folder NAME: of the server NAME (postgres, redis, nginx or crisiscoverd), whose owner is its user. Only root can give it to another.
server_folder() {
	case $1 in
	crisiscoverd) printf '%s\n' "$data/state" ;;
	nginx) printf '%s\n' "$data/web" ;;
	*) printf '%s\n' "$data/$1" ;;
	esac
}

# server_user NAME: who runs it, or would.
server_user() { stat -c %U -- "$(server_folder "$1")" 2>/dev/null; }

# as_server NAME COMMAND…: runs it as the user of that server, without the caller's environment, which could change what it does.
as_server() (
	run_user=$(server_user "$1")
	shift
	become_user '' "$@"
)

# as_user COMMAND…: the same, as the supervisor's user; and as the one of PostgreSQL, who has the database and its backup.
as_user() (become_user '' "$@")
as_postgres() { as_server postgres "$@"; }

# rights_of NAME: the supervisor starts each role as its own user, and ends it. No other server needs more than its files.
rights_of() {
	if [ "$1" = crisiscoverd ] && [ -n "$role_users" ]; then printf ',+setuid,+setgid,+kill'; fi
}

# become_user RIGHTS COMMAND…: the same, in place of the calling shell. RIGHTS: ",+" and a capability, for each that the command and what it
# executes may keep; none of them is root, and nothing that they execute becomes it.
become_user() {
	local clean=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/) rights=-all$1
	shift
	cd /
	if [ "$(id -u)" -eq 0 ]; then
		clean+=(setpriv --reuid="$run_user" --regid="$run_user" --init-groups --no-new-privs
			--inh-caps="$rights" --ambient-caps="$rights" --bounding-set="$rights" --)
	fi
	exec "${clean[@]}" "$@"
}

# find_data DIR: sets data and run_user for a data directory that is there already; false if there is none.
find_data() {
	data=$(realpath -m -- "$1")
	[ -e "$data/.crisiscover" ] || return 1
	run_user=$(server_user crisiscoverd) role_users=''
	if [ "$(id -u)" -eq 0 ] && [ -d "$data/state/api" ]; then role_users=$run_user; fi
	choose_sockets
}

# open_data DIR: makes it, or takes it up again. Where the supervisor's user cannot reach DIR (below /root, say), DIR becomes a link
# to a folder of /var/lib/crisiscover.
open_data() {
	local dir home
	data=$(realpath -m -- "$1")
	case $data in
	*[!A-Za-z0-9._/+~@:,-]*)
		die "the data directory $data has characters that PostgreSQL, Redis or nginx would misread. Use letters, digits and . _ / + ~ @ : , -" ;;
	esac
	if [ ${#data} -gt 120 ]; then
		die "the data directory's path is ${#data} characters long, more than 120: choose a shorter one with --data DIR"
	fi
	if [ -e "$data" ] && [ ! -e "$data/.crisiscover" ] && [ -n "$(ls -A -- "$data" 2>/dev/null)" ]; then
		die "$data is there already and is no data directory of Crisis Cover. Choose another with --data DIR."
	fi
	choose_user
	mkdir -p -- "$data" || die "could not make the data directory $data"
	chmod 755 -- "$data"
	if ! as_user test -x "$data"; then
		home=/var/lib/crisiscover/$(basename "$data")-$(hash_of "$data")
		say "$data cannot be reached by the user $run_user; the data goes to $home, and $data points there"
		mkdir -p -- "$home"
		rmdir -- "$data"
		ln -s -- "$home" "$data"
		data=$home
	fi
	: >"$data/.crisiscover"
	choose_sockets
	for dir in log run; do caller_folder "$data/$dir"; done
	own_folder "$data/state" "$run_user"
	for dir in $servers; do own_folder "$data/$dir" "${role_users:+$role_users-$dir}"; done
	own_folder "$sockets" "$(server_user postgres)"
	note_data
}

# divide_servers: servers with users of their own have folders of their own. What an earlier version has left to one user is given to them, with
# the server stopped.
divide_servers() {
	[ -n "$role_users" ] || return 0
	divide_server postgres INT "$sockets" "$data/backup"
	divide_server redis TERM
	divide_server nginx QUIT
}

# divide_server NAME SIGNAL FOLDER…: and these folders of it.
divide_server() {
	local name=$1 signal=$2 folder user
	folder=$(server_folder "$1")
	user=$role_users-${folder##*/}
	shift 2
	[ "$(server_user "$name")" != "$user" ] || return 0
	say "${folder##*/} gets a system user of its own: it is stopped, and started again as $user; lookups go on"
	end "$name" "$signal" 60
	for folder in "$folder" "$@"; do [ ! -d "$folder" ] || give_folder "$folder" "$user"; done
}

give_folder() { chown -Rh "$2:$2" -- "$1"; }

# divide_state: roles with users of their own have folders of their own. What an earlier version has left in one folder, of one user, is
# given to them, with the server stopped.
divide_state() {
	local state=$data/state role file
	[ -n "$role_users" ] || return 0
	chmod 711 -- "$state" "$sockets"
	if [ ! -d "$state/api" ] && [ -n "$(pid_of crisiscoverd)" ]; then
		say "each role gets a system user of its own: the server is stopped, and started again as those"
		end crisiscoverd TERM 30
	fi
	for role in api feeds reader passwords; do role_folder "$role"; done
	# Each role makes a file there that all read, and none removes another's.
	if [ ! -d "$state/figures" ]; then
		mkdir -m 700 -- "$state/figures"
		chown "$run_user:$role_users-figures" -- "$state/figures"
		chmod 3770 -- "$state/figures"
	fi
	for file in "$state"/* "$state"/.[!.]*; do
		case ${file##*/} in
		serve.lock | api | feeds | reader | passwords | figures | '*' | '.[!.]*') continue ;;
		reader.sock | passwords.sock | *.figures) rm -f -- "$file"; continue ;;
		*) role=$(state_role "${file##*/}") ;;
		esac
		chown -Rh "$role_users-$role:$role_users-$role" -- "$file"
		mv -- "$file" "$state/$role/"
	done
}

# role_folder ROLE: closed to all others; where the role has a socket, open to its group.
role_folder() {
	local user=$role_users-$1 mode=700
	case $1 in reader | passwords) mode=750 ;; esac
	if [ ! -d "$data/state/$1" ]; then
		mkdir -m 700 -- "$data/state/$1"
		chown "$user:$user" -- "$data/state/$1"
		chmod "$mode" -- "$data/state/$1"
	fi
	if [ -L "$data/state/$1" ] || [ "$(stat -c %U -- "$data/state/$1")" != "$user" ]; then
		die "$data/state/$1 belongs to $(stat -c %U -- "$data/state/$1"), not to $user. If the system users were made again: chown -R $user:$user $data/state/$1"
	fi
}

# state_role NAME: whose a file of the state directory is, where roles have users of their own.
state_role() {
	case $1 in address.open) echo feeds ;; *) echo api ;; esac
}

# state_file NAME: where it is.
state_file() { printf '%s\n' "$data/state${role_users:+/$(state_role "$1")}/$1"; }

# as_owner NAME COMMAND…: runs it as the user whose file of the state directory that is. Root follows no path in a folder of a role.
as_owner() (
	[ -z "$role_users" ] || run_user=$role_users-$(state_role "$1")
	shift
	become_user '' "$@"
)

# own_folder DIR USER: a folder of that user, closed to all others; of the caller where USER is empty. What an earlier version has left to the
# supervisor's user is given away by divide_servers.
own_folder() {
	local user=${2:-$run_user} owner
	if [ ! -d "$1" ]; then
		mkdir -m 700 -- "$1"
		[ "$(id -u)" -ne 0 ] || chown "$user:$user" -- "$1"
	fi
	owner=$(stat -c %U -- "$1")
	if [ -L "$1" ] || { [ "$owner" != "$user" ] && [ "$owner" != "$run_user" ]; }; then
		die "$1 belongs to $owner, not to $user. Was $data made by another user? Continue as that user, or take another --data."
	fi
}

# caller_folder DIR: a folder in which nobody but the caller makes or removes anything, so that no server can lead another, or root, elsewhere.
# The files in it are made for their servers (server_file).
caller_folder() {
	[ -d "$1" ] || mkdir -m 700 -- "$1"
	if [ "$(id -u)" -eq 0 ]; then
		chown root:root -- "$1"
		chmod 711 -- "$1"
	fi
	own_folder "$1" "$(id -un)"
}

# server_file NAME PATH: makes it if it is not there; the server NAME alone reads and writes it.
server_file() {
	local user
	(umask 077 && : >>"$2")
	if [ "$(id -u)" -eq 0 ]; then
		user=$(server_user "$1")
		chown "$user:$user" -- "$2"
	fi
}

# A unix socket's path has 107 bytes, and some libraries count less.
choose_sockets() {
	sockets=$data/sockets
	if [ $((${#sockets} + 16)) -gt 100 ]; then
		sockets=/tmp/crisiscover-$(hash_of "$data")
	fi
}

# ----------------------------------------------------------------------------------------------------------------- processes

# is_ours NAME PID: a living process of that server's user whose arguments name this data directory. A number in a file proves
# nothing: after a reboot it may be anybody's.
is_ours() {
	[ -n "${2:-}" ] && [ -r "/proc/$2/cmdline" ] &&
		[ "$(stat -c %U "/proc/$2" 2>/dev/null)" = "$(server_user "$1")" ] &&
		tr '\0' ' ' <"/proc/$2/cmdline" 2>/dev/null | grep -qF -- "$data/"
}

# pid_of NAME: of the server NAME of this data directory if it lives; empty otherwise. The pid file is asked first, then the machine:
# two servers over the same files would be worse than a lost number.
pid_of() {
	local pid
	pid=$(head -n 1 "$data/run/$1.pid" 2>/dev/null || true)
	case $pid in
	'' | *[!0-9]*) ;;
	*) if is_server "$1" "$pid"; then printf '%s\n' "$pid"; return; fi ;;
	esac
	for pid in $(grep -slF -f <(printf '%s/' "$data") /proc/[0-9]*/cmdline 2>/dev/null | cut -d/ -f3); do
		if is_server "$1" "$pid"; then printf '%s\n' "$pid"; return; fi
	done
}

# is_server NAME PID: ours, and that one of the four.
is_server() {
	local args
	is_ours "$1" "$2" || return 1
	args=$(tr '\0' ' ' <"/proc/$2/cmdline" 2>/dev/null) || return 1
	case $1:$args in
	postgres:*"/postgres -D $data/postgres/cluster "*) ;;
	redis:*"/redis-server $data/redis/redis.conf "*) ;;
	nginx:*"/nginx -e stderr -p $data/web -c "*) ;;
	crisiscoverd:*"/crisiscoverd serve --config $data/crisiscoverd.conf "*) ;;
	*) return 1 ;;
	esac
}

# spawn NAME COMMAND…: a server in a session of its own, its pid in run/NAME.pid, its words in log/NAME.log.
spawn() {
	local name=$1 run_user
	shift
	run_user=$(server_user "$name")
	rm -f -- "$data/run/$name.pid"
	server_file "$name" "$data/run/$name.pid"
	server_file "$name" "$data/log/$name.log"
	# shellcheck disable=SC2016  # expanded by the inner shell
	become_user "$(rights_of "$name")" setsid sh -c '
		umask 077
		echo $$ >"$1" || exit 1
		exec >>"$2" 2>&1
		shift 2
		exec "$@"' sh "$data/run/$name.pid" "$data/log/$name.log" "$@" </dev/null >/dev/null 2>&1 9>&- &
}

# await NAME SECONDS WORDS COMMAND…: until the command succeeds; gives up early when the server NAME is gone.
await() {
	local name=$1 deadline=$((SECONDS + $2)) words=$3
	shift 3
	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$deadline" ]; then
			show_log "$name"
			die "waited in vain until $words. All of it: $data/log/$name.log"
		fi
		sleep 0.1
		if [ -s "$data/run/$name.pid" ] && [ -z "$(pid_of "$name")" ] && ! "$@" >/dev/null 2>&1; then
			show_log "$name"
			die "$name ended before $words. All of it: $data/log/$name.log"
		fi
	done
}

# The newest: once it runs, PostgreSQL logs to a file for each weekday.
show_log() { tail -n 15 "$(ls -t -- "$data/log/$1"*.log 2>/dev/null | head -n 1)" 2>/dev/null | cut -c1-400 | sed 's/^/  | /' >&2 || true; }

# end NAME SIGNAL SECONDS: asks the server NAME to end and waits; kills it when it does not.
end() {
	local name=$1 signal=$2 deadline=$((SECONDS + $3)) pid
	pid=$(pid_of "$name")
	if [ -n "$pid" ]; then
		kill -s "$signal" "$pid" 2>/dev/null || true
		while is_ours "$name" "$pid" && [ "$SECONDS" -lt "$deadline" ]; do sleep 0.1; done
		if is_ours "$name" "$pid"; then
			warn "$name (process $pid) did not end within $3 s and is killed"
			kill -s KILL "$pid" 2>/dev/null || true
			while is_ours "$name" "$pid"; do sleep 0.1; done
		fi
	fi
	rm -f -- "$data/run/$name.pid"
}

# children_of PID: the processes that it has started.
children_of() { cat "/proc/$1/task/$1/children" 2>/dev/null || true; }

# is_renewed PID PROGRAM CHILD…: whether PID runs PROGRAM by now, and none of its processes CHILD is left.
is_renewed() {
	local pid=$1 now child
	[ "/proc/$pid/exe" -ef "$2" ] || return 1
	now=" $(children_of "$pid") "
	shift 2
	for child in "$@"; do
		case $now in *" $child "*) return 1 ;; esac
	done
}

# renew NAME PROGRAM: the server NAME takes its program and its settings again without a pause (SIGHUP). Dies, and leaves what runs as it is,
# if it refuses them; false if it does not do it within two minutes.
renew() {
	local name=$1 log=$data/log/$1.log pid size deadline=$((SECONDS + 120)) before
	pid=$(pid_of "$name")
	size=$(stat -c %s -- "$log")
	before=$(children_of "$pid")
	kill -s HUP "$pid"
	# shellcheck disable=SC2086  # a list of numbers
	until is_renewed "$pid" "$2" $before; do
		if tail -c "+$((size + 1))" -- "$log" | grep -qE '"event":"(not_renewed|not_executed|role_not_replaced)"'; then
			show_log "$name"
			die "$name goes on with its program and settings from before: why it does not take the new ones stands above, and in $log"
		fi
		if [ "$SECONDS" -ge "$deadline" ] || ! is_ours "$1" "$pid"; then return 1; fi
		sleep 0.1
	done
}

# port_holder PORT: who listens there, in words; false if nobody does.
port_holder() {
	local inode link pid
	inode=$(awk -v port="$(printf '%04X' "$1")" '$4 == "0A" && $2 ~ (":" port "$") { print $10; exit }' \
		/proc/net/tcp /proc/net/tcp6 2>/dev/null)
	[ -n "$inode" ] || return 1
	link=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" -print -quit 2>/dev/null || true)
	pid=${link#/proc/}
	pid=${pid%%/*}
	if [ -n "$pid" ]; then
		printf '%s (process %s)\n' "$(cat "/proc/$pid/comm" 2>/dev/null || echo gone)" "$pid"
	else
		printf 'another program\n'
	fi
}

# ---------------------------------------------------------------------------------------------------------------- PostgreSQL

# made in a folder of another name first: half a cluster is never taken for one.
make_cluster() {
	local new=$data/postgres/cluster.new
	as_postgres rm -rf -- "$new"
	as_postgres "$postgres_bin/initdb" -D "$new" -U postgres -A peer -E UTF8 --locale=C.UTF-8 --data-checksums --no-instructions
	as_postgres sh -c 'echo "include '"'crisiscover.conf'"'" >>"$1/postgresql.conf"' sh "$new"
	as_postgres mv -- "$new" "$data/postgres/cluster"
}

# What may differ from one start to the next: where the sockets are, and who may be whom.
configure_postgres() {
	local day
	# It makes no files in the folder of logs.
	for day in Mon Tue Wed Thu Fri Sat Sun; do server_file postgres "$data/log/postgres-$day.log"; done
	as_postgres tee "$data/postgres/cluster/crisiscover.conf" >/dev/null <<-CONF
		# Written by deploy/up at each start.
		listen_addresses = ''
		unix_socket_directories = '$sockets'
		max_connections = 60
		shared_buffers = 64MB
		max_wal_size = 512MB
		timezone = 'UTC'
		log_timezone = 'UTC'
		log_line_prefix = '%m [%p] %q%u '
		cluster_name = '$(basename "$data")'
		# A file for each weekday, begun again when that day comes again: a week is kept.
		logging_collector = on
		log_directory = '$data/log'
		log_filename = 'postgres-%a.log'
		log_truncate_on_rotation = on
		log_rotation_age = 1d
		log_rotation_size = 0
		$(grep -v '^#' "$top/deploy/postgresql.conf")
		$(archive_settings)
	CONF
	as_postgres tee "$data/postgres/cluster/pg_hba.conf" >/dev/null <<-CONF
		# Written by deploy/up. Nobody but the operating system's word says who is who.
		local all all peer map=crisiscover
		local replication all peer map=crisiscover
	CONF
	identities | as_postgres tee "$data/postgres/cluster/pg_ident.conf" >/dev/null
}

# identities: who may be whom. The one who ran deploy/up may be anybody. Where roles have users of their own, each is one login, PostgreSQL's
# user, who has the data files, makes the database and migrates it, and the supervisor's is nobody.
identities() {
	local login user own=$logins
	if [ -n "$role_users" ]; then
		own="postgres $owner_login"
		for login in api feeds coverage flags notify; do printf 'crisiscover "%s" crisiscover_%s\n' "$role_users-$login" "$login"; done
	fi
	for login in $own; do printf 'crisiscover "%s" %s\n' "$(server_user postgres)" "$login"; done
	user=$(id -un)
	[ "$user" != "$(server_user postgres)" ] || return 0
	for login in $logins; do printf 'crisiscover "%s" %s\n' "$user" "$login"; done
}

owner_psql() { as_postgres "$postgres_bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$sockets" -U "$@"; }

postgres_up() {
	local pid
	if [ ! -e "$data/postgres/cluster/PG_VERSION" ]; then
		step "$data/make-cluster.log" "making a private PostgreSQL cluster" make_cluster
	fi
	configure_postgres
	# Whether segments are archived is settled at its start.
	if [ -n "$(pid_of postgres)" ] && [ "$(owner_psql postgres -d postgres -c 'show archive_mode')" != "$(archive_mode)" ]; then
		say "starting PostgreSQL again, since its backup is turned on or off; lookups go on"
		end postgres INT 60
	fi
	if [ -n "$(pid_of postgres)" ]; then
		kill -HUP "$(pid_of postgres)"
	else
		# After a crash or a reboot the file names a process that is not ours.
		for file in "$data/postgres/cluster/postmaster.pid" "$sockets/.s.PGSQL.5432.lock"; do
			pid=$(head -n 1 "$file" 2>/dev/null || true)
			[ -z "$pid" ] || is_ours postgres "$pid" || rm -f -- "$file"
		done
		say "starting PostgreSQL"
		spawn postgres "$postgres_bin/postgres" -D "$data/postgres/cluster"
	fi
	await postgres 120 "PostgreSQL let us in" as_postgres "$postgres_bin/pg_isready" -q -h "$sockets"
	if [ -z "$(owner_psql postgres -d postgres -c "select 1 from pg_roles where rolname = '$owner_login'")" ]; then
		owner_psql postgres -d postgres -c "create role $owner_login login createrole"
	fi
	if [ -z "$(owner_psql postgres -d postgres -c "select 1 from pg_database where datname = 'crisiscover'")" ]; then
		owner_psql postgres -d postgres -c "create database crisiscover owner $owner_login"
	fi
}

# --------------------------------------------------------------------------------------------------------------------- Redis

# free_port FIRST: the first port from there on that nobody listens on, or is about to.
free_port() {
	local candidate=$1
	while [ "$candidate" -eq "$port" ] || port_holder "$candidate" >/dev/null; do candidate=$((candidate + 1)); done
	printf '%s\n' "$candidate"
}

# redis_secret [LOGIN]: its password, made once. Without it any user of the machine could publish false flags over loopback.
redis_secret() {
	local file=$data/redis${1:+-$1}.secret
	if [ ! -s "$file" ]; then
		(umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$file.new" && mv -- "$file.new" "$file")
	fi
	cat -- "$file"
}

# redis_port API_PORT: Redis's port on loopback, chosen once and kept.
redis_port() {
	local chosen
	chosen=$(cat -- "$data/redis.port" 2>/dev/null || true)
	if [ -z "$chosen" ] || { [ -z "$(pid_of redis)" ] && port_holder "$chosen" >/dev/null; }; then
		chosen=$(free_port $((26000 + $1 % 1000)))
		printf '%s\n' "$chosen" >"$data/redis.port"
	fi
	printf '%s\n' "$chosen"
}

# redis_settings API_PORT: sets redis_url, the owner's way in; redis_publisher_url, the server's, which can append and publish flags and nothing else,
# and whose password is in the file redis_password, for the flags role;
# and redis_subscriber_url, to be given to subscribers: it can follow flags and read them back, and nothing else. They hold passwords.
redis_settings() {
	local chosen
	chosen=$(redis_port "$1")
	redis_url=redis://default:$(redis_secret)@127.0.0.1:$chosen
	redis_publisher_url=redis://publisher:@127.0.0.1:$chosen
	redis_subscriber_url=redis://subscriber:$(redis_secret subscriber)@127.0.0.1:$chosen
	redis_password=$data/redis-publisher.secret
	redis_secret publisher >/dev/null
	[ "$(id -u)" -ne 0 ] || chown "$role_users-flags" -- "$redis_password"
}

redis_up() {
	local chosen
	chosen=$(cat -- "$data/redis.port")
	as_server redis sh -c 'umask 077; cat >"$1"' sh "$data/redis/redis.conf.new" <<-CONF
		# Written by deploy/up at each run.
		bind 127.0.0.1
		port $chosen
		requirepass $(redis_secret)
		# What a script calls is asked of the same rights.
		user publisher on >$(redis_secret publisher) resetkeys ~crisiscover:flags:* ~crisiscover:canary resetchannels &crisiscover:flags &crisiscover:flags:* &crisiscover:canary -@all +auth +ping +eval +xrevrange +xadd +set +publish +subscribe
		user subscriber on >$(redis_secret subscriber) resetkeys %R~crisiscover:flags:* resetchannels &crisiscover:flags &crisiscover:flags:* -@all +auth +ping +hello +client|setname +subscribe +psubscribe +unsubscribe +punsubscribe +xrange +xrevrange +xread +get +quit
		dir $data/redis
		daemonize no
		appendonly yes
		appendfsync everysec
		save ""
		databases 1
		maxmemory 256mb
		maxmemory-policy noeviction
		client-output-buffer-limit pubsub 64mb 16mb 60
		set-proc-title no
	CONF
	# Other settings mean another server; what it holds is kept.
	if [ -n "$(pid_of redis)" ] && ! as_server redis cmp -s "$data/redis/redis.conf.new" "$data/redis/redis.conf"; then end redis TERM 30; fi
	as_server redis mv -- "$data/redis/redis.conf.new" "$data/redis/redis.conf"
	[ -z "$(pid_of redis)" ] || return 0
	say "starting Redis"
	spawn redis /usr/bin/redis-server "$data/redis/redis.conf"
	await redis 60 "Redis answered" redis_answers
}

# The password goes by the environment, never by an argument list.
redis_answers() { [ "$(REDISCLI_AUTH=$(redis_secret) redis-cli -p "$(cat "$data/redis.port")" ping 2>/dev/null)" = PONG ]; }

# --------------------------------------------------------------------------------------------- the demo's published calendars

# web_up PORT: nginx over DATA/demo.
web_up() {
	[ -z "$(pid_of nginx)" ] || return 0
	as_server nginx mkdir -p -- "$data/web/temp"
	sed -e "s|@DATA@|$data|g" -e "s|@PORT@|$1|g" "$top/deploy/demo/nginx.conf" |
		as_server nginx tee "$data/web/nginx.conf" >/dev/null
	say "starting the demo's web server (published calendars, 127.0.0.1:$1)"
	spawn nginx /usr/sbin/nginx -e stderr -p "$data/web" -c "$data/web/nginx.conf"
	await nginx 20 "nginx answered" curl -fsS -o /dev/null --noproxy '*' "http://127.0.0.1:$1/"
}

servers_down() {
	end crisiscoverd TERM 30
	end nginx QUIT 10
	end redis TERM 30
	end postgres INT 60
}

. "$top/deploy/backup.sh"
