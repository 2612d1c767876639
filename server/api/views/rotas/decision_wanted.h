/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/rota/rota_options.h"

/* One decision that somebody asks for. Texts live in the ask's arena. */
struct decision_wanted {
	uint32_t rota;
	const char *path; /* of its object in the body: "$", "$.decisions[0]" */
	struct rota_decision decision;
	const char *reads; /* as the database keeps it: "named", …, "nothing", …, "zone", "dmy" */
	const char *key;   /* by which its words are the same to the reader */
};

/* "title", "alias", "word", "zone", "date_order": the member that holds the words, and the kind as
 * the database names it. */
const char *decision_kind_name(enum rota_decision_kind kind);

/*
 * Reads one decision about ${rota} from ${object}, and tries it: the words alone are read by it, by
 * the same code as the rota will be. Faults are noted, and so is a decision that would not have the
 * effect that it names. The words come out as they are shown: without numbers, and without the
 * reason of an absence.
 */
void decision_wanted_read(
    struct ask *ask, uint32_t rota, const struct ask_object *object, struct decision_wanted *out);

/* Its members but the id: the words under their kind, "reads", and whom or what it names. */
void decision_wanted_put(
    struct json_out *out, const struct ask *ask, const struct decision_wanted *wanted);
