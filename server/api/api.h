/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"

/* The api role; api.c describes how the process works. */
role_main_fn api_main;
