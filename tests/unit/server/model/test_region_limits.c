/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/server/model/region_text.h"

/* The limits of a region file, and wrong types: each key of each kind of object, and the last value
 * that is good beside the first that is not. */

static const char file[] =
    "{'crisiscover':1,'bank_holidays':{'set':'england-and-wales','add':[{'date':'2026-06-03','name':'A day'}],"
    "'remove':['2026-08-31']},"
    "'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'}],"
    "'functions':[{'code':'amhp','name':'AMHP','severity':{'critical_hours':24,'high_hours':72}}],"
    "'places':[{'code':'X1','name':'Fenmere','kind':'council_area'},"
    "{'code':'X2','name':'Oswin','kind':'hospital','parents':[{'place':'X1','from':'2026-01-01'}]}],"
    "'people':[{'id':'jo','name':'Jo','organisation':'ZFC','roles':[{'function':'amhp','from':'2026-01-01'}]}],"
    "'services':[{'id':'s','name':'S','function':'amhp','organisation':'ZFC','places':['X1'],"
    "'phone':'+441632960456','fallback':{'text':'Ring'}}],"
    "'rotas':[{'id':'duty','service':'s','tier':1,"
    "'source':{'kind':'ical_url','url':'http://example.org/a.ics'},"
    "'reading':{'all_day':{'start':'09:00','hours':24},'team_names':['Hub'],'titles':[{'title':'T','reads':'noise'}],"
    "'shift_codes':{'LD':{'from':'07:30','to':'20:00'}},'words':[{'words':'w','means':'nobody'}],"
    "'aliases':{'J':'jo'},'zones':{'Z':'Europe/London'}}},"
    "{'id':'leave','organisation':'ZFC','absences':true,'source':{'kind':'typed'}}],"
    "'requirements':[{'id':'R1','place':'X1','function':'amhp','count':1,'pack':'p',"
    "'confirmed':{'by':'zed','on':'2026-01-01'},'alerts':[{'to':'owner','lead_hours':10}],"
    "'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}],"
    "'accounts':[{'name':'zed','kind':'person','role':'administrator'}]}";

static const char *
with(struct arena *arena, const char *from, const char *to)
{
	return region_text_with(arena, file, from, to);
}

/* NULL: the edited file is good. Else its only fault. */
static const struct region_fault *
fault_of(struct arena *arena, const char *from, const char *to)
{
	const struct region *region;
	struct region_faults faults;

	if (region_text_try(arena, with(arena, from, to), &region, &faults) == STATUS_OK)
		return NULL;
	for (size_t i = 1; i < faults.count; i++)
		print_error("%s %s\n", faults.items[i].path, faults.items[i].detail);
	assert_int_equal(faults.count, 1);
	return faults.items;
}

