/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include <signal.h>
#include <sodium.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/api/keep/snapshot_file.h"
#include "server/api/views/imports/import_effect.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/map/cover.h"
#include "server/map/rota_builder.h"
#include "tests/support/scratch.h"
#include "tests/unit/server/api/atlas.h"

/* The snapshot as a value: shared, copied, at rest in a file; and what an import would do to it. */

static struct atlas atlas;

/* Of each kind one, and a report about a line. */
static struct remarks *
remarked(void)
{
	uint32_t rota = atlas_rota(&atlas, "amhp-duty");
	const struct kept_report reports[] = {
	    {.id = 1,
		.at = ATLAS_NOW - 60,
		.until = ATLAS_NOW + 60,
		.person = 0,
		.rota = rota,
		.outcome = REPORT_WRONG_PERSON,
		.settled = true},
	    {.id = 2,
		.at = ATLAS_NOW - 50,
		.until = ATLAS_NOW + 60,
		.person = REGION_NONE,
		.rota = REGION_NONE,
		.outcome = REPORT_REACHED},
	};
#define NOTE(number, what)                                                                         \
	.id = (number), .at = ATLAS_NOW - 60, .until = ATLAS_NOW + 60, .on = (what),               \
	.text = "phone flat", .account = "switch", .role = "switchboard"
#define ABOUT(a, b, c, d, e)                                                                       \
	.person = (a), .rota = (b), .service = (c), .function = (d), .place = (e)
#define NONE REGION_NONE
	const struct kept_note notes[] = {
	    {NOTE(1, NOTE_ON_PERSON), ABOUT(1, NONE, NONE, NONE, NONE)},
	    {NOTE(2, NOTE_ON_SHIFT), ABOUT(NONE, rota, NONE, NONE, NONE), .team = "hub"},
	    {NOTE(3, NOTE_ON_SERVICE), ABOUT(NONE, NONE, 0, NONE, NONE)},
	    {NOTE(4, NOTE_ON_FUNCTION), ABOUT(NONE, NONE, NONE, 0, 1)},
	};

	return remarks_changed(NULL,
	    &(struct remarks_change){
		.version = 5, .reports = reports, .nreports = 2, .notes = notes, .nnotes = 4});
}

/* A link and a file. */
static struct protocols *
protocolled(void)
{
	static const struct kept_protocol items[] = {
	    {.id = 7,
		.at = 1,
		.review = 20000,
		.place = 1,
		.function = 0,
		.edition = 2,
		.name = "Asking",
		.version = "3.1",
		.owner = "keeper",
		.url = "https://intranet.example/"},
	    {.id = 8,
		.at = 2,
		.review = 20001,
		.place = 0,
		.function = 1,
		.edition = 1,
		.bytes = 15,
		.name = "Another",
		.version = "1",
		.owner = "board",
		.sha256 = "00ff"},
	};

	return protocols_of(9, items, 2);
}

static int
set_up(void **state)
{
	(void)state;
	assert_true(sodium_init() >= 0);
	log_open("test", (enum log_level)(LOG_ERROR + 1)); /* refusals by the thousand */
	atlas_open(&atlas);
	atlas_shift(&atlas, "amhp-duty", 11, KEPT_NAMED, "jo-jones", NULL, -2, 10);
	atlas_shift(&atlas, "amhp-duty", 12, KEPT_TEAM, NULL, "AMHP hub", -30, -1);
	atlas_shift(&atlas, "leave-fenmere", 13, KEPT_ABSENCE, "s-ahmed", NULL, 0, 48);
	atlas_shift(&atlas, "amhp-second", 14, KEPT_NAMED, "jo-jones", NULL, 20, 40);
	atlas_shift(&atlas, "amhp-second", 15, KEPT_NAMED, "p-lee", NULL, 20, 40);
	atlas_override(&atlas, "amhp-second", 1, "s-ahmed", "jo-jones", NULL, 25, 30);
	atlas_override(&atlas, "amhp-second", 2, "jo-jones", "s-ahmed", "p-lee", 28, 30);
	atlas_gap(&atlas, "R01", "ZED01", "0f8fad5b-d9cb-469f-a165-70867728950e", 10, 20);
	snapshot_set_remarks(atlas.map, remarked());
	snapshot_set_protocols(atlas.map, protocolled());
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	atlas_close(&atlas);
	return 0;
}

