/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "server/address/address_box.h"
#include "server/api/api.h"
#include "server/api/token_issue.h"
#include "server/base/clock.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/loop/slices.h"
#include "server/passwords/passwords.h"
#include "tests/support/scratch_private.h"

#define PATIENCE_MS 120000
#define LOOK_MS 20

static struct {
	struct scratch_postgres *postgres;
	char *folder, *admin;
	pid_t api, passwords;
	int port, log_pipe;
	const char *metrics_token, *identity_socket, *secret; /* settings of the api */
} testbed = {.metrics_token = "", .identity_socket = "", .secret = ""};

struct scratch_postgres *
testbed_postgres(void)
{
	return testbed.postgres;
}

const char *
testbed_admin(void)
{
	return testbed.admin;
}

int
testbed_port(void)
{
	return testbed.port;
}

const char *
testbed_folder(void)
{
	return testbed.folder;
}

int
testbed_open(void **state)
{
	(void)state;
	log_open("test", LOG_ERROR);
	testbed.postgres = scratch_postgres_start(NULL);
	return 0;
}

int
testbed_close(void **state)
{
	(void)state;
	scratch_postgres_stop(testbed.postgres);
	return 0;
}

void
testbed_sql(const char *format, ...)
{
	char *sql = NULL;
	va_list args;

	va_start(args, format);
	assert_true(vasprintf(&sql, format, args) > 0);
	va_end(args);
	free(scratch_psql(testbed.postgres, sql));
	free(sql);
}

/* ----------------------------------------------------------------------------- the process */

static _Noreturn void
be_the_api(int log_fd)
{
	/* A setting that is new has its default. Kept, as the program keeps its own. */
	static const struct config *defaults;
	struct config config = *(defaults = config_load(NULL, NULL));
	struct role_env env = {
	    .config = &config,
	    .name = "api",
	    .conninfo = scratch_postgres_conninfo_as(testbed.postgres, "crisiscover_api"),
	};

	config.database = scratch_postgres_conninfo(testbed.postgres);
	config.listen_port = 0;
	config.protocol_megabytes = 3;
	config.listeners = 40;
	config.listeners_per_account = 8;
	config.large_questions = 64;
	config.large_questions_of_one = 16;
	config.requests_of_account = 100000000;
	config.requests_of_token = 100000000;
	config.requests_of_address = 100000000;
	config.identity_socket = testbed.identity_socket;
	config.identity_secret = testbed.secret;
	config.metrics_token = testbed.metrics_token;
	config.state_directory = testbed.folder;
	config.web_directory = SOURCE_ROOT "/clients/web/built";
	config.bank_holidays = SOURCE_ROOT "/server/model/bank_holidays.csv";

	scratch_role_begins();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(log_fd, STDERR_FILENO);
	log_open("api", LOG_INFO);
	/* What is answered in slices has as many as it can: each test sees whether that makes a difference. */
	slices_set_length(0);
	exit(api_main(&env));
}

/* The log tells the port; what is not about starting is passed on to our stderr when the process
 * has ended. */
static void
wait_for_port(void)
{
	static const char mark[] = "\"event\":\"listening\"";
	struct buf seen = {0};
	int64_t deadline = clock_mono_ms() + PATIENCE_MS;
	char piece[4096];

	while (clock_mono_ms() < deadline) {
		struct pollfd poll_fd = {.fd = testbed.log_pipe, .events = POLLIN};
		const char *line;
		ssize_t got = 0;

		if (poll(&poll_fd, 1, 100) > 0)
			got = read(testbed.log_pipe, piece, sizeof piece);
		if (got > 0)
			buf_add(&seen, piece, (size_t)got);
		line = seen.at ? strstr(seen.at, mark) : NULL;
		line = line ? strstr(line, "\"port\":") : NULL;
		if (line != NULL && sscanf(line, "\"port\":%d", &testbed.port) == 1)
			break;
	}
	if (testbed.port == 0)
		fail_msg("the api did not start: %s", seen.at ? seen.at : "(no word)");
	buf_free(&seen);
}

void
testbed_start(void)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	testbed.port = 0;
	testbed.api = fork();
	assert_true(testbed.api >= 0);
	if (testbed.api == 0) {
		close(ends[0]);
		be_the_api(ends[1]);
	}
	close(ends[1]);
	testbed.log_pipe = ends[0];
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	(void)fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
	wait_for_port();
}

