/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "calendars/reading.h"
#include "server/base/arena.h"
#include "server/base/status.h"
#include "server/base/text.h"
#include "server/base/zone.h"
#include "server/model/region_shared.h"
#include "server/rota/rota_options.h"

/*
 * The rules by which each rota is read: one version of the region, and of the decisions about titles. Immutable
 * and reference-counted: a job uses the one with which it began, whatever is applied or decided meanwhile.
 * Functions that return a rulebook give the caller one reference.
 */
struct rulebook;

/* Reads the region ${document}, without decisions. STATUS_MALFORMED: this program cannot read it. */
MUST_USE enum status rulebook_read(
    const struct zonedb *zones, int64_t version, struct slice document, struct rulebook **out);

/* The file of bank holidays that readings by ${rulebook} depend on, borrowed for as long as there are rulebooks made
 * from it. Without it there are none. */
void rulebook_set_holidays(struct rulebook *rulebook, struct slice csv);

/* The decisions of ${rulebook} with ${shared}, to which its region was patched; takes over the reference to
 * ${shared}. */
struct rulebook *rulebook_patched(struct rulebook *rulebook, struct region_shared *shared);

/* The decisions about one rota. */
struct rulebook_decision {
	const char *rota;
	struct rota_decision decision;
};

/* The region of ${rulebook} with ${decisions}, sorted by rota bytewise and copied; ${version} is theirs. */
struct rulebook *rulebook_decide(struct rulebook *rulebook, int64_t version,
    const struct rulebook_decision *decisions, size_t count);

struct rulebook *rulebook_ref(struct rulebook *rulebook);
void rulebook_unref(struct rulebook *rulebook);

int64_t rulebook_version(const struct rulebook *rulebook);
int64_t rulebook_decided(const struct rulebook *rulebook); /* of its decisions; 0: without any */
struct region_shared *rulebook_shared(const struct rulebook *rulebook); /* borrowed */
const struct region *rulebook_region(const struct rulebook *rulebook);

/* The rota ${id}; NULL: this region has none. */
const struct region_rota *rulebook_rota(const struct rulebook *rulebook, const char *id);

/* How ${rota} is read at ${now}. Lives in ${arena}, borrows from ${rulebook}. */
struct reading_options rulebook_options(const struct rulebook *rulebook, struct arena *arena,
    const struct region_rota *rota, enum reading_kind kind, int64_t now);

/* The window that readings at ${now} are made for. */
void rulebook_window(const struct rulebook *rulebook, int64_t now, int64_t *from, int64_t *until);

/*
 * A hash of everything a reading with ${options} depends on besides the bytes: rules, decisions,
 * directory, tz database, window, and this program's way of reading. When it changes, the same
 * bytes are worth reading again.
 */
#define READ_WITH_BYTES 32
struct read_with {
	unsigned char hash[READ_WITH_BYTES];
};
struct read_with rulebook_read_with(
    const struct rulebook *rulebook, const struct reading_options *options);
