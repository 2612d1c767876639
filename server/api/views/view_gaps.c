#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/map/snapshot_load.h"
#include "server/api/views/gap_render.h"
#include "server/api/views/places.h"
#include "server/api/views/views.h"
#include "server/model/gap.h"

/*
 * GET /v1/gaps and acknowledging. Open gaps are in the snapshot, with the number of the newest flag
 * it has seen: a subscriber takes both and goes on from there. Those that are closed come from the
 * record.
 */

#define NOTE_MAX_BYTES 1000
#define CURSOR_MAX 64

struct gaps_asked {
	uint32_t place, function; /* REGION_NONE: any */
	int64_t from, to;
	bool closed, open;
	struct ask_page page;
	int64_t after_start; /* of the cursor; INT64_MIN: from the beginning */
	uint8_t after_id[16];
};

/* ----------------------------------------------------------------------------------- items */

const char *
gap_owner(const struct region *region, uint32_t demand)
{
	const struct region_list *services = &region->demands[demand].services;
	uint32_t organisation;

	if (services->count == 0)
		return NULL;
	organisation = region->services[services->items[0]].organisation;
	return organisation == REGION_NONE ? NULL : region->organisations[organisation].code;
}

static int64_t
lead_minutes(const struct kept_gap *gap, int64_t now)
{
	return (int64_t)gap->start > now ? ((int64_t)gap->start - now) / 60 : 0;
}

void
gap_render(struct json_out *out, const struct gap_item *item, const struct zone *zone, int64_t now)
{
	const struct kept_gap *gap = &item->gap;
	char id[GAP_ID_MAX];

	gap_id_text(gap->id, id);
	out_object(out, NULL);
	out_text(out, "id", id);
	out_text(out, "requirement", item->requirement);
	out_text(out, "place", item->place);
	out_text(out, "function", item->function);
	out_text(out, "state", cover_state_name((enum cover_state)gap->state));
	out_time(out, "start", gap->start);
	out_time(out, "end", gap->end);
	out_local(out, "start_local", zone, gap->start);
	out_local(out, "end_local", zone, gap->end);
	out_int(out, "present", gap->present);
	out_int(out, "required", gap->required);
	out_text(out, "cause", cover_cause_text((enum cover_cause)gap->cause));
	out_text(out, "cause_code", cover_cause_name((enum cover_cause)gap->cause));
	/* Time alone moves it on, so it is judged when asked and not as it was last written down.
	 */
	out_text(out, "severity",
	    gap_severity_name(gap_severity_of(
		REGION_SEVERITY_DEFAULT, (enum cover_state)gap->state, (int64_t)gap->start - now)));
	out_int(out, "lead_minutes", lead_minutes(gap, now));
	out_text(out, "owner", item->owner);
	out_time(out, "opened_at", gap->opened_at);
	out_time(out, "changed_at", gap->changed_at);
	out_time(out, "acknowledged_at", gap->acknowledged_at == 0 ? NEVER : gap->acknowledged_at);
	out_text(out, "acknowledged_by", item->acknowledged_by);
	out_text(out, "note", item->note);
	out_time(out, "closed_at", item->closed_at);
	if (item->closed_at != NEVER)
		out_bool(out, "passed", item->passed);
	out_object_end(out);
}

/* ------------------------------------------------------------------------------------ open */

struct found_gap {
	const struct gap_block *block;
	const struct kept_gap *gap;
	uint32_t demand;
};

static int
order_of(int64_t start_a, const uint8_t *id_a, int64_t start_b, const uint8_t *id_b)
{
	if (start_a != start_b)
		return start_a < start_b ? -1 : 1;
	return memcmp(id_a, id_b, 16);
}

static int
by_start(const void *left, const void *right)
{
	const struct found_gap *a = left, *b = right;

	return order_of(a->gap->start, a->gap->id, b->gap->start, b->gap->id);
}

static bool
wanted(const struct ask *ask, const struct gaps_asked *asked, const struct kept_gap *gap)
{
	if ((int64_t)gap->end <= asked->from || (int64_t)gap->start >= asked->to ||
	    (int64_t)gap->end <= ask->now)
		return false;
	return asked->after_start == INT64_MIN ||
	       order_of(gap->start, gap->id, asked->after_start, asked->after_id) > 0;
}

static size_t
find_open(struct ask *ask, const struct gaps_asked *asked, struct found_gap **out)
{
	const struct region *region = ask->region;
	VEC(struct found_gap) found = {0};

	for (uint32_t i = 0; i < region->ndemands; i++) {
		const struct gap_block *block = ask->map->gaps[i];
		const struct region_demand *demand = &region->demands[i];

		if (block == NULL ||
		    (asked->place != REGION_NONE && demand->place != asked->place) ||
		    (asked->function != REGION_NONE && demand->function != asked->function) ||
		    !rights_place(region, ask->account, demand->place))
			continue;
		for (uint32_t j = 0; j < block->count; j++)
			if (wanted(ask, asked, &block->gaps[j]))
				*VEC_PUSH(ask->arena, &found) =
				    (struct found_gap){block, &block->gaps[j], i};
	}
	if (found.count > 1)
		qsort(found.items, found.count, sizeof *found.items, by_start);
	*out = found.items;
	return found.count;
}

