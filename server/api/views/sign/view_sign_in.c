/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/browser.h"
#include "server/api/ask/form.h"
#include "server/api/ask/limits.h"
#include "server/api/ask/secret.h"
#include "server/api/ask/tries.h"
#include "server/api/views/sign/second_factor.h"
#include "server/api/views/sign/sign.h"
#include "server/api/views/views.h"
#include "server/base/fatal.h"
#include "server/sealed/password.h"
#include "server/sealed/sealed_call.h"

/*
 * Signing in by name, password and, where the account has one, a code. Every failure has the same
 * answer and takes as long: no account, an account without a password, a wrong password, a code
 * that is missing, wrong or used.
 *
 *   counted -> the record is asked for the hash -> compared in a sealed child -> step or recovery code
 *   used up -> a session
 */

#define NAME_MAX_BYTES 64
#define CODE_MAX_BYTES 32

struct trying {
	const char *name;
	struct secret password, code;
	struct browser browser;
	struct limits_try counted;
	const char *leads_to; /* NULL: the answer is JSON */
	bool judged; /* the try was right or wrong; until then it is not held against anybody */
	char hash[PASSWORD_HASH_MAX];
	struct slice totp; /* sealed; at NULL: the account needs no code */
	int64_t totp_step;
	struct sealed_call *call;
};

static void
drop(struct job *job)
{
	struct trying *trying = job->more;

	sealed_call_cancel(trying->call);
	secret_free(&trying->password);
	secret_free(&trying->code);
	/* The server was at fault or the client has gone: nothing was learnt about the password, so
	 * the try is taken back. */
	if (!trying->judged && !tries_waits(job))
		limits_void(job->ask.api->limits, &trying->counted);
}

static void
reply_refused(struct job *job)
{
	problem_reply(job->ask.exchange, 401,
	    "The name, the password or the code is not right. Where you were given a second factor, the code is needed, and each works once; the clock of the device that shows it must be right to half a minute.");
	job_end(job);
}

static void
refuse(struct job *job)
{
	((struct trying *)job->more)->judged = true;
	tries_failed(job, reply_refused);
}

/* Copied, since the buffers of the request and of the rows are freed before the job ends. */
static struct slice
copy(struct ask *ask, struct slice text)
{
	return (struct slice){arena_strndup(ask->arena, text.at, text.len), text.len};
}

/* ------------------------------------------------------------------------------ it came right */

static void
let_in(struct job *job)
{
	struct trying *trying = job->more;
	struct ask *ask = &job->ask;
	const struct account *account = accounts_named(ask->map->accounts, trying->name);
	char mark[BROWSER_TEXT_MAX];

	trying->judged = true;
	limits_good(ask->api->limits, &trying->counted);
	/* The browser is marked as one of this account: somebody else's failures elsewhere do not
	 * make it wait. */
	browser_mark(ask->api->session_key, &trying->browser, account->name, mark);
	sign_in(job, &(struct signing){
			 .account = account,
			 .how = SESSION_BY_PASSWORD,
			 .leads_to = trying->leads_to,
			 .extra = sign_cookie(ask, &(struct cookie){BROWSER_COOKIE,
						       BROWSER_COOKIE_TLS, mark, BROWSER_SECONDS}),
		     });
}

static void
on_used(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct trying *trying = job->more;
	const struct account *account = accounts_named(job->ask.map->accounts, trying->name);

	(void)st;
	/* The SQL function checks that the hash is still the same, under a lock: a password that
	 * was changed while it was compared does not let anybody in. */
	if (account != NULL && pg_get_bool(rows, 0, API_CREDENTIAL_USE_FINE))
		tries_good(job, let_in);
	else
		refuse(job);
}

