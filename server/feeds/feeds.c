/* SPDX-License-Identifier: MIT */
/*
 * The feeds role: keeps the shifts in force true to what the rotas' sources say.
 *
 * It asks each address when it is due, takes files that were sent in, and brings what they say into
 * the record: body, reading, shifts, in one transaction each. It never parses a body itself: the
 * sealed reader does, and its answer is checked as input that cannot be trusted. It decides nothing about people
 * either: a calendar that looks wrong (empty, shrunken, an hour out) is held until a person has
 * decided, and the last good one stays in force. A fault of a source is reported in a sentence on
 * that source, and affects no other.
 *
 *   region and decisions in force --> which feeds, read by which rules      (in_force, rulebook)
 *   due feed --> claim --> fetch --> read --> guard --> merge --> write    (schedule, fetch_job)
 *   file sent in --> claim ---------> read --> guard --> merge --> preview     (import_job)
 *   last good check an hour old --> a flag                                       (stale)
 *   a day passes, another set-up --> rotations are written further              (rotations)
 *   five seconds pass --> how full the disks are, for operators                 (disks)
 *   a minute passes --> a rota that nobody sees changes                         (canary)
 *
 * Any number of these processes may run: a feed or a file is claimed by one of them for a minute,
 * and another process takes it over if the first one ends before it is done. It is woken by hints
 * (the region was applied, a decision was made, a file came, somebody wants a refresh), by timers
 * that check anyway, and by the network. It ends with SIGTERM, dropping what is under way; nothing
 * is half written. A claim ends with the database session that made it, so that a process that dies
 * delays its feeds by seconds.
 */
#include "server/feeds/feeds.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/arena.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/feeds/archive.h"
#include "server/feeds/canary.h"
#include "server/feeds/disks.h"
#include "server/feeds/feeds_env.h"
#include "server/feeds/import_job.h"
#include "server/feeds/in_force.h"
#include "server/feeds/rotations.h"
#include "server/feeds/schedule.h"
#include "server/feeds/stale.h"

#define AUTHORITIES_MAX_BYTES ((size_t)1 << 20)

struct feeds {
	struct feeds_env env;
	struct zonedb *zones;
	struct in_force *in_force;
	struct schedule *schedule;
	struct imports *imports;
	struct stale *stale;
	struct rotations *rotations;
	struct disks *disks;
	struct canary_turns *canary;
	struct archive *archive;
	char *holidays; /* the data file */
	size_t holidays_len;
};

/* --------------------------------------------------------------------------------------- hints */

static void
on_region_applied(void *ctx)
{
	struct feeds *feeds = ctx;

	in_force_look(feeds->in_force);
}

static void
on_decisions_changed(void *ctx)
{
	struct feeds *feeds = ctx;

	in_force_look(feeds->in_force);
}

static void
on_import_changed(void *ctx)
{
	struct feeds *feeds = ctx;

	imports_look(feeds->imports);
}

static void
on_refresh_asked(void *ctx)
{
	struct feeds *feeds = ctx;

	schedule_look(feeds->schedule);
}

/* Another region or other decisions are in force: feeds and files may be claimed by them now. */
static void
on_rulebook_changed(void *ctx)
{
	struct feeds *feeds = ctx;

	schedule_look(feeds->schedule);
	imports_look(feeds->imports);
	rotations_look(feeds->rotations);
}

/* ---------------------------------------------------------------------------------------- main */

#define HOLIDAYS_MAX_BYTES ((size_t)1 << 20)

/* NULL if the setting is empty. */
static const char *
set_or_null(const char *setting)
{
	return setting[0] != '\0' ? setting : NULL;
}

/* Read at the start: a file that cannot be used would else show itself as a fault of every feed. */
static const char *
read_authorities(struct arena *arena, const char *path)
{
	const char *text;
	char *bytes;
	size_t len;

	if (path[0] == '\0')
		return NULL;
	if (file_read(path, AUTHORITIES_MAX_BYTES, &bytes, &len) != STATUS_OK)
		fatal("could not read feeds_ca %s", path);
	text = arena_strndup(arena, bytes, len);
	free(bytes);
	if (strstr(text, "-----BEGIN CERTIFICATE-----") == NULL)
		fatal("feeds_ca %s has no certificate in PEM", path);
	return text;
}

