/* SPDX-License-Identifier: MIT */
#include "calendars/prescan_property.h"

#include <string.h>

#include "calendars/shape.h"

/* libical 3.0.16 handles longer text wrongly. */
#define LINE_MAX_BYTES ((size_t)64 * 1024)
/* libical 3.0.16 drops the end of a longer list without saying so. */
#define VALUES_MAX 500
#define DECLINED_MAX 100 /* with more, declined is recorded as by somebody unknown */

/* The form that a property's value must have. */
enum form {
	FORM_TEXT,
	FORM_TIME,
	FORM_TIMES,   /* a list */
	FORM_PERIODS, /* a list, in which each may be a PERIOD */
	FORM_DURATION,
	FORM_RULE,
	FORM_EXRULE,
	FORM_OFFSET,
	FORM_STAMP,
	FORM_ATTENDEE,
	FORM_CATEGORY,
	FORM_PLACE,
	FORM_COMMENT,
	FORM_NOTE,
	FORM_STATUS,
	FORM_FLAG,
};

struct scan_property {
	const char *name;
	enum scan_place place;
	enum form form;
};

/* The properties that reading uses. All others are dropped before libical sees them, for two
 * reasons: libical's parsers of GEO, ATTACH and the like are code that hostile bytes need not
 * reach, and what people write in descriptions is not ours to keep: of them it only matters whether
 * they take the shift away (asides.h). */
static const struct scan_property properties[] = {
    {"DTSTART", PLACE_EVENT, FORM_TIME},
    {"DTEND", PLACE_EVENT, FORM_TIME},
    {"SUMMARY", PLACE_EVENT, FORM_TEXT},
    {"UID", PLACE_EVENT, FORM_TEXT},
    {"DTSTAMP", PLACE_EVENT, FORM_STAMP},
    {"RRULE", PLACE_EVENT, FORM_RULE},
    {"DURATION", PLACE_EVENT, FORM_DURATION},
    {"RECURRENCE-ID", PLACE_EVENT, FORM_TIME},
    {"EXDATE", PLACE_EVENT, FORM_TIMES},
    {"RDATE", PLACE_EVENT, FORM_PERIODS},
    {"EXRULE", PLACE_EVENT, FORM_EXRULE},
    {"STATUS", PLACE_EVENT, FORM_TEXT},
    {"SEQUENCE", PLACE_EVENT, FORM_TEXT},
    {"X-MICROSOFT-CDO-BUSYSTATUS", PLACE_EVENT, FORM_TEXT},
    {"X-MICROSOFT-CDO-ALLDAYEVENT", PLACE_EVENT, FORM_TEXT},
    {"ATTENDEE", PLACE_EVENT, FORM_ATTENDEE},
    {"CATEGORIES", PLACE_EVENT, FORM_CATEGORY},
    {"LOCATION", PLACE_EVENT, FORM_PLACE},
    {"COMMENT", PLACE_EVENT, FORM_COMMENT},
    {"CONTACT", PLACE_EVENT, FORM_COMMENT},
    {"DESCRIPTION", PLACE_EVENT, FORM_NOTE},
    {"X-ALT-DESC", PLACE_EVENT, FORM_NOTE},
    {"TZID", PLACE_ZONE, FORM_TEXT},
    {"DTSTART", PLACE_ONSET, FORM_TIME},
    {"RRULE", PLACE_ONSET, FORM_RULE},
    {"RDATE", PLACE_ONSET, FORM_TIMES},
    {"TZOFFSETFROM", PLACE_ONSET, FORM_OFFSET},
    {"TZOFFSETTO", PLACE_ONSET, FORM_OFFSET},
    {"METHOD", PLACE_CALENDAR, FORM_TEXT},
    {"CALSCALE", PLACE_CALENDAR, FORM_TEXT},
    {"X-WR-CALNAME", PLACE_CALENDAR, FORM_TEXT},
    {"X-WR-CALDESC", PLACE_CALENDAR, FORM_TEXT},
    {"NAME", PLACE_CALENDAR, FORM_TEXT}, /* RFC 7986 5.1 */
    {"X-WR-TIMEZONE", PLACE_CALENDAR, FORM_TEXT},
};

/* X-ROTA-SHIFT-STATUS and X-CANCELLED, as programs of rotas write them. */
static const struct scan_property own_status = {"X-…STATUS", PLACE_EVENT, FORM_STATUS};
static const struct scan_property own_flag = {"X-…", PLACE_EVENT, FORM_FLAG};

const char *
scan_number(struct scanner *s, uint32_t value)
{
	return arena_printf(s->scan->arena, "%u", value);
}

void
scan_refuse(struct scanner *s, enum fault fault, const char *what, const char *more)
{
	fault_note(s->scan->faults, fault, FAULT_EVENT(NULL, s->line), what, more);
}

