/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/map/sessions.h"
#include "server/map/snapshot.h"

/* Where a browser that an identity provider has signed in goes, after its session has been ended, to
 * be signed out there as well. The proxy answers it (deploy/apache/). */
#define SIGN_OUT_AT_PROVIDER "/v1/sign-in/oidc/end"

/* The account, as /v1/me and a sign-in answer with it: one object. ${how} it was signed in; a token
 * is SESSION_BY_TOKEN. */
void me_put(struct json_out *out, const struct region *region, const struct account *account,
    enum session_how how);
