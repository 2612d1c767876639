/* SPDX-License-Identifier: MIT */
#include "calendars/version_mark.h"

#include "server/base/fatal.h"
#include "server/base/hash.h"
#include "server/base/instant.h"

static uint64_t
add_number(uint64_t hash, int64_t value)
{
	return hash_bytes(hash, &value, sizeof value);
}

static uint64_t
add_when(uint64_t hash, const struct when *when)
{
	hash = add_number(hash, when->kind);
	hash = add_number(hash, when->local);
	return hash_string(hash, when->zone != NULL ? zone_name(when->zone) : "");
}

static uint64_t
add_lasting(uint64_t hash, struct lasting lasting)
{
	return add_number(add_number(hash, lasting.wall), lasting.exact);
}

/* Rules as they are written: a publisher who spells a rule otherwise has made a new version. */
static uint64_t
add_repeating(uint64_t hash, const struct event *event)
{
	const struct rdate *rdate;
	const struct when *exdate;

	for (size_t i = 0; i < event->scanned->rules.count; i++)
		hash = hash_string(hash, event->scanned->rules.items[i]);
	VEC_EACH (rdate, &event->rdates) {
		hash = add_when(hash, &rdate->start);
		hash = add_lasting(add_number(hash, rdate->has_end), rdate->lasting);
	}
	VEC_EACH (exdate, &event->exdates)
		hash = add_when(hash, exdate);
	return hash;
}

/* The instant that the keys of ${event}'s occurrences hold. */
static int64_t
instance_of(const struct event *event)
{
	if (event->is_override)
		return when_instant(&event->recurrence, NULL);
	return event->shares_uid && event->rules.count + event->rdates.count == 0
		   ? when_instant(&event->start, NULL)
		   : INSTANT_NONE;
}

/* From when on ${event} decides about its keys. If two series share a UID, it is not known of which
 * of them a shift was. */
static int64_t
speaks_from(const struct event *event)
{
	if (event->is_override)
		return INSTANT_NONE;
	if (event->rules.count + event->rdates.count == 0)
		return INSTANT_NONE;
	return event->shares_uid ? INT64_MAX : when_instant(&event->start, NULL);
}

struct reading_version
version_mark(const struct event *event)
{
	uint64_t which = hash_string(HASH_START, event->uid);
	/* Without SEQUENCE and DTSTAMP: programs write a new DTSTAMP at every export, and what
	 * matters is whether the content went back. */
	uint64_t content = hash_string(HASH_START, event->summary);

	/* An event whose RECURRENCE-ID cannot be read is unreadable. */
	if (event->is_override)
		INVARIANT(event->recurrence.kind != WHEN_NONE);
	which = add_when(add_number(which, event->is_override), &event->recurrence);
	content = add_lasting(add_when(content, &event->start), event->lasting);
	content = add_number(add_number(content, event->status), event->away);
	content = add_number(content, event->this_and_future);
	for (size_t i = 0; i < event->scanned->declined.count; i++)
		/* Who has declined decides about the class of a shift, so it is content. Only the
		 * hash of it is kept. */
		content = hash_string(content, event->scanned->declined.items[i]);
	return (struct reading_version){
	    .event = which,
	    .content = add_repeating(content, event),
	    .sequence = event->sequence,
	    .dtstamp = event->dtstamp,
	    .uid = event->uid,
	    .line = event->line,
	    .instance = instance_of(event),
	    .speaks_from = speaks_from(event),
	};
}

int
version_compare(const void *a, const void *b)
{
	const struct reading_version *left = a;
	const struct reading_version *right = b;

	if (left->event != right->event)
		return left->event < right->event ? -1 : 1;
	if (left->content != right->content)
		return left->content < right->content ? -1 : 1;
	/* Of one event only those with the highest SEQUENCE are in force. */
	return (left->dtstamp > right->dtstamp) - (left->dtstamp < right->dtstamp);
}
