/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <sodium.h>
#include <string.h>

#include "server/api/keep/snapshot_accounts.h"
#include "server/api/keep/snapshot_closings.h"
#include "server/api/keep/snapshot_file.h"
#include "server/api/keep/snapshot_format.h"
#include "server/api/keep/snapshot_protocols.h"
#include "server/api/keep/snapshot_remarks.h"
#include "server/base/fatal.h"
#include "server/base/instant.h"
#include "server/base/pack.h"
#include "server/map/rota_builder.h"

/* Nothing in the file is trusted, although we wrote it: a damaged file must end in STATUS_MALFORMED
 * and never in a wrong answer. Each function continues with in->bad set and reads zeros, so that it
 * needs no way out of its own; lengths are bounded before memory is taken. */

#define TEXT_MAX_BYTES 4096
#define NOTES_MAX_BYTES (1 << 18) /* twenty notes, every byte of them escaped */

/* The fewest bytes of one item. */
#define SESSION_LEAST PACKED_LEAST(1, 2, 3, 2)
#define GAP_LEAST PACKED_LEAST(2, 3, 8, 8)

static void
unpack_session(struct unpack *in, struct arena *arena, struct session *out)
{
	const char *id = unpack_text(in, arena, SESSION_ID_LEN);
	const char *account = unpack_text(in, arena, SESSION_ACCOUNT_MAX);
	struct slice sha256 = unpack_bytes(in);

	out->used_at = unpack_i64(in);
	out->ends_at = unpack_i64(in);
	out->ended_at = unpack_i64(in);
	out->idle_seconds = (int32_t)unpack_u32(in);
	out->how = unpack_u8(in);
	in->bad |= id == NULL || strlen(id) != SESSION_ID_LEN || account == NULL ||
		   sha256.len != sizeof out->sha256 || out->idle_seconds < 0 ||
		   /* Used to index names of ways to sign in. */
		   out->how >= SESSION_HOWS;
	if (in->bad)
		return;
	memcpy(out->id, id, SESSION_ID_LEN + 1);
	memcpy(out->account, account, strlen(account) + 1);
	memcpy(out->sha256, sha256.at, sha256.len);
}

/* None is dropped for its age: what time it is now nobody knows yet. */
static struct sessions *
unpack_sessions(struct unpack *in)
{
	struct sessions *sessions = sessions_new();
	struct arena *arena = arena_new(0);
	uint32_t count = unpack_count(in, SESSION_LEAST);

	for (uint32_t i = 0; i < count && !in->bad; i++) {
		struct session session = {0};

		unpack_session(in, arena, &session);
		if (!in->bad)
			sessions_put(sessions, &session, INSTANT_NONE);
	}
	arena_free(arena);
	return sessions;
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

#define PACKED_SHIFT_BYTES PACKED_LEAST(1, 5, 1, 0)

#define PACKED_OVERRIDE_BYTES PACKED_LEAST(5, 10, 3, 0)

#define PACKED_TRACE_BYTES PACKED_LEAST(0, 1, 2, 0)

#define PACKED_GONE_BYTES PACKED_LEAST(0, 4, 1, 0)

/* An index that is too large would be read past the end of the people. */
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
	/* The class is not in the file: it follows from the kind, by the same function as in the
	 * database's rows. */
	row->class = rota_block_kind_class((enum override_kind)kind);
	row->override.late = unpack_u8(overrides) != 0;
	in->bad |= row->override.id == 0 || row->override.standing >= OVERRIDE_STANDINGS ||
		   kind > OVERRIDE_NOBODY || !person_known(region, row->person) ||
		   !person_known(region, row->override.instead) ||
		   row->override.nthird > OVERRIDE_THIRD_MAX;
}

/* ${count} records of one size, read apart: the texts they refer to come after them. Their number
 * is bounded by what is left of the file (unpack_count()). */
static struct unpack
take_records(struct unpack *in, uint32_t size, uint32_t *count)
{
	struct unpack records;

	*count = unpack_count(in, size);
	records = unpack_from(in->at, (size_t)*count * size);
	in->at += (size_t)*count * size;
	return records;
}

static void
unpack_trace(struct unpack *traces, struct rota_builder *builder)
{
	struct kept_trace trace = {.shift = unpack_i64(traces)};

	trace.entry = (uint64_t)unpack_i64(traces);
	trace.changed = unpack_u32(traces);
	rota_builder_trace(builder, &trace);
}

static void
unpack_gone(struct unpack *in, struct unpack *records, const struct region *region,
    struct rota_builder *builder)
{
	struct kept_gone gone = {.entry = (uint64_t)unpack_i64(records)};

	gone.start = unpack_u32(records);
	gone.end = unpack_u32(records);
	gone.person = unpack_u32(records);
	gone.changed = unpack_u32(records);
	in->bad |= !person_known(region, gone.person);
	if (!in->bad)
		rota_builder_gone(builder, &gone);
}

