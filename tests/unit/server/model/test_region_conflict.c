/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region_conflict.h"
#include "server/model/region_keep.h"
#include "tests/support/rounds.h"
#include "tests/unit/server/model/dice.h"
#include "tests/unit/server/model/region_text.h"

/*
 * The changes that a region file would undo: compared with a second implementation that knows
 * nothing of lists of changes and asks of each key of each thing what the three set-ups have.
 */

enum { CASES = 400, ORGANISATIONS = 3, PEOPLE = 3, FUNCTIONS = 3 };

/* A small set-up as plain values. Organisations and people may be missing; of a person only its
 * name and its number change. */
struct small {
	bool has_organisation[ORGANISATIONS], has_person[PEOPLE];
	int organisation[ORGANISATIONS], name[PEOPLE], phone[PEOPLE]; /* phone 0: none */
	bool turned; /* the first two functions in the other order */
	bool holiday;
};

static struct small
invent(struct dice *dice)
{
	struct small s = {0};

	for (int i = 0; i < ORGANISATIONS; i++) {
		s.has_organisation[i] = i == 0 || dice_below(dice, 4) > 0;
		s.organisation[i] = (int)dice_below(dice, 2);
	}
	for (int i = 0; i < PEOPLE; i++) {
		s.has_person[i] = dice_below(dice, 4) > 0;
		s.name[i] = (int)dice_below(dice, 2);
		s.phone[i] = (int)dice_below(dice, 3);
	}
	s.turned = dice_below(dice, 4) == 0;
	s.holiday = dice_below(dice, 4) == 0;
	return s;
}

/* ${from} with a few things changed, as somebody would. */
static struct small
change(struct dice *dice, const struct small *from)
{
	struct small other = invent(dice), s = *from;

	for (int i = 0; i < PEOPLE; i++) {
		if (dice_below(dice, 3) == 0)
			s.name[i] = other.name[i];
		if (dice_below(dice, 3) == 0)
			s.phone[i] = other.phone[i];
		if (dice_below(dice, 3) == 0)
			s.has_person[i] = other.has_person[i];
	}
	for (int i = 0; i < ORGANISATIONS; i++)
		if (dice_below(dice, 3) == 0) {
			s.organisation[i] = other.organisation[i];
			s.has_organisation[i] = other.has_organisation[i];
		}
	if (dice_below(dice, 3) == 0)
		s.turned = other.turned;
	if (dice_below(dice, 3) == 0)
		s.holiday = other.holiday;
	return s;
}

static const char *
text_of(struct arena *arena, const struct small *s)
{
	const char *text = "{'crisiscover':1,'bank_holidays':";
	const char *comma = "";

	text = arena_printf(arena, "%s%s,'organisations':[", text,
	    s->holiday ? "{'set':'england-and-wales','remove':['2026-12-28']}"
		       : "'england-and-wales'");
	for (int i = 0; i < ORGANISATIONS; i++)
		if (s->has_organisation[i]) {
			text = arena_printf(arena, "%s%s{'code':'O%d','name':'N%d','kind':'other'}",
			    text, comma, i, s->organisation[i]);
			comma = ",";
		}
	text = arena_printf(arena, "%s],'functions':[", text);
	for (int i = 0; i < FUNCTIONS; i++)
		text = arena_printf(arena, "%s%s{'code':'f%d','name':'F'}", text, i ? "," : "",
		    i < 2 && s->turned ? 1 - i : i);
	text = arena_printf(arena, "%s],'people':[", text);
	comma = "";
	for (int i = 0; i < PEOPLE; i++)
		if (s->has_person[i]) {
			text =
			    arena_printf(arena, "%s%s{'id':'p%d','name':'P%d','organisation':'O0'",
				text, comma, i, s->name[i]);
			if (s->phone[i] > 0)
				text = arena_printf(
				    arena, "%s,'work_phone':'+44770090012%d'", text, s->phone[i]);
			text = arena_printf(arena, "%s}", text);
			comma = ",";
		}
	return arena_printf(arena, "%s]}", text);
}

static struct slice
json_of(struct arena *arena, const struct small *s)
{
	char *text = arena_strdup(arena, text_of(arena, s));

	for (char *at = text; *at != '\0'; at++)
		*at = *at == '\'' ? '"' : *at;
	return slice_of(text);
}

/* ---------------------------------------------------------------- the second implementation */

/* One value that the three set-ups give: -1 where there is no such thing. */
struct triple {
	int filed, in_force, file;
};

