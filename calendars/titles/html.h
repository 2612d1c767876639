/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"

/*
 * Decodes entities and known tags in ${text}: tags for bold text and lines become blanks, tags that
 * cross out become "~~". Any other tag, and any tag with an attribute, becomes "<?>", because it
 * may say anything of its text. Returns ${text} itself if it has neither.
 */
const char *html_text(struct arena *arena, const char *text);
