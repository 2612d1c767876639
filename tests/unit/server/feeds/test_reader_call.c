/* SPDX-License-Identifier: MIT */
/* The way to the reader, against readers that lie, die, stall and are not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/pack.h"
#include "server/base/sandbox.h"
#include "server/feeds/reader_call.h"
#include "tests/support/scratch.h"

enum behaviour { HONEST, HANG_UP, DOOR, TOO_BIG, GARBAGE, SHORT, LONG, NO_VERDICT };

static const char calendar[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    "DTSTAMP:20260101T000000Z\r\nDTSTART:20260105T200000Z\r\nDTEND:20260106T080000Z\r\n"
    "SUMMARY:J Jones\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

struct fake {
	char *folder, path[108];
	struct zonedb *zones;
	struct loop *loop;
	struct reader_calls *calls;
	int pid;
};

static void
say(int fd, uint32_t verdict, uint32_t announced, struct slice body)
{
	struct buf out = {0};

	pack_u32(&out, verdict);
	pack_u32(&out, announced);
	buf_add(&out, body.at, body.len);
	(void)!write(fd, out.at, out.len);
	buf_free(&out);
}

static struct slice
take_request(int fd, struct buf *in)
{
	char piece[4096];
	struct unpack unpack;
	struct slice request;

	for (;;) {
		ssize_t got = read(fd, piece, sizeof piece);

		if (got <= 0)
			return (struct slice){0};
		buf_add(in, piece, (size_t)got);
		unpack = unpack_from(in->at, in->len);
		request = unpack_bytes(&unpack);
		if (unpack_done(&unpack))
			return request;
	}
}

static void
serve_one(const struct fake *fake, int fd, enum behaviour behaviour)
{
	struct reading_tools tools = {.zones = fake->zones};
	struct buf in = {0}, answer = {0};
	struct slice request = take_request(fd, &in), said;

	reading_answer(&tools, request, &answer);
	said = (struct slice){answer.at, answer.len};
	switch (behaviour) {
	case HONEST:
		say(fd, SANDBOX_DONE, (uint32_t)said.len, said);
		break;
	case HANG_UP:
		break;
	case DOOR:
		say(fd, SANDBOX_DOOR, 0, SLICE(""));
		break;
	case TOO_BIG:
		say(fd, SANDBOX_TOO_BIG, 0, SLICE(""));
		break;
	case GARBAGE:
		memset(answer.at, 0xa5, answer.len);
		say(fd, SANDBOX_DONE, (uint32_t)said.len, said);
		break;
	case SHORT:
		said.len--;
		say(fd, SANDBOX_DONE, (uint32_t)answer.len, said);
		break;
	case LONG:
		say(fd, SANDBOX_DONE, (uint32_t)said.len - 1, said);
		break;
	case NO_VERDICT:
		say(fd, 77, (uint32_t)said.len, said);
		break;
	}
	buf_free(&in);
	buf_free(&answer);
}

static int
listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(fd, 16), 0);
	return fd;
}

static void
start_fake(struct fake *fake, enum behaviour behaviour)
{
	int listener = listen_at(fake->path), fd;

	fake->pid = fork();
	if (fake->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while ((fd = accept(listener, NULL, NULL)) >= 0) {
			serve_one(fake, fd, behaviour);
			close(fd);
		}
		_exit(1);
	}
	close(listener);
}

static int
begin(void **state)
{
	struct fake *fake = calloc(1, sizeof *fake);

	fake->folder = scratch_folder();
	snprintf(fake->path, sizeof fake->path, "%.90s/reader.sock", fake->folder);
	if (zonedb_open("/usr/share/zoneinfo", &fake->zones) != STATUS_OK)
		return -1;
	fake->loop = loop_new();
	fake->calls = reader_calls_new(fake->loop, fake->path);
	*state = fake;
	return 0;
}

static int
end(void **state)
{
	struct fake *fake = *state;

	if (fake->pid != 0) {
		kill(fake->pid, SIGKILL);
		waitpid(fake->pid, NULL, 0);
	}
	reader_calls_free(fake->calls);
	loop_free(fake->loop);
	zonedb_free(fake->zones);
	free(fake->folder);
	free(fake);
	return 0;
}

/* One call and its answer. */
struct asked {
	struct fake *fake;
	struct arena *arena;
	struct reading_options options;
	unsigned *left; /* answers to come before the loop may stop */
	enum status st;
	bool answered;
	size_t occurrences;
};

static void
on_answer(void *ctx, enum status st, const struct reading *reading)
{
	struct asked *asked = ctx;

	assert_false(asked->answered);
	asked->answered = true;
	asked->st = st;
	assert_true((st == STATUS_OK) == (reading != NULL));
	if (reading != NULL)
		asked->occurrences = reading->noccurrences;
	if (--*asked->left == 0)
		loop_stop(asked->fake->loop);
}

