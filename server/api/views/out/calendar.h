/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/api/views/parts/places.h"
#include "server/ical/ical_write.h"

/*
 * A calendar that others subscribe to, while it is made. It is made from the snapshot, so also while the database
 * is away. An event that names somebody, or says that somebody is on call, is a confirmed shift that counts on the
 * map at this moment: everything else is an event that says that cover is not known, or that there is none.
 */
struct calendar {
	/* as an outsider: a calendar is copied into programs that anybody may look at */
	struct ask *ask;
	bool names;      /* else nobody is named */
	uint32_t person; /* whose shifts alone are wanted; REGION_NONE: everybody's */
	bool named;      /* a name was put into it */
	const struct places_scope *scope; /* to which gaps are kept; NULL: any place */
	VEC(struct ical_event) events;
};

/* Adds the shifts of a rota. */
void calendar_add_rota(struct calendar *calendar, uint32_t rota);

/* Adds the open gaps of a demand that the asker may ask about. */
void calendar_add_gaps(struct calendar *calendar, uint32_t demand);

/* Replies and ends the ask. ${what} and ${code}: of the thing, for its identity; ${title}: its name. */
void calendar_reply(
    struct calendar *calendar, const char *what, const char *code, const char *title);
