/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include <sodium.h>

#include "server/api/ask/protection.h"
#include "server/api/ask/withheld_words.h"
#include "server/model/region_people.h"
#include "server/model/region_protected.h"
#include "tests/unit/server/api/atlas.h"

/* Who is protected in a set-up, how it looks from outside, and what tells of them in bytes and in
 * what rotas say. */

#define MINE "ZFC"
#define THEIRS "ZAV"

static const char region_text[] =
    "{'crisiscover':1,'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'},"
    "{'code':'ZAV','name':'Alder','kind':'nhs_trust'}],"
    "'functions':[{'code':'amhp','name':'Mental health professional'},"
    "{'code':'section-twelve','name':'Section 12 doctor'}],"
    "'places':[{'code':'ZED01','name':'Quill Ward','kind':'hospital'}],"
    "'people':[{'id':'zq','name':'Zara Quill','organisation':'ZFC','roles':['amhp'],'aliases':['Zee','Quill'],"
    "'former_names':['Zara Oxbow'],'work_phone':'+447700900617','renamed_from':'zara-oxbow','protected':true},"
    "{'id':'ann','name':'Ann Vale','organisation':'ZFC','roles':['amhp','section-twelve'],"
    "'work_phone':'+441632960456','protected':true},"
    "{'id':'dan','name':'Dan Reed','organisation':'ZAV','roles':['section-twelve'],'protected':true},"
    "{'id':'zq-2','name':'Zara Quill-Moor','organisation':'ZAV','protected':false}],"
    "'services':[{'id':'duty','name':'Duty','function':'amhp','organisation':'ZFC','places':['ZED01'],"
    "'phone':'+441632960456'}],"
    "'rotas':[{'id':'r','service':'duty','source':{'kind':'typed'},'reading':{'aliases':{'Big Z':'zq'}}}]}";

struct scene {
	struct atlas atlas;
	struct arena *arena;
	struct protection *protection;
	struct buf out;
};

static const uint8_t key[KEY_FILE_BYTES] = {7};

static struct protection *
make(struct scene *scene, const uint8_t *with, const struct region *present)
{
	return protection_new(&(struct protection_made){
	    .key = with,
	    .setup = snapshot_region_ref(scene->atlas.map->setup),
	    .present = present,
	    .vocabulary = SLICE("state: covered, quill, vale"),
	});
}

static int
set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof *scene);

	atlas_open_quoted(&scene->atlas, region_text);
	scene->arena = arena_new(0);
	scene->protection = make(scene, key, NULL);
	*state = scene;
	return 0;
}

static int
tear_down(void **state)
{
	struct scene *scene = *state;

	protection_unref(scene->protection);
	buf_free(&scene->out);
	arena_free(scene->arena);
	atlas_close(&scene->atlas);
	free(scene);
	return 0;
}

static const struct region_person *
seen(const struct protection_view *view, uint32_t person)
{
	return region_person(protection_view_setup(view)->region, person);
}

/* holds: H14.2 */
static void
test_a_view_has_its_own_people_and_withholds_the_others(void **state)
{
	struct scene *scene = *state;
	const struct protection_view *mine = protection_view(scene->protection, MINE);
	const struct protection_view *outside = protection_view(scene->protection, NULL);
	const struct region *whole = scene->atlas.region;

	/* Their own two, and not the other organisation's. */
	assert_false(region_is_withheld(seen(mine, 0)));
	assert_string_equal(seen(mine, 0)->name, "Zara Quill");
	assert_true(region_is_withheld(seen(mine, 2)));
	/* From outside all three are withheld; a person who is not protected stays. */
	for (uint32_t i = 0; i < 3; i++)
		assert_true(region_is_withheld(seen(outside, i)));
	assert_ptr_equal(seen(outside, 3)->name, region_person(whole, 3)->name);
	assert_string_equal(seen(outside, 0)->name, "AMHP on call, via the team's number");
	/* Of two roles neither is said where it is not known which is meant. */
	assert_string_equal(seen(outside, 1)->name, "Person on call, via the team's number");
	assert_string_equal(region_withheld_name(scene->arena, whole, region_person(whole, 1), 1),
	    "Section 12 doctor on call, via the team's number");
	assert_null(seen(outside, 0)->aliases[0]);
	assert_null(seen(outside, 0)->work_phone);
	assert_null(seen(outside, 0)->contact->number);
	assert_true(seen(outside, 0)->contact->via_switchboard);
	/* What counts is the same. */
	assert_int_equal(seen(outside, 0)->roles.count, 1);
	assert_int_equal(seen(outside, 0)->organisation, 0);
	/* One value for all who see the same; the set-up itself is as it was. */
	assert_ptr_equal(protection_view(scene->protection, "NOBODY"), outside);
	assert_ptr_equal(protection_view(scene->protection, MINE), mine);
	assert_string_equal(protection_view_own(mine), MINE);
	assert_null(protection_view_own(outside));
	assert_string_equal(region_person(whole, 0)->name, "Zara Quill");
}

