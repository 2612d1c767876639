/* SPDX-License-Identifier: MIT */
#include "server/api/views/pages.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "server/api/ask/etag.h"
#include "server/api/ask/problem.h"
#include "server/api/context.h"
#include "server/api/views/views.h"
#include "server/base/arena.h"
#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/base/table.h"
#include "server/base/vec.h"

#define PAGE_MAX_BYTES ((size_t)4 << 20)
#define DEPTH_MAX 2

struct page {
	const char *type;
	char etag[ETAG_MAX];
	struct web_bytes *bytes;
};

struct pages {
	struct arena *arena;
	VEC(struct page) items;
	struct table by_path; /* "/now.html" */
};

/* Files of other kinds are not served: an editor's copy or a note in the folder stays private. */
static const struct {
	const char *suffix, *type;
} kinds[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
};

static const char *
type_of(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t suffix = strlen(kinds[i].suffix);

		if (len > suffix && strcmp(name + len - suffix, kinds[i].suffix) == 0)
			return kinds[i].type;
	}
	return NULL;
}

/* Read once, at start: a request never touches the disk, and a page cannot change between two of
 * them. */
static void
add_page(struct pages *pages, const char *file, const char *path, const char *type)
{
	struct page *page;
	char *bytes;
	size_t len;

	if (file_read(file, PAGE_MAX_BYTES, &bytes, &len) != STATUS_OK) {
		log_event(LOG_WARN, "page_unreadable", LOG_STR("path", path));
		return;
	}
	page = VEC_PUSH(pages->arena, &pages->items);
	page->type = type;
	etag_of(bytes, len, page->etag);
	page->bytes = web_bytes_take(bytes, len);
	table_put(&pages->by_path, pages->arena, path, (uint32_t)(pages->items.count - 1));
}

/* Folders and files that begin with a dot are left out, and deep folders, which a link could make
 * endless. */
static void
read_folder(struct pages *pages, const char *folder, const char *path, int depth)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		char *file = arena_printf(pages->arena, "%s/%s", folder, entry->d_name);
		char *name = arena_printf(pages->arena, "%s/%s", path, entry->d_name);
		struct stat st;

		if (entry->d_name[0] == '.' || stat(file, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
			read_folder(pages, file, name, depth + 1);
		else if (S_ISREG(st.st_mode) && type_of(name) != NULL)
			add_page(pages, file, name, type_of(name));
	}
	if (dir != NULL)
		closedir(dir);
}

struct pages *
pages_read(const char *directory)
{
	struct arena *arena = arena_new(0);
	struct pages *pages = arena_alloc(arena, sizeof *pages);

	pages->arena = arena;
	table_init(&pages->by_path, arena, 32);
	if (directory != NULL && directory[0] != '\0')
		read_folder(pages, directory, "", 0);
	log_event(LOG_INFO, "pages_read", LOG_INT("count", (int64_t)pages->items.count));
	return pages;
}

void
pages_free(struct pages *pages)
{
	if (pages == NULL)
		return;
	for (size_t i = 0; i < pages->items.count; i++)
		web_bytes_unref(pages->items.items[i].bytes);
	arena_free(pages->arena);
}

/* By the path as it is: nothing but the pages read at start can be named, so ".." leads nowhere. */
void
pages_reply(const struct pages *pages, struct web_exchange *exchange)
{
	struct slice path = web_path(exchange);
	char name[256];
	uint32_t index;

	if (slice_is(path, "/"))
		path = SLICE("/index.html");
	if (path.len >= sizeof name) {
		problem_reply(exchange, 404, "There is no such page.");
		return;
	}
	memcpy(name, path.at, path.len);
	name[path.len] = '\0';
	index = table_get(&pages->by_path, name);
	if (index == TABLE_NONE) {
		problem_reply(exchange, 404, "There is no such page.");
		return;
	}
	web_reply(exchange, &(struct web_answer){
				.status = 200,
				.type = pages->items.items[index].type,
				/* Stored, but asked about each time: after an upgrade pages and
				 * scripts must be of one version. */
				.cache_control = "no-cache",
				.etag = pages->items.items[index].etag,
				.shared = web_bytes_ref(pages->items.items[index].bytes),
			    });
}

void
view_page(void *ctx, struct web_exchange *exchange)
{
	pages_reply(((struct api *)ctx)->pages, exchange);
}
