/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/rights_swaps.h"
#include "server/api/views/leave/leave_decide.h"
#include "server/api/views/parts/members.h"
#include "server/api/views/parts/on_rota.h"

/*
 * Approves leave: an absence, with an override for each shift that somebody stands in for. Where it would leave a
 * gap it wants a reason, and the gap is acknowledged by the account that approves as it opens. The effect is found
 * before the deed: with those who stand in by a trial in the database, the absence in memory.
 */

#define REASON_MAX_BYTES 400
#define COVERS_MAX 60 /* half a year of a night each third day */

/* ------------------------------------------------------------------------------- what is sent */

static void
read_cover(struct ask *ask, const struct ask_object *object, struct leave_case *leave)
{
	static const char *const members[] = {"rota", "person", "start", "end", NULL};
	struct leave_cover *cover = VEC_PUSH(ask->arena, &leave->covers);

	ask_object_known(ask, object, members);
	cover->rota = member_rota(ask, object);
	cover->person = member_person(ask, object, "person", ASK_REQUIRED);
	cover->time.start = member_time(ask, object, "start", INSTANT_NONE);
	cover->time.end = member_time(ask, object, "end", INSTANT_NONE);
	/* A person may work on rotas of two organisations: each names its own stand-ins. */
	if (cover->rota != REGION_NONE &&
	    !rights_change_rota(ask->region, ask->account, cover->rota))
		ask_fault(ask, arena_printf(ask->arena, "%s.rota", object->path),
		    "belongs to another organisation: it decides who stands in. Leave this out; it is told that the shift needs cover");
	if (cover->time.start >= cover->time.end && cover->time.start != INSTANT_NONE)
		ask_fault(
		    ask, arena_printf(ask->arena, "%s.end", object->path), "is not after start");
}

static void
read_covers(struct ask *ask, const json_t *body, struct leave_case *leave)
{
	json_t *list = json_object_get(body, "cover"), *item;
	size_t i;

	if (list == NULL)
		return;
	if (!json_is_array(list) || json_array_size(list) > COVERS_MAX) {
		ask_fault(ask, "$.cover", "is not a list of at most %d shifts", COVERS_MAX);
		return;
	}
	json_array_foreach(list, i, item)
	{
		struct ask_object object = {arena_printf(ask->arena, "$.cover[%zu]", i), item};

		if (json_is_object(item))
			read_cover(ask, &object, leave);
		else
			ask_fault(ask, object.path, "is not an object");
	}
}

void
leave_decision_read(struct ask *ask, const json_t *body, struct leave_case *leave)
{
	leave->force = member_switch(ask, body, "force");
	leave->reason = member_line(ask, body, "reason", REASON_MAX_BYTES);
	leave->gap_reason = member_line(ask, body, "gap_reason", REASON_MAX_BYTES);
	read_covers(ask, body, leave);
	/* The reason becomes that of the overrides: one that leaves open whether they come makes no cover. */
	if (leave->covers.count > 0)
		on_rota_reason_check(ask, "$.reason", leave->reason);
	if (leave->force && leave->reason == NULL)
		ask_fault(
		    ask, "$.reason", "is missing: say why a check that fails does not matter");
}

/* ----------------------------------------------------------------------------------- approve */

/* What is in the way of approving, as faults. */
typedef VEC(struct problem_fault) fault_list;

/* Rest and double booking are for people to judge, so that force with a reason passes them. A role that somebody
 * does not have is not: who stands in without it would be shown as cover that is none. */
static void
add_checks(struct ask *ask, const struct leave_case *leave, fault_list *faults)
{
	for (size_t i = 0; i < leave->checks.count; i++) {
		const struct duty_check *check = &leave->checks.items[i];
		bool role = strcmp(check->check, "role") == 0;

		if (check->verdict == DUTY_PASSED || (leave->force && !role))
			continue;
		*VEC_PUSH(ask->arena, faults) = (struct problem_fault){role ? "$.cover" : "$.force",
		    role
			? check->text
			: arena_printf(ask->arena,
			      "%s If it is meant, send it again with \"force\": true and a reason.",
			      check->text)};
	}
}

static void
add_gaps(struct ask *ask, const struct plan_gaps *gaps, fault_list *faults)
{
	for (size_t i = 0; i < gaps->count; i++) {
		const struct region_demand *demand = &ask->region->demands[gaps->items[i].demand];
		char from[ZONE_TEXT_MAX], to[ZONE_TEXT_MAX];

		zone_text(ask->map->setup->zone, gaps->items[i].time.start, from);
		zone_text(ask->map->setup->zone, gaps->items[i].time.end, to);
		*VEC_PUSH(ask->arena, faults) = (struct problem_fault){"$.gap_reason",
		    arena_printf(ask->arena,
			"%s at %s would not be covered as it is from %s to %s. Say who stands in, or why that is accepted: the gap is yours then.",
			ask->region->requirements[demand->requirement].id,
			ask->region->places[demand->place].code, from, to)};
	}
}

