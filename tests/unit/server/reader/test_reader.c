/* SPDX-License-Identifier: MIT */
/* The reader as a real process: hostile bodies die alone, and others are served meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "calendars/reading.h"
#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/pack.h"
#include "server/base/sandbox.h"
#include "server/reader/reader.h"
#include "tests/support/scratch.h"

static const char calendar[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    "DTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/London:20260705T200000\r\n"
    "DTEND;TZID=Europe/London:20260706T080000\r\n"
    "SUMMARY:J Jones\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

struct desk {
	char *folder;
	struct sockaddr_un address;
	struct zonedb *zones;
	struct reading_options options;
	pid_t pid;
};

static pid_t
start_reader(const struct desk *desk)
{
	struct config config = {
	    .state_directory = desk->folder, .zoneinfo_directory = "/usr/share/zoneinfo"};
	struct role_env env = {.config = &config, .name = "reader"};
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	scratch_role_begins();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	log_open("reader", getenv("TEST_LOG") != NULL ? LOG_DEBUG : LOG_ERROR);
	exit(reader_main(&env));
}

static int
try_connect(const struct desk *desk)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct timeval patience = {.tv_sec = 30};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (connect(fd, (const struct sockaddr *)&desk->address, sizeof desk->address) == 0)
		return fd;
	close(fd);
	return -1;
}

/* A connection, as soon as somebody listens. */
static int
connect_in_time(const struct desk *desk)
{
	int64_t deadline = clock_mono_ms() + 20000;
	int fd;

	while ((fd = try_connect(desk)) < 0) {
		if (clock_mono_ms() > deadline)
			fail_msg("nobody listens");
		usleep(1000);
	}
	return fd;
}

static int
begin(void **state)
{
	struct desk *desk = calloc(1, sizeof *desk);

	desk->folder = scratch_folder();
	desk->address.sun_family = AF_UNIX;
	snprintf(desk->address.sun_path, sizeof desk->address.sun_path, "%.90s/reader.sock",
	    desk->folder);
	if (zonedb_open("/usr/share/zoneinfo", &desk->zones) != STATUS_OK)
		return -1;
	desk->options = (struct reading_options){
	    .kind = READING_ICALENDAR,
	    .from = INT64_C(1782864000), /* 2026-07-01 */
	    .until = INT64_C(1785542400),
	    .zone = zonedb_find(desk->zones, "Europe/London"),
	};
	desk->pid = start_reader(desk);
	close(connect_in_time(desk));
	*state = desk;
	return 0;
}

static int
end_of(pid_t pid)
{
	int end;

	waitpid(pid, &end, 0);
	return WIFEXITED(end) ? WEXITSTATUS(end) : -WTERMSIG(end);
}

static int
end(void **state)
{
	struct desk *desk = *state;

	kill(desk->pid, SIGTERM);
	assert_int_equal(end_of(desk->pid), 0);
	/* It takes its socket along. */
	assert_int_equal(access(desk->address.sun_path, F_OK), -1);
	zonedb_free(desk->zones);
	free(desk->folder);
	free(desk);
	return 0;
}

static bool
send_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t put = send(fd, bytes, len, MSG_NOSIGNAL);

		if (put <= 0)
			return false;
		bytes += put;
		len -= (size_t)put;
	}
	return true;
}

static void
send_request(int fd, const struct desk *desk, struct slice body)
{
	struct buf request = {0}, framed = {0};

	reading_pack_request(&request, &desk->options, body);
	pack_bytes(&framed, request.at, request.len);
	send_all(fd, framed.at, framed.len);
	buf_free(&request);
	buf_free(&framed);
}

/* Everything up to the end of the connection; false if that does not come in time. */
static bool
receive_all(int fd, struct buf *answer)
{
	char piece[16384];
	ssize_t got;

	while ((got = recv(fd, piece, sizeof piece, 0)) > 0)
		buf_add(answer, piece, (size_t)got);
	return got == 0 || errno == ECONNRESET;
}

/* Times that EXDATE removes are given too, as cancelled. */
static bool
is_only(const struct reading *reading, int64_t start)
{
	size_t found = 0, others = 0;

	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *one = &reading->occurrences[i];

		if (one->class == READING_CANCELLED)
			continue;
		found += one->start == start;
		others += one->start != start;
	}
	return found == 1 && others == 0;
}

/* Whether ${body} is read as one shift at ${start}: its zones were looked up in a sealed process. */
static bool
is_read(const struct desk *desk, struct slice body, int64_t start)
{
	struct arena *arena = arena_new(0);
	struct buf answer = {0};
	struct reading reading;
	struct unpack unpack;
	struct slice said;
	int fd = connect_in_time(desk);
	bool served = false;

	send_request(fd, desk, body);
	assert_true(receive_all(fd, &answer));
	close(fd);
	unpack = unpack_from(answer.at, answer.len);
	if (unpack_u32(&unpack) == SANDBOX_DONE) {
		said = unpack_bytes(&unpack);
		assert_true(unpack_done(&unpack));
		assert_int_equal(reading_unpack(said, &desk->options, arena, &reading), STATUS_OK);
		served = is_only(&reading, start);
	}
	buf_free(&answer);
	arena_free(arena);
	return served;
}

