/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/instant.h"
#include "server/base/status.h"
#include "server/base/table.h"
#include "server/base/text.h"
#include "server/base/zone.h"
#include "server/model/span.h"

/*
 * The set-up of one region as one immutable value, read from the region file (contract 2). The api,
 * feeds, coverage and the command line all read it. Things refer to each other by index (uint32_t;
 * REGION_NONE for nothing) into the arrays here; codes are used outside only. The derived parts
 * (demands, who serves what) are computed once, when the file is read.
 */
#define REGION_NONE UINT32_MAX

/* A list of indexes. */
struct region_list {
	const uint32_t *items;
	uint32_t count;
};

/*
 * A time in local days (civil_days) and not in instants, half-open: the first day on which
 * something holds, and the first on which it does not any more. A region changes at midnight of its
 * own clock; region_instants() converts.
 */
#define REGION_ALWAYS ((struct span_time){INSTANT_BEGINNING, INSTANT_END})

/* A stretch of days that a place spends under a service or under a parent. A place may be listed
 * more than once, for stretches that do not overlap. */
struct region_dated_place {
	uint32_t place;
	struct span_time life; /* as written: not cut to the life of the place or of the service */
};
struct region_dated_places {
	const struct region_dated_place *items;
	uint32_t count;
};

struct region_organisation {
	const char *code, *name, *kind;
	struct span_time life;         /* only told: the end of an organisation ends no cover */
	struct region_list successors; /* organisations that it was followed by */
};

/* Lead times below which a gap is critical, and high (gap.h). 0 < critical < high. */
struct region_severity {
	int32_t critical_hours, high_hours;
};
#define REGION_SEVERITY_DEFAULT ((struct region_severity){24, 72})

struct region_function {
	const char *code, *name;
	struct region_severity severity;
	struct region_list rotas; /* derived: of every service of the function */
	const bool *holders;      /* derived: by person, whether the person holds it */
	bool approved;            /* derived: somebody's role of it has an approval */
};

/* One step of a ladder: whom to ring. What a kind does not have is REGION_NONE, NULL or 0. */
enum region_step_kind {
	REGION_STEP_ON_CALL,   /* everybody on call for ${function}, of ${tier} */
	REGION_STEP_LINE,      /* the line of ${service} */
	REGION_STEP_PLACE,     /* the switchboard of ${place} */
	REGION_STEP_NUMBER,    /* ${phone} of ${name}, which is nobody's in particular */
	REGION_STEP_NAVIGATOR, /* where ${navigator} says, while it is open; the last step alone */
};
struct region_step {
	enum region_step_kind kind;
	uint32_t function, service, place, navigator;
	int32_t tier; /* 0: every tier */
	const char *name, *phone;
	int32_t wait_seconds;             /* so long it rings before the next is tried */
	const struct region_hours *hours; /* in which the step is taken; none: at all hours */
	uint32_t nhours;
};
#define REGION_WAIT_SECONDS 20

/* Whom to ring for a function at a place, one after the other (ladder.h). */
struct region_ladder {
	uint32_t function;
	const struct region_step *steps;
	uint32_t nsteps; /* at least one */
};

/* A building in which several services are, with one front desk. */
struct region_site {
	const char *name, *phone;         /* of the front desk, E.164 */
	const struct region_hours *hours; /* in which it is answered; none: at all hours */
	uint32_t nhours;
	struct region_list services; /* at least two */
};

struct region_place {
	const char *code, *name, *kind;
	struct span_time life;
	const char *switchboard; /* E.164, or NULL: to ring when cover is missing or doubtful */
	const struct region_ladder *ladders; /* of each function one at most */
	uint32_t nladders;
	const struct region_site *sites; /* where services of the place are together */
	uint32_t nsites;
	struct region_list successors; /* who answers once it has ended */
	bool research;            /* its history may be exported for research, by who may read it */
	bool public_card;         /* where to go tonight is told to everybody, signed in or not */
	struct region_list first; /* functions that its first screen shows first, as the place says;
				     empty: as a place above it says (first.h) */
	struct region_list parents;       /* each once, whatever the days */
	struct region_dated_places under; /* its parents, with the days */
	struct region_list demands;  /* derived: every demand at this place, in order of function,
					then requirement */
	struct region_list services; /* derived: every service that lists this place */
	struct region_list
	    navigators; /* derived: every navigator that lists this place, or an area of it */
};

/* An approval of a person for a function: by whom it was given (REGION_NONE: not stated), and on
 * which days. */
struct region_approval {
	uint32_t function, organisation;
	struct span_time life;
};

