/* SPDX-License-Identifier: MIT */
/*
 * Settings are rows, not code: the one table below parses, checks, prints and documents them.
 */
#include "server/config.h"

#include <ini.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/text.h"
#include "server/config_complaint.h"
#include "server/config_row.h"

enum { CONFIG_FILE_MAX = 65536, CONFIG_LINE_MAX = 198 };

const struct config_row config_rows[] = {
#define TEXT_ROW(name, fallback_, least, about_)                                                   \
	{                                                                                          \
#name, TEXT, offsetof(struct config, name), fallback_, least, 0, NULL, about_      \
	}
#define NUMBER_ROW(name, fallback_, min_, max_, about_)                                            \
	{                                                                                          \
#name, NUMBER, offsetof(struct config, name), fallback_, min_, max_, NULL, about_  \
	}
#define CHOICE_ROW(name, fallback_, choices_, about_)                                              \
	{                                                                                          \
#name, CHOICE, offsetof(struct config, name), fallback_, 0, 0, choices_, about_    \
	}
    TEXT_ROW(database, "host=/run/crisiscover/postgresql dbname=crisiscover", 1,
	"Where PostgreSQL is, as libpq key=value without a user: each role adds its own login. "
	"host is a socket folder or a numeric address."),
    TEXT_ROW(database_passwords, "", 0,
	"Folder of the passwords of the roles' logins, for a PostgreSQL on another machine: files api, feeds, coverage, flags and notify, each "
	"for its role's user alone. Empty: none, the operating system says who is who."),
    TEXT_ROW(redis, "unix:///run/crisiscover/redis.sock", 1,
	"Where Redis is, to which flags are published: unix:///path, or redis://[:password@]numeric-address:port."),
    TEXT_ROW(redis_password, "", 0,
	"File, for the flags role's user alone, of the password for Redis; the URL then has none after its colon: "
	"redis://publisher:@127.0.0.1:6379. Empty: as the URL says."),
    TEXT_ROW(listen_address, "127.0.0.1", 1, "Numeric address that the api listens on."),
    NUMBER_ROW(listen_port, "8080", 1, 65535, "Port that the api listens on."),
    NUMBER_ROW(api_processes, "1", 1, 64, "How many api processes share listen_port."),
    NUMBER_ROW(hung_seconds, "10", 1, 3600,
	"A role that gives no sign of life for so many seconds is ended and started again."),
    NUMBER_ROW(canary_seconds, "60", 0, 3600,
	"Every so many seconds a rota that nobody sees changes, to prove that changes come through: /readyz says how long ago the last "
	"one did. 0: never."),
    TEXT_ROW(notify_url, "", 0,
	"Where people reach the pages, such as https://cover.trust.example: links in messages begin with it. Empty: messages have none."),
    TEXT_ROW(notify_ping_url, "", 0,
	"Address that the notify role asks after each round in which all went well, once a minute at most. A service outside that misses "
	"it raises the alarm that this machine cannot. Empty: none."),
    NUMBER_ROW(notify_silent_seconds, "900", 5, 86400,
	"When the notify role has had no round in which all went well for so many seconds, the supervisor says so: in its log, in /readyz "
	"and in /metrics."),
    NUMBER_ROW(listeners, "5000", 0, 9000,
	"How many pages and programs may listen to events at one api process at once. Half as many may from one address. Those "
	"beyond ask from time to time."),
    NUMBER_ROW(listeners_per_account, "32", 1, 9000, "How many of them may be of one account."),
    TEXT_ROW(hosts, "", 0,
	"Host names that the api answers to, comma-separated, without ports; empty: any well-formed one."),
    TEXT_ROW(proxies, "127.0.0.0/8, ::1", 0,
	"Addresses and ranges of the proxies in front, comma-separated CIDRs: what they say in X-Forwarded-For and X-Forwarded-Proto "
	"counts, from all others it counts for nothing. Empty: there is none."),
    NUMBER_ROW(stranger_connections, "2000", 1, 10000,
	"How many connections one address may have to one api process, of those that no account has used. A proxy's do not count, but "
	"the requests of each address that it names."),
    NUMBER_ROW(large_questions, "64", 1, 10000,
	"How many large questions (coverage, gaps, history, the set-up as a file, calendars) one api process answers or keeps waiting at "
	"once; beyond, 429. Lookups do not wait for them."),
    NUMBER_ROW(large_questions_of_one, "16", 1, 10000,
	"How many of them may be of one token, or of one account in a browser."),
    NUMBER_ROW(requests_of_account, "60000", 60, 100000000,
	"How many requests of one account, with all its tokens and browsers, one api process answers in a minute. A lookup counts as a tenth "
	"of one, and not at all while its answer is ready. Beyond, 429."),
    NUMBER_ROW(requests_of_token, "30000", 60, 100000000, "The same for each token of an account."),
    NUMBER_ROW(requests_of_address, "12000", 60, 100000000,
	"The same for the requests of strangers from one address: pages, sign-in, tokens that are none. Requests of this machine that no "
	"proxy has passed on do not count."),
    TEXT_ROW(identity_socket, "", 0,
	"Unix socket at which a proxy that speaks OpenID Connect says who signs in; empty: nobody does. "
	"Its folder's group is whose the proxy is."),
    TEXT_ROW(identity_secret, "", 0,
	"File, for the api's user alone, of the secret that the proxy says at identity_socket: 32 characters or more."),
    TEXT_ROW(metrics_token, "", 0,
	"File, for the api's user alone, of the token that /metrics wants of a monitoring program: 32 characters or more. Empty, "
	"and no identity_socket: a program of this machine needs none."),
    TEXT_ROW(role_users, "", 0,
	"Each role runs as a system user of its own, named by this and the role: with crisiscover the api is crisiscover-api. It has a "
	"folder of its own in state_directory. Empty: all roles run as the user who starts them, and each can do what any other can."),
    TEXT_ROW(security_contact, "", 0,
	"Addresses to which weaknesses of this installation are reported, comma-separated: mailto:, https:// or tel:. They stand in "
	"/.well-known/security.txt; empty: there is none."),
    TEXT_ROW(state_directory, "/var/lib/crisiscover", 1,
	"Folder of the server's own files: last-good map, reader socket, session key."),
    TEXT_ROW(database_directory, "", 0,
	"Folder of PostgreSQL's data, if it is on this machine: operators are shown how much room its disk has. Empty: none."),
    TEXT_ROW(redis_directory, "", 0, "The same of Redis."),
    TEXT_ROW(log_directory, "", 0, "The same of the logs."),
    TEXT_ROW(address_seal_key, "", 0,
	"File with which the api seals feed addresses; empty: address.seal in state_directory. crisiscoverd address-key makes it."),
    TEXT_ROW(address_open_key, "", 0,
	"File with which feeds opens them, for its user alone; empty: address.open in state_directory. Back it up apart from the "
	"database."),
    TEXT_ROW(web_directory, "/usr/share/crisiscover/web", 1, "Folder of the pages."),
    TEXT_ROW(migrations_directory, "/usr/share/crisiscover/migrations", 1,
	"Folder of the database's migrations, for crisiscoverd migrate."),
    TEXT_ROW(zoneinfo_directory, "/usr/share/zoneinfo", 1,
	"Folder of the machine's time zone database."),
    TEXT_ROW(bank_holidays, "/usr/share/crisiscover/bank_holidays.csv", 1,
	"File of bank holidays, a line each: set,yyyy-mm-dd,name."),
    TEXT_ROW(allow_feeds_from, "", 0,
	"Address ranges besides the public ones that feeds may come from, comma-separated CIDRs."),
    TEXT_ROW(feeds_proxy, "", 0,
	"Proxy through which feeds are fetched, http://host:port; empty: none. Names and addresses of inside networks are asked "
	"without it."),
    TEXT_ROW(feeds_proxy_login, "", 0,
	"File, for feeds's user alone, of the user and password for the proxy: user:password in its first line; empty: the proxy "
	"wants none."),
    TEXT_ROW(feeds_no_proxy, "", 0,
	"Hosts that are asked without the proxy, comma-separated: names, with all names under them, and CIDRs."),
    TEXT_ROW(feeds_ca, "", 0,
	"PEM file of the authorities whose certificates feeds trusts besides those of the system; empty: none."),
    TEXT_ROW(mail_server, "", 0,
	"Server that takes e-mails to those who are to be told, smtp://host:port (STARTTLS is wanted of it) or smtps://host:port; empty: "
	"no e-mail is sent."),
    TEXT_ROW(mail_from, "", 0,
	"Address that these e-mails come from, name@host: one that the mail server lets us use, whose box somebody reads."),
    TEXT_ROW(mail_login, "", 0,
	"File, for notify's user alone, of the user and password for mail_server: user:password in its first line; empty: it wants none."),
    TEXT_ROW(mail_ca, "", 0,
	"PEM file of the authorities whose certificates are trusted for mail_server besides those of the system; empty: none."),
    CHOICE_ROW(mail_plain, "never", ((const char *const[]){"never", "loopback", NULL}),
	"loopback: e-mails go to mail_server in the clear, which must be on this machine. never: nothing is sent that is not encrypted."),
    TEXT_ROW(webhook_hosts, "", 0,
	"Hosts that webhooks, Teams and Slack may be told at, comma-separated: names, with all names under them, or * for every public one. Empty: "
	"none."),
    TEXT_ROW(webhook_allow, "", 0,
	"Address ranges besides the public ones that webhooks and sms_gateway may be at, comma-separated CIDRs."),
    TEXT_ROW(webhook_secret, "", 0,
	"File, for notify's user alone, of the secret of which each receiver's key for signatures is made: 32 characters or more in its first "
	"line. A second line is the one before, with which messages are signed as well. Empty: no webhooks but those of Teams and Slack."),
    TEXT_ROW(sms_gateway, "", 0,
	"File of the request by which the SMS gateway is asked: its first line, its headers, an empty line, its body, with ${to}, ${text} and "
	"${id} (docs/messages-operators.md). Empty: no SMS is sent."),
    TEXT_ROW(sms_secret, "", 0,
	"File, for notify's user alone, of what ${secret} and ${basic} in sms_gateway stand for, in its first line; empty: nothing."),
    NUMBER_ROW(sms_parts, "2", 1, 6,
	"How many parts an SMS may have, each paid for; what is longer is cut."),
    TEXT_ROW(messages_proxy, "", 0,
	"Proxy for webhooks and sms_gateway, http://host:port; empty: none. Names and addresses of inside networks are asked without it."),
    TEXT_ROW(messages_proxy_login, "", 0,
	"File, for notify's user alone, of the user and password for that proxy: user:password in its first line; empty: it wants none."),
    TEXT_ROW(messages_no_proxy, "", 0,
	"Hosts that are asked without that proxy, comma-separated: names, with all names under them, and CIDRs."),
    TEXT_ROW(messages_ca, "", 0,
	"PEM file of the authorities whose certificates are trusted for webhooks and sms_gateway besides those of the system; empty: none."),
    NUMBER_ROW(messages_seconds, "60", 1, 600, "How long one attempt to send a message may take."),
    NUMBER_ROW(
	feeds_at_once, "16", 1, 64, "How many fetches one feeds process has under way at once."),
    NUMBER_ROW(retain_bodies_days, "90", 0, 36500,
	"After so many days the bytes of a calendar that is no longer in force are deleted. Its hash, "
	"and what was read from it, are kept. 0: never."),
    NUMBER_ROW(retain_record_days, "0", 0, 36500,
	"After so many days superseded shifts and spans, flags, checks of sources and the audit are deleted, by whole months. "
	"0: never. The six settings below say the same of one kind of record; -1 there means: as here."),
    NUMBER_ROW(retain_shift_days, "-1", -1, 36500,
	"The same for superseded shifts. If spans are kept longer, they are unknown where their shifts are gone."),
    NUMBER_ROW(retain_span_days, "-1", -1, 36500, "The same for superseded spans of the map."),
    NUMBER_ROW(retain_flag_days, "-1", -1, 36500,
	"The same for published flags. Flags that are kept can be replayed over HTTP."),
    NUMBER_ROW(retain_audit_days, "-1", -1, 36500,
	"The same for the audit, which also holds who looked at names. Its chain then begins later."),
    NUMBER_ROW(retain_source_days, "-1", -1, 36500,
	"The same for the states of sources and the versions of the map. The last row of each is kept."),
    NUMBER_ROW(retain_remark_days, "2192", -1, 36500,
	"Reports of who was reached, and notes, are deleted so many days after their end (6 years, as the NHS keeps rotas). A report that "
	"nobody has seen to by then is settled, and deleted a day later. What the audit says of them goes with the audit."),
    NUMBER_ROW(retain_message_days, "2192", 0, 36500,
	"Messages to people are deleted so many days after they were sent or given up. 0: never."),
    NUMBER_ROW(retain_person_days, "2192", 0, 36500,
	"So many days after the end of the financial year in which somebody was last on call, or left, that person is erased: the rows "
	"stay, and nobody can tell whose they are. Never while they are in the set-up or a legal hold stands. 0: never by itself."),
    NUMBER_ROW(protocol_megabytes, "200", 1, 100000,
	"So many megabytes of PDFs are kept for the protocols of one organisation, with all their editions. They are kept without end, "
	"and are in every backup."),
    CHOICE_ROW(log_level, "info", ((const char *const[]){"debug", "info", "warn", "error", NULL}),
	"The least severe level that is logged."),
};

