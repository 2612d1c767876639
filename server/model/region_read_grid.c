/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region_parts.h"

/* How a rota is read from a grid, several of which may be read from one file:
 * {"layout": "dates_by_roles", "column": "AMHP", "hours": {"from": "09:00", "to": "17:00"}}. */

enum { DAY_SECONDS = 24 * 3600, LAYOUTS = 5 };

/* The key that says what of a grid is the rota's own, by the layout. */
struct layout {
	const char *name;
	const char *key;
	bool required;
	bool hours; /* its duties have hours, and not its cells */
};
static const struct layout layouts[LAYOUTS] = {
    {"dates_by_roles", "column", true, true},
    {"roles_by_dates", "row", true, true},
    {"names_by_dates", "codes", false, false},
    {"weeks_by_roles", "column", true, true},
    {"dates_by_hours", "column", false, true},
};

static const struct layout *
read_layout(const struct region_field *grid)
{
	const char *names[LAYOUTS + 1] = {NULL}, *name;
	size_t at = 0;

	for (size_t i = 0; i < LAYOUTS; i++)
		names[i] = layouts[i].name;
	name = field_choice(grid, "layout", names);
	if (!name)
		return NULL;
	while (strcmp(layouts[at].name, name) != 0)
		at++;
	return &layouts[at];
}

/* A text, or a list of them. */
static const char *const *
read_own(const struct region_field *grid, const char *key)
{
	struct region_field field = field_get(grid, key);
	const char *const *own;
	const char **one;

	if (!json_is_string(field.json)) {
		own = field_texts(grid, key);
		if (!*own)
			field_fault(&field, "must be a heading or a list of them");
		return own;
	}
	one = arena_array(grid->reader->arena, 2, sizeof *one);
	one[0] = field_text(grid, key, REGION_REQUIRED);
	return one;
}

static bool
is_code(const struct region_rota *rota, const char *text)
{
	for (uint32_t i = 0; i < rota->nshift_codes; i++)
		if (region_code_is_spelt(&rota->shift_codes[i], text))
			return rota->shift_codes[i].kind == REGION_CODE_HOURS;
	return false;
}

static void
check_codes(const struct region_field *grid, const struct region_rota *rota)
{
	struct region_field codes = field_get(grid, "codes");

	if (!rota->nshift_codes && !rota->absences)
		field_fault(grid, "needs \"shift_codes\" in \"reading\": the cells are codes");
	for (size_t i = 0; rota->grid.own && rota->grid.own[i]; i++)
		if (!is_code(rota, rota->grid.own[i]))
			field_fault(&codes, "\"%s\" is no shift code of this rota that has hours",
			    rota->grid.own[i]);
}

/* The keys that belong to another layout, where they would be passed over in silence. */
static void
check_keys(const struct region_field *grid, const struct layout *layout)
{
	static const char *const keys[] = {"column", "row", "codes"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct region_field field = field_get(grid, keys[i]);

		if (field.json && strcmp(keys[i], layout->key) != 0)
			field_fault(&field, "is not of the layout \"%s\", which has \"%s\"",
			    layout->name, layout->key);
	}
}

static bool
read_hours(const struct region_field *grid, const char *key, int32_t *from, int32_t *to)
{
	static const char *const known[] = {"from", "to", NULL};
	struct region_field hours = field_get(grid, key);
	struct region_field start = field_get(&hours, "from");

	if (!hours.json || !field_object(&hours, known))
		return false;
	*from = field_time(&hours, "from");
	*to = field_time(&hours, "to");
	if (*from == DAY_SECONDS)
		field_fault(&start, "must be before \"24:00\"");
	return true;
}

static void
read_all_hours(
    const struct region_field *grid, const struct layout *layout, struct region_grid *out)
{
	struct region_field hours = field_get(grid, "hours"), weekend = field_get(grid, "weekend");
	struct region_field holiday = field_get(grid, "bank_holiday");

	if (!layout->hours && (hours.json || weekend.json || holiday.json)) {
		field_fault(hours.json     ? &hours
			    : weekend.json ? &weekend
					   : &holiday,
		    "is not of the layout \"%s\": its codes say the hours", layout->name);
		return;
	}
	out->hours = read_hours(grid, "hours", &out->from, &out->to);
	out->weekend = read_hours(grid, "weekend", &out->weekend_from, &out->weekend_to);
	out->bank_holiday = read_hours(grid, "bank_holiday", &out->holiday_from, &out->holiday_to);
	if (out->weekend && !out->hours)
		field_fault(&weekend, "needs \"hours\", for the other days");
	if (out->bank_holiday && !out->hours)
		field_fault(&holiday, "needs \"hours\", for the other days");
}

void
region_grid_read(const struct region_field *reading, struct region_rota *rota)
{
	static const char *const known[] = {
	    "layout", "column", "row", "codes", "hours", "weekend", "bank_holiday", NULL};
	struct region_field grid = field_get(reading, "grid"), own;
	const struct layout *layout;

	if (!grid.json || !field_object(&grid, known))
		return;
	layout = read_layout(&grid);
	if (!layout)
		return;
	rota->grid.layout = layout->name;
	check_keys(&grid, layout);
	own = field_get(&grid, layout->key);
	if (own.json)
		rota->grid.own = read_own(&grid, layout->key);
	else if (layout->required)
		field_fault(&own, "is missing: which %s of the grid is this rota's?", layout->key);
	read_all_hours(&grid, layout, &rota->grid);
	if (!layout->hours)
		check_codes(&grid, rota);
	else if (rota->absences)
		field_fault(&grid, "of a calendar of absences has the layout \"names_by_dates\"");
}
