#include "calendars/event.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/base/civil.h"

#define DAY ((int64_t)86400)
#define EVENT_MAX_SECONDS (366 * DAY)
#define RULES_MAX 10
#define UID_MAX_BYTES 255
#define LIES_LISTED 50

/* The properties of one event, taken out at once: the library has one cursor a component, and
 * nested loops lose values. */
struct properties {
	icalproperty *start, *end, *duration, *recurrence, *uid, *summary, *stamp, *sequence,
	    *status, *busy;
	VEC(icalproperty *) rdates;
	VEC(icalproperty *) exdates;
	const char *twice;
};

struct reader {
	struct event_context *context;
	struct event *event;
	const struct scan_part *scanned;
	struct properties properties;
	bool failed;
};

int64_t
when_instant(const struct when *when, enum zone_fit *fit)
{
	return zone_instant(when->zone, when->local, fit);
}

int64_t
event_end(const struct event *event, struct lasting lasting, int64_t local, enum zone_fit *fit)
{
	return zone_instant(event->start.zone, local + lasting.wall, fit) + lasting.exact;
}

/* The time that an unreadable event may touch: from its start, if that is known, for as long as an
 * event may last; for ever if it repeats. */
static struct fault_at
reach(const struct reader *r)
{
	const struct event *event = r->event;
	struct fault_at at = FAULT_EVENT(event->uid, event->line);

	if (event->start.kind == WHEN_NONE || event->start.zone == NULL || r->scanned->override)
		return at;
	at.start = when_instant(&event->start, NULL) - DAY;
	at.end = at.start + EVENT_MAX_SECONDS + 2 * DAY;
	if (r->scanned->rules.count > 0 || r->properties.rdates.count > 0)
		at.end = INT64_MAX;
	return at;
}

static void
fail(struct reader *r, enum fault fault, const char *what, const char *more)
{
	if (r->failed)
		return; /* the first reason is the one to mend */
	r->failed = true;
	r->event->unreadable = true;
	fault_note(r->context->faults, fault, reach(r), what, more);
}

static void
warn(struct reader *r, enum fault fault, const char *what, const char *more)
{
	fault_note(
	    r->context->faults, fault, FAULT_EVENT(r->event->uid, r->event->line), what, more);
}

static void
take_one(struct properties *properties, icalproperty **slot, icalproperty *p, const char *name)
{
	if (*slot != NULL)
		properties->twice = name;
	else
		*slot = p;
}

static void
take(struct reader *r, icalproperty *p)
{
	struct properties *all = &r->properties;

	switch (icalproperty_isa(p)) {
	case ICAL_DTSTART_PROPERTY:
		take_one(all, &all->start, p, "a start");
		break;
	case ICAL_DTEND_PROPERTY:
		take_one(all, &all->end, p, "an end");
		break;
	case ICAL_DURATION_PROPERTY:
		take_one(all, &all->duration, p, "a duration");
		break;
	case ICAL_RECURRENCEID_PROPERTY:
		take_one(all, &all->recurrence, p, "a RECURRENCE-ID");
		break;
	case ICAL_UID_PROPERTY:
		all->uid = all->uid != NULL ? all->uid : p;
		break;
	case ICAL_SUMMARY_PROPERTY:
		all->summary = all->summary != NULL ? all->summary : p;
		break;
	case ICAL_DTSTAMP_PROPERTY:
		all->stamp = p;
		break;
	case ICAL_SEQUENCE_PROPERTY:
		all->sequence = p;
		break;
	case ICAL_STATUS_PROPERTY:
		all->status = p;
		break;
	case ICAL_X_PROPERTY:
		all->busy = p;
		break;
	case ICAL_RDATE_PROPERTY:
		*VEC_PUSH(r->context->arena, &all->rdates) = p;
		break;
	case ICAL_EXDATE_PROPERTY:
		*VEC_PUSH(r->context->arena, &all->exdates) = p;
		break;
	default:
		break;
	}
}

static void
take_all(struct reader *r, icalcomponent *vevent)
{
	icalproperty *p;

	for (p = icalcomponent_get_first_property(vevent, ICAL_ANY_PROPERTY); p != NULL;
	     p = icalcomponent_get_next_property(vevent, ICAL_ANY_PROPERTY))
		take(r, p);
}

