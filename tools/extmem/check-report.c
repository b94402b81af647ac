// SPDX-License-Identifier: GPL-2.0
/*
 * What there is to be said of a board, for people: a line each, as compilers have them.
 */
#include "board-where.h"
#include "check.h"
#include "extmem.h"

static void print_message(const struct check *check, const struct check_message *message)
{
	const struct tree_where *where = tree_where(message->node, message->prop);
	bool error = message->kind == CHECK_ERROR;

	if (where->line)
		printf("%s:%u: ", where->file, where->line);
	else
		printf("%s: ", check->board->tree.file);
	printf("%s%s:%s %s", colour(stdout, error ? COLOUR_RED : COLOUR_CYAN),
	       error ? "error" : "advice", colour(stdout, COLOUR_NONE), message->text);
	if (!error)
		printf(" %s[%s]%s", colour(stdout, COLOUR_DIM), check_kind_name(message->kind),
		       colour(stdout, COLOUR_NONE));
	putchar('\n');
}

static void print_count(const char *before, unsigned int count, const char *one, const char *many)
{
	printf("%s%u %s", before, count, count == 1 ? one : many);
}

int check_report(const struct check *check)
{
	const struct board *board = check->board;
	const struct check_message *message;

	for (message = check->messages; message; message = message->next)
		print_message(check, message);
	printf("%s: %s: ", board->tree.file, board->machine.name);
	print_count("", board->region_count, "region", "regions");
	print_count(", ", board->partition_count, "partition", "partitions");
	print_count("; ", check->errors, "error", "errors");
	printf(", %u advice\n", check->advice);
	return finish_output();
}
