/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/api/ask/identity.h"

/* What is read from a provider's set-up, and who somebody is by their claims: tables of what comes in
 * and what must come out. */

#define NOW 1800000000
#define TENANT "11111111-2222-3333-4444-555555555555"

/* ' stands for ". */
static json_t *
json(const char *text)
{
	char out[4096];
	json_t *value;

	assert_true(strlen(text) < sizeof out);
	for (size_t i = 0; i <= strlen(text); i++)
		out[i] = text[i] == '\'' ? '"' : text[i];
	value = json_loads(out, JSON_DECODE_ANY, NULL);
	if (value == NULL)
		fail_msg("not JSON: %s", out);
	return value;
}

/* --------------------------------------------------------------------------------- providers */

#define GENERIC "'name':'Council','preset':'generic','issuer':'https://id.example','client_id':'c'"
#define CIS2 "'name':'CIS2','preset':'cis2','issuer':'https://id.example','client_id':'c'"
#define ENTRA                                                                                             \
	"'name':'Entra','preset':'entra','issuer':'https://id.example','client_id':'c','tenant':'" TENANT \
	"'"
#define ONE ",'organisations':['ZFC']"
#define TWO ",'organisations':['ZFC','ZAV']"

struct faults {
	char paths[512];
};

static void
on_fault(void *ctx, const char *path, const char *detail)
{
	struct faults *faults = ctx;
	size_t len = strlen(faults->paths);

	assert_true(detail[0] != '\0');
	snprintf(faults->paths + len, sizeof faults->paths - len, "%s ", path);
}

static const struct {
	const char *body, *faults; /* "": fine */
} bodies[] = {
    {"{" GENERIC ONE "}", ""},
    {"{" GENERIC ONE
     ",'subject_claim':'employee_number','acr':['mfa'],'max_age':900,'second_factor':true}",
	""},
    {"{" GENERIC TWO ",'organisation_claim':'org'}", ""},
    {"{" CIS2 TWO "}", ""},
    {"{" CIS2 ONE ",'assurance':3}", ""},
    {"{" ENTRA ONE ",'acr':['c1'],'second_factor':true}", ""},
    {"{'name':'L','preset':'generic','issuer':'http://127.0.0.1:99','client_id':'c'" ONE "}", ""},
    {"[]", "$ "},
    {"{}", "$.preset "},
    {"{'preset':'generic'}", "$.name $.issuer $.client_id $.organisations "},
    {"{" GENERIC ONE ",'client_secret':'x'}", "$.client_secret "},
    {"{" GENERIC ONE ",'tenant':'" TENANT "'}", "$.tenant "},
    {"{" GENERIC ONE ",'assurance':2}", "$.assurance "},
    {"{" GENERIC TWO "}", "$.organisation_claim "},
    {"{" GENERIC ",'organisations':[]}", "$.organisations "},
    {"{" GENERIC ",'organisations':'ZFC'}", "$.organisations "},
    {"{" GENERIC ",'organisations':['ZFC',1]}", "$.organisations[1] "},
    {"{" GENERIC ONE ",'max_age':59}", "$.max_age "},
    {"{" GENERIC ONE ",'max_age':'900'}", "$.max_age "},
    {"{" GENERIC ONE ",'second_factor':'yes'}", "$.second_factor "},
    {"{" GENERIC ONE ",'subject_claim':''}", "$.subject_claim "},
    {"{" GENERIC ONE ",'subject_claim':'a b'}", "$.subject_claim "},
    {"{" GENERIC ONE ",'acr':[]}", "$.acr "},
    {"{" GENERIC ONE ",'acr':['a b']}", "$.acr[0] "},
    {"{" CIS2 ONE ",'assurance':1}", "$.assurance "},
    {"{" CIS2 ONE ",'second_factor':false}", "$.second_factor "},
    {"{" CIS2 ONE ",'organisation_claim':'org'}", "$.organisation_claim "},
    {"{" CIS2 ONE ",'acr':['AAL1_USERPASS']}", "$.acr "},
    {"{'name':'E','preset':'entra','issuer':'https://id.example','client_id':'c'" ONE "}",
	"$.tenant "},
    {"{'name':'E','preset':'entra','issuer':'https://id.example','client_id':'c','tenant':'common'" ONE
     "}",
	"$.tenant "},
    {"{" ENTRA ONE ",'subject_claim':'email'}", "$.subject_claim "},
    {"{'name':'a\\nb','preset':'generic','issuer':'https://x','client_id':'c d'" ONE "}",
	"$.name $.client_id "},
    {"{'name':'a','preset':'generic','issuer':'http://id.example','client_id':'c'" ONE "}",
	"$.issuer "},
    {"{'name':'a','preset':'generic','issuer':'http://127.0.0.1.evil.example','client_id':'c'" ONE
     "}",
	"$.issuer "},
    {"{'name':'a','preset':'generic','issuer':'https://','client_id':'c'" ONE "}", "$.issuer "},
    {"{'name':'a','preset':'generic','issuer':'https://x?y','client_id':'c'" ONE "}", "$.issuer "},
};

