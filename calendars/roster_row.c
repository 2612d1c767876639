#include "calendars/roster_row.h"

#include <string.h>

#include "calendars/roster_date.h"
#include "calendars/roster_text.h"
#include "calendars/titles/plain.h"
#include "calendars/titles/shift_codes.h"
#include "server/base/civil.h"

#define DAY ((int64_t)86400)
#define SHIFT_MAX_DAYS 2
#define LEAVE_MAX_DAYS 366

struct reader {
	struct roster *out;
	struct titles *titles;
	struct faults *faults;
	struct table slots;
	VEC(unsigned) filled; /* how many rows of each slot came before */
	const struct roster_row *row;
	const struct reading_shift_code *code; /* of the row; NULL: none that the rota knows */
	const char *uid;
};

/* As dd/mm until the rota says otherwise. */
bool
roster_date(struct slice text, int64_t *days)
{
	struct roster_date date;

	if (!roster_date_read(text, &date) || !date.is_dmy)
		return false;
	*days = date.dmy;
	return true;
}

bool
roster_time(struct slice text, int64_t *seconds)
{
	int hour;
	int minute = 0;
	int second = 0;
	char mark;

	if (text.len == 4 && memchr(text.at, ':', 4) == NULL && memchr(text.at, '.', 4) == NULL) {
		struct slice hours = {text.at, 2};
		struct slice minutes = {text.at + 2, 2};

		if (!roster_take_digits(&hours, 2, 2, &hour) ||
		    !roster_take_digits(&minutes, 2, 2, &minute))
			return false;
		text.len = 0;
	} else if (!roster_take_digits(&text, 1, 2, &hour) ||
		   !roster_take_mark(&text, ":.", &mark) ||
		   !roster_take_digits(&text, 2, 2, &minute) ||
		   (text.len > 0 && (!roster_take_mark(&text, ":", &mark) ||
					!roster_take_digits(&text, 2, 2, &second))))
		return false;
	if (text.len > 0 || hour > 24 || minute > 59 || second != 0 || (hour == 24 && minute > 0))
		return false;
	*seconds = hour * 3600 + minute * 60;
	return true;
}

/* A time, or a date and a time ("28/03/2027 20:00"): ${local} if it has a date, else behind
 * midnight of ${day}. */
static bool
read_moment(const char *field, int64_t day, int64_t *local, bool *dated)
{
	struct slice text = slice_of(field);
	size_t space = text.len;
	int64_t time;

	while (space > 0 && text.at[space - 1] != ' ')
		space--;
	*dated = space > 0;
	if (*dated && !roster_date(slice_trim((struct slice){text.at, space}), &day))
		return false;
	if (!roster_time((struct slice){text.at + space, text.len - space}, &time))
		return false;
	*local = day * DAY + time;
	return true;
}

/* A time without a date wants a day that it is of. */
static bool
read_time(const char *field, int64_t day, int64_t *local, bool *dated)
{
	return read_moment(field, day == INT64_MIN ? 0 : day, local, dated) &&
	       (*dated || day != INT64_MIN);
}

/* Of leave: nothing or a bare date, which is the whole day. ${end}: what lies behind it. */
static bool
read_day(const char *field, int64_t day, bool end, int64_t *local)
{
	if (*field != '\0' && !roster_date(slice_of(field), &day))
		return false;
	if (day == INT64_MIN)
		return false;
	*local = (day + end) * DAY;
	return true;
}

static void
fail(struct reader *r, enum fault fault, const char *what, const char *more, int64_t day)
{
	struct fault_at at = FAULT_EVENT(r->uid, r->row->line);
	const struct zone *zone = r->titles->options->zone;

	if (day != INT64_MIN) {
		at.start = zone_instant(zone, day * DAY, NULL);
		at.end = zone_instant(zone, (day + 2) * DAY, NULL);
	}
	fault_note(r->faults, fault, at, what, more);
}

static const char *
hours_text(struct reader *r)
{
	const struct reading_shift_code *code = r->code;

	return arena_printf(r->titles->arena, "%02d:%02d to %02d:%02d", code->from / 3600,
	    code->from / 60 % 60, code->to / 3600, code->to / 60 % 60);
}

/* The hours of a row that has none written: those of its code; who is away is away all day. */
static bool
times_by_code(struct reader *r, int64_t day, int64_t *start, int64_t *end)
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

/* The times written win over those of the code, and somebody is told. */
static void
compare_with_code(struct reader *r, int64_t start, int64_t end)
{
	const struct reading_shift_code *code = r->code;
	int64_t lasts;

	if (code == NULL || code->kind != READING_CODE_HOURS)
		return;
	lasts = code->to - code->from + (code->to <= code->from ? DAY : 0);
	if (start % DAY != code->from || end - start != lasts)
		fault_note(r->faults, FAULT_ROW_CODE_TIMES, FAULT_EVENT(r->uid, r->row->line),
		    r->row->field[ROSTER_SHIFT], hours_text(r));
}

