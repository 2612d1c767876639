/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "server/base/text.h"

/*
 * The objects of a calendar collection, as a server of CalDAV answers with them (RFC 4791 7.8: a multistatus of
 * RFC 4918 in XML), as one iCalendar file.
 */

/* Whether ${bytes} are such an answer. */
bool collection_is(struct slice bytes);

/*
 * Appends to ${out} the calendars of all objects, those with the same head (properties and time zones) as one.
 * False if the answer is refused (in ${faults}): it is no whole XML, has a document type, is too deep or too long,
 * or the server left anything out: then what is missing might be a change that takes cover away.
 */
bool collection_unwrap(struct buf *out, struct faults *faults, struct slice bytes);
