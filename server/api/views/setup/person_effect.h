/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/pg/pg.h"

/* What becomes of shifts and titles when people are merged or split. */

/* Shifts on one rota that are of another person than before, or of nobody any more. */
struct person_turned {
	const char *rota;      /* "absence:typed": absences that were typed in */
	const char *from, *to; /* people; NULL: of nobody */
	const char *class_from, *class_to;
	uint32_t shifts;
	int64_t first;
};

/* A title that will count otherwise when its calendar is read again. */
struct person_title {
	const char *rota, *title;
	const char *from, *to; /* people; NULL: of nobody */
	const char *class_from, *class_to;
	int64_t shifts, first;
};

struct person_effect {
	struct person_turned *turned;
	struct person_title *titles;
	size_t nturned, ntitles;
};

/* ${after}: the map as it would be. Coming shifts alone. */
void person_effect_turned(struct arena *arena, const struct snapshot *before,
    const struct snapshot *after, int64_t now, struct person_effect *out);

/* The rotas that may name one of the people, which are NULL-terminated, under either set-up: the
 * argument of API_PEOPLE_TITLES. */
void person_effect_rotas(struct arena *arena, const struct region *before,
    const struct region *after, const char *const *people, struct pg_args *args);

/* ${rows}: of API_PEOPLE_TITLES. */
struct person_titles_asked {
	const struct region *before, *after;
	const struct zonedb *zones;
	const struct pg_rows *rows;
};
void person_effect_titles(
    struct arena *arena, const struct person_titles_asked *asked, struct person_effect *out);

void person_effect_put(
    struct json_out *out, const struct ask *ask, const struct person_effect *effect);
