/* SPDX-License-Identifier: MIT */
#include <sodium.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/identity.h"
#include "server/api/ask/identity_door.h"
#include "server/api/views/sign/sign.h"
#include "server/api/views/views.h"
#include "server/base/figures.h"
#include "server/base/log.h"

/*
 * A browser comes back from its identity provider. The proxy has checked the tokens and says what
 * is in them. Whatever comes of it, the browser goes on to the front door, which says it in words:
 *
 *   what the proxy says -> which provider that is -> who it is there (identity.h) -> the account that
 *   this person was given, or a request for one -> a session
 */

#define CLAIMS_MAX_BYTES 16384
/* Of one organisation: nobody reads more, and somebody is playing. */
#define REQUESTS_MAX 100

struct coming {
	json_t *token, *userinfo;               /* the second may be NULL */
	uint8_t hash[crypto_hash_sha256_BYTES]; /* of the token */
	const char *provider;                   /* its id */
	bool second_factor;
};

static void
drop(struct job *job)
{
	struct coming *coming = job->more;

	json_decref(coming->token);
	json_decref(coming->userinfo);
}

/* Who it was stands in no log; which provider, and what came of it, is for those who look after
 * it. */
static void
lead_home(struct job *job, const char *outcome)
{
	const struct coming *coming = job->more;
	struct json_out out = {0};

	figure_add(FIGURE_LOGINS_PROVIDER, strcmp(outcome, "again") != 0);
	log_event(LOG_INFO, "provider_sign_in", LOG_STR("outcome", outcome),
	    LOG_STR("provider", coming->provider == NULL ? "" : coming->provider));
	out_object(&out, NULL);
	out_text(&out, "outcome", outcome);
	out_object_end(&out);
	ask_reply_with(&job->ask, 303, &out,
	    arena_printf(job->ask.arena, "Location: /#sign-in=%s\r\n", outcome));
	job_end(job);
}

/* ------------------------------------------------------------------------------ which account */

static void
on_known(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct coming *coming = job->more;
	const char *outcome = pg_get_text(rows, 0, API_IDENTITY_SIGN_IN_OUTCOME);
	const struct account *account = accounts_named(
	    job->ask.map->accounts, pg_get_text(rows, 0, API_IDENTITY_SIGN_IN_ACCOUNT));

	(void)st;
	if (strcmp(outcome, "linked") != 0)
		lead_home(job, outcome);
	/* It was made a moment ago, and this process has not read it yet (once a second). */
	else if (account == NULL)
		lead_home(job, "again");
	/* As with a password: who may change things shows two things. */
	else if (rights_changes(account) && !coming->second_factor)
		lead_home(job, "second_factor");
	else
		sign_in(job, &(struct signing){
				 .account = account,
				 .how = SESSION_BY_PROVIDER,
				 .leads_to = "/",
			     });
}

static void
find_account(struct job *job, const struct identity *identity)
{
	const struct coming *coming = job->more;
	struct pg_args args = {0};

	pg_text(&args, coming->provider);
	pg_text(&args, identity->subject);
	pg_text(&args, identity->organisation);
	pg_text(&args, identity->name);
	pg_int8(&args, identity->issued);
	pg_bytea(&args, coming->hash, sizeof coming->hash);
	pg_int4(&args, REQUESTS_MAX);
	job_write(job, &API_IDENTITY_SIGN_IN, &args, on_known);
}

/* ------------------------------------------------------------------------------------- who it is */

/* It was checked when it was set up. */
static void
on_fault(void *ctx, const char *path, const char *detail)
{
	(void)ctx;
	log_event(
	    LOG_ERROR, "provider_unreadable", LOG_STR("path", path), LOG_STR("detail", detail));
}

static void
on_provider(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct coming *coming = job->more;
	struct ask *ask = &job->ask;
	struct provider provider;
	struct identity identity;
	enum identity_verdict verdict;
	json_t *body;
	bool fine;

	(void)st;
	/* The proxy was set up for one that has been taken out here. */
	if (pg_rows_count(rows) == 0) {
		lead_home(job, "unknown");
		return;
	}
	coming->provider =
	    arena_strdup(ask->arena, pg_get_text(rows, 0, API_PROVIDER_OF_ISSUER_ID));
	body = json_loads(pg_get_text(rows, 0, API_PROVIDER_OF_ISSUER_BODY), 0, NULL);
	fine = provider_read(ask->arena, body, on_fault, NULL, &provider);
	json_decref(body);
	if (!fine) {
		lead_home(job, "unknown");
		return;
	}
	coming->second_factor = provider.second_factor;
	verdict = identity_read(ask->arena, &provider,
	    &(struct identity_claims){coming->token, coming->userinfo}, ask->now, &identity);
	if (verdict == IDENTITY_FINE)
		find_account(job, &identity);
	else
		lead_home(job, identity_verdict_name(verdict));
}

/* --------------------------------------------------------------------------- what the proxy says */

/* Of a header that holds base64url of an object in JSON; NULL: it is not there, or is none. Encoded,
 * so that no provider can end the header and begin another. */
static json_t *
claims_of(struct ask *ask, const char *header)
{
	struct slice text = web_header(ask->exchange, header);
	char *bytes = arena_alloc(ask->arena, CLAIMS_MAX_BYTES);
	size_t len = 0;
	json_t *claims;

	if (text.at == NULL ||
	    sodium_base642bin((unsigned char *)bytes, CLAIMS_MAX_BYTES, text.at, text.len, "=",
		&len, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return NULL;
	claims = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(claims))
		return claims;
	json_decref(claims);
	return NULL;
}

static bool
read_claims(struct ask *ask, struct coming *coming)
{
	struct slice token = web_header(ask->exchange, "crisiscover-id-token");

	coming->token = claims_of(ask, "crisiscover-id-token");
	coming->userinfo = claims_of(ask, "crisiscover-userinfo");
	if (coming->token != NULL)
		crypto_hash_sha256(coming->hash, (const uint8_t *)token.at, token.len);
	return coming->token != NULL;
}

void
view_provider_sign_in(void *ctx, struct web_exchange *exchange)
{
	const struct api *api = ctx;
	struct pg_args args = {0};
	struct coming *coming;
	struct job *job;
	struct ask ask;

	if (!identity_door_believes(api->identities, exchange)) {
		log_plain(LOG_WARN, "identity_proxy_refused");
		problem_reply(exchange, 403, "This is for the proxy, which says a secret.");
		return;
	}
	if (!ask_begin_sent(&ask, ctx, exchange))
		return;
	coming = arena_alloc(ask.arena, sizeof *coming);
	if (!read_claims(&ask, coming)) {
		json_decref(coming->userinfo);
		ask_refuse(&ask, 400, "The proxy does not say who signs in.");
	}
	if (!ask_fine(&ask))
		return;
	pg_text(&args, json_string_value(json_object_get(coming->token, "iss")));
	job = job_new(&ask, 0);
	job->more = coming;
	job->drop = drop;
	job_call(job, &API_PROVIDER_OF_ISSUER, &args, on_provider);
}
