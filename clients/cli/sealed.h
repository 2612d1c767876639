/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"

enum { SEALED_FILE_MAX = 10 << 20 };

/* The type that a workbook (.xlsx) is sent with. */
#define SEALED_WORKBOOK "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

/* The type that the file ${path} is sent with, by its name. The server reads it as that type and refuses it
 * if it is of another. */
const char *sealed_type(const char *path);

/*
 * Reads the calendar file ${path} in a sealed child, as the server does. A name that ends in .csv, or
 * as those of workbooks do, is a roster, any other a calendar; ${options}->kind is set accordingly. EXIT_FINE with ${out}, which may be a
 * refusal, in ${arena}; or EXIT_INPUT_REFUSED after an error on stderr, if nothing could be read.
 */
int sealed_read(
    struct arena *arena, const char *path, struct reading_options *options, struct reading *out);
