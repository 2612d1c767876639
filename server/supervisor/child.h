/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "server/base/backoff.h"
#include "server/base/pulse.h"
#include "server/supervisor/hung.h"

/* One process of a role: its start, its pulse and its end. */
struct child {
	const char *role;
	unsigned instance;
	pid_t pid; /* 0: not running */
	int64_t started_ms, due_ms;
	struct backoff backoff;
	struct pulse_page *pulse; /* NULL: it has none, and is never called hung */
	int pulse_fd;
	struct hung_watch watch;
	int64_t kill_ms; /* it was told to abort because it is hung; then SIGKILL. 0: it was not */
};

void child_init(struct child *child, const char *role, unsigned instance);

/* Starts the process: fork, and exec of `crisiscoverd role NAME` with ${extra} (NULL-terminated). If there is no
 * process to be had, ${due_ms} says when to try again. */
void child_start(struct child *child, const char *const *extra);

/* The process has ended with ${wstatus} (of waitpid). ${wanted}: somebody asked it to. */
void child_ended(struct child *child, int wstatus, bool wanted);

/* One more second is over: tells the process to abort if it is hung, which is logged in words. */
void child_second(struct child *child, struct hung_limits limits);

/* Kills what was told to abort and has not ended. Answers in how many milliseconds it is to be called again;
 * INT64_MAX: there is no need. */
int64_t child_kill_due(struct child *child, int64_t now_ms);
