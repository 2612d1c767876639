/* SPDX-License-Identifier: MIT */
#include "server/api/keep/snapshot_file.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/base/pack.h"

/* "CCLG", format, SHA-256 of the rest, the rest. Another format is another number: nothing is
 * guessed. */
#define FILE_MAGIC 0x474c4343u
#define FILE_FORMAT 5u
#define FILE_HEAD_BYTES (2 * sizeof(uint32_t) + crypto_hash_sha256_BYTES)
#define FILE_MAX_BYTES ((size_t)1 << 30)
#define TEXT_MAX_BYTES 4096
#define NOTES_MAX_BYTES (1 << 18) /* twenty notes, every byte of them escaped */

/* --------------------------------------------------------------------------------- packing */

static void
pack_mark(struct buf *out, const struct snapshot_store *store)
{
	const struct snapshot *snapshot = store->current;

	pack_i64(out, store->checked_at);
	pack_u8(out, store->ready && store->ready_region == snapshot->setup->region->version);
	pack_i64(out, snapshot->mark.epoch);
	pack_i64(out, snapshot->mark.version);
	pack_i64(out, snapshot->mark.swept_region);
	pack_i64(out, snapshot->mark.flag_epoch);
	pack_i64(out, snapshot->mark.flag_seq);
	pack_i64(out, snapshot->window.start);
	pack_i64(out, snapshot->window.end);
	pack_i64(out, snapshot->setup->region->version);
	pack_bytes(out, snapshot->setup->document.at, snapshot->setup->document.len);
}

static void
pack_accounts(struct buf *out, const struct accounts *accounts)
{
	pack_i64(out, accounts->version);
	pack_u32(out, accounts->count);
	for (uint32_t i = 0; i < accounts->count; i++) {
		const struct account *account = &accounts->items[i];

		pack_text(out, account->name);
		pack_text(out, account->kind);
		pack_u8(out, (uint8_t)account->role);
		pack_text(out, account->organisation);
		pack_u32(out, account->nplaces);
		for (uint32_t j = 0; j < account->nplaces; j++)
			pack_text(out, account->places[j]);
	}
	pack_u32(out, accounts->ntokens);
	for (uint32_t i = 0; i < accounts->ntokens; i++) {
		const struct token *token = &accounts->tokens[i];

		pack_text(out, token->id);
		pack_bytes(out, token->sha256, sizeof token->sha256);
		pack_i64(out, token->expires_at);
		pack_u32(out, token->account);
	}
}

static void
pack_override(struct buf *out, const struct kept_override *override)
{
	pack_i64(out, override->id);
	pack_i64(out, override->shift);
	pack_i64(out, override->made_at);
	pack_u32(out, override->start);
	pack_u32(out, override->end);
	pack_u32(out, override->person);
	pack_u32(out, override->instead);
	for (size_t i = 0; i < OVERRIDE_THIRD_MAX; i++)
		pack_u32(out, override->third[i]);
	pack_u32(out, override->made_by);
	pack_u32(out, override->note);
	pack_u8(out, override->standing);
	pack_u8(out, override->took);
	pack_u8(out, override->nthird);
	pack_u8(out, override->kind);
	pack_u8(out, override->late);
}

/* Beside the class of a shift. */
#define AS_LAST_READ 0x80u

static uint32_t
own_shifts(const struct rota_block *block)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < block->count; i++)
		count += !block->shifts[i].override;
	return count;
}

/* What overrides leave of the source's shifts, and the overrides: laid over it again, it is the
 * same.
 */
static void
pack_rota(struct buf *out, const struct rota_block *block)
{
	pack_u32(out, own_shifts(block));
	for (uint32_t i = 0; i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];

		if (shift->override)
			continue;
		pack_i64(out, shift->id);
		pack_u32(out, shift->start);
		pack_u32(out, shift->end);
		pack_u32(out, shift->person);
		pack_u32(out, shift->team);
		pack_u32(out, shift->title);
		pack_u8(out, (uint8_t)(shift->class | (shift->as_last_read ? AS_LAST_READ : 0)));
	}
	pack_u32(out, block->noverrides);
	for (uint32_t i = 0; i < block->noverrides; i++)
		pack_override(out, &block->overrides[i]);
	pack_bytes(out, block->text, block->text_len);
}

