/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "server/model/region_parts.h"
#include "server/model/region_secret.h"

/* Where the shifts of a rota come from. */

/* Often enough to notice a change within minutes, and gentle to small servers. */
#define DEFAULT_EVERY_MINUTES 5

static const char *const names[REGION_SOURCES + 1] = {
    [REGION_SOURCE_URL] = "ical_url",
    [REGION_SOURCE_CALDAV] = "caldav",
    [REGION_SOURCE_FILE] = "file",
    [REGION_SOURCE_TYPED] = "typed",
};

const char *
region_source_name(enum region_source source)
{
	return names[source];
}

bool
region_source_is_fetched(enum region_source source)
{
	return source == REGION_SOURCE_URL || source == REGION_SOURCE_CALDAV;
}

/* Schemes, and what they are fetched with. Calendar programs write webcal:// for an address that is
 * meant to be subscribed to; its servers answer https. */
static const struct scheme {
	const char *name, *fetched;
} schemes[] = {
    {"https://", "https://"},
    {"http://", "http://"},
    {"webcal://", "https://"},
    {"webcals://", "https://"},
};

static const struct scheme *
scheme_of(const char *url)
{
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (strncasecmp(url, schemes[i].name, strlen(schemes[i].name)) == 0)
			return &schemes[i];
	return NULL;
}

static bool
has_blank_or_control(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		if (*at <= 0x20 || *at == 0x7f)
			return true;
	return false;
}

const char *
region_address(struct arena *arena, const char *url)
{
	const struct scheme *scheme = scheme_of(url);
	const char *rest, *address;

	if (scheme == NULL || has_blank_or_control(url))
		return NULL;
	rest = url + strlen(scheme->name);
	/* No host. */
	if (strcspn(rest, "/?#") == 0)
		return NULL;
	if (scheme->name == scheme->fetched)
		address = arena_strdup(arena, url);
	else
		address = arena_printf(arena, "%s%s", scheme->fetched, rest);
	return strlen(address) <= REGION_URL_MAX_BYTES ? address : NULL;
}

/* Not field_text(): an address may be longer than a name, and a fault must not repeat it. */
static const char *
read_url(const struct region_field *source)
{
	struct region_field field = field_get(source, "url");
	const char *url = json_string_value(field.json), *address = NULL;

	if (!field.json)
		field_fault(&field, "is missing");
	else if (url)
		address = region_address(source->reader->arena, url);
	if (field.json && !address)
		field_fault(&field,
		    "must be an address that begins with https://, http:// or webcal://, of at most %d characters",
		    REGION_URL_MAX_BYTES);
	return address;
}

/* ------------------------------------------------------------------------------------ the secret */

/* The hash in a mask of an address; NULL if ${url} is an address itself. */
static const char *
hash_in_mask(const char *url)
{
	size_t len = strlen(REGION_MASK_PREFIX);

	return url != NULL && strncmp(url, REGION_MASK_PREFIX, len) == 0 ? url + len : NULL;
}

static bool
is_sealed_name(const char *text)
{
	return strlen(text) == 2 * REGION_HASH_DIGITS + 1 && text[REGION_HASH_DIGITS] == '.' &&
	       strspn(text, "0123456789abcdef") == REGION_HASH_DIGITS &&
	       strspn(text + REGION_HASH_DIGITS + 1, "0123456789abcdef") == REGION_HASH_DIGITS;
}

/* A secret that is sealed is for one address, whose hash its name begins with: a change of the address
 * cannot have it sent to another server. */
static const char *
read_sealed(const struct region_field *secret, const char *url)
{
	struct region_field field = field_get(secret, "sealed");
	const char *sealed = json_string_value(field.json), *hash = hash_in_mask(url);

	if (sealed == NULL || !is_sealed_name(sealed))
		field_fault(&field,
		    "stands for no secret of this address: give the secret itself, and the address if it is another one");
	else if (hash != NULL && strncmp(hash, sealed, REGION_HASH_DIGITS) != 0)
		field_fault(secret,
		    "was given for another address than this one, and is sent to no other: give it again, with this address");
	else
		return arena_strdup(secret->reader->arena, sealed);
	return NULL;
}

