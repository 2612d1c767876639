#!/usr/bin/env bash
# Builds Crisis Cover and starts it, with private servers, on a region. Run again, it takes up what it finds.
set -euo pipefail
top=$(cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)
. "$top/deploy/lib.sh"
. "$top/deploy/servers.sh"
trap 'warn "a command on line $LINENO failed, and that was not foreseen"' ERR

usage() {
	cat <<-TEXT
	usage: deploy/up [--data DIR] [--port N] [--region FILE] [--no-install] [--allow-feeds-from CIDR]…

	  --data DIR               where everything lives (default: .run beside this folder); several may run side by side
	  --port N                 of the pages and the API, on 127.0.0.1 (default 8080)
	  --region FILE            the region to apply (default: the demo region, made for today)
	  --no-install             do not install missing Debian packages: say which are missing
	  --allow-feeds-from CIDR  also fetch calendars from these addresses; private and loopback ones are refused otherwise

	Port, region and allowed addresses are remembered for the next run. deploy/down stops it all.
	TEXT
}

dir=$top/.run port='' region='' install=yes allow=''
while [ $# -gt 0 ]; do
	case $1 in
	--data | --port | --region | --allow-feeds-from)
		[ $# -ge 2 ] || { warn "$1 wants a value"; usage >&2; exit 2; } ;;
	esac
	case $1 in
	--data) dir=$2; shift ;;
	--port) port=$2; shift ;;
	--region) region=$(realpath -- "$2") || exit 2; shift ;;
	--allow-feeds-from) allow=${allow:+$allow,}$2; shift ;;
	--no-install) install=no ;;
	-h | --help) usage; exit 0 ;;
	*) warn "there is no option $1"; usage >&2; exit 2 ;;
	esac
	shift
done
case $port in
'') ;;
*[!0-9]* | ??????*) die "--port wants a number from 1 to 65535, not $port" ;;
*) if [ "$port" -lt 1 ] || [ "$port" -gt 65535 ]; then die "--port wants a number from 1 to 65535, not $port"; fi ;;
esac
[ -z "$region" ] || [ -r "$region" ] || die "the region file $region cannot be read"
[ -r /proc/self/cmdline ] || die "/proc is not mounted here, and the servers need it. Run: mount -t proc proc /proc"

mkdir -p "$top/build"
if [ "$install" = yes ]; then
	install_packages "$top/build/packages.log" run build
else
	require_packages run build
fi
open_data "$dir"

# One at a time for one data directory. The descriptor is not handed to the servers (spawn closes it).
exec 9>"$data/up.lock"
flock -n 9 || die "another deploy/up is at work on $data"

# ------------------------------------------------------------------------------------------------------------------- options

# remembered KEY: what an earlier run was told.
remembered() { [ ! -e "$data/options" ] || sed -n "s/^$1=//p" "$data/options"; }
port=${port:-$(remembered port)}
port=${port:-8080}
region=${region:-$(remembered region)}
allow=${allow:-$(remembered allow)}
printf 'port=%s\nregion=%s\nallow=%s\n' "$port" "$region" "$allow" >"$data/options.new"
mv "$data/options.new" "$data/options"

# -------------------------------------------------------------------------------------------------------------------- build

build() {
	cd "$top"
	[ -e build/release/build.ninja ] || cmake --preset release
	cmake --build build/release
}

# A release is a copy in a folder named by what is in it: a new build never disturbs a server that runs.
make_release() {
	local new=$data/releases/new
	rm -rf -- "$new"
	mkdir -p -- "$new/bin" "$new/share"
	cp -- "$top/build/release/server/crisiscoverd" "$top/build/release/clients/cli/crisiscover" "$new/bin/"
	cp -r -- "$top/migrations" "$top/clients/web" "$new/share/"
	cp -- "$top/server/model/bank_holidays.csv" "$new/share/"
	chmod -R u=rwX,go=rX -- "$new"
	release=$data/releases/$(cd "$new" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12)
	if [ -d "$release" ]; then
		rm -rf -- "$new"
	else
		mv -- "$new" "$release"
	fi
	ln -sfn -- "releases/${release##*/}" "$data/release.new"
	mv -T -- "$data/release.new" "$data/release"
}

step "$top/build/build.log" "building" build
make_release

# ------------------------------------------------------------------------------------------------------------------- servers

make_demo() {
	local feeds_port
	mkdir -p -- "$data/demo/switch"
	feeds_port=$(cat "$data/demo/port" 2>/dev/null || true)
	if [ -z "$feeds_port" ] || { [ -z "$(pid_of nginx)" ] && port_holder "$feeds_port" >/dev/null; }; then
		feeds_port=$(free_port $((27000 + port % 1000)))
		printf '%s\n' "$feeds_port" >"$data/demo/port"
	fi
	if [ "$(cat "$data/demo/made" 2>/dev/null)" != "$(demo_stamp "$feeds_port")" ]; then
		step "$data/demo.log" "making the demo region for today" \
			/usr/bin/python3 -B "$top/deploy/demo/make" --out "$data/demo" --feeds "http://127.0.0.1:$feeds_port/feeds"
		demo_stamp "$feeds_port" >"$data/demo/made"
	fi
	web_up "$feeds_port"
	region=$data/demo/region.json
	allow=${allow:+$allow,}127.0.0.1/32
}

