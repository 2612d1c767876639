/* SPDX-License-Identifier: MIT */
#include "server/api/ask/typed.h"

#include <string.h>

#include "server/api/ask/form.h"
#include "server/model/region_field.h"
#include "server/rota/rota_patient.h"

/* ------------------------------------------------------------------------- what is not of people */

enum typed_kind {
	TYPED_WORDS, /* of people: everything is asked */
	TYPED_NAME,  /* of a thing or a member of staff: "Patient Smith Ward" is no patient */
	TYPED_FORM, /* has a form of its own, which its reader checks: a time, an address, a number to ring */
	TYPED_QUOTED, /* what a calendar says, or a secret: must be the same bytes */
};

/* By the name of the member, and of all within it. What is not listed is words of people. */
static const struct {
	const char *name;
	enum typed_kind kind;
} kinds[] = {
    {"acr", TYPED_FORM},
    {"aliases", TYPED_NAME},
    {"bank_holidays", TYPED_FORM},
    {"bleep", TYPED_FORM},
    {"ca", TYPED_QUOTED},
    {"client_id", TYPED_FORM},
    {"cursor", TYPED_FORM},
    {"days", TYPED_FORM},
    {"end", TYPED_FORM},
    {"expires", TYPED_FORM},
    {"expires_at", TYPED_FORM},
    {"extension", TYPED_FORM},
    {"file", TYPED_FORM},
    {"from", TYPED_FORM},
    {"issuer", TYPED_FORM},
    {"key", TYPED_QUOTED},
    {"name", TYPED_NAME},
    {"number", TYPED_FORM},
    {"overwrite", TYPED_FORM},
    {"password", TYPED_QUOTED},
    {"pdf", TYPED_QUOTED},
    {"phone", TYPED_FORM},
    {"proxy", TYPED_FORM},
    {"review", TYPED_FORM},
    {"secret", TYPED_QUOTED},
    {"seen", TYPED_FORM},
    {"start", TYPED_FORM},
    {"tenant", TYPED_FORM},
    {"title", TYPED_QUOTED},
    {"to", TYPED_FORM},
    {"until", TYPED_FORM},
    {"url", TYPED_FORM},
    {"verified_at", TYPED_FORM},
};

static enum typed_kind
kind_of(const char *name, enum typed_kind otherwise)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return kinds[i].kind;
	return otherwise;
}

/* ---------------------------------------------------------------------------------- one text */

static void
fault_hidden(const struct region_field *field, const struct text_hidden *found)
{
	if (found->point == TEXT_NOT_UTF8)
		field_fault(
		    field, "has a byte at %zu that is not UTF-8: type the text again", found->at);
	else if (found->point == '\n' || found->point == '\r' || found->point == '\t')
		field_fault(field,
		    "has a %s (U+%04X) at byte %zu: write it as one line, with blanks",
		    found->point == '\t' ? "tab" : "line break", (unsigned)found->point, found->at);
	else
		field_fault(field,
		    "has the character U+%04X at byte %zu, which is not seen and changes how the text is shown: "
		    "type the text again without it",
		    (unsigned)found->point, found->at);
}

static void
check_words(const struct region_field *field, const char *text, enum typed_kind kind)
{
	switch (rota_patient_in(text)) {
	case ROTA_PATIENT_NUMBER:
		field_fault(field,
		    "has an NHS number: nothing about patients is kept here. Leave it out; a telephone number is written "
		    "with its 0 or +44");
		return;
	case ROTA_PATIENT_BIRTH:
		field_fault(field,
		    "has a date of birth: nothing about patients is kept here. Leave it out; of another date before 2020 "
		    "write the year alone");
		return;
	case ROTA_PATIENT_NONE:
		break;
	}
	if (kind == TYPED_WORDS && rota_names_patient(text))
		field_warn(field,
		    "may name a patient: nothing about patients is kept here. If it does, change it");
}

/* One fault at most, so that a person sees one sentence for one mistake. */
static void
check_text(const struct region_field *field, const char *text, enum typed_kind kind)
{
	struct text_hidden found = text_find_hidden(slice_of(text));

	if (kind == TYPED_QUOTED)
		return;
	if (found.len > 0)
		fault_hidden(field, &found);
	else if (kind != TYPED_FORM)
		check_words(field, text, kind);
}

