/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/agreed.h"

#include "server/base/clock.h"

char *jo, *sam, *kim, *manager, *other, *viewer;
int64_t now;

const char *
at_hours(double hours, char out[CIVIL_RFC3339_MAX])
{
	civil_rfc3339(now + (int64_t)(hours * 3600), out);
	return out;
}

int
agreed_set_up(void **state, const char *second, int from, int to)
{
	testbed_set_up(state);
	now = clock_wall();
	testbed_apply();
	put("/v1/people/k-lee?reason=x",
	    "{\"name\": \"K Lee\", \"organisation\": \"ZAV\", \"roles\": [\"amhp\"]}");
	put("/v1/accounts/jo",
	    "{\"kind\": \"person\", \"role\": \"viewer\", \"person\": \"jo-jones\"}");
	put("/v1/accounts/sam",
	    "{\"kind\": \"person\", \"role\": \"viewer\", \"person\": \"s-ahmed\"}");
	put("/v1/accounts/kim",
	    "{\"kind\": \"person\", \"role\": \"viewer\", \"person\": \"k-lee\"}");
	put("/v1/accounts/zav-rotas",
	    "{\"kind\": \"person\", \"role\": \"rota_manager\", \"organisation\": \"ZAV\"}");
	testbed_good("amhp-duty", "now()");
	testbed_good("amhp-second", "now()");
	testbed_shift("amhp-duty", "a", "named", "jo-jones", 24, 36);
	testbed_shift("amhp-duty", "b", "named", second, from, to);
	jo = testbed_token("jo");
	sam = testbed_token("sam");
	kim = testbed_token("kim");
	manager = testbed_token("zfc-rotas");
	other = testbed_token("zav-rotas");
	viewer = testbed_token("switch");
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/shifts?rota=amhp-duty", .token = manager},
	    "shifts.1.person", second);
	return 0;
}

int
agreed_tear_down(void **state)
{
	char *tokens[] = {jo, sam, kim, manager, other, viewer};

	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
		free(tokens[i]);
	return testbed_tear_down(state);
}