static void
test_an_id_is_stable_and_does_not_turn_back(void **state)
{
	struct scene *scene = *state;
	const struct protection_view *outside = protection_view(scene->protection, NULL);
	static const uint8_t another[KEY_FILE_BYTES] = {8};
	struct protection *again = make(scene, key, NULL), *other = make(scene, another, NULL);
	const char *id = seen(outside, 0)->shown_id;

	assert_true(text_is_code(slice_of(id)));
	assert_null(strstr(id, "zq"));
	assert_string_equal(seen(protection_view(again, NULL), 0)->shown_id, id);
	assert_string_not_equal(seen(protection_view(other, NULL), 0)->shown_id, id);
	assert_string_not_equal(seen(outside, 1)->shown_id, id);
	/* By it the person is found, and by the set-up's id only where that is shown. */
	assert_int_equal(protection_view_person(outside, id), 0);
	assert_int_equal(protection_view_person(outside, "zq"), TABLE_NONE);
	assert_int_equal(protection_view_person(outside, "zara-oxbow"), TABLE_NONE);
	assert_int_equal(protection_view_person(outside, "zq-2"), 3);
	assert_int_equal(protection_view_person(protection_view(scene->protection, MINE), "zq"), 0);
	protection_unref(again);
	protection_unref(other);
}

static void
test_who_is_protected_now_is_in_the_past(void **state)
{
	struct scene *scene = *state;
	struct region then = *scene->atlas.region, now = then;
	struct region_person people[4], moved[4];
	struct snapshot_region setup = *scene->atlas.map->setup;
	struct protection *past;

	/* Then nobody was protected; now the first is, of another organisation, and nobody else. */
	for (uint32_t i = 0; i < 4; i++) {
		people[i] = moved[i] = *region_person(&then, i);
		people[i].protected = moved[i].protected = false;
	}
	moved[0].protected = true;
	moved[0].organisation = 1;
	then.people = region_people_over(scene->arena, people, 4);
	now.people = region_people_over(scene->arena, moved, 4);
	setup.region = &then;
	setup.refs = 2;
	past = protection_new(&(struct protection_made){
	    .key = key, .setup = &setup, .present = &now, .vocabulary = SLICE("")});
	assert_true(region_is_withheld(seen(protection_view(past, MINE), 0)));
	assert_null(protection_view(past, THEIRS));
	assert_string_equal(seen(protection_view(past, MINE), 0)->shown_id,
	    seen(protection_view(scene->protection, NULL), 0)->shown_id);
	protection_unref(past);
}

static void
test_nobody_is_withheld_where_nobody_is_protected(void **state)
{
	struct scene *scene = *state;
	struct region free_of = *scene->atlas.region;
	struct snapshot_region setup = *scene->atlas.map->setup;
	struct protection *none;

	free_of.people = region_people_over(scene->arena, region_person(&free_of, 3), 1);
	free_of.npeople = 1;
	setup.region = &free_of;
	setup.refs = 2;
	none = protection_new(
	    &(struct protection_made){.key = key, .setup = &setup, .vocabulary = SLICE("")});
	assert_null(protection_view(none, NULL));
	protection_unref(none);
}

/* A council for each of ${count}, each with a protected person. */
static const char *
many(struct arena *arena, int count)
{
	char *organisations = arena_strdup(arena, ""), *people = organisations;

	for (int i = 0; i < count; i++) {
		organisations = arena_printf(arena, "%s%s{'code':'C%d','name':'C','kind':'icb'}",
		    organisations, i > 0 ? "," : "", i);
		people = arena_printf(arena,
		    "%s%s{'id':'p%d','name':'P %d','organisation':'C%d','protected':true}", people,
		    i > 0 ? "," : "", i, i, i);
	}
	return arena_printf(
	    arena, "{'crisiscover':1,'organisations':[%s],'people':[%s]}", organisations, people);
}

