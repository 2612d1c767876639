/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One simulated world: a clock that nobody waits for, a queue of events, one source of chance. All
 * of it in one thread, so a seed is a history. There is one world at a time; what the product calls
 * without being handed a context (the clock, the log) has to find it.
 */
struct sim_event;
typedef void sim_fire_fn(void *ctx);

/* Begins a world. ${fault}: the deliberate fault it has, or NULL. */
void sim_begin(uint64_t seed, const char *fault, bool verbose);
void sim_end(void); /* what is left in the queue is dropped */

uint64_t sim_seed(void);
int64_t sim_now_us(void);

/* Runs events until ${us}, or until one of them has called sim_fail. */
void sim_run_until(int64_t us);

struct sim_event *sim_after(int64_t us, sim_fire_fn *fire, void *ctx);
void sim_cancel(struct sim_event *event); /* not one that has fired */

/* Chance. sim_below: 0 to ${limit} - 1. sim_between: both included. sim_odds: once in ${one_in}
 * times; 0: never. */
uint32_t sim_below(uint32_t limit);
int64_t sim_between(int64_t least, int64_t most);
bool sim_odds(uint32_t one_in);

/* Whether this world has that deliberate fault. */
bool sim_faulty(const char *fault);

/* The last 200 are kept for whoever reads a failure. */
void sim_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Something that must hold does not. The first of a world is kept; the world stops. */
void sim_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *sim_failure(void); /* NULL: none */
void sim_print_notes(void);
