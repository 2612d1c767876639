/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/gaps/gaps_answer.h"

/* Answers with the closed gaps of the record, or with all gaps in it, as ${asked} says, a page at a time;
 * takes ${ask} over. */
void gaps_closed(struct ask *ask, const struct gaps_asked *asked);
