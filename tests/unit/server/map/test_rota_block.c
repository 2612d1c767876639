/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/base/instant.h"
#include "server/map/kept_feed.h"
#include "server/map/rota_builder.h"

/* The shifts of one rota as the map keeps them, and the state of its source. */

#define NOW 1795316999
#define HOUR(hours) (NOW + (int64_t)(hours)*3600)
#define JO 0
#define LEE 300 /* another word of the filter, and another bit */

static struct shift_row
row_of(int64_t id, uint32_t person, int from, int to)
{
	return (struct shift_row){.id = id,
	    .class = KEPT_NAMED,
	    .person = person,
	    .title = "On call",
	    .start = HOUR(from),
	    .end = HOUR(to),
	    .override = {.instead = REGION_NONE}};
}

static struct shift_row
override_of(int64_t id, uint32_t person, uint32_t instead, int from, int to)
{
	struct shift_row row = row_of(1000 + id, person, from, to);

	row.title = NULL;
	row.override = (struct override_row){
	    .id = id, .instead = instead, .made_by = "zfc-rotas", .note = "By phone"};
	return row;
}

static struct rota_block *
block_of(const struct shift_row *rows, size_t count)
{
	struct rota_builder *builder = rota_builder_new();
	struct rota_block *block;

	for (size_t i = 0; i < count; i++)
		rota_builder_add(builder, &rows[i]);
	block = rota_builder_take(builder);
	rota_builder_free(builder);
	return block;
}

