/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/* Reads a code that a person typed from paper, of letters that are all in ${letters}: groups are divided by hyphens or
 * blanks, and small letters are capitals. Its letters go to ${out}. Answers how many there are; ${most} + 1 if there are
 * more, or if one is no letter of a code. */
size_t typed_code_read(struct slice text, const char *letters, char *out, size_t most);
