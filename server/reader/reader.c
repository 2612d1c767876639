/* SPDX-License-Identifier: MIT */
/*
 * The reader: a zygote that gives each calendar to a child of its own.
 *
 * The bytes of a calendar come from strangers. We assume that they can take over the process that
 * parses them. So each body is parsed by a child that lives for that body alone and cannot open
 * files, the network or the database; the process that asked (server/feeds) checks its answer
 * against the request. This process does what must be done before the fork: it loads the tz database
 * and listens on a socket in the state directory (server/sealed/zygote.h).
 *
 * It wakes on a connection, on SIGCHLD and on the timers of its children. SIGTERM ends it and them. If
 * it dies, the readings in progress fail; feeds counts them as attempts and tries again. It keeps
 * nothing.
 */
#include "server/reader/reader.h"

#include <stdlib.h>

#include "calendars/reading.h"
#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/base/sandbox.h"
#include "server/base/zone.h"
#include "server/loop/loop.h"
#include "server/sealed/zygote.h"

enum { READER_CHILDREN_MAX = 4, READER_CHILD_MS = 10000 };

/* A request is a body of at most 10 MiB and the directory of its rota. Reading takes about 16 bytes of
 * memory for each byte of the body; the limit is of the address space, which includes the libraries.
 * The largest valid body takes less than half a second of processor time (test_bombs.c); a hostile one
 * takes all it is given. */
static const struct sandbox_limits child_limits = {
    .request_max_bytes = (size_t)16 << 20,
    .answer_max_bytes = (size_t)64 << 20,
    .cpu_seconds = SANDBOX_SANITIZED ? 6 : 2,
    .memory_bytes = (size_t)512 << 20,
};

int
reader_main(const struct role_env *env)
{
	struct loop *loop = loop_new();
	struct zonedb *zones;
	struct reading_tools tools;
	struct zygote *zygote;

	role_signals(loop);
	role_figures(loop, env, NULL, NULL);
	/* Before the first child, which is sealed and could not open the files of its tables. */
	reading_prepare();
	if (zonedb_open(env->config->zoneinfo_directory, &zones) != STATUS_OK)
		fatal(
		    "could not read the tz database in %s: install tzdata, or set zoneinfo_directory",
		    env->config->zoneinfo_directory);
	tools = (struct reading_tools){.zones = zones};
	zygote = zygote_open(loop, &(struct zygote_options){
				       .state_directory = env->config->state_directory,
				       .socket = "reader.sock",
				       .socket_mode = role_socket_mode(env->config),
				       .children = READER_CHILDREN_MAX,
				       .child_ms = READER_CHILD_MS,
				       .limits = child_limits,
				       .work = reading_answer,
				       .ctx = &tools,
				   });
	log_event(LOG_INFO, "reader_listening", LOG_STR("tzdata", zonedb_version(zones)));
	role_reads_no_more(env);

	loop_run(loop);

	zygote_close(zygote);
	loop_free(loop);
	zonedb_free(zones);
	return EXIT_SUCCESS;
}
