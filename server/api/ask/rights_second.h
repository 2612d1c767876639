/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/rights_setup.h"

/*
 * Which changes need a second person, no matter who makes them, administrators included: those that affect the
 * cover of others. The same table is used for a single object and for a whole file. Changes that end or
 * lower a demand in another way than through its requirement are found by region_less(). Pure.
 */

/* SETUP_SECOND if ${change}, which the account may make, needs a second person; otherwise SETUP_ALLOWED. */
struct setup_answer rights_second_change(
    const struct setup_question *question, const struct region_change *change);

/* The answer about a change by which demands become less (region_less). */
struct setup_answer rights_second_less(void);
