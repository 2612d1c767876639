/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/table.h"
#include "server/base/vec.h"
#include "server/model/region.h"

/*
 * Values of a region file that know their JSON path, so that every fault can name it. For the readers
 * of region files (region_read*.c), and for the check of what people type (api/ask/typed.h). If a
 * getter finds a fault, it notes it and returns a harmless value (NULL, the default, REGION_NONE); so
 * reading continues, and all faults are listed.
 */
#define REGION_FAULTS_MAX 100

struct region_reader {
	struct arena *arena;
	struct region *region;
	VEC(struct region_fault) faults;
	VEC(struct region_former) formers;
	size_t nfaults, nwarnings; /* found; at most REGION_FAULTS_MAX of each are kept */
	struct region_zones zones;
};

/* A value and where it is in the file. Lives on the stack of the functions that walk the file; the
 * path is only built for a fault. */
struct region_field {
	struct region_reader *reader;
	const struct region_field *parent; /* NULL: the file itself */
	const char *key;                   /* in an object; NULL: in a list, at ${index} */
	size_t index;
	json_t *json; /* NULL: absent */
};

enum region_need { REGION_OPTIONAL, REGION_REQUIRED };

/* Note a fault, or a warning, at the path of ${field}. The text is about the field, without naming it: "must not
 * be empty". */
void field_fault(const struct region_field *field, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void field_warn(const struct region_field *field, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether ${field} is an object; if not, that is noted. Notes keys that are not in ${known} (NULL-terminated). */
bool field_object(const struct region_field *field, const char *const *known);

/* A member of an object, and an item of a list. If it is absent, its json is NULL; it still has a path. They
 * point to their parent, which must live as long. */
struct region_field field_get(const struct region_field *object, const char *key);
struct region_field field_at(const struct region_field *list, size_t index);

/* The number of items of a list that may be absent; 0 if it is no list, which is noted. */
size_t field_list(const struct region_field *list, enum region_need need);

/* Members of ${object}. Texts are 1 to 400 bytes of one line (text_is_line), copied into the arena. */
const char *field_text(const struct region_field *object, const char *key, enum region_need need);
#define REGION_CODE_RULE                                                                           \
	"must be a code: 1 to 64 letters (A to Z, a to z), digits, dots, underscores or hyphens, " \
	"not starting with a dot or a hyphen"
const char *field_code(const struct region_field *object, const char *key);
const char *field_phone(const struct region_field *object, const char *key);
const char *field_choice(
    const struct region_field *object, const char *key, const char *const *choices);
bool field_bool(const struct region_field *object, const char *key);

/* The whole numbers that a key may have; ${otherwise} is the value where it is absent, or is none
 * of them (noted). */
struct field_range {
	int32_t min, max, otherwise;
};
int32_t field_int(const struct region_field *object, const char *key, enum region_need need,
    struct field_range range);

/* "HH:MM" as seconds after midnight, 00:00 to 24:00; -1 (noted) otherwise. */
int32_t field_time(const struct region_field *object, const char *key);

/* "yyyy-mm-dd" as civil_days; ${otherwise} if it is absent, or is no day (noted). */
int64_t field_day(
    const struct region_field *object, const char *key, enum region_need need, int64_t otherwise);

/* Reads the field itself as a day; false (noted) if it is none. */
bool field_own_day(const struct region_field *field, int64_t *day);

/* The text of the field itself, such as an item of a list of texts; NULL (noted) if it is none. */
const char *field_own_text(const struct region_field *field);
const char *const *field_texts(const struct region_field *object, const char *key);

/* The index of a code in ${table}. ${what} names the kind of thing for people ("place"). */
uint32_t field_own_ref(
    const struct region_field *field, const struct table *table, const char *what);
uint32_t field_ref(const struct region_field *object, const char *key, enum region_need need,
    const struct table *table, const char *what);
struct region_list field_refs(const struct region_field *object, const char *key,
    enum region_need need, const struct table *table, const char *what);
