/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/sorted.h"
#include "server/base/vec.h"
#include "server/map/remarks_private.h"

/* What of the remarks is shown: by binary search, so that an answer without any pays for none. */

/* ---------------------------------------------------------------------------------------- reports */

struct reported {
	uint32_t person, service;
};

static bool
is_report_before(const void *report, const void *sought)
{
	const struct reported *who = sought;

	return remarks_compare_who(who->person, who->service, report) > 0;
}

/* Index of the first report about the person, or the service's line. */
static size_t
first_report(const struct remarks *remarks, uint32_t person, uint32_t service)
{
	struct reported who = {person, service};

	return sorted_first(
	    remarks->reports, remarks->nreports, sizeof *remarks->reports, is_report_before, &who);
}

/* Of an instant that is over, only what was remarked by then is shown; of the present and what is to
 * come, all that is known: a clock that is slow must hide nothing. */
static bool
was_made(int64_t made_at, const struct remarks_asked *asked)
{
	return made_at <= asked->at || asked->at >= asked->now;
}

static bool
concerns(const struct kept_report *report, const struct remarks_asked *asked)
{
	if (asked->person == REGION_NONE)
		return true;
	return report->outcome == REPORT_REACHED ? report->function == asked->function
						 : report->rota == asked->rota;
}

const struct kept_report *
remarks_report(const struct remarks *remarks, const struct remarks_asked *asked)
{
	if (remarks->nreports == 0)
		return NULL;
	for (size_t i = first_report(remarks, asked->person, asked->service); i < remarks->nreports;
	     i++) {
		const struct kept_report *report = &remarks->reports[i];

		if (remarks_compare_who(asked->person, asked->service, report) != 0)
			break;
		if (!concerns(report, asked) || !was_made(report->at, asked))
			continue;
		return report->outcome != REPORT_REACHED && report->until > asked->at ? report
										      : NULL;
	}
	return NULL;
}

bool
remarks_is_open(const struct remarks *remarks, const struct kept_report *report)
{
	if (report->outcome == REPORT_REACHED || report->settled)
		return false;
	/* Newer ones come before it. */
	for (size_t i = first_report(remarks, report->person, report->service);
	     report->outcome == REPORT_NO_ANSWER && &remarks->reports[i] < report; i++)
		if (remarks->reports[i].outcome == REPORT_REACHED &&
		    remarks->reports[i].function == report->function)
			return false;
	return true;
}

uint32_t
remarks_open(const struct remarks *remarks, uint32_t rota, uint32_t service)
{
	uint32_t count = 0;

	for (size_t i = 0; i < remarks->nreports; i++) {
		const struct kept_report *report = &remarks->reports[i];

		if (report->person == REGION_NONE ? report->service == service
						  : report->rota == rota)
			count += remarks_is_open(remarks, report);
	}
	return count;
}

/* ------------------------------------------------------------------------------------------ notes */

typedef VEC(const struct kept_note *) note_list;

static bool
is_note_before(const void *note, const void *sought)
{
	const struct note_key *key = sought;

	return remarks_compare_keys(*key, remarks_key_of(note)) > 0;
}

static size_t
first_note(const struct remarks *remarks, struct note_key key)
{
	return sorted_first(
	    remarks->notes, remarks->nnotes, sizeof *remarks->notes, is_note_before, &key);
}

/* Whether a note on a shift is on this one: the same person, or the same line, on the same rota, and
 * some of its time. So the note stays with a shift that is read again or moved a little, and does not
 * pass to another person who takes the shift over. */
static bool
is_on_shift(const struct kept_note *note, const struct remarks_shift *shift)
{
	if (note->person != shift->person || note->start >= shift->end || note->end <= shift->start)
		return false;
	return note->person != REGION_NONE || strcmp(note->team != NULL ? note->team : "",
						  shift->team != NULL ? shift->team : "") == 0;
}

struct note_search {
	struct arena *arena;
	const struct remarks *remarks;
	const struct remarks_asked *asked;
	const struct remarks_shift *shift; /* of notes on a shift */
};

static void
gather(const struct note_search *search, struct note_key key, note_list *list)
{
	const struct remarks *remarks = search->remarks;

	for (size_t i = first_note(remarks, key); i < remarks->nnotes; i++) {
		const struct kept_note *note = &remarks->notes[i];

		if (remarks_compare_keys(key, remarks_key_of(note)) != 0)
			break;
		if (note->until > search->asked->at && was_made(note->at, search->asked) &&
		    (note->on != NOTE_ON_SHIFT || is_on_shift(note, search->shift)))
			*VEC_PUSH(search->arena, list) = note;
	}
}

struct kept_notes
remarks_notes_of_shift(struct arena *arena, const struct remarks *remarks,
    const struct remarks_shift *shift, const struct remarks_asked *asked)
{
	const struct note_search search = {arena, remarks, asked, shift};
	note_list list = {0};

	if (remarks->nnotes == 0)
		return (struct kept_notes){0};
	if (shift->person != REGION_NONE)
		gather(&search, (struct note_key){NOTE_ON_PERSON, shift->person, 0}, &list);
	gather(&search, (struct note_key){NOTE_ON_SHIFT, shift->rota, 0}, &list);
	return (struct kept_notes){list.items, list.count};
}

struct kept_notes
remarks_notes_of_service(
    struct arena *arena, const struct remarks *remarks, const struct remarks_asked *asked)
{
	const struct note_search search = {arena, remarks, asked, NULL};
	note_list list = {0};

	if (remarks->nnotes > 0)
		gather(&search, (struct note_key){NOTE_ON_SERVICE, asked->service, 0}, &list);
	return (struct kept_notes){list.items, list.count};
}

struct kept_notes
remarks_notes_of_function(struct arena *arena, const struct remarks *remarks, uint32_t place,
    const struct remarks_asked *asked)
{
	const struct note_search search = {arena, remarks, asked, NULL};
	note_list list = {0};

	if (remarks->nnotes > 0)
		gather(&search, (struct note_key){NOTE_ON_FUNCTION, place, asked->function}, &list);
	return (struct kept_notes){list.items, list.count};
}
