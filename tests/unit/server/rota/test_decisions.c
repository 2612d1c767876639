/* SPDX-License-Identifier: MIT */
/* Decisions as options of a reader, and the people that a name may mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "server/rota/rota_candidates.h"
#include "server/rota/rota_options.h"

static const char file[] =
    "{\"crisiscover\": 1, \"organisations\": [{\"code\": \"ZFC\", \"name\": \"Fenmere\", \"kind\": \"local_authority\"}, "
    "{\"code\": \"ZAV\", \"name\": \"Alder\", \"kind\": \"nhs_trust\"}], \"functions\": [{\"code\": \"amhp\", \"name\": "
    "\"AMHP\"}], \"places\": [{\"code\": \"X06000001\", \"name\": \"Fenmere\", \"kind\": \"council_area\"}], \"people\": "
    "[{\"id\": \"jo-jones\", \"name\": \"Jo Jones\", \"organisation\": \"ZFC\", \"aliases\": [\"Jojo\"]}, {\"id\": "
    "\"jan-joyce\", \"name\": \"Jan Joyce\", \"organisation\": \"ZFC\"}, {\"id\": \"s-ahmed\", \"name\": \"Samuel Ahmed\", "
    "\"organisation\": \"ZAV\", \"roles\": [\"amhp\"]}, {\"id\": \"far-away\", \"name\": \"Far Jones\", \"organisation\": "
    "\"ZAV\"}], \"services\": [{\"id\": \"s\", \"name\": \"S\", \"function\": \"amhp\", \"organisation\": \"ZFC\", "
    "\"places\": [\"X06000001\"]}], \"rotas\": [{\"id\": \"duty\", \"service\": \"s\", \"tier\": 1, \"source\": {\"kind\": "
    "\"file\"}, \"reading\": {\"team_names\": [\"Hub\"], \"aliases\": {\"JJ\": \"jo-jones\", \"Sam\": \"s-ahmed\"}, "
    "\"titles\": [{\"title\": \"Zed\", \"reads\": \"noise\"}], \"words\": [{\"words\": \"Surge\", \"means\": \"nothing\"}],"
    " \"zones\": {\"Fen Time\": \"Europe/London\"}, \"date_order\": \"dmy\", "
    "\"sheet\": \"On call\", \"marks\": {\"fill\": \"off\", \"comment\": \"nothing\"}}}], \"requirements\": [], \"accounts\": []}";

struct desk {
	struct arena *arena;
	struct zonedb *zones;
	const struct region *region;
	const struct region_rota *rota;
};

static int
open_desk(void **state)
{
	struct desk *desk;
	struct region_faults faults = {0};
	struct arena *arena = arena_new(0);

	desk = arena_alloc(arena, sizeof *desk);
	desk->arena = arena;
	if (zonedb_open("/usr/share/zoneinfo", &desk->zones) != STATUS_OK ||
	    region_read(arena, slice_of(file), region_zones_of(desk->zones), &desk->region,
		&faults) != STATUS_OK)
		fail_msg("%s %s", faults.count ? faults.items[0].path : "",
		    faults.count ? faults.items[0].detail : "");
	desk->rota = &desk->region->rotas[0];
	*state = desk;
	return 0;
}

static int
close_desk(void **state)
{
	struct desk *desk = *state;

	zonedb_free(desk->zones);
	arena_free(desk->arena);
	return 0;
}

static const char *
reads_as(struct desk *desk, const char *title, const struct rota_decision *decisions, size_t count)
{
	struct reading_options options;
	struct reading_title read;

	rota_options(desk->arena, desk->region, desk->rota, desk->zones, &options);
	rota_options_decide(desk->arena, desk->region, desk->rota,
	    (struct rota_decisions){decisions, count}, &options);
	reading_title_of(reading_titles_open(&options, desk->arena), title, &read);
	return arena_printf(desk->arena, "%s%s%s%s%s", reading_class_name(read.class),
	    read.person ? " " : "", read.person ? read.person : "", read.team ? " " : "",
	    read.team ? read.team : "");
}

#define READS(title, wanted, ...)                                                                  \
	do {                                                                                       \
		static const struct rota_decision some[] = {__VA_ARGS__};                          \
		assert_string_equal(                                                               \
		    reads_as(*state, title, some, sizeof some / sizeof *some), wanted);            \
	} while (0)
#define ALIAS(name, whom)                                                                          \
	{                                                                                          \
		.kind = ROTA_ALIAS, .words = name, .reads = READING_NAMED, .person = whom          \
	}
#define TITLE(name, class, whom, hub)                                                              \
	{                                                                                          \
		.kind = ROTA_TITLE, .words = name, .reads = READING_##class, .person = whom,       \
		.team = hub                                                                        \
	}
#define MEANS(phrase, meaning)                                                                     \
	{                                                                                          \
		.kind = ROTA_WORD, .words = phrase, .means = READING_WORD_##meaning                \
	}

static void
a_decision_goes_before_the_file(void **state)
{
	assert_string_equal(reads_as(*state, "JJ", NULL, 0), "named jo-jones");
	assert_string_equal(reads_as(*state, "zed", NULL, 0), "noise");
	READS("JJ", "named jan-joyce", ALIAS("jj", "jan-joyce"));
	READS("Sam", "named s-ahmed", ALIAS("jj", "jan-joyce"));
	READS("Zed", "named jan-joyce", TITLE("ZED", NAMED, "jan-joyce", NULL));
	READS("Zed", "team Hub", TITLE("ZED", TEAM, NULL, "Hub"));
	READS("Zed", "nobody", TITLE("ZED", NAMED, "jan-joyce", NULL),
	    TITLE("zed", NOBODY, NULL, NULL));
	READS("Jojo", "named jan-joyce", ALIAS("Jojo", "jan-joyce"));
}

/* The person meant has left: nobody else takes the place by having the same name. */
static void
a_decision_about_somebody_who_left_gives_its_words_to_nobody(void **state)
{
	READS("JJ", "undecided", ALIAS("JJ", "gone-person"));
	READS("JJ", "undecided", ALIAS("JJ", "far-away"));
	READS("Zed", "undecided", TITLE("Zed", NAMED, "far-away", NULL));
	READS("Zed", "undecided", TITLE("Zed", ABSENCE, "gone-person", NULL));
	READS("Zed", "undecided", TITLE("Zed", TEAM, NULL, "Old hub"));
	READS("Jo Jones", "undecided", TITLE("Jo Jones", NAMED, "gone-person", NULL));
}