static bool
is_blank(const char *field)
{
	return slice_trim(slice_of(field)).len == 0;
}

static bool
read_times(struct reader *r, int64_t *start, int64_t *end)
{
	const struct roster_row *row = r->row;
	bool absences = r->titles->options->absences, dated = false;
	int64_t day = INT64_MIN;

	if (!row->fits) {
		fail(r, FAULT_ROW_SHORT, arena_printf(r->titles->arena, "%zu", row->nfields),
		    arena_printf(r->titles->arena, "%zu", row->ncolumns), INT64_MIN);
		return false;
	}
	if (!(absences && *row->field[ROSTER_DATE] == '\0') &&
	    !roster_date(slice_of(row->field[ROSTER_DATE]), &day)) {
		fail(r, FAULT_ROW_DATE, row->field[ROSTER_DATE], NULL, INT64_MIN);
		return false;
	}
	if (!absences && is_blank(row->field[ROSTER_START]) && is_blank(row->field[ROSTER_END]) &&
	    !is_blank(row->field[ROSTER_SHIFT]))
		return times_by_code(r, day, start, end);
	if (!(absences && read_day(row->field[ROSTER_START], day, false, start)) &&
	    !read_time(row->field[ROSTER_START], day, start, &dated)) {
		fail(r, FAULT_ROW_TIME, "start", row->field[ROSTER_START], day);
		return false;
	}
	if (absences && read_day(row->field[ROSTER_END], day, true, end)) {
		dated = true;
	} else if (!read_time(row->field[ROSTER_END], day, end, &dated)) {
		fail(r, FAULT_ROW_TIME, "end", row->field[ROSTER_END], day);
		return false;
	}
	if (!dated && *end <= *start)
		*end += DAY; /* a night shift is written on the day it starts */
	if (*end > *start && *end - *start <= (absences ? LEAVE_MAX_DAYS : SHIFT_MAX_DAYS) * DAY) {
		compare_with_code(r, *start, *end);
		return true;
	}
	fail(r, *end <= *start ? FAULT_END_BEFORE_START : FAULT_TOO_LONG_EVENT, NULL, NULL, day);
	return false;
}

/* A slot keeps its name when the person in it changes: unit, grade, shift, date and times, and
 * which of several it is. */
static const char *
make_uid(struct reader *r)
{
	static const enum roster_column slot[] = {
	    ROSTER_UNIT, ROSTER_GRADE, ROSTER_SHIFT, ROSTER_DATE, ROSTER_START, ROSTER_END};
	uint64_t hash = 0xcbf29ce484222325U;
	const char *base;
	uint32_t index;

	for (size_t i = 0; i < sizeof slot / sizeof *slot; i++) {
		for (const char *at = r->row->field[slot[i]];; at++) {
			hash = (hash ^ (unsigned char)*at) * 0x100000001b3U;
			if (*at == '\0')
				break;
		}
	}
	base = arena_printf(r->titles->arena, "roster-%016llx", (unsigned long long)hash);
	index = table_put(&r->slots, r->titles->arena, base, (uint32_t)r->filled.count);
	if (index == TABLE_NONE) {
		index = (uint32_t)r->filled.count;
		*VEC_PUSH(r->titles->arena, &r->filled) = 0;
	}
	return arena_printf(r->titles->arena, "%s-%u", base, ++r->filled.items[index]);
}

/* Whether all of ${text} is one phrase of ${word}'s kind. */
static enum word
only_word(struct titles *titles, const char *text)
{
	struct tokens tokens;
	size_t len = 0;
	enum word word;

	tokens_make(&tokens, titles->arena, text);
	if (tokens.items.count == 0)
		return WORD_NONE;
	word = lexicon_find(&titles->lexicon, &tokens, 0, &len);
	return len == tokens.items.count ? word : WORD_NONE;
}

static enum word
code_word(const struct reading_shift_code *code)
{
	switch (code->kind) {
	case READING_CODE_HOURS:
		return WORD_SHIFT;
	case READING_CODE_ABSENCE:
		return WORD_ABSENCE;
	case READING_CODE_NOISE:
		return WORD_NOISE;
	}
	return WORD_NONE;
}

static bool
is_one_of(struct slice text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (slice_is_nocase(text, *words))
			return true;
	return false;
}

enum slot_state { SLOT_FILLED, SLOT_EMPTY, SLOT_AWAY, SLOT_NOISE, SLOT_OPEN };

static enum slot_state
open_by_status(struct reader *r)
{
	fault_note(r->faults, FAULT_ROW_STATUS, FAULT_EVENT(r->uid, r->row->line),
	    r->row->field[ROSTER_STATUS], NULL);
	return SLOT_OPEN;
}

