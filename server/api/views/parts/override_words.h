/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/map/rota_block.h"
#include "server/map/snapshot_region.h"

/* Sentences about an override, for people. Pure; appended to ${out}. ${named}: the reader may see
 * names. */

/* "Made here Sat 21 Nov 2026 21:05 GMT by fenmere-rotas; the calendar still says K Lee." */
void override_words_made(struct buf *out, const struct snapshot_region *setup,
    const struct kept_override *override, const char *made_by, bool named);

/* An override as a reader may see it. */
struct override_told {
	const struct snapshot_region *setup;
	const char *rota; /* its id */
	const struct kept_override *override;
	bool named; /* the reader may see names */
};

/* The disagreement of the calendar, and what to do about it. */
void override_words_warning(struct buf *out, const struct override_told *told);

/* How the standing of the override would change; ${standing}: as override_event has it. */
void override_words_becomes(
    struct buf *out, const struct override_told *told, const char *standing);
