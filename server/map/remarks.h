/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/model/region.h"
#include "server/model/report.h"

/*
 * What people remark beside the rotas: whether somebody whom a rota names was reached (reports), and
 * what to know before one rings (notes). A remark changes no state and no list of people: it is shown
 * beside them. Immutable and counted; a change makes a new value. Pure.
 */

/* About ${person} on ${rota}; or, with neither (REGION_NONE), about the line of ${service}. Indexes are
 * of the region. */
struct kept_report {
	int64_t id, at, until;
	uint32_t person, rota, service, function;
	uint32_t place; /* from where it was rung */
	uint8_t outcome;
	bool settled;
};

enum note_on { NOTE_ON_PERSON, NOTE_ON_SHIFT, NOTE_ON_SERVICE, NOTE_ON_FUNCTION, NOTE_ONS };
const char *note_on_name(enum note_on on); /* "person", … */
bool note_on_of(const char *name, enum note_on *out);

/* On ${person}; on the shift of ${person} or ${team} on ${rota} that is somewhere in [start, end); on
 * ${service}; on ${function} at ${place}. What it does not have is REGION_NONE or NULL. */
struct kept_note {
	int64_t id, at, until;
	int64_t start, end;
	uint32_t person, rota, service, function, place;
	uint8_t on;
	const char *team, *text;
	const char *account, *role; /* of who wrote it */
};

struct remarks {
	unsigned refs;
	int64_t version; /* of the record; -1: it was never read */
	struct arena *arena;
	/* of each person, then of each service's line: newest first */
	const struct kept_report *reports;
	const struct kept_note *notes; /* by what they are on, then by number */
	size_t nreports, nnotes;
};

struct remarks *remarks_none(void);
struct remarks *remarks_ref(struct remarks *remarks);
void remarks_unref(struct remarks *remarks);

/* Changes from one value to the next. Texts are copied. */
struct remarks_change {
	int64_t version;
	int64_t begin; /* what ended before this instant and is not an open report is left out */
	const struct kept_report *reports;
	const struct kept_note *notes;
	size_t nreports, nnotes;
	const int64_t *gone_reports, *gone_notes;
	size_t ngone_reports, ngone_notes;
};

/* ${from} (NULL: nothing) with the changes: a remark takes the place of one with its number. The
 * caller owns one reference. */
struct remarks *remarks_changed(const struct remarks *from, const struct remarks_change *change);

/* Whose remarks are wanted, as shown at ${at}. For a time in the past only what was remarked by then
 * counts; from ${now} on, everything that is known. */
struct remarks_asked {
	uint32_t service, rota, function;
	uint32_t person; /* REGION_NONE: a line */
	int64_t at, now;
};

/* The report to show beside somebody of a rota, or beside a service's line: the newest one, unless it
 * says that they were reached, which ends older ones. A person on several rotas of one function has a
 * report for each; that the person was reached holds for all. NULL: none. */
const struct kept_report *remarks_report(
    const struct remarks *remarks, const struct remarks_asked *asked);

/* Whether somebody must still see to the report: it says that nobody answered, that it was the wrong
 * person or that the person declined, it was not settled, and (of no answer) nobody has reached them since. */
bool remarks_is_open(const struct remarks *remarks, const struct kept_report *report);

/* How many reports about people of ${rota}, or the line of its service, are open. */
uint32_t remarks_open(const struct remarks *remarks, uint32_t rota, uint32_t service);

struct kept_notes {
	const struct kept_note *const *items; /* of the person first, then by number */
	size_t count;
};

/* A shift that notes may be on. */
struct remarks_shift {
	uint32_t rota, person; /* REGION_NONE: a team's */
	const char *team;      /* or NULL */
	int64_t start, end;
};

/* The notes on a shift and on its person; on a service; on a function at a place. Only those that are
 * shown at ${at}, by ${now} as above. In ${arena}. */
struct kept_notes remarks_notes_of_shift(struct arena *arena, const struct remarks *remarks,
    const struct remarks_shift *shift, const struct remarks_asked *asked);
struct kept_notes remarks_notes_of_service(
    struct arena *arena, const struct remarks *remarks, const struct remarks_asked *asked);
struct kept_notes remarks_notes_of_function(struct arena *arena, const struct remarks *remarks,
    uint32_t place, const struct remarks_asked *asked);