const size_t config_row_count = sizeof config_rows / sizeof *config_rows;

static const struct config_row *
find(const char *key)
{
	for (size_t i = 0; i < config_row_count; i++)
		if (strcmp(config_rows[i].key, key) == 0)
			return &config_rows[i];
	return NULL;
}

/* The offset comes from the table, whose macro takes it from the field of the same name. */
static const char **
text_field(struct config *config, const struct config_row *setting)
{
	return (const char **)(void *)((char *)config + setting->offset);
}

/* The message has the range, which is what its reader needs to correct the setting. */
static void
set_number(struct config *config, const struct config_row *setting, const char *value,
    struct config_complaint *complaint)
{
	int64_t number;

	if (text_int(slice_of(value), setting->min, setting->max, &number))
		*(int64_t *)(void *)((char *)config + setting->offset) = number;
	else
		config_complain(complaint, setting->key,
		    "a whole number from %lld to %lld is wanted, not \"%.40s\"",
		    (long long)setting->min, (long long)setting->max, value);
}

static void
set_choice(struct config *config, const struct config_row *setting, const char *value,
    struct config_complaint *complaint)
{
	char wanted[128] = "";

	for (const char *const *choice = setting->choices; *choice != NULL; choice++) {
		if (strcmp(*choice, value) == 0) {
			*text_field(config, setting) = *choice;
			return;
		}
		strncat(wanted, " ", sizeof wanted - strlen(wanted) - 1);
		strncat(wanted, *choice, sizeof wanted - strlen(wanted) - 1);
	}
	config_complain(
	    complaint, setting->key, "one of these is wanted:%s, not \"%.40s\"", wanted, value);
}

