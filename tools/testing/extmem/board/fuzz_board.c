// SPDX-License-Identifier: GPL-2.0
/*
 * A device tree from a stranger, by libFuzzer: read, judged, advised on and drawn, as the
 * command does it. `make fuzz` runs it.
 */
#include <stdlib.h>

#include "board-read.h"
#include "check.h"
#include "picture.h"

static FILE *nowhere;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	nowhere = fopen("/dev/null", "w");
	/* What the reports print; libFuzzer itself uses stderr. */
	if (!nowhere || !freopen("/dev/null", "w", stdout))
		abort();
	return 0;
}

static void draw(struct board *board)
{
	struct picture picture;

	picture_init(&picture, &board->tree.arena);
	picture_board(&picture, board);
	if (!picture_is_drawable(&picture))
		return;
	picture_svg(&picture, nowhere);
	picture_text(&picture, nowhere, 80, false);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const char * const machines[] = { NULL, "arm64", "arm", "riscv64", "x86", "um" };
	struct board_options options = { .of_id = "foo" };
	struct tree_error error;
	struct board board = {};
	struct check check;

	/* Of a tree that is sound, the last bytes are of no matter. */
	if (size)
		options.arch = machines[data[size - 1] % (sizeof(machines) / sizeof(*machines))];
	tree_init(&board.tree, "fuzz");
	if (tree_read_blob(&board.tree, data, size, &error) &&
	    board_build(&board, &options, &error)) {
		check_board(&check, &board, 0);
		check_report(&check);
		check_report_json(&check);
		draw(&board);
	}
	board_free(&board);
	return 0;
}
