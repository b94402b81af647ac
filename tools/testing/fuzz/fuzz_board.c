// SPDX-License-Identifier: GPL-2.0
/*
 * A device tree from a stranger, by libFuzzer: read, judged, advised on and drawn, as the
 * command does it. What comes of each of its regions must hold, too.
 */
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "board-read.h"
#include "check.h"
#include "fuzz.h"
#include "mutate.h"
#include "picture.h"

#define ROOM 8192			/* in a tree, for what is added */

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

static void look_at(const struct board *board, const struct board_region *region)
{
	const struct extmem_desc *desc = &region->desc;

	if (region->standing == BOARD_REFUSED) {
		expect_refused(&region->verdict, region->verdict.err, region->said.path);
	} else if (region->standing == BOARD_GOOD) {
		expect_good(&region->verdict, 0, region->said.path);
		if (region->root)
			expect_partition(desc, &region->root->desc, region->root->size);
		else
			expect_region(&region->said, desc, &board->machine.facts,
				      board_ram_in(board, desc));
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const char * const machines[] = { NULL, "arm64", "arm", "riscv64", "x86", "um" };
	struct board_options options = { .of_id = "foo" };
	const struct board_region *region;
	struct tree_error error;
	struct board board = {};
	struct check check;

	/* Of a tree that is sound, the last bytes are of no matter. */
	if (size)
		options.arch = machines[data[size - 1] % (sizeof(machines) / sizeof(*machines))];
	tree_init(&board.tree, "fuzz");
	if (tree_read_blob(&board.tree, data, size, &error) &&
	    board_build(&board, &options, &error)) {
		for (region = board.regions; region; region = region->next)
			look_at(&board, region);
		check_board(&check, &board, 0);
		check_report(&check);
		check_report_json(&check);
		draw(&board);
	}
	board_free(&board);
	return 0;
}

/* --- changes: of the tree, if it is one, and of its bytes --- */

static bool is_tree(const u8 *data, size_t size)
{
	return size >= FDT_V17_SIZE && fdt_magic(data) == FDT_MAGIC &&
	       fdt_totalsize(data) <= size && fdt_version(data) >= 17 &&
	       !fdt_check_full(data, size);
}

/* The size that it has then, or 0 if it does not fit. */
static size_t change_tree(struct mutate *m, u8 *data, size_t size, size_t max_size)
{
	u8 machine = data[size - 1];
	size_t room = size + ROOM, now = 0;
	void *fdt = malloc(room);
	int changes = 1 + mutate_below(m, 4);

	if (fdt && !fdt_open_into(data, fdt, room)) {
		while (changes--)
			mutate_tree(m, fdt, "/");
		fdt_pack(fdt);
		now = fdt_totalsize(fdt) + 1;
	}
	if (now && now <= max_size) {
		memcpy(data, fdt, now - 1);
		data[now - 1] = mutate_chance(m, 16) ? mutate_below(m, 256) : machine;
	} else {
		now = 0;
	}
	free(fdt);
	return now;
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max_size, unsigned int seed)
{
	struct mutate m = { .state = (seed + 1) * 0x9e3779b97f4a7c15ULL, .names = seed };
	size_t now = 0;

	if (!mutate_chance(&m, 4) && is_tree(data, size))
		now = change_tree(&m, data, size, max_size);
	return now ? now : LLVMFuzzerMutate(data, size, max_size);
}