/* A telephone of a person or a service (region_contact.h). */
struct region_contact {
	const char *number; /* E.164 or a short code; NULL: only by the switchboard. Where it is
			       personal, nothing but the comparison of set-ups reads it */
	const char *extension, *bleep; /* digits, or NULL */
	bool via_switchboard, personal;
	int64_t verified_on; /* the day on which it was last checked; INSTANT_NONE: not known */
};

struct region_person {
	const char *id, *name;
	uint32_t organisation;
	const char *const *aliases; /* NULL-terminated, never NULL; the last ${nformer_names} are
				       former names of the person */
	uint32_t nformer_names;
	struct region_list roles; /* functions, each once */
	const struct region_approval *approvals;
	uint32_t napprovals;
	const struct region_contact *contact; /* or NULL */
	const char *work_phone;               /* of ${contact}, as it may be shown; or NULL */
	const char *team;     /* the team that the person works in, a code; NULL: not known */
	bool protected;       /* shown by name to nobody outside the organisation */
	const char *shown_id; /* as a reader is told ${id}; another one only where the person is
				 withheld from the reader (region_protected.h) */
};

struct region_service {
	const char *id, *name;
	uint32_t function, organisation;
	struct region_list places; /* each once, whatever the days */
	struct region_dated_places footprint;
	const struct region_contact *line; /* the team's, or NULL */
	const char *phone;                 /* of ${line}, as it may be shown; or NULL */
	const char *fallback_text, *fallback_phone;
	bool self_referral;       /* anybody may ring its line, or come, without a professional */
	struct region_list rotas; /* derived, by tier, then id */
};

/* The meaning of a shift code: hours, an absence, or nothing that concerns cover. */
enum region_code_kind { REGION_CODE_HOURS, REGION_CODE_ABSENCE, REGION_CODE_NOISE };
struct region_shift_code {
	const char *code;
	const char *const *names; /* other spellings; NULL-terminated, never NULL */
	enum region_code_kind kind;
	int32_t from, to; /* REGION_CODE_HOURS: as in region_hours */
};

/* The decisions of the file about names and titles on a rota. Each person is in the rota's
 * directory, each team among its team names. */
struct region_alias {
	const char *alias;
	uint32_t person;
};
struct region_title {
	const char *title;
	const char *reads; /* "named", "team", "nobody", "undecided", "absence", "noise" */
	uint32_t person;   /* named and absence; else REGION_NONE */
	const char *team;  /* team; else NULL */
};
struct region_word {
	const char *words;
	const char *means; /* "nothing", "nobody", "away" */
};

/* The meaning of a zone's name in this rota's calendar, if nobody else defines it. */
struct region_zone {
	const char *name; /* as the calendar writes it */
	const char *zone; /* IANA name */
};
enum region_date_order { REGION_DATES_UNSET, REGION_DATES_DMY, REGION_DATES_MDY };

/* What the rota's manager says of cells of a workbook that are coloured, have a comment, or are hidden. */
enum region_mark { REGION_MARK_UNDECIDED, REGION_MARK_NOTHING, REGION_MARK_OFF };
struct region_marks {
	enum region_mark fill, comment, hidden;
};

/* How the rota is read from a grid, and what of it is its own. */
struct region_grid {
	const char *layout; /* "dates_by_roles", …: as the file has it; NULL: no grid */
	const char *const
	    *own; /* headings of columns or rows, or codes; NULL-terminated, or NULL */
	bool hours, weekend,
	    bank_holiday; /* whether the next are said; in seconds of the local day */
	int32_t from, to, weekend_from, weekend_to, holiday_from, holiday_to;
};

/* Where shifts come from: a calendar or a roster at an address, a calendar collection (CalDAV), files,
 * typing. */
enum region_source {
	REGION_SOURCE_URL,
	REGION_SOURCE_CALDAV,
	REGION_SOURCE_FILE,
	REGION_SOURCE_TYPED,
	REGION_SOURCES
};
const char *region_source_name(enum region_source source); /* "ical_url", …: as the file has it */

/* Whether a source has an address that is asked. */
bool region_source_is_fetched(enum region_source source);

/* How an address is asked, beside what it is. */
struct region_way {
	/* name of the sealed secret ("<hash of the address>.<hash>"), or itself where it is not sealed yet; NULL: none */
	const char *secret;
	bool over_http;    /* the secret may be sent in the clear */
	const char *proxy; /* NULL: as set on the server; "": none; or "http://host:port" */
	const char *ca;    /* certificates (PEM) of authorities that are trusted besides; or NULL */
};

