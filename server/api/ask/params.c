/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/ask.h"
#include "server/base/civil.h"
#include "server/base/fatal.h"

/* A search text or a cursor; longer texts belong into a body. */
#define TEXT_MAX 200
#define PARAMS_MAX 16

static const char *
query_path(struct ask *ask, const char *name)
{
	return arena_printf(ask->arena, "query.%s", name);
}

/* A parameter that has no effect is refused: a client that misspells "known_at" must not get the
 * present for the past. */
void
ask_known(struct ask *ask)
{
	const struct param *params = ask->route->params;
	const char *known[PARAMS_MAX + 1] = {0};
	struct slice stranger;
	const char *name;

	for (size_t i = 0; params != NULL && params[i].kind != PARAM_END; i++) {
		INVARIANT(i < PARAMS_MAX);
		known[i] = params[i].name;
	}
	stranger = web_query_stranger(ask->exchange, known);
	if (stranger.at == NULL)
		return;
	name = arena_strndup(ask->arena, stranger.at, stranger.len);
	if (route_param(ask->route, name) != NULL)
		ask_fault(ask, query_path(ask, name), "is given more than once");
	else
		ask_fault(ask, "query", "there is no parameter \"%s\" here", name);
}

/* The parameter's row. A view can read only what the table says the call has, or the
 * documentation made from the table would lie. */
static const struct param *
param_of(const struct ask *ask, const char *name, enum param_kind kind)
{
	const struct param *param = route_param(ask->route, name);

	INVARIANT(param != NULL && param->kind == kind);
	return param;
}

/* Whether the parameter is there. If it is not and is required, that is noted. */
static bool
given(struct ask *ask, const struct param *param, struct slice *out)
{
	if (web_query(ask->exchange, param->name, out))
		return true;
	if (param->required)
		ask_fault(ask, query_path(ask, param->name), "is missing");
	return false;
}

/* Whether an account may ask about a place. */
typedef bool may_fn(const struct region *region, const struct account *account, uint32_t place);

/* 404 and 403 differ here, because the codes of places are public in a region. */
static uint32_t
find_place(struct ask *ask, struct slice code, may_fn *may)
{
	const char *text = arena_strndup(ask->arena, code.at, code.len);
	uint32_t place =
	    text_is_code(code) ? table_get(&ask->region->place_by_code, text) : TABLE_NONE;

	if (place != TABLE_NONE && may(ask->region, ask->account, place))
		return place;
	if (place == TABLE_NONE)
		ask_refuse(ask, 404, "There is no place with this code.");
	else
		ask_refuse(ask, 403, "This account may not ask about this place.");
	return REGION_NONE;
}

uint32_t
ask_place_named(struct ask *ask, struct slice code)
{
	return find_place(ask, code, rights_place);
}

static uint32_t
read_place(struct ask *ask, may_fn *may)
{
	struct slice code;

	if (!given(ask, param_of(ask, "place", PARAM_CODE), &code))
		return REGION_NONE;
	if (!text_is_code(code)) {
		ask_fault(ask, "query.place", "is not a code");
		return REGION_NONE;
	}
	return find_place(ask, code, may);
}

uint32_t
ask_place(struct ask *ask)
{
	return read_place(ask, rights_place);
}

uint32_t
ask_place_of_cover(struct ask *ask)
{
	return read_place(ask, rights_sees_cover);
}

uint32_t
ask_function(struct ask *ask)
{
	struct slice code;
	uint32_t function;

	if (!given(ask, param_of(ask, "function", PARAM_CODE), &code))
		return REGION_NONE;
	if (!text_is_code(code)) {
		ask_fault(ask, "query.function", "is not a code");
		return REGION_NONE;
	}
	function =
	    table_get(&ask->region->function_by_code, arena_strndup(ask->arena, code.at, code.len));
	if (function == TABLE_NONE)
		/* Functions are the same for everybody, so there is nothing to hide. */
		ask_refuse(ask, 404, "There is no function with this code.");
	return function == TABLE_NONE ? REGION_NONE : function;
}

