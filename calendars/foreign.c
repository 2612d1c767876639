/* SPDX-License-Identifier: MIT */
#include "calendars/foreign.h"

#include <string.h>
#include <strings.h>

/* Where a file says what it is, if that is not its first bytes. */
#define HEAD_MAX_BYTES 65536

static bool
holds(struct slice bytes, struct slice what)
{
	return memmem(bytes.at, bytes.len, what.at, what.len) != NULL;
}

/* ${word} in letters of either case, among the first bytes. */
static bool
says(struct slice bytes, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= bytes.len && i < HEAD_MAX_BYTES; i++)
		if (strncasecmp(bytes.at + i, word, len) == 0)
			return true;
	return false;
}

/* An OLE file is a small file system with names in UTF-16. Office programs put an encrypted workbook of
 * any age into one, under this name. */
static enum fault
ole_fault(struct slice bytes)
{
	static const char encrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";

	return holds(bytes, (struct slice){encrypted, sizeof encrypted}) ? FAULT_BOOK_LOCKED
									 : FAULT_BOOK_OLD;
}

/* By content and not by file name: what is uploaded as rota.csv is often the workbook itself. A zip
 * (PK) is .xlsx, .ods or .docx; the OLE header is .xls and .doc; 09 is .xls of before 1993. */
enum fault
foreign_file(struct slice bytes)
{
	static const struct {
		const char *begins;
		size_t len;
		enum fault fault;
	} kinds[] = {
	    {"PK\x03\x04", 4, FAULT_WORKBOOK},
	    {"PK\x05\x06", 4, FAULT_ARCHIVE},
	    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, FAULT_BOOK_OLD},
	    {"\x09\x00\x04\x00", 4, FAULT_BOOK_OLD},
	    {"\x09\x02\x06\x00", 4, FAULT_BOOK_OLD},
	    {"\x09\x04\x06\x00", 4, FAULT_BOOK_OLD},
	    {"\x09\x08\x08\x00", 4, FAULT_BOOK_OLD},
	    {"\x1f\x8b", 2, FAULT_ARCHIVE},
	    {"Rar!", 4, FAULT_ARCHIVE},
	    {"7z\xbc\xaf", 4, FAULT_ARCHIVE},
	    {"%PDF-", 5, FAULT_PDF},
	    {"{\\rtf", 5, FAULT_DOCUMENT},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (bytes.len < kinds[i].len ||
		    memcmp(bytes.at, kinds[i].begins, kinds[i].len) != 0)
			continue;
		return *kinds[i].begins == '\xd0' ? ole_fault(bytes) : kinds[i].fault;
	}
	return FAULT_NONE;
}

enum fault
foreign_markup(struct slice bytes)
{
	if (says(bytes, "urn:schemas-microsoft-com:office:spreadsheet") ||
	    says(bytes, "urn:oasis:names:tc:opendocument"))
		return FAULT_BOOK_XML;
	/* A page that asks for a sign-in has fields; a table that a program wrote has none. */
	if (says(bytes, "urn:schemas-microsoft-com:office:excel") ||
	    (says(bytes, "<table") && !says(bytes, "<form") && !says(bytes, "<input")))
		return FAULT_BOOK_HTML;
	return FAULT_HTML;
}
