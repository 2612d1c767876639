/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/arena.h"
#include "server/base/text.h"

/*
 * Finds words that would reveal a withheld person: names, ids and numbers in the bytes of an answer, and
 * parts of names in texts of a rota. ${owner} is the code of the organisation that may see the person. All
 * texts are borrowed. Pure.
 */
struct withheld_words;

struct withheld_words *withheld_words_new(struct arena *arena);

enum withheld_kind { WITHHELD_NAME, WITHHELD_CODE, WITHHELD_NUMBER };

/* ${text} will be replaced by ${instead} wherever it is not a part of a longer word. For
 * withheld_words_may_name() each part of a name and its initials count as well. */
void withheld_words_add(struct withheld_words *words, enum withheld_kind kind, const char *text,
    const char *instead, const char *owner);

/* ${text} belongs to somebody or something else. Words added before that are found in it will not be
 * replaced, since they reveal nothing by themselves. ${single}: only words that are a single one, as for
 * the vocabulary of the answers. */
void withheld_words_except(struct withheld_words *words, struct slice text, bool single);

/* Whether ${text} holds one of the words, as withheld_words_except() would find it. */
bool withheld_words_found_in(const struct withheld_words *words, struct slice text, bool single);

/* Appends ${body} to ${out} with the words of all owners but ${reader} (an organisation, or NULL) replaced.
 * False: there is nothing to replace, and ${out} is not used. */
bool withheld_words_replace(
    const struct withheld_words *words, const char *reader, struct slice body, struct buf *out);

/* Whether ${text}, from a rota, may name a withheld person of another owner than ${reader}: by a part of the
 * name, by initials or by a number. If in doubt, it may. */
bool withheld_words_may_name(
    const struct withheld_words *words, const char *reader, const char *text);
