/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/model/region_contact.h"

/* A number to ring: "phone", "extension", "bleep", "via_switchboard". */
void ring_put(struct json_out *out, struct region_ring ring);

/* What to do where nobody is on: "fallback", or null where ${text} is NULL. ${phone} may be NULL. */
void ring_put_fallback(struct json_out *out, const char *text, const char *phone);

/* The same of a person's own, for those who may see it: "work_phone", "work_extension", … */
void ring_put_own(struct json_out *out, struct region_ring ring);