/* One edit, one fault. */
static const struct {
	const char *from, *to, *path, *detail;
} edits[] = {
    /* Something else than an object. */
    {"'organisations':[", "'organisations':[7,", "$.organisations[0]", "must be an object"},
    {"'functions':[", "'functions':[null,", "$.functions[0]", "must be an object"},
    {"'places':[{", "'places':[true,{", "$.places[0]", "must be an object"},
    {"'people':[", "'people':['jo',", "$.people[0]", "must be an object"},
    {"'services':[", "'services':[[],", "$.services[0]", "must be an object"},
    {"'rotas':[", "'rotas':[7,", "$.rotas[0]", "must be an object"},
    {"'requirements':[", "'requirements':[7,", "$.requirements[0]", "must be an object"},
    {"'accounts':[", "'accounts':[7,", "$.accounts[0]", "must be an object"},
    {"'add':[", "'add':[7,", "$.bank_holidays.add[0]", "must be an object"},
    {"'severity':{'critical_hours':24,'high_hours':72}", "'severity':24", "$.functions[0].severity",
	"must be an object"},
    {"'fallback':{'text':'Ring'}", "'fallback':'Ring'", "$.services[0].fallback",
	"must be an object"},
    {"'all_day':{'start':'09:00','hours':24}", "'all_day':24", "$.rotas[0].reading.all_day",
	"must be an object"},
    {"'titles':[", "'titles':[7,", "$.rotas[0].reading.titles[0]", "must be an object"},
    {"'words':[", "'words':[7,", "$.rotas[0].reading.words[0]", "must be an object"},
    {"'confirmed':{'by':'zed','on':'2026-01-01'}", "'confirmed':true",
	"$.requirements[0].confirmed", "must be an object"},
    {"'alerts':[", "'alerts':[7,", "$.requirements[0].alerts[0]", "must be an object"},
    {"'hours':[{", "'hours':[7,{", "$.requirements[0].hours[0]", "must be an object"},
    {"'source':{'kind':'typed'}", "'source':'typed'", "$.rotas[1].source", "must be an object"},
    {",'source':{'kind':'typed'}", "", "$.rotas[1].source", "is missing"},
    /* Something else than a code, an object or a list. */
    {"'parents':[{'place':'X1','from':'2026-01-01'}]", "'parents':[7]", "$.places[1].parents[0]",
	"must be a code, or an object"},
    {"'LD':{'from':'07:30','to':'20:00'}", "'LD':7", "$.rotas[0].reading.shift_codes.LD",
	"must be {"},
    {"'LD':{'from':'07:30','to':'20:00'}", "'LD':'away'", "$.rotas[0].reading.shift_codes.LD",
	"must be {"},
    {"'shift_codes':{'LD':{'from':'07:30','to':'20:00'}}", "'shift_codes':7",
	"$.rotas[0].reading.shift_codes", "must be an object"},
    {"'days':['all']", "'days':'all'", "$.requirements[0].hours[0].days", "must be a list"},
    {"'days':['all']", "'days':[7]", "$.requirements[0].hours[0].days[0]", "must be one of"},
    {"'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]", "'hours':7",
	"$.requirements[0].hours", "must be a list"},
    {"'url':'http://example.org/a.ics'", "'url':7", "$.rotas[0].source.url", "must be an address"},
    {",'url':'http://example.org/a.ics'", "", "$.rotas[0].source.url", "is missing"},
    {"http://example.org", "http://example\x7f.org", "$.rotas[0].source.url", "must be an address"},
    {"http://example.org", "http://", "$.rotas[0].source.url", "must be an address"},
    {"'name':'Fenmere'", "'name':'Fen\x7fmere'", "$.organisations[0].name", "control characters"},
    {"'name':'Fenmere'", "'name':' '", "$.organisations[0].name", "must not be empty"},
    {"'aliases':{'J':'jo'}", "'aliases':{'':'jo'}", "$.rotas[0].reading.aliases[\"\"]",
	"a name of no letters"},
    {"'roles':[{", "'roles':[{'function':'amhp'},'amhp',{", "$.people[0].roles[1]",
	"stands in this list already"},
    {"'name':'Jo'", "'name':'Jo','aliases':['J','J']", "$.people[0].aliases[1]", "twice"},
    {"'requirements':[{'id':'R1',", "'requirements':[{'id':'R1','approvers':['ZFC','ZFC'],",
	"$.requirements[0].approvers[1]", "twice"},
    {"'count':1,", "'count':1,'max_share':2,'shared_ok':false,", "$.requirements[0].shared_ok",
	"give one of the two"},
    {"'alerts':[", "'alerts':[{'to':'owner','lead_hours':2},", "$.requirements[0].alerts[1]",
	"already"},
    {"'pack':'p',", "", "$.requirements[0].confirmed", "no \"pack\""},
    {"'source':{'kind':'typed'}", "'source':{'kind':'typed'},'reading':7", "$.rotas[1].reading",
	"must be an object"},
    {"'alerts':[{'to':'owner','lead_hours':10}]",
	"'alerts':[{'to':'owner','lead_hours':10},{'to':'boss','lead_hours':1}]",
	"$.requirements[0].alerts[1].to", "must be one of"},
    {"'alerts':[{'to':'owner','lead_hours':10}]",
	"'alerts':[{'to':'owner','lead_hours':10},{'to':'deputy','lead_hours':1},"
	"{'to':'owner','lead_hours':2}]",
	"$.requirements[0].alerts[2]", "already"},
    {"'name':'zed'", "'name':'z d','renamed_from':'y'", "$.accounts[0].name", "must be a code"},
    {"'name':'zed'", "'name':'zed','renamed_from':''", "$.accounts[0].renamed_from",
	"must not be empty"},
    {"'name':'zed'", "'name':'zed','renamed_from':'y y'", "$.accounts[0].renamed_from",
	"must be a code"},
    {"'team_names':['Hub'],'titles':[{'title':'T','reads':'noise'}]",
	"'team_names':['Hub','Hut'],'titles':[{'title':'T','reads':'team'}]",
	"$.rotas[0].reading.titles[0].team", "not exactly one of team_names"},
    /* An absence has no dates of its own. */
    {"'absences':true,", "'absences':true,'from':'2026-01-01',", "$.rotas[1]",
	"neither \"from\" nor \"until\""},
    {"'absences':true,", "'absences':true,'until':'2027-01-01',", "$.rotas[1]",
	"neither \"from\" nor \"until\""},
    /* A telephone number in full. */
    {"+441632960456", "+04416329604", "$.services[0].phone", "phone number in full"},
    {"+441632960456", "+441632960456x", "$.services[0].phone", "phone number in full"},
    {"+441632960456", "441632960456", "$.services[0].phone", "phone number in full"},
    /* Times of day. */
    {"'to':'20:00'", "'to':'20.00'", "$.rotas[0].reading.shift_codes.LD.to", "time of day"},
    {"'to':'20:00'", "'to':'a0:00'", "$.rotas[0].reading.shift_codes.LD.to", "time of day"},
    {"'to':'20:00'", "'to':'20:0a'", "$.rotas[0].reading.shift_codes.LD.to", "time of day"},
    {"'to':'20:00'", "'to':'24:01'", "$.rotas[0].reading.shift_codes.LD.to", "time of day"},
    {"'from':'07:30'", "'from':'24:00'", "$.rotas[0].reading.shift_codes.LD.from",
	"must be before"},
};

