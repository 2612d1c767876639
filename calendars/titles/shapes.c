/* SPDX-License-Identifier: MIT */
#include "calendars/titles/shapes.h"

#include <string.h>
#include <strings.h>

#include "calendars/titles/characters.h"

#define NHS_DIGITS 10
#define BARE_DIGITS_MIN 9
#define MARKED_DIGITS_MIN 7
#define EXTENSION_DIGITS_MIN 3
#define EXTENSION_DIGITS_MAX 6

/* ---- Dates. */

static bool
is_day(const char *day, size_t day_digits, const char *month, size_t month_digits)
{
	int d, m;

	if (month_digits < 1 || month_digits > 2)
		return false;
	d = digits_value(day, day_digits);
	m = digits_value(month, month_digits);
	return d >= 1 && d <= 31 && m >= 1 && m <= 12;
}

/* "12/03/61" is in 1961, "12/03/26" in 2026. */
static int
year_of(const char *at, size_t digits)
{
	int value = digits_value(at, digits);

	/* Two digits: rotas plan a year ahead, so that all that is far ahead is a birthday long
	 * past. */
	return digits == 4 ? value : value + (value < 50 ? 2000 : 1900);
}

static size_t
iso_date(const char *at, struct shape_day *out)
{
	if ((at[4] != '-' && at[4] != '/') || digits_count(at + 5) != 2 || at[7] != at[4] ||
	    digits_count(at + 8) != 2 || !is_day(at + 8, 2, at + 5, 2))
		return 0;
	*out = (struct shape_day){
	    digits_value(at + 8, 2), digits_value(at + 5, 2), digits_value(at, 4)};
	return 10;
}

size_t
shape_date(const char *at, struct shape_day *out)
{
	size_t day = digits_count(at), month, years;
	const char *next;
	char mark = at[day];

	*out = (struct shape_day){0, 0, 0};
	if (day == 4)
		return iso_date(at, out);
	if (day < 1 || day > 2 || mark == '\0' || strchr("/-.", mark) == NULL)
		return 0;
	month = digits_count(at + day + 1);
	if (!is_day(at, day, at + day + 1, month))
		return 0;
	out->day = digits_value(at, day);
	out->month = digits_value(at + day + 1, month);
	next = at + day + 1 + month;
	years = *next == mark ? digits_count(next + 1) : 0;
	if ((years == 2 || years == 4) && !char_is_letter(next[1 + years])) {
		out->year = year_of(next + 1, years);
		return (size_t)(next - at) + 1 + years;
	}
	/* A date without a year needs a slash: "9.30" and "9-5" are times. */
	/* "24/7" is no date, and "1/2" may be a half. */
	if (mark != '/' || *next == '/' || char_is_letter(*next) || (day == 1 && month == 1) ||
	    strncmp(at, "24/7", (size_t)(next - at)) == 0)
		return 0;
	return (size_t)(next - at);
}

/* ---- Telephone numbers. */

static bool
is_time(const char *at)
{
	return digits_count(at) == 4 && digits_value(at, 2) <= 24 && digits_value(at + 2, 2) < 60;
}

/* Two groups of four digits that are both times of day are no telephone number: "0900-1700". */
static bool
is_time_range(const char *at)
{
	size_t between = is_time(at) ? strspn(at + 4, " -") : 0;

	return between > 0 && is_time(at + 4 + between);
}

/* Whether ${mark} may follow ${before} inside a telephone number: "(01632) 960-456". */
static bool
joins_digits(char before, char mark)
{
	return strchr(" ()-", mark) != NULL &&
	       (char_is_digit(before) || before == ')' || mark == '(');
}

/* The modulo 11 check of NHS numbers, as in the NHS Data Dictionary. */
static bool
is_patient(const char *digits)
{
	int sum = 0;

	for (int i = 0; i < NHS_DIGITS - 1; i++)
		sum += (digits[i] - '0') * (NHS_DIGITS - i);
	/* A check digit of 10 is never issued, and no digit is 10. */
	return (11 - sum % 11) % 11 == digits[NHS_DIGITS - 1] - '0';
}

