#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/clock.h"

/*
 * What time it is for whoever asks about now. The database's clock decides, since coverage and
 * every record go by it; between two looks at the database its time goes on with CLOCK_BOOTTIME, so
 * that a step of this machine's wall clock or a suspended machine changes neither the answer nor
 * its age. Before the first look the wall clock has to do.
 */
struct map_clock {
	bool known;
	int64_t database_us; /* the database's time, */
	int64_t boot_ms;     /* when this machine had been up for so long */
};

#define MAP_CLOCK_TOLD_SECONDS 2      /* from here on in the log and in answers */
#define MAP_CLOCK_DOUBTFUL_SECONDS 30 /* from here on nothing is "live" */

/* A look that was begun at ${asked} and answered at ${answered} (clock_boot_ms) found the
 * database's clock at ${database_us}. */
void map_clock_look(struct map_clock *clock, int64_t database_us, int64_t asked, int64_t answered);

/* Microseconds since 1970. */
int64_t map_clock_now_us(const struct map_clock *clock, struct clock_reading reading);

/* Seconds by which the database's clock is ahead of this machine's; 0 while it is unknown or below
 * MAP_CLOCK_TOLD_SECONDS. */
int64_t map_clock_off(const struct map_clock *clock, struct clock_reading reading);

/* Whether by so many seconds neither clock can be relied on. */
bool map_clock_doubtful(int64_t off);
