/* SPDX-License-Identifier: MIT */
#include "tests/unit/calendars/support.h"

#include "calendars/kept.h"
#include "calendars/kept_note.h"
#include "calendars/wire/wire_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/fatal.h"
#include "tests/support/rounds.h"

static const char *const jj[] = {"JJ", "Jo", NULL};
static const struct reading_person people[] = {
    {"jo-jones", "J Jones", jj},
    {"kay-lee", "Kay Lee", NULL},
    {"a-smith", "A Smith", NULL},
    {"p-raman", "Priya Raman", NULL},
    {"d-oneill", "D O'Neill", NULL},
    {"p-patel", "P Patel", NULL},
    {"c-chen", "C Chen", NULL},
    {"m-okafor", "M Okafor", NULL},
    {"b-adeyemi", "B Adeyemi", NULL},
    {"t-brown", "T Brown", NULL},
    {"h-lee", "H Lee", NULL},
    {"n-mbeki", "N Mbeki", NULL},
    {"g-gill", "G Gill", NULL},
    {"w-nowak", "W Nowak", NULL},
    {"f-osei", "F Osei", NULL},
    {"s-ahmed", "S Ahmed", NULL},
    {"j-berg", "Jan van der Berg", NULL},
    {"e-bhriain", "\xc3\x89ilis N\xc3\xad Bhriain", NULL},
    {"o-hassan", "O Al-Hassan", NULL},
    {"r-green-1", "R Green", NULL},
    {"r-green-2", "R Green", NULL},
    {"j-day", "J Day", NULL},
    {"j-bull", "J Bull", NULL},
};
static const char *const known_names[] = {
    "Fenmere County Council", "ZFC", "Holt Medical", "Alderbrook", NULL};
const char *const support_every_crew[SUPPORT_CREWS + 1] = {"camhs_crisis", "Liaison team",
    "fenmere-htt", "136 suite", "Street triage", "MHSOP", "Perinatal", "Access team", NULL};
static const char *const teams[] = {"Trafalgar team", "EDT", NULL};

const struct zonedb *
support_zones(void)
{
	static struct zonedb *db;

	if (db == NULL && zonedb_open("/usr/share/zoneinfo", &db) != STATUS_OK)
		fatal("no zones on this machine");
	return db;
}

struct reading_options
support_options(void)
{
	return (struct reading_options){
	    .kind = READING_ICALENDAR,
	    .from = support_instant("20260101T000000Z"),
	    .until = support_instant("20270101T000000Z"),
	    .zone = zonedb_find(support_zones(), "Europe/London"),
	    .team_names = teams,
	    .known_names = known_names,
	    .own_names = support_every_crew,
	    .people = people,
	    .npeople = sizeof people / sizeof *people,
	    .directory = true,
	};
}

/* ${reading} as it crosses the border of processes. */
static struct buf
packed(const struct reading *reading)
{
	struct buf answer = {0};

	wire_pack_answer(&answer, reading);
	return answer;
}

/* The content of an event has its title as it is written. */
static void
forget_contents(struct reading *reading, struct arena *arena)
{
	struct reading_version *versions =
	    arena_array(arena, reading->nversions + 1, sizeof *versions);

	for (size_t i = 0; i < reading->nversions; i++) {
		versions[i] = reading->versions[i];
		versions[i].content = 0;
	}
	reading->versions = versions;
}

/* Of somebody who is away, nothing but that is shown of the title. */
static void
forget_leave(struct reading *reading, struct arena *arena)
{
	struct reading_occurrence *occurrences =
	    arena_array(arena, reading->noccurrences + 1, sizeof *occurrences);

	for (size_t i = 0; i < reading->noccurrences; i++) {
		occurrences[i] = reading->occurrences[i];
		if (occurrences[i].class == READING_ABSENCE ||
		    occurrences[i].class == READING_CANCELLED)
			occurrences[i].summary = "";
	}
	reading->occurrences = occurrences;
}

