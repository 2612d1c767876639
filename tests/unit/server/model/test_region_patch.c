/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "server/model/merge_patch.h"
#include "server/model/region_carry.h"
#include "server/model/region_compare.h"
#include "server/model/region_item.h"
#include "server/model/region_shared.h"
#include "tests/support/rounds.h"
#include "tests/unit/server/model/dice.h"
#include "tests/unit/server/model/region_dump.h"
#include "tests/unit/server/model/region_text.h"

/*
 * A change of one object, read by itself and in its file: what is patched is what is read whole, with
 * the same faults and warnings. Random changes follow one another, so that patches lie over patches.
 */
#define CHANGES 250
#define HOURS "'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]"

static const char file[] =
    "{'crisiscover':1,'time_zone':'Europe/London',"
    "'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'},"
    "{'code':'ZAV','name':'Alder Vale','kind':'nhs_trust','renamed_from':['ZOLD'],'until':'2031-01-01'}],"
    "'functions':[{'code':'amhp','name':'AMHP'},{'code':'liaison','name':'Liaison'}],"
    "'places':[{'code':'X1','name':'Fenmere','kind':'council_area'},"
    "{'code':'X2','name':'Oswin','kind':'hospital','parents':['X1']},"
    "{'code':'X3','name':'Old','kind':'hospital','until':'2026-01-01','successors':['X2']},"
    "{'code':'X4','name':'Northgate','kind':'hospital','switchboard':'+441632960900','ladders':[{'function':'liaison',"
    "'steps':[{'on_call':1},{'name':'Hub','phone':'+441632960125'}]},{'function':'amhp','steps':[{'on_call':1}]}]}],"
    "'people':[{'id':'jo','name':'Jo','organisation':'ZFC','aliases':['J'],"
    "'renamed_from':['joan','jo-1'],'former_names':['F'],"
    "'roles':[{'function':'amhp','approved_by':'ZFC','until':'2030-01-01'}]},"
    "{'id':'lee','name':'Lee','organisation':'ZFC','roles':['amhp','liaison'],'work_phone':'+441632960124'},"
    "{'id':'sam','name':'Sam','organisation':'ZAV','aliases':['Sammy'],'roles':['liaison'],"
    "'work_phone':{'number':'+447700900123','personal':true}},"
    "{'id':'kim','name':'Kim','organisation':'ZAV'}],"
    "'services':[{'id':'s','name':'S','function':'amhp','organisation':'ZFC','places':['X1','X2','X3']},"
    "{'id':'t','name':'T','function':'amhp','organisation':'ZFC','phone':'+441632960456',"
    "'places':[{'place':'X1','from':'2026-01-01','until':'2030-01-01'}]},"
    "{'id':'u','name':'U','function':'liaison','organisation':'ZAV','places':['X2','X4']}],"
    "'rotas':[{'id':'duty','service':'s','source':{'kind':'ical_url','url':'http://example.org/a.ics'},"
    "'reading':{'team_names':['Hub'],'titles':[{'title':'T','reads':'named','person':'jo'}]}},"
    "{'id':'second','service':'u','tier':2,'source':{'kind':'typed'}},"
    "{'id':'file','service':'t','source':{'kind':'file','path':'a.csv'},'until':'2028-01-01'},"
    "{'id':'leave','organisation':'ZFC','absences':true,'source':{'kind':'typed'}}],"
    "'requirements':[{'id':'R1','place':'X1','function':'amhp','count':1,'pack':'p'," HOURS "},"
    "{'id':'R2','place':'X2','function':'liaison','count':2,'max_share':1," HOURS "},"
    "{'id':'R3','place':'X4','function':'amhp','count':1," HOURS "}],"
    "'accounts':[{'name':'zed','kind':'person','role':'viewer','places':['X1']}],"
    "'areas':[{'code':'ar','name':'Area','kind':'council','place':'X1','also':['X2']},"
    "{'code':'Z1','name':'Z1','kind':'postcode_district','place':'X2'}],"
    "'navigators':[{'id':'cafe','name':'Cafe','kind':'crisis_cafe','organisation':'ZAV','for':'all',"
    "'address':'1 High Street','places':['X1','X2']},"
    "{'id':'line','name':'Line','kind':'helpline','organisation':'ZFC','for':'all','phone':'+441632960777',"
    "'places':['X3'],'areas':['ar'],'functions':['amhp'],'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}]}";

