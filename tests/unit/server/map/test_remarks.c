/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/base/text.h"
#include "server/map/changes.h"
#include "server/map/lookup.h"
#include "server/map/remarks.h"
#include "server/map/rota_builder.h"
#include "tests/unit/server/map/scene.h"
#include "tests/unit/server/model/dice.h"

/* What of reports and notes is shown, compared with a second way of finding it that reads all of them each
 * time; and that a lookup says the same of cover with them and without. */

#define NOW 1000000
#define MOST 60

/* As they were made, in that order. */
struct story {
	struct kept_report reports[MOST];
	struct kept_note notes[MOST];
	size_t nreports, nnotes;
	bool report_gone[MOST], note_gone[MOST];
};

/* Two functions: services 0 and 1 are of the first, 2 of the second. Rotas 0 and 1 are of service 0. */
static const uint32_t service_of_rota[] = {0, 0, 1, 2};
static const uint32_t function_of_service[] = {0, 0, 1};
enum { ROTAS = 4, SERVICES = 3, PEOPLE = 3, PLACES = 2 };

static struct kept_report
dice_report(struct dice *dice, int64_t id)
{
	bool line = dice_below(dice, 4) == 0;
	uint32_t rota = (uint32_t)dice_below(dice, ROTAS);
	int64_t at = NOW - dice_below(dice, 3 * 3600);

	return (struct kept_report){
	    .id = id,
	    .at = at,
	    .until = at + REPORT_STANDS_SECONDS,
	    .person = line ? REGION_NONE : (uint32_t)dice_below(dice, PEOPLE),
	    .rota = line ? REGION_NONE : rota,
	    .service = service_of_rota[rota],
	    .function = function_of_service[service_of_rota[rota]],
	    .place = 0,
	    .outcome = (uint8_t)dice_below(dice, REPORT_OUTCOMES),
	    .settled = dice_below(dice, 5) == 0,
	};
}

static struct kept_note
dice_note(struct dice *dice, int64_t id)
{
	struct kept_note note = {.id = id,
	    .at = NOW - dice_below(dice, 7200),
	    .person = REGION_NONE,
	    .rota = REGION_NONE,
	    .service = REGION_NONE,
	    .function = REGION_NONE,
	    .place = REGION_NONE,
	    .on = (uint8_t)dice_below(dice, NOTE_ONS),
	    .text = "t",
	    .account = "a",
	    .role = "r"};

	note.until = note.at + 1 + dice_below(dice, 14400);
	switch ((enum note_on)note.on) {
	case NOTE_ON_SHIFT:
		note.rota = (uint32_t)dice_below(dice, ROTAS);
		note.start = NOW + (dice_below(dice, 8) - 6) * 3600;
		note.end = note.start + 3600 * (1 + dice_below(dice, 6));
		if (dice_below(dice, 3) == 0)
			note.team = "hub";
		else
			note.person = (uint32_t)dice_below(dice, PEOPLE);
		break;
	case NOTE_ON_PERSON:
		note.person = (uint32_t)dice_below(dice, PEOPLE);
		break;
	case NOTE_ON_SERVICE:
		note.service = (uint32_t)dice_below(dice, SERVICES);
		break;
	case NOTE_ON_FUNCTION:
	case NOTE_ONS:
		note.place = (uint32_t)dice_below(dice, PLACES);
		note.function = (uint32_t)dice_below(dice, 2);
		break;
	}
	return note;
}

/* Numbers and times grow together, as in the record. */
static void
sort_times(struct story *story)
{
	for (size_t i = 0; i < story->nreports; i++)
		for (size_t j = i + 1; j < story->nreports; j++)
			if (story->reports[j].at < story->reports[i].at) {
				int64_t at = story->reports[i].at, until = story->reports[i].until;

				story->reports[i].at = story->reports[j].at;
				story->reports[i].until = story->reports[j].until;
				story->reports[j].at = at;
				story->reports[j].until = until;
			}
}

/* ----------------------------------------------------------------------------- the second way */

