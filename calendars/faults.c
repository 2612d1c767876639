/* SPDX-License-Identifier: MIT */
#include "calendars/faults.h"

#include <string.h>

#include "calendars/latin1.h"
#include "calendars/titles/plain.h"
#include "server/base/instant.h"

#define QUOTED_MAX_BYTES 200
#define LISTED_MAX 500    /* warnings of one kind; the others are counted */
#define FINDINGS_MAX 5000 /* a file with more is not a rota */

#define ASK_EXPORT "Export or publish the calendar again; the last good copy stays in use."
#define ONE_ROW_EACH                                                                               \
	"Write a row for each shift, with the columns Staff Name, Date, Start and End (and "       \
	"Shift, "                                                                                  \
	"Status, Notes if there are any)."
#define ENTER_AGAIN "Enter the event again with a start, an end and a time zone."

struct words {
	enum finding_level level;
	const char *text;
	const char *remedy;
};

/* {} is replaced by the next word that the reader gives. */
static const struct words sentences[FAULTS] = {
    [FAULT_EMPTY] = {FINDING_REFUSED, "The calendar is empty.", ASK_EXPORT},
    [FAULT_HTML] = {FINDING_REFUSED, "This is a web page, not a calendar.",
	"Open the address in a browser: often it asks for a sign-in. Publish the calendar so that it can be read without one."},
    [FAULT_NUL] = {FINDING_REFUSED, "Line {} holds a NUL byte, which no calendar may.", ASK_EXPORT},
    [FAULT_UTF16] = {FINDING_REFUSED, "The file is written in UTF-16.", "Save it as UTF-8."},
    [FAULT_NO_CALENDAR] = {FINDING_REFUSED,
	"The file does not begin with BEGIN:VCALENDAR: something else stands before the calendar.",
	ASK_EXPORT},
    [FAULT_BARE_EVENT] = {FINDING_REFUSED,
	"Events stand in the file without a calendar round them.",
	"Export the whole calendar, not one event."},
    [FAULT_TRUNCATED] = {FINDING_REFUSED,
	"The calendar breaks off: {} on line {} has no end. The rest is missing.", ASK_EXPORT},
    [FAULT_UNBALANCED] = {FINDING_REFUSED, "END:{} on line {} closes what was not open.",
	ASK_EXPORT},
    [FAULT_TOO_DEEP] = {FINDING_REFUSED, "Parts are nested more than {} deep.", ASK_EXPORT},
    [FAULT_TOO_LONG] = {FINDING_REFUSED, "The file is larger than {}.",
	"Publish a shorter span of the rota."},
    [FAULT_LINE_TOO_LONG] = {FINDING_REFUSED, "{} on line {} is longer than 64 KB.",
	"Shorten the text of that event."},
    [FAULT_TOO_MANY_EVENTS] = {FINDING_REFUSED, "There are more than {} events.",
	"Publish a shorter span of the rota."},
    [FAULT_TOO_MANY_ZONES] = {FINDING_REFUSED, "More than {} time zones are defined.", ASK_EXPORT},
    [FAULT_TOO_MANY_VALUES] = {FINDING_REFUSED, "{} on line {} lists more than 500 dates.",
	"End that series and start a new one."},
    [FAULT_TOO_MANY_PARAMETERS] = {FINDING_REFUSED, "{} on line {} has more than 100 parameters.",
	ASK_EXPORT},
    [FAULT_TOO_MUCH_JUNK] = {FINDING_REFUSED,
	"More than {} lines cannot be read as lines of a calendar.", ASK_EXPORT},
    [FAULT_TOO_MANY_OCCURRENCES] = {FINDING_REFUSED,
	"The calendar gives more than {} shifts in the time that is read.",
	"Publish a shorter span, or split the rota."},
    [FAULT_RULE_TOO_OFTEN] = {FINDING_REFUSED,
	"One repeating event gives more than {} shifts in the time that is read.",
	"Give that series fewer shifts, or an end."},
    [FAULT_TOO_MUCH_WORK] = {FINDING_REFUSED, "The repeating events take too much work to lay out.",
	"Give old series an end, and start them again near today."},
    [FAULT_TOO_MUCH_MEMORY] = {FINDING_REFUSED, "The calendar takes too much memory to read.",
	"Publish a shorter span of the rota."},
    [FAULT_TOO_MANY_FAULTS] = {FINDING_REFUSED, "There are more than {} faults.", ASK_EXPORT},
    [FAULT_TWO_READINGS] = {FINDING_REFUSED,
	"The parts of the calendar cannot be told apart with certainty.", ASK_EXPORT},
    [FAULT_CALSCALE] = {FINDING_REFUSED,
	"The calendar counts by {}, not by the Gregorian calendar.",
	"Export it with Gregorian dates."},
    [FAULT_CSV_QUOTES] = {FINDING_REFUSED, "A quotation mark near line {} is never closed.",
	"Save the roster again as CSV (UTF-8)."},
    [FAULT_CSV_NO_HEADING] = {FINDING_REFUSED, "The heading line has no column {}; it has: {}.",
	"Name the columns in the first line: Unit, Staff Name, Grade, Shift, Start, End, Date, "
	"Status."},
    [FAULT_CSV_COLUMN_TWICE] = {FINDING_REFUSED, "The heading line has the column {} twice.",
	"Leave one of them out."},
    [FAULT_CSV_HEADING_CHANGES] = {FINDING_REFUSED,
	"Line {} is a heading line with other columns than the first: the file holds two tables.",
	"Send each table as a file of its own, or give them the same columns in the same order."},
    [FAULT_CSV_GRID] = {FINDING_REFUSED,
	"This is a grid with a column for each day, which cannot be read: a roster has a row for each shift.",
	ONE_ROW_EACH},
    [FAULT_CSV_LIST] = {FINDING_REFUSED,
	"This is a list of days with a column for each duty or shift, which cannot be read: a roster has a row for each shift.",
	ONE_ROW_EACH},
    [FAULT_WORKBOOK] = {FINDING_REFUSED,
	"This is an Excel workbook, or the file of another office program: not text.",
	"Open it and save it as CSV (UTF-8), or publish the rota as a calendar."},
    [FAULT_PDF] = {FINDING_REFUSED, "This is a PDF, which is made to be printed.",
	"Export the rota as a calendar or as CSV from the program that it was written in."},
    [FAULT_DOCUMENT] = {FINDING_REFUSED, "This is a document of a word processor.",
	"Export the rota as a calendar or as CSV."},
    [FAULT_DATES_NOT_DMY] = {FINDING_REFUSED,
	"The date \"{}\" can only be mm/dd/yyyy, so the others of this roster may be that too.",
	"Write dates as dd/mm/yyyy; or, if the whole roster is written mm/dd/yyyy, have that decided for this rota."},
    [FAULT_DATES_NOT_MDY] = {FINDING_REFUSED,
	"The date \"{}\" can only be dd/mm/yyyy, and this rota's dates were decided to be mm/dd/yyyy.",
	"Write all dates as mm/dd/yyyy, or have the decision changed."},
    [FAULT_DATES_WEEKDAY] = {FINDING_REFUSED,
	"The date \"{}\" is no {}: the dates of this roster cannot be trusted.",
	"Correct the date or the weekday."},

    [FAULT_NO_START] = {FINDING_UNREADABLE, "The event has no start.", ENTER_AGAIN},
    [FAULT_TWICE] = {FINDING_UNREADABLE, "The event has {} more than once.", ENTER_AGAIN},
    [FAULT_NOT_A_DATE] = {FINDING_UNREADABLE, "{} is not a date and time: {}.", ENTER_AGAIN},
    [FAULT_NOT_A_DURATION] = {FINDING_UNREADABLE, "The duration cannot be read: {}.", ENTER_AGAIN},
    [FAULT_IMPOSSIBLE_DATE] = {FINDING_UNREADABLE, "{} is a time that no calendar has.",
	ENTER_AGAIN},
    [FAULT_MIXED_DATES] = {FINDING_UNREADABLE, "The event mixes whole days with times of day ({}).",
	"Enter it either as an all-day event or with both times."},
    [FAULT_END_BEFORE_START] = {FINDING_UNREADABLE, "The event ends before it starts.",
	"Correct the end: a night shift ends on the next day."},
    [FAULT_TOO_LONG_EVENT] = {FINDING_UNREADABLE, "The event lasts more than 366 days.",
	"Enter it as a repeating event."},
    [FAULT_ZONE_UNKNOWN] = {FINDING_UNREADABLE,
	"The time zone \"{}\" is unknown and the calendar does not define it.",
	"Set the event's time zone to Europe/London in the calendar program, "
	"or have it decided for this rota which zone that name means."},
    [FAULT_ZONE_UNSAFE] = {FINDING_UNREADABLE,
	"The calendar's own definition of time zone \"{}\" is unusable: {}.",
	"Set the event's time zone to Europe/London in the calendar program."},
    [FAULT_EXRULE] = {FINDING_UNREADABLE,
	"The event excludes dates by a rule (EXRULE), which is no longer allowed.",
	"Delete the single shifts from the series instead."},
    [FAULT_RULE_FINE] = {FINDING_UNREADABLE,
	"The event repeats {}, finer than daily: that is no rota.",
	"Enter the shifts as daily or weekly events."},
    [FAULT_RULE_BAD] = {FINDING_UNREADABLE, "The event's rule for repeating cannot be read: {}.",
	"Enter the series again."},
    [FAULT_RULE_TOO_MANY] = {FINDING_UNREADABLE, "The event has more than {} rules for repeating.",
	"Enter each as a series of its own."},
    [FAULT_NESTED_EVENT] = {FINDING_UNREADABLE,
	"An event stands inside another part of the calendar ({}).", ENTER_AGAIN},
    [FAULT_SERIES] = {FINDING_UNREADABLE,
	"A changed shift of this series does not say which shift it changes, so none of the series can be trusted.",
	"Enter the series again."},
    [FAULT_RANGE] = {FINDING_UNREADABLE,
	"This change is said to reach over \"{}\" of its series, which calendars no longer know.",
	"Enter the change again, for one shift or for it and all later ones."},
    [FAULT_RANGE_COUNT] = {FINDING_UNREADABLE,
	"This change of a shift and all later ones repeats a number of times, "
	"and programs differ in where they begin to count: the later shifts of the series count for nobody.",
	"Give the series a last day instead."},
    [FAULT_ROW_DATE] = {FINDING_UNREADABLE, "The date \"{}\" of this row is not dd/mm/yyyy.",
	"Write dates as dd/mm/yyyy, for example 28/03/2027."},
    [FAULT_ROW_TIME] = {FINDING_UNREADABLE, "The {} \"{}\" of this row is not HH:MM.",
	"Write times as HH:MM, for example 20:00."},
    [FAULT_ROW_SHORT] = {FINDING_UNREADABLE, "This row has {} fields, the heading has {}.",
	"Check the row for a missing or an extra comma."},
    [FAULT_ROW_CODE] = {FINDING_UNREADABLE,
	"The row has no times, and this rota knows no hours for the shift code \"{}\".",
	"Have the code and its hours entered among the rota's shift codes, or write the start and the end."},

    [FAULT_NO_EVENTS] = {FINDING_WARNING, "The calendar holds no events.",
	"If that is not meant, publish it again."},
    [FAULT_JUNK_AFTER] = {FINDING_WARNING,
	"Something that is no calendar follows the calendar's end.", "Export the calendar again."},
    [FAULT_JUNK_LINE] = {FINDING_WARNING, "Line {} cannot be read and was passed over.",
	"Check this event: a text may have been broken in two."},
    [FAULT_LATIN1] = {FINDING_WARNING,
	"The file is not UTF-8: its letters were read as Windows-1252.", "Save it as UTF-8."},
    [FAULT_ZERO_LENGTH] = {FINDING_WARNING, "The event has no length, so it covers nothing.",
	"Give it an end."},
    [FAULT_SAME_DAY_END] = {FINDING_WARNING,
	"The all-day event ends on the day it starts: read as one day.",
	"Set its end to the following day."},
    [FAULT_IN_GAP] = {FINDING_WARNING,
	"{} does not exist on that night, when the clocks go forward: read with the clock as before.",
	"Start or end the shift at another time that night."},
    [FAULT_ZONE_LIES] = {FINDING_WARNING,
	"The calendar defines the time zone \"{}\" otherwise than the world does: its definition was not used.",
	"Check the times of this event in the calendar program."},
    [FAULT_ZONE_SUMMER] = {FINDING_WARNING,
	"The event's time zone is \"{}\", and in summer that may mean either of two clocks an hour apart: "
	"its shifts of the summer count for nobody.",
	"Set the event's time zone to Europe/London in the calendar program, "
	"or have it decided for this rota which zone that name means."},
    [FAULT_WR_ZONE_UNKNOWN] = {FINDING_WARNING,
	"The calendar's time zone \"{}\" is unknown: times without a zone were read in {}.",
	"Set the calendar's time zone to Europe/London."},
    [FAULT_END_AND_DURATION] = {FINDING_WARNING,
	"The event has an end and a duration that disagree: the end was read.",
	"Leave one of them out."},
    [FAULT_FLOATING_ELSEWHERE] = {FINDING_WARNING,
	"The event's times name no time zone: they were read in {}, which the calendar says is its own, not in {}.",
	"Set the calendar's time zone to Europe/London if that is meant."},
    [FAULT_COUNT_AND_UNTIL] = {FINDING_WARNING,
	"The series has both a number of shifts and a last day: it ends at the sooner.",
	"Leave one of them out."},
    [FAULT_ENDED] = {FINDING_WARNING,
	"The series ends before it begins, and programs differ in whether its first shift is there all the same: it counts for nobody.",
	"Delete the series, or enter the shift once."},
    [FAULT_EXDATE_BY_DAY] = {FINDING_WARNING,
	"A deleted shift is named by its day alone: all shifts of the series on that day were left out.",
	"Check that day."},
    [FAULT_RECURRENCE_BY_DAY] = {FINDING_WARNING,
	"A changed shift is named by its day alone: it was taken for the shift of that day.",
	"Check that day."},
    [FAULT_SAME_UID_OLDER] = {FINDING_WARNING,
	"The event stands in the calendar more than once: the newest was read.",
	"Delete the older ones."},
    [FAULT_SAME_UID_BOTH] = {FINDING_WARNING,
	"Different events carry one identifier and none is newer: all were read.",
	"Have the program that writes the calendar give each event its own UID."},
    [FAULT_SAME_UID_EITHER] = {FINDING_WARNING,
	"Two events at the same time carry one identifier and differ, as before and after a change, and none is newer: nobody counts by either.",
	"Delete the one that no longer holds, or give each event its own UID if both are meant."},
    [FAULT_SAME_UID_TWO] = {FINDING_WARNING,
	"Two events at different times carry one identifier, as if one had been moved: the newer was read, "
	"the older counts for nobody.",
	"Delete the older one, or give each event its own UID if both are meant."},
    [FAULT_SAME_UID_UNCLEAR] = {FINDING_WARNING,
	"Two events at different times carry one identifier, as if one had been moved, and none is newer: neither counts.",
	"Delete the one that no longer holds, or give each event its own UID if both are meant."},
    [FAULT_SAME_UID_MANY] = {FINDING_WARNING,
	"Three or more events at different times carry one identifier: all were read.",
	"Have the program that writes the calendar give each event its own UID."},
    [FAULT_OVERRIDE_RULE] = {FINDING_WARNING,
	"A changed shift carries a rule for repeating of its own: the rule was not used.",
	"Check the series."},
    [FAULT_RANGE_RULE] = {FINDING_WARNING,
	"Several changes of a shift and all later ones follow each other, one with a rule for repeating of its own: "
	"the later shifts of the series count for nobody.",
	"End the series and begin a new one."},
    [FAULT_ENDS_2359] = {FINDING_WARNING, "The end is 23:59: read as midnight.",
	"Enter midnight as the end."},
    [FAULT_LEAVE_DAY] = {FINDING_WARNING, "The leave {}: read as the whole day.",
	"Enter it as an all-day event."},
    [FAULT_DECLINED] = {FINDING_WARNING,
	"Somebody has declined the invitation to this shift, or accepted it only tentatively, and it may be the person named: it counts for nobody.",
	"Have the person who comes named and invited, or the invitation withdrawn."},
    [FAULT_ASIDE] = {FINDING_WARNING,
	"What this event has in {} takes the person off duty or casts doubt: it counts for nobody.",
	"Delete the event if the shift no longer holds, or take the word out if it does."},
    [FAULT_CALENDAR_NAME] = {FINDING_WARNING,
	"The calendar \"{}\" says by its name or its description that it is a draft, cancelled or one of leave: the event counts for nobody.",
	"Publish the calendar that is in force, or rename this one if it is."},
    [FAULT_PROPOSAL] = {FINDING_WARNING,
	"The file is an answer to an invitation, or a proposal, and no rota: the event counts for nobody.",
	"Publish the calendar itself (METHOD:PUBLISH, or without METHOD)."},
    [FAULT_SHORTER_SHIFT] = {FINDING_WARNING,
	"The title names a shift that lasts {} hours at most, and the event is longer: it counts for nobody.",
	"Enter the times of the shift, or its hours as a shift code of this rota."},
    [FAULT_OTHER_SHIFT] = {FINDING_WARNING,
	"The title names a shift of another part of the day than that of the event: it counts for nobody.",
	"Correct the title, or enter the times of the shift."},
    [FAULT_OTHER_DAY] = {FINDING_WARNING,
	"The title names another day than that of the event: it counts for nobody.",
	"Correct the day in the title, or move the event to the day that is meant."},
    [FAULT_CHANGE_MISSES] = {FINDING_WARNING,
	"A shift of the series is deleted or changed on {}, at a time at which it has none: "
	"the shift of that day counts for nobody.",
	"Delete or change the shift of that day once more."},
    [FAULT_TWO_TITLES] = {FINDING_WARNING,
	"The event has two titles, which differ: it counts for nobody.", "Enter it once more."},
    [FAULT_NAME_AMBIGUOUS] = {FINDING_WARNING,
	"\"{}\" may be more than one person: it counts for nobody.",
	"Write the full name, or give each person an alias."},
    [FAULT_SEVERAL_PEOPLE] = {FINDING_WARNING,
	"One event names several people: all were read as on duty.",
	"If only one of them is, name that one."},
    [FAULT_TITLE_TIMES] = {FINDING_WARNING,
	"The times in the title \"{}\" do not fit the event's own.",
	"Enter one event for each person and time."},
    [FAULT_ABSENCE_UNKNOWN] = {FINDING_WARNING, "\"{}\" is away, but nobody of that name is known.",
	"Give the person that alias."},
    [FAULT_TITLE_CANCELLED] = {FINDING_WARNING,
	"The title \"{}\" says that the event is cancelled: it was left out.", "Delete the event."},
    [FAULT_UTC_RULE] = {FINDING_WARNING,
	"The series repeats in UTC: by the wall clock its shifts move by an hour when the clocks change.",
	"Set the series' time zone to Europe/London."},
    [FAULT_REVIEW] = {FINDING_WARNING,
	"The title \"{}\" says more than a name: please check who is on duty.",
	"Shorten the title to function and name."},
    [FAULT_RULE_NOT_KEPT] = {FINDING_WARNING,
	"A decision gives the title \"{}\" to somebody, but it is written when nobody is known or nobody comes: "
	"it counts for nobody.",
	"Write the name into the title, or withdraw the decision."},
    [FAULT_ROW_STATUS] = {FINDING_WARNING,
	"The status \"{}\" is unknown: the row counts for nobody.",
	"Use Filled, Confirmed, Unfilled, Vacant or Cancelled, or have it decided what the word means in this rota."},
    [FAULT_ROW_CODE_TIMES] = {FINDING_WARNING,
	"The row's times are not those of its shift code \"{}\" ({}): the times written were read.",
	"Correct the times or the code."},
    [FAULT_ROW_COLUMN] = {FINDING_WARNING,
	"What this row has in the column \"{}\" casts doubt or is not understood: the row counts for nobody.",
	"Decide what the words mean, or write there only what says nothing about who is on duty."},
    [FAULT_ROW_MIDNIGHTS] = {FINDING_WARNING,
	"The row runs from 00:00 to 00:00, which may be a whole day or none: it counts for nobody.",
	"Write 00:00 to 24:00 for a whole day, or have the shift's code and its hours entered."},
    [FAULT_ROW_ABOVE] = {FINDING_WARNING,
	"The line \"{}\" above this row casts doubt on the rows below it: the row counts for nobody.",
	"Write what is said of a row into the row, or leave out the rows that are cancelled."},
    [FAULT_ROW_BELOW] = {FINDING_WARNING,
	"The line \"{}\" at the end casts doubt on the whole roster: the row counts for nobody.",
	"Import the roster once it is agreed, without that line."},
    [FAULT_ROW_TWICE] = {FINDING_WARNING,
	"This shift of this person is cancelled, unfilled or doubtful in another row: it counts for nobody.",
	"Leave out the row that no longer holds."},
    [FAULT_LEAVE_COLUMN] = {FINDING_WARNING,
	"What is in the column \"{}\" may deny the leave: it takes nobody off duty.",
	"Leave out what is no leave, or write Approved as its status."},
    [FAULT_LEAVE_KIND] = {FINDING_WARNING,
	"What this row has in the column \"{}\" is no word of leave: it was read as leave.",
	"Leave out the rows of people who are not away."},
    [FAULT_LEAVE_PART] = {FINDING_WARNING,
	"By its column \"{}\" the leave may be of a part of the day: it was read as the whole day.",
	"Write the times of the leave into Start and End."},
    [FAULT_CSV_LOOSE] = {FINDING_WARNING,
	"These columns were not read, but for words that take somebody off duty (cancelled, sick): "
	"{}.",
	"What says who is on duty belongs into a column Notes."},
    [FAULT_DATES_ASK] = {FINDING_WARNING,
	"The dates of this roster may be dd/mm/yyyy or mm/dd/yyyy (\"{}\"), and nothing in it tells which: "
	"rows whose day is not certain count for nobody.",
	"Decide the order of dates for this rota once: dd/mm/yyyy is usual here."},
    [FAULT_LONG_SHIFTS] = {FINDING_WARNING,
	"{} last longer than 24 hours; the first begins on {}. They count as they are written.",
	"Check the ends. If whole days are meant otherwise, have the hours of an all-day event entered for this rota."},
    [FAULT_MORE] = {FINDING_WARNING, "{} more like this: {}", "As above."},
};