/* What an object may be told to become: good, bad, and what concerns others. */
static const struct {
	const char *list, *patch;
} patches[] = {
    {"organisations", "{'name':'New'}"},
    {"organisations", "{'kind':'other'}"},
    {"organisations", "{'kind':'club'}"},
    {"organisations", "{'renamed_from':['ZZ']}"},
    {"organisations", "{'until':'2032-01-01'}"},
    {"functions", "{'name':'Function'}"},
    {"functions", "{'severity':{'critical_hours':10}}"},
    {"functions", "{'name':''}"},
    {"places", "{'switchboard':'+441632960901'}"},
    {"places", "{'switchboard':null}"},
    {"places", "{'switchboard':'960901'}"},
    {"places", "{'first':['amhp']}"},
    {"places", "{'first':['liaison','amhp']}"},
    {"places", "{'first':['amhp','amhp']}"},
    {"places", "{'first':['nothing']}"},
    {"places", "{'first':[]}"},
    {"places", "{'ladders':[{'function':'amhp','steps':[{'on_call':1},{'service':'t'}]}]}"},
    {"places",
	"{'ladders':[{'function':'amhp','steps':[{'name':'Hub','phone':'+441632960125'}]}]}"},
    {"places", "{'ladders':[{'function':'amhp','steps':[{'on_call':'1'}]}]}"},
    {"places", "{'ladders':null}"},
    {"places", "{'public_card':true}"},
    {"places", "{'research':true}"},
    {"places", "{'public_card':'yes'}"},
    {"services", "{'self_referral':true}"},
    {"services", "{'self_referral':1}"},
    {"places", "{'name':'Fenmere'}"},
    {"places", "{'parents':['X4']}"},
    {"places", "{'successors':['X2'],'until':'2027-01-01'}"},
    {"people", "{'work_phone':'+441632960125'}"},
    {"people", "{'work_phone':{'number':'+447700900124','personal':true}}"},
    {"people", "{'work_phone':{'via_switchboard':true,'bleep':'0667'}}"},
    {"people", "{'work_phone':{'verified_at':'2026-10-01','number':'+441632960125'}}"},
    {"people", "{'work_phone':{'verified_at':'2026-13-01'}}"},
    {"people", "{'work_phone':{'number':'12','nubmer':'13'}}"},
    {"people", "{'work_phone':null}"},
    {"people", "{'work_phone':7}"},
    {"people", "{'aliases':['A','B']}"},
    {"people", "{'aliases':['A','A']}"},
    {"people", "{'aliases':null}"},
    {"people", "{'aliases':'A'}"},
    {"people", "{'former_names':null}"},
    {"people", "{'former_names':['Lee']}"},
    {"people", "{'name':'Lee','former_names':null}"},
    {"people", "{'name':'Someone'}"},
    {"people", "{'name':'Kim','aliases':['Jo']}"},
    {"people", "{'name':3}"},
    {"people", "{'roles':['amhp']}"},
    {"people", "{'roles':[]}"},
    {"people", "{'organisation':'ZAV'}"},
    {"people", "{'renamed_from':'joan'}"},
    {"people", "{'telephone':'+441632960125'}"},
    {"services", "{'phone':'+441632960457'}"},
    {"services", "{'phone':{'via_switchboard':true}}"},
    {"services", "{'phone':null}"},
    {"services", "{'phone':'0'}"},
    {"services", "{'fallback':{'text':'Ring','phone':'+441632960458'}}"},
    {"services", "{'fallback':{'phone':'+441632960458'}}"},
    {"services", "{'fallback':null,'name':'Another'}"},
    {"services", "{'places':['X1']}"},
    {"services", "{'places':['X1','X2','X3','X4']}"},
    {"rotas", "{'source':{'kind':'ical_url','url':'https://example.org/b.ics'}}"},
    {"rotas", "{'source':{'kind':'ical_url','url':'ftp://example.org'}}"},
    {"rotas", "{'source':{'every_minutes':17}}"},
    {"rotas", "{'source':{'path':'b.csv'}}"},
    {"rotas", "{'reading':{'aliases':{'LL':'lee'}}}"},
    {"rotas", "{'reading':{'aliases':{'KK':'kim'}}}"},
    {"rotas", "{'reading':{'shift_codes':{'LD':{'from':'07:30','to':'20:00'}}}}"},
    {"rotas", "{'reading':{'titles':[{'title':'H','reads':'team','team':'Hub'}]}}"},
    {"rotas", "{'reading':null}"},
    {"rotas", "{'tier':3}"},
    {"rotas", "{'until':'2029-01-01'}"},
    {"requirements", "{'count':2}"},
    {"requirements", "{'count':0}"},
    {"requirements", "{'role':'any','approvers':null}"},
    {"requirements", "{'role':'required'}"},
    {"requirements", "{'approvers':['ZFC']}"},
    {"requirements", "{'approvers':['ZXX']}"},
    {"requirements", "{'max_share':2}"},
    {"requirements", "{'max_share':null,'shared_ok':false}"},
    {"requirements", "{'severity':{'critical_hours':6,'high_hours':12}}"},
    {"requirements", "{'severity':null}"},
    {"requirements", "{'owner':'ZFC','alerts':[{'to':'owner','lead_hours':9}]}"},
    {"requirements", "{'hours':[{'days':['mon'],'from':'09:00','to':'17:00'}]}"},
    {"requirements", "{'hours':[]}"},
    {"requirements", "{'pack':'p','confirmed':{'by':'zed','on':'2026-01-01'}}"},
    {"requirements", "{'confirmed':null}"},
    {"requirements", "{'place':'X2'}"},
    {"requirements", "{'until':'2028-01-01'}"},
    {"accounts", "{'role':'auditor'}"},
    {"accounts", "{'role':'king'}"},
    {"accounts", "{'places':['X1','X2'],'organisation':'ZAV'}"},
    {"accounts", "{'places':['X9']}"},
    {"areas", "{'name':'Z1'}"},
    {"areas", "{'kind':'gp_area'}"},
    {"areas", "{'kind':'county'}"},
    {"areas", "{'place':'X3'}"},
    {"areas", "{'place':'X9'}"},
    {"areas", "{'also':['X3','X4']}"},
    {"areas", "{'also':null}"},
    {"navigators", "{'name':'House'}"},
    {"navigators", "{'kind':'other'}"},
    {"navigators", "{'kind':'house'}"},
    {"navigators", "{'organisation':'ZXX'}"},
    {"navigators",
	"{'for':'adults','address':'2 High Street','walk_in':true,'self_referral':true}"},
    {"navigators", "{'hours':null}"},
    {"navigators", "{'hours':[{'days':['wed'],'from':'18:00','to':'23:30'}]}"},
    {"navigators", "{'functions':['liaison'],'from':'2026-02-01','until':'2033-01-01'}"},
    {"navigators", "{'places':['X1','X2','X3']}"},
    {"navigators", "{'places':[]}"},
    {"navigators", "{'areas':['ar','Z1']}"},
    {"navigators", "{'areas':['ZX']}"},
    {"navigators", "{'phone':'+441632960778'}"},
    {"navigators", "{'phone':'+441632960123'}"},
    {"navigators", "{'phone':null,'address':null}"},
};
#define PATCHES (sizeof patches / sizeof *patches)

