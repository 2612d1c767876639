/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/rights_remarks.h"
#include "server/api/views/parts/list.h"
#include "server/api/views/parts/override_words.h"
#include "server/api/views/parts/sources.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"

/* GET /v1/feeds: the state of every source. POST /v1/feeds/{rota}/refresh: fetch it now. */

/* The text between the brackets of a list; empty: nothing. The warnings are kept as the text of a
 * JSON list, into which more are put here. */
static struct slice
inside(struct slice list)
{
	struct slice text = slice_trim(list);

	return text.len < 2 ? (struct slice){0}
			    : slice_trim((struct slice){text.at + 1, text.len - 2});
}

/* Warnings of the reader for the calendar's owner, and those overrides with which the calendar
 * disagrees and that are not over. True: there is such an override, and the account sees names. */
static bool
put_warnings(struct json_out *out, const struct ask *ask, uint32_t index)
{
	const struct rota_block *block = ask->map->rotas[index];
	const struct kept_feed *feed = ask->map->feeds[index];
	struct slice read =
	    feed ? inside(ask_shown_json(ask, slice_of(feed->warnings))) : (struct slice){0};
	struct buf words = {0};
	bool named = false;

	out_array(out, "warnings");
	if (read.len > 0)
		out_raw(out, NULL, read);
	for (uint32_t i = 0; i < block->noverrides; i++) {
		const struct kept_override *override = &block->overrides[i];

		if (override->standing == OVERRIDE_WAITING || (int64_t) override->end <= ask->now)
			continue;
		buf_reset(&words);
		override_words_warning(&words, &(struct override_told){
						   ask->map->setup,
						   ask->region->rotas[index].id,
						   override,
						   rights_sight(ask->account) != SIGHT_COUNTS,
					       });
		named = rights_sight(ask->account) != SIGHT_COUNTS;
		out_object(out, NULL);
		out_text(out, "kind", "override");
		out_text(out, "level", "warning");
		out_text(out, "text", words.at);
		out_text(
		    out, "remedy", "Correct the calendar. If it is right, withdraw the override.");
		out_object_end(out);
	}
	out_array_end(out);
	buf_free(&words);
	return named;
}

/* How many reports about people of the rota, or its service's line, want doing (GET /v1/contacts): for
 * those who see to them. */
static void
put_reported(struct json_out *out, const struct ask *ask, uint32_t index)
{
	uint32_t service = ask->region->rotas[index].service;

	if (service == REGION_NONE ||
	    !rights_keeps_reports(ask->region, ask->account, index, service))
		out_null(out, "reported");
	else
		out_int(out, "reported", remarks_open(ask->map->remarks, index, service));
}

/* True: with names. A rota without a source is listed too, as one that was never read. */
static bool
put_feed(struct json_out *out, const struct ask *ask, uint32_t index)
{
	const struct region *region = ask->region;
	const struct region_rota *rota = &region->rotas[index];
	const struct kept_feed *feed = ask->map->feeds[index];
	enum freshness freshness = kept_feed_freshness(feed, ask->now);
	bool named;

	out_object(out, NULL);
	out_text(out, "rota", rota->id);
	out_text(out, "organisation",
	    rota->organisation == REGION_NONE ? NULL
					      : region->organisations[rota->organisation].code);
	source_put_origin(out, feed);
	out_text(out, "freshness", freshness_name(freshness));
	source_put(out, ask->map, index, ask->now);
	out_int(out, "failures", feed ? feed->facts.failures : 0);
	out_time(out, "last_attempt_at", feed ? feed->facts.last_attempt_at : INSTANT_NEVER);
	out_time(out, "last_good_at", feed ? feed->facts.last_good_at : INSTANT_NEVER);
	out_time(out, "last_change_at", feed ? feed->facts.last_change_at : INSTANT_NEVER);
	out_time(out, "next_at", feed ? feed->facts.next_at : INSTANT_NEVER);
	out_time(out, "horizon", kept_feed_horizon(feed));
	/* An import's number begins at 1; 0 is none. */
	if (feed != NULL && feed->facts.held_import != 0)
		out_int(out, "held_import", feed->facts.held_import);
	else
		out_null(out, "held_import");
	out_int(out, "shifts", ask->map->rotas[index]->count);
	put_reported(out, ask, index);
	named = put_warnings(out, ask, index);
	out_object_end(out);
	return named;
}

void
view_feeds(struct ask *ask)
{
	const struct region *region;
	struct list list;
	bool named = false;
	uint32_t i;

	region = ask->region;
	if (!list_begin(&list, ask, (struct listed){"feeds", &region->rota_by_id, region->nrotas}))
		return;
	while ((i = list_next(&list)) != REGION_NONE) {
		if (!rights_rota(region, ask->account, i))
			continue;
		named |= put_feed(&list.out, ask, i);
		list_shown(&list, region->rotas[i].id);
	}
	if (named)
		ask_read(ask, READ_FEEDS, NULL, NULL, INSTANT_NONE);
	list_end(&list);
}

static void
on_asked(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_bool(&out, "asked", true);
	out_object_end(&out);
	ask_reply_with(&job->ask, 202, &out, NULL);
	job_end(job);
}

/* Only leaves a request: 202 and not 200. The feeds role fetches when it sees the request, and
 * GET /v1/feeds shows when it has. */
void
view_feed_refresh(struct ask *ask)
{
	struct pg_args args = {0};
	uint32_t rota;

	rota = ask_rota_changed(ask, "rota");
	if (!ask_fine(ask))
		return;
	pg_text(&args, ask->region->rotas[rota].id);
	pg_text(&args, ask->account->name);
	job_write(job_new(ask, 0), &API_REFRESH_ASK, &args, on_asked);
}
