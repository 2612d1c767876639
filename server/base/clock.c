/* SPDX-License-Identifier: MIT */
#include "server/base/clock.h"

#include <time.h>

/* The machine's own clock, for lines of the log and what else lint (wall_clock) lists. Judgements
 * use the database's clock. */
int64_t
clock_wall_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t
clock_wall(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

/* For time limits and pauses: nobody can set it. */
int64_t
clock_mono_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t
clock_mono_ms(void)
{
	return clock_mono_us() / 1000;
}

/* Like the monotonic clock, but it also counts the time in which the machine was suspended. */
int64_t
clock_boot_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct clock_reading
clock_read(void)
{
	return (struct clock_reading){clock_wall_us(), clock_boot_ms()};
}

uint64_t
clock_processor_ns(pid_t pid)
{
	struct timespec used = {0};
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
		return 0;
	return (uint64_t)used.tv_sec * 1000000000U + (uint64_t)used.tv_nsec;
}
