/* SPDX-License-Identifier: MIT */
#include "server/api/ask/provider.h"

#include <string.h>

#define NAME_MAX_BYTES 80
#define TEXT_MAX_BYTES 255
#define CLAIM_MAX_BYTES 64
#define ORGANISATIONS_MAX 100
#define ACR_MAX 10
#define MAX_AGE_MIN 60
#define MAX_AGE_MAX 86400
#define TENANT_FORM "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"

#define OF_GENERIC (1u << PROVIDER_GENERIC)
#define OF_CIS2 (1u << PROVIDER_CIS2)
#define OF_ENTRA (1u << PROVIDER_ENTRA)
#define OF_ALL (OF_GENERIC | OF_CIS2 | OF_ENTRA)

/* Which members there are, and for which presets. What a preset settles by itself is no member of
 * it: it would look as if it could be changed. */
static const struct {
	const char *name, *path;
	unsigned presets;
	bool required;
} members[] = {
    {"name", "$.name", OF_ALL, true},
    {"issuer", "$.issuer", OF_ALL, true},
    {"client_id", "$.client_id", OF_ALL, true},
    {"preset", "$.preset", OF_ALL, true},
    {"organisations", "$.organisations", OF_ALL, true},
    {"tenant", "$.tenant", OF_ENTRA, true},
    {"subject_claim", "$.subject_claim", OF_GENERIC, false},
    {"organisation_claim", "$.organisation_claim", OF_GENERIC | OF_ENTRA, false},
    {"acr", "$.acr", OF_GENERIC | OF_ENTRA, false},
    {"assurance", "$.assurance", OF_CIS2, false},
    {"max_age", "$.max_age", OF_ALL, false},
    {"second_factor", "$.second_factor", OF_GENERIC | OF_ENTRA, false},
};
#define NMEMBERS (sizeof members / sizeof *members)

static const char *const preset_names[PROVIDER_PRESETS] = {
    [PROVIDER_GENERIC] = "generic",
    [PROVIDER_CIS2] = "cis2",
    [PROVIDER_ENTRA] = "entra",
};

const char *
provider_preset_name(enum provider_preset preset)
{
	return preset_names[preset];
}

bool
provider_speaks_for(const struct provider *provider, const char *organisation)
{
	for (uint32_t i = 0; i < provider->norganisations; i++)
		if (strcmp(provider->organisations[i], organisation) == 0)
			return true;
	return false;
}

struct reading {
	struct arena *arena;
	const json_t *body;
	provider_fault_fn *fault;
	void *ctx;
	bool wrong;
};

static void
complain(struct reading *reading, const char *path, const char *detail)
{
	reading->wrong = true;
	reading->fault(reading->ctx, path, detail);
}

/* ------------------------------------------------------------------------------ forms of text */

/* Visible ASCII: it goes into addresses and files of the proxy. */
static bool
is_visible(const char *text)
{
	size_t len = strspn(text,
	    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

	return len > 0 && len <= TEXT_MAX_BYTES && text[len] == '\0';
}

static bool
is_claim(const char *text)
{
	size_t len =
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:/");

	return len > 0 && len <= CLAIM_MAX_BYTES && text[len] == '\0';
}

static bool
is_name(const char *text)
{
	for (const char *at = text; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return false;
	return *text != '\0' && strlen(text) <= NAME_MAX_BYTES;
}

/* The answers of the issuer decide who somebody is, so they must come by TLS, except from this machine
 * itself. */
static bool
is_issuer(const char *text)
{
	static const char *const begins[] = {
	    "https://", "http://127.0.0.1:", "http://localhost:", "http://[::1]:"};

	if (!is_visible(text) || strpbrk(text, "?#\"\\<>`") != NULL)
		return false;
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (strncmp(text, begins[i], strlen(begins[i])) == 0)
			return text[strlen(begins[i])] != '\0';
	return false;
}

static bool
is_tenant(const char *text)
{
	if (strlen(text) != strlen(TENANT_FORM))
		return false;
	for (size_t i = 0; TENANT_FORM[i] != '\0'; i++)
		if (TENANT_FORM[i] == '-' ? text[i] != '-'
					  : strchr("0123456789abcdef", text[i]) == NULL)
			return false;
	return true;
}

/* ---------------------------------------------------------------------------------- members */

typedef bool form_fn(const char *text);

/* NULL: it is not there, or was complained of. */
static const char *
read_text(struct reading *reading, const char *name, form_fn *form, const char *wanted)
{
	const json_t *value = json_object_get(reading->body, name);
	const char *text = json_string_value(value);

	if (value == NULL)
		return NULL;
	if (text != NULL && form(text))
		return arena_strdup(reading->arena, text);
	complain(reading, arena_printf(reading->arena, "$.%s", name), wanted);
	return NULL;
}

/* All faulty items are reported, not only the first. NULL-terminated. */
static const char *const *
read_list(struct reading *reading, const char *name, size_t most, form_fn *form, uint32_t *count)
{
	const json_t *list = json_object_get(reading->body, name), *item;
	size_t n = json_array_size(list), i;
	const char **out = arena_alloc(reading->arena, (n + 1) * sizeof *out);

	*count = 0;
	if (list == NULL)
		return out;
	if (n == 0 || n > most)
		complain(reading, arena_printf(reading->arena, "$.%s", name),
		    "is not a list of texts, or has none or too many");
	json_array_foreach(list, i, item)
	{
		if (!json_is_string(item) || !form(json_string_value(item)))
			complain(reading, arena_printf(reading->arena, "$.%s[%zu]", name, i),
			    "is not visible ASCII of at most 255 characters");
		else
			out[(*count)++] = arena_strdup(reading->arena, json_string_value(item));
	}
	return out;
}

static int64_t
read_number(struct reading *reading, const char *name, int64_t least, int64_t most)
{
	const json_t *value = json_object_get(reading->body, name);

	if (value == NULL)
		return 0;
	if (json_is_integer(value) && json_integer_value(value) >= least &&
	    json_integer_value(value) <= most)
		return json_integer_value(value);
	complain(reading, arena_printf(reading->arena, "$.%s", name),
	    arena_printf(reading->arena, "is not a whole number from %lld to %lld",
		(long long)least, (long long)most));
	return 0;
}

static bool
read_preset(struct reading *reading, enum provider_preset *out)
{
	const char *text = json_string_value(json_object_get(reading->body, "preset"));

	for (unsigned i = 0; text != NULL && i < PROVIDER_PRESETS; i++)
		if (strcmp(text, preset_names[i]) == 0) {
			*out = i;
			return true;
		}
	complain(reading, "$.preset", "is not one of generic, cis2, entra");
	return false;
}

static size_t
member_of(const char *name)
{
	size_t i = 0;

	while (i < NMEMBERS && strcmp(members[i].name, name) != 0)
		i++;
	return i;
}

/* Also refuses unknown members: a misspelt "acr" would otherwise silently lower what is required. */
static void
check_members(struct reading *reading, enum provider_preset preset)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)reading->body, key, value)
	{
		size_t i = member_of(key);

		if (i == NMEMBERS)
			complain(reading, arena_printf(reading->arena, "$.%s", key),
			    "is no member of an identity provider");
		else if ((members[i].presets & (1u << preset)) == 0)
			complain(reading, members[i].path,
			    "is no member of this preset, which settles it by itself");
	}
	for (size_t i = 0; i < NMEMBERS; i++)
		if (members[i].required && (members[i].presets & (1u << preset)) != 0 &&
		    json_object_get(reading->body, members[i].name) == NULL)
			complain(reading, members[i].path, "is missing");
}