/* An unknown key is an error: a misspelt setting must not be silently the default. */
static void
set(struct config *config, const char *key, const char *value, struct config_complaint *complaint)
{
	const struct config_row *setting = find(key);

	if (setting == NULL) {
		config_complain(complaint, key,
		    "there is no such setting (crisiscoverd --print-config lists them)");
		return;
	}
	switch (setting->kind) {
	case NUMBER:
		set_number(config, setting, value, complaint);
		return;
	case CHOICE:
		set_choice(config, setting, value, complaint);
		return;
	case TEXT:
		if (strlen(value) < (size_t)setting->min)
			config_complain(complaint, key, "a value is wanted");
		else
			*text_field(config, setting) = xstrdup(value);
		return;
	}
}

struct reading_file {
	struct config *config;
	struct config_complaint complaint;
};

/* inih's handler. It goes on after an error, and ini_parse_string() returns the first line for which
 * this returned 0. */
static int
on_setting(void *ctx, const char *section, const char *name, const char *value)
{
	struct reading_file *file = ctx;
	bool before = file->complaint.made;

	if (*section != '\0')
		config_complain(&file->complaint, section, "sections are not used here");
	else
		set(file->config, name, value, &file->complaint);
	return before == file->complaint.made;
}

/* Debian's inih cuts lines at 199 bytes and reads an indented line as more of the one before: both
 * are reported here. */
