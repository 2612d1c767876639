/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <unicode/utf.h>

#include "server/base/fatal.h"
#include "server/base/vec.h"

/*
 * Included first in every file by tests/coverage. gcov counts a branch inside a macro for each line
 * that uses the macro. These macros test what cannot be had in a test (a broken invariant), or what
 * depends on nothing that the line decides (whether an array is full, whether a JSON value is
 * missing or of another type). Here they are functions, so that such a branch is counted in this
 * file, and the line that uses the macro has only its own branches.
 */

static inline void
coverage_invariant(int holds, const char *file, int line, const char *condition)
{
	if (!holds)
		fatal("broken invariant at %s:%d: %s", file, line, condition);
}

#undef INVARIANT
#define INVARIANT(condition) coverage_invariant((condition) != 0, __FILE__, __LINE__, #condition)

/* The items of an array with room for one more. */
static inline void *
coverage_room(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
	return count == *capacity ? vec_grow(arena, items, count, capacity, size) : items;
}

#undef VEC_PUSH
#define VEC_PUSH(arena, vec)                                                                       \
	((vec)->items = coverage_room(                                                             \
	     (arena), (vec)->items, (vec)->count, &(vec)->capacity, sizeof *(vec)->items),         \
	    &(vec)->items[(vec)->count++])

/* An empty array has no items to point at. */
static inline int
coverage_more(const void *item, const void *items, size_t count, size_t size)
{
	return count != 0 && (const char *)item < (const char *)items + count * size;
}

#undef VEC_EACH
#define VEC_EACH(item, vec)                                                                        \
	for ((item) = (vec)->items;                                                                \
	     coverage_more((item), (vec)->items, (vec)->count, sizeof *(vec)->items); (item)++)

static inline int
coverage_is(const json_t *json, json_type type)
{
	return json != NULL && json_typeof(json) == type;
}

static inline int
coverage_is_boolean(const json_t *json)
{
	return coverage_is(json, JSON_TRUE) || coverage_is(json, JSON_FALSE);
}

#undef json_is_object
#undef json_is_array
#undef json_is_string
#undef json_is_integer
#undef json_is_true
#undef json_is_false
#undef json_is_boolean
#undef json_is_null
#define json_is_object(json) coverage_is((json), JSON_OBJECT)
#define json_is_array(json) coverage_is((json), JSON_ARRAY)
#define json_is_string(json) coverage_is((json), JSON_STRING)
#define json_is_integer(json) coverage_is((json), JSON_INTEGER)
#define json_is_true(json) coverage_is((json), JSON_TRUE)
#define json_is_false(json) coverage_is((json), JSON_FALSE)
#define json_is_boolean(json) coverage_is_boolean(json)
#define json_is_null(json) coverage_is((json), JSON_NULL)

static inline json_t *
coverage_value(const char *key)
{
	return key != NULL ? json_object_iter_value(json_object_key_to_iter(key)) : NULL;
}

#undef json_object_foreach
#define json_object_foreach(object, key, value)                                                    \
	for (key = json_object_iter_key(json_object_iter(object));                                 \
	     (value = coverage_value(key)) != NULL;                                                \
	     key = json_object_iter_key(                                                           \
		 json_object_iter_next(object, json_object_key_to_iter(key))))

/* Two steps of one loop: ${next} is found before the body may delete the key. */
static inline json_t *
coverage_safe_value(json_t *object, const char *key, void **next)
{
	*next = json_object_iter_next(object, json_object_key_to_iter(key));
	return coverage_value(key);
}

#undef json_object_foreach_safe
#define json_object_foreach_safe(object, next, key, value)                                         \
	for (key = json_object_iter_key(json_object_iter(object));                                 \
	     (value = coverage_safe_value(object, key, &(next))) != NULL;                          \
	     key = json_object_iter_key(next))

#undef json_array_foreach
#define json_array_foreach(array, index, value)                                                    \
	for (index = 0; (value = json_array_get(array, index)) != NULL; index++)

/* The forms of a letter in UTF-8 and UTF-16. */
static inline UChar32
coverage_utf8(const char *text, int32_t *at, int32_t length)
{
	UChar32 letter;

	U8_NEXT(text, *at, length, letter);
	return letter;
}

static inline UChar32
coverage_utf16(const UChar *text, int32_t *at, int32_t length)
{
	UChar32 letter;

	U16_NEXT(text, *at, length, letter);
	return letter;
}

#undef U8_NEXT
#undef U16_NEXT
#define U8_NEXT(text, at, length, letter)                                                          \
	((letter) = coverage_utf8((const char *)(text), &(at), (length)))
#define U16_NEXT(text, at, length, letter) ((letter) = coverage_utf16((text), &(at), (length)))
