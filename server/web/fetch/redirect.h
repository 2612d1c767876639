/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* Where a fetch may start and where it may be sent on to. Pure, on libcurl's URL parser. */

/* http or https with a host; user and password only with https. */
bool redirect_may_start(const char *url);

/* From ${from} to ${to} (both absolute): as redirect_may_start, without user or password, and never
 * from https to http. */
bool redirect_may_follow(const char *from, const char *to);

/* Whether both have the same scheme, host and port, so that credentials may go along. */
bool redirect_same_origin(const char *from, const char *to);
