#pragma once

#include <jansson.h>

/* Waits until import ${id} has been read (state no longer "uploaded"), saying on stderr how
 * far it is. Exit
 * codes as ever; ${import} is yours. */
int preview_wait(long long id, json_t **import);

/* What was understood and what would change, for people. */
void preview_print(const json_t *import);
