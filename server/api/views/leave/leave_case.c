/* SPDX-License-Identifier: MIT */
#include "server/api/views/leave/leave_case.h"

#include "server/map/cover.h"

/* The part of the leave that is ahead, as far as memory reaches: what is over is not changed, and cover is not
 * known after the window. */
static struct span_time
time_of(const struct ask *ask, const struct leave_case *leave)
{
	struct span_time ahead = {ask->now, ask->map->window.end};
	struct span_time time = span_clip(leave->time, ahead);

	/* Leave that is over, or begins after the window: no time, and so no shift and no gap. */
	if (time.end < time.start)
		time.end = time.start;
	return time;
}

/* Each rota once, then the absences that are typed in. */
static void
set_rotas(struct ask *ask, const struct leave_case *leave, struct plan *plan)
{
	uint32_t *rotas = arena_array(ask->arena, leave->covers.count + 1, sizeof *rotas);

	for (size_t i = 0; i < leave->covers.count; i++) {
		bool again = false;

		for (size_t j = 0; j < plan->nrotas; j++)
			again |= rotas[j] == leave->covers.items[i].rota;
		if (!again)
			rotas[plan->nrotas++] = leave->covers.items[i].rota;
	}
	rotas[plan->nrotas++] = REGION_NONE;
	plan->rotas = rotas;
}

struct snapshot *
leave_case_after(
    struct ask *ask, const struct leave_case *leave, const struct pg_rows *rows, struct plan *plan)
{
	struct snapshot *covered, *after;

	*plan = (struct plan){
	    .time = time_of(ask, leave),
	    .organisation = region_person(ask->region, leave->person)->organisation,
	};
	set_rotas(ask, leave, plan);
	/* Two things change at once: who stands in, by the rows of the trial, and the absence, which is added here,
	 * since the trial answers with rows of rotas alone. */
	if (rows == NULL)
		covered = snapshot_ref(ask->map);
	else
		covered = plan_with_rotas(
		    ask->map, &(struct plan_rows){rows, plan->rotas, plan->nrotas - 1});
	after = plan_with_absence(covered, leave->person, leave->time);
	snapshot_unref(covered);
	plan->after = after;
	return after;
}

static void
put_shift(struct json_out *out, const struct ask *ask, uint32_t rota, struct span_time time)
{
	const struct region *region = ask->region;
	uint32_t organisation = region->rotas[rota].organisation;

	out_object(out, NULL);
	out_text(out, "rota", region->rotas[rota].id);
	out_text(out, "organisation",
	    organisation == REGION_NONE ? NULL : region->organisations[organisation].code);
	out_time(out, "start", time.start);
	out_time(out, "end", time.end);
	out_local(out, "start_local", ask->map->setup->zone, time.start);
	out_local(out, "end_local", ask->map->setup->zone, time.end);
	/* Who stands in on another organisation's rota is decided there. */
	out_bool(out, "may_change", rights_change_rota(region, ask->account, rota));
	out_object_end(out);
}

void
leave_case_put_shifts(struct json_out *out, struct ask *ask, const struct leave_case *leave)
{
	struct span_time ahead = time_of(ask, leave);

	out_array(out, "shifts");
	for (uint32_t i = 0; i < ask->region->nrotas; i++) {
		const struct rota_block *block = ask->map->rotas[i];

		/* Most rotas do not name the person, and are not looked through. */
		if (!rota_block_may_name(block, leave->person) ||
		    !rights_rota(ask->region, ask->account, i))
			continue;
		for (uint32_t j = rota_block_from(block, ahead.start);
		     j < block->count && (int64_t)block->shifts[j].start < ahead.end; j++) {
			const struct kept_shift *shift = &block->shifts[j];

			if (shift->person == leave->person && cover_counts(shift) &&
			    span_overlap(kept_shift_time(shift), ahead))
				put_shift(out, ask, i, kept_shift_time(shift));
		}
	}
	out_array_end(out);
}

const char *
leave_case_covers_json(const struct ask *ask, const struct leave_case *leave)
{
	/* The ids of the set-up: the asker may have been shown others. */
	const struct region *region = ask->whole->setup->region;
	struct json_out out = {0};
	const char *text;

	out_array(&out, NULL);
	for (size_t i = 0; i < leave->covers.count; i++) {
		const struct leave_cover *cover = &leave->covers.items[i];

		out_object(&out, NULL);
		out_text(&out, "rota", region->rotas[cover->rota].id);
		out_text(&out, "person", region_person(region, cover->person)->id);
		out_time(&out, "starts_at", cover->time.start);
		out_time(&out, "ends_at", cover->time.end);
		out_object_end(&out);
	}
	out_array_end(&out);
	text = arena_strndup(ask->arena, out.buf.at, out.buf.len);
	out_free(&out);
	return text;
}

void
leave_case_put_numbers(
    struct json_out *out, const char *key, const struct pg_rows *rows, size_t row, unsigned column)
{
	out_array(out, key);
	for (size_t i = 0; i < pg_get_array_count(rows, row, column); i++)
		out_int(out, NULL, pg_get_array_int(rows, row, column, i));
	out_array_end(out);
}
