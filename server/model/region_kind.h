/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/* What a set-up consists of: the kind of an object, its list in a region file, and the member that
 * names it there. In the order of the file. */
struct region_kind {
	const char *kind, *list, *id;
};

/* NULL: there is none. */
const struct region_kind *region_kind_of(const char *kind);
const struct region_kind *region_kind_listed(struct slice list);
