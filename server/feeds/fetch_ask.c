/* SPDX-License-Identifier: MIT */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/address/address_box.h"
#include "server/base/clock.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/feeds/fetch_private.h"

/* Nothing is wrong with the calendar or its server, so the sentence says whose part it is. */
#define NOT_OPENED                                                                                      \
	"Its address cannot be opened with this server's key. The server's administrator puts the key " \
	"file (setting address_open_key) back from its backup, or gives the address again."
#define SECRET_NOT_OPENED                                                                              \
	"Its secret cannot be opened with this server's key. The server's administrator puts the key " \
	"file (setting address_open_key) back from its backup, or gives the secret again."
#define SECRET_OF_ANOTHER                                                                          \
	"Its secret was given for another address, and is sent to no other. Give the secret again."
#define SECRET_IN_THE_CLEAR                                                                            \
	"Its secret was not sent: the address begins with http://, where anybody on the way can read " \
	"it. Give the address with https://, or say over_http in the secret."
#define LOGIN_NOT_READ                                                                                 \
	"The user and password for the proxy cannot be read. The server's administrator looks at the " \
	"file of the setting feeds_proxy_login: it is for its user alone (chmod 400), and its first "  \
	"line is user:password."

enum { LOGIN_MAX_BYTES = 1024 };

/* What is opened for one fetch; wiped after it. */
struct opened {
	char address[ADDRESS_MAX_BYTES + 1], secret[ADDRESS_MAX_BYTES + 1];
	char login[LOGIN_MAX_BYTES + 1];
};

/* The keys are read for each fetch and wiped after it: another pair is taken up at once, and they are
 * in memory no longer than they are used. */
static enum status
open_box(const struct fetch_job *job, struct slice box, char out[ADDRESS_MAX_BYTES + 1])
{
	struct address_open_keys keys;
	const char *path = job->env->address_open_path;
	enum status st = address_open_keys_read(path, &keys);
	const char *fault = address_key_fault(st);

	if (st == STATUS_OK) {
		st = address_open(&keys, box, out);
		fault = "has no key that opens it";
	}
	sodium_memzero(&keys, sizeof keys);
	if (st != STATUS_OK)
		log_event(LOG_ERROR, "address_not_opened", LOG_STR("rota", job->feed.rota),
		    LOG_STR("path", path), LOG_STR("fault", fault));
	return st;
}

static const struct region_way *
way_of(const struct fetch_job *job)
{
	return &rulebook_rota(job->rulebook, job->feed.rota)->way;
}

/* Why the secret cannot be sent; NULL: ${get} has it, or there is none. */
static const char *
open_secret(const struct fetch_job *job, struct opened *opened, struct web_get *get)
{
	if (job->feed.secret.at == NULL)
		return NULL;
	if (open_box(job, job->feed.secret, opened->secret) != STATUS_OK)
		return SECRET_NOT_OPENED;
	get->authorization = address_secret_header(opened->secret, job->feed.address);
	if (get->authorization == NULL)
		return SECRET_OF_ANOTHER;
	if (strncasecmp(opened->address, "https://", 8) != 0 && !way_of(job)->over_http)
		return SECRET_IN_THE_CLEAR;
	return NULL;
}

/* What the proxy of the setting wants to know: another proxy is not told it. */
static const char *
open_login(const struct fetch_job *job, struct opened *opened, struct web_get *get)
{
	const char *path = job->env->proxy_login;
	enum status st;
	char *bytes;
	size_t len;

	if (path == NULL || get->proxy != NULL)
		return NULL;
	st = file_read_secret(path, 077, LOGIN_MAX_BYTES, &bytes, &len);
	if (st == STATUS_OK) {
		bytes[strcspn(bytes, "\r\n")] = '\0';
		if (strchr(bytes, ':') == NULL)
			st = STATUS_MALFORMED;
		memcpy(opened->login, bytes, strlen(bytes) + 1);
		get->proxy_login = opened->login;
		sodium_memzero(bytes, len);
		free(bytes);
	}
	if (st != STATUS_OK)
		log_event(LOG_ERROR, "proxy_login_unusable", LOG_STR("path", path),
		    LOG_STR("fault", status_name(st)));
	return st == STATUS_OK ? NULL : LOGIN_NOT_READ;
}

static const char *
open_all(const struct fetch_job *job, struct opened *opened, struct web_get *get)
{
	const char *fault;

	if (open_box(job, job->feed.box, opened->address) != STATUS_OK)
		return NOT_OPENED;
	get->url = opened->address;
	get->proxy = way_of(job)->proxy;
	get->ca = way_of(job)->ca;
	fault = open_secret(job, opened, get);
	return fault != NULL ? fault : open_login(job, opened, get);
}

/* libcurl copies what is opened. */
void
fetch_send(struct fetch_job *job, struct web_get *get, web_got_fn *done)
{
	struct opened opened;
	const char *fault;

	job->state = FETCH_FETCH;
	fault = open_all(job, &opened, get);
	if (fault == NULL) {
		job->fetch_began_ms = clock_mono_ms();
		job->fetch = web_fetch(job->env->web, get, done, job);
	}
	sodium_memzero(&opened, sizeof opened);
	if (fault != NULL)
		fetch_fail(job, fault);
}

/* What the address gave last is a proof if it would be read as it was read then: as a calendar or as
 * a roster. What it gives next is seen from the body. */
static void
mean_last_seen(struct fetch_job *job)
{
	static const enum reading_kind kinds[] = {READING_CSV, READING_ICALENDAR};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		fetch_mean(job, kinds[i]);
		if (fetch_is_current(job, job->feed.seen_with))
			return;
	}
}

void
fetch_ask(struct fetch_job *job)
{
	const struct claimed *feed = &job->feed;
	struct web_get get = {
	    .accept = "text/calendar, text/csv;q=0.8, text/plain;q=0.5, */*;q=0.1",
	};

	mean_last_seen(job);
	/* "Not modified" says something only while what was last seen is a proof. */
	job->asked_if_changed = !feed->whole_due && fetch_is_current(job, feed->seen_with) &&
				(feed->etag != NULL || feed->last_modified != NULL);
	if (feed->is_collection) {
		fetch_collection_ask(job);
		return;
	}
	if (job->asked_if_changed) {
		get.etag = feed->etag;
		get.last_modified = feed->last_modified;
	}
	fetch_send(job, &get, fetch_got);
}
