/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* Who may be put on a rota by hand: by an override, a typed shift or tonight's names. */

/* The person whom ${id} names; REGION_NONE and a fault at ${path} if there is none, or if ${id} is NULL. */
uint32_t on_rota_person(struct ask *ask, const char *path, const char *id);

/* Why ${person} would not count on ${rota}: a sentence with the person's name, which is a read of it. NULL:
 * the person may be on. The rota has a service. */
const char *on_rota_objection(const struct ask *ask, uint32_t rota, uint32_t person);

/* How far back a shift can be put right by hand, how far ahead one can be made, and what is so long that it is
 * probably a slip. */
#define ON_ROTA_BACK_SECONDS (31 * (int64_t)86400)
#define ON_ROTA_AHEAD_SECONDS (400 * (int64_t)86400)
#define ON_ROTA_LONG_SECONDS (31 * (int64_t)86400)

/* The sentence of a doubt that a person may not be free. One sentence for leave, another rota and too little
 * rest, so that it does not reveal which. */
const char *on_rota_not_free(const struct ask *ask, uint32_t person);

/* Reads ${note} beside a shift by the rules of calendars, so that "TBC" is not kept as a remark on somebody who
 * counts. What takes the shift away or makes it uncertain is a fault at ${path}; returns the sentence of a lesser
 * doubt, which a person may confirm, or NULL. */
const char *on_rota_note_doubt(struct ask *ask, const char *path, const char *note);

/* The same of ${reason} (or NULL) why somebody is put on: a fault at ${path} if it makes that uncertain. That
 * somebody else is ill or has swapped is no fault. */
void on_rota_reason_check(struct ask *ask, const char *path, const char *reason);
