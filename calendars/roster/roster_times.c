/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_times.h"

#include "calendars/roster/roster_clock.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_duty.h"
#include "calendars/titles/shift_codes.h"
#include "server/base/civil.h"
#include "server/base/instant.h"

#define DAY ((int64_t)86400)
#define MINUTE 60
#define SATURDAY 5
/* A shift over a weekend is two rows. More than this is a mistyped date, which would cover
 * weeks. */
#define SHIFT_MAX_DAYS 2
#define LEAVE_MAX_DAYS 366

/* One end of a row. */
struct moment {
	int64_t local;
	struct roster_clock clock;
	bool dated; /* it has a date of its own */
};

/* Reads a time, or a date and a time ("28/03/2027 20:00"), which is then on that date and not on ${day}. */
static bool
read_moment(const struct row_times *r, const char *field, int64_t day, struct moment *out)
{
	struct slice text = slice_of(field);

	*out = (struct moment){.dated = false};
	if (roster_clock_read(text, &out->clock)) {
		out->local = day * DAY + out->clock.seconds;
		return true;
	}
	for (size_t at = 0; at + 1 < text.len; at++) {
		/* Dates may have blanks in them, and so may times: "7 Dec 2026 9:30 AM". */
		if ((text.at[at] != ' ' && text.at[at] != 'T') ||
		    !roster_day(slice_trim((struct slice){text.at, at}), r->order, &day) ||
		    !roster_clock_read(
			(struct slice){text.at + at + 1, text.len - at - 1}, &out->clock))
			continue;
		out->dated = true;
		out->local = day * DAY + out->clock.seconds;
		return true;
	}
	return false;
}

/* A time without a date needs the date of the row. */
static bool
read_time(const struct row_times *r, const char *field, int64_t day, struct moment *out)
{
	return read_moment(r, field, day == INSTANT_NONE ? 0 : day, out) &&
	       (out->dated || day != INSTANT_NONE);
}

/* Reads a day of leave: nothing or a bare date is the whole day. ${end}: give the end of that day. */
static bool
read_day(const struct row_times *r, const char *field, int64_t day, bool end, int64_t *local)
{
	if (*field != '\0' && !roster_day(slice_of(field), r->order, &day))
		return false;
	if (day == INSTANT_NONE)
		return false;
	*local = (day + end) * DAY;
	return true;
}

static void
fail(struct row_times *r, enum fault fault, const char *what, const char *more, int64_t day)
{
	struct fault_at at = FAULT_EVENT(r->uid, r->row->line);
	const struct zone *zone = r->titles->options->zone;

	if (r->quiet)
		return;
	if (day != INSTANT_NONE) {
		at.start = zone_instant(zone, day * DAY, NULL);
		/* The shift may begin on its day and end on the next; that time is unknown, not a
		 * gap. */
		at.end = zone_instant(zone, (day + 2) * DAY, NULL);
	}
	fault_note(r->faults, fault, at, what, more);
}

static const char *
hours_text(struct row_times *r)
{
	const struct reading_shift_code *code = r->code;

	return arena_printf(r->titles->arena, "%02d:%02d to %02d:%02d", code->from / 3600,
	    code->from / 60 % 60, code->to / 3600, code->to / 60 % 60);
}

/* The hours of a row without times: those of its shift code. An absence is the whole day. */
static bool
times_by_code(struct row_times *r, int64_t day, int64_t *start, int64_t *end)
{
	const struct reading_shift_code *code = r->code;

	if (code == NULL) {
		fail(r, FAULT_ROW_CODE, r->row->field[ROSTER_SHIFT], NULL, day);
		return false;
	}
	*start = day * DAY;
	*end = *start + DAY;
	if (code->kind == READING_CODE_HOURS) {
		*start += code->from;
		*end = day * DAY + code->to + (code->to <= code->from ? DAY : 0);
	}
	return true;
}

/* If the row's times differ from those of its code, the written times count, and a fault is noted. */
static void
compare_with_code(struct row_times *r, int64_t start, int64_t end)
{
	const struct reading_shift_code *code = r->code;
	int64_t lasts;

	if (code == NULL || code->kind != READING_CODE_HOURS)
		return;
	lasts = code->to - code->from + (code->to <= code->from ? DAY : 0);
	if (!r->quiet && (civil_second_of_day(start) != code->from || end - start != lasts))
		fault_note(r->faults, FAULT_ROW_CODE_TIMES, FAULT_EVENT(r->uid, r->row->line),
		    r->row->field[ROSTER_SHIFT], hours_text(r));
}

static bool
is_blank(const char *field)
{
	return slice_trim(slice_of(field)).len == 0;
}

