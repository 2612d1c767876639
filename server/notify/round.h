/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/zone.h"
#include "server/loop/loop.h"
#include "server/pg/pg.h"

/*
 * One round after the other: news is collected, shared out among the subscriptions, and what is due is written as messages.
 * Each step is one statement that changes nothing if it is done again, so a round that ends in the middle is simply begun
 * again. Only the session that leads does anything; the others ask now and then whether they may.
 */
struct round;

struct round_options {
	struct loop *loop;
	struct pg *pg;
	const struct zonedb *zones;
	const char *url;     /* of the pages, for links; "": not known */
	int64_t retain_days; /* after which messages that are over are deleted; 0: never */
	/* There may be messages to send: after each round, and not before one has led. */
	void (*wrote)(void *ctx);
	void *ctx;
};

/* ${options} is copied; what it points to is borrowed until round_free. */
struct round *round_new(const struct round_options *options);
void round_free(struct round *round);

/* There may be news, or the connection has come or gone. */
void round_look(struct round *round);
void round_connection(struct round *round);

/* Whether this process is the one that tells people. */
bool round_leads(const struct round *round);
