/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>
#include <sys/types.h>

/* The only places that read a clock. Pure code gets `now` as an argument. */

/* Wall clock, microseconds and whole seconds since 1970-01-01T00:00:00Z. */
int64_t clock_wall_us(void);
int64_t clock_wall(void);

/* Milliseconds that never go back, for timers and time limits. */
int64_t clock_mono_ms(void);
int64_t clock_mono_us(void); /* the same in microseconds */

/* The same, and it continues while the machine is suspended: for ages. */
int64_t clock_boot_ms(void);

/* The machine's wall clock, and how long the machine has been up, at one instant. */
struct clock_reading {
	int64_t wall_us, boot_ms;
};
struct clock_reading clock_read(void);

/* Nanoseconds that the process ${pid} has used of the processor, in all of its threads; 0: there is none. */
uint64_t clock_processor_ns(pid_t pid);
