/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * A role without our supervisor tells the one who started it how it is: the datagrams of sd_notify(3), which systemd reads at the
 * unix socket in NOTIFY_SOCKET. With WATCHDOG_USEC in its environment it also says there that it is not hung, as often as it is
 * asked to; one that stops saying so gets SIGABRT and is started again. pulse.c calls what is below; without the two variables it
 * does nothing.
 *
 *   READY=1      the first turn of the loop, or watchdog_ready() where that is waited for
 *   WATCHDOG=1   four times in each WATCHDOG_USEC, from turns of the loop, while its work makes steps
 */

/* Reads the variables and removes them, so that no child speaks there. ${waits}: READY wants watchdog_ready(). */
void watchdog_open(bool waits);

/* The loop has turned. ${steps} of the work so far, and whether some is under way. */
void watchdog_turn(uint64_t steps, bool working);

/* What runs now may take ${seconds}, until the next turn. */
void watchdog_long(unsigned seconds);

void watchdog_ready(void);
