/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * What a process gives up irrevocably before it reads anything. Children inherit it. Fatal if the kernel refuses.
 */

/* No core dump: one would hold names, numbers and keys. Where a process was when it ended its log says (stack.h). */
void confine_cores(void);

/* Nobody who runs as the same user may look into its memory, trace it, or dump it to a program (core_pattern). Not
 * inherited by what is executed. */
void confine_memory(void);
