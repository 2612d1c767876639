/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"

/*
 * ${text} with its entities decoded and the tags that are known understood: those of bold and of
 * lines are blanks, those that cross out are "~~". Any other tag, and any tag with an attribute, is
 * "<?>": what it says of its text is not known. ${text} itself if there is neither.
 */
const char *html_text(struct arena *arena, const char *text);
