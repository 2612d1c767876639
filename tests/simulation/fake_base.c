/* SPDX-License-Identifier: MIT */
/* The machine's services as the product uses them: its clock, its log, its random bytes, its own
 * end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/pg/pg_clock.h"
#include "tests/simulation/sim.h"

int64_t
clock_wall_us(void)
{
	return sim_now_us();
}

int64_t
clock_wall(void)
{
	return sim_now_us() / 1000000;
}

int64_t
clock_mono_ms(void)
{
	return sim_now_us() / 1000;
}

int64_t
clock_boot_ms(void)
{
	return clock_mono_ms();
}

struct clock_reading
clock_read(void)
{
	return (struct clock_reading){clock_wall_us(), clock_boot_ms()};
}

/* Roles compare the two clocks for the metrics only. Here the database's clock jumps, and nothing
 * is logged or noted: no promise depends on it. */
void
pg_clock_open(struct pg_clock *clock, struct pg *pg, const struct pg_stmt *note)
{
	*clock = (struct pg_clock){.pg = pg, .note = note};
}

void
pg_clock_close(struct pg_clock *clock)
{
	(void)clock;
}

void
pg_clock_asked(struct pg_clock *clock)
{
	(void)clock;
}

void
pg_clock_answered(struct pg_clock *clock, int64_t database_us)
{
	(void)clock;
	(void)database_us;
}

void
log_open(const char *role, enum log_level least)
{
	(void)role;
	(void)least;
}

void
log_write(enum log_level level, const char *event, const struct log_field *fields, unsigned count)
{
	char text[160] = "";
	size_t used = 0;

	for (unsigned i = 0; i < count && used < sizeof text; i++) {
		const struct log_field *field = &fields[i];

		if (field->type == LOG_FIELD_STR)
			used += (size_t)snprintf(text + used, sizeof text - used, " %s=%s",
			    field->key, field->str != NULL ? field->str : "null");
		else
			used += (size_t)snprintf(text + used, sizeof text - used, " %s=%lld",
			    field->key, (long long)field->num);
	}
	sim_note("%s%s", event, text);
	if (level == LOG_ERROR)
		sim_fail("an error was logged: %s%s", event, text);
}

/* A broken promise of the product's own code: the worst that a seed can find. */
void
fatal(const char *format, ...)
{
	char reason[300];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof reason, format, args);
	va_end(args);
	sim_fail("fatal: %s", reason);
	printf("seed %llu: %s\n", (unsigned long long)sim_seed(), reason);
	sim_print_notes();
	exit(1);
}

static void *
or_die(void *memory)
{
	if (memory == NULL)
		abort();
	return memory;
}

void *
xmalloc(size_t size)
{
	return or_die(malloc(size ? size : 1));
}

void *
xcalloc(size_t count, size_t size)
{
	return or_die(calloc(count ? count : 1, size ? size : 1));
}

void *
xrealloc(void *memory, size_t size)
{
	return or_die(realloc(memory, size ? size : 1));
}

char *
xstrdup(const char *string)
{
	return or_die(strdup(string));
}

/* Replaces the C library's, so that random waits are the same for each run of a seed. */
ssize_t
getrandom(void *buffer, size_t length, unsigned flags)
{
	unsigned char *bytes = buffer;

	(void)flags;
	for (size_t i = 0; i < length; i++)
		bytes[i] = (unsigned char)sim_below(256);
	return (ssize_t)length;
}
