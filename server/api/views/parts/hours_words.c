/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/hours_words.h"

#include <string.h>

#include "server/base/civil.h"
#include "server/model/demand.h"

#define WEEKDAYS 0x1f
#define EVERY_DAY 0xff
#define WEEK 0x7f

static void
add_days(struct buf *out, uint8_t days)
{
	static const char *const names[REGION_DAYS] = {
	    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "bank holidays"};
	bool follows = false;

	if (days == EVERY_DAY || days == WEEK) {
		buf_add_text(out, "every day");
		return;
	}
	if ((days & WEEKDAYS) == WEEKDAYS) {
		buf_add_text(out, "Mon to Fri");
		days &= (uint8_t)~WEEKDAYS;
		follows = true;
	}
	for (int day = 0; day < REGION_DAYS; day++) {
		if ((days & (1U << day)) == 0)
			continue;
		buf_printf(out, "%s%s", follows ? ", " : "", names[day]);
		follows = true;
	}
}

static void
add_time(struct buf *out, int32_t seconds)
{
	buf_printf(out, "%02d:%02d", (int)(seconds / 3600), (int)(seconds % 3600 / 60));
}

/* One line of hours; nothing if the same words are there already, of another requirement. */
static void
add_line(struct arena *arena, struct buf *out, const struct region_hours *hours)
{
	struct buf line = {0};
	const char *said = out->at != NULL ? arena_strdup(arena, out->at) : "";

	if (hours->days == EVERY_DAY && hours->from == 0 && hours->to == CIVIL_DAY_SECONDS) {
		buf_add_text(&line, "at all hours");
	} else {
		add_days(&line, hours->days);
		buf_add_text(&line, " ");
		add_time(&line, hours->from);
		buf_add_text(&line, " to ");
		add_time(&line, hours->to);
	}
	if (strstr(said, line.at) == NULL)
		buf_printf(out, "%s%s", *said != '\0' ? ", " : "", line.at);
	buf_free(&line);
}

/* "At all hours" includes all other lines. */
static const char *
taken(struct arena *arena, struct buf *out)
{
	const char *words = out->at == NULL ? NULL
			    : strstr(out->at, "at all hours") != NULL
				? "at all hours"
				: arena_strdup(arena, out->at);

	buf_free(out);
	return words;
}

const char *
hours_words_of(struct arena *arena, const struct region_hours *hours, uint32_t count)
{
	struct buf out = {0};

	for (uint32_t i = 0; i < count; i++)
		add_line(arena, &out, &hours[i]);
	return taken(arena, &out);
}

const char *
hours_words(struct arena *arena, const struct snapshot_region *setup, uint32_t place,
    uint32_t function, int64_t at)
{
	const struct region *region = setup->region;
	struct demand_context context = {region, setup->zone, &setup->holidays};
	const struct region_list *demands = &region->places[place].demands;
	struct span_time moment = {at, at + 1};
	struct buf out = {0};

	for (uint32_t i = 0; i < demands->count; i++) {
		const struct region_demand *demand = &region->demands[demands->items[i]];
		const struct region_requirement *asked = &region->requirements[demand->requirement];

		if (demand->function != function ||
		    !demand_in_force(&context, demands->items[i], moment))
			continue;
		for (uint32_t j = 0; j < asked->nhours; j++)
			add_line(arena, &out, &asked->hours[j]);
	}
	return taken(arena, &out);
}
