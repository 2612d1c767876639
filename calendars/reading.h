/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/instant.h"
#include "server/base/status.h"
#include "server/base/text.h"
#include "server/base/zone.h"

/*
 * What a rota says: bytes of a calendar or a roster in, occurrences and findings out. Pure: no I/O,
 * no clock, no global state. The policies are those of README.md beside this file, each with the
 * RFC section or the reason that forced it.
 *
 * Nothing is guessed and nothing is dropped: every event is either fully understood or named in a
 * finding, and any limit that is reached refuses the whole calendar.
 */

/* How one occurrence counts. The order is fixed: the values cross process borders. The database
 * stores the names. */
enum reading_class {
	READING_NAMED,     /* a person of the directory, confirmed: counts */
	READING_TENTATIVE, /* a person of the directory, not confirmed: undecided */
	READING_TEAM,   /* a staffed line of a known team, nobody named: counts where team_counts */
	READING_NOBODY, /* the rota itself says nobody: known emptiness */
	READING_UNDECIDED, /* a person must still decide: TBC, locum, unknown name, unknown title */
	READING_ABSENCE,   /* the person of the directory is away: takes cover away, everywhere. No
			      reason is kept */
	READING_NOISE,     /* not cover: a meeting, a bank holiday */
	READING_CANCELLED, /* counts for nothing, left out of listings */
	READING_UNREADABLE, /* understood in time but not in meaning ("Busy"), or not even in time
			       (no interval) */
	READING_CLASSES
};
const char *reading_class_name(enum reading_class class); /* "named", …, "unreadable" */

/* One person that titles may name. */
struct reading_person {
	const char *id;             /* "jo-jones" */
	const char *name;           /* "J Jones" */
	const char *const *aliases; /* "JJ", "Jo"; NULL-terminated or NULL */
};

/*
 * A rota manager's decision on a whole title: a title that is the same but for case, accents, marks
 * and telephone numbers reads as this. If two rules match one title, the later one counts.
 */
struct reading_rule {
	const char *title;
	enum reading_class class; /* NAMED and ABSENCE are of a person, TEAM of a team, UNDECIDED,
				     NOBODY and NOISE of neither; no other class */
	const char *person;       /* id of the directory, or NULL */
	const char *team;         /* one of the team names, or NULL */
};

/* A rota manager's decision on a name: on this rota it means this person, whatever the directory
 * says. If two aliases have the same spelling and different people, the name fits nobody. */
struct reading_alias {
	const char *alias;
	const char *person; /* id of the directory; NULL if the person has left the directory: then
			       the alias fits nobody, and the name fits nobody else either */
};

/*
 * A rota manager's decision on a word or phrase: it has this meaning wherever it occurs in a title
 * of this rota. Case and accents do not matter. A word that means a person is an alias.
 */
enum reading_word_means {
	READING_WORD_NOTHING, /* says nothing about whether somebody comes */
	READING_WORD_NOBODY,  /* this rota supplies nobody */
	READING_WORD_AWAY,    /* the person it stands with is away */
	READING_WORD_MEANINGS
};
struct reading_word {
	const char *words; /* "Surge-AM" */
	enum reading_word_means means;
};
const char *reading_word_means_name(enum reading_word_means means);         /* "nothing", … */
bool reading_word_means_of(const char *name, enum reading_word_means *out); /* false: no such */

/*
 * Why ${words} may not be decided to mean ${means}, as a sentence; NULL if they may. TBC, vacant,
 * NO COVER and cancelled always keep their force, and a mark is not a word. A decision that is not
 * allowed has no effect on a reading.
 */
const char *reading_word_fault(
    struct arena *arena, const char *words, enum reading_word_means means);

/* The key by which two phrases are the same: lower case, no accents, hyphens read as blanks. NULL
 * if ${words} is not a phrase of one to five words. */
const char *reading_word_key(struct arena *arena, const char *words);

/* What a code of shifts stands for in one rota: "LD" in the Shift column of a roster, "Early" in
 * "Early: Sam / Late: Kim". Letters' case and accents mean nothing. */
enum reading_code_kind { READING_CODE_HOURS, READING_CODE_ABSENCE, READING_CODE_NOISE };
struct reading_shift_code {
	const char *code;         /* "LD" */
	const char *const *names; /* other spellings: "Long day"; NULL-terminated, or NULL */
	enum reading_code_kind kind;
	int32_t from, to; /* READING_CODE_HOURS: seconds of the local day, below and up to 86,400;
			     to <= from runs into the next day */
};

