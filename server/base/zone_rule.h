/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The rule of a time zone for the years that no table lists: POSIX TZ text as in the footer of a
 * TZif file (RFC 8536 3.3), with hours from -167 to 167 as the files of the tz database use them.
 */
#define ZONE_RULE_NAME_MAX 16

/* A day of each year: "J60" (JULIAN: ${day} 1 to 365, 29 February is never counted), "59" (YEARDAY: ${day} 0 to 365, it is),
 * "M3.5.0" (WEEKDAY: ${month} 1 to 12, ${week} 1 to 4 or 5 for the last, ${day} 0 for Sunday). */
struct zone_rule_day {
	enum { ZONE_RULE_JULIAN, ZONE_RULE_YEARDAY, ZONE_RULE_WEEKDAY } form;
	int month, week, day;
	int32_t time; /* seconds of wall clock after that day's midnight */
};

struct zone_rule {
	char std_name[ZONE_RULE_NAME_MAX], dst_name[ZONE_RULE_NAME_MAX];
	int32_t std_offset, dst_offset; /* seconds east of UTC; the text of POSIX counts west */
	bool has_dst;
	struct zone_rule_day start, end; /* when dst_offset begins and ends */
};

/* Reads ${text} of ${len} bytes; false if it is no such rule. */
bool zone_rule_parse(const char *text, size_t len, struct zone_rule *out);

/* The rule in force at ${utc}, from when and until when. The name lives as long as ${rule}. */
struct zone_rule_hold {
	int64_t from, until;
	int32_t offset;
	const char *name;
};
struct zone_rule_hold zone_rule_at(const struct zone_rule *rule, int64_t utc);