static bool
known(int64_t at, const struct remarks_asked *asked)
{
	return asked->at >= asked->now || at <= asked->at;
}

/* Read from the oldest on: each report that has to do with the asked one replaces what was said before. */
static const struct kept_report *
naive_report(const struct story *story, const struct remarks_asked *asked)
{
	const struct kept_report *said = NULL;

	for (size_t i = 0; i < story->nreports; i++) {
		const struct kept_report *report = &story->reports[i];
		bool reached = report->outcome == REPORT_REACHED, about;

		if (asked->person == REGION_NONE)
			about = report->person == REGION_NONE && report->service == asked->service;
		else
			about = report->person == asked->person &&
				(reached ? report->function == asked->function
					 : report->rota == asked->rota);
		if (about && !story->report_gone[i] && known(report->at, asked))
			said = reached ? NULL : report;
	}
	return said != NULL && said->until > asked->at ? said : NULL;
}

static bool
naive_open(const struct story *story, size_t index)
{
	const struct kept_report *of = &story->reports[index];

	if (of->outcome == REPORT_REACHED || of->settled)
		return false;
	for (size_t i = index + 1; of->outcome == REPORT_NO_ANSWER && i < story->nreports; i++) {
		const struct kept_report *later = &story->reports[i];

		if (!story->report_gone[i] && later->outcome == REPORT_REACHED &&
		    later->person == of->person &&
		    (of->person == REGION_NONE ? later->service == of->service
					       : later->function == of->function))
			return false;
	}
	return true;
}

/* Numbers of the notes that are shown, as text. */
static void
naive_notes(struct buf *out, const struct story *story, const struct remarks_shift *shift,
    const struct remarks_asked *asked)
{
	buf_reset(out);
	for (int on = 0; on < NOTE_ONS; on++)
		for (size_t i = 0; i < story->nnotes; i++) {
			const struct kept_note *note = &story->notes[i];
			bool shown = note->on == on && !story->note_gone[i] &&
				     note->until > asked->at && known(note->at, asked);

			if (on == NOTE_ON_PERSON)
				shown = shown && note->person == shift->person;
			else if (on == NOTE_ON_SHIFT)
				shown = shown && note->rota == shift->rota &&
					note->person == shift->person &&
					(note->team != NULL) == (shift->team != NULL) &&
					note->start < shift->end && shift->start < note->end;
			else
				shown = false;
			if (shown)
				buf_printf(out, " %lld", (long long)note->id);
		}
}

/* ----------------------------------------------------------------------------------- compared */

static struct remarks *
told(const struct story *story, struct dice *dice)
{
	struct remarks *remarks = remarks_none(), *next;
	bool told_report[MOST] = {false}, told_note[MOST] = {false};

	/* In a few steps, with what is told in one step gone in a later one. */
	for (int step = 0; step < 4; step++) {
		struct kept_report reports[MOST];
		struct kept_note notes[MOST];
		int64_t gone_reports[MOST], gone_notes[MOST];
		struct remarks_change change = {.version = step,
		    .begin = INT64_MIN,
		    .reports = reports,
		    .notes = notes,
		    .gone_reports = gone_reports,
		    .gone_notes = gone_notes};

		for (size_t i = 0; i < story->nreports; i++)
			if (step == 3 && story->report_gone[i])
				gone_reports[change.ngone_reports++] = story->reports[i].id;
			else if (step == 2 ? !told_report[i] : dice_below(dice, 3) == 0) {
				reports[change.nreports++] = story->reports[i];
				told_report[i] = true;
			}
		for (size_t i = 0; i < story->nnotes; i++)
			if (step == 3 && story->note_gone[i])
				gone_notes[change.ngone_notes++] = story->notes[i].id;
			else if (step == 2 ? !told_note[i] : dice_below(dice, 3) == 0) {
				notes[change.nnotes++] = story->notes[i];
				told_note[i] = true;
			}
		next = remarks_changed(remarks, &change);
		remarks_unref(remarks);
		remarks = next;
	}
	return remarks;
}

