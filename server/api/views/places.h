#pragma once

#include "server/api/ask/ask.h"
#include "server/pg/pg.h"

/* Appends the places that a statement is to keep to, as a text array: ${place}, or those the
 * account may ask about, or null: every one. */
void places_send(struct ask *ask, uint32_t place, struct pg_args *args);
