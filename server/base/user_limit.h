/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/user.h"

/*
 * Whom a process with CAP_SETUID and CAP_SETGID may become: the users of the roles, and nobody else, root least of all,
 * also when a stranger has taken it over. Held by the kernel (seccomp(2)), irrevocably, for what it starts and executes, too. Other
 * groups than a user's own are not kept from it: their list lies in memory, where a filter does not see it.
 */
#define USER_LIMIT_MAX 32

/* NULL, or the reason why it cannot be (static). ${users}: at most USER_LIMIT_MAX. Once limited it stays so. The process has
 * no_new_privs (user_keep_rights()). */
const char *user_limit(const struct user *users, unsigned count);

/* Whether this process can become ${user}: it has the rights, and no limit keeps it from that. Tried by a child. */
bool user_may_become(const struct user *user);
