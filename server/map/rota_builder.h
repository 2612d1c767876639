/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/map/rota_block.h"

/*
 * Makes a block of the rows of a rota. Overrides are laid over the shifts here, once, so that
 * readers of the block need not (model/override.h).
 */

/* Members of a row of an override that a shift does not have. */
struct override_row {
	int64_t id; /* 0: the row is not of an override */
	int64_t made_at;
	uint32_t instead, nthird;
	uint32_t third[OVERRIDE_THIRD_MAX];
	const char *made_by, *note; /* or NULL */
	enum override_standing standing;
	bool late;
	bool took; /* known from before: the calendar's shift is no longer among the rows */
};

/* One row from the database. The ${class} of an override is named, nobody, or undecided in a
 * dispute. Strings are borrowed until the call returns. */
struct shift_row {
	int64_t id, start, end;
	enum kept_class class;
	uint32_t person;
	const char *team, *title; /* or NULL */
	bool as_last_read;
	struct override_row override;
};

struct rota_builder;
struct rota_builder *rota_builder_new(void);
void rota_builder_add(struct rota_builder *builder, const struct shift_row *row);
/* The trace of a row that is added, in any order. */
void rota_builder_trace(struct rota_builder *builder, const struct kept_trace *trace);
/* An entry that is no longer among the rows. Those that overrides take wholly are found by the builder. */
void rota_builder_gone(struct rota_builder *builder, const struct kept_gone *gone);
/* Returns the block, with one reference for the caller, and empties the builder. Rows may have been
 * added in any order. */
struct rota_block *rota_builder_take(struct rota_builder *builder);
void rota_builder_free(struct rota_builder *builder);

/* Adds every shift of ${block} whose id is not among ${without} (ascending), and its overrides, to
 * ${builder}. Time that an override has removed from a shift is not restored. */
void rota_builder_add_block(struct rota_builder *builder, const struct rota_block *block,
    const int64_t *without, size_t nwithout);