static void
a_copy_shares_and_does_not_change_the_original(void **state)
{
	struct snapshot *copy = snapshot_copy(atlas.map);
	uint32_t duty = atlas_rota(&atlas, "amhp-duty"),
		 leave = atlas_rota(&atlas, "leave-fenmere");

	(void)state;
	assert_ptr_equal(copy->rotas[duty], atlas.map->rotas[duty]);
	snapshot_set_rota(copy, leave, rota_block_empty());
	snapshot_gather_absences(copy);
	assert_int_equal(copy->absences->count, 0);
	assert_int_equal(atlas.map->absences->count, 1);
	snapshot_unref(copy);
	assert_int_equal(atlas.map->rotas[duty]->count, 2);
}

static void
a_block_finds_what_still_runs(void **state)
{
	const struct rota_block *block = atlas.map->rotas[atlas_rota(&atlas, "amhp-duty")];

	(void)state;
	assert_int_equal(block->longest, 29 * 3600);
	assert_int_equal(rota_block_from(block, ATLAS_NOW - 2 * 3600), 0);
	assert_string_equal(rota_block_text(block, block->shifts[0].team), "AMHP hub");
	assert_null(rota_block_text(block, block->shifts[1].team));
}

static void
away_is_half_open(void **state)
{
	uint32_t person = table_get(&atlas.region->person_by_id, "s-ahmed");

	(void)state;
	assert_false(snapshot_away(atlas.map, person, ATLAS_NOW - 1));
	assert_true(snapshot_away(atlas.map, person, ATLAS_NOW));
	assert_true(snapshot_away(atlas.map, person, ATLAS_NOW + 48 * 3600 - 1));
	assert_false(snapshot_away(atlas.map, person, ATLAS_NOW + 48 * 3600));
}

static void
everything_comes_back_from_a_file(void **state)
{
	struct snapshot_store store = {0};
	struct buf bytes = {0}, again = {0};
	struct clock_reading reading = {(int64_t)ATLAS_NOW * 1000000, 0};
	uint32_t duty = atlas_rota(&atlas, "amhp-duty");
	char id[GAP_ID_MAX];

	(void)state;
	atlas.store.ready = true;
	atlas.store.ready_region = 7;
	atlas_fault(&atlas, "amhp-duty", FEED_HELD, "It is empty now.");
	snapshot_file_pack(&bytes, &atlas.store);
	assert_int_equal(
	    snapshot_file_unpack((struct slice){bytes.at, bytes.len}, &atlas.tools, &store),
	    STATUS_OK);
	assert_int_equal(store.checked_at, atlas.store.checked_at);
	assert_false(store.seen_database);
	assert_true(store.current->last_good);
	assert_int_equal(snapshot_store_confidence(&store, reading), CONFIDENCE_LAST_GOOD);
	assert_null(snapshot_store_unready(&store, reading));
	assert_int_equal(store.current->mark.flag_seq, 8124);
	assert_int_equal(store.current->rotas[duty]->count, 2);
	assert_int_equal(store.current->rotas[duty]->shifts[1].id, 11);
	assert_int_equal(store.current->feeds[duty]->facts.standing, FEED_HELD);
	assert_string_equal(store.current->feeds[duty]->fault, "It is empty now.");
	assert_string_equal(store.current->feeds[duty]->warnings, atlas.map->feeds[duty]->warnings);
	assert_int_equal(store.current->absences->count, 1);
	assert_int_equal(store.current->accounts->count, atlas.map->accounts->count);
	gap_id_text(
	    store.current->gaps[snapshot_demand(atlas.map, "R01", "ZED01")]->gaps[0].id, id);
	assert_string_equal(id, "0f8fad5b-d9cb-469f-a165-70867728950e");
	assert_int_equal(store.current->remarks->version, 5);
	assert_int_equal(store.current->remarks->nreports, 2);
	assert_true(store.current->remarks->reports[0].settled);
	assert_int_equal(store.current->remarks->reports[1].outcome, REPORT_REACHED);
	assert_int_equal(store.current->remarks->nnotes, 4);
	assert_string_equal(store.current->remarks->notes[2].text, "phone flat");
	assert_int_equal(store.current->remarks->notes[3].place, 1);
	assert_int_equal(store.current->protocols->version, 9);
	assert_int_equal(store.current->protocols->count, 2);
	assert_int_equal(store.current->protocols->items[0].id, 8);
	assert_int_equal(store.current->protocols->items[0].bytes, 15);
	assert_string_equal(store.current->protocols->items[0].sha256, "00ff");
	assert_null(store.current->protocols->items[0].url);
	assert_int_equal(store.current->protocols->items[1].review, 20000);
	assert_string_equal(store.current->protocols->items[1].owner, "keeper");
	assert_string_equal(store.current->protocols->items[1].url, "https://intranet.example/");
	/* A snapshot that was read packs into bytes that read and pack into the same again: nothing
	 * is lost on the way. */
	snapshot_file_pack(&again, &store);
	assert_int_equal(again.len, bytes.len);
	assert_int_equal(
	    snapshot_file_unpack((struct slice){again.at, again.len}, &atlas.tools, &store),
	    STATUS_OK);
	buf_reset(&bytes);
	snapshot_file_pack(&bytes, &store);
	assert_memory_equal(again.at, bytes.at, bytes.len);
	snapshot_store_drop(&store);
	buf_free(&bytes);
	buf_free(&again);
}

