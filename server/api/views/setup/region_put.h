/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/ask/rights_setup.h"
#include "server/api/views/setup/addresses.h"
#include "server/api/views/setup/region_dependents.h"
#include "server/api/views/setup/region_effect.h"
#include "server/api/views/setup/region_risks.h"
#include "server/model/region_conflict.h"
#include "server/model/region_lower.h"

/*
 * A region file that is being put in force: what it is compared with, what it would undo, and what it does.
 * The dry run and the change go through the same steps and have the same answer; only the last step differs.
 * This is the data of the job (job->data) in all files region_put*.c.
 */

/* The outcome of a conflict. */
enum region_fate {
	REGION_REFUSED,     /* the request does not settle it: the whole file is refused */
	REGION_KEPT,        /* stays as it is in force; the rest of the file is applied */
	REGION_OVERWRITTEN, /* the request names it, so the file wins */
};

struct setup_object;

struct region_put {
	struct setup_object *object; /* NULL: a whole file */
	/* The request. */
	bool dry_run, keep;
	/* Also check the rights of the account to each change, as for a single object: set for a
	 * file that the server itself has made of a request, such as a starter pack. */
	bool judged;
	const char *origin;     /* names the file before this one, to compare with; NULL: none */
	struct slice overwrite; /* ids of conflicts, comma-separated */
	int64_t seen;           /* the version that the sender has seen; 0: not given */
	const char *alone;      /* the reason for doing without a second person; NULL: not given */
	/* Runs in place of the reply once it is in force in the transaction of the job, which the
	 * caller goes on with; NULL: reply. */
	void (*then)(struct job *job);

	struct arena *arena;         /* of what is read from documents */
	struct addresses addresses;  /* those in the request */
	struct slice sent;           /* the file as sent, with masks for addresses */
	struct slice document;       /* the set-up that will be in force */
	const struct region *region; /* ${document}, read */
	struct region_faults faults; /* of reading it; only warnings, if it was read */

	int64_t version; /* of the set-up in force, with which it is compared; 0: there is none */
	const char *by;  /* who put that in force, and when */
	int64_t at;
	int64_t begun;                /* when the first set-up was put in force */
	bool first_day;               /* that was less than a day ago, so no reason is needed */
	struct slice before_document; /* of the set-up in force; empty: that of ${before_shared} */
	const struct region *before;  /* the set-up in force */
	struct region_shared *before_shared; /* holds ${before}; NULL: it was read for this job */
	struct region_shared *patched; /* holds ${region}, if a single object was patched in; NULL:
					  it was read as a whole */
	struct region_changes changes;
	struct setup_answer *answers;      /* for each change; NULL: rights are not checked */
	struct region_lesses less;         /* demands for which less is asked */
	int64_t made, noted;               /* the new version, and the number under which it is
					      listed as made without a second person; 0: not */
	struct region_conflicts conflicts; /* with what happens to each in ${fates} */
	enum region_fate *fates;
	/* overrides, absences and decisions that would end with the file */
	struct region_dependents dependents;
	const struct region_file *files;
	size_t nfiles;
	struct snapshot_region *setup; /* as it will be, for the effect */
	struct region_effect effect;
	/* that would end; only of what somebody sees before it happens */
	struct region_risks risks;
};

/* The last uploads of a rota whose source is a file beside the region file. */
struct region_file {
	const char *rota;
	/* SHA-256 in hexadecimal of the file that was last sent with a region file, and of the one
	 * in force; NULL: none. */
	const char *filed, *in_force;
	int64_t import; /* by which a person has put another in force since; 0: nobody has */
	const char *by;
	int64_t at;
};

/* Frees what the job's region_put holds. */
void region_put_drop(struct job *job);

/* Replaces the addresses in ${body} by masks (addresses_take). False: the request has been answered, and the
 * caller must end the job. */
bool region_put_take_addresses(
    struct ask *ask, struct addresses_place place, struct slice *body, struct addresses *out);

/* Reads ${document}, the new set-up, into the region and faults of the job. */
enum status region_put_read(struct job *job, struct slice document);

/* Reads ${document}, a set-up of the database. If this program cannot read it any more, returns an empty
 * region, so that a file that repairs it can be applied. */
const struct region *region_put_read_kept(struct job *job, struct slice document);

/* Compares the file with what is in force and with ${filed}, the file before it (NULL: none). Replies and ends
 * the job if a conflict is not settled; otherwise takes the next step. */
void region_put_compare(struct job *job, const struct region *filed);

/* A region file of nothing: what the first one is compared with, and for a statement that wants a file where only what
 * it answers is needed. */
#define REGION_PUT_NOTHING "{\"crisiscover\": 1}"

/* Asks for the set-up in force, with no file to compare it with: ${take} gets a row of API_REGION_BASE. The job's data
 * begin with its struct region_put, with ${arena} set. */
void region_put_ask_base(struct job *job, job_take_fn *take);

/* Reads the set-up in force from a row of API_REGION_BASE. */
void region_put_take_base(struct job *job, const struct pg_rows *rows);

/* The step after region_put_compare(), once no conflict is left: asks which files of rotas are in force. */
void region_put_go_on(struct job *job);

/* The step after that: checks that no code is used again for another thing, and then ends the dry run or
 * does the deed. */
void region_put_check_codes(struct job *job);

/* Computes the effect, before the dry run and before the change, so that what is shown is what is done. False:
 * this process has not loaded the set-up in force yet; it will within a second. */
bool region_put_find_effect(struct job *job);

/* The set-up in force, as a file. */
struct slice region_put_before_document(struct region_put *put);

/* Makes the change in the database, replies and ends the job. Replies 409 if somebody has meanwhile made an
 * override, absence or decision that would end with it. */
void region_put_deed(struct job *job);

/* Has the database make the change and take it back, which gives ${take} a row of API_REGION_PUT_TRY for each accepted risk
 * that it would end: by the deed itself, so that what is shown is what is done. False: it can end none, and ${take} is not
 * called. */
bool region_put_try(struct job *job, job_take_fn *take);

/* Adds change ${index} to a list. */
void region_put_change(struct json_out *out, const struct region_put *put, size_t index);

/* Adds the members of an answer that say what ends with the file. */
void region_put_dependents(struct json_out *out, const struct job *job);

/* The functions below reply and end the job. */

/* 200 with everything that was found out. ${applied}: it is in force as ${version}. */
void region_put_reply(struct job *job, int64_t version, bool applied);

/* 412: somebody else has changed the set-up. ${seen}: the set-up that the sender has seen, or NULL. */
void region_put_reply_changed(struct job *job, const struct region *seen);

/* 409 with every conflict that is not settled. */
void region_put_reply_conflicts(struct job *job);

/* 422 with the faults of reading, or with ${sentence} if that is not NULL. */
void region_put_reply_faults(struct job *job, const char *sentence);

/* The ETag of a version of the set-up. */
const char *region_etag(struct arena *arena, int64_t version);
