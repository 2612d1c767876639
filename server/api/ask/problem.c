/* SPDX-License-Identifier: MIT */
#include "server/api/ask/problem.h"

#include "server/api/ask/json_out.h"
#include "server/api/ask/plain_page.h"

/* Titles are for people; programs go by the status and by the paths of the faults (RFC 9457). */
static const char *
title_of(unsigned status)
{
	switch (status) {
	case 400:
		return "Bad request";
	case 401:
		return "Not signed in";
	case 403:
		return "Not allowed";
	case 404:
		return "Not found";
	case 409:
		return "Not possible now";
	case 410:
		return "No longer kept";
	case 412:
		return "Changed meanwhile";
	case 415:
		return "Unsupported media type";
	case 422:
		return "Cannot be applied";
	case 429:
		return "Too many requests";
	case 503:
		return "Not at the moment";
	default:
		return "Problem";
	}
}

void
problem_reply_with(struct web_exchange *exchange, unsigned status, const char *detail,
    const struct problem_more *more)
{
	struct json_out out = {0};

	if (plain_page_wanted(exchange)) {
		plain_page_problem(exchange, status, title_of(status), detail, more);
		return;
	}
	out_object(&out, NULL);
	/* No type of its own: the status says all that a program can act on (RFC 9457, 4.2.1). */
	out_text(&out, "type", "about:blank");
	out_text(&out, "title", title_of(status));
	out_int(&out, "status", status);
	out_text(&out, "detail", detail);
	if (more->nfaults > 0) {
		out_array(&out, "errors");
		for (size_t i = 0; i < more->nfaults; i++) {
			out_object(&out, NULL);
			out_text(&out, "path", more->faults[i].path);
			out_text(&out, "detail", more->faults[i].detail);
			out_object_end(&out);
		}
		out_array_end(&out);
	}
	if (more->members != NULL)
		more->members(&out, more->ctx);
	out_object_end(&out);
	web_reply(exchange, &(struct web_answer){
				.status = status,
				.type = "application/problem+json",
				.extra = more->extra,
				.body = {out.buf.at, out.buf.len},
			    });
	out_free(&out);
}

void
problem_reply(struct web_exchange *exchange, unsigned status, const char *detail)
{
	problem_reply_with(exchange, status, detail, &(struct problem_more){0});
}

/* The same answer for no token, a wrong one and one that has expired, so that nobody can test
 * tokens for their kind. */
void
problem_unauthorised(struct web_exchange *exchange)
{
	problem_reply_with(exchange, 401,
	    "This needs a token: send it as \"Authorization: Bearer …\", or sign in on the front page.",
	    &(struct problem_more){.extra = "WWW-Authenticate: Bearer realm=\"crisiscover\"\r\n"});
}

void
problem_database_away(struct web_exchange *exchange)
{
	problem_reply_with(exchange, 503,
	    "The database does not answer at the moment. Lookups still work; requests that need the record must wait.",
	    &(struct problem_more){.extra = "Retry-After: 5\r\n"});
}