static struct web_client *
open_web(struct loop *loop, struct arena *arena, const struct config *config)
{
	struct web_client_options options = {
	    .allow_cidrs = text_list(arena, config->allow_feeds_from),
	    .proxy = set_or_null(config->feeds_proxy),
	    .no_proxy = text_list(arena, config->feeds_no_proxy),
	    .ca = read_authorities(arena, config->feeds_ca),
	};
	const char *reason = NULL;
	struct web_client *web = web_client_open(loop, &options, &reason);

	if (web == NULL)
		fatal("%s cannot be used: %s",
		    reason == options.proxy ? "feeds_proxy" : "allow_feeds_from", reason);
	return web;
}

/* Logged at the start, when somebody looks at the log. It is not fatal: each address that cannot be opened
 * is a fault of its feed. */
static void
check_address_keys(const char *path)
{
	struct address_open_keys keys;
	enum status st = address_open_keys_read(path, &keys);

	if (st != STATUS_OK)
		log_event(LOG_ERROR, "address_open_key_unusable", LOG_STR("path", path),
		    LOG_STR("fault", address_key_fault(st)));
	sodium_memzero(&keys, sizeof keys);
}

static void
open_env(struct feeds *feeds, struct arena *arena, const struct role_env *role)
{
	struct feeds_env *env = &feeds->env;
	char *folder;

	if (sodium_init() < 0)
		fatal("could not start libsodium");
	if (zonedb_open(role->config->zoneinfo_directory, &feeds->zones) != STATUS_OK)
		fatal(
		    "could not read the tz database in %s: install tzdata, or set zoneinfo_directory",
		    role->config->zoneinfo_directory);
	env->zones = feeds->zones;
	if (file_read(role->config->bank_holidays, HOLIDAYS_MAX_BYTES, &feeds->holidays,
		&feeds->holidays_len) != STATUS_OK)
		fatal("could not read the bank holidays in %s", role->config->bank_holidays);
	env->holidays = (struct slice){feeds->holidays, feeds->holidays_len};
	env->web = open_web(env->loop, arena, role->config);
	folder = role_shared(role, "reader");
	env->reader = reader_calls_new(env->loop, arena_printf(arena, "%s/reader.sock", folder));
	free(folder);
	env->address_open_path = address_key_path(
	    role->config->address_open_key, role->config->state_directory, ADDRESS_OPEN_FILE);
	check_address_keys(env->address_open_path);
	env->proxy_login = set_or_null(role->config->feeds_proxy_login);
	env->pg = pg_open(env->loop, &(struct pg_options){
					 .conninfo = role->conninfo,
					 .application_name = "crisiscover-feeds",
					 .primary_only = true,
				     });
}

static void
close_env(struct feeds *feeds)
{
	pg_close(feeds->env.pg);
	web_client_close(feeds->env.web);
	reader_calls_free(feeds->env.reader);
	loop_free(feeds->env.loop);
	zonedb_free(feeds->zones);
	free(feeds->holidays);
	free(feeds->env.address_open_path);
}

int
feeds_main(const struct role_env *role)
{
	struct arena *arena = arena_new(0);
	struct feeds feeds = {.env = {.loop = loop_new()}};

	role_signals(feeds.env.loop);
	role_figures(feeds.env.loop, role, NULL, NULL);
	figure_done(); /* else one that begins in an outage would have no age */
	open_env(&feeds, arena, role);
	feeds.schedule = schedule_new(&feeds.env, (unsigned)role->config->feeds_at_once);
	feeds.imports = imports_new(&feeds.env);
	feeds.rotations = rotations_new(&feeds.env, feeds.env.holidays);
	feeds.in_force = in_force_new(&feeds.env, on_rulebook_changed, &feeds);
	feeds.stale = stale_new(&feeds.env);
	feeds.disks = disks_new(feeds.env.loop, role->config);
	feeds.canary = canary_turns_new(&feeds.env, role->config);
	feeds.archive = archive_new(&feeds.env);
	pg_listen(feeds.env.pg, "region_applied", on_region_applied, &feeds);
	pg_listen(feeds.env.pg, "decisions_changed", on_decisions_changed, &feeds);
	pg_listen(feeds.env.pg, "import_changed", on_import_changed, &feeds);
	pg_listen(feeds.env.pg, "refresh_asked", on_refresh_asked, &feeds);

	loop_run(feeds.env.loop);

	archive_free(feeds.archive);
	canary_turns_free(feeds.canary);
	disks_free(feeds.disks);
	rotations_free(feeds.rotations);
	stale_free(feeds.stale);
	imports_free(feeds.imports);
	schedule_free(feeds.schedule);
	in_force_free(feeds.in_force);
	close_env(&feeds);
	arena_free(arena);
	return EXIT_SUCCESS;
}
