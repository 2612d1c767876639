/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/base/arena.h"

/*
 * The aliases and titles of rotas ("reading") that name somebody who is split. Each goes to the one
 * who is split off, stays, or, where nobody can tell, names nobody any more: an alias is taken away,
 * and a title is undecided.
 */
enum region_split_lot { REGION_SPLIT_GOES, REGION_SPLIT_STAYS, REGION_SPLIT_UNCLEAR };

struct region_split_word {
	const char *key; /* "alias:ROTA:JJ", "title:ROTA:Doc": as it is named in a request */
	const char *rota, *words;
	enum region_split_lot lot;
};

struct region_split_words {
	struct region_split_word *items;
	size_t count, capacity;
};

struct region_split_asked {
	const char *const *from;    /* the codes of the one who is split; NULL-terminated */
	const char *to;             /* the code of the one who is split off */
	const json_t *goes, *stays; /* lists of keys; or NULL */
	const json_t
	    *then; /* the region file just after the merge that is taken back; what it says the
			       same stays. NULL: there was none */
};

/* Changes the rotas of ${document}, a region file. ${out} has each word that names the person. */
void region_split_words(struct arena *arena, json_t *document,
    const struct region_split_asked *asked, struct region_split_words *out);