static void
pack_feed(struct buf *out, const struct kept_feed *feed)
{
	pack_u8(out, feed != NULL);
	if (feed == NULL)
		return;
	pack_u8(out, (uint8_t)feed->facts.kind);
	pack_u8(out, (uint8_t)feed->facts.standing);
	pack_i64(out, feed->facts.last_attempt_at);
	pack_i64(out, feed->facts.last_good_at);
	pack_i64(out, feed->facts.last_change_at);
	pack_i64(out, feed->facts.horizon);
	pack_i64(out, feed->facts.next_at);
	pack_u32(out, (uint32_t)feed->facts.every_seconds);
	pack_u32(out, (uint32_t)feed->facts.failures);
	pack_i64(out, feed->facts.reading);
	pack_i64(out, feed->facts.held_import);
	pack_i64(out, feed->facts.upload);
	pack_i64(out, feed->facts.upload_at);
	pack_text(out, feed->fault);
	pack_text(out, feed->warnings);
}

static void
pack_gaps(struct buf *out, const struct gap_block *block)
{
	pack_u32(out, block ? block->count : 0);
	for (uint32_t i = 0; block != NULL && i < block->count; i++) {
		const struct kept_gap *gap = &block->gaps[i];
		char id[GAP_ID_MAX];

		gap_id_text(gap->id, id);
		pack_text(out, id);
		pack_i64(out, gap->start);
		pack_i64(out, gap->end);
		pack_i64(out, gap->opened_at);
		pack_i64(out, gap->changed_at);
		pack_i64(out, gap->acknowledged_at);
		pack_i64(out, gap->acknowledged_until);
		pack_i64(out, gap->closed_at);
		pack_i64(out, gap->settle_at);
		pack_text(out, gap_block_text(block, gap->acknowledged_by));
		pack_text(out, gap_block_text(block, gap->note));
		pack_text(out, gap_block_text(block, gap->notes));
		pack_u32(out, gap->present);
		pack_u32(out, gap->required);
		pack_text(out, cover_state_name((enum cover_state)gap->state));
		pack_text(out, cover_cause_name((enum cover_cause)gap->cause));
		pack_u32(out, gap->rung);
		pack_text(out, gap_severity_name((enum gap_severity)gap->acknowledged_as));
		pack_text(out, gap_block_text(block, gap->group));
		pack_u8(out, gap->lead);
		pack_u8(out, gap->told);
	}
}

void
snapshot_file_pack(struct buf *out, const struct snapshot_store *store)
{
	const struct snapshot *snapshot = store->current;
	const struct region *region = snapshot->setup->region;
	struct buf body = {0};
	uint8_t digest[crypto_hash_sha256_BYTES];

	pack_mark(&body, store);
	pack_accounts(&body, snapshot->accounts);
	pack_u32(&body, region->nrotas);
	for (uint32_t i = 0; i < region->nrotas; i++) {
		pack_rota(&body, snapshot->rotas[i]);
		pack_feed(&body, snapshot->feeds[i]);
	}
	pack_rota(&body, snapshot->typed);
	pack_u32(&body, region->ndemands);
	for (uint32_t i = 0; i < region->ndemands; i++)
		pack_gaps(&body, snapshot->gaps[i]);
	crypto_hash_sha256(digest, (const uint8_t *)body.at, body.len);
	pack_u32(out, FILE_MAGIC);
	pack_u32(out, FILE_FORMAT);
	buf_add(out, digest, sizeof digest);
	buf_add(out, body.at, body.len);
	buf_free(&body);
}

/* ------------------------------------------------------------------------------- unpacking */

