/* SPDX-License-Identifier: MIT */
#include "server/supervisor/handover.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/roles.h"

#define VARIABLE "CRISISCOVER_HANDOVER"

/* ----------------------------------------------------------------------------------------- the line */

void
handover_write(struct buf *out, int lock, const struct children *children)
{
	buf_printf(out, "lock=%d", lock);
	for (unsigned i = 0; i < children->listening_count; i++)
		buf_printf(out, ";listening=%d", children->listening[i]);
	for (unsigned i = 0; i < children->count; i++) {
		const struct child *child = &children->all[i];

		if (child->pid != 0)
			buf_printf(out, ";child=%s,%u,%d,%d,%d", child->role, child->instance,
			    (int)child->part, (int)child->pid,
			    child->pulse == NULL ? 0 : child->pulse_fd);
	}
}

/* A name that lives as long as the program; NULL if there is no such role any more. */
static const char *
known_role(const char *name)
{
	for (unsigned i = 0; roles[i].name != NULL; i++)
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].name;
	return NULL;
}

static bool
read_child(const char *text, struct children *children)
{
	unsigned instance, part;
	char role[32];
	struct child *child;
	int pid, pulse;

	if (sscanf(text, "%31[a-z],%4u,%1u,%9d,%9d", role, &instance, &part, &pid, &pulse) != 5 ||
	    part > CHILD_GOES || pid <= 1)
		return false;
	child =
	    children_add(children, known_role(role) != NULL ? known_role(role) : "gone", instance);
	if (child == NULL)
		return false;
	child->part = known_role(role) != NULL ? (enum child_part)part : CHILD_GOES;
	child->pid = pid;
	child->pulse_fd = pulse > 0 ? pulse : -1;
	return true;
}

static bool
read_socket(const char *text, struct children *children)
{
	int fd;

	if (sscanf(text, "%9d", &fd) != 1 || fd <= STDERR_FILENO ||
	    children->listening_count == HANDED_SOCKETS_MAX)
		return false;
	children->listening[children->listening_count++] = fd;
	return true;
}

bool
handover_read(const char *line, int *lock, struct children *children)
{
	char *copy = xstrdup(line), *rest = copy, *item;
	bool fine = true;

	*lock = 0;
	while (fine && (item = strsep(&rest, ";")) != NULL) {
		const char *value = strchr(item, '=');

		if (value == NULL)
			fine = false;
		else if (strncmp(item, "lock=", 5) == 0)
			fine = sscanf(value + 1, "%9d", lock) == 1;
		else if (strncmp(item, "listening=", 10) == 0)
			fine = read_socket(value + 1, children);
		else if (strncmp(item, "child=", 6) == 0)
			fine = read_child(value + 1, children);
	}
	free(copy);
	return fine && *lock > 0;
}

/* ------------------------------------------------------------------------------------- descriptors */

/* ${closed} on the next exec, or kept. */
static void
mark(int fd, bool closed)
{
	if (fd > STDERR_FILENO)
		fcntl(fd, F_SETFD, closed ? FD_CLOEXEC : 0);
}

static void
mark_all(int lock, const struct children *children, bool closed)
{
	mark(lock, closed);
	for (unsigned i = 0; i < children->listening_count; i++)
		mark(children->listening[i], closed);
	for (unsigned i = 0; i < children->count; i++)
		if (children->all[i].pid != 0)
			mark(children->all[i].pulse_fd, closed);
}

void
handover_execute(char *const *argv, int lock, const struct children *children)
{
	struct buf line = {0};

	handover_write(&line, lock, children);
	buf_add(&line, "", 1);
	setenv(VARIABLE, line.at, 1);
	mark_all(lock, children, false);
	execv(strchr(argv[0], '/') != NULL ? argv[0] : "/proc/self/exe", argv);
	mark_all(lock, children, true);
	unsetenv(VARIABLE);
	buf_free(&line);
}

bool
handover_take(int *lock, struct children *children)
{
	const char *line = getenv(VARIABLE);
	bool taken = line != NULL && handover_read(line, lock, children);

	/* Children that nobody knows could not be ended: better none of them. They end with this process. */
	if (line != NULL && !taken)
		fatal("could not read what the supervisor before has left");
	unsetenv(VARIABLE);
	if (!taken)
		return false;
	mark_all(*lock, children, true);
	for (unsigned i = 0; i < children->count; i++)
		if (children->all[i].pulse_fd > 0)
			children->all[i].pulse = pulse_map(children->all[i].pulse_fd);
	return true;
}
