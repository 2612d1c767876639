/* SPDX-License-Identifier: MIT */
#include "calendars/reading.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>

#include "calendars/collection.h"
#include "calendars/ical.h"
#include "calendars/occurrences.h"
#include "calendars/roster/csv.h"
#include "calendars/titles/plain.h"
#include "calendars/version_mark.h"
#include "calendars/workbook/workbook.h"
#include "server/base/fatal.h"
#include "server/base/instant.h"

/* These names are in the database and in the API. */
static const char *const class_names[READING_CLASSES] = {
    [READING_NAMED] = "named",
    [READING_TENTATIVE] = "tentative",
    [READING_TEAM] = "team",
    [READING_NOBODY] = "nobody",
    [READING_UNDECIDED] = "undecided",
    [READING_ABSENCE] = "absence",
    [READING_NOISE] = "noise",
    [READING_CANCELLED] = "cancelled",
    [READING_UNREADABLE] = "unreadable",
};

const char *reading_class_name(enum reading_class class)
{
	INVARIANT((unsigned)class < READING_CLASSES);
	return class_names[class];
}

/* These names are in region files and in the API. */
static const char *const layout_names[READING_LAYOUTS] = {
    [READING_NO_GRID] = "",
    [READING_DATES_BY_ROLES] = "dates_by_roles",
    [READING_ROLES_BY_DATES] = "roles_by_dates",
    [READING_NAMES_BY_DATES] = "names_by_dates",
    [READING_WEEKS_BY_ROLES] = "weeks_by_roles",
    [READING_DATES_BY_HOURS] = "dates_by_hours",
};

const char *
reading_layout_name(enum reading_layout layout)
{
	INVARIANT((unsigned)layout < READING_LAYOUTS);
	return layout_names[layout];
}

bool
reading_layout_of(const char *name, enum reading_layout *out)
{
	for (int i = READING_NO_GRID + 1; i < READING_LAYOUTS; i++) {
		if (strcmp(name, layout_names[i]) == 0) {
			*out = (enum reading_layout)i;
			return true;
		}
	}
	return false;
}

void
reading_prepare(void)
{
	static const UChar london[] = u"GMT Standard Time";
	UChar iana[64];
	UErrorCode error = U_ZERO_ERROR;
	struct arena *arena = arena_new(0);

	/* libical aborts on errors by default, and the bytes are a stranger's. */
	icalerror_set_errors_are_fatal(0);
	icalerror_clear_errno();
	icaltimezone_get_utc_timezone(); /* makes libical read its list of zones, although none of
					    them is used */
	/* A name of each kind is converted once, so that ICU maps its tables now; the results do
	 * not matter. */
	ucal_getTimeZoneIDForWindowsID(london, -1, NULL, iana, 64, &error);
	plain_text(arena, "\xc3\x89");
	plain_fold(arena, SLICE("\xc3\x89"));
	arena_free(arena);
}

struct work {
	const struct reading_tools *tools;
	const struct reading_options *options;
	struct arena *arena;
	struct faults faults;
	struct titles titles;
	struct series series;
	struct occurrences occurrences;
	struct questions questions;
};

static void
lay_out(struct work *work, struct event **events, size_t count)
{
	if (work->faults.refused)
		return;
	series_make(&work->series, events, count);
	if (!work->faults.refused)
		occurrences_make(&work->occurrences, &work->titles, &work->faults,
		    work->series.instances.items, work->series.instances.count);
}

static void
read_ical(struct work *work, struct slice bytes, struct reading *out)
{
	const struct ical_with with = {.tools = work->tools,
	    .options = work->options,
	    .arena = work->arena,
	    .faults = &work->faults,
	    .questions = &work->questions};
	struct buf calendars = {0};
	struct ical ical = {.nevents = 0};

	/* What CalDAV answers has the calendars in XML. */
	if (!collection_is(bytes))
		ical_read(&ical, &with, bytes);
	else if (collection_unwrap(&calendars, &work->faults, bytes))
		ical_read(&ical, &with, (struct slice){calendars.at, calendars.len});
	buf_free(&calendars);
	out->events = ical.nevents;
	out->zone_used = ical.zone_used;
	out->calendar_name = ical.name;
	lay_out(work, ical.events.items, ical.events.count);
}

