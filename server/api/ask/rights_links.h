/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/rights.h"
#include "server/map/accounts.h"

/*
 * Who may make, see and revoke a secret link. The account that made a link must have the same right when the
 * link is used, so that a link ends with the duty of the person who gave it out. Pure.
 */

/* The thing of ${kind} with the code ${code}, or with the former code ${code}; REGION_NONE: none. */
uint32_t rights_link_thing(const struct region *region, enum link_kind kind, const char *code);
/* Its code now. */
const char *rights_link_code(const struct region *region, enum link_kind kind, uint32_t thing);

/* Whether the account answers for the thing: for a rota who may change it, for a service or a navigator who manages those of its
 * organisation, for a person who speaks for them and the person, and for the gaps at a place anybody who may ask about it and has
 * a part in closing them. Never a device. REGION_NONE, a thing that the set-up does not have any more: an
 * administrator. */
bool rights_link(const struct region *region, const struct account *account, enum link_kind kind,
    uint32_t thing);

/* Whether ${link} of ${account} opens ${thing} now. */
bool rights_link_opens(const struct region *region, const struct account *account,
    const struct token_link *link, uint32_t thing);
