/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* What is wrong with a setting. It is printed by config_refuse(), whose caller knows the file and the line. */
struct config_complaint {
	bool made;
	char text[512];
};

/* Notes what is wrong with the setting ${key}, unless something was noted already. */
void config_complain(struct config_complaint *complaint, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Prints it, with the place that it stands in (${line} 0: none), and ends the process as for a wrong command line. */
_Noreturn void config_refuse(const char *where, int line, const struct config_complaint *complaint);

enum { CONFIG_USAGE_EXIT = 2 };
