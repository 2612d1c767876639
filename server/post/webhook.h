/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "server/config.h"

/* Whether the host of ${url} is one of ${hosts} (NULL-terminated) or under one; "*" is every host. Pure. */
bool webhook_may_go(const char *const *hosts, const char *url);

/*
 * The secret that the receiver at ${url} checks signatures with ("whsec_..."), for whom the operator gives it to: as long as the setting webhook_secret's file
 * and the URL are the same, so is it. False: that file cannot be used.
 */
bool webhook_secret_of(const struct config *config, const char *url, char *out, size_t size);
