/* SPDX-License-Identifier: MIT */
/* Where a rota's shifts come from: addresses, secrets, proxies and authorities, as a region file says them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region_secret.h"
#include "tests/unit/server/model/region_text.h"

static const char file[] =
    "{'crisiscover':1,'bank_holidays':'england-and-wales',"
    "'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'}],"
    "'functions':[],'places':[],'people':[],'services':[],"
    "'rotas':[{'id':'leave','organisation':'ZFC','absences':true,'source':SOURCE}],"
    "'requirements':[],'accounts':[]}";

#define HASH_63 "123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HASH "0" HASH_63
#define OTHER "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define MASK "https://address.invalid/" HASH
#define PEM "-----BEGIN CERTIFICATE-----\\nQUJD\\nREVG\\n-----END CERTIFICATE-----\\n"

/* The rota with ${source}, or NULL and the only fault in ${fault}. */
static const struct region_rota *
rota_of(struct arena *arena, const char *source, const struct region_fault **fault)
{
	const struct region *region;
	struct region_faults faults;

	*fault = NULL;
	if (region_text_try(arena, region_text_with(arena, file, "SOURCE", source), &region,
		&faults) == STATUS_OK)
		return &region->rotas[0];
	for (size_t i = 1; i < faults.count; i++)
		print_error("%s %s\n", faults.items[i].path, faults.items[i].detail);
	assert_int_equal(faults.count, 1);
	*fault = &faults.items[0];
	return NULL;
}

