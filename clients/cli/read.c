/* SPDX-License-Identifier: MIT */
/*
 * crisiscover read: says what a calendar or a roster means, without a server. It is read in the
 * same sealed child as on the server, so the answer is the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendars/reading.h"
#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/read_print.h"
#include "clients/cli/region_file.h"
#include "clients/cli/rules.h"
#include "clients/cli/sealed.h"
#include "clients/cli/show.h"
#include "server/base/clock.h"

struct read_words {
	const char *file, *from, *to, *zone, *region, *rota;
	bool json;
};

static const char *
read_words(int argc, char **argv, struct read_words *words)
{
	const struct option_row rows[] = {{"from", &words->from, NULL}, {"to", &words->to, NULL},
	    {"zone", &words->zone, NULL}, {"region", &words->region, NULL},
	    {"rota", &words->rota, NULL}, {"json", NULL, &words->json}, {NULL, NULL, NULL}};
	const char *fault = options_read(argc, argv, rows, &words->file, 1);

	if (fault != NULL)
		return fault;
	if (words->file == NULL)
		return "which file?";
	/* Rules are of a rota, and a rota is of a region. */
	if ((words->region == NULL) != (words->rota == NULL))
		return "--region and --rota go together";
	if (words->zone != NULL && zonedb_find(show_zones(), words->zone) == NULL)
		return "--zone is not a time zone of the tz database (Europe/London is one)";
	return NULL;
}

static const char *
set_window(const struct read_words *words, struct reading_options *options)
{
	const char *fault = NULL;

	/* The server's window, so that counts can be compared with its own. */
	rota_window(show_london(), clock_wall(), &options->from, &options->until);
	if (words->from != NULL)
		fault = options_time("--from", words->from, options->zone, &options->from);
	if (fault == NULL && words->to != NULL)
		fault = options_time("--to", words->to, options->zone, &options->until);
	if (fault != NULL)
		return fault;
	if (options->from >= options->until)
		return "--from must be before --to";
	return NULL;
}

/* The rules of the rota, if one is named; else Europe/London, all-day events from midnight to
 * midnight, and nobody is known. */
static int
set_rules(struct arena *arena, const struct read_words *words, struct reading_options *options)
{
	const struct region *region;
	uint32_t rota;
	int status;

	/* Without a directory no name counts: the reading can be inspected, but is no cover. */
	*options = (struct reading_options){.zone = show_london()};
	if (words->region != NULL) {
		status = region_file_read(arena, words->region, &region, NULL);
		if (status != EXIT_FINE)
			return status;
		rota = table_get(&region->rota_by_id, words->rota);
		if (rota == TABLE_NONE) {
			fprintf(stderr, "crisiscover read: there is no rota \"%s\" in %s\n",
			    words->rota, words->region);
			return EXIT_USAGE;
		}
		status = rules_of(arena, region, &region->rotas[rota], options);
		if (status != EXIT_FINE)
			return status;
	}
	if (words->zone != NULL)
		options->zone = zonedb_find(show_zones(), words->zone);
	return EXIT_FINE;
}

int
command_read(int argc, char **argv)
{
	struct arena *arena = arena_new(0);
	struct read_words words = {0};
	struct reading_options options;
	struct reading reading;
	const char *fault = read_words(argc, argv, &words);
	int status =
	    fault == NULL ? set_rules(arena, &words, &options) : command_refuse("read", fault);

	/* After the rules: times without a zone are of the rota's zone. */
	if (status == EXIT_FINE && (fault = set_window(&words, &options)) != NULL)
		status = command_refuse("read", fault);
	if (status == EXIT_FINE)
		status = sealed_read(arena, words.file, &options, &reading);
	if (status == EXIT_FINE) {
		if (words.json)
			read_print_json(&reading);
		else
			read_print(words.file, &options, &reading);
		/* The reason has been printed with the findings; the exit code tells programs. */
		if (reading.refused)
			status = EXIT_INPUT_REFUSED;
	}
	arena_free(arena);
	return status;
}