static void
a_provider_is_taken_as_it_must_be(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct arena *arena = arena_new(0);
		json_t *body = json(bodies[i].body);
		struct faults faults = {0};
		struct provider provider;
		bool fine = provider_read(arena, body, on_fault, &faults, &provider);

		if (strcmp(faults.paths, bodies[i].faults) != 0 || fine != (*faults.paths == '\0'))
			fail_msg("%s: %s", bodies[i].body, faults.paths);
		json_decref(body);
		arena_free(arena);
	}
}

/* --------------------------------------------------------------------------------- claims */

#define SIGNED "'iss':'https://id.example','aud':'c','sub':'s1','iat':1800000000"
#define OF_TENANT SIGNED ",'tid':'" TENANT "','oid':'o1'"
#define CARD SIGNED ",'acr':'AAL3_ANY'"
#define ROLES                                                                                      \
	"'nhsid_useruid':'u1','nhsid_nrbac_roles':[{'person_roleid':'r1','org_code':'ZFC'},"       \
	"{'person_roleid':'r2','org_code':'ZAV'},{'person_roleid':'r3','org_code':'ZZZ'}]"
#define ORGS ",'nhsid_user_orgs':[{'org_code':'ZZZ'},{'org_code':'ZFC'},{'org_code':'ZAV'}]"

