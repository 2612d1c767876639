/* SPDX-License-Identifier: MIT */
#pragma once

/* Two versions of a requirement, and the key by which the second asks for less. The rule stands twice: in C, for who must agree to a
 * change (region_lowered), and in SQL, for what ends an accepted risk (risk_stricter), there of the change back. Both are held to these rows. */

#define REQUIREMENT "\"id\":\"r\",\"place\":\"P\",\"function\":\"f\""
#define HOURS(days, from, to) "{\"days\":[" days "],\"from\":\"" from "\",\"to\":\"" to "\"}"
#define ALL HOURS("\"all\"", "00:00", "24:00")
#define NEEDS(count, different)                                                                    \
	",\"needs\":[{\"function\":\"g\",\"count\":" #count ",\"different_teams\":" different "}]"
#define WITH(hours, more) REQUIREMENT ",\"hours\":[" hours "]" more

static const struct {
	const char *before, *after, *key; /* NULL: no less */
} lowered_rows[] = {
    {WITH(ALL, ",\"count\":2"), WITH(ALL, ",\"count\":1"), "count"},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":2"), NULL},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"owner\":\"O\""), NULL},
    {WITH(ALL, ",\"count\":1"), WITH(HOURS("\"all\"", "00:00", "23:59"), ",\"count\":1"), "hours"},
    {WITH(HOURS("\"mon\"", "09:00", "17:00"), ",\"count\":1"), WITH(ALL, ",\"count\":1"), NULL},
    {WITH(HOURS("\"mon\"", "09:00", "17:00"), ",\"count\":1"),
	WITH(HOURS("\"tue\"", "09:00", "17:00"), ",\"count\":1"), "hours"},
    {WITH(HOURS("\"mon\"", "09:00", "17:00"), ",\"count\":1"),
	WITH(HOURS("\"mon\"", "09:00", "12:00") "," HOURS("\"mon\"", "12:00", "17:00"),
	    ",\"count\":1"),
	NULL},
    {WITH(HOURS("\"mon\"", "20:00", "08:00"), ",\"count\":1"),
	WITH(HOURS("\"mon\"", "20:00", "07:00"), ",\"count\":1"), "hours"},
    {WITH(HOURS("\"all\"", "09:00", "17:00"), ",\"count\":1"),
	WITH(HOURS("\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\",\"sun\"", "09:00", "17:00"),
	    ",\"count\":1"),
	"hours"}, /* a bank holiday is not asked for any more */
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"until\":\"2030-01-01\""), "until"},
    {WITH(ALL, ",\"count\":1,\"until\":\"2030-01-01\""), WITH(ALL, ",\"count\":1"), NULL},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"from\":\"2030-01-01\""), "from"},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"team_counts\":true"), "team_counts"},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"role\":\"any\""), "role"},
    {WITH(ALL, ",\"count\":1,\"role\":\"any\""), WITH(ALL, ",\"count\":1"), NULL},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"tolerance_minutes\":15"),
	"tolerance_minutes"},
    {WITH(ALL, ",\"count\":1,\"handover_minutes\":15"), WITH(ALL, ",\"count\":1"),
	"handover_minutes"},
    {WITH(ALL, ",\"count\":1,\"severity\":{\"critical_hours\":48,\"high_hours\":96}"),
	WITH(ALL, ",\"count\":1"), "severity"},
    {WITH(ALL, ",\"count\":1,\"approvers\":[\"O\"]"), WITH(ALL, ",\"count\":1"), "approvers"},
    {WITH(ALL, ",\"count\":1,\"approvers\":[\"O\"]"),
	WITH(ALL, ",\"count\":1,\"approvers\":[\"O\",\"V\"]"), "approvers"},
    {WITH(ALL, ",\"count\":1,\"approvers\":[\"O\",\"V\"]"),
	WITH(ALL, ",\"count\":1,\"approvers\":[\"V\"]"), NULL},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"approvers\":[\"O\"]"), NULL},
    {WITH(ALL, ",\"count\":1,\"approvers\":[\"O\",\"V\"]"),
	WITH(ALL, ",\"count\":1,\"approvers\":[\"O\"]"), NULL},
    {WITH(ALL, ",\"count\":1,\"max_share\":2"), WITH(ALL, ",\"count\":1,\"max_share\":3"),
	"max_share"},
    {WITH(ALL, ",\"count\":1,\"max_share\":2"), WITH(ALL, ",\"count\":1"), "max_share"},
    {WITH(ALL, ",\"count\":1,\"max_share\":2"), WITH(ALL, ",\"count\":1,\"max_share\":2"), NULL},
    {WITH(ALL, ",\"count\":1,\"max_share\":3"), WITH(ALL, ",\"count\":1,\"max_share\":2"), NULL},
    {WITH(ALL, ",\"count\":1"), WITH(ALL, ",\"count\":1,\"max_share\":2"), NULL},
    {WITH(ALL, ",\"count\":1,\"team_counts\":true"), WITH(ALL, ",\"count\":1,\"team_counts\":true"),
	NULL},
    {WITH(ALL, ",\"count\":1,\"team_counts\":true"), WITH(ALL, ",\"count\":1"), NULL},
    {WITH(ALL, ",\"count\":1,\"role\":\"any\""), WITH(ALL, ",\"count\":1,\"role\":\"any\""), NULL},
    {WITH(ALL, NEEDS(2, "true")), WITH(ALL, NEEDS(1, "false")), "needs"},
    {WITH(ALL, NEEDS(2, "true")), WITH(ALL, NEEDS(2, "false")), "needs"},
    {WITH(ALL, NEEDS(2, "true")), WITH(ALL, ",\"count\":2"), "needs"},
    {WITH(ALL, NEEDS(2, "false")), WITH(ALL, NEEDS(3, "true")), NULL},
    {WITH(ALL, NEEDS(2, "true")), WITH(ALL, NEEDS(2, "true")), NULL},
    {WITH(ALL, ",\"count\":1,\"severity\":{\"critical_hours\":24,\"high_hours\":96}"),
	WITH(ALL, ",\"count\":1"), "severity"},
    {WITH(ALL, ",\"count\":1,\"severity\":{\"critical_hours\":24,\"high_hours\":48}"),
	WITH(ALL, ",\"count\":1"), NULL},
    {WITH(ALL, ",\"count\":1"),
	"\"id\":\"r\",\"place\":\"P\",\"function\":\"g\",\"count\":1,\"hours\":[" ALL "]",
	"function"},
    {WITH(ALL, ",\"count\":1"),
	"\"id\":\"r\",\"place\":\"Q\",\"function\":\"f\",\"count\":1,\"hours\":[" ALL "]", "place"},
};
