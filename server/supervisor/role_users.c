/* SPDX-License-Identifier: MIT */
#include "server/supervisor/role_users.h"

#include <stdio.h>
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/base/text.h"
#include "server/base/user.h"
#include "server/base/user_limit.h"
#include "server/roles.h"

/* The users of the roles, in ${out}. False, and said, if one will not do. */
static bool
find_users(const char *prefix, struct user *out, unsigned *count)
{
	const char *why = NULL;

	*count = 0;
	for (unsigned i = 0; roles[i].name != NULL && why == NULL; i++) {
		char *name = xasprintf("%s-%s", prefix, roles[i].name);

		INVARIANT(i < USER_LIMIT_MAX);
		why = user_find(name, &out[(*count)++]);
		if (why != NULL)
			fprintf(stderr,
			    "crisiscoverd: the user %s of the setting role_users will not do: %s. Make it "
			    "(useradd --system %s), or change the setting.\n",
			    name, why, name);
		free(name);
	}
	return why == NULL;
}

/* A supervisor may become the users that there were when it was started, also after it has executed itself again. */
static bool
may_become_all(const struct user *users, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (!user_may_become(&users[i])) {
			fprintf(stderr,
			    "crisiscoverd: it may not become the user with the number %u, which is of a role: it was "
			    "started with other users. Stop it and start it again.\n",
			    (unsigned)users[i].uid);
			return false;
		}
	return true;
}

bool
role_users_check(const struct config *config)
{
	struct user users[USER_LIMIT_MAX];
	unsigned count;
	const char *why;

	if (!user_divides(config->role_users))
		return true;
	why = user_check_rights();
	if (why != NULL) {
		fprintf(stderr,
		    "crisiscoverd: it cannot start the roles as users of their own (setting role_users): %s. Start it "
		    "as an unprivileged user with the ambient capabilities CAP_SETUID, CAP_SETGID and CAP_KILL, as "
		    "deploy/README.md says.\n",
		    why);
		return false;
	}
	return find_users(config->role_users, users, &count) && may_become_all(users, count);
}

bool
role_users_keep_rights(const struct config *config)
{
	struct user users[USER_LIMIT_MAX];
	unsigned count;
	const char *why;

	if (!user_divides(config->role_users))
		return true;
	if (!find_users(config->role_users, users, &count))
		return false;
	why = user_keep_rights();
	if (why == NULL)
		why = user_limit(users, count);
	if (why != NULL)
		fprintf(stderr, "crisiscoverd: it cannot give up its other rights: %s\n", why);
	return why == NULL;
}
