/* SPDX-License-Identifier: MIT */
/* crisiscover contacts: whose telephone nobody has checked for a long time, or ever. */
#include <stdio.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

static void
print_contact(const json_t *contact)
{
	show_cell(show_text(contact, "kind"), 8);
	show_cell(show_text(contact, "code"), 24);
	show_cell(show_text(contact, "name"), 28);
	if (*show_text(contact, "verified_at") == '\0')
		printf("never checked\n");
	else
		printf("not checked since %s, %lld days ago\n", show_text(contact, "verified_at"),
		    (long long)json_integer_value(json_object_get(contact, "days")));
}

/* Adds one page of ${kind} to ${all}. ${cursor}: where it begins, and afterwards where the next
 * does; empty: there is none. */
static int
add_page(json_t *all, const char *kind, const char *days, struct buf *cursor)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	/* Pages of 1,000, the most that the server gives. */
	buf_printf(&path, "/v1/contacts/unverified?limit=1000&kind=%s", kind);
	if (days != NULL) {
		buf_add_text(&path, "&days=");
		buf_add_encoded(&path, days);
	}
	if (cursor->len > 0) {
		buf_add_text(&path, "&cursor=");
		buf_add_encoded(&path, cursor->at);
	}
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	buf_reset(cursor);
	if (status == EXIT_FINE) {
		json_array_extend(all, json_object_get(answer.json, "contacts"));
		buf_add_text(cursor, show_text(answer.json, "next_cursor"));
	}
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

static int
collect(json_t *all, const char *days)
{
	/* Services first: more people ring a team line. */
	static const char *const kinds[] = {"service", "person"};
	struct buf cursor = {0};
	int status = EXIT_FINE;

	for (size_t i = 0; i < 2 && status == EXIT_FINE; i++)
		do
			status = add_page(all, kinds[i], days, &cursor);
		while (status == EXIT_FINE && cursor.len > 0);
	buf_free(&cursor);
	return status;
}

int
command_contacts(int argc, char **argv)
{
	const char *days = NULL, *fault;
	bool json = false;
	const struct option_row rows[] = {
	    {"days", &days, NULL}, {"json", NULL, &json}, {NULL, NULL, NULL}};
	json_t *answer, *all, *contact;
	int status;
	size_t i;

	fault = options_read(argc, argv, rows, NULL, 0);
	if (fault != NULL)
		return command_refuse("contacts", fault);
	all = json_array();
	answer = json_pack("{s:o}", "contacts", all);
	status = collect(all, days);
	if (status == EXIT_FINE && json) {
		show_json(answer);
	} else if (status == EXIT_FINE) {
		json_array_foreach(all, i, contact) print_contact(contact);
		if (json_array_size(all) == 0)
			printf("every telephone was checked in that time\n");
	}
	json_decref(answer);
	return status;
}
