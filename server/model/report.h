/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * What came of ringing somebody whom a rota names, or a service's line. It says nothing about cover.
 * Declined: the right person answered, and does not come.
 */
enum report_outcome {
	REPORT_REACHED,
	REPORT_NO_ANSWER,
	REPORT_WRONG_PERSON,
	REPORT_DECLINED,
	REPORT_OUTCOMES
};
const char *report_outcome_name(enum report_outcome outcome); /* "reached", … */
bool report_outcome_of(const char *name, enum report_outcome *out);

/* How long a report is shown, unless something newer is known. */
#define REPORT_STANDS_SECONDS 7200

/* Who did not answer is worth another try after so long. */
#define REPORT_AGAIN_SECONDS 900
