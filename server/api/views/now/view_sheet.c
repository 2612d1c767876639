/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/api/views/now/now_lookup.h"
#include "server/api/views/now/sheet.h"
#include "server/api/views/views.h"
#include "server/base/vec.h"

/* GET /v1/sheet: tonight at a place, for paper. From the snapshot, so also while the database is
 * away. Who stands before the paper is not known: protected people are withheld. */

/* A night has far fewer handovers; a rota with an entry for each quarter of an hour has not. */
#define INSTANTS_MAX 48

typedef VEC(int64_t) instants;

static int
by_time(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* Adds the instants of the window at which the state of the demand changes or somebody comes. */
static void
add_changes(struct ask *ask, uint32_t demand, struct span_time window, instants *out)
{
	struct cover_asked asked = {.map = ask->map, .now = ask->now};
	struct cover cover;

	cover_demand(ask->arena, &asked, demand, window, &cover);
	for (size_t i = 0; i < cover.spans.count; i++)
		if (cover.spans.items[i].start > window.start)
			*VEC_PUSH(ask->arena, out) = cover.spans.items[i].start;
	for (size_t i = 0; i < cover.nshifts; i++)
		if (cover.shifts[i].start > window.start && cover.shifts[i].start < window.end)
			*VEC_PUSH(ask->arena, out) = cover.shifts[i].start;
}

/* In order, each once, the beginning of the window first. */
static void
find_instants(struct ask *ask, uint32_t place, struct span_time window, instants *out)
{
	const struct region_list *demands = &ask->region->places[place].demands;
	size_t kept = 0;

	*VEC_PUSH(ask->arena, out) = window.start;
	for (uint32_t i = 0; i < demands->count; i++)
		add_changes(ask, demands->items[i], window, out);
	qsort(out->items, out->count, sizeof *out->items, by_time);
	for (size_t i = 0; i < out->count; i++)
		if (kept == 0 || out->items[kept - 1] != out->items[i])
			out->items[kept++] = out->items[i];
	out->count = kept;
}

/* ------------------------------------------------------------------------------------ answer */

static void
put_line(struct json_out *out, const struct now_line *line)
{
	struct buf words = {0};

	out_object(out, NULL);
	out_text(out, "first", line->first);
	out_text(out, "text", now_line_words(&words, line));
	out_object_end(out);
	buf_free(&words);
}

/* What stands before the first heading is the head. */
static void
put_lines(struct json_out *out, const struct now_lines *lines)
{
	bool open = false;

	out_array(out, "head");
	for (size_t i = 0; i < lines->items.count; i++) {
		const struct now_line *line = &lines->items.items[i];

		if (line->kind == NOW_HEADING) {
			out_array_end(out);
			if (open)
				out_object_end(out);
			else
				out_array(out, "blocks");
			open = true;
			out_object(out, NULL);
			out_text(out, "heading", line->text);
			out_text(out, "state", line->tone);
			out_array(out, "lines");
		} else if (line->kind != NOW_BLANK) {
			put_line(out, line);
		}
	}
	out_array_end(out);
	/* There is always the block about the sheet itself. */
	out_object_end(out);
	out_array_end(out);
}

static void
reply(struct ask *ask, const struct sheet *sheet)
{
	const struct now_frame *now = &sheet->frames[0];
	const struct region_place *place = &ask->region->places[now->lookup->place];
	struct now_lines lines = {.arena = ask->arena};
	struct json_out out = {0};

	sheet_render(&lines, sheet);
	out_object(&out, NULL);
	out_object(&out, "place");
	out_text(&out, "code", place->code);
	out_text(&out, "name", place->name);
	out_object_end(&out);
	out_time(&out, "at", now->lookup->at);
	out_local(&out, "local", ask->map->setup->zone, now->lookup->at);
	out_time(&out, "until", sheet->until);
	map_age_put(&out, ask->map, &now->age);
	put_lines(&out, &lines);
	out_object_end(&out);
	ask_reply(ask, &out);
}

void
view_sheet(struct ask *ask)
{
	uint32_t place = ask_place(ask);
	struct sheet sheet = {0};
	struct now_frame *frames;
	struct lookup *lookups;
	instants all = {0};

	if (!ask_fine(ask))
		return;
	ask_as_outsider(ask);
	sheet.until = sheet_until(ask->map->setup->zone, ask->now);
	find_instants(ask, place, (struct span_time){ask->now, sheet.until}, &all);
	sheet.count = all.count < INSTANTS_MAX ? all.count : INSTANTS_MAX;
	sheet.more = all.count > sheet.count;
	frames = arena_array(ask->arena, sheet.count, sizeof *frames);
	lookups = arena_array(ask->arena, sheet.count, sizeof *lookups);
	for (size_t i = 0; i < sheet.count; i++) {
		/* The first is asked as the screen asks, so that the two agree. */
		if (i == 0)
			now_look_up(ask, place, REGION_NONE, &lookups[i]);
		else
			now_look_up_at(ask, place, REGION_NONE, all.items[i], &lookups[i]);
		now_frame_of(&frames[i], ask, &lookups[i]);
	}
	sheet.frames = frames;
	reply(ask, &sheet);
	for (size_t i = 0; i < sheet.count; i++)
		if (now_personal(&frames[i])) {
			ask_read(
			    ask, READ_SHEET, ask->region->places[place].code, NULL, INSTANT_NONE);
			break;
		}
	ask_end(ask);
}
