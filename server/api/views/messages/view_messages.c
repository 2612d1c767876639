/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/messages/message_whose.h"
#include "server/api/views/views.h"

/* GET /v1/messages: what was sent to whom, what waits, and what was not delivered. */

static void
put_one(struct json_out *out, const struct pg_rows *rows, size_t row)
{
	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_MESSAGES_ID));
	out_text(out, "account", pg_get_text(rows, row, API_MESSAGES_ACCOUNT));
	out_text(out, "channel", pg_get_text(rows, row, API_MESSAGES_CHANNEL));
	out_text(out, "address", pg_get_text(rows, row, API_MESSAGES_ADDRESS));
	out_text(out, "message_id", pg_get_text(rows, row, API_MESSAGES_MESSAGE_ID));
	out_time(out, "at", pg_get_time(rows, row, API_MESSAGES_AT));
	out_text(out, "severity", pg_get_text(rows, row, API_MESSAGES_SEVERITY));
	out_text(out, "subject", pg_get_text(rows, row, API_MESSAGES_SUBJECT));
	out_text(out, "text", pg_get_text(rows, row, API_MESSAGES_BODY));
	out_text(out, "link", pg_get_text(rows, row, API_MESSAGES_LINK));
	out_text(out, "state", pg_get_text(rows, row, API_MESSAGES_STATE));
	out_int(out, "attempts", pg_get_int(rows, row, API_MESSAGES_ATTEMPTS));
	out_time(out, "next_at", pg_get_time_or(rows, row, API_MESSAGES_NEXT_AT, INSTANT_NEVER));
	out_text(out, "why", pg_get_text(rows, row, API_MESSAGES_REASON));
	out_text(out, "receipt", pg_get_text(rows, row, API_MESSAGES_RECEIPT));
	out_time(out, "ended_at", pg_get_time_or(rows, row, API_MESSAGES_ENDED_AT, INSTANT_NEVER));
	out_object_end(out);
}

static void
on_listed(struct job *job, enum status st, const struct pg_rows *rows)
{
	uint32_t limit = *(const uint32_t *)job->data;
	size_t count = pg_rows_count(rows);
	struct json_out out = {0};

	(void)st;
	out_object(&out, NULL);
	out_array(&out, "messages");
	for (size_t i = 0; i < count && i < limit; i++)
		put_one(&out, rows, i);
	out_array_end(&out);
	out_text(&out, "next_cursor",
	    count > limit ? arena_printf(job->ask.arena, "%lld",
				(long long)pg_get_int(rows, limit - 1, API_MESSAGES_ID))
			  : NULL);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

void
view_messages(struct ask *ask)
{
	struct message_whose whose = message_whose_read(ask);
	struct ask_page page = ask_page(ask);
	const char *state = ask_choice(ask, "state");
	struct pg_args args = {0};
	int64_t before = 0;
	struct job *job;

	if (page.cursor != NULL && !text_int(slice_of(page.cursor), 1, INT64_MAX, &before))
		ask_fault(ask, "query.cursor", "is not a cursor that this list gave");
	if (!ask_fine(ask))
		return;
	pg_text(&args, whose.account);
	pg_text(&args, whose.organisation);
	pg_text(&args, state == NULL || strcmp(state, "all") == 0 ? NULL : state);
	if (before == 0)
		pg_null(&args);
	else
		pg_int8(&args, before);
	pg_int8(&args, (int64_t)page.limit + 1);
	job = job_new(ask, sizeof page.limit);
	*(uint32_t *)job->data = page.limit;
	job_call(job, &API_MESSAGES, &args, on_listed);
}