/* RFC 7617, 2: the first colon ends the user's name. RFC 6750, 2.1: a token has no blanks. */
static const struct hidden_part {
	const char *kind, *key;
	size_t most;
	bool colon, blank; /* may it have one? */
	const char *says;
} hidden_parts[] = {
    {"basic", "user", REGION_USER_MAX_BYTES, false, true,
	"must be a text of 1 to 200 bytes, without colons and control characters"},
    {"basic", "password", REGION_PASSWORD_MAX_BYTES, true, true,
	"must be a text of 1 to 800 bytes, without control characters"},
    {"bearer", "token", REGION_TOKEN_MAX_BYTES, true, false,
	"must be a text of 1 to 1800 bytes, without blanks and control characters"},
};

static bool
fits(const struct hidden_part *hidden, const json_t *value)
{
	const char *text = json_string_value(value);

	return text != NULL && *text != '\0' && strlen(text) <= hidden->most &&
	       text_is_line(text) && (hidden->colon || strchr(text, ':') == NULL) &&
	       (hidden->blank || strchr(text, ' ') == NULL);
}

const char *
region_secret_fault(const json_t *secret, const char **key)
{
	const char *kind = json_string_value(json_object_get(secret, "kind"));
	bool known = false;

	for (size_t i = 0; i < sizeof hidden_parts / sizeof *hidden_parts; i++) {
		if (kind == NULL || strcmp(hidden_parts[i].kind, kind) != 0)
			continue;
		known = true;
		*key = hidden_parts[i].key;
		if (!fits(&hidden_parts[i], json_object_get(secret, hidden_parts[i].key)))
			return hidden_parts[i].says;
	}
	*key = "kind";
	return known ? NULL : "must be \"basic\" or \"bearer\"";
}

/* Not field_text(): a fault must not repeat a secret. A file has it as it is given, on its way to the server; two
 * such files differ where it does. */
static const char *
read_plain(const struct region_field *secret)
{
	const char *key, *fault = region_secret_fault(secret->json, &key);
	struct region_field field = field_get(secret, key);
	const char *token = json_string_value(json_object_get(secret->json, "token"));

	if (fault != NULL) {
		field_fault(&field, "%s", field.json ? fault : "is missing");
		return NULL;
	}
	return token != NULL ? arena_strdup(secret->reader->arena, token)
			     : arena_printf(secret->reader->arena, "%s:%s",
				   json_string_value(json_object_get(secret->json, "user")),
				   json_string_value(json_object_get(secret->json, "password")));
}

static void
read_secret(const struct region_field *source, struct region_rota *rota)
{
	static const char *const kinds[] = {"basic", "bearer", NULL};
	static const char *const sealed_keys[] = {"kind", "sealed", "over_http", NULL};
	static const char *const basic_keys[] = {"kind", "user", "password", "over_http", NULL};
	static const char *const bearer_keys[] = {"kind", "token", "over_http", NULL};
	struct region_field secret = field_get(source, "secret");
	bool basic, sealed;
	const char *kind;

	if (!secret.json)
		return;
	if (!json_is_object(secret.json)) {
		field_object(&secret, sealed_keys);
		return;
	}
	kind = field_choice(&secret, "kind", kinds);
	if (!kind)
		return;
	basic = strcmp(kind, "basic") == 0;
	sealed = json_object_get(secret.json, "sealed") != NULL;
	field_object(&secret, sealed ? sealed_keys : basic ? basic_keys : bearer_keys);
	rota->way.over_http = field_bool(&secret, "over_http");
	if (sealed)
		rota->way.secret = read_sealed(&secret, rota->url);
	else
		rota->way.secret = read_plain(&secret);
	if (rota->url != NULL && strncasecmp(rota->url, "http://", 7) == 0 && !rota->way.over_http)
		field_fault(&secret,
		    "would cross the network in the clear, because the address begins with http://: use https://, or say \"over_http\": true");
}

/* --------------------------------------------------------------------------------------- the way */

