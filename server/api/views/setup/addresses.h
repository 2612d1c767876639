/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/address/address_box.h"
#include "server/pg/pg.h"

/*
 * The feed addresses that a request brings. Where it comes in, each is replaced by its mask; with the
 * deed, and not before, it goes to the database in its box. Nothing between the two has an address.
 */
struct addresses {
	const struct address_seal_key *key; /* NULL: the request has no address */
	struct addresses_one {
		const char *mask, *plain;
		bool kept; /* the database has it under this key */
	} * items;
	size_t count;
};

/* Puts masks in the place of the addresses of ${body}, a region file or (${one}) a rota, and lists
 * them in ${out}. ${body} is replaced; what cannot be read as JSON, and what is no address, stays for
 * its reader to find fault with. Not STATUS_OK: there is an address, and the seal file at ${path}
 * cannot be used (address_key_fault). */
struct addresses_place {
	struct arena *arena;
	const char *path;
	bool one;
};
MUST_USE enum status addresses_take(
    const struct addresses_place *place, struct slice *body, struct addresses *out);

/* Their masks, and the id of the key: what the database is asked to say which of them it lacks. */
void addresses_ask(struct arena *arena, const struct addresses *addresses, struct pg_args *args);

/* All but those in ${column} of the one row, an array of masks, are kept already. */
void addresses_answered(
    struct arena *arena, struct addresses *addresses, const struct pg_rows *rows, unsigned column);

/* Those that the database lacks, as two arrays: masks, boxes. */
void addresses_send(struct arena *arena, const struct addresses *addresses, struct pg_args *args);
