/* SPDX-License-Identifier: MIT */
#include "server/api/api.h"

#include <errno.h>
#include <malloc.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "server/api/api_sql.h"
#include "server/api/ask/dear.h"
#include "server/api/ask/job.h"
#include "server/api/ask/limits.h"
#include "server/api/ask/rates.h"
#include "server/api/context.h"
#include "server/api/events/listeners.h"
#include "server/api/figures.h"
#include "server/api/keep/ended_sessions.h"
#include "server/api/keep/follow.h"
#include "server/api/keep/snapshot_file.h"
#include "server/api/keeper.h"
#include "server/api/leave.h"
#include "server/api/openapi.h"
#include "server/api/own_files.h"
#include "server/api/practice.h"
#include "server/api/record/holidays.h"
#include "server/api/record/reads.h"
#include "server/api/record/uses.h"
#include "server/api/routes.h"
#include "server/api/views/elsewhere/areas.h"
#include "server/api/views/now/now_cache.h"
#include "server/api/views/operations/security_txt.h"
#include "server/api/views/pages.h"
#include "server/api/views/views.h"
#include "server/base/arena.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"
#include "server/base/pulse.h"
#include "server/sealed/password.h"
#include "server/sealed/sealed_call.h"

/*
 * The api answers people and programs over HTTP, and it always answers. Lookups are computed from a
 * snapshot in memory, so they work, and state their age, also while the database, Redis and every feed
 * are away. It must not block, parse a calendar, or need the database for a lookup.
 *
 * It wakes for requests, for the results of its calls to the database (ask/job.h), and each second and at
 * each hint to read what has changed (keep/follow.h). It has three connections: one only reads the
 * snapshot, one does work that may be slow, one does the writes.
 *
 * If it dies, its clients must ask once more: the next process reads the last-good file first and then the
 * database. Of several api processes on a machine, one writes that file (keeper.h).
 */

/* Blocks of this size are returned to the system when they are freed. glibc would raise its own threshold
 * with use, and then keep the memory of former snapshots. */
#define MMAP_THRESHOLD_BYTES (256 << 10)
#define FILES_WANTED 10500 /* the web server's connections, and some */
#define HOUR_SECONDS 3600
#define READY_WITHOUT_DATABASE_MS 5000
/* Between two statements of a round a country's region may be read, by another connection. */
#define ROUND_IDLE_LIMIT_MS 120000
#define MINUTE_SECONDS 60

/* Objects that live as long as the process and are not for handlers. */
struct api_role {
	struct api api;
	struct own_files files;
	char *ended_sessions; /* name of the file */
	char *figures;        /* folder of those of all processes */
	struct keeper *keeper;
	struct leave *leave;
	bool waits; /* nobody is accepted yet */
	struct holidays *recorded;
};

static void
on_shown(void *ctx)
{
	struct api_role *role = ctx;

	if (role->keeper != NULL)
		keeper_changed(role->keeper);
}

/* From the first round on its answers are as new as those of the process whose place it takes. */
static void
become_ready(void *ctx)
{
	struct api_role *role = ctx;

	if (role->waits && role->api.server != NULL)
		web_server_accept(role->api.server);
	role->waits = false;
	pulse_ready();
}

static void
on_round(void *ctx)
{
	struct api_role *role = ctx;

	listeners_look(role->api.listeners);
	become_ready(role);
}

/* Each connection is a file. The limit that a process begins with is for programs that use
 * select(), which this one does not. */
static void
take_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max < FILES_WANTED ? limit.rlim_max : FILES_WANTED;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < FILES_WANTED)
		log_event(LOG_WARN, "few_files", LOG_INT("limit", (int64_t)limit.rlim_cur),
		    LOG_INT("wanted", FILES_WANTED));
}

static struct listeners *
open_listeners(struct api_role *role, const struct config *config)
{
	return listeners_open(&(struct listeners_options){
	    .loop = role->api.loop,
	    .api = &role->api,
	    .most = (unsigned)config->listeners,
	    .per_account = (unsigned)config->listeners_per_account,
	});
}

/* Somebody who found a weakness is not to be led to nobody. */
static const char *
check_contact(const char *contact)
{
	if (!security_contact_fine(contact))
		fatal(
		    "security_contact is not a list of mailto:, https:// or tel: addresses, separated by commas");
	return contact;
}

/* Before anything is read from the database, so that the first request is answered even if there is
 * none. */
