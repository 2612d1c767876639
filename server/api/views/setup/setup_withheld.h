/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/api/views/setup/setup_seen.h"

/*
 * Objects of the set-up for those from whom a protected person is withheld. A person has no name,
 * aliases or number; a rota has none of the aliases and titles that mean the person. Who is given
 * the rest and sends it back does not take those away: they are put back. Pure.
 */

/* Whether the asker calls the object ${key} otherwise, or may not know that it has this code. */
bool setup_is_withheld(
    const struct setup_seer *seer, const struct region_kind *kind, const char *key);

/* ${item}: of ${kind} with the code ${key}, as the region file has it; changed in place. */
void setup_withhold(
    const struct setup_seer *seer, const struct region_kind *kind, const char *key, json_t *item);

/* Puts back into ${wanted}, which the asker sent, what was withheld of ${item}, which is in
 * force. */
void setup_put_back(const struct setup_seer *seer, const struct region_kind *kind,
    const json_t *item, json_t *wanted);
