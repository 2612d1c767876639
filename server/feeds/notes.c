/* SPDX-License-Identifier: MIT */
#include "server/feeds/notes.h"

#include "server/feeds/learnt.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/fatal.h"
#include "server/base/instant.h"
#include "server/base/pack.h"
#include "server/base/sorted.h"

/* Clocks that differ by less are right. */
#define CLOCK_SECONDS 300

/* As many bytes as keep() packs for one event. */
#define KEPT_BYTES 32

struct kept {
	uint64_t event, content;
	int64_t sequence, dtstamp;
};

/* ------------------------------------------------------------------------------------- keeping */

/* An event without a version cannot go back. */
static bool
has_version(const struct reading_version *version)
{
	return version->sequence != 0 || version->dtstamp != INSTANT_NONE;
}

static json_t *
keep(struct arena *arena, const struct reading *reading)
{
	struct buf buf = {0};
	json_t *kept;
	char *hex;

	for (size_t i = 0; i < reading->nversions; i++) {
		const struct reading_version *version = &reading->versions[i];

		if (!has_version(version))
			continue;
		pack_i64(&buf, (int64_t)version->event);
		pack_i64(&buf, (int64_t)version->content);
		pack_i64(&buf, version->sequence);
		pack_i64(&buf, version->dtstamp);
	}
	/* Kept as hexadecimal in the JSON document; the database makes bytes of it. */
	hex = arena_alloc(arena, buf.len * 2 + 1);
	if (buf.len > 0)
		text_hex(buf.at, buf.len, hex);
	hex[buf.len * 2] = '\0';
	kept = json_string(hex);
	buf_free(&buf);
	return kept;
}

