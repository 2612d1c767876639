/* SPDX-License-Identifier: MIT */
#include "server/api/views/out/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "server/api/ask/etag.h"
#include "server/api/practice.h"
#include "server/api/views/parts/map_age.h"
#include "server/base/civil.h"
#include "server/model/region_protected.h"

/* The events of gaps, and the calendar as it is sent. */

#define REFRESH_MINUTES 15
/* A calendar says as of when it is. So that an unchanged one has the same bytes, and costs a 304, the time is given to
 * the quarter of an hour, but never before the last change in it. */
#define AS_OF_SECONDS (REFRESH_MINUTES * 60)

/* ------------------------------------------------------------------------------------- gaps */

static const char *
gap_summary(const struct calendar *calendar, const struct kept_gap *gap, uint32_t demand)
{
	const struct region *region = calendar->ask->region;
	struct arena *arena = calendar->ask->arena;
	const struct region_demand *asked = &region->demands[demand];
	char code[REGION_ROLE_MAX];
	const char *role = region_role(&region->functions[asked->function], code);
	const char *place = ask_shown_text(calendar->ask, region->places[asked->place].name);

	switch ((enum cover_state)gap->state) {
	case COVER_GAP:
		return arena_printf(arena, "NO COVER - %s, %s", role, place);
	case COVER_SHORT:
		return arena_printf(arena, "SHORT OF COVER, %u of %u - %s, %s", gap->present,
		    gap->required, role, place);
	default:
		break;
	}
	return arena_printf(arena, "TBC - cover not known - %s, %s", role, place);
}

/* Not those that are filled: their closing is held back for subscribers of flags alone. Nor those that are
 * over. */
void
calendar_add_gaps(struct calendar *calendar, uint32_t demand)
{
	struct ask *ask = calendar->ask;
	const struct gap_block *block = ask->whole->gaps[demand];

	if (block == NULL ||
	    !rights_place(ask->region, ask->account, ask->region->demands[demand].place))
		return;
	for (uint32_t i = 0; i < block->count; i++) {
		const struct kept_gap *gap = &block->gaps[i];
		bool unknown = gap->state == COVER_UNKNOWN;
		char id[GAP_ID_MAX];

		if (gap->settle_at != 0 || (int64_t)gap->end <= ask->now ||
		    (calendar->scope != NULL &&
			!places_scope_holds(calendar->scope, ask->region->demands[demand].place,
			    gap->start, gap->end)))
			continue;
		gap_id_text(gap->id, id);
		*VEC_PUSH(ask->arena, &calendar->events) = (struct ical_event){
		    .uid = arena_printf(ask->arena, "%s@crisis-cover", id),
		    .start = gap->start,
		    .end = gap->end,
		    .changed = gap->changed_at > gap->opened_at ? gap->changed_at : gap->opened_at,
		    .status = unknown ? ICAL_TENTATIVE : ICAL_CONFIRMED,
		    .summary = gap_summary(calendar, gap, demand),
		    .description = cover_cause_text((enum cover_cause)gap->cause),
		    .category = unknown ? "UNKNOWN" : "GAP",
		};
	}
}

/* ------------------------------------------------------------------------------------- reply */

static int
by_start(const void *left, const void *right)
{
	const struct ical_event *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return strcmp(a->uid, b->uid);
}

static int64_t
as_of(const struct calendar *calendar, const struct map_age *age)
{
	int64_t newest = civil_floor_div(age->as_of, AS_OF_SECONDS) * AS_OF_SECONDS;

	/* Of a copy that is not current its own time, which is the same while the copy is. */
	if (age->confidence != CONFIDENCE_LIVE)
		return age->as_of;
	for (size_t i = 0; i < calendar->events.count; i++)
		if (calendar->events.items[i].changed > newest)
			newest = calendar->events.items[i].changed;
	return newest;
}

static const char *
name_of(const struct calendar *calendar, const char *title, const struct map_age *age)
{
	const struct ask *ask = calendar->ask;
	char when[ZONE_TEXT_MAX];

	zone_text(ask->whole->setup->zone, as_of(calendar, age), when);
	return arena_printf(ask->arena, "%s%s (as of %s%s)",
	    ask->region->practice ? "PRACTICE - " : "", title, when,
	    age->confidence == CONFIDENCE_LIVE ? "" : ", not up to date");
}

static const char *
description_of(const struct calendar *calendar, const struct map_age *age)
{
	return arena_printf(calendar->ask->arena, "%s%s%s",
	    calendar->ask->region->practice ? PRACTICE_WORDS "\n" : "",
	    age->confidence == CONFIDENCE_LIVE
		? ""
		: "This is a copy: what is current could not be read.\n",
	    "A copy in a calendar may be hours old. Before you ring, look at the map itself.");
}

static void
write_events(struct calendar *calendar, const struct ical_calendar *head, struct buf *out)
{
	struct arena *arena = calendar->ask->arena;

	if (calendar->events.count > 1)
		qsort(calendar->events.items, calendar->events.count,
		    sizeof *calendar->events.items, by_start);
	for (size_t i = 0; i < calendar->events.count; i++) {
		struct ical_event *event = &calendar->events.items[i];

		if (calendar->ask->region->practice)
			event->summary = arena_printf(arena, "PRACTICE - %s", event->summary);
		ical_event(out, head, event);
	}
}

void
calendar_reply(struct calendar *calendar, const char *what, const char *code, const char *title)
{
	struct ask *ask = calendar->ask;
	struct map_age age = map_age_of(ask);
	struct ical_calendar head = {
	    .uid = arena_printf(ask->arena, "%s-%s@crisis-cover", what, code),
	    .name = name_of(calendar, title, &age),
	    .description = description_of(calendar, &age),
	    .zone = ask->whole->setup->zone,
	    .from = ask->whole->window.start,
	    .until = ask->whole->window.end,
	    .refresh_minutes = REFRESH_MINUTES,
	};
	struct web_answer answer;
	struct json_out out = {0};
	char etag[ETAG_MAX];

	/* A long shift may begin before the window. */
	for (size_t i = 0; i < calendar->events.count; i++)
		if (calendar->events.items[i].start < head.from)
			head.from = calendar->events.items[i].start;
	ical_begin(&out.buf, &head);
	write_events(calendar, &head, &out.buf);
	ical_end(&out.buf);
	ask_withhold(ask, &out);
	etag_of(out.buf.at, out.buf.len, etag);
	answer = etag_answer(etag);
	answer.type = "text/calendar; charset=utf-8";
	answer.extra =
	    arena_printf(ask->arena, "Content-Disposition: inline; filename=\"%s.ics\"\r\n", code);
	answer.body = (struct slice){out.buf.at, out.buf.len};
	web_reply(ask->exchange, &answer);
	out_free(&out);
	ask_end(ask);
}
