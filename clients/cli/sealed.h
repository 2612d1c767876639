/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"

enum { SEALED_FILE_MAX = 10 << 20 };

/*
 * Reads the calendar file ${path} in a sealed child. The kind is taken from the name, a roster if it
 * ends in .csv, else a calendar; ${options}->kind is set. Exit codes: EXIT_FINE with ${out} (which may be a refusal); EXIT_INPUT_REFUSED after saying why
 * when nothing could be read at all.
 */
int sealed_read(
    struct arena *arena, const char *path, struct reading_options *options, struct reading *out);
