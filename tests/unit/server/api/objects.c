/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/objects.h"

static const char region[] =
    "{'crisiscover':1,"
    "'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'},"
    " {'code':'ZAV','name':'Alder Vale','kind':'nhs_trust'},{'code':'ZNO','name':'Nobody','kind':'other'}],"
    "'functions':[{'code':'amhp','name':'AMHP'},{'code':'liaison','name':'Liaison'}],"
    "'places':[{'code':'X1','name':'Fenmere','kind':'council_area'},"
    " {'code':'ZED01','name':'Oswin','kind':'emergency_department','parents':['X1']},"
    " {'code':'ZED02','name':'Northgate','kind':'emergency_department'}],"
    "'people':[{'id':'jo','name':'Jo Jones','organisation':'ZFC','roles':['amhp'],'work_phone':'+441632960123'},"
    " {'id':'lee','name':'P Lee','organisation':'ZAV','roles':['liaison'],'work_phone':'+441632960124'}],"
    "'services':[{'id':'amhp','name':'AMHP duty','function':'amhp','organisation':'ZFC','places':['X1','ZED01'],"
    "  'phone':'+441632960456'},"
    " {'id':'oswin','name':'Liaison','function':'liaison','organisation':'ZAV','places':['ZED01']},"
    " {'id':'north','name':'North','function':'liaison','organisation':'ZAV','places':['ZED02']}],"
    "'rotas':[{'id':'duty','service':'amhp','tier':1,'source':{'kind':'ical_url','url':'https://example.org/secret.ics'}},"
    " {'id':'liaison','service':'oswin','tier':1,'source':{'kind':'file'}},"
    " {'id':'north','service':'north','tier':1,'source':{'kind':'file'}}],"
    "'requirements':[{'id':'R1','place':'ZED01','function':'amhp','count':2,"
    "  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},"
    " {'id':'R2','place':'ZED02','function':'liaison','count':1,"
    "  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}],"
    "'accounts':[{'name':'w-viewer','kind':'person','role':'viewer'},"
    " {'name':'w-switchboard','kind':'person','role':'switchboard'},"
    " {'name':'w-rota_manager','kind':'person','role':'rota_manager','organisation':'ZFC'},"
    " {'name':'w-commissioner','kind':'person','role':'commissioner','places':['X1']},"
    " {'name':'w-place_manager','kind':'person','role':'place_manager','places':['ZED01']},"
    " {'name':'w-organisation_administrator','kind':'person','role':'organisation_administrator',"
    "  'organisation':'ZFC','places':['X1']},"
    " {'name':'w-auditor','kind':'person','role':'auditor'},"
    " {'name':'w-administrator','kind':'person','role':'administrator'},"
    " {'name':'own','kind':'person','role':'viewer','organisation':'ZFC'},"
    " {'name':'other','kind':'person','role':'viewer','organisation':'ZAV'},"
    " {'name':'wall','kind':'device','role':'viewer','places':['ZED01']},"
    " {'name':'wall2','kind':'device','role':'viewer','places':['ZED02']}],"
    "'areas':[{'code':'F1','name':'Fenmere','kind':'postcode_district','place':'X1'},"
    " {'code':'N1','name':'North','kind':'postcode_district','place':'ZED02'}],"
    "'navigators':[{'id':'edt','name':'EDT','kind':'other','organisation':'ZFC','for':'all','phone':'+441632960887','places':['X1']},"
    " {'id':'cafe','name':'Cafe','kind':'crisis_cafe','organisation':'ZAV','for':'all','phone':'+441632960889','places':['X1']}]}";

/* Quotes are written as apostrophes. Lives until the next call but three. */
const char *
objects_json(const char *text)
{
	static char ring[4][8192];
	static unsigned turn;
	char *out = ring[turn++ % 4];

	assert_true(strlen(text) < sizeof ring[0]);
	for (size_t i = 0; i <= strlen(text); i++)
		out[i] = text[i] == '\'' ? '"' : text[i];
	return out;
}

struct http_reply
objects_ask(
    const char *token, const char *method, const char *path, const char *headers, const char *body)
{
	return http(&(struct http_ask){.port = testbed_port(),
	    .method = method,
	    .path = path,
	    .token = token,
	    .headers = headers,
	    .body = body ? objects_json(body) : NULL});
}

const char *
objects_tag(const char *path)
{
	static char line[80];
	struct http_reply reply = testbed_get(path);
	char *etag = http_header(&reply, "ETag");

	assert_int_equal(reply.status, 200);
	snprintf(line, sizeof line, "If-Match: %s\r\n", etag);
	free(etag);
	http_free(&reply);
	return line;
}

void
objects_as_admin(
    const char *method, const char *path, const char *headers, const char *body, int status)
{
	expect_in(
	    objects_ask(testbed_admin(), method, path, headers, body), status, "nothing", "(none)");
}

void
objects_wait_until_ready(void)
{
	testbed_until_status(&(struct http_ask){.port = testbed_port(),
				 .method = "PATCH",
				 .path = "/v1/organisations/ZNO?dry_run=1",
				 .token = testbed_admin(),
				 .body = "{}"},
	    200);
}

int
objects_set_up(void **state)
{
	testbed_set_up(state);
	objects_as_admin("PUT", "/v1/region", NULL, region, 200);
	objects_wait_until_ready();
	return 0;
}

void
objects_expect_address(const char *address)
{
	char *opened = testbed_address("duty");

	assert_string_equal(opened, address);
	free(opened);
}
