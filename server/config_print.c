/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "server/config.h"
#include "server/config_row.h"

#define ABOUT_WIDTH 96

/* A password inside a URL (scheme://user:password@host) or a conninfo (password=…) is not shown. */
static void
print_masked(const char *value)
{
	const char *at = strchr(value, '@'), *scheme = strstr(value, "://"),
		   *password = strstr(value, "password=");

	if (scheme != NULL && at != NULL && at > scheme)
		printf("%.*s***%s", (int)(scheme + 3 - value), value, at);
	else if (password != NULL)
		printf("%.*spassword=***", (int)(password - value), value);
	else
		fputs(value, stdout);
}

/* As comments of a file: in lines that are read easily, and that load_file takes back. */
static void
print_about(const char *about)
{
	while (*about != '\0') {
		size_t len = strlen(about);

		if (len > ABOUT_WIDTH) {
			for (len = ABOUT_WIDTH; len > 0 && about[len] != ' ';)
				len--;
			len = len > 0 ? len : ABOUT_WIDTH;
		}
		printf("; %.*s\n", (int)len, about);
		about += len + (about[len] == ' ');
	}
}

static void
print_choices(const struct config_row *setting)
{
	fputs("; One of", stdout);
	for (const char *const *choice = setting->choices; *choice != NULL; choice++)
		printf("%s %s", choice == setting->choices ? "" : ",", *choice);
	fputs(".\n", stdout);
}

/* Its output is a configuration file that means the same as what is in force, except for masked
 * passwords. */
void
config_print(const struct config *config)
{
	for (size_t i = 0; i < config_row_count; i++) {
		const struct config_row *setting = &config_rows[i];
		const char *field = (const char *)config + setting->offset;

		print_about(setting->about);
		if (setting->kind == NUMBER) {
			printf("; From %lld to %lld.\n%s = %lld\n\n", (long long)setting->min,
			    (long long)setting->max, setting->key,
			    (long long)*(const int64_t *)(const void *)field);
			continue;
		}
		if (setting->kind == CHOICE)
			print_choices(setting);
		printf("%s = ", setting->key);
		print_masked(*(const char *const *)(const void *)field);
		printf("\n\n");
	}
}
