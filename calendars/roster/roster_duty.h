/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "calendars/titles/title.h"

/*
 * The days of the week that the heading of a duty names: "AMHP weekdays", "Sat/Sun", "Weekend and bank holiday AMHP".
 * Who stands below it is on duty on those days alone.
 */
enum duty_day {
	DUTY_EVERY_DAY, /* the heading names none */
	DUTY_ON,
	DUTY_OFF,
	DUTY_OPEN /* whether the day is one of them is not certain: "not weekends", "from 14 Dec", and "Mon-Fri" on a
		     bank holiday for which no hours are set */
};

/* Whether ${duty} names days of the week, or bank holidays, or from when or until when it holds. */
bool roster_duty_names_days(struct titles *titles, const char *duty);

/* What ${duty} says of the day on which a shift begins at ${start} of local time. ${written}: the day itself stands
 * before the name, so that "Mon-Fri" has it also on a bank holiday, and "weekend" on a Friday evening; else only its week
 * does. */
enum duty_day roster_duty_day(struct titles *titles, const char *duty, int64_t start, bool written);

/* Whether ${day} is one of the bank holidays of the rota. */
bool roster_is_bank_holiday(const struct reading_options *options, int64_t day);
