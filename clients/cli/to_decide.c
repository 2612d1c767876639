/* SPDX-License-Identifier: MIT */
#include "clients/cli/to_decide.h"

#include <stdio.h>
#include <string.h>

#include "clients/cli/show.h"

void
to_decide_print_candidates(const char *before, const json_t *open)
{
	json_t *candidate;
	size_t i;

	json_array_foreach(json_object_get(open, "candidates"), i, candidate) printf("%s%s (%s)",
	    i == 0 ? before : ", ", show_text(candidate, "id"), show_text(candidate, "name"));
}

/* A few dates of the file in both readings, so that a person sees which of the two is right. */
static void
print_dates(const json_t *open)
{
	json_t *date;
	size_t i;

	json_array_foreach(json_object_get(open, "dates"), i, date)
	    printf("      line %lld: %s is %s (dmy) or %s (mdy)\n",
		(long long)json_integer_value(json_object_get(date, "line")),
		show_text(date, "written"), show_text(date, "dmy"), show_text(date, "mdy"));
}

static void
print_open(const json_t *open)
{
	const char *kind = show_text(open, "kind"), *example = show_text(open, "example");
	const char *words = show_text(open, "words");
	char count[32];

	snprintf(count, sizeof count, "%lld",
	    (long long)json_integer_value(json_object_get(open, "count")));
	printf("  ");
	show_cell(count, 5);
	/* No word is to be decided, but the order of all dates. */
	if (strcmp(kind, "date_order") == 0) {
		printf("dates could be dd/mm or mm/dd; dd/mm is usual here\n");
		print_dates(open);
		return;
	}
	show_cell(kind, 5);
	show_cell(words, 20);
	/* The example of a whole title is the title itself. */
	if (*example != '\0' && strcmp(example, words) != 0)
		printf("as in \"%s\"", example);
	to_decide_print_candidates("; perhaps ", open);
	printf("\n");
}

void
to_decide_print(const char *rota, const json_t *answer)
{
	const json_t *list = json_object_get(answer, "to_decide");
	json_t *open;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	printf("left to decide, by the shifts that depend on it:\n");
	json_array_foreach(list, i, open) print_open(open);
	printf("decide each once with: crisiscover decide %s --word W --means nothing|nobody|away, "
	       "--alias NAME --person ID, …\n",
	    rota);
}