static void
two_decisions_of_one_spelling_for_two_people_fit_nobody(void **state)
{
	READS("JJ", "undecided", ALIAS("JJ", "jo-jones"), ALIAS("jj", "jan-joyce"));
}

static void
decide(struct desk *desk, struct reading_options *options, const struct rota_decision *decisions,
    size_t count)
{
	rota_options(desk->arena, desk->region, desk->rota, desk->zones, options);
	rota_options_decide(desk->arena, desk->region, desk->rota,
	    (struct rota_decisions){decisions, count}, options);
}

/* The sheet and the marks of a workbook are in the region file alone. */
static void
the_sheet_and_the_marks_are_those_of_the_file(void **state)
{
	struct reading_options options;

	decide(*state, &options, NULL, 0);
	assert_string_equal(options.sheet, "On call");
	assert_int_equal(options.marks.fill, READING_MARK_OFF);
	assert_int_equal(options.marks.comment, READING_MARK_NOTHING);
	assert_int_equal(options.marks.hidden, READING_MARK_UNDECIDED);
}

/* The file's own name of a zone, in whatever case, gives way. */
static void
zones_and_dates_go_before_the_file(void **state)
{
	static const struct rota_decision some[] = {
	    {.kind = ROTA_ZONE, .words = "FEN time", .zone = "Europe/Dublin"},
	    {.kind = ROTA_ZONE, .words = "Marsh", .zone = "Europe/Paris"},
	    {.kind = ROTA_DATE_ORDER, .words = "mdy", .date_order = READING_DATES_MDY},
	};
	struct reading_options options;

	decide(*state, &options, NULL, 0);
	assert_int_equal(options.nzones, 1);
	assert_string_equal(options.zones[0].zone, "Europe/London");
	assert_int_equal(options.date_order, READING_DATES_DMY);
	decide(*state, &options, some, 3);
	assert_int_equal(options.nzones, 2);
	assert_string_equal(options.zones[0].name, "FEN time");
	assert_string_equal(options.zones[0].zone, "Europe/Dublin");
	assert_string_equal(options.zones[1].zone, "Europe/Paris");
	assert_int_equal(options.date_order, READING_DATES_MDY);
}

static void
knows_what_the_database_calls_a_decision(void **state)
{
	struct rota_decision out = {0};

	(void)state;
	assert_true(rota_decision_says("title", "absence", &out));
	assert_int_equal(out.kind, ROTA_TITLE);
	assert_int_equal(out.reads, READING_ABSENCE);
	assert_true(rota_decision_says("alias", "named", &out));
	assert_int_equal(out.kind, ROTA_ALIAS);
	assert_true(rota_decision_says("zone", "zone", &out));
	assert_int_equal(out.kind, ROTA_ZONE);
	assert_true(rota_decision_says("date_order", "mdy", &out));
	assert_int_equal(out.date_order, READING_DATES_MDY);
	assert_true(rota_decision_says("date_order", "dmy", &out));
	assert_int_equal(out.date_order, READING_DATES_DMY);
	assert_false(rota_decision_says("alias", "noise", &out));
	assert_false(rota_decision_says("date_order", "ymd", &out));
	assert_true(rota_decision_says("word", "away", &out));
	assert_int_equal(out.kind, ROTA_WORD);
	assert_int_equal(out.means, READING_WORD_AWAY);
	assert_false(rota_decision_says("word", "named", &out));
	assert_false(rota_decision_says("phrase", "nothing", &out));
}

