/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/readings.h"

#include <string.h>

#include "server/base/fatal.h"

static const char *const jj[] = {"JJ", "Jo", NULL};
static const struct reading_person people[] = {
    {"jo-jones", "J Jones", jj},
    {"kay-lee", "Kay Lee", NULL},
    {"a-smith-1", "A Smith", NULL},
    {"a-smith-2", "A Smith", NULL},
    {"d-oneill", "D O'Neill", NULL},
};
static const char *const teams[] = {"EDT", NULL};
static const char *const late[] = {"Late", NULL};
static const struct reading_shift_code codes[] = {
    {"E", NULL, READING_CODE_HOURS, 7 * 3600, 15 * 3600},
    {"L", late, READING_CODE_HOURS, 14 * 3600, 22 * 3600},
    {"N", NULL, READING_CODE_HOURS, 20 * 3600, 8 * 3600},
    {"AL", NULL, READING_CODE_ABSENCE, 0, 0},
};
static const struct reading_rule rules[] = {{"Lead", READING_NAMED, "kay-lee", NULL},
    {"TBC", READING_NAMED, "kay-lee", NULL}, {"Hub", READING_TEAM, NULL, "EDT"},
    {"A/L", READING_ABSENCE, "jo-jones", NULL}, {"Team day", READING_NOISE, NULL, NULL}};
static const struct reading_alias aliases[] = {
    {"JJ", "kay-lee"}, {"Zed", "d-oneill"}, {"zed", "jo-jones"}, {"Gone", NULL}};

static const struct reading_word words[] = {{"zog", READING_WORD_NOTHING},
    {"TBC", READING_WORD_NOTHING}, {"jury duty", READING_WORD_AWAY},
    {"desert", READING_WORD_NOBODY}};
static const struct reading_zone decided_zones[] = {
    {"GMT", "Europe/London"}, {"Fenmere Time", "UTC"}};
static const char *const known_names[] = {"Fenmere General Hospital", "ZFC", NULL};

const struct reading_tools *
readings_tools(void)
{
	static struct zonedb *zones;
	static struct reading_tools tools;

	if (zones == NULL) {
		if (zonedb_open("/usr/share/zoneinfo", &zones) != STATUS_OK)
			fatal("no zones on this machine");
		tools.zones = zones;
		reading_prepare();
	}
	return &tools;
}

struct reading_options
readings_options(enum reading_kind kind, unsigned flags)
{
	bool directory = (flags & 8) == 0;

	return (struct reading_options){
	    .kind = kind,
	    .from = 1767225600,  /* 2026-01-01 */
	    .until = 1798761600, /* 2027-01-01 */
	    .zone = zonedb_find(readings_tools()->zones, "Europe/London"),
	    .all_day_rule = (flags & 1) != 0,
	    .all_day_start = 9 * 3600,
	    .all_day_hours = 24,
	    .tentative_counts = (flags & 2) != 0,
	    .absences = (flags & 4) != 0,
	    .directory = directory,
	    .team_names = teams,
	    .people = people,
	    .npeople = directory ? sizeof people / sizeof *people : 0,
	    .rules = rules,
	    .nrules = directory ? sizeof rules / sizeof *rules : 0,
	    .aliases = aliases,
	    .naliases = directory ? sizeof aliases / sizeof *aliases : 0,
	    .words = words,
	    .nwords = (flags & 32) != 0 ? sizeof words / sizeof *words : 0,
	    .known_names = (flags & 32) != 0 ? known_names : NULL,
	    .zones = decided_zones,
	    .nzones = (flags & 64) != 0 ? sizeof decided_zones / sizeof *decided_zones : 0,
	    .date_order = (flags & 128) != 0  ? READING_DATES_MDY
			  : (flags & 64) != 0 ? READING_DATES_DMY
					      : READING_DATES_UNSET,
	    .marks = {(enum reading_mark_means)(flags % READING_MARK_MEANINGS),
		(enum reading_mark_means)(flags / 2 % READING_MARK_MEANINGS),
		(enum reading_mark_means)(flags / 4 % READING_MARK_MEANINGS)},
	    .shift_codes = codes,
	    .nshift_codes = (flags & 16) != 0 ? sizeof codes / sizeof *codes : 0,
	};
}