static void
expect_piece(const struct rota_block *block, uint32_t index, int64_t id, double from, double to,
    int override)
{
	assert_true(index < block->count);
	assert_int_equal(block->shifts[index].id, id);
	assert_int_equal(block->shifts[index].start, ATLAS_NOW + (int64_t)(from * 3600));
	assert_int_equal(block->shifts[index].end, ATLAS_NOW + (int64_t)(to * 3600));
	assert_int_equal(block->shifts[index].override, override);
}

static void
expect_second(const struct rota_block *block)
{
	const struct kept_override *first, *second;

	assert_int_equal(block->count, 6);
	expect_piece(block, 0, 14, 20, 25, 0);
	expect_piece(block, 1, 15, 20, 28, 0);
	expect_piece(block, 2, 1001, 25, 28, 1);
	expect_piece(block, 3, 1002, 28, 30, 1);
	expect_piece(block, 4, 14, 30, 40, 0);
	expect_piece(block, 5, 15, 30, 40, 0);
	assert_int_equal(block->noverrides, 2);
	first = rota_block_override(block, &block->shifts[2]);
	second = rota_block_override(block, &block->shifts[3]);
	assert_int_equal(first->id, 1);
	assert_int_equal(first->took, 1);
	assert_int_equal(second->took, 0);
	assert_int_equal(second->standing, OVERRIDE_ANOTHER_PERSON);
	assert_string_equal(rota_block_text(block, second->made_by), "zfc-rotas");
	assert_string_equal(rota_block_text(block, second->note), "By phone");
	assert_null(rota_block_override(block, &block->shifts[0]));
}

/* Laid over when the block is made; again, from what was laid over, it is the same. */
static void
overrides_are_laid_over_once_for_all(void **state)
{
	uint32_t rota = atlas_rota(&atlas, "amhp-second");
	struct rota_builder *builder = rota_builder_new();
	struct snapshot_store store = {0};
	struct rota_block *again;
	struct buf bytes = {0};
	const int64_t without[] = {15};

	(void)state;
	expect_second(atlas.map->rotas[rota]);
	rota_builder_add_block(builder, atlas.map->rotas[rota], NULL, 0);
	again = rota_builder_take(builder);
	expect_second(again);
	assert_true(rota_block_same(again, atlas.map->rotas[rota]));
	rota_block_unref(again);
	snapshot_file_pack(&bytes, &atlas.store);
	assert_int_equal(
	    snapshot_file_unpack((struct slice){bytes.at, bytes.len}, &atlas.tools, &store),
	    STATUS_OK);
	expect_second(store.current->rotas[rota]);
	snapshot_store_drop(&store);
	buf_free(&bytes);
	/* A calendar without one of its shifts has the overrides all the same. */
	rota_builder_add_block(builder, atlas.map->rotas[rota], without, 1);
	again = rota_builder_take(builder);
	assert_int_equal(again->count, 4);
	assert_int_equal(again->noverrides, 2);
	rota_block_unref(again);
	rota_builder_free(builder);
}

