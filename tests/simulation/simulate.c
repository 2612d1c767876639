/* SPDX-License-Identifier: MIT */
/* simulate --seeds A..B | --seed N | --faults N  [--fault NAME] [--verbose] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/base/file.h"
#include "tests/simulation/sim.h"
#include "tests/simulation/world.h"

static const char usage[] =
    "usage: simulate [--seeds A..B] [--seed N] [--fault NAME] [--faults N] [--seconds S] "
    "[--verbose]\n"
    "\n"
    "  --seeds A..B  the worlds of these seeds (default 1..1000)\n"
    "  --seed N      one world\n"
    "  --fault NAME  with this deliberate fault\n"
    "  --faults N    each deliberate fault: it must be found within N seeds\n"
    "  --seconds S   as many of the seeds as fit into S seconds\n"
    "  --verbose     every event as it happens\n";

static struct setup_tools context;

static bool
read_tools(void)
{
	struct zonedb *zones;
	char *holidays;
	size_t len;

	if (zonedb_open("/usr/share/zoneinfo", &zones) != STATUS_OK ||
	    file_read(SOURCE_ROOT "/server/model/bank_holidays.csv", 1 << 20, &holidays, &len) !=
		STATUS_OK)
		return false;
	context = (struct setup_tools){.zones = zones, .holidays = {holidays, len}};
	return true;
}

static void
drop_ground(void)
{
	void *memory;

	memcpy(&memory, &context.zones, sizeof memory);
	zonedb_free(memory);
	memcpy(&memory, &context.holidays.at, sizeof memory);
	free(memory);
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool
live(uint64_t seed, const char *fault, bool verbose)
{
	if (world_live(seed, fault, verbose, &context))
		return true;
	printf("seed %" PRIu64 " FAILED: %s\n", seed, sim_failure());
	if (!verbose)
		sim_print_notes();
	printf("again: simulate --seed %" PRIu64 "%s%s --verbose\n", seed,
	    fault != NULL ? " --fault " : "", fault != NULL ? fault : "");
	return false;
}

static int
run_seeds(uint64_t first, uint64_t last, const char *fault, bool verbose, double limit)
{
	double began = seconds();
	int64_t simulated = 0;
	uint64_t seed;

	for (seed = first; seed <= last && (limit <= 0 || seconds() - began < limit); seed++) {
		if (!live(seed, fault, verbose))
			return 1;
		simulated += world_seconds();
	}
	printf("%" PRIu64 " seeds, %.1f simulated hours in %.1f s, none failed\n", seed - first,
	    (double)simulated / 3600, seconds() - began);
	return 0;
}

static bool
known(const char *fault)
{
	for (const struct world_fault *row = world_faults; row->name != NULL; row++)
		if (strcmp(row->name, fault) == 0)
			return true;
	return false;
}

/* Each deliberate fault must be found, or the simulation proves nothing. Faults for which no seed
 * is known yet are only named. */
static int
run_faults(uint64_t most)
{
	int missed = 0;

	for (const struct world_fault *row = world_faults; row->name != NULL; row++) {
		uint64_t seed = row->first, last = row->first + most - 1;

		if (row->first == 0) {
			printf("%-24s no seed is known that finds it: %s\n", row->name, row->what);
			continue;
		}
		while (seed <= last && world_live(seed, row->name, false, &context))
			seed++;
		if (seed <= last)
			printf("%-24s found by seed %" PRIu64 ": %s\n", row->name, seed,
			    sim_failure());
		else
			printf("%-24s NOT FOUND in %" PRIu64 " seeds: %s\n", row->name, most,
			    row->what);
		missed += seed > last;
		fflush(stdout);
	}
	return missed > 0;
}

static int
wrong(void)
{
	fputs(usage, stderr);
	for (const struct world_fault *row = world_faults; row->name != NULL; row++)
		fprintf(stderr, "  %-24s %s\n", row->name, row->what);
	return 2;
}

int
main(int argc, char **argv)
{
	unsigned long long first = 1, last = 1000, faults = 0;
	const char *fault = NULL;
	bool verbose = false;
	double limit = 0;
	int status;

	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (strcmp(argv[i], "--verbose") == 0) {
			verbose = true;
			continue;
		}
		if (strcmp(argv[i], "--seeds") == 0 &&
		    sscanf(value, "%llu..%llu", &first, &last) == 2 && first <= last)
			i++;
		else if (strcmp(argv[i], "--seed") == 0 && sscanf(value, "%llu", &first) == 1)
			last = first, i++;
		else if (strcmp(argv[i], "--fault") == 0 && known(value))
			fault = value, i++;
		else if (strcmp(argv[i], "--faults") == 0 && sscanf(value, "%llu", &faults) == 1)
			i++;
		else if (strcmp(argv[i], "--seconds") == 0 && sscanf(value, "%lf", &limit) == 1)
			i++;
		else
			return wrong();
	}
	if (!read_tools()) {
		fputs("simulate: no time zones or bank holidays\n", stderr);
		return 2;
	}
	status = faults > 0 ? run_faults(faults) : run_seeds(first, last, fault, verbose, limit);
	drop_ground();
	return status;
}
