/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"

/*
 * People whom a rota names and nobody knows yet: they are put into the set-up, in the transaction of the job, by
 * the steps and with the rights of every change of the set-up. They belong to the organisation of the rota.
 */
struct new_person {
	const char *path; /* in the request: "$", "$.shifts[3].new" */
	uint32_t rota;
	const char *name, *role, *phone; /* role: a function's code; phone: NULL, or E.164 */
	const char *said;                /* the name as the rota has it, if that is another; NULL */
	const char *id;                  /* given when the person is added */
	const char *doubt;               /* a sentence that must be confirmed; NULL: none */
	int64_t number;                  /* in the list of new people; 0: not noted yet */
};

/* What the view keeps in job->more begins with it. */
struct new_people {
	struct new_person *items;
	size_t count;
	void *adding; /* of new_people.c */
};

/* Reads {"name", "role", "phone", "said"} of ${object}, for ${rota}; what is wrong is noted as faults. */
void new_person_read(
    struct ask *ask, const struct ask_object *object, uint32_t rota, struct new_person *out);

/* Runs when the people are in the set-up of the transaction. ${setup}: that set-up for previews; NULL: this
 * process cannot say yet what it does. Borrowed until the job ends. */
typedef void new_people_fn(struct job *job, struct snapshot_region *setup);

/* Adds ${people}, which is job->more. Replies and ends the job if the set-up refuses them. The job's data is the
 * caller's again in ${then}; its drop is used here. */
void new_people_add(struct job *job, struct new_people *people, new_people_fn *then);

/* Notes one after the other in the list of new people, and tells the organisation; then ${then}. */
void new_people_note(struct job *job, struct new_people *people, void (*then)(struct job *job));

/* Adds the list "people"; ${dry}: they are not added, and have no number. */
void new_people_put(
    struct json_out *out, const struct ask *ask, const struct new_people *people, bool dry);
