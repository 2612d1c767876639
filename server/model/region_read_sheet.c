/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/model/region_parts.h"

/* How a rota is read from workbooks:
 * {"sheet": "Rota", "marks": {"fill": "nothing", "comment": "off", "hidden": "undecided"}}. */

static enum region_mark
read_mark(const struct region_field *marks, const char *key)
{
	static const char *const choices[] = {"undecided", "nothing", "off", NULL};
	enum region_mark means = REGION_MARK_UNDECIDED;
	const char *choice = NULL;

	if (field_get(marks, key).json)
		choice = field_choice(marks, key, choices);
	if (choice)
		while (strcmp(choice, choices[means]) != 0)
			means++;
	return means;
}

void
region_sheet_read(const struct region_field *reading, struct region_rota *rota)
{
	static const char *const known[] = {"fill", "comment", "hidden", NULL};
	struct region_field marks = field_get(reading, "marks");

	rota->sheet = field_text(reading, "sheet", REGION_OPTIONAL);
	if (!marks.json || !field_object(&marks, known))
		return;
	rota->marks.fill = read_mark(&marks, "fill");
	rota->marks.comment = read_mark(&marks, "comment");
	rota->marks.hidden = read_mark(&marks, "hidden");
}
