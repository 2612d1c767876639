/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/*
 * ${patch} applied to ${target}, as RFC 7396 has it: members of the patch replace those of the
 * target, null takes a member out, and what is no object replaces the whole. Neither is changed.
 * The caller owns the result. ${target} may be NULL: nothing was there.
 */
json_t *merge_patch(const json_t *target, const json_t *patch);
