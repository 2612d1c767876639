/* SPDX-License-Identifier: MIT */
/*
 * crisiscoverd: arguments -> configuration -> supervisor, one role, or a command that ends.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/address/address_key.h"
#include "server/api/token_issue.h"
#include "server/base/confine.h"
#include "server/base/fatal.h"
#include "server/base/linked.h"
#include "server/base/log.h"
#include "server/base/text.h"
#include "server/base/user.h"
#include "server/base/version.h"
#include "server/config.h"
#include "server/feeds/address_change.h"
#include "server/pg/pg_migrate.h"
#include "server/post/post.h"
#include "server/post/webhook.h"
#include "server/roles.h"
#include "server/supervisor/role_users.h"
#include "server/supervisor/supervisor.h"

#define DPKG_STATUS "/var/lib/dpkg/status"

enum { USAGE_EXIT = 2, OVERRIDES_MAX = 32 };

/* The commands and the options: help and the manual page crisiscoverd(8) are made from these. */
static const struct {
	const char *usage, *about;
} commands[] = {
    {"serve", "run every role as a process of its own, and start again what ends"},
    {"role NAME", "run one role in this process: reader, passwords, feeds, coverage, flags or api"},
    {"migrate", "bring the database to the newest schema; wants --owner"},
    {"token ACCOUNT", "print a new token for an account; wants --owner"},
    {"address-key",
	"make the key files with which feed addresses are sealed and opened, if there are none"},
    {"address-key-change", "seal all feed addresses with a new key; wants --owner"},
    {"webhook-secret",
	"print what the receiver of a webhook checks signatures with: its URL is read from the input"},
    {"invite ACCOUNT", "print the path of a link by which a person sets a password; wants --owner"},
};

static const struct {
	struct option option;
	const char *value, *about;
} options[] = {
    {{"config", required_argument, NULL, 'c'}, " FILE",
	"read settings from this file: key = value, one a line"},
    {{"set", required_argument, NULL, 's'}, " KEY=VALUE",
	"set one setting, over the file; may be given several times"},
    {{"owner", required_argument, NULL, 'o'}, " CONNINFO",
	"migrate, token, invite, address-key-change: connect with the login that owns the schema"},
    {{"role", required_argument, NULL, 'r'}, " ROLE",
	"token, invite: make the account with this role if there is none; viewer if this is left out"},
    {{"dry-run", no_argument, NULL, 'd'}, "",
	"migrate: say what would be done, and do nothing; serve: check the settings, and start nothing"},
    {{"instance", required_argument, NULL, 'i'}, " N",
	"role: the number of this process among those of its role, 0 to 63"},
    {{"print-config", no_argument, NULL, 'p'}, "",
	"print every setting with its meaning, range and value, as a file"},
    {{"version", no_argument, NULL, 'v'}, "", "print the version"},
    {{"verbose", no_argument, NULL, 'V'}, "",
	"version: also of what the programs are linked with, as built and as installed now"},
    {{"help", no_argument, NULL, 'h'}, "", "print this"},
};

enum {
	NCOMMANDS = sizeof commands / sizeof *commands,
	NOPTIONS = sizeof options / sizeof *options
};

static void
print_usage(FILE *to)
{
	char left[48];

	fputs("usage: crisiscoverd COMMAND [OPTION]…\n\n", to);
	for (unsigned i = 0; i < NCOMMANDS; i++)
		fprintf(to, "  %-18s  %s\n", commands[i].usage, commands[i].about);
	fputs("\n", to);
	for (unsigned i = 0; i < NOPTIONS; i++) {
		snprintf(left, sizeof left, "--%s%s", options[i].option.name, options[i].value);
		fprintf(to, "  %-18s  %s\n", left, options[i].about);
	}
}

