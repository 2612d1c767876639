/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One simulated world: a clock that only events advance, a queue of events, one source of random
 * numbers. All of it runs in one thread, so a seed determines the history. There is one world at a
 * time, because the product calls some functions (clock, log) without a context.
 */
struct sim_event;
typedef void sim_fire_fn(void *ctx);

/* Begins a world. ${fault}: a deliberate fault, or NULL. */
void sim_begin(uint64_t seed, const char *fault, bool verbose);
void sim_end(void); /* drops what is left in the queue */

uint64_t sim_seed(void);
int64_t sim_now_us(void);

/* Runs events until ${us}, or until one of them has called sim_fail. */
void sim_run_until(int64_t us);

struct sim_event *sim_after(int64_t us, sim_fire_fn *fire, void *ctx);
void sim_cancel(struct sim_event *event); /* the event must not have fired */

/* Random numbers. sim_below: 0 to ${limit} - 1. sim_between: both ends included. sim_odds: true
 * once in ${one_in} times; 0: never. */
uint32_t sim_below(uint32_t limit);
int64_t sim_between(int64_t least, int64_t most);
bool sim_odds(uint32_t one_in);

/* Whether this world has the deliberate fault. */
bool sim_faulty(const char *fault);

/* Notes a line. The last 200 are printed if the world fails. */
void sim_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Reports that something does not hold that must. The first report of a world is kept, and the
 * world stops. */
void sim_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *sim_failure(void); /* NULL: none */
void sim_print_notes(void);