/* What an unknown name of a time zone means on one rota. Case, quotes and blanks around the name do
 * not matter. */
struct reading_zone {
	const char *name; /* as calendars write it: "Custom Zone 1" */
	const char *zone; /* of the tz database: "Europe/London" */
};

/* How a rota writes dates of three numbers. */
enum reading_date_order { READING_DATES_UNSET, READING_DATES_DMY, READING_DATES_MDY };

/* READING_CSV is any roster: text of cells, or a workbook, which its first bytes tell. */
/* How a grid is laid out: what its rows and its columns are. */
enum reading_layout {
	READING_NO_GRID,
	READING_DATES_BY_ROLES, /* a row for each day, a column for each duty, names in the cells */
	READING_ROLES_BY_DATES, /* a row for each duty, a column for each day */
	READING_NAMES_BY_DATES, /* a row for each person, a column for each day, shift codes in the cells */
	READING_WEEKS_BY_ROLES, /* a row for each week, a column for each duty */
	READING_DATES_BY_HOURS, /* a row for each day, a column for each shift, by its hours or its code */
	READING_LAYOUTS
};
const char *reading_layout_name(enum reading_layout layout); /* "dates_by_roles", …; "" for none */
bool reading_layout_of(
    const char *name, enum reading_layout *out); /* "dates_by_roles"; false: no such layout */

struct reading_hours {
	bool set;
	int32_t from, to; /* as of struct reading_shift_code */
};

/* What of a grid is this rota's. The other columns, rows and codes are those of other rotas. */
struct reading_grid {
	enum reading_layout layout;
	/* Headings of columns or of rows, or shift codes, by the layout. NULL-terminated, or NULL: of codes
	 * and of columns of hours all. */
	const char *const *own;
	/* Of a shift, where neither its heading nor the row says them; on Saturdays and Sundays; on bank holidays. */
	struct reading_hours hours, weekend, bank_holiday;
};

enum reading_kind { READING_ICALENDAR, READING_CSV };

/* What the rota's manager says of cells that show something beside their text. */
enum reading_mark_means {
	READING_MARK_UNDECIDED, /* nobody has said: a person must decide of each row */
	READING_MARK_NOTHING,   /* it says nothing about who is on duty */
	READING_MARK_OFF,       /* it takes the row, or the cell of a grid, off duty */
	READING_MARK_MEANINGS
};
struct reading_marks {
	enum reading_mark_means fill;    /* a colour that the other cells of the column lack */
	enum reading_mark_means comment; /* a comment on a cell */
	enum reading_mark_means hidden;  /* a hidden row or column */
};

struct reading_options {
	enum reading_kind kind;
	int64_t from, until;     /* the window, instants: occurrences that overlap it are given */
	const struct zone *zone; /* of floating times and dates without a zone of their own */
	bool all_day_rule;       /* whether all_day_* say what an all-day event means */
	int32_t all_day_start;   /* seconds after local midnight */
	int32_t all_day_hours;   /* of each day */
	bool tentative_counts;
	const char *const *team_names;       /* NULL-terminated, or NULL */
	const struct reading_person *people; /* the directory of this rota */
	size_t npeople;
	bool directory; /* false: no directory is known (`crisiscover read FILE`): names are shown,
			   none counts */
	bool absences;  /* an absence calendar: a bare name is an absence */
	const struct reading_rule *rules;
	size_t nrules;
	const struct reading_shift_code *shift_codes;
	size_t nshift_codes;
	const struct reading_alias *aliases;
	size_t naliases;
	/* Times: what names of zones stand for, and in which order dates are written. */
	const struct reading_zone *zones;
	size_t nzones;
	enum reading_date_order date_order;
	/* Workbooks. */
	const char *sheet; /* the name of the sheet to read; NULL: the first that is visible */
	struct reading_marks marks;
	struct reading_grid grid;
	/* The bank holidays, as local days (civil_days()): of a grid with hours of weekends or of bank holidays. */
	const int64_t *holidays;
	size_t nholidays;
	const struct reading_word *words; /* of two for one phrase the later one counts */
	size_t nwords;
	/* Names and codes of organisations, places, services, teams and functions that titles of
	 * this rota may hold; NULL-terminated, or NULL. They say nothing about whether. */
	const char *const *known_names;
	/* Names and codes of the rota itself, its service and its function: the kind of team that
	 * titles may name beside a person. NULL-terminated, or NULL. */
	const char *const *own_names;
};

