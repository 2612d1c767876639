/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/ask/rights_setup.h"
#include "server/api/views/setup/addresses.h"
#include "server/api/views/setup/region_dependents.h"
#include "server/api/views/setup/region_effect.h"
#include "server/model/region_conflict.h"
#include "server/model/region_lower.h"

/*
 * A region file on its way into force: what it is compared with, what it would undo, and what it
 * does. The dry run and the deed go the same way and give the same answer; only the last step
 * differs.
 */

/* The outcome of a conflict. */
enum region_fate {
	REGION_REFUSED,     /* the request does not decide it: the whole file is refused */
	REGION_KEPT,        /* as it is in force, the rest of the file is applied */
	REGION_OVERWRITTEN, /* somebody meant it */
};

struct setup_object;

struct region_put {
	struct setup_object *object; /* NULL: a whole file */
	/* As it was asked for. */
	bool dry_run, keep;
	bool judged; /* a file that the server makes: the asker may do what it changes, or it is
			refused. An object always is */
	const char *origin; /* whose file before this one it is compared with; NULL: with none */
	struct slice overwrite; /* ids of conflicts, comma-separated */
	int64_t seen;           /* version that the sender has seen; 0: not given */
	const char *alone; /* why what wants a second person is done without one; NULL: it is not */

	struct arena *arena;         /* of what was read from documents */
	struct addresses addresses;  /* that the request brings */
	struct slice sent;           /* the file as it was sent, with masks for addresses */
	struct slice document;       /* what is to be in force */
	const struct region *region; /* the same, read */
	struct region_faults faults; /* of the reading: warnings, once it has succeeded */

	int64_t version; /* in force, and what it is compared with; 0: nothing is */
	const char *by;  /* who put it in force, when */
	int64_t at;
	int64_t begun;                /* when the first set-up was put in force */
	bool first_day;               /* ${alone} is because that was less than a day ago */
	struct slice before_document; /* empty: that of ${before_shared} */
	const struct region *before;
	struct region_shared *before_shared; /* of which it is; NULL: it was read for this alone */
	struct region_shared *patched;       /* what is to be, where an object that makes no
						difference to others was patched in; else NULL */
	struct region_changes changes;
	struct setup_answer *answers;      /* to each change; NULL: not judged */
	struct region_lesses less;         /* demands of which less is asked for */
	int64_t made, noted;               /* the version in force, and the number under which it is
					      noted that it was put so alone; 0: not */
	struct region_conflicts conflicts; /* and each one's fate */
	enum region_fate *fates;
	/* overrides, absences and decisions that would end with the file */
	struct region_dependents dependents;
	const struct region_file *files;
	size_t nfiles;
	struct snapshot_region *setup; /* the one that is to be, for the effect */
	struct region_effect effect;
};

/* The uploads of a rota whose source is a file beside the region file. */
struct region_file {
	const char *rota;
	const char *filed, *in_force; /* SHA-256, hexadecimal; NULL: none */
	int64_t import;               /* by which a person changed it since; 0: nobody did */
	const char *by;
	int64_t at;
};

/* Frees what the job's region_put holds. */
void region_put_drop(struct job *job);

/* Takes the addresses out of ${body}; false: answered, and the job is to end. ${one}: it is a rota. */
bool region_put_take_addresses(
    struct ask *ask, struct addresses_place place, struct slice *body, struct addresses *out);

/* Reads ${document} (of the sender's making) into ${put}; faults are noted there. */
enum status region_put_read(struct job *job, struct slice document);

/* ${document} as the database has it, with masks. A region that this program cannot read any more
 * is none. */
const struct region *region_put_read_kept(struct job *job, struct slice document);

/* Compares the file with what is in force and with ${filed}, the file before it (NULL: none);
 * answers if a conflict has not been settled, else takes the next step. */
void region_put_compare(struct job *job, const struct region *filed);

/* Takes up what is in force (a row of API_REGION_BASE), to be compared with. */
void region_put_take_base(struct job *job, const struct pg_rows *rows);

/* The step after region_put_compare(), once no conflict is left: asks which files of rotas are in force. */
void region_put_go_on(struct job *job);

/* The step after that: checks that no code is used again for another thing, and then ends the dry run or
 * does the deed. */
void region_put_check_codes(struct job *job);

/* One function for the dry run and the deed, before either, so that what is shown is what is
 * done. False: this process has not loaded the set-up in force yet, which it will within a
 * second. */
bool region_put_find_effect(struct job *job);

/* What it is compared with, as a file. */
struct slice region_put_before_document(struct region_put *put);

/* The deed, and its answer: 409 if somebody has made an override, absence or decision meanwhile
 * that would end. */
void region_put_deed(struct job *job);

/* An item of a list of changes. */
void region_put_change(struct json_out *out, const struct region_put *put, size_t index);

/* The members of the answer that say what it does. */
void region_put_dependents(struct json_out *out, const struct job *job);

/* Answers 200 with all that is known, and ends the job. ${applied}: it is in force as ${version}. */
void region_put_reply(struct job *job, int64_t version, bool applied);

/* Answers 412: somebody else has changed the set-up. ${seen}: as the sender has seen it, or NULL. */
void region_put_reply_changed(struct job *job, const struct region *seen);

/* Answers 409, naming every conflict that nobody has settled. */
void region_put_reply_conflicts(struct job *job);

/* Answers 422 with the faults, or with ${sentence}. */
void region_put_reply_faults(struct job *job, const char *sentence);

/* The tag of a version. */
const char *region_etag(struct arena *arena, int64_t version);
