/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_grid_says.h"

static void
note(const struct roster_entry *entry, enum fault fault, const char *what)
{
	fault_note(entry->faults, fault, FAULT_EVENT(entry->uid, entry->row->line), what, NULL);
}

/* The people of a grid may stand under the names of several teams, some of which are other rotas'. Which are this
 * rota's is known by its own names, or once it is decided. */
static void
read_section(const struct roster_entry *entry, struct slot *slot)
{
	const char *section = entry->row->grid.section;
	struct title_unknown word = {section, NULL};

	if (section == NULL || !entry->rows->sections ||
	    roster_means_nothing(entry->titles, section) ||
	    roster_is_own_name(entry->titles, section))
		return;
	if (entry->row->grid.tell_section)
		note(entry, FAULT_GRID_SECTION, section);
	if (slot->state >= SLOT_OPEN)
		return;
	slot->state = SLOT_OPEN;
	word.key = lexicon_key(entry->titles->arena, section);
	if (word.key != NULL)
		*VEC_PUSH(entry->titles->arena, &slot->unknown) = word;
}

/* Of a cell of a grid the hours, or the code, may be unknown. */
void
roster_grid_says(const struct roster_entry *entry, struct slot *slot)
{
	const struct roster_cell_shift *grid = &entry->row->grid;
	const char *text = entry->row->field[ROSTER_SHIFT];
	struct title_unknown word = {text, NULL};

	read_section(entry, slot);
	if (grid->doubt == FAULT_NONE || slot->state >= SLOT_AWAY)
		return;
	if (grid->tell)
		fault_note(entry->faults, grid->doubt, FAULT_EVENT(NULL, entry->row->line),
		    grid->doubt == FAULT_GRID_CODE ? text : grid->slot, NULL);
	slot->state = SLOT_OPEN;
	word.key = grid->doubt == FAULT_GRID_CODE ? lexicon_key(entry->titles->arena, text) : NULL;
	if (word.key != NULL)
		*VEC_PUSH(entry->titles->arena, &slot->unknown) = word;
}
