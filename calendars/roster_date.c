#include "calendars/roster_date.h"

#include <string.h>

#include "calendars/roster_text.h"
#include "server/base/civil.h"

static bool
take_month_name(struct slice *text, int *month)
{
	static const char *const names[] = {
	    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};

	for (int i = 0; i < 12 && text->len >= 3; i++) {
		if (slice_is_nocase((struct slice){text->at, 3}, names[i])) {
			*month = i + 1;
			text->at += 3;
			text->len -= 3;
			return true;
		}
	}
	return false;
}

static bool
days_of(int year, int month, int day, int64_t *days)
{
	struct civil c = {.year = year, .month = month, .day = day};

	if (!civil_valid(&c))
		return false;
	*days = civil_days(year, month, day);
	return true;
}

/* The same day in either order. */
static bool
certain(struct slice rest, int year, int month, int day, struct roster_date *out)
{
	if (rest.len != 0 || !days_of(year, month, day, &out->dmy))
		return false;
	out->mdy = out->dmy;
	out->is_dmy = out->is_mdy = true;
	return true;
}

bool
roster_date_read(struct slice text, struct roster_date *out)
{
	struct slice iso = text;
	int first, second, year;
	char mark, again;

	*out = (struct roster_date){.is_dmy = false};
	if (roster_take_digits(&iso, 4, 4, &year))
		return roster_take_mark(&iso, "-", &mark) &&
		       roster_take_digits(&iso, 2, 2, &first) &&
		       roster_take_mark(&iso, "-", &again) &&
		       roster_take_digits(&iso, 2, 2, &second) &&
		       certain(iso, year, first, second, out);
	if (!roster_take_digits(&text, 1, 2, &first) || !roster_take_mark(&text, "/-. ", &mark))
		return false;
	if (take_month_name(&text, &second))
		return roster_take_mark(&text, "/-. ", &again) && again == mark &&
		       roster_take_digits(&text, 4, 4, &year) &&
		       certain(text, year, second, first, out);
	if (!roster_take_digits(&text, 1, 2, &second) || !roster_take_mark(&text, "/-. ", &again) ||
	    again != mark || !roster_take_digits(&text, 4, 4, &year) || text.len != 0)
		return false;
	out->is_dmy = days_of(year, second, first, &out->dmy);
	out->is_mdy = days_of(year, first, second, &out->mdy);
	return out->is_dmy || out->is_mdy;
}

bool
roster_date_ambiguous(const struct roster_date *date)
{
	return date->is_dmy && date->is_mdy && date->dmy != date->mdy;
}
