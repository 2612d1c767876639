/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server/model/region_compare.h"
#include "tests/unit/server/model/region_text.h"

/* The differences of two set-ups: one edit of the file for each member that a key consists of. A
 * member that is not compared could be changed, and lost, silently. */

#define REQUIREMENT                                                                                \
	"{'id':'R1','place':'X1','function':'amhp','count':1,'pack':'p',"                          \
	"'confirmed':{'by':'zed','on':'2026-01-01'},'alerts':[{'to':'owner','lead_hours':10}],"    \
	"'severity':{'critical_hours':24,'high_hours':72},'owner':'ZFC',"                          \
	"'hours':[{'days':['mon'],'from':'00:00','to':'24:00'}]}"

#define LADDERS                                                                                                        \
	"'ladders':[{'function':'amhp','steps':[{'on_call':1,'hours':[{'days':['tue'],'from':'01:00','to':'02:00'}]}," \
	"{'function':'liaison'},{'service':'t','wait_seconds':20},{'place':'X3'},{'name':'Manager','phone':'+441632960222'},{'navigator':'cafe'}]}]"

#define PEM(text) "-----BEGIN CERTIFICATE-----\\n" text "\\n-----END CERTIFICATE-----"

static const char file[] =
    "{'crisiscover':1,'time_zone':'Europe/London','bank_holidays':{'set':'england-and-wales',"
    "'add':[{'date':'2026-06-03','name':'A day'}],'remove':['2026-08-31']},"
    "'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'},"
    "{'code':'ZAV','name':'Alder Vale','kind':'nhs_trust'},"
    "{'code':'ZOL','name':'Elder','kind':'icb','from':'2020-04-01','until':'2026-04-01','successors':['ZAV']}],"
    "'functions':[{'code':'amhp','name':'AMHP'},{'code':'liaison','name':'Liaison'}],"
    "'places':[{'code':'X1','name':'Fenmere','kind':'council_area'},"
    "{'code':'X2','name':'Oswin','kind':'hospital','parents':['X1'],'first':['liaison','amhp']," LADDERS
    "},"
    "{'code':'X3','name':'Old','kind':'hospital','until':'2026-01-01','successors':['X1']}],"
    "'people':[{'id':'jo','name':'Jo','organisation':'ZFC','aliases':['J'],'former_names':['F'],"
    "'roles':[{'function':'amhp','approved_by':'ZFC','from':'2026-01-01','until':'2030-01-01'}]},"
    "{'id':'lee','name':'Lee','organisation':'ZFC','roles':['amhp','liaison']}],"
    "'services':[{'id':'s','name':'S','function':'amhp','organisation':'ZFC',"
    "'places':[{'place':'X1','from':'2026-01-01','until':'2030-01-01'}],"
    "'phone':'+441632960456','fallback':{'text':'Ring','phone':'+441632960457'}},"
    "{'id':'t','name':'T','function':'amhp','organisation':'ZFC','places':['X1']}],"
    "'rotas':[{'id':'duty','service':'s','tier':1,"
    "'source':{'kind':'ical_url','url':'http://example.org/a.ics'},"
    "'reading':{'floating_zone':'Europe/London','all_day':{'start':'09:00','hours':24},'team_names':['Hub'],"
    "'shift_codes':{'LD':{'from':'07:30','to':'20:00','names':['Long']}},"
    "'titles':[{'title':'T','reads':'named','person':'jo'},{'title':'H','reads':'team','team':'Hub'}],"
    "'words':[{'words':'w','means':'nobody'}],'date_order':'dmy',"
    "'sheet':'On call','marks':{'fill':'off','comment':'nothing','hidden':'off'},"
    "'grid':{'layout':'dates_by_roles','column':['A','B'],'hours':{'from':'09:00','to':'17:00'},'weekend':{'from':'10:00','to':'16:00'},'bank_holiday':{'from':'12:00','to':'14:00'}},"
    "'aliases':{'JJ':'jo','LL':'lee'},'zones':{'Z':'Europe/London'}}},"
    "{'id':'dav','service':'t','source':{'kind':'caldav','url':'https://example.org/b',"
    "'secret':{'kind':'bearer','token':'t','over_http':true},'proxy':'none','ca':'" PEM(
	"QUJD") "'}},"
		"{'id':'file','service':'s','source':{'kind':'file','path':'a.csv'}},"
		"{'id':'leave','organisation':'ZFC','absences':true,'source':{'kind':'typed'}}],"
		"'requirements':[" REQUIREMENT "],"
		"'accounts':[{'name':'zed','kind':'person','role':'viewer','organisation':'ZFC','places':['X1']}],"
		"'areas':[{'code':'ar','name':'Area','kind':'council','place':'X1','also':['X2','X3']}],"
		"'navigators':[{'id':'cafe','name':'Cafe','kind':'crisis_cafe','organisation':'ZFC','for':'adults','address':'1 High Street','phone':'+441632960777','places':['X1','X2'],'areas':['ar'],'functions':['amhp'],'hours':[{'days':['wed'],'from':'18:00','to':'23:30'}],'walk_in':true,'self_referral':true,'from':'2026-02-01','until':'2033-01-01'}]}";

