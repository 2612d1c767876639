/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/* Prints the member "navigators" of an answer, for people. */
void navigators_print(const json_t *answer);
