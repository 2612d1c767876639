/* SPDX-License-Identifier: MIT */
#include "server/model/hours.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/base/sorted.h"
#include "server/base/vec.h"

#define DAY_SECONDS 86400

struct day_vec {
	int64_t *items;
	size_t count, capacity;
};

/* Takes the next line from ${csv}, without its end. A spreadsheet program ends lines with CR LF,
 * and may leave blanks at either end. */
static struct slice
next_line(struct slice *csv)
{
	const char *end = memchr(csv->at, '\n', csv->len);
	struct slice line = {csv->at, end ? (size_t)(end - csv->at) : csv->len};
	size_t used = end ? line.len + 1 : line.len;

	csv->at += used;
	csv->len -= used;
	if (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	return slice_trim(line);
}

/* Takes the text up to the next comma from ${line}. */
static struct slice
next_field(struct slice *line)
{
	const char *comma = memchr(line->at, ',', line->len);
	struct slice field = {line->at, comma ? (size_t)(comma - line->at) : line->len};
	size_t used = comma ? field.len + 1 : field.len;

	line->at += used;
	line->len -= used;
	return slice_trim(field);
}

static int
by_day(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return left < right ? -1 : left > right;
}

static size_t
sort_days(int64_t *days, size_t count)
{
	size_t i, n = 0;

	if (count > 1)
		qsort(days, count, sizeof *days, by_day);
	for (i = 0; i < count; i++)
		if (n == 0 || days[n - 1] != days[i])
			days[n++] = days[i];
	return n;
}

/* The first line is a heading. A line that is not a date is a fault of the whole file: a bank
 * holiday that is passed over silently would be a gap that nobody sees. */
enum status
holidays_read(struct arena *arena, struct slice csv, const char *set, struct holidays *out,
    const char **fault)
{
	struct day_vec days = {0};
	int64_t day;
	int number = 0;

	while (csv.len > 0) {
		struct slice line = next_line(&csv), name;

		/* A comment or an empty line is for the people who keep the file. */
		if (++number == 1 || line.len == 0 || *line.at == '#')
			continue;
		name = next_field(&line);
		if (!civil_parse_day(next_field(&line), &day)) {
			*fault = arena_printf(arena,
			    "line %d is not \"set,yyyy-mm-dd,name\" with a date that exists",
			    number);
			return STATUS_MALFORMED;
		}
		/* Only the set that is asked for; the file has others. */
		if (slice_is(name, set))
			*VEC_PUSH(arena, &days) = day;
	}
	/* An unknown set must not mean that there are no bank holidays. */
	if (days.count == 0) {
		*fault = arena_printf(arena, "there are no bank holidays of the set \"%s\"", set);
		return STATUS_MALFORMED;
	}
	*out = (struct holidays){
	    .set = arena_strdup(arena, set),
	    .days = days.items,
	    .count = (uint32_t)sort_days(days.items, days.count),
	};
	return STATUS_OK;
}

/* Both lists of days are sorted, so those to be removed are met in order. */
enum status
holidays_of(struct arena *arena, struct slice csv, const struct region *region,
    struct holidays *out, const char **fault)
{
	struct day_vec days = {0};
	struct holidays set;
	enum status st = holidays_read(arena, csv, region->holidays, &set, fault);
	uint32_t i, removed = 0;

	if (st != STATUS_OK)
		return st;
	for (i = 0; i < set.count; i++) {
		while (removed < region->nholidays_removed &&
		       region->holidays_removed[removed] < set.days[i])
			removed++;
		if (removed == region->nholidays_removed ||
		    /* A day to be removed that the set does not have removes nothing; the api warns
		     * of it (region_reuse.c). */
		    region->holidays_removed[removed] != set.days[i])
			*VEC_PUSH(arena, &days) = set.days[i];
	}
	for (i = 0; i < region->nholidays_added; i++)
		*VEC_PUSH(arena, &days) = region->holidays_added[i].day;
	*out = (struct holidays){
	    .set = set.set,
	    .days = days.items,
	    .count = (uint32_t)sort_days(days.items, days.count),
	};
	return STATUS_OK;
}

bool
holidays_has(const struct holidays *holidays, int64_t day)
{
	return sorted_has_int(holidays->days, holidays->count, day);
}

/* A bank holiday is no weekday: it has its own bit alone. */
static int
day_bit(const struct holidays *holidays, int64_t day)
{
	return 1 << (holidays_has(holidays, day) ? REGION_BANK_HOLIDAY : civil_weekday(day));
}

/* A zone, with the last stretch of constant offset. Clocks change twice a year and days come in
 * order, so that most of these need no search. */
struct wall {
	const struct zone *zone;
	struct zone_steady steady;
};

/* One day on either side is more than any change of a clock, so the offset is certain there; near a
 * change zone_instant() knows what to do with a wall time that occurs twice or not at all. */
static int64_t
instant_of(struct wall *wall, int64_t local)
{
	if (local - DAY_SECONDS < wall->steady.from || local + DAY_SECONDS >= wall->steady.until)
		wall->steady = zone_steady(wall->zone, local - DAY_SECONDS);
	if (local + DAY_SECONDS < wall->steady.until)
		return local - wall->steady.offset;
	return zone_instant(wall->zone, local, NULL);
}

/* The time of one line of hours that starts on ${day}. */
static struct span_time
on_day(const struct region_hours *line, int64_t day, struct wall *wall)
{
	int64_t midnight = day * DAY_SECONDS;
	/* A line whose end is not after its start ends on the next day. */
	int64_t to = line->to > line->from ? line->to : line->to + DAY_SECONDS;

	return (struct span_time){
	    instant_of(wall, midnight + line->from), instant_of(wall, midnight + to)};
}

struct span_times
hours_pieces(struct arena *arena, const struct hours_lines *lines, const struct zone *zone,
    const struct holidays *holidays, struct span_time window)
{
	struct {
		struct span_time *items;
		size_t count, capacity;
	} times = {0};
	struct wall wall = {.zone = zone};
	int64_t day, last = civil_day_of(zone_local(zone, window.end));
	uint32_t i;

	if (window.start >= window.end)
		return (struct span_times){0};
	/* Hours that begin the day before may reach into the window. Two days back are safe in any
	 * zone, also where the clock changes at midnight. */
	for (day = civil_day_of(zone_local(zone, window.start)) - 2; day <= last; day++) {
		int bit = day_bit(holidays, day);

		for (i = 0; i < lines->count; i++) {
			struct span_time time;

			if (!(lines->items[i].days & bit))
				continue;
			time = on_day(&lines->items[i], day, &wall);
			if (span_overlap(time, window))
				*VEC_PUSH(arena, &times) = time;
		}
	}
	return (struct span_times){times.items, times.count};
}

struct span_times
hours_expand(struct arena *arena, const struct region_requirement *requirement,
    const struct zone *zone, const struct holidays *holidays, struct span_time window)
{
	struct hours_lines lines = {requirement->hours, requirement->nhours};
	struct span_times pieces = hours_pieces(arena, &lines, zone, holidays, window);
	struct span_time *cut = arena_array(arena, pieces.count + 1, sizeof *cut);

	for (size_t i = 0; i < pieces.count; i++)
		cut[i] = span_clip(pieces.items[i], window);
	return span_normalise(arena, cut, pieces.count);
}

/* A day begins at local midnight, so the first and last instant follow the zone. */
struct span_time
region_instants(const struct zone *zone, struct span_time days)
{
	struct span_time time = days;

	if (days.start != INSTANT_BEGINNING)
		time.start = zone_instant(zone, days.start * DAY_SECONDS, NULL);
	if (days.end != INSTANT_END)
		time.end = zone_instant(zone, days.end * DAY_SECONDS, NULL);
	return time;
}