struct region_rota {
	const char *id;
	uint32_t service;      /* REGION_NONE for an absence calendar */
	uint32_t organisation; /* of its service, or its own */
	bool absences;
	int32_t tier;          /* 1 first on call, 2, 3 */
	struct span_time life; /* days on which the rota supplies anything */
	enum region_source source;
	const char *url;       /* a secret; of a source that is fetched */
	struct region_way way; /* likewise */
	const char *path;      /* REGION_SOURCE_FILE only, may be NULL (uploads) */
	int32_t every_minutes; /* default 5, 1 to 1,440 */
	/* How to read the source. */
	const char *floating_zone; /* IANA name; default the region's */
	bool all_day_rule;
	int32_t all_day_start; /* seconds after local midnight */
	int32_t all_day_hours;
	bool tentative_counts;
	const char *const *team_names;               /* NULL-terminated, never NULL */
	const struct region_shift_code *shift_codes; /* by code */
	uint32_t nshift_codes;
	const struct region_alias *aliases;
	const struct region_title *titles;
	const struct region_zone *zones; /* by name */
	uint32_t nzones;
	enum region_date_order date_order;
	const char *sheet; /* of a workbook; NULL: the first that is visible */
	struct region_marks marks;
	struct region_grid grid;
	const struct region_word *words;
	uint32_t naliases, ntitles, nwords;
};

enum {
	REGION_MON,
	REGION_TUE,
	REGION_WED,
	REGION_THU,
	REGION_FRI,
	REGION_SAT,
	REGION_SUN,
	REGION_BANK_HOLIDAY,
	REGION_DAYS
};

const char *region_day_name(int day); /* "mon", … "bank_holiday": as the file has it */

/* One line of a requirement's hours. */
struct region_hours {
	uint8_t days; /* bit REGION_MON … REGION_BANK_HOLIDAY; "all" sets every bit */
	int32_t from,
	    to; /* seconds of the local day: 0 to 86,400; to <= from runs into the next day */
};

/* One alert: who is told of a gap that nobody has acknowledged, and how early. */
struct region_alert {
	const char *to;     /* "owner", "deputy", "commissioner" */
	int32_t lead_hours; /* so many hours before the gap begins; 0: when it begins */
};

/* The people who count: those who hold the function among their roles, or everybody with a
 * confirmed shift on a rota. */
enum region_role { REGION_ROLE_REQUIRED, REGION_ROLE_ANY };

/* One of those who commission a requirement: an account name or an organisation code, and which part of it is theirs.
 * The shares of a requirement are the whole (commissioners.h). */
struct region_commissioner {
	const char *who;
	int32_t share, of; /* ${share} parts of ${of}: 60 of 100, 1 of 3 */
};
#define REGION_COMMISSIONERS_MAX 12

/* A part of a bundle: ${count} people, each of whom counts for one of ${functions}. */
struct region_part {
	struct region_list functions; /* at least one: this or that */
	int32_t count;
	bool different_teams; /* no two of them of one team */
	bool team_counts;     /* a team's line counts one */
};
#define REGION_PARTS_MAX 8
#define REGION_PART_FUNCTIONS_MAX 8 /* to choose from in one part */
#define REGION_PART_COUNT_MAX 9

/* A requirement, or a bundle: one whose ${parts} people of other functions fill, each person one of
 * them at most (bundle.h). Its function is the bundle's own, of which no service is. */
struct region_requirement {
	const char *id;
	uint32_t place, function;
	int32_t count; /* of a bundle: of all its parts */
	const struct region_part *parts;
	uint32_t nparts; /* 0: it is no bundle */
	bool team_counts;
	enum region_role role;
	struct region_list approvers; /* organisations, one of which must have approved a person;
					 empty: no matter which */
	int32_t tolerance_minutes;
	int32_t max_share; /* in how many places of one kind a person who counts here may be on at
			      once; 0: no limit */
	struct span_time life;
	const struct region_hours *hours;
	uint32_t nhours;
	struct region_severity severity; /* its own, or its function's */
	bool own_severity;
	const char *owner, *deputy; /* account names or organisation codes; NULL: not named */
	const struct region_commissioner *commissioners; /* all of one rank */
	uint32_t ncommissioners;                         /* 0: none is named */
	bool joint; /* they are in the list "commissioners"; else one, in "commissioner" */
	const struct region_alert *alerts; /* the longest lead first */
	uint32_t nalerts;
	int32_t handover_minutes; /* for which two people must be on together at a handover; 0: not
				     required */
	const char *pack;         /* the starter pack it was made from; NULL: none */
	const char *confirmed_by; /* who commissions it as it is; NULL: nobody has */
	int64_t confirmed_on;     /* the day on which they did; only with confirmed_by */
};