/* Makes an end at 23:59 midnight: many programs cannot write 24:00. */
static void
correct_end(struct row_times *r)
{
	int64_t left = DAY - civil_second_of_day(r->end);

	/* From 23:59 to 23:59 is no shift that ends at midnight. */
	if ((left != MINUTE && left != 1) || r->end == r->start)
		return;
	r->end += left;
	if (!r->quiet)
		fault_note(
		    r->faults, FAULT_ENDS_2359, FAULT_EVENT(r->uid, r->row->line), NULL, NULL);
}

/* Some programs write 00:00 twice for a person who does not work, others for a whole day. Only a shift code
 * that says so makes it a whole day. */
static bool
are_midnights(const struct row_times *r)
{
	const struct reading_shift_code *code = r->code;
	bool whole = code != NULL && code->kind == READING_CODE_HOURS &&
		     (code->to == code->from || code->to - code->from == DAY);

	return r->start == r->end && r->start % DAY == 0 && !whole;
}

static bool
read_day_of_row(struct row_times *r, int64_t *day)
{
	const char *date = r->row->field[ROSTER_DATE];

	/* Leave may have a first and a last day in place of a date; a cell of a grid has none of its own. */
	if (r->titles->options->absences && *date == '\0' && r->row->grid.at == 0)
		return true;
	if (roster_day(roster_day_part(date), r->order, day))
		return true;
	fail(r, FAULT_ROW_DATE, date, NULL, INSTANT_NONE);
	return false;
}

/* "09:00-17:00" in the column of the start, and no end. */
static bool
read_range(struct row_times *r, int64_t day, struct moment *start, struct moment *end)
{
	const struct roster_row *row = r->row;

	if (day == INSTANT_NONE || !is_blank(row->field[ROSTER_END]) ||
	    !roster_range_read(slice_of(row->field[ROSTER_START]), &start->clock, &end->clock))
		return false;
	start->local = day * DAY + start->clock.seconds;
	end->local = day * DAY + end->clock.seconds;
	return true;
}

/* Whether both times are of a certain half of the day. */
static bool
are_certain(struct row_times *r, const struct moment *start, const struct moment *end, int64_t day)
{
	const struct roster_row *row = r->row;

	if (end->dated ? !start->clock.half || !end->clock.half || r->by_24
		       : roster_clocks_agree(&start->clock, &end->clock, r->by_24))
		return true;
	fail(r, FAULT_ROW_CLOCK, row->field[ROSTER_START], row->field[ROSTER_END], day);
	return false;
}

/* The two times of a row that is no leave. */
static bool
read_both(struct row_times *r, int64_t day, bool *dated)
{
	const struct roster_row *row = r->row;
	struct moment start = {.local = 0}, end = {.local = 0};

	if (!read_range(r, day, &start, &end)) {
		if (!read_time(r, row->field[ROSTER_START], day, &start)) {
			fail(r, FAULT_ROW_TIME, "start", row->field[ROSTER_START], day);
			return false;
		}
		if (!read_time(r, row->field[ROSTER_END], day, &end)) {
			fail(r, FAULT_ROW_TIME, "end", row->field[ROSTER_END], day);
			return false;
		}
	}
	/* The night that begins it is of this day or of the next. */
	if (start.clock.seconds == DAY) {
		fail(r, FAULT_ROW_TIME, "start", row->field[ROSTER_START], day);
		return false;
	}
	r->start = start.local;
	r->end = end.local;
	*dated = end.dated;
	return are_certain(r, &start, &end, day);
}

static bool
read_leave(struct row_times *r, int64_t day, bool *dated)
{
	const struct roster_row *row = r->row;
	struct moment moment;

	/* A date in the column Start is a whole day; only if it is none is it a time. */
	if (!read_day(r, row->field[ROSTER_START], day, false, &r->start)) {
		if (!read_time(r, row->field[ROSTER_START], day, &moment)) {
			fail(r, FAULT_ROW_TIME, "start", row->field[ROSTER_START], day);
			return false;
		}
		r->start = moment.local;
	}
	/* A day of leave says its own end, which is not moved to the next day. */
	*dated = read_day(r, row->field[ROSTER_END], day, true, &r->end);
	if (*dated)
		return true;
	if (!read_time(r, row->field[ROSTER_END], day, &moment)) {
		fail(r, FAULT_ROW_TIME, "end", row->field[ROSTER_END], day);
		return false;
	}
	r->end = moment.local;
	*dated = moment.dated;
	return true;
}

/* Whether start and end make a shift, after an end without a date was put on the right day. ${dated}: the end
 * has a date of its own, so it is not moved. */
