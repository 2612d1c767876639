/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/leave/leave_case.h"

/* Somebody decides about leave that was asked for: the data of such a job. */
enum leave_decision { LEAVE_APPROVE, LEAVE_REFUSE, LEAVE_WITHDRAW };

struct leave_deciding {
	struct leave_case leave;
	enum leave_decision decision;
	const char *gaps; /* of those that the account answers for, as the database takes them */
};

/* Reads the body of a decision. Faults are noted. */
void leave_decision_read(struct ask *ask, const json_t *body, struct leave_case *leave);

/* Approves it, or replies with the effect that this would have, or with what is in the way. Ends ${job}, which has
 * a leave_deciding as its data, whose account may decide. */
void leave_approve(struct job *job);
