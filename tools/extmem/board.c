// SPDX-License-Identifier: GPL-2.0
/*
 * A board from its device tree.
 */
#include <string.h>

#include "board-read.h"
#include "board.h"

static const char *printable_string(struct board *board, const char *text)
{
	char *copy, *c;

	if (!text)
		return NULL;
	copy = arena_text(&board->tree.arena, text, strlen(text));
	for (c = copy; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return copy;
}

bool board_build(struct board *board, const struct board_options *options,
		 struct tree_error *error)
{
	const struct tree_node *root = board->tree.root;
	const char *model = tree_string(root, "model");

	board->of_id = options->of_id;
	board->model = printable_string(board, model ? model : tree_string(root, "compatible"));
	if (!board_set_machine(board, options, error))
		return false;
	board_find_memory(board);
	board_find_regions(board);
	return true;
}

bool board_load(struct board *board, const char *file, const struct board_options *options,
		struct tree_error *error)
{
	*board = (struct board){};
	return tree_read(&board->tree, file, options->includes, error) &&
	       board_build(board, options, error);
}

void board_free(struct board *board)
{
	tree_free(&board->tree);
}
