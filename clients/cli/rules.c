/* SPDX-License-Identifier: MIT */
#include "clients/cli/rules.h"

#include <stdio.h>

#include "clients/cli/command.h"
#include "clients/cli/show.h"

/* server/model/bank_holidays.csv, which the build puts into the program. */
extern const char bank_holidays_csv[];

int
rules_of(struct arena *arena, const struct region *region, const struct region_rota *rota,
    struct reading_options *out)
{
	const char *fault;

	rota_options(arena, region, rota, show_zones(), out);
	if (rota_options_holidays(arena, slice_of(bank_holidays_csv), region, out, &fault) ==
	    STATUS_OK)
		return EXIT_FINE;
	fprintf(stderr, "crisiscover: could not tell the bank holidays: %s\n", fault);
	return EXIT_INPUT_REFUSED;
}
