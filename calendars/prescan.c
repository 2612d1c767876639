#include "calendars/prescan.h"

#include <string.h>

#include "calendars/latin1.h"
#include "calendars/lines.h"
#include "calendars/shape.h"

#define FILE_MAX_BYTES ((size_t)10 * 1024 * 1024)
#define LINE_MAX_BYTES ((size_t)64 * 1024)
#define DEPTH_MAX 5
#define EVENTS_MAX 50000
#define VALUES_MAX 500
#define PARAMETERS_MAX 100
#define JUNK_MAX 1000

enum place { PLACE_OUTSIDE, PLACE_CALENDAR, PLACE_EVENT, PLACE_ZONE, PLACE_ONSET, PLACE_SKIPPED };

/* What a property's value must look like. */
enum form {
	FORM_TEXT,
	FORM_TIME,
	FORM_TIMES,
	FORM_DURATION,
	FORM_RULE,
	FORM_EXRULE,
	FORM_OFFSET,
	FORM_STAMP
};

static const struct property {
	const char *name;
	enum place place;
	enum form form;
} properties[] = {
    {"DTSTART", PLACE_EVENT, FORM_TIME},
    {"DTEND", PLACE_EVENT, FORM_TIME},
    {"SUMMARY", PLACE_EVENT, FORM_TEXT},
    {"UID", PLACE_EVENT, FORM_TEXT},
    {"DTSTAMP", PLACE_EVENT, FORM_STAMP},
    {"RRULE", PLACE_EVENT, FORM_RULE},
    {"DURATION", PLACE_EVENT, FORM_DURATION},
    {"RECURRENCE-ID", PLACE_EVENT, FORM_TIME},
    {"EXDATE", PLACE_EVENT, FORM_TIMES},
    {"RDATE", PLACE_EVENT, FORM_TIMES},
    {"EXRULE", PLACE_EVENT, FORM_EXRULE},
    {"STATUS", PLACE_EVENT, FORM_TEXT},
    {"SEQUENCE", PLACE_EVENT, FORM_TEXT},
    {"X-MICROSOFT-CDO-BUSYSTATUS", PLACE_EVENT, FORM_TEXT},
    {"TZID", PLACE_ZONE, FORM_TEXT},
    {"DTSTART", PLACE_ONSET, FORM_TIME},
    {"RRULE", PLACE_ONSET, FORM_RULE},
    {"RDATE", PLACE_ONSET, FORM_TIMES},
    {"TZOFFSETFROM", PLACE_ONSET, FORM_OFFSET},
    {"TZOFFSETTO", PLACE_ONSET, FORM_OFFSET},
    {"METHOD", PLACE_CALENDAR, FORM_TEXT},
    {"CALSCALE", PLACE_CALENDAR, FORM_TEXT},
    {"X-WR-CALNAME", PLACE_CALENDAR, FORM_TEXT},
    {"X-WR-TIMEZONE", PLACE_CALENDAR, FORM_TEXT},
};

struct open_part {
	const char *name;
	uint32_t line;
	enum place place;
};

struct scanner {
	struct scan *scan;
	struct open_part open[DEPTH_MAX];
	unsigned depth;
	uint32_t line;
	struct scan_part
	    *part; /* the innermost VEVENT, STANDARD or DAYLIGHT, while directly in it */
	const char *last_uid;
	uint32_t junk;
	bool junk_after, latin1;
	struct buf decoded;
};

static const char *
number(struct scanner *s, uint32_t value)
{
	return arena_printf(s->scan->arena, "%u", value);
}

static void
refuse(struct scanner *s, enum fault fault, const char *what, const char *more)
{
	fault_note(s->scan->faults, fault, FAULT_EVENT(NULL, s->line), what, more);
}

static const char *
copy(struct scanner *s, struct slice slice)
{
	return arena_strndup(s->scan->arena, slice.at, slice.len);
}

static enum place
place_now(const struct scanner *s)
{
	return s->depth == 0 ? PLACE_OUTSIDE : s->open[s->depth - 1].place;
}

static enum place
place_of(enum place outer, struct slice name)
{
	if (outer == PLACE_OUTSIDE && slice_is_nocase(name, "VCALENDAR"))
		return PLACE_CALENDAR;
	if (outer == PLACE_CALENDAR && slice_is_nocase(name, "VEVENT"))
		return PLACE_EVENT;
	if (outer == PLACE_CALENDAR && slice_is_nocase(name, "VTIMEZONE"))
		return PLACE_ZONE;
	if (outer == PLACE_ZONE &&
	    (slice_is_nocase(name, "STANDARD") || slice_is_nocase(name, "DAYLIGHT")))
		return PLACE_ONSET;
	return PLACE_SKIPPED;
}

