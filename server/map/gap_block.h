/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/text.h"
#include "server/model/gap.h"
#include "server/model/sweep.h"

/* The gaps of one demand that are open, and those that are filled but whose closing has not been
 * announced. Immutable and counted, like a rota's shifts. */
struct kept_gap {
	uint8_t id[16];
	uint32_t start, end, opened_at, changed_at;
	uint32_t acknowledged_at;    /* 0: not */
	uint32_t acknowledged_until; /* 0: it has ended */
	uint32_t closed_at;          /* 0: it is open */
	uint32_t accepted_until;     /* its commissioners accept the risk; 0: they do not */
	uint32_t settle_at;          /* when a held closing is announced; 0: it is not held */
	uint32_t acknowledged_by, note, notes, risk,
	    group; /* places in the block's text; 0: none */
	uint16_t present, required;
	uint8_t state, cause;    /* enum cover_state, cover_cause */
	uint8_t acknowledged_as; /* enum gap_severity, when it was acknowledged */
	uint8_t alerts_sent;     /* number of alerts that have been sent */
	bool told, lead;
};

struct gap_block {
	unsigned refs;
	uint32_t count;
	uint32_t text_len;
	const char *text;
	struct kept_gap gaps[]; /* by start */
};

/* One row as it comes. Strings are borrowed until the call returns. */
struct gap_row {
	const char *id; /* 36 characters */
	int64_t start, end, opened_at, changed_at;
	int64_t acknowledged_at, acknowledged_until, accepted_until, closed_at,
	    settle_at; /* 0: not */
	const char *state, *cause, *acknowledged_by, *note, *group, *acknowledged_as;
	const char *risk;  /* JSON: of its requirement at the place (gap_risk); NULL: none */
	const char *notes; /* JSON: all notes, the newest last; NULL: none */
	int64_t present, required, alerts_sent;
	bool told, lead;
};

struct gap_block *gap_block_new(const struct gap_row *rows, size_t count);
struct gap_block *gap_block_ref(struct gap_block *block); /* NULL is fine in all three: no gaps */
void gap_block_unref(struct gap_block *block);
const char *gap_block_text(const struct gap_block *block, uint32_t place);

/* Until when the risk of the gap at ${at} is accepted; 0: there is no gap then, or it is not accepted at that instant. */
int64_t gap_block_accepted(const struct gap_block *block, int64_t at);

#define GAP_ID_MAX 37
void gap_id_text(const uint8_t id[16], char out[GAP_ID_MAX]);
bool gap_id_of(struct slice text, uint8_t out[16]); /* false if it is no id */

enum cover_state kept_state_of(const char *name); /* COVER_UNKNOWN for a name we do not know */
enum cover_cause kept_cause_of(const char *name); /* CAUSE_NONE for a name we do not know */
