/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/merge.h"
#include "tests/unit/server/model/dice.h"

#define HOUR 3600

static struct merge_row
row(int64_t id, const char *key, int64_t start, int64_t end, const char *person)
{
	return (struct merge_row){
	    id, key, start * HOUR, end * HOUR, "named", person, "Duty", NULL, false};
}

static const char *
merge_text(struct arena *arena, const struct merge *merge)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < merge->nchanges; i++) {
		const struct merge_change *change = &merge->changes[i];
		const struct merge_row *shown = change->after ? change->after : change->before;

		text = arena_printf(
		    arena, "%s%s %s\n", text, merge_kind_name(change->kind), shown->key);
	}
	for (i = 0; i < merge->nsuperseded; i++)
		text = arena_printf(arena, "%s-%lld", text, (long long)merge->superseded[i]);
	for (i = 0; i < merge->nadded; i++)
		text = arena_printf(arena, "%s+%s", text, merge->added[i]->key);
	return text;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void
test_each_kind_of_change(void **state)
{
	struct arena *arena = arena_new(0);
	struct merge_row current[] = {row(1, "same", 10, 12, "a"), row(2, "gone", 20, 22, "a"),
	    row(3, "moved", 30, 32, "a"), row(4, "swap", 40, 42, "a"), row(5, "title", 50, 52, "a"),
	    row(6, "both", 60, 62, "a"), row(7, "past", 1, 5, "a"), row(8, "nobody", 70, 72, "a")};
	struct merge_row reading[] = {row(0, "title", 50, 52, "a"), row(0, "swap", 40, 42, "b"),
	    row(0, "new", 5, 12, "c"), row(0, "moved", 31, 33, "a"), row(0, "same", 10, 12, "a"),
	    row(0, "both", 61, 63, "b"), row(0, "nobody", 70, 72, NULL)};
	struct merge merge;

	(void)state;
	reading[0].title = NULL;
	reading[6].class = "nobody";
	merge_make(arena, (struct merge_rows){current, COUNT(current)},
	    (struct merge_rows){reading, COUNT(reading)}, 5 * HOUR, &merge);
	assert_string_equal(merge_text(arena, &merge),
	    "added new\nremoved gone\nmoved moved\nperson_changed swap\nother title\n"
	    "person_changed both\nperson_changed nobody\n"
	    "-6-2-3-8-4-5+both+moved+new+nobody+swap+title");
	assert_int_equal(merge.counts[MERGE_ADDED], 1);
	assert_int_equal(merge.counts[MERGE_REMOVED], 1);
	assert_int_equal(merge.counts[MERGE_MOVED], 1);
	assert_int_equal(merge.counts[MERGE_PERSON], 3);
	assert_int_equal(merge.counts[MERGE_OTHER], 1);
	assert_int_equal(merge.changes[2].before->start, 30 * HOUR);
	assert_int_equal(merge.changes[2].after->start, 31 * HOUR);
	arena_free(arena);
}

static void
test_an_unchanged_reading_changes_nothing(void **state)
{
	struct arena *arena = arena_new(0);
	struct merge_row current[] = {row(1, "b", 10, 12, "a"), row(2, "a", 20, 22, NULL)};
	struct merge_row reading[] = {row(0, "a", 20, 22, NULL), row(0, "b", 10, 12, "a")};
	struct merge merge;

	(void)state;
	merge_make(
	    arena, (struct merge_rows){current, 2}, (struct merge_rows){reading, 2}, 0, &merge);
	assert_int_equal(merge.nchanges + merge.nsuperseded + merge.nadded, 0);
	merge_make(arena, (struct merge_rows){NULL, 0}, (struct merge_rows){NULL, 0}, 0, &merge);
	assert_int_equal(merge.nchanges + merge.nsuperseded + merge.nadded, 0);
	arena_free(arena);
}

static void
test_the_past_stays(void **state)
{
	struct arena *arena = arena_new(0);
	struct merge_row current[] = {
	    row(1, "over", 1, 10, "a"), row(2, "running", 9, 11, "a"), row(3, "next", 11, 12, "a")};
	struct merge merge;

	(void)state;
	merge_make(arena, (struct merge_rows){current, 3}, (struct merge_rows){NULL, 0}, 10 * HOUR,
	    &merge);
	assert_string_equal(merge_text(arena, &merge), "removed running\nremoved next\n-3-2");
	arena_free(arena);
}

static void
test_the_hash_is_of_everything_but_the_id(void **state)
{
	struct merge_row base = row(1, "k", 1, 2, "p"), other[9];
	size_t i, j;

	(void)state;
	for (i = 0; i < 9; i++)
		other[i] = base;
	other[0].key = "l";
	other[1].start++;
	other[2].end++;
	other[3].class = "team";
	other[4].person = NULL;
	other[5].title = "Dut";
	other[6].team = "";
	other[7].person = "pD"; /* letters that cross from one text into the next */
	other[7].title = "uty";
	other[8].person = "";
	for (i = 0; i < 9; i++) {
		assert_int_not_equal(merge_hash(&base), merge_hash(&other[i]));
		for (j = 0; j < i; j++)
			assert_int_not_equal(merge_hash(&other[i]), merge_hash(&other[j]));
	}
	base.id = 99;
	other[0] = base;
	other[0].id = 1;
	assert_int_equal(merge_hash(&base), merge_hash(&other[0]));
}

/* --- At random: what was in force, less what is superseded, plus what is added, is the reading and
 * the past. --- */

#define KEYS 24

static const char *const keys[KEYS] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l",
    "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x"};

