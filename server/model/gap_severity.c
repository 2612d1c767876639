/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/gap_match.h"

/* How urgent a gap is, and when that changes with the time that is left. */

#define HOUR INT64_C(3600)

const char *
gap_severity_name(enum gap_severity severity)
{
	static const char *const names[] = {
	    [GAP_NORMAL] = "normal",
	    [GAP_HIGH] = "high",
	    [GAP_CRITICAL] = "critical",
	};

	return names[severity];
}

enum gap_severity
gap_severity_named(const char *name)
{
	int severity = GAP_NORMAL;

	/* A severity that is not known reads as the highest: nothing is overlooked by it. */
	while (name != NULL && severity < GAP_CRITICAL &&
	       strcmp(name, gap_severity_name((enum gap_severity)severity)) != 0)
		severity++;
	return (enum gap_severity)severity;
}

/* An unknown state is never critical: that somebody may be on, and only their calendar is late,
 * must not wake people as if it were known that nobody is. */
enum gap_severity
gap_severity_of(struct region_severity bands, enum cover_state state, int64_t lead_seconds)
{
	if (lead_seconds < bands.critical_hours * HOUR)
		return state == COVER_UNKNOWN ? GAP_HIGH : GAP_CRITICAL;
	return lead_seconds < bands.high_hours * HOUR ? GAP_HIGH : GAP_NORMAL;
}

/* Severity compares with <, so the band begins one second after exactly ${hours} are left. */
int64_t
gap_below(int64_t start, int32_t hours)
{
	return start - hours * HOUR + 1;
}

/* An alert of 0 hours means the start itself and not the second after it. */
int64_t
gap_alert_at(const struct region_alert *alert, int64_t start)
{
	return alert->lead_hours == 0 ? start : gap_below(start, alert->lead_hours);
}

/* Acknowledged as less severe than it is now: it awaits somebody again. */
bool
gap_awaits(bool acknowledged, enum gap_severity as, enum gap_severity severity)
{
	return !acknowledged || severity > as;
}

struct gap_policy
gap_policy_of(const struct region_requirement *requirement)
{
	return (struct gap_policy){
	    .tolerance = (int64_t)requirement->tolerance_minutes * 60,
	    .severity = requirement->severity,
	    .alerts = requirement->alerts,
	    .nalerts = requirement->nalerts,
	};
}
