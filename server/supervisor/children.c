/* SPDX-License-Identifier: MIT */
#include "server/supervisor/children.h"

#include <signal.h>
#include <string.h>

#include "server/roles.h"
#include "server/supervisor/renew.h"

struct child *
children_add(struct children *children, const char *role, unsigned instance)
{
	struct child *child;

	if (children->count == CHILDREN_MAX)
		return NULL;
	child = &children->all[children->count++];
	child_init(child, role, instance);
	return child;
}

/* Nobody but the api listens. A process gets all sockets, its own first; one without a socket of its own makes
 * it itself. */
static void
hand_sockets(const struct children *children, const struct child *child, struct handed *handed)
{
	if (!child_answers(child) || child->instance >= children->listening_count)
		return;
	handed->listening[handed->listening_count++] = children->listening[child->instance];
	for (unsigned i = 0; i < children->listening_count; i++)
		if (i != child->instance)
			handed->listening[handed->listening_count++] = children->listening[i];
}

void
children_start(struct children *children, struct child *child)
{
	struct handed handed = {0};

	hand_sockets(children, child, &handed);
	child_start(child, &children->launch, &handed);
}

struct child *
children_of_pid(struct children *children, pid_t pid)
{
	for (unsigned i = 0; i < children->count; i++)
		if (children->all[i].pid == pid)
			return &children->all[i];
	return NULL;
}

struct child *
children_find(struct children *children, enum child_part part, const char *role, unsigned instance)
{
	for (unsigned i = 0; i < children->count; i++) {
		struct child *child = &children->all[i];

		if (child->part == part && child->instance == instance &&
		    strcmp(child->role, role) == 0)
			return child;
	}
	return NULL;
}

static unsigned
copies_of(const char *role, const struct config *config)
{
	return strcmp(role, "api") == 0 ? (unsigned)config->api_processes : 1;
}

static bool
is_wanted(const struct child *child, const struct config *config)
{
	for (unsigned i = 0; roles[i].name != NULL; i++)
		if (strcmp(roles[i].name, child->role) == 0)
			return child->instance < copies_of(child->role, config);
	return false;
}

void
children_want(struct children *children, const struct config *config)
{
	for (unsigned i = 0; i < children->count; i++) {
		struct child *child = &children->all[i];

		if (child->part == CHILD_GOES || is_wanted(child, config))
			continue;
		child->part = CHILD_GOES;
		if (child->pid != 0)
			child_end(child, SIGHUP, RENEW_GRACE_MS);
	}
	for (unsigned i = 0; roles[i].name != NULL; i++)
		for (unsigned copy = 0; copy < copies_of(roles[i].name, config); copy++)
			if (children_find(children, CHILD_STAYS, roles[i].name, copy) == NULL)
				children_add(children, roles[i].name, copy);
}

void
children_drop(struct children *children)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < children->count; i++)
		if (children->all[i].pid != 0 || children->all[i].part == CHILD_STAYS)
			children->all[kept++] = children->all[i];
	children->count = kept;
}

unsigned
children_answering(const struct children *children)
{
	unsigned answering = 0;

	for (unsigned i = 0; i < children->count; i++)
		answering += children->all[i].pid != 0 && child_answers(&children->all[i]);
	return answering;
}

unsigned
children_running(const struct children *children)
{
	unsigned running = 0;

	for (unsigned i = 0; i < children->count; i++)
		running += children->all[i].pid != 0;
	return running;
}

void
children_signal(const struct children *children, bool answering, int number)
{
	for (unsigned i = 0; i < children->count; i++)
		if (children->all[i].pid != 0 && child_answers(&children->all[i]) == answering)
			kill(children->all[i].pid, number);
}
