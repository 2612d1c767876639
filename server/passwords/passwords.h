/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"

/* The passwords role; passwords.c tells its story. */
role_main_fn passwords_main;
