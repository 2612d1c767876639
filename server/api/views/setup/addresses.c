/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/addresses.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/table.h"
#include "server/base/vec.h"
#include "server/model/region.h"
#include "server/model/region_secret.h"

_Static_assert(ADDRESS_MAX_BYTES >= REGION_URL_MAX_BYTES, "an address has room in a box");
_Static_assert(ADDRESS_MAX_BYTES >= 100 + REGION_TOKEN_MAX_BYTES, "a token has room in a box");
_Static_assert(
    ADDRESS_MAX_BYTES >= 100 + 4 * (REGION_USER_MAX_BYTES + REGION_PASSWORD_MAX_BYTES + 3) / 3,
    "a user and a password have room in a box");

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
take_address(struct taking *taking, json_t *source)
{
	struct arena *arena = taking->place->arena;
	const char *text = json_string_value(json_object_get(source, "url")), *mask, *address;
	enum status st;

	if (text == NULL || address_is_mask(text))
		return STATUS_OK;
	address = region_address(arena, text);
	if (address == NULL)
		return STATUS_OK;
	st = take_key(taking);
	if (st != STATUS_OK)
		return st;
	mask = address_mask(arena, taking->out->key, address);
	*VEC_PUSH(arena, &taking->items) = (struct addresses_one){.mask = mask, .plain = address};
	json_object_set_new(source, "url", json_string(mask));
	return STATUS_OK;
}

/* ----------------------------------------------------------------------------------- the secret */

static const char *
basic_header(struct arena *arena, const char *user, const char *password)
{
	const char *both = arena_printf(arena, "%s:%s", user, password);
	size_t len = strlen(both),
	       room = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_ORIGINAL);
	char *digits = arena_alloc(arena, room);

	sodium_bin2base64(digits, room, (const uint8_t *)both, len, sodium_base64_VARIANT_ORIGINAL);
	return arena_printf(arena, "Basic %s", digits);
}

/* The value of the header Authorization (RFC 7617, RFC 6750). NULL: it is no whole secret, which its
 * reader reports. */
static const char *
header_of(struct arena *arena, const json_t *secret)
{
	const char *token = json_string_value(json_object_get(secret, "token")), *key;

	if (region_secret_fault(secret, &key) != NULL)
		return NULL;
	if (strcmp(json_string_value(json_object_get(secret, "kind")), "bearer") == 0)
		return arena_printf(arena, "Bearer %s", token);
	return basic_header(arena, json_string_value(json_object_get(secret, "user")),
	    json_string_value(json_object_get(secret, "password")));
}

/* In place of a secret its name; of one without an address a name of none, which its reader
 * refuses. */
static void
name_secret(json_t *secret, const char *name)
{
	static const char *const plain[] = {"user", "password", "token"};

	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		json_object_del(secret, plain[i]);
	json_object_set_new(secret, "sealed", json_string(name));
}

static enum status
take_secret(struct taking *taking, json_t *source)
{
	struct arena *arena = taking->place->arena;
	json_t *secret = json_object_get(source, "secret");
	const char *mask = json_string_value(json_object_get(source, "url")), *text, *name;
	const char *header = header_of(arena, secret);
	enum status st;

	if (header == NULL)
		return STATUS_OK;
	if (mask == NULL)
		mask = taking->place->current;
	/* Also where it cannot be used: what is left of the request may be shown. */
	taking->out->changed = true;
	name_secret(secret, "");
	if (!address_is_mask(mask))
		return STATUS_OK;
	st = take_key(taking);
	if (st != STATUS_OK)
		return st;
	text = address_secret_text(arena, mask, header);
	name = address_secret_name(arena, taking->out->key, mask, text);
	*VEC_PUSH(arena, &taking->items) = (struct addresses_one){.mask = name, .plain = text};
	name_secret(secret, name);
	return STATUS_OK;
}

static enum status
take_one(struct taking *taking, json_t *rota)
{
	json_t *source = json_object_get(rota, "source");
	enum status st = take_address(taking, source);

	return st == STATUS_OK ? take_secret(taking, source) : st;
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
addresses_take(
    const struct addresses_place *place, json_t *root, struct slice *body, struct addresses *out)
{
	struct taking taking = {.place = place, .out = out};
	enum status st = take_all(&taking, root);
	char *text;

	out->items = taking.items.items;
	out->count = taking.items.count;
	if (st == STATUS_OK && (out->count > 0 || out->changed)) {
		text = json_dumps(root, JSON_COMPACT);
		*body = (struct slice){arena_strdup(place->arena, text), strlen(text)};
		free(text);
	}
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