static bool
is_served(const struct desk *desk)
{
	return is_read(desk, SLICE(calendar), INT64_C(1783278000));
}

static void
reads_a_calendar(void **state)
{
	assert_true(is_served(*state));
	assert_true(is_served(*state));
}

/* Evolution writes zones so. The library looks such a name up by itself, in files that are behind
 * closed doors, for an EXDATE alone. */
static void
reads_every_property_with_a_vendors_zone(void **state)
{
#define VENDOR ";TZID=/freeassociation.sourceforge.net/Europe/London:"
	static const char vendors[] =
	    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\n"
	    "DTSTART" VENDOR "20260705T200000\r\nDTEND" VENDOR "20260706T080000\r\n"
	    "RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE" VENDOR "20260706T200000\r\n"
	    "RDATE" VENDOR "20260707T200000\r\nEND:VEVENT\r\n"
	    "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID" VENDOR "20260707T200000\r\n"
	    "DTSTART" VENDOR "20260707T200000\r\nDTEND" VENDOR "20260707T200000\r\n"
	    "END:VEVENT\r\nEND:VCALENDAR\r\n";

	assert_true(is_read(*state, SLICE(vendors), INT64_C(1783278000)));
}

static void
lets_nobody_else_in(void **state)
{
	struct desk *desk = *state;
	struct stat found;

	assert_int_equal(stat(desk->address.sun_path, &found), 0);
	assert_true(S_ISSOCK(found.st_mode));
	assert_int_equal(found.st_mode & 0777, 0600);
}

static void
takes_the_place_of_a_dead_reader_only(void **state)
{
	struct desk *desk = *state;
	pid_t second = start_reader(desk);

	assert_int_equal(end_of(second), EX_SOFTWARE);
	assert_true(is_served(desk));
	kill(desk->pid, SIGKILL);
	end_of(desk->pid);
	assert_int_equal(access(desk->address.sun_path, F_OK), 0);
	desk->pid = start_reader(desk);
	assert_true(is_served(desk));
}

/* The answer to bytes that are no request. */
static void
expect_no_reading(const struct desk *desk, struct slice bytes)
{
	struct buf answer = {0};
	struct unpack unpack;
	int fd = connect_in_time(desk);

	send_all(fd, bytes.at, bytes.len);
	shutdown(fd, SHUT_WR);
	assert_true(receive_all(fd, &answer));
	close(fd);
	unpack = unpack_from(answer.at, answer.len);
	/* Nothing, or an answer that is none. */
	if (answer.len > 0 && unpack_u32(&unpack) == SANDBOX_DONE) {
		struct arena *arena = arena_new(0);
		struct reading reading;
		struct slice said = unpack_bytes(&unpack);

		if (reading_unpack(said, &desk->options, arena, &reading) == STATUS_OK)
			assert_true(reading.refused);
		arena_free(arena);
	}
	buf_free(&answer);
}

static void
survives_nonsense(void **state)
{
	struct buf framed = {0};

	expect_no_reading(*state, SLICE(""));
	expect_no_reading(*state, SLICE("\1\2"));
	expect_no_reading(*state, SLICE("\xff\xff\xff\xff too big"));
	expect_no_reading(*state, SLICE("\x10\0\0\0short"));
	pack_bytes(&framed, "\xa5\xa5\xa5\xa5\xa5\xa5\xa5\xa5", 8);
	expect_no_reading(*state, (struct slice){framed.at, framed.len});
	buf_free(&framed);
	assert_true(is_served(*state));
}

/* More come than may live at once, and all of them say nothing: each is ended when its time is up,
 * and the last one is served then. */
/* holds: F9 */
static void
ends_those_who_dawdle(void **state)
{
	enum { MANY = 6 };
	struct desk *desk = *state;
	int64_t began = clock_mono_ms();
	int idle[MANY];

	for (int i = 0; i < MANY; i++)
		idle[i] = connect_in_time(desk);
	assert_true(is_served(desk));
	assert_true(clock_mono_ms() - began >= 9000);
	for (int i = 0; i < MANY; i++)
		close(idle[i]);
	assert_true(is_served(desk));
}

/* One child takes all the time it can get; the others are served beside it. */
/* holds: F9 */
static void
serves_others_beside_a_hostile_one(void **state)
{
	struct desk *desk = *state;
	int dawdler = connect_in_time(desk);
	int64_t began = clock_mono_ms();

	send_all(dawdler, "\xff\xff\0\0", 4);
	for (int i = 0; i < 20; i++)
		assert_true(is_served(desk));
	assert_true(clock_mono_ms() - began < 9000);
	close(dawdler);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
	    TEST(reads_a_calendar),
	    TEST(reads_every_property_with_a_vendors_zone),
	    TEST(lets_nobody_else_in),
	    TEST(takes_the_place_of_a_dead_reader_only),
	    TEST(survives_nonsense),
	    TEST(serves_others_beside_a_hostile_one),
	    TEST(ends_those_who_dawdle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
