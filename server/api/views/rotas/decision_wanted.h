/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/rota/rota_options.h"

/* A decision about words of a rota that a request asks for. Texts live in the ask's arena. */
struct decision_wanted {
	uint32_t rota;
	const char *path; /* of its object in the body: "$", "$.decisions[0]" */
	struct rota_decision decision;
	const char *reads; /* as the database has it: "named", …, "nothing", …, "zone", "dmy" */
	const char *key;   /* its words as the reader compares them, without case and marks */
};

/* "title", "alias", "word", "zone", "date_order": the member that holds the words, and the kind as
 * the database names it. */
const char *decision_kind_name(enum rota_decision_kind kind);

/*
 * Reads one decision about ${rota} from ${object}, and tries it: the words are read with it, by the code that
 * reads the rota. Faults are noted; a decision that would not have the effect that it states is one. The
 * words in ${out} are as they may be shown: without telephone numbers, and without the reason of an absence.
 */
void decision_wanted_read(
    struct ask *ask, uint32_t rota, const struct ask_object *object, struct decision_wanted *out);

/* Adds the members of a decision, except its id: the words under their kind, "reads", and the person, team or zone
 * that it names. */
void decision_wanted_put(
    struct json_out *out, const struct ask *ask, const struct decision_wanted *wanted);