const char *
scan_copy(struct scanner *s, struct slice slice)
{
	return arena_strndup(s->scan->arena, slice.at, slice.len);
}

const struct scan_property *
scan_find_property(enum scan_place place, struct slice name)
{
	for (size_t i = 0; i < sizeof properties / sizeof *properties; i++) {
		if (properties[i].place == place && slice_is_nocase(name, properties[i].name))
			return &properties[i];
	}
	if (place != PLACE_EVENT || !scan_is_own(name))
		return NULL;
	return scan_is_status(name) ? &own_status : &own_flag;
}

/* The first fault of a component is the one to fix; later ones often follow from it. */
static void
part_fault(struct scanner *s, enum fault fault, const char *what, const char *more)
{
	if (s->part->fault != FAULT_NONE)
		return;
	s->part->fault = fault;
	s->part->what = what;
	s->part->more = more;
}

/* Writes ${line} with the parameters that reading uses. VALUE is written by the form of the values,
 * because some programs state it wrongly. */
static void
emit_line(struct scanner *s, const struct scan_property *property, const struct content_line *line,
    struct slice value, const char *value_param)
{
	struct buf *clean = scan_target(s);
	struct slice tzid = lines_param(line, "TZID");
	struct slice range = lines_param(line, "RANGE");

	buf_add_text(clean, property->name);
	buf_add_text(clean, value_param);
	if (slice_is_nocase(range, "THISANDFUTURE"))
		buf_add_text(clean, ";RANGE=THISANDFUTURE");
	else if (range.len > 0) /* RFC 5545 has withdrawn THISANDPRIOR */
		part_fault(s, FAULT_RANGE, scan_copy(s, range), NULL);
	if (tzid.len > 0 && memchr(tzid.at, '"', tzid.len) == NULL) {
		buf_add_text(clean, ";TZID=\"");
		buf_add(clean, tzid.at, tzid.len);
		buf_add_text(clean, "\"");
	}
	buf_add_text(clean, ":");
	buf_add(clean, value.at, value.len);
	buf_add_text(clean, "\r\n");
}

/* Splits at the last colon. Values of times have no colon, so everything before it is parameters:
 * some programs write TZID=(UTC+00:00) Dublin or TZID=tzone://Microsoft/Utc without quotes. */
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

/* libical drops a PERIOD that may not be one without a finding: an EXDATE that is dropped would let its
 * shift count. */
static enum shape
shape_for(const struct scan_property *property, struct slice value)
{
	enum shape shape = shape_of_time(value);

	return shape == SHAPE_PERIOD && property->form != FORM_PERIODS ? SHAPE_BAD : shape;
}

/* Checks each value of a list and writes it as a line of its own, because libical cuts long lists
 * short. */