# Made once a day, and again when the generator or the address changed.
demo_stamp() { printf '%s %s %s\n' "$(TZ=Europe/London date +%F)" "$1" "$(cat "$top"/deploy/demo/make "$top"/deploy/demo/*.py | sha256sum | cut -c1-12)"; }

configure() {
	(umask 077 && cat >"$data/crisiscoverd.conf.new") <<-CONF
		; Written by deploy/up at each run; crisiscoverd --print-config explains every setting.
		database = host=$sockets dbname=crisiscover
		redis = $redis_url
		listen_address = 127.0.0.1
		listen_port = $port
		api_processes = 2
		state_directory = $data/state
		web_directory = $release/share/web
		migrations_directory = $release/share/migrations
		bank_holidays = $release/share/bank_holidays.csv
		allow_feeds_from = $allow
	CONF
	chmod 640 "$data/crisiscoverd.conf.new"
	[ "$(id -u)" -ne 0 ] || chgrp "$run_user" "$data/crisiscoverd.conf.new"
	mv -- "$data/crisiscoverd.conf.new" "$data/crisiscoverd.conf"
}

owner="host=$sockets dbname=crisiscover user=$owner_login"
daemon() { as_user "$release/bin/crisiscoverd" "$@" --config "$data/crisiscoverd.conf"; }

# What the running server was started with: another release or other settings mean another server.
server_stamp() { printf '%s %s\n' "$release" "$(sha256sum <"$data/crisiscoverd.conf")"; }

server_up() {
	local holder
	if [ -n "$(pid_of crisiscoverd)" ] && [ "$(cat "$data/server.stamp" 2>/dev/null)" != "$(server_stamp)" ]; then
		say "stopping the server: its program or its settings changed"
		end crisiscoverd TERM 30
	fi
	[ -z "$(pid_of crisiscoverd)" ] || return 0
	if holder=$(port_holder "$port"); then
		die "port $port is in use by $holder. Give another with --port N, or end that one."
	fi
	server_stamp >"$data/server.stamp"
	say "starting crisiscoverd"
	spawn crisiscoverd "$release/bin/crisiscoverd" serve --config "$data/crisiscoverd.conf"
}

data_option=''
[ "$dir" = "$top/.run" ] || data_option=" --data $dir"
ask() { curl -sS --noproxy '*' --max-time 10 "$@"; }

postgres_up
redis_up "$port"
[ -n "$region" ] || make_demo
configure
step "$data/migrate.log" "migrating the database" daemon migrate --owner "$owner"
server_up
url=http://127.0.0.1:$port
await crisiscoverd 60 "the server answered" ask -f -o /dev/null "$url/healthz"

# --------------------------------------------------------------------------------------------------------------------- token

token=$(sed -n "s/^export CRISISCOVER_TOKEN='\(.*\)'$/\1/p" "$data/env" 2>/dev/null || true)
# Never in an argument list: curl reads the header from a descriptor.
token_answer() { ask -o /dev/null -w '%{http_code}' -H @<(printf 'Authorization: Bearer %s\n' "$token") "$url/v1/me"; }
answers_for_token() { [ "$(token_answer)" != 503 ]; }
# Kept for as long as the server knows it.
if [ -n "$token" ]; then
	await crisiscoverd 60 "the server had read its accounts" answers_for_token
	[ "$(token_answer)" != 401 ] || token=''
fi
if [ -z "$token" ]; then
	token=$(daemon token administrator --role administrator --owner "$owner") ||
		die "could not make an administrator's token (the reason stands above)"
fi
(
	umask 077
	cat >"$data/env.new" <<-ENV
		# Written by deploy/up. The token is an administrator's: keep it.
		export CRISISCOVER_URL='$url'
		export CRISISCOVER_TOKEN='$token'
		export DATABASE_URL='postgresql:///crisiscover?host=$sockets&user=$owner_login'
		export REDIS_URL='$redis_url'
		export PATH='$data/release/bin':"\$PATH"
	ENV
)
mv -- "$data/env.new" "$data/env"

# -------------------------------------------------------------------------------------------------------------------- region

run_client() (
	. "$data/env"
	exec "$release/bin/crisiscover" "$@"
)
step "$data/apply.log" "applying the region $region" run_client apply "$region"
ready() { [ "$(ask -o "$data/ready.json" -w '%{http_code}' "$url/readyz")" = 200 ]; }
await crisiscoverd 120 "the region was read, swept and served (last: $data/ready.json)" ready

# Releases that nobody runs any more.
for old in "$data"/releases/*; do
	[ "$old" = "$release" ] || rm -rf -- "$old"
done

# ---------------------------------------------------------------------------------------------------------------------- words

cat <<-TEXT

	Crisis Cover is ready.

	  Now      $url/now.html?place=ZED01   who is on call at St Oswin's Hospital
	  Gaps     $url/gaps.html              where and when there is no cover
	  Import   $url/import.html            what a calendar would change
	  plain    curl -H "Authorization: Bearer \$CRISISCOVER_TOKEN" $url/now/ZED01.txt

	  sign in  with a token. The administrator's:            (. $data/env; echo "\$CRISISCOVER_TOKEN")
	           one for an account of the region, say an A&E's:  (. $data/env; crisiscover token st-oswins-ed)
	  shell    . $data/env && crisiscover now ZED01
	  feeds    deploy/demo/feed list${data_option}           break, mend and change what is published
	  stop     deploy/down${data_option}
TEXT