/* A file that is cut anywhere, or has one byte changed anywhere, is refused. */
/* holds: F5 */
static void
a_spoilt_file_is_refused(void **state)
{
	struct snapshot_store store = {0};
	struct buf bytes = {0};

	(void)state;
	snapshot_file_pack(&bytes, &atlas.store);
	for (size_t i = 0; i < bytes.len; i += 1 + i / 64) {
		assert_int_equal(
		    snapshot_file_unpack((struct slice){bytes.at, i}, &atlas.tools, &store),
		    STATUS_MALFORMED);
		bytes.at[i] ^= 0x10;
		assert_int_equal(
		    snapshot_file_unpack((struct slice){bytes.at, bytes.len}, &atlas.tools, &store),
		    STATUS_MALFORMED);
		bytes.at[i] ^= 0x10;
	}
	assert_null(store.current);
	buf_free(&bytes);
}

/* Past the checksum: a file that lies about its own contents must not be believed either. */
/* holds: F5 */
static void
a_well_signed_lie_is_refused(void **state)
{
	struct snapshot_store store = {0};
	struct buf bytes = {0};
	size_t head = 8 + crypto_hash_sha256_BYTES, accepted = 0;

	(void)state;
	snapshot_file_pack(&bytes, &atlas.store);
	for (size_t i = head; i < bytes.len; i += 3) {
		char kept = bytes.at[i];

		bytes.at[i] = (char)0xff;
		crypto_hash_sha256(
		    (uint8_t *)bytes.at + 8, (const uint8_t *)bytes.at + head, bytes.len - head);
		if (snapshot_file_unpack(
			(struct slice){bytes.at, bytes.len}, &atlas.tools, &store) == STATUS_OK)
			accepted++; /* a number that may be any number: nothing read outside */
		snapshot_store_drop(&store);
		bytes.at[i] = kept;
	}
	assert_in_range(accepted, 1, bytes.len / 3);
	buf_free(&bytes);
}

