/* SPDX-License-Identifier: MIT */
#include "server/map/scope.h"

#include <string.h>

#include "server/base/fatal.h"

static const char *const names[SCOPES] = {
    [SCOPE_READ] = "read",
    [SCOPE_REVIEW] = "review",
    [SCOPE_ACCOUNTS] = "accounts",
    [SCOPE_WRITE_COVER] = "write:cover",
    [SCOPE_WRITE_SETUP] = "write:setup",
    [SCOPE_NUMBERS] = "numbers",
};

const char *
scope_name(enum scope scope)
{
	INVARIANT(scope < SCOPES);
	return names[scope];
}

bool
scope_of(const char *name, enum scope *out)
{
	for (int i = 0; i < SCOPES; i++)
		if (strcmp(names[i], name) == 0) {
			*out = (enum scope)i;
			return true;
		}
	return false;
}
