/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/model/region_conflict.h"
#include "server/pg/pg.h"

/* Overrides, absences and decisions that end with a rota or a person that leaves the region. */
struct region_dependent {
	const char *kind; /* "override", "absence", "decision" */
	int64_t id;
	const char *rota, *person, *words; /* or NULL */
	const char *by;
	int64_t at;
};

struct region_dependents {
	const struct region_dependent *items;
	size_t count;
};

/* The arguments of API_REGION_SAID. False: ${changes} remove nothing on which an override, absence
 * or decision could depend. */
bool region_dependents_ask(
    struct arena *arena, const struct region_changes *changes, struct pg_args *args);

/* Three arguments of API_REGION_PUT: rotas and people that ${changes} remove, and the decisions
 * known to end with them. */
void region_dependents_send(struct arena *arena, const struct region_changes *changes,
    const struct region_dependents *dependents, struct pg_args *args);

/* Takes the answer, in ${arena}. */
void region_dependents_take(
    struct arena *arena, const struct pg_rows *rows, struct region_dependents *dependents);

/* Whether it ends with the thing of ${kind} that has ${code}. */
bool region_dependent_ends_with(
    const struct region_dependent *dependent, const char *kind, const char *code);

/* Adds a conflict for each rota and person that is removed while something depends on it. */
void region_dependents_conflicts(struct arena *arena, const struct region_changes *changes,
    const struct region_dependents *dependents, struct region_conflicts *conflicts);

/* A list "said" of the overrides, absences and decisions that end with the removals in
 * ${changes}. */
void region_dependents_put(struct json_out *out, const struct ask *ask,
    const struct region_dependents *dependents, const struct region_changes *changes);
