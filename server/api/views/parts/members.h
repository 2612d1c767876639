/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* Members of a body that name things of the set-up. What is wrong is noted, with its path. */
#define MEMBER_CODE_MAX_BYTES 64

/* A person whom the asker knows by this id. REGION_NONE: absent, or noted. */
uint32_t member_person(
    struct ask *ask, const struct ask_object *object, const char *key, enum ask_need need);

/* The member "rota": one that the account may know of, and on which people are on call. REGION_NONE: noted. */
uint32_t member_rota(struct ask *ask, const struct ask_object *object);

/* True or false; false if absent. */
bool member_switch(struct ask *ask, const json_t *body, const char *key);

/* A time; ${otherwise} if absent and optional, or noted. */
int64_t member_time(
    struct ask *ask, const struct ask_object *object, const char *key, int64_t otherwise);

/* One line of plain text of at most ${max} bytes, which is not blank; NULL if absent, or noted. */
const char *member_line(struct ask *ask, const json_t *body, const char *key, size_t max);