/* holds: F5 */
static void
two_generations_are_kept(void **state)
{
	char *folder = scratch_folder(), path[512];
	struct snapshot_store store = {0};
	struct stat st;

	(void)state;
	assert_int_equal(snapshot_file_read(folder, &atlas.tools, &store), STATUS_GONE);
	assert_int_equal(snapshot_file_write(folder, &atlas.store), STATUS_OK);
	atlas.store.checked_at++;
	assert_int_equal(snapshot_file_write(folder, &atlas.store), STATUS_OK);
	snprintf(path, sizeof path, "%s/last-good", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(unlink(path), 0); /* as if it had crashed between the two steps */
	assert_int_equal(snapshot_file_read(folder, &atlas.tools, &store), STATUS_OK);
	assert_int_equal(store.checked_at, atlas.store.checked_at - 1);
	snapshot_store_drop(&store);
	free(folder);
}

/* What the former file was checked at, as it is read once the newest is gone. */
static int64_t
former_checked_at(const char *folder)
{
	struct snapshot_store store = {0};
	char path[512];
	int64_t checked_at;

	snprintf(path, sizeof path, "%s/last-good", folder);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(snapshot_file_read(folder, &atlas.tools, &store), STATUS_OK);
	checked_at = store.checked_at;
	snapshot_store_drop(&store);
	return checked_at;
}

/* Two files are written, one a second later, with these changes between them; the former one's age against the newest. */
static int64_t
age_of_former(int64_t erasure, int64_t version, int64_t epoch)
{
	struct map_mark *mark = &((struct snapshot *)(uintptr_t)atlas.store.current)->mark;
	struct map_mark before = *mark;
	char *folder = scratch_folder();
	int64_t age;

	assert_int_equal(snapshot_file_write(folder, &atlas.store), STATUS_OK);
	atlas.store.checked_at++;
	atlas.store.erasure += erasure;
	mark->version += version;
	mark->epoch += epoch;
	assert_int_equal(snapshot_file_write(folder, &atlas.store), STATUS_OK);
	age = atlas.store.checked_at - former_checked_at(folder);
	*mark = before;
	atlas.store.erasure -= erasure;
	free(folder);
	return age;
}

/* Whichever process writes them. A database that was restored may give the number of an erasure again. */
static void
both_generations_know_of_an_erasure(void **state)
{
	(void)state;
	assert_int_equal(age_of_former(0, 0, 0), 1);
	assert_int_equal(age_of_former(0, 5, 0), 1);
	assert_int_equal(age_of_former(1, 0, 0), 0);
	assert_int_equal(age_of_former(0, -1, 0), 0);
	assert_int_equal(age_of_former(0, 0, 1), 0);
}

/* A limit on the size of files stands for a disk that is full. */
static void
limit_files(rlim_t bytes)
{
	struct rlimit limit = {bytes, RLIM_INFINITY};

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* holds: F10 F11 H09.1 */
static void
a_full_disk_leaves_both_generations(void **state)
{
	char *folder = scratch_folder(), path[512];
	struct snapshot_store store = {0};
	struct sigaction ignored = {.sa_handler = SIG_IGN}, before;

	(void)state;
	assert_int_equal(sigaction(SIGXFSZ, &ignored, &before), 0);
	for (int i = 0; i < 2; i++) {
		atlas.store.checked_at++;
		assert_int_equal(snapshot_file_write(folder, &atlas.store), STATUS_OK);
	}
	atlas.store.checked_at++;
	limit_files(64);
	for (int i = 0; i < 3; i++)
		assert_int_equal(snapshot_file_write(folder, &atlas.store), STATUS_AGAIN);
	limit_files(RLIM_INFINITY);
	assert_int_equal(sigaction(SIGXFSZ, &before, NULL), 0);
	assert_int_equal(snapshot_file_read(folder, &atlas.tools, &store), STATUS_OK);
	assert_int_equal(store.checked_at, atlas.store.checked_at - 1);
	snapshot_store_drop(&store);
	snprintf(path, sizeof path, "%s/last-good", folder);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(snapshot_file_read(folder, &atlas.tools, &store), STATUS_OK);
	assert_int_equal(store.checked_at, atlas.store.checked_at - 2);
	snapshot_store_drop(&store);
	/* There is room again: it is written as ever. */
	assert_int_equal(snapshot_file_write(folder, &atlas.store), STATUS_OK);
	assert_int_equal(snapshot_file_read(folder, &atlas.tools, &store), STATUS_OK);
	assert_int_equal(store.checked_at, atlas.store.checked_at);
	snapshot_store_drop(&store);
	free(folder);
}

static struct rota_block *
only(const char *person, double from_hours, double to_hours)
{
	struct rota_builder *builder = rota_builder_new();
	struct rota_block *block;

	rota_builder_add(builder, &(struct shift_row){
				      .id = -1,
				      .class = KEPT_NAMED,
				      .person = table_get(&atlas.region->person_by_id, person),
				      .start = ATLAS_NOW + (int64_t)(from_hours * 3600),
				      .end = ATLAS_NOW + (int64_t)(to_hours * 3600),
				  });
	block = rota_builder_take(builder);
	rota_builder_free(builder);
	return block;
}

static void
an_import_tells_what_it_opens_and_closes(void **state)
{
	struct arena *arena = arena_new(0);
	struct rota_block *block = only("jo-jones", 4, 20);
	struct import_effect effect;
	int64_t horizon = ATLAS_NOW + 30 * (int64_t)86400;

	(void)state;
	/* Covered until +10 by rota as it is; would be from +4 to +20. */
	import_effect(arena, atlas.map,
	    &(struct import_after){atlas_rota(&atlas, "amhp-duty"), block, horizon, ATLAS_NOW},
	    ATLAS_NOW, &effect);
	assert_true(effect.nopens >= 1 && effect.ncloses >= 1);
	assert_int_equal(effect.opens[0].start, ATLAS_NOW);
	assert_int_equal(effect.opens[0].end, ATLAS_NOW + 4 * 3600);
	assert_int_equal(effect.opens[0].state, COVER_GAP);
	assert_int_equal(effect.closes[0].start, ATLAS_NOW + 10 * 3600);
	assert_int_equal(effect.closes[0].end, ATLAS_NOW + 20 * 3600);
	rota_block_unref(block);
	arena_free(arena);
}

static void
an_import_of_what_is_there_changes_nothing(void **state)
{
	struct arena *arena = arena_new(0);
	uint32_t duty = atlas_rota(&atlas, "amhp-duty");
	struct import_effect effect;

	(void)state;
	import_effect(arena, atlas.map,
	    &(struct import_after){
		duty, atlas.map->rotas[duty], ATLAS_NOW + 30 * (int64_t)86400, ATLAS_NOW},
	    ATLAS_NOW, &effect);
	assert_int_equal(effect.nopens, 0);
	assert_int_equal(effect.ncloses, 0);
	arena_free(arena);
}

/* Leave for somebody who covers on another rota. */
static void
leave_opens_gaps_where_the_person_covers(void **state)
{
	struct arena *arena = arena_new(0);
	struct rota_builder *builder = rota_builder_new();
	struct rota_block *block;
	struct import_effect effect;

	(void)state;
	rota_builder_add(builder, &(struct shift_row){
				      .id = -1,
				      .class = KEPT_ABSENCE,
				      .person = table_get(&atlas.region->person_by_id, "jo-jones"),
				      .start = ATLAS_NOW + 3600,
				      .end = ATLAS_NOW + 7200,
				  });
	block = rota_builder_take(builder);
	import_effect(arena, atlas.map,
	    &(struct import_after){
		atlas_rota(&atlas, "leave-fenmere"), block, INT64_MAX, ATLAS_NOW},
	    ATLAS_NOW, &effect);
	assert_int_equal(effect.nopens, 1);
	assert_int_equal(effect.opens[0].start, ATLAS_NOW + 3600);
	assert_int_equal(effect.opens[0].end, ATLAS_NOW + 7200);
	rota_block_unref(block);
	rota_builder_free(builder);
	arena_free(arena);
}

static void
gap_ids_are_read_strictly(void **state)
{
	static const char *const bad[] = {"", "0f8fad5b", "0f8fad5bd9cb469fa16570867728950e",
	    "0f8fad5b-d9cb-469f-a165-70867728950", "0f8fad5b-d9cb-469f-a165-70867728950eX",
	    "0f8fad5b-d9cb-469f-a165_70867728950e", "zf8fad5b-d9cb-469f-a165-70867728950e"};
	uint8_t id[16];

	(void)state;
	assert_true(gap_id_of(SLICE("0f8fad5b-d9cb-469f-a165-70867728950e"), id));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(gap_id_of(slice_of(bad[i]), id));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_copy_shares_and_does_not_change_the_original),
	    CASE(a_block_finds_what_still_runs),
	    CASE(away_is_half_open),
	    CASE(everything_comes_back_from_a_file),
	    cmocka_unit_test_setup_teardown(
		overrides_are_laid_over_once_for_all, set_up, tear_down),
	    CASE(a_spoilt_file_is_refused),
	    CASE(a_well_signed_lie_is_refused),
	    CASE(two_generations_are_kept),
	    CASE(both_generations_know_of_an_erasure),
	    CASE(a_full_disk_leaves_both_generations),
	    CASE(an_import_tells_what_it_opens_and_closes),
	    CASE(an_import_of_what_is_there_changes_nothing),
	    CASE(leave_opens_gaps_where_the_person_covers),
	    CASE(gap_ids_are_read_strictly),
	};

	return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
