/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/feeds_env.h"

/*
 * The shifts of a rotation are written a fixed time ahead. As time passes this adds later ones, up to the end of the
 * rotation, and writes them again when bank holidays, time zones or rules differ from those they were made with. One rota
 * at a time.
 */
struct rotations;

/* ${holidays}: the data file of bank holidays, borrowed. */
struct rotations *rotations_new(const struct feeds_env *env, struct slice holidays);
void rotations_free(struct rotations *rotations);

/* To be called when another region is in force: looks whether a rotation must be written again. */
void rotations_look(struct rotations *rotations);
