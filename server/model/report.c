/* SPDX-License-Identifier: MIT */
#include "server/model/report.h"

#include <string.h>

static const char *const outcomes[] = {
    [REPORT_REACHED] = "reached",
    [REPORT_NO_ANSWER] = "no_answer",
    [REPORT_WRONG_PERSON] = "wrong_person",
    [REPORT_DECLINED] = "declined",
};

const char *
report_outcome_name(enum report_outcome outcome)
{
	return outcomes[outcome];
}

bool
report_outcome_of(const char *name, enum report_outcome *out)
{
	for (unsigned i = 0; i < REPORT_OUTCOMES; i++)
		if (strcmp(outcomes[i], name) == 0) {
			*out = (enum report_outcome)i;
			return true;
		}
	return false;
}
