/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/text.h"

/* Content codings of answers. Pure, except for the buffer that is written to. */

/* Whether ${accepted}, an Accept-Encoding header (at NULL if absent), takes the coding ${name}. What
 * is not named and not forbidden is refused too: "identity" is always possible. */
bool compress_accepts(struct slice accepted, const char *name);

/* Whether an answer of the type ${type} with ${len} bytes is worth compressing: text over 1,000
 * bytes, and not so much of it that compressing would hold up other requests. */
bool compress_pays(const char *type, size_t len);

/* Appends ${body} as gzip to ${out}; false, with nothing of use in ${out}, if it does not get
 * smaller. */
bool compress_gzip(struct slice body, struct buf *out);