/* Whatever makes no difference to others: it must not cost a reading of the whole. */
static bool
is_everyday(const char *list, const char *code, const char *patch)
{
	static const char *const others[] = {"'severity':{'critical_hours':10}", "'parents'",
	    "'successors'", "'roles'", "'organisation':'ZAV'}", "'renamed_from'", "'places':['X1']",
	    "'places':['X1','X2','X3','X4']", "'tier'", "'until'", "'place':'X2'", "'ladders'",
	    "960125"}; /* which a ladder may give */

	if (strcmp(list, "accounts") == 0)
		return true;
	/* A navigator of the area is in the list of that place. */
	if (strcmp(list, "areas") == 0)
		return strstr(patch, "'place'") == NULL;
	/* Its places have it in a list, and its number may be somebody's. */
	if (strcmp(list, "navigators") == 0)
		return strstr(patch, "'places'") == NULL && strstr(patch, "'areas'") == NULL &&
		       strstr(patch, "'phone'") == NULL;
	/* Another address is, another kind of source is not. */
	if (strstr(patch, "'ical_url'") != NULL)
		return strcmp(code, "duty") == 0;
	if (strcmp(list, "places") == 0 && strstr(patch, "'name'") != NULL)
		return false;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strstr(patch, others[i]) != NULL)
			return false;
	return true;
}

static struct slice
quoted(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *at = copy; *at != '\0'; at++)
		*at = *at == '\'' ? '"' : *at;
	return slice_of(copy);
}

static struct slice
dumped(struct arena *arena, json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);
	struct slice out = slice_of(arena_strdup(arena, text));

	free(text);
	json_decref(value);
	return out;
}

/* A change: which object, and what it is to be. */
struct change {
	const struct region_kind *kind;
	const char *code, *patch;
	struct slice item;
};