static const struct {
	const char *provider, *token, *userinfo; /* NULL: there is none */
	const char *wanted; /* "subject organisation name", or the verdict's name */
} claims[] = {
    /* generic */
    {GENERIC ONE, SIGNED, NULL, "s1 ZFC -"},
    {GENERIC ONE, SIGNED ",'name':'M Hughes'", NULL, "s1 ZFC M Hughes"},
    {GENERIC ONE, SIGNED, "'sub':'s1','name':'M','email':'m@x'", "s1 ZFC M, m@x"},
    {GENERIC ONE, SIGNED ",'preferred_username':'mh'", NULL, "s1 ZFC mh"},
    {GENERIC ONE, SIGNED, "'sub':'s2','name':'M'", "nobody"},
    {GENERIC ONE, SIGNED, "'name':'M'", "nobody"},
    {GENERIC ONE, "'iss':'https://id.example','aud':'c','iat':1800000000", NULL, "nobody"},
    {GENERIC ONE, "'iss':'https://id.example','aud':'c','sub':'','iat':1800000000", NULL, "nobody"},
    {GENERIC ONE, "'iss':'https://id.example','aud':'c','sub':7,'iat':1800000000", NULL, "nobody"},
    {GENERIC ONE ",'subject_claim':'number'", SIGNED ",'number':'n9'", NULL, "n9 ZFC -"},
    {GENERIC ONE ",'subject_claim':'number'", SIGNED, "'sub':'s1','number':'n9'", "n9 ZFC -"},
    {GENERIC ONE ",'subject_claim':'number'", SIGNED, NULL, "nobody"},
    /* whose token, and for whom */
    {GENERIC ONE, "'iss':'https://id.example/','aud':'c','sub':'s','iat':1800000000", NULL,
	"other_issuer"},
    {GENERIC ONE, "'aud':'c','sub':'s','iat':1800000000", NULL, "other_issuer"},
    {GENERIC ONE, "'iss':'https://id.example','aud':'d','sub':'s','iat':1800000000", NULL,
	"other_issuer"},
    {GENERIC ONE, "'iss':'https://id.example','aud':['d','c'],'sub':'s','iat':1800000000", NULL,
	"s ZFC -"},
    /* how old */
    {GENERIC ONE, "'iss':'https://id.example','aud':'c','sub':'s','iat':1799999700", NULL,
	"s ZFC -"},
    {GENERIC ONE, "'iss':'https://id.example','aud':'c','sub':'s','iat':1799999699", NULL, "stale"},
    {GENERIC ONE, "'iss':'https://id.example','aud':'c','sub':'s','iat':1800000300", NULL,
	"s ZFC -"},
    {GENERIC ONE, "'iss':'https://id.example','aud':'c','sub':'s','iat':1800000301", NULL, "stale"},
    {GENERIC ONE, "'iss':'https://id.example','aud':'c','sub':'s','iat':'1800000000'", NULL,
	"stale"},
    {GENERIC ONE, "'iss':'https://id.example','aud':'c','sub':'s'", NULL, "stale"},
    {GENERIC ONE ",'max_age':900", SIGNED ",'auth_time':1799998800", NULL, "s1 ZFC -"},
    {GENERIC ONE ",'max_age':900", SIGNED ",'auth_time':1799998799", NULL, "stale"},
    {GENERIC ONE ",'max_age':900", SIGNED, "'sub':'s1','auth_time':1800000000", "stale"},
    /* how strong */
    {GENERIC ONE ",'acr':['mfa','card']", SIGNED ",'acr':'card'", NULL, "s1 ZFC -"},
    {GENERIC ONE ",'acr':['mfa','card']", SIGNED ",'acr':'pw'", NULL, "weak"},
    {GENERIC ONE ",'acr':['mfa']", SIGNED, "'sub':'s1','acr':'mfa'", "weak"},
    /* of which organisation */
    {GENERIC TWO ",'organisation_claim':'org'", SIGNED ",'org':'ZAV'", NULL, "s1 ZAV -"},
    {GENERIC TWO ",'organisation_claim':'org'", SIGNED, "'sub':'s1','org':['X','ZFC']", "s1 ZFC -"},
    {GENERIC TWO ",'organisation_claim':'org'", SIGNED ",'org':['ZAV','ZFC']", NULL, "several"},
    {GENERIC TWO ",'organisation_claim':'org'", SIGNED ",'org':'ZZZ'", NULL, "elsewhere"},
    {GENERIC TWO ",'organisation_claim':'org'", SIGNED ",'org':'zfc'", NULL, "elsewhere"},
    {GENERIC TWO ",'organisation_claim':'org'", SIGNED, NULL, "elsewhere"},
    {GENERIC ONE ",'organisation_claim':'org'", SIGNED, NULL, "elsewhere"},
    {GENERIC TWO ",'organisation_claim':'org'", SIGNED ",'org':'ZAV'", "'sub':'s1','org':'ZFC'",
	"s1 ZAV -"},
    /* CIS2 */
    {CIS2 TWO, CARD, "'sub':'s1','selected_roleid':'r1'," ROLES ORGS, "u1 ZFC -"},
    {CIS2 TWO, CARD, "'sub':'s1','selected_roleid':'r2'," ROLES ORGS, "u1 ZAV -"},
    {CIS2 TWO, CARD, "'sub':'s1','selected_roleid':'r3'," ROLES ORGS, "elsewhere"},
    {CIS2 TWO, CARD, "'sub':'s1','selected_roleid':'r4'," ROLES ORGS, "role"},
    {CIS2 TWO, CARD,
	"'sub':'s1','selected_roleid':'r2'," ROLES ",'nhsid_user_orgs':[{'org_code':'ZFC'}]",
	"role"},
    {CIS2 TWO, CARD, "'sub':'s1','selected_roleid':'r2'," ROLES, "u1 ZAV -"},
    {CIS2 TWO, CARD, "'sub':'s1'," ROLES ORGS, "several"},
    {CIS2 ONE, CARD, "'sub':'s1'," ROLES ORGS, "u1 ZFC -"},
    {CIS2 ONE, CARD, "'sub':'s1'," ROLES, "elsewhere"},
    {CIS2 ONE, CARD, NULL, "nobody"},
    {CIS2 ONE, SIGNED ",'acr':'AAL2_ANY'", "'sub':'s1'," ROLES ORGS, "u1 ZFC -"},
    {CIS2 ONE, SIGNED ",'acr':'AAL2_OR_AAL3_ANY'", "'sub':'s1'," ROLES ORGS, "u1 ZFC -"},
    {CIS2 ONE, SIGNED ",'acr':'AAL1_USERPASS'", "'sub':'s1'," ROLES ORGS, "weak"},
    {CIS2 ONE, SIGNED ",'acr':'AAL3'", "'sub':'s1'," ROLES ORGS, "weak"},
    {CIS2 ONE, SIGNED, "'sub':'s1','acr':'AAL3_ANY'," ROLES ORGS, "weak"},
    {CIS2 ONE ",'assurance':3", SIGNED ",'acr':'AAL2_OR_AAL3_ANY'", "'sub':'s1'," ROLES ORGS,
	"weak"},
    {CIS2 ONE ",'assurance':3", CARD, "'sub':'s1'," ROLES ORGS, "u1 ZFC -"},
    /* Entra */
    {ENTRA ONE, OF_TENANT, NULL, "o1 ZFC -"},
    {ENTRA ONE, SIGNED ",'oid':'o1'", NULL, "tenant"},
    {ENTRA ONE, SIGNED ",'oid':'o1','tid':'99999999-2222-3333-4444-555555555555'", NULL, "tenant"},
    {ENTRA ONE, SIGNED ",'tid':'" TENANT "'", NULL, "nobody"},
    {ENTRA ONE, SIGNED ",'tid':'" TENANT "'", "'sub':'s1','oid':'o1'", "nobody"},
    {ENTRA ONE ",'acr':['c1']", OF_TENANT ",'acr':'1','acrs':['c2','c1']", NULL, "o1 ZFC -"},
    {ENTRA ONE ",'acr':['c1']", OF_TENANT ",'acr':'c1'", NULL, "weak"},
    {ENTRA ONE ",'acr':['c1']", OF_TENANT ",'acrs':['c2']", NULL, "weak"},
};