/* Of a leave calendar: leave that was asked for is not leave yet, and may never be. */
static enum slot_state
state_of_leave(struct reader *r)
{
	static const char *const granted[] = {"Approved", "Granted", "Booked", "Taken", "Agreed",
	    "Authorised", "Filled", "Confirmed", NULL};
	static const char *const refused[] = {
	    "Declined", "Rejected", "Refused", "Withdrawn", "Cancelled", "Canceled", NULL};
	struct slice status = slice_of(r->row->field[ROSTER_STATUS]);
	enum word by_status = only_word(r->titles, r->row->field[ROSTER_STATUS]);

	if (is_one_of(status, refused))
		return SLOT_EMPTY;
	if (status.len == 0 || is_one_of(status, granted) || by_status == WORD_ABSENCE ||
	    by_status == WORD_SICK)
		return SLOT_AWAY;
	return open_by_status(r);
}

static enum slot_state
state_of(struct reader *r)
{
	struct slice status = slice_of(r->row->field[ROSTER_STATUS]);
	enum word by_status = only_word(r->titles, r->row->field[ROSTER_STATUS]);
	/* What the rota says of its own codes comes before what such letters mean elsewhere. */
	enum word by_shift = r->code != NULL ? code_word(r->code)
					     : only_word(r->titles, r->row->field[ROSTER_SHIFT]);

	if (slice_is_nocase(status, "Unfilled") || slice_is_nocase(status, "Vacant") ||
	    slice_is_nocase(status, "Cancelled") || slice_is_nocase(status, "Canceled"))
		return SLOT_EMPTY;
	if (by_status == WORD_ABSENCE || by_status == WORD_SICK || by_shift == WORD_ABSENCE ||
	    by_shift == WORD_SICK)
		return SLOT_AWAY;
	if (status.len > 0 && !slice_is_nocase(status, "Filled") &&
	    !slice_is_nocase(status, "Confirmed"))
		return open_by_status(r);
	return by_shift == WORD_NOISE || by_shift == WORD_HOLIDAY ? SLOT_NOISE : SLOT_FILLED;
}

static struct title_part
part_by_state(enum slot_state state, struct title_part part)
{
	switch (state) {
	case SLOT_FILLED:
		break;
	case SLOT_EMPTY:
		part = (struct title_part){.class = READING_NOBODY};
		break;
	case SLOT_AWAY:
		if (part.class == READING_NAMED)
			part.class = READING_ABSENCE;
		else if (part.class != READING_ABSENCE)
			part = (struct title_part){.class = READING_UNDECIDED, .shown = part.shown};
		break;
	case SLOT_NOISE:
		part = (struct title_part){.class = READING_NOISE};
		break;
	case SLOT_OPEN:
		if (part.class == READING_NAMED)
			part.class = READING_TENTATIVE;
		else if (part.class != READING_TENTATIVE)
			part = (struct title_part){.class = READING_UNDECIDED, .shown = part.shown};
		break;
	}
	return part;
}

static const struct title *
read_name(struct reader *r)
{
	struct arena *arena = r->titles->arena;
	const struct title *name =
	    title_read(r->titles, roster_name_in_order(arena, r->row->field[ROSTER_NAME]));
	enum slot_state state = r->titles->options->absences ? state_of_leave(r) : state_of(r);
	struct title *title = arena_alloc(arena, sizeof *title);
	struct title_part *parts = arena_array(arena, name->nparts, sizeof *parts);

	*title = *name;
	for (size_t i = 0; i < name->nparts; i++)
		parts[i] = part_by_state(state, name->parts[i]);
	title->parts = parts;
	if (state == SLOT_EMPTY || state == SLOT_NOISE)
		title->nparts = 1;
	if (state == SLOT_AWAY)
		title->summary = arena_printf(arena, "unavailable %s", name->summary);
	else if (state == SLOT_EMPTY)
		title->summary = r->row->field[ROSTER_STATUS];
	return title;
}

static void
read_row(struct reader *r, const struct roster_row *row)
{
	struct event *event;
	const struct zone *zone = r->titles->options->zone;
	int64_t start;
	int64_t end;

	r->row = row;
	r->code = shift_codes_find(r->titles, row->field[ROSTER_SHIFT]);
	r->uid = make_uid(r);
	if (!read_times(r, &start, &end))
		return;
	event = arena_alloc(r->titles->arena, sizeof *event);
	*event = (struct event){.uid = r->uid,
	    .summary = "",
	    .line = row->line,
	    .order = (uint32_t)r->out->events.count,
	    .dtstamp = INT64_MIN,
	    .start = {WHEN_LOCAL, start, zone},
	    .lasting = {.wall = end - start},
	    .first_end = zone_instant(zone, end, NULL),
	    .title = read_name(r)};
	*VEC_PUSH(r->titles->arena, &r->out->events) = event;
}

void
roster_read_rows(
    struct roster *out, struct titles *titles, struct faults *faults, const struct rows *rows)
{
	struct reader r = {.out = out, .titles = titles, .faults = faults};
	const struct roster_row *row;

	table_init(&r.slots, titles->arena, rows->list.count);
	VEC_EACH (row, &rows->list)
		read_row(&r, row);
}
