/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region_carry.h"
#include "server/model/region_people.h"
#include "server/model/region_shared.h"
#include "tests/unit/server/model/dice.h"
#include "tests/unit/server/model/region_text.h"

/* What the database says has changed, taken up object by object; and what must be read whole. */

#define PEOPLE_MAX (REGION_EDITS_MAX + 1)

static struct arena *arena;
static struct region_shared *shared;

static const char file[] =
    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'other'}],"
    "'functions':[{'code':'f','name':'F'}],"
    "'places':[{'code':'A','name':'Alder','kind':'icb','renamed_from':['A2','A1']}],"
    "'people':[{'id':'jo','name':'Jo','organisation':'O','renamed_from':'joan'},"
    "{'id':'lee','name':'Lee','organisation':'O'}]}";

static struct slice
quoted(const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *at = copy; *at != '\0'; at++)
		*at = *at == '\'' ? '"' : *at;
	return slice_of(copy);
}

static struct region_shared *
read_whole(const char *text)
{
	struct region_faults faults;
	struct region_shared *read = NULL;

	assert_int_equal(
	    region_shared_read(arena, quoted(text), region_text_zones(), &read, &faults),
	    STATUS_OK);
	return read;
}

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	shared = read_whole(file);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	region_shared_unref(shared);
	arena_free(arena);
	return 0;
}

/* The changes of a version, taken up; NULL: to be read whole. */
static struct region_shared *
take(const char *changes, struct region_takens *takens)
{
	const struct region_shared_since since = {
	    .version = 7, .changes = quoted(changes), .zones = region_text_zones()};

	return region_shared_take(arena, shared, &since, takens);
}

#define JO(more) "{'kind':'person','item':{'id':'jo','name':'Jo','organisation':'O'" more "}}"
#define LEE(name) "{'kind':'person','item':{'id':'lee','name':'" name "','organisation':'O'}}"
#define FORMER ",'renamed_from':'joan'"

static void
changes_are_taken_in_their_order(void **state)
{
	struct region_takens takens;
	struct region_shared *taken = take("[" LEE("Li") "," LEE("Leigh") "]", &takens);

	(void)state;
	assert_non_null(taken);
	assert_string_equal(region_person(taken->region, 1)->name, "Leigh");
	assert_int_equal(taken->region->version, 7);
	assert_int_equal(takens.count, 2);
	assert_string_equal(takens.items[0].keys, "name");
	assert_string_equal(region_person(shared->region, 1)->name, "Lee");
	region_shared_unref(taken);
}

static void
whatever_cannot_be_taken_is_read_whole(void **state)
{
	static const char *const changes[] = {
	    "",
	    "[]",
	    "{}",
	    "[{'kind':'ward','item':{'code':'w'}}]",
	    "[" LEE("") "]",                                                    /* a fault */
	    "[" LEE("Li") ",{'kind':'person','item':{'id':'kim','name':'K'}}]", /* nobody had it */
	    "[{'kind':'person','item':{'id':'joan','name':'Jo'}}," LEE("Li") "]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		struct region_takens takens;

		assert_null(take(changes[i], &takens));
	}
}

static void
an_item_that_is_no_object_is_read_whole(void **state)
{
	static const char *const items[] = {"7", "", "{'id':'lee','id':'lee'}", "{"};

	(void)state;
	for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
		const struct region_patch patch = {.kind = region_kind_of("person"),
		    .item = quoted(items[i]),
		    .zones = region_text_zones()};
		struct region_shared_made made;
		struct region_faults faults;

		assert_int_equal(
		    region_shared_patch(arena, shared, &patch, &made, &faults), REGION_PATCH_WHOLE);
	}
}

