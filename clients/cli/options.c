/* SPDX-License-Identifier: MIT */
#include "clients/cli/options.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/text.h"

#define DAY_SECONDS 86400

/* Static, as the only complaint that is shown: a command ends with the first. */
static char complaint[320];

static const struct option_row *
find(const struct option_row *rows, const char *name)
{
	for (; rows->name != NULL; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
}

/* JSON has no place for other bytes, so that a note or an expiry would be left out in silence. The
 * bytes themselves are not repeated: a terminal may take them for something else. */
static bool
is_text(const char *word, const char *what)
{
	if (text_utf8_valid(word, strlen(word)))
		return true;
	snprintf(
	    complaint, sizeof complaint, "%.60s is not UTF-8: set the terminal to UTF-8", what);
	return false;
}

static bool
is_text_of(const char *option, const char *value)
{
	char what[64];

	snprintf(what, sizeof what, "what follows %.40s", option);
	return is_text(value, what);
}

/* Takes the option at ${argv}[i]; answers how many words it used, 0 for a fault. */
static int
take_option(char **argv, int i, int argc, const struct option_row *rows)
{
	const struct option_row *row = find(rows, argv[i] + 2);

	if (row == NULL) {
		snprintf(complaint, sizeof complaint, "there is no option %.40s here", argv[i]);
		return 0;
	}
	/* A row without a place for a value is a switch. */
	if (row->value == NULL) {
		*row->given = true;
		return 1;
	}
	if (i + 1 == argc) {
		snprintf(complaint, sizeof complaint, "%.40s wants a value", argv[i]);
		return 0;
	}
	if (!is_text_of(argv[i], argv[i + 1]))
		return 0;
	*row->value = argv[i + 1];
	if (row->given != NULL)
		*row->given = true;
	return 2;
}

const char *
options_read(int argc, char **argv, const struct option_row *rows, const char **words, unsigned max)
{
	unsigned count = 0;
	char what[32];
	int used;

	for (int i = 1; i < argc; i += used) {
		/* Options may come before, between and after the words. "--" by itself is no end of
		 * options; no word here begins with dashes. */
		if (strncmp(argv[i], "--", 2) == 0) {
			used = take_option(argv, i, argc, rows);
			if (used == 0)
				return complaint;
			continue;
		}
		if (count == max) {
			snprintf(
			    complaint, sizeof complaint, "\"%.60s\" is one word too many", argv[i]);
			return complaint;
		}
		snprintf(what, sizeof what, "word %u", count + 1);
		if (!is_text(argv[i], what))
			return complaint;
		words[count++] = argv[i];
		used = 1;
	}
	return NULL;
}

const char *
options_take(int *argc, char **argv, const char *name, struct option_values *values)
{
	int kept = 1;

	for (int i = 1; i < *argc; i++) {
		if (strncmp(argv[i], "--", 2) != 0 || strcmp(argv[i] + 2, name) != 0) {
			/* The others close up, in their order, for options_read(). */
			argv[kept++] = argv[i];
			continue;
		}
		if (i + 1 == *argc || values->count == OPTION_VALUES_MAX) {
			snprintf(complaint, sizeof complaint, "%.40s %s", argv[i],
			    i + 1 == *argc ? "wants a value" : "is given too often");
			return complaint;
		}
		if (!is_text_of(argv[i], argv[i + 1]))
			return complaint;
		values->items[values->count++] = argv[++i];
	}
	*argc = kept;
	return NULL;
}

/* "2026-11-22" or "2026-11-22 20:00", also with seconds. */
static bool
read_wall_clock(const char *text, int64_t *local)
{
	struct civil wall = {0};
	size_t len = strlen(text);
	int end = 0;
	char between = ' ';

	if (len == 10)
		sscanf(text, "%4d-%2d-%2d%n", &wall.year, &wall.month, &wall.day, &end);
	else if (len == 16)
		sscanf(text, "%4d-%2d-%2d%c%2d:%2d%n", &wall.year, &wall.month, &wall.day, &between,
		    &wall.hour, &wall.minute, &end);
	else if (len == 19)
		sscanf(text, "%4d-%2d-%2d%c%2d:%2d:%2d%n", &wall.year, &wall.month, &wall.day,
		    &between, &wall.hour, &wall.minute, &wall.second, &end);
	if (end == 0 || (size_t)end != len || between != ' ' ||
	    /* sscanf() takes signs and blanks within numbers, too. */
	    strspn(text, "0123456789-: ") != len || !civil_valid(&wall))
		return false;
	*local = civil_seconds(&wall);
	return true;
}

/* One of the two instants that a wall-clock time may be: "2027-03-28T00:30:00Z (00:30 GMT)". */
static void
add_reading(char *out, size_t size, const struct zone *zone, int64_t utc)
{
	char at[ZONE_TEXT_MAX], code[CIVIL_RFC3339_MAX];
	size_t used = strlen(out);

	zone_text(zone, utc, at);
	civil_rfc3339(utc, code);
	snprintf(out + used, size - used, "%s (%s)", code, at);
}

/* Refuses a time that the clock skips or has twice, and offers both instants: by the offset
 * before the change and by the one after it. */
static const char *
refuse_reading(
    const char *option, const char *text, const struct zone *zone, int64_t local, enum zone_fit fit)
{
	/* A day before and after: no zone changes twice within two days. */
	int64_t before = local - zone_offset(zone, local - DAY_SECONDS);
	int64_t after = local - zone_offset(zone, local + DAY_SECONDS);

	snprintf(complaint, sizeof complaint, "%s %s %s by the clocks of %s: say ", option, text,
	    fit == ZONE_IN_GAP ? "does not exist" : "comes twice", zone_name(zone));
	/* The earlier one first, whichever offset it has. */
	add_reading(complaint, sizeof complaint, zone, before < after ? before : after);
	strncat(complaint, " or ", sizeof complaint - strlen(complaint) - 1);
	add_reading(complaint, sizeof complaint, zone, before < after ? after : before);
	return complaint;
}

const char *
options_time(const char *option, const char *text, const struct zone *zone, int64_t *utc)
{
	enum zone_fit fit = ZONE_EXACT;
	int64_t local;

	if (text != NULL && civil_parse_rfc3339(slice_of(text), utc))
		return NULL;
	if (text == NULL || !read_wall_clock(text, &local)) {
		snprintf(complaint, sizeof complaint,
		    "%s wants a time: 2026-11-22T20:00:00Z, \"2026-11-22 20:00\" by the clocks of %s, or 2026-11-22",
		    option, zone_name(zone));
		return complaint;
	}
	*utc = zone_instant(zone, local, &fit);
	/* A person who types such a time is asked, unlike a calendar, which is read by a rule: here
	 * somebody is there to answer. */
	return fit == ZONE_EXACT ? NULL : refuse_reading(option, text, zone, local, fit);
}
