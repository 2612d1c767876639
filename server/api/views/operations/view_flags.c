/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/parts/places.h"
#include "server/api/views/views.h"

/* GET /v1/flags: the outbox replayed, for subscribers that missed something. From the database
 * alone: it is the truth about flags. */

/* Every row has the head. Without a flag there is one row, without a payload. */
static void
on_flags(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};
	char head[48];

	(void)st;
	snprintf(head, sizeof head, "%lld-%lld",
	    (long long)pg_get_int(rows, 0, API_FLAGS_HEAD_EPOCH),
	    (long long)pg_get_int(rows, 0, API_FLAGS_HEAD_SEQ));
	out_object(&out, NULL);
	out_text(&out, "head", head);
	out_array(&out, "flags");
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		if (!pg_is_null(rows, i, API_FLAGS_PAYLOAD))
			out_raw(&out, NULL, pg_get_bytes(rows, i, API_FLAGS_PAYLOAD));
	out_array_end(&out);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

/* "E-S": epoch and number. Without it flags are sent from the first that is kept. */
static bool
read_after(const char *text, int64_t *epoch, int64_t *seq)
{
	const char *dash = text ? strchr(text, '-') : NULL;

	*epoch = *seq = 0;
	if (text == NULL)
		return true;
	return dash != NULL &&
	       text_int((struct slice){text, (size_t)(dash - text)}, 0, INT32_MAX, epoch) &&
	       text_int(slice_of(dash + 1), 0, INT64_MAX, seq);
}

void
view_flags(struct ask *ask)
{
	struct pg_args args = {0};
	int64_t epoch, seq, limit;

	if (!read_after(ask_text(ask, "after"), &epoch, &seq))
		ask_fault(ask, "query.after", "is not the id of a flag such as 1-8124");
	limit = ask_number(ask, "limit");
	if (!ask_fine(ask))
		return;
	pg_int4(&args, (int32_t)epoch);
	pg_int8(&args, seq);
	/* Only flags of the places that the account may ask about. */
	places_send(ask, REGION_NONE, &args);
	pg_int8(&args, limit);
	job_call(job_new(ask, 0), &API_FLAGS, &args, on_flags);
}
