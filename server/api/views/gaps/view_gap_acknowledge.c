/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/views.h"

/*
 * POST /v1/gaps/{id}/acknowledge: somebody says that they deal with a gap, or with all gaps of its group.
 * DELETE takes that back.
 */

#define NOTE_MAX_BYTES 1000

struct acknowledgement {
	const char *id, *note;
	bool group; /* all of its group that this account may answer for */
	bool back;  /* DELETE */
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
	/* The first account keeps the gap; a second acknowledgement is no fault. */
	out_bool(&out, "changed", pg_get_bool(rows, 0, API_ACKNOWLEDGE_TAKEN));
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

/* Whether the account may acknowledge gaps of ${demand}: it must be allowed to see the place,
 * and to act on its gaps. */
static bool
may_answer(const struct ask *ask, uint32_t demand)
{
	return rights_sees_demand(ask->region, ask->account, demand) &&
	       rights_answer_for(ask->region, ask->account, demand);
}

/* The group of the gap ${id} in the snapshot; NULL: it has none, or has closed. */
static const char *
group_of(const struct ask *ask, uint32_t demand, const char *id)
{
	const struct gap_block *block = ask->map->gaps[demand];
	uint8_t bytes[16];

	if (!gap_id_of(slice_of(id), bytes))
		return NULL;
	for (uint32_t i = 0; block != NULL && i < block->count; i++)
		if (memcmp(block->gaps[i].id, bytes, sizeof bytes) == 0)
			return gap_block_text(block, block->gaps[i].group);
	return NULL;
}

typedef VEC(const char *) id_list;

/* Adds the gaps of ${demand} that are in the group. A gap that is filled, and whose closing only waits to be
 * announced, is left out: there is nothing left to deal with. */
static void
add_members(const struct ask *ask, uint32_t demand, const char *group, id_list *ids)
{
	const struct gap_block *block = ask->map->gaps[demand];

	for (uint32_t i = 0; block != NULL && i < block->count; i++) {
		const char *of = gap_block_text(block, block->gaps[i].group);
		char *id;

		if (of == NULL || block->gaps[i].settle_at != 0 || strcmp(of, group) != 0)
			continue;
		id = arena_alloc(ask->arena, GAP_ID_MAX);
		gap_id_text(block->gaps[i].id, id);
		*VEC_PUSH(ask->arena, ids) = id;
	}
}

_Static_assert(
    (int)API_ACKNOWLEDGE_ALL_TAKEN == (int)API_TAKE_BACK_TAKEN, "on_group_acknowledged reads both");

static void
on_group_acknowledged(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct acknowledgement *given = job->data;
	struct json_out out = {0};

	(void)st;
	out_object(&out, NULL);
	out_text(&out, "id", given->id);
	out_bool(&out, "acknowledged", !given->back);
	out_bool(&out, "changed", pg_get_int(rows, 0, API_ACKNOWLEDGE_ALL_TAKEN) > 0);
	out_int(&out, "members", pg_get_int(rows, 0, API_ACKNOWLEDGE_ALL_TAKEN));
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

/* ${group}: NULL for the gap alone. One statement acknowledges all of them, except gaps of the
 * group that this account may not acknowledge. */
static void
call_for_all(struct job *job, const char *group)
{
	const struct acknowledgement *given = job->data;
	struct ask *ask = &job->ask;
	struct pg_args args = {0};
	id_list ids = {0};

	if (group == NULL)
		*VEC_PUSH(ask->arena, &ids) = given->id;
	for (uint32_t i = 0; group != NULL && i < ask->region->ndemands; i++)
		if (may_answer(ask, i))
			add_members(ask, i, group, &ids);
	pg_text_array(&args, ids.items, ids.count);
	pg_text(&args, ask->account->name);
	pg_text(&args, given->note);
	job_write(
	    job, given->back ? &API_TAKE_BACK : &API_ACKNOWLEDGE_ALL, &args, on_group_acknowledged);
}

/* 404 before 403: a gap of a demand that the region no longer has exists for nobody. */
static void
on_gap_place(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct acknowledgement *given = job->data;
	struct ask *ask = &job->ask;
	struct pg_args args = {0};
	uint32_t demand = REGION_NONE;
	const char *group;

	(void)st;
	if (pg_rows_count(rows) == 1)
		demand = snapshot_demand(ask->map, pg_get_text(rows, 0, API_GAP_PLACE_REQUIREMENT),
		    pg_get_text(rows, 0, API_GAP_PLACE_PLACE));
	/* No row: no such gap. A row without a demand: the region no longer has what it was
	 * about. */
	if (demand == REGION_NONE) {
		problem_reply(ask->exchange, 404, "There is no gap with this id.");
		job_end(job);
		return;
	}
	if (!may_answer(ask, demand)) {
		problem_reply(ask->exchange, 403, "No rota of this account could fill this gap.");
		job_end(job);
		return;
	}
	/* A gap that has no group is acknowledged alone, also if the group was asked for. */
	group = given->group ? group_of(ask, demand, given->id) : NULL;
	if (group != NULL || given->back) {
		call_for_all(job, group);
		return;
	}
	pg_text(&args, given->id);
	pg_text(&args, ask->account->name);
	pg_text(&args, given->note);
	job_write(job, &API_ACKNOWLEDGE, &args, on_acknowledged);
}

/* The gap of the path. */
static void
read_gap(struct ask *ask, struct acknowledgement *given)
{
	struct slice id = web_param(ask->exchange, "id");
	uint8_t bytes[16];

	if (!rights_answer_at_all(ask->region, ask->account))
		ask_refuse(ask, 403, "This account's role does not allow that.");
	if (!gap_id_of(id, bytes))
		ask_refuse(ask, 404, "There is no gap with this id.");
	given->id = arena_strndup(ask->arena, id.at, id.len);
}

/* The demand of the gap decides whether the account may acknowledge it. */
static void
go_on(struct ask *ask, const struct acknowledgement *given)
{
	struct pg_args args = {0};
	struct job *job;

	pg_text(&args, given->id);
	job = job_new(ask, sizeof *given);
	*(struct acknowledgement *)job->data = *given;
	job_call(job, &API_GAP_PLACE, &args, on_gap_place);
}

void
view_gap_acknowledge(struct ask *ask)
{
	static const char *const members[] = {"note", "group", NULL};
	struct acknowledgement given = {0};
	json_t *body;

	read_gap(ask, &given);
	body = ask_body(ask, members);
	given.note = ask_body_text(ask, body, "note", NOTE_MAX_BYTES, ASK_OPTIONAL);
	given.group = json_is_true(json_object_get(body, "group"));
	if (body != NULL && json_object_get(body, "group") != NULL &&
	    !json_is_boolean(json_object_get(body, "group")))
		ask_fault(ask, "$.group", "must be true or false");
	json_decref(body);
	if (ask_fine(ask))
		go_on(ask, &given);
}

void
view_gap_take_back(struct ask *ask)
{
	struct acknowledgement given = {.back = true};

	read_gap(ask, &given);
	given.note = ask_text(ask, "note");
	given.group = ask_yes(ask, "group");
	if (ask_fine(ask))
		go_on(ask, &given);
}