struct reading_occurrence {
	int64_t start, end; /* instants, start < end */
	const char *uid;    /* as written, or made from the content when the event has none */
	/* stable identity inside the rota: uid, instance, part; unique in a reading */
	const char *key;
	int64_t recurrence; /* the instant of the rule this instance is of; INSTANT_NONE if the
			       event does not repeat */
	/* the title with numbers and reasons for absence taken out; may be "" */
	const char *summary;
	const char *status; /* "CONFIRMED", "TENTATIVE" or NULL */
	enum reading_class class;
	const char *person; /* directory id for NAMED, TENTATIVE and ABSENCE; else NULL */
	const char *shown;  /* the name as the title has it when there is one (unknown names too),
			       else NULL */
	const char *team;   /* for TEAM: the known name */
	uint32_t line;      /* of the event in the file, from 1 */
};

enum finding_level {
	FINDING_REFUSED,    /* the whole calendar: nothing of it may be used */
	FINDING_UNREADABLE, /* one event (or a known part of it) cannot be counted */
	FINDING_WARNING,    /* read, by a rule that its owner should know of */
};

struct reading_finding {
	enum finding_level level;
	const char *uid;    /* NULL for the whole calendar */
	uint32_t line;      /* 0: none */
	const char *text;   /* a sentence: what is wrong */
	const char *remedy; /* a sentence: what its owner can do */
	int64_t start,
	    end; /* the time it touches, if known; else both INSTANT_NONE: the whole of the rota */
	bool blinds; /* unreadable and not even its time is known (or only [start,end) is): cover
			then is unknown */
};

/* The version of an event that the calendar holds, for a caller that compares it with the version
 * before. The hashes are comparable only with hashes of the same program. */
struct reading_version {
	uint64_t event;   /* of UID, and of the shift that a change replaces */
	uint64_t content; /* of everything that decides when the event is and what it says */
	int64_t sequence;
	int64_t dtstamp; /* INSTANT_NONE: none */
	const char *uid;
	uint32_t line;
	/* The keys of its occurrences begin with the UID, then "#" and this instant in RFC 3339:
	 * the instant of the shift that it changes, or its start where several events share the
	 * UID. INSTANT_NONE: the keys begin with the UID alone. */
	int64_t instance;
	/* From this instant on, the event decides about all keys that begin so: the start of a
	 * series, INSTANT_NONE for a single shift. INT64_MAX: not known. */
	int64_t speaks_from;
};

/* A name of a time zone that a person must decide (struct reading_zone in the options). */
struct reading_unknown_zone {
	const char *name;
	uint32_t events; /* events that cannot be read, or are undecided, because of it */
};

/* A date of a roster that is one day as dd/mm and another as mm/dd. */
struct reading_date {
	uint32_t line;
	const char *written; /* "07/12/2026" */
	int64_t dmy, mdy;    /* the two days, counted from 1 January 1970 */
};
/* A word or phrase of titles that nobody has decided and that is in no list of words. */
struct reading_unknown_word {
	const char *word;    /* as it is written first */
	uint32_t shifts;     /* undecided occurrences whose title has it */
	const char *example; /* the summary of the first of them */
};
#define READING_UNKNOWN_WORDS_MAX 200

/* The most texts of one list below, and the longest of them in bytes. */
#define READING_FOUND_MAX 64
#define READING_FOUND_BYTES 120

/* What a file is in which a person must say which part is the rota's: a grid that is not set, or that lacks what is
 * set. The texts are those of the file, on one line, each once; what is longer or more is left out. */
struct reading_found {
	enum reading_layout layout; /* that it seems to have, or that is set */
	const char *const *columns; /* headings; one that stands twice as "Night / AMHP" */
	size_t ncolumns;
	const char *const *rows; /* what its rows begin with, where columns are days; else none */
	size_t nrows;
	const char *const *codes; /* what is in the cells, of people by days; else none */
	size_t ncodes;
	/* which column or row has the name of the rota, its service or function; NULL: none */
	const char *own;
	bool hours; /* nothing in the file says hours, so that they must be set */
};

