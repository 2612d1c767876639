/* SPDX-License-Identifier: MIT */
/*
 * The table of roles. Nothing else includes a role's header: what two roles share is a table of the
 * database.
 */
#include "server/roles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/api.h"
#include "server/base/confine.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"
#include "server/base/pulse.h"
#include "server/base/stack.h"
#include "server/base/text.h"
#include "server/coverage/coverage.h"
#include "server/feeds/feeds.h"
#include "server/flags/flags.h"
#include "server/passwords/passwords.h"
#include "server/reader/reader.h"
#include "server/supervisor/handed.h"

/* The reader first: feeds asks it as soon as a body is in. */
const struct role_row roles[] = {
    {"reader", NULL},
    {"passwords", NULL},
    {"feeds", "crisiscover_feeds"},
    {"coverage", "crisiscover_coverage"},
    {"flags", "crisiscover_flags"},
    {"api", "crisiscover_api"},
    {NULL, NULL},
};

/* In the order of ${roles}. Apart from it, because roles.h must not include the headers of the roles. */
static role_main_fn *const mains[] = {
    reader_main, passwords_main, feeds_main, coverage_main, flags_main, api_main};

static enum log_level
level_of(const char *name)
{
	enum log_level level = log_level_of(name);

	INVARIANT(level < LOG_LEVELS); /* the configuration lets no other through */
	return level;
}

/* Before anything that may hang. */
static struct handed
take_what_was_handed(const char *name)
{
	struct handed handed = handed_take();

	stack_on_abort(name);
	if (handed.pulse > 0)
		pulse_open(handed.pulse);
	return handed;
}

/* The role's name is checked here, since any text may come from the command line. */
int
role_run(const char *name, unsigned instance, const struct config *config)
{
	for (unsigned i = 0; roles[i].name != NULL; i++) {
		struct buf conninfo = {0};
		struct role_env env = {.config = config, .name = name, .instance = instance};
		struct handed handed;
		int status;

		if (strcmp(roles[i].name, name) != 0)
			continue;
		log_open(name, level_of(config->log_level));
		confine_memory();
		handed = take_what_was_handed(name);
		env.listening = handed.listening;
		env.listening_count = handed.listening_count;
		env.waits = handed.waits;
		if (roles[i].login != NULL)
			/* Each role has a login with its own rights. A role without one has no
			 * access to the database. */
			buf_printf(&conninfo, "%s user=%s", config->database, roles[i].login);
		env.conninfo = conninfo.at;
		status = mains[i](&env);
		figures_close(false);
		buf_free(&conninfo);
		return status;
	}
	fprintf(stderr,
	    "crisiscoverd: there is no role \"%s\" (reader, passwords, feeds, coverage, flags, api)\n",
	    name);
	return 2;
}
