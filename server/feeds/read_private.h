/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/read_job.h"
#include "server/feeds/read_rows.h"
#include "server/feeds/reader_call.h"

/* Shared by the files of a read job: read_job.c has the order of the steps and those about the reader,
 * read_compare.c reads the rows in force, read_write.c writes. */
enum read_state {
	READ_COUNT,
	READ_READ,
	READ_FORGET,
	READ_RECALL,
	READ_COMPARE,
	READ_WRITE,
	READ_STATES
};

struct read_job {
	const struct feeds_env *env;
	struct arena *arena;
	const struct read_ask *ask;
	struct read_owner owner;

	enum read_state state;
	struct pg_call *call;
	struct reader_call *reader;
	unsigned comparisons;
	enum status read; /* how the reader answered */
	struct read_rows rows;
	struct slice versions;        /* of the body in force; at NULL: none are known */
	struct slice address_content; /* of the address before an upload; at NULL: not known */
	struct read_found found;
};

/* Continues with ${state}. */
void read_enter(struct read_job *job, enum read_state state);

/* Tells the owner, in whose arena the job is: it may be gone afterwards. ${sentence} for READ_FAILED
 * and READ_REFUSED, ${answer} for READ_WRITTEN; else NULL. */
void read_finish(
    struct read_job *job, enum read_outcome outcome, const char *sentence, const char *answer);

/* The steps that are not in read_job.c. */
void read_recall(struct read_job *job);
void read_compare(struct read_job *job);
void read_write(struct read_job *job);

/* The media type of the body, as the record has it. */
const char *read_format(const struct read_ask *ask);
