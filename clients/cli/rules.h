/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/rota/rota_options.h"

/* How ${rota} of ${region} is read here: rota_options() with the bank holidays of this program. An exit status, after
 * a message on standard error. */
int rules_of(struct arena *arena, const struct region *region, const struct region_rota *rota,
    struct reading_options *out);