static void
on_times(struct scanner *s, const struct scan_property *property, const struct content_line *line)
{
	struct slice rest = slice_trim(line->value);
	unsigned count = 0;

	if (rest.len == 0 && (property->form == FORM_TIMES || property->form == FORM_PERIODS))
		return; /* RFC 5545 does not allow an empty list; it names no dates */
	do {
		const char *comma = memchr(rest.at, ',', rest.len);
		size_t len = comma != NULL ? (size_t)(comma - rest.at) : rest.len;
		struct slice value = slice_trim((struct slice){rest.at, len});
		enum shape shape = shape_for(property, value);
		bool last = comma == NULL;

		if (++count > VALUES_MAX) {
			scan_refuse(
			    s, FAULT_TOO_MANY_VALUES, property->name, scan_number(s, s->line));
			return;
		}
		/* DTSTAMP only orders versions of an event. A bad one is worth less than the event:
		 * it is dropped, and the event has no stamp. */
		if (shape == SHAPE_BAD && property->form != FORM_STAMP)
			part_fault(s, FAULT_NOT_A_DATE, property->name, scan_copy(s, value));
		else if (shape != SHAPE_BAD) {
			/* RFC 5545 compares without case, and shape.c takes "t" and "z"; libical
			 * takes capitals only. */
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

/* Doubles a backslash that begins none of the five escapes of RFC 5545 3.3.11. libical would drop
 * it and part of the next character. */
static struct slice
correct_escapes(struct scanner *s, struct slice text)
{
	char *fixed;
	size_t len = 0;

	if (memchr(text.at, '\\', text.len) == NULL)
		return text;
	fixed = arena_alloc(s->scan->arena, 2 * text.len);
	for (size_t i = 0; i < text.len; i++) {
		bool escapes = text.at[i] == '\\' && i + 1 < text.len &&
			       strchr("\\;,nN\"", text.at[i + 1]) != NULL;

		fixed[len++] = text.at[i];
		if (escapes)
			fixed[len++] = text.at[++i];
		else if (text.at[i] == '\\')
			fixed[len++] = '\\';
	}
	return (struct slice){fixed, len};
}

static void
on_text(struct scanner *s, const struct scan_property *property, const struct content_line *line)
{
	struct content_line bare = *line;

	if (line->value.len > LINE_MAX_BYTES) {
		scan_refuse(s, FAULT_LINE_TOO_LONG, property->name, scan_number(s, s->line));
		return;
	}
	/* For findings about lines that belong to no event. */
	if (strcmp(property->name, "UID") == 0)
		s->last_uid = scan_copy(s, slice_trim(line->value));
	/* An empty property is as good as none; libical would put an X-LIC-ERROR in its place. */
	if (slice_trim(line->value).len == 0)
		return;
	/* Parameters of text (LANGUAGE, ALTREP, ENCODING) do not change what it says. */
	bare.params.len = 0;
	emit_line(s, property, &bare, correct_escapes(s, line->value), "");
}

static void
on_attendee(struct scanner *s, const struct content_line *line)
{
	const char *who;

	/* An all-staff invitation may have thousands of attendees. Past the limit one entry
	 * "somebody unknown" stands for the rest, which errs towards undecided. */
	if (s->part->declined.count > DECLINED_MAX ||
	    (who = scan_attendee(s->scan->arena, line)) == NULL)
		return;
	if (s->part->declined.count == DECLINED_MAX)
		who = "";
	*VEC_PUSH(s->scan->arena, &s->part->declined) = who;
}

void
scan_property(
    struct scanner *s, const struct scan_property *property, const struct content_line *line)
{
	struct slice value = slice_trim(line->value);
	struct content_line times;

	/* Noted even if its value cannot be read: the event is then a change of some shift, never a
	 * series of its own. */
	if (strcmp(property->name, "RECURRENCE-ID") == 0)
		s->part->override = true;
	switch (property->form) {
	case FORM_TEXT:
		on_text(s, property, line);
		break;
	case FORM_TIME:
	case FORM_TIMES:
	case FORM_PERIODS:
	case FORM_STAMP:
		times = split_at_last_colon(line);
		on_times(s, property, &times);
		break;
	case FORM_DURATION:
		if (shape_is_duration(value))
			emit_line(s, property, line, value, "");
		else
			part_fault(s, FAULT_NOT_A_DURATION, scan_copy(s, value), NULL);
		break;
	case FORM_OFFSET:
		if (shape_is_offset(value))
			emit_line(s, property, line, value, "");
		else
			part_fault(s, FAULT_ZONE_UNSAFE, "", "its offsets cannot be read");
		break;
	/* Rules do not go into the clean copy. libical 3.0.16 never returns from some, and reads
	 * others as a single event without saying so. */
	case FORM_RULE:
		if (value.len > LINE_MAX_BYTES)
			scan_refuse(
			    s, FAULT_LINE_TOO_LONG, property->name, scan_number(s, s->line));
		else
			*VEC_PUSH(s->scan->arena, &s->part->rules) = scan_copy(s, value);
		break;
	/* RFC 5545 has withdrawn EXRULE. A program that still writes one excludes shifts by it, so
	 * the event cannot be read without it. */
	case FORM_EXRULE:
		s->part->exrule = true;
		break;
	case FORM_CATEGORY:
		scan_aside(s, ASIDE_CATEGORY, line);
		break;
	case FORM_PLACE:
		scan_aside(s, ASIDE_PLACE, line);
		break;
	case FORM_COMMENT:
		scan_aside(s, ASIDE_COMMENT, line);
		break;
	case FORM_NOTE:
		scan_aside(s, ASIDE_NOTE, line);
		break;
	case FORM_STATUS:
		scan_aside(s, ASIDE_STATUS, line);
		break;
	case FORM_FLAG:
		if (line->value.len <= SCAN_FLAG_BYTES_MAX)
			scan_aside(s, ASIDE_FLAG, line);
		break;
	case FORM_ATTENDEE:
		on_attendee(s, line);
		break;
	}
}

const char *
scan_property_name(const struct scan_property *property)
{
	return property->name;
}

enum scan_kind
scan_property_kind(const struct scan_property *property)
{
	switch (property->form) {
	case FORM_NOTE:
		return SCAN_NOTE;
	case FORM_COMMENT:
	case FORM_PLACE:
	case FORM_STATUS:
		return SCAN_REMARK;
	case FORM_CATEGORY:
		return SCAN_LIST;
	case FORM_ATTENDEE:
		return SCAN_INVITED;
	case FORM_FLAG:
		return SCAN_ANSWER;
	default:
		break;
	}
	if (strcmp(property->name, "SUMMARY") == 0)
		return SCAN_TITLE;
	if (strcmp(property->name, "X-WR-CALDESC") == 0)
		return SCAN_NOTE;
	return property->place == PLACE_CALENDAR && (strcmp(property->name, "X-WR-CALNAME") == 0 ||
							strcmp(property->name, "NAME") == 0)
		   ? SCAN_NAME
		   : SCAN_AS_IT_IS;
}