static struct accounts *
unpack_accounts(struct unpack *in)
{
	struct arena *arena = arena_new(0);
	int64_t version = unpack_i64(in);
	uint32_t count = unpack_count(in, 4), ntokens;
	struct account *items = arena_array(arena, count + 1, sizeof *items);
	struct token *tokens;

	for (uint32_t i = 0; i < count && !in->bad; i++) {
		const char **places;

		items[i].name = unpack_text(in, arena, TEXT_MAX_BYTES);
		items[i].kind = unpack_text(in, arena, TEXT_MAX_BYTES);
		items[i].role = unpack_u8(in);
		in->bad |= items[i].role >= ACCOUNT_ROLES;
		items[i].organisation = unpack_text(in, arena, TEXT_MAX_BYTES);
		items[i].nplaces = unpack_count(in, 4);
		places = arena_array(arena, items[i].nplaces + 1, sizeof *places);
		for (uint32_t j = 0; j < items[i].nplaces; j++)
			places[j] = unpack_text(in, arena, TEXT_MAX_BYTES);
		items[i].places = places;
	}
	ntokens = unpack_count(in, 4);
	tokens = arena_array(arena, ntokens + 1, sizeof *tokens);
	for (uint32_t i = 0; i < ntokens && !in->bad; i++) {
		const char *id = unpack_text(in, arena, TOKEN_ID_LEN);
		struct slice sha256 = unpack_bytes(in);

		tokens[i].expires_at = unpack_i64(in);
		tokens[i].account = unpack_u32(in);
		in->bad |= id == NULL || strlen(id) != TOKEN_ID_LEN ||
			   sha256.len != sizeof tokens[i].sha256 || tokens[i].account >= count;
		if (in->bad)
			break;
		memcpy(tokens[i].id, id, TOKEN_ID_LEN + 1);
		memcpy(tokens[i].sha256, sha256.at, sha256.len);
	}
	if (in->bad) {
		arena_free(arena);
		return accounts_none();
	}
	return accounts_new(arena, version, items, count, tokens, ntokens);
}

/* A text's place in the block's bytes, which come after the shifts that name it. */
static const char *
text_at(struct unpack *in, struct slice text, uint32_t place)
{
	if (place == 0)
		return NULL;
	in->bad |= place >= text.len;
	return in->bad ? NULL : text.at + place;
}

#define PACKED_SHIFT_BYTES 29

#define PACKED_OVERRIDE_BYTES 69 /* 3 of 8, 10 of 4 and 5 of 1 */

static bool
person_known(const struct region *region, uint32_t person)
{
	return person == REGION_NONE || person < region->npeople;
}

static void
unpack_shift(struct unpack *in, struct unpack *shifts, struct slice text,
    const struct region *region, struct shift_row *row)
{
	unsigned class;

	*row = (struct shift_row){.id = unpack_i64(shifts)};
	row->start = unpack_u32(shifts);
	row->end = unpack_u32(shifts);
	row->person = unpack_u32(shifts);
	row->team = text_at(in, text, unpack_u32(shifts));
	row->title = text_at(in, text, unpack_u32(shifts));
	class = unpack_u8(shifts);
	row->as_last_read = (class & AS_LAST_READ) != 0;
	row->class = class & ~AS_LAST_READ;
	in->bad |= row->class >= KEPT_CLASSES || !person_known(region, row->person);
}

static void
unpack_override(struct unpack *in, struct unpack *overrides, struct slice text,
    const struct region *region, struct shift_row *row)
{
	uint8_t kind;

	*row = (struct shift_row){.override.id = unpack_i64(overrides)};
	row->id = unpack_i64(overrides);
	row->override.made_at = unpack_i64(overrides);
	row->start = unpack_u32(overrides);
	row->end = unpack_u32(overrides);
	row->person = unpack_u32(overrides);
	row->override.instead = unpack_u32(overrides);
	for (size_t i = 0; i < OVERRIDE_THIRD_MAX; i++) {
		row->override.third[i] = unpack_u32(overrides);
		in->bad |= !person_known(region, row->override.third[i]);
	}
	row->override.made_by = text_at(in, text, unpack_u32(overrides));
	row->override.note = text_at(in, text, unpack_u32(overrides));
	row->override.standing = unpack_u8(overrides);
	row->override.took = unpack_u8(overrides) != 0;
	row->override.nthird = unpack_u8(overrides);
	kind = unpack_u8(overrides);
	row->class = rota_block_kind_class((enum override_kind)kind);
	row->override.late = unpack_u8(overrides) != 0;
	in->bad |= row->override.id == 0 || row->override.standing >= OVERRIDE_STANDINGS ||
		   kind > OVERRIDE_NOBODY || !person_known(region, row->person) ||
		   !person_known(region, row->override.instead) ||
		   row->override.nthird > OVERRIDE_THIRD_MAX;
}

/* ${count} records of one size, read apart: the texts they refer to come after them. */
static struct unpack
take_records(struct unpack *in, uint32_t size, uint32_t *count)
{
	struct unpack records;

	*count = unpack_count(in, size);
	records = unpack_from(in->at, (size_t)*count * size);
	in->at += (size_t)*count * size;
	return records;
}

