/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/*
 * The descriptors that the supervisor gives to a role, by inheritance: their numbers stand in a variable of its
 * environment. A role that nobody supervises has none.
 */
#define HANDED_SOCKETS_MAX 64

struct handed {
	int pulse;  /* page of the role's pulse (base/pulse.h); 0: none */
	bool waits; /* it is to take another's place: it accepts nobody before it is ready */
	int listening[HANDED_SOCKETS_MAX]; /* the sockets of the api, its own first */
	unsigned listening_count;
};

/* In the child, before exec: keeps the descriptors open and writes the variable. */
void handed_give(const struct handed *handed);

/* In the role, once and first of all: reads the variable and removes it, so that no child of the role inherits
 * anything. Numbers that are no open descriptors are left out. Started by systemd instead, process ${instance} takes the sockets
 * of its unit (sd_listen_fds(3)), which are those of all processes in their order. */
struct handed handed_take(unsigned instance);