struct arguments {
	char **argv; /* a copy: getopt_long() puts them in another order */
	const char *config_path;
	const char *overrides[OVERRIDES_MAX + 1];
	unsigned noverrides;
	const char *owner; /* conninfo of a login that owns the schema: migrate and token only */
	const char *role;
	unsigned instance;
	bool print, dry_run, version, verbose;
	/* The arguments with which a supervised role is started: the --config and --set arguments
	 * again. */
	const char *passed_on[2 * OVERRIDES_MAX + 4];
	unsigned npassed_on;
	const char *command, *name;
};

static _Noreturn void
refuse_usage(const char *why)
{
	if (why != NULL)
		fprintf(stderr, "crisiscoverd: %s\n", why);
	print_usage(stderr);
	exit(USAGE_EXIT);
}

/* Supervised roles read the file again themselves, so that they start with what it says when they
 * start. */
static void
pass_on(struct arguments *arguments, const char *option, const char *value)
{
	arguments->passed_on[arguments->npassed_on++] = option;
	arguments->passed_on[arguments->npassed_on++] = value;
}

static void
take_override(struct arguments *arguments, const char *value)
{
	if (arguments->noverrides == OVERRIDES_MAX)
		refuse_usage("too many --set");
	arguments->overrides[arguments->noverrides++] = value;
	pass_on(arguments, "--set", value);
}

static void
take_instance(struct arguments *arguments, const char *value)
{
	int64_t instance;

	if (!text_int(slice_of(value), 0, 63, &instance))
		refuse_usage("--instance wants a number from 0 to 63");
	arguments->instance = (unsigned)instance;
}

static void
take_option(struct arguments *arguments, int option)
{
	switch (option) {
	case 'c':
		arguments->config_path = optarg;
		pass_on(arguments, "--config", optarg);
		return;
	case 's':
		take_override(arguments, optarg);
		return;
	case 'o':
		arguments->owner = optarg;
		return;
	case 'r':
		arguments->role = optarg;
		return;
	case 'i':
		take_instance(arguments, optarg);
		return;
	case 'p':
		arguments->print = true;
		return;
	case 'd':
		arguments->dry_run = true;
		return;
	case 'h':
		print_usage(stdout);
		exit(0);
	case 'v':
		arguments->version = true;
		return;
	case 'V':
		arguments->verbose = true;
		return;
	default:
		refuse_usage(NULL);
	}
}

static void
print_version(bool verbose)
{
	struct buf linked = {0};

	printf("crisiscoverd %s\n", version_text());
	if (!verbose)
		return;
	linked_versions(&linked, DPKG_STATUS);
	fwrite(linked.at, 1, linked.len, stdout);
	buf_free(&linked);
}

static void
read_arguments(struct arguments *arguments, int argc, char **argv)
{
	struct option rows[NOPTIONS + 1] = {0};
	char **kept = xcalloc((size_t)argc + 1, sizeof *kept);
	int option;

	arguments->argv = memcpy(kept, argv, (size_t)argc * sizeof *kept);
	for (unsigned i = 0; i < NOPTIONS; i++)
		rows[i] = options[i].option;
	while ((option = getopt_long(argc, argv, "", rows, NULL)) != -1)
		take_option(arguments, option);
	if (optind < argc)
		arguments->command = argv[optind++];
	if (optind < argc)
		arguments->name = argv[optind++];
	if (optind < argc)
		refuse_usage("too many arguments");
}

/* Makes the key files of feed addresses, or (${owner}) changes the pair. */
static int
run_address_key(const struct config *config, const char *owner)
{
	char *of_api = user_folder(config->role_users, config->state_directory, "api");
	char *of_feeds = user_folder(config->role_users, config->state_directory, "feeds");
	char *seal = address_key_path(config->address_seal_key, of_api, ADDRESS_SEAL_FILE);
	char *open = address_key_path(config->address_open_key, of_feeds, ADDRESS_OPEN_FILE);
	int status = owner == NULL
			 ? address_key_make(seal, open)
			 : address_change_run(&(struct address_change){owner, seal, open});

	free(seal);
	free(open);
	free(of_api);
	free(of_feeds);
	return status;
}

