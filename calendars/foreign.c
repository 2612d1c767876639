/* SPDX-License-Identifier: MIT */
#include "calendars/foreign.h"

#include <string.h>

/* By content and not by file name: what is uploaded as rota.csv is often the workbook itself. A zip
 * (PK) is .xlsx, .ods or .docx; the OLE header is .xls and .doc. */
enum fault
foreign_file(struct slice bytes)
{
	static const struct {
		const char *begins;
		size_t len;
		enum fault fault;
	} kinds[] = {
	    {"PK\x03\x04", 4, FAULT_WORKBOOK},
	    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, FAULT_WORKBOOK},
	    {"%PDF-", 5, FAULT_PDF},
	    {"{\\rtf", 5, FAULT_DOCUMENT},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (bytes.len >= kinds[i].len &&
		    memcmp(bytes.at, kinds[i].begins, kinds[i].len) == 0)
			return kinds[i].fault;
	}
	return FAULT_NONE;
}
