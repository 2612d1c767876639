/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/* The Now answer for people, as `crisiscover now` prints it. */
void now_print(const json_t *answer);
