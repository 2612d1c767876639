/* SPDX-License-Identifier: MIT */
#include "server/map/remarks_private.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

static const char *const ons[] = {
    [NOTE_ON_PERSON] = "person",
    [NOTE_ON_SHIFT] = "shift",
    [NOTE_ON_SERVICE] = "service",
    [NOTE_ON_FUNCTION] = "function",
};

const char *
note_on_name(enum note_on on)
{
	return ons[on];
}

bool
note_on_of(const char *name, enum note_on *out)
{
	for (unsigned i = 0; i < NOTE_ONS; i++)
		if (strcmp(ons[i], name) == 0) {
			*out = (enum note_on)i;
			return true;
		}
	return false;
}

/* ------------------------------------------------------------------------------------ the order */

/* A person's reports are together, whatever rota they are about, because one that the person was
 * reached ends those of every rota. Lines have no person, REGION_NONE, and come last, by service. */
int
remarks_compare_who(uint32_t person, uint32_t service, const struct kept_report *report)
{
	if (person != report->person)
		return person < report->person ? -1 : 1;
	if (person != REGION_NONE || service == report->service)
		return 0;
	return service < report->service ? -1 : 1;
}

int
remarks_compare_reports(const void *left, const void *right)
{
	const struct kept_report *a = left, *b = right;
	int order = remarks_compare_who(a->person, a->service, b);

	/* Numbers are given in the order of the record, so the highest is the newest. */
	return order != 0 ? order : (a->id < b->id) - (a->id > b->id);
}

struct note_key
remarks_key_of(const struct kept_note *note)
{
	switch ((enum note_on)note->on) {
	case NOTE_ON_PERSON:
		return (struct note_key){note->on, note->person, 0};
	case NOTE_ON_SHIFT:
		return (struct note_key){note->on, note->rota, 0};
	case NOTE_ON_SERVICE:
		return (struct note_key){note->on, note->service, 0};
	case NOTE_ON_FUNCTION:
	case NOTE_ONS:
		break;
	}
	return (struct note_key){note->on, note->place, note->function};
}

int
remarks_compare_keys(struct note_key a, struct note_key b)
{
	if (a.on != b.on)
		return a.on < b.on ? -1 : 1;
	if (a.first != b.first)
		return a.first < b.first ? -1 : 1;
	return (a.second > b.second) - (a.second < b.second);
}

int
remarks_compare_notes(const void *left, const void *right)
{
	const struct kept_note *a = left, *b = right;
	int order = remarks_compare_keys(remarks_key_of(a), remarks_key_of(b));

	return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

/* ------------------------------------------------------------------------------------- the value */

struct remarks *
remarks_none(void)
{
	struct remarks *remarks = xcalloc(1, sizeof *remarks);

	remarks->refs = 1;
	remarks->version = -1;
	return remarks;
}

struct remarks *
remarks_ref(struct remarks *remarks)
{
	remarks->refs++;
	return remarks;
}

void
remarks_unref(struct remarks *remarks)
{
	if (remarks == NULL || --remarks->refs > 0)
		return;
	arena_free(remarks->arena);
	free(remarks);
}

static bool
is_among(const int64_t *ids, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* Searched from the start for each report: a change has few reports, except the first one, before
 * which there are none to compare. */
static bool
report_stays(const struct kept_report *report, const struct remarks_change *change)
{
	if (is_among(change->gone_reports, change->ngone_reports, report->id))
		return false;
	for (size_t i = 0; i < change->nreports; i++)
		if (change->reports[i].id == report->id)
			return false;
	return report->until > change->begin ||
	       (report->outcome != REPORT_REACHED && !report->settled);
}

static bool
note_stays(const struct kept_note *note, const struct remarks_change *change)
{
	if (is_among(change->gone_notes, change->ngone_notes, note->id))
		return false;
	for (size_t i = 0; i < change->nnotes; i++)
		if (change->notes[i].id == note->id)
			return false;
	return note->until > change->begin;
}

static const char *
copied(struct arena *arena, const char *text)
{
	return text == NULL ? NULL : arena_strdup(arena, text);
}

static void
put_reports(struct remarks *made, const struct remarks *from, const struct remarks_change *change)
{
	size_t before = from == NULL ? 0 : from->nreports;
	struct kept_report *reports =
	    arena_array(made->arena, before + change->nreports + 1, sizeof *reports);

	for (size_t i = 0; i < before; i++)
		if (report_stays(&from->reports[i], change))
			reports[made->nreports++] = from->reports[i];
	for (size_t i = 0; i < change->nreports; i++)
		reports[made->nreports++] = change->reports[i];
	if (made->nreports > 1)
		qsort(reports, made->nreports, sizeof *reports, remarks_compare_reports);
	made->reports = reports;
}

static void
put_notes(struct remarks *made, const struct remarks *from, const struct remarks_change *change)
{
	size_t before = from == NULL ? 0 : from->nnotes;
	struct kept_note *notes =
	    arena_array(made->arena, before + change->nnotes + 1, sizeof *notes);

	for (size_t i = 0; i < before; i++)
		if (note_stays(&from->notes[i], change))
			notes[made->nnotes++] = from->notes[i];
	for (size_t i = 0; i < change->nnotes; i++)
		notes[made->nnotes++] = change->notes[i];
	for (size_t i = 0; i < made->nnotes; i++) {
		notes[i].team = copied(made->arena, notes[i].team);
		notes[i].text = copied(made->arena, notes[i].text);
		notes[i].account = copied(made->arena, notes[i].account);
		notes[i].role = copied(made->arena, notes[i].role);
	}
	if (made->nnotes > 1)
		qsort(notes, made->nnotes, sizeof *notes, remarks_compare_notes);
	made->notes = notes;
}

struct remarks *
remarks_changed(const struct remarks *from, const struct remarks_change *change)
{
	struct remarks *made = remarks_none();

	made->arena = arena_new(0);
	made->version = change->version;
	put_reports(made, from, change);
	put_notes(made, from, change);
	return made;
}
