/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/base/arena.h"
#include "server/base/table.h"
#include "server/base/text.h"
#include "server/base/vec.h"

/*
 * A table of areas as councils and the ONS publish them: CSV with a heading that has code, name,
 * kind and place, in any order and among others, and perhaps also (codes of places, with blanks or
 * semicolons between them). LAD24CD and LAD24NM, the ONS's own, are a code and
 * a name. Pure.
 */

/* A line that cannot be used: what is wrong with it, and the remedy. */
struct areas_fault {
	unsigned line;
	const char *what;
};

struct areas_table {
	struct arena *arena;
	const char *kind;           /* of lines that say none; NULL: each has to say it */
	const struct table *places; /* codes of the set-up; NULL: they are not known here */
	VEC(json_t *) items;        /* {"code", "name", "kind", "place"}; the caller's */
	VEC(struct areas_fault) faults;
};

/* Whether ${word} is a kind of area, in any case and with blanks for underscores; the kind as the
 * set-up has it, or NULL. */
const char *areas_kind(struct arena *arena, const char *word);

/* Reads ${bytes} into ${table}. Every line that cannot be used is noted, and the others are read. */
void areas_read(struct areas_table *table, struct slice bytes);
