/* SPDX-License-Identifier: MIT */
/* crisiscover bundles: what several people are needed for together, at all places or at one and those below it. */
#include <stdio.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/show.h"
#include "server/base/text.h"

static void
print_bundle(const json_t *bundle)
{
	json_t *part;
	size_t i;

	show_cell(show_text(bundle, "id"), 16);
	show_cell(show_text(bundle, "place"), 12);
	show_cell(show_text(bundle, "state"), 18);
	printf("%lld of %lld", (long long)json_integer_value(json_object_get(bundle, "present")),
	    (long long)json_integer_value(json_object_get(bundle, "required")));
	if (*show_text(bundle, "since") != '\0')
		printf(", since %s", show_time(bundle, "since"));
	if (*show_text(bundle, "until") != '\0')
		printf(", until %s", show_time(bundle, "until"));
	printf("\n");
	json_array_foreach(json_object_get(bundle, "missing"), i, part)
	    printf("  MISSING: %s\n", json_string_value(part));
	/* Beside the state: it is no cover. */
	if (*show_text(bundle, "accepted_until") != '\0')
		printf("  accepted by its commissioners until %s\n",
		    show_time(bundle, "accepted_until"));
}

static void
print_page(const void *ctx, const json_t *answer)
{
	json_t *bundle;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "bundles"), i, bundle) print_bundle(bundle);
	if (*show_text(answer, "next_cursor") == '\0')
		show_map_age(answer);
}

static void
add_parameter(struct buf *path, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_printf(path, "&%s=", name);
	buf_add_encoded(path, value);
}

int
command_bundles(int argc, char **argv)
{
	const char *place = NULL, *function = NULL, *state = NULL, *fault;
	bool json = false, csv = false;
	const struct option_row rows[] = {{"function", &function, NULL}, {"state", &state, NULL},
	    {"json", NULL, &json}, {"csv", NULL, &csv}, {NULL, NULL, NULL}};
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, &place, 1);
	if (fault != NULL)
		return command_refuse("bundles", fault);
	buf_add_text(&path, "/v1/bundles?limit=500");
	add_parameter(&path, "place", place);
	add_parameter(&path, "function", function);
	add_parameter(&path, "state", state);
	status = pages_ask_as(path.at, pages_form(json, csv), print_page, NULL);
	buf_free(&path);
	return status;
}
