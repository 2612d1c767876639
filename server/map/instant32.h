/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/* An instant in four bytes: seconds since 1970, the nearest that fits. Until 2106. */
static inline uint32_t
instant32(int64_t instant)
{
	if (instant < 0)
		return 0;
	return instant > UINT32_MAX ? UINT32_MAX : (uint32_t)instant;
}
