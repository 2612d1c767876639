/* SPDX-License-Identifier: MIT */
#include "calendars/titles/people.h"

#include <stdlib.h>
#include <string.h>

#include "calendars/titles/people_forms.h"
#include "calendars/titles/plain.h"

/* Shorter ones would be words and initials of others. */
#define ACCOUNT_FAMILY_MIN 3

struct maker {
	struct arena *arena;
	VEC(struct name_form) forms;
};

static void
add_form(struct maker *maker, const char *const *words, size_t count,
    const struct reading_person *person, enum people_rank rank)
{
	struct name_form *form;

	/* A longer name is found by its other forms. */
	if (count == 0)
		return;
	form = VEC_PUSH(maker->arena, &maker->forms);
	memcpy(form->words, words, count * sizeof *words);
	form->nwords = count;
	form->person = person;
	form->rank = rank;
}

static bool
has_word_after(const struct tokens *tokens, size_t at)
{
	while (++at < tokens->items.count)
		if (tokens->items.items[at].kind == TOKEN_WORD)
			return true;
	return false;
}

/* The words of a name, given name first. "Family, Given" is reversed. */
static size_t
split_name(struct arena *arena, const char *name, const char *words[FORM_TOKENS_MAX])
{
	struct tokens tokens;
	const char *family[FORM_TOKENS_MAX];
	size_t nfamily = 0;
	size_t n = 0;

	tokens_make(&tokens, arena, name);
	for (size_t i = 0; i < tokens.items.count && n + nfamily < FORM_TOKENS_MAX; i++) {
		const struct token *token = &tokens.items.items[i];

		if (token->kind == TOKEN_MARK && token->mark == ',' && nfamily == 0) {
			memcpy(family, words, n * sizeof *words);
			nfamily = n;
			n = 0;
		} else if (token->kind == TOKEN_MARK && token->mark == '(')
			break;
		else if (token->kind == TOKEN_WORD &&
			 !(n + nfamily == 0 && people_is_honorific(token->text) &&
			     has_word_after(&tokens, i)))
			words[n++] = token->text;
	}
	memcpy(words + n, family, nfamily * sizeof *words);
	return n + nfamily;
}

static const char *
initial_of(struct arena *arena, const char *word)
{
	size_t len = 1;

	while (((unsigned char)word[len] & 0xc0) == 0x80)
		len++;
	return arena_strndup(arena, word, len);
}

static void
add_initials(struct maker *maker, const char *const *words, size_t count,
    const struct reading_person *person)
{
	struct buf buf = {0};
	const char *initials;

	for (size_t i = 0; i < count; i++)
		buf_add_text(&buf, initial_of(maker->arena, words[i]));
	initials = arena_strndup(maker->arena, buf.at, buf.len);
	buf_free(&buf);
	add_form(maker, &initials, 1, person, PEOPLE_INITIALS);
}

/* "jjones", "jonesj": as people sign in to their computers. */
static void
add_account(struct maker *maker, const char *const *words, size_t count,
    const struct reading_person *person)
{
	const char *initial = initial_of(maker->arena, words[0]);
	const char *name;

	if (count != 2 || strlen(words[1]) < ACCOUNT_FAMILY_MIN)
		return;
	name = arena_printf(maker->arena, "%s%s", initial, words[1]);
	add_form(maker, &name, 1, person, PEOPLE_NAME);
	name = arena_printf(maker->arena, "%s%s", words[1], initial);
	add_form(maker, &name, 1, person, PEOPLE_NAME);
}