static void
webcal_is_https(void **state)
{
	static const struct {
		const char *given, *fetched;
	} rows[] = {
	    {"https://x.example/a", "https://x.example/a"},
	    {"http://x.example/a", "http://x.example/a"},
	    {"webcal://x.example/a", "https://x.example/a"},
	    {"webcals://x.example/a", "https://x.example/a"},
	    {"WebCal://x.example/a", "https://x.example/a"},
	    {"webcal:///a", NULL},
	    {"webcal:x.example/a", NULL},
	    {"file:///etc/passwd", NULL},
	    {"ftp://x.example/a", NULL},
	    {"https://x.example/a b", NULL},
	    {"", NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *fetched = region_address(*state, rows[i].given);

		if (rows[i].fetched == NULL)
			assert_null(fetched);
		else
			assert_string_equal(fetched, rows[i].fetched);
	}
}

#define URL "'kind':'ical_url','url':'https://x.example/a'"
#define MASKED "'kind':'caldav','url':'" MASK "'"

static void
good_sources_are_read(void **state)
{
	static const struct {
		const char *source, *secret, *proxy;
		enum region_source kind;
		bool over_http, ca;
	} rows[] = {
	    {"{" URL "}", NULL, NULL, REGION_SOURCE_URL, false, false},
	    {"{" MASKED "}", NULL, NULL, REGION_SOURCE_CALDAV, false, false},
	    {"{'kind':'file'}", NULL, NULL, REGION_SOURCE_FILE, false, false},
	    {"{'kind':'typed'}", NULL, NULL, REGION_SOURCE_TYPED, false, false},
	    {"{" URL ",'secret':{'kind':'basic','user':'u','password':'p: q'}}", "u:p: q", NULL,
		REGION_SOURCE_URL, false, false},
	    {"{" URL ",'secret':{'kind':'bearer','token':'a.b:c'}}", "a.b:c", NULL,
		REGION_SOURCE_URL, false, false},
	    {"{" MASKED ",'secret':{'kind':'basic','sealed':'" HASH "." OTHER "'}}", HASH "." OTHER,
		NULL, REGION_SOURCE_CALDAV, false, false},
	    {"{" URL ",'secret':{'kind':'basic','sealed':'" HASH "." OTHER "'}}", HASH "." OTHER,
		NULL, REGION_SOURCE_URL, false, false},
	    {"{'kind':'ical_url','url':'http://x.example/','secret':{'kind':'bearer','token':'t','over_http':true}}",
		"t", NULL, REGION_SOURCE_URL, true, false},
	    {"{" URL ",'proxy':'default'}", NULL, NULL, REGION_SOURCE_URL, false, false},
	    {"{" URL ",'proxy':'none'}", NULL, "", REGION_SOURCE_URL, false, false},
	    {"{" URL ",'proxy':'http://p.example:3128'}", NULL, "http://p.example:3128",
		REGION_SOURCE_URL, false, false},
	    {"{" URL ",'ca':'" PEM "'}", NULL, NULL, REGION_SOURCE_URL, false, true},
	    {"{" URL ",'ca':'" PEM "\\n" PEM "'}", NULL, NULL, REGION_SOURCE_URL, false, true},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct region_fault *fault;
		const struct region_rota *rota = rota_of(*state, rows[i].source, &fault);

		if (rota == NULL)
			fail_msg("%s: %s %s", rows[i].source, fault->path, fault->detail);
		assert_int_equal(rota->source, rows[i].kind);
		assert_int_equal(rota->way.over_http, rows[i].over_http);
		assert_int_equal(rota->way.ca != NULL, rows[i].ca);
		if (rows[i].secret == NULL)
			assert_null(rota->way.secret);
		else
			assert_string_equal(rota->way.secret, rows[i].secret);
		if (rows[i].proxy == NULL)
			assert_null(rota->way.proxy);
		else
			assert_string_equal(rota->way.proxy, rows[i].proxy);
	}
}

/* Each with its path below the source; and no fault repeats a secret. */
static void
bad_ones_are_named_and_not_repeated(void **state)
{
	static const struct {
		const char *source, *path, *detail;
	} rows[] = {
	    {"{" URL ",'secret':'sesame'}", "secret", "object"},
	    {"{" URL ",'secret':{'kind':'digest','sesame':1}}", "secret.kind", "basic"},
	    {"{" URL ",'secret':{'kind':'basic','user':'u'}}", "secret.password", "is missing"},
	    {"{" URL ",'secret':{'kind':'basic','user':'sesame:u','password':'p'}}", "secret.user",
		"colons"},
	    {"{" URL ",'secret':{'kind':'basic','user':'u','password':''}}", "secret.password",
		"1 to 800"},
	    {"{" URL ",'secret':{'kind':'basic','user':'u','password':'sesame\\r\\nX: y'}}",
		"secret.password", "control"},
	    {"{" URL ",'secret':{'kind':'bearer','token':'sesame open'}}", "secret.token",
		"blanks"},
	    {"{" URL ",'secret':{'kind':'bearer','token':7}}", "secret.token", "text"},
	    {"{" URL ",'secret':{'kind':'bearer','token':''}}", "secret.token", "1 to 1800"},
	    {"{" URL ",'secret':{'kind':'bearer','token':'t','user':'u'}}", "secret.user",
		"not a known key"},
	    {"{" MASKED ",'secret':{'kind':'basic','sealed':'" HASH "'}}", "secret.sealed",
		"stands for no secret"},
	    {"{" MASKED ",'secret':{'kind':'basic','sealed':''}}", "secret.sealed",
		"stands for no secret"},
	    {"{" MASKED ",'secret':{'kind':'basic','sealed':7}}", "secret.sealed",
		"stands for no secret"},
	    {"{" MASKED ",'secret':{'kind':'basic','sealed':'" HASH "-" OTHER "'}}",
		"secret.sealed", "stands for no secret"},
	    {"{" MASKED ",'secret':{'kind':'basic','sealed':'G" HASH_63 "." OTHER "'}}",
		"secret.sealed", "stands for no secret"},
	    {"{" MASKED ",'secret':{'kind':'basic','sealed':'" HASH ".G" HASH_63 "'}}",
		"secret.sealed", "stands for no secret"},
	    /* Without an address it is for none. */
	    {"{'kind':'ical_url','secret':{'kind':'basic','sealed':'" HASH "." OTHER "'}}", "url",
		"is missing"},
	    {"{" MASKED ",'secret':{'kind':'basic','sealed':'" OTHER "." HASH "'}}", "secret",
		"for another address"},
	    {"{" MASKED ",'secret':{'kind':'basic','sealed':'" HASH "." OTHER
	     "','password':'sesame'}}",
		"secret.password", "not a known key"},
	    {"{'kind':'ical_url','url':'http://x.example/','secret':{'kind':'bearer','token':'sesame'}}",
		"secret", "in the clear"},
	    {"{'kind':'file','secret':{'kind':'bearer','token':'sesame'}}", "secret",
		"not a known key"},
	    {"{" URL ",'proxy':'https://p.example'}", "proxy", "must be"},
	    {"{" URL ",'proxy':'http://u:sesame@p.example'}", "proxy", "without a user"},
	    {"{" URL ",'proxy':'http://p.example/x'}", "proxy", "must be"},
	    {"{" URL ",'proxy':'http://'}", "proxy", "must be"},
	    {"{" URL ",'ca':'sesame'}", "ca", "PEM"},
	    {"{" URL ",'ca':''}", "ca", "PEM"},
	    {"{" URL ",'ca':7}", "ca", "PEM"},
	    {"{" URL ",'ca':'-----BEGIN CERTIFICATE-----\\nQU!D\\n-----END CERTIFICATE-----'}",
		"ca", "nothing else"},
	    {"{" URL ",'ca':'QUJD-----END CERTIFICATE-----'}", "ca", "PEM"},
	    {"{" URL ",'ca':'" PEM
	     "-----BEGIN PRIVATE KEY-----\\nQUJD\\n-----END PRIVATE KEY-----'}",
		"ca", "nothing else"},
	    {"{" URL ",'ca':'-----BEGIN CERTIFICATE-----\\nQUJD'}", "ca", "PEM"},
	    {"{'kind':'ical_url','url':'webcal:///a'}", "url", "webcal://"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct region_fault *fault;
		const char *below = "$.rotas[0].source.";

		assert_null(rota_of(*state, rows[i].source, &fault));
		assert_true(strncmp(fault->path, below, strlen(below)) == 0);
		assert_string_equal(fault->path + strlen(below), rows[i].path);
		if (strstr(fault->detail, rows[i].detail) == NULL ||
		    strstr(fault->detail, "sesame") != NULL)
			fail_msg("%s: %s", rows[i].source, fault->detail);
	}
}

/* As many bytes as are stored, and one more. */
static void
lengths_are_bounded(void **state)
{
	static const struct {
		const char *source, *path;
		int most, fixed; /* bytes; how many of them are there without FILL */
	} rows[] = {
	    {"{" URL ",'secret':{'kind':'basic','user':'FILL','password':'p'}}",
		"$.rotas[0].source.secret.user", 200, 0},
	    {"{" URL ",'secret':{'kind':'basic','user':'u','password':'FILL'}}",
		"$.rotas[0].source.secret.password", 800, 0},
	    {"{" URL ",'secret':{'kind':'bearer','token':'FILL'}}",
		"$.rotas[0].source.secret.token", 1800, 0},
	    {"{" URL ",'ca':'-----BEGIN CERTIFICATE-----FILL-----END CERTIFICATE-----'}",
		"$.rotas[0].source.ca", 32768, 52},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int more = 0; more <= 1; more++) {
			const char *filler =
			    arena_printf(*state, "%0*d", rows[i].most - rows[i].fixed + more, 0);
			const struct region_fault *fault;
			const struct region_rota *rota = rota_of(*state,
			    region_text_with(*state, rows[i].source, "FILL", filler), &fault);

			assert_int_equal(rota != NULL, more == 0);
			if (more > 0)
				assert_string_equal(fault->path, rows[i].path);
		}
}

/* What is asked of a secret alone, before there is a file that has it. */
static void
secrets_without_a_file(void **state)
{
	static const struct {
		const char *json, *key, *fault; /* NULL: it is good */
	} rows[] = {
	    {"{'kind':'basic','user':'u','password':'p'}", NULL, NULL},
	    {"{'kind':'bearer','token':'t'}", NULL, NULL},
	    {"{'user':'u','password':'p'}", "kind", "must be \"basic\" or \"bearer\""},
	    {"{'kind':'digest'}", "kind", "must be \"basic\" or \"bearer\""},
	    {"{'kind':7}", "kind", "must be \"basic\" or \"bearer\""},
	    {"{'kind':'bearer'}", "token",
		"must be a text of 1 to 1800 bytes, without blanks and control characters"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = arena_strdup(*state, rows[i].json);
		const char *key, *fault;
		json_t *json;

		for (char *at = text; (at = strchr(at, '\'')) != NULL;)
			*at = '"';
		json = json_loads(text, 0, NULL);
		fault = region_secret_fault(json, &key);
		assert_int_equal(fault == NULL, rows[i].fault == NULL);
		if (fault != NULL) {
			assert_string_equal(fault, rows[i].fault);
			assert_string_equal(key, rows[i].key);
		}
		json_decref(json);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, region_text_setup, region_text_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(webcal_is_https),
	    TEST(good_sources_are_read),
	    TEST(bad_ones_are_named_and_not_repeated),
	    TEST(lengths_are_bounded),
	    TEST(secrets_without_a_file),
	};

	return cmocka_run_group_tests_name("sources in a region file", tests, NULL, NULL);
}