static int
by_value(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

void
notes_content(const struct reading *reading, unsigned char hash[NOTES_CONTENT_BYTES])
{
	uint64_t *says = xcalloc(reading->nversions + 1, sizeof *says);
	struct buf buf = {0};

	for (size_t i = 0; i < reading->nversions; i++)
		says[i] = reading->versions[i].content;
	/* In the order of the hashes, so that two copies with the events in another order are
	 * equal. */
	qsort(says, reading->nversions, sizeof *says, by_value);
	for (size_t i = 0; i < reading->nversions; i++)
		pack_i64(&buf, (int64_t)says[i]);
	crypto_hash_sha256(hash, (const unsigned char *)buf.at, buf.len);
	buf_free(&buf);
	free(says);
}

static json_t *
content_of(const struct reading *reading)
{
	unsigned char hash[NOTES_CONTENT_BYTES];
	char hex[NOTES_CONTENT_BYTES * 2 + 1];

	notes_content(reading, hash);
	text_hex((const char *)hash, sizeof hash, hex);
	hex[sizeof hash * 2] = '\0';
	return json_string(hex);
}

static struct kept
kept_from(const void *bytes)
{
	struct unpack in = unpack_from(bytes, KEPT_BYTES);
	struct kept kept;

	kept.event = (uint64_t)unpack_i64(&in);
	kept.content = (uint64_t)unpack_i64(&in);
	kept.sequence = unpack_i64(&in);
	kept.dtstamp = unpack_i64(&in);
	return kept;
}

static struct kept
kept_at(struct slice before, size_t index)
{
	return kept_from(before.at + index * KEPT_BYTES);
}

static bool
is_before(const void *item, const void *event)
{
	return kept_from(item).event < *(const uint64_t *)event;
}

/* The one entry of ${event}; false if there is none, or several: then it is not known which of them
 * went back. */
static bool
find(struct slice before, uint64_t event, struct kept *out)
{
	size_t count = before.len / KEPT_BYTES;
	size_t first = sorted_first(before.at, count, KEPT_BYTES, is_before, &event);

	if (first == count || kept_at(before, first).event != event ||
	    (first + 1 < count && kept_at(before, first + 1).event == event))
		return false;
	*out = kept_at(before, first);
	return true;
}

/* -------------------------------------------------------------------------------------- notes */

static void
warn(json_t *warnings, const char *kind, const struct reading_version *version, const char *text,
    const char *remedy)
{
	json_array_append_new(warnings,
	    json_pack("{s:s, s:s, s:s, s:I, s:s, s:s}", "kind", kind, "level", "warning", "uid",
		version->uid, "line", (json_int_t)version->line, "text", text, "remedy", remedy));
}

static bool
is_one_of_several(const struct reading *reading, size_t at)
{
	const struct reading_version *list = reading->versions;

	return (at > 0 && list[at - 1].event == list[at].event) ||
	       (at + 1 < reading->nversions && list[at + 1].event == list[at].event);
}

/* Earlier in the file, so that the same file names the same event each time. */
static const struct reading_version *
earlier(const struct reading_version *a, const struct reading_version *b)
{
	return a == NULL || b->line < a->line ? b : a;
}

static void
warn_of_versions(
    struct arena *arena, const struct reading *reading, struct slice before, json_t *warnings)
{
	const struct reading_version *example = NULL;
	size_t count = 0;

	for (size_t i = 0; before.at != NULL && i < reading->nversions; i++) {
		const struct reading_version *version = &reading->versions[i];
		struct kept old;

		/* Events that are in the file several times cannot be paired with those of the last
		 * time. */
		if (is_one_of_several(reading, i) || !find(before, version->event, &old) ||
		    old.content == version->content)
			continue;
		/* RFC 5545 3.8.7.4 and 3.8.7.2: a later version never has a lower SEQUENCE or an
		 * earlier DTSTAMP. If the content is another and its version went back, the address
		 * gives an old copy. */
		if (version->sequence >= old.sequence &&
		    (version->dtstamp == INSTANT_NONE || version->dtstamp >= old.dtstamp))
			continue;
		count++;
		example = earlier(example, version);
	}
	if (count == 0)
		return;
	warn(warnings, "versions", example,
	    arena_printf(arena,
		"%zu event%s changed while %s went back (SEQUENCE or DTSTAMP), for example the one on line %u. "
		"The newest copy was read.",
		count, count == 1 ? "" : "s", count == 1 ? "its version" : "their versions",
		example->line),
	    "Check that the address gives the newest copy of the rota, not an old one.");
}

static void
warn_of_stamps(struct arena *arena, const struct reading *reading, int64_t now, json_t *warnings)
{
	const struct reading_version *example = NULL;
	size_t count = 0;

	for (size_t i = 0; i < reading->nversions; i++) {
		const struct reading_version *version = &reading->versions[i];

		/* A stamp of the future would make every later version look older. */
		if (version->dtstamp == INSTANT_NONE || version->dtstamp <= now + CLOCK_SECONDS)
			continue;
		count++;
		example = earlier(example, version);
	}
	if (count == 0)
		return;
	warn(warnings, "stamps", example,
	    arena_printf(arena,
		"%zu event%s stamped in the future (DTSTAMP), for example the one on line %u.",
		count, count == 1 ? " is" : "s are", example->line),
	    "Have the clock of the program that writes the calendar set.");
}

void
notes_add(struct arena *arena, json_t *document, const struct reading *reading,
    const struct notes_about *about)
{
	json_t *warnings = json_array();

	warn_of_versions(arena, reading, about->before, warnings);
	warn_of_stamps(arena, reading, about->now, warnings);
	if (about->forget != NULL)
		learnt_add(arena, document, warnings, about);
	json_object_set_new(document, "versions", keep(arena, reading));
	if (reading->nversions > 0)
		json_object_set_new(document, "content", content_of(reading));
	json_object_set_new(document, "zones",
	    json_string(arena_printf(arena, "%016llx", (unsigned long long)about->zones)));
	json_object_set_new(document, "rules", json_string(reading_digest()));
	if (about->withheld != NULL)
		json_object_set_new(document, "withheld", json_string(about->withheld));
	json_object_set_new(document, "moved", json_integer((json_int_t)about->moved));
	json_object_set_new(document, "warnings", warnings);
}

/* -------------------------------------------------------------------------------------- clocks */

static bool
number_at(struct slice text, size_t at, size_t len, int64_t most, int64_t *out)
{
	return text_int((struct slice){text.at + at, len}, 0, most, out);
}

int64_t
notes_http_date(struct slice text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t day, year, hour, minute, second;
	int month = 0;
	struct civil civil;

	text = slice_trim(text);
	/* Only the form that RFC 9110 5.6.7 requires of servers; the two obsolete forms are read as
	 * no date. */
	if (text.len != 29 || memcmp(text.at + 25, " GMT", 4) != 0 || text.at[19] != ':' ||
	    text.at[22] != ':')
		return INSTANT_NONE;
	while (month < 12 && memcmp(months + month * 3, text.at + 8, 3) != 0)
		month++;
	if (month == 12 || !number_at(text, 5, 2, 31, &day) ||
	    !number_at(text, 12, 4, 9999, &year) || !number_at(text, 17, 2, 23, &hour) ||
	    !number_at(text, 20, 2, 59, &minute) || !number_at(text, 23, 2, 60, &second))
		return INSTANT_NONE;
	civil = (struct civil){.year = (int)year, .month = month + 1, .day = (int)day};
	if (!civil_valid(&civil))
		return INSTANT_NONE;
	return civil_days(civil.year, civil.month, civil.day) * 86400 + hour * 3600 + minute * 60 +
	       second;
}

int64_t
notes_clock_off(struct slice date, struct slice age, int64_t now)
{
	int64_t historical = notes_http_date(date);
	int64_t cached = 0;

	if (historical == INSTANT_NONE)
		return 0;
	if (age.len > 0 && !text_int(slice_trim(age), 0, INT64_C(366) * 86400, &cached))
		return 0;
	/* The Date of a cached answer is that of the origin server when the answer was made (RFC
	 * 9111 4.2.3). */
	historical += cached;
	return llabs(historical - now) > CLOCK_SECONDS ? historical - now : 0;
}