static bool
is_same(struct buf a, struct buf b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* The first occurrence and the first finding that differ: of thousands, which? */
static void
print_difference(const struct reading *a, const struct reading *b)
{
	for (size_t i = 0; i < a->noccurrences && i < b->noccurrences; i++) {
		const struct reading_occurrence *x = &a->occurrences[i], *y = &b->occurrences[i];

		if (strcmp(x->key, y->key) != 0 || strcmp(x->summary, y->summary) != 0 ||
		    x->class != y->class) {
			print_message("%s \"%s\" %s is kept as %s \"%s\" %s\n", x->key, x->summary,
			    reading_class_name(x->class), y->key, y->summary,
			    reading_class_name(y->class));
			break;
		}
	}
	for (size_t i = 0; i < a->nfindings && i < b->nfindings; i++) {
		const struct reading_finding *x = &a->findings[i], *y = &b->findings[i];

		if (x->line != y->line || strcmp(x->text, y->text) != 0) {
			print_message("line %u: %s\nis kept as line %u: %s\n", x->line, x->text,
			    y->line, y->text);
			break;
		}
	}
}

/* A name that is a mail address is not kept. */
static const char *
kept_name(const char *name)
{
	return name == NULL || *name == '\0' || kept_is_address(slice_of(name)) ? NULL : name;
}

static bool
has_shift(const struct reading *reading, const struct reading_occurrence *wanted)
{
	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *o = &reading->occurrences[i];

		if (o->class == wanted->class && o->start == wanted->start &&
		    o->end == wanted->end && strcmp(o->person, wanted->person) == 0)
			return true;
	}
	return false;
}

/* Read with ${options}, all occurrences of ${a} of the class ${class} are ones of ${b} too. */
static void
expect_among(struct arena *arena, const struct reading_options *options, struct slice a,
    struct slice b, enum reading_class class)
{
	const struct reading_tools tools = {support_zones()};
	struct reading first, second;

	reading_make(&tools, options, a, arena, &first);
	reading_make(&tools, options, b, arena, &second);
	for (size_t i = 0; i < first.noccurrences; i++)
		if (first.occurrences[i].class == class &&
		    !has_shift(&second, &first.occurrences[i]))
			fail_msg("%s of line %u of\n%.*s\nis not in\n%.*s",
			    first.occurrences[i].person, first.occurrences[i].line, (int)a.len,
			    a.at, (int)b.len, b.at);
}

const char *
support_kept_roster(struct arena *arena, const struct reading_options *options, struct slice bytes)
{
	const struct reading_tools tools = {support_zones()};
	struct reading_options duty = *options;
	struct buf kept = {0}, again = {0};
	struct slice text;

	if (!kept_roster_make(&kept, &tools, options, bytes))
		return "";
	text = (struct slice){arena_strndup(arena, kept.at, kept.len), kept.len};
	if (!kept_roster_make(&again, &tools, options, text) || !is_same(kept, again))
		fail_msg("is kept as\n%s\nand that as\n%s", text.at, again.at);
	expect_among(arena, options, bytes, text, READING_ABSENCE);
	expect_among(arena, options, text, bytes, READING_ABSENCE);
	duty.absences = false;
	expect_among(arena, &duty, text, bytes, READING_NAMED);
	buf_free(&kept);
	buf_free(&again);
	return text.at;
}

void
support_kept(
    const struct reading_options *options, struct slice bytes, const struct reading *reading)
{
	const struct reading_tools tools = {support_zones()};
	struct buf kept = {0}, again = {0}, as_before = {0}, as_kept = {0};
	struct arena *arena = arena_new(0);
	struct reading of_kept, before;

	if (options->kind == READING_CSV)
		support_kept_roster(arena, options, bytes);
	if (options->kind != READING_ICALENDAR ||
	    support_finding(reading, NULL, "too much memory")) {
		arena_free(arena);
		return;
	}
	if (!kept_make(&kept, options, bytes)) {
		if (!reading->refused)
			fail_msg("nothing is kept of %.*s", (int)bytes.len, bytes.at);
	} else {
		reading_make(&tools, options, (struct slice){kept.at, kept.len}, arena, &of_kept);
		before = *reading;
		before.calendar_name = kept_name(before.calendar_name);
		of_kept.calendar_name = kept_name(of_kept.calendar_name);
		if (strstr(kept.at, "reasonwithheld") != NULL || strstr(kept.at, "x@x") != NULL) {
			forget_contents(&before, arena);
			forget_contents(&of_kept, arena);
		}
		if (options->absences) {
			forget_leave(&before, arena);
			forget_leave(&of_kept, arena);
		}
		as_before = packed(&before);
		as_kept = packed(&of_kept);
		if (!is_same(as_before, as_kept))
			print_difference(reading, &of_kept);
		if (!is_same(as_before, as_kept))
			fail_msg("is kept as\n%s\nwhich does not read as\n%.*s", kept.at,
			    (int)bytes.len, bytes.at);
		if (!kept_make(&again, options, (struct slice){kept.at, kept.len}) ||
		    !is_same(kept, again))
			fail_msg("is kept as\n%s\nand that as\n%s", kept.at, again.at);
	}
	buf_free(&kept);
	buf_free(&again);
	buf_free(&as_before);
	buf_free(&as_kept);
	arena_free(arena);
}

