/* SPDX-License-Identifier: MIT */
#include "calendars/event_reader.h"
#include "server/base/civil.h"

#define RULES_MAX 10

/* A date of a whole day counts as it is written, so its TZID is ignored, known or not. */
static const char *
tzid_beside_days(struct event_reader *r, icalproperty *p)
{
	const char *tzid = event_tzid(p);

	if (tzid != NULL && r->event->start.kind == WHEN_DATE &&
	    zones_find(r->context->zones, tzid)->zone == NULL)
		return NULL;
	return tzid;
}

void
event_read_recurrence(struct event_reader *r)
{
	icalproperty *p = r->properties.recurrence;
	const struct zone *floating =
	    /* A floating RECURRENCE-ID is in the zone of its event; an event whose own start is
	     * unreadable has none. */
	    r->event->start.zone != NULL ? r->event->start.zone : r->context->floating;
	const char *tzid;

	if (p == NULL)
		return;
	tzid = tzid_beside_days(r, p);
	if (!event_when(r, icalproperty_get_recurrenceid(p), tzid, floating, &r->event->recurrence))
		return;
	if (tzid == NULL && event_tzid(p) != NULL)
		r->event->recurrence.kind =
		    WHEN_DATE; /* without a zone there is no instant: only the day is known */
	/* Only THISANDFUTURE is left by the scan. */
	r->event->this_and_future =
	    icalproperty_get_first_parameter(p, ICAL_RANGE_PARAMETER) != NULL;
}

/* UNTIL of whole days that were written as times: the day on which it falls. */
static void
end_by_day(const struct event *event, struct rule *rule)
{
	struct when until = {WHEN_UTC, rule->until, zone_utc()};

	if (event->midnights == NULL || rule->until_kind != RULE_UNTIL_UTC)
		return;
	rule->until = event_as_day(event, until).local;
	rule->until_kind = RULE_UNTIL_DATE;
}

/* Whether ${rule} ends before the start of ${event}, by the clock in which its end is given. */
static bool
ends_before(const struct event *event, const struct rule *rule)
{
	bool days = event->start.kind == WHEN_DATE;

	switch (rule->until_kind) {
	case RULE_FOREVER:
		break;
	case RULE_UNTIL_UTC:
		return days ? civil_day_of(rule->until) < civil_day_of(event->start.local)
			    : rule->until < when_instant(&event->start, NULL);
	case RULE_UNTIL_LOCAL:
		return rule->until < event->start.local;
	case RULE_UNTIL_DATE:
		return civil_day_of(rule->until) < civil_day_of(event->start.local);
	}
	return false;
}

void
event_read_rules(struct event_reader *r)
{
	struct event *event = r->event;

	/* Each of the following makes the event unreadable: a series that is laid out without
	 * one of its rules has shifts in wrong places, and a shift in a wrong place is a false
	 * cover. */
	if (r->scanned->exrule)
		event_fail(r, FAULT_EXRULE, NULL, NULL);
	if (r->scanned->rules.count > RULES_MAX)
		event_fail(r, FAULT_RULE_TOO_MANY, "10", NULL);
	if (event->recurrence.kind != WHEN_NONE && !event->this_and_future &&
	    r->scanned->rules.count > 0) {
		event_warn(r, FAULT_OVERRIDE_RULE, NULL, NULL);
		return;
	}
	for (size_t i = 0; i < r->scanned->rules.count && !r->failed; i++) {
		struct rule rule;
		const char *why = NULL;
		enum fault fault = rule_parse(
		    r->context->arena, slice_of(r->scanned->rules.items[i]), &rule, &why);

		if (fault != FAULT_NONE) {
			event_fail(r, fault, why, NULL);
			return;
		}
		if (rule.count != 0 && rule.until_kind != RULE_FOREVER)
			event_warn(r, FAULT_COUNT_AND_UNTIL, NULL, NULL);
		/* Programs differ in where COUNT begins here: at this change, or at the start of
		 * the series. */
		if (rule.count != 0 && event->this_and_future)
			event_fail(r, FAULT_RANGE_COUNT, NULL, NULL);
		end_by_day(event, &rule);
		if (ends_before(event, &rule)) {
			event->ended = true;
			event_warn(r, FAULT_ENDED, NULL, NULL);
		}
		*VEC_PUSH(r->context->arena, &event->rules) = rule;
	}
}

