/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "server/base/backoff.h"
#include "server/base/pulse.h"
#include "server/supervisor/handed.h"
#include "server/supervisor/hung.h"

/*
 * One process of a role: its start, its pulse and its end.
 *
 *   STAYS   is started again when it ends
 *   COMES   is to take the place of one that stays, of the same role and number, once it is ready
 *   GOES    has been replaced and drains
 */
enum child_part { CHILD_STAYS, CHILD_COMES, CHILD_GOES };

struct child {
	const char *role; /* of the table of roles */
	unsigned instance;
	enum child_part part;
	/* it runs the program or the settings from before: another is to take its place */
	bool renew;
	pid_t pid; /* 0: not running */
	int64_t started_ms, due_ms;
	struct backoff backoff;
	struct pulse_page *pulse; /* NULL: it has none, and is never called hung */
	int pulse_fd;
	struct hung_watch watch;
	bool asked;      /* to end, by us */
	int64_t kill_ms; /* it was told to end, and then gets SIGKILL. 0: it was not */
};

/* With what every role is started. */
struct launch {
	const char *const *extra; /* arguments, NULL-terminated */
	const char *users;        /* config: role_users */
};

void child_init(struct child *child, const char *role, unsigned instance);

/* Starts the process: fork, its own user if roles have users, and exec of `crisiscoverd role NAME`, which inherits
 * ${handed} and a pulse. If there is no process to be had, or no such user, ${due_ms} says when to try again. */
void child_start(struct child *child, const struct launch *launch, struct handed *handed);

/* The process has ended with ${wstatus} (of waitpid). */
void child_ended(struct child *child, int wstatus);

/* Asks it to end by ${number}; ${grace_ms} later it gets SIGKILL. */
void child_end(struct child *child, int number, int64_t grace_ms);

/* Whether it is an api process: somebody waits for its answers. */
bool child_answers(const struct child *child);

/* Whether it does what it is for (pulse_ready). */
bool child_ready(const struct child *child);

/* One more second is over: tells the process to abort if it is hung, which is logged in words. */
void child_second(struct child *child, struct hung_limits limits);

/* Kills what was told to end and has not. Answers in how many milliseconds it is to be called again;
 * INT64_MAX: there is no need. */
int64_t child_kill_due(struct child *child, int64_t now_ms);
