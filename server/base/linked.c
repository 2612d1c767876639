/* SPDX-License-Identifier: MIT */
#include "server/base/linked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/file.h"
#include "server/base/status.h"

#define MAPS_FILE "/proc/self/maps"
#define DPKG_MAX_BYTES ((size_t)64 << 20)

/* Made by linked.py: {"libpq5", "15.20-0+deb12u1"}, … */
static const struct {
	const char *package, *version;
} built_with[] = {
#include "server/base/linked.inc"
};

/* ------------------------------------------------------------------------------------ replaced */

/* The next line of ${rest}, without its end. False: there is none. */
static bool
next_line(struct slice *rest, struct slice *line)
{
	const char *end;

	if (rest->len == 0)
		return false;
	end = memchr(rest->at, '\n', rest->len);
	*line = (struct slice){rest->at, end == NULL ? rest->len : (size_t)(end - rest->at)};
	*rest = (struct slice){
	    rest->at + line->len + (end != NULL), rest->len - line->len - (end != NULL)};
	return true;
}

/* The name of the library whose code the line maps, if its file is gone: "libz.so.1.2.13". A file that another one was
 * renamed over is gone as well, which is how packages replace files. */
static bool
is_replaced(struct slice line, struct slice *name)
{
	static const char gone[] = " (deleted)";
	size_t len = sizeof gone - 1, from;
	const char *mode = memchr(line.at, ' ', line.len);

	if (mode == NULL || (size_t)(line.at + line.len - mode) < sizeof " r-xp " - 1 ||
	    mode[3] != 'x' || line.len < len || memcmp(line.at + line.len - len, gone, len) != 0)
		return false;
	line.len -= len;
	for (from = line.len; from > 0 && line.at[from - 1] != '/'; from--)
		;
	*name = (struct slice){line.at + from, line.len - from};
	return from > 0 && memmem(name->at, name->len, ".so", 3) != NULL;
}

unsigned
linked_replaced_in(struct slice maps, struct buf *names)
{
	struct slice line, name, last = {0};
	unsigned count = 0;

	while (next_line(&maps, &line)) {
		/* Code may be mapped in several pieces, one after the other. */
		if (!is_replaced(line, &name) || (last.at != NULL && last.len == name.len &&
						     memcmp(last.at, name.at, name.len) == 0))
			continue;
		if (names != NULL) {
			buf_add_text(names, count > 0 ? ", " : "");
			buf_add(names, name.at, name.len);
		}
		last = name;
		count++;
	}
	return count;
}

unsigned
linked_replaced(struct buf *names)
{
	char *maps = NULL;
	size_t len = 0;
	unsigned count;

	if (file_read(MAPS_FILE, DPKG_MAX_BYTES, &maps, &len) != STATUS_OK)
		return 0;
	count = linked_replaced_in((struct slice){maps, len}, names);
	free(maps);
	return count;
}

/* ------------------------------------------------------------------------------------ versions */

/* The version of ${package} in dpkg's own list; at NULL if it is not installed. */
static struct slice
installed(struct slice list, const char *package)
{
	struct slice line, version = {0};
	bool here = false;

	while (next_line(&list, &line)) {
		static const char is[] = "Package: ", of[] = "Version: ";

		if (line.len > sizeof is - 1 && memcmp(line.at, is, sizeof is - 1) == 0)
			here = slice_is(
			    (struct slice){line.at + sizeof is - 1, line.len - sizeof is + 1},
			    package);
		else if (here && line.len > sizeof of - 1 &&
			 memcmp(line.at, of, sizeof of - 1) == 0)
			version = (struct slice){line.at + sizeof of - 1, line.len - sizeof of + 1};
	}
	return version;
}

void
linked_versions(struct buf *out, const char *dpkg_status)
{
	char *list = NULL;
	size_t len = 0;

	if (file_read(dpkg_status, DPKG_MAX_BYTES, &list, &len) != STATUS_OK)
		len = 0;
	for (size_t i = 0; i < sizeof built_with / sizeof *built_with; i++) {
		struct slice now = installed((struct slice){list, len}, built_with[i].package);
		bool same = slice_is(now, built_with[i].version);

		buf_printf(out, "%-24s built with %-28s now %.*s%s\n", built_with[i].package,
		    built_with[i].version, now.at == NULL ? 13 : (int)now.len,
		    now.at == NULL ? "not installed" : now.at, same ? "" : ": differs");
	}
	free(list);
}