struct reading {
	bool refused;
	const struct reading_occurrence *occurrences; /* sorted by start, end, uid, key */
	size_t noccurrences;
	const struct reading_finding *findings;
	size_t nfindings;
	const struct reading_version *versions; /* sorted by event; of a roster none */
	size_t nversions;
	uint32_t counts[READING_CLASSES]; /* occurrences; UNREADABLE counts unreadable events too */
	uint32_t events;                  /* events or roster rows in the file */
	int64_t first,
	    horizon; /* first start and the last end that is neither noise nor cancelled (design 6);
		      * an endless rule: the end of the window. INSTANT_NONE if there is none */
	bool endless; /* one of its rules has no end */
	/* for people: "Europe/London", or "Europe/London (floating times)" */
	const char *zone_used;
	const char *calendar_name; /* X-WR-CALNAME or NULL */
	/* What a person should decide once for the rota. Names of zones, those with most events
	 * first. Whether dates are dd/mm or mm/dd, where nothing in the file tells (propose dd/mm),
	 * with the first dates under both readings. Until it is decided, the events concerned are
	 * undecided. */
	const struct reading_unknown_zone *unknown_zones;
	size_t nunknown_zones;
	bool ambiguous_dates;
	const struct reading_date *dates;
	size_t ndates; /* at most READING_DATES_SHOWN; 0 unless ambiguous_dates */
	/* Those with most shifts first, then by name; and how many more there are. */
	const struct reading_unknown_word *unknown_words;
	size_t nunknown_words;
	uint32_t more_unknown_words;
	const struct reading_found *found; /* NULL, unless the file was refused for want of it */
	/* The bytes to keep of the body (kept.h), which read the same; empty: those of the body, or it is refused.
	 * Set by reading_answer(), as is ${hash_alone}. */
	struct slice kept;
	/* a roster of leave that would read otherwise without its reasons: nothing of it is kept */
	bool hash_alone;
};

#define READING_DATES_SHOWN 5

/*
 * Makes libical and ICU load the tables that they otherwise load at first use (letters, names of
 * zones). A sealed process cannot open files, so call this once before sealing.
 */
void reading_prepare(void);

/* A digest of everything that shapes a reading: the lexicon and the sources of the reader. A body
 * that was read under another digest must be read again. 64 hexadecimal digits. */
const char *reading_digest(void);

/* The databases that reading needs, opened once. */
struct reading_tools {
	const struct zonedb *zones;
};

/* Reads ${bytes}. Everything in ${out} lives in ${arena}. Never fails: a calendar that cannot be
 * used is one with refused set and a finding that says why. ${arena}'s limit is honoured (a
 * refusal). */
void reading_make(const struct reading_tools *tools, const struct reading_options *options,
    struct slice bytes, struct arena *arena, struct reading *out);

/*
 * Reads single titles, without a calendar: what a rota manager is shown before deciding. Borrows
 * ${options}; everything lives in ${arena}.
 */
struct reading_titles;
struct reading_titles *reading_titles_open(
    const struct reading_options *options, struct arena *arena);

struct reading_title {
	const char *key;          /* equal for titles that are the same; "": it has no words */
	const char *summary;      /* as an occurrence has it */
	enum reading_class class; /* UNDECIDED if it says several things */
	const char *person, *team;
	bool ruled;    /* a rule is about it */
	bool several;  /* a name in it fits more than one person */
	bool stranger; /* it has a word that is no known name and no word of rotas */
	const char *const *unknown_words; /* as written */
	size_t nunknown_words;
};
void reading_title_of(struct reading_titles *titles, const char *title, struct reading_title *out);

/*
 * Requests and answers across a process border. A request holds options and bytes; an answer holds
 * a reading. The receiver checks both to the last byte and does not trust the sender: counts,
 * order, classes, UTF-8, intervals, and that ids are in the directory.
 */
void reading_pack_request(
    struct buf *buf, const struct reading_options *options, struct slice bytes);

/* The work of a sealed child: request in, answer out (sandbox_work_fn; ${ctx} is a struct
 * reading_tools). */
void reading_answer(void *ctx, struct slice request, struct buf *answer);

/* STATUS_MALFORMED if the answer breaks any promise above. */
MUST_USE enum status reading_unpack(struct slice answer, const struct reading_options *options,
    struct arena *arena, struct reading *out);
