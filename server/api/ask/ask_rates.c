/* SPDX-License-Identifier: MIT */
#include "server/api/ask/ask_rates.h"

#include <inttypes.h>
#include <stdio.h>

#include "server/api/ask/ask.h"
#include "server/api/ask/rates.h"
#include "server/base/clock.h"

#define SECOND_MS 1000
#define DETAIL_MAX 400

#define LESS_OFTEN                                                                                 \
	"ask less often: /v1/events tells what changes, and an answer whose ETag is sent back costs little."

/* Who has asked too often, and what to do beside waiting. */
static const struct {
	const char *who, *remedy;
} words[RATES] = {
    [RATE_ACCOUNT] = {"this account, by all its tokens and browsers together", LESS_OFTEN},
    [RATE_TOKEN] = {"this token", LESS_OFTEN},
    [RATE_ADDRESS] = {"this address by nobody who is signed in",
	"sign in: what an account asks counts for the account."},
};

static void
refuse(const struct api *api, struct web_exchange *exchange, enum rate rate, int64_t wait_ms)
{
	char detail[DETAIL_MAX], header[64];

	snprintf(detail, sizeof detail,
	    "More than %" PRId64
	    " requests in a minute came from %s. Wait for as long as Retry-After says (in seconds), and %s",
	    rates_a_minute(api->rates, rate), words[rate].who, words[rate].remedy);
	snprintf(header, sizeof header, "Retry-After: %" PRId64 "\r\n",
	    (wait_ms + SECOND_MS - 1) / SECOND_MS);
	problem_reply_with(exchange, 429, detail, &(struct problem_more){.extra = header});
}

bool
ask_rate_of_address(const struct api *api, struct web_exchange *exchange)
{
	struct slice address = slice_of(web_client(exchange));
	int64_t wait_ms;

	if (ask_is_loopback(address))
		return true;
	wait_ms = rates_take(api->rates, RATE_ADDRESS, address, RATES_OF_REQUEST, clock_mono_ms());
	if (wait_ms == 0)
		return true;
	web_rest(exchange, wait_ms);
	refuse(api, exchange, RATE_ADDRESS, wait_ms);
	return false;
}

/* The token first: one program of an account that asks without end makes the others of that account wait only once it
 * has used what the account has. */
bool
ask_rate_of_account(struct ask *ask)
{
	const struct api *api = ask->api;
	unsigned cost = ask->route->lookup ? RATES_OF_LOOKUP : RATES_OF_REQUEST;
	int64_t now_ms = clock_mono_ms(), wait_ms = 0;
	enum rate rate = RATE_TOKEN;

	if (ask->token != NULL)
		wait_ms =
		    rates_take(api->rates, RATE_TOKEN, slice_of(ask->token->id), cost, now_ms);
	if (wait_ms == 0) {
		rate = RATE_ACCOUNT;
		wait_ms = rates_take(
		    api->rates, RATE_ACCOUNT, slice_of(ask->account->name), cost, now_ms);
	}
	if (wait_ms == 0)
		return true;
	refuse(api, ask->exchange, rate, wait_ms);
	return false;
}
