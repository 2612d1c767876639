/* SPDX-License-Identifier: MIT */
#include "server/pg/pg_clock.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/figures.h"

void
pg_clock_open(struct pg_clock *clock, struct pg *pg, const struct pg_stmt *note)
{
	*clock = (struct pg_clock){.pg = pg, .note = note};
}

void
pg_clock_close(struct pg_clock *clock)
{
	pg_call_cancel(clock->call);
	clock->call = NULL;
}

/* A measurement that could not be written is written after the next one. */
static void
on_noted(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct pg_clock *clock = ctx;

	(void)rows;
	clock->call = NULL;
	if (st != STATUS_OK)
		clock->written.written = false;
}

static void
note(struct pg_clock *clock, struct clock_reading reading)
{
	int64_t ahead = database_clock_ahead_ms(&clock->clock, reading);
	char machine[HOST_NAME_MAX + 1] = "";
	struct pg_args args = {0};

	/* One at a time, so that an older note cannot be written after a newer one. */
	if (clock->call != NULL ||
	    !database_clock_to_write(&clock->written, ahead, reading.boot_ms))
		return;
	/* The name shows an operator which machine's clock is off. It is not compared with
	 * anything. */
	if (gethostname(machine, sizeof machine - 1) != 0 || *machine == '\0')
		snprintf(machine, sizeof machine, "unknown");
	pg_text(&args, machine);
	pg_int8(&args, ahead);
	/* Before the answer, so that the next reading does not write it again. */
	clock->written = (struct database_clock_written){true, ahead, reading.boot_ms};
	clock->call = pg_call(clock->pg, clock->note, &args, on_noted, clock);
}

void
pg_clock_asked(struct pg_clock *clock)
{
	/* Not the monotonic clock, which stands still while the machine sleeps. */
	clock->asked_boot_ms = clock_boot_ms();
}

void
pg_clock_answered(struct pg_clock *clock, int64_t database_us)
{
	struct clock_reading reading = clock_read();

	database_clock_look(&clock->clock, database_us, clock->asked_boot_ms, reading.boot_ms);
	database_clock_tell(&clock->clock, reading);
	figure_set(FIGURE_CLOCK_AHEAD_MS, database_clock_ahead_ms(&clock->clock, reading));
	note(clock, reading);
}
