/* SPDX-License-Identifier: MIT */
#include "server/base/database_clock.h"

#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/base/log.h"

static int64_t
time_at(const struct database_clock *clock, int64_t boot_ms)
{
	return clock->database_us + (boot_ms - clock->boot_ms) * 1000;
}

/* It is not known when within the statement the database read its clock: the middle is wrong by
 * half its duration at most. A call may have waited for seconds after another one. */
void
database_clock_look(
    struct database_clock *clock, int64_t database_us, int64_t asked, int64_t answered)
{
	bool slow = answered - asked > DATABASE_CLOCK_SLOW_MS;

	/* A slow reading that agrees with what is known would only make it less exact. */
	if (clock->known && slow && database_us >= time_at(clock, asked) &&
	    database_us <= time_at(clock, answered))
		return;
	clock->known = true;
	clock->database_us = database_us;
	clock->boot_ms = asked + (answered - asked) / 2;
}

int64_t
database_clock_now_us(const struct database_clock *clock, struct clock_reading reading)
{
	INVARIANT(clock->known);
	return time_at(clock, reading.boot_ms);
}

static int64_t
ahead_us(const struct database_clock *clock, struct clock_reading reading)
{
	return clock->known ? time_at(clock, reading.boot_ms) - reading.wall_us : 0;
}

/* To the nearest, on both sides of 0, so that clocks which agree within half a second differ by
 * 0. */
static int64_t
rounded(int64_t us, int64_t unit)
{
	return (us + (us < 0 ? -unit / 2 : unit / 2)) / unit;
}

int64_t
database_clock_off(const struct database_clock *clock, struct clock_reading reading)
{
	int64_t off = rounded(ahead_us(clock, reading), 1000000);

	return llabs(off) < DATABASE_CLOCK_TOLD_SECONDS ? 0 : off;
}

int64_t
database_clock_ahead_ms(const struct database_clock *clock, struct clock_reading reading)
{
	return rounded(ahead_us(clock, reading), 1000);
}

bool
database_clock_to_write(
    const struct database_clock_written *last, int64_t ahead_ms, int64_t boot_ms)
{
	/* Written when it has moved, and from time to time all the same, so that a machine which
	 * has stopped shows. */
	return !last->written ||
	       llabs(ahead_ms - last->ahead_ms) >= DATABASE_CLOCK_WRITTEN_MOVED_MS ||
	       boot_ms - last->boot_ms >= DATABASE_CLOCK_WRITTEN_AGAIN_MS;
}

bool
database_clock_doubtful(int64_t off)
{
	return llabs(off) >= DATABASE_CLOCK_DOUBTFUL_SECONDS;
}

void
database_clock_tell(struct database_clock *clock, struct clock_reading reading)
{
	int64_t off = database_clock_off(clock, reading);

	/* Once, and again when it changes: a clock that is off stays so for days. */
	if (llabs(off - clock->told) < DATABASE_CLOCK_TOLD_SECONDS)
		return;
	clock->told = off;
	if (off == 0)
		log_event(LOG_INFO, "clock_agrees", LOG_INT("database_ahead_seconds", off));
	else if (!database_clock_doubtful(off))
		log_event(LOG_WARN, "clock_off", LOG_INT("database_ahead_seconds", off));
	else
		log_event(LOG_ERROR, "clock_off", LOG_INT("database_ahead_seconds", off),
		    LOG_STR("text",
			"The clocks of this machine and of the database are far apart. The database's decides. Set the one that is wrong."));
}
