/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/map/rota_builder.h"
#include "server/map/snapshot_move.h"
#include "tests/unit/server/map/scene.h"

/* What a subscriber's calendar must know of a rota: which entry each shift is, and which entries are gone. */

#define HOUR(hours) (ATLAS_NOW + (int64_t)(hours)*3600)
enum { JO, SAM, LEE };

static void
add(struct rota_builder *builder, int64_t id, enum kept_class class, uint32_t person, int from,
    int to)
{
	rota_builder_add(builder, &(struct shift_row){.id = id,
				      .class = class,
				      .person = person,
				      .start = HOUR(from),
				      .end = HOUR(to),
				      .override = {.instead = REGION_NONE}});
}

/* SAM instead of JO for all of the hours. */
static void
lay_over(struct rota_builder *builder, int from, int to)
{
	rota_builder_add(builder, &(struct shift_row){.id = 1000,
				      .class = KEPT_NAMED,
				      .person = SAM,
				      .start = HOUR(from),
				      .end = HOUR(to),
				      .override = {.id = 7, .instead = JO, .made_by = "x"}});
}

static struct rota_block *
taken(struct rota_builder *builder)
{
	struct rota_block *block = rota_builder_take(builder);

	rota_builder_free(builder);
	return block;
}

static void
a_shift_is_found_by_its_row(void **state)
{
	struct rota_builder *builder = rota_builder_new();
	struct rota_block *block;

	(void)state;
	for (int64_t id = 1; id <= 5; id++)
		add(builder, id, KEPT_NAMED, JO, (int)id, (int)id + 1);
	for (int64_t id = 5; id >= 1; id -= 2)
		rota_builder_trace(builder,
		    &(struct kept_trace){.shift = id, .entry = (uint64_t)id * 100, .changed = 9});
	block = taken(builder);
	for (uint32_t i = 0; i < block->count; i++) {
		const struct kept_trace *trace = rota_block_trace(block, &block->shifts[i]);

		assert_int_equal(trace != NULL, i % 2 == 0);
		if (trace != NULL)
			assert_int_equal(trace->entry, block->shifts[i].id * 100);
	}
	rota_block_unref(block);
	block = rota_block_empty();
	assert_null(rota_block_trace(block, &(struct kept_shift){.id = 1}));
	rota_block_unref(block);
}

