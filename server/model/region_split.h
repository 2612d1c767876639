/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/base/arena.h"

/*
 * When a person is split into two, each alias and each decided title of a rota ("reading") that names the
 * person must name one of the two. It goes to the person who is split off, or stays. If neither is certain
 * it names nobody: an alias is removed, and a title becomes undecided, so that it does not count for the
 * wrong person. Pure.
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
	const char *const *from;    /* all codes of the person who is split; NULL-terminated */
	const char *to;             /* the code of the person who is split off */
	const json_t *goes, *stays; /* the keys that the request decides, as lists; or NULL */
	/* The region file just after the merge that is taken back: what it has too was decided
	 * before the merge, and stays. NULL: no merge is taken back. */
	const json_t *then;
};

/* Changes the rotas of ${document}, a region file, in place. ${out}, in ${arena}, has each word that named the
 * person. */
void region_split_words(struct arena *arena, json_t *document,
    const struct region_split_asked *asked, struct region_split_words *out);
