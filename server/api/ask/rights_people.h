/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/rights_setup.h"

/*
 * Who may merge and split people: the account that keeps both, as a rota manager or an administrator of their
 * organisation; of two organisations an administrator. Pure.
 */

/* Whether the account may merge or split the person ${code} of ${region} at all. */
bool rights_people_touches(
    const struct region *region, const struct account *account, const char *code);

/* ${code} stays and ${other} goes; where ${split}, ${other} is split off ${code}. Nobody but an
 * administrator makes somebody approved by another organisation in this way: SETUP_SECOND. */
struct setup_answer rights_people_change(
    const struct setup_question *question, const char *code, const char *other, bool split);
