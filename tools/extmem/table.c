// SPDX-License-Identifier: GPL-2.0
/*
 * Columns for people. A text may be UTF-8, one column a character.
 */
#include <stdlib.h>
#include <string.h>

#include "extmem.h"

struct table {
	unsigned int columns;
	size_t count;
	char **cells;
};

static void out_of_memory(void)
{
	exit(fail(EXIT_FAILED, "out of memory"));
}

struct table *table_new(unsigned int columns)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		out_of_memory();
	table->columns = columns;
	return table;
}

void table_free(struct table *table)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table->cells);
	free(table);
}

void table_add(struct table *table, const char *text)
{
	char **cells = realloc(table->cells, (table->count + 1) * sizeof(*cells));

	if (!cells)
		out_of_memory();
	table->cells = cells;
	cells[table->count] = strdup(text);
	if (!cells[table->count++])
		out_of_memory();
}

static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

static size_t column_width(const struct table *table, unsigned int column)
{
	size_t i, width = 0;

	for (i = column; i < table->count; i += table->columns)
		if (width_of(table->cells[i]) > width)
			width = width_of(table->cells[i]);
	return width;
}

void table_print(const struct table *table, FILE *stream, bool first_is_heading)
{
	size_t widths[TABLE_COLUMNS], i;

	for (i = 0; i < table->columns; i++)
		widths[i] = column_width(table, i);
	for (i = 0; i < table->count; i++) {
		bool heading = first_is_heading && i < table->columns;
		unsigned int column = i % table->columns;

		if (heading && !column)
			fputs(colour(stream, COLOUR_BOLD), stream);
		fputs(table->cells[i], stream);
		if (column + 1 < table->columns) {
			fprintf(stream, "%*s",
				(int)(widths[column] - width_of(table->cells[i]) + 2), "");
			continue;
		}
		if (heading)
			fputs(colour(stream, COLOUR_NONE), stream);
		fputc('\n', stream);
	}
}
