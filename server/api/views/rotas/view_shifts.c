/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "server/api/ask/ask.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/model/region_protected.h"

/* GET /v1/shifts: the current shifts of one rota, from memory. */

#define CURSOR_MAX 48

struct after {
	int64_t start, nth;
};

/* The place among those of one start is needed, since several shifts begin at the same handover. */
/* "<start>.<n>": the last shift of the page before was the nth of that start. */
static void
read_cursor(struct ask *ask, const char *cursor, struct after *after)
{
	const char *dot = cursor ? strchr(cursor, '.') : NULL;

	after->start = INSTANT_NONE;
	after->nth = 0;
	if (cursor == NULL)
		return;
	if (dot == NULL ||
	    !text_int(
		(struct slice){cursor, (size_t)(dot - cursor)}, 0, UINT32_MAX, &after->start) ||
	    !text_int(slice_of(dot + 1), 0, INT64_MAX, &after->nth))
		ask_fault(ask, "query.cursor", "is not a cursor that this list gave");
}

/* What was read as somebody who is withheld names that person, whatever it says. */
static const char *
shown_title(const struct ask *ask, const struct rota_block *block, const struct kept_shift *shift)
{
	const char *title = rota_block_text(block, shift->title);

	if (title != NULL && shift->person != REGION_NONE &&
	    region_is_withheld(region_person(ask->region, shift->person)))
		return REGION_WITHHELD_TEXT;
	return ask_shown_text(ask, title);
}

/* Ids of people are names too and are hidden with them. */
static void
put_shift(struct json_out *out, const struct ask *ask, const struct rota_block *block,
    const struct kept_shift *shift)
{
	bool named = rights_sight(ask->account) != SIGHT_COUNTS;
	const struct region_person *person =
	    shift->person == REGION_NONE ? NULL : region_person(ask->region, shift->person);

	out_object(out, NULL);
	out_int(out, "id", shift->id);
	out_text(out, "class", kept_class_name((enum kept_class)shift->class));
	out_bool(out, "override", shift->override != 0);
	out_bool(out, "as_last_read", shift->as_last_read != 0);
	out_text(out, "person", named && person ? person->shown_id : NULL);
	out_text(out, "name", named && person ? person->name : NULL);
	out_text(out, "team", rota_block_text(block, shift->team));
	/* A title may hold any name, and an absence's title is always one: whose leave it is does
	 * not concern those who only ask about cover. */
	out_text(out, "title",
	    !named || shift->class == KEPT_ABSENCE ? NULL : shown_title(ask, block, shift));
	out_time(out, "start", shift->start);
	out_time(out, "end", shift->end);
	out_local(out, "start_local", ask->map->setup->zone, shift->start);
	out_local(out, "end_local", ask->map->setup->zone, shift->end);
	out_object_end(out);
}

/* Shifts are by start, end, id; the cursor is by start and the place among those of one start. */
static bool
is_before(const struct kept_shift *shift, int64_t skipped, const struct after *after)
{
	if (after->start == INSTANT_NONE || (int64_t)shift->start > after->start)
		return false;
	return (int64_t)shift->start < after->start || skipped < after->nth;
}

/* Absences are shown to those who keep the rota, and to reviewers. Everybody else sees only that
 * cover is missing. */
static bool
may_see_absences(const struct ask *ask, uint32_t rota)
{
	return rights_change_rota(ask->region, ask->account, rota) ||
	       rights_has(ask->account, RIGHT_REVIEW);
}

/* Skips what earlier pages have shown. Shifts have ids, but a new reading gives new ones, so that
 * the cursor does not use them. */
static void
reply(struct ask *ask, uint32_t rota, struct span_time window, struct ask_page page,
    const struct after *after)
{
	const struct rota_block *block = ask->map->rotas[rota];
	bool absences = may_see_absences(ask, rota);
	struct json_out out = {0};
	char cursor[CURSOR_MAX] = "";
	uint32_t shown = 0;
	int64_t same = 0, start = INSTANT_NONE; /* how many of this start were seen */

	out_object(&out, NULL);
	out_text(&out, "rota", ask->region->rotas[rota].id);
	out_array(&out, "shifts");
	for (uint32_t i = rota_block_from(block, window.start); i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];

		if ((int64_t)shift->start >= window.end)
			break;
		if ((int64_t)shift->end <= window.start ||
		    (shift->class == KEPT_ABSENCE && !absences))
			continue;
		same = (int64_t)shift->start == start ? same + 1 : 1;
		start = shift->start;
		if (is_before(shift, same - 1, after))
			continue;
		if (shown == page.limit)
			break;
		put_shift(&out, ask, block, shift);
		shown++;
		snprintf(cursor, sizeof cursor, "%u.%lld", shift->start, (long long)same);
		/* The last shift of the block: the next page would be empty. */
		if (i + 1 == block->count)
			cursor[0] = '\0';
	}
	out_array_end(&out);
	if (shown > 0 && rights_sight(ask->account) != SIGHT_COUNTS)
		ask_read(ask, READ_SHIFTS, ask->region->rotas[rota].id, NULL, INSTANT_NONE);
	out_text(&out, "next_cursor", shown == page.limit && cursor[0] != '\0' ? cursor : NULL);
	out_object_end(&out);
	ask_reply(ask, &out);
}

/* The shifts in memory are those of the snapshot's window. A part of what was asked for would look
 * like the whole. */
static void
check_window(struct ask *ask, struct span_time window)
{
	char edge[CIVIL_RFC3339_MAX];

	if (window.start < ask->map->window.start) {
		civil_rfc3339(ask->map->window.start, edge);
		ask_fault(ask, "query.from",
		    "is before %s, and no shifts before that are at hand here: ask /v1/coverage who covered what, "
		    "or /v1/history what was known",
		    edge);
	}
	if (window.end > ask->map->window.end) {
		civil_rfc3339(ask->map->window.end, edge);
		ask_fault(
		    ask, "query.to", "is after %s, and no shifts after that are at hand", edge);
	}
}

void
view_shifts(struct ask *ask)
{
	struct span_time window;
	struct ask_page page;
	struct after after;
	uint32_t rota;

	rota = ask_rota(ask);
	window.start = ask_time(ask, "from", ask->now);
	window.end = ask_time(ask, "to", ask->map->window.end);
	if (window.start >= window.end)
		ask_fault(ask, "query.to", "is not after from");
	check_window(ask, window);
	page = ask_page(ask);
	read_cursor(ask, page.cursor, &after);
	if (!ask_fine(ask))
		return;
	reply(ask, rota, window, page, &after);
	ask_end(ask);
}
