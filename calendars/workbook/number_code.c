/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "calendars/workbook/number_format.h"
#include "server/base/text.h"

/* Codes of number formats: "dd/mm/yyyy;@". */

/* Positive numbers, negative ones, zero, texts. */
#define SECTIONS_MAX 4
#define CODE_MAX_BYTES 1000 /* Excel has 255 */
#define MARK_MAX_BYTES 8

static const struct number_section general = {
    .decimals = NUMBER_ALL_DECIMALS, .before = "", .after = ""};

struct number_format
number_format_built_in(unsigned id)
{
#define DATE (PIECE_YEAR | PIECE_MONTH | PIECE_DAY)
#define CLOCK (PIECE_HOUR | PIECE_MINUTE)
	/* ECMA-376 part 1, 18.8.30; those from 27 on are of workbooks from East Asia. */
	static const struct {
		unsigned from, to;
		struct number_section section;
	} known[] = {
#define KIND(kind, of) {.shown = (kind), .pieces = (of), .before = "", .after = ""}
	    {14, 16, KIND(NUMBER_CALENDAR, DATE)},
	    {17, 17, KIND(NUMBER_CALENDAR, PIECE_MONTH | PIECE_YEAR)},
	    {18, 21, KIND(NUMBER_TIME, CLOCK)},
	    {22, 22, KIND(NUMBER_DATE_TIME, DATE | CLOCK)},
	    {27, 31, KIND(NUMBER_CALENDAR, DATE)},
	    {32, 35, KIND(NUMBER_TIME, CLOCK)},
	    {36, 36, KIND(NUMBER_CALENDAR, DATE)},
	    {45, 45, KIND(NUMBER_TIME, PIECE_MINUTE | PIECE_SECOND)},
	    {46, 46, KIND(NUMBER_ELAPSED, CLOCK)},
	    {47, 47, KIND(NUMBER_TIME, PIECE_MINUTE | PIECE_SECOND)},
	    {50, 54, KIND(NUMBER_CALENDAR, DATE)},
	    {55, 56, KIND(NUMBER_TIME, CLOCK)},
	    {57, 58, KIND(NUMBER_CALENDAR, DATE)},
	    /* 0, 0.00, #,##0, #,##0.00 and the like, 0%, 0.00% */
	    {1, 1, {.digits = 1, .before = "", .after = ""}},
	    {2, 2, {.decimals = 2, .before = "", .after = ""}},
	    {3, 3, {.before = "", .after = ""}},
	    {4, 4, {.decimals = 2, .before = "", .after = ""}},
	    {9, 9, {.percent = true, .before = "", .after = "%"}},
	    {10, 10, {.percent = true, .decimals = 2, .before = "", .after = "%"}},
	    {37, 38, {.before = "", .after = ""}},
	    {39, 40, {.decimals = 2, .before = "", .after = ""}},
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (id >= known[i].from && id <= known[i].to)
			return (struct number_format){1, &known[i].section};
	return (struct number_format){1, &general};
}

/* What a section consists of. */
struct parts {
	struct number_section *section;
	bool elapsed;
	bool number; /* a digit of a number: 0 # ? */
	bool value;  /* something of the value is shown */
	bool blank;  /* a blank is shown */
	bool only_zeros;
	bool point, exact; /* decimals follow; it is no plain decimal number */
	unsigned zeros;
	char last;          /* the last letter of a date or time; 'h' makes a following m minutes */
	struct buf literal; /* the literal characters in hand */
	struct buf before, after;
};

/* ---- Words. */

/* What people see between the pieces of a date or a time, and what says nothing more. */
static bool
is_mark(const char *literal)
{
	static const char *const marks[] = {"st", "nd", "rd", "th", "of", "T", "h", "hrs", "hours",
	    "\xe2\x80\x93", "\xc2\xa0", "\xe5\xb9\xb4", "\xe6\x9c\x88", "\xe6\x97\xa5",
	    "\xe6\x99\x82", "\xe5\x88\x86", "\xe7\xa7\x92", NULL};
	static const char between[] = " /-.,:'";
	char one[MARK_MAX_BYTES];

	for (literal += strspn(literal, between); *literal != '\0';
	     literal += strspn(literal, between)) {
		size_t len = strcspn(literal, between);

		if (len >= sizeof one)
			return false;
		memcpy(one, literal, len);
		one[len] = '\0';
		if (!text_is_one_of(one, marks))
			return false;
		literal += len;
	}
	return true;
}

static bool
is_of_time(const struct parts *parts)
{
	return parts->section->pieces != 0;
}

/* The literal characters in hand end before a piece of the value, or at the end of the section. */
static void
end_literal(struct parts *parts)
{
	struct buf *to = parts->value ? &parts->after : &parts->before;
	const char *literal = parts->literal.at;

	if (parts->literal.len == 0)
		return;
	/* Only between the pieces of a date: "5 of" is no plain 5. */
	if (parts->value && !parts->number && is_mark(literal)) {
		buf_reset(&parts->literal);
		return;
	}
	if (to->len > 0)
		buf_add_text(to, " ");
	buf_add_text(to, literal);
	buf_reset(&parts->literal);
}

static void
add_literal(struct parts *parts, const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		parts->blank |= at[i] == ' ';
		parts->only_zeros = false;
	}
	buf_add(&parts->literal, at, len);
}