/* -------------------------------------------------------------------------------- the whole */

static void
read_who(struct reading *reading, struct provider *out)
{
	const char *subject =
	    read_text(reading, "subject_claim", is_claim, "is not a claim's name");

	/* Entra's `sub` differs from one application to the next, and CIS2's own name for its
	 * `sub` is what its register of staff says. */
	out->subject_claim = out->preset == PROVIDER_ENTRA  ? "oid"
			     : out->preset == PROVIDER_CIS2 ? "nhsid_useruid"
			     : subject == NULL              ? "sub"
							    : subject;
	out->organisation_claim =
	    read_text(reading, "organisation_claim", is_claim, "is not a claim's name");
	out->tenant = read_text(
	    reading, "tenant", is_tenant, "is not a tenant's id in lower case (" TENANT_FORM ")");
	out->organisations = read_list(
	    reading, "organisations", ORGANISATIONS_MAX, is_visible, &out->norganisations);
	if (out->preset != PROVIDER_CIS2 && out->norganisations > 1 &&
	    out->organisation_claim == NULL)
		complain(reading, "$.organisation_claim",
		    "is missing: there are several organisations, so a claim must say which");
}

static void
read_how(struct reading *reading, struct provider *out)
{
	const json_t *second = json_object_get(reading->body, "second_factor");

	out->acr = read_list(reading, "acr", ACR_MAX, is_visible, &out->nacr);
	out->assurance = read_number(reading, "assurance", 2, 3);
	if (out->preset == PROVIDER_CIS2 && out->assurance == 0)
		out->assurance = 2;
	out->max_age = read_number(reading, "max_age", MAX_AGE_MIN, MAX_AGE_MAX);
	if (second != NULL && !json_is_boolean(second))
		complain(reading, "$.second_factor", "is not true or false");
	/* Level 2 is by its definition more than a password. */
	out->second_factor = out->preset == PROVIDER_CIS2 || json_is_true(second);
}

bool
provider_read(struct arena *arena, const json_t *body, provider_fault_fn *fault, void *ctx,
    struct provider *out)
{
	struct reading reading = {.arena = arena, .body = body, .fault = fault, .ctx = ctx};

	*out = (struct provider){0};
	if (!json_is_object(body)) {
		complain(&reading, "$", "is not an object");
		return false;
	}
	if (!read_preset(&reading, &out->preset))
		return false;
	check_members(&reading, out->preset);
	out->name =
	    read_text(&reading, "name", is_name, "is not a name of 1 to 80 bytes, in one line");
	out->issuer = read_text(&reading, "issuer", is_issuer,
	    "is not an https address without a query, or http on this machine");
	out->client_id = read_text(
	    &reading, "client_id", is_visible, "is not visible ASCII of at most 255 characters");
	read_who(&reading, out);
	read_how(&reading, out);
	return !reading.wrong;
}