static void
emit(struct scanner *s, const char *verb, struct slice name)
{
	struct buf *clean = &s->scan->clean;

	buf_add_text(clean, verb);
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		c = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
		buf_add(clean, &c, 1);
	}
	buf_add(clean, "\r\n", 2);
}

static void
on_begin(struct scanner *s, struct slice name)
{
	enum place outer = place_now(s);
	enum place place = place_of(outer, name);

	if (s->depth == DEPTH_MAX) {
		refuse(s, FAULT_TOO_DEEP, number(s, DEPTH_MAX), NULL);
		return;
	}
	s->part = NULL;
	if (place == PLACE_SKIPPED && slice_is_nocase(name, "VEVENT"))
		fault_note(s->scan->faults, FAULT_NESTED_EVENT, FAULT_EVENT(s->last_uid, s->line),
		    s->open[s->depth - 1].name, NULL);
	if (place == PLACE_EVENT && s->scan->events.count == EVENTS_MAX)
		refuse(s, FAULT_TOO_MANY_EVENTS, number(s, EVENTS_MAX), NULL);
	if (place == PLACE_CALENDAR)
		s->scan->calendars++;
	if (place == PLACE_EVENT)
		s->part = VEC_PUSH(s->scan->arena, &s->scan->events);
	if (place == PLACE_ONSET)
		s->part = VEC_PUSH(s->scan->arena, &s->scan->onsets);
	if (s->part != NULL)
		s->part->line = s->line;
	if (place != PLACE_SKIPPED)
		emit(s, "BEGIN:", name);
	if (place == PLACE_ZONE)
		buf_printf(&s->scan->clean, SCAN_FIRST_ONSET ":%zu\r\n", s->scan->onsets.count);
	s->open[s->depth++] = (struct open_part){copy(s, name), s->line, place};
}

static void
on_end(struct scanner *s, struct slice name)
{
	struct open_part *top = s->depth > 0 ? &s->open[s->depth - 1] : NULL;

	if (top == NULL || !slice_is_nocase(name, top->name)) {
		refuse(s, FAULT_UNBALANCED, copy(s, name), number(s, s->line));
		return;
	}
	if (top->place != PLACE_SKIPPED)
		emit(s, "END:", name);
	s->depth--;
	/* Back in an event behind its alarm: what follows belongs to that event again. */
	s->part = NULL;
	if (place_now(s) == PLACE_EVENT)
		s->part = &s->scan->events.items[s->scan->events.count - 1];
}

static const struct property *
find_property(enum place place, struct slice name)
{
	for (size_t i = 0; i < sizeof properties / sizeof *properties; i++) {
		if (properties[i].place == place && slice_is_nocase(name, properties[i].name))
			return &properties[i];
	}
	return NULL;
}

static void
part_fault(struct scanner *s, enum fault fault, const char *what, const char *more)
{
	if (s->part == NULL || s->part->fault != FAULT_NONE)
		return;
	s->part->fault = fault;
	s->part->what = what;
	s->part->more = more;
}

/* Writes ${line} with the parameters that matter, VALUE by what the values are and not by what they
 * are said to be. */
static void
emit_line(struct scanner *s, const struct property *property, const struct content_line *line,
    struct slice value, const char *value_param)
{
	struct buf *clean = &s->scan->clean;
	struct slice tzid = lines_param(line, "TZID");
	struct slice range = lines_param(line, "RANGE");

	buf_add_text(clean, property->name);
	buf_add_text(clean, value_param);
	if (slice_is_nocase(range, "THISANDFUTURE"))
		buf_add_text(clean, ";RANGE=THISANDFUTURE");
	if (tzid.len > 0 && memchr(tzid.at, '"', tzid.len) == NULL) {
		buf_add_text(clean, ";TZID=\"");
		buf_add(clean, tzid.at, tzid.len);
		buf_add_text(clean, "\"");
	}
	buf_add_text(clean, ":");
	buf_add(clean, value.at, value.len);
	buf_add_text(clean, "\r\n");
}

/* No time has a colon: in front of the last one all is parameters, as in TZID=(UTC+00:00) Dublin or
 * TZID=tzone://Microsoft/Utc, which some programs forget to quote. */