/* Its words matter only if it did not end as asked. */
static void
say_log(void)
{
	char piece[4096];
	ssize_t got;

	while ((got = read(testbed.log_pipe, piece, sizeof piece)) > 0)
		fwrite(piece, 1, (size_t)got, stderr);
}

static void
end_api(int signal_number)
{
	int status = 0;

	if (testbed.api == 0)
		return;
	kill(testbed.api, signal_number);
	while (waitpid(testbed.api, &status, 0) < 0)
		;
	testbed.api = 0;
	if (signal_number == SIGTERM && status != 0) {
		say_log();
		fail_msg("the api ended with status %d", status);
	}
	close(testbed.log_pipe);
}

void
testbed_passwords(void)
{
	struct config config = {.state_directory = testbed.folder};
	struct role_env env = {.config = &config, .name = "passwords"};

	fflush(NULL);
	testbed.passwords = fork();
	assert_true(testbed.passwords >= 0);
	if (testbed.passwords != 0)
		return;
	scratch_role_begins();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	log_open("passwords", LOG_WARN);
	exit(passwords_main(&env));
}

static void
end_passwords(void)
{
	int status = 0;

	if (testbed.passwords == 0)
		return;
	kill(testbed.passwords, SIGTERM);
	while (waitpid(testbed.passwords, &status, 0) < 0)
		;
	testbed.passwords = 0;
	assert_int_equal(status, 0);
}

void
testbed_stop(void)
{
	end_api(SIGTERM);
}

void
testbed_kill(void)
{
	end_api(SIGKILL);
}

/* ------------------------------------------------------------------------------- each test */

void
testbed_proxied(const char *metrics_token, const char *identity_socket, const char *secret)
{
	testbed.metrics_token = metrics_token;
	testbed.identity_socket = identity_socket;
	testbed.secret = secret;
}

char *
testbed_token(const char *account)
{
	char path[256], text[128] = "";
	struct http_reply reply;

	snprintf(path, sizeof path, "/v1/accounts/%s/tokens", account);
	reply = http(&(struct http_ask){.port = testbed.port,
	    .method = "POST",
	    .path = path,
	    .token = testbed.admin,
	    .body = "{}"});
	assert_int_equal(reply.status, 201);
	snprintf(text, sizeof text, "%s", http_at(&reply, "token"));
	http_free(&reply);
	testbed_until_status(
	    &(struct http_ask){.port = testbed.port, .path = "/v1/me", .token = text}, 200);
	return strdup(text);
}

static char *
make_admin(void)
{
	int ends[2];
	char text[128] = {0};

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(api_token_issue(scratch_postgres_conninfo(testbed.postgres), "admin",
			     "administrator", ends[1]),
	    0);
	assert_true(read(ends[0], text, sizeof text - 1) > 0);
	close(ends[0]);
	close(ends[1]);
	text[strcspn(text, "\n")] = '\0';
	return strdup(text);
}

static char *
address_file(const char *name)
{
	return address_key_path("", testbed.folder, name);
}

static void
make_address_keys(void)
{
	char *seal = address_file(ADDRESS_SEAL_FILE), *open = address_file(ADDRESS_OPEN_FILE);

	assert_int_equal(address_key_make(seal, open), 0);
	free(seal);
	free(open);
}

char *
testbed_address(const char *rota)
{
	struct address_open_keys keys;
	char *path = address_file(ADDRESS_OPEN_FILE), *sql = NULL, *hex;
	char box[ADDRESS_MAX_BYTES], address[ADDRESS_MAX_BYTES + 1];
	size_t len = 0;

	assert_true(
	    asprintf(&sql,
		"select encode(a.box, 'hex') from feed f join feed_address a on a.mask = f.address where f.rota = '%s'",
		rota) > 0);
	hex = scratch_psql(testbed.postgres, sql);
	for (; hex[2 * len] != '\0' && len < sizeof box; len++)
		box[len] =
		    (char)(text_hex_value(hex[2 * len]) * 16 + text_hex_value(hex[2 * len + 1]));
	assert_int_equal(address_open_keys_read(path, &keys), STATUS_OK);
	assert_int_equal(address_open(&keys, (struct slice){box, len}, address), STATUS_OK);
	free(hex);
	free(sql);
	free(path);
	return strdup(address);
}

int
testbed_set_up(void **state)
{
	(void)state;
	scratch_migrate(testbed.postgres, SOURCE_ROOT "/migrations");
	testbed.folder = scratch_folder();
	make_address_keys();
	testbed.admin = make_admin();
	testbed_start();
	testbed_until_status(
	    &(struct http_ask){.port = testbed.port, .path = "/v1/me", .token = testbed.admin},
	    200);
	return 0;
}