const char *
ask_code(struct ask *ask, const char *name)
{
	struct slice code;

	if (!given(ask, param_of(ask, name, PARAM_CODE), &code))
		return NULL;
	if (text_is_code(code))
		return arena_strndup(ask->arena, code.at, code.len);
	ask_fault(ask, query_path(ask, name), "is not a code");
	return NULL;
}

/* Without a time zone an instant would be ambiguous, so RFC 3339 is required. */
int64_t
ask_time(struct ask *ask, const char *name, int64_t otherwise)
{
	struct slice text;
	int64_t utc;

	if (!given(ask, param_of(ask, name, PARAM_TIME), &text))
		return otherwise;
	if (!civil_parse_rfc3339(text, &utc)) {
		ask_fault(ask, query_path(ask, name),
		    "is not an RFC 3339 time such as 2026-11-22T03:10:00Z");
		return otherwise;
	}
	return utc;
}

int64_t
ask_number(struct ask *ask, const char *name)
{
	const struct param *param = param_of(ask, name, PARAM_NUMBER);
	struct slice text;
	int64_t number;

	if (!given(ask, param, &text))
		return param->otherwise;
	if (text_int(text, param->min, param->max, &number))
		return number;
	ask_fault(ask, query_path(ask, name), "is not a whole number from %lld to %lld",
	    (long long)param->min, (long long)param->max);
	return param->otherwise;
}

/* Notes that a value is none of the choices. */
static void
note_choices(struct ask *ask, const char *name, const char *const *choices)
{
	struct buf list = {0};

	/* All choices are named: a person who guesses a parameter needs no documentation. */
	for (size_t i = 0; choices[i] != NULL; i++)
		buf_printf(&list, "%s%s", i > 0 ? ", " : "", choices[i]);
	ask_fault(ask, query_path(ask, name), "is none of: %s", list.at);
	buf_free(&list);
}

/* Without the parameter the first choice of the table is meant. */
const char *
ask_choice(struct ask *ask, const char *name)
{
	const struct param *param = param_of(ask, name, PARAM_CHOICE);
	const char *const *choices = param->choices;
	struct slice text;

	if (!given(ask, param, &text))
		return choices[0];
	for (size_t i = 0; choices[i] != NULL; i++)
		if (slice_is(text, choices[i]))
			return choices[i];
	note_choices(ask, name, choices);
	return choices[0];
}

bool
ask_yes(struct ask *ask, const char *name)
{
	return strcmp(ask_choice(ask, name), "1") == 0;
}

const char *
ask_text(struct ask *ask, const char *name)
{
	struct slice text;

	if (!given(ask, param_of(ask, name, PARAM_TEXT), &text))
		return NULL;
	if (text.len > TEXT_MAX || !text_utf8_valid(text.at, text.len)) {
		ask_fault(ask, query_path(ask, name), "is not text of at most %d bytes", TEXT_MAX);
		return NULL;
	}
	return arena_strndup(ask->arena, text.at, text.len);
}

/* The same answer for both: an account that may not see a rota does not learn that it exists. */
uint32_t
ask_rota_named(struct ask *ask, struct slice id)
{
	uint32_t rota = text_is_code(id) ? table_get(&ask->region->rota_by_id,
					       arena_strndup(ask->arena, id.at, id.len))
					 : TABLE_NONE;

	if (rota != TABLE_NONE && rights_rota(ask->region, ask->account, rota))
		return rota;
	ask_refuse(ask, 404, "There is no rota with this id.");
	return REGION_NONE;
}

uint32_t
ask_rota_reviewed(struct ask *ask, const char *seen)
{
	uint32_t rota = ask_rota_named(ask, web_param(ask->exchange, "id"));

	/* Titles may hold anything that was written into a calendar, so that not every reader may
	 * see them. */
	if (rota != REGION_NONE && !rights_has(ask->account, RIGHT_REVIEW) &&
	    !rights_change_rota(ask->region, ask->account, rota))
		ask_refuse(ask, 403, "Only the rota managers of its organisation see %s.", seen);
	return rota;
}

uint32_t
ask_rota_changed(struct ask *ask, const char *param)
{
	uint32_t rota = ask_rota_named(ask, web_param(ask->exchange, param));

	if (rota != REGION_NONE && !rights_change_rota(ask->region, ask->account, rota))
		ask_refuse(ask, 403, ASK_OTHERS_ROTA);
	return rota;
}