/* A rota, and the local days on which it supplies a demand: while its service lists the place, the
 * place exists, and the rota is kept. */
struct region_supply {
	uint32_t rota;
	struct span_time life;
};

/* What a demand for a bundle has of one function of its parts: some of its rotas and supplies, one
 * after the other from the first on. */
struct region_member {
	uint32_t function;
	uint32_t rotas, nrotas;
	uint32_t supplies, nsupplies;
};

/* A requirement as it applies to one place: its own, or inherited from a parent (design 6). The
 * unit of the map. demand.h makes the sweep's input from it. */
struct region_demand {
	uint32_t requirement, place, function;
	struct span_times days;      /* the local days on which it is in force; may be none */
	struct region_list services; /* of the function, that list the place itself; may be empty: a
					gap end to end */
	struct region_list rotas;    /* of those services, each once */
	const struct region_supply *supplies; /* of those rotas, by place in ${rotas} */
	uint32_t nsupplies;
	/* Of a bundle: each function of its parts once, in the order in which they name them. The
	 * lists above are of all of them together. */
	const struct region_member *members;
	uint32_t nmembers;
};

struct region_account {
	const char *name, *kind, *role; /* kind: person, device, program; role: viewer, switchboard,
					   rota_manager, commissioner, place_manager,
					   organisation_administrator, auditor, administrator */
	struct region_list places;      /* empty: everywhere */
	uint32_t organisation;          /* the organisation whose rotas a rota manager may change;
					   REGION_NONE: none (administrator: all) */
	uint32_t person; /* whose account it is: sees that person's own shifts, swaps and leave;
			    REGION_NONE: of nobody on a rota */
};

/* Where somebody who lives there belongs: the area of a council or of a GP, or a postcode district,
 * and the place that answers for it. */
struct region_area {
	const char *code, *name, *kind; /* kind: council, gp_area, postcode_district */
	uint32_t place;
	struct region_list also; /* further places, for functions that ${place} has no service of */
};

/* Somewhere to send somebody when nobody has to be on, or nobody is: a card with whom it is for and when it is open
 * (navigator.h). It is told to everybody who may ask about one of its places, and makes nobody count. */
struct region_navigator {
	const char *id, *name, *kind; /* kind: crisis_cafe, helpline, police, ambulance, housing,
					 liaison_and_diversion, other */
	uint32_t organisation;        /* whose it is, and who keeps the card */
	const char *whom;             /* the key "for": who may be sent there */
	const char *address;          /* or NULL; at least one of the two is there */
	const struct region_contact *line; /* or NULL; never personal */
	struct region_list places;         /* where it holds, and below each of them */
	struct region_list areas;          /* it holds at the place of each of them as well */
	struct region_list functions;      /* instead of which; empty: of every function */
	const struct region_hours *hours;  /* none: nobody has said when it is open */
	uint32_t nhours;
	bool walk_in;       /* one may come without ringing first */
	bool self_referral; /* for everybody, and not for staff alone */
	struct span_time life;
};

/* A day that is a bank holiday in the region, whatever its set says. */
struct region_holiday {
	int64_t day;
	const char *name;
};

/* A former code of a thing ("renamed_from"). The tables below also find the thing by it. */
struct region_former {
	const char *kind; /* as in region_change: "place", "rota", … */
	const char *code, *was;
};

struct region {
	int64_t version; /* set by the caller who read it from the database; 0 from a file */
	const char *time_zone;
	bool practice;        /* for training: nothing in it is real cover */
	const char *holidays; /* name of a set: "england-and-wales". holidays_of() (hours.h) applies
				 the two lists below */
	const struct region_holiday *holidays_added; /* by day */
	const int64_t *holidays_removed;             /* ascending */
	uint32_t nholidays_added, nholidays_removed;
	const struct region_organisation *organisations;
	const struct region_function *functions;
	const struct region_place *places;
	const struct region_people_block *const *people; /* (region_people.h) */
	const struct region_service *services;
	const struct region_rota *rotas;
	const struct region_requirement *requirements;
	/* by place, then function, then requirement: a place's are neighbours */
	const struct region_demand *demands;
	const struct region_account *accounts;
	const struct region_area *areas;
	const struct region_navigator *navigators;
	const struct region_former *formers;
	uint32_t nformers;
	uint32_t norganisations, nfunctions, nplaces, npeople, nservices, nrotas, nrequirements,
	    ndemands, naccounts, nareas, nnavigators;
	struct table organisation_by_code, function_by_code, place_by_code, person_by_id,
	    service_by_id, rota_by_id, requirement_by_id, account_by_name, area_by_code,
	    navigator_by_id;
};

