/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"

/* The coverage role; coverage.c describes how the process works. */
role_main_fn coverage_main;