uint32_t
ask_rota(struct ask *ask)
{
	struct slice id;

	if (!given(ask, param_of(ask, "rota", PARAM_CODE), &id))
		return REGION_NONE;
	return ask_rota_named(ask, id);
}

int64_t
ask_id_named(struct ask *ask, struct slice id, const char *what)
{
	int64_t number = 0;

	/* 404 and not 400: it is part of the path, and no such thing can exist. */
	if (!text_int(id, 1, INT64_MAX, &number))
		ask_refuse(ask, 404, "There is no %s with this number.", what);
	return number;
}

struct ask_page
ask_page(struct ask *ask)
{
	return (struct ask_page){
	    .limit = (uint32_t)ask_number(ask, "limit"),
	    .cursor = ask_text(ask, "cursor"),
	};
}

/* ---------------------------------------------------------------------------------- bodies */

/* As for parameters: what has no effect is refused. */
void
ask_object_known(struct ask *ask, const struct ask_object *object, const char *const *known)
{
	const char *key;
	json_t *value;

	json_object_foreach(object->json, key, value)
	{
		bool found = false;

		for (size_t i = 0; known[i] != NULL && !found; i++)
			found = strcmp(known[i], key) == 0;
		if (!found)
			ask_fault(ask, object->path, "there is no member \"%.40s\" here", key);
	}
}

/* JSON with a key twice is refused, since two readers could take different values. */
json_t *
ask_json(struct ask *ask)
{
	struct slice bytes = web_body(ask->exchange);

	if (ask->body == NULL && bytes.len > 0)
		ask->body = json_loadb(bytes.at, bytes.len, JSON_REJECT_DUPLICATES, NULL);
	return ask->body;
}

void
ask_json_drop(struct ask *ask)
{
	json_decref(ask->body);
	ask->body = NULL;
}

json_t *
ask_body(struct ask *ask, const char *const *known)
{
	json_t *body = ask_json(ask);

	if (web_body(ask->exchange).len == 0)
		return json_object();
	if (!json_is_object(body)) {
		ask_fault(ask, "$", "the body is not a JSON object");
		return NULL;
	}
	if (known != NULL)
		ask_object_known(ask, &(struct ask_object){"$", body}, known);
	return json_incref(body);
}

/* Copied, since the view frees the body before it uses the text. */
static const char *
member_text(struct ask *ask, const char *path, const json_t *value, size_t max, enum ask_need need)
{
	if (value == NULL || json_is_null(value)) {
		if (need == ASK_REQUIRED)
			ask_fault(ask, path, "is missing");
		return NULL;
	}
	/* A length in bytes, as the database checks it. */
	if (!json_is_string(value) || json_string_length(value) > max ||
	    (need == ASK_REQUIRED && json_string_length(value) == 0)) {
		ask_fault(ask, path, "is not text of 1 to %zu bytes", max);
		return NULL;
	}
	return arena_strdup(ask->arena, json_string_value(value));
}

const char *
ask_object_text(struct ask *ask, const struct ask_object *object, const char *key, size_t max,
    enum ask_need need)
{
	return member_text(ask, arena_printf(ask->arena, "%s.%s", object->path, key),
	    json_object_get(object->json, key), max, need);
}

const char *
ask_body_text(struct ask *ask, const json_t *body, const char *key, size_t max, enum ask_need need)
{
	return member_text(
	    ask, arena_printf(ask->arena, "$.%s", key), json_object_get(body, key), max, need);
}

int64_t
ask_body_time(
    struct ask *ask, const json_t *body, const char *key, enum ask_need need, int64_t otherwise)
{
	const char *text = ask_body_text(ask, body, key, TEXT_MAX, need);
	int64_t utc;

	if (text == NULL)
		return otherwise;
	if (civil_parse_rfc3339(slice_of(text), &utc))
		return utc;
	ask_fault(ask, arena_printf(ask->arena, "$.%s", key),
	    "is not an RFC 3339 time such as 2026-11-22T03:10:00Z");
	return otherwise;
}
