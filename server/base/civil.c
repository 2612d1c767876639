/* SPDX-License-Identifier: MIT */
#include "server/base/civil.h"

#include <string.h>

#define ERA_DAYS 146097    /* 400 years, after which the calendar repeats */
#define EPOCH_SHIFT 719468 /* days from 1 March of year 0 to 1970-01-01 */

/* Years begin on 1 March here, so that the leap day is the last of its year and needs no case of
 * its own. */
int64_t
civil_days(int year, int month, int day)
{
	int64_t y = year - (month <= 2);
	int64_t era = civil_floor_div(y, 400);
	int64_t of_era = y - era * 400;
	/* From March on the months have 31, 30, 31, 30, 31 days, twice, and then two more: 153 days
	 * in five months, which this line spreads in integers. */
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;

	return era * ERA_DAYS + day_of_era - EPOCH_SHIFT;
}

/* The same backwards. Each division takes out the leap days that the one before has left: 1460 of
 * four years, 36524 of a century, 146096 of an era. */
void
civil_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t shifted = days + EPOCH_SHIFT;
	int64_t era = civil_floor_div(shifted, ERA_DAYS);
	int64_t doe = shifted - era * ERA_DAYS;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

int
civil_weekday(int64_t days)
{
	int64_t since_monday = days + 3; /* 1970-01-01 was a Thursday */

	return (int)(since_monday - civil_floor_div(since_monday, 7) * 7);
}

/* Every fourth year, but of the full hundreds only every fourth. */
static bool
leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int
civil_days_in_month(int year, int month)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && leap(year) ? 29 : lengths[month - 1];
}

bool
civil_valid(const struct civil *civil)
{
	/* The years that four digits can write, in iCalendar and in RFC 3339. 24:00 and leap
	 * seconds are no times here: nothing that is read or stored expresses them. */
	return civil->year >= 1 && civil->year <= 9999 && civil->month >= 1 && civil->month <= 12 &&
	       civil->day >= 1 && civil->day <= civil_days_in_month(civil->year, civil->month) &&
	       civil->hour >= 0 && civil->hour <= 23 && civil->minute >= 0 && civil->minute <= 59 &&
	       civil->second >= 0 && civil->second <= 59;
}

int64_t
civil_seconds(const struct civil *civil)
{
	return civil_days(civil->year, civil->month, civil->day) * CIVIL_DAY_SECONDS +
	       (int64_t)civil->hour * 3600 + (int64_t)civil->minute * 60 + civil->second;
}

struct civil
civil_of(int64_t seconds)
{
	struct civil civil;
	int64_t days = civil_day_of(seconds);
	int rest = (int)(seconds - days * CIVIL_DAY_SECONDS);

	civil_from_days(days, &civil.year, &civil.month, &civil.day);
	civil.hour = rest / 3600;
	civil.minute = rest / 60 % 60;
	civil.second = rest % 60;
	return civil;
}

static void
put_two(char *out, int value)
{
	out[0] = (char)('0' + value / 10);
	out[1] = (char)('0' + value % 10);
}

void
civil_rfc3339(int64_t utc, char out[CIVIL_RFC3339_MAX])
{
	struct civil c = civil_of(utc);
	/* Four digits, whatever the instant is: the buffer has room for no more. */
	int year = (c.year % 10000 + 10000) % 10000;

	/* By hand: a calendar of ten thousand shifts has as many instants to write. */
	memcpy(out, "0000-00-00T00:00:00Z", sizeof "0000-00-00T00:00:00Z");
	put_two(out, year / 100);
	put_two(out + 2, year % 100);
	put_two(out + 5, c.month);
	put_two(out + 8, c.day);
	put_two(out + 11, c.hour);
	put_two(out + 14, c.minute);
	put_two(out + 17, c.second);
}

/* Takes ${digits} decimal digits from the front of ${text}. */
static bool
take_number(struct slice *text, size_t digits, int *out)
{
	int value = 0;

	if (text->len < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (text->at[i] < '0' || text->at[i] > '9')
			return false;
		value = value * 10 + (text->at[i] - '0');
	}
	text->at += digits;
	text->len -= digits;
	*out = value;
	return true;
}

void
civil_day_text(int64_t days, char out[CIVIL_DAY_MAX])
{
	char text[CIVIL_RFC3339_MAX];

	civil_rfc3339(days * CIVIL_DAY_SECONDS, text);
	memcpy(out, text, sizeof "2027-04-01" - 1);
	out[sizeof "2027-04-01" - 1] = '\0';
}

bool
civil_parse_day(struct slice text, int64_t *days)
{
	struct civil civil = {0};

	/* Only this one form: dates that could be read in two ways are a matter of rosters
	 * (calendars/roster/roster_date.h). */
	if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-')
		return false;
	if (!take_number(&text, 4, &civil.year))
		return false;
	text = (struct slice){text.at + 1, text.len - 1};
	if (!take_number(&text, 2, &civil.month))
		return false;
	text = (struct slice){text.at + 1, text.len - 1};
	if (!take_number(&text, 2, &civil.day) || !civil_valid(&civil))
		return false;
	*days = civil_days(civil.year, civil.month, civil.day);
	return true;
}

/* One of the characters of ${set} from the front of ${text}. */
static bool
take_one_of(struct slice *text, const char *set, char *out)
{
	if (text->len == 0)
		return false;
	for (; *set != '\0'; set++) {
		if (*text->at == *set) {
			*out = *set;
			text->at++;
			text->len--;
			return true;
		}
	}
	return false;
}

/* Fractions are read and dropped: instants here are whole seconds. */
static bool
take_fraction(struct slice *text)
{
	char point;
	size_t digits = 0;

	if (!take_one_of(text, ".", &point))
		return true;
	while (text->len > 0 && *text->at >= '0' && *text->at <= '9') {
		text->at++;
		text->len--;
		digits++;
	}
	return digits > 0;
}

static bool
take_offset(struct slice *text, int *seconds)
{
	char sign;
	char colon;
	int hours;
	int minutes;

	/* RFC 3339 5.6 lets T and Z be small. */
	if (take_one_of(text, "Zz", &sign)) {
		*seconds = 0;
		return text->len == 0;
	}
	if (!take_one_of(text, "+-", &sign) || !take_number(text, 2, &hours) ||
	    !take_one_of(text, ":", &colon) || !take_number(text, 2, &minutes) || hours > 23 ||
	    minutes > 59)
		return false;
	*seconds = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
	return text->len == 0;
}

bool
civil_parse_rfc3339(struct slice text, int64_t *utc)
{
	struct civil c;
	char mark;
	int offset;

	if (!take_number(&text, 4, &c.year) || !take_one_of(&text, "-", &mark) ||
	    !take_number(&text, 2, &c.month) || !take_one_of(&text, "-", &mark) ||
	    !take_number(&text, 2, &c.day) || !take_one_of(&text, "Tt", &mark) ||
	    !take_number(&text, 2, &c.hour) || !take_one_of(&text, ":", &mark) ||
	    !take_number(&text, 2, &c.minute) || !take_one_of(&text, ":", &mark) ||
	    !take_number(&text, 2, &c.second) || !civil_valid(&c) || !take_fraction(&text) ||
	    !take_offset(&text, &offset))
		return false;
	/* The offset says how far the written clock is ahead of UTC. */
	*utc = civil_seconds(&c) - offset;
	return true;
}
