/* SPDX-License-Identifier: MIT */
#include "clients/cli/show.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "server/base/civil.h"
#include "server/base/fatal.h"
#include "server/model/phone.h"
#include "server/model/region_contact.h"

const struct zonedb *
show_zones(void)
{
	static struct zonedb *zones;
	/* As in libc. */
	const char *directory = getenv("TZDIR");

	if (zones == NULL &&
	    zonedb_open(directory != NULL ? directory : "/usr/share/zoneinfo", &zones) != STATUS_OK)
		fatal("the tz database is missing (install the package tzdata)");
	return zones;
}

const struct zone *
show_london(void)
{
	/* Times are shown in the region's zone, as the people who are rung read them, wherever the
	 * terminal is. */
	return zonedb_find(show_zones(), "Europe/London");
}

const char *
show_instant(int64_t utc)
{
	/* Eight, so that one printf() can have several times. */
	static char ring[8][ZONE_TEXT_MAX];
	static unsigned next;
	char *text = ring[next++ % 8];

	zone_text(show_london(), utc, text);
	return text;
}

const char *
show_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	/* Never NULL, because a member that is missing is printed like an empty one everywhere. */
	return text != NULL ? text : "";
}

const char *
show_outcome(const char *outcome)
{
	return strcmp(outcome, "no_answer") == 0  ? "NO ANSWER"
	       : strcmp(outcome, "declined") == 0 ? "DECLINED"
						  : "WRONG PERSON";
}

const char *
show_phone(const json_t *object, const char *key)
{
	static struct buf ring[4];
	static unsigned next;
	struct buf *words = &ring[next++ % 4];

	buf_reset(words);
	buf_add_text(words, "");
	phone_add_text(words, show_text(object, key));
	return words->at;
}

void
show_ring(struct buf *words, const json_t *ring, const char *otherwise)
{
	struct buf full = {0};

	region_ring_words(&full,
	    &(struct region_ring){
		.phone = json_string_value(json_object_get(ring, "phone")),
		.extension = json_string_value(json_object_get(ring, "extension")),
		.bleep = json_string_value(json_object_get(ring, "bleep")),
		.via_switchboard = json_is_true(json_object_get(ring, "via_switchboard")),
	    },
	    otherwise);
	phone_add_text(words, full.at);
	buf_free(&full);
}

const char *
show_time(const json_t *object, const char *key)
{
	int64_t utc;

	return civil_parse_rfc3339(slice_of(show_text(object, key)), &utc) ? show_instant(utc) : "";
}

/* Columns a terminal needs; bytes that are no text count one each. */
static size_t
columns_of(const char *text)
{
	/* An unreadable byte is shown as one column, and the state is reset, since it is undefined
	 * after an error (mbrtowc(3)). */
	mbstate_t state = {0};
	size_t columns = 0, used;
	wchar_t letter;

	for (; *text != '\0'; text += used) {
		used = mbrtowc(&letter, text, MB_CUR_MAX, &state);
		if (used == (size_t)-1 || used == (size_t)-2) {
			used = 1;
			columns++;
			memset(&state, 0, sizeof state);
			continue;
		}
		/* Combining accents take no column, and some letters take two. */
		columns += wcwidth(letter) > 0 ? (size_t)wcwidth(letter) : 0;
	}
	return columns;
}

void
show_cell(const char *text, unsigned width)
{
	size_t columns = columns_of(text);

	/* Longer text is not cut: a name that is cut may be another person's. */
	fputs(text, stdout);
	for (; columns < width; columns++)
		putchar(' ');
	fputs("  ", stdout);
}

void
show_json_text(struct slice json)
{
	struct buf out = {0};

	buf_add_text(&out, "");
	buf_add_json(&out, json);
	puts(out.at);
	buf_free(&out);
}

void
show_json(const json_t *json)
{
	/* Hours have two places; the 17 digits that jansson prints by default would show
	 * 7.9999999999999996. */
	char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));

	if (text != NULL)
		show_json_text(slice_of(text));
	free(text);
}

void
show_map_age(const json_t *answer)
{
	const json_t *map = json_object_get(answer, "map");

	printf("map %s, as of %s (%s)\n", show_text(map, "version"), show_time(map, "as_of"),
	    show_text(map, "confidence"));
	/* Each time in this answer may be wrong by as much, so that is printed with it. */
	if (strcmp(show_text(map, "confidence"), "clock_doubtful") == 0)
		printf(
		    "CLOCK DOUBTFUL: the clocks of the server and of its database are %lld seconds apart. Check what time it is.\n",
		    llabs(json_integer_value(json_object_get(map, "clock_off_seconds"))));
}

void
show_notices(const json_t *answer)
{
	json_t *notice;
	size_t i;

	json_array_foreach(json_object_get(answer, "notices"), i, notice)
	    printf("NOTE: %s\n", json_string_value(notice));
}

void
show_warnings(const json_t *answer)
{
	json_t *warnings = json_object_get(answer, "warnings"), *warning;
	size_t i;

	if (json_array_size(warnings) == 0)
		return;
	printf("\nfragile, or to be looked at:\n");
	json_array_foreach(warnings, i, warning)
	{
		printf("  ");
		show_cell(show_text(warning, "kind"), 12);
		show_cell(show_time(warning, "start"), 25);
		show_cell(show_time(warning, "end"), 25);
		printf("%s at %s: %s\n", show_text(warning, "requirement"),
		    show_text(warning, "place"), show_text(warning, "text"));
	}
}
