/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/prescan.h"
#include "calendars/titles/title.h"

/*
 * What an event says of its shift beside the title: categories, place, comment, the status of a
 * program of rotas; and what the name of its calendar says of all events. It may only take cover
 * away.
 */

/* The name of the property of ${part} that takes its shift away or casts doubt on it; NULL: none. */
const char *aside_against(const struct titles *titles, const struct scan_part *part);

/* What a comment on a shift says against it: the first phrase that takes somebody off, casts doubt or tells of a
 * swap, in the arena of ${titles}; NULL: there is none. */
const char *aside_comment_against(struct titles *titles, const char *text);

/* Whether a calendar of the name ${calendar}, described in ${note} (each may be NULL), is a draft,
 * cancelled, or one of leave. */
bool aside_calendar_is_against(const struct titles *titles, const char *calendar, const char *note);
