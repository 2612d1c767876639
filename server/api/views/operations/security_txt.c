/* SPDX-License-Identifier: MIT */
#include "server/api/views/operations/security_txt.h"

#include <string.h>

#include "server/api/ask/ask.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"

#define DAY 86400
/* RFC 9116 2.5.5: less than a year ahead. The file is made when it is asked for, so it never expires unnoticed. */
#define HOLDS_DAYS 180

/* The next address of ${rest}, without blanks around it. False: there is none. */
static bool
next_contact(struct slice *rest, struct slice *contact)
{
	const char *comma;
	size_t len;

	if (rest->len == 0)
		return false;
	comma = memchr(rest->at, ',', rest->len);
	len = comma == NULL ? rest->len : (size_t)(comma - rest->at);
	*contact = slice_trim((struct slice){rest->at, len});
	*rest = (struct slice){rest->at + len + (comma != NULL), rest->len - len - (comma != NULL)};
	return true;
}

static bool
is_address(struct slice contact)
{
	static const char *const schemes[] = {"mailto:", "https://", "tel:"};
	bool found = false;

	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t len = strlen(schemes[i]);

		found |= contact.len > len && memcmp(contact.at, schemes[i], len) == 0;
	}
	for (size_t i = 0; i < contact.len; i++)
		found &= contact.at[i] > ' ' && contact.at[i] < 0x7f;
	return found;
}

bool
security_contact_fine(const char *contacts)
{
	struct slice rest = slice_of(contacts), contact;

	while (next_contact(&rest, &contact))
		if (!is_address(contact))
			return false;
	return true;
}

void
security_txt_put(struct buf *out, const char *contacts, int64_t now)
{
	struct slice rest = slice_of(contacts), contact;
	char expires[CIVIL_RFC3339_MAX];

	while (next_contact(&rest, &contact))
		buf_printf(out, "Contact: %.*s\n", (int)contact.len, contact.at);
	civil_rfc3339((now / DAY + HOLDS_DAYS) * DAY, expires);
	buf_printf(out, "Expires: %s\nPreferred-Languages: en\n", expires);
}

void
view_security_txt(void *ctx, struct web_exchange *exchange)
{
	const struct api *api = ctx;
	struct buf text = {0};

	if (api->security_contact[0] == '\0') {
		problem_reply(exchange, 404, "No address for reports of weaknesses is set here.");
		return;
	}
	security_txt_put(
	    &text, api->security_contact, snapshot_store_now(&api->store, clock_read()));
	web_reply(exchange, &(struct web_answer){.status = 200,
				.type = "text/plain; charset=utf-8",
				.cache_control = "public, max-age=3600",
				.body = {text.at, text.len}});
	buf_free(&text);
}