int
testbed_tear_down(void **state)
{
	(void)state;
	testbed_stop();
	end_passwords();
	free(testbed.folder);
	free(testbed.admin);
	return 0;
}

void
testbed_until_status(const struct http_ask *ask, int status)
{
	int64_t deadline = clock_mono_ms() + PATIENCE_MS;
	int got;

	do {
		struct http_reply reply = http(ask);

		got = reply.status;
		http_free(&reply);
		if (got == status)
			return;
		poll(NULL, 0, LOOK_MS);
	} while (clock_mono_ms() < deadline);
	say_log();
	fail_msg("%s: status %d, not %d", ask->path, got, status);
}

void
testbed_until(const struct http_ask *ask, const char *path, const char *wanted)
{
	int64_t deadline = clock_mono_ms() + PATIENCE_MS;
	char last[512] = "";

	do {
		struct http_reply reply = http(ask);

		snprintf(last, sizeof last, "%s", http_at(&reply, path));
		http_free(&reply);
		if (strcmp(last, wanted) == 0)
			return;
		poll(NULL, 0, LOOK_MS);
	} while (clock_mono_ms() < deadline);
	say_log();
	fail_msg("%s: %s is %s, not %s", ask->path, path, last, wanted);
}

struct http_reply
testbed_as(const char *token, const char *path)
{
	return http(&(struct http_ask){.port = testbed.port, .path = path, .token = token});
}

struct http_reply
testbed_get(const char *path)
{
	return testbed_as(testbed.admin, path);
}

/* --------------------------------------------------------------------------------- the map */

const char *
testbed_region(void)
{
	static const char weekdays[] = "\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"";
	static const char *const names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
	static char region[8192];
	time_t later = time(NULL) + (time_t)3 * 86400;
	char day[8];
	char *at;
	struct tm tm;

	gmtime_r(&later, &tm);
	snprintf(day, sizeof day, "\"%s\"", names[tm.tm_wday]);
	assert_true(strlen(atlas_region) < sizeof region);
	snprintf(region, sizeof region, "%s", atlas_region);
	at = strstr(region, weekdays);
	assert_non_null(at);
	memset(at, ' ', strlen(weekdays));
	memcpy(at, day, strlen(day));
	return region;
}

void
testbed_apply(void)
{
	testbed_apply_region(testbed_region());
}

void
testbed_apply_region(const char *region)
{
	struct http_reply reply = http(&(struct http_ask){.port = testbed.port,
	    .method = "PUT",
	    .path = TESTBED_REGION,
	    .token = testbed.admin,
	    .body = region});

	if (reply.status != 200)
		fail_msg("the region was not applied: %d %s", reply.status, reply.body);
	http_free(&reply);
	testbed_until(
	    &(struct http_ask){.port = testbed.port, .path = "/v1/places", .token = testbed.admin},
	    "places.1.code", "ZED01");
	testbed_sql(
	    "insert into demand (requirement, place) values ('R01', 'ZED01'), ('R02', 'ZED01');"
	    "update map_head set version = version + 1, region_version = "
	    "(select max(version) from region), at = clock_timestamp()");
}

void
testbed_moved(const char *rota)
{
	testbed_sql(
	    "begin; update map_head set version = version + 1, at = clock_timestamp();insert into map_change (epoch, version, "
	    "rota) select epoch, version, '%s' from map_head;notify coverage_changed; commit",
	    rota);
}

void
testbed_shift(const char *rota, const char *key, const char *class, const char *person,
    double from_hours, double to_hours)
{
	testbed_sql(
	    "insert into shift (rota, key, class, person, title, starts_at, ends_at) values ('%s', '%s', '%s', nullif('%s', ''), "
	    "'On call', date_trunc('second', now()) + interval '%f hours', date_trunc('second', now()) + interval '%f hours')",
	    rota, key, class, person ? person : "", from_hours, to_hours);
	testbed_moved(rota);
}

void
testbed_good(const char *rota, const char *last_good_sql)
{
	testbed_sql(
	    "update feed set state = 'good', last_attempt_at = now(), last_good_at = %s, "
	    "last_change_at = now() - interval '1 day', horizon = now() + interval '60 days', "
	    "updated_at = clock_timestamp() where rota = '%s'",
	    last_good_sql, rota);
}
