/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "calendars/reading.h"
#include "calendars/titles/lexicon.h"
#include "calendars/titles/people.h"
#include "calendars/titles/title_when.h"
#include "server/base/table.h"

/*
 * What the title of an event says: who is on duty, who is away, or that nobody is. By default
 * nobody counts: a title counts for a person only if every word of it is understood and none casts
 * doubt.
 */
enum title_span {
	TITLE_WHOLE,
	TITLE_BETWEEN,
	TITLE_UNTIL,
	TITLE_FROM,
	TITLE_SHIFT,      /* the hours of one of several shift codes in the title */
	TITLE_ONLY_SHIFT, /* of the only shift code: an event with times keeps its own */
};

struct title_part {
	enum reading_class class;
	const char *person; /* id, or NULL */
	const char *shown;  /* the name as written, or NULL */
	const char *team;
	enum title_span span;
	int from, to; /* minutes of the day, for spans that need them */
};

/* A word or phrase that is not understood. */
struct title_unknown {
	const char *word; /* as written */
	const char *key;  /* equal for the same word in other titles */
};

struct title {
	const char *summary; /* without numbers and without reasons for an absence; may be "" */
	const struct title_part *parts;
	size_t nparts;
	const struct title_unknown *unknown; /* each once */
	size_t nunknown;
	struct title_when when; /* the events that it can be about */
	enum fault warning;     /* to note for each event with this title; FAULT_NONE: nothing */
	const char *warning_word;
};

struct titles {
	struct arena *arena;
	const struct reading_options *options;
	struct lexicon lexicon;
	struct people people, teams;
	struct table index, rules, codes;
	VEC(const struct title *) read;
};

void titles_init(struct titles *titles, struct arena *arena, const struct reading_options *options);

/* Reads ${summary}. Titles are cached. The result lives in the arena. */
const struct title *title_read(struct titles *titles, const char *summary);

/* The key by which two titles are the same for a rule: without telephone numbers, reasons for an
 * absence, case and accents. "" if nothing is left. */
const char *title_key(const struct titles *titles, const char *summary);
