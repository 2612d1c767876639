/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The pulse of a role: a page of memory in which it counts the turns of its loop and the steps of its work. The
 * supervisor reads it each second, and ends a role whose counts stand still (supervisor/hung.h). Each role has a
 * page of its own. A process without a supervisor counts in a page that nobody reads, so that nobody who counts
 * has to ask.
 *
 * Counting is a store to memory: no system call, and nothing that can fail. Where systemd has started the role instead, the same
 * calls tell systemd (watchdog.h).
 */
struct pulse_page {
	_Atomic uint64_t turns;   /* of the loop */
	_Atomic uint64_t steps;   /* of the work */
	_Atomic uint32_t working; /* 1: a piece of work is under way, so steps must come */
	_Atomic uint32_t ready;   /* 1: it does what it is for */
	/* Above 0: the callback that runs now may take so many seconds. The next turn clears it. */
	_Atomic uint32_t allowed_seconds;
};

/* For the supervisor: makes a page and maps it in ${page}. Returns the descriptor to be given to the role (closed
 * on exec); -1 with errno set. pulse_drop closes what is open of both. */
int pulse_make(struct pulse_page **page);
struct pulse_page *pulse_map(int fd); /* NULL with errno set */
void pulse_drop(struct pulse_page *page, int fd);

/* For the role: counts in the page ${fd} from now on and closes ${fd}. Children that are forked later do not have
 * the page: what a hostile calendar does in one of them must not look like a sign of life. Fatal if it cannot be
 * mapped. */
void pulse_open(int fd);

/* The loop has turned (server/loop calls it). */
void pulse_turn(void);

/* The code that runs now, without turning the loop, may take ${seconds}: to read the set-up of a country. The next
 * turn ends that. What is long because it repeats something calls pulse_turn() in between instead. */
#define PULSE_LONG_SECONDS 60 /* the usual one: ten times what a country has been seen to take */
void pulse_long(unsigned seconds);

/* One step of the work that a role does again and again: a cycle, a look, a publication. ${under_way}: another one
 * must follow within the time limit of a call to the database. A failure is a step, too: it leads on. */
void pulse_work(bool under_way);

/* How many there have been. */
uint64_t pulse_steps(void);

/* From here on the role does what it is for; a process that it replaces may go. */
void pulse_ready(void);