/* The words of the file, the decisions made over them, and the names of the region itself. */
static void
a_word_is_decided_for_every_title_that_has_it(void **state)
{
	assert_string_equal(reads_as(*state, "Zogs: Jo Jones", NULL, 0), "tentative jo-jones");
	assert_string_equal(reads_as(*state, "Surge: Jo Jones", NULL, 0), "named jo-jones");
	assert_string_equal(reads_as(*state, "Fenmere Alder: Jo Jones", NULL, 0), "named jo-jones");
	READS("Zogs: Jo Jones", "named jo-jones", MEANS("zogs", NOTHING));
	READS("Zogs: Jo Jones", "absence jo-jones", MEANS("zogs", NOTHING), MEANS("Zogs", AWAY));
	READS("Surge: Jo Jones", "absence jo-jones", MEANS("surge", AWAY));
	READS("Desert", "nobody", MEANS("DESERT", NOBODY));
	/* It cannot take the doubt from what casts it. */
	READS("TBC: Jo Jones", "tentative jo-jones", MEANS("TBC", NOTHING));
}

static const char *
likely(struct desk *desk, const char *words)
{
	struct rota_directory *directory = rota_directory_of(desk->arena, desk->region, desk->rota);
	struct rota_candidates found;
	const char *list = "";

	rota_candidates(directory, words, &found);
	for (uint32_t i = 0; i < found.count; i++)
		list = arena_printf(desk->arena, "%s%s%s", list, i > 0 ? " " : "",
		    region_person(desk->region, found.people[i])->id);
	return list;
}

static void
says_whom_a_name_may_mean(void **state)
{
	assert_string_equal(likely(*state, "JJ"), "jan-joyce jo-jones");
	assert_string_equal(likely(*state, "AMHP - Jones"), "jo-jones");
	assert_string_equal(likely(*state, "Jonse"), "");
	assert_string_equal(likely(*state, "Jonas"), "jo-jones");
	assert_string_equal(likely(*state, "Sam"), "s-ahmed");
	assert_string_equal(likely(*state, "Dr Ahmad"), "s-ahmed");
	assert_string_equal(likely(*state, "jojo"), "jo-jones");
	assert_string_equal(likely(*state, "J"), "");
	assert_string_equal(likely(*state, "Zebedee"), "");
	assert_string_equal(likely(*state, ""), "");
	/* The other organisation's Jones is nobody's here. */
	assert_null(strstr(likely(*state, "Far Jones"), "far-away"));
}

static void
knows_its_directory_by_name(void **state)
{
	struct desk *desk = *state;
	struct region_list people =
	    rota_directory_people(rota_directory_of(desk->arena, desk->region, desk->rota));

	assert_int_equal(people.count, 3);
	assert_string_equal(region_person(desk->region, people.items[0])->id, "jan-joyce");
	assert_string_equal(region_person(desk->region, people.items[2])->id, "s-ahmed");
}

static bool
has(const char *const *list, const char *name)
{
	while (*list != NULL && strcmp(*list, name) != 0)
		list++;
	return *list != NULL;
}

/* The reader takes the kind of team that titles may name from these. */
static void
a_rota_goes_by_its_own_code_its_service_and_its_function(void **state)
{
	struct desk *desk = *state;
	struct reading_options options;

	rota_options(desk->arena, desk->region, desk->rota, desk->zones, &options);
	assert_true(has(options.own_names, "duty"));
	assert_true(has(options.own_names, "s"));
	assert_true(has(options.own_names, "S"));
	assert_true(has(options.own_names, "amhp"));
	assert_true(has(options.own_names, "AMHP"));
	assert_false(has(options.own_names, "ZFC"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_rota_goes_by_its_own_code_its_service_and_its_function),
	    cmocka_unit_test(a_decision_goes_before_the_file),
	    cmocka_unit_test(a_decision_about_somebody_who_left_gives_its_words_to_nobody),
	    cmocka_unit_test(two_decisions_of_one_spelling_for_two_people_fit_nobody),
	    cmocka_unit_test(zones_and_dates_go_before_the_file),
	    cmocka_unit_test(the_sheet_and_the_marks_are_those_of_the_file),
	    cmocka_unit_test(knows_what_the_database_calls_a_decision),
	    cmocka_unit_test(a_word_is_decided_for_every_title_that_has_it),
	    cmocka_unit_test(says_whom_a_name_may_mean),
	    cmocka_unit_test(knows_its_directory_by_name),
	};

	return cmocka_run_group_tests(tests, open_desk, close_desk);
}