static void
read_roster(struct work *work, struct slice bytes, struct reading *out)
{
	struct roster roster;
	struct sheet sheet;

	if (workbook_begins(bytes)) {
		roster = (struct roster){.nrows = 0};
		if (workbook_read(&sheet, work->options, bytes, work->arena, &work->faults))
			sheet_read(&roster, &work->titles, &sheet, &work->faults);
	} else {
		csv_read(&roster, &work->titles, bytes, &work->faults);
	}
	out->events = roster.nrows;
	if (!work->faults.refused && roster.ndates > 0) {
		struct reading_date *dates = arena_array(work->arena, roster.ndates, sizeof *dates);

		for (size_t i = 0; i < roster.ndates; i++)
			/* Copied, since the roster ends with this function. */
			dates[i] = roster.dates[i];
		out->ambiguous_dates = true;
		out->dates = dates;
		out->ndates = roster.ndates;
	}
	out->zone_used =
	    arena_printf(work->arena, "%s (floating times)", zone_name(work->options->zone));
	lay_out(work, roster.events.items, roster.events.count);
}

void
reading_sum_up(struct reading *reading, bool endless, int64_t until)
{
	reading->first = reading->horizon = INSTANT_NONE;
	for (size_t i = 0; i < READING_CLASSES; i++)
		reading->counts[i] = 0;
	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *o = &reading->occurrences[i];

		reading->counts[o->class]++;
		/* A bank holiday in two years does not make the rota speak about two years. */
		if (o->class == READING_NOISE || o->class == READING_CANCELLED)
			continue;
		if (reading->first == INSTANT_NONE)
			reading->first = o->start;
		if (o->end > reading->horizon)
			reading->horizon = o->end;
	}
	/* A series without end speaks about the whole window, even if its last instance in it ends
	 * earlier. */
	if (endless && reading->horizon != INSTANT_NONE && reading->horizon < until)
		reading->horizon = until;
	for (size_t i = 0; i < reading->nfindings; i++)
		/* Unreadable events give no occurrence; they are counted by their findings. */
		reading->counts[READING_UNREADABLE] +=
		    reading->findings[i].level == FINDING_UNREADABLE;
}

void
reading_make(const struct reading_tools *tools, const struct reading_options *options,
    struct slice bytes, struct arena *arena, struct reading *out)
{
	struct work work = {.tools = tools,
	    .options = options,
	    .arena = arena,
	    .faults = {.arena = arena, .from = options->from, .until = options->until}};

	*out = (struct reading){.refused = false};
	work.series = (struct series){.arena = arena, .faults = &work.faults, .options = options};
	work.series.questions = &work.questions;
	questions_init(&work.questions, arena);
	titles_init(&work.titles, arena, options);
	if (options->kind == READING_CSV)
		read_roster(&work, bytes, out);
	else
		read_ical(&work, bytes, out);
	/* After everything that may note a fault. */
	fault_finish(&work.faults);
	out->refused = work.faults.refused;
	out->found = work.faults.found;
	/* A refused calendar says nothing: what was understood before the reason is dropped, so
	 * that nobody takes half of it for the whole. */
	if (out->refused) {
		out->ambiguous_dates = false;
		out->ndates = 0;
	}
	out->findings = work.faults.findings.items;
	out->nfindings = work.faults.findings.count;
	if (!out->refused && work.series.versions.count > 0) {
		/* The order of the file does not matter to versions: two exports with the same
		 * events in another order are one content. */
		qsort(work.series.versions.items, work.series.versions.count,
		    sizeof *work.series.versions.items, version_compare);
		out->versions = work.series.versions.items;
		out->nversions = work.series.versions.count;
	}
	if (!out->refused) {
		out->endless = work.occurrences.endless;
		out->occurrences = work.occurrences.list.items;
		out->noccurrences = work.occurrences.list.count;
		unknown_words_finish(&work.occurrences.unknown, out);
		questions_sort(&work.questions);
		out->unknown_zones = work.questions.zones.items;
		out->nunknown_zones = work.questions.zones.count;
	}
	reading_sum_up(out, out->endless, options->until);
}
