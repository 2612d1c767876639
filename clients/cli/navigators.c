/* SPDX-License-Identifier: MIT */
/* crisiscover navigators: where to send somebody when nobody is on, or has to be. */
#include <stdio.h>

#include "clients/cli/command.h"
#include "clients/cli/navigators_print.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/show.h"
#include "server/base/text.h"

static void
print_one(const json_t *one)
{
	const char *address = show_text(one, "address"), *hours = show_text(one, "hours");
	struct buf ring = {0};

	show_ring(&ring, one, "");
	printf("  %s: %s\n", show_text(one, "name"), show_text(one, "text"));
	printf("      %s%s%s%s\n", ring.at != NULL ? ring.at : "",
	    ring.len > 0 && *address != '\0' ? ", " : "", address,
	    json_is_true(json_object_get(one, "walk_in")) ? ", no need to ring first" : "");
	printf("      for %s%s%s; of %s\n", show_text(one, "for"),
	    *hours != '\0' ? "; hours: " : "", hours, show_text(one, "organisation_name"));
	buf_free(&ring);
}

void
navigators_print(const json_t *answer)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(answer, "navigators"), i, one) print_one(one);
}

static void
print_page(const void *ctx, const json_t *answer)
{
	(void)ctx;
	navigators_print(answer);
}

int
command_navigators(int argc, char **argv)
{
	const char *place = NULL, *function = NULL, *fault;
	bool json = false, csv = false;
	const struct option_row rows[] = {{"function", &function, NULL}, {"json", NULL, &json},
	    {"csv", NULL, &csv}, {NULL, NULL, NULL}};
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, &place, 1);
	if (fault != NULL)
		return command_refuse("navigators", fault);
	buf_add_text(&path, "/v1/navigators?limit=500");
	if (place != NULL) {
		buf_add_text(&path, "&place=");
		buf_add_encoded(&path, place);
	}
	if (function != NULL) {
		buf_add_text(&path, "&function=");
		buf_add_encoded(&path, function);
	}
	status = pages_ask_as(path.at, pages_form(json, csv), print_page, NULL);
	buf_free(&path);
	return status;
}