static struct rota_block *
unpack_rota(struct unpack *in, const struct region *region, struct rota_builder *builder)
{
	uint32_t count, noverrides;
	struct unpack shifts = take_records(in, PACKED_SHIFT_BYTES, &count);
	struct unpack overrides = take_records(in, PACKED_OVERRIDE_BYTES, &noverrides);
	struct slice text = unpack_bytes(in);
	struct shift_row row;

	in->bad |= text.len > 0 && text.at[text.len - 1] != '\0';
	for (uint32_t i = 0; i < count && !in->bad; i++) {
		unpack_shift(in, &shifts, text, region, &row);
		if (!in->bad)
			rota_builder_add(builder, &row);
	}
	for (uint32_t i = 0; i < noverrides && !in->bad; i++) {
		unpack_override(in, &overrides, text, region, &row);
		if (!in->bad)
			rota_builder_add(builder, &row);
	}
	return rota_builder_take(builder);
}

static struct kept_feed *
unpack_feed(struct unpack *in, struct arena *arena)
{
	struct feed_facts facts;
	const char *fault, *warnings;

	if (unpack_u8(in) == 0)
		return NULL;
	memset(&facts, 0, sizeof facts);
	facts.kind = unpack_u8(in);
	facts.standing = unpack_u8(in);
	facts.last_attempt_at = unpack_i64(in);
	facts.last_good_at = unpack_i64(in);
	facts.last_change_at = unpack_i64(in);
	facts.horizon = unpack_i64(in);
	facts.next_at = unpack_i64(in);
	facts.every_seconds = (int32_t)unpack_u32(in);
	facts.failures = (int32_t)unpack_u32(in);
	facts.reading = unpack_i64(in);
	facts.held_import = unpack_i64(in);
	facts.upload = unpack_i64(in);
	facts.upload_at = unpack_i64(in);
	fault = unpack_text(in, arena, TEXT_MAX_BYTES);
	warnings = unpack_text(in, arena, TEXT_MAX_BYTES);
	in->bad |= facts.kind >= FEED_KINDS || facts.standing >= FEED_STANDINGS;
	return in->bad ? NULL : kept_feed_new(&facts, fault, warnings);
}

static struct gap_block *
unpack_gaps(struct unpack *in, struct arena *arena)
{
	uint32_t count = unpack_count(in, 4);
	struct gap_row *rows = arena_array(arena, count + 1, sizeof *rows);
	uint8_t id[16];

	for (uint32_t i = 0; i < count && !in->bad; i++) {
		rows[i].id = unpack_text(in, arena, GAP_ID_MAX);
		rows[i].start = unpack_i64(in);
		rows[i].end = unpack_i64(in);
		rows[i].opened_at = unpack_i64(in);
		rows[i].changed_at = unpack_i64(in);
		rows[i].acknowledged_at = unpack_i64(in);
		rows[i].acknowledged_until = unpack_i64(in);
		rows[i].closed_at = unpack_i64(in);
		rows[i].settle_at = unpack_i64(in);
		rows[i].acknowledged_by = unpack_text(in, arena, TEXT_MAX_BYTES);
		rows[i].note = unpack_text(in, arena, TEXT_MAX_BYTES);
		rows[i].notes = unpack_text(in, arena, NOTES_MAX_BYTES);
		rows[i].present = unpack_u32(in);
		rows[i].required = unpack_u32(in);
		rows[i].state = unpack_text(in, arena, TEXT_MAX_BYTES);
		rows[i].cause = unpack_text(in, arena, TEXT_MAX_BYTES);
		rows[i].rung = unpack_u32(in);
		rows[i].acknowledged_as = unpack_text(in, arena, TEXT_MAX_BYTES);
		rows[i].group = unpack_text(in, arena, TEXT_MAX_BYTES);
		rows[i].lead = unpack_u8(in) != 0;
		rows[i].told = unpack_u8(in) != 0;
		in->bad |= rows[i].id == NULL || !gap_id_of(slice_of(rows[i].id), id) ||
			   rows[i].state == NULL || rows[i].cause == NULL;
	}
	return in->bad || count == 0 ? NULL : gap_block_new(rows, count);
}

static void
unpack_parts(struct unpack *in, struct snapshot *draft)
{
	const struct region *region = draft->setup->region;
	struct rota_builder *builder = rota_builder_new();
	struct arena *arena = arena_new(0);

	in->bad |= unpack_u32(in) != region->nrotas;
	for (uint32_t i = 0; i < region->nrotas && !in->bad; i++) {
		snapshot_set_rota(draft, i, unpack_rota(in, region, builder));
		snapshot_set_feed(draft, i, unpack_feed(in, arena));
	}
	if (!in->bad)
		snapshot_set_typed(draft, unpack_rota(in, region, builder));
	in->bad |= unpack_u32(in) != region->ndemands;
	for (uint32_t i = 0; i < region->ndemands && !in->bad; i++)
		snapshot_set_gaps(draft, i, unpack_gaps(in, arena));
	snapshot_gather_absences(draft);
	arena_free(arena);
	rota_builder_free(builder);
}