/* --------------------------------------------------------------------------------- the request */

/* The parser limits the depth. */
static void
check(const struct region_field *field, enum typed_kind kind)
{
	struct region_field inner;
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_string(field->json))
		check_text(field, json_string_value(field->json), kind);
	json_array_foreach(field->json, i, value)
	{
		inner = field_at(field, i);
		check(&inner, kind);
	}
	json_object_foreach(field->json, key, value)
	{
		inner = field_get(field, key);
		/* A member may be called what somebody typed: "aliases" of a rota. */
		check_text(&inner, key, kind == TYPED_QUOTED ? kind : TYPED_NAME);
		check(&inner, kind == TYPED_QUOTED ? kind : kind_of(key, kind));
	}
}

static void
check_query(struct ask *ask, const struct region_field *root)
{
	for (const struct param *param = ask->route->params;
	     param != NULL && param->kind != PARAM_END; param++) {
		struct region_field query = field_get(root, param->name);
		struct slice given;

		if (param->kind != PARAM_TEXT || !web_query(ask->exchange, param->name, &given))
			continue;
		check_text(&query, arena_strndup(ask->arena, given.at, given.len),
		    kind_of(param->name, TYPED_WORDS));
	}
}

/* PUT gives a thing its id, which is kept without end. */
static void
check_id(struct ask *ask, const struct region_field *root)
{
	struct region_field id = field_get(root, "id");
	struct slice given = web_param(ask->exchange, "id");

	if (ask->route->method == WEB_PUT && given.len > 0)
		check_text(&id, arena_strndup(ask->arena, given.at, given.len), TYPED_NAME);
}

static bool
is_form(struct web_exchange *exchange)
{
	static const char form[] = "application/x-www-form-urlencoded";
	struct slice type = web_header(exchange, "content-type");

	return type.len >= sizeof form - 1 &&
	       slice_is_nocase((struct slice){type.at, sizeof form - 1}, form);
}

/* The faults that a region file's fields note are those of a request, below ${root}; the paths are made in the same
 * way. */
static void
take_over(struct ask *ask, const char *root, const struct region_reader *reader)
{
	for (size_t i = 0; i < reader->faults.count; i++) {
		const struct region_fault *fault = &reader->faults.items[i];
		const char *path = arena_printf(ask->arena, "%s%s", root, fault->path + 1);

		if (fault->warning)
			*VEC_PUSH(ask->arena, &ask->warnings) =
			    (struct problem_fault){.path = path, .detail = fault->detail};
		else
			ask_fault(ask, path, "%s", fault->detail);
	}
}

void
typed_check(struct ask *ask)
{
	struct region_reader reader = {.arena = ask->arena}, other = reader, third = reader;
	struct region_field body = {.reader = &reader, .json = json_incref(ask_json(ask))};

	if (body.json == NULL && is_form(ask->exchange))
		body.json = form_read(web_body(ask->exchange));
	check(&body, TYPED_WORDS);
	json_decref(body.json);
	take_over(ask, "$", &reader);
	check_query(ask, &(struct region_field){.reader = &other});
	take_over(ask, "query", &other);
	check_id(ask, &(struct region_field){.reader = &third});
	take_over(ask, "path", &third);
}

void
typed_put_warnings(const struct ask *ask, struct json_out *out)
{
	struct json_out whole = {0};
	struct slice rest = {out->buf.at, out->buf.len};

	if (ask->warnings.count == 0 || rest.len == 0 || *rest.at != '{')
		return;
	out_object(&whole, NULL);
	out_array(&whole, "text_warnings");
	for (size_t i = 0; i < ask->warnings.count; i++) {
		out_object(&whole, NULL);
		out_text(&whole, "path", ask->warnings.items[i].path);
		out_text(&whole, "detail", ask->warnings.items[i].detail);
		out_object_end(&whole);
	}
	out_array_end(&whole);
	/* The members of the answer follow. */
	buf_add_text(&whole.buf, rest.at[1] == '}' ? "" : ",");
	buf_add(&whole.buf, rest.at + 1, rest.len - 1);
	buf_free(&out->buf);
	out->buf = whole.buf;
}
