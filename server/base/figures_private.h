/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/figures.h"

/* What this process counts: values are of itself alone. For figures.c, which counts, and figures_file.c, which files. */
extern struct figures figures_own;
