/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/file.h"
#include "server/base/vec.h"
#include "tests/unit/calendars/support.h"

/*
 * Every calendar of the corpus against the answer beside it. A difference that no finding names is
 * silent: nobody would ever know. There must be none.
 */

struct window {
	int64_t from, until;
	VEC(const char *) lines;
};

struct want {
	struct arena *arena;
	const struct zone *zone;
	bool refused;
	VEC(struct window) windows;
	VEC(const char *) findings;
	VEC(const char *) may_refuse;
};

/*
 * Where we read otherwise than most programs, on purpose (calendars/README.md, "Zones"): a time
 * zone that neither the world nor the calendar defines is not taken for London's, a calendar's own
 * zone is that of its times without one, and an end at 23:59 means midnight. Each of these events
 * must be named by a finding.
 */
static const char *const departures[] = {
    "5930ad-office_365_invalid_timezone",                    /* TZID "Customized Time Zone" */
    "5fd544-issue_86_x_wr_timezone_without_time_zone_in_dt", /* X-WR-TIMEZONE of floating times */
    "7a2765-lastfm",                                         /* ends at 23:59 */
    "9537c5-issue_526_calendar_with_events",                 /* TZID "Western/Central Europe" */
    "cbefa7-germany_at_end_of_day_repeating",                /* TZID "Europe/Germany" */
    "eb75c5-issue_526_calendar_with_event_subset",           /* TZID "Western/Central Europe" */
};

struct score {
	unsigned files, agreed, silent, departed;
};

/* Of all folders together. */
static struct score whole;

static const char *
corpus_folder(void)
{
	const char *folder = getenv("CRISISCOVER_CORPUS");

	return folder != NULL ? folder : SOURCE_ROOT "/../shared/corpus";
}

static int
compare_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
contains(const char *const *items, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(items[i], text) == 0)
			return true;
	}
	return false;
}

static void
parse_line(struct want *want, char *line)
{
	char *rest = strchr(line, ' ');

	if (*line == '\0' || *line == '#')
		return;
	if (strcmp(line, "refused") == 0)
		want->refused = true;
	else if (rest == NULL)
		fail_msg("cannot read the answer: %s", line);
	else if (strncmp(line, "zone ", 5) == 0)
		want->zone = zonedb_find(support_zones(), rest + 1);
	else if (strncmp(line, "window ", 7) == 0) {
		struct window *window = VEC_PUSH(want->arena, &want->windows);

		assert_true(civil_parse_rfc3339((struct slice){rest + 1, 20}, &window->from));
		assert_true(civil_parse_rfc3339((struct slice){rest + 22, 20}, &window->until));
	} else if (strncmp(line, "finding ", 8) == 0)
		*VEC_PUSH(want->arena, &want->findings) = rest + 1;
	else if (strncmp(line, "may-refuse ", 11) == 0)
		*VEC_PUSH(want->arena, &want->may_refuse) = rest + 1;
	else
		*VEC_PUSH(want->arena, &want->windows.items[want->windows.count - 1].lines) = line;
}

static void
parse_want(struct want *want, char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")) != NULL)
		parse_line(want, line);
}

static bool
finding_names(const struct reading *reading, const char *uid)
{
	for (size_t i = 0; i < reading->nfindings; i++) {
		if (reading->findings[i].uid != NULL && strcmp(reading->findings[i].uid, uid) == 0)
			return true;
	}
	return false;
}

static const char *
uid_of(const char *line)
{
	return strchr(strchr(line, ' ') + 1, ' ') + 1;
}

static bool
wants_made_uid(const struct window *window)
{
	for (size_t i = 0; i < window->lines.count; i++) {
		if (strcmp(uid_of(window->lines.items[i]), "*") == 0)
			return true;
	}
	return false;
}

static const char *
instant_text(struct arena *arena, int64_t at)
{
	struct civil c = civil_of(at);

	return arena_printf(arena, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month, c.day, c.hour,
	    c.minute, c.second);
}

typedef VEC(const char *) lines_vec;

static void
list_occurrences(
    const struct want *want, struct window *window, const struct reading *reading, lines_vec *out)
{
	bool made = wants_made_uid(window);

	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *o = &reading->occurrences[i];
		const char *uid = made && strncmp(o->uid, "made-", 5) == 0 ? "*" : o->uid;

		if (o->class != READING_CANCELLED)
			*VEC_PUSH(want->arena, out) = arena_printf(want->arena, "%s %s %s",
			    instant_text(want->arena, o->start), instant_text(want->arena, o->end),
			    uid);
	}
	if (out->count > 1)
		qsort(out->items, out->count, sizeof *out->items, compare_text);
	if (window->lines.count > 1)
		qsort(window->lines.items, window->lines.count, sizeof *window->lines.items,
		    compare_text);
}

