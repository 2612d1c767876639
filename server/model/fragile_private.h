/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/vec.h"
#include "server/model/fragile.h"

/* What fragile.c and fragile_places.c share: warnings as they are found, and in order. */
typedef VEC(struct fragile_warning) fragile_list;

/* What touches the last warning of the same thread is the same one going on. */
void fragile_warn(struct arena *arena, fragile_list *list, struct fragile_warning warning);

struct fragile_warnings fragile_in_order(fragile_list *list);
