/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Long work calls breath() in its loops: here it may be interrupted and go on later (loop/slices.h). Where nobody does
 * that, it is a comparison. What is done between two calls is seen by others as one step. The work may hold across it
 * only what is its own or counted.
 */
typedef void breath_fn(void);
extern breath_fn
    *breath_taker; /* set by loop/slices.c alone, while the work that it runs has the processor */

static inline void
breath(void)
{
	if (breath_taker != 0)
		breath_taker();
}