static void
begin_value(struct parts *parts)
{
	end_literal(parts);
	parts->value = true;
}

/* ---- What stands in a code. */

static void
read_condition(struct number_section *section, const char *at)
{
	size_t len = strspn(at, "<>=");

	/* Of an operator that there is not, as "<>=", no value is known to fit. */
	if (len >= sizeof section->if_is) {
		section->if_is[0] = '?';
		return;
	}
	memcpy(section->if_is, at, len);
	section->if_is[len] = '\0';
	section->if_than = strtod(at + len, NULL);
}

/* What is in brackets: a colour, a language with a currency, a condition, or elapsed hours as in [h]:mm. */
static const char *
take_bracket(const char *at, struct parts *parts)
{
	const char *end = strchr(at, ']');
	size_t len = strspn(at + 1, "hHmMsS");

	if (end == NULL)
		return at + strlen(at);
	if (len > 0 && at + 1 + len == end) {
		begin_value(parts);
		parts->elapsed = true;
		parts->last = (char)(at[1] | 0x20);
		parts->section->pieces |= parts->last == 'h'   ? PIECE_HOUR
					  : parts->last == 'm' ? PIECE_MINUTE
							       : PIECE_SECOND;
	} else if (at[1] == '$') {
		/* "[$€-407]": the currency is shown, the number of the language is not. */
		add_literal(parts, at + 2, strcspn(at + 2, "-]"));
	} else if (strchr("<>=", at[1]) != NULL) {
		read_condition(parts->section, at + 1);
	} else {
		parts->section->white |= strncasecmp(at, "[White]", 7) == 0 ||
					 strncasecmp(at, "[Color2]", 8) == 0 ||
					 strncasecmp(at, "[Color 2]", 9) == 0;
	}
	return end + 1;
}

/* A run of one letter: yyyy, mmm, dd, h. */
static const char *
take_letters(const char *at, struct parts *parts)
{
	unsigned *pieces = &parts->section->pieces;
	char letter = (char)(*at | 0x20);
	size_t len = 0;

	begin_value(parts);
	while ((at[len] | 0x20) == letter)
		len++;
	if (letter == 'y' || letter == 'e') /* the year of an era */
		*pieces |= PIECE_YEAR;
	else if (letter == 'd')
		*pieces |= len >= 3 ? PIECE_WEEKDAY : PIECE_DAY;
	else if (letter == 'm')
		/* After hours it is minutes; before seconds, too, and then there was a clock. */
		*pieces |= parts->last == 'h' ? PIECE_MINUTE : PIECE_MONTH;
	else if (letter == 'h')
		*pieces |= PIECE_HOUR;
	if (letter == 's') {
		/* mm:ss */
		if (parts->last == 'm' && (*pieces & PIECE_MINUTE) == 0)
			*pieces = (*pieces & ~(unsigned)PIECE_MONTH) | PIECE_MINUTE;
		*pieces |= PIECE_SECOND;
	}
	parts->last = letter;
	parts->only_zeros = false;
	return at + len;
}

/* "0.00E+00" has an exponent and no era, "General" and "AM/PM" are words. */
static const char *
take_word(const char *at, struct parts *parts)
{
	static const char *const words[] = {"General", "AM/PM", "A/P", "E+", "E-"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t len = strlen(words[i]);

		if (strncasecmp(at, words[i], len) != 0)
			continue;
		begin_value(parts);
		if (i == 1 || i == 2)
			parts->section->pieces |= PIECE_HOUR;
		else
			parts->number = parts->exact = true;
		parts->only_zeros = false;
		return at + len;
	}
	return NULL;
}

static const char *
take_quoted(const char *at, struct parts *parts)
{
	const char *end = strchr(at + 1, '"');
	size_t len = end == NULL ? strlen(at + 1) : (size_t)(end - at - 1);

	add_literal(parts, at + 1, len);
	return end == NULL ? at + 1 + len : end + 1;
}

