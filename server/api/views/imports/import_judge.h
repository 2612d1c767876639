/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/imports/import_effect.h"
#include "server/base/arena.h"
#include "server/map/snapshot.h"
#include "server/pg/pg.h"

/*
 * Judges whether an import may be put in force, or undone, without a reason. Computed from the map and from the
 * rows of API_IMPORT_JUDGED or API_IMPORT_UNDO_JUDGED, in the same way for the preview, for the decision of a
 * person, and for the mode "if-safe".
 */
enum import_verdict {
	IMPORT_NOTHING_OPENS,
	IMPORT_OPENS,    /* cover would be lost soon: ${why} */
	IMPORT_MAP_LAGS, /* the map lacks a change of the rota: not known yet, ask again */
	IMPORT_NO_MATTER /* it waits for no decision (any more), or its rota is not in the region */
};

struct import_question {
	const struct snapshot *map; /* the one that was given to import_judge_ask() */
	int64_t now;
	bool undo;       /* the rows are of API_IMPORT_UNDO_JUDGED */
	int64_t seen_at; /* the instant for which ${seen} is computed */
};

struct import_judged {
	enum import_verdict verdict;
	const char *why; /* in the arena; NULL: it opens nothing soon and disputes nothing */
	/* What was judged: which reading of the file, and what happens to overrides.
	 * API_IMPORT_DECIDE refuses if it finds another. */
	int64_t read_us;
	const char **turns;
	size_t nturns;
	/* Unless IMPORT_NO_MATTER: */
	struct import_effect effect;
	struct rota_block *after; /* the shifts of the rota as they would be; one reference */
	const char *seen;
};

/* Adds the arguments of API_IMPORT_JUDGED and API_IMPORT_UNDO_JUDGED. */
void import_judge_ask(struct pg_args *args, int64_t import, const struct snapshot *map);

void import_judge(struct arena *arena, const struct import_question *question,
    const struct pg_rows *rows, struct import_judged *out);
void import_judged_drop(struct import_judged *judged);

/*
 * The effect that was shown to a person, as one word: the instant, a hash of the reading and the overrides, and a
 * hash of the gaps that would open. The client sends it back with the decision. If the word computed again for
 * the same instant (import_seen_at) is another, something else would happen than was shown.
 */
#define IMPORT_SEEN_SECONDS (12 * (int64_t)3600) /* after that it must be shown again */
/* False: it is no such word. */
bool import_seen_at(const char *seen, int64_t *at);
/* Whether the two agree. ${gaps}: also on what would open. */
bool import_seen_same(const char *a, const char *b, bool gaps);
