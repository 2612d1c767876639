/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * The configuration: lines `key = value` (inih). Each setting is a row of the table in config.c, by which it is
 * parsed, checked, printed and documented. It is constant after the start; to reload it the roles are
 * started again.
 */
struct config {
	const char *database; /* libpq conninfo without a user: host (socket folder or numeric) and
				 dbname */
	const char *database_passwords; /* folder of a file for each login; empty: none */
	const char *redis;              /* URL, server/redis/redis.h */
	const char *redis_password;     /* file of the password for it; empty: as in the URL */
	const char *listen_address;     /* numeric */
	int64_t listen_port;
	int64_t api_processes;
	int64_t hung_seconds;          /* without a sign of life, after which a role is ended */
	int64_t canary_seconds;        /* between two changes of the canary; 0: there is none */
	const char *notify_url;        /* of the pages, for links in messages; empty: none */
	const char *notify_ping_url;   /* asked after each round that succeeded; empty: none */
	int64_t notify_silent_seconds; /* without one, after which the supervisor raises it */
	int64_t listeners, listeners_per_account; /* to events, of one api process */
	const char *hosts;   /* allowed Host names, comma-separated; empty: any */
	const char *proxies; /* ranges whose X-Forwarded-For is believed, comma-separated */
	int64_t stranger_connections;                    /* of one address, to one api process */
	int64_t large_questions, large_questions_of_one; /* at once, of one api process */
	int64_t requests_of_account, requests_of_token;  /* a minute, of one api process */
	int64_t requests_of_address;                     /* the same, of strangers */
	const char *identity_socket;  /* where a proxy says who signs in; empty: nowhere */
	const char *identity_secret;  /* file of what the proxy says with it */
	const char *security_contact; /* addresses for reports of weaknesses; empty: none */
	const char *metrics_token;    /* file of what a monitoring program says; empty: none */
	/* the roles' system users are named by this and the role; empty: none */
	const char *role_users;
	const char *state_directory; /* last-good file, reader socket, session key: our own */
	/* Folders whose disks are watched besides; empty: they are not. */
	const char *database_directory, *redis_directory, *log_directory;
	const char *address_seal_key; /* file; empty: in state_directory (address/address_key.h) */
	const char *address_open_key;
	const char *web_directory; /* the pages */
	const char *migrations_directory;
	const char *zoneinfo_directory;
	const char *bank_holidays;     /* data file */
	const char *allow_feeds_from;  /* CIDRs beside public addresses, comma-separated */
	const char *feeds_proxy;       /* "http://host:port"; empty: none */
	const char *feeds_proxy_login; /* file of the user and password for it; empty: none */
	const char *feeds_no_proxy;    /* hosts that are asked without it, comma-separated */
	const char *feeds_ca;    /* file of authorities that are trusted besides; empty: none */
	const char *mail_server; /* "smtp://host:port", "smtps://host:port"; empty: no e-mail */
	const char *mail_from;   /* the address that e-mails come from */
	const char *mail_login;  /* file of the user and password for it; empty: none */
	const char *mail_ca;     /* file of authorities that are trusted besides; empty: none */
	const char *mail_plain;  /* never, or loopback */
	/* that webhooks may be sent to, comma-separated; empty: none are */
	const char *webhook_hosts;
	const char *webhook_allow;  /* CIDRs beside public addresses, comma-separated */
	const char *webhook_secret; /* file of what signatures are made with; empty: no "webhook" */
	const char *sms_gateway;    /* file of a request (post/template.h); empty: no SMS */
	const char *sms_secret;     /* file of what the gateway knows us by; empty: nothing */
	int64_t sms_parts;          /* at most, of one message */
	const char *messages_proxy; /* as those of feeds, for webhooks and the gateway */
	const char *messages_proxy_login;
	const char *messages_no_proxy;
	const char *messages_ca;
	int64_t messages_seconds;   /* that an attempt to send a message may take */
	int64_t feeds_at_once;      /* fetches under way in one feeds process */
	int64_t retain_bodies_days; /* then a body's bytes are deleted; 0: never */
	int64_t retain_record_days; /* the record, except what the next six name; 0: never */
	int64_t retain_shift_days;  /* superseded shifts; -1, as in the five below: as the record */
	int64_t retain_span_days;   /* superseded spans of the map */
	int64_t retain_flag_days;   /* flags that were published */
	int64_t retain_audit_days;  /* who did what and read which names */
	int64_t retain_source_days; /* how sources stood, and the map's versions */
	int64_t retain_remark_days; /* reports and notes, from their end */
	int64_t retain_message_days; /* messages to people, from their end; 0: never */
	int64_t retain_person_days;  /* then people who left are erased; 0: never */
	int64_t protocol_megabytes;  /* of the PDFs of one organisation */
	const char *log_level;       /* debug, info, warn, error */
};

/* Reads ${path} (NULL: defaults only) and the overrides `key=value` of ${set} (NULL-terminated, or
 * NULL). Unknown keys and values out of range end the process with status 2, naming line and range.
 */
const struct config *config_load(const char *path, const char *const *set);

/* Prints every setting with its one-sentence documentation in the form that config_load reads.
 * Secrets (a password in a URL) are masked. */
void config_print(const struct config *config);