static void
begin_list(struct ask *ask, struct json_out *out)
{
	char head[48];

	snprintf(head, sizeof head, "%lld-%lld", (long long)ask->map->mark.flag_epoch,
	    (long long)ask->map->mark.flag_seq);
	out_object(out, NULL);
	out_text(out, "as_of", head);
	out_array(out, "gaps");
}

static void
end_list(struct json_out *out, const struct kept_gap *last, bool more)
{
	char id[GAP_ID_MAX], cursor[CURSOR_MAX];

	out_array_end(out);
	if (more) {
		gap_id_text(last->id, id);
		snprintf(cursor, sizeof cursor, "%u.%s", last->start, id);
		out_text(out, "next_cursor", cursor);
	} else {
		out_null(out, "next_cursor");
	}
	out_object_end(out);
}

static void
reply_open(struct ask *ask, const struct gaps_asked *asked)
{
	const struct region *region = ask->region;
	struct json_out out = {0};
	struct found_gap *found;
	size_t count = find_open(ask, asked, &found);
	size_t shown = count < asked->page.limit ? count : asked->page.limit;

	begin_list(ask, &out);
	for (size_t i = 0; i < shown; i++) {
		const struct region_demand *demand = &region->demands[found[i].demand];
		struct gap_item item = {
		    .gap = *found[i].gap,
		    .acknowledged_by =
			gap_block_text(found[i].block, found[i].gap->acknowledged_by),
		    .note = gap_block_text(found[i].block, found[i].gap->note),
		    .requirement = region->requirements[demand->requirement].id,
		    .place = region->places[demand->place].code,
		    .function = region->functions[demand->function].code,
		    .owner = gap_owner(region, found[i].demand),
		    .closed_at = NEVER,
		};

		gap_render(&out, &item, ask->map->setup->zone, ask->now);
	}
	end_list(&out, shown > 0 ? found[shown - 1].gap : NULL, shown < count);
	ask_reply(ask, &out);
}

/* --------------------------------------------------------------------------- of the record */

static void
on_gaps(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct gaps_asked *asked = job->data;
	struct ask *ask = &job->ask;
	struct json_out out = {0};
	size_t count = pg_rows_count(rows);
	size_t shown = count < asked->page.limit ? count : asked->page.limit;
	struct kept_gap last = {0};

	(void)st;
	begin_list(ask, &out);
	for (size_t i = 0; i < shown; i++) {
		struct gap_row row;
		uint32_t demand =
		    snapshot_demand(ask->map, pg_get_text(rows, i, 0), pg_get_text(rows, i, 1));
		struct gap_block *block;
		struct gap_item item;

		snapshot_load_gap(rows, i, &row);
		block = gap_block_new(&row, 1);
		item = (struct gap_item){
		    .gap = block->gaps[0],
		    .acknowledged_by = row.acknowledged_by,
		    .note = row.note,
		    .requirement = pg_get_text(rows, i, 0),
		    .place = pg_get_text(rows, i, 1),
		    .function = pg_get_text(rows, i, 16),
		    .owner = demand == REGION_NONE ? NULL : gap_owner(ask->region, demand),
		    .closed_at = pg_is_null(rows, i, 14) ? NEVER : pg_get_time(rows, i, 14),
		    .passed = !pg_is_null(rows, i, 15) && pg_get_bool(rows, i, 15),
		};
		gap_render(&out, &item, ask->map->setup->zone, ask->now);
		last = item.gap;
		gap_block_unref(block);
	}
	end_list(&out, &last, shown < count);
	ask_reply(ask, &out);
	job_end(job);
}

static void
ask_record(struct ask *ask, const struct gaps_asked *asked)
{
	const struct region *region = ask->region;
	struct job *job = job_new(ask, sizeof *asked);
	struct pg_args args = {0};
	char after_id[GAP_ID_MAX];

	*(struct gaps_asked *)job->data = *asked;
	gap_id_text(asked->after_id, after_id);
	places_send(&job->ask, asked->place, &args);
	pg_text(
	    &args, asked->function == REGION_NONE ? NULL : region->functions[asked->function].code);
	pg_time(&args, asked->from == INT64_MIN ? PG_MINUS_INFINITY : asked->from);
	pg_time(&args, asked->to == INT64_MAX ? PG_INFINITY : asked->to);
	pg_bool(&args, asked->closed && !asked->open);
	pg_time(&args, asked->after_start == INT64_MIN ? PG_MINUS_INFINITY : asked->after_start);
	pg_text(&args, after_id);
	pg_int8(&args, (int64_t)asked->page.limit + 1);
	job_call(job, &API_CLOSED_GAPS, &args, on_gaps);
}

