/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/vec.h"
#include "server/map/changes.h"

/* Two snapshots while they are compared. Internal to changes*.c. */
typedef VEC(struct change) change_list;

/* A function of a place whose answers may differ. */
struct touched {
	uint32_t place, function;
};

struct finding {
	struct arena *arena;
	const struct map_look *before, *after;
	const struct region *region;
	change_list changes;
	VEC(struct touched) touched;
	bool *rotas; /* by rota: it is in touched */
	/* By person: the time within which some shift or absence of the person differs; NULL until one
	 * does. Other rotas on which the person is then are touched as well, because whether a shift
	 * counts depends on where else its person is. */
	struct span_time *moved;
	uint64_t crowd[ROTA_CROWD_WORDS]; /* a filter of those people, as blocks have one */
};

/* Notes that the answers about ${function} at ${place}, or about all places that ${rota} serves, may
 * differ. */
void changes_touch(struct finding *finding, uint32_t place, uint32_t function);
void changes_touch_rota(struct finding *finding, uint32_t rota);

/* changes_rotas.c: touches the rotas whose shifts differ, and then those that have not changed but
 * have, at that time, one of the people whose shifts have. */
void changes_find_rotas(struct finding *finding);
void changes_find_shared(struct finding *finding);

/* changes_setup.c: touches what the objects of the set-up touch that differ. False: that may be
 * anything. */
bool changes_find_setup(struct finding *finding);

/* changes_swaps.c: adds the swaps that are new, or have another state. */
void changes_find_swaps(struct finding *finding);

/* changes_protocols.c: adds the places that have another list of protocols. */
void changes_find_protocols(struct finding *finding);

/* changes_remarks.c: adds what differs in reports and notes: of each place, the functions whose people were reported, and
 * that it has other notes. */
void changes_find_remarks(struct arena *arena, const struct map_look *before,
    const struct map_look *after, change_list *out);

/* changes_ladders.c: touches the functions whose ladder rings those of a function that is touched. */
void changes_find_ladders(struct finding *finding);
/* Marks in ${contacts} (by place, then function) those whose ladder rings a person of a marked function,
 * or one of the ${lines} (by service). */
void changes_mark_ladders(
    struct arena *arena, const struct map_look *after, bool *contacts, const bool *lines);
/* Whether any place has a ladder. */
bool changes_have_ladders(const struct region *region);
