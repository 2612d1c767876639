/* SPDX-License-Identifier: MIT */
#include "clients/cli/ods_fhir.h"

#include <jansson.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"

/* Codes of organisations and of sites. */
static const char *const systems[] = {
    "https://fhir.nhs.uk/Id/ods-organization-code", "https://fhir.nhs.uk/Id/ods-site-code", NULL};
/* R4: with a dateType and a period inside. STU3 and the base: the period itself. */
#define TYPED_PERIOD "https://fhir.nhs.uk/England/StructureDefinition/Extension-England-TypedPeriod"
#define STU3_PERIOD "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ODSAPI-ActivePeriod-1"
#define BASE_PERIOD "http://hl7.org/fhir/StructureDefinition/organization-period"

/* A missing member reads as "", so that no caller needs a test of its own. */
static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

static bool
is_ours(const json_t *identifier)
{
	return text_is_one_of(text_of(identifier, "system"), systems);
}

/* R4 has a list of identifiers, STU3 as published one object. */
static const char *
code_of(const json_t *organisation)
{
	json_t *identifiers = json_object_get(organisation, "identifier"), *identifier;
	size_t i;

	if (json_is_object(identifiers) && is_ours(identifiers))
		return text_of(identifiers, "value");
	json_array_foreach(identifiers, i, identifier)
	{
		if (is_ours(identifier))
			return text_of(identifier, "value");
	}
	return text_of(organisation, "id");
}

static const json_t *
part(const json_t *extension, const char *url)
{
	json_t *inner;
	size_t i;

	json_array_foreach(json_object_get(extension, "extension"), i, inner)
	{
		if (strcmp(text_of(inner, "url"), url) == 0)
			return inner;
	}
	return NULL;
}

/* The period in an extension, in one of three forms; NULL: the extension is another. ${operational}: it is the
 * period of operation, and not that of legal existence. */
static const json_t *
period_of(const json_t *extension, bool *operational)
{
	const char *url = text_of(extension, "url");
	const json_t *type;

	*operational = false;
	if (strcmp(url, TYPED_PERIOD) == 0) {
		type = json_object_get(part(extension, "dateType"), "valueCoding");
		*operational = strcmp(text_of(type, "code"), "Operational") == 0;
		return json_object_get(part(extension, "period"), "valuePeriod");
	}
	if (strcmp(url, STU3_PERIOD) != 0 && strcmp(url, BASE_PERIOD) != 0)
		return NULL;
	type = json_object_get(extension, "valuePeriod");
	*operational =
	    strcmp(text_of(json_array_get(json_object_get(type, "extension"), 0), "valueString"),
		"Operational") == 0;
	return type;
}

/* The last day of operation, or if that is not given, of legal existence, as a day or an instant of FHIR; "" if
 * neither is given. */
static const char *
last_day(const json_t *organisation)
{
	json_t *extension;
	const char *last = "";
	size_t i;

	json_array_foreach(json_object_get(organisation, "extension"), i, extension)
	{
		bool operational;
		const char *end = text_of(period_of(extension, &operational), "end");

		if (*end != '\0' && (*last == '\0' || operational))
			last = end;
	}
	return last;
}

static const char *
add(struct ods *ods, const json_t *resource, size_t index)
{
	const json_t *active = json_object_get(resource, "active");
	const char *code = code_of(resource), *name = text_of(resource, "name"),
		   *last = last_day(resource), *fault;
	struct ods_organisation organisation = {.until = INSTANT_END};
	int64_t day;

	if (!text_is_code(slice_of(code)))
		return arena_printf(ods->arena, "organisation %zu: it has no ODS code", index + 1);
	if (*name == '\0')
		return arena_printf(
		    ods->arena, "organisation %zu (%s): it has no name", index + 1, code);
	if (*last != '\0') {
		if (strlen(last) < 10 || !civil_parse_day((struct slice){last, 10}, &day))
			return arena_printf(ods->arena,
			    "organisation %zu (%s): the end of its period is not a day", index + 1,
			    code);
		/* The last day is inclusive here, and an end in the set-up is exclusive. */
		organisation.until = day + 1;
	}
	organisation.code = arena_strdup(ods->arena, code);
	organisation.name = arena_strdup(ods->arena, name);
	/* Some are inactive and have no end: the day is then for a person to find out. */
	organisation.closed = *last != '\0' || json_is_false(active);
	fault = ods_add(ods, &organisation);
	return fault == NULL ? NULL
			     : arena_printf(ods->arena, "organisation %zu: %s", index + 1, fault);
}

static const char *
read_all(struct ods *ods, const json_t *root)
{
	json_t *entry;
	size_t i, found = 0;
	const char *fault = NULL;

	if (strcmp(text_of(root, "resourceType"), "Organization") == 0)
		return add(ods, root, 0);
	if (strcmp(text_of(root, "resourceType"), "Bundle") != 0)
		return "it is JSON, and neither a FHIR Organization nor a Bundle of them";
	json_array_foreach(json_object_get(root, "entry"), i, entry)
	{
		const json_t *resource = json_object_get(entry, "resource");

		/* A search answers with notices (OperationOutcome) among its entries. */
		if (fault != NULL || strcmp(text_of(resource, "resourceType"), "Organization") != 0)
			continue;
		fault = add(ods, resource, i);
		found++;
	}
	if (fault == NULL && found == 0)
		return "the bundle holds no organisation";
	return fault;
}

const char *
ods_read_fhir(struct ods *ods, struct slice text)
{
	json_error_t error;
	json_t *root = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &error);
	const char *fault;

	if (root == NULL)
		return arena_printf(
		    ods->arena, "line %d: it is not JSON: %s", error.line, error.text);
	fault = read_all(ods, root);
	json_decref(root);
	return fault;
}