static void
read_last_good(struct api_role *role, const char *directory)
{
	struct snapshot_store *store = &role->api.store;

	role->ended_sessions = ended_sessions_path(directory);
	pulse_long(PULSE_LONG_SECONDS); /* the set-up may be of a country */
	/* Without a file there is nothing to answer from until the database was first read, which
	 * is no fault. */
	(void)!snapshot_file_read(directory, &role->api.tools, store);
	if (store->sessions == NULL)
		store->sessions = sessions_new();
	/* The file may be older than the last sign-outs; the list of these is written at once and
	 * ends them again. */
	ended_sessions_read(role->ended_sessions, store->sessions);
}

#define PASSWORDS_WAITING 32

/* Passwords are hashed by children of another process (server/passwords). At most PASSWORDS_WAITING requests
 * wait for that; one more is refused at once. */
static struct sealed_calls *
open_passwords(struct api_role *role, const struct role_env *env)
{
	char *folder = role_shared(env, "passwords");
	char *path = xasprintf("%s/" PASSWORD_SOCKET, folder);
	struct sealed_calls *calls =
	    sealed_calls_new(role->api.loop, &(struct sealed_options){
						 .socket_path = path,
						 .at_once = PASSWORD_CHILDREN,
						 .waiting_max = PASSWORDS_WAITING,
						 .limit_ms = PASSWORD_CHILD_MS + 2000,
						 .answer_max_bytes = PASSWORD_ANSWER_MAX,
						 .secret = true,
					     });
	free(path);
	free(folder);
	return calls;
}

static struct pg *
open_database(struct api_role *role, const struct role_env *env, const char *name)
{
	return pg_open(role->api.loop, &(struct pg_options){
					   .conninfo = env->conninfo,
					   .application_name = name,
				       });
}

/* "a.nhs.uk,b.nhs.uk" as a list; NULL for none: any host. */
static const char *const *
split_hosts(struct arena *arena, const char *hosts)
{
	char *rest = arena_strdup(arena, hosts ? hosts : ""), *host;
	VEC(const char *) list = {0};

	while ((host = strsep(&rest, ", ")) != NULL)
		if (host[0] != '\0')
			*VEC_PUSH(arena, &list) = host;
	if (list.count == 0)
		return NULL;
	*VEC_PUSH(arena, &list) = NULL;
	return list.items;
}

/* "10.0.0.1, 10.1.0.0/16" as a list, which for "" is empty and no default. */
static const char *const *
split_proxies(struct arena *arena, const char *proxies)
{
	static const char *const none[] = {NULL};
	const char *const *list = split_hosts(arena, proxies);

	return list == NULL ? none : list;
}

/* The Date header has the database's clock, because pages take the time from it. */
static int64_t
date_of_answers(void *ctx)
{
	const struct api *api = ctx;

	return snapshot_store_now(&api->store, clock_read());
}

static bool
mark_of_practice(void *ctx, const char *type, struct slice body, struct buf *out)
{
	const struct api *api = ctx;
	const struct snapshot *snapshot = api->store.current;

	return snapshot != NULL && snapshot->setup->region->practice &&
	       practice_mark(type, body, out);
}

static void
listen_for_requests(struct api_role *role, const struct role_env *env, struct arena *arena)
{
	const struct config *config = env->config;
	struct web_server_options options = {
	    .listening = env->listening,
	    .listening_count = env->listening_count,
	    .address = config->listen_address,
	    .port = (uint16_t)config->listen_port,
	    .reuse_port = true,
	    .waits = role->waits,
	    .hosts = split_hosts(arena, config->hosts),
	    .proxies = split_proxies(arena, config->proxies),
	    .limits = {.per_address = (unsigned)config->stranger_connections},
	    .routes = routes_table(),
	    .admit = routes_admit,
	    .now = date_of_answers,
	    .mark = mark_of_practice,
	    .ctx = &role->api,
	};

	if (!web_proxies_fine(options.proxies))
		fatal("proxies has something that is no address and no range: %s", config->proxies);
	role->api.server = web_server_open(role->api.loop, &options);
	if (role->api.server == NULL)
		fatal("could not listen on %s port %lld: %s", config->listen_address,
		    (long long)config->listen_port, strerror(errno));
	dear_watch(role->api.dear, role->api.server);
	log_event(LOG_INFO, "listening", LOG_STR("address", config->listen_address),
	    LOG_INT("port", web_server_port(role->api.server)));
}

/* First everything that may still call back, then what it would call; connections come after
 * everything that has a call on them. */
