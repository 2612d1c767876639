/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/vec.h"
#include "server/map/rota_builder.h"
#include "server/map/sessions.h"
#include "server/map/snapshot.h"
#include "server/pg/pg.h"

/* Makes parts of a snapshot of rows. The columns are those of the statements in server/api/sql. */

typedef VEC(uint32_t) index_list;

/* Sets the feeds of ${rows} in ${draft}. Rotas whose shifts come from another reading now are added
 * to ${moved} (kept in ${arena}). Whether anything differs from what was there. */
bool snapshot_load_feeds(
    struct snapshot *draft, const struct pg_rows *rows, struct arena *arena, index_list *moved);

/* Sets the shifts of every rota of ${rotas}; those without a row have none. Typed absences, if
 * there are any among ${rows}, are set as well. */
void snapshot_load_shifts(
    struct snapshot *draft, const struct pg_rows *rows, const uint32_t *rotas, size_t nrotas);

/* The same of rows of API_SHIFTS_TRACED, with what calendars need that others subscribe to. */
void snapshot_load_traced(
    struct snapshot *draft, const struct pg_rows *rows, const uint32_t *rotas, size_t nrotas);

/* Sets the absences that were typed in; ${rows} are theirs alone. */
void snapshot_load_typed(struct snapshot *draft, const struct pg_rows *rows);

/* One row of API_SHIFTS. */
void snapshot_load_shift(const struct region *region, const struct pg_rows *rows, size_t row,
    struct rota_builder *builder);

/* Sets the gaps of every demand of ${demands}. */
void snapshot_load_gaps(
    struct snapshot *draft, const struct pg_rows *rows, const uint32_t *demands, size_t ndemands);

/* The columns that API_GAPS and API_CLOSED_GAPS share. */
void snapshot_load_gap(const struct pg_rows *rows, size_t row, struct gap_row *out);

/* The answer to API_ACCOUNTS, in ${arena}; then, with API_TOKENS, the accounts. */
const struct account *snapshot_load_accounts(
    struct arena *arena, const struct pg_rows *rows, uint32_t *count);
const struct token *snapshot_load_tokens(struct arena *arena, const struct pg_rows *rows,
    const struct account *accounts, uint32_t naccounts, uint32_t *count);

/* One row of API_SESSIONS. */
void snapshot_load_session(const struct pg_rows *rows, size_t row, struct session *out);
