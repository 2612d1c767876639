/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/api/views/parts/roster.h"

/*
 * Whether somebody may take a shift: by role and approval, which everybody may know, and by what else that
 * person does then, which only the person and those who speak for the person may know.
 */
enum duty_verdict {
	DUTY_PASSED,
	DUTY_FAILED,
	DUTY_UNSEEN, /* the asker may not know */
};

struct duty_check {
	const char *check; /* "role", "approval", "double_booking", "rest", "leave" */
	uint32_t person;
	enum duty_verdict verdict;
	const char *text; /* a sentence for people; NULL: passed */
};

/* A VEC (base/vec.h) with a name, so that it can be passed to functions. */
struct duty_checks {
	struct duty_check *items;
	size_t count, capacity;
};

struct duty_asked {
	uint32_t rota, person; /* who is to be on */
	struct span_time time;
	/* a shift that the person gives away for it; NULL: none */
	const struct roster_given *given;
	bool seen; /* the asker may know when the person is on and away */
};

/* Adds the checks of one shift to ${out}, each of them; in the arena of the ask. */
void duty_checks_add(struct ask *ask, const struct duty_asked *asked, struct duty_checks *out);

/* Adds "checks": [{"check", "person", "passed", "text"}]; "passed" is null where it is not seen. */
void duty_checks_put(struct json_out *out, const struct ask *ask, const struct duty_checks *checks);
