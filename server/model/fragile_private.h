/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/vec.h"
#include "server/model/fragile.h"

/* Shared by fragile.c and fragile_places.c: the list of warnings, and sorting it. */
typedef VEC(struct fragile_warning) fragile_list;

/* Adds a warning. If it touches the last one and is otherwise equal, that one is extended. */
void fragile_warn(struct arena *arena, fragile_list *list, struct fragile_warning warning);

struct fragile_warnings fragile_in_order(fragile_list *list);
