/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/gap.h"
#include "server/model/region.h"

/*
 * The groups of gaps of bundles and of the requirements of their parts, so that one cause calls
 * people once. As gap_blame(): the hole of a bundle is blamed on the rotas of the parts that are at
 * fault. A hole that has no source for a group ("somebody is away") is in one with the hole of the
 * other that begins at the same instant for the same cause: "<place>.<function>.<cause>-<start>".
 * Pure.
 */
struct bundle_gaps_asked {
	const struct region *region;
	uint32_t demand;
	struct gap_rotas rotas;   /* of the demand, by supply */
	struct cover_spans spans; /* of a bundle: of which the holes are, with their faults */
	const uint64_t *faults;   /* (bundle_sweep.h); NULL: the demand is no bundle */
};
struct gap_holes bundle_blame(
    struct arena *arena, struct gap_holes holes, const struct bundle_gaps_asked *asked);
