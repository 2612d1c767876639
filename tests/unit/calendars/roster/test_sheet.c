/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/roster/sheet.h"
#include "tests/unit/calendars/support.h"

/* Tables whose cells carry marks, as those of a workbook do, without the workbook. */

#define CELLS 5

struct sheet_want {
	const char *row[CELLS]; /* below the names in heading */
	size_t marked;          /* which of them */
	unsigned marks;
	bool cut; /* some other sheet was not read */
	enum reading_class class;
	const char *finding; /* words of one; NULL: there is none */
};

static const char *const heading[CELLS] = {"Staff Name", "Date", "Start", "End", "Unit"};

static void
add_row(struct sheet *sheet, struct arena *arena, const char *const *texts, size_t marked,
    unsigned marks)
{
	struct cell *cells = arena_array(arena, CELLS, sizeof *cells);

	for (size_t i = 0; i < CELLS; i++)
		cells[i] = (struct cell){texts[i], i == marked ? marks : 0};
	*VEC_PUSH(arena, &sheet->rows) =
	    (struct sheet_row){(uint32_t)sheet->rows.count + 1, CELLS, cells};
}

static bool
is_found(const struct faults *faults, const char *words)
{
	const struct reading_finding *one;

	VEC_EACH (one, &faults->findings) {
		if (words == NULL || strstr(one->text, words) != NULL)
			return true;
	}
	return false;
}

static void
try_sheet(const struct sheet_want *want, const struct reading_options *options)
{
	struct arena *arena = arena_new(0);
	struct sheet sheet = {.others.cut = want->cut};
	struct faults faults = {.arena = arena, .from = options->from, .until = options->until};
	struct titles titles;
	struct roster roster = {.nrows = 0};
	const struct title *title;

	titles_init(&titles, arena, options);
	add_row(&sheet, arena, heading, 0, 0);
	add_row(&sheet, arena, want->row, want->marked, want->marks);
	sheet_read(&roster, &titles, &sheet, &faults);
	assert_int_equal(roster.events.count, 1);
	title = roster.events.items[0]->title;
	assert_int_equal(title->nparts, 1);
	if (title->parts[0].class != want->class ||
	    is_found(&faults, want->finding) != (want->finding != NULL))
		fail_msg("%s,%s gives %s (finding: %s)", want->row[0], want->row[1],
		    reading_class_name(title->parts[0].class),
		    faults.findings.count > 0 ? faults.findings.items[0].text : "none");
	arena_free(arena);
}

static void
try_all(const struct sheet_want *wants, size_t count)
{
	struct reading_options options = support_roster_options();

	for (size_t i = 0; i < count; i++)
		try_sheet(&wants[i], &options);
}

#define TRY(wants) try_all((wants), sizeof(wants) / sizeof *(wants))
#define DAY "05/01/2026", "09:00", "17:00"

static void
what_is_struck_through_by_characters_is_not_known(void **state)
{
	/* U+0335 to U+0338 are strokes; U+0334 is a tilde, and U+0339 half a ring. */
	static const struct sheet_want wants[] = {
	    {{"J Jones", DAY, ""}, 0, 0, false, READING_NAMED, NULL},
	    {{"J Jones", DAY, "Fenmere\xcc\xb5"}, 0, 0, false, READING_TENTATIVE, "in part"},
	    {{"J Jones", DAY, "Fenmere\xcc\xb8"}, 0, 0, false, READING_TENTATIVE, "in part"},
	    {{"J Jones", DAY, "Fenmere\xcc\xb4"}, 0, 0, false, READING_NAMED, NULL},
	    {{"J Jones", DAY, "Fenmere\xcc\xb9"}, 0, 0, false, READING_NAMED, NULL},
	};

	(void)state;
	TRY(wants);
}

static void
plain_numbers_are_no_times_and_no_dates(void **state)
{
	static const struct sheet_want wants[] = {
	    {{"J Jones", "05/01/2026", "9.30", "17:00", ""}, 2, CELL_NUMBER, false,
		READING_TENTATIVE, "no time of a workbook"},
	    {{"J Jones", "05/01/2026", "09:00", "17.30", ""}, 3, CELL_NUMBER, false,
		READING_TENTATIVE, "no time of a workbook"},
	    {{"J Jones", "20260105", "09:00", "17:00", ""}, 1, CELL_NUMBER, false,
		READING_TENTATIVE, "no date of a workbook"},
	    {{"J Jones", DAY, "7"}, 4, CELL_NUMBER, false, READING_NAMED, NULL},
	};

	(void)state;
	TRY(wants);
}

/* A sheet that was not read may have a key of initials, so that no initials count. */
static void
initials_do_not_count_beside_a_sheet_that_was_not_read(void **state)
{
	static const struct sheet_want wants[] = {
	    {{"JJ", DAY, ""}, 0, 0, false, READING_NAMED, NULL},
	    {{"JJ", DAY, ""}, 0, 0, true, READING_TENTATIVE, "JJ"},
	    {{"J Jones", DAY, ""}, 0, 0, true, READING_NAMED, NULL},
	    {{"jj", DAY, ""}, 0, 0, true, READING_NAMED, NULL},
	    {{"Jj", DAY, ""}, 0, 0, true, READING_NAMED, NULL},
	};

	(void)state;
	TRY(wants);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_struck_through_by_characters_is_not_known),
	    cmocka_unit_test(plain_numbers_are_no_times_and_no_dates),
	    cmocka_unit_test(initials_do_not_count_beside_a_sheet_that_was_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
