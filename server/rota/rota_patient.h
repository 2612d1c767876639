/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* Whether ${text}, which a person typed, speaks of a patient by the rule that titles are read by: an NHS
 * number, a date of birth, or a word of records and patients. No note may hold any of these. */
bool rota_speaks_of_patient(const char *text);
