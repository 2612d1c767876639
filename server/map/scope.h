/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The part of its account's rights that a token for a program may use. */
enum scope {
	SCOPE_READ,        /* every GET but those of the next two */
	SCOPE_REVIEW,      /* the region, the audit, the history */
	SCOPE_ACCOUNTS,    /* tokens, links, devices, sessions, access to another's place */
	SCOPE_WRITE_COVER, /* overrides, absences, imports, decisions, acknowledgements */
	SCOPE_WRITE_SETUP, /* the set-up, and the region file */
	SCOPE_NUMBERS,     /* work mobiles in what it reads, where the account sees them */
	SCOPES
};
#define SCOPE_ALL ((1u << SCOPES) - 1)

const char *scope_name(enum scope scope); /* "write:cover" */
bool scope_of(const char *name, enum scope *out);