/* More than are kept: one that is held stays, and each is right whenever it is made again. */
static void
test_views_come_and_go(void **state)
{
	struct scene *scene = *state;
	const struct protection_view *held;
	struct atlas atlas;
	struct protection *protection;
	uint64_t serial = 0;

	atlas_open_quoted(&atlas, many(scene->arena, 40));
	protection = protection_new(&(struct protection_made){
	    .key = key, .setup = snapshot_region_ref(atlas.map->setup), .vocabulary = SLICE("")});
	held = protection_view(protection, "C0");
	protection_view_hold(held);
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 40; i++) {
			const struct protection_view *view =
			    protection_view(protection, arena_printf(scene->arena, "C%u", i));

			for (uint32_t j = 0; j < 40; j++)
				assert_int_equal(region_is_withheld(seen(view, j)), i != j);
			assert_true(i == 0 || protection_view_serial(view) > serial);
			serial = i == 0 ? serial : protection_view_serial(view);
		}
	assert_ptr_equal(protection_view(protection, "C0"), held);
	assert_string_equal(seen(held, 0)->name, "P 0");
	protection_view_release(held);
	assert_int_equal(protection_view_serial(NULL), 0);
	protection_unref(protection);
	atlas_close(&atlas);
}

/* Each held by an answer under way: none is taken from it. */
static void
test_views_that_are_held_stay(void **state)
{
	struct scene *scene = *state;
	const struct protection_view *views[20];
	struct atlas atlas;
	struct protection *protection;

	atlas_open_quoted(&atlas, many(scene->arena, 20));
	protection = protection_new(&(struct protection_made){
	    .key = key, .setup = snapshot_region_ref(atlas.map->setup), .vocabulary = SLICE("")});
	for (uint32_t i = 0; i < 20; i++) {
		views[i] = protection_view(protection, arena_printf(scene->arena, "C%u", i));
		protection_view_hold(views[i]);
	}
	for (uint32_t i = 0; i < 20; i++) {
		assert_string_equal(
		    protection_view_own(views[i]), arena_printf(scene->arena, "C%u", i));
		assert_false(region_is_withheld(seen(views[i], i)));
		protection_view_release(views[i]);
	}
	protection_unref(protection);
	atlas_close(&atlas);
}

/* ----------------------------------------------------------------------------------- the bytes */

static const char *
masked(struct scene *scene, const char *organisation, const char *body)
{
	buf_reset(&scene->out);
	if (!protection_view_replace(
		protection_view(scene->protection, organisation), slice_of(body), &scene->out)) {
		assert_false(protection_view_tells(
		    protection_view(scene->protection, organisation), slice_of(body)));
		return body;
	}
	assert_true(protection_view_tells(
	    protection_view(scene->protection, organisation), slice_of(body)));
	return scene->out.at;
}

/* holds: H14.2 */
static void
test_names_ids_and_numbers_are_replaced_where_they_stand_alone(void **state)
{
	struct scene *scene = *state;
	const char *id = seen(protection_view(scene->protection, NULL), 0)->shown_id;
	char *expected = arena_printf(scene->arena,
	    "{\"a\":\"AMHP on call, via the team's number\",\"b\":\"%s\",\"c\":[\"%s\"]}", id, id);

	assert_string_equal(
	    masked(scene, NULL, "{\"a\":\"ZARA quill\",\"b\":\"zq\",\"c\":[\"zara-oxbow\"]}"),
	    expected);
	assert_string_equal(masked(scene, NULL, "rung at +447700900617, twice"),
	    "rung at via the team's number, twice");
	assert_string_equal(masked(scene, NULL, "\"\\nZara Oxbow\\u0000Zee\""),
	    "\"\\nAMHP on call, via the team's number\\u0000AMHP on call, via the team's number\"");
	assert_string_equal(
	    masked(scene, NULL, "(Big Z)"), "(AMHP on call, via the team's number)");
	/* At the end of a sentence, and as a part of another's id or of a longer word. */
	assert_string_equal(
	    masked(scene, NULL, "no zq."), arena_printf(scene->arena, "no %s.", id));
	assert_string_equal(masked(scene, NULL, "zq-2, azq, zq.x, x-zq, zqs, Zeeman"),
	    "zq-2, azq, zq.x, x-zq, zqs, Zeeman");
	/* Of the own organisation nothing is replaced, of another's people it is. */
	assert_string_equal(masked(scene, MINE, "Zara Quill, Dan Reed"),
	    "Zara Quill, Section 12 doctor on call, via the team's number");
	assert_string_equal(masked(scene, NULL, ""), "");
}

