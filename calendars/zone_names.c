/* SPDX-License-Identifier: MIT */
#include "calendars/zone_names.h"

#include <string.h>
#include <strings.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "server/base/text.h"

/* Longer than any name of either table. */
#define NAME_MAX_BYTES 200

/* ICU compares these by bytes, so their case must be right: names are looked up here first. */
static const char *const windows_names[] = {
    "AUS Central Standard Time",
    "AUS Eastern Standard Time",
    "Afghanistan Standard Time",
    "Alaskan Standard Time",
    "Aleutian Standard Time",
    "Altai Standard Time",
    "Arab Standard Time",
    "Arabian Standard Time",
    "Arabic Standard Time",
    "Argentina Standard Time",
    "Astrakhan Standard Time",
    "Atlantic Standard Time",
    "Aus Central W. Standard Time",
    "Azerbaijan Standard Time",
    "Azores Standard Time",
    "Bahia Standard Time",
    "Bangladesh Standard Time",
    "Belarus Standard Time",
    "Bougainville Standard Time",
    "Canada Central Standard Time",
    "Cape Verde Standard Time",
    "Caucasus Standard Time",
    "Cen. Australia Standard Time",
    "Central America Standard Time",
    "Central Asia Standard Time",
    "Central Brazilian Standard Time",
    "Central Europe Standard Time",
    "Central European Standard Time",
    "Central Pacific Standard Time",
    "Central Standard Time",
    "Central Standard Time (Mexico)",
    "Chatham Islands Standard Time",
    "China Standard Time",
    "Cuba Standard Time",
    "Dateline Standard Time",
    "E. Africa Standard Time",
    "E. Australia Standard Time",
    "E. Europe Standard Time",
    "E. South America Standard Time",
    "Easter Island Standard Time",
    "Eastern Standard Time",
    "Eastern Standard Time (Mexico)",
    "Egypt Standard Time",
    "Ekaterinburg Standard Time",
    "FLE Standard Time",
    "Fiji Standard Time",
    "GMT Standard Time",
    "GTB Standard Time",
    "Georgian Standard Time",
    "Greenland Standard Time",
    "Greenwich Standard Time",
    "Haiti Standard Time",
    "Hawaiian Standard Time",
    "India Standard Time",
    "Iran Standard Time",
    "Israel Standard Time",
    "Jordan Standard Time",
    "Kaliningrad Standard Time",
    "Korea Standard Time",
    "Libya Standard Time",
    "Line Islands Standard Time",
    "Lord Howe Standard Time",
    "Magadan Standard Time",
    "Magallanes Standard Time",
    "Marquesas Standard Time",
    "Mauritius Standard Time",
    "Middle East Standard Time",
    "Montevideo Standard Time",
    "Morocco Standard Time",
    "Mountain Standard Time",
    "Mountain Standard Time (Mexico)",
    "Myanmar Standard Time",
    "N. Central Asia Standard Time",
    "Namibia Standard Time",
    "Nepal Standard Time",
    "New Zealand Standard Time",
    "Newfoundland Standard Time",
    "Norfolk Standard Time",
    "North Asia East Standard Time",
    "North Asia Standard Time",
    "North Korea Standard Time",
    "Omsk Standard Time",
    "Pacific SA Standard Time",
    "Pacific Standard Time",
    "Pacific Standard Time (Mexico)",
    "Pakistan Standard Time",
    "Paraguay Standard Time",
    "Qyzylorda Standard Time",
    "Romance Standard Time",
    "Russia Time Zone 10",
    "Russia Time Zone 11",
    "Russia Time Zone 3",
    "Russian Standard Time",
    "SA Eastern Standard Time",
    "SA Pacific Standard Time",
    "SA Western Standard Time",
    "SE Asia Standard Time",
    "Saint Pierre Standard Time",
    "Sakhalin Standard Time",
    "Samoa Standard Time",
    "Sao Tome Standard Time",
    "Saratov Standard Time",
    "Singapore Standard Time",
    "South Africa Standard Time",
    "South Sudan Standard Time",
    "Sri Lanka Standard Time",
    "Sudan Standard Time",
    "Syria Standard Time",
    "Taipei Standard Time",
    "Tasmania Standard Time",
    "Tocantins Standard Time",
    "Tokyo Standard Time",
    "Tomsk Standard Time",
    "Tonga Standard Time",
    "Transbaikal Standard Time",
    "Turkey Standard Time",
    "Turks And Caicos Standard Time",
    "US Eastern Standard Time",
    "US Mountain Standard Time",
    "UTC",
    "UTC+12",
    "UTC+13",
    "UTC-02",
    "UTC-08",
    "UTC-09",
    "UTC-11",
    "Ulaanbaatar Standard Time",
    "Venezuela Standard Time",
    "Vladivostok Standard Time",
    "Volgograd Standard Time",
    "W. Australia Standard Time",
    "W. Central Africa Standard Time",
    "W. Europe Standard Time",
    "W. Mongolia Standard Time",
    "West Asia Standard Time",
    "West Bank Standard Time",
    "West Pacific Standard Time",
    "Yakutsk Standard Time",
    "Yukon Standard Time",
};

