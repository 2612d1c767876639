/* SPDX-License-Identifier: MIT */
#pragma once

/* How the rows of the table of routes are written (routes.c). */

#define CODE(word)                                                                                 \
	{                                                                                          \
		.name = word, .kind = PARAM_CODE                                                   \
	}
#define CODE_NEEDED(word)                                                                          \
	{                                                                                          \
		.name = word, .kind = PARAM_CODE, .required = true                                 \
	}
#define TIME(word)                                                                                 \
	{                                                                                          \
		.name = word, .kind = PARAM_TIME                                                   \
	}
#define TIME_NEEDED(word)                                                                          \
	{                                                                                          \
		.name = word, .kind = PARAM_TIME, .required = true                                 \
	}
#define TEXT(word)                                                                                 \
	{                                                                                          \
		.name = word, .kind = PARAM_TEXT                                                   \
	}
#define TEXT_NEEDED(word)                                                                          \
	{                                                                                          \
		.name = word, .kind = PARAM_TEXT, .required = true                                 \
	}
#define CHOICE(word, list)                                                                         \
	{                                                                                          \
		.name = word, .kind = PARAM_CHOICE, .choices = list                                \
	}
#define NUMBER(word, least, most, usual)                                                           \
	{                                                                                          \
		.name = word, .kind = PARAM_NUMBER, .min = least, .max = most, .otherwise = usual  \
	}
#define PLACE CODE("place")
#define FUNCTION CODE("function")
#define DRY_RUN CHOICE("dry_run", no_yes)
#define WITHIN CHOICE("within", true_false)
#define LIMIT NUMBER("limit", 1, ASK_LIMIT_MAX, ASK_LIMIT_DEFAULT)
/* Every list is also CSV: its columns are in ask/csv_lists.c. */
#define FORMAT CHOICE("format", formats)
#define PAGE LIMIT, TEXT("cursor"), FORMAT
#define PARAMS(...)                                                                                \
	(const struct param[])                                                                     \
	{                                                                                          \
		__VA_ARGS__,                                                                       \
		{                                                                                  \
			.kind = PARAM_END                                                          \
		}                                                                                  \
	}
#define READS(one) (UINT64_C(1) << (one))
#define CALL(verb, path, answers, needs, ...)                                                      \
	{                                                                                          \
		.method = WEB_##verb, .pattern = path, .view = answers, .right = RIGHT_##needs,    \
		__VA_ARGS__                                                                        \
	}
/* One object of the set-up: GET, PUT, PATCH and DELETE have the same parameters and limits for every
 * kind. */
#define OBJECT(list, ...)                                                                          \
	CALL(GET, "/v1/" list "/{id}", view_object, SET_UP_READ,                                   \
	    .params = PARAMS(TIME("known_at")), __VA_ARGS__),                                      \
	    OBJECT_CHANGE(PUT, list), OBJECT_CHANGE(PATCH, list), OBJECT_CHANGE(DELETE, list)
#define OBJECT_CHANGE(verb, list)                                                                  \
	CALL(verb, "/v1/" list "/{id}", view_object_change, SET_UP,                                \
	    .params = PARAMS(DRY_RUN, TEXT("overwrite"), TEXT("reason"), TEXT("until")),           \
	    .body_max_bytes = OBJECT_MAX_BYTES, .limit_ms = SLOW_MS)
/* The calendar of one thing, for programs that subscribe to it. */
#define CALENDAR(path, answers, opened, noted)                                                     \
	CALL(GET, path, answers, READ, .dear = true, .link = opened, .reads = READS(noted),        \
	    .params = PARAMS(CHOICE("names", no_yes), TEXT("key")))
#define PROVIDER_CHANGE(verb)                                                                      \
	CALL(verb, "/v1/providers/{id}", view_provider_change, ADMINISTER,                         \
	    .scope = SCOPE_ACCOUNTS, .params = PARAMS(DRY_RUN))
#define OPEN(path, answers)                                                                        \
	{                                                                                          \
		.method = WEB_GET, .pattern = path, .open = answers                                \
	}