static struct reader_call *
ask(struct asked *asked, struct fake *fake, unsigned *left)
{
	*asked = (struct asked){
	    .fake = fake,
	    .arena = arena_new(0),
	    .left = left,
	    .options = {.kind = READING_ICALENDAR,
		.from = INT64_C(1767225600), /* 2026-01-01 */
		.until = INT64_C(1769904000),
		.zone = zonedb_find(fake->zones, "Europe/London")},
	};
	return reader_call(fake->calls,
	    &(struct reader_ask){&asked->options, SLICE(calendar), asked->arena}, on_answer, asked);
}

static enum status
ask_one(struct fake *fake, struct asked *asked)
{
	unsigned left = 1;

	ask(asked, fake, &left);
	assert_false(asked->answered);
	loop_run(fake->loop);
	arena_free(asked->arena);
	return asked->st;
}

static void
brings_a_reading(void **state)
{
	struct asked asked;

	start_fake(*state, HONEST);
	assert_int_equal(ask_one(*state, &asked), STATUS_OK);
	assert_int_equal(asked.occurrences, 1);
}

static void
believes_nothing_that_is_not_whole(void **state)
{
	static const struct {
		enum behaviour behaviour;
		enum status st;
	} rows[] = {
	    {HANG_UP, STATUS_MALFORMED},
	    {GARBAGE, STATUS_MALFORMED},
	    {SHORT, STATUS_MALFORMED},
	    {LONG, STATUS_MALFORMED},
	    {NO_VERDICT, STATUS_MALFORMED},
	    {TOO_BIG, STATUS_LIMIT},
	    {DOOR, STATUS_AGAIN},
	};
	struct fake *fake = *state;
	struct asked asked;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		start_fake(fake, rows[i].behaviour);
		assert_int_equal(ask_one(fake, &asked), rows[i].st);
		kill(fake->pid, SIGKILL);
		waitpid(fake->pid, NULL, 0);
		fake->pid = 0;
	}
}

static void
on_late(void *ctx)
{
	start_fake(ctx, HONEST);
}

static void
waits_for_a_reader_that_starts_late(void **state)
{
	struct fake *fake = *state;
	struct asked asked;

	loop_after(fake->loop, 300, on_late, fake);
	assert_int_equal(ask_one(fake, &asked), STATUS_OK);
}

static void
answers_every_one_of_many(void **state)
{
	enum { MANY = 40 };
	struct asked asked[MANY];
	unsigned left = MANY;

	start_fake(*state, HONEST);
	for (int i = 0; i < MANY; i++)
		ask(&asked[i], *state, &left);
	loop_run(((struct fake *)*state)->loop);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(asked[i].st, STATUS_OK);
		arena_free(asked[i].arena);
	}
}

/* Waiting, connecting, talking: cancelled, it never answers, and the others do. */
static void
cancels_in_every_state(void **state)
{
	enum { MANY = 10 };
	struct fake *fake = *state;
	struct asked asked[MANY];
	struct reader_call *calls[MANY];
	unsigned left = 0;

	/* Nobody listens: four are connecting, six wait. */
	for (int i = 0; i < MANY; i++)
		calls[i] = ask(&asked[i], fake, &left);
	for (int i = 0; i < MANY; i += 3)
		reader_call_cancel(calls[i]);
	reader_call_cancel(NULL);
	start_fake(fake, HONEST);
	left = 6;
	loop_run(fake->loop);
	for (int i = 0; i < MANY; i++) {
		assert_true(asked[i].answered == (i % 3 != 0));
		arena_free(asked[i].arena);
	}
	/* Connected, and the answer not read yet. */
	calls[0] = ask(&asked[0], fake, &left);
	reader_call_cancel(calls[0]);
	assert_false(asked[0].answered);
	arena_free(asked[0].arena);
}

static void
gives_up_on_a_reader_that_says_nothing(void **state)
{
	struct fake *fake = *state;
	int listener = listen_at(fake->path);
	int64_t began = clock_mono_ms();
	struct asked asked;

	assert_int_equal(ask_one(fake, &asked), STATUS_AGAIN);
	assert_true(clock_mono_ms() - began < 30000);
	close(listener);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
	    TEST(brings_a_reading),
	    TEST(believes_nothing_that_is_not_whole),
	    TEST(waits_for_a_reader_that_starts_late),
	    TEST(answers_every_one_of_many),
	    TEST(cancels_in_every_state),
	    TEST(gives_up_on_a_reader_that_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
