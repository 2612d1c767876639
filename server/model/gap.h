/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/instant.h"
#include "server/model/region.h"
#include "server/model/sweep.h"

/*
 * Holes with an identity. From the spans of one demand and the gaps that are open for it, what must
 * be written: which opened, changed, started, closed. Pure; ids of new gaps are given by the
 * database.
 */

enum gap_severity { GAP_NORMAL, GAP_HIGH, GAP_CRITICAL };
const char *gap_severity_name(enum gap_severity severity);

/* GAP_NORMAL for NULL; for a name that is none of ours the loudest, GAP_CRITICAL. */
enum gap_severity gap_severity_named(const char *name);

/* By lead time: critical below ${bands}' critical_hours (and while it runs), high below their
 * high_hours, else normal. Unknown is at most high. */
enum gap_severity gap_severity_of(
    struct region_severity bands, enum cover_state state, int64_t lead_seconds);

/* The instant at which ${alert} is due for a gap that starts at ${start}: in the same second as a
 * severity of as many hours. */
int64_t gap_alert_at(const struct region_alert *alert, int64_t start);

/* A hole: a maximal run of one uncovered state. Time outside the requirement's hours does not end a
 * hole whose cause is the source itself (no source, source unknown, never read, past horizon): one
 * dead source is one hole, not one each day. */
struct gap_hole {
	int64_t start, end;
	enum cover_state state;
	enum cover_cause cause;     /* the most telling of its spans */
	int32_t present, required;  /* the least present of its spans */
	const char *group;          /* gap_blame; NULL: this hole stands for itself */
	const struct gap_run *runs; /* of known emptiness: gap_blame. gap_match names its group */
	size_t nruns;
};

/* A rota that has nobody on: from the end of its last confirmed shift before a hole (INSTANT_NEVER:
 * none is known) to the start of its next (INSTANT_END: none is known). */
struct gap_run {
	const char *rota;
	int64_t start, end;
};
struct gap_holes {
	const struct gap_hole *items;
	size_t count;
};
struct gap_holes gap_find(struct arena *arena, struct cover_spans spans);

/* A rota that supplies the demand. */
struct gap_rota {
	const char *id;
	int32_t tier;
	struct sweep_rota sweep;
};
struct gap_rotas {
	const struct gap_rota *items;
	size_t count;
};

/*
 * The same holes with what they are grouped by. A hole that is unknown is the doing of one source,
 * and one source may make many: they are one matter, "<rota>.<cause>". Of several rotas that could
 * be the reason the first is named.
 *
 * Where it is known that nobody is on (a gap, silent or nobody), a rota was not filled in: the
 * holes of one run of it are one matter. ${runs} are those of the rotas of the lowest tier that say
 * nobody there, then those of the lowest tier that has a say at all, each time the one that stays
 * empty longest first. Other holes stand for themselves.
 */
struct gap_holes gap_blame(struct arena *arena, struct gap_holes holes, struct gap_rotas rotas);

/* An open gap as the database has it, or one that was filled less than GAP_REOPEN_SECONDS ago. */
#define GAP_REOPEN_SECONDS INT64_C(600)
struct gap {
	const char *id;
	int64_t start, end;
	enum cover_state state;
	enum cover_cause cause;
	int32_t present, required;
	enum gap_severity severity;
	bool started; /* its start has passed: the started flag was due already */
	bool told;    /* it was announced (longer than the tolerance) */
	const char *group;
	int32_t rung;      /* so many alerts of the ladder are behind it */
	bool acknowledged; /* by somebody, when it was ${acknowledged_as} */
	enum gap_severity acknowledged_as;
	int64_t closed_at;   /* 0: it is open */
	bool closing_held;   /* closed, and nobody was told so yet */
	int64_t quiet_until; /* it was announced twice within the hour that ends then; 0: no */
};

/* What a requirement says of its gaps. */
struct gap_policy {
	int64_t tolerance; /* seconds */
	struct region_severity severity;
	const struct region_alert *alerts;
	uint32_t nalerts;
};
struct gap_policy gap_policy_of(const struct region_requirement *requirement);

/* How long an acknowledgement holds, unless the gap becomes worse by a band before. */
#define GAP_ACKNOWLEDGED_SECONDS (INT64_C(7) * 86400)

/* Whether somebody must still say that the gap is taken on: nobody has, or it has become worse by
 * a band since. */
bool gap_awaits(bool acknowledged, enum gap_severity as, enum gap_severity severity);

enum gap_act { GAP_OPEN, GAP_CHANGE, GAP_REOPEN, GAP_CLOSE };
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
	int32_t rung;
	bool passed;        /* GAP_CLOSE: the end it had has come, nobody filled it */
	bool held;          /* GAP_CLOSE: told later, unless it opens again */
	bool follows;       /* GAP_OPEN: it came with the window's far edge, and its run is a matter
			       already: no news of that matter */
	enum gap_flag flag; /* what subscribers are told, if anything */
};
struct gap_steps {
	const struct gap_step *items;
	size_t count;
	int64_t next; /* the next instant at which time alone changes something here; INSTANT_END:
			 never */
};

/* An end this near to the window's far edge that moves later is taken for the edge itself, which
 * moves with the clock. */
#define GAP_EDGE_SECONDS INT64_C(172800) /* 2 days */

/*
 * ${gaps} are the open gaps of the demand and those filled lately, in any order. A hole is the same
 * gap as the open one it overlaps most (ties: the one that starts first); each open gap continues
 * as at most one hole. A hole that is none of these is the gap filled lately that it overlaps most,
 * if its cause is the same: that gap opens again. A hole that began before the window keeps the
 * start it had. Open gaps that begin behind the window are left alone.
 *
 * What is told: opened once it is longer than ${tolerance} seconds (which hold back the flag, never
 * the row; what was told once stays told); started when its start comes; changed when its start,
 * end, state, cause or severity does, or when the next alert of the ladder is due and it awaits an
 * acknowledgement; closed if it was told. One flag a step: opened before started before changed.
 * Not told: a change of ${present} alone, and an end that moves only because the window's edge
 * moved.
 *
 * A gap that flaps: one that opens again is told as opened again if its closing was told. Once it
 * was announced twice within an hour, its closing is held and told when
 * GAP_REOPEN_SECONDS have gone by without its opening again. So nobody believes it closed while it
 * is not.
 *
 * The group of a hole with runs: the one its gap has, while that is of one of these rotas; else the
 * one of an open gap of the demand in the same run; else "<rota>.empty-<start of the run>", or
 * "<rota>.empty" where nobody knows when it began. So a group keeps its name and its gaps when
 * shifts beside it move, and when some of its nights are filled.
 *
 * Holes that lie wholly in the past of ${now} are nobody's: they open nothing and no gap goes on as
 * one. Steps are in order of start.
 */
struct gap_steps gap_match(struct arena *arena, struct gap_holes holes, const struct gap *gaps,
    size_t ngaps, int64_t now, struct span_time window, const struct gap_policy *policy);