static void
each_edit_gives_its_fault(void **state)
{
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		const struct region_fault *fault = fault_of(*state, edits[i].from, edits[i].to);

		if (fault == NULL || strcmp(fault->path, edits[i].path) != 0 ||
		    strstr(fault->detail, edits[i].detail) == NULL)
			fail_msg("%s: %s: %s", edits[i].to, fault ? fault->path : "no fault",
			    fault ? fault->detail : "");
	}
}

static const char *
letters(struct arena *arena, size_t count)
{
	char *text = arena_alloc(arena, count + 1);

	memset(text, 'x', count);
	return text;
}

/* So many members, "a0":${value}, "a1":${value}, … */
static const char *
members(struct arena *arena, int count, const char *value)
{
	struct buf text = {0};
	const char *out;

	for (int i = 0; i < count; i++)
		buf_printf(&text, "%s'a%d':%s", i > 0 ? "," : "", i, value);
	out = arena_strdup(arena, text.at);
	buf_free(&text);
	return out;
}

/* ${from} is replaced by ${before}, so many letters or digits, and ${after}: the last number that is
 * good. */
static void
a_text_has_an_end(void **state)
{
	static const struct {
		const char *from, *before, *after;
		size_t most;
		const char *detail;
	} rows[] = {
	    {"'name':'Fenmere'", "'name':'", "'", 400, "not be longer than 400 bytes"},
	    {"example.org/a.ics", "", "", 2048 - sizeof "http://" + 1, "must be an address"},
	    {"'LD':", "'", "':", 40, "1 to 40 bytes"},
	    {"'zones':{'Z'", "'zones':{'", "'", 200, "1 to 200 bytes"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t more = 0; more < 2; more++) {
			const char *to = arena_printf(*state, "%s%s%s", rows[i].before,
			    letters(*state, rows[i].most + more), rows[i].after);
			const struct region_fault *fault = fault_of(*state, rows[i].from, to);

			if (more == 0
				? fault != NULL
				: fault == NULL || strstr(fault->detail, rows[i].detail) == NULL)
				fail_msg("row %zu, %zu more: %s", i, more,
				    fault ? fault->detail : "no fault");
		}
}

static void
a_list_of_names_has_an_end(void **state)
{
	assert_null(fault_of(
	    *state, "'LD':{'from':'07:30','to':'20:00'}", members(*state, 200, "'noise'")));
	assert_non_null(fault_of(
	    *state, "'LD':{'from':'07:30','to':'20:00'}", members(*state, 201, "'noise'")));
	assert_null(
	    fault_of(*state, "'Z':'Europe/London'", members(*state, 200, "'Europe/London'")));
	assert_non_null(
	    fault_of(*state, "'Z':'Europe/London'", members(*state, 201, "'Europe/London'")));
}

/* The first and the last of a range, and what is beside them. */
static void
a_number_has_two_ends(void **state)
{
	static const struct {
		const char *from, *to;
		bool good;
	} rows[] = {
	    {"'critical_hours':24,'high_hours':72", "'critical_hours':1,'high_hours':2", true},
	    {"'critical_hours':24,'high_hours':72", "'critical_hours':0,'high_hours':72", false},
	    {"'critical_hours':24,'high_hours':72", "'critical_hours':9599,'high_hours':9600",
		true},
	    {"'critical_hours':24,'high_hours':72", "'critical_hours':24,'high_hours':9601", false},
	    {"'critical_hours':24,'high_hours':72", "'critical_hours':24,'high_hours':24", false},
	    {"'lead_hours':10", "'lead_hours':0", true},
	    {"'lead_hours':10", "'lead_hours':-1", false},
	    {"'lead_hours':10", "'lead_hours':9600", true},
	    {"'lead_hours':10", "'lead_hours':9601", false},
	    {"'count':1", "'count':99", true},
	    {"'count':1", "'count':100", false},
	    {"'count':1", "'count':1,'max_share':99", true},
	    {"'count':1", "'count':1,'max_share':100", false},
	    {"'count':1", "'count':1,'handover_minutes':720", true},
	    {"'count':1", "'count':1,'handover_minutes':721", false},
	    {"'count':1", "'count':1,'tolerance_minutes':10080", true},
	    {"'count':1", "'count':1,'tolerance_minutes':10081", false},
	    {"'tier':1", "'tier':9", true},
	    {"'tier':1", "'tier':10", false},
	    {"'start':'09:00','hours':24", "'start':'00:00','hours':168", true},
	    {"'start':'09:00','hours':24", "'start':'00:00','hours':169", false},
	    {"'kind':'ical_url'", "'kind':'ical_url','every_minutes':1440", true},
	    {"'kind':'ical_url'", "'kind':'ical_url','every_minutes':1441", false},
	    {"+441632960456", "+4416329", true},
	    {"+441632960456", "+441632", false},
	    {"+441632960456", "+441632960456789", true},
	    {"+441632960456", "+4416329604567890", false},
	    {"'to':'20:00'", "'to':'24:00'", true},
	    {"'count':1", "'count':1,'shared_ok':true", true},
	    {"'count':1", "'count':1,'shared_ok':false", true},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct region_fault *fault = fault_of(*state, rows[i].from, rows[i].to);

		if ((fault == NULL) != rows[i].good)
			fail_msg("%s: %s", rows[i].to, fault ? fault->detail : "no fault");
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, region_text_setup, region_text_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(each_edit_gives_its_fault),
	    TEST(a_text_has_an_end),
	    TEST(a_list_of_names_has_an_end),
	    TEST(a_number_has_two_ends),
	};

	return cmocka_run_group_tests_name("limits of a region file", tests, NULL, NULL);
}