static const char *
tzid_of(icalproperty *p)
{
	icalparameter *parameter = icalproperty_get_first_parameter(p, ICAL_TZID_PARAMETER);

	return parameter != NULL ? icalparameter_get_tzid(parameter) : NULL;
}

static void
note_lie(struct reader *r, const char *tzid)
{
	if (++r->context->listed_lies <= LIES_LISTED)
		warn(r, FAULT_ZONE_LIES, tzid, NULL);
}

/* The zone that a TZID names; NULL after failing the event. */
static const struct zone *
named_zone(struct reader *r, const char *tzid)
{
	const struct zone_found *found = zones_find(r->context->zones, tzid);

	if (found->zone == NULL) {
		const char *name = arena_strdup(r->context->arena, tzid);

		if (found->unsafe != NULL)
			fail(r, FAULT_ZONE_UNSAFE, name, found->unsafe);
		else
			fail(r, FAULT_ZONE_UNKNOWN, name, NULL);
	} else if (found->lies)
		note_lie(r, arena_strdup(r->context->arena, tzid));
	return found->zone;
}

/* A time in ${tzid} (NULL: none), floating times in ${floating}. False after failing the event. */
static bool
read_when(struct reader *r, struct icaltimetype time, const char *tzid, const struct zone *floating,
    struct when *out)
{
	struct civil c = {time.year, time.month, time.day, time.hour, time.minute, time.second};
	struct when when;

	if (time.is_date)
		c.hour = c.minute = c.second = 0;
	if (icaltime_is_null_time(time) || !civil_valid(&c)) {
		fail(r, FAULT_IMPOSSIBLE_DATE,
		    arena_printf(r->context->arena, "%02d/%02d/%04d %02d:%02d", c.day, c.month,
			c.year, c.hour, c.minute),
		    NULL);
		return false;
	}
	when = (struct when){WHEN_LOCAL, civil_seconds(&c), floating};
	if (time.is_date) {
		when.kind = WHEN_DATE;
		when.zone = r->context->days;
	} else if (icaltime_is_utc(time)) {
		when.kind = WHEN_UTC;
		when.zone = zone_utc();
	} else if (tzid != NULL)
		when.zone = named_zone(r, tzid);
	if (when.zone == NULL)
		return false;
	*out = when;
	return true;
}

static uint64_t
hash_text(uint64_t hash, const char *text)
{
	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3U;
	return hash;
}

/* An event without a UID gets one from its content, so that it has the same one tomorrow. One that
 * is too long is cut, with the whole of it in a checksum behind. */
static const char *
make_uid(struct reader *r, const char *uid)
{
	struct properties *all = &r->properties;
	uint64_t hash = 0xcbf29ce484222325U;

	if (uid != NULL && strlen(uid) <= UID_MAX_BYTES)
		return arena_strdup(r->context->arena, uid);
	if (uid != NULL) {
		int cut = UID_MAX_BYTES - 20;

		while (((unsigned char)uid[cut] & 0xc0) == 0x80)
			cut--;
		return arena_printf(r->context->arena, "%.*s~%016llx", cut, uid,
		    (unsigned long long)hash_text(hash, uid));
	}
	hash = hash_text(hash, r->event->summary);
	if (all->start != NULL) {
		struct icaltimetype t = icalproperty_get_dtstart(all->start);

		hash = hash_text(hash, arena_printf(r->context->arena, "%d.%d.%d.%d.%d", t.year,
					   t.month, t.day, t.hour, t.minute));
	}
	return arena_printf(r->context->arena, "made-%016llx", (unsigned long long)hash);
}

static const char *
value_text(struct reader *r, const char *text)
{
	return arena_strdup(r->context->arena, text != NULL ? text : "");
}

static void
read_status(struct reader *r)
{
	struct properties *all = &r->properties;
	enum icalproperty_status status =
	    all->status != NULL ? icalproperty_get_status(all->status) : ICAL_STATUS_NONE;
	const char *busy = all->busy != NULL ? icalproperty_get_x(all->busy) : NULL;

	if (status == ICAL_STATUS_CONFIRMED)
		r->event->status = EVENT_CONFIRMED;
	if (status == ICAL_STATUS_TENTATIVE || (busy != NULL && strcasecmp(busy, "TENTATIVE") == 0))
		r->event->status = EVENT_TENTATIVE;
	if (status == ICAL_STATUS_CANCELLED || r->context->cancelled)
		r->event->status = EVENT_CANCELLED;
	r->event->away = busy != NULL && strcasecmp(busy, "OOF") == 0;
}