/* ----------------------------------------------------------------------------------- calls */

/* "<start>.<id>" of the last gap of the page before. */
static void
read_cursor(struct ask *ask, struct gaps_asked *asked)
{
	const char *cursor = asked->page.cursor;
	const char *dot = cursor ? strchr(cursor, '.') : NULL;

	asked->after_start = INT64_MIN;
	if (cursor == NULL)
		return;
	if (dot == NULL ||
	    !text_int((struct slice){cursor, (size_t)(dot - cursor)}, 0, UINT32_MAX,
		&asked->after_start) ||
	    !gap_id_of(slice_of(dot + 1), asked->after_id))
		ask_fault(ask, "query.cursor", "is not a cursor that this list gave");
}

void
view_gaps(void *ctx, struct web_exchange *exchange)
{
	static const char *const known[] = {
	    "place", "function", "from", "to", "state", "limit", "cursor", NULL};
	static const char *const states[] = {"open", "closed", "all", NULL};
	struct ask ask;
	struct gaps_asked asked = {0};
	const char *state;

	if (!ask_begin(&ask, ctx, exchange, RIGHT_READ))
		return;
	ask_known(&ask, known);
	asked.place = ask_place(&ask, ASK_OPTIONAL);
	asked.function = ask_function(&ask);
	asked.from = ask_time(&ask, "from", ASK_OPTIONAL, INT64_MIN);
	asked.to = ask_time(&ask, "to", ASK_OPTIONAL, INT64_MAX);
	state = ask_choice(&ask, "state", states);
	asked.open = strcmp(state, "closed") != 0;
	asked.closed = strcmp(state, "open") != 0;
	asked.page = ask_page(&ask);
	read_cursor(&ask, &asked);
	if (ask.faults.count == 0 && asked.from >= asked.to)
		ask_fault(&ask, "query.to", "is not after from");
	if (!ask_fine(&ask))
		return;
	if (asked.closed) {
		ask_record(&ask, &asked);
		return;
	}
	reply_open(&ask, &asked);
	ask_end(&ask);
}

struct acknowledgement {
	const char *id, *note;
};

static void
on_acknowledged(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct acknowledgement *given = job->data;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_text(&out, "id", given->id);
	out_bool(&out, "acknowledged", true);
	/* Whoever was first keeps the gap; saying it again is fine. */
	out_bool(&out, "changed", pg_get_bool(rows, 0, 0));
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

static void
on_gap_place(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct acknowledgement *given = job->data;
	struct ask *ask = &job->ask;
	struct pg_args args = {0};
	uint32_t demand = REGION_NONE;

	(void)st;
	if (pg_rows_count(rows) == 1)
		demand =
		    snapshot_demand(ask->map, pg_get_text(rows, 0, 2), pg_get_text(rows, 0, 0));
	if (demand == REGION_NONE) {
		problem_reply(ask->exchange, 404, "There is no gap with this id.", NULL, 0, NULL);
		job_end(job);
		return;
	}
	if (!rights_place(ask->region, ask->account, ask->region->demands[demand].place) ||
	    !rights_answer_for(ask->region, ask->account, demand)) {
		problem_reply(ask->exchange, 403,
		    "This account answers for none of the rotas that could fill this gap.", NULL, 0,
		    NULL);
		job_end(job);
		return;
	}
	pg_text(&args, given->id);
	pg_text(&args, ask->account->name);
	pg_text(&args, given->note);
	job_call(job, &API_ACKNOWLEDGE, &args, on_acknowledged);
}

void
view_gap_acknowledge(void *ctx, struct web_exchange *exchange)
{
	static const char *const none[] = {NULL}, *const members[] = {"note", NULL};
	struct slice id = web_param(exchange, "id");
	struct acknowledgement given = {0};
	uint8_t bytes[16];
	struct pg_args args = {0};
	struct ask ask;
	struct job *job;
	json_t *body;

	if (!ask_begin(&ask, ctx, exchange, RIGHT_CHANGE))
		return;
	ask_known(&ask, none);
	if (!gap_id_of(id, bytes))
		ask_refuse(&ask, 404, "There is no gap with this id.");
	body = ask_body(&ask, members);
	given.note = ask_body_text(&ask, body, "note", NOTE_MAX_BYTES, ASK_OPTIONAL);
	given.id = arena_strndup(ask.arena, id.at, id.len);
	json_decref(body);
	if (!ask_fine(&ask))
		return;
	pg_text(&args, given.id);
	job = job_new(&ask, sizeof given);
	*(struct acknowledgement *)job->data = given;
	job_call(job, &API_GAP_PLACE, &args, on_gap_place);
}
