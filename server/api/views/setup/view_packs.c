/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/api/ask/ask.h"
#include "server/api/views/views.h"
#include "server/model/starter_pack.h"

/* Starter packs: sets of requirements to begin with. Adding one is a change of the set-up like
 * any other. */

#define ABOUT                                                                                      \
	"A template, and no commissioned standard, until a commissioner confirms each requirement."

/* JSON_ENCODE_ANY, since a member such as the name is neither an object nor a list. */
static void
put_json(struct json_out *out, const char *key, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	out_raw(out, key, slice_of(text));
	free(text);
}

static void
put_pack(struct json_out *out, const json_t *pack)
{
	static const char *const keys[] = {"pack", "name", "about", "places"};

	out_object(out, NULL);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		put_json(out, keys[i], json_object_get(pack, keys[i]));
	out_int(out, "functions", (int64_t)json_array_size(json_object_get(pack, "functions")));
	out_int(
	    out, "requirements", (int64_t)json_array_size(json_object_get(pack, "requirements")));
	out_object_end(out);
}

void
view_packs(struct ask *ask)
{
	struct json_out out = {0};
	const char *code;

	if (!ask_fine(ask))
		return;
	out_object(&out, NULL);
	out_text(&out, "template", ABOUT);
	out_array(&out, "packs");
	/* Read at each call: packs are asked for a few times in the life of a region, so nothing is
	 * kept in memory for it. */
	for (size_t i = 0; (code = starter_pack_code(i)) != NULL; i++) {
		json_t *pack = starter_pack_read(code);

		put_pack(&out, pack);
		json_decref(pack);
	}
	out_array_end(&out);
	out_object_end(&out);
	ask_reply(ask, &out);
	ask_end(ask);
}

/* The whole pack, as it would be added, with why each requirement is in it. */
void
view_pack(struct ask *ask)
{
	struct slice name = web_param(ask->exchange, "code");
	json_t *pack = starter_pack_read(arena_strndup(ask->arena, name.at, name.len));
	struct json_out out = {0};

	if (pack == NULL)
		ask_refuse(ask, 404, "There is no starter pack \"%.*s\".", (int)name.len, name.at);
	if (!ask_fine(ask)) {
		json_decref(pack);
		return;
	}
	/* With each pack, not only in the list: a page that shows one pack must not lose the
	 * warning. */
	json_object_set_new(pack, "template", json_string(ABOUT));
	put_json(&out, NULL, pack);
	json_decref(pack);
	ask_reply(ask, &out);
	ask_end(ask);
}
