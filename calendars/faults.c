/* SPDX-License-Identifier: MIT */
#include "calendars/faults.h"

#include <string.h>

#include "calendars/fault_words.h"
#include "calendars/latin1.h"
#include "calendars/titles/plain.h"
#include "server/base/instant.h"

#define QUOTED_MAX_BYTES 200
#define LISTED_MAX 500    /* warnings of one kind; the others are counted */
#define FINDINGS_MAX 5000 /* a file with more is not a rota */

/* Appends words from the file. The sentence stays valid UTF-8 and short, whatever bytes they are. */
static void
quote(struct buf *buf, struct arena *arena, const char *words)
{
	if (words == NULL)
		return;
	buf_add_text(buf, plain_cut(arena, latin1_unless_utf8(arena, words), QUOTED_MAX_BYTES));
}

static const char *
fill(struct arena *arena, const char *text, const char *what, const char *more)
{
	struct buf buf = {0};
	const char *place;
	const char *filled;

	/* ${what} fills the first gap and ${more} all later ones. */
	while ((place = strstr(text, "{}")) != NULL) {
		buf_add(&buf, text, (size_t)(place - text));
		quote(&buf, arena, what);
		what = more;
		text = place + 2;
	}
	buf_add_text(&buf, text);
	filled = arena_strndup(arena, buf.at, buf.len);
	buf_free(&buf);
	return filled;
}

/* An unreadable event of last year hides no shift that anybody asks for. */
static bool
outside_window(const struct faults *faults, struct fault_at at)
{
	return at.start != INSTANT_NONE && (at.start >= faults->until || at.end <= faults->from);
}

static void
add(struct faults *faults, enum fault fault, struct fault_at at, const char *what, const char *more)
{
	const struct fault_words *w = fault_words(fault);

	*VEC_PUSH(faults->arena, &faults->findings) = (struct reading_finding){.level = w->level,
	    .uid = at.uid,
	    .line = at.line,
	    .text = fill(faults->arena, w->text, what, more),
	    .remedy = w->remedy,
	    .start = at.start,
	    .end = at.end,
	    .blinds = w->level == FINDING_UNREADABLE && !outside_window(faults, at)};
}

void
fault_note(
    struct faults *faults, enum fault fault, struct fault_at at, const char *what, const char *more)
{
	enum finding_level level = fault_words(fault)->level;

	/* Both are INSTANT_NONE, or a reach that came out empty. */
	if (at.start >= at.end)
		at.start = at.end = INSTANT_NONE;
	/* Counted before the limit, so that fault_finish() knows how many were not listed. */
	faults->seen[fault]++;
	/* Only warnings are counted instead of listed: each unreadable event makes a time unknown,
	 * and must be there. */
	if (level == FINDING_WARNING && faults->seen[fault] > LISTED_MAX)
		return;
	if (level == FINDING_REFUSED) {
		if (faults->refused)
			return; /* the first reason is the one to fix */
		faults->refused = true;
	}
	add(faults, fault, at, what, more);
	if (!faults->refused && faults->findings.count > FINDINGS_MAX)
		fault_note(faults, FAULT_TOO_MANY_FAULTS, FAULT_ANYWHERE,
		    arena_printf(faults->arena, "%d", FINDINGS_MAX), NULL);
}

void
fault_finish(struct faults *faults)
{
	for (int fault = 0; fault < FAULTS; fault++) {
		const struct fault_words *words = fault_words((enum fault)fault);

		if (words->level != FINDING_WARNING || faults->seen[fault] <= LISTED_MAX)
			continue;
		/* No place and no words: it stands for many. */
		add(faults, FAULT_MORE, FAULT_ANYWHERE,
		    arena_printf(faults->arena, "%u", faults->seen[fault] - LISTED_MAX),
		    fill(faults->arena, words->text, "…", "…"));
	}
}
