/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/feeds/roles.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/feeds/feeds.h"
#include "server/reader/reader.h"

/* Until then it would not leave in order when asked to. */
static void
wait_for_reader(const struct roles *roles)
{
	int64_t deadline = clock_mono_ms() + 20000;
	char path[256];

	snprintf(path, sizeof path, "%s/reader.sock", roles->state_directory);
	while (access(path, F_OK) != 0) {
		if (clock_mono_ms() > deadline)
			fail_msg("the reader does not start");
		usleep(1000);
	}
}

void
roles_open(struct roles *roles, struct testbed *testbed)
{
	*roles = (struct roles){.state_directory = scratch_folder()};
	roles->config = (struct config){
	    .state_directory = roles->state_directory,
	    .database_directory = "",
	    .redis_directory = "",
	    .log_directory = "",
	    .address_open_key = testbed->open_path,
	    .zoneinfo_directory = "/usr/share/zoneinfo",
	    .bank_holidays = SOURCE_ROOT "/server/model/bank_holidays.csv",
	    .allow_feeds_from = "127.0.0.0/8",
	    .feeds_proxy = "",
	    .feeds_proxy_login = "",
	    .feeds_no_proxy = "",
	    .feeds_ca = "",
	    .feeds_at_once = 4,
	};
	roles_start_reader(roles);
	wait_for_reader(roles);
	roles_start_feeds(roles, testbed);
}

void
roles_close(struct roles *roles)
{
	roles_end(&roles->feeds);
	roles_end(&roles->reader);
	free(roles->state_directory);
}

/* Tests read what is in the database; the log is for a person who looks at a failure. */
static int
start(struct roles *roles, role_main_fn *run, const char *name, const char *conninfo)
{
	struct role_env env = {.config = &roles->config, .name = name, .conninfo = conninfo};
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	scratch_role_begins();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	log_open(name, getenv("TEST_LOG") != NULL ? LOG_DEBUG : LOG_ERROR);
	exit(run(&env));
}

void
roles_start_reader(struct roles *roles)
{
	roles->reader = start(roles, reader_main, "reader", NULL);
}

void
roles_start_feeds(struct roles *roles, struct testbed *testbed)
{
	roles->feeds = start(roles, feeds_main, "feeds",
	    scratch_postgres_conninfo_as(testbed->pg, "crisiscover_feeds"));
}

void
roles_end(int *pid)
{
	int end;

	if (*pid == 0)
		return;
	kill(*pid, SIGTERM);
	waitpid(*pid, &end, 0);
	*pid = 0;
	assert_true(WIFEXITED(end));
	assert_int_equal(WEXITSTATUS(end), 0);
}
