/* SPDX-License-Identifier: MIT */
#include <sodium.h>
#include <string.h>

#include "server/api/keep/snapshot_accounts.h"
#include "server/api/keep/snapshot_closings.h"
#include "server/api/keep/snapshot_file.h"
#include "server/api/keep/snapshot_format.h"
#include "server/api/keep/snapshot_protocols.h"
#include "server/api/keep/snapshot_remarks.h"
#include "server/base/fatal.h"
#include "server/base/pack.h"

/* The last-good file. Everything that an answer needs is in it, in a form of its own rather than
 * as memory: a newer program refuses an older format by its number (FILE_FORMAT) and starts
 * without. */

/* It is packed whether the map was complete, so that a process that starts without the database
 * knows whether it may call itself ready. */
static void
pack_mark(struct buf *out, const struct snapshot_store *store)
{
	const struct snapshot *snapshot = store->current;
	struct arena *arena = arena_new(0);
	struct slice document = snapshot_region_document(arena, snapshot->setup);

	pack_i64(out, store->erasure);
	pack_i64(out, snapshot->mark.epoch);
	pack_i64(out, snapshot->mark.version);
	pack_i64(out, store->checked_at);
	/* Ready for the region of this file only: under another one the sources have to be read
	 * first. */
	pack_u8(out, store->ready && store->ready_region == snapshot->setup->region->version);
	pack_i64(out, snapshot->mark.swept_region);
	pack_i64(out, snapshot->mark.flag_epoch);
	pack_i64(out, snapshot->mark.flag_seq);
	pack_i64(out, snapshot->window.start);
	pack_i64(out, snapshot->window.end);
	pack_i64(out, snapshot->setup->region->version);
	pack_bytes(out, document.at, document.len);
	arena_free(arena);
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

/* Shifts that an override made are made again from the override when the file is read. */
static uint32_t
own_shifts(const struct rota_block *block)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < block->count; i++)
		count += !block->shifts[i].override;
	return count;
}

/* Packs the source's shifts without those that overrides took away, and the overrides: laid over
 * the shifts again, they give the same block.
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
	pack_u32(out, block->ntraces);
	for (uint32_t i = 0; i < block->ntraces; i++) {
		pack_i64(out, block->traces[i].shift);
		pack_i64(out, (int64_t)block->traces[i].entry);
		pack_u32(out, block->traces[i].changed);
	}
	pack_u32(out, block->ngone);
	for (uint32_t i = 0; i < block->ngone; i++) {
		pack_i64(out, (int64_t)block->gone[i].entry);
		pack_u32(out, block->gone[i].start);
		pack_u32(out, block->gone[i].end);
		pack_u32(out, block->gone[i].person);
		pack_u32(out, block->gone[i].changed);
	}
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
	pack_u32(out, (uint32_t)feed->facts.to_decide);
	pack_i64(out, feed->facts.reading);
	pack_i64(out, feed->facts.held_import);
	pack_i64(out, feed->facts.upload);
	pack_i64(out, feed->facts.upload_at);
	pack_text(out, feed->fault);
	pack_text(out, feed->warnings);
}

/* Names rather than numbers of states and causes, as these lists may be sorted differently in a
 * later version. */
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
		pack_i64(out, gap->accepted_until);
		pack_i64(out, gap->closed_at);
		pack_i64(out, gap->settle_at);
		pack_text(out, gap_block_text(block, gap->acknowledged_by));
		pack_text(out, gap_block_text(block, gap->note));
		pack_text(out, gap_block_text(block, gap->notes));
		pack_text(out, gap_block_text(block, gap->risk));
		pack_u32(out, gap->present);
		pack_u32(out, gap->required);
		pack_text(out, cover_state_name((enum cover_state)gap->state));
		pack_text(out, cover_cause_name((enum cover_cause)gap->cause));
		pack_u32(out, gap->alerts_sent);
		pack_text(out, gap_severity_name((enum gap_severity)gap->acknowledged_as));
		pack_text(out, gap_block_text(block, gap->group));
		pack_u8(out, gap->lead);
		pack_u8(out, gap->told);
	}
}

static void
pack_sessions(struct buf *out, const struct sessions *sessions)
{
	/* A store without sessions is one of a test or a process that starts. */
	size_t count = sessions == NULL ? 0 : sessions_count(sessions);

	pack_u32(out, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		const struct session *session = sessions_at(sessions, i);

		pack_text(out, session->id);
		pack_text(out, session->account);
		pack_bytes(out, session->sha256, sizeof session->sha256);
		pack_i64(out, session->used_at);
		pack_i64(out, session->ends_at);
		pack_i64(out, session->ended_at);
		pack_u32(out, (uint32_t)session->idle_seconds);
		pack_u8(out, (uint8_t)session->how);
	}
}

/* The digest finds damage, such as a half-written block; it is no protection against somebody who
 * can write the file. */
void
snapshot_file_pack(struct buf *out, const struct snapshot_store *store)
{
	const struct snapshot *snapshot = store->current;
	const struct region *region = snapshot->setup->region;
	struct buf body = {0};
	uint8_t digest[crypto_hash_sha256_BYTES];

	pack_mark(&body, store);
	snapshot_pack_accounts(&body, snapshot->accounts);
	pack_sessions(&body, store->sessions);
	pack_u32(&body, region->nrotas);
	for (uint32_t i = 0; i < region->nrotas; i++) {
		pack_rota(&body, snapshot->rotas[i]);
		pack_feed(&body, snapshot->feeds[i]);
	}
	pack_rota(&body, snapshot->typed);
	pack_u32(&body, region->ndemands);
	for (uint32_t i = 0; i < region->ndemands; i++)
		pack_gaps(&body, snapshot->gaps[i]);
	snapshot_pack_remarks(&body, snapshot->remarks);
	snapshot_pack_protocols(&body, snapshot->protocols);
	snapshot_pack_closings(&body, snapshot->closings);
	/* Over the body alone, since the head holds the digest. */
	crypto_hash_sha256(digest, (const uint8_t *)body.at, body.len);
	pack_u32(out, FILE_MAGIC);
	pack_u32(out, FILE_FORMAT);
	buf_add(out, digest, sizeof digest);
	buf_add(out, body.at, body.len);
	buf_free(&body);
}
