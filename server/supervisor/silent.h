/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether the notify role still tells people: a role that cannot tell anybody cannot tell that, so the supervisor does. It
 * reads in the role's figures when a round last went well (base/figures.h).
 */
struct silent {
	int64_t since_ms; /* of the last good round, or of the beginning, by clock_boot_ms() */
	bool raised;
};

/* Pure: what was ${done_ms} (0: not known) is known at ${now_ms}. Whether it was raised or withdrawn just now. */
bool silent_is_new(struct silent *silent, int64_t done_ms, int64_t now_ms, int64_t limit_seconds);

/* Reads the figures in ${directory}; logs notify_silent and notify_not_silent, and sets the figure. */
void silent_look(
    struct silent *silent, const char *directory, int64_t now_ms, int64_t limit_seconds);
