/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/messages/message_whose.h"
#include "server/api/views/messages/subscription_wish.h"
#include "server/api/views/views.h"

/* GET and POST /v1/subscriptions, PUT and DELETE /v1/subscriptions/{id}: which news an account is told, and how. */

#define SUBSCRIPTIONS_MOST 20 /* of one account */

static const char none[] = "There is no subscription with this number that you may change.";

/* ----------------------------------------------------------------------------------------- list */

static void
put_codes(
    struct json_out *out, const char *key, const struct pg_rows *rows, size_t row, unsigned column)
{
	out_array(out, key);
	for (size_t i = 0; i < pg_get_array_count(rows, row, column); i++)
		out_slice(out, NULL, pg_get_array_text(rows, row, column, i));
	out_array_end(out);
}

static void
put_clock(struct json_out *out, const char *key, int64_t minutes)
{
	char text[CLOCK_MAX];

	subscription_clock(minutes, text);
	out_text(out, key, text);
}

static void
put_hours(struct json_out *out, const struct pg_rows *rows, size_t row)
{
	out_array(out, "digest");
	for (size_t i = 0; i < pg_get_array_count(rows, row, API_SUBSCRIPTIONS_DIGEST); i++)
		put_clock(out, NULL, pg_get_array_int(rows, row, API_SUBSCRIPTIONS_DIGEST, i));
	out_array_end(out);
	if (pg_is_null(rows, row, API_SUBSCRIPTIONS_QUIET_FROM)) {
		out_null(out, "quiet");
		return;
	}
	out_object(out, "quiet");
	put_clock(out, "from", pg_get_int(rows, row, API_SUBSCRIPTIONS_QUIET_FROM));
	put_clock(out, "until", pg_get_int(rows, row, API_SUBSCRIPTIONS_QUIET_UNTIL));
	out_object_end(out);
}

static void
put_one(struct json_out *out, const struct pg_rows *rows, size_t row)
{
	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_SUBSCRIPTIONS_ID));
	out_text(out, "account", pg_get_text(rows, row, API_SUBSCRIPTIONS_ACCOUNT));
	out_text(out, "channel", pg_get_text(rows, row, API_SUBSCRIPTIONS_CHANNEL));
	out_text(out, "address", pg_get_text(rows, row, API_SUBSCRIPTIONS_ADDRESS));
	put_codes(out, "about", rows, row, API_SUBSCRIPTIONS_ABOUT);
	put_codes(out, "places", rows, row, API_SUBSCRIPTIONS_PLACES);
	put_codes(out, "functions", rows, row, API_SUBSCRIPTIONS_FUNCTIONS);
	out_text(out, "severity", pg_get_text(rows, row, API_SUBSCRIPTIONS_SEVERITY));
	out_text(out, "alerted_to", pg_get_text(rows, row, API_SUBSCRIPTIONS_ALERTED_TO));
	put_hours(out, rows, row);
	out_time(out, "made_at", pg_get_time(rows, row, API_SUBSCRIPTIONS_AT));
	out_text(out, "made_by", pg_get_text(rows, row, API_SUBSCRIPTIONS_MADE_BY));
	out_time(
	    out, "sent_at", pg_get_time_or(rows, row, API_SUBSCRIPTIONS_SENT_AT, INSTANT_NEVER));
	out_int(out, "undelivered", pg_get_int(rows, row, API_SUBSCRIPTIONS_UNDELIVERED));
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
	out_array(&out, "subscriptions");
	for (size_t i = 0; i < count && i < limit; i++)
		put_one(&out, rows, i);
	out_array_end(&out);
	out_text(&out, "next_cursor",
	    count > limit ? arena_printf(job->ask.arena, "%lld",
				(long long)pg_get_int(rows, limit - 1, API_SUBSCRIPTIONS_ID))
			  : NULL);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

void
view_subscriptions(struct ask *ask)
{
	struct message_whose whose = message_whose_read(ask);
	struct ask_page page = ask_page(ask);
	struct pg_args args = {0};
	int64_t after = 0;
	struct job *job;

	if (page.cursor != NULL && !text_int(slice_of(page.cursor), 1, INT64_MAX, &after))
		ask_fault(ask, "query.cursor", "is not a cursor that this list gave");
	if (!ask_fine(ask))
		return;
	pg_text(&args, whose.account);
	pg_text(&args, whose.organisation);
	pg_int8(&args, after);
	pg_int8(&args, (int64_t)page.limit + 1);
	job = job_new(ask, sizeof page.limit);
	*(uint32_t *)job->data = page.limit;
	job_call(job, &API_SUBSCRIPTIONS, &args, on_listed);
}

