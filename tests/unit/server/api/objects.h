/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/unit/server/api/expect.h"

/*
 * The tests of single objects of the set-up: a region of two organisations with an account of each role, ways to ask
 * about its objects, and the tests that test_objects.c runs. They are one program with one server.
 */

/* Set-up of a test: the api with that region in force. */
int objects_set_up(void **state);

/* The account of ${token} asks; apostrophes of ${body} are sent as quotes. ${headers} and ${body} may be NULL. */
struct http_reply objects_ask(
    const char *token, const char *method, const char *path, const char *headers, const char *body);

/* The administrator asks, and must be answered with ${status}. */
void objects_as_admin(
    const char *method, const char *path, const char *headers, const char *body, int status);

/* ${text} with quotes for apostrophes. Lives until the next call but three. */
const char *objects_json(const char *text);

/* "If-Match: …" with the tag of the object at ${path}. Lives until the next call. */
const char *objects_tag(const char *path);

/* The api follows what is in force: a dry run answers 503 until it has it. */
void objects_wait_until_ready(void);

/* The sealed box of the feed of `duty` must hold ${address}. */
void objects_expect_address(const char *address);

#define ASSERT(what) testbed_sql("do $$ begin assert (%s); end $$", what)

/* objects_rights.c */
void nobody_changes_what_the_table_does_not_grant(void **state);
void nobody_does_what_the_table_does_not_grant(void **state);
void fields_are_refused_by_their_path(void **state);
void a_code_of_other_letters_is_refused_with_the_rule(void **state);
void an_object_is_seen_by_whom_it_concerns(void **state);

/* objects_second.c */
void what_lowers_wants_another_person(void **state);
void a_proposal_is_judged_when_it_is_accepted(void **state);
void what_touches_others_maps_wants_another_person(void **state);
