/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/* server/openapi.yaml as it was when this was built. */
struct slice openapi_text(void);
