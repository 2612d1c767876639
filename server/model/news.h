/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/model/gap.h"

/*
 * Which news an account is told: the one rule of it. News is what a flag says, or something that wants somebody's doing;
 * a subscription says which of it an account wants, and the account's role, places and organisation which of it it may
 * have. Pure.
 */

/* What a subscription may choose, by name ("gap", …); each kind of news is of one of them. */
enum news_about {
	NEWS_GAP,         /* opened, changed, started, reminder */
	NEWS_CLOSED,      /* closed */
	NEWS_FEED,        /* feed_stale, feed_held */
	NEWS_DISPUTE,     /* override_disputed */
	NEWS_CONTACT,     /* contact_failed: a wrong person, or twice no answer */
	NEWS_UNVERIFIED,  /* contacts_unverified */
	NEWS_DECISION,    /* decision_wanted, person_new */
	NEWS_REVIEW,      /* review_overdue */
	NEWS_ACCESS,      /* break_glass, single_handed */
	NEWS_UNDELIVERED, /* message_undelivered */
	NEWS_ABOUT
};
const char *news_about_name(enum news_about about);
/* NEWS_ABOUT: there is none of this name. */
enum news_about news_about_named(const char *name);
/* Of the kind of news, as a flag has it. NEWS_ABOUT: nobody is told of this kind. */
enum news_about news_about_of(const char *kind);

struct news_codes {
	const char *const *items;
	size_t count;
};

struct news {
	const char *kind;
	enum gap_severity severity;
	const char *alerted_to;   /* "owner", "deputy", "commissioner"; NULL: none yet, or no gap */
	const char *organisation; /* whose doing it wants; NULL: nobody's in particular */
	const char *account;      /* of a review: who looks after the document; or NULL */
	/* the places that it is about, and all above them; empty: of none */
	struct news_codes above;
	struct news_codes functions;
	int64_t at;
};

struct news_reader {
	const char *account, *role;
	struct news_codes own_places; /* of the account; empty: everywhere */
	const char *organisation;     /* of the account; NULL: none */
	/* the subscription */
	struct news_codes about, places, functions; /* empty: all */
	enum gap_severity severity;                 /* from this one on */
	const char *alerted_to;                     /* from this one on; NULL: from the beginning */
	int64_t since;                              /* when it began: earlier news are not for it */
};

/*
 * Whether the reader is told. All of these:
 *  - the news is not older than the subscription;
 *  - it chooses what the news is about, its severity, one of its functions, one of its places or one above, and for a gap
 *    that its alerts have come so far;
 *  - the account may have it. News of a place: who may ask about the place. News that wants an organisation's doing (a
 *    decision, a dispute, a contact, an unverified number, an undelivered message): its rota managers and administrators.
 *    Of its feeds: those too, and who may ask about a place that the rota serves. An overdue review: who looks after the
 *    document, and commissioners and managers of the place. Administrators: all.
 */
bool news_wanted(const struct news *news, const struct news_reader *reader);