static void
read_identity(struct reader *r)
{
	struct properties *all = &r->properties;
	struct event *event = r->event;
	struct icaltimetype stamp;
	struct civil c;

	event->summary =
	    value_text(r, all->summary != NULL ? icalproperty_get_summary(all->summary) : NULL);
	event->uid = make_uid(r, all->uid != NULL ? icalproperty_get_uid(all->uid) : NULL);
	event->sequence = all->sequence != NULL ? icalproperty_get_sequence(all->sequence) : 0;
	event->dtstamp = INT64_MIN;
	if (all->stamp != NULL) {
		stamp = icalproperty_get_dtstamp(all->stamp);
		c = (struct civil){
		    stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second};
		if (civil_valid(&c))
			event->dtstamp = civil_seconds(&c);
	}
}

static struct lasting
lasting_of(struct icaldurationtype d)
{
	int64_t sign = d.is_neg ? -1 : 1;

	return (struct lasting){.wall = sign * ((int64_t)d.weeks * 7 + d.days) * DAY,
	    .exact = sign * ((int64_t)d.hours * 3600 + (int64_t)d.minutes * 60 + d.seconds)};
}

static void
read_duration(struct reader *r)
{
	struct event *event = r->event;

	event->lasting = lasting_of(icalproperty_get_duration(r->properties.duration));
	if (event->start.kind == WHEN_DATE) {
		if (event->lasting.exact % DAY != 0) {
			fail(r, FAULT_MIXED_DATES, "a day, and a duration in hours", NULL);
			return;
		}
		event->lasting.wall += event->lasting.exact; /* PT24H of a whole day is that day */
		event->lasting.exact = 0;
	}
}

static void
read_end(struct reader *r)
{
	struct event *event = r->event;
	struct when end;
	icalproperty *p = r->properties.end;

	if (!read_when(r, icalproperty_get_dtend(p), tzid_of(p), event->start.zone, &end))
		return;
	if ((end.kind == WHEN_DATE) != (event->start.kind == WHEN_DATE)) {
		fail(r, FAULT_MIXED_DATES,
		    end.kind == WHEN_DATE ? "its end is a day" : "its start is a day", NULL);
		return;
	}
	event->first_end = when_instant(&end, NULL);
	if (end.zone != event->start.zone)
		end.local = zone_local(event->start.zone, event->first_end);
	event->lasting = (struct lasting){.wall = end.local - event->start.local};
	if (event->start.kind == WHEN_DATE && event->lasting.wall == 0) {
		event->lasting.wall = DAY;
		warn(r, FAULT_SAME_DAY_END, NULL, NULL);
	}
}

/* RFC 5545 3.6.1 allows one of them only. Programs that write both read the end. */
static void
compare_with_duration(struct reader *r)
{
	struct event *event = r->event;
	struct lasting lasting = lasting_of(icalproperty_get_duration(r->properties.duration));

	if (event_end(event, lasting, event->start.local, NULL) != event->first_end)
		warn(r, FAULT_END_AND_DURATION, NULL, NULL);
}

static void
read_length(struct reader *r)
{
	struct event *event = r->event;
	struct properties *all = &r->properties;
	int64_t start = when_instant(&event->start, NULL);
	int64_t total;

	event->first_end = INT64_MIN;
	if (all->end != NULL) {
		read_end(r);
		if (!r->failed && all->duration != NULL)
			compare_with_duration(r);
	} else if (all->duration != NULL)
		read_duration(r);
	else if (event->start.kind == WHEN_DATE)
		event->lasting.wall = DAY;
	if (r->failed)
		return;
	total = event->lasting.wall + event->lasting.exact;
	if (event->first_end == INT64_MIN || event->start.kind == WHEN_DATE)
		event->first_end = total > EVENT_MAX_SECONDS
				       ? start + total
				       : event_end(event, event->lasting, event->start.local, NULL);
	if (total < 0 || (event->first_end < start && total != 0))
		fail(r, FAULT_END_BEFORE_START, NULL, NULL);
	else if (total > EVENT_MAX_SECONDS)
		fail(r, FAULT_TOO_LONG_EVENT, NULL, NULL);
}