/* Whether ${name} is Microsoft's name for UTC, which no table lists. */
static bool
is_utc_name(const char *name)
{
	return strcasecmp(name, "tzone://Microsoft/Utc") == 0;
}

static const char *
windows_spelling(const char *name)
{
	for (size_t i = 0; i < sizeof windows_names / sizeof *windows_names; i++) {
		if (strcasecmp(windows_names[i], name) == 0)
			return windows_names[i];
	}
	return NULL;
}

/* ${name} without a number at its end. */
static const char *
without_number(struct arena *arena, const char *name)
{
	struct slice text = slice_trim(slice_of(name));

	while (text.len > 0 && text.at[text.len - 1] >= '0' && text.at[text.len - 1] <= '9')
		text.len--;
	text = slice_trim(text);
	return arena_strndup(arena, text.at, text.len);
}

static const struct zone *
by_spelling(const struct zonedb *db, const char *name)
{
	UChar wide[NAME_MAX_BYTES + 1];
	UChar iana[NAME_MAX_BYTES + 1];
	char narrow[NAME_MAX_BYTES + 1];
	UErrorCode error = U_ZERO_ERROR;
	int32_t len = 0;

	/* Without a country ICU gives the place that CLDR takes for the whole zone. */
	u_strFromUTF8(wide, NAME_MAX_BYTES, &len, name, -1, &error);
	len = ucal_getTimeZoneIDForWindowsID(wide, len, NULL, iana, NAME_MAX_BYTES, &error);
	/* 0 also after a failure. */
	if (len <= 0)
		return NULL;
	/* Names of the tz database are ASCII. */
	u_UCharsToChars(iana, narrow, len);
	narrow[len] = '\0';
	/* By the tz database of this server and not by ICU's own rules, so that every zone has one
	 * source. */
	return zonedb_find(db, narrow);
}

const struct zone *
zone_by_windows_name(const struct zonedb *db, struct arena *arena, const char *name)
{
	const char *spelling = windows_spelling(name);

	if (is_utc_name(name))
		return zone_utc();
	if (spelling == NULL)
		spelling = windows_spelling(without_number(arena, name));
	return spelling != NULL ? by_spelling(db, spelling) : NULL;
}

bool
zone_is_no_place(const char *name)
{
	/* The names in the tz database that are kept for compatibility and have fixed or rule-only
	 * offsets. */
	static const char *const names[] = {"GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "UTC",
	    "UCT", "Universal", "Zulu", "WET", "CET", "MET", "EET", "EST", "MST", "HST", "EST5EDT",
	    "CST6CDT", "MST7MDT", "PST8PDT", "Factory"};

	if (strncasecmp(name, "Etc/", 4) == 0)
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcasecmp(names[i], name) == 0)
			return true;
	}
	return false;
}

const struct zone *
zone_summer_of(const struct zonedb *db, const char *name)
{
	static const struct {
		const char *name, *place;
		/* Names that people use for their own clock all the year round. CET and EET are not among
	 * them: they have summer time in the tz database. */
	} summers[] = {{"GMT", "Europe/London"}, {"GMT0", "Europe/London"},
	    {"GMT+0", "Europe/London"}, {"GMT-0", "Europe/London"}, {"Greenwich", "Europe/London"},
	    {"EST", "America/New_York"}, {"MST", "America/Denver"}};

	for (size_t i = 0; i < sizeof summers / sizeof *summers; i++) {
		if (strcasecmp(summers[i].name, name) == 0)
			return zonedb_find(db, summers[i].place);
	}
	return NULL;
}