/* As event_days.c does for an event that has an end. */
static void
correct_period(struct event_reader *r, struct rdate *rdate)
{
	int64_t end =
	    zone_instant(rdate->start.zone, rdate->start.local + rdate->lasting.wall, NULL) +
	    rdate->lasting.exact;
	int64_t more = event_to_midnight(r->context, rdate->start.kind, rdate->start.zone, end);

	if (more == 0 || rdate->lasting.wall + rdate->lasting.exact <= 0)
		return;
	rdate->lasting.exact += more;
	event_warn(r, FAULT_ENDS_2359, NULL, NULL);
}

static void
read_rdate(struct event_reader *r, icalproperty *p)
{
	struct icaldatetimeperiodtype value = icalproperty_get_rdate(p);
	struct rdate rdate = {.has_end = !icalperiodtype_is_null_period(value.period)};
	struct when end;
	const char *tzid = event_tzid(p);
	const struct zone *zone = r->event->start.zone;

	if (!event_when(
		r, rdate.has_end ? value.period.start : value.time, tzid, zone, &rdate.start))
		return;
	if (!rdate.has_end)
		rdate.start = event_as_day(r->event, rdate.start);
	if (!rdate.has_end &&
	    (rdate.start.kind == WHEN_DATE) != (r->event->start.kind == WHEN_DATE)) {
		event_fail(r, FAULT_MIXED_DATES, "an RDATE is of the other kind", NULL);
		return;
	}
	if (rdate.has_end && icaltime_is_null_time(value.period.end))
		rdate.lasting = event_lasting(value.period.duration);
	else if (rdate.has_end) {
		if (!event_when(r, value.period.end, tzid, zone, &end))
			return;
		/* A PERIOD has an exact end (RFC 5545 3.3.9), so it lasts exactly as long, whatever
		 * the clocks do within it. */
		rdate.lasting.exact = when_instant(&end, NULL) - when_instant(&rdate.start, NULL);
	}
	/* The scan takes no PERIOD of whole days. */
	if (rdate.has_end)
		correct_period(r, &rdate);
	if (rdate.lasting.wall + rdate.lasting.exact < 0)
		event_fail(r, FAULT_END_BEFORE_START, NULL, NULL);
	if (rdate.lasting.wall + rdate.lasting.exact > EVENT_MAX_SECONDS)
		event_fail(r, FAULT_TOO_LONG_EVENT, NULL, NULL);
	*VEC_PUSH(r->context->arena, &r->event->rdates) = rdate;
}

void
event_read_dates(struct event_reader *r)
{
	struct event_properties *all = &r->properties;
	bool by_day = false;

	for (size_t i = 0; i < all->rdates.count && !r->failed; i++)
		read_rdate(r, all->rdates.items[i]);
	for (size_t i = 0; i < all->exdates.count && !r->failed; i++) {
		icalproperty *p = all->exdates.items[i];
		struct when when;
		/* Read the value itself. icalproperty_get_exdate() resolves a vendor's TZID by
		 * opening zone files, which a sealed process cannot, and then crashes. */
		struct icaltimetype value = icalvalue_get_datetimedate(icalproperty_get_value(p));

		if (!event_when(r, value, tzid_beside_days(r, p), r->event->start.zone, &when))
			return;
		when = event_as_day(r->event, when);
		/* Programs write EXDATE;VALUE=DATE for a series of times. It excludes whatever
		 * shift starts on that day. */
		by_day = by_day || (when.kind == WHEN_DATE && r->event->start.kind != WHEN_DATE);
		*VEC_PUSH(r->context->arena, &r->event->exdates) = when;
	}
	if (by_day)
		event_warn(r, FAULT_EXDATE_BY_DAY, NULL, NULL);
}
