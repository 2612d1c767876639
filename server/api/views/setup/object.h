/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/ask/rights_setup.h"
#include "server/api/views/setup/region_put.h"
#include "server/model/region_item.h"

/*
 * One object of the set-up on its way into force: the set-up in force with that object edited takes
 * the same way as a region file (region_put.h), with the same checks, effect and dry run. Its own
 * version is its tag: a row of setup_item keeps it until the object itself changes.
 */

enum setup_change { SETUP_PUT, SETUP_PATCH, SETUP_DELETE };

struct setup_object {
	const struct region_kind *kind;
	const char *key; /* that the path names */
	enum setup_change change;
	struct slice body;
	int64_t seen;  /* version of If-Match; 0: not given; -1: a tag of something else */
	bool fresh;    /* If-None-Match: * */
	unsigned turn; /* how often another change came first */
	bool whole;    /* the set-up in force is read as a file, since it cannot be patched */

	/* Of a change that wants a second person. */
	const char *reason, *until; /* as it was given; NULL: not */
	int64_t proposal;           /* that is accepted by this change; 0: none */
	const char *proposer;
	const char *shown;          /* what that proposal was shown to do, as JSON */
	bool decided;               /* its acceptance is noted */
	struct setup_answer second; /* why; verdict SETUP_SECOND, or nothing */

	/* As it is in force. */
	struct slice item; /* empty: there is none */
	int64_t version;
	const char *by;
	int64_t at;
	/* As it is to be. */
	const char *now;      /* its code; NULL: it is removed */
	size_t index;         /* in its list; REGION_ITEM_NONE: it is removed */
	struct slice patched; /* with what the set-up knows of its past; where it was patched in */
	/* The former requirement, which holds again from ${until} on; its key NULL: none. */
	const char *more_key;
	struct slice more;
};

/* Answers 412, 428 or 404 and ends the job, if what the sender has seen is not what is in force.
 * ${seen}: the object as the sender has seen it, or empty. */
bool setup_object_may(struct job *job, struct slice seen);

/* Answers 403 and ends the job, if the asker may change nothing of the object, or add none. */
bool setup_object_touched(struct job *job);

/* The same, if it may not change what differs, alone or at all; 422, if a proposal does not say
 * enough. Of an object, and of a whole file. */
bool setup_changes_allowed(struct job *job);

/* Answers with the object as it is in force then; ${version}: of the set-up. */
void setup_object_reply(struct job *job, int64_t version, bool applied);

/* A fault of the document as one of the object where it is its own, else with who refers to it. */
struct problem_fault setup_object_fault(struct job *job, const struct region_fault *fault);

/* The member "second": why it wants a second person; null where it does not. */
void setup_object_second(struct json_out *out, const struct job *job);

/* The last step: proposed, accepted, or done. */
void setup_object_deed(struct job *job);

/* Reads what is in force, and continues from there. */
void setup_object_begin(struct job *job);

/* A job of ${ask} for a change of ${object}; begin it. */
struct job *setup_object_job(
    struct ask *ask, const struct region_put *put, const struct setup_object *object);

/* The object and what holds again after it, as they are to be, into put->document; false: answered. */
bool setup_object_edit(struct job *job);

/* The object as it is to be, as the region file will have it. */
struct slice setup_object_item(struct region_put *put);

/* Begins again with what came first. */
void setup_object_again(struct job *job);

/* Its deed: the arguments of API_SETUP_PUT, without those about renames and removals. */
void setup_object_send(struct job *job, struct pg_args *args);

const char *setup_object_etag(struct arena *arena, int64_t version);

/* The version in such a tag in the header ${name}; 0 if there is no header, -1 for any other tag,
 * which matches nothing. */
int64_t setup_object_tag(struct ask *ask, const char *name);
