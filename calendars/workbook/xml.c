/* SPDX-License-Identifier: MIT */
#include "calendars/workbook/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

/* No part of a workbook is nested half as deeply. */
#define DEPTH_MAX 32
/* expat keeps each name it meets, and each tag until it is whole. */
#define MEMORY_MAX_BYTES ((size_t)32 << 20)
#define SEPARATOR '\n' /* between a namespace and a name: neither can hold it */

struct xml {
	const struct xml_reader *reader;
	struct faults *faults;
	const char *part;
	XML_Parser parser;
	unsigned depth;
	const char *why; /* it was stopped; NULL: it was not */
};

/* ---- Memory. */

/* expat gives its allocator no context, so that what is in use can only be counted here. It is counted
 * from zero for each part, and nothing of it outlives the parser. */
static _Thread_local size_t in_use;

/* The size of a block is kept before it. */
struct block {
	size_t size;
	max_align_t bytes[];
};

static void *
xml_realloc(void *at, size_t size)
{
	struct block *block = at == NULL ? NULL : (struct block *)((char *)at - sizeof *block);
	size_t before = block == NULL ? 0 : block->size;

	/* Not as a sum: a size that is close to the largest number would pass. */
	if (size > MEMORY_MAX_BYTES - (in_use - before))
		return NULL;
	block = realloc(block, sizeof *block + size);
	if (block == NULL)
		return NULL;
	in_use = in_use - before + size;
	block->size = size;
	return block->bytes;
}

static void *
xml_malloc(size_t size)
{
	return xml_realloc(NULL, size);
}

static void
xml_free(void *at)
{
	struct block *block = at == NULL ? NULL : (struct block *)((char *)at - sizeof *block);

	if (block != NULL)
		in_use -= block->size;
	free(block);
}

/* ---- Names. */

/* The name of an element of the parts that are read, without its namespace; NULL: it is of another kind.
 * Each namespace has two spellings: that of most programs, and that of "Strict Open XML". */
static const char *
known(const char *name)
{
	static const char *const spaces[] = {
	    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
	    "http://purl.oclc.org/ooxml/spreadsheetml/main",
	    "http://schemas.openxmlformats.org/package/2006/relationships",
	    "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments",
	    "http://schemas.openxmlformats.org/drawingml/2006/main",
	    "http://purl.oclc.org/ooxml/drawingml/main",
	    /* The formulas and ranges of what newer versions of Excel add to a sheet. */
	    "http://schemas.microsoft.com/office/excel/2006/main",
	};
	const char *end = strchr(name, SEPARATOR);

	/* No namespace at all: some programs of rotas leave it out. */
	if (end == NULL)
		return name;
	for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
		if (strlen(spaces[i]) == (size_t)(end - name) &&
		    memcmp(spaces[i], name, (size_t)(end - name)) == 0)
			return end + 1;
	return NULL;
}

/* "r:id" of any spelling is "id"; attributes of other namespaces keep theirs, and so are not found. */
static const char *
attribute(const char *name)
{
	const char *end = strchr(name, SEPARATOR);
	static const char relationships[] = "/relationships";
	size_t len = sizeof relationships - 1;

	if (end != NULL && (size_t)(end - name) > len && memcmp(end - len, relationships, len) == 0)
		return end + 1;
	return name;
}

const char *
xml_value(const char *const *names, const char *name)
{
	for (; *names != NULL; names += 2)
		if (strcmp(attribute(names[0]), name) == 0)
			return names[1];
	return NULL;
}

bool
xml_is_true(const char *const *names, const char *name, bool missing)
{
	const char *value = xml_value(names, name);

	return value == NULL ? missing
			     : strcmp(value, "1") == 0 || strcmp(value, "true") == 0 ||
				   strcmp(value, "on") == 0;
}

uint32_t
xml_number(const char *const *names, const char *name, uint32_t most, uint32_t missing)
{
	const char *value = xml_value(names, name);
	int64_t number;

	if (value == NULL || !text_int(slice_of(value), 0, most, &number))
		return missing;
	return (uint32_t)number;
}

/* ---- Parsing. */

static void
stop(struct xml *xml, const char *why)
{
	xml->why = why;
	XML_StopParser(xml->parser, XML_FALSE);
}

static void
on_start(void *ctx, const char *name, const char **names)
{
	struct xml *xml = ctx;
	const char *element = known(name);

	/* Before expat has kept much of it: a few kilobytes of zip can hold a million levels. */
	if (++xml->depth > DEPTH_MAX)
		stop(xml, "it is nested too deeply");
	else if (element != NULL)
		xml->reader->on_start(xml->reader->ctx, element, names);
	if (xml->faults->refused)
		stop(xml, "");
}

static void
on_end(void *ctx, const char *name)
{
	struct xml *xml = ctx;
	const char *element = known(name);

	xml->depth--;
	/* A stopped parser still ends the element that it is in, if that is empty. */
	if (xml->why == NULL && element != NULL && xml->reader->on_end != NULL)
		xml->reader->on_end(xml->reader->ctx, element);
	if (xml->faults->refused && xml->why == NULL)
		stop(xml, "");
}

static void
on_text(void *ctx, const char *text, int len)
{
	struct xml *xml = ctx;

	if (xml->reader->on_text != NULL)
		xml->reader->on_text(xml->reader->ctx, (struct slice){text, (size_t)len});
}

/* No office program writes one. With it come entities, which can grow without bound or name files. */
static void
on_doctype(void *ctx, const char *name, const char *system, const char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	stop(ctx, "it has a DOCTYPE, which no office program writes");
}

static bool
fail(struct xml *xml)
{
	const char *why = xml->why;

	if (why == NULL && XML_GetErrorCode(xml->parser) == XML_ERROR_NO_MEMORY)
		why = "it takes too much memory";
	fault_note(xml->faults, FAULT_BOOK_BROKEN, FAULT_ANYWHERE, xml->part,
	    why != NULL && *why != '\0' ? why : "it is no well-formed XML");
	return false;
}

static bool
on_piece(void *ctx, struct slice piece)
{
	struct xml *xml = ctx;

	if (XML_Parse(xml->parser, piece.at, (int)piece.len, XML_FALSE) == XML_STATUS_OK)
		return true;
	return fail(xml);
}

bool
xml_read(struct archive *archive, struct faults *faults, const char *name,
    const struct xml_reader *reader)
{
	static const XML_Memory_Handling_Suite memory = {xml_malloc, xml_realloc, xml_free};
	static const char separator[] = {SEPARATOR, '\0'};
	struct xml xml = {.reader = reader, .faults = faults, .part = name};
	bool done;

	in_use = 0;
	xml.parser = XML_ParserCreate_MM(NULL, &memory, separator);
	if (xml.parser == NULL) {
		fault_note(faults, FAULT_TOO_MUCH_MEMORY, FAULT_ANYWHERE, NULL, NULL);
		return false;
	}
	XML_SetUserData(xml.parser, &xml);
	XML_SetElementHandler(xml.parser, on_start, on_end);
	XML_SetCharacterDataHandler(xml.parser, on_text);
	XML_SetStartDoctypeDeclHandler(xml.parser, on_doctype);
	done = archive_read(archive, name, on_piece, &xml);
	if (done && XML_Parse(xml.parser, "", 0, XML_TRUE) != XML_STATUS_OK)
		done = fail(&xml);
	XML_ParserFree(xml.parser);
	return done && !faults->refused;
}
