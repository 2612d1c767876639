/* SPDX-License-Identifier: MIT */
/* crisiscover audit: the audit, its end, and whether the chain holds. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/audit_chain.h"
#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/text.h"

/* The most rows that the server gives at once. */
#define PAGE 1000
/* The whole file is read into memory to be sorted. */
#define HEADS_MAX_BYTES ((size_t)256 << 20)

/* ------------------------------------------------------------------------------------ asking */

static int
ask_rows(int64_t after, int64_t limit, struct server_answer *answer)
{
	char path[96];

	snprintf(path, sizeof path, "/v1/audit?after=%lld&limit=%lld", (long long)after,
	    (long long)limit);
	/* More patience than other commands: the pages of a long audit are read while others
	 * write. */
	return server_ask(
	    &(struct server_ask){.path = path, .limit_ms = 70000, .patience_ms = 5000}, answer);
}

static int
audit_list(int64_t after, int64_t limit, bool json)
{
	struct server_answer answer;
	int status = ask_rows(after, limit, &answer);
	json_t *row;
	size_t i;

	if (status == EXIT_FINE && json)
		show_json(answer.json);
	if (status == EXIT_FINE && !json)
		json_array_foreach(json_object_get(answer.json, "rows"), i, row)
		{
			printf(
			    "%8lld  ", (long long)json_integer_value(json_object_get(row, "seq")));
			printf("%s  ", show_text(row, "at"));
			show_cell(show_text(row, "actor"), 20);
			show_cell(show_text(row, "action"), 18);
			show_cell(show_text(row, "object"), 28);
			if (json_is_true(json_object_get(row, "withheld")))
				puts("withheld: it is of places that are not yours");
			else
				show_json(json_object_get(row, "detail"));
		}
	server_answer_free(&answer);
	return status;
}

static int
audit_head(bool json)
{
	struct server_answer answer;
	int status = server_ask(&(struct server_ask){.path = "/v1/audit/head"}, &answer);
	const json_t *head = json_object_get(answer.json, "head");

	/* As the server's own file has it, so that it can be kept and given back with --head. */
	if (status == EXIT_FINE && json)
		show_json(head);
	else if (status == EXIT_FINE)
		printf("row %lld, %s\n%s\n",
		    (long long)json_integer_value(json_object_get(head, "seq")),
		    show_time(head, "at"), show_text(head, "hash"));
	server_answer_free(&answer);
	return status;
}

/* ------------------------------------------------------------------------------------- verify */

/* Heads that were carried out: one JSON object a line, by row. */
struct kept_heads {
	const char *path;
	json_t *list;
	size_t next, agreed;
};

static int
by_seq(const void *left, const void *right)
{
	int64_t a = json_integer_value(json_object_get(*(json_t *const *)left, "seq"));
	int64_t b = json_integer_value(json_object_get(*(json_t *const *)right, "seq"));

	return (a > b) - (a < b);
}

static int
read_heads(const char *path, struct kept_heads *heads)
{
	char *bytes = NULL, *line, *rest;
	json_t **items;
	size_t len, count;

	*heads = (struct kept_heads){.path = path, .list = json_array()};
	if (file_read(path, HEADS_MAX_BYTES, &bytes, &len) != STATUS_OK) {
		fprintf(stderr, "crisiscover audit: cannot read %s: %s\n", path, strerror(errno));
		return EXIT_INPUT_REFUSED;
	}
	/* Lines that are no heads are passed over: the file may have been cut while it was written,
	 * or copied together from several. */
	for (rest = bytes; (line = strsep(&rest, "\n")) != NULL;) {
		json_t *head = json_loads(line, 0, NULL);

		if (json_is_integer(json_object_get(head, "seq")) &&
		    *show_text(head, "hash") != '\0')
			json_array_append(heads->list, head);
		json_decref(head);
	}
	free(bytes);
	count = json_array_size(heads->list);
	if (count == 0) {
		fprintf(stderr, "crisiscover audit: there is no head in %s\n", path);
		return EXIT_INPUT_REFUSED;
	}
	/* jansson cannot sort, and files of heads that were merged are in no order. */
	items = xcalloc(count, sizeof(json_t *));
	for (size_t i = 0; i < count; i++)
		items[i] = json_incref(json_array_get(heads->list, i));
	qsort(items, count, sizeof(json_t *), by_seq);
	json_array_clear(heads->list);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(heads->list, items[i]);
	free(items);
	return EXIT_FINE;
}

/* Every head that is about the row that was taken last; those about rows that are no longer kept
 * are passed over. */
static bool
heads_agree(struct kept_heads *heads, struct chain *chain)
{
	for (; heads->next < json_array_size(heads->list); heads->next++) {
		const json_t *head = json_array_get(heads->list, heads->next);
		int64_t seq = json_integer_value(json_object_get(head, "seq"));

		/* Its row is still to come. */
		if (seq > chain->seq)
			return true;
		if (!chain_agrees(chain, head, heads->path))
			return false;
		heads->agreed += seq == chain->seq;
	}
	return true;
}

/* Takes the rows of one page. False: one was not in order. */
static bool
take_page(struct chain *chain, struct kept_heads *heads, const json_t *page, const json_t *head)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(page, "rows"), i, row)
	{
		if (!chain_take(chain, row) || !heads_agree(heads, chain) ||
		    !chain_agrees(chain, head, "the server's own head"))
			return false;
	}
	return true;
}

