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
/* Our folders are one deep. A link that leads back up would otherwise be followed without end. */
#define DEPTH_MAX 2
/* What is in this folder has the hash of its content in its name, so it never changes. */
#define HASHED "/assets/"
#define MISSING "/404.html"

/* The codings that the build made beside a file, the better one first. */
static const struct {
	const char *suffix, *coding;
} codings[] = {{".br", "br"}, {".gz", "gzip"}};

#define CODINGS (sizeof codings / sizeof *codings)

struct page {
	const char *type;
	char etag[ETAG_MAX];
	struct web_bytes *bytes;
	struct web_bytes *coded[CODINGS]; /* NULL: there is none */
	bool hashed;
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

/* The compressed copies are files of the build, so that no request waits for a compression. */
static void
add_codings(struct pages *pages, struct page *page, const char *file)
{
	char *bytes;
	size_t len;

	for (size_t i = 0; i < CODINGS; i++) {
		const char *coded = arena_printf(pages->arena, "%s%s", file, codings[i].suffix);
		struct stat st;

		if (stat(coded, &st) == 0 &&
		    file_read(coded, PAGE_MAX_BYTES, &bytes, &len) == STATUS_OK)
			page->coded[i] = web_bytes_take(bytes, len);
	}
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
	*page = (struct page){
	    .type = type,
	    .hashed = strncmp(path, HASHED, strlen(HASHED)) == 0,
	};
	etag_of(bytes, len, page->etag);
	page->bytes = web_bytes_take(bytes, len);
	add_codings(pages, page, file);
	table_put(&pages->by_path, pages->arena, path, (uint32_t)(pages->items.count - 1));
}

/* Files and folders whose name begins with a dot are not served: editors and version control make them. */
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
	for (size_t i = 0; i < pages->items.count; i++) {
		web_bytes_unref(pages->items.items[i].bytes);
		for (size_t j = 0; j < CODINGS; j++)
			web_bytes_unref(pages->items.items[i].coded[j]);
	}
	arena_free(pages->arena);
}

static void
reply_page(const struct page *page, unsigned status, struct web_exchange *exchange)
{
	struct web_answer answer = {
	    .status = status,
	    .type = page->type,
	    /* A page is asked about each time, so that after an upgrade it names the new scripts. */
	    .cache_control = page->hashed ? "public, max-age=31536000, immutable" : "no-cache",
	    .etag = page->etag,
	    .shared = page->bytes,
	};

	/* Backwards, so that the better coding of two that the client accepts is set last. */
	for (size_t i = CODINGS; i-- > 0;) {
		if (page->coded[i] == NULL)
			continue;
		answer.varies = true;
		if (!web_accepts(exchange, codings[i].coding))
			continue;
		answer.encoding = codings[i].coding;
		answer.shared = page->coded[i];
	}
	web_bytes_ref(answer.shared);
	web_reply(exchange, &answer);
}

/* A browser gets a page with links to go on with, a program the usual problem document. */
static void
reply_missing(const struct pages *pages, struct web_exchange *exchange)
{
	struct slice accept = web_header(exchange, "accept");
	uint32_t index = table_get(&pages->by_path, MISSING);

	if (index != TABLE_NONE && accept.at != NULL &&
	    memmem(accept.at, accept.len, "text/html", strlen("text/html")) != NULL)
		reply_page(&pages->items.items[index], 404, exchange);
	else
		problem_reply(exchange, 404, "There is no such page.");
}

/* By the path as it is: nothing but the pages read at start can be named, so ".." leads nowhere. */
void
pages_reply(const struct pages *pages, struct web_exchange *exchange)
{
	struct slice path = web_path(exchange);
	char name[256];
	uint32_t index = TABLE_NONE;

	if (slice_is(path, "/"))
		path = SLICE("/index.html");
	if (path.len < sizeof name) {
		memcpy(name, path.at, path.len);
		name[path.len] = '\0';
		index = table_get(&pages->by_path, name);
	}
	if (index == TABLE_NONE)
		reply_missing(pages, exchange);
	else
		reply_page(&pages->items.items[index], 200, exchange);
}

void
view_page(void *ctx, struct web_exchange *exchange)
{
	pages_reply(((struct api *)ctx)->pages, exchange);
}
