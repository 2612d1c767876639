/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"

/*
 * What people type beside a shift, read by the rules that calendars are read by. Who is typed in by hand counts
 * as cover at once, so that "TBC" beside the name must not be kept as a mere remark.
 */

enum rota_note_says {
	ROTA_NOTE_NOTHING,   /* nothing against the shift */
	ROTA_NOTE_OFF,       /* it is taken away: "cancelled", "off sick" */
	ROTA_NOTE_UNCERTAIN, /* "TBC with agency", "provisional", "if needed" */
	ROTA_NOTE_DOUBT, /* a word that may be about something else: "swapped with Jo", "ask at the desk" */
};

struct rota_note {
	enum rota_note_says says;
	/* the words that say so, in the arena; of ROTA_NOTE_OFF the whole note */
	const char *words;
};

/* Reads a note on a shift of somebody. */
struct rota_note rota_note_read(struct arena *arena, const char *note);

/* Why something is done, which may be that somebody else is ill: only what makes it uncertain is looked for. The
 * words, in ${arena}, or NULL. */
const char *rota_reason_uncertain(struct arena *arena, const char *reason);