/* "http://host:port", and nothing after it: a proxy is a server, and a password in its address
 * would be shown with the rota. */
static bool
is_proxy(const char *text)
{
	const char *rest = text + 7;

	return strncasecmp(text, "http://", 7) == 0 && *rest != '\0' &&
	       strpbrk(rest, "/?#@ ") == NULL;
}

static void
read_proxy(const struct region_field *source, struct region_rota *rota)
{
	struct region_field field = field_get(source, "proxy");
	const char *proxy = field_text(source, "proxy", REGION_OPTIONAL);

	if (!proxy || strcmp(proxy, "default") == 0)
		return;
	if (strcmp(proxy, "none") == 0)
		rota->way.proxy = "";
	else if (is_proxy(proxy))
		rota->way.proxy = proxy;
	else
		field_fault(&field,
		    "must be \"default\", \"none\", or the address of a proxy, like \"http://proxy.example:3128\", without a user and a password");
}

#define PEM_BEGIN "-----BEGIN CERTIFICATE-----"
#define PEM_END "-----END CERTIFICATE-----"

/* Certificates and nothing else: a key that was pasted with them would be shown to all who see the
 * rota. What a certificate says is judged when it is used. */
static bool
is_certificates(const char *text)
{
	size_t count = 0;

	for (text += strspn(text, " \r\n"); *text != '\0'; text += strspn(text, " \r\n")) {
		const char *end = strstr(text, PEM_END);

		if (strncmp(text, PEM_BEGIN, strlen(PEM_BEGIN)) != 0 || end == NULL)
			return false;
		text += strlen(PEM_BEGIN);
		text +=
		    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
				 " \r\n");
		if (text != end)
			return false;
		text += strlen(PEM_END);
		count++;
	}
	return count > 0;
}

static void
read_ca(const struct region_field *source, struct region_rota *rota)
{
	struct region_field field = field_get(source, "ca");
	const char *text = json_string_value(field.json);

	if (!field.json)
		return;
	if (!text || strlen(text) > REGION_CA_MAX_BYTES || !is_certificates(text))
		field_fault(&field,
		    "must be the certificates of an authority in PEM (lines from %s to %s), and nothing else, of at most %d bytes",
		    PEM_BEGIN, PEM_END, REGION_CA_MAX_BYTES);
	else
		rota->way.ca = arena_strdup(source->reader->arena, text);
}

/* ------------------------------------------------------------------------------------ the source */

static void
read_fetched(const struct region_field *source, struct region_rota *rota)
{
	static const char *const known[] = {
	    "kind", "url", "every_minutes", "secret", "proxy", "ca", NULL};

	/* Each kind has its own keys; else a path beside an address would be passed over in
	 * silence. */
	field_object(source, known);
	rota->url = read_url(source);
	rota->every_minutes = field_int(source, "every_minutes", REGION_OPTIONAL,
	    (struct field_range){1, 24 * 60, .otherwise = DEFAULT_EVERY_MINUTES});
	read_secret(source, rota);
	read_proxy(source, rota);
	read_ca(source, rota);
}

void
region_source_read(const struct region_field *item, struct region_rota *rota)
{
	static const char *const file_keys[] = {"kind", "path", NULL};
	static const char *const typed_keys[] = {"kind", NULL};
	struct region_field source = field_get(item, "source");
	const char *kind;

	rota->every_minutes = DEFAULT_EVERY_MINUTES;
	if (!json_is_object(source.json)) {
		field_fault(&source, source.json ? "must be an object {…}" : "is missing");
		return;
	}
	kind = field_choice(&source, "kind", names);
	if (!kind)
		return;
	while (strcmp(names[rota->source], kind) != 0)
		rota->source++;
	if (region_source_is_fetched(rota->source)) {
		read_fetched(&source, rota);
	} else if (rota->source == REGION_SOURCE_FILE) {
		field_object(&source, file_keys);
		/* A path is optional: such a rota is filled by uploads. */
		rota->path = field_text(&source, "path", REGION_OPTIONAL);
	} else {
		field_object(&source, typed_keys);
	}
}
