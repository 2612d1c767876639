/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/instant.h"
#include "server/model/region_parts.h"

/* How somebody is rung: a number as text, or an object that says more of it. */

#define DIGITS "0123456789"
#define EXTENSION_MAX 10
#define SHORT_CODE_MIN 3
#define SHORT_CODE_MAX 6

/* Digits that are dialled after the number, or asked for at the switchboard. */
static const char *
read_dialled(const struct region_field *object, const char *key, const char *keys)
{
	struct region_field field = field_get(object, key);
	const char *text = field_text(object, key, REGION_OPTIONAL);

	/* Keys of a telephone; an extension may begin with 0. */
	if (!text || (strlen(text) <= EXTENSION_MAX && strspn(text, keys) == strlen(text)))
		return text;
	field_fault(&field, "must be 1 to %d digits in a text, like \"4421\"", EXTENSION_MAX);
	return NULL;
}

/* A number of a few digits that is dialled as it is. */
static const char *
read_short_code(const struct region_field *object)
{
	struct region_field field = field_get(object, "short_code");
	const char *text = field_text(object, "short_code", REGION_OPTIONAL);
	size_t len = text ? strlen(text) : 0;

	/* A leading 0 would be dialled as a prefix. */
	if (!text || (len >= SHORT_CODE_MIN && len <= SHORT_CODE_MAX && text[0] != '0' &&
			 strspn(text, DIGITS) == len))
		return text;
	field_fault(&field, "must be a short code of %d to %d digits in a text, like \"111\"",
	    SHORT_CODE_MIN, SHORT_CODE_MAX);
	return NULL;
}

/* A contact by which nobody could be rung, or of which nobody could say what to dial, is
 * refused. */
static void
check(const struct region_field *field, bool number, bool short_code,
    const struct region_contact *contact)
{
	if (number && short_code)
		field_fault(field, "has a number and a short_code: give one of them");
	else if (!number && !short_code && !contact->via_switchboard)
		field_fault(field, "says nothing that can be rung: give \"number\", "
				   "\"short_code\" or \"via_switchboard\": true");
	else if (contact->personal && !number)
		field_fault(field, "is personal and has no \"number\": leave \"personal\" out");
	else if (short_code && contact->extension)
		field_fault(field, "has a short_code, which has no extension: give \"number\"");
}

static void
read_members(const struct region_field *field, struct region_contact *contact)
{
	static const char *const known[] = {"number", "short_code", "extension", "bleep",
	    "via_switchboard", "personal", "verified_at", NULL};
	bool number = field_get(field, "number").json != NULL;
	bool short_code = field_get(field, "short_code").json != NULL;

	field_object(field, known);
	contact->number = number ? field_phone(field, "number") : read_short_code(field);
	contact->extension = read_dialled(field, "extension", DIGITS);
	contact->bleep = read_dialled(field, "bleep", DIGITS "*#");
	contact->via_switchboard = field_bool(field, "via_switchboard");
	contact->personal = field_bool(field, "personal");
	contact->verified_on = field_day(field, "verified_at", REGION_OPTIONAL, INSTANT_NONE);
	check(field, number, short_code, contact);
}

const struct region_contact *
region_contact_read(const struct region_field *object, const char *key)
{
	struct region_field field = field_get(object, key);
	struct region_contact *contact;

	if (!field.json)
		return NULL;
	contact = arena_alloc(object->reader->arena, sizeof *contact);
	*contact = (struct region_contact){.verified_on = INSTANT_NONE};
	if (json_is_object(field.json))
		read_members(&field, contact);
	else
		contact->number = field_phone(object, key);
	return contact;
}