static void
test_what_is_said_of_others_too_stays(void **state)
{
	struct scene *scene = *state;

	/* A word of a place, of the answers themselves, another's name, and the team's telephone,
	 * which is the person's, too. */
	assert_string_equal(masked(scene, NULL, "Quill Ward, vale, Zara Quill-Moor +441632960456"),
	    "Quill Ward, vale, Zara Quill-Moor +441632960456");
}

/* -------------------------------------------------------------------------- what a rota says */

static void
test_parts_of_a_name_tell_in_what_a_rota_says(void **state)
{
	static const char *const telling[] = {"Quill, Z", "AMHP: ZARA", "zquill late", "ZQ 9-5",
	    "Oxbow", "ring 07700 900617", "big z", "Zee?", "zq", "Quíll", "Dr. Reed/Ahmed", NULL};
	static const char *const others[] = {
	    "AMHP late", "zqx", "Bigger", "07700 900618", "Zeeman", "it is quiet", "", NULL};
	struct scene *scene = *state;
	const struct protection_view *outside = protection_view(scene->protection, NULL);

	for (size_t i = 0; telling[i] != NULL; i++)
		if (strcmp(protection_view_text(outside, telling[i]), REGION_WITHHELD_TEXT) != 0)
			fail_msg("%s", telling[i]);
	for (size_t i = 0; others[i] != NULL; i++)
		if (protection_view_text(outside, others[i]) != others[i])
			fail_msg("%s", others[i]);
	assert_null(protection_view_text(outside, NULL));
	assert_string_equal(
	    protection_view_text(protection_view(scene->protection, MINE), "Quill, Z"), "Quill, Z");
}

static void
test_apostrophes_titles_and_initials(void **state)
{
	struct scene *scene = *state;
	struct withheld_words *words = withheld_words_new(scene->arena);
	struct buf out = {0};

	withheld_words_add(words, WITHHELD_NAME, "Dr Ian O'Hu", "X", "A");
	withheld_words_add(words, WITHHELD_NAME, "(...)", "X", "A");
	assert_true(withheld_words_may_name(words, NULL, "ohu on call"));
	assert_true(withheld_words_may_name(words, NULL, "O\xe2\x80\x99Hu"));
	assert_true(withheld_words_may_name(words, NULL, "Ian"));
	/* Initials as they are written: "IO", not a word of a sentence. */
	assert_true(withheld_words_may_name(words, NULL, "IO till 9"));
	assert_false(withheld_words_may_name(words, NULL, "io"));
	assert_false(withheld_words_may_name(words, NULL, "Dr on call"));
	assert_false(withheld_words_may_name(words, "A", "Ian"));
	/* The longest counts. */
	withheld_words_add(words, WITHHELD_NAME, "Ian", "short", "A");
	withheld_words_add(words, WITHHELD_NAME, "Ian O'Hu", "long", "A");
	assert_true(withheld_words_replace(words, NULL, SLICE("Ian O'Hu, Ian O"), &out));
	assert_string_equal(out.at, "long, short O");
	buf_free(&out);
}

/* ------------------------------------------------------------------------- one object is another */

#define PERSON(rest) "[{'kind':'person','item':{" rest "}}]"
#define ANN                                                                                        \
	PERSON("'id':'ann','name':'Ann Vale','organisation':'ZFC',"                                \
	       "'roles':['amhp','section-twelve'],'work_phone':'+441632960999','protected':true")
#define SERVICE(phone)                                                                                                                   \
	"[{'kind':'service','item':{'id':'duty','name':'Duty','function':'amhp','organisation':'ZFC','places':['ZED01'],'phone':'" phone \
	"'}}]"
#define ROTA(aliases)                                                                                                \
	"[{'kind':'rota','item':{'id':'r','service':'duty','source':{'kind':'typed'},'reading':{'aliases':{" aliases \
	"}}}}]"

static struct snapshot_region *
patched(struct scene *scene, const struct snapshot_region *from, const char *quoted)
{
	char *changes = arena_strdup(scene->arena, quoted);
	struct region_takens takens;
	struct region_shared *shared;

	for (char *at = changes; *at != '\0'; at++)
		*at = *at == '\'' ? '"' : *at;
	shared = region_shared_take(scene->arena, from->shared,
	    &(struct region_shared_since){.version = 9,
		.changes = slice_of(changes),
		.zones = region_zones_of(scene->atlas.tools.zones)},
	    &takens);
	if (shared == NULL)
		fail_msg("%s", quoted);
	return snapshot_region_patched(from, shared);
}

