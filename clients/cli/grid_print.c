/* SPDX-License-Identifier: MIT */
#include "clients/cli/grid_print.h"

#include <stdlib.h>

#include "clients/cli/show.h"
#include "server/rota/rota_found.h"

static void
print_list(FILE *out, const json_t *grid, const char *key)
{
	json_t *text;
	size_t i;

	json_array_foreach(json_object_get(grid, key), i, text)
	    fprintf(out, "%s%s", i == 0 ? "" : ", ", json_string_value(text));
}

/* ${propose} as it is documented. The database keeps no order of keys. */
static char *
in_order(const json_t *propose)
{
	static const char *const keys[] = {
	    "layout", "column", "row", "codes", "hours", "from", "to"};
	json_t *out = json_object();
	char *text;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		json_t *value = json_object_get(propose, keys[i]);

		if (json_is_object(value)) {
			text = in_order(value);
			json_object_set_new(out, keys[i], json_loads(text, 0, NULL));
			free(text);
		} else if (value != NULL) {
			json_object_set(out, keys[i], value);
		}
	}
	text = json_dumps(out, JSON_PRESERVE_ORDER);
	json_decref(out);
	return text;
}

/* Within single quotation marks of a shell. */
static void
print_quoted(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else
			fputc(*text, out);
	}
}

void
grid_print(FILE *out, const json_t *grid, const char *rota)
{
	static const char *const keys[] = {"columns", "rows", "codes"};
	char *propose;

	if (grid == NULL)
		return;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (json_array_size(json_object_get(grid, keys[i])) == 0)
			continue;
		fprintf(out, "    %s: ", keys[i]);
		print_list(out, grid, keys[i]);
		fprintf(out, "\n");
	}
	propose = in_order(json_object_get(grid, "propose"));
	fprintf(out, "    set, with what is the rota's own for each ? and HH:MM:\n");
	fprintf(out, "    crisiscover set rota %s 'reading.grid=", rota != NULL ? rota : "ID");
	print_quoted(out, propose);
	fprintf(out, "'\n");
	free(propose);
}

void
grid_print_findings(const char *rota, const json_t *findings)
{
	json_t *finding;
	size_t i;

	json_array_foreach(findings, i, finding)
	{
		fprintf(stderr, "%s, line %lld: %s %s\n", rota,
		    (long long)json_integer_value(json_object_get(finding, "line")),
		    show_text(finding, "text"), show_text(finding, "remedy"));
		grid_print(stderr, json_object_get(finding, "grid"), rota);
	}
}

void
grid_print_refusal(const char *path, const char *rota, const struct reading *reading,
    const struct reading_finding *finding)
{
	json_t *grid = rota_found_json(reading->found);

	fprintf(stderr, "%s: %s %s\n", path, finding->text, finding->remedy);
	grid_print(stderr, grid, rota);
	json_decref(grid);
}
