/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/ask/rights_setup.h"
#include "server/api/views/setup/region_put.h"
#include "server/model/region_item.h"

/*
 * A change of one object of the set-up. The set-up in force with the object edited goes through the steps of
 * a region file (region_put.h), with the same checks, effect and dry run. The ETag of an object is the
 * version of its row in setup_item, which changes only when the object itself changes.
 */

enum setup_change { SETUP_PUT, SETUP_PATCH, SETUP_DELETE };

struct setup_object {
	const struct region_kind *kind;
	const char *key; /* the key in the path */
	enum setup_change change;
	struct slice body;
	int64_t seen;  /* version of If-Match; 0: not given; -1: a tag of something else */
	bool fresh;    /* If-None-Match: *, so that only a new object is made */
	unsigned turn; /* how often it was begun again, because another change came first */
	bool whole;    /* the set-up is read as a whole file, since it cannot be patched */

	/* For a change that needs a second person. */
	const char *reason, *until; /* as given; NULL: not given */
	int64_t proposal;           /* the proposal that is accepted by this change; 0: none */
	const char *proposer;
	const char *shown;          /* the effect that the proposal was shown with, as JSON */
	bool decided;               /* its acceptance is recorded */
	struct setup_answer second; /* verdict SETUP_SECOND: why it needs a second person */

	/* As it is in force. */
	struct slice item; /* empty: there is none */
	int64_t version;
	const char *by;
	int64_t at;
	const char *const *had; /* masks that the rota has had; NULL-terminated */
	/* As it will be. */
	const char *now;      /* its code; NULL: it is removed */
	size_t index;         /* in its list; REGION_ITEM_NONE: it is removed */
	struct slice patched; /* if it was patched in: the object with its former codes and names */
	/* A copy of the requirement before the change, in force again from ${until} on; ${more_key}
	 * NULL: there is none. */
	const char *more_key;
	struct slice more;
};

/* Whether the sender has seen the object as it is in force. If not, replies 412, 428 or 404 and ends the job.
 * ${seen}: the object as the sender has seen it, or empty. */
bool setup_object_may(struct job *job, struct slice seen);

/* Whether the account may change anything of the object, or add one of its kind. If not, replies 403 and ends the
 * job. */
bool setup_object_touched(struct job *job);

/* Whether the account may make all changes of the job, of an object or of a whole file. If not, replies 403 and
 * ends the job; replies 422 if a proposal lacks its reason or end. */
bool setup_changes_allowed(struct job *job);

/* Replies with the object and the effect, and ends the job. ${applied}: it is in force, in ${version} of the
 * set-up. */
void setup_object_reply(struct job *job, int64_t version, bool applied);

/* A fault of the whole set-up as one for the sender of an object: with a path in that object if it is there,
 * otherwise naming the other object that refers to it. */
struct problem_fault setup_object_fault(struct job *job, const struct region_fault *fault);

/* Adds the member "second": why the change needs a second person; null if it does not. */
void setup_object_second(struct json_out *out, const struct job *job);

/* The last step: proposes the change, accepts a proposal, or makes the change. Replies and ends the job. */
void setup_object_deed(struct job *job);

/* The first step: reads what is in force. The other steps follow from it. */
void setup_object_begin(struct job *job);

/* A new job for a change of ${object}, with copies of ${put} and ${object}. Takes ${ask} over. Begin it with
 * setup_object_begin(). */
struct job *setup_object_job(
    struct ask *ask, const struct region_put *put, const struct setup_object *object);

/* Makes put->document: the set-up with the object (and the requirement that holds again after it) as they will
 * be. False: the job has been answered and has ended. */
bool setup_object_edit(struct job *job);

/* Whether the sender may give the address and the secret that the rota is to have: themselves, or what stands for
 * those that the rota has had or that another rota has which the sender may change. Else 422, and the job has
 * ended. */
bool setup_object_may_read(struct job *job);

/* The mask of the address that the rota ${key} has in the map in memory, for which a secret is that comes alone;
 * NULL: none. */
const char *setup_object_address(struct ask *ask, const char *key);

/* The object as it will be in the region file. */
struct slice setup_object_item(struct region_put *put);

/* Begins again from the first step, because another change was put in force meanwhile. */
void setup_object_again(struct job *job);

/* Appends the arguments of API_SETUP_PUT, without those about renames and removals. */
void setup_object_send(struct job *job, struct pg_args *args);

/* The ETag of a version of an object. */
const char *setup_object_etag(struct arena *arena, int64_t version);

/* The version in such a tag in If-Match; 0 if there is no header, -1 for any other tag, which matches nothing. */
int64_t setup_object_tag(struct ask *ask);
