/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/text.h"

/* The number of a flag, and its id in the stream: "<epoch>-<seq>". {0, 0} is before every flag. */
struct flag_id {
	int64_t epoch, seq;
};

#define FLAG_ID_MAX 48
void flag_id_print(struct flag_id id, char out[FLAG_ID_MAX]);

/* False if ${text} is no such id. */
bool flag_id_parse(struct slice text, struct flag_id *out);

bool flag_id_is(struct flag_id a, struct flag_id b);
