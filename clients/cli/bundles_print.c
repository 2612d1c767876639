/* SPDX-License-Identifier: MIT */
#include "clients/cli/bundles_print.h"

#include <stdio.h>
#include <string.h>

#include "clients/cli/show.h"

/* What several people do together, and services at one front desk. */

static void
print_part(const json_t *part)
{
	bool full = strcmp(show_text(part, "state"), "covered") == 0;
	json_t *one;
	size_t i;

	printf("      %s", full ? "part: " : "MISSING: ");
	json_array_foreach(json_object_get(part, "any_of"), i, one)
	    printf("%s%s", i > 0 ? " or " : "", show_text(one, "name"));
	printf("%s: %lld of %lld",
	    json_is_true(json_object_get(part, "different_teams")) ? ", of different teams" : "",
	    (long long)json_integer_value(json_object_get(part, "present")),
	    (long long)json_integer_value(json_object_get(part, "required")));
	/* Who sees counts alone is given no names. */
	json_array_foreach(json_object_get(part, "people"), i,
	    one) if (json_is_string(json_object_get(one, "name")))
	    printf("%s%s", i > 0 ? ", " : " - ", show_text(one, "name"));
	printf("\n");
	if (!full && *show_text(part, "cause") != '\0')
		printf("        %s\n", show_text(part, "cause"));
}

void
bundles_print(const json_t *function)
{
	const json_t *bundles = json_object_get(function, "bundles");
	json_t *bundle, *part;
	size_t i, j;

	json_array_foreach((json_t *)(uintptr_t)bundles, i, bundle)
	{
		bool whole = strcmp(show_text(bundle, "state"), "covered") == 0;

		if (json_array_size(bundles) > 1)
			printf(
			    "      %s: %s\n", show_text(bundle, "id"), show_text(bundle, "state"));
		json_array_foreach(json_object_get(bundle, "parts"), j, part) print_part(part);
		if (!whole && json_is_string(json_object_get(bundle, "since")))
			printf("      not whole since %s\n", show_time(bundle, "since"));
		if (json_is_string(json_object_get(bundle, "until")))
			printf("      %s %s\n", whole ? "whole until" : "the rotas say whole from",
			    show_time(bundle, "until"));
	}
}

void
sites_print(const json_t *answer)
{
	const json_t *sites = json_object_get(answer, "sites");
	json_t *site, *service;
	size_t i, j;

	json_array_foreach((json_t *)(uintptr_t)sites, i, site)
	{
		bool open = json_is_true(json_object_get(site, "open"));

		printf("\n  %s: front desk, %s now  tel %s\n", show_text(site, "name"),
		    open ? "open" : "closed", show_text(site, "phone"));
		if (json_is_string(json_object_get(site, "hours")))
			printf("      hours: %s\n", show_text(site, "hours"));
		json_array_foreach(json_object_get(site, "services"), j, service) printf(
		    "      %s: %s\n", show_text(service, "name"),
		    json_is_string(json_object_get(service, "state")) ? show_text(service, "state")
								      : "(not asked for)");
	}
}
