/* SPDX-License-Identifier: MIT */
#include "server/api/keep/snapshot_accounts.h"

#include <string.h>

#include "server/map/accounts.h"

#define TEXT_MAX_BYTES 4096

/* The fewest bytes of one item. */
#define ACCOUNT_LEAST PACKED_LEAST(1, 2, 0, 3)
#define GLASS_LEAST PACKED_LEAST(0, 0, 1, 1)
#define PLACE_LEAST PACKED_LEAST(0, 0, 0, 1)
#define TOKEN_LEAST PACKED_LEAST(2, 2, 1, 2)

/* Only hashes of tokens: the file lets nobody in. */
void
snapshot_pack_accounts(struct buf *out, const struct accounts *accounts)
{
	pack_i64(out, accounts->version);
	pack_u32(out, accounts->count);
	for (uint32_t i = 0; i < accounts->count; i++) {
		const struct account *account = &accounts->items[i];

		pack_text(out, account->name);
		pack_text(out, account->kind);
		pack_u8(out, (uint8_t)account->role);
		pack_text(out, account->organisation);
		pack_u32(out, account->nplaces);
		for (uint32_t j = 0; j < account->nplaces; j++)
			pack_text(out, account->places[j]);
		pack_u32(out, account->nglass);
		for (uint32_t j = 0; j < account->nglass; j++) {
			pack_text(out, account->glass[j].place);
			pack_i64(out, account->glass[j].until);
		}
	}
	pack_u32(out, accounts->ntokens);
	for (uint32_t i = 0; i < accounts->ntokens; i++) {
		/* Every field is written by itself, since padding between members is not the same
		 * for every compiler. */
		const struct token *token = &accounts->tokens[i];

		pack_text(out, token->id);
		pack_bytes(out, token->sha256, sizeof token->sha256);
		pack_i64(out, token->expires_at);
		pack_u32(out, token->account);
		pack_u32(out, token->scopes);
		pack_u8(out, (uint8_t)token->link.kind);
		pack_u8(out, token->link.names);
		pack_text(out, token->link.of);
	}
}

static void
unpack_glass(struct unpack *in, struct arena *arena, struct account *account)
{
	struct account_glass *glass;

	account->nglass = unpack_count(in, GLASS_LEAST);
	glass = arena_array(arena, account->nglass + 1, sizeof *glass);
	for (uint32_t i = 0; i < account->nglass; i++) {
		glass[i].place = unpack_text(in, arena, TEXT_MAX_BYTES);
		glass[i].until = unpack_i64(in);
		in->bad |= glass[i].place == NULL;
	}
	account->glass = glass;
}

/* Reads into a new arena, which belongs to the accounts or is freed. */
struct accounts *
snapshot_unpack_accounts(struct unpack *in)
{
	struct arena *arena = arena_new(0);
	int64_t version = unpack_i64(in);
	uint32_t count = unpack_count(in, ACCOUNT_LEAST), ntokens;
	struct account *items = arena_array(arena, count + 1, sizeof *items);
	struct token *tokens;

	for (uint32_t i = 0; i < count && !in->bad; i++) {
		const char **places;

		items[i].name = unpack_text(in, arena, TEXT_MAX_BYTES);
		items[i].kind = unpack_text(in, arena, TEXT_MAX_BYTES);
		items[i].role = unpack_u8(in);
		in->bad |= items[i].role >= ACCOUNT_ROLES;
		items[i].organisation = unpack_text(in, arena, TEXT_MAX_BYTES);
		items[i].nplaces = unpack_count(in, PLACE_LEAST);
		places = arena_array(arena, items[i].nplaces + 1, sizeof *places);
		for (uint32_t j = 0; j < items[i].nplaces; j++)
			places[j] = unpack_text(in, arena, TEXT_MAX_BYTES);
		items[i].places = places;
		unpack_glass(in, arena, &items[i]);
	}
	ntokens = unpack_count(in, TOKEN_LEAST);
	tokens = arena_array(arena, ntokens + 1, sizeof *tokens);
	for (uint32_t i = 0; i < ntokens && !in->bad; i++) {
		const char *id = unpack_text(in, arena, TOKEN_ID_LEN);
		struct slice sha256 = unpack_bytes(in);

		tokens[i].expires_at = unpack_i64(in);
		tokens[i].account = unpack_u32(in);
		tokens[i].scopes = unpack_u32(in);
		tokens[i].link.kind = unpack_u8(in);
		tokens[i].link.names = unpack_u8(in) != 0;
		tokens[i].link.of = unpack_text(in, arena, TEXT_MAX_BYTES);
		in->bad |= tokens[i].link.kind >= LINK_KINDS ||
			   (tokens[i].link.kind == LINK_NONE) != (tokens[i].link.of == NULL);
		/* An index beyond the list would be read as somebody else's account. */
		in->bad |= id == NULL || strlen(id) != TOKEN_ID_LEN ||
			   sha256.len != sizeof tokens[i].sha256 || tokens[i].account >= count;
		if (in->bad)
			break;
		memcpy(tokens[i].id, id, TOKEN_ID_LEN + 1);
		memcpy(tokens[i].sha256, sha256.at, sha256.len);
	}
	if (in->bad) {
		arena_free(arena);
		return accounts_none();
	}
	return accounts_new(arena, &(struct accounts_read){version, items, count, tokens, ntokens});
}