/* What is kept says the same as what is made from the beginning. */
static void
expect_same(struct protection *kept, struct snapshot_region *setup)
{
	static const char answer[] =
	    "Zara Quill (zq, +447700900617), Big Z, Ann Vale +441632960456, Dan Reed, Zara Quill-Moor";
	struct protection *remade = protection_new(&(struct protection_made){.key = key,
	    .setup = snapshot_region_ref(setup),
	    .vocabulary = SLICE("state: covered, quill, vale")});
	struct buf mine = {0}, other = {0};

	assert_ptr_equal(protection_whole(kept), setup);
	assert_true(protection_view_replace(protection_view(kept, NULL), SLICE(answer), &mine));
	assert_true(protection_view_replace(protection_view(remade, NULL), SLICE(answer), &other));
	assert_string_equal(mine.at, other.at);
	for (uint32_t i = 0; i < setup->region->npeople; i++) {
		const struct region_person *one = seen(protection_view(kept, NULL), i);
		const struct region_person *two = seen(protection_view(remade, NULL), i);

		assert_string_equal(one->name, two->name);
		assert_string_equal(one->shown_id, two->shown_id);
	}
	buf_free(&mine);
	buf_free(&other);
	protection_unref(remade);
}

static void
test_who_has_nothing_to_do_with_them_changes_nothing(void **state)
{
	static const struct {
		const char *changes;
		bool kept;
	} all[] = {
	    {PERSON("'id':'zq-2','name':'Zara Quill-Moor','organisation':'ZAV','protected':false,"
		    "'work_phone':'+441632960777'"),
		true},
	    {ROTA("'Big A':'ann'"), false},
	    {ROTA("'Big Z':'zq','Big A':'ann'"), false},
	    {ANN, false},
	    /* The number of one of them is another's now, and one that another had is not. */
	    {PERSON("'id':'zq-2','name':'Zara Quill-Moor','organisation':'ZAV','protected':false,"
		    "'work_phone':'+447700900617'"),
		false},
	    {PERSON("'id':'zq-2','name':'Dan Reed','organisation':'ZAV','protected':false"), false},
	    {SERVICE("+441632960111"), false},
	    {"[{'kind':'function','item':{'code':'amhp','name':'Duty worker'}}]", false},
	    {"[{'kind':'place','item':{'code':'ZED01','name':'Quill Ward','kind':'hospital',"
	     "'switchboard':'+441632960222'}}]",
		false},
	    {"[{'kind':'organisation','item':{'code':'ZAV','name':'Alder Trust','kind':'nhs_trust'}}]",
		true},
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct snapshot_region *setup =
		    patched(scene, scene->atlas.map->setup, all[i].changes);
		struct protection *kept = protection_patched(scene->protection, setup);

		if ((kept != NULL) != all[i].kept)
			fail_msg("%s", all[i].changes);
		if (kept != NULL)
			expect_same(kept, setup);
		protection_unref(kept);
		snapshot_region_unref(setup);
	}
}

static void
test_what_is_kept_outlives_where_it_came_from(void **state)
{
	struct scene *scene = *state;
	struct snapshot_region *one = patched(scene, scene->atlas.map->setup,
	    PERSON("'id':'zq-2','name':'Zara Moor','organisation':'ZAV','protected':false"));
	struct snapshot_region *two = patched(scene, one,
	    PERSON("'id':'zq-2','name':'Z Moor','organisation':'ZAV','protected':false"));
	struct protection *first = protection_patched(scene->protection, one), *second;

	assert_non_null(first);
	second = protection_patched(first, two);
	assert_non_null(second);
	/* Two steps at once, and back: of one set-up that was read whole each is found. */
	protection_unref(first);
	first = protection_patched(second, one);
	assert_non_null(first);
	protection_unref(scene->protection);
	scene->protection = second;
	expect_same(first, one);
	expect_same(second, two);
	protection_unref(first);
	snapshot_region_unref(one);
	snapshot_region_unref(two);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	    T(test_a_view_has_its_own_people_and_withholds_the_others),
	    T(test_an_id_is_stable_and_does_not_turn_back),
	    T(test_who_is_protected_now_is_in_the_past),
	    T(test_nobody_is_withheld_where_nobody_is_protected),
	    T(test_views_come_and_go),
	    T(test_views_that_are_held_stay),
	    T(test_names_ids_and_numbers_are_replaced_where_they_stand_alone),
	    T(test_what_is_said_of_others_too_stays),
	    T(test_parts_of_a_name_tell_in_what_a_rota_says),
	    T(test_apostrophes_titles_and_initials),
	    T(test_who_has_nothing_to_do_with_them_changes_nothing),
	    T(test_what_is_kept_outlives_where_it_came_from),
#undef T
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
