/* SPDX-License-Identifier: MIT */
#include "calendars/prescan.h"

#include <string.h>

#include "calendars/foreign.h"
#include "calendars/latin1.h"
#include "calendars/prescan_property.h"

/* A calendar beyond a limit is refused and not cut: the part that would be left out may hold the
 * shift that counts. */
#define EVENTS_MAX 50000
#define ZONES_MAX 500
#define PARAMETERS_MAX 100
/* More lines than this that are no content lines: the file is not a calendar, and its events should
 * not be believed because a few of them happen to parse. */
#define JUNK_MAX 1000

static enum scan_place
place_now(const struct scanner *s)
{
	return components_place(&s->components);
}

/* Events and frames (calendars and zones) go to separate buffers, so that libical can be given one
 * event at a time without its siblings. */
struct buf *
scan_target(struct scanner *s)
{
	return place_now(s) == PLACE_EVENT ? &s->scan->clean : &s->scan->frames;
}

/* Component names, all of them letters, are written in upper case: RFC 5545 compares names without
 * case, and so does the scan. */
static void
emit(struct buf *clean, const char *verb, struct slice name)
{
	buf_add_text(clean, verb);
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		c = (char)(c >= 'a' ? c - 'a' + 'A' : c);
		buf_add(clean, &c, 1);
	}
	buf_add(clean, "\r\n", 2);
}

static void
begin_calendar(struct scan *scan)
{
	*VEC_PUSH(scan->arena, &scan->calendars) =
	    (struct scan_calendar){.text = {scan->frames.len, 0}, .first = scan->events.count};
}

static struct scan_part *
begin_event(struct scan *scan)
{
	struct scan_part *event = VEC_PUSH(scan->arena, &scan->events);

	event->text.from = scan->clean.len;
	scan->calendars.items[scan->calendars.count - 1].count++;
	return event;
}

static void
on_begin(struct scanner *s, struct slice name)
{
	struct components *components = &s->components;
	enum scan_place place = components_place_of(components, name);

	if (!components_begin(components, s->scan->arena, name, s->line)) {
		scan_refuse(s, FAULT_TOO_DEEP, scan_number(s, SCAN_DEPTH_MAX), NULL);
		return;
	}
	s->part = NULL;
	if (place == PLACE_SKIPPED && slice_is_nocase(name, "VEVENT"))
		fault_note(s->scan->faults, FAULT_NESTED_EVENT, FAULT_EVENT(s->last_uid, s->line),
		    components->open[components->depth - 2].name, NULL);
	if (place == PLACE_EVENT && s->scan->events.count == EVENTS_MAX)
		scan_refuse(s, FAULT_TOO_MANY_EVENTS, scan_number(s, EVENTS_MAX), NULL);
	/* No honest calendar needs as many, and every event is compared with all of them. */
	if (place == PLACE_ZONE && s->scan->zones++ == ZONES_MAX)
		scan_refuse(s, FAULT_TOO_MANY_ZONES, scan_number(s, ZONES_MAX), NULL);
	if (place == PLACE_CALENDAR)
		begin_calendar(s->scan);
	if (place == PLACE_EVENT)
		s->part = begin_event(s->scan);
	if (place == PLACE_ONSET)
		s->part = VEC_PUSH(s->scan->arena, &s->scan->onsets);
	if (s->part != NULL)
		s->part->line = s->line;
	if (place != PLACE_SKIPPED)
		emit(scan_target(s), "BEGIN:", name);
	if (place == PLACE_ZONE)
		/* libical gives no line numbers, so a zone carries the index of its first onset
		 * through the parse as a property; ical.c takes it out again. */
		buf_printf(&s->scan->frames, SCAN_FIRST_ONSET ":%zu\r\n", s->scan->onsets.count);
}

/* Sets the end of ${text} to the end of ${buf}, and appends a NUL. */
static void
close_text(struct buf *buf, struct scan_text *text)
{
	text->len = buf->len - text->from;
	buf_add(buf, "", 1);
}

static void
on_end(struct scanner *s, struct slice name)
{
	enum scan_place place = place_now(s);
	struct buf *target = scan_target(s);

	if (!components_end(&s->components, name)) {
		scan_refuse(s, FAULT_UNBALANCED, scan_copy(s, name), scan_number(s, s->line));
		return;
	}
	if (place != PLACE_SKIPPED)
		emit(target, "END:", name);
	if (place == PLACE_EVENT)
		close_text(&s->scan->clean, &s->scan->events.items[s->scan->events.count - 1].text);
	if (place == PLACE_CALENDAR)
		close_text(
		    &s->scan->frames, &s->scan->calendars.items[s->scan->calendars.count - 1].text);
	/* After an alarm, the lines belong to its event again. */
	s->part = NULL;
	if (place_now(s) == PLACE_EVENT)
		s->part = &s->scan->events.items[s->scan->events.count - 1];
	else if (place_now(s) == PLACE_ONSET)
		s->part = &s->scan->onsets.items[s->scan->onsets.count - 1];
}

static void
on_junk(struct scanner *s)
{
	if (++s->junk > JUNK_MAX) {
		scan_refuse(s, FAULT_TOO_MUCH_JUNK, scan_number(s, JUNK_MAX), NULL);
		return;
	}
	if (s->part != NULL)
		/* Held back until the UID of the event is known: the finding names the event. */
		*VEC_PUSH(s->scan->arena, &s->part->junk) = scan_number(s, s->line);
	else
		fault_note(s->scan->faults, FAULT_JUNK_LINE, FAULT_EVENT(NULL, s->line),
		    scan_number(s, s->line), NULL);
}

