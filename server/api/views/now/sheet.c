/* SPDX-License-Identifier: MIT */
#include "server/api/views/now/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "server/api/views/now/now_parts.h"
#include "server/api/views/parts/notices.h"
#include "server/base/civil.h"

#define HOUR 3600
#define END_HOUR 9
#define LEAST_HOURS 6
#define NEAR_HOURS 48
#define DAY_CHARS 10 /* "Mon 07 Dec" */

int64_t
sheet_until(const struct zone *zone, int64_t now)
{
	int64_t local = zone_local(zone, now + (int64_t)LEAST_HOURS * HOUR);
	int64_t day = civil_day_of(local);

	if (civil_second_of_day(local) > (int64_t)END_HOUR * HOUR)
		day++;
	return zone_instant(zone, day * CIVIL_DAY_SECONDS + (int64_t)END_HOUR * HOUR, NULL);
}

/* "Mon 20:00 GMT": on paper the date stands above. What is further from it has its own, "Mon 07 Dec 09:00 GMT": a shift
 * may last for weeks. */
static const char *
short_time(const struct now_lines *out, const struct now_frame *frame, int64_t utc)
{
	char text[ZONE_TEXT_MAX];
	bool near = llabs(utc - frame->now) < (int64_t)NEAR_HOURS * HOUR;
	const char *clock;

	now_time_words(frame, utc, text);
	clock = strchr(text, ':');
	return clock == NULL
		   ? arena_strdup(out->arena, text)
		   : arena_printf(out->arena, "%.*s %s", near ? 3 : DAY_CHARS, text, clock - 2);
}

static const struct lookup_function *
item_of(const struct now_frame *frame, uint32_t function)
{
	for (size_t i = 0; i < frame->lookup->count; i++)
		if (frame->lookup->items[i].function == function)
			return &frame->lookup->items[i];
	return NULL;
}

static bool
is_same(const struct lookup_duty *a, const struct lookup_duty *b)
{
	return a->rota == b->rota && a->person == b->person && a->served.start == b->served.start &&
	       strcmp(a->name, b->name) == 0;
}

/* Whether the duty was listed of an instant before number ${before}. */
static bool
is_listed(
    const struct sheet *sheet, size_t before, uint32_t function, const struct lookup_duty *duty)
{
	for (size_t i = 0; i < before; i++) {
		const struct lookup_function *item = item_of(&sheet->frames[i], function);

		for (size_t j = 0; item != NULL && j < item->on_call.count; j++)
			if (is_same(&item->on_call.items[j], duty))
				return true;
	}
	return false;
}

static void
add_duty(struct now_lines *out, const struct now_frame *frame, const struct lookup_duty *duty)
{
	static const char *const calls[] = {"", "", "2nd call, ", "3rd call, "};
	int32_t tier = frame->map->setup->region->rotas[duty->rota].tier;
	struct buf words = {0};

	now_who_words(&words, frame, duty);
	now_add_line(out, "    ", "%s", words.at);
	now_add_reported(out, frame, "      ! ", duty->reported);
	now_add_notes(out, frame, "      NOTE: ", duty->notes);
	now_add_line(out, "      ", "%s%s to %s", tier < 4 ? calls[tier] : "later call, ",
	    short_time(out, frame, duty->served.start), short_time(out, frame, duty->served.end));
	buf_free(&words);
}

/* Everybody who is on at some time before the end, each once, and where the state becomes another. */
static void
add_night(struct now_lines *out, const struct sheet *sheet, uint32_t function)
{
	const struct lookup_function *before = NULL;

	for (size_t i = 0; i < sheet->count; i++) {
		const struct now_frame *frame = &sheet->frames[i];
		const struct lookup_function *item = item_of(frame, function);

		if (item == NULL)
			continue;
		if (before != NULL && before->state != item->state)
			now_add_line(out, "  ", "From %s: %s",
			    short_time(out, frame, frame->lookup->at), now_function_words(item));
		for (size_t j = 0; j < item->on_call.count; j++)
			if (!is_listed(sheet, i, function, &item->on_call.items[j]))
				add_duty(out, frame, &item->on_call.items[j]);
		before = item;
	}
}

