/* SPDX-License-Identifier: MIT */
/*
 * The reader: a zygote that hands each calendar to a child of its own.
 *
 * A calendar is somebody else's bytes, and the process that parses it must be assumed to be theirs
 * a moment later. So the parser lives one body long in a child without network, files, database or
 * even the right to open any; what it says is checked by the process that asked (server/feeds).
 * This process does what must happen before: it opens the tz database once, listens on a socket in
 * the state directory that only our own user can reach, and forks (server/sealed/zygote.h).
 *
 * It is woken by a connection, by SIGCHLD and by those timers, and ends with SIGTERM, taking its
 * children along. Its death costs the readings under way: feeds counts them as attempts and comes
 * again. Nothing is kept here.
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

/* A body is at most 10 MiB and comes with the directory of its rota. An honest one needs 16 bytes
 * of memory for each of its own; the address space counts the libraries too. The largest honest one
 * takes less than half a second of the processor (test_bombs.c), a hostile one what it is given. */
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
				       .children = READER_CHILDREN_MAX,
				       .child_ms = READER_CHILD_MS,
				       .limits = child_limits,
				       .work = reading_answer,
				       .ctx = &tools,
				   });
	log_event(LOG_INFO, "reader_listening", LOG_STR("tzdata", zonedb_version(zones)));

	loop_run(loop);

	zygote_close(zygote);
	loop_free(loop);
	zonedb_free(zones);
	return EXIT_SUCCESS;
}