static void
close_all(struct api_role *role)
{
	leave_free(role->leave);
	keeper_close(role->keeper);
	holidays_close(role->recorded);
	reads_close(role->api.reads);
	uses_close(role->api.uses);
	uses_close(role->api.session_uses);
	dear_finish(role->api.dear);
	job_drop_all(&role->api);
	follow_free(role->api.follow);
	listeners_close(role->api.listeners);
	web_server_close(role->api.server);
	pg_close(role->api.look);
	pg_close(role->api.work);
	pg_close(role->api.deeds);
	protection_unref(role->api.protection);
	snapshot_store_drop(&role->api.store);
	now_cache_free(role->api.cache);
	areas_free(role->api.areas);
	pages_free(role->api.pages);
	web_bytes_unref(role->api.openapi);
	loop_free(role->api.loop);
	dear_free(role->api.dear);
	own_files_close(&role->files, &role->api);
	free(role->ended_sessions);
	free(role->figures);
	limits_free(role->api.limits);
	rates_free(role->api.rates);
	sealed_calls_free(role->api.passwords);
}

int
api_main(const struct role_env *env)
{
	const struct config *config = env->config;
	struct arena *arena = arena_new(0);
	struct api_role role = {0};

	take_files();
	mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD_BYTES);
	if (sodium_init() < 0)
		fatal("could not start libsodium");
	own_files_read(&role.files, &role.api, config);
	role.api.pages = pages_read(config->web_directory);
	role.api.openapi = web_bytes_copy(openapi_text());
	role.api.cache = now_cache_new();
	read_last_good(&role, config->state_directory);

	role.api.loop = loop_new();
	/* First: who sees that it listens may end it at once. The signals are acted on when the loop runs. */
	role.leave = leave_new(&role.api, &role.keeper);
	role.waits = env->waits;
	role.api.has_providers = config->identity_socket[0] != '\0';
	if (config->metrics_token[0] != '\0')
		secret_file_read("metrics_token", config->metrics_token, &role.api.metrics_token);
	role.figures = role_shared(env, "figures");
	role.api.state_directory = role.figures;
	role.api.files_directory = config->state_directory;
	role.api.security_contact = check_contact(config->security_contact);
	role.api.protocol_bytes = config->protocol_megabytes << 20;
	/* Three connections: reading the map each second must not wait for a slow statement, and a
	 * write must wait for neither. */
	role.api.look = pg_open(role.api.loop, &(struct pg_options){
						   .conninfo = env->conninfo,
						   .application_name = "crisiscover-api",
						   .idle_limit_ms = ROUND_IDLE_LIMIT_MS,
					       });
	role.api.work = open_database(&role, env, "crisiscover-api-work");
	role.api.deeds = open_database(&role, env, "crisiscover-api-deeds");
	role.api.reads = reads_open(role.api.loop, role.api.work, config->state_directory);
	role.api.limits = limits_new();
	role.api.rates = rates_new((const int64_t[RATES]){
	    [RATE_ACCOUNT] = config->requests_of_account,
	    [RATE_TOKEN] = config->requests_of_token,
	    [RATE_ADDRESS] = config->requests_of_address,
	});
	role.api.dear = dear_new(
	    role.api.loop, &(struct dear_options){.most = (unsigned)config->large_questions,
			       .most_of_one = (unsigned)config->large_questions_of_one});
	role.api.passwords = open_passwords(&role, env);
	role.api.uses = uses_open(role.api.loop, role.api.work, &API_TOKENS_USED, HOUR_SECONDS);
	role.api.session_uses =
	    uses_open(role.api.loop, role.api.work, &API_SESSIONS_USED, MINUTE_SECONDS);
	role.recorded = holidays_open(role.api.loop, role.api.work, role.api.tools.holidays_csv);
	role.api.listeners = open_listeners(&role, config);
	role.api.follow = follow_new(role.api.loop, &(struct follow_options){
							.pg = role.api.look,
							.conninfo = env->conninfo,
							.store = &role.api.store,
							.tools = &role.api.tools,
							.canary = config->canary_seconds > 0,
							.shown = on_shown,
							.over = on_round,
							.ctx = &role,
						    });
	/* Last: from here on requests come, which need all of the above. */
	listen_for_requests(&role, env, arena);
	role.keeper = keeper_open(&(struct keeper_options){
	    .api = &role.api,
	    .config = config,
	    .ended_sessions = role.ended_sessions,
	    .now = date_of_answers,
	});
	role_figures(role.api.loop, env, api_figures, &role.api);
	figure_done(); /* else one that begins in an outage would have no age */
	/* The database may be away for longer than anybody would wait. */
	loop_after(role.api.loop, READY_WITHOUT_DATABASE_MS, become_ready, &role);

	loop_run(role.api.loop);
	close_all(&role);
	arena_free(arena);
	return 0;
}
