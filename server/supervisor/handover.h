/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/text.h"
#include "server/supervisor/children.h"

/*
 * What a supervisor leaves to the next one when it executes itself again, with another program perhaps: its
 * children, which stay its children, and its descriptors. It is one line of text, in a variable of the
 * environment:
 *
 *   lock=5;listening=6;listening=8;child=api,0,0,1234,7;child=…
 *
 * A child is role, number, part, pid, and the descriptor of its pulse. What a later program adds to it an earlier
 * one passes over.
 */

/* Appends the line of ${children} and the ${lock} of the state directory to ${out}. Pure. */
void handover_write(struct buf *out, int lock, const struct children *children);

/* Reads it, adding to ${children}. Of a child, pid and descriptor are as the line says; pages are not mapped. False:
 * it is no such line. Pure. A child whose role is not known is kept as one that goes. */
bool handover_read(const char *line, int *lock, struct children *children);

/* Executes ${argv} in the place of this process, with the line in the environment and its descriptors open. Comes
 * back, with errno set, if that cannot be. */
void handover_execute(char *const *argv, int lock, const struct children *children);

/* At the start: what the supervisor before has left, with its descriptors closed on exec again and pages mapped.
 * False: this is a start of its own. */
bool handover_take(int *lock, struct children *children);
