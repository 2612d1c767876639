/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/setup/person_effect.h"
#include "server/api/views/setup/region_put.h"
#include "server/model/region_merge.h"
#include "server/model/region_split.h"

/*
 * Two people made one, or one made two, on the way into force. The database does it in both cases,
 * and for the effect takes it back again: what is shown is what the deed itself would leave.
 */

/* What was decided about the person, and whose it will be. */
struct person_lot {
	const char *kind; /* "override", "absence", "decision" */
	int64_t id;
	const char *rota, *words; /* or NULL */
	const char *by;
	int64_t at;
	const char *lot; /* "goes", "stays", "unclear" */
};

struct person_lots {
	const struct person_lot *items;
	size_t count;
};

struct person_keys {
	const char **items;
	size_t count, capacity;
};

struct person_change {
	struct region_put put; /* first: the steps of region_put.c find it as the job's data */

	/* As it was asked for. */
	const char *code;  /* who stays, or is split */
	const char *other; /* who goes, or is split off; NULL until the merge is known */
	bool split;
	int64_t undoes;     /* the merge that a split takes back; 0: none */
	int64_t seen;       /* version of If-Match; 0: not given; -1: a tag of something else */
	int64_t seen_other; /* the same of who goes */
	const char *reason;
	json_t *body;                   /* owned */
	struct person_keys goes, stays; /* "override:12", "alias:ROTA:JJ" */
	bool rest;                      /* whatever is not named stays */
	unsigned turn;                  /* how often another change came first */
	/* Makes ${item}, ${other_item} and the document; false: answered. */
	bool (*build)(struct job *job, const struct pg_rows *rows);

	/* As it is in force. */
	struct slice before;   /* the one object; empty: there is none */
	int64_t version;       /* of it */
	int64_t other_version; /* of who goes; 0: nobody does */
	/* As it is to be. */
	struct slice item;       /* of ${code} */
	struct slice other_item; /* empty: ${other} goes */
	struct slice items;      /* all that changes, as people_write() takes it */
	struct region_merge_questions questions;
	struct region_split_words words;
	struct person_lots lots;
	struct person_effect effect;
	int64_t move; /* its number; 0: it was not done */
};

/* Takes ${change} over and begins. */
void person_change_start(struct ask *ask, const struct person_change *change);

/* The first step, and the one after what is to be is known (job_take_fn). */
void person_change_begin(struct job *job);
void person_change_on_lots(struct job *job, enum status st, const struct pg_rows *rows);

/* What both bodies have: the reason, wanted unless it is a dry run. */
void person_change_read(struct ask *ask, struct person_change *change);

/* Answers with faults and ends the job; always false. */
bool person_change_refuse(struct job *job, unsigned status, const char *detail,
    const struct problem_fault *faults, size_t count);

/* Puts ${document} together from the two objects and ${rotas} (a list of objects that change; NULL:
 * none), and reads it. False: answered. */
bool person_change_put(struct job *job, json_t *document, const json_t *rotas);

/* A value as a slice in the arena. */
struct slice person_change_text(struct job *job, const json_t *value);

/* Lots and words: who gets what. The first answers and ends the job where a name in the request
 * means nothing, or something is unclear that must be said; false: answered. */
void person_lots_take(struct job *job, const struct pg_rows *rows);
bool person_lots_may(struct job *job);
void person_lots_put(struct json_out *out, const struct job *job);

/* The answer. ${version} of the set-up. */
void person_change_reply(struct job *job, int64_t version, bool applied);