/* A URL may be a secret itself, so that it is no argument. */
static int
run_webhook_secret(const struct config *config)
{
	char url[2048] = "", secret[128];
	const char *fault;

	if (fgets(url, sizeof url, stdin) == NULL)
		url[0] = '\0';
	url[strcspn(url, "\r\n")] = '\0';
	fault = post_address_fault(POST_WEBHOOK, url);
	if (fault == NULL && *config->webhook_secret == '\0')
		fault = "There is no webhook_secret in the configuration.";
	if (fault == NULL && !webhook_secret_of(config, url, secret, sizeof secret))
		fault =
		    "The file of the setting webhook_secret cannot be used: it is for the notify role's user alone (chmod 400), and has 32 characters or more in its first line.";
	if (fault != NULL) {
		fprintf(stderr, "crisiscoverd: %s\n", fault);
		return EXIT_FAILURE;
	}
	puts(secret);
	explicit_bzero(secret, sizeof secret);
	return EXIT_SUCCESS;
}

/* Commands that end, such as migrate, log warnings only: their output is for the person who runs
 * them. */
static int
run_command(const struct arguments *arguments, const struct config *config)
{
	const char *command = arguments->command;
	const char *role = arguments->role != NULL ? arguments->role : "viewer";
	bool issues = strcmp(command, "token") == 0 || strcmp(command, "invite") == 0;
	bool wants_name = strcmp(command, "role") == 0 || issues;
	bool changes_key = strcmp(command, "address-key-change") == 0;
	bool wants_owner = strcmp(command, "migrate") == 0 || issues || changes_key;

	if (wants_name != (arguments->name != NULL))
		refuse_usage(wants_name ? "a name is wanted" : "too many arguments");
	/* The roles' own logins may not change the schema or create accounts. */
	if (wants_owner && arguments->owner == NULL)
		refuse_usage("--owner CONNINFO is wanted: the login that owns the schema");
	if (strcmp(command, "serve") == 0 && arguments->dry_run)
		return role_users_check(config) ? EXIT_SUCCESS : EXIT_FAILURE;
	if (strcmp(command, "serve") == 0)
		return supervise(config, arguments->argv, arguments->passed_on);
	if (strcmp(command, "role") == 0)
		return role_run(arguments->name, arguments->instance, config);
	log_open(command, LOG_WARN);
	if (strcmp(command, "migrate") == 0)
		return pg_migrate_run(
		    arguments->owner, config->migrations_directory, arguments->dry_run);
	if (changes_key || strcmp(command, "address-key") == 0)
		return run_address_key(config, changes_key ? arguments->owner : NULL);
	if (strcmp(command, "webhook-secret") == 0)
		return run_webhook_secret(config);
	if (strcmp(command, "token") == 0)
		return api_token_issue(arguments->owner, arguments->name, role, STDOUT_FILENO);
	if (strcmp(command, "invite") == 0)
		return api_invitation_issue(arguments->owner, arguments->name, role, STDOUT_FILENO);
	refuse_usage("there is no such command");
}

/* --print-config works without a command, and checks the configuration in passing. */
static int
run_arguments(const struct arguments *arguments)
{
	static const struct config *config; /* it lives as long as the program */

	if (arguments->version) {
		print_version(arguments->verbose);
		return EXIT_SUCCESS;
	}
	if (!arguments->print && arguments->command == NULL)
		refuse_usage("a command is wanted");
	config = config_load(arguments->config_path, arguments->overrides);
	if (arguments->print) {
		config_print(config);
		return EXIT_SUCCESS;
	}
	return run_command(arguments, config);
}

int
main(int argc, char **argv)
{
	struct arguments arguments = {0};
	int status;

	confine_cores();
	read_arguments(&arguments, argc, argv);
	status = run_arguments(&arguments);
	free(arguments.argv);
	return status;
}
