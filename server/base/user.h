/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * The system users as which processes run, and what they may besides that. A process that starts others as other
 * users needs three capabilities: CAP_SETUID and CAP_SETGID to become them, CAP_KILL to end them. It is no root, and
 * keeps nothing else.
 */
#define USER_GROUPS_MAX 32

struct user {
	uid_t uid;
	gid_t gid;
	gid_t groups[USER_GROUPS_MAX]; /* with ${gid}, in the order of their numbers */
	int group_count;
};

/* Looks ${name} up on this system. NULL and ${out}; or the reason why not (static): there is none, it is root, or it
 * has too many groups. */
const char *user_find(const char *name, struct user *out);

/* Whether roles have users of their own: their names begin with ${users}, which is neither NULL nor empty. */
bool user_divides(const char *users);

/* The folder ${name} for what is of one role, or for what is shared by all: where they have users of their own, one in
 * ${directory}; else that itself. Free with free(). */
char *user_folder(const char *users, const char *directory, const char *name);

/* This process is ${user} from now on, irrevocably, and may nothing besides: its groups, its user, no capabilities,
 * and nothing that it executes gives it more. Checked afterwards. Fatal if any of it cannot be. */
void user_become(const struct user *user);

/* This process and what it executes have no capabilities from now on. */
void user_drop_rights(void);

/* Gives up all capabilities but those three, which what is executed later keeps. NULL, or the reason why this process
 * cannot start others as other users. */
const char *user_keep_rights(void);

/* Whether user_keep_rights() would answer NULL; changes nothing. */
const char *user_check_rights(void);
