/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/address/address_box.h"
#include "server/pg/pg.h"

/*
 * The feed addresses in a request, and the secrets that go with them. When the request comes in, each address is
 * replaced by its mask and each secret by its name (address/address_box.h), so that no code after that handles
 * one. With the change itself they are sent to the database, in their boxes.
 */
struct addresses {
	const struct address_seal_key *key; /* NULL: the request has no address */
	struct addresses_one {
		const char *mask, *plain; /* of a secret: its name, and what its box has in it */
		bool kept; /* the database has a box of it, made with the present key */
	} * items;
	size_t count;
	bool changed; /* something was taken out that cannot be kept */
};

/* Replaces the addresses and secrets in ${root}, which is ${body} parsed (NULL: no JSON): a region file or (${one})
 * a single rota. They are listed in ${out}, and ${body} then points to new text in ${arena}. Values that are not
 * addresses or secrets are left as they are: the body's reader reports them. A secret that comes without an
 * address is for ${current}, the mask that the rota has. Not STATUS_OK: there is something to seal, and the seal
 * file at ${path} cannot be used (address_key_fault). */
struct addresses_place {
	struct arena *arena;
	const char *path;
	bool one;
	const char *current; /* NULL: it has none */
};
MUST_USE enum status addresses_take(
    const struct addresses_place *place, json_t *root, struct slice *body, struct addresses *out);

/* Appends the arguments with which a statement is asked which addresses the database lacks: masks, and the id
 * of the key. */
void addresses_ask(struct arena *arena, const struct addresses *addresses, struct pg_args *args);

/* Reads the answer: ${column} of the row is an array with the masks of those that the database lacks. */
void addresses_answered(
    struct arena *arena, struct addresses *addresses, const struct pg_rows *rows, unsigned column);

/* Appends those that the database lacks, as two arrays: masks and boxes. */
void addresses_send(struct arena *arena, const struct addresses *addresses, struct pg_args *args);