static void
compare_reports(const struct story *story, const struct remarks *remarks, struct dice *dice)
{
	struct remarks_asked asked = {.at = NOW - dice_below(dice, 3 * 3600) + 1800, .now = NOW};
	const struct kept_report *one, *other;

	asked.rota = (uint32_t)dice_below(dice, ROTAS);
	asked.service = service_of_rota[asked.rota];
	asked.function = function_of_service[asked.service];
	asked.person = dice_below(dice, 4) == 0 ? REGION_NONE : (uint32_t)dice_below(dice, PEOPLE);
	one = remarks_report(remarks, &asked);
	other = naive_report(story, &asked);
	if ((one == NULL) != (other == NULL) || (one != NULL && one->id != other->id))
		fail_msg("person %d on %u at %+d: %d and not %d", (int)asked.person, asked.rota,
		    (int)(asked.at - NOW), one == NULL ? 0 : (int)one->id,
		    other == NULL ? 0 : (int)other->id);
}

static void
compare_notes(const struct story *story, const struct remarks *remarks, struct dice *dice)
{
	struct remarks_asked asked = {.at = NOW - dice_below(dice, 7200) + 3600, .now = NOW};
	struct remarks_shift shift = {.rota = (uint32_t)dice_below(dice, ROTAS),
	    .start = NOW + (dice_below(dice, 10) - 8) * 1800};
	struct arena *arena = arena_new(0);
	struct buf one = {0}, other = {0};
	struct kept_notes notes;

	shift.end = shift.start + 3600 * (1 + dice_below(dice, 5));
	shift.person = dice_below(dice, 3) == 0 ? REGION_NONE : (uint32_t)dice_below(dice, PEOPLE);
	shift.team = shift.person == REGION_NONE ? "hub" : NULL;
	notes = remarks_notes_of_shift(arena, remarks, &shift, &asked);
	buf_reset(&one);
	for (size_t i = 0; i < notes.count; i++)
		buf_printf(&one, " %lld", (long long)notes.items[i]->id);
	naive_notes(&other, story, &shift, &asked);
	assert_string_equal(one.at == NULL ? "" : one.at, other.at == NULL ? "" : other.at);
	buf_free(&one);
	buf_free(&other);
	arena_free(arena);
}

/* Notes on services and functions, and what is open. */
static void
compare_rest(const struct story *story, const struct remarks *remarks)
{
	struct arena *arena = arena_new(0);
	size_t services = 0, functions = 0, open = 0, wanted = 0, wanted_open = 0;
	struct remarks_asked asked = {.at = NOW, .now = NOW};

	for (asked.service = 0; asked.service < SERVICES; asked.service++)
		services += remarks_notes_of_service(arena, remarks, &asked).count;
	for (uint32_t place = 0; place < PLACES; place++)
		for (asked.function = 0; asked.function < 2; asked.function++)
			functions += remarks_notes_of_function(arena, remarks, place, &asked).count;
	for (size_t i = 0; i < story->nnotes; i++)
		wanted += story->notes[i].on >= NOTE_ON_SERVICE && !story->note_gone[i] &&
			  story->notes[i].until > NOW;
	assert_int_equal(services + functions, wanted);
	for (size_t i = 0; i < remarks->nreports; i++)
		open += remarks_is_open(remarks, &remarks->reports[i]);
	for (size_t i = 0; i < story->nreports; i++)
		wanted_open += !story->report_gone[i] && naive_open(story, i);
	assert_int_equal(open, wanted_open);
	arena_free(arena);
}

static void
what_is_shown_is_what_was_said(void **state)
{
	struct dice dice = dice_of(0x4e07e5);
	int shown = 0;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct story story = {.nreports = (size_t)dice_below(&dice, MOST),
		    .nnotes = (size_t)dice_below(&dice, MOST)};
		struct remarks *remarks;

		for (size_t i = 0; i < story.nreports; i++) {
			story.reports[i] = dice_report(&dice, (int64_t)i + 1);
			story.report_gone[i] = dice_below(&dice, 6) == 0;
		}
		sort_times(&story);
		for (size_t i = 0; i < story.nnotes; i++) {
			story.notes[i] = dice_note(&dice, (int64_t)i + 1);
			story.note_gone[i] = dice_below(&dice, 6) == 0;
		}
		remarks = told(&story, &dice);
		for (int ask = 0; ask < 40; ask++) {
			compare_reports(&story, remarks, &dice);
			compare_notes(&story, remarks, &dice);
		}
		compare_rest(&story, remarks);
		shown += (int)remarks->nreports;
		remarks_unref(remarks);
	}
	assert_true(shown > 1000);
}