/* Whether the chain is complete, once the server has no more rows. Sets the fault of the chain if not. */
static bool
ends_well(struct chain *chain, struct kept_heads *heads, const json_t *page)
{
	/* The end of the chain is the weak point: rows cut off there break no hash. The server's
	 * head and the heads carried out say how far it must reach. */
	int64_t head = json_integer_value(json_object_get(json_object_get(page, "head"), "seq"));
	int64_t unchained = json_integer_value(json_object_get(page, "unchained"));
	size_t count = json_array_size(heads->list);
	int64_t kept = json_integer_value(
	    json_object_get(json_array_get(heads->list, count > 0 ? count - 1 : 0), "seq"));

	if (chain->seq < head || chain->seq < kept)
		snprintf(chain->fault, sizeof chain->fault, "Rows %lld to %lld are missing.",
		    (long long)chain->seq + 1, (long long)(head > kept ? head : kept));
	else if (unchained > 0)
		snprintf(chain->fault, sizeof chain->fault,
		    "%lld rows are in the audit and not in its chain: they were slipped in.",
		    (long long)unchained);
	else
		return chain_ends(chain);
	return false;
}

/* Asks for pages of the audit until one is empty. The chain is computed here and not believed. */
static int
walk(struct chain *chain, struct kept_heads *heads)
{
	struct server_answer answer;
	json_t *head = NULL;
	int status = EXIT_FINE;
	bool begun = false, done = false;

	while (!done) {
		/* Row 0 is before every row. */
		status = ask_rows(begun ? chain->seq : 0, PAGE, &answer);
		if (status == EXIT_FINE && !begun) {
			begun = true;
			/* The head of the first answer: the chain grows while it is read, and this
			 * one must be met on the way. */
			head = json_incref(json_object_get(answer.json, "head"));
			if (!chain_begin(chain, json_object_get(answer.json, "begins_after")))
				snprintf(chain->fault, sizeof chain->fault,
				    "The server does not say where the chain begins.");
			/* Rows before that are no longer kept; ask again from there. */
			if (chain->seq > 0) {
				server_answer_free(&answer);
				status = ask_rows(chain->seq, PAGE, &answer);
			}
		}
		/* An empty page is the end. */
		done = status != EXIT_FINE || chain->fault[0] != '\0' ||
		       !take_page(chain, heads, answer.json, head) ||
		       json_array_size(json_object_get(answer.json, "rows")) == 0;
		if (status == EXIT_FINE && done && chain->fault[0] == '\0')
			/* It sets the chain's fault, which the caller checks. */
			(void)ends_well(chain, heads, answer.json);
		server_answer_free(&answer);
	}
	json_decref(head);
	return status;
}

static int
audit_verify(const char *path)
{
	struct kept_heads heads = {.list = NULL};
	struct chain chain = {0};
	int status = EXIT_FINE;

	if (path != NULL)
		status = read_heads(path, &heads);
	if (status == EXIT_FINE)
		status = walk(&chain, &heads);
	if (status == EXIT_FINE && chain.fault[0] != '\0') {
		fprintf(stderr, "crisiscover audit: the audit has been tampered with. %s\n",
		    chain.fault);
		status = EXIT_INPUT_REFUSED;
	} else if (status == EXIT_FINE) {
		printf("The chain holds up to row %lld", (long long)chain.seq);
		if (chain.withheld > 0)
			printf(
			    ", %zu rows of which are withheld from this account", chain.withheld);
		if (chain.erased > 0)
			printf(", in %zu rows of which a person was erased", chain.erased);
		if (path != NULL)
			printf(" and agrees with %zu heads of %s", heads.agreed, path);
		printf(".\n");
	}
	json_decref(heads.list);
	chain_free(&chain);
	return status;
}

/* -------------------------------------------------------------------------------------- command */

static bool
number_of(const char *text, int64_t min, int64_t max, int64_t otherwise, int64_t *out)
{
	*out = otherwise;
	return text == NULL || text_int(slice_of(text), min, max, out);
}

int
command_audit(int argc, char **argv)
{
	const char *what = NULL, *head = NULL, *after = NULL, *limit = NULL, *fault;
	bool json = false;
	const struct option_row rows[] = {{"head", &head, NULL}, {"after", &after, NULL},
	    {"limit", &limit, NULL}, {"json", NULL, &json}, {NULL, NULL, NULL}};
	int64_t first, count;

	/* Before any hash. */
	if (sodium_init() < 0)
		return command_refuse("audit", "libsodium does not start");
	fault = options_read(argc, argv, rows, &what, 1);
	if (fault == NULL && !number_of(after, 0, INT64_MAX, 0, &first))
		fault = "--after wants the number of a row";
	if (fault == NULL && !number_of(limit, 1, PAGE, 100, &count))
		fault = "--limit wants a number from 1 to 1000";
	if (fault != NULL)
		return command_refuse("audit", fault);
	if (what != NULL && strcmp(what, "verify") == 0)
		return audit_verify(head);
	if (what != NULL && strcmp(what, "list") == 0)
		return audit_list(first, count, json);
	if (what != NULL && strcmp(what, "head") == 0)
		return audit_head(json);
	return command_refuse("audit", "verify, list or head?");
}
