/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/*
 * What people type. Every text of a request that changes something passes through one check before its view
 * sees it: members of its JSON body and their names, fields of a form, parameters of the query. So no view can
 * forget it. It notes as faults:
 *
 * - a control character, or one that is not seen and changes what is (text_find_hidden()),
 * - an NHS number or a date of birth (rota_patient_in()),
 *
 * and as a warning what may be a patient's name (rota_names_patient()). A table in typed.c lists by their names
 * the members that are no words of people: times, addresses, secrets, and what a calendar says.
 */
void typed_check(struct ask *ask);

/* Adds to ${out}, the object that answers ${ask}, "text_warnings": what the check warns of. Nothing if there is
 * none. */
void typed_put_warnings(const struct ask *ask, struct json_out *out);