static json_t *
object(const char *members)
{
	char text[4096];

	snprintf(text, sizeof text, "{%s}", members);
	return json(text);
}

static void
who_it_is(struct arena *arena, size_t row, char out[512])
{
	json_t *body = object(claims[row].provider), *token = object(claims[row].token);
	json_t *userinfo = claims[row].userinfo != NULL ? object(claims[row].userinfo) : NULL;
	struct faults faults = {0};
	struct provider provider;
	struct identity identity;
	enum identity_verdict verdict;

	assert_true(provider_read(arena, body, on_fault, &faults, &provider));
	verdict = identity_read(
	    arena, &provider, &(struct identity_claims){token, userinfo}, NOW, &identity);
	json_decref(body);
	json_decref(token);
	json_decref(userinfo);
	if (verdict == IDENTITY_FINE)
		snprintf(out, 512, "%s %s %s", identity.subject, identity.organisation,
		    identity.name == NULL ? "-" : identity.name);
	else
		snprintf(out, 512, "%s", identity_verdict_name(verdict));
}

static void
claims_say_who_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
		struct arena *arena = arena_new(0);
		char said[512];

		who_it_is(arena, i, said);
		if (strcmp(said, claims[i].wanted) != 0)
			fail_msg("%s with %s and %s: %s, not %s", claims[i].provider,
			    claims[i].token, claims[i].userinfo != NULL ? claims[i].userinfo : "-",
			    said, claims[i].wanted);
		arena_free(arena);
	}
}

