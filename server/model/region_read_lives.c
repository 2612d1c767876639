/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/instant.h"
#include "server/model/region_parts.h"

/* Everything in a region file that is a date: the days on which things hold, and bank holidays. */

struct span_time
region_life_read(const struct region_field *item)
{
	struct region_field until = field_get(item, "until");
	struct span_time life = {
	    field_day(item, "from", REGION_OPTIONAL, INSTANT_BEGINNING),
	    field_day(item, "until", REGION_OPTIONAL, INSTANT_END),
	};

	if (life.start < life.end)
		return life;
	field_fault(&until, "must be after \"from\": it is the first day on which this is no more");
	/* What is refused all the same is read on, so that the file's other faults are found. */
	return REGION_ALWAYS;
}

/* A code alone means at all times. */
static bool
read_dated_places(const struct region_field *field, struct region_dated_place *dated)
{
	static const char *const known[] = {"place", "from", "until", NULL};
	const struct region *region = field->reader->region;

	dated->life = REGION_ALWAYS;
	if (json_is_string(field->json)) {
		dated->place = field_own_ref(field, &region->place_by_code, "place");
		return dated->place != REGION_NONE;
	}
	if (!json_is_object(field->json)) {
		field_fault(field, "must be a code, or an object {\"place\", \"from\", \"until\"}");
		return false;
	}
	field_object(field, known);
	dated->place = field_ref(field, "place", REGION_REQUIRED, &region->place_by_code, "place");
	dated->life = region_life_read(field);
	return dated->place != REGION_NONE;
}

struct region_dated_places
region_dated_places_read(const struct region_field *item, const char *key, enum region_need need,
    struct region_list *distinct)
{
	struct region_field list = field_get(item, key);
	size_t count = field_list(&list, need), i;
	struct region_dated_place *dated_places =
	    arena_array(item->reader->arena, count, sizeof *dated_places);
	uint32_t *places = arena_array(item->reader->arena, count, sizeof *places), n = 0, m = 0, j;

	for (i = 0; i < count; i++) {
		struct region_field field = field_at(&list, i);
		bool again = false, overlaps = false;

		if (!read_dated_places(&field, &dated_places[n]))
			continue;
		/* A place may be listed again for later days; only days that overlap are a
		 * fault. */
		for (j = 0; j < n; j++) {
			if (dated_places[j].place != dated_places[n].place)
				continue;
			again = true;
			overlaps |= dated_places[j].life.start < dated_places[n].life.end &&
				    dated_places[n].life.start < dated_places[j].life.end;
		}
		if (overlaps) {
			field_fault(&field, "stands in this list twice");
			continue;
		}
		if (!again)
			places[m++] = dated_places[n].place;
		n++;
	}
	*distinct = (struct region_list){.items = places, .count = m};
	return (struct region_dated_places){.items = dated_places, .count = n};
}

/* ---- Bank holidays. */

/* The sets of bank_holidays.csv. A new set is added there and here. */
static const char *const sets[] = {"england-and-wales", NULL};

static int
by_day(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return left < right ? -1 : left > right;
}

static int
by_holiday(const void *a, const void *b)
{
	const struct region_holiday *left = a, *right = b;

	return by_day(&left->day, &right->day);
}

/* Lists are a few days long, so they are searched in order. */
static bool
is_added(const struct region_holiday *added, uint32_t count, int64_t day)
{
	for (; count > 0; count--)
		if (added[count - 1].day == day)
			return true;
	return false;
}

static void
read_added(const struct region_field *holidays)
{
	static const char *const known[] = {"date", "name", NULL};
	struct region *region = holidays->reader->region;
	struct region_field list = field_get(holidays, "add");
	size_t count = field_list(&list, REGION_OPTIONAL), i;
	struct region_holiday *added = arena_array(holidays->reader->arena, count, sizeof *added);
	uint32_t n = 0;

	for (i = 0; i < count; i++) {
		struct region_field item = field_at(&list, i), date = field_get(&item, "date");
		int64_t day;

		if (!field_object(&item, known))
			continue;
		day = field_day(&item, "date", REGION_REQUIRED, INSTANT_NONE);
		added[n].day = day;
		added[n].name = field_text(&item, "name", REGION_REQUIRED);
		/* A day that could not be read has been noted; one fault for each mistake is
		 * enough. */
		if (day != INSTANT_NONE && is_added(added, n, day))
			field_fault(&date, "stands in this list twice");
		else
			n += day != INSTANT_NONE;
	}
	if (n > 1)
		qsort(added, n, sizeof *added, by_holiday);
	region->holidays_added = added;
	region->nholidays_added = n;
}

static void
read_removed(const struct region_field *holidays)
{
	struct region *region = holidays->reader->region;
	struct region_field list = field_get(holidays, "remove");
	size_t count = field_list(&list, REGION_OPTIONAL), i;
	int64_t *removed = arena_array(holidays->reader->arena, count, sizeof *removed);
	uint32_t n = 0, j;

	for (i = 0; i < count; i++) {
		struct region_field item = field_at(&list, i);
		bool again = false;

		if (!field_own_day(&item, &removed[n]))
			continue;
		for (j = 0; j < n; j++)
			again |= removed[j] == removed[n];
		if (again)
			field_fault(&item, "stands in this list twice");
		/* The ones that are added are read first, for this. */
		else if (is_added(region->holidays_added, region->nholidays_added, removed[n]))
			field_fault(&item, "is added and removed: it can only be one of the two");
		else
			n++;
	}
	if (n > 1)
		qsort(removed, n, sizeof *removed, by_day);
	region->holidays_removed = removed;
	region->nholidays_removed = n;
}

void
region_holidays_read(const struct region_field *root)
{
	static const char *const known[] = {"set", "add", "remove", NULL};
	struct region *region = root->reader->region;
	struct region_field holidays = field_get(root, "bank_holidays");

	/* A file may leave it out: there is one set, and hours that ask for holidays need one. */
	region->holidays = sets[0];
	if (json_is_object(holidays.json)) {
		field_object(&holidays, known);
		region->holidays = field_choice(&holidays, "set", sets);
		read_added(&holidays);
		read_removed(&holidays);
	} else if (holidays.json) {
		/* The older form: the name of a set alone. */
		region->holidays = field_choice(root, "bank_holidays", sets);
	}
}