static struct content_line
split_at_last_colon(const struct content_line *line)
{
	struct content_line split = *line;
	const char *colon = memrchr(line->value.at, ':', line->value.len);

	if (colon == NULL)
		return split;
	split.params.len = (size_t)(colon - line->params.at);
	split.value =
	    (struct slice){colon + 1, line->value.len - (size_t)(colon + 1 - line->value.at)};
	return split;
}

/* The list of ${line}, each value checked and written as a line of its own, so that no list is ever
 * cut short. */
static void
on_times(struct scanner *s, const struct property *property, const struct content_line *line)
{
	struct slice rest = slice_trim(line->value);
	unsigned count = 0;

	if (rest.len == 0 && property->form == FORM_TIMES)
		return; /* an empty list names no dates */
	do {
		const char *comma = memchr(rest.at, ',', rest.len);
		size_t len = comma != NULL ? (size_t)(comma - rest.at) : rest.len;
		struct slice value = slice_trim((struct slice){rest.at, len});
		enum shape shape = shape_of_time(value);
		bool last = comma == NULL;

		if (++count > VALUES_MAX) {
			refuse(s, FAULT_TOO_MANY_VALUES, property->name, number(s, s->line));
			return;
		}
		if (shape == SHAPE_BAD && property->form != FORM_STAMP)
			part_fault(s, FAULT_NOT_A_DATE, property->name, copy(s, value));
		else if (shape != SHAPE_BAD) {
			char upper[48];
			size_t n = value.len < sizeof upper ? value.len : sizeof upper;

			for (size_t i = 0; i < n; i++)
				upper[i] = (char)(value.at[i] >= 'a' ? value.at[i] - 'a' + 'A'
								     : value.at[i]);
			emit_line(s, property, line, (struct slice){upper, n},
			    shape == SHAPE_DATE     ? ";VALUE=DATE"
			    : shape == SHAPE_PERIOD ? ";VALUE=PERIOD"
						    : "");
		}
		rest = last ? (struct slice){rest.at, 0}
			    : (struct slice){comma + 1, rest.len - len - 1};
		if (last)
			return;
	} while (true);
}

static void
on_text(struct scanner *s, const struct property *property, const struct content_line *line)
{
	struct content_line bare = *line;

	if (line->value.len > LINE_MAX_BYTES) {
		refuse(s, FAULT_LINE_TOO_LONG, property->name, number(s, s->line));
		return;
	}
	if (strcmp(property->name, "UID") == 0)
		s->last_uid = copy(s, slice_trim(line->value));
	if (slice_trim(line->value).len == 0)
		return;
	bare.params.len = 0;
	emit_line(s, property, &bare, line->value, "");
}

static void
on_property(struct scanner *s, const struct property *property, const struct content_line *line)
{
	struct slice value = slice_trim(line->value);
	struct content_line times;

	if (strcmp(property->name, "RECURRENCE-ID") == 0)
		s->part->override = true;
	switch (property->form) {
	case FORM_TEXT:
		on_text(s, property, line);
		break;
	case FORM_TIME:
	case FORM_TIMES:
	case FORM_STAMP:
		times = split_at_last_colon(line);
		on_times(s, property, &times);
		break;
	case FORM_DURATION:
		if (shape_is_duration(value))
			emit_line(s, property, line, value, "");
		else
			part_fault(s, FAULT_NOT_A_DURATION, copy(s, value), NULL);
		break;
	case FORM_OFFSET:
		if (shape_is_offset(value))
			emit_line(s, property, line, value, "");
		else
			part_fault(s, FAULT_ZONE_UNSAFE, "", "its offsets cannot be read");
		break;
	case FORM_RULE:
		if (value.len > LINE_MAX_BYTES)
			refuse(s, FAULT_LINE_TOO_LONG, property->name, number(s, s->line));
		else
			*VEC_PUSH(s->scan->arena, &s->part->rules) = copy(s, value);
		break;
	case FORM_EXRULE:
		s->part->exrule = true;
		break;
	}
}

static void
on_junk(struct scanner *s)
{
	if (++s->junk > JUNK_MAX) {
		refuse(s, FAULT_TOO_MUCH_JUNK, number(s, JUNK_MAX), NULL);
		return;
	}
	if (s->part != NULL)
		*VEC_PUSH(s->scan->arena, &s->part->junk) = number(s, s->line);
	else
		fault_note(s->scan->faults, FAULT_JUNK_LINE, FAULT_EVENT(NULL, s->line),
		    number(s, s->line), NULL);
}