/* What an override takes wholly has gone for its subscribers; what it takes in part has not. */
static void
what_overrides_take_is_gone(void **state)
{
	static const struct {
		int from, to; /* of the override */
		enum kept_class class;
		bool traced, gone;
	} cases[] = {
	    {0, 8, KEPT_NAMED, true, true},
	    {0, 7, KEPT_NAMED, true, false},
	    {0, 8, KEPT_NAMED, false, false},
	    /* Leave is not laid over. */
	    {0, 8, KEPT_ABSENCE, true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct rota_builder *builder = rota_builder_new();
		struct rota_block *block;

		add(builder, 1, cases[i].class, JO, 0, 8);
		add(builder, 2, KEPT_NAMED, LEE, 0, 8);
		if (cases[i].traced)
			rota_builder_trace(
			    builder, &(struct kept_trace){.shift = 1, .entry = 77, .changed = 9});
		lay_over(builder, cases[i].from, cases[i].to);
		block = taken(builder);
		assert_int_equal(block->ngone, cases[i].gone);
		if (cases[i].gone) {
			assert_int_equal(block->gone[0].entry, 77);
			assert_int_equal(block->gone[0].person, JO);
			assert_int_equal(block->gone[0].start, HOUR(0));
			assert_int_equal(block->gone[0].end, HOUR(8));
			assert_int_equal(block->gone[0].changed, 9);
		}
		rota_block_unref(block);
	}
}

static const struct kept_gone gone_rows[] = {
    {.entry = 2, .start = 10, .end = 20, .person = JO, .changed = 5},
    {.entry = 1, .start = 30, .end = 40, .person = LEE, .changed = 5},
    {.entry = 1, .start = 20, .end = 30, .person = SAM, .changed = 5},
    {.entry = 1, .start = 10, .end = 20, .person = SAM, .changed = 5},
};
static const size_t in_order[] = {3, 2, 1, 0};

/* All of them, the last one first. */
static struct rota_block *
with_gone_backwards(void)
{
	struct rota_builder *builder = rota_builder_new();

	add(builder, 1, KEPT_NAMED, JO, 0, 8);
	for (size_t i = 4; i-- > 0;)
		rota_builder_gone(builder, &gone_rows[i]);
	return taken(builder);
}

static struct rota_block *
with_gone(size_t count)
{
	struct rota_builder *builder = rota_builder_new();

	add(builder, 1, KEPT_NAMED, JO, 0, 8);
	for (size_t i = 0; i < count; i++)
		rota_builder_gone(builder, &gone_rows[i]);
	return taken(builder);
}

static void
what_is_gone_is_by_entry_person_and_start(void **state)
{
	struct rota_block *block = with_gone(4), *other = with_gone_backwards(),
			  *fewer = with_gone(3);

	(void)state;
	assert_int_equal(block->ngone, 4);
	for (size_t i = 0; i < 4; i++)
		assert_memory_equal(
		    &block->gone[i], &gone_rows[in_order[i]], sizeof block->gone[i]);
	assert_true(rota_block_same_traces(block, other));
	assert_false(rota_block_same_traces(block, fewer));
	/* They say nothing of the shifts. */
	assert_true(rota_block_same(block, fewer));
	rota_block_unref(other);
	rota_block_unref(fewer);
	rota_block_unref(block);
}

static void
traces_differ_by_each_member(void **state)
{
	static const struct kept_trace traces[] = {
	    {.shift = 1, .entry = 77, .changed = 9},
	    {.shift = 1, .entry = 78, .changed = 9},
	    {.shift = 1, .entry = 77, .changed = 10},
	    {.shift = 2, .entry = 77, .changed = 9},
	};
	struct rota_block *blocks[5];

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct rota_builder *builder = rota_builder_new();

		add(builder, 1, KEPT_NAMED, JO, 0, 8);
		if (i < 4)
			rota_builder_trace(builder, &traces[i]);
		blocks[i] = taken(builder);
	}
	for (size_t i = 0; i < 5; i++)
		for (size_t j = 0; j < 5; j++)
			assert_int_equal(rota_block_same_traces(blocks[i], blocks[j]), i == j);
	for (size_t i = 0; i < 5; i++) {
		struct rota_block *gone = with_gone(1), *changed;
		struct kept_gone other = gone_rows[0];
		struct rota_builder *builder = rota_builder_new();

		add(builder, 1, KEPT_NAMED, JO, 0, 8);
		other.entry += i == 0;
		other.start += i == 1;
		other.end += i == 2;
		other.person += i == 3;
		other.changed += i == 4;
		rota_builder_gone(builder, &other);
		changed = taken(builder);
		assert_false(rota_block_same_traces(gone, changed));
		rota_block_unref(gone);
		rota_block_unref(changed);
		rota_block_unref(blocks[i]);
	}
}

/* Under another set-up an entry that is gone names whom it named, or nobody. */
static void
what_is_gone_moves_with_its_person(void **state)
{
#define REGION(people)                                                                               \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],'functions':"       \
	"[{'code':'f','name':'F'}],'places':[{'code':'P','name':'P','kind':'icb'}],'services':"      \
	"[{'id':'s','name':'S','function':'f','organisation':'O','places':['P']}],'people':[" people \
	"],'rotas':[{'id':'r','service':'s','source':{'kind':'file'}}]}"
#define PERSON(id) "{'id':'" id "','name':'" id "','organisation':'O','roles':['f']}"
	static const bool same[] = {false};
	struct scene scene, other;
	struct snapshot *to;

	(void)state;
	open_scene(&scene, REGION(PERSON("jo") "," PERSON("sam") "," PERSON("lee")));
	open_scene(&other, REGION(PERSON("lee") "," PERSON("sam")));
	snapshot_set_rota(scene.atlas.map, 0, with_gone(2));
	to = snapshot_move(scene.atlas.map, other.atlas.map->setup, same);
	assert_int_equal(to->rotas[0]->ngone, 2);
	/* Entry 1 was LEE's, entry 2 JO's. */
	assert_int_equal(to->rotas[0]->gone[0].entry, 1);
	assert_int_equal(to->rotas[0]->gone[0].person, 0);
	assert_int_equal(to->rotas[0]->gone[1].entry, 2);
	assert_int_equal(to->rotas[0]->gone[1].person, REGION_NONE);
	snapshot_unref(to);
	close_scene(&other);
	close_scene(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_shift_is_found_by_its_row),
	    cmocka_unit_test(what_overrides_take_is_gone),
	    cmocka_unit_test(what_is_gone_is_by_entry_person_and_start),
	    cmocka_unit_test(traces_differ_by_each_member),
	    cmocka_unit_test(what_is_gone_moves_with_its_person),
	};

	return cmocka_run_group_tests_name("traces", tests, NULL, NULL);
}
