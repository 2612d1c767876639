/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "server/model/guard.h"

/* What a body is, seen from its first bytes: before it is read. */

static bool
starts_with(struct slice body, const char *word)
{
	size_t len = strlen(word);

	/* Letters of either case: programs write begin:vcalendar as well. */
	return body.len >= len && strncasecmp(body.at, word, len) == 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Skips a byte order mark and blank lines. */
static struct slice
skip_blank(struct slice body)
{
	if (starts_with(body, "\xef\xbb\xbf")) {
		body.at += 3;
		body.len -= 3;
	}
	while (body.len > 0 && is_blank(*body.at)) {
		body.at++;
		body.len--;
	}
	return body;
}

/* Whether a line of ${body} begins with ${word}. */
static bool
has_line(struct slice body, const char *word)
{
	size_t at;

	for (at = 0; at < body.len; at++)
		if ((at == 0 || body.at[at - 1] == '\n' || body.at[at - 1] == '\r') &&
		    starts_with((struct slice){body.at + at, body.len - at}, word))
			return true;
	return false;
}

/* ${body} is not empty. */
static bool
is_web_page(struct slice body, struct slice content_type)
{
	/* A page is recognised by its first byte as well as by its type: servers send pages of
	 * errors as text/calendar. */
	return *body.at == '<' || starts_with(slice_trim(content_type), "text/html");
}

/* Recognises other files that people publish by mistake, by their first bytes. */
static const char *
other_file(struct slice body)
{
	static const struct {
		const char *magic;
		size_t len;
		const char *what;
	} files[] = {
	    {"PK\3\4", 4, "an Excel workbook or a zip file"},
	    {"\xd0\xcf\x11\xe0", 4, "an old Excel or Outlook file"},
	    {"%PDF", 4, "a PDF"},
	    {"\x1f\x8b", 2, "a compressed file"},
	    {"\xff\xfe", 2, "a file in UTF-16"},
	    {"\xfe\xff", 2, "a file in UTF-16"},
	    {"{", 1, "JSON"},
	};
	size_t i;

	for (i = 0; i < sizeof files / sizeof *files; i++)
		if (body.len >= files[i].len && memcmp(body.at, files[i].magic, files[i].len) == 0)
			return files[i].what;
	return NULL;
}

static bool
is_office_file(struct slice body)
{
	return starts_with(body, "PK\3\4") || starts_with(body, "\xd0\xcf\x11\xe0");
}

static const char *
guard_calendar(struct slice body)
{
	if (!starts_with(body, "BEGIN:VCALENDAR"))
		return "This is not a calendar: it does not begin with BEGIN:VCALENDAR. Publish or export the rota as iCalendar (.ics).";
	if (!has_line(body, "END:VCALENDAR"))
		return "The calendar breaks off before its end (there is no END:VCALENDAR). Fetch or export it again.";
	return NULL;
}

/* A roster may also be divided by semicolons, tabs or pipes. */
static bool
has_delimiter(struct slice body)
{
	static const char marks[] = ",;\t|";

	for (const char *mark = marks; *mark; mark++)
		if (memchr(body.at, *mark, body.len))
			return true;
	return false;
}

static const char *
guard_roster(struct slice body)
{
	if (starts_with(body, "BEGIN:VCALENDAR"))
		return "This is a calendar, and a roster (CSV) is expected here. Send it as text/calendar.";
	if (memchr(body.at, '\0', body.len))
		return "This is not a text file. Save the roster as CSV (UTF-8).";
	if (!has_delimiter(body))
		return "This is not a roster: no line has a comma. Save the roster as CSV with a heading line.";
	return NULL;
}

/* Excel's "Unicode text", which the reader of rosters decodes. */
static bool
is_utf16(struct slice body)
{
	return starts_with(body, "\xff\xfe") || starts_with(body, "\xfe\xff");
}

const char *
guard_body(struct arena *arena, struct slice body, struct slice content_type, bool csv)
{
	const char *expected = csv ? "roster" : "calendar", *what;

	/* Its reader knows what is in a workbook, and in words what other files are. */
	if (csv && is_office_file(body))
		return NULL;
	body = skip_blank(body);
	if (body.len == 0)
		return arena_printf(arena, "The answer is empty: no %s.", expected);
	if (!csv && starts_with(body, "BEGIN:VCALENDAR"))
		return guard_calendar(body); /* the content type is only a hint */
	if (is_web_page(body, content_type))
		return arena_printf(arena,
		    "The address answered with a web page, not a %s. It may want somebody to sign in, or the link may have been withdrawn: "
		    "publish the rota again and give the address of the %s itself.",
		    expected, expected);
	if (csv && is_utf16(body))
		return NULL;
	what = other_file(body);
	if (what)
		return arena_printf(arena, "This is %s, not a %s. Export the rota as %s.", what,
		    expected, csv ? "CSV (UTF-8)" : "iCalendar (.ics)");
	return csv ? guard_roster(body) : guard_calendar(body);
}

bool
guard_is_roster(struct slice body)
{
	/* Then the reader of rosters says what it is, if it is no workbook. */
	if (is_office_file(body) || is_utf16(body))
		return true;
	body = skip_blank(body);
	if (body.len == 0 || *body.at == '<' || starts_with(body, "BEGIN:VCALENDAR") ||
	    other_file(body) != NULL)
		return false;
	return has_delimiter(body);
}

const char *
guard_format(struct slice body, bool roster)
{
	if (!roster)
		return "text/calendar";
	return is_office_file(body)
		   ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		   : "text/csv";
}

/* The element may have a prefix, and stand after a declaration and comments. */
static bool
is_multistatus(struct slice body)
{
	struct slice begin = {body.at, body.len < 1024 ? body.len : 1024};

	return *body.at == '<' && memmem(begin.at, begin.len, "multistatus", 11) != NULL;
}

const char *
guard_collection(struct arena *arena, struct slice body, struct slice content_type)
{
	const char *why;

	body = skip_blank(body);
	if (body.len > 0 && is_multistatus(body)) {
		/* It begins with "<", and has that word. */
		while (is_blank(body.at[body.len - 1]))
			body.len--;
		return memcmp(body.at + body.len - 12, "multistatus>", 12) == 0
			   ? NULL
			   : "The collection's answer breaks off before its end.";
	}
	why = guard_body(arena, body, content_type, false);
	return why != NULL
		   ? why
		   : "The address answered with a single calendar, and not as CalDAV: take the kind ical_url for it.";
}
