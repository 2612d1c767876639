#include "clients/cli/apply_print.h"

#include <stdio.h>
#include <string.h>

#include "clients/cli/show.h"

static void
print_changes(const json_t *answer)
{
	json_t *change;
	size_t i;

	json_array_foreach(json_object_get(answer, "changes"), i, change)
	{
		printf("%s %s %s", show_text(change, "sign"), show_text(change, "kind"),
		    show_text(change, "code"));
		if (*show_text(change, "what") != '\0')
			printf(": %s", show_text(change, "what"));
		printf("\n");
	}
}

static const char *
fate_words(const char *fate)
{
	if (strcmp(fate, "kept") == 0)
		return "it stays as it is";
	if (strcmp(fate, "overwritten") == 0)
		return "it is overwritten";
	return "the file would undo it";
}

static void
print_conflicts(const json_t *answer)
{
	json_t *conflict;
	size_t i;

	json_array_foreach(json_object_get(answer, "conflicts"), i, conflict)
	{
		printf("conflict %s: changed since the file was applied (in force by %s, %s); %s\n",
		    show_text(conflict, "id"), show_text(conflict, "by"), show_text(conflict, "at"),
		    fate_words(show_text(conflict, "fate")));
	}
}

unsigned
apply_refused(const json_t *answer)
{
	unsigned count = 0;
	json_t *conflict;
	size_t i;

	json_array_foreach(json_object_get(answer, "conflicts"), i, conflict) count +=
	    strcmp(show_text(conflict, "fate"), "refused") == 0;
	return count;
}

static void
print_said(const json_t *effect)
{
	json_t *said;
	size_t i;

	json_array_foreach(json_object_get(effect, "said"), i, said) printf(
	    "goes: %s %lld (rota %s, person %s) by %s\n", show_text(said, "kind"),
	    (long long)json_integer_value(json_object_get(said, "id")),
	    *show_text(said, "rota") ? show_text(said, "rota") : "-",
	    *show_text(said, "person") ? show_text(said, "person") : "-", show_text(said, "by"));
}

void
apply_print(const json_t *answer, bool quiet)
{
	json_t *warning;
	size_t i;

	print_changes(answer);
	print_conflicts(answer);
	print_said(json_object_get(answer, "effect"));
	json_array_foreach(json_object_get(answer, "warnings"), i, warning) fprintf(
	    stderr, "warning: %s: %s\n", show_text(warning, "path"), show_text(warning, "detail"));
	if (quiet && json_array_size(json_object_get(answer, "changes")) == 0)
		printf("the set-up is as the file says\n");
}