static enum status
unpack_body(struct unpack *in, const struct snapshot_tools *tools, struct snapshot_store *store)
{
	int64_t checked_at = unpack_i64(in);
	bool ready = unpack_u8(in) != 0;
	struct map_mark mark = {.epoch = unpack_i64(in)};
	struct span_time window;
	struct snapshot_region *setup;
	struct snapshot *draft;
	int64_t version;

	mark.version = unpack_i64(in);
	mark.swept_region = unpack_i64(in);
	mark.flag_epoch = unpack_i64(in);
	mark.flag_seq = unpack_i64(in);
	window.start = unpack_i64(in);
	window.end = unpack_i64(in);
	version = unpack_i64(in);
	if (snapshot_region_read(tools, version, unpack_bytes(in), &setup) != STATUS_OK)
		return STATUS_MALFORMED;
	draft = snapshot_new(setup, unpack_accounts(in));
	draft->mark = mark;
	draft->window = window;
	draft->last_good = true;
	unpack_parts(in, draft);
	if (!unpack_done(in)) {
		snapshot_unref(draft);
		return STATUS_MALFORMED;
	}
	snapshot_store_show(store, draft);
	store->checked_at = checked_at;
	store->ready = ready;
	store->ready_region = version;
	return STATUS_OK;
}

enum status
snapshot_file_unpack(
    struct slice bytes, const struct snapshot_tools *tools, struct snapshot_store *store)
{
	struct unpack head = unpack_from(bytes.at, bytes.len), in;
	uint8_t digest[crypto_hash_sha256_BYTES];

	if (bytes.len < FILE_HEAD_BYTES || unpack_u32(&head) != FILE_MAGIC ||
	    unpack_u32(&head) != FILE_FORMAT)
		return STATUS_MALFORMED;
	in = unpack_from(bytes.at + FILE_HEAD_BYTES, bytes.len - FILE_HEAD_BYTES);
	crypto_hash_sha256(
	    digest, (const uint8_t *)bytes.at + FILE_HEAD_BYTES, bytes.len - FILE_HEAD_BYTES);
	if (sodium_memcmp(digest, head.at, sizeof digest) != 0)
		return STATUS_MALFORMED;
	return unpack_body(&in, tools, store);
}

/* --------------------------------------------------------------------------------- on disk */

static const char *const generation_names[] = {"last-good", "last-good.before"};

static char *
path_of(const char *directory, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		fatal("out of memory");
	return path;
}

enum status
snapshot_file_read(
    const char *directory, const struct snapshot_tools *tools, struct snapshot_store *store)
{
	enum status st = STATUS_GONE;

	for (size_t i = 0; i < 2 && st != STATUS_OK; i++) {
		char *path = path_of(directory, generation_names[i]), *bytes;
		size_t len;

		if (file_read(path, FILE_MAX_BYTES, &bytes, &len) == STATUS_OK) {
			st = snapshot_file_unpack((struct slice){bytes, len}, tools, store);
			log_event(st == STATUS_OK ? LOG_INFO : LOG_ERROR, "last_good_read",
			    LOG_STR("file", generation_names[i]),
			    LOG_STR("status", status_name(st)), LOG_INT("bytes", (int64_t)len));
			free(bytes);
		}
		free(path);
	}
	return st == STATUS_OK ? STATUS_OK : STATUS_GONE;
}

enum status
snapshot_file_write(const char *directory, const struct snapshot_store *store)
{
	char *newest = path_of(directory, generation_names[0]);
	char *before = path_of(directory, generation_names[1]);
	struct buf bytes = {0};
	enum status st;

	snapshot_file_pack(&bytes, store);
	/* Between the two a crash leaves the older one, which is looked for as well. */
	if (rename(newest, before) != 0 && errno != ENOENT)
		st = STATUS_AGAIN;
	else
		st = file_replace(newest, bytes.at, bytes.len, 0600);
	buf_free(&bytes);
	free(newest);
	free(before);
	return st;
}
