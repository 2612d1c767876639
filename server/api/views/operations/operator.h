/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/context.h"

/* Whether figures of the machine may be told to who asks, without an account: a program of this machine, where no
 * proxy asks for others; or one that says the token of the setting metrics_token. */
bool operator_asks(const struct api *api, struct web_exchange *exchange);
