/* SPDX-License-Identifier: MIT */
#include "server/api/views/gaps/gaps_answer.h"

#include <stdio.h>

#include "server/api/views/parts/map_age.h"
#include "server/api/views/parts/notices.h"
#include "server/base/instant.h"
#include "server/model/gap.h"

#define CURSOR_MAX 64

/* By default only open gaps are listed. For a time in the past that is an empty list, which would look as
 * if nothing had been missing; a notice says how to ask for closed gaps. */
static void
put_notices(struct ask *ask, const struct gaps_asked *asked, struct json_out *out)
{
	bool over = !asked->closed && asked->to <= ask->now;
	struct notices_about about = {
	    .scope = &asked->scope,
	    .function = asked->function,
	    .window = {asked->from == INSTANT_BEGINNING ? ask->now : asked->from, asked->to},
	    .over =
		over
		    ? "All of this time is over, and gaps that are over are closed: ask with state=closed."
		    : NULL,
	};

	notices_put(out, ask, &about);
}

/* as_of is the newest flag that this answer includes: a subscriber continues after it and misses
 * none. */
void
gaps_begin(struct ask *ask, const struct gaps_asked *asked, struct json_out *out)
{
	struct map_age age = map_age_of(ask);
	char head[48];

	snprintf(head, sizeof head, "%lld-%lld", (long long)ask->map->mark.flag_epoch,
	    (long long)ask->map->mark.flag_seq);
	out_object(out, NULL);
	out_text(out, "as_of", head);
	out_text(out, "asked",
	    asked->scope.asked == REGION_NONE ? NULL
					      : ask->region->places[asked->scope.asked].code);
	out_bool(out, "within", asked->scope.within);
	map_age_put(out, ask->map, &age);
	put_notices(ask, asked, out);
}

void
gaps_begin_list(struct ask *ask, const struct gaps_asked *asked, struct json_out *out)
{
	gaps_begin(ask, asked, out);
	out_array(out, "gaps");
}

struct gap_frame
gaps_frame(const struct ask *ask, const struct gaps_asked *asked)
{
	return (struct gap_frame){
	    .ask = ask,
	    .region = ask->region,
	    .zone = ask->map->setup->zone,
	    .now = ask->now,
	    .scope = &asked->scope,
	    .late = asked->closed ? &asked->late : NULL,
	};
}

/* The cursor names the last gap of the page by its start and id. If that gap is closed before the next page
 * is asked for, its place in the order is the same, and the next page begins correctly. */
void
gaps_end(struct json_out *out, const struct kept_gap *last, bool more)
{
	char id[GAP_ID_MAX], cursor[CURSOR_MAX];

	if (more) {
		gap_id_text(last->id, id);
		snprintf(cursor, sizeof cursor, "%u.%s", last->start, id);
		out_text(out, "next_cursor", cursor);
	} else {
		out_null(out, "next_cursor");
	}
	out_object_end(out);
}
