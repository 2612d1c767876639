/* SPDX-License-Identifier: MIT */
#include "server/base/breath.h"

#include <stddef.h>

breath_fn *breath_taker = NULL;