struct reading
support_read_twice(struct arena *arena, const struct reading_options *options, const char *text)
{
	const struct reading_tools tools = {support_zones()};
	struct reading reading;

	reading_make(&tools, options, slice_of(text), arena, &reading);
	support_kept(options, slice_of(text), &reading);
	return reading;
}

/* Every test of readings asks what is kept as well: of every fourth calendar, since that takes as long as to read it. */
struct reading
support_read(struct arena *arena, const struct reading_options *options, const char *text)
{
	const struct reading_tools tools = {support_zones()};
	static unsigned calls;
	struct reading reading;

	if (calls++ % 4 == 0 || rounds(1) > 1)
		return support_read_twice(arena, options, text);
	reading_make(&tools, options, slice_of(text), arena, &reading);
	return reading;
}

struct reading
support_event(struct arena *arena, const struct reading_options *options, const char *lines)
{
	return support_read(arena, options,
	    arena_printf(arena,
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\n%s\r\nEND:VEVENT\r\n"
		"END:VCALENDAR\r\n",
		lines));
}

static void
add_instant(struct buf *buf, int64_t at)
{
	struct civil c = civil_of(at);

	buf_printf(
	    buf, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

const char *
support_list(struct arena *arena, const struct reading *reading)
{
	struct buf buf = {0};
	const char *list;

	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *o = &reading->occurrences[i];

		if (o->class == READING_CANCELLED)
			continue;
		if (buf.len > 0)
			buf_add_text(&buf, ";");
		add_instant(&buf, o->start);
		buf_add_text(&buf, "-");
		add_instant(&buf, o->end);
		buf_printf(&buf, " %s", o->uid);
	}
	list = arena_strndup(arena, buf.at != NULL ? buf.at : "", buf.len);
	buf_free(&buf);
	return list;
}

const char *
support_classes(struct arena *arena, const struct reading *reading)
{
	const char *list = "";

	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *o = &reading->occurrences[i];
		struct civil c = civil_of(o->start);

		list = arena_printf(arena, "%s%s%02d%02dT%02d%02d %s", list, i > 0 ? ";" : "",
		    c.month, c.day, c.hour, c.minute, reading_class_name(o->class));
	}
	return list;
}

const char *
support_spans(struct arena *arena, const struct reading *reading)
{
	const char *list = "";

	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *o = &reading->occurrences[i];
		struct civil c = civil_of(o->start), d = civil_of(o->end);

		list = arena_printf(arena, "%s%s%02d%02dT%02d%02d-%02d%02dT%02d%02d %s", list,
		    i > 0 ? ";" : "", c.month, c.day, c.hour, c.minute, d.month, d.day, d.hour,
		    d.minute, reading_class_name(o->class));
	}
	return list;
}

bool
support_finding(const struct reading *reading, const char *uid, const char *words)
{
	for (size_t i = 0; i < reading->nfindings; i++) {
		const struct reading_finding *f = &reading->findings[i];

		if (uid != NULL && (f->uid == NULL || strcmp(f->uid, uid) != 0))
			continue;
		if (strstr(f->text, words) != NULL)
			return true;
	}
	return false;
}

int64_t
support_instant(const char *text)
{
	struct civil c = {0};

	if (sscanf(text, "%4d%2d%2dT%2d%2d%2dZ", &c.year, &c.month, &c.day, &c.hour, &c.minute,
		&c.second) != 6)
		fatal("no instant: %s", text);
	return civil_seconds(&c);
}

struct reading_options
support_roster_options(void)
{
	struct reading_options options = support_options();

	options.kind = READING_CSV;
	options.date_order = READING_DATES_DMY;
	return options;
}

void
support_try(const char *head, const struct support_want *wants, size_t count,
    const struct reading_options *options)
{
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading =
		    support_read(arena, options, arena_printf(arena, "%s%s", head, wants[i].rows));
		const char *got = reading.refused ? "refused" : support_classes(arena, &reading);
		const char *first = reading.nfindings > 0 ? reading.findings[0].text : "none";
		bool found = wants[i].finding != NULL
				 ? support_finding(&reading, NULL, wants[i].finding)
				 : reading.nfindings == 0;

		/* All are shown, as one fault of the reader is seen in many. */
		if (strcmp(got, wants[i].classes) != 0 || !found) {
			print_error("%s%s\ngives %s (finding: %s)\nwants %s (finding: %s)\n", head,
			    wants[i].rows, got, first, wants[i].classes,
			    wants[i].finding != NULL ? wants[i].finding : "none");
			failed++;
		}
		arena_free(arena);
	}
	if (failed > 0)
		fail_msg("%zu of %zu rosters are read wrongly", failed, count);
}
