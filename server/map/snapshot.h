/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/map/accounts.h"
#include "server/map/closings.h"
#include "server/map/gap_block.h"
#include "server/map/kept_feed.h"
#include "server/map/protocols.h"
#include "server/map/remarks.h"
#include "server/map/rota_block.h"
#include "server/map/snapshot_region.h"
#include "server/map/swaps.h"
#include "server/model/sweep.h"

/*
 * Everything that the api knows, as one immutable value. Answers are made from it even if
 * everything else is down. A change makes a new snapshot, which shares all unchanged parts with the
 * old one, and swaps one pointer (api/keep/follow.h). States are not in it: they are computed from
 * shifts, freshness and the clock for each answer, so that they change as time passes.
 */
struct map_mark {
	int64_t epoch, version;       /* of the map: "E-V" */
	int64_t swept_region;         /* the region that map was swept for */
	int64_t flag_epoch, flag_seq; /* the newest flag when it was read: "E-S" */
};

/* How far into the past a snapshot reaches. */
#define SNAPSHOT_BACK_SECONDS 86400

struct absences {
	unsigned refs;
	size_t count;
	struct person_time items[]; /* by person, then start */
};

struct snapshot {
	unsigned refs;
	uint64_t generation; /* set when the snapshot is published; no two are equal */
	struct snapshot_region *setup;
	struct accounts *accounts;
	struct map_mark mark;
	struct span_time window;   /* the shifts that overlap it are here */
	struct rota_block **rotas; /* by the region's rotas; never NULL */
	struct rota_block *typed;  /* typed absences, which are on no rota; never NULL */
	struct kept_feed **feeds;  /* by the region's rotas; NULL: no row yet */
	struct gap_block **gaps;   /* by the region's demands; NULL: none */
	struct absences *absences;
	struct remarks *remarks;     /* never NULL */
	struct swaps *swaps;         /* never NULL */
	struct protocols *protocols; /* never NULL */
	struct closings *closings;   /* never NULL */
	bool last_good; /* read from the file: this process has not reached the database yet */
};

/* A snapshot for ${setup} and ${accounts} (it takes over one reference of each) without shifts,
 * feeds and gaps. The caller owns one reference, as in all functions here, and may fill it by
 * snapshot_set_* until it is published. */
struct snapshot *snapshot_new(struct snapshot_region *setup, struct accounts *accounts);

/* A copy that shares every part, to be changed and then published in place of ${from}. */
struct snapshot *snapshot_copy(const struct snapshot *from);

struct snapshot *snapshot_ref(struct snapshot *snapshot);
void snapshot_unref(struct snapshot *snapshot);

/* Each takes over one reference of its argument. */
void snapshot_set_rota(struct snapshot *draft, uint32_t rota, struct rota_block *block);
void snapshot_set_typed(struct snapshot *draft, struct rota_block *block);
void snapshot_set_feed(struct snapshot *draft, uint32_t rota, struct kept_feed *feed);
void snapshot_set_gaps(struct snapshot *draft, uint32_t demand, struct gap_block *gaps);
/* Only a region that was patched, and whose rotas, demands and people kept their indexes: the blocks refer
 * to them. */
void snapshot_set_setup(struct snapshot *draft, struct snapshot_region *setup);
void snapshot_set_accounts(struct snapshot *draft, struct accounts *accounts);
void snapshot_set_remarks(struct snapshot *draft, struct remarks *remarks);
void snapshot_set_swaps(struct snapshot *draft, struct swaps *swaps);
void snapshot_set_closings(struct snapshot *draft, struct closings *closings);
void snapshot_set_protocols(struct snapshot *draft, struct protocols *protocols);

/* Collects the absences of all rotas, and the typed ones, again. Call it after the last
 * snapshot_set_rota() and snapshot_set_typed(). */
void snapshot_gather_absences(struct snapshot *draft);

/* Removes the absences of ${person}, for an asker who may not learn of them. Call it after
 * snapshot_gather_absences(). */
void snapshot_hide_absences(struct snapshot *draft, uint32_t person);

/* Whether ${person} is away at ${instant}. */
struct person_times snapshot_absences(const struct snapshot *snapshot); /* borrowed */
bool snapshot_away(const struct snapshot *snapshot, uint32_t person, int64_t instant);

/* Index of the demand of ${requirement} at ${place}; REGION_NONE. */
uint32_t snapshot_demand(
    const struct snapshot *snapshot, const char *requirement, const char *place);
