/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/base/text.h"

/* The fields of a form that a browser sends (application/x-www-form-urlencoded), as an object of texts; the
 * caller's. Fields without content are left out. NULL: the bytes are no such form, or a field comes twice.
 * The copy that is made on the way is wiped. */
json_t *form_read(struct slice body);