/* ------------------------------------------------------------------------------- add and change */

static void
on_kept(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct subscription_wish *wish = job->data;
	struct json_out out = {0};
	int64_t id;

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	id = pg_get_int(rows, 0, API_SUBSCRIPTION_PUT_ID);
	out_object(&out, NULL);
	out_int(&out, "id", id);
	out_text(&out, "account", wish->account);
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out,
	    arena_printf(job->ask.arena, "Location: /v1/subscriptions/%lld\r\n", (long long)id));
	job_end(job);
}

static void
put_args(
    struct pg_args *args, const struct ask *ask, int64_t id, const struct subscription_wish *wish)
{
	if (id == 0)
		pg_null(args);
	else
		pg_int8(args, id);
	pg_text(args, wish->is);
	pg_text(args, ask->account->name);
	pg_int4(args, SUBSCRIPTIONS_MOST);
}

void
view_subscription_add(struct ask *ask)
{
	struct subscription_wish wish;
	struct pg_args args = {0};
	struct job *job;

	subscription_wish_read(ask, NULL, &wish);
	if (wish.account != NULL)
		message_whose_account(ask, wish.account);
	if (!ask_fine(ask))
		return;
	put_args(&args, ask, 0, &wish);
	job = job_new(ask, sizeof wish);
	*(struct subscription_wish *)job->data = wish;
	job_write(job, &API_SUBSCRIPTION_PUT, &args, on_kept);
}

/* What is done to the subscription of the path, once it is known whose it is. */
struct change {
	int64_t id;
	void (*go_on)(struct job *job, const char *account);
};

static void
on_whose(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct change *change = job->data;
	const char *account, *organisation;

	(void)st;
	if (pg_rows_count(rows) == 0) {
		job_problem(job, 404, none);
		return;
	}
	account = pg_copy_text(job->ask.arena, rows, 0, API_SUBSCRIPTION_WHOSE_ACCOUNT);
	organisation = pg_get_text(rows, 0, API_SUBSCRIPTION_WHOSE_ORGANISATION);
	if (message_whose_may(&job->ask, account, organisation))
		change->go_on(job, account);
	else
		job_problem(job, 404, none);
}

static void
begin(struct ask *ask, void (*go_on)(struct job *job, const char *account))
{
	int64_t id = ask_id_named(ask, web_param(ask->exchange, "id"), "subscription");
	struct pg_args args = {0};
	struct job *job;

	if (!ask_fine(ask))
		return;
	pg_int8(&args, id);
	job = job_new(ask, sizeof(struct change));
	*(struct change *)job->data = (struct change){id, go_on};
	job_call(job, &API_SUBSCRIPTION_WHOSE, &args, on_whose);
}

static void
change_it(struct job *job, const char *account)
{
	int64_t id = ((const struct change *)job->data)->id;
	struct subscription_wish *wish = arena_alloc(job->ask.arena, sizeof *wish);
	struct pg_args args = {0};

	subscription_wish_read(&job->ask, account, wish);
	if (!job_fine(job))
		return;
	put_args(&args, &job->ask, id, wish);
	job->data = wish;
	job_write(job, &API_SUBSCRIPTION_PUT, &args, on_kept);
}

void
view_subscription_change(struct ask *ask)
{
	begin(ask, change_it);
}

/* ------------------------------------------------------------------------------------------ end */

static void
on_ended(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	if (pg_get_bool(rows, 0, API_SUBSCRIPTION_END_DONE))
		ask_reply_nothing(&job->ask, NULL);
	else
		problem_reply(job->ask.exchange, 404, none);
	job_end(job);
}

static void
end_it(struct job *job, const char *account)
{
	struct pg_args args = {0};

	pg_int8(&args, ((const struct change *)job->data)->id);
	pg_text(&args, account);
	pg_text(&args, job->ask.account->name);
	job_write(job, &API_SUBSCRIPTION_END, &args, on_ended);
}

void
view_subscription_end(struct ask *ask)
{
	begin(ask, end_it);
}
