/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/imports/import_effect.h"
#include "server/base/arena.h"
#include "server/map/snapshot.h"
#include "server/pg/pg.h"

/*
 * Whether an import may be put in force, or undone, without a reason, computed from the map and
 * from the answer to API_IMPORT_JUDGED or API_IMPORT_UNDO_JUDGED: for the page that shows it, for a
 * person who decides, and for the mode if_safe.
 */
enum import_verdict {
	IMPORT_NOTHING_OPENS,
	IMPORT_OPENS,    /* cover would be lost soon: ${why} */
	IMPORT_MAP_LAGS, /* the map lacks a change of the rota: it is not known yet */
	IMPORT_NO_MATTER /* no preview (any more), or of no rota of the region */
};

struct import_question {
	const struct snapshot *map; /* that was asked with */
	int64_t now;
	bool undo;       /* the rows are of API_IMPORT_UNDO_JUDGED */
	int64_t seen_at; /* the instant that ${seen} is to be of */
};

struct import_judged {
	enum import_verdict verdict;
	const char *why; /* in the arena; NULL: it opens nothing soon and disputes nothing */
	/* The input that API_IMPORT_DECIDE compares: which reading of the file was judged, and what
	 * becomes of overrides. */
	int64_t read_us;
	const char **turns;
	size_t nturns;
	/* Unless IMPORT_NO_MATTER: */
	struct import_effect effect;
	struct rota_block *after; /* the rota as it would be; yours */
	const char *seen;
};

/* Adds the arguments of API_IMPORT_JUDGED and API_IMPORT_UNDO_JUDGED. */
void import_judge_ask(struct pg_args *args, int64_t import, const struct snapshot *map);

void import_judge(struct arena *arena, const struct import_question *question,
    const struct pg_rows *rows, struct import_judged *out);
void import_judged_drop(struct import_judged *judged);

/*
 * The effect that somebody has seen, as one word: when, the reading and the overrides, and the gaps
 * that would open. Worked out again later of the same instant (import_seen_at), it says whether
 * that is still what would happen.
 */
#define IMPORT_SEEN_SECONDS (12 * (int64_t)3600) /* after that it must be shown again */
/* False: it is no such word. */
bool import_seen_at(const char *seen, int64_t *at);
/* Whether the two agree. ${gaps}: also on what would open. */
bool import_seen_same(const char *a, const char *b, bool gaps);
