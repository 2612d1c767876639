/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * What is recognised by its shape, without knowing a word of it. Each answers how many bytes of
 * ${at} it takes, 0 if it is none. The lists of shapes are short and closed: what looks different
 * is not understood.
 */

/* 24/12/2026, 24-12-26, 24.12.2026, 2026-12-24, 24/12. ${year}: 0 if none is written. */
size_t shape_date(const char *at, int *year);

/*
 * A telephone number: +44 and what follows, or from 0; without either ten digits from 7, a
 * mobile's.
 * ${doubtful}: nine digits or more that are none of these. ${patient}: the number of a patient of
 * the NHS, by its check digit.
 */
size_t shape_phone(const char *at, bool *doubtful, bool *patient);

size_t shape_mail(const char *at); /* jan@fenmere.example */
size_t shape_url(const char *at);  /* https://…, www.… */
/* "x4421": an extension. */
size_t shape_extension(const char *at);

size_t shape_postcode(const char *at); /* SW1A 2AA, in capitals */