/* A report of the past of which the clock that asks is not sure is shown; one of the future of an instant
 * that is over is not. */
static void
a_slow_clock_hides_nothing(void **state)
{
	const struct kept_report report = {.id = 1,
	    .at = NOW + 30,
	    .until = NOW + 30 + REPORT_STANDS_SECONDS,
	    .person = 1,
	    .outcome = REPORT_WRONG_PERSON};
	struct remarks *remarks =
	    remarks_changed(NULL, &(struct remarks_change){.reports = &report, .nreports = 1});
	struct remarks_asked asked = {.person = 1, .at = NOW, .now = NOW};

	(void)state;
	assert_non_null(remarks_report(remarks, &asked));
	asked.at = NOW - 1;
	assert_null(remarks_report(remarks, &asked));
	asked.at = report.until - 1;
	assert_non_null(remarks_report(remarks, &asked));
	asked.at = report.until;
	assert_null(remarks_report(remarks, &asked));
	remarks_unref(remarks);
}

/* What is over and wants nothing goes with the next change; what wants doing stays. */
static void
what_is_over_goes(void **state)
{
	const struct kept_report reports[] = {
	    {.id = 1, .until = NOW - 1, .person = 1, .outcome = REPORT_WRONG_PERSON},
	    {.id = 2, .until = NOW - 1, .person = 1, .outcome = REPORT_REACHED},
	    {.id = 3,
		.until = NOW - 1,
		.person = 1,
		.outcome = REPORT_WRONG_PERSON,
		.settled = true},
	    {.id = 4, .until = NOW + 1, .person = 1, .outcome = REPORT_REACHED},
	};
	const struct kept_note notes[] = {
	    {.id = 1, .until = NOW, .text = "t"}, {.id = 2, .until = NOW + 1, .text = "t"}};
	struct remarks *one = remarks_changed(
	    NULL, &(struct remarks_change){
		      .reports = reports, .nreports = 4, .notes = notes, .nnotes = 2});
	struct remarks *other =
	    remarks_changed(one, &(struct remarks_change){.version = 2, .begin = NOW});

	(void)state;
	assert_int_equal(other->nreports, 2);
	assert_int_equal(other->reports[0].id, 4);
	assert_int_equal(other->reports[1].id, 1);
	assert_int_equal(other->nnotes, 1);
	assert_int_equal(other->notes[0].id, 2);
	assert_int_equal(other->version, 2);
	remarks_unref(one);
	remarks_unref(other);
}

/* ------------------------------------------------------------------------------------ of a map */

static void
put_states(struct buf *out, struct scene *scene, const struct snapshot *map, uint32_t place)
{
	struct cover_asked asked = {.map = map, .now = ATLAS_NOW};
	struct lookup lookup;

	buf_reset(out);
	lookup_make(
	    scene->arena, &asked, &(struct lookup_asked){place, REGION_NONE, ATLAS_NOW}, &lookup);
	for (size_t i = 0; i < lookup.count; i++) {
		const struct lookup_function *of = &lookup.items[i];

		buf_printf(out, "%u %d %d/%d %zu %zu %zu %zu;", of->function, of->state,
		    of->present, of->required, of->on_call.count, of->not_counted.count,
		    of->last_known.count, of->nnumbers);
		for (size_t j = 0; j < of->on_call.count; j++)
			buf_printf(out, " %s", of->on_call.items[j].name);
	}
}

