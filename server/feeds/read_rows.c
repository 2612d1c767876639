/* SPDX-License-Identifier: MIT */
#include "server/feeds/read_rows.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"

/*
 * Keys are the calendar's own words, so what we make up ourselves must be something that no
 * calendar can say: keys that begin like ours are replaced by their hash. Somebody who writes a
 * calendar would also know how to make any plain hash table slow; sorting does not mind.
 */
#define OF_FINDING "finding/"
#define OF_HASH "hash/"
#define OF_OVERRIDE "override:" /* made by SQL, beside the calendar's rows */

/* A prefix of a key has room of its own: "again/" and an instant, "left/". */
#define CALENDARS_KEY_MAX (READ_ROWS_KEY_MAX - 40)
/* "#2027-03-28T01:30:00Z/12~3" */
#define INSTANCE_BYTES_MAX 64

#define EVENT_MAX_SECONDS (INT64_C(367) * 86400)

struct read_rows_key {
	const char *key;
	struct merge_row *row;
};

static bool
begins(const char *key, const char *with)
{
	return strncmp(key, with, strlen(with)) == 0;
}

static const char *
hashed(struct arena *arena, const char *key)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof hash + 1];

	crypto_hash_sha256(hash, (const unsigned char *)key, strlen(key));
	text_hex(hash, sizeof hash, hex);
	return arena_printf(arena, OF_HASH "%s", hex);
}

/* Of a key that the map cannot keep the UID is hashed: which shift of a series it is of, and which
 * part of a shift, stays to be seen. */
static const char *
row_key(struct arena *arena, const char *uid, const char *key)
{
	size_t len = uid == NULL ? 0 : strlen(uid);

	if (strlen(key) <= CALENDARS_KEY_MAX && !begins(key, OF_FINDING) && !begins(key, OF_HASH) &&
	    !begins(key, FORGET_ANOTHER_DAY) && !begins(key, OF_OVERRIDE) &&
	    !begins(key, FORGET_LEFT))
		return key;
	/* A key is the UID and what the reading adds to it. If it does not begin with its UID, all
	 * of it is hashed. */
	if (len == 0 || strncmp(key, uid, len) != 0 || strlen(key + len) > INSTANCE_BYTES_MAX)
		return hashed(arena, key);
	return arena_printf(arena, "%s%s", hashed(arena, uid), key + len);
}

static const char *
or_null(const char *text)
{
	return text == NULL || text[0] == '\0' ? NULL : text;
}

static bool
is_kept(const struct reading_occurrence *occurrence)
{
	return occurrence->class != READING_NOISE && occurrence->class != READING_CANCELLED;
}

/* Whether the database would keep it: the same promises that it holds its rows to. And whether it
 * is about the time that was asked about: an event lasts at most a leap year. */
static bool
is_sound(const struct reading_occurrence *occurrence, const struct reading_options *options)
{
	if (occurrence->start >= occurrence->end || or_null(occurrence->key) == NULL ||
	    occurrence->start < options->from - EVENT_MAX_SECONDS ||
	    occurrence->end > options->until + EVENT_MAX_SECONDS)
		return false;
	switch (occurrence->class) {
	case READING_NAMED:
	case READING_ABSENCE:
		return occurrence->person != NULL;
	case READING_TEAM:
		return occurrence->team != NULL;
	default:
		return true;
	}
}

static void
add_occurrence(
    struct arena *arena, struct read_rows *rows, const struct reading_occurrence *occurrence)
{
	rows->items[rows->count++] = (struct merge_row){
	    .key = row_key(arena, occurrence->uid, occurrence->key),
	    .start = occurrence->start,
	    .end = occurrence->end,
	    .class = reading_class_name(occurrence->class),
	    .person = occurrence->person,
	    .title = or_null(occurrence->summary),
	    .team = occurrence->team,
	};
}

static void
add_blind_spot(struct arena *arena, struct read_rows *rows, const struct reading_finding *finding,
    const struct reading_options *options)
{
	struct merge_row spot = {
	    .start = options->from,
	    .end = options->until,
	    .class = reading_class_name(READING_UNREADABLE),
	};

	if (finding->start != INSTANT_NONE && finding->start > spot.start)
		spot.start = finding->start;
	if (finding->start != INSTANT_NONE && finding->end < spot.end)
		spot.end = finding->end;
	/* Its time is known, and is not the time that was asked about. */
	if (spot.start >= spot.end)
		return;
	/* The number keeps two findings of one line apart. */
	spot.key =
	    arena_printf(arena, OF_FINDING "%u/%zu", finding->line, rows->count - rows->nkeys);
	rows->items[rows->count++] = spot;
}