/* What stands outside of any VCALENDAR. Before the first one it tells what the file is instead;
 * after the last one the calendar is complete, so that it is no more than a warning. */
static void
on_outside(struct scanner *s, struct slice text)
{
	if (s->scan->calendars.count > 0) {
		if (!s->junk_after)
			fault_note(s->scan->faults, FAULT_JUNK_AFTER,
			    FAULT_EVENT(s->last_uid, s->line), NULL, NULL);
		s->junk_after = true;
	} else if (text.at[0] == '<')
		scan_refuse(s, FAULT_HTML, NULL, NULL);
	else
		scan_refuse(s, FAULT_NO_CALENDAR, NULL, NULL);
}

/* Not UTF-8 although RFC 5545 3.1.4 asks for it: Windows-1252, which old Outlook and many exports
 * write. Decided line by line, because files exist that mix both. The finding is given once. */
static void
decode(struct scanner *s, struct slice text, struct content_line *line)
{
	if (!s->latin1)
		fault_note(s->scan->faults, FAULT_LATIN1, FAULT_EVENT(NULL, s->line), NULL, NULL);
	s->latin1 = true;
	buf_reset(&s->decoded);
	latin1_to_utf8(text, &s->decoded);
	lines_split((struct slice){s->decoded.at, s->decoded.len}, line);
}

/* Split before decoding: Windows-1252 changes no ASCII character, so the name and the colon are found
 * either way, and only the lines that are used pay for decoding. */
static void
on_property(struct scanner *s, struct slice text, struct content_line *line)
{
	const struct scan_property *property = scan_find_property(place_now(s), line->name);

	if (property == NULL)
		return;
	if (line->nparams > PARAMETERS_MAX) {
		scan_refuse(s, FAULT_TOO_MANY_PARAMETERS, scan_property_name(property),
		    scan_number(s, s->line));
		return;
	}
	if (!text_utf8_valid(text.at, text.len))
		decode(s, text, line);
	scan_property(s, property, line);
}

static void
on_line(struct scanner *s, struct slice text)
{
	struct content_line line;
	struct slice name;

	switch (components_row(&s->components, &text, &line, &name)) {
	case ROW_BEGIN:
		on_begin(s, name);
		return;
	case ROW_BARE:
		/* What is begun there may be a change, or the end, of a shift that was read. */
		scan_refuse(s, FAULT_BARE_EVENT, NULL, NULL);
		return;
	case ROW_OUTSIDE:
		on_outside(s, text);
		return;
	case ROW_END:
		on_end(s, name);
		return;
	case ROW_PROPERTY:
		on_property(s, text, &line);
		return;
	case ROW_JUNK:
		on_junk(s);
		return;
	case ROW_NOTHING:
	case ROW_SKIPPED:
		return;
	}
}

/* Checks that need only the bytes. */
static bool
look_at_bytes(struct scanner *s, struct slice *bytes)
{
	const char *nul;

	/* A byte order mark, which Windows programs put before UTF-8. */
	if (bytes->len >= 3 && memcmp(bytes->at, "\xef\xbb\xbf", 3) == 0)
		*bytes = (struct slice){bytes->at + 3, bytes->len - 3};
	if (bytes->len > SCAN_FILE_MAX_BYTES)
		scan_refuse(s, FAULT_TOO_LONG, "10 MB", NULL);
	else if (foreign_file(*bytes) != FAULT_NONE)
		scan_refuse(s, foreign_file(*bytes), NULL, NULL);
	else if (bytes->len >= 2 &&
		 (memcmp(bytes->at, "\xff\xfe", 2) == 0 || memcmp(bytes->at, "\xfe\xff", 2) == 0))
		scan_refuse(s, FAULT_UTF16, NULL, NULL);
	else if (bytes->len > 0 && (nul = memchr(bytes->at, '\0', bytes->len)) != NULL) {
		uint32_t line = 1;

		/* The remedy names the line, which the NUL would otherwise hide: most editors show
		 * nothing at it. */
		for (const char *at = bytes->at; at < nul; at++)
			line += *at == '\n';
		s->line = line;
		scan_refuse(s, FAULT_NUL, scan_number(s, line), NULL);
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
			scan_refuse(&s, FAULT_TOO_MUCH_MEMORY, NULL, NULL);
	}
	/* What follows is about the file as a whole, and not about its last line. */
	s.line = 0;
	/* A transfer that broke off and a file that was cut are alike: the last events are missing,
	 * and an event that is missing is indistinguishable from one that was deleted. So nothing
	 * of it is used. */
	if (s.components.depth > 0)
		scan_refuse(&s, FAULT_TRUNCATED, s.components.open[0].name,
		    scan_number(&s, s.components.open[0].line));
	else if (scan->calendars.count == 0)
		scan_refuse(&s, FAULT_EMPTY, NULL, NULL);
	lines_free(&lines);
	buf_free(&s.decoded);
	return !faults->refused;
}

void
scan_free(struct scan *scan)
{
	buf_free(&scan->clean);
	buf_free(&scan->frames);
}