static void
read_start(struct reader *r)
{
	icalproperty *p = r->properties.start;
	struct event_context *context = r->context;
	struct when *start = &r->event->start;
	struct when read;

	if (!read_when(r, icalproperty_get_dtstart(p), tzid_of(p), context->floating, &read))
		return;
	*start = read;
	if (start->kind == WHEN_DATE)
		return;
	if (start->kind == WHEN_LOCAL && tzid_of(p) == NULL) {
		context->floated++;
		if (context->floating != context->days)
			warn(r, FAULT_FLOATING_ELSEWHERE, zone_name(context->floating),
			    zone_name(context->days));
	}
	if (context->zone_used == NULL)
		context->zone_used = start->zone;
	context->zones_differ = context->zones_differ || context->zone_used != start->zone;
}

/* Of whole days the day counts as it is written, whatever zone is named beside it, known or not. */
static const char *
tzid_beside_days(struct reader *r, icalproperty *p)
{
	const char *tzid = tzid_of(p);

	if (tzid != NULL && r->event->start.kind == WHEN_DATE &&
	    zones_find(r->context->zones, tzid)->zone == NULL)
		return NULL;
	return tzid;
}

static void
read_recurrence(struct reader *r)
{
	icalproperty *p = r->properties.recurrence;
	const struct zone *floating =
	    r->event->start.zone != NULL ? r->event->start.zone : r->context->floating;
	const char *tzid;
	icalparameter *range;

	if (p == NULL)
		return;
	tzid = tzid_beside_days(r, p);
	if (!read_when(r, icalproperty_get_recurrenceid(p), tzid, floating, &r->event->recurrence))
		return;
	if (tzid == NULL && tzid_of(p) != NULL)
		r->event->recurrence.kind =
		    WHEN_DATE; /* no zone, no instant: the day is all we know */
	range = icalproperty_get_first_parameter(p, ICAL_RANGE_PARAMETER);
	r->event->this_and_future =
	    range != NULL && icalparameter_get_range(range) == ICAL_RANGE_THISANDFUTURE;
}

static void
read_rules(struct reader *r)
{
	struct event *event = r->event;

	if (r->scanned->exrule)
		fail(r, FAULT_EXRULE, NULL, NULL);
	if (r->scanned->rules.count > RULES_MAX)
		fail(r, FAULT_RULE_TOO_MANY, "10", NULL);
	if (event->recurrence.kind != WHEN_NONE && r->scanned->rules.count > 0) {
		warn(r, FAULT_OVERRIDE_RULE, NULL, NULL);
		return;
	}
	for (size_t i = 0; i < r->scanned->rules.count && !r->failed; i++) {
		struct rule rule;
		const char *why = NULL;
		enum fault fault = rule_parse(
		    r->context->arena, slice_of(r->scanned->rules.items[i]), &rule, &why);

		if (fault != FAULT_NONE) {
			fail(r, fault, why, NULL);
			return;
		}
		if (rule.count != 0 && rule.until_kind != RULE_FOREVER)
			warn(r, FAULT_COUNT_AND_UNTIL, NULL, NULL);
		*VEC_PUSH(r->context->arena, &event->rules) = rule;
	}
}

static void
read_rdate(struct reader *r, icalproperty *p)
{
	struct icaldatetimeperiodtype value = icalproperty_get_rdate(p);
	struct rdate rdate = {.has_end = !icalperiodtype_is_null_period(value.period)};
	struct when end;
	const char *tzid = tzid_of(p);
	const struct zone *zone = r->event->start.zone;

	if (!read_when(
		r, rdate.has_end ? value.period.start : value.time, tzid, zone, &rdate.start))
		return;
	if (!rdate.has_end &&
	    (rdate.start.kind == WHEN_DATE) != (r->event->start.kind == WHEN_DATE)) {
		fail(r, FAULT_MIXED_DATES, "an RDATE is of the other kind", NULL);
		return;
	}
	if (rdate.has_end && icaltime_is_null_time(value.period.end))
		rdate.lasting = lasting_of(value.period.duration);
	else if (rdate.has_end) {
		if (!read_when(r, value.period.end, tzid, zone, &end))
			return;
		rdate.lasting.exact = when_instant(&end, NULL) - when_instant(&rdate.start, NULL);
	}
	if (rdate.lasting.wall + rdate.lasting.exact < 0 ||
	    rdate.lasting.wall + rdate.lasting.exact > EVENT_MAX_SECONDS)
		fail(r, FAULT_END_BEFORE_START, NULL, NULL);
	*VEC_PUSH(r->context->arena, &r->event->rdates) = rdate;
}