/* The codes before are kept by all that has them. An object that says others is another matter. */
static void
former_codes_must_be_those_that_are_known(void **state)
{
	static const struct {
		const char *change;
		bool taken;
	} cases[] = {
	    {JO(FORMER), true},
	    {JO(",'renamed_from':['joan']"), true},
	    {JO(""), false},
	    {JO(",'renamed_from':'jon'"), false},
	    {JO(",'renamed_from':7"), false},
	    {JO(",'renamed_from':[7]"), false},
	    {JO(",'renamed_from':['jon']"), false},
	    {JO(",'renamed_from':['joan','jon']"), false},
	    {LEE("Lee"), true},
	    {"{'kind':'person','item':{'id':'lee','name':'Lee','organisation':'O','renamed_from':'li'}}",
		false},
	    {"{'kind':'place','item':{'code':'A','name':'Alder','kind':'icb','renamed_from':'A2'}}",
		false},
	    {"{'kind':'place','item':{'code':'A','name':'Alder','kind':'icb','renamed_from':['A2','A1']}}",
		true},
	    {"{'kind':'place','item':{'code':'A1','name':'Alder','kind':'icb'}}", false},
	    {"{'kind':'person','item':{'id':7,'name':'Lee'}}", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct region_takens takens;
		struct region_shared *taken =
		    take(arena_printf(arena, "[%s]", cases[i].change), &takens);

		if ((taken != NULL) != cases[i].taken)
			fail_msg("%s", cases[i].change);
		region_shared_unref(taken);
	}
}

static void
what_a_change_touches_is_known_by_its_keys(void **state)
{
	const struct region_kind *person = region_kind_of("person"),
				 *place = region_kind_of("place");
	struct region_takens takens;
	struct region_shared *taken =
	    take("[" LEE("Lee") "," JO(FORMER ",'work_phone':'+441632960124'") "]", &takens);

	(void)state;
	assert_non_null(taken);
	assert_null(takens.items[0].keys);
	assert_true(region_takens_touch(&takens, person, NULL));
	assert_true(region_takens_touch(&takens, person, "aliases, work_phone"));
	assert_false(region_takens_touch(&takens, person, "name, aliases"));
	assert_false(region_takens_touch(&takens, place, NULL));
	region_shared_unref(taken);
	taken = take("[" LEE("Lee") "]", &takens);
	assert_false(region_takens_touch(&takens, person, NULL));
	region_shared_unref(taken);
}

static void
the_document_has_what_was_taken(void **state)
{
	struct region_takens takens;
	struct region_shared *taken = take("[" LEE("Li") "]", &takens);
	struct slice before = region_shared_document(arena, shared),
		     after = region_shared_document(arena, taken);

	(void)state;
	assert_true(before.at == shared->document.at && before.len == shared->document.len);
	assert_null(memmem(before.at, before.len, "\"Li\"", 4));
	assert_non_null(memmem(after.at, after.len, "\"Li\"", 4));
	region_shared_unref(taken);
}

static void
expect_edited(struct region_shared *from, struct region_shared *to, const char *expected)
{
	struct region_edited_list list;
	const char *text = "";

	assert_true(region_shared_edited(arena, from, to, &list));
	for (size_t i = 0; i < list.count; i++)
		text = arena_printf(
		    arena, "%s%s%u ", text, list.items[i].kind->kind, list.items[i].index);
	assert_string_equal(text, expected);
}

static void
which_objects_are_others(void **state)
{
	struct region_takens takens;
	struct region_shared *li = take("[" LEE("Li") "]", &takens), *first = shared, *both, *third,
			     *other;

	(void)state;
	shared = li;
	both = take("[" JO(FORMER ",'work_phone':'+441632960111'") "," LEE("Lea") "]", &takens);
	third = take("[" JO(FORMER ",'work_phone':'+441632960111'") "]", &takens);
	shared = first;
	other = read_whole(file);
	expect_edited(shared, shared, "");
	expect_edited(shared, li, "person1 ");
	expect_edited(shared, both, "person0 person1 ");
	/* Lee is another in both, and once more in the second. */
	expect_edited(li, both, "person1 person0 person1 ");
	/* Lee is as it is in the first. */
	expect_edited(li, third, "person0 ");
	/* And back, where what was edited is as it was read. */
	expect_edited(both, shared, "person0 person1 ");
	expect_edited(both, li, "person0 person1 person1 ");
	assert_false(region_shared_edited(arena, shared, other, &(struct region_edited_list){0}));
	region_shared_unref(other);
	region_shared_unref(both);
	region_shared_unref(third);
	region_shared_unref(li);
}

/* After so many objects the whole file is read again; changes of the same object are one. */
static void
so_many_objects_and_no_more(void **state)
{
	struct buf text = {0};
	struct region_shared *at;

	(void)state;
	buf_add_text(&text,
	    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'other'}],"
	    "'people':[");
	for (int i = 0; i < PEOPLE_MAX; i++)
		buf_printf(&text, "%s{'id':'p%d','name':'P %d','organisation':'O'}",
		    i > 0 ? "," : "", i, i);
	buf_add_text(&text, "]}");
	at = read_whole(text.at);
	buf_free(&text);
	for (int i = 0; i < PEOPLE_MAX + 1; i++) {
		/* The first one twice. */
		int n = i < 2 ? 0 : i - 1;
		const struct region_patch patch = {.kind = region_kind_of("person"),
		    .item = quoted(arena_printf(
			arena, "{'id':'p%d','name':'Q %d %d','organisation':'O'}", n, n, i)),
		    .zones = region_text_zones()};
		struct region_shared_made made;
		struct region_faults faults;
		enum region_patched patched =
		    region_shared_patch(arena, at, &patch, &made, &faults);

		assert_int_equal(patched, i < PEOPLE_MAX ? REGION_PATCHED : REGION_PATCH_WHOLE);
		if (patched == REGION_PATCHED) {
			region_shared_unref(at);
			at = made.shared;
		}
	}
	assert_int_equal(at->nedits, REGION_EDITS_MAX);
	region_shared_unref(at);
}

