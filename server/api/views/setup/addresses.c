/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/addresses.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/table.h"
#include "server/base/vec.h"
#include "server/model/region.h"

_Static_assert(ADDRESS_MAX_BYTES >= REGION_URL_MAX_BYTES, "an address has room in a box");

struct taking {
	const struct addresses_place *place;
	struct addresses *out;
	VEC(struct addresses_one) items;
};

/* Reads the key when the first address is found, since a set-up without addresses needs none. */
static enum status
take_key(struct taking *taking)
{
	struct address_seal_key *key;
	enum status st;

	if (taking->out->key != NULL)
		return STATUS_OK;
	key = arena_alloc(taking->place->arena, sizeof *key);
	st = address_seal_key_read(taking->place->path, key);
	if (st == STATUS_OK)
		taking->out->key = key;
	return st;
}

static enum status
take_one(struct taking *taking, json_t *rota)
{
	struct arena *arena = taking->place->arena;
	json_t *source = json_object_get(rota, "source");
	const char *text = json_string_value(json_object_get(source, "url")), *mask;
	enum status st;

	if (text == NULL || address_is_mask(text) || !region_is_address(text))
		return STATUS_OK;
	st = take_key(taking);
	if (st != STATUS_OK)
		return st;
	mask = address_mask(arena, taking->out->key, text);
	*VEC_PUSH(arena, &taking->items) =
	    (struct addresses_one){.mask = mask, .plain = arena_strdup(arena, text)};
	json_object_set_new(source, "url", json_string(mask));
	return STATUS_OK;
}

static enum status
take_all(struct taking *taking, json_t *root)
{
	enum status st = STATUS_OK;
	json_t *rota;
	size_t i;

	if (taking->place->one)
		return take_one(taking, root);
	json_array_foreach(json_object_get(root, "rotas"), i, rota)
	{
		if (st == STATUS_OK)
			st = take_one(taking, rota);
	}
	return st;
}

enum status
addresses_take(const struct addresses_place *place, struct slice *body, struct addresses *out)
{
	struct taking taking = {.place = place, .out = out};
	/* As region_read() parses it: what one of the two refuses the other refuses too. */
	json_t *root = json_loadb(body->at, body->len, JSON_REJECT_DUPLICATES, NULL);
	enum status st = take_all(&taking, root);
	char *text;

	out->items = taking.items.items;
	out->count = taking.items.count;
	if (st == STATUS_OK && out->count > 0) {
		text = json_dumps(root, JSON_COMPACT);
		*body = (struct slice){arena_strdup(place->arena, text), strlen(text)};
		free(text);
	}
	json_decref(root);
	return st;
}

void
addresses_ask(struct arena *arena, const struct addresses *addresses, struct pg_args *args)
{
	const char **masks = arena_array(arena, addresses->count + 1, sizeof *masks);

	for (size_t i = 0; i < addresses->count; i++)
		masks[i] = addresses->items[i].mask;
	pg_text_array(args, masks, addresses->count);
	if (addresses->key != NULL)
		pg_bytea(args, addresses->key->id, sizeof addresses->key->id);
	else
		pg_null(args);
}

/* Only addresses that the database lacks are sealed. Sealing takes a tenth of a millisecond each, and a region
 * file of a country that is applied again unchanged would spend that on the loop for every rota. */
void
addresses_answered(
    struct arena *arena, struct addresses *addresses, const struct pg_rows *rows, unsigned column)
{
	size_t count = pg_get_array_count(rows, 0, column);
	struct table lacking;

	table_init(&lacking, arena, count);
	for (size_t i = 0; i < count; i++) {
		struct slice mask = pg_get_array_text(rows, 0, column, i);

		table_put(&lacking, arena, arena_strndup(arena, mask.at, mask.len), 0);
	}
	for (size_t i = 0; i < addresses->count; i++)
		addresses->items[i].kept =
		    table_get(&lacking, addresses->items[i].mask) == TABLE_NONE;
}

void
addresses_send(struct arena *arena, const struct addresses *addresses, struct pg_args *args)
{
	const char **masks = arena_array(arena, addresses->count + 1, sizeof *masks);
	struct slice *boxes = arena_array(arena, addresses->count + 1, sizeof *boxes);
	size_t count = 0;

	for (size_t i = 0; i < addresses->count; i++) {
		struct buf box = {0};

		if (addresses->items[i].kept)
			continue;
		address_seal(addresses->key, addresses->items[i].plain, &box);
		masks[count] = addresses->items[i].mask;
		boxes[count++] = (struct slice){arena_strndup(arena, box.at, box.len), box.len};
		buf_free(&box);
	}
	pg_text_array(args, masks, count);
	pg_bytea_array(args, boxes, count);
}
