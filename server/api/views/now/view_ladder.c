/* SPDX-License-Identifier: MIT */
#include "server/api/views/now/now_lookup.h"
#include "server/api/views/parts/historical.h"
#include "server/api/views/views.h"

/* GET /v1/ladder: whom to ring for one function at a place, in order, for systems that ring. */

static void
reply(struct ask *ask, const struct lookup *lookup, int64_t at)
{
	const struct region *region = ask->region;
	struct now_frame frame;
	struct json_out out = {0};

	now_frame_of(&frame, ask, lookup);
	now_render_ladder(&out, &frame);
	ask_reply(ask, &out);
	if (now_personal(&frame))
		ask_read(ask, READ_LADDER, region->places[lookup->place].code,
		    region->functions[lookup->function].code, at);
}

static void
reply_historical(struct job *job, const struct historical_asked *asked)
{
	struct lookup lookup;

	historical_look_up(&job->ask, asked, &lookup);
	reply(&job->ask, &lookup, asked->at);
	job_end(job);
}

void
view_ladder(struct ask *ask)
{
	int64_t at = historical_at(ask, INSTANT_NONE),
		known_at = historical_known_at(ask, INSTANT_NONE);
	struct historical_asked historical = {
	    .at = at == INSTANT_NONE ? known_at : at,
	    .known_at = known_at == INSTANT_NONE ? ask->now : known_at,
	    .place_code = ask_code(ask, "place"),
	    .function_code = ask_code(ask, "function"),
	    .remarks = true,
	};
	uint32_t place = REGION_NONE, function = REGION_NONE;
	struct lookup lookup;

	historical.window =
	    (struct span_time){historical.at, historical.at + HISTORICAL_AHEAD_SECONDS};
	/* With known_at only the region of that time can say what these codes are. */
	if (known_at == INSTANT_NONE) {
		place = ask_place(ask);
		function = ask_function(ask);
	}
	if (!ask_fine(ask))
		return;
	if (known_at != INSTANT_NONE || (at != INSTANT_NONE && at < ask->map->window.start)) {
		historical_make(job_new(ask, 0), &historical, reply_historical);
		return;
	}
	if (at == INSTANT_NONE)
		now_look_up(ask, place, function, &lookup);
	else
		now_look_up_at(ask, place, function, at, &lookup);
	reply(ask, &lookup, at);
	ask_end(ask);
}
