/* SPDX-License-Identifier: MIT */
#include "server/api/ask/identity.h"

#include <string.h>

#define NAME_MAX_BYTES 120

const char *
identity_verdict_name(enum identity_verdict verdict)
{
	static const char *const names[IDENTITY_VERDICTS] = {
	    [IDENTITY_FINE] = "fine",
	    [IDENTITY_OTHER_ISSUER] = "other_issuer",
	    [IDENTITY_STALE] = "stale",
	    [IDENTITY_WEAK] = "weak",
	    [IDENTITY_TENANT] = "tenant",
	    [IDENTITY_NOBODY] = "nobody",
	    [IDENTITY_ROLE] = "role",
	    [IDENTITY_SEVERAL] = "several",
	    [IDENTITY_ELSEWHERE] = "elsewhere",
	};

	return names[verdict];
}

/* A claim of the token, or if it has none by that name, of userinfo. */
static const json_t *
claim(const struct identity_claims *said, const char *name)
{
	const json_t *value = json_object_get(said->token, name);

	return value != NULL ? value : json_object_get(said->userinfo, name);
}

static const char *
claim_text(const struct identity_claims *said, const char *name)
{
	return json_string_value(claim(said, name));
}

/* Whether ${value} is ${text}, or a list that has it. */
static bool
has_text(const json_t *value, const char *text)
{
	const json_t *item;
	size_t i;

	if (json_is_string(value))
		return strcmp(json_string_value(value), text) == 0;
	json_array_foreach(value, i, item)
	{
		if (json_is_string(item) && strcmp(json_string_value(item), text) == 0)
			return true;
	}
	return false;
}

/* --------------------------------------------------------------- how somebody has signed in */

static enum identity_verdict
judge_age(const struct provider *provider, const json_t *token, int64_t now)
{
	const json_t *issued = json_object_get(token, "iat");
	const json_t *shown = json_object_get(token, "auth_time");

	if (!json_is_integer(issued) || json_integer_value(issued) < now - IDENTITY_FRESH_SECONDS ||
	    json_integer_value(issued) > now + IDENTITY_FRESH_SECONDS)
		return IDENTITY_STALE;
	/* A provider that does not say when has not done what was asked. */
	if (provider->max_age > 0 &&
	    (!json_is_integer(shown) ||
		json_integer_value(shown) < now - provider->max_age - IDENTITY_FRESH_SECONDS))
		return IDENTITY_STALE;
	return IDENTITY_FINE;
}

/* The level of assurance that a value of CIS2's acr guarantees: where it leaves two open, the lower one; 0
 * for an unknown value. */
static int64_t
level_of(const char *acr)
{
	static const struct {
		const char *acr;
		int64_t level;
	} levels[] = {
	    {"AAL1_USERPASS", 1},
	    {"AAL2_ANY", 2},
	    {"AAL2_OR_AAL3_ANY", 2},
	    {"AAL3_ANY", 3},
	};

	for (size_t i = 0; acr != NULL && i < sizeof levels / sizeof *levels; i++)
		if (strcmp(acr, levels[i].acr) == 0)
			return levels[i].level;
	return 0;
}

/* Only the token counts: userinfo says nothing of how somebody signed in. */
static bool
is_strong(const struct provider *provider, const json_t *token)
{
	/* Entra's own `acr` is always "1"; what conditional access asked for is in `acrs`. */
	const json_t *acr =
	    json_object_get(token, provider->preset == PROVIDER_ENTRA ? "acrs" : "acr");

	if (provider->preset == PROVIDER_CIS2)
		return level_of(json_string_value(acr)) >= provider->assurance;
	for (uint32_t i = 0; i < provider->nacr; i++)
		if (has_text(acr, provider->acr[i]))
			return true;
	return provider->nacr == 0;
}

/* ----------------------------------------------------------------------------- organisation */

/* Exactly one of the provider's organisations must be named: to guess among several could give somebody
 * the rights of another employer. */
static enum identity_verdict
by_claim(const struct provider *provider, const struct identity_claims *said, const char **out)
{
	const json_t *value;
	uint32_t found = 0;

	if (provider->organisation_claim == NULL) {
		*out = provider->organisations[0];
		return IDENTITY_FINE;
	}
	value = claim(said, provider->organisation_claim);
	for (uint32_t i = 0; i < provider->norganisations; i++)
		if (has_text(value, provider->organisations[i])) {
			*out = provider->organisations[i];
			found++;
		}
	return found == 1 ? IDENTITY_FINE : found > 1 ? IDENTITY_SEVERAL : IDENTITY_ELSEWHERE;
}

/* Whether a list of objects has one whose ${key} is ${text}; that one. */
static const json_t *
object_with(const json_t *list, const char *key, const char *text)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *value = json_string_value(json_object_get(item, key));

		if (value != NULL && strcmp(value, text) == 0)
			return item;
	}
	return NULL;
}

/* The organisation of the role that the person chose as they signed in. Where CIS2 also lists the
 * person's organisations, it must be one of them. */