/* ----------------------------------------------------------------------------- blocks of people */

#define MANY (2 * REGION_PEOPLE_BLOCK + 5)
#define BLOCKS 3
#define KEPT 5
#define ROUNDS 600

static struct region_shared *
read_many(void)
{
	struct buf text = {0};
	struct region_shared *read;

	buf_add_text(&text,
	    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'other'}],'people':[");
	for (int i = 0; i < MANY; i++)
		buf_printf(
		    &text, "%s{'id':'p%d','name':'0','organisation':'O'}", i > 0 ? "," : "", i);
	buf_add_text(&text, "]}");
	read = read_whole(text.at);
	buf_free(&text);
	return read;
}

static struct region_shared *
patch_one(struct region_shared *from, const char *kind, const char *item)
{
	struct arena *scratch = arena_new(0);
	const struct region_patch patch = {
	    .kind = region_kind_of(kind), .item = slice_of(item), .zones = region_text_zones()};
	struct region_shared_made made;
	struct region_faults faults;

	assert_int_equal(
	    region_shared_patch(scratch, from, &patch, &made, &faults), REGION_PATCHED);
	arena_free(scratch);
	return made.shared;
}

/* A version, and what each is called in it. */
struct version {
	struct region_shared *shared;
	int names[MANY];
};

static void
expect_names(const struct version *version)
{
	char name[16], id[16];

	for (uint32_t i = 0; i < MANY; i++) {
		const struct region_person *person = region_person(version->shared->region, i);

		snprintf(name, sizeof name, "%d", version->names[i]);
		snprintf(id, sizeof id, "p%u", i);
		assert_string_equal(person->name, name);
		assert_string_equal(person->id, id);
	}
}

