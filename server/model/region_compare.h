/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region_kind.h"

/*
 * The comparison of two things of one kind, one from each set-up. Bit n of the result: the n-th of
 * the keys that region_compare.c lists for the kind differs. Internal to the model.
 */
typedef unsigned region_compare_fn(
    const struct region *a, uint32_t i, const struct region *b, uint32_t j);

region_compare_fn region_compare_organisation;
region_compare_fn region_compare_function;
region_compare_fn region_compare_place;
region_compare_fn region_compare_person;
region_compare_fn region_compare_service;
region_compare_fn region_compare_rota;
region_compare_fn region_compare_requirement;
region_compare_fn region_compare_account;
region_compare_fn region_compare_area;
region_compare_fn region_compare_navigator;

/* The one of "commissioner", and those of "commissioners". */
bool region_same_commissioner(
    const struct region_requirement *x, const struct region_requirement *y);
bool region_same_commissioners(
    const struct region_requirement *x, const struct region_requirement *y);
bool region_same_text(const char *a, const char *b);                /* either may be NULL */
bool region_same_texts(const char *const *a, const char *const *b); /* in their order */

/* Whether two rotas are read by the same rules; their words are not compared. */
bool region_same_rules(const struct region_rota *x, const struct region_rota *y);

/* The keys in which object ${index} of both differs, as in region_change.what; NULL: in none. */
const char *region_compare_keys(struct arena *arena, const struct region_kind *kind,
    const struct region *before, const struct region *after, uint32_t index);