static enum identity_verdict
by_role(const struct provider *provider, const struct identity_claims *said, const char *chosen,
    const char **out)
{
	const json_t *role = object_with(claim(said, "nhsid_nrbac_roles"), "person_roleid", chosen);
	const char *code = json_string_value(json_object_get(role, "org_code"));
	const json_t *organisations = claim(said, "nhsid_user_orgs");

	if (code == NULL ||
	    (organisations != NULL && object_with(organisations, "org_code", code) == NULL))
		return IDENTITY_ROLE;
	for (uint32_t i = 0; i < provider->norganisations; i++)
		if (strcmp(provider->organisations[i], code) == 0) {
			*out = provider->organisations[i];
			return IDENTITY_FINE;
		}
	return IDENTITY_ELSEWHERE;
}

/* If no role was chosen, a person who works for only one of the organisations needs none. */
static enum identity_verdict
by_membership(const struct provider *provider, const struct identity_claims *said, const char **out)
{
	const json_t *organisations = claim(said, "nhsid_user_orgs");
	uint32_t found = 0;

	for (uint32_t i = 0; i < provider->norganisations; i++)
		if (object_with(organisations, "org_code", provider->organisations[i]) != NULL) {
			*out = provider->organisations[i];
			found++;
		}
	return found == 1 ? IDENTITY_FINE : found > 1 ? IDENTITY_SEVERAL : IDENTITY_ELSEWHERE;
}

static enum identity_verdict
find_organisation(
    const struct provider *provider, const struct identity_claims *said, const char **out)
{
	const char *chosen;

	if (provider->preset != PROVIDER_CIS2)
		return by_claim(provider, said, out);
	chosen = claim_text(said, "selected_roleid");
	return chosen != NULL ? by_role(provider, said, chosen, out)
			      : by_membership(provider, said, out);
}

/* ----------------------------------------------------------------------------------- person */

/* A copy that is safe to show and to log: control characters are replaced, and a long text is cut between
 * two characters of UTF-8, not within one. */
static const char *
line_of(struct arena *arena, const char *text)
{
	size_t len = strlen(text);
	char *line;

	if (len > NAME_MAX_BYTES)
		for (len = NAME_MAX_BYTES; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80;)
			len--;
	line = arena_strndup(arena, text, len);
	for (char *at = line; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	return line;
}

static const char *
name_of(struct arena *arena, const struct identity_claims *said)
{
	const char *name = claim_text(said, "name"), *mail = claim_text(said, "email");

	if (name == NULL)
		name = claim_text(said, "preferred_username");
	if (name != NULL && mail != NULL)
		name = arena_printf(arena, "%s, %s", name, mail);
	else if (name == NULL)
		name = mail;
	return name == NULL ? NULL : line_of(arena, name);
}

/* Userinfo must be about the subject of the token (OpenID Connect Core, 5.3.2), or one person could be
 * given the claims of another. Entra's object id is taken from the token alone. */
static const char *
subject_of(const struct provider *provider, const struct identity_claims *said)
{
	const char *of_token = json_string_value(json_object_get(said->token, "sub"));
	const char *of_userinfo = json_string_value(json_object_get(said->userinfo, "sub"));
	const char *subject;

	if (of_token == NULL ||
	    (said->userinfo != NULL && (of_userinfo == NULL || strcmp(of_token, of_userinfo) != 0)))
		return NULL;
	subject = provider->preset == PROVIDER_ENTRA
		      ? json_string_value(json_object_get(said->token, provider->subject_claim))
		      : claim_text(said, provider->subject_claim);
	return subject != NULL && *subject != '\0' && strlen(subject) <= IDENTITY_SUBJECT_MAX_BYTES
		   ? subject
		   : NULL;
}

/* Which tenant, issuer and client the token is of. */
static enum identity_verdict
judge_origin(const struct provider *provider, const json_t *token)
{
	const char *issuer = json_string_value(json_object_get(token, "iss"));
	const char *tenant = json_string_value(json_object_get(token, "tid"));

	if (issuer == NULL || strcmp(issuer, provider->issuer) != 0 ||
	    !has_text(json_object_get(token, "aud"), provider->client_id))
		return IDENTITY_OTHER_ISSUER;
	if (provider->preset == PROVIDER_ENTRA &&
	    (tenant == NULL || strcmp(tenant, provider->tenant) != 0))
		return IDENTITY_TENANT;
	return IDENTITY_FINE;
}

enum identity_verdict
identity_read(struct arena *arena, const struct provider *provider,
    const struct identity_claims *claims, int64_t now, struct identity *out)
{
	enum identity_verdict verdict = judge_origin(provider, claims->token);
	const char *subject, *organisation = NULL;

	/* First whether the token is meant for us and is new, since nothing else in it counts
	 * before that. */
	if (verdict == IDENTITY_FINE)
		verdict = judge_age(provider, claims->token, now);
	if (verdict != IDENTITY_FINE)
		return verdict;
	if (!is_strong(provider, claims->token))
		return IDENTITY_WEAK;
	subject = subject_of(provider, claims);
	if (subject == NULL)
		return IDENTITY_NOBODY;
	verdict = find_organisation(provider, claims, &organisation);
	if (verdict != IDENTITY_FINE)
		return verdict;
	*out = (struct identity){
	    .subject = arena_strdup(arena, subject),
	    .organisation = organisation,
	    .name = name_of(arena, claims),
	    .issued = json_integer_value(json_object_get(claims->token, "iat")),
	};
	return IDENTITY_FINE;
}
