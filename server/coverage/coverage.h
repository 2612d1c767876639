/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"

/* The coverage role; coverage.c tells its story. */
role_main_fn coverage_main;
