/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/clock.h"

/*
 * The present time for a role that works with the database. The database's clock decides, since
 * coverage and every record use it; between two readings of it CLOCK_BOOTTIME continues its time,
 * so that a step of this machine's wall clock or a suspended machine changes nothing. A reading is
 * any statement that answers with clock_timestamp().
 */
struct database_clock {
	bool known;          /* the database's clock has been read */
	int64_t database_us; /* the database's time, */
	int64_t boot_ms;     /* when this machine had been up for so long */
	int64_t told;        /* the difference that was logged last, in seconds */
};

/* Differences between the two clocks: from the first on they are logged and shown in answers, from the second on no
 * answer is "live". */
#define DATABASE_CLOCK_TOLD_SECONDS 2
#define DATABASE_CLOCK_DOUBTFUL_SECONDS 30
/* A statement that takes longer does not say when in between it read the clock. */
#define DATABASE_CLOCK_SLOW_MS 1000

/*
 * A statement that was begun at ${asked} and answered at ${answered} (clock_boot_ms) found the
 * database's clock at ${database_us}. One that took longer than DATABASE_CLOCK_SLOW_MS is not
 * exact: it is taken only where the clock is not known yet or is proved wrong by it.
 */
void database_clock_look(
    struct database_clock *clock, int64_t database_us, int64_t asked, int64_t answered);

/* Microseconds since 1970. The clock must be known: before that, nothing can be judged. */
int64_t database_clock_now_us(const struct database_clock *clock, struct clock_reading reading);

/* Seconds by which the database's clock is ahead of this machine's; 0 while it is unknown or below
 * DATABASE_CLOCK_TOLD_SECONDS. */
int64_t database_clock_off(const struct database_clock *clock, struct clock_reading reading);

/* Milliseconds by which the database's clock is ahead of this machine's, however few; 0 while it is
 * unknown. */
int64_t database_clock_ahead_ms(const struct database_clock *clock, struct clock_reading reading);

/* Whether by so many seconds neither clock can be relied on. */
bool database_clock_doubtful(int64_t off);

/* The difference as a role has written it down last. All zero: never. */
struct database_clock_written {
	bool written;
	int64_t ahead_ms, boot_ms; /* what it was, and when */
};

#define DATABASE_CLOCK_WRITTEN_AGAIN_MS 60000 /* at the latest, so that its age shows a dead role */
#define DATABASE_CLOCK_WRITTEN_MOVED_MS 500   /* at once, if it has moved by as much */

/* Whether ${ahead_ms}, measured at ${boot_ms}, is to be written down. */
bool database_clock_to_write(
    const struct database_clock_written *last, int64_t ahead_ms, int64_t boot_ms);

/* Logs the difference: when the clocks part, when they part further, and when they agree again. */
void database_clock_tell(struct database_clock *clock, struct clock_reading reading);