static void
add_name(struct maker *maker, const struct reading_person *person)
{
	const char *words[FORM_TOKENS_MAX];
	const char *other[FORM_TOKENS_MAX + 1];
	size_t n = split_name(maker->arena, person->name, words);
	size_t family = n - 1;

	add_form(maker, words, n, person, PEOPLE_NAME);
	if (n < 2)
		return;
	memcpy(other, words, n * sizeof *words);
	other[0] = initial_of(maker->arena, words[0]);
	/* A directory that has "J Jones" must not have it twice. */
	if (strcmp(other[0], words[0]) != 0)
		add_form(maker, other, n, person, PEOPLE_NAME);
	/* Family name first: "Smith Alan", "Smith A". */
	memcpy(other, words + 1, family * sizeof *words);
	other[family] = words[0];
	add_form(maker, other, n, person, PEOPLE_NAME);
	other[family] = initial_of(maker->arena, words[0]);
	if (strcmp(other[family], words[0]) != 0)
		add_form(maker, other, n, person, PEOPLE_NAME);
	add_form(maker, words + 1, family, person, PEOPLE_SURNAME);
	add_account(maker, words, n, person);
	if (n > 2) { /* two given names, or a family name of two words: not known which */
		add_form(maker, words + n - 1, 1, person, PEOPLE_SURNAME);
		other[0] = initial_of(maker->arena, words[0]);
		other[1] = words[n - 1];
		add_form(maker, other, 2, person, PEOPLE_NAME);
	}
	add_initials(maker, words, n, person);
}

/* "M O Brien": some write M O'Brien so. */
static void
add_parted(struct maker *maker, const struct reading_person *person)
{
	const char *mark = strchr(plain_text(maker->arena, person->name), '\'');
	const char *words[FORM_TOKENS_MAX], *other[FORM_TOKENS_MAX];
	char *parted;
	size_t n;

	if (mark == NULL)
		return;
	parted = arena_strdup(maker->arena, plain_text(maker->arena, person->name));
	for (char *at = parted; *at != '\0'; at++) {
		if (*at == '\'')
			*at = ' ';
	}
	n = split_name(maker->arena, parted, words);
	/* "O'Brien" alone has two parts then, which is a form already. */
	if (n < 3)
		return;
	add_form(maker, words, n, person, PEOPLE_NAME);
	memcpy(other, words, n * sizeof *words);
	other[0] = initial_of(maker->arena, words[0]);
	add_form(maker, other, n, person, PEOPLE_NAME);
	memcpy(other, words + 1, (n - 1) * sizeof *words);
	add_form(maker, other, n - 1, person, PEOPLE_SURNAME);
	other[n - 1] = words[0];
	add_form(maker, other, n, person, PEOPLE_NAME);
	other[n - 1] = initial_of(maker->arena, words[0]);
	add_form(maker, other, n, person, PEOPLE_NAME);
}

static void
add_aliases(struct maker *maker, const struct reading_person *person)
{
	for (const char *const *alias = person->aliases; alias != NULL && *alias != NULL; alias++) {
		const char *words[FORM_TOKENS_MAX];
		size_t n = split_name(maker->arena, *alias, words);

		add_form(maker, words, n, person, PEOPLE_ALIAS);
	}
}

/* Looks for the person of a rota's alias in the list; there are few such aliases. */
static const struct reading_person *
person_of(const struct reading_person *list, size_t count, const char *id)
{
	for (size_t i = 0; id != NULL && i < count; i++) {
		if (strcmp(list[i].id, id) == 0)
			return &list[i];
	}
	return NULL;
}

static int
compare_forms(const void *a, const void *b)
{
	const struct name_form *left = a;
	const struct name_form *right = b;

	return strcmp(left->words[0], right->words[0]);
}

void
people_init(struct people *people, struct arena *arena, const struct people_known *known)
{
	struct maker maker = {.arena = arena};

	for (size_t i = 0; i < known->count; i++) {
		add_name(&maker, &known->list[i]);
		add_parted(&maker, &known->list[i]);
		add_aliases(&maker, &known->list[i]);
	}
	for (size_t i = 0; i < known->naliases; i++) {
		const struct reading_alias *alias = &known->aliases[i];
		const char *words[FORM_TOKENS_MAX];
		size_t n = split_name(arena, alias->alias, words);

		add_form(&maker, words, n, person_of(known->list, known->count, alias->person),
		    PEOPLE_ROTA_ALIAS);
	}
	if (maker.forms.count > 1)
		qsort(
		    maker.forms.items, maker.forms.count, sizeof *maker.forms.items, compare_forms);
	*people = (struct people){
	    known->list, known->count, maker.forms.items, maker.forms.count, known->lexicon};
}
