/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/table.h"
#include "server/map/scope.h"

/* The accounts that may ask, and the hashes of their tokens. Immutable and counted. Retired
 * accounts and revoked tokens are not in it. */
enum account_role {
	ROLE_VIEWER,
	ROLE_SWITCHBOARD,
	ROLE_ROTA_MANAGER,
	ROLE_COMMISSIONER,
	ROLE_AUDITOR,
	ROLE_ADMINISTRATOR,
	/* Last, since a snapshot that rests in a file has numbers. */
	ROLE_PLACE_MANAGER,
	ROLE_ORGANISATION_ADMINISTRATOR,
	ACCOUNT_ROLES
};
const char *account_role_name(enum account_role role);
bool account_role_of(const char *name, enum account_role *out);

struct account_glass {
	const char *place; /* code */
	int64_t until;
};

struct account {
	const char *name, *kind;
	enum account_role role;
	const char *organisation;  /* code, or NULL */
	const char *const *places; /* codes; none: everywhere */
	uint32_t nplaces;
	const struct account_glass *glass; /* places of others that it may read for a while */
	uint32_t nglass;
	bool no_numbers; /* sees no work mobiles, whatever its role: see accounts_asker */
};

/* The kind of thing that a secret link opens: the calendar of a rota, a service or a person, or that of the
 * gaps at a place. */
enum link_kind {
	LINK_NONE,
	LINK_ROTA,
	LINK_SERVICE,
	LINK_PERSON,
	LINK_GAPS,
	LINK_CLOSING,   /* no calendar: who has it may say that a service is closed tonight */
	LINK_NAVIGATOR, /* nor this: who has it may say so of a navigator */
	LINK_KINDS
};
const char *link_kind_name(enum link_kind kind); /* "rota", … */
bool link_kind_of(const char *name, enum link_kind *out);

/* What a token that is a secret link opens. */
struct token_link {
	enum link_kind kind; /* LINK_NONE: it is a bearer token */
	const char *of;      /* code of the thing when the link was made */
	bool names;          /* whether its answers name people */
};

#define TOKEN_ID_LEN 12

struct token {
	char id[TOKEN_ID_LEN + 1];
	uint8_t sha256[32];
	int64_t expires_at; /* INT64_MAX: never */
	uint32_t account;
	uint32_t scopes; /* bits of enum scope; SCOPE_ALL: all that the account may */
	struct token_link link;
};

struct accounts {
	unsigned refs;
	struct arena *arena;
	int64_t version;
	const struct account *items;
	const struct account *unnumbered; /* the same, with no_numbers */
	const struct token *tokens;
	uint32_t count, ntokens;
	struct table by_name, token_by_id;
};

/* The accounts as they were read; ${version} is that of the table account_head,
 * which grows with each change. */
struct accounts_read {
	int64_t version;
	const struct account *items;
	uint32_t count;
	const struct token *tokens;
	uint32_t ntokens;
};

/* Takes over ${arena}, in which everything in ${read} lives. One reference, the caller's. */
struct accounts *accounts_new(struct arena *arena, const struct accounts_read *read);

/* Nobody: what a process has before it has read any. */
struct accounts *accounts_none(void);
struct accounts *accounts_ref(struct accounts *accounts);
void accounts_unref(struct accounts *accounts);

/* The account of ${token}, as far as the token's scopes let it see. */
const struct account *accounts_asker(const struct accounts *accounts, const struct token *token);

/* NULL: no such account; also where ${name} is NULL. */
const struct account *accounts_named(const struct accounts *accounts, const char *name);

/* NULL: no such token. Nothing is compared but the public id. */
const struct token *accounts_token(const struct accounts *accounts, const char *id);
