/* SPDX-License-Identifier: MIT */
#include "server/map/gap_block.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/map/instant32.h"

/* A name that is not known comes from a newer server. COVER_UNKNOWN is the safe reading: it is
 * never taken for "covered". */
enum cover_state
kept_state_of(const char *name)
{
	enum cover_state state = cover_state_of(name);

	return state < COVER_STATES ? state : COVER_UNKNOWN;
}

enum cover_cause
kept_cause_of(const char *name)
{
	enum cover_cause cause = cover_cause_of(name);

	return cause < COVER_CAUSES ? cause : CAUSE_NONE;
}

/* A uuid as PostgreSQL writes it: 8-4-4-4-12. */
bool
gap_id_of(struct slice text, uint8_t out[16])
{
	char digits[32];
	size_t used = 0;

	if (text.len != GAP_ID_MAX - 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash != (text.at[i] == '-'))
			return false;
		if (!dash)
			digits[used++] = text.at[i];
	}
	return text_unhex((struct slice){digits, sizeof digits}, out, 16);
}

void
gap_id_text(const uint8_t id[16], char out[GAP_ID_MAX])
{
	char digits[33];
	size_t used = 0;

	text_hex(id, 16, digits);
	for (size_t i = 0; i < 32; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			out[used++] = '-';
		out[used++] = digits[i];
	}
	out[used] = '\0';
}

/* Unlike the texts of a rota, these hardly repeat, so they are not searched for first. Offset 0
 * holds an empty string: 0 means no text. */
static uint32_t
keep(struct buf *text, const char *string)
{
	uint32_t place = (uint32_t)text->len;

	if (string == NULL || string[0] == '\0')
		return 0;
	buf_add(text, string, strlen(string) + 1);
	return place;
}

static struct kept_gap
gap_of(const struct gap_row *row, struct buf *text)
{
	struct kept_gap gap = {
	    .start = instant32(row->start),
	    .end = instant32(row->end),
	    .opened_at = instant32(row->opened_at),
	    .changed_at = instant32(row->changed_at),
	    .acknowledged_at = instant32(row->acknowledged_at),
	    .acknowledged_until = instant32(row->acknowledged_until),
	    .accepted_until = instant32(row->accepted_until),
	    .closed_at = instant32(row->closed_at),
	    .settle_at = instant32(row->settle_at),
	    .acknowledged_by = keep(text, row->acknowledged_by),
	    .note = keep(text, row->note),
	    .notes = keep(text, row->notes),
	    .risk = keep(text, row->risk),
	    .group = keep(text, row->group),
	    .present = (uint16_t)row->present,
	    .required = (uint16_t)row->required,
	    .state = (uint8_t)kept_state_of(row->state),
	    .cause = (uint8_t)kept_cause_of(row->cause),
	    .acknowledged_as = (uint8_t)gap_severity_named(row->acknowledged_as),
	    .alerts_sent = (uint8_t)row->alerts_sent,
	    .told = row->told,
	    .lead = row->lead,
	};

	/* The column is of type uuid; PostgreSQL writes no other form. */
	INVARIANT(gap_id_of(slice_of(row->id), gap.id));
	return gap;
}

/* The id makes the order the same in every process, so that pages and answers do not depend on the
 * order in which rows arrived. */
static int
by_start(const void *left, const void *right)
{
	const struct kept_gap *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return memcmp(a->id, b->id, sizeof a->id);
}

/* One allocation for all: the block is freed as a whole and a block of a demand without gaps costs
 * little. The texts are collected first, since their length is not known before. */
struct gap_block *
gap_block_new(const struct gap_row *rows, size_t count)
{
	struct buf text = {0};
	struct kept_gap *gaps = xcalloc(count + 1, sizeof *gaps);
	struct gap_block *block;
	char *kept;

	buf_add(&text, "", 1);
	for (size_t i = 0; i < count; i++)
		gaps[i] = gap_of(&rows[i], &text);
	qsort(gaps, count, sizeof *gaps, by_start);
	block = xmalloc(sizeof *block + count * sizeof *gaps + text.len);
	kept = (char *)(block->gaps + count);
	*block = (struct gap_block){
	    .refs = 1, .count = (uint32_t)count, .text = kept, .text_len = (uint32_t)text.len};
	memcpy(block->gaps, gaps, count * sizeof *gaps);
	memcpy(kept, text.at, text.len);
	buf_free(&text);
	free(gaps);
	return block;
}

struct gap_block *
gap_block_ref(struct gap_block *block)
{
	if (block != NULL)
		block->refs++;
	return block;
}

void
gap_block_unref(struct gap_block *block)
{
	if (block != NULL && --block->refs == 0)
		free(block);
}

const char *
gap_block_text(const struct gap_block *block, uint32_t place)
{
	return place == 0 || place >= block->text_len ? NULL : block->text + place;
}

int64_t
gap_block_accepted(const struct gap_block *block, int64_t at)
{
	for (uint32_t i = 0; block != NULL && i < block->count; i++) {
		const struct kept_gap *gap = &block->gaps[i];

		if ((int64_t)gap->start <= at && at < (int64_t)gap->end &&
		    at < (int64_t)gap->accepted_until && gap->closed_at == 0)
			return gap->accepted_until;
	}
	return 0;
}
