/* SPDX-License-Identifier: MIT */
#include "server/map/changes_private.h"
#include "server/map/remarks_private.h"

/* Remarks that are in one of two snapshots only, and at which places they are shown. */

struct remark_search {
	const struct snapshot *map; /* the later one: who is on which rota */
	const struct region *region;
	bool *contacts; /* by place, then function */
	bool *notes;    /* by place */
	bool *lines;    /* by service: its line was reported */
};

/* All else of a report never changes once it is written. */
static bool
same_report(const struct kept_report *a, const struct kept_report *b)
{
	return a->settled == b->settled;
}

static void
mark(struct remark_search *search, uint32_t service, bool contact)
{
	const struct region_service *of;

	/* An absence calendar serves no place. */
	if (service == REGION_NONE)
		return;
	of = &search->region->services[service];
	for (uint32_t i = 0; i < of->places.count; i++) {
		uint32_t place = of->places.items[i];

		if (contact)
			search->contacts[place * search->region->nfunctions + of->function] = true;
		else
			search->notes[place] = true;
	}
}

/* Where the person may be named: that somebody was reached, and a note, are shown by every rota. */
static void
mark_person(struct remark_search *search, uint32_t person, bool contact)
{
	for (uint32_t i = 0; i < search->region->nrotas; i++)
		if (rota_block_may_name(search->map->rotas[i], person))
			mark(search, search->region->rotas[i].service, contact);
}

static void
mark_report(struct remark_search *search, const struct kept_report *report)
{
	mark(search, report->service, true);
	if (report->person == REGION_NONE)
		search->lines[report->service] = true;
	if (report->person != REGION_NONE)
		mark_person(search, report->person, true);
}

static void
mark_note(struct remark_search *search, const struct kept_note *note)
{
	switch ((enum note_on)note->on) {
	case NOTE_ON_PERSON:
		mark_person(search, note->person, false);
		break;
	case NOTE_ON_SHIFT:
		mark(search, search->region->rotas[note->rota].service, false);
		break;
	case NOTE_ON_SERVICE:
		mark(search, note->service, false);
		break;
	case NOTE_ON_FUNCTION:
		search->notes[note->place] = true;
		break;
	case NOTE_ONS:
		break;
	}
}

/* Both are in the same order, so that one walk finds what only one of them has. */
static void
compare_reports(
    struct remark_search *search, const struct remarks *before, const struct remarks *after)
{
	size_t i = 0, j = 0;

	while (i < before->nreports || j < after->nreports) {
		const struct kept_report *a = i < before->nreports ? &before->reports[i] : NULL;
		const struct kept_report *b = j < after->nreports ? &after->reports[j] : NULL;
		int order = a == NULL ? 1 : b == NULL ? -1 : remarks_compare_reports(a, b);

		if (order != 0 || !same_report(a, b))
			mark_report(search, order <= 0 ? a : b);
		i += order <= 0;
		j += order >= 0;
	}
}

static void
compare_notes(
    struct remark_search *search, const struct remarks *before, const struct remarks *after)
{
	size_t i = 0, j = 0;

	while (i < before->nnotes || j < after->nnotes) {
		const struct kept_note *a = i < before->nnotes ? &before->notes[i] : NULL;
		const struct kept_note *b = j < after->nnotes ? &after->notes[j] : NULL;
		int order = a == NULL ? 1 : b == NULL ? -1 : remarks_compare_notes(a, b);

		if (order != 0)
			mark_note(search, order < 0 ? a : b);
		i += order <= 0;
		j += order >= 0;
	}
}

static void
add_place(const struct remark_search *search, struct arena *arena, uint32_t place, change_list *out)
{
	const bool *marked = search->contacts + (size_t)place * search->region->nfunctions;

	for (uint32_t i = 0; i < search->region->nfunctions; i++) {
		uint32_t *function;

		if (!marked[i])
			continue;
		function = arena_alloc(arena, sizeof *function);
		*function = i;
		*VEC_PUSH(arena, out) = (struct change){
		    .kind = CHANGE_CONTACT,
		    .place = place,
		    .rota = REGION_NONE,
		    .functions = function,
		    .nfunctions = 1,
		};
	}
	if (search->notes[place])
		*VEC_PUSH(arena, out) =
		    (struct change){.kind = CHANGE_NOTE, .place = place, .rota = REGION_NONE};
}

void
changes_find_remarks(struct arena *arena, const struct map_look *before,
    const struct map_look *after, change_list *out)
{
	const struct region *region = after->map->setup->region;
	const struct remarks *was = before->map->remarks, *is = after->map->remarks;
	struct remark_search search = {.map = after->map, .region = region};

	if (was == is)
		return;
	search.contacts = arena_array(
	    arena, (size_t)region->nplaces * region->nfunctions + 1, sizeof *search.contacts);
	search.notes = arena_array(arena, region->nplaces + 1, sizeof *search.notes);
	search.lines = arena_array(arena, region->nservices + 1, sizeof *search.lines);
	compare_reports(&search, was, is);
	compare_notes(&search, was, is);
	changes_mark_ladders(arena, after, search.contacts, search.lines);
	for (uint32_t i = 0; i < region->nplaces; i++)
		add_place(&search, arena, i, out);
}
