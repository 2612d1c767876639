/* SPDX-License-Identifier: MIT */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/limits.h"
#include "server/api/ask/link.h"
#include "server/api/ask/password_rules.h"
#include "server/api/ask/seal.h"
#include "server/api/ask/secret.h"
#include "server/api/ask/totp.h"
#include "server/api/ask/tries.h"
#include "server/api/views/sign/second_factor.h"
#include "server/api/views/views.h"
#include "server/base/fatal.h"
#include "server/sealed/password.h"
#include "server/sealed/sealed_call.h"

/*
 * The call that the bearer of a link makes. Sent without a password, the answer says what the link
 * is for and, where a second factor is to be set, has the secret for the authenticator. Sent with a
 * password, and with a code where there is a second factor, the link is used up, and the password
 * is in force from then on.
 *
 *   the record is asked -> the answer says what the link is for
 *                       -> judged -> hashed in a sealed child -> used up
 */

#define CODE_MAX_BYTES 32
#define SHA256_BYTES 32

struct bearer {
	uint8_t sha256[SHA256_BYTES];
	struct slice address;
	struct secret password, code;
	const char *account;
	bool sets_second; /* a new one; else the one that the account has, if any, is asked for */
	int64_t step;
	struct sealed_call *call;
	char recovery[RECOVERY_CODES][RECOVERY_TEXT_LEN + 1];
};

/* Called at every end of the job, also when the client has gone: a call in progress must not report
 * to freed memory. */
static void
drop(struct job *job)
{
	struct bearer *bearer = job->data;

	sealed_call_cancel(bearer->call);
	secret_free(&bearer->password);
	secret_free(&bearer->code);
	sodium_memzero(bearer->recovery, sizeof bearer->recovery);
}

static void
refuse_fault(struct job *job, const char *path, const char *detail)
{
	struct problem_fault fault = {path, detail};

	problem_reply_with(job->ask.exchange, 400, PROBLEM_NOT_UNDERSTOOD,
	    &(struct problem_more){.faults = &fault, .nfaults = 1});
	job_end(job);
}

/* For a link that is wrong, used or expired the answer is the same, so that guessing teaches
 * nothing. */
static const char no_link[] =
    "This link is none, or none any more: it works once, and not for long. Ask your administrator for another.";

/* ------------------------------------------------------------------------------------ told */

static void
put_second(struct json_out *out, struct job *job, const uint8_t secret[TOTP_SECRET_BYTES])
{
	const struct bearer *bearer = job->data;
	char text[TOTP_SECRET_TEXT_LEN + 1];

	totp_secret_text(secret, text);
	out_object(out, "second_factor");
	out_text(out, "secret", text);
	/* The form that authenticator apps read from a QR code; account names are codes and need no
	 * escaping. */
	out_text(out, "uri",
	    arena_printf(job->ask.arena,
		"otpauth://totp/Crisis%%20Cover:%s?secret=%s&issuer=Crisis%%20Cover",
		bearer->account, text));
	out_object_end(out);
	/* Wiped on the stack; the answer's buffer is freed without wiping (server/api/README.md,
	 * "Passwords"). */
	sodium_memzero(text, sizeof text);
}

