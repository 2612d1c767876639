/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The table of settings (config.c), from which they are read, checked, printed and documented. Only for config*.c. */

enum config_kind { TEXT, NUMBER, CHOICE };

struct config_row {
	const char *key;
	enum config_kind kind;
	size_t offset; /* of its field in struct config: a text or an int64_t */
	const char *fallback;
	int64_t min, max;           /* NUMBER: the range; TEXT: the least length */
	const char *const *choices; /* CHOICE: ends with NULL */
	const char *about;
};

extern const struct config_row config_rows[];
extern const size_t config_row_count;
