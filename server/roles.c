/* SPDX-License-Identifier: MIT */
/*
 * The table of roles. Nothing else includes a role's header: what two roles share is a table of the
 * database.
 */
#include "server/roles.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/api/api.h"
#include "server/base/confine.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/base/pulse.h"
#include "server/base/stack.h"
#include "server/base/text.h"
#include "server/base/user.h"
#include "server/base/watchdog.h"
#include "server/coverage/coverage.h"
#include "server/feeds/feeds.h"
#include "server/flags/flags.h"
#include "server/notify/notify.h"
#include "server/passwords/passwords.h"
#include "server/reader/reader.h"
#include "server/supervisor/handed.h"

#define PASSWORD_FILE_MAX 1024

/* The reader first: feeds asks it as soon as a body is in. */
const struct role_row roles[] = {
    {"reader", NULL},
    {"passwords", NULL},
    {"feeds", "crisiscover_feeds"},
    {"coverage", "crisiscover_coverage"},
    {"flags", "crisiscover_flags"},
    {"notify", "crisiscover_notify"},
    {"api", "crisiscover_api"},
    {NULL, NULL},
};

/* In the order of ${roles}. Apart from it, because roles.h must not include the headers of the roles. */
static role_main_fn *const mains[] = {
    reader_main, passwords_main, feeds_main, coverage_main, flags_main, notify_main, api_main};

static enum log_level
level_of(const char *name)
{
	enum log_level level = log_level_of(name);

	INVARIANT(level < LOG_LEVELS); /* the configuration lets no other through */
	return level;
}

/* Before anything that may hang. */
static struct handed
take_what_was_handed(const char *name, unsigned instance)
{
	struct handed handed = handed_take(instance);

	stack_on_abort(name);
	if (handed.pulse > 0)
		pulse_open(handed.pulse);
	return handed;
}

/* It was started as its own user by the supervisor, by a unit of systemd, or by hand. */
static void
check_user(const struct config *config, const char *name)
{
	char *wanted = xasprintf("%s-%s", config->role_users, name);
	struct user user;
	const char *why;

	if (user_divides(config->role_users)) {
		why = user_find(wanted, &user);
		if (why != NULL)
			fatal("the user %s of the setting role_users will not do: %s", wanted, why);
		if (getuid() != user.uid || geteuid() != user.uid)
			fatal("this role is to run as the user %s (setting role_users)", wanted);
	}
	free(wanted);
}

/* As libpq quotes a value. */
static void
add_quoted(struct buf *out, const char *value)
{
	buf_add(out, "'", 1);
	for (; *value != '\0'; value++) {
		if (*value == '\'' || *value == '\\')
			buf_add(out, "\\", 1);
		buf_add(out, value, 1);
	}
	buf_add(out, "'", 1);
}

/* The first line of the file of ${role} in the folder of passwords. */
static void
add_password(struct buf *conninfo, const char *folder, const char *role)
{
	char *path = xasprintf("%s/%s", folder, role), *bytes;
	enum status st;
	size_t len;

	st = file_read_secret(path, 077, PASSWORD_FILE_MAX, &bytes, &len);
	if (st != STATUS_OK)
		fatal("the password file %s (setting database_passwords) %s", path,
		    st == STATUS_REFUSED ? "can be read by others than its user: chmod 400 it"
					 : "cannot be read");
	bytes[strcspn(bytes, "\r\n")] = '\0';
	buf_printf(conninfo, " password=");
	add_quoted(conninfo, bytes);
	sodium_memzero(bytes, len);
	free(bytes);
	free(path);
}

/* Each role has a login with its own rights. A role without one has no access to the database. */
static struct buf
conninfo_of(const struct role_row *role, const struct config *config)
{
	struct buf conninfo = {0};

	if (role->login == NULL)
		return conninfo;
	buf_printf(&conninfo, "%s user=%s", config->database, role->login);
	if (config->database_passwords[0] != '\0')
		add_password(&conninfo, config->database_passwords, role->name);
	return conninfo;
}

/* Its own folder, that of the figures, and the folder of the socket for a proxy. */
static void
confine(const struct role_env *env)
{
	char *figures = role_shared(env, "figures"), *proxy = xstrdup(env->config->identity_socket);
	char *slash = strrchr(proxy, '/');
	const char *const folders[] = {env->config->state_directory, figures,
	    slash == NULL || strcmp(env->name, "api") != 0 ? NULL : proxy, NULL};

	if (slash != NULL)
		*slash = '\0';
	confine_files(folders, true);
	free(figures);
	free(proxy);
}

static int
run(unsigned at, unsigned instance, const struct config *config)
{
	const char *name = roles[at].name;
	char *folder = user_folder(config->role_users, config->state_directory, name);
	struct config own = *config;
	struct role_env env = {.config = &own,
	    .name = name,
	    .state_directory = config->state_directory,
	    .instance = instance};
	struct handed handed;
	struct buf conninfo;
	int status;

	own.state_directory = folder;
	log_open(name, level_of(config->log_level));
	confine_memory();
	handed = take_what_was_handed(name, instance);
	env.listening = handed.listening;
	env.listening_count = handed.listening_count;
	env.waits = handed.waits;
	/* The api is ready when it has read the map. */
	watchdog_open(strcmp(name, "api") == 0);
	check_user(config, name);
	conninfo = conninfo_of(&roles[at], config);
	env.conninfo = conninfo.at;
	confine(&env);
	status = mains[at](&env);
	figures_close(false);
	buf_free(&conninfo);
	free(folder);
	return status;
}

/* The role's name is checked here, since any text may come from the command line. */
int
role_run(const char *name, unsigned instance, const struct config *config)
{
	for (unsigned i = 0; roles[i].name != NULL; i++)
		if (strcmp(roles[i].name, name) == 0)
			return run(i, instance, config);
	fprintf(stderr,
	    "crisiscoverd: there is no role \"%s\" (reader, passwords, feeds, coverage, flags, notify, api)\n",
	    name);
	return 2;
}
