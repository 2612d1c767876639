/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* Patients, in a text that a person types. None is kept here, so no text may hold what tells who one is. */

/* Whether ${text} speaks of a patient by the rule that titles are read by: an NHS number, a date of birth, or a
 * word of records and patients. No note may hold any of these. */
bool rota_speaks_of_patient(const char *text);

enum rota_patient {
	ROTA_PATIENT_NONE,
	ROTA_PATIENT_NUMBER, /* an NHS number */
	ROTA_PATIENT_BIRTH,  /* a date of birth */
};

/* What tells in ${text} who a patient is, and is refused wherever it is typed. A telephone number is no NHS
 * number: one from +, 0 or a word such as "tel". */
enum rota_patient rota_patient_in(const char *text);

/* Whether ${text} may name a patient: "patient J Smith". Not "Patient Safety Team", "outpatient". A guess, and so
 * a reason to warn alone. */
bool rota_names_patient(const char *text);
