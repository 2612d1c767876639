/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/region_reuse.h"

#include <string.h>

#include "server/api/api_sql.h"
#include "server/base/civil.h"
#include "server/base/vec.h"

static void
note(struct arena *arena, struct region_faults *faults, struct region_fault fault)
{
	/* Faults are few, so copying the array for each is cheaper to read than a growing one in
	 * struct region_faults. */
	struct region_fault *all = arena_array(arena, faults->count + 1, sizeof *all);

	if (faults->count > 0)
		memcpy(all, faults->items, faults->count * sizeof *all);
	all[faults->count] = fault;
	*faults = (struct region_faults){all, faults->count + 1};
}

/* A place that had a code before, and the day from which on it no longer did. */
struct former_place {
	const char *name, *kind;
	char until[CIVIL_DAY_MAX];
};

/*
 * Checks a place of the new file whose code stood for ${former} before. Another kind of place is
 * certainly another place, and what is recorded under its code would be taken for the new one's: a
 * fault. Another name alone may be the same place renamed: a warning.
 */
static void
compare(struct arena *arena, const struct region *after, uint32_t index,
    const struct former_place *former, struct region_faults *faults)
{
	const struct region_place *place = &after->places[index];
	bool other_kind = strcmp(place->kind, former->kind) != 0;

	/* A place that comes back under its own name and kind is the same place, reopened. */
	if (!other_kind && strcmp(place->name, former->name) == 0)
		return;
	note(arena, faults,
	    (struct region_fault){
		.path = arena_printf(arena, "$.places[%u].code", index),
		.detail = arena_printf(arena, "%s stood for \"%s\" (%s) until %s: %s", place->code,
		    former->name, former->kind, former->until,
		    other_kind
			? "a code is never used again for another place, so give this one a code of its own"
			: "if this is another place, give it a code of its own"),
		.warning = !other_kind,
	    });
}

static void
check_ended(struct arena *arena, const struct ask *ask, const struct region_pair *pair,
    struct region_faults *faults)
{
	const struct zone *zone = zonedb_find(ask->api->tools.zones, pair->before->time_zone);
	const struct region *after = pair->after;

	for (uint32_t i = 0; i < after->nplaces; i++) {
		uint32_t index = table_get(&pair->before->place_by_code, after->places[i].code);
		const struct region_place *before;
		struct former_place former;

		if (index == TABLE_NONE)
			continue;
		before = &pair->before->places[index];
		/* A place that has not ended is the same one now: its name may change freely. */
		if (ask->now < region_instants(zone, before->life).end)
			continue;
		former = (struct former_place){.name = before->name, .kind = before->kind};
		civil_day_text(before->life.end, former.until);
		compare(arena, after, i, &former, faults);
	}
}

/* A file that names another set of bank holidays than the program has is refused by its reader;
 * here only changes of days are judged, and none of them is worse than a warning. */
static void
check_holidays(struct arena *arena, const struct ask *ask, const struct region *after,
    struct region_faults *faults)
{
	struct holidays set;
	const char *fault;
	char day[CIVIL_DAY_MAX];

	if (holidays_read(arena, ask->api->tools.holidays_csv, after->holidays, &set, &fault) !=
	    STATUS_OK)
		return;
	for (uint32_t i = 0; i < after->nholidays_removed; i++) {
		if (holidays_has(&set, after->holidays_removed[i]))
			continue;
		civil_day_text(after->holidays_removed[i], day);
		note(arena, faults,
		    (struct region_fault){"$.bank_holidays.remove",
			arena_printf(arena, "%s is no bank holiday of the set %s", day, set.set),
			true});
	}
	for (uint32_t i = 0; i < after->nholidays_added; i++) {
		if (!holidays_has(&set, after->holidays_added[i].day))
			continue;
		civil_day_text(after->holidays_added[i].day, day);
		note(arena, faults,
		    (struct region_fault){"$.bank_holidays.add",
			arena_printf(
			    arena, "%s is a bank holiday of the set %s already", day, set.set),
			true});
	}
}

static void
check_practice(struct arena *arena, const struct region_pair *pair, struct region_faults *faults)
{
	if (pair->first || pair->before->practice == pair->after->practice)
		return;
	note(arena, faults,
	    (struct region_fault){"$.practice",
		pair->before->practice
		    ? "the region in force is a practice region and stays one: send the file with \"practice\": true, "
		      "or to the server of the real region"
		    : "the region in force is real and does not become a practice region: that is an installation of its own",
		false});
}

/* The record names those who have left the set-up, and nobody can say any more from whom such a name
 * is to be withheld. */
static void
check_protected(struct arena *arena, const struct region_pair *pair, struct region_faults *faults)
{
	for (uint32_t i = 0; i < pair->before->npeople; i++) {
		const struct region_person *person = region_person(pair->before, i);

		if (!person->protected ||
		    table_get(&pair->after->person_by_id, person->id) != TABLE_NONE)
			continue;
		note(arena, faults,
		    (struct region_fault){"$.people",
			arena_printf(arena,
			    "%s is protected and would be named by the record once not in the set-up: "
			    "keep the person with \"roles\": [], or take \"protected\" off first",
			    person->id),
			false});
	}
}

void
region_reuse_check(struct arena *arena, const struct ask *ask, const struct region_pair *pair,
    struct region_faults *faults)
{
	if (pair->before->nplaces > 0)
		check_ended(arena, ask, pair, faults);
	check_practice(arena, pair, faults);
	check_holidays(arena, ask, pair->after, faults);
	check_protected(arena, pair, faults);
}

bool
region_reuse_ask(const struct ask *ask, const struct region_pair *pair, struct pg_args *args)
{
	const struct region *after = pair->after;
	const char **codes = arena_array(ask->arena, after->nplaces, sizeof *codes);
	size_t count = 0;

	for (uint32_t i = 0; i < after->nplaces; i++)
		/* Codes of the region in force are compared by check_ended, without the
		 * database. */
		if (table_get(&pair->before->place_by_code, after->places[i].code) == TABLE_NONE)
			codes[count++] = arena_strdup(ask->arena, after->places[i].code);
	if (count > 0)
		pg_text_array(args, codes, count);
	return count > 0;
}

void
region_reuse_take(struct arena *arena, const struct ask *ask, const struct pg_rows *rows,
    const struct region *after, struct region_faults *faults)
{
	for (size_t row = 0; row < pg_rows_count(rows); row++) {
		uint32_t index = table_get(
		    &after->place_by_code, pg_get_text(rows, row, API_PLACES_RETIRED_CODE));
		struct former_place former = {
		    .name = pg_get_text(rows, row, API_PLACES_RETIRED_NAME),
		    .kind = pg_get_text(rows, row, API_PLACES_RETIRED_KIND),
		};

		/* The record keeps an instant, and people know the day: in the region's own time
		 * zone. */
		civil_day_text(zone_local(ask->map->setup->zone,
				   pg_get_time(rows, row, API_PLACES_RETIRED_RETIRED_AT)) /
				   86400,
		    former.until);
		compare(arena, after, index, &former, faults);
	}
}

/* Warnings are shown and do not refuse. */
bool
region_reuse_refuses(const struct region_faults *faults)
{
	for (size_t i = 0; i < faults->count; i++)
		if (!faults->items[i].warning)
			return true;
	return false;
}
