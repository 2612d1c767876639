/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region_field.h"
#include "server/model/region_kind.h"

/*
 * The readers of the parts of a region file. Internal to region_read*.c and region_derive.c. Each
 * reads the members of ${item} into ${out} (its struct in region.h). The ids of all things are
 * already in the tables, so that a thing may refer to another that is further down in the file.
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
region_part_fn region_area_read;
region_part_fn region_navigator_read;
extern region_part_fn *const region_part_readers[REGION_KINDS]; /* by kind */

/* "source" of a rota. */
void region_source_read(const struct region_field *item, struct region_rota *rota);
/* "shift_codes" of a rota's ${reading}. */
void region_codes_read(const struct region_field *reading, struct region_rota *rota);

/* Whether ${text} is ${code} or one of its other spellings, in any case. */
bool region_code_is_spelt(const struct region_shift_code *code, const char *text);
/* "zones" and "date_order" of a rota's ${reading}. */
void region_times_read(const struct region_field *reading, struct region_rota *rota);
/* "sheet" and "marks" of a rota's ${reading}. */
void region_sheet_read(const struct region_field *reading, struct region_rota *rota);
/* "grid" of a rota's ${reading}. Its shift codes must have been read. */
void region_grid_read(const struct region_field *reading, struct region_rota *rota);
/* Aliases, titles and words of a rota's "reading". The rota's service and team names must have been
 * read. */
void region_words_read(const struct region_field *reading, struct region_rota *rota);

/* Reads the receivers of a gap's flags and its severity: members of a function and of a
 * requirement. ${otherwise}: the value if ${item} has none. Returns true if ${item} has a severity
 * of its own.
 */
bool region_severity_read(
    const struct region_field *item, struct region_severity otherwise, struct region_severity *out);
void region_alerts_read(const struct region_field *item, struct region_requirement *requirement);

/* The member ${key} of ${item}: the name of an account or the code of an organisation; NULL: it is absent. */
const char *region_who_read(const struct region_field *item, const char *key);
/* Reads "commissioner" or "commissioners" of a requirement. */
void region_commissioners_read(
    const struct region_field *item, struct region_requirement *requirement);

/* Reads "ladders" of a place. */
void region_ladders_read(const struct region_field *item, struct region_place *place);
/* Whether a ladder gives the number of the person. */
bool region_ladders_tell(const struct region *region, uint32_t person);
/* Faults of ladders that give the number of a person. Call it once everything is read. */
void region_ladders_check(const struct region_field *root);

/* Reads "sites" of a place: where services are together, with one front desk. */
void region_sites_read(const struct region_field *item, struct region_place *place);

/* Reads "needs" of a requirement, which makes it a bundle. */
void region_needs_read(const struct region_field *item, struct region_requirement *requirement);
/* Faults of bundles: a function of theirs that a service or another part has. Call it once
 * everything is read. */
void region_needs_check(const struct region_field *root);
/* Whether who counts for ${requirement} says who counts in a bundle: it limits the people of a
 * function that one needs. */
bool region_needs_depend(const struct region *region, uint32_t requirement);
/* Warns of a part that nobody can fill at the place of the demand, and of doctors without a team. */
void region_needs_warn(const struct region_field *root, uint32_t demand);
/* Whether the card of a navigator gives the number of the person; and the faults of such cards, once everything
 * is read. */
bool region_navigators_tell(const struct region *region, uint32_t person);
void region_navigators_check(const struct region_field *root);

/* Reads lines of hours, which may be none; their number. Faults are noted. */
uint32_t region_hours_read(const struct region_field *list, const struct region_hours **out);

/* Reads "roles" of a person, with their approvals. */
void region_roles_read(const struct region_field *item, struct region_person *person);

/* Reads how somebody is rung, from the member ${key}: a number, or an object. NULL: it is absent. */
const struct region_contact *region_contact_read(
    const struct region_field *object, const char *key);

/* Reads the places in the member ${key} of ${item}, with their days: a code, or {"place", "from",
 * "until"}. ${distinct}: each place once, in the order of the list. */
struct region_dated_places region_dated_places_read(const struct region_field *item,
    const char *key, enum region_need need, struct region_list *distinct);

/* Reads "from" and "until" of ${item}; both are optional. */
struct span_time region_life_read(const struct region_field *item);

/* Reads "bank_holidays": the name of a set, or a set with days added and removed. */
void region_holidays_read(const struct region_field *root);

/* Checks the days on which things hold, for faults and for what is probably a mistake. Call it once
 * everything is read. */
void region_life_check(const struct region_field *root);
/* Faults in the successors of places and organisations. */
void region_successors_check(const struct region_field *root);
/* The day as yyyy-mm-dd, of the arena. */
const char *region_day_text(struct arena *arena, int64_t day);

/*
 * Warn of one object: of what is valid and probably a mistake, such as places that nobody serves and
 * services without a rota; the second group of what has to do with days. ${root} is the file, for
 * paths. Call them once everything is derived.
 */
typedef void region_warn_fn(const struct region_field *root, uint32_t index);
region_warn_fn region_warn_place, region_warn_service, region_warn_rota, region_warn_organisation,
    region_warn_navigator;
region_warn_fn region_life_warn_service, region_life_warn_requirement, region_life_warn_demand;

/* The parts to which region_derive() adds members, while they are still writable. */
struct region_drafts {
	struct region_function *functions;
	struct region_place *places;
	struct region_service *services;
	struct region_rota *rotas;
};

/*
 * Computes demands and who serves what, in time linear in the set-up. ${root} is the file, for
 * paths. A cycle of parents is a fault.
 */
void region_derive(const struct region_field *root, const struct region_drafts *drafts);

/* All warnings of a file. */
void region_warn(const struct region_field *root);

/* Those about object ${index} of ${kind} and about whatever its everyday keys (region_patch.h) have
 * to do with. */
void region_warn_touched(
    const struct region_field *root, const struct region_kind *kind, uint32_t index);