/* A name is one line, of whole characters, whatever the provider says. */
static void
a_name_is_a_short_line(void **state)
{
	struct arena *arena = arena_new(0);
	struct faults faults = {0};
	struct provider provider;
	struct identity identity;
	json_t *body = object(GENERIC ONE), *token = object(SIGNED);
	char longest[300] = "";

	(void)state;
	assert_true(provider_read(arena, body, on_fault, &faults, &provider));
	for (int i = 0; i < 140; i += 2)
		memcpy(longest + i, "\xc3\xa9", 3); /* é */
	json_object_set_new(token, "name", json_string(longest));
	assert_int_equal(
	    identity_read(arena, &provider, &(struct identity_claims){token, NULL}, NOW, &identity),
	    IDENTITY_FINE);
	assert_int_equal(strlen(identity.name), 120);
	snprintf(longest, sizeof longest, "x%s", identity.name);
	json_object_set_new(token, "name", json_string(longest));
	assert_int_equal(
	    identity_read(arena, &provider, &(struct identity_claims){token, NULL}, NOW, &identity),
	    IDENTITY_FINE);
	assert_int_equal(strlen(identity.name), 119);
	json_object_set_new(token, "name", json_string("a\nb\x7f"));
	assert_int_equal(
	    identity_read(arena, &provider, &(struct identity_claims){token, NULL}, NOW, &identity),
	    IDENTITY_FINE);
	assert_string_equal(identity.name, "a?b?");
	json_decref(body);
	json_decref(token);
	arena_free(arena);
}

/* A subject is kept whole or not at all: two that begin alike are two people. */
static void
a_subject_is_never_cut(void **state)
{
	struct arena *arena = arena_new(0);
	struct faults faults = {0};
	struct provider provider;
	struct identity identity;
	json_t *body = object(GENERIC ONE), *token = object(SIGNED);
	char subject[IDENTITY_SUBJECT_MAX_BYTES + 2];

	(void)state;
	assert_true(provider_read(arena, body, on_fault, &faults, &provider));
	memset(subject, 's', sizeof subject);
	subject[IDENTITY_SUBJECT_MAX_BYTES] = '\0';
	json_object_set_new(token, "sub", json_string(subject));
	assert_int_equal(
	    identity_read(arena, &provider, &(struct identity_claims){token, NULL}, NOW, &identity),
	    IDENTITY_FINE);
	assert_string_equal(identity.subject, subject);
	subject[IDENTITY_SUBJECT_MAX_BYTES] = 's';
	subject[IDENTITY_SUBJECT_MAX_BYTES + 1] = '\0';
	json_object_set_new(token, "sub", json_string(subject));
	assert_int_equal(
	    identity_read(arena, &provider, &(struct identity_claims){token, NULL}, NOW, &identity),
	    IDENTITY_NOBODY);
	json_decref(body);
	json_decref(token);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_provider_is_taken_as_it_must_be),
	    cmocka_unit_test(claims_say_who_it_is),
	    cmocka_unit_test(a_name_is_a_short_line),
	    cmocka_unit_test(a_subject_is_never_cut),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