static bool
any_zone(const void *ctx, const char *name)
{
	(void)ctx;
	return strncmp(name, "Europe/", 7) == 0;
}

static const struct region *
read_text(struct arena *arena, const char *text)
{
	const struct region *region;
	struct region_faults faults = {0};
	char *json = arena_strdup(arena, text);

	for (char *c = json; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	if (region_read(arena, slice_of(json), (struct region_zones){.known = any_zone}, &region,
		&faults) != STATUS_OK)
		fail_msg("%s %s\n%s", faults.items[0].path, faults.items[0].detail, text);
	return region;
}

static const char *
compared(struct arena *arena, const char *before, const char *after)
{
	struct region_changes changes;
	const char *text = "";

	region_compare(arena, read_text(arena, before), read_text(arena, after), &changes);
	for (size_t i = 0; i < changes.count; i++)
		text = arena_printf(arena, "%s%s%c %s %s%s%s", text, i > 0 ? "; " : "",
		    changes.items[i].sign, changes.items[i].kind, changes.items[i].code,
		    changes.items[i].what ? ": " : "",
		    changes.items[i].what ? changes.items[i].what : "");
	return text;
}

static const struct {
	const char *from, *to, *changed;
} edits[] = {
    /* The root. */
    {"'date':'2026-06-03'", "'date':'2026-06-04'", "~ region region: bank_holidays"},
    {"'A day'", "'The day'", "~ region region: bank_holidays"},
    {"'2026-08-31'", "'2026-05-25'", "~ region region: bank_holidays"},
    {",'remove':['2026-08-31']", "", "~ region region: bank_holidays"},
    {"'add':[{'date':'2026-06-03','name':'A day'}],", "", "~ region region: bank_holidays"},
    {"{'code':'amhp','name':'AMHP'},{'code':'liaison','name':'Liaison'}",
	"{'code':'liaison','name':'Liaison'},{'code':'amhp','name':'AMHP'}",
	"~ region functions: order"},
    /* Organisations, functions and places. */
    {"'kind':'local_authority'", "'kind':'other'", "~ organisation ZFC: kind"},
    {"'from':'2020-04-01'", "'from':'2021-04-01'", "~ organisation ZOL: from"},
    {"'until':'2026-04-01'", "'until':'2026-04-02'", "~ organisation ZOL: until"},
    {"'successors':['ZAV']", "'successors':['ZFC']", "~ organisation ZOL: successors"},
    {"'name':'AMHP'", "'name':'AMHP','severity':{'high_hours':71}", "~ function amhp: severity"},
    {"'name':'AMHP'", "'name':'AMHP','severity':{'critical_hours':23}",
	"~ function amhp: severity"},
    {"'parents':['X1']", "'parents':['X3']", "~ place X2: parents"},
    {"'parents':['X1']", "'parents':[{'place':'X1','from':'2026-01-01'}]", "~ place X2: parents"},
    {"'parents':['X1']", "'parents':[{'place':'X1','until':'2030-01-01'}]", "~ place X2: parents"},
    {"'parents':['X1']", "'from':'2020-01-01','parents':['X1']", "~ place X2: from"},
    {"'until':'2026-01-01'", "'until':'2026-01-02'", "~ place X3: until"},
    {"'successors':['X1']", "'successors':['X2']", "~ place X3: successors"},
    {"'successors':['X1']", "'successors':['X1','X2']", "~ place X3: successors"},
    {"'first':['liaison','amhp']", "'first':['liaison']", "~ place X2: first"},
    {"'first':['liaison','amhp']", "'first':['amhp']", "~ place X2: first"},
    {",'first':['liaison','amhp']", "", "~ place X2: first"},
    {LADDERS, "'ladders':[]", "~ place X2: ladders"},
    {"'ladders':[{'function':'amhp'", "'ladders':[{'function':'liaison'", "~ place X2: ladders"},
    {",{'place':'X3'}", "", "~ place X2: ladders"},
    {"{'on_call':1,'hours'", "{'on_call':2,'hours'", "~ place X2: ladders"},
    {"['tue'],'from':'01:00'", "['tue'],'from':'01:30'", "~ place X2: ladders"},
    {"{'function':'liaison'},{'service'", "{'function':'amhp','on_call':1},{'service'",
	"~ place X2: ladders"},
    {"{'service':'t','wait", "{'service':'s','wait", "~ place X2: ladders"},
    {"{'service':'t','wait_seconds':20}", "{'place':'X1','wait_seconds':20}",
	"~ place X2: ladders"},
    {"'wait_seconds':20", "'wait_seconds':21", "~ place X2: ladders"},
    {"{'place':'X3'}", "{'place':'X1'}", "~ place X2: ladders"},
    {",{'navigator':'cafe'}", "", "~ place X2: ladders"},
    {"'name':'Manager'", "'name':'Head'", "~ place X2: ladders"},
    {"'+441632960222'", "'+441632960223'", "~ place X2: ladders"},
    {"'parents':['X1']", "'public_card':true,'parents':['X1']", "~ place X2: public_card"},
    {"'parents':['X1']", "'research':true,'parents':['X1']", "~ place X2: research"},
    {"'parents':['X1']", "'public_card':false,'parents':['X1']", ""},
    {"{'id':'s',", "{'id':'s','self_referral':true,", "~ service s: self_referral"},
    /* People. */
    {"'aliases':['J']", "'aliases':['K']", "~ person jo: aliases"},
    {"'aliases':['J']", "'aliases':['J','K']", "~ person jo: aliases"},
    {"'aliases':['J'],", "", "~ person jo: aliases"},
    {"'former_names':['F']", "'former_names':['G']", "~ person jo: former_names"},
    {"'aliases':['J']", "'protected':true,'aliases':['J']", "~ person jo: protected"},
    {"'aliases':['J']", "'protected':false,'aliases':['J']", ""},
    {"'former_names':['F']", "'former_names':['F','G']", "~ person jo: former_names"},
    {"'aliases':['J'],'former_names':['F']", "'aliases':['J','F']",
	"~ person jo: aliases, former_names"},
    {"'aliases':['J'],'former_names':['F']", "'former_names':['J','F']",
	"~ person jo: aliases, former_names"},
    {"[{'function':'amhp','approved_by'", "[{'function':'liaison','approved_by'",
	"~ person jo: roles"},
    {"'approved_by':'ZFC'", "'approved_by':'ZAV'", "~ person jo: roles"},
    {"'approved_by':'ZFC',", "", "~ person jo: roles"},
    {"'approved_by':'ZFC','from':'2026-01-01'", "'approved_by':'ZFC','from':'2026-01-02'",
	"~ person jo: roles"},
    {"'until':'2030-01-01'}]}", "'until':'2030-01-02'}]}", "~ person jo: roles"},
    {"[{'function':'amhp','approved_by':'ZFC','from':'2026-01-01','until':'2030-01-01'}]",
	"['amhp']", "~ person jo: roles"},
    {"[{'function':'amhp','approved_by'",
	"[{'function':'liaison','until':'2026-01-01'},{'function':'liaison','from':'2027-01-01'},"
	"{'function':'amhp','approved_by'",
	"~ person jo: roles"},
    {"[{'function':'amhp','approved_by'",
	"[{'function':'liaison'},{'function':'amhp','until':'2020-01-01'},"
	"{'function':'amhp','approved_by'",
	"~ person jo: roles"},
    {"['amhp','liaison']", "['liaison','amhp']", "~ person lee: roles"},
    {"['amhp','liaison']", "['amhp']", "~ person lee: roles"},
    {"'id':'lee','name':'Lee','organisation':'ZFC'", "'id':'lee','name':'Lee','organisation':'ZAV'",
	"~ person lee: organisation"},
    /* Services. */
    {"'name':'T','function':'amhp'", "'name':'T','function':'liaison'", "~ service t: function"},
    {"'name':'T','function':'amhp','organisation':'ZFC'",
	"'name':'T','function':'amhp','organisation':'ZAV'", "~ service t: organisation"},
    {"'place':'X1','from':'2026-01-01'", "'place':'X2','from':'2026-01-01'", "~ service s: places"},
    {"'place':'X1','from':'2026-01-01'", "'place':'X1','from':'2026-01-02'", "~ service s: places"},
    {"'until':'2030-01-01'}],'phone'", "'until':'2030-01-02'}],'phone'", "~ service s: places"},
    {"'places':['X1']}],'rotas'", "'places':['X1','X2']}],'rotas'", "~ service t: places"},
    /* The same place again, for days before. */
    {"'until':'2030-01-01'}],'phone'",
	"'until':'2030-01-01'},{'place':'X1','until':'2026-01-01'}],'phone'",
	"~ service s: places"},
    {"'text':'Ring'", "'text':'Call'", "~ service s: fallback"},
    {",'phone':'+441632960457'", "", "~ service s: fallback"},
    {"'phone':'+441632960456',", "", "~ service s: phone"},
    /* Rotas. */
    {"'id':'duty','service':'s'", "'id':'duty','service':'t'", "~ rota duty: service"},
    {"'id':'leave','organisation':'ZFC','absences':true", "'id':'leave','service':'t'",
	"~ rota leave: service, absences"},
    {"'id':'leave','organisation':'ZFC'", "'id':'leave','organisation':'ZAV'",
	"~ rota leave: organisation"},
    {"{'kind':'file','path':'a.csv'}", "{'kind':'typed'}", "~ rota file: source"},
    {"'a.csv'", "'b.csv'", "~ rota file: source"},
    {"'token':'t'", "'token':'u'", "~ rota dav: source"},
    {",'over_http':true", "", "~ rota dav: source"},
    {"'proxy':'none'", "'proxy':'default'", "~ rota dav: source"},
    {"QUJD", "REVG", "~ rota dav: source"},
    {"'id':'duty'", "'id':'duty','from':'2020-01-01'", "~ rota duty: from"},
    {"'id':'duty'", "'id':'duty','until':'2040-01-01'", "~ rota duty: until"},
    {"'floating_zone':'Europe/London'", "'floating_zone':'Europe/Paris'", "~ rota duty: reading"},
    {"'all_day':{'start':'09:00','hours':24},", "", "~ rota duty: reading"},
    {"'start':'09:00'", "'start':'08:00'", "~ rota duty: reading"},
    {"'hours':24", "'hours':23", "~ rota duty: reading"},
    {"'reading':{", "'reading':{'tentative_counts':true,", "~ rota duty: reading"},
    {"'team_names':['Hub']", "'team_names':['Hub','Hut']", "~ rota duty: reading"},
    {"{'LD':", "{'LE':", "~ rota duty: reading"},
    {"{'LD':", "{'AL':'absence','LD':", "~ rota duty: reading"},
    {"{'from':'07:30','to':'20:00','names':['Long']}", "'noise'", "~ rota duty: reading"},
    {"'from':'07:30'", "'from':'07:00'", "~ rota duty: reading"},
    {"'to':'20:00'", "'to':'20:30'", "~ rota duty: reading"},
    {"'names':['Long']", "'names':['Tall']", "~ rota duty: reading"},
    {"'title':'T'", "'title':'U'", "~ rota duty: reading"},
    {"'reads':'named'", "'reads':'absence'", "~ rota duty: reading"},
    {"'person':'jo'", "'person':'lee'", "~ rota duty: reading"},
    {"{'title':'T','reads':'named','person':'jo'},", "", "~ rota duty: reading"},
    {"'title':'T','reads':'named','person':'jo'", "'title':'T','reads':'noise'",
	"~ rota duty: reading"},
    {"'team_names':['Hub']", "'team_names':['Hub','Hut']", "~ rota duty: reading"},
    {"'words':'w'", "'words':'v'", "~ rota duty: reading"},
    {"'means':'nobody'", "'means':'nothing'", "~ rota duty: reading"},
    {"'words':[{'words':'w','means':'nobody'}],", "", "~ rota duty: reading"},
    {"'date_order':'dmy'", "'date_order':'mdy'", "~ rota duty: reading"},
    {"'sheet':'On call'", "'sheet':'Rota'", "~ rota duty: reading"},
    {"'sheet':'On call',", "", "~ rota duty: reading"},
    {"'fill':'off'", "'fill':'nothing'", "~ rota duty: reading"},
    {"'comment':'nothing'", "'comment':'undecided'", "~ rota duty: reading"},
    {"'hidden':'off'", "'hidden':'nothing'", "~ rota duty: reading"},
    {"dates_by_roles", "weeks_by_roles", "~ rota duty: reading"},
    {"'column':['A','B']", "'column':['A','C']", "~ rota duty: reading"},
    {"'column':['A','B']", "'column':'A'", "~ rota duty: reading"},
    {"'09:00','to':'17:00'", "'08:00','to':'17:00'", "~ rota duty: reading"},
    {"'09:00','to':'17:00'", "'09:00','to':'18:00'", "~ rota duty: reading"},
    {"'10:00','to':'16:00'", "'11:00','to':'16:00'", "~ rota duty: reading"},
    {"'10:00','to':'16:00'", "'10:00','to':'15:00'", "~ rota duty: reading"},
    {",'weekend':{'from':'10:00','to':'16:00'}", "", "~ rota duty: reading"},
    {"'12:00','to':'14:00'", "'11:00','to':'14:00'", "~ rota duty: reading"},
    {"'12:00','to':'14:00'", "'12:00','to':'15:00'", "~ rota duty: reading"},
    {",'bank_holiday':{'from':'12:00','to':'14:00'}", "", "~ rota duty: reading"},
    {",'hours':{'from':'09:00','to':'17:00'},'weekend':{'from':'10:00','to':'16:00'},'bank_holiday':{'from':'12:00','to':'14:00'}",
	"", "~ rota duty: reading"},
    {"'JJ':'jo'", "'JJ':'lee'", "~ rota duty: reading"},
    {"'JJ':'jo'", "'JK':'jo'", "~ rota duty: reading"},
    {",'LL':'lee'", "", "~ rota duty: reading"},
    {"'JJ':'jo','LL':'lee'", "'LL':'lee','JJ':'jo'", ""},
    {"'Z':'Europe/London'", "'Y':'Europe/London'", "~ rota duty: reading"},
    {"'Z':'Europe/London'", "'Z':'Europe/Paris'", "~ rota duty: reading"},
    {",'zones':{'Z':'Europe/London'}", "", "~ rota duty: reading"},
    /* Requirements. */
    {"'id':'R1','place':'X1'", "'id':'R1','place':'X2'", "~ requirement R1: place"},
    {"'place':'X1','function':'amhp'", "'place':'X1','function':'liaison'",
	"~ requirement R1: function"},
    {"'days':['mon']", "'days':['tue']", "~ requirement R1: hours"},
    {"'from':'00:00'", "'from':'01:00'", "~ requirement R1: hours"},
    {"'to':'24:00'", "'to':'23:00'", "~ requirement R1: hours"},
    {"'hours':[{'days':['mon']",
	"'hours':[{'days':['sun'],'from':'01:00','to':'02:00'},{'days':['mon']",
	"~ requirement R1: hours"},
    {"'critical_hours':24", "'critical_hours':23", "~ requirement R1: severity"},
    {"'high_hours':72", "'high_hours':71", "~ requirement R1: severity"},
    {"'severity':{'critical_hours':24,'high_hours':72},", "", "~ requirement R1: severity"},
    {"'owner':'ZFC'", "'owner':'ZAV'", "~ requirement R1: owner"},
    {"'owner':'ZFC'", "'owner':'ZFC','deputy':'ZAV'", "~ requirement R1: deputy"},
    {"'owner':'ZFC'", "'owner':'ZFC','commissioner':'ZAV'", "~ requirement R1: commissioner"},
    {"'owner':'ZFC'",
	"'owner':'ZFC','commissioners':[{'commissioner':'ZAV','share':60},{'commissioner':'ZFC','share':40}]",
	"~ requirement R1: commissioners"},
    {"'to':'owner'", "'to':'deputy'", "~ requirement R1: alerts"},
    {"'lead_hours':10", "'lead_hours':11", "~ requirement R1: alerts"},
    {"'alerts':[{'to':'owner','lead_hours':10}],", "", "~ requirement R1: alerts"},
    {"'count':1", "'count':1,'handover_minutes':5", "~ requirement R1: handover_minutes"},
    {"'count':1", "'count':1,'max_share':2", "~ requirement R1: max_share"},
    {"'count':1", "'count':1,'from':'2026-01-01'", "~ requirement R1: from"},
    {"'count':1", "'count':1,'until':'2036-01-01'", "~ requirement R1: until"},
    {"'count':1", "'count':1,'role':'any'", "~ requirement R1: role"},
    {"'count':1", "'count':1,'approvers':['ZAV']", "~ requirement R1: approvers"},
    {"'pack':'p'", "'pack':'q'", "~ requirement R1: pack"},
    {"'by':'zed'", "'by':'zod'", "~ requirement R1: confirmed"},
    {"'on':'2026-01-01'", "'on':'2026-01-02'", "~ requirement R1: confirmed"},
    /* Accounts. */
    {"'name':'zed','kind':'person'", "'name':'zed','kind':'device'", "~ account zed: kind"},
    {"'role':'viewer','organisation':'ZFC'", "'role':'viewer','organisation':'ZAV'",
	"~ account zed: organisation"},
    {"'role':'viewer','organisation':'ZFC'", "'role':'viewer'", "~ account zed: organisation"},
    {"'places':['X1']}],'areas'", "'places':['X2']}],'areas'", "~ account zed: places"},
    {"'places':['X1']}],'areas'", "'places':['X1','X2']}],'areas'", "~ account zed: places"},
    {"'name':'zed','kind'", "'name':'zed','person':'jo','kind'", "~ account zed: person"},
    /* Areas. */
    {"'name':'Area'", "'name':'Arena'", "~ area ar: name"},
    {"'kind':'council','place'", "'kind':'gp_area','place'", "~ area ar: kind"},
    {"'kind':'council','place':'X1'", "'kind':'council','place':'X2'", "~ area ar: place"},
    {"'also':['X2','X3']", "'also':['X3','X2']", "~ area ar: also"},
    {",'also':['X2','X3']", "", "~ area ar: also"},
    /* Navigators. */
    {"'name':'Cafe'", "'name':'House'", "~ navigator cafe: name"},
    {"'crisis_cafe'", "'other'", "~ navigator cafe: kind"},
    {"'crisis_cafe','organisation':'ZFC'", "'crisis_cafe','organisation':'ZAV'",
	"~ navigator cafe: organisation"},
    {"'for':'adults'", "'for':'all'", "~ navigator cafe: for"},
    {"'1 High Street'", "'2 High Street'", "~ navigator cafe: address"},
    {"'+441632960777'", "'+441632960778'", "~ navigator cafe: phone"},
    {"'phone':'+441632960777',", "", "~ navigator cafe: phone"},
    {"'phone':'+441632960777','places':['X1','X2']", "'phone':'+441632960777','places':['X1']",
	"~ navigator cafe: places"},
    {",'functions':['amhp']", "", "~ navigator cafe: functions"},
    {"'days':['wed']", "'days':['thu']", "~ navigator cafe: hours"},
    {"'from':'18:00'", "'from':'18:01'", "~ navigator cafe: hours"},
    {"'to':'23:30'", "'to':'23:31'", "~ navigator cafe: hours"},
    {",'hours':[{'days':['wed'],'from':'18:00','to':'23:30'}]", "", "~ navigator cafe: hours"},
    {"'walk_in':true,", "", "~ navigator cafe: walk_in"},
    {"'areas':['ar'],", "", "~ navigator cafe: areas"},
    {"'walk_in':true,'self_referral':true", "'walk_in':true", "~ navigator cafe: self_referral"},
    {",'from':'2026-02-01'", "", "~ navigator cafe: from"},
    {",'until':'2033-01-01'", "", "~ navigator cafe: until"},
};

/* And back. */
static void
each_member_is_compared(void **state)
{
	struct arena *arena = *state;
	size_t wrong = 0;

	assert_string_equal(compared(arena, file, file), "");
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		const char *after = region_text_with(arena, file, edits[i].from, edits[i].to);
		const char *is = compared(arena, file, after), *back = compared(arena, after, file);

		if (strcmp(is, edits[i].changed) != 0 || strcmp(back, edits[i].changed) != 0) {
			print_error("%s: %s; back: %s\n", edits[i].to, is, back);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

/* Two members of the root at once are one change of it. */
static void
the_root_is_one_thing(void **state)
{
	struct arena *arena = *state;
	const char *after = region_text_with(arena,
	    region_text_with(arena, file, "'Europe/London'", "'Europe/Paris'"), "'A day'",
	    "'The day'");

	assert_true(strncmp(compared(arena, file, after),
			"~ region region: time_zone, bank_holidays", 41) == 0);
}

/* A code that another thing of another kind had before means nothing for this one. */
static void
former_codes_are_of_one_kind(void **state)
{
	struct arena *arena = *state;
	const char *before = region_text_with(arena, file, "'id':'s','name'", "'id':'z','name'");
	const char *after;

	before = region_text_with(arena, before, "'service':'s','tier'", "'service':'z','tier'");
	before =
	    region_text_with(arena, before, "'service':'s','source'", "'service':'z','source'");
	after = region_text_with(
	    arena, file, "'id':'jo','name'", "'id':'jj','renamed_from':'jo','name'");
	after = region_text_with(arena, after, "'person':'jo'", "'person':'jj'");
	after = region_text_with(arena, after, "'JJ':'jo'", "'JJ':'jj'");
	after =
	    region_text_with(arena, after, "'id':'s','name'", "'id':'s','renamed_from':'z','name'");
	assert_string_equal(compared(arena, before, after), "~ person jj: code; ~ service s: code");
}

/* The roles are the same, and which of them was approved is another. */
static void
an_approval_of_another_function_is_another(void **state)
{
	struct arena *arena = *state;
	const char *before =
	    region_text_with(arena, file, "['amhp','liaison']", "[{'function':'amhp'},'liaison']");
	const char *after =
	    region_text_with(arena, file, "['amhp','liaison']", "['amhp',{'function':'liaison'}]");

	assert_string_equal(compared(arena, before, after), "~ person lee: roles");
}

static void
a_title_of_another_team_is_another(void **state)
{
	struct arena *arena = *state;
	const char *before = region_text_with(arena, file, "['Hub']", "['Hub','Hut']");
	const char *after = region_text_with(arena, before, "'team':'Hub'", "'team':'Hut'");

	assert_string_equal(compared(arena, before, after), "~ rota duty: reading");
}

static void
a_code_of_another_kind_is_another(void **state)
{
	struct arena *arena = *state;
	const char *before = region_text_with(arena, file, "{'LD':", "{'AL':'absence','LD':");

	assert_string_equal(compared(arena, before,
				region_text_with(arena, before, "'AL':'absence'", "'AL':'noise'")),
	    "~ rota duty: reading");
}

/* A file can name one set today. */
static void
another_set_of_bank_holidays_is_another(void **state)
{
	struct arena *arena = *state;
	struct region other = *read_text(arena, file);
	struct region_changes changes;

	other.holidays = "scotland";
	region_compare(arena, read_text(arena, file), &other, &changes);
	assert_int_equal(changes.count, 1);
	assert_string_equal(changes.items[0].what, "bank_holidays");
}

/* Two renamed people: each has its own former codes. */
static void
former_codes_are_of_one_thing(void **state)
{
	struct arena *arena = *state;
	const char *text = region_text_with(arena,
	    region_text_with(arena, file, "'code':'X2'", "'code':'X2','renamed_from':['Y2','Y1']"),
	    "'code':'X3'", "'code':'X3','renamed_from':'Y3'");
	const struct region *region = read_text(arena, text);
	const char *const *codes = region_codes(arena, region, "place", "X2");

	assert_string_equal(codes[0], "X2");
	assert_string_equal(codes[1], "Y2");
	assert_string_equal(codes[2], "Y1");
	assert_null(codes[3]);
	codes = region_codes(arena, region, "place", "X3");
	assert_string_equal(codes[1], "Y3");
	assert_null(codes[2]);
}

/* In who they are and in their shares. */
static void
several_commissioners_are_compared_one_by_one(void **state)
{
	const struct region_commissioner two[] = {{"ZAV", 60, 100}, {"ZFC", 40, 100}};
	struct region_commissioner others[] = {{"ZAV", 60, 100}, {"ZFC", 40, 100}};
	struct region_requirement x = {.joint = true, .commissioners = two, .ncommissioners = 2},
				  y = x;

	(void)state;
	y.commissioners = others;
	assert_true(region_same_commissioners(&x, &y));
	others[1].who = "ZED";
	assert_false(region_same_commissioners(&x, &y));
	others[1] = (struct region_commissioner){"ZFC", 30, 100};
	assert_false(region_same_commissioners(&x, &y));
	others[1] = (struct region_commissioner){"ZFC", 40, 90};
	assert_false(region_same_commissioners(&x, &y));
	others[1] = two[1];
	y.ncommissioners = 1;
	assert_false(region_same_commissioners(&x, &y));
	y = x;
	y.joint = false;
	assert_false(region_same_commissioners(&x, &y));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, region_text_setup, region_text_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(several_commissioners_are_compared_one_by_one),
	    TEST(each_member_is_compared),
	    TEST(the_root_is_one_thing),
	    TEST(former_codes_are_of_one_kind),
	    TEST(an_approval_of_another_function_is_another),
	    TEST(a_title_of_another_team_is_another),
	    TEST(a_code_of_another_kind_is_another),
	    TEST(another_set_of_bank_holidays_is_another),
	    TEST(former_codes_are_of_one_thing),
	};

	return cmocka_run_group_tests_name("what differs", tests, NULL, NULL);
}
