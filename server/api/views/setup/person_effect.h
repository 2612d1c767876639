/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/pg/pg.h"

/* What a merge or a split of people does to shifts, and to titles in calendars. */

/* Shifts on one rota that will belong to another person than before, or to nobody. */
struct person_turned {
	const char *rota;      /* "absence:typed": absences that were typed in */
	const char *from, *to; /* people; NULL: of nobody */
	const char *class_from, *class_to;
	uint32_t shifts;
	int64_t first;
};

/* A title that will have another meaning when its calendar is read again. */
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

/* Compares the shifts that are not over at ${now} in the two maps, which have the same rows. */
void person_effect_turned(struct arena *arena, const struct snapshot *before,
    const struct snapshot *after, int64_t now, struct person_effect *out);

/* Appends the argument of API_PEOPLE_TITLES: the rotas whose titles may name one of ${people} (NULL-terminated)
 * in either set-up. */
void person_effect_rotas(struct arena *arena, const struct region *before,
    const struct region *after, const char *const *people, struct pg_args *args);

/* Reads each title in ${rows}, of API_PEOPLE_TITLES, by the rules of both set-ups, and lists in ${out} those
 * whose meaning differs. */
struct person_titles_asked {
	const struct region *before, *after;
	const struct zonedb *zones;
	const struct pg_rows *rows;
};
void person_effect_titles(
    struct arena *arena, const struct person_titles_asked *asked, struct person_effect *out);

/* Adds the effect to an answer. */
void person_effect_put(
    struct json_out *out, const struct ask *ask, const struct person_effect *effect);