static int
check_lines(const char *text, struct config_complaint *complaint)
{
	int line = 1;

	for (const char *at = text; *at != '\0'; line++) {
		size_t len = strcspn(at, "\n");

		if (len >= CONFIG_LINE_MAX)
			config_complain(complaint, "configuration",
			    "the line is longer than %d bytes", CONFIG_LINE_MAX - 1);
		if ((*at == ' ' || *at == '\t') && strspn(at, " \t\r") < len)
			config_complain(complaint, "configuration",
			    "a setting starts at the beginning of its line");
		if (complaint->made)
			return line;
		at += len + (at[len] == '\n');
	}
	return 0;
}

/* Lines are checked before they are parsed, because inih would change them silently. */
static void
load_file(struct config *config, const char *path)
{
	struct reading_file file = {.config = config};
	char *text;
	size_t len;
	int line = 0;

	if (file_read(path, CONFIG_FILE_MAX, &text, &len) != STATUS_OK) {
		config_complain(&file.complaint, "configuration", "the file cannot be opened");
		config_refuse(path, 0, &file.complaint);
	}
	line = check_lines(text, &file.complaint);
	if (line == 0)
		line = ini_parse_string(text, on_setting, &file);
	if (line > 0)
		config_complain(
		    &file.complaint, "configuration", "a line of the form `key = value` is wanted");
	free(text);
	if (file.complaint.made)
		config_refuse(path, line, &file.complaint);
}

/* The same checks as for a line of the file. */
static void
load_override(struct config *config, const char *override)
{
	struct config_complaint complaint = {0};
	const char *equals = strchr(override, '=');
	char key[64];

	if (equals == NULL || (size_t)(equals - override) >= sizeof key) {
		config_complain(&complaint, override, "key=value is wanted");
	} else {
		snprintf(key, sizeof key, "%.*s", (int)(equals - override), override);
		set(config, key, equals + 1, &complaint);
	}
	if (complaint.made)
		config_refuse("--set", 0, &complaint);
}

/* Defaults, then the file, then --set: the later wins. The defaults go through the same checks, so
 * that a wrong one shows at the first start. */
const struct config *
config_load(const char *path, const char *const *overrides)
{
	struct config *config = xcalloc(1, sizeof *config);
	struct config_complaint complaint = {0};

	for (size_t i = 0; i < config_row_count; i++)
		set(config, config_rows[i].key, config_rows[i].fallback, &complaint);
	INVARIANT(!complaint.made);
	if (path != NULL)
		load_file(config, path);
	for (; overrides != NULL && *overrides != NULL; overrides++)
		load_override(config, *overrides);
	return config;
}