/* Appends words from the file. The sentence stays valid UTF-8 and short, whatever bytes they are. */
static void
quote(struct buf *buf, struct arena *arena, const char *words)
{
	if (words == NULL)
		return;
	buf_add_text(buf, plain_cut(arena, latin1_unless_utf8(arena, words), QUOTED_MAX_BYTES));
}

static const char *
fill(struct arena *arena, const char *text, const char *what, const char *more)
{
	struct buf buf = {0};
	const char *place;
	const char *filled;

	/* ${what} fills the first gap and ${more} all later ones. */
	while ((place = strstr(text, "{}")) != NULL) {
		buf_add(&buf, text, (size_t)(place - text));
		quote(&buf, arena, what);
		what = more;
		text = place + 2;
	}
	buf_add_text(&buf, text);
	filled = arena_strndup(arena, buf.at, buf.len);
	buf_free(&buf);
	return filled;
}

/* An unreadable event of last year hides no shift that anybody asks for. */
static bool
outside_window(const struct faults *faults, struct fault_at at)
{
	return at.start != INSTANT_NONE && (at.start >= faults->until || at.end <= faults->from);
}

static void
add(struct faults *faults, enum fault fault, struct fault_at at, const char *what, const char *more)
{
	const struct words *w = &sentences[fault];

	*VEC_PUSH(faults->arena, &faults->findings) = (struct reading_finding){.level = w->level,
	    .uid = at.uid,
	    .line = at.line,
	    .text = fill(faults->arena, w->text, what, more),
	    .remedy = w->remedy,
	    .start = at.start,
	    .end = at.end,
	    .blinds = w->level == FINDING_UNREADABLE && !outside_window(faults, at)};
}

