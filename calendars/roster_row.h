#pragma once

#include "calendars/csv.h"

/* A row of a roster, as text by column. */
enum roster_column {
	ROSTER_UNIT,
	ROSTER_NAME,
	ROSTER_GRADE,
	ROSTER_SHIFT,
	ROSTER_START,
	ROSTER_END,
	ROSTER_DATE,
	ROSTER_STATUS,
	ROSTER_COLUMNS
};

struct roster_row {
	uint32_t line;
	bool fits; /* as many fields as headings */
	size_t nfields, ncolumns;
	const char *field[ROSTER_COLUMNS];
};

struct rows {
	VEC(struct roster_row) list;
};

/* Each row as an event with its title read; what cannot be read is a finding that names its line.
 */
void roster_read_rows(
    struct roster *out, struct titles *titles, struct faults *faults, const struct rows *rows);

/* dd/mm/yyyy (also 28-03-2027, 28.03.2027, 28 Mar 2027, 2027-03-28): never mm/dd. Days since 1970.
 */
bool roster_date(struct slice text, int64_t *days);

/* HH:MM (also HH:MM:00, HHMM, HH.MM; 24:00): seconds behind midnight. */
bool roster_time(struct slice text, int64_t *seconds);
