/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "server/base/arena.h"

/*
 * An identity provider as it is set up: an OpenID Connect issuer and the organisations that it
 * speaks for. Read from JSON (docs/signing-in.md has the members) with the same rules when it is
 * set up and when somebody signs in. Pure.
 */
enum provider_preset {
	PROVIDER_GENERIC,
	PROVIDER_CIS2,  /* NHS CIS2 Authentication */
	PROVIDER_ENTRA, /* Microsoft Entra ID */
	PROVIDER_PRESETS
};

struct provider {
	const char *name, *issuer, *client_id;
	enum provider_preset preset;
	const char *const *organisations; /* codes; at least one */
	uint32_t norganisations;
	const char *subject_claim;      /* "sub", or another that never changes for a person */
	const char *organisation_claim; /* has the code; NULL: it speaks for one organisation */
	const char *tenant;             /* PROVIDER_ENTRA */
	const char *const *acr;         /* one of these is asked for; none: any */
	uint32_t nacr;
	int64_t assurance;  /* PROVIDER_CIS2: the least level, 2 or 3 */
	int64_t max_age;    /* seconds since the person showed who they are; 0: any */
	bool second_factor; /* it asks everybody for one */
};

/* ${path} is a JSON path of the body, ${detail} what is wrong. */
typedef void provider_fault_fn(void *ctx, const char *path, const char *detail);

/* False: something is wrong, and ${fault} was told each. What is read lives in ${arena}. */
bool provider_read(struct arena *arena, const json_t *body, provider_fault_fn *fault, void *ctx,
    struct provider *out);

const char *provider_preset_name(enum provider_preset preset);
bool provider_speaks_for(const struct provider *provider, const char *organisation);