/* The first instant at which somebody has to be rung instead; the numbers may differ from those of
 * now, when all is well. */
static void
add_numbers(struct now_lines *out, const struct sheet *sheet, uint32_t function)
{
	const struct lookup_function *item = item_of(&sheet->frames[0], function);

	for (size_t i = 0; i < sheet->count; i++) {
		const struct lookup_function *worse = item_of(&sheet->frames[i], function);

		if (worse == NULL || worse->state == COVER_COVERED ||
		    worse->state == COVER_NOT_COMMISSIONED)
			continue;
		now_add_numbers(out, &sheet->frames[i], worse);
		return;
	}
	if (item != NULL && item->fallback_text != NULL)
		now_add_line(out, "  ", "If nobody answers: %s%s%s",
		    now_shown_text(&sheet->frames[0], item->fallback_text),
		    item->fallback_phone != NULL ? "  tel " : "",
		    item->fallback_phone != NULL ? item->fallback_phone : "");
}

static bool
same_lines(const struct now_lines *a, const struct now_lines *b)
{
	for (size_t i = 0; i < a->items.count && i < b->items.count; i++)
		if (strcmp(a->items.items[i].text, b->items.items[i].text) != 0)
			return false;
	return a->items.count == b->items.count;
}

/* The order of ringing now, and again from each instant at which it becomes another: somebody on it goes off, or its hours
 * end. False: no ladder is set up. */
static bool
add_ladders(struct now_lines *out, const struct sheet *sheet, uint32_t function)
{
	struct now_lines before = {.arena = out->arena};

	for (size_t i = 0; i < sheet->count; i++) {
		const struct now_frame *frame = &sheet->frames[i];
		const struct lookup_function *item = item_of(frame, function);
		struct now_lines order = {.arena = out->arena};

		if (item == NULL || !now_add_ladder(&order, frame, item)) {
			if (i == 0)
				return false;
			continue;
		}
		if (same_lines(&before, &order))
			continue;
		if (i > 0)
			now_add_line(
			    out, "  ", "From %s:", short_time(out, frame, frame->lookup->at));
		now_add_ladder(out, frame, item);
		before = order;
	}
	return true;
}

static void
add_function(struct now_lines *out, const struct sheet *sheet, const struct lookup_function *item)
{
	const struct now_frame *now = &sheet->frames[0];

	now_add_state(out, now, item);
	now_add_doubts(out, now, item);
	add_night(out, sheet, item->function);
	now_add_unsure(out, now, item);
	if (!add_ladders(out, sheet, item->function))
		add_numbers(out, sheet, item->function);
	now_add_blank(out);
}

void
sheet_render(struct now_lines *out, const struct sheet *sheet)
{
	const struct now_frame *now = &sheet->frames[0];
	char until[ZONE_TEXT_MAX];

	now_add_head(out, now);
	for (size_t i = 0; i < now->lookup->count; i++)
		add_function(out, sheet, &now->lookup->items[i]);
	if (now->lookup->count == 0)
		now_add_line(out, "", "%s", NOTICE_NOTHING);
	now_add_heading(out, "About this sheet", NULL);
	now_add_line(out, "  ",
	    "It says what was known at the time above, until %s. It is not updated: what changes later "
	    "is on the screen only, so ask there or ring the switchboard when in doubt.",
	    now_time_words(now, sheet->until, until));
	if (sheet->more)
		now_add_line(out, "  ", "More changes of this time are not on it: ask the screen.");
	now_add_line(out, "  ",
	    "It names people: keep it where only staff see it. No names by e-mail. Destroy it when "
	    "the next one is there.");
}
