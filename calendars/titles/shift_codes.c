/* SPDX-License-Identifier: MIT */
#include "calendars/titles/shift_codes.h"

#include <string.h>

#include "calendars/titles/plain.h"

enum { CODE_TOKENS_MAX = 4 };

static const char *
code_key(struct arena *arena, const char *text)
{
	const char *plain = plain_text(arena, text);

	return plain_fold(arena, slice_trim(slice_of(plain)));
}

void
shift_codes_init(struct titles *titles)
{
	const struct reading_options *options = titles->options;

	table_init(&titles->codes, titles->arena, options->nshift_codes * 2);
	for (size_t i = 0; i < options->nshift_codes; i++) {
		const struct reading_shift_code *code = &options->shift_codes[i];

		table_put(&titles->codes, titles->arena, code_key(titles->arena, code->code),
		    (uint32_t)i);
		for (size_t n = 0; code->names != NULL && code->names[n] != NULL; n++)
			table_put(&titles->codes, titles->arena,
			    code_key(titles->arena, code->names[n]), (uint32_t)i);
	}
}

const struct reading_shift_code *
shift_codes_find(const struct titles *titles, const char *text)
{
	uint32_t index;

	if (titles->options->nshift_codes == 0 || *text == '\0')
		return NULL;
	/* By its folded form: rosters write "LD" and "ld" of one shift. */
	index = table_get(&titles->codes, code_key(titles->arena, text));
	return index == TABLE_NONE ? NULL : &titles->options->shift_codes[index];
}

/* ---- In a title. */

/* "Early: Sam, Jo /": a code, and the items after its colon. */
struct section {
	const struct reading_shift_code *code;
	size_t at, body, end; /* items */
	enum title_span span;
};

struct sections {
	VEC(struct section) list;
};

/* Whether a code may begin at ${at}: first in the title, or after the end of another code's words. */
static bool
may_begin(const struct item *list, size_t at)
{
	if (at == 0 || item_is_any_mark(&list[at - 1], "/;,|&+.(") ||
	    (list[at - 1].kind == ITEM_WORD && list[at - 1].word == WORD_THEN))
		return true;
	/* "AMHP Early: Sam": a function may come before the first code. */
	for (size_t i = 0; i < at; i++) {
		if (list[i].kind != ITEM_WORD || list[i].word != WORD_PLAIN)
			return false;
	}
	return true;
}

/* The code that is written from ${at} up to a colon or a dash; ${body} is the item after that. The
 * words are compared as written, whatever else they may mean: before a colon "LD" is the shift,
 * even if a person has these initials. */
static const struct reading_shift_code *
code_at(const struct titles *titles, const struct items *items, size_t at, size_t *body)
{
	const struct item *list = items->list.items;

	for (size_t end = at + 1; end < items->list.count && end <= at + CODE_TOKENS_MAX; end++) {
		const struct token *first = &items->tokens->items.items[list[at].token];
		const struct token *last =
		    &items->tokens->items.items[list[end - 1].token + list[end - 1].ntokens - 1];

		/* Without a mark after it a code is a label, and the names around it belong to all
		 * of the title. */
		if (!item_is_any_mark(&list[end], ":-"))
			continue;
		*body = end + 1;
		return shift_codes_find(
		    titles, arena_strndup(titles->arena, items->tokens->plain + first->at,
				last->at + last->len - first->at));
	}
	return NULL;
}

static void
find_sections(const struct titles *titles, const struct items *items, struct sections *out)
{
	const struct item *list = items->list.items;

	for (size_t i = 0; i < items->list.count; i++) {
		struct section section = {.at = i};

		if (list[i].kind == ITEM_MARK || !may_begin(list, i))
			continue;
		section.code = code_at(titles, items, i, &section.body);
		if (section.code == NULL)
			continue;
		*VEC_PUSH(titles->arena, &out->list) = section;
		i = section.body - 1;
	}
	for (size_t i = 0; i < out->list.count; i++) {
		struct section *section = &out->list.items[i];

		section->end = i + 1 < out->list.count ? section[1].at : items->list.count;
		section->span = out->list.count == 1 ? TITLE_ONLY_SHIFT : TITLE_SHIFT;
	}
}

/* "Early: Sam / Nights: Kim", where "Nights" is no code of the rota: Kim is not on the early. */
static bool
names_another_shift(const struct item *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (item_is_any_mark(&list[i], ":") ||
		    (list[i].kind == ITEM_WORD && list[i].word == WORD_SHIFT))
			return true;
	}
	return false;
}

/* Whether only a function's name is before the first code, and every code stands for hours. */
static bool
are_sound(const struct items *items, const struct sections *sections)
{
	const struct section *section;

	for (size_t i = 0; i < sections->list.items[0].at; i++) {
		const struct item *item = &items->list.items[i];

		if (item->kind != ITEM_MARK &&
		    !(item->kind == ITEM_WORD && item->word == WORD_PLAIN))
			return false;
	}
	VEC_EACH (section, &sections->list) {
		if (section->code->kind != READING_CODE_HOURS ||
		    names_another_shift(
			items->list.items + section->body, section->end - section->body))
			return false;
	}
	return true;
}

static void
read_section(const struct titles *titles, const struct items *items, const struct section *section,
    struct title_parts *parts)
{
	struct title_parts said = {.warning = FAULT_NONE};
	const struct title_part *part;
	struct item *list;
	size_t count, end = section->end;

	/* what parts this code's words from the next code */
	while (end > section->body && (item_is_any_mark(&items->list.items[end - 1], "/;,|&+") ||
					  (items->list.items[end - 1].kind == ITEM_WORD &&
					      items->list.items[end - 1].word == WORD_THEN)))
		end--;
	count = end - section->body;
	list = arena_array(titles->arena, count + 1, sizeof *list);
	if (count > 0)
		memcpy(list, items->list.items + section->body, count * sizeof *list);
	if (count > 0)
		title_clause(titles, items, list, count, &said);
	/* "Early: / Late: Kim": the early has hours and nobody. */
	if (said.list.count == 0)
		VEC_PUSH(titles->arena, &said.list)->class = READING_UNDECIDED;
	VEC_EACH (part, &said.list) {
		struct title_part *kept = VEC_PUSH(titles->arena, &parts->list);

		*kept = *part;
		kept->span = section->span;
		kept->from = section->code->from / 60;
		kept->to = section->code->to / 60;
	}
	if (parts->warning == FAULT_NONE) {
		parts->warning = said.warning;
		parts->warning_word = said.warning_word;
	}
}

/* Marks the words of the codes as understood, whatever else they may mean. */
static void
account_heads(struct items *items, const struct sections *sections)
{
	const struct section *section;

	VEC_EACH (section, &sections->list) {
		for (size_t i = section->at; i < section->body; i++)
			items->list.items[i].left = false;
	}
}

bool
shift_codes_divide(const struct titles *titles, struct items *items, struct title_parts *parts)
{
	struct sections sections = {.list = {.items = NULL}};

	if (titles->options->nshift_codes == 0 || titles->options->absences)
		return false;
	find_sections(titles, items, &sections);
	if (sections.list.count == 0 || !are_sound(items, &sections))
		return false;
	account_heads(items, &sections);
	for (size_t i = 0; i < sections.list.count; i++)
		read_section(titles, items, &sections.list.items[i], parts);
	return true;
}
