/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/*
 * What a process gives up irrevocably before it reads anything. Children inherit it. Fatal if the kernel refuses.
 */

/* No core dump: one would hold names, numbers and keys. Where a process was when it ended its log says (stack.h). */
void confine_cores(void);

/* Nobody who runs as the same user may look into its memory, trace it, or dump it to a program (core_pattern). Not
 * inherited by what is executed. */
void confine_memory(void);

/* By Landlock, where the kernel has it: it writes, makes and removes files beneath ${folders} alone (NULL-terminated; one that
 * is not there is left out), executes nothing, and makes nothing but files, folders and sockets there. ${reads}: it may still
 * open others to read; else it opens nothing besides but what /proc says. What is open already stays. May be called again, for less. Logged as
 * files_confined, or files_not_confined where the kernel lacks it. */
void confine_files(const char *const *folders, bool reads);
