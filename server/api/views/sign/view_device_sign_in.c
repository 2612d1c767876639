/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/ask/device_code.h"
#include "server/api/ask/limits.h"
#include "server/api/views/sign/sign.h"

/* A ward's machine signs in with the code that was made for it. */

struct enrolling {
	struct slice address;
};

static void
on_enrolled(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct enrolling *enrolling = job->more;
	const struct accounts *accounts = job->ask.map->accounts;
	const char *name = pg_get_text(rows, 0, API_DEVICE_ENROL_ACCOUNT);
	uint32_t index = name == NULL ? TABLE_NONE : table_get(&accounts->by_name, name);

	(void)st;
	if (name == NULL) {
		problem_reply(job->ask.exchange, 401,
		    "This code is none, or none any more: it works once, for ten minutes. Ask for another.");
		job_end(job);
		return;
	}
	limits_good_address(job->ask.api->limits, enrolling->address);
	if (index == TABLE_NONE) {
		problem_reply(job->ask.exchange, 503, "This device is new: try again in a moment.");
		job_end(job);
		return;
	}
	sign_in(
	    job, &(struct signing){.account = &accounts->items[index], .how = SESSION_BY_DEVICE});
}

void
sign_in_device(struct ask *ask, const char *code)
{
	struct slice address = ask_address(ask->exchange);
	int64_t wait = limits_begin_address(ask->api->limits, address, ask->now);
	struct enrolling *enrolling;
	struct pg_args args = {0};
	uint8_t hash[32];
	struct job *job;

	if (wait > 0)
		ask_refuse(
		    ask, 429, "There were too many tries. Wait for %lld seconds.", (long long)wait);
	else if (!device_code_hash(ask->api->seal_key, slice_of(code), hash))
		ask_refuse(ask, 401, "This is no code: eight letters and digits are wanted.");
	if (!ask_fine(ask))
		return;
	enrolling = arena_alloc(ask->arena, sizeof *enrolling);
	enrolling->address =
	    (struct slice){arena_strndup(ask->arena, address.at, address.len), address.len};
	job = job_new(ask, 0);
	job->more = enrolling;
	pg_bytea(&args, hash, sizeof hash);
	job_write(job, &API_DEVICE_ENROL, &args, on_enrolled);
}