/* The character after it is shown as it is, takes its width, or fills the cell. */
static const char *
take_escaped(const char *at, struct parts *parts)
{
	parts->only_zeros = false;
	if (at[1] == '\0')
		return at + 1;
	if (*at == '_' || at[1] == ' ')
		parts->blank = true;
	else
		add_literal(parts, at + 1, 1);
	if (*at == '\\' && at[1] == ' ')
		add_literal(parts, " ", 1);
	return at + 2;
}

static const char *
take_digit(const char *at, struct parts *parts)
{
	begin_value(parts);
	parts->number = true;
	parts->zeros += *at == '0';
	parts->only_zeros = parts->only_zeros && *at == '0';
	parts->section->decimals += parts->point;
	return at + 1;
}

/* A mark of a number: 0.00, #,##0, 0%, # ?/? */
static const char *
take_mark(const char *at, struct parts *parts)
{
	parts->only_zeros = false;
	if (*at == '.' && !is_of_time(parts))
		parts->point = true;
	else if (*at == '/' && parts->number)
		parts->exact = true;
	else if (*at != ',' || is_of_time(parts) || !parts->number)
		add_literal(parts, at, 1);
	parts->section->percent |= *at == '%';
	return at + 1;
}

static const char *
take(const char *at, struct parts *parts)
{
	/* Before single characters: the words are made of letters of dates and of marks. */
	const char *after = take_word(at, parts);

	if (after != NULL)
		return after;
	if (*at == '"')
		return take_quoted(at, parts);
	if (*at == '[')
		return take_bracket(at, parts);
	if (strchr("\\_*", *at) != NULL)
		return take_escaped(at, parts);
	if (strchr("yYmMdDhHsSeE", *at) != NULL)
		return take_letters(at, parts);
	if (strchr("0#?", *at) != NULL)
		return take_digit(at, parts);
	if (strchr(".,/%", *at) != NULL)
		return take_mark(at, parts);
	if (*at != '@') {
		add_literal(parts, at, 1);
		return at + 1;
	}
	begin_value(parts);
	parts->section->text = parts->number = parts->exact = true;
	return at + 1;
}

/* ---- What a section shows. */

static enum number_shown
shown_by(const struct parts *parts)
{
	unsigned pieces = parts->section->pieces;
	bool date = (pieces & (PIECE_YEAR | PIECE_MONTH | PIECE_DAY | PIECE_WEEKDAY)) != 0;
	bool time = (pieces & (PIECE_HOUR | PIECE_MINUTE | PIECE_SECOND)) != 0;

	/* Digits beside a date make it none; ss.00 has digits and is a time. */
	if (parts->number && (date || !time))
		return NUMBER_PLAIN;
	if (parts->elapsed)
		return NUMBER_ELAPSED;
	if (date || time)
		return date && time ? NUMBER_DATE_TIME : date ? NUMBER_CALENDAR : NUMBER_TIME;
	if (slice_trim((struct slice){parts->before.at, parts->before.len}).len > 0)
		return NUMBER_WORDS;
	return parts->blank ? NUMBER_UNSEEN : NUMBER_PLAIN;
}

static void
settle(struct arena *arena, struct parts *parts)
{
	struct number_section *section = parts->section;

	end_literal(parts);
	section->before = arena_strndup(
	    arena, parts->before.at != NULL ? parts->before.at : "", parts->before.len);
	section->after =
	    arena_strndup(arena, parts->after.at != NULL ? parts->after.at : "", parts->after.len);
	section->shown = shown_by(parts);
	/* In a date it is a mark as those after the first piece. */
	if (section->pieces != 0 && is_mark(section->before))
		section->before = "";
	section->digits = parts->only_zeros ? parts->zeros : 0;
	if (parts->exact || !parts->number)
		section->decimals = NUMBER_ALL_DECIMALS;
}

/* Returns where the section ends. */
static const char *
read_section(struct arena *arena, const char *at, struct number_section *section)
{
	struct parts parts = {.section = section, .only_zeros = true};
	const char *from = at;

	while (*at != '\0' && *at != ';')
		at = take(at, &parts);
	settle(arena, &parts);
	if (at == from)
		section->shown = NUMBER_UNSEEN;
	buf_free(&parts.literal);
	buf_free(&parts.before);
	buf_free(&parts.after);
	return at;
}

struct number_format
number_format_of(struct arena *arena, const char *code)
{
	static const struct number_section unknown = {
	    .shown = NUMBER_UNSEEN, .text = true, .before = "", .after = ""};
	struct number_section *sections = arena_array(arena, SECTIONS_MAX, sizeof *sections);
	size_t count = 0;

	if (*code == '\0')
		return (struct number_format){1, &general};
	if (strlen(code) > CODE_MAX_BYTES)
		return (struct number_format){1, &unknown};
	do
		code = read_section(arena, code, &sections[count++]);
	while (count < SECTIONS_MAX && *code++ == ';');
	return (struct number_format){count, sections};
}
