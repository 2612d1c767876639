/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/workbook/archive.h"

/*
 * The XML parts of a workbook, as expat parses them. Only elements of SpreadsheetML, of
 * relationships and of texts in drawings are given, under their names without a namespace: a program may put its own elements
 * between them, whatever they are called.
 */
struct xml_reader {
	/* The last two may be NULL. ${names} is a list of attributes: name, value, name, value, NULL. */
	void (*on_start)(void *ctx, const char *element, const char *const *names);
	void (*on_end)(void *ctx, const char *element);
	void (*on_text)(void *ctx, struct slice text); /* also within elements that are not given */
	void *ctx;
};

/* Reads the part ${name} of ${archive}. False: it was refused, which is noted in the faults: it is missing
 * or damaged, has a DOCTYPE, is nested too deeply, or takes too much memory. */
bool xml_read(struct archive *archive, struct faults *faults, const char *name,
    const struct xml_reader *reader);

/* The value of the attribute ${name}; NULL: there is none. */
const char *xml_value(const char *const *names, const char *name);

/* An attribute that is true or false; ${missing} if it is not there. */
bool xml_is_true(const char *const *names, const char *name, bool missing);

/* An attribute that is a number up to ${most}; ${missing} if it is not there or is none. */
uint32_t xml_number(const char *const *names, const char *name, uint32_t most, uint32_t missing);
