/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "server/api/ask/provider.h"

/*
 * Decides who somebody is by the claims of their identity provider: those of the ID token and of the
 * userinfo endpoint. The proxy has checked the signature and origin of both. Pure.
 */
struct identity {
	const char *subject;      /* never changes for this person, at this provider */
	const char *organisation; /* one that the provider speaks for */
	const char *name;         /* shown to the person who accepts them; NULL: none was sent */
	int64_t issued;           /* when the ID token was */
};

enum identity_verdict {
	IDENTITY_FINE,
	IDENTITY_OTHER_ISSUER, /* the token is of another issuer, or for another client */
	IDENTITY_STALE,     /* the token is old, or the person showed who they are too long ago */
	IDENTITY_WEAK,      /* the person signed in by a weaker method than is required */
	IDENTITY_TENANT,    /* of another tenant */
	IDENTITY_NOBODY,    /* without a subject, or userinfo is of another */
	IDENTITY_ROLE,      /* the role that was chosen is none of the person's */
	IDENTITY_SEVERAL,   /* of several of the organisations, and none was chosen */
	IDENTITY_ELSEWHERE, /* of no organisation that this provider speaks for */
	IDENTITY_VERDICTS
};
const char *identity_verdict_name(enum identity_verdict verdict); /* "other_issuer" */

/* How old a token may be, or how far ahead, since clocks differ. */
#define IDENTITY_FRESH_SECONDS 300
#define IDENTITY_SUBJECT_MAX_BYTES 255

/* The claims: those of the token win, since it is signed; ${userinfo} may be NULL. */
struct identity_claims {
	const json_t *token, *userinfo;
};

/* Fills ${out}, from ${arena}, only if it returns IDENTITY_FINE. ${now}: seconds since 1970. */
enum identity_verdict identity_read(struct arena *arena, const struct provider *provider,
    const struct identity_claims *claims, int64_t now, struct identity *out);
