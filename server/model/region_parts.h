/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region_field.h"

/*
 * The things a region file lists, one reader each. Internal to region_read*.c and region_derive.c.
 * Each reads the members of ${item} into ${out} (its struct in region.h); the id is there already,
 * and every id of the file is known to the tables, so that things may refer to what stands below
 * them.
 */
typedef void region_part_fn(const struct region_field *item, void *out);

region_part_fn region_organisation_read;
region_part_fn region_function_read;
region_part_fn region_place_read;
region_part_fn region_person_read;
region_part_fn region_account_read;
region_part_fn region_service_read;
region_part_fn region_rota_read;
region_part_fn region_requirement_read;

/* "shift_codes" of a rota's ${reading}. */
void region_codes_read(const struct region_field *reading, struct region_rota *rota);
/* "zones" and "date_order" of a rota's ${reading}. */
void region_times_read(const struct region_field *reading, struct region_rota *rota);
/* The aliases, titles and words of a rota's "reading"; its service and team names are read
 * already. */
void region_words_read(const struct region_field *reading, struct region_rota *rota);

/* Who is told of a gap, and how urgent it is: the members of a function and of a requirement that
 * say so. ${otherwise}: what holds where ${item} says nothing. True: it has a severity of its own.
 */
bool region_severity_read(
    const struct region_field *item, struct region_severity otherwise, struct region_severity *out);
void region_alerts_read(const struct region_field *item, struct region_requirement *requirement);

/* The places that the member ${key} of ${item} lists, with their days: a code, or {"place", "from",
 * "until"}. ${distinct}: each place once, in the order of the list. */
struct region_stays region_stays_read(const struct region_field *item, const char *key,
    enum region_need need, struct region_list *distinct);

/* "from" and "until" of ${item}, which may lack either. */
struct span_time region_life_read(const struct region_field *item);

/* "bank_holidays": the name of a set, or a set and what differs from it. */
void region_holidays_read(const struct region_field *root);

/* What is wrong, or probably not meant, about the days on which things hold; to be called once
 * everything is read. */
void region_life_check(const struct region_field *root);

/* Requirements whose days nobody supplies; to be called once everything is derived. */
void region_life_warn(const struct region_field *root);

/* The parts that get derived members, while they may still be written. */
struct region_drafts {
	struct region_function *functions;
	struct region_place *places;
	struct region_service *services;
	struct region_rota *rotas;
};

/*
 * Works out demands and who serves what, in linear time over the set-up. ${root} is the file, for
 * the paths of what is noted. A circle of parents is a fault.
 */
void region_derive(const struct region_field *root, const struct region_drafts *drafts);

/* Notes what is applied all the same and is probably not meant: places that nobody serves, services
 * without a rota. */
void region_warn(const struct region_field *root);