static void
shifts_stand_by_start_end_and_id(void **state)
{
	const struct shift_row rows[] = {
	    row_of(4, JO, 1, 3), row_of(2, LEE, 0, 2), row_of(3, JO, 0, 2), row_of(1, JO, 0, 4)};
	static const int64_t want[] = {2, 3, 1, 4};
	struct rota_block *block = block_of(rows, 4);

	(void)state;
	assert_int_equal(block->count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(block->shifts[i].id, want[i]);
	assert_int_equal(block->longest, 4 * 3600);
	assert_true(rota_block_may_name(block, JO));
	assert_true(rota_block_may_name(block, LEE));
	assert_false(rota_block_may_name(block, JO + 1));
	assert_false(rota_block_may_name(block, LEE - 64));
	/* The longest may have begun four hours ago and last until now. */
	assert_int_equal(rota_block_from(block, HOUR(4)), 0);
	assert_int_equal(rota_block_from(block, HOUR(4) + 1), 3);
	assert_int_equal(rota_block_from(block, HOUR(9)), 4);
	rota_block_unref(block);
	rota_builder_free(NULL);
	rota_block_unref(NULL);
}

static void
texts_are_kept_once(void **state)
{
	struct shift_row rows[] = {row_of(1, JO, 0, 2), row_of(2, LEE, 2, 4), row_of(3, JO, 4, 6)};
	struct rota_block *block;

	(void)state;
	rows[0].team = "";
	rows[2].title = NULL;
	block = block_of(rows, 3);
	assert_int_equal(block->shifts[0].title, block->shifts[1].title);
	assert_string_equal(rota_block_text(block, block->shifts[0].title), "On call");
	assert_null(rota_block_text(block, block->shifts[0].team));
	assert_null(rota_block_text(block, block->shifts[2].title));
	/* A place that a damaged file may have. */
	assert_null(rota_block_text(block, block->text_len));
	rota_block_unref(block);
}

static void
the_same_content_is_the_same_block(void **state)
{
	struct shift_row rows[] = {row_of(1, JO, 0, 2), override_of(7, LEE, JO, 0, 1)};
	struct rota_block *block = block_of(rows, 2);

	(void)state;
	for (int i = 0; i < 6; i++) {
		struct shift_row others[] = {rows[0], rows[1]};
		struct rota_block *other;
		size_t count = 2;

		switch (i) {
		case 1:
			others[0].end += 1;
			break;
		case 2:
			others[0].title = "At home";
			break;
		case 3:
			others[1].override.late = true;
			break;
		case 4:
			count = 1;
			break;
		case 5:
			others[0].title = "On  call";
			break;
		default:
			break;
		}
		other = block_of(others, count);
		if (rota_block_same(block, other) != (i == 0))
			fail_msg("block %d is taken for %s", i, i == 0 ? "another" : "the same");
		rota_block_unref(other);
	}
	rota_block_unref(block);
	block = block_of(rows, 1);
	{
		struct rota_block *other = block_of(rows, 1);

		assert_true(rota_block_same(block, other));
		rota_block_unref(other);
	}
	rota_block_unref(block);
	/* The same shifts, one of them by an override. */
	rows[1] = override_of(7, LEE, REGION_NONE, 5, 6);
	rows[1].override.made_by = rows[1].override.note = NULL;
	block = block_of(rows, 2);
	rows[1].override.id = 0;
	{
		struct rota_block *other = block_of(rows, 2);

		assert_int_equal(block->count, other->count);
		assert_int_equal(block->text_len, other->text_len);
		assert_false(rota_block_same(block, other));
		rota_block_unref(other);
	}
	rota_block_unref(block);
}

/* Leave beside an override stays, and takes no part in it. */
static void
an_override_leaves_absences_alone(void **state)
{
	struct shift_row rows[] = {
	    row_of(1, JO, 0, 4), row_of(2, JO, 1, 9), override_of(7, LEE, JO, 0, 2)};
	struct rota_block *block;
	const struct kept_shift *first, *absence = NULL;

	(void)state;
	rows[1].class = KEPT_ABSENCE;
	block = block_of(rows, 3);
	assert_int_equal(block->count, 3);
	assert_int_equal(block->nabsences, 1);
	for (uint32_t i = 0; i < block->count; i++)
		if (block->shifts[i].class == KEPT_ABSENCE)
			absence = &block->shifts[i];
	assert_non_null(absence);
	assert_int_equal(absence->id, 2);
	assert_int_equal(absence->start, HOUR(1));
	assert_int_equal(absence->end, HOUR(9));
	assert_null(rota_block_override(block, absence));
	first = &block->shifts[0];
	assert_int_equal(first->person, LEE);
	assert_int_equal(first->id, 1007);
	assert_int_equal(rota_block_override(block, first)->id, 7);
	assert_string_equal(
	    rota_block_text(block, rota_block_override(block, first)->note), "By phone");
	/* As of a file that has lost it. */
	block->noverrides = 0;
	assert_null(rota_block_override(block, first));
	rota_block_unref(block);
}

/* As in a preview: the block again, without a shift; what its overrides cut stays cut. */
static void
a_block_is_taken_apart_and_made_again(void **state)
{
	static const int64_t without[] = {2};
	const struct shift_row rows[] = {
	    row_of(1, JO, 0, 4), row_of(2, JO, 6, 8), override_of(7, LEE, JO, 1, 2)};
	struct rota_block *block = block_of(rows, 3), *again;
	struct rota_builder *builder = rota_builder_new();

	(void)state;
	rota_builder_add_block(builder, block, NULL, 0);
	again = rota_builder_take(builder);
	assert_true(rota_block_same(block, again));
	rota_block_unref(again);
	rota_builder_add_block(builder, block, without, 1);
	again = rota_builder_take(builder);
	assert_int_equal(again->count, block->count - 1);
	for (uint32_t i = 0; i < again->count; i++)
		assert_int_not_equal(again->shifts[i].id, 2);
	rota_block_unref(again);
	rota_block_unref(block);
	rota_builder_free(builder);
}

/* ---- The source. */

static struct feed_facts
facts(enum feed_kind kind, int64_t upload)
{
	return (struct feed_facts){.kind = kind,
	    .standing = FEED_GOOD,
	    .last_good_at = NOW,
	    .horizon = HOUR(99),
	    .upload = upload,
	    .upload_at = upload != 0 ? NOW : INSTANT_NEVER};
}

/* Only what is fetched from an address grows old, and what was never read is older than all. */
static void
what_a_person_put_in_force_does_not_age(void **state)
{
	static const struct {
		enum feed_kind kind;
		int64_t upload;
		bool ages;
	} cases[] = {{FEED_URL, 0, true}, {FEED_URL, 12, false}, {FEED_FILE, 0, false},
	    {FEED_FILE, 12, false}, {FEED_TYPED, 0, false}};
	const int64_t year = NOW + 366 * (int64_t)86400;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct feed_facts of = facts(cases[i].kind, cases[i].upload);
		struct kept_feed *feed = kept_feed_new(&of, NULL, NULL);

		assert_int_equal(kept_feed_ages(feed), cases[i].ages);
		assert_int_equal(kept_feed_freshness(feed, NOW), FRESHNESS_FRESH);
		assert_int_equal(kept_feed_freshness(feed, year),
		    cases[i].ages ? FRESHNESS_UNKNOWN : FRESHNESS_FRESH);
		assert_int_equal(kept_feed_trusted_until(feed, year) > year, !cases[i].ages);
		assert_int_equal(kept_feed_horizon(feed), HOUR(99));
		kept_feed_unref(feed);
	}
	assert_true(kept_feed_ages(NULL));
	assert_int_equal(kept_feed_freshness(NULL, NOW), FRESHNESS_UNKNOWN);
	assert_true(kept_feed_trusted_until(NULL, NOW) <= NOW);
	assert_true(kept_feed_horizon(NULL) == INSTANT_NEVER);
}

static void
a_feed_keeps_what_was_said_of_it(void **state)
{
	struct feed_facts of = facts(FEED_URL, 0);
	struct kept_feed *feed = kept_feed_new(&of, "It is empty.", "[1]");

	(void)state;
	assert_string_equal(feed->fault, "It is empty.");
	assert_string_equal(feed->warnings, "[1]");
	assert_ptr_equal(kept_feed_ref(feed), feed);
	kept_feed_unref(feed);
	assert_string_equal(feed->fault, "It is empty.");
	kept_feed_unref(feed);
	feed = kept_feed_new(&of, NULL, NULL);
	assert_string_equal(feed->fault, "");
	assert_string_equal(feed->warnings, "[]");
	kept_feed_unref(feed);
	kept_feed_unref(NULL);
	assert_null(kept_feed_ref(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shifts_stand_by_start_end_and_id),
	    cmocka_unit_test(texts_are_kept_once),
	    cmocka_unit_test(the_same_content_is_the_same_block),
	    cmocka_unit_test(an_override_leaves_absences_alone),
	    cmocka_unit_test(a_block_is_taken_apart_and_made_again),
	    cmocka_unit_test(what_a_person_put_in_force_does_not_age),
	    cmocka_unit_test(a_feed_keeps_what_was_said_of_it),
	};

	return cmocka_run_group_tests_name("rota_block", tests, NULL, NULL);
}