/* A value was changed since, and the file would have another. */
static bool
undone(struct triple t)
{
	return t.filed != t.in_force && t.in_force != t.file;
}

struct expected {
	const char *ids[64];
	size_t count;
};

static void
expect(struct expected *expected, const char *id)
{
	expected->ids[expected->count++] = id;
}

/* A thing with values ${keys}; presence is asked first. */
static void
judge_thing(struct arena *arena, struct expected *out, const char *id, struct triple has,
    const char *const *keys, const struct triple *values, size_t nkeys)
{
	bool changed = has.filed != has.in_force;

	for (size_t i = 0; i < nkeys; i++)
		changed |= has.filed && has.in_force && values[i].filed != values[i].in_force;
	if (has.in_force != has.file) {
		/* It goes or comes: undone if it was touched since at all. */
		if (changed)
			expect(out, id);
		return;
	}
	for (size_t i = 0; has.in_force && i < nkeys; i++) {
		struct triple value = values[i];

		if (!has.filed)
			value.filed = -1;
		if (undone(value))
			expect(out, arena_printf(arena, "%s:%s", id, keys[i]));
	}
}

#define TRIPLE(member)                                                                             \
	((struct triple){(int)filed->member, (int)in_force->member, (int)file->member})

static void
judge(struct arena *arena, const struct small *filed, const struct small *in_force,
    const struct small *file, struct expected *out)
{
	static const char *const name[] = {"name"}, *const person[] = {"name", "work_phone"};

	out->count = 0;
	if (undone(TRIPLE(holiday)))
		expect(out, "region:region:bank_holidays");
	if (undone(TRIPLE(turned)))
		expect(out, "region:functions:order");
	for (int i = 0; i < ORGANISATIONS; i++)
		judge_thing(arena, out, arena_printf(arena, "organisation:O%d", i),
		    TRIPLE(has_organisation[i]), name, &TRIPLE(organisation[i]), 1);
	for (int i = 0; i < PEOPLE; i++)
		judge_thing(arena, out, arena_printf(arena, "person:p%d", i), TRIPLE(has_person[i]),
		    person, (struct triple[]){TRIPLE(name[i]), TRIPLE(phone[i])}, 2);
}

/* ------------------------------------------------------------------------------------- tests */

static void
find_conflicts(struct arena *arena, const char *filed, const char *in_force, const char *file,
    struct region_conflicts *out)
{
	struct region_faults faults;
	const struct region *now = region_text_read(arena, in_force, &faults);
	struct region_changes since, would;

	region_compare(arena, region_text_read(arena, filed, &faults), now, &since);
	region_compare(arena, now, region_text_read(arena, file, &faults), &would);
	region_conflicts(arena, &since, &would, out);
}

static bool
is_among(const struct region_conflicts *conflicts, const char *id)
{
	for (size_t i = 0; i < conflicts->count; i++)
		if (strcmp(conflicts->items[i].id, id) == 0)
			return true;
	return false;
}

static void
test_as_the_three_say_of_each_key(void **state)
{
	static unsigned found;

	(void)state;
	for (uint64_t seed = 0; seed < rounds(CASES); seed++) {
		struct dice dice = dice_of(seed);
		struct arena *arena = arena_new(0);
		struct small filed = invent(&dice), in_force = change(&dice, &filed);
		struct small file = change(&dice, &filed);
		struct region_conflicts conflicts;
		struct expected expected;

		find_conflicts(arena, text_of(arena, &filed), text_of(arena, &in_force),
		    text_of(arena, &file), &conflicts);
		judge(arena, &filed, &in_force, &file, &expected);
		for (size_t i = 0; i < expected.count; i++)
			if (!is_among(&conflicts, expected.ids[i]))
				fail_msg("seed %llu: %s is missing", (unsigned long long)seed,
				    expected.ids[i]);
		if (conflicts.count != expected.count)
			fail_msg("seed %llu: %zu conflicts, not %zu", (unsigned long long)seed,
			    conflicts.count, expected.count);
		found += (unsigned)expected.count;
		arena_free(arena);
	}
	assert_true(found > rounds(CASES) / 2);
}

/* A kept item is as it was in force, and there is nothing left to be in conflict about; the rest is
 * as in the file. */
