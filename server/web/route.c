/* SPDX-License-Identifier: MIT */
#include "server/web/route.h"

#include <string.h>

#include "server/base/fatal.h"

/* "{name}suffix" against one segment: the value is what comes before the suffix, and not empty. */
static bool
match_param(const char **pattern, struct slice *path, struct route_found *found)
{
	const char *name = *pattern + 1;
	const char *close = strchr(name, '}');
	const char *slash = memchr(path->at, '/', path->len);
	size_t segment = slash == NULL ? path->len : (size_t)(slash - path->at);
	size_t suffix;

	INVARIANT(close != NULL && found->param_count < ROUTE_PARAMS_MAX);
	suffix = strcspn(close + 1, "/");
	if (segment <= suffix || memcmp(path->at + segment - suffix, close + 1, suffix) != 0)
		return false;
	found->params[found->param_count++] = (struct route_param){
	    .name = {name, (size_t)(close - name)},
	    .value = {path->at, segment - suffix},
	};
	*pattern = close + 1 + suffix;
	path->at += segment;
	path->len -= segment;
	return true;
}

/* Braces match one segment; everything else must be equal byte by byte, so that an escaped letter
 * of a fixed part is another path. */
static bool
matches(const char *pattern, struct slice path, struct route_found *found)
{
	found->param_count = 0;
	while (*pattern != '\0') {
		if (*pattern == '{') {
			if (!match_param(&pattern, &path, found))
				return false;
			continue;
		}
		if (path.len == 0 || *path.at != *pattern)
			return false;
		pattern++;
		path.at++;
		path.len--;
	}
	return path.len == 0;
}

/* The first match in the order of the table wins. `allowed` collects the methods of all that match,
 * for a 405. */
void
route_find(const struct web_route *routes, enum web_method method, struct slice path,
    struct route_found *found)
{
	unsigned wanted = method == WEB_HEAD ? WEB_GET : method;

	found->allowed = 0;
	found->route = NULL;
	for (const struct web_route *route = routes; route->pattern != NULL; route++) {
		if (!matches(route->pattern, path, found))
			continue;
		if (route->methods & wanted) {
			found->route = route;
			return;
		}
		found->allowed |= route->methods;
	}
}