static void
read_dates(struct reader *r)
{
	struct properties *all = &r->properties;
	bool by_day = false;

	for (size_t i = 0; i < all->rdates.count && !r->failed; i++)
		read_rdate(r, all->rdates.items[i]);
	for (size_t i = 0; i < all->exdates.count && !r->failed; i++) {
		icalproperty *p = all->exdates.items[i];
		struct when when;

		if (!read_when(r, icalproperty_get_exdate(p), tzid_beside_days(r, p),
			r->event->start.zone, &when))
			return;
		by_day = by_day || (when.kind == WHEN_DATE && r->event->start.kind != WHEN_DATE);
		*VEC_PUSH(r->context->arena, &r->event->exdates) = when;
	}
	if (by_day)
		warn(r, FAULT_EXDATE_BY_DAY, NULL, NULL);
}

static void
note_scan(struct reader *r)
{
	for (size_t i = 0; i < r->scanned->junk.count; i++)
		warn(r, FAULT_JUNK_LINE, r->scanned->junk.items[i], NULL);
	if (r->properties.twice != NULL)
		fail(r, FAULT_TWICE, r->properties.twice, NULL);
	if (r->scanned->fault != FAULT_NONE)
		fail(r, r->scanned->fault, r->scanned->what, r->scanned->more);
}

struct event *
event_read(struct event_context *context, icalcomponent *vevent, const struct scan_part *scanned,
    uint32_t order)
{
	struct event *event = arena_alloc(context->arena, sizeof *event);
	struct reader r = {.context = context, .event = event, .scanned = scanned};

	event->scanned = scanned;
	event->is_override = scanned->override;
	event->line = scanned->line;
	event->order = order;
	take_all(&r, vevent);
	read_identity(&r);
	read_status(&r);
	if (r.properties.start != NULL)
		read_start(&r);
	note_scan(&r);
	if (r.properties.start == NULL)
		fail(&r, FAULT_NO_START, NULL, NULL);
	/* Even of an unreadable event: the shift it changes must not stand as it was. */
	read_recurrence(&r);
	if (!r.failed)
		read_length(&r);
	if (!r.failed)
		read_rules(&r);
	if (!r.failed)
		read_dates(&r);
	return event;
}

static bool
same_when(const struct when *a, const struct when *b)
{
	return a->kind == b->kind && a->local == b->local && a->zone == b->zone;
}

static bool
same_lasting(struct lasting a, struct lasting b)
{
	return a.wall == b.wall && a.exact == b.exact;
}

static bool
same_repeating(const struct event *a, const struct event *b)
{
	if (a->scanned->rules.count != b->scanned->rules.count ||
	    a->rdates.count != b->rdates.count || a->exdates.count != b->exdates.count)
		return false;
	for (size_t i = 0; i < a->scanned->rules.count; i++) {
		if (strcmp(a->scanned->rules.items[i], b->scanned->rules.items[i]) != 0)
			return false;
	}
	for (size_t i = 0; i < a->rdates.count; i++) {
		const struct rdate *left = &a->rdates.items[i];
		const struct rdate *right = &b->rdates.items[i];

		if (!same_when(&left->start, &right->start) || left->has_end != right->has_end ||
		    !same_lasting(left->lasting, right->lasting))
			return false;
	}
	for (size_t i = 0; i < a->exdates.count; i++) {
		if (!same_when(&a->exdates.items[i], &b->exdates.items[i]))
			return false;
	}
	return true;
}

bool
event_same(const struct event *a, const struct event *b)
{
	return same_when(&a->start, &b->start) && same_when(&a->recurrence, &b->recurrence) &&
	       same_lasting(a->lasting, b->lasting) && a->first_end == b->first_end &&
	       a->status == b->status && a->away == b->away && a->sequence == b->sequence &&
	       a->this_and_future == b->this_and_future && strcmp(a->summary, b->summary) == 0 &&
	       same_repeating(a, b);
}
