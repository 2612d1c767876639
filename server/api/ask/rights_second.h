/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/rights_setup.h"

/*
 * What wants a second person, no matter who changes it, also an administrator: what touches the maps of
 * others. By one table, for a single object and for a whole file. What ends or lowers a demand by
 * another way than its requirement is found by region_less(). Pure.
 */

/* Whether ${change}, which the account may make, wants a second person; else SETUP_ALLOWED. */
struct setup_answer rights_second_change(
    const struct setup_question *question, const struct region_change *change);

/* The answer about a change by which demands become less (region_less). */
struct setup_answer rights_second_less(void);
