/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/map/gap_block.h"

/* Gaps as rows, in whatever order they come, and as they are kept. */

#define NOW 1795316999
#define ID(digit) "00000000-0000-4000-8000-00000000000" #digit

static struct gap_row
row(const char *id, int64_t start, int64_t end)
{
	return (struct gap_row){.id = id,
	    .start = NOW + start,
	    .end = NOW + end,
	    .opened_at = NOW,
	    .state = "gap",
	    .cause = "nobody"};
}

/* A word of a newer server is never taken for cover, and blames nobody. */
static void
words_that_are_not_known_claim_nothing(void **state)
{
	struct gap_row gap = row(ID(1), 1, 2);
	struct gap_block *block = gap_block_new(&gap, 1);

	(void)state;
	assert_int_equal(kept_state_of("short"), COVER_SHORT);
	assert_int_equal(kept_state_of("splendid"), COVER_UNKNOWN);
	assert_int_equal(kept_cause_of("silent"), CAUSE_SILENT);
	assert_int_equal(kept_cause_of("solar_flare"), CAUSE_NONE);
	assert_null(gap_block_text(block, block->text_len));
	gap_block_unref(block);
}

/* Whichever of them ends first. */
static void
gaps_are_kept_by_start_then_by_id(void **state)
{
	const struct gap_row rows[] = {row(ID(5), 50, 51), row(ID(2), 20, 900), row(ID(4), 20, 30),
	    row(ID(1), 70, 80), row(ID(3), 10, 400)};
	static const char *const wanted[] = {ID(3), ID(2), ID(4), ID(5), ID(1)};
	struct gap_block *block = gap_block_new(rows, 5);

	(void)state;
	assert_int_equal(block->count, 5);
	for (size_t i = 0; i < 5; i++) {
		char id[GAP_ID_MAX];

		gap_id_text(block->gaps[i].id, id);
		assert_string_equal(id, wanted[i]);
	}
	assert_int_equal(block->gaps[0].start, NOW + 10);
	assert_int_equal(block->gaps[0].end, NOW + 400);
	gap_block_unref(block);
}

static void
all_of_a_row_is_kept(void **state)
{
	struct gap_row gap = row(ID(1), 1, 2);
	const struct kept_gap *kept;
	struct gap_block *block;

	(void)state;
	gap.opened_at = NOW + 3;
	gap.changed_at = NOW + 4;
	gap.acknowledged_at = NOW + 5;
	gap.acknowledged_until = NOW + 6;
	gap.closed_at = NOW + 7;
	gap.settle_at = NOW + 8;
	gap.state = "short";
	gap.cause = "too_few";
	gap.acknowledged_by = "desk";
	gap.note = "on it";
	gap.group = "";
	gap.acknowledged_as = "high";
	gap.notes = "[]";
	gap.present = 2;
	gap.required = 3;
	gap.alerts_sent = 4;
	gap.lead = true;
	block = gap_block_new(&gap, 1);
	kept = &block->gaps[0];
	assert_int_equal(kept->opened_at, NOW + 3);
	assert_int_equal(kept->changed_at, NOW + 4);
	assert_int_equal(kept->acknowledged_at, NOW + 5);
	assert_int_equal(kept->acknowledged_until, NOW + 6);
	assert_int_equal(kept->closed_at, NOW + 7);
	assert_int_equal(kept->settle_at, NOW + 8);
	assert_int_equal(kept->state, COVER_SHORT);
	assert_int_equal(kept->cause, kept_cause_of("too_few"));
	assert_string_equal(gap_block_text(block, kept->acknowledged_by), "desk");
	assert_string_equal(gap_block_text(block, kept->note), "on it");
	assert_string_equal(gap_block_text(block, kept->notes), "[]");
	assert_int_equal(kept->group, 0);
	assert_null(gap_block_text(block, kept->group));
	assert_int_equal(kept->acknowledged_as, gap_severity_named("high"));
	assert_int_equal(kept->present, 2);
	assert_int_equal(kept->required, 3);
	assert_int_equal(kept->alerts_sent, 4);
	assert_false(kept->told);
	assert_true(kept->lead);
	gap_block_unref(block);
}

static void
an_id_is_what_postgresql_writes(void **state)
{
	static const char *const wrong[] = {"", "0", "00000000-0000-4000-8000-00000000000",
	    "00000000-0000-4000-8000-0000000000011", "00000000x0000-4000-8000-000000000001",
	    "00000000-0000x4000-8000-000000000001", "00000000-0000-4000x8000-000000000001",
	    "00000000-0000-4000-8000x000000000001", "0000000g-0000-4000-8000-000000000001",
	    "00000000-0000-4000-8000-00000000000-"};
	uint8_t id[16];
	char text[GAP_ID_MAX];

	(void)state;
	assert_true(gap_id_of(SLICE("0123abcd-4567-89ef-0000-ffffffffffff"), id));
	gap_id_text(id, text);
	assert_string_equal(text, "0123abcd-4567-89ef-0000-ffffffffffff");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (gap_id_of(slice_of(wrong[i]), id))
			fail_msg("\"%s\" is taken for an id", wrong[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_that_are_not_known_claim_nothing),
	    cmocka_unit_test(gaps_are_kept_by_start_then_by_id),
	    cmocka_unit_test(all_of_a_row_is_kept),
	    cmocka_unit_test(an_id_is_what_postgresql_writes),
	};

	return cmocka_run_group_tests_name("gap_block", tests, NULL, NULL);
}