static void
on_outside(struct scanner *s, struct slice text, const struct content_line *line)
{
	if (line != NULL && slice_is_nocase(line->name, "BEGIN") &&
	    slice_is_nocase(slice_trim(line->value), "VCALENDAR")) {
		on_begin(s, slice_trim(line->value));
		return;
	}
	if (s->scan->calendars > 0) {
		if (!s->junk_after)
			fault_note(s->scan->faults, FAULT_JUNK_AFTER,
			    FAULT_EVENT(s->last_uid, s->line), NULL, NULL);
		s->junk_after = true;
	} else if (text.at[0] == '<')
		refuse(s, FAULT_HTML, NULL, NULL);
	else if (line != NULL && slice_is_nocase(line->name, "BEGIN"))
		refuse(s, FAULT_BARE_EVENT, NULL, NULL);
	else
		refuse(s, FAULT_NO_CALENDAR, NULL, NULL);
}

static struct slice
decode(struct scanner *s, struct slice line)
{
	if (text_utf8_valid(line.at, line.len))
		return line;
	if (!s->latin1)
		fault_note(s->scan->faults, FAULT_LATIN1, FAULT_EVENT(NULL, s->line), NULL, NULL);
	s->latin1 = true;
	buf_reset(&s->decoded);
	latin1_to_utf8(line, &s->decoded);
	return (struct slice){s->decoded.at, s->decoded.len};
}

static void
on_line(struct scanner *s, struct slice text)
{
	struct content_line line;
	bool split = lines_split(text, &line);
	const struct property *property;

	if (s->depth == 0) {
		if (slice_trim(text).len > 0)
			on_outside(s, slice_trim(text), split ? &line : NULL);
		return;
	}
	if (!split) {
		if (place_now(s) != PLACE_SKIPPED && slice_trim(text).len > 0)
			on_junk(s);
	} else if (slice_is_nocase(line.name, "BEGIN"))
		on_begin(s, slice_trim(line.value));
	else if (slice_is_nocase(line.name, "END"))
		on_end(s, slice_trim(line.value));
	else if ((property = find_property(place_now(s), line.name)) == NULL)
		return;
	else if (line.nparams > PARAMETERS_MAX)
		refuse(s, FAULT_TOO_MANY_PARAMETERS, property->name, number(s, s->line));
	else if (!text_utf8_valid(text.at, text.len) && !lines_split(decode(s, text), &line))
		on_junk(s);
	else
		on_property(s, property, &line);
}

/* What can be told from the bytes alone. */
static bool
look_at_bytes(struct scanner *s, struct slice *bytes)
{
	const char *nul;

	if (bytes->len >= 3 && memcmp(bytes->at, "\xef\xbb\xbf", 3) == 0)
		*bytes = (struct slice){bytes->at + 3, bytes->len - 3};
	if (bytes->len > FILE_MAX_BYTES)
		refuse(s, FAULT_TOO_LONG, "10 MB", NULL);
	else if (bytes->len >= 2 &&
		 (memcmp(bytes->at, "\xff\xfe", 2) == 0 || memcmp(bytes->at, "\xfe\xff", 2) == 0))
		refuse(s, FAULT_UTF16, NULL, NULL);
	else if (bytes->len > 0 && (nul = memchr(bytes->at, '\0', bytes->len)) != NULL) {
		uint32_t line = 1;

		for (const char *at = bytes->at; at < nul; at++)
			line += *at == '\n';
		s->line = line;
		refuse(s, FAULT_NUL, number(s, line), NULL);
	}
	return !s->scan->faults->refused;
}

bool
scan_make(struct scan *scan, struct arena *arena, struct faults *faults, struct slice bytes)
{
	struct scanner s = {.scan = scan};
	struct lines lines;
	struct slice text;

	*scan = (struct scan){.arena = arena, .faults = faults};
	if (!look_at_bytes(&s, &bytes))
		return false;
	lines = lines_of(bytes);
	while (!faults->refused && lines_next(&lines, &text, &s.line)) {
		on_line(&s, text);
		if (arena_over(arena))
			refuse(&s, FAULT_TOO_MUCH_MEMORY, NULL, NULL);
	}
	s.line = 0;
	if (s.depth > 0)
		refuse(&s, FAULT_TRUNCATED, s.open[0].name, number(&s, s.open[0].line));
	else if (scan->calendars == 0)
		refuse(&s, FAULT_EMPTY, NULL, NULL);
	lines_free(&lines);
	buf_free(&s.decoded);
	return !faults->refused;
}

void
scan_free(struct scan *scan)
{
	buf_free(&scan->clean);
}
