/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "server/api/views/now/now_lines.h"
#include "server/api/views/now/now_render.h"
#include "server/base/civil.h"

/* The first lines of the Now answer: where, when, and how far it may be relied on. */

/* "3 min", "2 h 10 min", "4 days". A clock that went back would give a negative age, which is shown
 * as none. */
const char *
now_age_words(int64_t seconds, char out[40])
{
	int64_t minutes = seconds < 0 ? 0 : seconds / 60;

	if (minutes < 60)
		snprintf(out, 40, "%lld min", (long long)minutes);
	else if (minutes < 2 * 1440)
		snprintf(out, 40, "%lld h %lld min", (long long)(minutes / 60),
		    (long long)(minutes % 60));
	else
		snprintf(out, 40, "%lld days", (long long)(minutes / 1440));
	return out;
}

const char *
now_time_words(const struct now_frame *frame, int64_t utc, char out[ZONE_TEXT_MAX])
{
	zone_text(frame->map->setup->zone, utc, out);
	return out;
}

/* Before anything else on the page: whether it describes the present. */
static void
add_confidence(struct now_lines *out, const struct now_frame *frame)
{
	char as_of[ZONE_TEXT_MAX], age[40];

	if (frame->age.confidence == CONFIDENCE_LIVE) {
		now_add_line(out, "", "Live.");
		return;
	}
	if (frame->age.confidence == CONFIDENCE_CLOCK_DOUBTFUL) {
		now_add_line(out, "",
		    "CLOCK DOUBTFUL: the clocks of this server and of its database are %s apart. "
		    "Check what time it is.",
		    now_age_words(llabs(frame->age.clock_off), age));
		return;
	}
	now_add_line(out, "", "NOT LIVE: this is what was known at %s, %s ago.",
	    now_time_words(frame, frame->age.as_of, as_of),
	    now_age_words(frame->now - frame->age.as_of, age));
}

static void
add_life(struct now_lines *out, const struct now_frame *frame)
{
	const struct succession *succession = &frame->lookup->succession;
	const struct region *region = frame->map->setup->region;
	char day[CIVIL_DAY_MAX];

	if (succession->life == PLACE_LIVES)
		return;
	civil_day_text(succession->day, day);
	now_add_line(out, "",
	    succession->life == PLACE_ENDED ? "THIS PLACE ENDED ON %s."
					    : "THIS PLACE BEGINS ON %s.",
	    day);
	for (uint32_t i = 0; i < succession->instead.count; i++) {
		const struct region_place *other = &region->places[succession->instead.items[i]];

		now_add_line(out, "  ", "%s: %s (%s)",
		    succession->life == PLACE_ENDED ? "Now" : "Until then", other->name,
		    other->code);
	}
}

void
now_add_head(struct now_lines *out, const struct now_frame *frame)
{
	const struct region_place *place = &frame->map->setup->region->places[frame->lookup->place];
	char at[ZONE_TEXT_MAX];

	now_add_title(out, "%s (%s)", place->name, place->code);
	now_add_line(out, "", "%s", now_time_words(frame, frame->lookup->at, at));
	add_life(out, frame);
	add_confidence(out, frame);
	now_add_blank(out);
}
