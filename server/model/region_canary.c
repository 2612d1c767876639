/* SPDX-License-Identifier: MIT */
#include "server/model/region_canary.h"

#include <jansson.h>
#include <stdlib.h>

#include "server/base/fatal.h"

/* Nobody is told of its gaps, and they are never long. */
static const char objects[] =
    "{\"organisations\": [{\"code\": \"" CANARY_CODE
    "\", \"name\": \"Canary\", \"kind\": \"other\"}],"
    " \"functions\": [{\"code\": \"" CANARY_CODE "\", \"name\": \"Canary\"}],"
    " \"places\": [{\"code\": \"" CANARY_CODE "\", \"name\": \"Canary\", \"kind\": \"region\"}],"
    " \"people\": [{\"id\": \"" CANARY_CODE
    "\", \"name\": \"Canary\", \"organisation\": \"" CANARY_CODE "\", \"roles\": [\"" CANARY_CODE
    "\"]}],"
    " \"services\": [{\"id\": \"" CANARY_CODE
    "\", \"name\": \"Canary\", \"function\": \"" CANARY_CODE "\", \"organisation\": \"" CANARY_CODE
    "\", \"places\": [\"" CANARY_CODE "\"]}],"
    " \"rotas\": [{\"id\": \"" CANARY_CODE "\", \"service\": \"" CANARY_CODE
    "\", \"tier\": 1, \"source\": {\"kind\": \"typed\"}}],"
    " \"requirements\": [{\"id\": \"" CANARY_CODE "\", \"place\": \"" CANARY_CODE
    "\", \"function\": \"" CANARY_CODE "\", \"count\": 1, \"alerts\": [],"
    " \"hours\": [{\"days\": [\"all\"], \"from\": \"00:00\", \"to\": \"24:00\"}]}]}";

/* Appends each list of ${own} to that of ${region}: what is there keeps its place, so that a patch still finds it. */
static void
append(json_t *region, json_t *own)
{
	const char *key;
	json_t *list;

	json_object_foreach(own, key, list)
	{
		json_t *there = json_object_get(region, key);

		if (there == NULL)
			(void)!json_object_set(region, key, list);
		else
			(void)!json_array_extend(there, list);
	}
}

struct slice
region_with_canary(struct arena *arena, struct slice document)
{
	json_t *region = json_loadb(document.at, document.len, JSON_REJECT_DUPLICATES, NULL);
	json_t *own = json_loads(objects, 0, NULL);
	struct slice out = document;
	char *text;

	INVARIANT(own != NULL);
	if (json_is_object(region)) {
		append(region, own);
		text = json_dumps(region, JSON_COMPACT);
		if (text == NULL)
			fatal("out of memory");
		out = slice_of(arena_strdup(arena, text));
		free(text);
	}
	json_decref(region);
	json_decref(own);
	return out;
}
