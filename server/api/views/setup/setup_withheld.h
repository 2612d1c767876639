/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/api/views/setup/setup_seen.h"

/*
 * Withholds protected people in objects of the set-up: such a person has no name, aliases or number, and a
 * rota has none of the aliases and titles that name the person. If an account changes such an object and
 * sends it back, the missing members are put back, so that they are not deleted by it. Pure.
 */

/* Whether ${key} is a person who is withheld from the account, and whom it knows by another code. */
bool setup_is_withheld(
    const struct setup_seer *seer, const struct region_kind *kind, const char *key);

/* Removes from ${item}, an object of ${kind} with the code ${key}, what is withheld. In place. */
void setup_withhold(
    const struct setup_seer *seer, const struct region_kind *kind, const char *key, json_t *item);

/* Puts back into ${wanted}, the object that the account has sent, what is withheld of ${item}, the object in
 * force. */
void setup_put_back(const struct setup_seer *seer, const struct region_kind *kind,
    const json_t *item, json_t *wanted);
