/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/database_clock.h"
#include "server/pg/pg.h"

/*
 * The database's clock as a role without a port keeps it: compared with this machine's each time
 * that it is read, logged when they differ, and noted in the database, where the api reads it for
 * its metrics. A note is written when the difference has moved, and once a minute.
 */
struct pg_clock {
	struct database_clock clock;
	struct pg *pg;
	const struct pg_stmt *note; /* ROLE_role_clock: the machine's name, milliseconds */
	struct pg_call *call;
	int64_t asked_boot_ms; /* when the statement under way was begun */
	struct database_clock_written written;
};

/* ${pg} and ${note} are borrowed until pg_clock_close. */
void pg_clock_open(struct pg_clock *clock, struct pg *pg, const struct pg_stmt *note);
void pg_clock_close(struct pg_clock *clock);

/* A statement that reads the clock begins: one at a time. It is answered: with the database's time,
 * in microseconds. */
void pg_clock_asked(struct pg_clock *clock);
void pg_clock_answered(struct pg_clock *clock, int64_t database_us);
