/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/*
 * A secret as it is given: {"kind": "basic", "user", "password"} or {"kind": "bearer", "token"}. What is wrong
 * with one of its members, whose name goes to ${key}: the end of a sentence, which does not repeat the secret
 * (static memory). NULL: nothing; it can be sent in a header. A secret that is sealed already is none of these.
 */
const char *region_secret_fault(const json_t *secret, const char **key);