/* Of a person, and at times of the organisation, which is in an array. */
static void
change_one(struct dice *dice, const struct version *from, struct version *to, int round)
{
	uint32_t person = (uint32_t)dice_below(dice, MANY);
	const char *name = arena_printf(arena, "%d", round);

	memcpy(to->names, from->names, sizeof to->names);
	if (dice_below(dice, 8) == 0) {
		to->shared = patch_one(from->shared, "organisation",
		    arena_printf(
			arena, "{\"code\":\"O\",\"name\":\"%s\",\"kind\":\"other\"}", name));
		return;
	}
	to->names[person] = round;
	to->shared = patch_one(from->shared, "person",
	    arena_printf(
		arena, "{\"id\":\"p%u\",\"name\":\"%s\",\"organisation\":\"O\"}", person, name));
	for (uint32_t i = 0; i < BLOCKS; i++)
		assert_true((to->shared->region->people[i] == from->shared->region->people[i]) ==
			    (person / REGION_PEOPLE_BLOCK != i));
}

/* A version stays what it is, also when those from which it was patched are gone. */
static void
versions_share_blocks_of_people(void **state)
{
	struct version versions[KEPT] = {{.shared = read_many()}};
	struct dice dice = dice_of(12);

	(void)state;
	for (int round = 1; round < ROUNDS; round++) {
		struct version *at = &versions[round % KEPT];

		region_shared_unref(at->shared);
		change_one(&dice, &versions[(round - 1) % KEPT], at, round);
		/* The newest, and the one that goes next. */
		expect_names(at);
		if (round >= KEPT)
			expect_names(&versions[(round + 1) % KEPT]);
	}
	for (int i = 0; i < KEPT; i++)
		region_shared_unref(versions[i].shared);
}

/* A block is copied once, however many of its people are replaced. */
static void
people_of_one_block_are_replaced_together(void **state)
{
	struct region_shared *read = read_many();
	const struct region *region = read->region;
	const struct region_person *last = region_person(region, MANY - 1);
	const struct region_people_put puts[] = {{0, last}, {1, last}, {MANY - 1, last}};
	const struct region_people_block *const *people =
	    region_people_with(arena, arena, region, &(struct region_people_puts){puts, 3});

	(void)state;
	assert_ptr_equal(people[0]->people[0], last);
	assert_ptr_equal(people[0]->people[1], last);
	assert_ptr_equal(people[0]->people[2], region_person(region, 2));
	assert_ptr_equal(people[1], region->people[1]);
	assert_ptr_not_equal(people[BLOCKS - 1], region->people[BLOCKS - 1]);
	region_shared_unref(read);
}

/* What has the wrong type is left to the reader of the region, which says so in words. */
static void
only_a_readable_object_is_completed(void **state)
{
	static const struct {
		const char *item;
		bool completed;
	} cases[] = {
	    {"{'id':'jo','name':'Joe'}", true},
	    {"{'id':'jo','name':'Joe','renamed_from':'joan'}", true},
	    {"{'id':'jo','name':'Joe','renamed_from':7}", false},
	    {"{'id':'jo','name':'Joe','renamed_from':[7]}", false},
	    {"{'id':'jo','name':'Joe','aliases':'J'}", false},
	    {"{'id':'jo','name':'Joe','aliases':['J',7]}", false},
	    {"{'id':'jo','name':7}", false},
	    {"{'id':7,'name':'Joe'}", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice item = quoted(cases[i].item);
		struct slice out =
		    region_carry_item(arena, region_kind_of("person"), item, shared->region);

		if ((out.at != item.at) != cases[i].completed)
			fail_msg("%s: %.*s", cases[i].item, (int)out.len, out.at);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(changes_are_taken_in_their_order),
	    TEST(whatever_cannot_be_taken_is_read_whole),
	    TEST(an_item_that_is_no_object_is_read_whole),
	    TEST(former_codes_must_be_those_that_are_known),
	    TEST(what_a_change_touches_is_known_by_its_keys),
	    TEST(the_document_has_what_was_taken),
	    TEST(so_many_objects_and_no_more),
	    TEST(which_objects_are_others),
	    TEST(versions_share_blocks_of_people),
	    TEST(people_of_one_block_are_replaced_together),
	    TEST(only_a_readable_object_is_completed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