size_t
shape_phone(const char *at, bool *doubtful, bool *patient)
{
	char digits[NHS_DIGITS];
	size_t count = 0;
	size_t len = 0;
	bool marked = *at == '+' || *at == '0' || strncmp(at, "(0", 2) == 0;

	*doubtful = *patient = false;
	/* "0900 1700" has eight digits from a 0, as a short telephone number has. */
	if (is_time_range(at))
		return 0;
	for (size_t i = 0; at[i] != '\0'; i++) {
		if (char_is_digit(at[i])) {
			if (count < NHS_DIGITS)
				digits[count] = at[i];
			count++;
			len = i + 1;
		} else if (i > 0 ? !joins_digits(at[i - 1], at[i]) : *at != '+' && *at != '(')
			break;
	}
	/* Without +44 or 0 it must be long: rotas are full of bleeps and extensions. */
	if (count < (marked ? MARKED_DIGITS_MIN : BARE_DIGITS_MIN))
		return 0;
	if (!marked) {
		/* A number with +44 or 0 before it is dialled. */
		*patient = count == NHS_DIGITS && is_patient(digits);
		*doubtful = !*patient && !(count == NHS_DIGITS && digits[0] == '7');
	}
	return *at == '(' && memchr(at, ')', len) == NULL && at[len] == ')' ? len + 1 : len;
}

/* ---- Addresses. */

size_t
shape_mail(const char *at)
{
	static const char local[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+'-";
	size_t name = strspn(at, local);
	size_t host = at[name] == '@' ? strspn(at + name + 1, local) : 0;
	const char *dot;

	/* The full stop of a sentence does not belong to the address. */
	while (host > 0 && strchr(".'-_%+", at[name + host]) != NULL)
		host--;
	dot = host > 0 ? memrchr(at + name + 1, '.', host) : NULL;
	if (name == 0 || dot == NULL || dot == at + name + 1 || !char_is_letter(dot[1]) ||
	    !char_is_letter(dot[2]))
		return 0;
	return name + 1 + host;
}

size_t
shape_url(const char *at)
{
	if (strncasecmp(at, "http://", 7) != 0 && strncasecmp(at, "https://", 8) != 0 &&
	    strncasecmp(at, "www.", 4) != 0)
		return 0;
	return strcspn(at, " ");
}

size_t
shape_extension(const char *at)
{
	/* "B6" is a grade: few digits. */
	size_t name = strncasecmp(at, "bleep", 5) == 0 ? 5 : strchr("xXbB", *at) != NULL;
	size_t digits = name > 0 ? digits_count(at + name) : 0;

	return digits < EXTENSION_DIGITS_MIN || digits > EXTENSION_DIGITS_MAX ||
		       char_is_letter(at[name + digits])
		   ? 0
		   : name + digits;
}

/* In "ST5 2ND ON CALL" there is a grade and a rank, no postcode. */
static bool
is_ordinal(const char *at)
{
	return strncmp(at, "ST", 2) == 0 || strncmp(at, "ND", 2) == 0 ||
	       strncmp(at, "RD", 2) == 0 || strncmp(at, "TH", 2) == 0;
}

size_t
shape_postcode(const char *at)
{
	size_t i = 0;

	/* Only in capitals: "st5 2nd" would be one otherwise. */
	while (i < 2 && char_is_upper(at[i]))
		i++;
	if (i == 0 || !char_is_digit(at[i]))
		return 0;
	i++;
	if (char_is_digit(at[i]) || char_is_upper(at[i]))
		i++;
	i += at[i] == ' ';
	if (!char_is_digit(at[i]) || !char_is_upper(at[i + 1]) || !char_is_upper(at[i + 2]) ||
	    is_ordinal(at + i + 1) || char_is_letter(at[i + 3]) || char_is_digit(at[i + 3]))
		return 0;
	return i + 3;
}
