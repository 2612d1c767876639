/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_heading_names.h"

#include <string.h>
#include <strings.h>

struct heading {
	const char *heading;
	enum roster_column column;
};

/* Only headings that are listed here decide where a person, a date or a time stands. A heading that
 * is merely similar ("Start Unit") does not. */
static const struct heading headings[] = {
    {"Unit", ROSTER_UNIT},
    {"Staff Name", ROSTER_NAME},
    {"Staff Member", ROSTER_NAME},
    {"Employee", ROSTER_NAME},
    {"Employee Name", ROSTER_NAME},
    {"Full Name", ROSTER_NAME},
    {"First Name", ROSTER_FIRST_NAME},
    {"Forename", ROSTER_FIRST_NAME},
    {"Given Name", ROSTER_FIRST_NAME},
    {"Last Name", ROSTER_LAST_NAME},
    {"Surname", ROSTER_LAST_NAME},
    {"Family Name", ROSTER_LAST_NAME},
    {"Staff", ROSTER_NAME},
    {"Name", ROSTER_NAME},
    {"Grade", ROSTER_GRADE},
    {"Shift", ROSTER_SHIFT},
    {"Start", ROSTER_START},
    {"Start Time", ROSTER_START},
    {"Shift Start", ROSTER_START},
    {"Shift Start Time", ROSTER_START},
    {"End", ROSTER_END},
    {"End Time", ROSTER_END},
    {"Shift End", ROSTER_END},
    {"Shift End Time", ROSTER_END},
    {"Finish", ROSTER_END},
    {"Finish Time", ROSTER_END},
    {"Shift Finish", ROSTER_END},
    {"Time", ROSTER_TIMES},
    {"Times", ROSTER_TIMES},
    {"Shift Time", ROSTER_TIMES},
    {"Shift Times", ROSTER_TIMES},
    {"Date", ROSTER_DATE},
    {"Shift Date", ROSTER_DATE},
    {"Duty Date", ROSTER_DATE},
    {"Status", ROSTER_STATUS},
};

/* In a roster of shifts only. */
static const struct heading shift_headings[] = {
    {"Start Date", ROSTER_START_DATE},
    {"Shift Start Date", ROSTER_START_DATE},
    {"End Date", ROSTER_END_DATE},
    {"Shift End Date", ROSTER_END_DATE},
    {"Finish Date", ROSTER_END_DATE},
};

/* In a roster of shifts, where no other column is what they would be: "From" may also be a ward, and "Member" say who
 * is a member of something. */
static const struct heading spare_headings[] = {
    {"Member", ROSTER_NAME},
    {"Team Member", ROSTER_NAME},
    {"Person", ROSTER_NAME},
    /* Of a calendar that Outlook has exported, it is the title of an event. */
    {"Subject", ROSTER_NAME},
    {"Session", ROSTER_SHIFT},
    {"From", ROSTER_START},
    {"From Time", ROSTER_START},
    {"Time From", ROSTER_START},
    {"To", ROSTER_END},
    {"Until", ROSTER_END},
    {"To Time", ROSTER_END},
    {"Time To", ROSTER_END},
    {"From Date", ROSTER_START_DATE},
    {"Date From", ROSTER_START_DATE},
    {"To Date", ROSTER_END_DATE},
    {"Date To", ROSTER_END_DATE},
};

/* Leave is written by first and last day. In a roster of shifts these headings mean other columns. */
static const struct heading leave_headings[] = {
    {"From", ROSTER_START},
    {"Start Date", ROSTER_START},
    {"First Day", ROSTER_START},
    {"To", ROSTER_END},
    {"End Date", ROSTER_END},
    {"Last Day", ROSTER_END},
    {"Type", ROSTER_SHIFT},
    {"Leave Type", ROSTER_SHIFT},
};

/* Programs write "staff_name" and "StaffName", people "Staff Name:". */
static bool
is_heading(const char *name, const char *heading)
{
	for (;; name++, heading++) {
		name += strspn(name, " _-:?*");
		heading += strspn(heading, " ");
		if (*name == '\0' || *heading == '\0')
			return *name == *heading;
		if (strncasecmp(name, heading, 1) != 0)
			return false;
	}
}

static enum roster_column
column_in(const struct heading *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (is_heading(name, list[i].heading))
			return list[i].column;
	}
	return ROSTER_COLUMNS;
}

enum roster_column
roster_column_named(const char *name, bool absences)
{
	enum roster_column column = column_in(headings, sizeof headings / sizeof *headings, name);

	/* After the others, so that "Start" is the same column in both kinds of file. */
	if (column != ROSTER_COLUMNS)
		return column;
	return absences
		   ? column_in(leave_headings, sizeof leave_headings / sizeof *leave_headings, name)
		   : column_in(
			 shift_headings, sizeof shift_headings / sizeof *shift_headings, name);
}

enum roster_column
roster_column_spare(const char *name)
{
	return column_in(spare_headings, sizeof spare_headings / sizeof *spare_headings, name);
}
