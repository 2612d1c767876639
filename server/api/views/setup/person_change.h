/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/setup/person_effect.h"
#include "server/api/views/setup/region_put.h"
#include "server/model/region_merge.h"
#include "server/model/region_split.h"

/*
 * A merge of two people, or a split of one into two. The preview is the change itself: the database makes it,
 * the shifts are read, and it is rolled back. So what is shown is what the change would leave.
 */

/* An override, absence or decision about the person, and whose it will be. */
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

/* Keys that a request names: "override:12", "alias:ROTA:JJ". */
struct person_keys {
	const char **items;
	size_t count, capacity;
};

struct person_change {
	struct region_put put; /* first: the steps of region_put.c find it as the job's data */

	/* The request. */
	const char *code;  /* the person who stays, or who is split */
	const char *other; /* the person who goes, or who is split off; NULL until the merge that
			      is taken back has been read */
	bool split;
	int64_t undoes;     /* the merge that a split takes back; 0: none */
	int64_t seen;       /* version of If-Match; 0: not given; -1: a tag of something else */
	int64_t seen_other; /* the version that the body names of the person who goes */
	const char *reason;
	json_t *body; /* owned */
	struct person_keys goes, stays;
	bool rest;     /* what the request does not name stays */
	unsigned turn; /* how often it was begun again, because another change came first */
	/* Makes ${item}, ${other_item} and the document. False: the job has been answered. */
	bool (*build)(struct job *job, const struct pg_rows *rows);

	/* What is in force. */
	struct slice before;   /* the object ${code}; empty: there is none */
	int64_t version;       /* of that object */
	int64_t other_version; /* of the person who goes; 0: a split, in which nobody does */
	/* What will be. */
	struct slice item;       /* the object ${code} */
	struct slice other_item; /* the object ${other}; empty: it is removed */
	struct slice items;      /* all objects that change, as people_write() takes them */
	struct region_merge_questions questions;
	struct region_split_words words;
	struct person_lots lots;
	struct person_effect effect;
	int64_t move; /* the number of the merge or split; 0: it was not made */
};

/* Begins a job for a copy of ${change}. Takes over ${ask}, and the body of ${change}. */
void person_change_start(struct ask *ask, const struct person_change *change);

/* The first step, and (a job_take_fn) the step after both people as they will be are known. */
void person_change_begin(struct job *job);
void person_change_on_lots(struct job *job, enum status st, const struct pg_rows *rows);

/* Reads what merges and splits have in common: the person in the path, If-Match, and the reason, which is
 * required unless it is a dry run. */
void person_change_read(struct ask *ask, struct person_change *change);

/* Replies ${status} with ${faults} and ends the job. Always returns false. */
bool person_change_refuse(struct job *job, unsigned status, const char *detail,
    const struct problem_fault *faults, size_t count);

/* Makes the new region file from ${document} and the two objects, and reads it. ${rotas}: a list of the rotas
 * that change as well, which ${document} has already; NULL: none. False: the job has been answered. */
bool person_change_put(struct job *job, json_t *document, const json_t *rotas);

/* ${value} as text, in the arena of the change. */
struct slice person_change_text(struct job *job, const json_t *value);

/* Reads the rows of API_PERSON_LOTS. */
void person_lots_take(struct job *job, const struct pg_rows *rows);
/* Whether the request can be done: every key that it names exists, and everything that it must decide is
 * decided. If not, replies and ends the job. */
bool person_lots_may(struct job *job);
/* Adds to an answer to whom each decision and each word of a rota goes. */
void person_lots_put(struct json_out *out, const struct job *job);

/* Replies and ends the job. ${applied}: it is in force, in ${version} of the set-up. */
void person_change_reply(struct job *job, int64_t version, bool applied);