/* Whatever is remarked, of everybody and everything. */
static struct remarks *
all_remarks(const struct region *region)
{
	struct kept_report reports[64];
	struct kept_note notes[64];
	struct remarks_change change = {.version = 1, .reports = reports, .notes = notes};

	for (uint32_t rota = 0; rota < region->nrotas; rota++)
		for (uint32_t person = 0; person < region->npeople; person++)
			if (region->rotas[rota].service != REGION_NONE && change.nreports < 64)
				reports[change.nreports++] = (struct kept_report){
				    .id = (int64_t)change.nreports + 1,
				    .at = ATLAS_NOW - 60,
				    .until = ATLAS_NOW + 60,
				    .person = person,
				    .rota = rota,
				    .service = region->rotas[rota].service,
				    .outcome = REPORT_WRONG_PERSON,
				};
	for (uint32_t person = 0; person < region->npeople && person < 64; person++)
		notes[change.nnotes++] = (struct kept_note){
		    .id = person + 1,
		    .at = ATLAS_NOW - 60,
		    .until = ATLAS_NOW + 60,
		    .on = NOTE_ON_PERSON,
		    .person = person,
		    .text = "t",
		};
	return remarks_changed(NULL, &change);
}

static void
no_cover_depends_on_a_remark(void **state)
{
	struct scene scene;
	struct snapshot *with;
	struct buf one = {0}, other = {0};
	struct lookup lookup;
	struct cover_asked asked;

	(void)state;
	open_scene(&scene, NULL);
	atlas_shift(&scene.atlas, "amhp-duty", 1, KEPT_NAMED, "jo-jones", NULL, -2, 5);
	atlas_shift(&scene.atlas, "amhp-duty", 2, KEPT_NAMED, "s-ahmed", NULL, -2, 5);
	with = snapshot_copy(scene.atlas.map);
	snapshot_set_remarks(with, all_remarks(scene.atlas.region));
	for (uint32_t place = 0; place < scene.atlas.region->nplaces; place++) {
		put_states(&one, &scene, scene.atlas.map, place);
		put_states(&other, &scene, with, place);
		assert_string_equal(one.at == NULL ? "" : one.at, other.at == NULL ? "" : other.at);
	}
	asked = (struct cover_asked){.map = with, .now = ATLAS_NOW};
	lookup_make(scene.arena, &asked,
	    &(struct lookup_asked){atlas_place(&scene.atlas, "ZED01"), 0, ATLAS_NOW}, &lookup);
	assert_int_equal(lookup.items[0].on_call.count, 2);
	assert_int_equal(lookup.items[0].on_call.items[0].reported->outcome, REPORT_WRONG_PERSON);
	assert_int_equal(lookup.items[0].on_call.items[0].notes.count, 1);
	assert_int_equal(lookup.items[0].state, COVER_COVERED);
	buf_free(&one);
	buf_free(&other);
	snapshot_unref(with);
	close_scene(&scene);
}

static int
count_of(const struct changes *changes, enum change_kind kind, uint32_t place)
{
	int count = 0;

	for (size_t i = 0; i < changes->count; i++)
		count += changes->items[i].kind == kind && changes->items[i].place == place;
	return count;
}

static void
a_change_says_where_it_is_shown(void **state)
{
	struct scene scene;
	struct snapshot *with;
	struct changes changes;
	uint32_t here, elsewhere;

	(void)state;
	open_scene(&scene, NULL);
	here = atlas_place(&scene.atlas, "ZED01");
	elsewhere = atlas_place(&scene.atlas, "ZED02");
	atlas_shift(&scene.atlas, "amhp-duty", 1, KEPT_NAMED, "jo-jones", NULL, -2, 5);
	with = snapshot_copy(scene.atlas.map);
	snapshot_set_remarks(with, all_remarks(scene.atlas.region));
	assert_true(changes_find(scene.arena, &(struct map_look){scene.atlas.map, ATLAS_NOW},
	    &(struct map_look){with, ATLAS_NOW}, &changes));
	assert_true(count_of(&changes, CHANGE_CONTACT, here) >= 1);
	assert_int_equal(count_of(&changes, CHANGE_NOTE, here), 1);
	assert_int_equal(count_of(&changes, CHANGE_CONTACT, elsewhere), 0);
	assert_int_equal(count_of(&changes, CHANGE_NOTE, elsewhere), 0);
	assert_int_equal(count_of(&changes, CHANGE_COVERAGE, here), 0);
	/* The same, read again, is no change. */
	snapshot_set_remarks(scene.atlas.map, all_remarks(scene.atlas.region));
	assert_true(changes_find(scene.arena, &(struct map_look){scene.atlas.map, ATLAS_NOW},
	    &(struct map_look){with, ATLAS_NOW}, &changes));
	assert_int_equal(changes.count, 0);
	snapshot_unref(with);
	close_scene(&scene);
}