static struct change
roll(struct arena *arena, struct dice *dice, struct slice document)
{
	size_t n = (size_t)dice_below(dice, PATCHES);
	const struct region_kind *kind = region_kind_listed(slice_of(patches[n].list));
	json_t *root = json_loadb(document.at, document.len, 0, NULL);
	json_t *list = json_object_get(root, kind->list), *item, *patch, *made;
	struct slice text = quoted(arena, patches[n].patch);
	struct change change = {.kind = kind, .patch = patches[n].patch};

	item = json_array_get(list, (size_t)dice_below(dice, (uint32_t)json_array_size(list)));
	patch = json_loadb(text.at, text.len, 0, NULL);
	change.code = arena_strdup(arena, json_string_value(json_object_get(item, kind->id)));
	made = merge_patch(item, patch);
	change.item = dumped(arena, made);
	json_decref(patch);
	json_decref(root);
	return change;
}

/* The same change in its file. */
struct whole {
	enum status status;
	struct slice document;
	size_t index;
	const struct region *region;
	struct region_faults faults;
};

static struct whole
read_whole(struct arena *arena, struct slice document, const struct change *change,
    const struct region *before)
{
	struct whole out = {0};
	struct slice sent = region_item_set(arena, document,
	    &(struct region_item){change->kind, change->code}, change->item, &out.index);

	out.status = region_read(arena, sent, region_text_zones(), &out.region, &out.faults);
	if (out.status != STATUS_OK)
		return out;
	out.document = region_carry(arena, sent, before);
	out.status =
	    region_read(arena, out.document, region_text_zones(), &out.region, &out.faults);
	assert_int_equal(out.status, STATUS_OK);
	return out;
}

static bool
has_fault(const struct region_faults *faults, const struct region_fault *fault)
{
	for (size_t i = 0; i < faults->count; i++)
		if (strcmp(faults->items[i].path, fault->path) == 0 &&
		    strcmp(faults->items[i].detail, fault->detail) == 0 &&
		    faults->items[i].warning == fault->warning)
			return true;
	return false;
}

static void
assert_same_faults(const struct region_faults *mine, const struct region_faults *whole)
{
	for (size_t i = 0; i < mine->count; i++)
		if (!has_fault(whole, &mine->items[i]))
			fail_msg(
			    "the file has not: %s %s", mine->items[i].path, mine->items[i].detail);
	for (size_t i = 0; i < whole->count; i++)
		if (!whole->items[i].warning && !has_fault(mine, &whole->items[i]))
			fail_msg("only the file has: %s %s", whole->items[i].path,
			    whole->items[i].detail);
}

/* Every warning that comes or goes with the change is one that is told, or was. */
static void
assert_warnings_told(const struct region_faults *before, const struct region_faults *after,
    const struct region_faults *told)
{
	for (size_t i = 0; i < after->count; i++)
		if (!has_fault(before, &after->items[i]) && !has_fault(told, &after->items[i]))
			fail_msg("not told: %s %s", after->items[i].path, after->items[i].detail);
}

static void
assert_same_region(const struct region *mine, const struct region *whole)
{
	struct buf a = region_dump(mine), b = region_dump(whole);

	assert_string_equal(a.at, b.at);
	buf_free(&a);
	buf_free(&b);
}

static void
assert_same_document(struct arena *arena, const struct region_shared *shared, struct slice document)
{
	struct slice mine = region_shared_document(arena, shared);
	json_t *a = json_loadb(mine.at, mine.len, 0, NULL);
	json_t *b = json_loadb(document.at, document.len, 0, NULL);

	assert_true(json_equal(a, b));
	json_decref(a);
	json_decref(b);
}

static void
assert_one_change(struct arena *arena, const struct change *change,
    const struct region_shared_made *made, const struct region *before, const struct region *after)
{
	struct region_changes changes;

	region_compare(arena, before, after, &changes);
	assert_int_equal(changes.count, made->keys != NULL);
	if (made->keys == NULL)
		return;
	assert_int_equal(changes.items[0].sign, '~');
	assert_string_equal(changes.items[0].kind, change->kind->kind);
	assert_string_equal(changes.items[0].what, made->keys);
}

struct story {
	struct region_shared *shared;
	struct slice document; /* in the arena of its own */
	struct arena *own;
	struct region_faults warnings;
	unsigned patched, faulty, whole;
};

/* The set-up as it is now; warnings of it live with it. */
static void
go_on(struct story *story, const struct whole *whole)
{
	struct arena *arena = arena_new(0);
	struct region_fault *items = arena_array(arena, whole->faults.count + 1, sizeof *items);

	for (size_t i = 0; i < whole->faults.count; i++)
		items[i] = (struct region_fault){arena_strdup(arena, whole->faults.items[i].path),
		    arena_strdup(arena, whole->faults.items[i].detail), true};
	story->warnings = (struct region_faults){items, whole->faults.count};
	story->document = slice_of(arena_strndup(arena, whole->document.at, whole->document.len));
	arena_free(story->own);
	story->own = arena;
}