#define PROMISE(holds)                                                                             \
	do {                                                                                       \
		if (!(holds))                                                                      \
			fatal("a reading broke its promise: %s", #holds);                          \
	} while (0)

static bool
known_person(const struct reading_options *options, const char *id)
{
	for (size_t i = 0; i < options->npeople; i++) {
		if (strcmp(options->people[i].id, id) == 0)
			return true;
	}
	return false;
}

static void
check_occurrence(const struct reading_options *options, const struct reading_occurrence *o)
{
	PROMISE(o->start < o->end);
	PROMISE(o->start < options->until && o->end > options->from);
	PROMISE(o->uid != NULL && o->key != NULL && o->summary != NULL);
	PROMISE(o->class < READING_CLASSES);
	PROMISE(o->class != READING_NAMED || o->person != NULL);
	PROMISE(o->class != READING_TEAM || o->team != NULL);
	PROMISE(o->person == NULL || known_person(options, o->person));
	PROMISE(options->directory || o->class != READING_NAMED);
}

void
readings_check(const struct reading_options *options, const struct reading *reading)
{
	uint32_t counts[READING_CLASSES] = {0};
	bool refusal = false;

	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *o = &reading->occurrences[i];

		check_occurrence(options, o);
		PROMISE(i == 0 || reading->occurrences[i - 1].start <= o->start);
		counts[o->class]++;
	}
	for (size_t i = 0; i < reading->nfindings; i++) {
		const struct reading_finding *f = &reading->findings[i];

		PROMISE(f->text != NULL && *f->text != '\0');
		PROMISE(f->remedy != NULL && *f->remedy != '\0');
		refusal |= f->level == FINDING_REFUSED;
	}
	for (int class = 0; class < READING_CLASSES; class ++) {
		PROMISE(reading->counts[class] == counts[class] ||
			(class == READING_UNREADABLE && reading->counts[class] >= counts[class]));
	}
	for (size_t i = 0; i < reading->nunknown_zones; i++) {
		const struct reading_unknown_zone *zone = &reading->unknown_zones[i];

		PROMISE(zone->name != NULL && zone->events > 0 && zone->events <= reading->events);
		PROMISE(i == 0 || zone[-1].events >= zone->events);
	}
	PROMISE(reading->ambiguous_dates == (reading->ndates > 0));
	for (size_t i = 0; i < reading->ndates; i++)
		PROMISE(reading->dates[i].dmy != reading->dates[i].mdy);
	PROMISE(reading->nunknown_words <= READING_UNKNOWN_WORDS_MAX);
	for (size_t i = 0; i < reading->nunknown_words; i++) {
		const struct reading_unknown_word *word = &reading->unknown_words[i];

		PROMISE(word->word != NULL && *word->word != '\0' && word->example != NULL);
		PROMISE(word->shifts > 0 && word->shifts <= reading->noccurrences);
		PROMISE(i == 0 || word[-1].shifts >= word->shifts);
	}
	PROMISE(reading->refused == refusal);
	PROMISE(!reading->refused || reading->noccurrences == 0);
}

void
readings_try(const struct reading_options *options, struct slice bytes)
{
	struct arena *arena = arena_new(0);
	struct buf request = {0}, answer = {0};
	struct reading reading;

	reading_pack_request(&request, options, bytes);
	reading_answer(
	    (void *)(uintptr_t)readings_tools(), (struct slice){request.at, request.len}, &answer);
	if (reading_unpack((struct slice){answer.at, answer.len}, options, arena, &reading) !=
	    STATUS_OK)
		fatal("an honest answer was taken for a hostile one");
	readings_check(options, &reading);
	buf_free(&request);
	buf_free(&answer);
	arena_free(arena);
}