/* What must still be seen to, of the people of a rota and of its service's line. */
static void
open_reports_are_counted(void **state)
{
	enum { RED, BLUE };
	const struct kept_report reports[] = {
	    {.id = 1, .person = 0, .rota = RED, .outcome = REPORT_NO_ANSWER},
	    {.id = 2, .person = 1, .rota = RED, .outcome = REPORT_WRONG_PERSON},
	    {.id = 3, .person = 2, .rota = RED, .outcome = REPORT_WRONG_PERSON, .settled = true},
	    {.id = 4, .person = 0, .rota = BLUE, .outcome = REPORT_WRONG_PERSON},
	    {.id = 5,
		.person = REGION_NONE,
		.rota = REGION_NONE,
		.service = 7,
		.outcome = REPORT_NO_ANSWER},
	    /* Who was reached later did answer. */
	    {.id = 6, .person = 0, .rota = BLUE, .outcome = REPORT_REACHED},
	};
	static const struct {
		size_t reports;
		uint32_t rota, service, open;
	} rows[] = {{0, RED, 7, 0}, {1, RED, 7, 1}, {2, RED, 7, 2}, {3, RED, 7, 2}, {4, RED, 7, 2},
	    {5, RED, 7, 3}, {5, RED, 8, 2}, {5, BLUE, 7, 2}, {5, BLUE, 8, 1}, {6, RED, 7, 2},
	    {6, BLUE, 8, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct remarks *remarks = remarks_changed(
		    NULL, &(struct remarks_change){
			      .version = 1, .reports = reports, .nreports = rows[i].reports});

		if (remarks_open(remarks, rows[i].rota, rows[i].service) != rows[i].open)
			fail_msg(
			    "row %zu: %u", i, remarks_open(remarks, rows[i].rota, rows[i].service));
		remarks_unref(remarks);
	}
	remarks_unref(NULL);
}

/* A shift without a person is of a team, or of nobody who is named. */
static void
notes_on_the_shift_of_a_team(void **state)
{
	static const char *const teams[] = {NULL, "Hub", "Desk"};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < 3; j++) {
			const struct kept_note note = {.id = 1,
			    .until = NOW + 60,
			    .start = NOW,
			    .end = NOW + 3600,
			    .on = NOTE_ON_SHIFT,
			    .rota = 0,
			    .person = REGION_NONE,
			    .team = teams[i]};
			struct remarks *remarks = remarks_changed(NULL,
			    &(struct remarks_change){.version = 1, .notes = &note, .nnotes = 1});
			const struct remarks_shift shift = {
			    0, REGION_NONE, teams[j], NOW + 3599, NOW + 7200};
			const struct remarks_asked asked = {
			    .person = REGION_NONE, .at = NOW, .now = NOW};

			assert_int_equal(
			    remarks_notes_of_shift(arena, remarks, &shift, &asked).count, i == j);
			remarks_unref(remarks);
		}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(open_reports_are_counted),
	    cmocka_unit_test(notes_on_the_shift_of_a_team),
	    cmocka_unit_test(what_is_shown_is_what_was_said),
	    cmocka_unit_test(a_slow_clock_hides_nothing),
	    cmocka_unit_test(what_is_over_goes),
	    cmocka_unit_test(no_cover_depends_on_a_remark),
	    cmocka_unit_test(a_change_says_where_it_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
