#include "clients/cli/options.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "server/base/civil.h"

static char complaint[160];

static const struct option_row *
find(const struct option_row *rows, const char *name)
{
	for (; rows->name != NULL; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
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
	if (row->value == NULL) {
		*row->given = true;
		return 1;
	}
	if (i + 1 == argc) {
		snprintf(complaint, sizeof complaint, "%.40s wants a value", argv[i]);
		return 0;
	}
	*row->value = argv[i + 1];
	if (row->given != NULL)
		*row->given = true;
	return 2;
}

const char *
options_read(int argc, char **argv, const struct option_row *rows, const char **words, unsigned max)
{
	unsigned count = 0;
	int used;

	for (int i = 1; i < argc; i += used) {
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
			argv[kept++] = argv[i];
			continue;
		}
		if (i + 1 == *argc || values->count == OPTION_VALUES_MAX) {
			snprintf(complaint, sizeof complaint, "%.40s %s", argv[i],
			    i + 1 == *argc ? "wants a value" : "is given too often");
			return complaint;
		}
		values->items[values->count++] = argv[++i];
	}
	*argc = kept;
	return NULL;
}

bool
options_time(const char *text, const struct zone *zone, int64_t *utc)
{
	struct civil day = {0};
	int end = 0;

	if (civil_parse_rfc3339(slice_of(text), utc))
		return true;
	if (strlen(text) != 10 ||
	    sscanf(text, "%4d-%2d-%2d%n", &day.year, &day.month, &day.day, &end) != 3 ||
	    end != 10 || !civil_valid(&day))
		return false;
	*utc = zone_instant(zone, civil_seconds(&day), NULL);
	return true;
}
