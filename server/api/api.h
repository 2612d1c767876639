/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"

/* The api role; api.c tells its story. */
role_main_fn api_main;