/* Walks both sorted lists side by side. */
static unsigned
compare_lists(const char *name, const struct want *want, const struct window *window,
    const lines_vec *got, const struct reading *reading, bool *agrees)
{
	size_t w = 0;
	size_t g = 0;
	unsigned silent = 0;
	unsigned shown = 0;

	while (w < window->lines.count || g < got->count) {
		const char *wanted = w < window->lines.count ? window->lines.items[w] : NULL;
		const char *given = g < got->count ? got->items[g] : NULL;
		int order = wanted == NULL ? 1 : given == NULL ? -1 : strcmp(wanted, given);
		const char *line = order <= 0 ? wanted : given;
		bool named;

		w += order <= 0;
		g += order >= 0;
		if (order == 0)
			continue;
		named = finding_names(reading, uid_of(line));
		if (order < 0 && named &&
		    contains(want->may_refuse.items, want->may_refuse.count, uid_of(line)))
			continue;
		*agrees = false;
		silent += !named;
		if (shown++ < 6)
			print_message("%s: %s %s%s\n", name, order < 0 ? "missing" : "extra", line,
			    named ? " (with a finding)" : "");
	}
	return silent;
}

static bool
judge(const char *name, const struct want *want, struct window *window,
    const struct reading *reading, struct score *score)
{
	lines_vec got = {0};
	bool agrees = true;

	if (want->refused != reading->refused) {
		print_message("%s: %s, wanted the contrary: %s\n", name,
		    reading->refused ? "refused" : "read",
		    reading->nfindings > 0 ? reading->findings[reading->nfindings - 1].text : "");
		score->silent += !reading->refused;
		return false;
	}
	if (want->refused)
		return reading->nfindings > 0;
	list_occurrences(want, window, reading, &got);
	score->silent += compare_lists(name, want, window, &got, reading, &agrees);
	for (size_t i = 0; i < want->findings.count; i++) {
		if (!finding_names(reading, want->findings.items[i])) {
			print_message("%s: no finding names %s\n", name, want->findings.items[i]);
			agrees = false;
		}
	}
	return agrees;
}

static void
try_calendar(const char *folder, const char *name, struct score *score)
{
	struct arena *arena = arena_new(0);
	struct want want = {.arena = arena};
	struct reading_options options = {.kind = READING_ICALENDAR};
	struct window *window;
	bool agrees = true;
	const struct reading_tools tools = {support_zones()};
	char *ics;
	char *text;
	size_t ics_len;
	size_t len;
	struct reading reading;

	assert_int_equal(
	    file_read(arena_printf(arena, "%s/%s.ics", folder, name), 20 << 20, &ics, &ics_len),
	    STATUS_OK);
	assert_int_equal(
	    file_read(arena_printf(arena, "%s/%s.want", folder, name), 20 << 20, &text, &len),
	    STATUS_OK);
	parse_want(&want, text);
	options.zone = want.zone;
	VEC_EACH (window, &want.windows) {
		options.from = window->from;
		options.until = window->until;
		reading_make(&tools, &options, (struct slice){ics, ics_len}, arena, &reading);
		support_kept(&options, (struct slice){ics, ics_len}, &reading);
		agrees = judge(name, &want, window, &reading, score) && agrees;
	}
	score->files++;
	score->agreed += agrees && want.windows.count > 0;
	score->departed +=
	    !agrees && contains(departures, sizeof departures / sizeof *departures, name);
	free(ics);
	free(text);
	arena_free(arena);
}

static void
try_folder(const char *part)
{
	struct arena *arena = arena_new(0);
	const char *folder = arena_printf(arena, "%s/%s", corpus_folder(), part);
	DIR *dir = opendir(folder);
	struct dirent *entry;
	struct score score = {.files = 0};
	VEC(const char *) names = {0};

	if (dir == NULL) {
		print_message("skipped: no corpus at %s\n", folder);
		arena_free(arena);
		skip();
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		size_t len = strlen(entry->d_name);

		if (len > 4 && strcmp(entry->d_name + len - 4, ".ics") == 0)
			*VEC_PUSH(arena, &names) = arena_strndup(arena, entry->d_name, len - 4);
	}
	closedir(dir);
	assert_true(names.count > 0);
	qsort(names.items, names.count, sizeof *names.items, compare_text);
	for (size_t i = 0; i < names.count; i++)
		try_calendar(folder, names.items[i], &score);
	print_message(
	    "%s: silent differences %u, agreement %u of %u (and %u by policy otherwise)\n", part,
	    score.silent, score.agreed, score.files, score.departed);
	arena_free(arena);
	whole.files += score.files;
	whole.agreed += score.agreed;
	whole.silent += score.silent;
	assert_int_equal(score.silent, 0);
	assert_int_equal(score.agreed + score.departed, score.files);
}

static void
the_traps_come_out_as_they_must(void **state)
{
	(void)state;
	try_folder("traps");
}

static void
public_calendars_come_out_as_others_read_them(void **state)
{
	(void)state;
	try_folder("public");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_traps_come_out_as_they_must),
	    cmocka_unit_test(public_calendars_come_out_as_others_read_them),
	};

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	if (whole.files > 0)
		print_message(
		    "corpus: silent differences %u, agreement %.1f %% (%u of %u calendars)\n",
		    whole.silent, 100.0 * whole.agreed / whole.files, whole.agreed, whole.files);
	return failed;
}
