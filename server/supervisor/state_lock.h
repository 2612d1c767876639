/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * One `crisiscoverd serve` for one state directory: two would write the same files. The file serve.lock in it is
 * locked for as long as the process lives, also when it ends by kill -9, and has its number in it.
 */

/* Locks ${directory}. Answers the descriptor, to be kept open; -1 if that cannot be, with the reason and the remedy
 * on stderr. ${held}: the descriptor of an earlier lock, or 0; if it is of the same file it is answered again. */
int state_lock(const char *directory, int held);
