/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/manual.h"
#include "server/api/views/views.h"
#include "server/map/cover.h"
#include "server/map/duty.h"

/*
 * GET /v1/needs-cover: the shifts of the account's rotas whose person does not cover them, since that person is away.
 * So an organisation hears that a shift of its rota needs cover also where another one has approved the leave; that
 * it is leave, or whose, is not said beyond the name that its own rota has.
 */

#define AHEAD_SECONDS (90 * (int64_t)86400) /* as far as most rotas are published */

static void
put_time(struct json_out *out, struct ask *ask, const struct kept_shift *shift, uint32_t rota,
    struct span_time time)
{
	const struct zone *zone = ask->map->setup->zone;

	out_object(out, NULL);
	out_text(out, "rota", ask->region->rotas[rota].id);
	manual_put_person(
	    out, ask, "person", region_person(ask->whole->setup->region, shift->person)->id);
	out_time(out, "start", time.start);
	out_time(out, "end", time.end);
	out_local(out, "start_local", zone, time.start);
	out_local(out, "end_local", zone, time.end);
	out_object_end(out);
}

/* The parts of the shift in which its person is not on duty. Returns whether there were any. */
static bool
put_shift(struct json_out *out, struct ask *ask, const struct kept_shift *shift, uint32_t rota,
    struct span_time window)
{
	struct span_time time = span_clip(kept_shift_time(shift), window);
	struct span_times on, left;

	if (shift->person == REGION_NONE || !cover_counts(shift) || span_is_empty(time))
		return false;
	on = duty_in(ask->arena, ask->map, shift, time);
	left = span_subtract(ask->arena, (struct span_times){&time, 1}, on);
	for (size_t i = 0; i < left.count; i++)
		put_time(out, ask, shift, rota, left.items[i]);
	return left.count > 0;
}

void
view_needs_cover(struct ask *ask)
{
	struct span_time window = {ask->now, ask_time(ask, "to", ask->now + AHEAD_SECONDS)};
	struct json_out out = {0};
	bool any = false;

	if (window.end <= window.start)
		ask_fault(ask, "query.to", "is over already");
	if (!ask_fine(ask))
		return;
	out_object(&out, NULL);
	out_array(&out, "needs_cover");
	for (uint32_t i = 0; i < ask->region->nrotas; i++) {
		const struct rota_block *block = ask->map->rotas[i];

		if (!rights_change_rota(ask->region, ask->account, i))
			continue;
		for (uint32_t j = rota_block_from(block, window.start);
		     j < block->count && (int64_t)block->shifts[j].start < window.end; j++)
			any |= put_shift(&out, ask, &block->shifts[j], i, window);
	}
	out_array_end(&out);
	out_object_end(&out);
	ask_reply(ask, &out);
	/* An answer that names nobody is no reading of anybody's leave. */
	if (any)
		ask_read(ask, READ_LEAVE, NULL, NULL, INSTANT_NONE);
	ask_end(ask);
}
