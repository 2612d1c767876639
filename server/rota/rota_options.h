/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "calendars/reading.h"
#include "server/base/arena.h"
#include "server/base/status.h"
#include "server/base/text.h"
#include "server/base/zone.h"
#include "server/model/region.h"

/*
 * From the set-up of a rota to the options of the reader of its calendar. The feeds role and the
 * command line both use this, so that `crisiscover read --region` reads as the server would.
 */

/*
 * All options except the kind of file and the window, with the aliases and titles of the region
 * file. Known names are those of the region's organisations, functions, services and places. The
 * directory: people of the rota's organisation and people who may do its service's function; for an
 * absence calendar the organisation's people. Lives in ${arena}, borrows from ${region} and
 * ${zones}.
 */
void rota_options(struct arena *arena, const struct region *region, const struct region_rota *rota,
    const struct zonedb *zones, struct reading_options *out);

/*
 * Adds the bank holidays of ${region} to ${options}, if the rota's hours may depend on them; ${csv} is the file of
 * bank holidays (model/hours.h), and a fault of it is in ${fault}. All options but this have been made by
 * rota_options(). A reading without it has no bank holidays, and must not be of a roster.
 */
MUST_USE enum status rota_options_holidays(struct arena *arena, struct slice csv,
    const struct region *region, struct reading_options *options, const char **fault);

/* The subject of a decision about one rota. */
enum rota_decision_kind {
	ROTA_TITLE,      /* a whole title reads as … */
	ROTA_ALIAS,      /* a name is a person */
	ROTA_ZONE,       /* a name of a time zone is one of the tz database */
	ROTA_DATE_ORDER, /* the dates of its rosters are dd/mm or mm/dd */
	ROTA_WORD,       /* a word or phrase of titles means nothing, nobody or somebody away */
};

/* A decision about one rota. Texts are borrowed. */
struct rota_decision {
	enum rota_decision_kind kind;
	const char *words;             /* the title, or the name */
	enum reading_class reads;      /* of a title; READING_NAMED of an alias */
	enum reading_word_means means; /* of a word */
	const char *person, *team;     /* or NULL */
	const char *zone;              /* of a zone */
	enum reading_date_order date_order;
};

/* Of one rota, in the order in which they were made. */
struct rota_decisions {
	const struct rota_decision *items;
	size_t count;
};

/* "named", "team", "nobody", "undecided", "absence", "noise": what a title may be decided to read
 * as. False for anything else. */
bool rota_reads(const char *name, enum reading_class *out);

/* Fills in the kind and what it says, as the database names them: "title", "alias", "word",
 * "zone" or "date_order"; and "named", …, "nothing", "nobody", "away", "zone", "dmy" or "mdy".
 * False for anything else. */
bool rota_decision_says(const char *kind, const char *reads, struct rota_decision *out);

/*
 * Lays ${decisions} over what rota_options() made for ${rota}: they go before what the region file
 * says of the same words, and the later of two before the earlier. One whose person has left the
 * directory, or whose team the rota no longer has, stays in force and gives its words to nobody:
 * what somebody once decided is not silently read in another way.
 */
void rota_options_decide(struct arena *arena, const struct region *region,
    const struct region_rota *rota, struct rota_decisions decisions,
    struct reading_options *options);

/* The window every rota is read over: midnight in ${zone} of yesterday to 400 days after
 * today's. */
void rota_window(const struct zone *zone, int64_t now, int64_t *from, int64_t *until);