static struct rota_block *
unpack_rota(struct unpack *in, const struct region *region, struct rota_builder *builder)
{
	uint32_t count, noverrides, ntraces, ngone;
	struct unpack shifts = take_records(in, PACKED_SHIFT_BYTES, &count);
	struct unpack overrides = take_records(in, PACKED_OVERRIDE_BYTES, &noverrides);
	struct unpack traces = take_records(in, PACKED_TRACE_BYTES, &ntraces);
	struct unpack gone = take_records(in, PACKED_GONE_BYTES, &ngone);
	struct slice text = unpack_bytes(in);
	struct shift_row row;

	/* The texts are read as C strings, so the last byte must end one. */
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
	for (uint32_t i = 0; i < ntraces && !in->bad; i++)
		unpack_trace(&traces, builder);
	for (uint32_t i = 0; i < ngone && !in->bad; i++)
		unpack_gone(in, &gone, region, builder);
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
	facts.to_decide = (int32_t)unpack_u32(in);
	facts.reading = unpack_i64(in);
	facts.held_import = unpack_i64(in);
	facts.upload = unpack_i64(in);
	facts.upload_at = unpack_i64(in);
	fault = unpack_text(in, arena, TEXT_MAX_BYTES);
	warnings = unpack_text(in, arena, TEXT_MAX_BYTES);
	in->bad |= facts.kind >= FEED_KINDS || facts.standing >= FEED_STANDINGS;
	return in->bad ? NULL : kept_feed_new(&facts, fault, warnings);
}

/* A state or a cause that is not known is read safely by gap_block_new(). */
static struct gap_block *
unpack_gaps(struct unpack *in, struct arena *arena)
{
	uint32_t count = unpack_count(in, GAP_LEAST);
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
		rows[i].accepted_until = unpack_i64(in);
		rows[i].closed_at = unpack_i64(in);
		rows[i].settle_at = unpack_i64(in);
		rows[i].acknowledged_by = unpack_text(in, arena, TEXT_MAX_BYTES);
		rows[i].note = unpack_text(in, arena, TEXT_MAX_BYTES);
		rows[i].notes = unpack_text(in, arena, NOTES_MAX_BYTES);
		rows[i].risk = unpack_text(in, arena, NOTES_MAX_BYTES);
		rows[i].present = unpack_u32(in);
		rows[i].required = unpack_u32(in);
		rows[i].state = unpack_text(in, arena, TEXT_MAX_BYTES);
		rows[i].cause = unpack_text(in, arena, TEXT_MAX_BYTES);
		rows[i].alerts_sent = unpack_u32(in);
		rows[i].acknowledged_as = unpack_text(in, arena, TEXT_MAX_BYTES);
		rows[i].group = unpack_text(in, arena, TEXT_MAX_BYTES);
		rows[i].lead = unpack_u8(in) != 0;
		rows[i].told = unpack_u8(in) != 0;
		in->bad |= rows[i].id == NULL || !gap_id_of(slice_of(rows[i].id), id) ||
			   rows[i].state == NULL || rows[i].cause == NULL;
	}
	return in->bad || count == 0 ? NULL : gap_block_new(rows, count);
}

/* The region is read first, from its document, and must have as many rotas and demands as the file
 * was written for. */
static void
unpack_parts(struct unpack *in, struct snapshot *draft)
{
	const struct region *region = draft->setup->region;
	struct rota_builder *builder = rota_builder_new();
	struct arena *arena = arena_new(0);
	struct protocols *protocols;
	struct closings *closings;
	struct remarks *remarks;

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
	remarks = in->bad ? NULL : snapshot_unpack_remarks(in, region);
	if (remarks != NULL)
		snapshot_set_remarks(draft, remarks);
	protocols = in->bad ? NULL : snapshot_unpack_protocols(in, region);
	if (protocols != NULL)
		snapshot_set_protocols(draft, protocols);
	closings = in->bad ? NULL : snapshot_unpack_closings(in, region);
	if (closings != NULL)
		snapshot_set_closings(draft, closings);
	snapshot_gather_absences(draft);
	arena_free(arena);
	rota_builder_free(builder);
}

/* The store is changed only when everything was read. */
static enum status
unpack_body(struct unpack *in, const struct snapshot_tools *tools, struct snapshot_store *store)
{
	int64_t erasure = unpack_i64(in);
	struct map_mark mark = {.epoch = unpack_i64(in)};
	int64_t checked_at;
	bool ready;
	struct span_time window;
	struct snapshot_region *setup;
	struct sessions *sessions;
	struct snapshot *draft;
	int64_t version;

	mark.version = unpack_i64(in);
	checked_at = unpack_i64(in);
	ready = unpack_u8(in) != 0;
	mark.swept_region = unpack_i64(in);
	mark.flag_epoch = unpack_i64(in);
	mark.flag_seq = unpack_i64(in);
	window.start = unpack_i64(in);
	window.end = unpack_i64(in);
	version = unpack_i64(in);
	/* A newer program may refuse a region that an older one accepted. */
	if (snapshot_region_read(tools, version, unpack_bytes(in), &setup) != STATUS_OK)
		return STATUS_MALFORMED;
	draft = snapshot_new(setup, snapshot_unpack_accounts(in));
	sessions = unpack_sessions(in);
	draft->mark = mark;
	draft->window = window;
	draft->last_good = true;
	unpack_parts(in, draft);
	/* Every byte must have been used. */
	if (!unpack_done(in)) {
		snapshot_unref(draft);
		sessions_free(sessions);
		return STATUS_MALFORMED;
	}
	snapshot_store_show(store, draft);
	sessions_free(store->sessions);
	store->sessions = sessions;
	store->erasure = erasure;
	store->checked_at = checked_at;
	store->ready = ready;
	store->ready_region = version;
	return STATUS_OK;
}

/* The head is checked before the digest, and the digest before anything of the body is read. */
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
