/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/rights_setup.h"

/*
 * Who may merge and split people: a rota manager or an organisation's administrator, if both people are of
 * that organisation; otherwise only an administrator. Pure.
 */

/* Whether the account may merge or split the person ${code} of ${region} at all. */
bool rights_people_touches(
    const struct region *region, const struct account *account, const char *code);

/* Merge: ${code} stays and ${other} goes. Split: ${other} is split off ${code}. SETUP_SECOND if another
 * organisation's approval would pass to somebody who did not have it and the account is not an
 * administrator. */
struct setup_answer rights_people_change(
    const struct setup_question *question, const char *code, const char *other, bool split);
