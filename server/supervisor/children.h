/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/config.h"
#include "server/supervisor/child.h"

/* All processes of the supervisor. */
#define CHILDREN_MAX 256

struct children {
	struct child all[CHILDREN_MAX];
	unsigned count;
	struct launch launch;
	/* Sockets of the api, one for each of its processes, by number. */
	int listening[HANDED_SOCKETS_MAX];
	unsigned listening_count;
};

/* One more; NULL if there are too many. Pointers to others stay valid until the next children_drop. */
struct child *children_add(struct children *children, const char *role, unsigned instance);

void children_start(struct children *children, struct child *child);

/* That of ${pid}; the one of ${part} with this role and number. NULL: there is none. */
struct child *children_of_pid(struct children *children, pid_t pid);
struct child *children_find(
    struct children *children, enum child_part part, const char *role, unsigned instance);

/* Adds those that ${config} wants and that are not there yet. What is there and not wanted goes: it is told to end. */
void children_want(struct children *children, const struct config *config);

/* Forgets those that have ended and are not to be started again. */
void children_drop(struct children *children);

/* How many run: of the api, or all. */
unsigned children_answering(const struct children *children);
unsigned children_running(const struct children *children);

/* Sends ${number} to those of the api, or to the others. */
void children_signal(const struct children *children, bool answering, int number);