static void
tell(struct job *job, const struct pg_rows *rows)
{
	const struct bearer *bearer = job->data;
	bool has_second = !pg_is_null(rows, 0, API_INVITATION_LOOK_HAS_TOTP);
	uint8_t secret[TOTP_SECRET_BYTES];
	struct json_out out = {0};

	/* Each machine seals with its own key unless the key was copied, so the secret of the first
	 * request cannot be opened here. */
	if (bearer->sets_second &&
	    !unseal(job->ask.api->seal_key, pg_get_bytes(rows, 0, API_INVITATION_LOOK_TOTP), secret,
		sizeof secret)) {
		job_problem(job, 409,
		    "This link was opened at another machine of this service first: ask for another.");
		return;
	}
	out_object(&out, NULL);
	out_text(&out, "account", bearer->account);
	out_text(&out, "kind", pg_get_text(rows, 0, API_INVITATION_LOOK_KIND));
	out_bool(&out, "code_needed", bearer->sets_second || has_second);
	if (bearer->sets_second)
		put_second(&out, job, secret);
	else
		out_null(&out, "second_factor");
	out_object_end(&out);
	sodium_memzero(secret, sizeof secret);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

/* ---------------------------------------------------------------------------------- used up */

static void
on_used(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct bearer *bearer = job->data;
	struct json_out out = {0};

	(void)st;
	/* Somebody used the link between the first request and now: the SQL function decides under
	 * a lock. */
	if (!pg_get_bool(rows, 0, API_INVITATION_USE_USED)) {
		job_problem(job, 404, no_link);
		return;
	}
	out_object(&out, NULL);
	out_text(&out, "account", bearer->account);
	/* Shown once; the database keeps hashes. */
	out_array(&out, "recovery_codes");
	for (size_t i = 0; bearer->sets_second && i < RECOVERY_CODES; i++)
		out_text(&out, NULL, bearer->recovery[i]);
	out_array_end(&out);
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

static void
put_codes(struct pg_args *args, struct bearer *bearer)
{
	uint8_t hashes[RECOVERY_CODES][SHA256_BYTES];
	struct slice items[RECOVERY_CODES];

	if (!bearer->sets_second) {
		pg_null(args);
		return;
	}
	/* Made last, in the transaction that uses the link up, so that codes exist only if they
	 * were shown. */
	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		recovery_make(bearer->recovery[i], hashes[i]);
		items[i] = (struct slice){(const char *)hashes[i], sizeof hashes[i]};
	}
	pg_bytea_array(args, items, RECOVERY_CODES);
}

static void
on_hashed(void *ctx, enum status st, struct slice said)
{
	struct job *job = ctx;
	struct bearer *bearer = job->data;
	struct password_answer answer;
	struct pg_args args = {0};

	/* The call has ended by itself and must not be cancelled by drop(). */
	bearer->call = NULL;
	/* Without a hash nothing is written: the link still works. */
	if (st != STATUS_OK || password_unpack(said, &answer) != STATUS_OK || !answer.fine) {
		job_problem(job, 503,
		    "Passwords cannot be worked out at the moment, and nothing was changed. Try again.");
		return;
	}
	pg_bytea(&args, bearer->sha256, sizeof bearer->sha256);
	pg_text(&args, answer.hash);
	if (bearer->step > 0)
		pg_int8(&args, bearer->step);
	else
		pg_null(&args);
	put_codes(&args, bearer);
	job_write(job, &API_INVITATION_USE, &args, on_used);
}

static void
pack(void *ctx, struct buf *request)
{
	const struct job *job = ctx;
	const struct bearer *bearer = job->data;

	password_pack(request, secret_slice(&bearer->password), NULL);
}

/* A recovery code is no proof here: a person who has lost the authenticator is given a link that
 * sets a new one. */
static bool
is_code_right(struct job *job, const struct pg_rows *rows)
{
	struct bearer *bearer = job->data;
	unsigned column =
	    bearer->sets_second ? API_INVITATION_LOOK_TOTP : API_INVITATION_LOOK_HAS_TOTP;
	/* A secret that is being set has never been used, so every step counts. */
	int64_t last = bearer->sets_second ? 0 : pg_get_int(rows, 0, API_INVITATION_LOOK_TOTP_STEP);

	if (pg_is_null(rows, 0, column))
		return true;
	bearer->step = second_factor_read(&job->ask,
	    bearer->code.at == NULL ? SLICE("") : secret_slice(&bearer->code),
	    pg_get_bytes(rows, 0, column), last)
			   .step;
	return bearer->step > 0;
}

static void
judge(struct job *job, const struct pg_rows *rows)
{
	struct bearer *bearer = job->data;
	/* Judged before hashing, which takes 64 MiB and most of a second. */
	const char *fault = password_fault(secret_slice(&bearer->password), bearer->account);

	if (fault != NULL) {
		refuse_fault(job, "$.password", fault);
		return;
	}
	if (!is_code_right(job, rows)) {
		refuse_fault(job, "$.code",
		    "is not the present code of the authenticator: look at it once more, and that the telephone's clock is right");
		return;
	}
	bearer->call = sealed_call(job->ask.api->passwords,
	    &(struct sealed_ask){.pack = pack, .done = on_hashed, .ctx = job});
	/* All places in the line are taken: refused at once, since waiting would hold the password
	 * in memory. */
	if (bearer->call == NULL)
		job_problem(job, 429, "Too many people are signing in at the moment. Try again.");
}

/* ------------------------------------------------------------------------------- first request */

static void
refuse_no_link(struct job *job)
{
	job_problem(job, 404, no_link);
}

static void
on_looked(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct bearer *bearer = job->data;
	const struct account *account;

	(void)st;
	if (pg_rows_count(rows) == 0) {
		tries_failed(job, refuse_no_link);
		return;
	}
	limits_good_address(job->ask.api->limits, bearer->address);
	bearer->account =
	    arena_strdup(job->ask.arena, pg_get_text(rows, 0, API_INVITATION_LOOK_ACCOUNT));
	account = accounts_named(job->ask.map->accounts, bearer->account);
	/* The account was added a moment ago, and this process has not read it yet (once a
	 * second). */
	if (account == NULL) {
		job_problem(job, 503, "This account is new: try again in a moment.");
		return;
	}
	/* A reset that finds an account without the second factor that its role needs sets one
	 * now. */
	bearer->sets_second =
	    rights_changes(account) && (pg_get_bool(rows, 0, API_INVITATION_LOOK_SECOND) ||
					   pg_is_null(rows, 0, API_INVITATION_LOOK_HAS_TOTP));
	if (bearer->password.at == NULL)
		tell(job, rows);
	/* The secret of the first request is what the authenticator was set up with. Without that
	 * request there is none to compare a code with. */
	else if (bearer->sets_second && pg_is_null(rows, 0, API_INVITATION_LOOK_TOTP))
		job_problem(
		    job, 409, "Look first what this link asks for: send it without a password.");
	else
		judge(job, rows);
}

/* The secret that will be the new second factor, if this request is the first; later requests get
 * the same one. */
static void
put_new_second(struct ask *ask, struct pg_args *args, bool looks)
{
	uint8_t secret[TOTP_SECRET_BYTES];
	struct buf sealed = {0};

	/* With a password there has to be a secret already. */
	if (!looks) {
		pg_null(args);
		return;
	}
	randombytes_buf(secret, sizeof secret);
	seal(ask->api->seal_key, (struct slice){(const char *)secret, sizeof secret}, &sealed);
	pg_bytea(args, sealed.at, sealed.len);
	buf_free(&sealed);
	sodium_memzero(secret, sizeof secret);
}

static void
look(struct job *job)
{
	struct bearer *bearer = job->data;
	struct pg_args args = {0};

	pg_bytea(&args, bearer->sha256, sizeof bearer->sha256);
	put_new_second(&job->ask, &args, bearer->password.at == NULL);
	/* Not job_write: while a password is hashed, no other write of this process would get its
	 * turn. It may write only the secret of the first request, which is the same however often
	 * it is asked for. */
	job_call(job, &API_INVITATION_LOOK, &args, on_looked);
}

/* Whether the address may try at all, and with what may be a link; false: answered. */
static bool
may_try(struct ask *ask, struct bearer *bearer)
{
	struct slice address = slice_of(web_client(ask->exchange));
	int64_t wait = limits_begin_address(ask->api->limits, address, ask->now);

	bearer->address =
	    (struct slice){arena_strndup(ask->arena, address.at, address.len), address.len};
	if (wait > 0) {
		tries_reply_wait(ask, wait);
		ask_end(ask);
		return false;
	}
	if (!link_hash(web_param(ask->exchange, "link"), bearer->sha256))
		ask_refuse(ask, 404, "%s", no_link);
	return ask_fine(ask);
}

void
view_invitation(struct ask *ask)
{
	static const char *const members[] = {"password", "code", NULL};
	struct bearer bearer = {0};
	struct job *job;
	json_t *body = ask_body(ask, members);

	/* The body is in the connection's buffer as well: wiped as soon as it has been parsed. */
	web_body_wipe(ask->exchange);
	bearer.password = secret_take(ask, body, "password", PASSWORD_BYTES_MAX);
	bearer.code = secret_take(ask, body, "code", CODE_MAX_BYTES);
	json_decref(body);
	if (!may_try(ask, &bearer)) {
		/* No job will free them. */
		secret_free(&bearer.password);
		secret_free(&bearer.code);
		return;
	}
	job = job_new(ask, sizeof bearer);
	*(struct bearer *)job->data = bearer;
	job->drop = drop;
	tries_begin(job, &(struct limits_try){.address = bearer.address}, look);
}
