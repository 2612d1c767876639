/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/keep/snapshot_store.h"
#include "server/map/snapshot.h"

/*
 * A small hand-made map for the pure parts. The region: council Fenmere (X06000001), emergency
 * department St Oswin's (ZED01) below it, emergency department Northgate (ZED02) that nobody
 * serves, and a second council (X06000002). Function amhp, required at ZED01 round the clock, and
 * twice on weekdays 09:00 to 17:00; function liaison, served at ZED01 and required nowhere.
 */
extern const char atlas_region[];

#define ATLAS_NOW 1795316999 /* 2026-11-22T03:09:59Z, a Sunday */

struct atlas {
	struct zonedb *zones;
	char *holidays;
	struct snapshot_tools tools;
	struct snapshot_store store;
	struct snapshot *map; /* borrowed from the store */
	const struct region *region;
};

/* All feeds good a minute before ATLAS_NOW, their horizon a month ahead; no shifts, no gaps, the
 * region's accounts without tokens. */
void atlas_open(struct atlas *atlas);
void atlas_open_region(struct atlas *atlas, const char *region); /* the same of another region */
void atlas_open_quoted(struct atlas *atlas, const char *region); /* with ' written for " */
void atlas_close(struct atlas *atlas);

/* Adds a shift to the map being made: hours relative to ATLAS_NOW. ${person}: an id, or NULL;
 * ${team} or NULL. */
void atlas_shift(struct atlas *atlas, const char *rota, int64_t id, enum kept_class class,
    const char *person, const char *team, double from_hours, double to_hours);

/* An override with the newest number, by "zfc-rotas" an hour before ATLAS_NOW; ${instead},
 * ${third}: an id, or NULL. */
void atlas_override(struct atlas *atlas, const char *rota, int64_t id, const char *person,
    const char *instead, const char *third, double from_hours, double to_hours);

/* Sets when the rota's source was last good, seconds before ATLAS_NOW; INSTANT_NEVER: it never was. */
void atlas_feed(struct atlas *atlas, const char *rota, int64_t age_seconds);

/* Has the rota's source stand so, and ${fault} say why. */
void atlas_fault(
    struct atlas *atlas, const char *rota, enum feed_standing standing, const char *fault);

void atlas_gap(struct atlas *atlas, const char *requirement, const char *place, const char *id,
    double from_hours, double to_hours);

uint32_t atlas_place(const struct atlas *atlas, const char *code);
uint32_t atlas_rota(const struct atlas *atlas, const char *id);
const struct account *atlas_account(const struct atlas *atlas, const char *name);
