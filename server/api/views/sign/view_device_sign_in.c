/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/device_code.h"
#include "server/api/ask/limits.h"
#include "server/api/ask/tries.h"
#include "server/api/views/sign/sign.h"

/* A ward's machine signs in with the code that was made for it. */

struct enrolling {
	struct slice address;
	uint8_t hash[32];
};

/* One sentence for a wrong, a used and an expired code: the difference would help somebody who
 * guesses. */
static void
refuse(struct job *job)
{
	job_problem(job, 401,
	    "This code is none, or none any more: it works once, for ten minutes. Ask for another.");
}

static void
on_enrolled(struct job *job, enum status st, const struct pg_rows *rows)
{
	/* Kept in job->more: sign_in() puts its own data into job->data. */
	struct enrolling *enrolling = job->more;
	const char *name = pg_get_text(rows, 0, API_DEVICE_ENROL_ACCOUNT);
	const struct account *account = accounts_named(job->ask.map->accounts, name);

	(void)st;
	if (name == NULL) {
		tries_failed(job, refuse);
		return;
	}
	/* The address has proved itself, so its earlier tries no longer count against it. */
	limits_good_address(job->ask.api->limits, enrolling->address);
	/* The account was made a moment ago, and this process has not read it yet (once a
	 * second). */
	if (account == NULL) {
		job_problem(job, 503, "This device is new: try again in a moment.");
		return;
	}
	sign_in(job, &(struct signing){.account = account, .how = SESSION_BY_DEVICE});
}

static void
enrol(struct job *job)
{
	struct enrolling *enrolling = job->more;
	struct pg_args args = {0};

	pg_bytea(&args, enrolling->hash, sizeof enrolling->hash);
	job_write(job, &API_DEVICE_ENROL, &args, on_enrolled);
}

void
sign_in_device(struct ask *ask, const char *code)
{
	/* Counted by address: a device has no name yet that could be counted. */
	struct slice address = slice_of(web_client(ask->exchange));
	int64_t wait = limits_begin_address(ask->api->limits, address, ask->now);
	struct enrolling *enrolling;
	uint8_t hash[sizeof enrolling->hash];
	struct job *job;

	if (wait > 0) {
		tries_reply_wait(ask, wait);
		ask_end(ask);
		return;
	}
	/* A code of the wrong form costs no call to the database. */
	if (!device_code_hash(ask->api->seal_key, slice_of(code), hash))
		ask_refuse(ask, 401, "This is no code: eight letters and digits are wanted.");
	if (!ask_fine(ask))
		return;
	/* In the arena, since it outlives this function and the exchange's buffers may not. */
	enrolling = arena_alloc(ask->arena, sizeof *enrolling);
	enrolling->address =
	    (struct slice){arena_strndup(ask->arena, address.at, address.len), address.len};
	job = job_new(ask, 0);
	job->more = enrolling;
	memcpy(enrolling->hash, hash, sizeof hash);
	tries_begin(job, &(struct limits_try){.address = enrolling->address}, enrol);
}