static void
use_up(struct job *job, const struct second_factor *second)
{
	struct trying *trying = job->more;
	struct pg_args args = {0};

	pg_text(&args, trying->name);
	pg_text(&args, trying->hash);
	if (second->step > 0)
		pg_int8(&args, second->step);
	else
		pg_null(&args);
	/* NULL where no recovery code was shown. */
	pg_bytea(&args, second->is_recovery ? second->recovery : NULL, sizeof second->recovery);
	job_write(job, &API_CREDENTIAL_USE, &args, on_used);
}

/* Sent only to somebody who has shown the right password: it reveals that the account exists. */
static void
refuse_without_second(struct job *job)
{
	((struct trying *)job->more)->judged = true;
	job_problem(job, 403,
	    "This account may change things and has no second factor yet: ask your administrator for a new link.");
}

/* ------------------------------------------------------------------------------- what is right */

static void
on_compared(void *ctx, enum status st, struct slice said)
{
	struct job *job = ctx;
	struct trying *trying = job->more;
	const struct account *account = accounts_named(job->ask.map->accounts, trying->name);
	struct second_factor second = {0};
	struct password_answer answer;

	/* The call has ended by itself and must not be cancelled by drop(). */
	trying->call = NULL;
	/* The processes for passwords are away: sessions and tokens still work. */
	if (st != STATUS_OK || password_unpack(said, &answer) != STATUS_OK) {
		problem_reply_with(job->ask.exchange, 503,
		    "Passwords cannot be compared at the moment. Everybody who is signed in stays so. Try again.",
		    &(struct problem_more){.extra = "Retry-After: 5\r\n"});
		job_end(job);
		return;
	}
	/* The code is checked also where the password was wrong, so that both failures take the
	 * same time. */
	if (trying->totp.at != NULL)
		second = second_factor_read(&job->ask,
		    trying->code.at == NULL ? SLICE("") : secret_slice(&trying->code), trying->totp,
		    trying->totp_step);
	if (!answer.fine || account == NULL ||
	    (trying->totp.at != NULL && second.step == 0 && !second.is_recovery))
		refuse(job);
	/* An account that may change things must have a second factor; it can lack one if its role
	 * was changed since. */
	else if (trying->totp.at == NULL && rights_changes(account))
		refuse_without_second(job);
	else
		use_up(job, &second);
}

static void
pack(void *ctx, struct buf *request)
{
	const struct job *job = ctx;
	const struct trying *trying = job->more;

	password_pack(request, secret_slice(&trying->password), trying->hash);
}

static void
on_looked(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct trying *trying = job->more;
	bool known = pg_rows_count(rows) == 1;
	struct slice totp = {0};

	(void)st;
	/* A name that nobody has is compared with a hash that nobody knows the password of, so that
	 * it takes as long. */
	snprintf(trying->hash, sizeof trying->hash, "%s",
	    known ? pg_get_text(rows, 0, API_CREDENTIAL_LOOK_PASSWORD) : password_of_nobody);
	if (known && !pg_is_null(rows, 0, API_CREDENTIAL_LOOK_TOTP)) {
		totp = pg_get_bytes(rows, 0, API_CREDENTIAL_LOOK_TOTP);
		trying->totp = copy(&job->ask, totp);
		trying->totp_step = pg_get_int(rows, 0, API_CREDENTIAL_LOOK_TOTP_STEP);
	}
	trying->call = sealed_call(job->ask.api->passwords,
	    &(struct sealed_ask){.pack = pack, .done = on_compared, .ctx = job});
	if (trying->call != NULL)
		return;
	problem_reply_with(job->ask.exchange, 429,
	    "Too many people are signing in at the moment. Try again in a few seconds.",
	    &(struct problem_more){.extra = "Retry-After: 5\r\n"});
	job_end(job);
}

/* ------------------------------------------------------------------------------------- counted */

