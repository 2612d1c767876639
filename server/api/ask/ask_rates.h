/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/api/context.h"

/* Who asks more than the rates allow (rates.h) gets 429: which rate it is, and when to ask again. */
struct ask;

/* Counts a request of a stranger, for its address. False: answered; and that connection is not read again before the
 * time that it was told. Requests of this machine itself are not counted: through a proxy that names nobody they may be
 * everybody's. */
bool ask_rate_of_address(const struct api *api, struct web_exchange *exchange);

/* Counts ${ask}, whose route is set, for its account and its token. False: answered, but not ended. */
bool ask_rate_of_account(struct ask *ask);
