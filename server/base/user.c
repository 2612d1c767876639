/* SPDX-License-Identifier: MIT */
#include "server/base/user.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "server/base/fatal.h"

/* libc has no function for capabilities, and libcap wants more code around two calls than they are. */
struct rights {
	uint64_t effective, permitted, inheritable;
};

#define RIGHT(number) (UINT64_C(1) << (number))
#define NEEDED (RIGHT(CAP_SETUID) | RIGHT(CAP_SETGID) | RIGHT(CAP_KILL))

static bool
get_rights(struct rights *rights)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data) != 0)
		return false;
	rights->effective = data[0].effective | (uint64_t)data[1].effective << 32;
	rights->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	rights->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
	return true;
}

/* All three sets alike. */
static bool
set_rights(uint64_t rights)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	uint32_t low = (uint32_t)rights, high = (uint32_t)(rights >> 32);
	const struct __user_cap_data_struct data[2] = {{low, low, low}, {high, high, high}};

	return syscall(SYS_capset, &head, data) == 0;
}

/* ------------------------------------------------------------------------------------------ users */

bool
user_divides(const char *users)
{
	return users != NULL && users[0] != '\0';
}

char *
user_folder(const char *users, const char *directory, const char *name)
{
	return user_divides(users) ? xasprintf("%s/%s", directory, name) : xstrdup(directory);
}

static int
by_number(const void *a, const void *b)
{
	gid_t left = *(const gid_t *)a, right = *(const gid_t *)b;

	return (left > right) - (left < right);
}

const char *
user_find(const char *name, struct user *out)
{
	const struct passwd *found;

	errno = 0;
	found = getpwnam(name);
	if (found == NULL)
		return errno == 0 ? "there is no such user"
				  : "the system's users could not be read";
	if (found->pw_uid == 0)
		return "it is root";
	*out = (struct user){
	    .uid = found->pw_uid, .gid = found->pw_gid, .group_count = USER_GROUPS_MAX};
	if (getgrouplist(name, out->gid, out->groups, &out->group_count) < 0)
		return "it is in too many groups";
	qsort(out->groups, (size_t)out->group_count, sizeof *out->groups, by_number);
	return NULL;
}

static bool
has_ids(const struct user *user)
{
	uid_t real, effective, saved;
	gid_t real_group, effective_group, saved_group;

	return getresuid(&real, &effective, &saved) == 0 &&
	       getresgid(&real_group, &effective_group, &saved_group) == 0 && real == user->uid &&
	       effective == user->uid && saved == user->uid && real_group == user->gid &&
	       effective_group == user->gid && saved_group == user->gid;
}

static bool
has_groups(const struct user *user)
{
	gid_t groups[USER_GROUPS_MAX];
	int count = getgroups(USER_GROUPS_MAX, groups);

	if (count != user->group_count)
		return false;
	qsort(groups, (size_t)count, sizeof *groups, by_number);
	return memcmp(groups, user->groups, (size_t)count * sizeof *groups) == 0;
}

/* Root is asked for last of all: that must fail. */
static bool
is_only(const struct user *user)
{
	struct rights rights;

	return has_ids(user) && has_groups(user) && get_rights(&rights) &&
	       (rights.effective | rights.permitted | rights.inheritable) == 0 &&
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 && setuid(0) != 0;
}

void
user_drop_rights(void)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 || !set_rights(0) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		fatal("could not give up rights: %s", strerror(errno));
}

void
user_become(const struct user *user)
{
	/* Groups first: without the user's rights they could not be changed any more. */
	if (setgroups((size_t)user->group_count, user->groups) != 0 ||
	    setresgid(user->gid, user->gid, user->gid) != 0 ||
	    setresuid(user->uid, user->uid, user->uid) != 0)
		fatal("could not become the user %u: %s", (unsigned)user->uid, strerror(errno));
	/* Of a process that is no root, capabilities stay over a change of the user. */
	user_drop_rights();
	if (!is_only(user))
		fatal("became the user %u and has more rights than that", (unsigned)user->uid);
}

/* ----------------------------------------------------------------------------------------- rights */

const char *
user_check_rights(void)
{
	struct rights rights;

	if (geteuid() == 0)
		return "it runs as root";
	if (!get_rights(&rights) || (rights.permitted & NEEDED) != NEEDED)
		return "it lacks CAP_SETUID, CAP_SETGID or CAP_KILL";
	return NULL;
}

static bool
keep_over_exec(unsigned long right)
{
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, right, 0, 0) == 0;
}

const char *
user_keep_rights(void)
{
	const char *why = user_check_rights();

	if (why != NULL)
		return why;
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 || !set_rights(NEEDED) ||
	    !keep_over_exec(CAP_SETUID) || !keep_over_exec(CAP_SETGID) ||
	    !keep_over_exec(CAP_KILL) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return "the kernel does not let it keep its rights";
	return NULL;
}