static struct merge_row
dice_row(struct dice *dice, int64_t id, const char *key)
{
	static const char *const people[] = {NULL, "a", "b", ""};
	static const char *const classes[] = {"named", "team", "nobody"};
	struct merge_row out = row(id, key, dice_below(dice, 6), 0, people[dice_below(dice, 4)]);

	out.end = out.start + (1 + dice_below(dice, 3)) * HOUR;
	out.class = classes[dice_below(dice, 3)];
	out.title = people[dice_below(dice, 4)];
	out.team = people[dice_below(dice, 4)];
	return out;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
same_row(const struct merge_row *a, const struct merge_row *b)
{
	return strcmp(a->key, b->key) == 0 && a->start == b->start && a->end == b->end &&
	       same_text(a->class, b->class) && same_text(a->person, b->person) &&
	       same_text(a->title, b->title) && same_text(a->team, b->team);
}

static const struct merge_row *
find(const struct merge_row *rows, size_t count, const char *key)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(rows[i].key, key) == 0)
			return &rows[i];
	return NULL;
}

static bool
is_superseded(const struct merge *merge, int64_t id)
{
	size_t i;

	for (i = 0; i < merge->nsuperseded; i++)
		if (merge->superseded[i] == id)
			return true;
	return false;
}

static void
check_merge(uint64_t seed)
{
	struct arena *arena = arena_new(0);
	struct dice dice = dice_of(seed);
	struct merge_row current[KEYS], reading[KEYS], result[2 * KEYS];
	size_t ncurrent = 0, nreading = 0, nresult = 0, unchanged = 0, past = 0, i;
	int64_t window_start = dice_below(&dice, 4) * HOUR;
	struct merge merge;

	for (i = 0; i < KEYS; i++) {
		if (dice_below(&dice, 3))
			current[ncurrent++] = dice_row(&dice, (int64_t)i + 1, keys[i]);
		if (ncurrent > 0 && strcmp(current[ncurrent - 1].key, keys[i]) == 0 &&
		    current[ncurrent - 1].end <= window_start)
			continue; /* the caller's promise */
		if (dice_below(&dice, 3) == 0)
			continue;
		reading[nreading] = dice_row(&dice, 0, keys[i]);
		if (ncurrent > 0 && strcmp(current[ncurrent - 1].key, keys[i]) == 0 &&
		    dice_below(&dice, 2)) {
			reading[nreading] = current[ncurrent - 1];
			reading[nreading].id = 0;
		}
		nreading++;
	}
	merge_make(arena, (struct merge_rows){current, ncurrent},
	    (struct merge_rows){reading, nreading}, window_start, &merge);
	for (i = 0; i < ncurrent; i++)
		if (!is_superseded(&merge, current[i].id))
			result[nresult++] = current[i];
	for (i = 0; i < merge.nadded; i++)
		result[nresult++] = *merge.added[i];
	for (i = 0; i < nreading; i++) {
		const struct merge_row *there = find(result, nresult, reading[i].key);
		const struct merge_row *before = find(current, ncurrent, reading[i].key);

		assert_non_null(there);
		assert_true(same_row(there, &reading[i]));
		unchanged += before && same_row(before, &reading[i]);
	}
	for (i = 0; i < ncurrent; i++)
		past += current[i].end <= window_start;
	assert_int_equal(nresult, nreading + past);
	/* Nothing is written that need not be. */
	assert_int_equal(merge.nadded, nreading - unchanged);
	assert_int_equal(merge.nsuperseded, ncurrent - past - unchanged);
	assert_int_equal(merge.nchanges, merge.counts[0] + merge.counts[1] + merge.counts[2] +
					     merge.counts[3] + merge.counts[4]);
	assert_int_equal(merge.nadded, merge.nchanges - merge.counts[MERGE_REMOVED]);
	assert_int_equal(merge.nsuperseded, merge.nchanges - merge.counts[MERGE_ADDED]);
	arena_free(arena);
}

static void
test_random_merges_give_the_reading_and_the_past(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 20000; seed++)
		check_merge(seed);
}

/* Whether the calendar lists a shift is part of what is known of it. */
static void
test_each_member_makes_another_row(void **state)
{
	struct arena *arena = arena_new(0);

	(void)state;
	for (int member = 0; member < 8; member++) {
		struct merge_row before = row(1, "k", 10, 12, "a"),
				 after = row(0, "k", 10, 12, "a");
		struct merge merge;

		after.start += member == 1;
		after.end += member == 2;
		after.as_last_read = member == 3;
		after.class = member == 4 ? "team" : after.class;
		after.person = member == 5 ? NULL : after.person;
		after.title = member == 6 ? "Other" : after.title;
		after.team = member == 7 ? "Hub" : after.team;
		merge_make(arena, (struct merge_rows){&before, 1}, (struct merge_rows){&after, 1},
		    0, &merge);
		assert_int_equal(merge.nchanges, member > 0);
		assert_int_equal(merge.nsuperseded, member > 0);
		assert_int_equal(merge.nadded, member > 0);
		assert_int_equal(merge_hash(&before) != merge_hash(&after), member > 0);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_member_makes_another_row),
	    cmocka_unit_test(test_each_kind_of_change),
	    cmocka_unit_test(test_an_unchanged_reading_changes_nothing),
	    cmocka_unit_test(test_the_past_stays),
	    cmocka_unit_test(test_the_hash_is_of_everything_but_the_id),
	    cmocka_unit_test(test_random_merges_give_the_reading_and_the_past),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
