/* SPDX-License-Identifier: MIT */
#include "calendars/occurrence_class.h"

#include <string.h>

#include "calendars/asides.h"
#include "calendars/roster/roster_text.h"

#define DAY ((int64_t)86400)
#define MINUTE 60

const struct zone *
occurrence_zone(const struct titles *titles, const struct instance *instance)
{
	const struct when *start = &instance->event->start;

	/* people who write "17-21" do not mean UTC */
	return start->kind == WHEN_UTC ? titles->options->zone : start->zone;
}

/* The only person whom ${name}, as an invitation writes it, can mean; NULL if it fits none or
 * several. */
static const char *
who_is(struct titles *titles, const char *name)
{
	const struct title *title = title_read(titles, roster_name_in_order(titles->arena, name));
	const struct title_part *only = &title->parts[0];

	return title->nparts == 1 && only->class == READING_NAMED ? only->person : NULL;
}

/* Whether ${person} may have declined. An invitation does not always say who declined: then anybody
 * may have. */
static bool
may_have_declined(struct titles *titles, const struct event *event, const char *person)
{
	const struct scan_part *scanned = event->scanned;

	for (size_t i = 0; scanned != NULL && i < scanned->declined.count; i++) {
		const char *who = who_is(titles, scanned->declined.items[i]);

		if (who == NULL || strcmp(who, person) == 0)
			return true;
	}
	return false;
}

/* What contradicts the shift beside its title, as a fault; FAULT_NONE: nothing. In ${what}: where
 * it stands. */
static enum fault
fault_beside(struct titles *titles, const struct event *event, const char **what)
{
	if (event->proposal)
		return FAULT_PROPOSAL;
	*what = event->scanned != NULL ? aside_against(titles, event->scanned) : NULL;
	if (*what != NULL)
		return FAULT_ASIDE;
	*what = event->calendar != NULL ? event->calendar : "";
	return !titles->options->absences &&
		       aside_calendar_is_against(titles, event->calendar, event->calendar_note)
		   ? FAULT_CALENDAR_NAME
		   : FAULT_NONE;
}

/* A named person or team that something beside the title takes away is undecided. Leave and emptiness
 * take nothing that is there. */
static enum reading_class
class_beside(struct titles *titles, struct faults *faults, const struct event *event,
    enum reading_class class)
{
	const char *what = NULL;
	enum fault fault;

	if (class != READING_NAMED && class != READING_TEAM)
		return class;
	fault = fault_beside(titles, event, &what);
	if (fault != FAULT_NONE)
		fault_note(faults, fault, FAULT_EVENT(event->uid, event->line), what, NULL);
	else if (!event->rival && !event->two_ends)
		return class;
	return class == READING_NAMED ? READING_TENTATIVE : READING_UNDECIDED;
}

enum reading_class
occurrence_class(struct titles *titles, struct faults *faults, const struct instance *instance,
    const struct title_part *part)
{
	const struct event *event = instance->event;
	bool tentative = event->status == EVENT_TENTATIVE && !titles->options->tentative_counts;

	/* A doubt about time or version weighs like a doubt about the person. */
	tentative = tentative || instance->doubt;
	/* PARTSTAT=DECLINED (RFC 5545 3.2.12): the event still stands in the organiser's calendar
	 * when the person has said no. */
	if (part->class == READING_NAMED && may_have_declined(titles, event, part->person)) {
		fault_note(
		    faults, FAULT_DECLINED, FAULT_EVENT(event->uid, event->line), NULL, NULL);
		return READING_TENTATIVE;
	}
	if (!tentative && !event->away)
		return class_beside(titles, faults, event, part->class);
	/* An absence that is only tentative must not take anybody off duty; "out of office" on an
	 * absence confirms it. */
	if (part->class == READING_NAMED || (part->class == READING_ABSENCE && tentative))
		return READING_TENTATIVE;
	return part->class == READING_TEAM ? READING_UNDECIDED : part->class;
}

/* Reasons against somebody who is named hold against a team, too, but not against leave or
 * emptiness: these take nothing that is there. Only hours that are not known may be of any part. */
static void
leave_open(struct title_part *part, enum fault fault)
{
	if (part->class == READING_NAMED)
		part->class = READING_TENTATIVE;
	else if (part->class == READING_TEAM ||
		 (fault == FAULT_TITLE_TIMES && part->class != READING_TENTATIVE)) {
		part->class = READING_UNDECIDED;
		part->person = part->team = NULL;
	}
}

void
occurrence_by_title(struct titles *titles, struct faults *faults, const struct instance *instance,
    const struct title *title, struct title_part *part)
{
	const struct event *event = instance->event;
	const struct zone *zone = occurrence_zone(titles, instance);
	struct title_when when = title->when;
	enum reading_class before = part->class;
	enum fault fault;

	/* By the wall clock: a night of 12 hours is no longer on the night on which the clocks go
	 * back. */
	if (part->span != TITLE_WHOLE)
		when = (struct title_when){.days = title->when.days};
	fault = title_when_fault(
	    &when, zone_local(zone, instance->start), zone_local(zone, instance->end));
	if (fault == FAULT_NONE)
		return;
	leave_open(part, fault);
	if (part->class != before)
		fault_note(faults, fault, FAULT_EVENT(event->uid, event->line),
		    fault == FAULT_TITLE_TIMES
			? title->summary
			: arena_printf(titles->arena, "%d", title->when.most_hours),
		    NULL);
}

void
occurrence_whole_days(const struct titles *titles, struct faults *faults, struct instance *instance)
{
	const struct event *event = instance->event;
	const struct zone *zone = occurrence_zone(titles, instance);

	if (event->start.kind == WHEN_DATE || zone_local(zone, instance->start) % DAY != MINUTE ||
	    zone_local(zone, instance->end) % DAY != 0)
		return;
	instance->start -= MINUTE;
	fault_note(faults, FAULT_LEAVE_DAY, FAULT_EVENT(event->uid, event->line),
	    "begins at 00:01 and ends at midnight", NULL);
}
