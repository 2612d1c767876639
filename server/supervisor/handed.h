/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * The descriptors that the supervisor gives to a role, by inheritance: their numbers stand in a variable of its
 * environment. A role that nobody supervises has none.
 */
struct handed {
	int pulse; /* page of the role's pulse (base/pulse.h); -1: none */
};

/* In the child, before exec: keeps the descriptors open and writes the variable. */
void handed_give(const struct handed *handed);

/* In the role, once and first of all: reads the variable and removes it, so that no child of the role inherits
 * anything. A variable that somebody else has made up is refused: then nothing was handed. */
struct handed handed_take(void);