/* The gaps of demands that the account answers for: of others, those who answer for them hear as of any gap. */
static const char *
gaps_json(const struct ask *ask, const struct plan_gaps *gaps)
{
	const struct region *region = ask->region;
	struct json_out out = {0};
	const char *text;

	out_array(&out, NULL);
	for (size_t i = 0; i < gaps->count; i++) {
		const struct region_demand *demand = &region->demands[gaps->items[i].demand];

		if (!rights_answer_for(region, ask->account, gaps->items[i].demand))
			continue;
		out_object(&out, NULL);
		out_text(&out, "requirement", region->requirements[demand->requirement].id);
		out_text(&out, "place", region->places[demand->place].code);
		out_time(&out, "starts_at", gaps->items[i].time.start);
		out_time(&out, "ends_at", gaps->items[i].time.end);
		out_object_end(&out);
	}
	out_array_end(&out);
	text = arena_strndup(ask->arena, out.buf.at, out.buf.len);
	out_free(&out);
	return text;
}

static void
on_approved(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct leave_deciding *deciding = job->data;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "id", deciding->leave.id);
	out_text(&out, "state", "approved");
	out_int(&out, "absence", pg_get_int(rows, 0, API_LEAVE_APPROVE_ABSENCE));
	/* The numbers by which each can be withdrawn by itself: a stand-in who falls ill ends no leave. */
	leave_case_put_numbers(&out, "overrides", rows, 0, API_LEAVE_APPROVE_OVERRIDES);
	out_raw(&out, "gaps", slice_of(deciding->gaps));
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

static void
write_approval(struct job *job)
{
	const struct leave_deciding *deciding = job->data;
	struct pg_args args = {0};

	pg_int8(&args, deciding->leave.id);
	pg_text(&args, leave_case_covers_json(&job->ask, &deciding->leave));
	pg_text(&args, deciding->gaps);
	pg_text(&args, deciding->leave.gap_reason);
	pg_text(&args, job->ask.account->name);
	job_write(job, &API_LEAVE_APPROVE, &args, on_approved);
}

static void
reply_dry(struct job *job, const struct plan *plan, bool stopped, bool gaps)
{
	const struct leave_deciding *deciding = job->data;
	struct json_out out = {0};

	out_object(&out, NULL);
	out_bool(&out, "dry_run", true);
	leave_case_put_shifts(&out, &job->ask, &deciding->leave);
	duty_checks_put(&out, &job->ask, &deciding->leave.checks);
	out_bool(&out, "stopped", stopped);
	out_bool(&out, "leaves_gap", gaps);
	plan_put(&out, &job->ask, plan);
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

/* ${rows}: the shifts of the rotas of those who stand in, or NULL. */
static void
judge(struct job *job, const struct pg_rows *rows)
{
	struct leave_deciding *deciding = job->data;
	struct ask *ask = &job->ask;
	struct plan plan;
	struct snapshot *after = leave_case_after(ask, &deciding->leave, rows, &plan);
	struct plan_gaps gaps = plan_gaps(ask, &plan);
	fault_list faults = {0};

	/* With a reason the gaps are not in the way, but they are written down with it, as they were seen here. */
	add_checks(ask, &deciding->leave, &faults);
	if (deciding->leave.gap_reason == NULL)
		add_gaps(ask, &gaps, &faults);
	deciding->gaps = deciding->leave.gap_reason != NULL ? gaps_json(ask, &gaps) : "[]";
	ask_read(ask, READ_LEAVE_PLAN, NULL, NULL, INSTANT_NONE);
	if (deciding->leave.dry) {
		reply_dry(job, &plan, faults.count > 0, gaps.count > 0);
	} else if (faults.count > 0) {
		problem_reply_with(ask->exchange, 409,
		    "This leave cannot be approved as it is; errors says why.",
		    &(struct problem_more){.faults = faults.items, .nfaults = faults.count});
		job_end(job);
	} else {
		write_approval(job);
	}
	snapshot_unref(after);
}

/* What the trial wrote is taken back already; the rows are those that the deed would leave. */
static void
on_tried(struct job *job, enum status st, const struct pg_rows *rows)
{
	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	judge(job, rows);
}

static void
check_covers(struct ask *ask, struct leave_case *leave)
{
	for (size_t i = 0; i < leave->covers.count; i++) {
		const struct leave_cover *cover = &leave->covers.items[i];

		duty_checks_add(ask,
		    &(struct duty_asked){
			.rota = cover->rota,
			.person = cover->person,
			.time = cover->time,
			.seen = rights_knows_times(ask->region, ask->account, cover->person),
		    },
		    &leave->checks);
	}
}

void
leave_approve(struct job *job)
{
	struct leave_deciding *deciding = job->data;
	struct ask *ask = &job->ask;
	struct pg_args args = {0};

	check_covers(ask, &deciding->leave);
	if (deciding->leave.covers.count == 0) {
		judge(job, NULL);
		return;
	}
	pg_int8(&args, deciding->leave.id);
	pg_text(&args, leave_case_covers_json(ask, &deciding->leave));
	pg_text(&args, ask->account->name);
	pg_time(&args, ask->map->window.start);
	pg_time(&args, ask->map->window.end);
	job_call(job, &API_LEAVE_TRY, &args, on_tried);
}
