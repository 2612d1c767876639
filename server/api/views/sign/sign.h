/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/map/sessions.h"

/* The end of every way to sign in: makes a session and answers with its cookie and who it is. Ends
 * the job. */
struct signing {
	const struct account *account;
	enum session_how how;
	/* id of the token it signs in by; the session ends with it. NULL: none */
	const char *token;
	const char *extra; /* more header lines of the answer; NULL */
	/* the path to which the browser goes on (303); NULL: the answer is JSON */
	const char *leads_to;
};
void sign_in(struct job *job, const struct signing *signing);

/* By a device's code. Takes ${ask} over. */
void sign_in_device(struct ask *ask, const char *code);

/* The header line that sets a cookie for this very host. ${name} and ${tls_name}: without and over
 * TLS. Of the ask's arena. */
struct cookie {
	const char *name, *tls_name, *value;
	int64_t seconds; /* 0: it is removed */
};
const char *sign_cookie(struct ask *ask, const struct cookie *cookie);

/* The header line that sets the session's cookie of a request again, for as long as can be. */
const char *session_cookie_again(struct ask *ask);
