/* SPDX-License-Identifier: MIT */
#include "server/map/accounts.h"

#include <string.h>

#include "server/base/fatal.h"

/* These names are in the record and in the API: a role is never renamed, only added. */
static const char *const role_names[ACCOUNT_ROLES] = {
    [ROLE_VIEWER] = "viewer",
    [ROLE_SWITCHBOARD] = "switchboard",
    [ROLE_ROTA_MANAGER] = "rota_manager",
    [ROLE_COMMISSIONER] = "commissioner",
    [ROLE_AUDITOR] = "auditor",
    [ROLE_ADMINISTRATOR] = "administrator",
    [ROLE_PLACE_MANAGER] = "place_manager",
    [ROLE_ORGANISATION_ADMINISTRATOR] = "organisation_administrator",
};

const char *
account_role_name(enum account_role role)
{
	INVARIANT(role < ACCOUNT_ROLES);
	return role_names[role];
}

/* A role that is not known here was added by a newer version of the server. The caller decides what
 * to do with it; it must not grant any right. */
bool
account_role_of(const char *name, enum account_role *out)
{
	for (int i = 0; i < ACCOUNT_ROLES; i++)
		if (strcmp(role_names[i], name) == 0) {
			*out = (enum account_role)i;
			return true;
		}
	return false;
}

/* As the table token has them. LINK_NONE has no name: such a token is no link. */
static const char *const link_names[LINK_KINDS] = {
    [LINK_ROTA] = "rota",
    [LINK_SERVICE] = "service",
    [LINK_PERSON] = "person",
    [LINK_GAPS] = "gaps",
    [LINK_CLOSING] = "closing",
    [LINK_NAVIGATOR] = "navigator",
};

const char *
link_kind_name(enum link_kind kind)
{
	INVARIANT(kind > LINK_NONE && kind < LINK_KINDS);
	return link_names[kind];
}

bool
link_kind_of(const char *name, enum link_kind *out)
{
	for (int i = LINK_NONE + 1; i < LINK_KINDS; i++)
		if (strcmp(link_names[i], name) == 0) {
			*out = (enum link_kind)i;
			return true;
		}
	return false;
}

static const struct account *
without_numbers(struct arena *arena, const struct accounts_read *read)
{
	struct account *copies = arena_array(arena, (size_t)read->count + 1, sizeof *copies);

	for (uint32_t i = 0; i < read->count; i++) {
		copies[i] = read->items[i];
		copies[i].no_numbers = true;
	}
	return copies;
}

/* Takes over the arena, in which the caller has read the items. They are not copied. */
struct accounts *
accounts_new(struct arena *arena, const struct accounts_read *read)
{
	struct accounts *accounts = arena_alloc(arena, sizeof *accounts);

	*accounts = (struct accounts){
	    .refs = 1,
	    .arena = arena,
	    .version = read->version,
	    .items = read->items,
	    .unnumbered = without_numbers(arena, read),
	    .count = read->count,
	    .tokens = read->tokens,
	    .ntokens = read->ntokens,
	};
	table_init(&accounts->by_name, arena, read->count);
	for (uint32_t i = 0; i < read->count; i++)
		table_put(&accounts->by_name, arena, read->items[i].name, i);
	table_init(&accounts->token_by_id, arena, read->ntokens);
	for (uint32_t i = 0; i < read->ntokens; i++) {
		/* A token without its account would give rights to nobody that the set-up names.
		 * The query joins the two. */
		INVARIANT(read->tokens[i].account < read->count);
		table_put(&accounts->token_by_id, arena, read->tokens[i].id, i);
	}
	return accounts;
}

/* Version -1 is less than any version of the database, so that the first round reads the accounts
 * whatever they are. */
struct accounts *
accounts_none(void)
{
	return accounts_new(arena_new(0), &(struct accounts_read){.version = -1});
}

struct accounts *
accounts_ref(struct accounts *accounts)
{
	accounts->refs++;
	return accounts;
}

void
accounts_unref(struct accounts *accounts)
{
	if (accounts != NULL && --accounts->refs == 0)
		arena_free(accounts->arena);
}

const struct account *
accounts_asker(const struct accounts *accounts, const struct token *token)
{
	if ((token->scopes & (1u << SCOPE_NUMBERS)) != 0)
		return &accounts->items[token->account];
	return &accounts->unnumbered[token->account];
}

const struct account *
accounts_named(const struct accounts *accounts, const char *name)
{
	uint32_t index = name == NULL ? TABLE_NONE : table_get(&accounts->by_name, name);

	return index == TABLE_NONE ? NULL : &accounts->items[index];
}

const struct token *
accounts_token(const struct accounts *accounts, const char *id)
{
	uint32_t index = table_get(&accounts->token_by_id, id);

	return index == TABLE_NONE ? NULL : &accounts->tokens[index];
}
