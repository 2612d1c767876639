/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/typed/new_people.h"
#include "server/api/views/typed/shift_wish.h"

/* Who is to be on tonight, for several functions of a place at once. */
#define TONIGHT_MAX 50

struct tonight_wish {
	struct new_people people; /* first: job->more of new_people_add() */
	uint32_t place;
	const char *reason;
	bool dry, confirm;
	struct shift_wish *shifts; /* person REGION_NONE: a new one */
	struct new_person **news;  /* by shift: the new person, or NULL */
	size_t count;
	const char **rotas; /* each once */
	size_t nrotas;
};

/* Reads the body; everything that is wrong is noted as a fault. Doubts are in the shifts and people. */
void tonight_wish_read(struct ask *ask, struct tonight_wish *wish);

/* How many sentences a person must confirm. */
size_t tonight_wish_doubts(const struct tonight_wish *wish);

/* The shifts as tonight_add() takes them, in ${arena}. */
const char *tonight_wish_items(const struct ask *ask, const struct tonight_wish *wish);
