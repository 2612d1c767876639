/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/base/text.h"

/* ${text} normalised as tokens.h says; several blanks become one. UTF-8. */
const char *plain_text(struct arena *arena, const char *text);

/* ${word} in the form that is compared: lower case, without accents and apostrophes. */
const char *plain_fold(struct arena *arena, struct slice word);

/* ${text}, or its first ${max} bytes (whole characters) and "…". */
const char *plain_cut(struct arena *arena, const char *text, size_t max);
