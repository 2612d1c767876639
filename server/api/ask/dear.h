/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/loop/loop.h"
#include "server/loop/slices.h"
#include "server/web/server.h"

/*
 * Dear questions: those whose answer may be computed for long, or is large (coverage, history, gaps, the set-up as a
 * file, calendars). A route says so (route.h). They have a budget of their own, so many at once for all and for each who
 * asks, and are answered in slices (loop/slices.h), so that no lookup waits for one.
 */
struct ask;
struct job;
struct pg_rows;

struct dear;
struct dear_options {
	unsigned most, most_of_one;
};
struct dear *dear_new(struct loop *loop, const struct dear_options *options);
/* Brings what is under way to its end, while all that it uses is there. */
void dear_finish(struct dear *dear);
void dear_free(struct dear *dear);

/* From when there is a server: what it is asked meanwhile is what a dear question makes room for. */
void dear_watch(struct dear *dear, const struct web_server *server);

/* Lets the view of the route of ${ask}, which is taken over, answer it in slices; or replies 429, with which rate it
 * is and when to ask again. */
void dear_view(struct ask *ask);

/* A place in the budget, which an ask has from dear_view() until it ends. */
struct dear_place;
void dear_leave(struct dear_place *place);

/* Calls ${take} of ${job} in slices with ${rows}, which are borrowed from the caller. */
void dear_take(struct job *job, const struct pg_rows *rows);

struct dear_stats {
	unsigned places;  /* of questions that are asked and not answered */
	uint64_t refused; /* so far */
	struct slices_stats slices;
};
struct dear_stats dear_stats(const struct dear *dear);
