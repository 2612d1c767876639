/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/members.h"

#include "server/api/views/parts/on_rota.h"
#include "server/base/civil.h"

uint32_t
member_person(struct ask *ask, const struct ask_object *object, const char *key, enum ask_need need)
{
	return on_rota_person(ask, arena_printf(ask->arena, "%s.%s", object->path, key),
	    ask_object_text(ask, object, key, MEMBER_CODE_MAX_BYTES, need));
}

uint32_t
member_rota(struct ask *ask, const struct ask_object *object)
{
	const char *path = arena_printf(ask->arena, "%s.rota", object->path);
	const char *id = ask_object_text(ask, object, "rota", MEMBER_CODE_MAX_BYTES, ASK_REQUIRED);
	uint32_t rota = id != NULL ? table_get(&ask->region->rota_by_id, id) : REGION_NONE;

	if (id == NULL)
		return REGION_NONE;
	/* One answer for both: an account that may not see a rota must not learn that it
	 * exists. */
	if (rota == REGION_NONE || !rights_rota(ask->region, ask->account, rota)) {
		ask_fault(ask, path, "there is no rota with this id");
		return REGION_NONE;
	}
	if (ask->region->rotas[rota].service != REGION_NONE)
		return rota;
	ask_fault(
	    ask, path, "is a leave calendar: nobody is on call by it. Type an absence instead");
	return REGION_NONE;
}

bool
member_switch(struct ask *ask, const json_t *body, const char *key)
{
	const json_t *value = json_object_get(body, key);

	if (value != NULL && !json_is_boolean(value))
		ask_fault(ask, arena_printf(ask->arena, "$.%s", key), "is not true or false");
	return json_is_true(value);
}

int64_t
member_time(struct ask *ask, const struct ask_object *object, const char *key, int64_t otherwise)
{
	const char *text = ask_object_text(ask, object, key, MEMBER_CODE_MAX_BYTES,
	    otherwise == INSTANT_NONE ? ASK_REQUIRED : ASK_OPTIONAL);
	int64_t utc;

	if (text == NULL)
		return otherwise;
	if (civil_parse_rfc3339(slice_of(text), &utc))
		return utc;
	ask_fault(ask, arena_printf(ask->arena, "%s.%s", object->path, key),
	    "is not an RFC 3339 time such as 2026-11-22T03:10:00Z");
	return otherwise;
}

/* A text of blanks is none; otherwise it would count as a reason where one is required. */
const char *
member_line(struct ask *ask, const json_t *body, const char *key, size_t max)
{
	const char *text = ask_body_text(ask, body, key, max, ASK_OPTIONAL);

	if (text == NULL || slice_trim(slice_of(text)).len == 0)
		return NULL;
	return text;
}
