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
 * Gaps: holes with an identity. Compares the spans of one demand with its open gaps and gives the
 * steps to write: which gaps open, change, start or close. Pure; the database gives new gaps their
 * ids.
 */

enum gap_severity { GAP_NORMAL, GAP_HIGH, GAP_CRITICAL };
const char *gap_severity_name(enum gap_severity severity);

/* The severity with this name; GAP_NORMAL for NULL. An unknown name is GAP_CRITICAL, so that
 * nothing becomes less urgent by mistake. */
enum gap_severity gap_severity_named(const char *name);

/* Severity by the time that is left: critical below ${bands}.critical_hours (and while the gap
 * runs), high below high_hours, else normal. An unknown state is at most high. */
enum gap_severity gap_severity_of(
    struct region_severity bands, enum cover_state state, int64_t lead_seconds);

/* The instant at which ${alert} is due for a gap that starts at ${start}: the same second in which
 * a severity of as many hours begins. */
int64_t gap_alert_at(const struct region_alert *alert, int64_t start);

/* A hole: a maximal run of one uncovered state. If the cause is the source itself (no source,
 * source unknown, never read, past horizon), time outside the requirement's hours does not end the
 * hole: one dead source is one hole, not one each day. */
struct gap_hole {
	int64_t start, end;
	enum cover_state state;
	enum cover_cause cause;     /* the first of its spans' in the order of the enum */
	int32_t present, required;  /* of the span with the fewest present */
	const char *group;          /* set by gap_blame(); NULL: the hole is in no group */
	const struct gap_run *runs; /* of known emptiness, set by gap_blame() */
	size_t nruns;
};

/* A time in which a rota has nobody on: from the end of its last confirmed shift before a hole
 * (INSTANT_NEVER: not known) to the start of its next (INSTANT_END: not known). */
struct gap_run {
	const char *rota;
	int64_t start, end;
	const char *group; /* of open gaps of any demand in it; NULL: there are none */
};

/* A time in which there are open gaps that one rota leaves empty, of whatever demand, and their
 * group. */
struct gap_grouped {
	const char *group;
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
	const struct gap_grouped *grouped; /* in the map as it is */
	size_t ngrouped;
};
struct gap_rotas {
	const struct gap_rota *items;
	size_t count;
};

/*
 * Adds to each hole what it is grouped by. An unknown hole is caused by one source, and one source
 * may cause many holes: they are one group, "<rota>.<cause>". If several rotas may be the cause,
 * the first is named.
 *
 * If it is known that nobody is on (a gap, silent or nobody), a rota was not filled in, and the
 * holes of one run of that rota are one group. ${runs} lists the rotas of the lowest tier that say
 * nobody there, then the rotas of the lowest tier that serve at all; in both parts the rota that
 * stays empty longest comes first. All other holes are in no group.
 */
struct gap_holes gap_blame(struct arena *arena, struct gap_holes holes, struct gap_rotas rotas);

/* An open gap as it is in the database, or a gap that was filled less than GAP_REOPEN_SECONDS ago. */
#define GAP_REOPEN_SECONDS INT64_C(600)
struct gap {
	const char *id;
	int64_t start, end;
	enum cover_state state;
	enum cover_cause cause;
	int32_t present, required;
	enum gap_severity severity;
	bool started; /* its start has passed, and the started flag was due */
	bool told;    /* it was announced: it is longer than the tolerance */
	const char *group;
	int32_t alerts_sent; /* number of alerts that have been sent */
	bool acknowledged;   /* acknowledged when its severity was ${acknowledged_as} */
	enum gap_severity acknowledged_as;
	int64_t closed_at;   /* 0: it is open */
	bool closing_held;   /* closed, and the closing has not been announced */
	int64_t quiet_until; /* it was announced twice in the hour that ends then; 0: it was not */
};

/* A requirement's rules about its gaps. */
struct gap_policy {
	int64_t tolerance; /* seconds */
	struct region_severity severity;
	const struct region_alert *alerts;
	uint32_t nalerts;
};
struct gap_policy gap_policy_of(const struct region_requirement *requirement);

/* How long an acknowledgement lasts, unless the gap becomes worse by a band first. */
#define GAP_ACKNOWLEDGED_SECONDS (INT64_C(7) * 86400)

/* How long after the last flag of a group its growth is announced. */
#define GAP_GROUP_QUIET_SECONDS INT64_C(1800)

/* Whether somebody must still acknowledge the gap: nobody has, or it has become worse by a band
 * since. */
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
	struct gap_hole hole; /* as it is now; for GAP_CLOSE as it was */
	enum gap_severity severity;
	bool started, told;
	int32_t alerts_sent;
	bool passed;  /* GAP_CLOSE: its end has come, and nobody filled it */
	bool held;    /* GAP_CLOSE: not announced until it is certain that it does not open again */
	bool follows; /* GAP_OPEN: it came in at the far edge of the window, in a group that has
			 open gaps: nothing new to tell */
	enum gap_flag flag; /* what is announced; GAP_FLAG_NONE: nothing */
};
struct gap_steps {
	const struct gap_step *items;
	size_t count;
	int64_t next; /* the next instant at which something here changes because time passes;
			 INSTANT_END: never */
};

/* An end this close to the window's far edge that moves later is taken for the edge, which moves
 * with the clock. */
#define GAP_EDGE_SECONDS INT64_C(172800) /* 2 days */

/*
 * ${gaps} are the open gaps of the demand and those filled recently, in any order.
 *
 * The gap of a hole: the open gap that it overlaps most (if equal, the one that starts first). Each
 * open gap continues as at most one hole. A hole that is no open gap is the recently filled gap
 * that it overlaps most, if its cause is the same: that gap opens again. A hole that began before
 * the window keeps its gap's start. Open gaps that begin after the window are left alone. Holes
 * wholly before ${now} are ignored: they open nothing, and no gap continues as one of them.
 *
 * These changes are announced: opened, once the gap is longer than the tolerance (which delays the
 * flag and not the row; a gap that was announced stays announced); started, when its start comes;
 * changed, when its start, end, state, cause or severity changes, or when the next alert
 * is due and nobody has acknowledged the gap; closed, if it was announced. One flag for each
 * step: opened before started before changed. Not announced: a change of ${present} alone, and an
 * end that moves only because the window's edge moved.
 *
 * Gaps that flap: a gap that opens again is announced as opened again if its closing was announced.
 * Once it was announced twice within an hour, its closing is held, and announced after
 * GAP_REOPEN_SECONDS without a new opening. So no subscriber believes a gap closed that is open.
 *
 * The group of a hole with runs is the group of its gap if that is of one of these rotas; else the
 * group of an open gap of the demand in the same run; else the group of an open gap of another
 * demand in the same run; else "<rota>.empty-<start of the run>", or "<rota>.empty" if the start is
 * not known. So a group keeps its name and its gaps when shifts beside it move, when some of its
 * nights are filled, and when the shift before the run is older than the window.
 *
 * Steps are ordered by start.
 */
struct gap_asked {
	int64_t now;
	struct span_time window;
	const struct gap_policy *policy;
};
struct gap_steps gap_match(struct arena *arena, struct gap_holes holes, const struct gap *gaps,
    size_t ngaps, const struct gap_asked *asked);