static void
count(struct ask *ask, struct trying *trying)
{
	browser_read(ask->api->session_key, web_header(ask->exchange, "cookie"),
	    web_is_tls(ask->exchange), &trying->browser);
	/* Counted by account, by address and by browser, so that somebody who tries names from one
	 * ward's address does not lock the ward out (ask/limits.h). */
	trying->counted = (struct limits_try){
	    .account = slice_of(trying->name),
	    .address = copy(ask, slice_of(web_client(ask->exchange))),
	    .browser = slice_of(trying->browser.id),
	    .is_of_account = browser_knows(ask->api->session_key, &trying->browser, trying->name),
	};
}

static void
look(struct job *job)
{
	struct pg_args args = {0};

	pg_text(&args, ((struct trying *)job->more)->name);
	job_call(job, &API_CREDENTIAL_LOOK, &args, on_looked);
}

static void
attempt(struct ask *ask, const struct trying *given)
{
	/* In the arena of the request, which job_new() takes over. */
	struct trying *trying = arena_alloc(ask->arena, sizeof *trying);
	struct job *job;
	int64_t wait;

	*trying = *given;
	count(ask, trying);
	/* Counted before it is tried: of many tries at once, all count. */
	wait = limits_begin(ask->api->limits, &trying->counted, ask->now);
	if (wait > 0) {
		secret_free(&trying->password);
		secret_free(&trying->code);
		tries_reply_wait(ask, wait);
		ask_end(ask);
		return;
	}
	job = job_new(ask, 0);
	job->more = trying;
	job->drop = drop;
	tries_begin(job, &trying->counted, look);
}

/* ${body} is freed. ${leads_to}: as in struct signing. */
static void
sign_in_with(struct ask *ask, json_t *body, const char *leads_to)
{
	struct trying trying = {.leads_to = leads_to};

	trying.name = ask_body_text(ask, body, "name", NAME_MAX_BYTES, ASK_REQUIRED);
	trying.password = secret_take(ask, body, "password", PASSWORD_BYTES_MAX);
	trying.code = secret_take(ask, body, "code", CODE_MAX_BYTES);
	json_decref(body);
	if (ask->faults.count == 0 && trying.password.at == NULL)
		ask_fault(ask, "$.password", "is missing");
	/* No job will free them. */
	if (ask->faults.count > 0 || ask->refused != 0) {
		secret_free(&trying.password);
		secret_free(&trying.code);
	}
	if (ask_fine(ask))
		attempt(ask, &trying);
}

void
view_sign_in(struct ask *ask)
{
	static const char *const members[] = {"name", "password", "code", "device_code", NULL};
	const char *device;
	json_t *body;

	/* Without a body and a token: not signed in. */
	if (web_body(ask->exchange).len == 0) {
		problem_unauthorised(ask->exchange);
		ask_end(ask);
		return;
	}
	body = ask_body(ask, members);
	/* The body is in the connection's buffer as well: wiped as soon as it has been parsed. */
	web_body_wipe(ask->exchange);
	device = ask_body_text(ask, body, "device_code", CODE_MAX_BYTES, ASK_OPTIONAL);
	if (device != NULL) {
		json_decref(body);
		sign_in_device(ask, device);
		return;
	}
	sign_in_with(ask, body, NULL);
}

/* The page on which the form stands: "/now/ZED01". A code has no character that could end a header. */
static const char *
page_of(const struct ask *ask)
{
	struct slice place = web_param(ask->exchange, "place"), path = web_path(ask->exchange);
	bool where = path.len > 7 && memcmp(path.at, "/where/", 7) == 0;

	if (!text_is_code(place))
		return "/";
	return arena_printf(
	    ask->arena, "%s%.*s", where ? "/where/" : "/now/", (int)place.len, place.at);
}

/* POST /now/{place} and /where/{place}: the form of a page that needs no script. What is wrong is told on
 * the same page. */
void
view_plain_sign_in(struct ask *ask)
{
	json_t *fields = form_read(web_body(ask->exchange));

	web_body_wipe(ask->exchange);
	if (fields == NULL)
		ask_fault(ask, "The form", "cannot be read: fill it in once more.");
	sign_in_with(ask, fields, page_of(ask));
}
