/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/zone.h"
#include "server/model/gap.h"

/*
 * News in words, for a message. It says what is so, where and when, and how to look at it after signing in: never who is on
 * call, and never a reason that somebody gave. Nothing here has either. Pure.
 */

struct news_item {
	const char *kind; /* as news_about_of() has them */
	enum gap_severity severity;
	const char *of_group;                     /* of several of one group the last is told */
	const char *gap;                          /* its id; NULL: about no gap */
	const char *place, *function;             /* their names; NULL: of none */
	const char *rota;                         /* its id; NULL: of none */
	const char *alerted_to, *state, *outcome; /* NULL: none */
	int64_t starts, ends;                     /* INSTANT_NEVER: none */
	int64_t number; /* gaps of the group, decisions, contacts; 0: not known */
};

struct news_words {
	const struct zone *zone;
	const char *url; /* where the pages are, without a "/" at its end; "": not known */
	bool practice;   /* nothing of it is real */
};

struct news_message {
	enum gap_severity severity; /* the worst */
	const char *subject;        /* one line of at most NEWS_SUBJECT_MAX bytes */
	/* plain text: a paragraph for each group, and why it came; the link is apart */
	const char *body;
	/* to where it can be looked at and acknowledged after signing in; "": not known */
	const char *link;
};
#define NEWS_SUBJECT_MAX 200
#define NEWS_PARAGRAPHS_MAX 20 /* of more it says how many they are */

/* One sentence. In ${arena}. */
const char *news_sentence(
    struct arena *arena, const struct news_words *words, const struct news_item *item);

/* ${count}: one at least, in the order in which they came. All of it lives in ${arena}. */
struct news_message news_message_of(struct arena *arena, const struct news_words *words,
    const struct news_item *items, size_t count);
