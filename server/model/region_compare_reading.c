/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region_compare.h"

/* The rules by which a rota is read, but for its words, in which people are named. */

static bool
same_codes(const struct region_rota *x, const struct region_rota *y)
{
	uint32_t i;

	if (x->nshift_codes != y->nshift_codes)
		return false;
	for (i = 0; i < x->nshift_codes; i++) {
		const struct region_shift_code *a = &x->shift_codes[i], *b = &y->shift_codes[i];

		if (strcmp(a->code, b->code) != 0 || a->kind != b->kind || a->from != b->from ||
		    a->to != b->to || !region_same_texts(a->names, b->names))
			return false;
	}
	return true;
}

static bool
same_times(const struct region_rota *x, const struct region_rota *y)
{
	if (x->date_order != y->date_order || x->nzones != y->nzones)
		return false;
	for (uint32_t i = 0; i < x->nzones; i++)
		if (!region_same_text(x->zones[i].name, y->zones[i].name) ||
		    !region_same_text(x->zones[i].zone, y->zones[i].zone))
			return false;
	return true;
}

static bool
same_grid(const struct region_grid *x, const struct region_grid *y)
{
	static const char *const none[] = {NULL};

	return region_same_text(x->layout, y->layout) &&
	       region_same_texts(x->own != NULL ? x->own : none, y->own != NULL ? y->own : none) &&
	       x->hours == y->hours && x->from == y->from && x->to == y->to &&
	       x->weekend == y->weekend && x->weekend_from == y->weekend_from &&
	       x->weekend_to == y->weekend_to && x->bank_holiday == y->bank_holiday &&
	       x->holiday_from == y->holiday_from && x->holiday_to == y->holiday_to;
}

static bool
same_sheet(const struct region_rota *x, const struct region_rota *y)
{
	return region_same_text(x->sheet, y->sheet) && x->marks.fill == y->marks.fill &&
	       x->marks.comment == y->marks.comment && x->marks.hidden == y->marks.hidden;
}

bool
region_same_rules(const struct region_rota *x, const struct region_rota *y)
{
	return region_same_text(x->floating_zone, y->floating_zone) &&
	       x->all_day_rule == y->all_day_rule && x->all_day_start == y->all_day_start &&
	       x->all_day_hours == y->all_day_hours && x->tentative_counts == y->tentative_counts &&
	       region_same_texts(x->team_names, y->team_names) && same_codes(x, y) &&
	       same_times(x, y) && same_sheet(x, y) && same_grid(&x->grid, &y->grid);
}
