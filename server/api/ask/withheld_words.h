/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/arena.h"
#include "server/base/text.h"

/*
 * Finds what would tell who a withheld person is: names, ids and numbers in the bytes of an answer,
 * and parts of names in what a rota says. ${owner}: the code of the organisation whose people may
 * be told; borrowed, as all texts are. Pure.
 */
struct withheld_words;

struct withheld_words *withheld_words_new(struct arena *arena);

enum withheld_kind { WITHHELD_NAME, WITHHELD_CODE, WITHHELD_NUMBER };

/* ${text} is replaced by ${instead} wherever it stands by itself. Of a name each part and the
 * initials count in withheld_words_told(). */
void withheld_words_add(struct withheld_words *words, enum withheld_kind kind, const char *text,
    const char *instead, const char *owner);

/* ${text} is said of somebody or something else: what it holds of the words added before is not
 * replaced any more, since by itself it tells nothing. ${single}: nothing but single words count,
 * as in the vocabulary of the answers. */
void withheld_words_spare(struct withheld_words *words, struct slice text, bool single);

/* ${body} with all that is not of ${reader}, an organisation or NULL, replaced, in ${out}. False:
 * there is nothing to replace, and ${out} is not used. */
bool withheld_words_change(
    const struct withheld_words *words, const char *reader, struct slice body, struct buf *out);

/* Whether ${text}, as a rota has it, may name somebody who is not of ${reader}: by any part of a
 * name, by initials, or by a number. Rather once too often. */
bool withheld_words_told(const struct withheld_words *words, const char *reader, const char *text);
