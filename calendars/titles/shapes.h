/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Recognises things by their shape alone. Each function returns how many bytes from ${at} belong to
 * it; 0: none. The lists of shapes are short and closed: other shapes are not understood.
 */

/* 24/12/2026, 24-12-26, 24.12.2026, 2026-12-24, 24/12. The year is 0 if it is not written. */
struct shape_day {
	int day, month, year;
};
size_t shape_date(const char *at, struct shape_day *out);

/*
 * A telephone number: from +44, or from 0, or ten digits from 7 (a mobile). ${doubtful}: nine
 * digits or more that are none of these. ${patient}: a patient's NHS number, by its check digit.
 */
size_t shape_phone(const char *at, bool *doubtful, bool *patient);

size_t shape_mail(const char *at); /* jan@fenmere.example */
size_t shape_url(const char *at);  /* https://…, www.… */
/* "x4421": an extension. */
size_t shape_extension(const char *at);

size_t shape_postcode(const char *at); /* SW1A 2AA, in capitals */