static bool
settle(struct row_times *r, int64_t day, bool dated)
{
	bool absences = r->titles->options->absences;

	correct_end(r);
	r->midnights = !absences && !dated && are_midnights(r);
	if ((!dated && r->end <= r->start) ||
	    (absences && r->end == r->start && r->start % DAY == 0))
		r->end += DAY; /* a night shift is written on the day it starts */
	if (r->end > r->start &&
	    r->end - r->start <= (absences ? LEAVE_MAX_DAYS : SHIFT_MAX_DAYS) * DAY) {
		compare_with_code(r, r->start, r->end);
		return true;
	}
	fail(
	    r, r->end <= r->start ? FAULT_END_BEFORE_START : FAULT_TOO_LONG_EVENT, NULL, NULL, day);
	return false;
}

static bool
differ(const struct reading_hours *a, const struct reading_hours *b)
{
	return a->from != b->from || a->to != b->to;
}

static int64_t
end_of(const struct reading_hours *hours)
{
	return hours->to + (hours->to <= hours->from ? DAY : 0);
}

/* The file may know a bank holiday that the rota's own list has not, as one of Scotland. */
static bool
says_holiday(const struct roster_row *row)
{
	struct roster_date date;

	return roster_date_read(roster_day_part(row->field[ROSTER_DATE]), &date) && date.holiday;
}

/* The hours of a cell of a grid: those of the duty, which may be others on a weekend and on a bank holiday. On a bank
 * holiday in the week either may hold, if nobody has said which; the shorter must not be covered by the longer. */
static void
times_of_grid(struct row_times *r, int64_t day)
{
	const struct roster_cell_shift *grid = &r->row->grid;
	const struct reading_hours *hours =
	    grid->weekend.set && civil_weekday(day) >= SATURDAY ? &grid->weekend : &grid->hours;
	bool holiday = roster_is_bank_holiday(r->titles->options, day) || says_holiday(r->row);

	if (holiday && grid->bank_holiday.set)
		hours = &grid->bank_holiday;
	r->start = day * DAY + hours->from;
	r->end = day * DAY + end_of(hours);
	r->holiday = holiday && hours == &grid->hours && grid->weekend.set &&
		     differ(&grid->hours, &grid->weekend);
	if (!r->holiday)
		return;
	if (grid->weekend.from < hours->from)
		r->start = day * DAY + grid->weekend.from;
	if (end_of(&grid->weekend) > end_of(hours))
		r->end = day * DAY + end_of(&grid->weekend);
}

bool
row_times_read(struct row_times *r)
{
	const struct roster_row *row = r->row;
	bool dated = false;
	int64_t day = INSTANT_NONE;

	/* An unquoted comma in a name shifts every field after it, so that no field can be
	 * trusted. */
	if (!row->fits) {
		fail(r, FAULT_ROW_SHORT, arena_printf(r->titles->arena, "%zu", row->nfields),
		    arena_printf(r->titles->arena, "%zu", row->ncolumns), INSTANT_NONE);
		return false;
	}
	if (!read_day_of_row(r, &day))
		return false;
	if (day != INSTANT_NONE)
		day += row->grid.offset;
	if (row->grid.timed) {
		times_of_grid(r, day);
		return true;
	}
	/* Only if both times are missing: one alone is a mistake, and the code's hours would hide it. */
	if (!r->titles->options->absences && is_blank(row->field[ROSTER_START]) &&
	    is_blank(row->field[ROSTER_END]) && !is_blank(row->field[ROSTER_SHIFT]))
		return times_by_code(r, day, &r->start, &r->end);
	return (r->titles->options->absences ? read_leave(r, day, &dated)
					     : read_both(r, day, &dated)) &&
	       settle(r, day, dated);
}

static bool
is_ambiguous(const char *field)
{
	struct roster_date date;

	return roster_date_read(roster_date_part(field), &date) && roster_date_ambiguous(&date);
}

bool
row_is_ambiguous(const struct roster_row *row)
{
	return is_ambiguous(row->field[ROSTER_DATE]) || is_ambiguous(row->field[ROSTER_START]) ||
	       is_ambiguous(row->field[ROSTER_END]);
}

void
roster_shift_as_times(const struct titles *titles, struct roster_row *row)
{
	const char *shift = row->field[ROSTER_SHIFT];
	struct roster_clock from, to;

	if (titles->options->absences || !is_blank(row->field[ROSTER_START]) ||
	    !is_blank(row->field[ROSTER_END]) || shift_codes_find(titles, shift) != NULL ||
	    !roster_range_read(slice_trim(slice_of(shift)), &from, &to))
		return;
	row->field[ROSTER_START] = shift;
	row->shift_is_times = true;
}
