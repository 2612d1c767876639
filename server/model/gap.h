#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/model/sweep.h"

/*
 * Holes with an identity. From the spans of one demand and the gaps that are open for it, what must
 * be written: which opened, changed, started, closed. Pure; ids of new gaps are given by the
 * database.
 */

enum gap_severity { GAP_NORMAL, GAP_HIGH, GAP_CRITICAL };
const char *gap_severity_name(enum gap_severity severity);

/* By lead time: critical below 24 h (and while it runs), high below 72 h, else normal. Unknown is
 * at most high. */
enum gap_severity gap_severity_of(enum cover_state state, int64_t lead_seconds);

/* A hole: a maximal run of one uncovered state. Time outside the requirement's hours does not end a
 * hole whose cause is the source itself (no source, source unknown, never read, past horizon): one
 * dead source is one hole, not one each day. */
struct gap_hole {
	int64_t start, end;
	enum cover_state state;
	enum cover_cause cause;    /* the most telling of its spans */
	int32_t present, required; /* the least present of its spans */
};
struct gap_holes {
	const struct gap_hole *items;
	size_t count;
};
struct gap_holes gap_find(struct arena *arena, struct cover_spans spans);

/* An open gap as the database has it. */
struct gap {
	const char *id;
	int64_t start, end;
	enum cover_state state;
	enum cover_cause cause;
	int32_t present, required;
	enum gap_severity severity;
	bool started; /* its start has passed: the started flag was due already */
	bool told;    /* it was announced (longer than the tolerance) */
};

enum gap_act { GAP_OPEN, GAP_CHANGE, GAP_CLOSE };
enum gap_flag {
	GAP_FLAG_NONE,
	GAP_FLAG_OPENED,
	GAP_FLAG_CHANGED,
	GAP_FLAG_STARTED,
	GAP_FLAG_CLOSED
};

struct gap_step {
	enum gap_act act;
	const char *id;       /* NULL for GAP_OPEN */
	struct gap_hole hole; /* as it is from now on; for GAP_CLOSE as it was */
	enum gap_severity severity;
	bool started, told;
	bool passed;        /* GAP_CLOSE: the end it had has come, nobody filled it */
	enum gap_flag flag; /* what subscribers are told, if anything */
};
struct gap_steps {
	const struct gap_step *items;
	size_t count;
	int64_t next; /* the next instant at which time alone changes something here; INT64_MAX:
			 never */
};

/* An end this near to the window's far edge that moves later is taken for the edge itself, which
 * moves with the clock. */
#define GAP_EDGE_SECONDS INT64_C(172800) /* 2 days */

/*
 * ${open} are the open gaps of the demand, in any order. A hole is the same gap as the open one it
 * overlaps most (ties: the one that starts first); each open gap continues as at most one hole. A
 * hole that began before the window keeps the start it had. Open gaps that begin behind the window
 * are left alone.
 *
 * What is told: opened once it is longer than ${tolerance} seconds (which hold back the flag, never
 * the row; what was told once stays told); started when its start comes; changed when its start,
 * end, state, cause or severity does; closed if it was told. One flag a step: opened before started
 * before changed. Not told: a change of ${present} alone, and an end that moves only because the
 * window's edge moved.
 *
 * Holes that lie wholly in the past of ${now} are nobody's: they open nothing and no gap goes on as
 * one. Steps are in order of start.
 */
struct gap_steps gap_match(struct arena *arena, struct gap_holes holes, const struct gap *open,
    size_t nopen, int64_t now, struct span_time window, int64_t tolerance);
