/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/on_rota.h"

#include "server/rota/rota_note.h"

uint32_t
on_rota_person(struct ask *ask, const char *path, const char *id)
{
	uint32_t person = id ? ask_person(ask, id) : REGION_NONE;

	if (id != NULL && person == REGION_NONE)
		ask_fault(ask, path, "there is no person with this id in the region");
	return person;
}

/* A person without the function would not be counted, so the shift would promise cover that does
 * not exist. */
const char *
on_rota_objection(const struct ask *ask, uint32_t rota, uint32_t person)
{
	const struct region *region = ask->region;
	uint32_t function = region->services[region->rotas[rota].service].function;

	if (region_holds(region, person, function))
		return NULL;
	return arena_printf(ask->arena,
	    "%s does not hold the function %s, and so cannot be on this rota",
	    region_person(region, person)->name, region->functions[function].code);
}

const char *
on_rota_not_free(const struct ask *ask, uint32_t person)
{
	return arena_printf(ask->arena,
	    "%s may not be free for all of that time with 11 hours off before and after it.",
	    region_person(ask->region, person)->name);
}

static void
fault_uncertain(struct ask *ask, const char *path, const char *words)
{
	ask_fault(ask, path,
	    "says \"%s\", and who is put on here counts as cover at once: do it when it is certain, or say in other words what is meant",
	    words);
}

const char *
on_rota_note_doubt(struct ask *ask, const char *path, const char *note)
{
	struct rota_note read = rota_note_read(ask->arena, note);

	if (read.says == ROTA_NOTE_UNCERTAIN)
		fault_uncertain(ask, path, read.words);
	else if (read.says == ROTA_NOTE_OFF)
		ask_fault(ask, path,
		    "says that the person does not come, and who is put on here counts as cover at once: leave the shift out or remove it, "
		    "or say in other words what is meant");
	if (read.says != ROTA_NOTE_DOUBT)
		return NULL;
	return arena_printf(ask->arena,
	    "The note says \"%s\", which in a calendar would leave the shift undecided.",
	    read.words);
}

void
on_rota_reason_check(struct ask *ask, const char *path, const char *reason)
{
	const char *words = reason != NULL ? rota_reason_uncertain(ask->arena, reason) : NULL;

	if (words != NULL)
		fault_uncertain(ask, path, words);
}