static int
compare_keys(const void *one, const void *other)
{
	const struct read_rows_key *a = one, *b = other;

	return strcmp(a->key, b->key);
}

/* False if a key is there twice. */
static bool
sort_keys(struct arena *arena, struct read_rows *rows)
{
	rows->nkeys = rows->count;
	rows->keys = arena_array(arena, rows->count, sizeof *rows->keys);
	for (size_t i = 0; i < rows->count; i++)
		rows->keys[i] = (struct read_rows_key){rows->items[i].key, &rows->items[i]};
	qsort(rows->keys, rows->nkeys, sizeof *rows->keys, compare_keys);
	for (size_t i = 1; i < rows->nkeys; i++)
		if (compare_keys(&rows->keys[i - 1], &rows->keys[i]) == 0)
			return false;
	return true;
}

static int
compare_texts(const void *one, const void *other)
{
	const char *const *a = one, *const *b = other;

	return strcmp(*a, *b);
}

static int
compare_texts_of(const void *one, const void *other)
{
	const struct forget_text *a = one, *b = other;
	int order = strcmp(a->key, b->key);

	return order != 0 ? order : (a->from > b->from) - (a->from < b->from);
}

static void
add_text(
    struct arena *arena, struct read_rows *rows, const char *uid, int64_t instance, int64_t from)
{
	char instant[CIVIL_RFC3339_MAX];
	const char *key = uid;

	if (uid == NULL || uid[0] == '\0')
		return;
	if (instance != INSTANT_NONE) {
		civil_rfc3339(instance, instant);
		key = arena_printf(arena, "%s#%s", uid, instant);
	}
	rows->texts[rows->ntexts++] = (struct forget_text){row_key(arena, uid, key), from};
}

/* Every event of the calendar, whether or not it yields a shift; of one that cannot be read it is
 * not known what it means for its shifts. */
static void
add_texts(struct arena *arena, struct read_rows *rows, const struct reading *reading)
{
	rows->texts =
	    arena_array(arena, reading->nversions + reading->nfindings + 1, sizeof *rows->texts);
	for (size_t i = 0; i < reading->nversions; i++) {
		const struct reading_version *version = &reading->versions[i];

		add_text(arena, rows, version->uid, version->instance, version->speaks_from);
	}
	for (size_t i = 0; i < reading->nfindings; i++) {
		if (reading->findings[i].level == FINDING_UNREADABLE)
			add_text(arena, rows, reading->findings[i].uid, INSTANT_NONE, INT64_MAX);
	}
	/* For the binary search of forget.c. */
	qsort(rows->texts, rows->ntexts, sizeof *rows->texts, compare_texts_of);
}

enum status
read_rows_make(struct arena *arena, const struct reading *reading,
    const struct reading_options *options, struct read_rows *out)
{
	size_t most = reading->noccurrences + reading->nfindings;
	struct read_rows rows = {.items = arena_array(arena, most, sizeof *rows.items),
	    .spoken = arena_array(arena, most + 1, sizeof *rows.spoken)};

	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *occurrence = &reading->occurrences[i];

		if (!is_kept(occurrence)) {
			/* A meeting or a cancelled shift is no row, but its key says that the
			 * calendar still speaks of it. */
			if (or_null(occurrence->key) != NULL)
				rows.spoken[rows.nspoken++] =
				    row_key(arena, occurrence->uid, occurrence->key);
			continue;
		}
		if (!is_sound(occurrence, options))
			return STATUS_MALFORMED;
		add_occurrence(arena, &rows, occurrence);
	}
	qsort(rows.spoken, rows.nspoken, sizeof *rows.spoken, compare_texts);
	/* wire_answer.c has checked that keys are distinct; hashing and prefixes must not have made
	 * two of them equal. */
	if (!sort_keys(arena, &rows))
		return STATUS_MALFORMED;
	for (size_t i = 0; i < reading->nfindings; i++) {
		if (reading->findings[i].blinds)
			add_blind_spot(arena, &rows, &reading->findings[i], options);
	}
	add_texts(arena, &rows, reading);
	*out = rows;
	return STATUS_OK;
}

void
read_rows_part_from_past(struct arena *arena, struct read_rows *rows, const char *key)
{
	struct read_rows_key wanted = {.key = key}, *found;

	found = bsearch(&wanted, rows->keys, rows->nkeys, sizeof *rows->keys, compare_keys);
	if (found == NULL)
		return;
	found->row->key =
	    arena_printf(arena, FORGET_ANOTHER_DAY "%lld/%s", (long long)found->row->start, key);
}