#define REGION_PEOPLE_BLOCK 64
struct region_people_block {
	const struct region_person *people[REGION_PEOPLE_BLOCK];
};
static inline const struct region_person *
region_person(const struct region *region, uint32_t index)
{
	return region->people[index / REGION_PEOPLE_BLOCK]->people[index % REGION_PEOPLE_BLOCK];
}

/* Whether the requirement is a template of a starter pack that nobody has confirmed: it is watched
 * like every other, and no commissioned standard. */
static inline bool
region_is_template(const struct region_requirement *requirement)
{
	return requirement->pack != NULL && requirement->confirmed_by == NULL;
}

/* Whether ${person} has ${function} among the roles. */
bool region_holds(const struct region *region, uint32_t person, uint32_t function);

/* Whether a title of ${rota} may mean ${person}: a person of its organisation, or one who holds the
 * function of its service. The reader is given no other names. */
bool region_in_directory(const struct region *region, const struct region_rota *rota,
    const struct region_person *person);

/* Whether the thing with the code ${code} formerly had the code ${was}. */
bool region_is_former(const struct region *region, const char *code, const char *was);

/* Two things of ${before} that are one in ${after}, by a former code; NULL: there are none. */
const struct region_former *region_made_one(
    const struct region *before, const struct region *after);

/* All codes of the thing of ${kind} that has the code ${code}: its current code, then the former
 * ones. Only ${code} if there is no such thing. NULL-terminated, in ${arena}. */
const char *const *region_codes(
    struct arena *arena, const struct region *region, const char *kind, const char *code);

/* The team of ${rota} with exactly this name, or its only team if ${name} is NULL; NULL if there is
 * none. */
const char *region_team(const struct region_rota *rota, const char *name);

/* ${url} as it is fetched (webcal:// is https://), in ${arena}; NULL if it cannot be a feed's address: http or
 * https, with a host and without blanks. */
#define REGION_URL_MAX_BYTES 2048
/* A secret and the hash of its address must fit into one box (ADDRESS_MAX_BYTES). */
#define REGION_USER_MAX_BYTES 200
#define REGION_PASSWORD_MAX_BYTES 800
#define REGION_TOKEN_MAX_BYTES 1800
#define REGION_CA_MAX_BYTES 32768
#define REGION_MASK_PREFIX "https://address.invalid/"
#define REGION_HASH_DIGITS 64
const char *region_address(struct arena *arena, const char *url);

/* A fault in a region file, with its JSON path: {"$.rotas[3].service", "there is no service
 * \"fenmere-amph\""}. */
struct region_fault {
	const char *path, *detail;
	bool warning; /* the file is applied nevertheless: a place whose parent is served for a
			 function and it is not, … */
};

struct region_faults {
	const struct region_fault *items;
	size_t count;
};

/* The zone names that the tz database has. The caller provides them, because this folder opens no
 * files. */
struct region_zones {
	bool (*known)(const void *ctx, const char *name);
	const void *ctx;
	bool synthetic; /* the file may have the objects of the canary (region_canary.h) */
};
struct region_zones region_zones_of(const struct zonedb *zonedb);

/* Reads a region file. Everything lives in ${arena}. STATUS_OK: ${faults} holds warnings only.
 * STATUS_MALFORMED: the file is not applied; ${faults} holds at least one fault that is not a
 * warning. Faults are: unknown keys, references to nothing, duplicate ids, impossible hours,
 * malformed codes, phones that are not E.164, unknown zones and holiday sets. All faults are
 * listed, up to 100. */
MUST_USE enum status region_read(struct arena *arena, struct slice json, struct region_zones zones,
    const struct region **out, struct region_faults *faults);

/* The differences between two set-ups as lines for people: "+ rota fenmere-edt", "~ service
 * fenmere-amhp: phone", "- place ZED09". ${before} may be NULL: everything is new. The order of
 * functions is compared ("~ region functions: order"), because answers follow it; no other order
 * is. */
struct region_change {
	char sign;                      /* '+', '-', '~' */
	const char *kind, *code, *what; /* the changed keys, comma-separated; NULL for + and - */
	const char *was; /* its code in the set-up before, if that differs; else NULL */
};
struct region_changes {
	const struct region_change *items;
	size_t count;
};
void region_compare(struct arena *arena, const struct region *before, const struct region *after,
    struct region_changes *out);
