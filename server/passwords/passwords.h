/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"

/* The passwords role; passwords.c describes how the process works. */
role_main_fn passwords_main;
