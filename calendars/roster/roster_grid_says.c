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
read_team(const struct roster_entry *entry, const char *team, struct slot *slot)
{
	struct title_unknown word = {team, NULL};

	if (team == NULL || roster_means_nothing(entry->titles, team) ||
	    roster_is_own_name(entry->titles, team))
		return;
	if (entry->row->grid.tell_section)
		note(entry, FAULT_GRID_SECTION, team);
	if (slot->state >= SLOT_OPEN)
		return;
	slot->state = SLOT_OPEN;
	word.key = lexicon_key(entry->titles->arena, team);
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

	if (entry->rows->sections)
		read_team(entry, grid->section, slot);
	if (entry->rows->overlap)
		read_team(entry, grid->table, slot);
	if (grid->doubt == FAULT_NONE || slot->state >= SLOT_AWAY)
		return;
	if (grid->tell)
		fault_note(entry->faults, grid->doubt, FAULT_EVENT(NULL, entry->row->line),
		    grid->what != NULL               ? grid->what
		    : grid->doubt == FAULT_GRID_CODE ? text
						     : grid->slot,
		    grid->more);
	slot->state = SLOT_OPEN;
	word.key = grid->doubt == FAULT_GRID_CODE ? lexicon_key(entry->titles->arena, text) : NULL;
	if (word.key != NULL)
		*VEC_PUSH(entry->titles->arena, &slot->unknown) = word;
}