void
fault_note(
    struct faults *faults, enum fault fault, struct fault_at at, const char *what, const char *more)
{
	enum finding_level level = sentences[fault].level;

	/* Both are INSTANT_NONE, or a reach that came out empty. */
	if (at.start >= at.end)
		at.start = at.end = INSTANT_NONE;
	/* Counted before the limit, so that fault_finish() knows how many were not listed. */
	faults->seen[fault]++;
	/* Only warnings are counted instead of listed: each unreadable event makes a time unknown,
	 * and must be there. */
	if (level == FINDING_WARNING && faults->seen[fault] > LISTED_MAX)
		return;
	if (level == FINDING_REFUSED) {
		if (faults->refused)
			return; /* the first reason is the one to fix */
		faults->refused = true;
	}
	add(faults, fault, at, what, more);
	if (!faults->refused && faults->findings.count > FINDINGS_MAX)
		fault_note(faults, FAULT_TOO_MANY_FAULTS, FAULT_ANYWHERE,
		    arena_printf(faults->arena, "%d", FINDINGS_MAX), NULL);
}

void
fault_finish(struct faults *faults)
{
	for (int fault = 0; fault < FAULTS; fault++) {
		if (sentences[fault].level != FINDING_WARNING || faults->seen[fault] <= LISTED_MAX)
			continue;
		/* No place and no words: it stands for many. */
		add(faults, FAULT_MORE, FAULT_ANYWHERE,
		    arena_printf(faults->arena, "%u", faults->seen[fault] - LISTED_MAX),
		    fill(faults->arena, sentences[fault].text, "…", "…"));
	}
}