static void
test_what_is_kept_is_in_conflict_no_more(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < rounds(CASES); seed++) {
		struct dice dice = dice_of(seed);
		struct arena *arena = arena_new(0);
		struct small filed = invent(&dice), in_force = change(&dice, &filed);
		struct small file = change(&dice, &filed);
		struct region_conflicts conflicts, left;
		struct region_faults faults;
		const struct region *now, *was, *kept = NULL, *wanted;
		struct region_changes since, would, rest, file_would;
		struct slice document;

		find_conflicts(arena, text_of(arena, &filed), text_of(arena, &in_force),
		    text_of(arena, &file), &conflicts);
		document = region_keep(
		    arena, json_of(arena, &file), json_of(arena, &in_force), &conflicts);
		assert_int_equal(
		    region_read(arena, document, region_text_zones(), &kept, &faults), STATUS_OK);
		was = region_text_read(arena, text_of(arena, &filed), &faults);
		now = region_text_read(arena, text_of(arena, &in_force), &faults);
		wanted = region_text_read(arena, text_of(arena, &file), &faults);
		region_compare(arena, was, now, &since);
		region_compare(arena, now, kept, &would);
		region_conflicts(arena, &since, &would, &left);
		if (left.count != 0)
			fail_msg(
			    "seed %llu: %s is left", (unsigned long long)seed, left.items[0].id);
		/* Whatever differs from the file is what was kept, and nothing else. */
		region_compare(arena, kept, wanted, &rest);
		region_compare(arena, now, wanted, &file_would);
		region_conflicts(arena, &rest, &file_would, &left);
		for (size_t i = 0; i < left.count; i++)
			if (!is_among(&conflicts, left.items[i].id))
				fail_msg("seed %llu: %s was kept and is no conflict",
				    (unsigned long long)seed, left.items[i].id);
		arena_free(arena);
	}
}

static void
test_ids_name_a_key_or_the_whole(void **state)
{
	struct region_conflict phone = {
	    .id = "service:a-b:phone", .kind = "service", .code = "a-b", .key = "phone"};

	(void)state;
	assert_true(region_conflict_named(&phone, SLICE("service:a-b:phone")));
	assert_true(region_conflict_named(&phone, SLICE("service:a-b")));
	assert_false(region_conflict_named(&phone, SLICE("service:a-c:phone")));
	assert_false(region_conflict_named(&phone, SLICE("service:a-c")));
	assert_false(region_conflict_named(&phone, SLICE("service:a-b:")));
	assert_false(region_conflict_named(&phone, SLICE("service:a")));
	assert_false(region_conflict_named(&phone, SLICE("service")));
	assert_false(region_conflict_named(&phone, SLICE("")));
	assert_false(region_conflict_named(&phone, SLICE("service:a-b:phones")));
}

/* The changes since, the changes of the file, and the conflicts: of one person. */
static void
test_former_names_follow_from_a_name_that_both_change(void **state)
{
	static const struct {
		struct region_change since, would;
		const char *keys; /* "-": the whole */
	} rows[] = {
	    {{'~', "person", "p", "name, former_names", NULL},
		{'~', "person", "p", "name, former_names", NULL}, "name "},
	    {{'+', "person", "p", NULL, NULL}, {'~', "person", "p", "name, former_names", NULL},
		"name "},
	    {{'~', "person", "p", "former_names", NULL}, {'~', "person", "p", "former_names", NULL},
		"former_names "},
	    {{'~', "person", "p", "former_names", NULL},
		{'~', "person", "p", "name, former_names", NULL}, "former_names "},
	    {{'~', "person", "p", "name, former_names", NULL},
		{'~', "person", "p", "former_names", NULL}, "former_names "},
	    {{'-', "person", "p", NULL, NULL}, {'~', "person", "p", "name", NULL}, "- "},
	    {{'-', "person", "p", NULL, NULL}, {'+', "person", "p", NULL, NULL}, "- "},
	    {{'~', "person", "p", "name", NULL}, {'-', "person", "p", NULL, NULL}, "- "},
	};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct region_conflicts out;
		const char *keys = "";

		region_conflicts(arena, &(struct region_changes){&rows[i].since, 1},
		    &(struct region_changes){&rows[i].would, 1}, &out);
		for (size_t n = 0; n < out.count; n++)
			keys = arena_printf(
			    arena, "%s%s ", keys, out.items[n].key ? out.items[n].key : "-");
		assert_string_equal(keys, rows[i].keys);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_as_the_three_say_of_each_key),
	    cmocka_unit_test(test_what_is_kept_is_in_conflict_no_more),
	    cmocka_unit_test(test_former_names_follow_from_a_name_that_both_change),
	    cmocka_unit_test(test_ids_name_a_key_or_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