static void
read_again(struct story *story)
{
	struct arena *arena = arena_new(0);
	struct region_faults faults;

	region_shared_unref(story->shared);
	assert_int_equal(region_shared_read(
			     arena, story->document, region_text_zones(), &story->shared, &faults),
	    STATUS_OK);
	arena_free(arena);
}

static void
judge(struct story *story, struct arena *arena, const struct change *change)
{
	const struct region *before = story->shared->region;
	struct whole whole = read_whole(arena, story->document, change, before);
	struct region_patch patch = {.kind = change->kind,
	    .item = region_carry_item(arena, change->kind, change->item, before),
	    .zones = region_text_zones()};
	struct region_shared_made made = {0};
	struct region_faults faults = {0};
	enum region_patched patched =
	    region_shared_patch(arena, story->shared, &patch, &made, &faults);

	if (patched == REGION_PATCH_WHOLE) {
		if (is_everyday(change->kind->list, change->code, change->patch))
			fail_msg("%s %s was read whole", change->code, change->patch);
		story->whole++;
	} else if (patched == REGION_PATCH_FAULTY) {
		assert_int_equal(whole.status, STATUS_MALFORMED);
		assert_same_faults(&faults, &whole.faults);
		story->faulty++;
	} else {
		assert_int_equal(whole.status, STATUS_OK);
		assert_int_equal(made.index, whole.index);
		assert_same_region(made.shared->region, whole.region);
		assert_same_document(arena, made.shared, whole.document);
		assert_one_change(arena, change, &made, before, whole.region);
		assert_same_faults(&faults, &whole.faults);
		assert_warnings_told(&story->warnings, &whole.faults, &faults);
		region_shared_unref(story->shared);
		story->shared = made.shared;
		story->patched++;
	}
	if (whole.status == STATUS_OK)
		go_on(story, &whole);
	if (whole.status == STATUS_OK && patched == REGION_PATCH_WHOLE)
		read_again(story);
}

static void
a_patch_is_the_file_read_whole(void **state)
{
	struct story story = {.own = arena_new(0)};
	struct dice dice = dice_of(7);
	unsigned changes = rounds(CHANGES);

	(void)state;
	story.document = quoted(story.own, file);
	assert_int_equal(region_read(story.own, story.document, region_text_zones(),
			     &(const struct region *){NULL}, &story.warnings),
	    STATUS_OK);
	read_again(&story);
	for (unsigned i = 0; i < changes; i++) {
		struct arena *arena = arena_new(0);
		struct change change = roll(arena, &dice, story.document);

		judge(&story, arena, &change);
		arena_free(arena);
	}
	/* Each of the three was tried. */
	assert_true(story.patched > changes / 3 && story.faulty > changes / 20 &&
		    story.whole > changes / 20);
	region_shared_unref(story.shared);
	arena_free(story.own);
}

/* R1 is asked at X1 and below it, and the service "s" of both has no rota. */
static void
what_a_change_touches_twice_is_told_once(void **state)
{
	struct arena *arena = arena_new(0);
	char *text = arena_strdup(arena, file),
	     *service = strstr(text, "'id':'duty','service':'s'");
	struct region_patch patch = {.kind = region_kind_listed(slice_of("requirements")),
	    .item = quoted(arena, "{'id':'R1','place':'X1','function':'amhp','count':2,"
				  "'pack':'p'," HOURS "}"),
	    .zones = region_text_zones()};
	struct region_shared *shared;
	struct region_shared_made made = {0};
	struct region_faults faults;
	unsigned told = 0;

	(void)state;
	service[strlen("'id':'duty','service':'s'") - 2] = 't';
	assert_int_equal(
	    region_shared_read(arena, quoted(arena, text), region_text_zones(), &shared, &faults),
	    STATUS_OK);
	assert_int_equal(
	    region_shared_patch(arena, shared, &patch, &made, &faults), REGION_PATCHED);
	for (size_t i = 0; i < faults.count; i++)
		told += strstr(faults.items[i].detail, "service s has no rota") != NULL;
	assert_int_equal(told, 1);
	region_shared_unref(made.shared);
	region_shared_unref(shared);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_change_touches_twice_is_told_once),
	    cmocka_unit_test(a_patch_is_the_file_read_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
