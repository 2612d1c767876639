/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "calendars/reading.h"
#include "server/base/text.h"

/*
 * What is kept of a calendar, and read: the calendar without what nobody reads. The file has the same rows, so that
 * findings name the rows of the file that its owner has.
 *
 *   components, times,   as they are, and so is all else that is read (prescan_property.c)
 *   rules, statuses
 *   SUMMARY              without mail addresses and reasons for an absence: a phrase that says why somebody is away
 *                        (WORD_SICK) is one word of the same meaning
 *   DESCRIPTION          of its first clause, which alone is read, what is there if a word of it may take the shift
 *                        away; else "x". So is X-ALT-DESC, and the description of the calendar
 *   ATTENDEE             of those who declined or may not come, the name that is compared with the title; no address
 *   COMMENT, CONTACT,    with "x@x.org" in the place of each mail address, and without reasons; so is the status that a
 *   LOCATION, CATEGORIES program of rotas gives
 *                        Of a calendar of absences: SUMMARY is who is away (kept_leave.h), and DESCRIPTION, COMMENT,
 *                        CONTACT, LOCATION and CATEGORIES are "x", or "?" if they may take a shift away
 *   all else             blank rows: alarms, ORGANIZER, URL, ATTACH, …; the name of a calendar that is a mail address
 *
 * What a word may mean is asked of the lexicon alone, since one file may be read by several rotas: what a rota manager
 * decides about words and titles is about titles, not about descriptions. Only which titles of a calendar of absences are
 * understood is a matter of its rota: those that are not are kept until a person has decided. Pure.
 */

/* As the file itself. */
#define KEPT_MAX_BYTES ((size_t)10 * 1024 * 1024)

/* Appends to ${out} what is kept of ${bytes}, which is read with ${options}. What is kept of that again is the same. False: ${bytes} are no whole
 * calendar, so that reading them refuses them, and ${out} is as before. */
bool kept_make(struct buf *out, const struct reading_options *options, struct slice bytes);

/*
 * The same of a roster (READING_CSV) of leave, of text or of a workbook, as CSV in UTF-8 with the same rows. Of a list, the cells that may say why
 * somebody is away (the kind of leave, its status, notes and all columns that are not known, and of names what is no name) become one
 * word that does the same to the row ("reasonwithheld", "cancelled", "half day", "?"), but for answers, numbers and dates; of a grid,
 * the cells that say that somebody is away, and of names what is no name. A name or a code that a person must decide about stays,
 * without the phrases that are known to be reasons. Findings stay, with what they quote from the words that are kept; a warning about the
 * whole file may be told no more, since it is of the file that came (other sheets, Latin-1). False, and ${out} is as before: it is no
 * roster of leave, or one of more than 256 KiB, or it would not read the same; of a roster of leave there is then nothing to keep
 * but its hash (reading.h).
 */
bool kept_roster_make(struct buf *out, const struct reading_tools *tools,
    const struct reading_options *options, struct slice bytes);
