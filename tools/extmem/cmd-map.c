// SPDX-License-Identifier: GPL-2.0
/*
 * extmem map: the address space of a board, or of this machine, as a picture.
 */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "board-options.h"
#include "board-read.h"
#include "extmem.h"
#include "map.h"
#include "picture.h"

static const char help[] =
"usage: extmem map [OPTION...] BOARD\n"
"       extmem map [OPTION...] --live\n"
"\n"
"Draw an address space: memory, reservations, regions, partitions. Without -o,\n"
"for the terminal. BOARD is a .dtb, a .dts, or a folder like /proc/device-tree.\n"
"\n"
"  -o FILE           as SVG; - is standard output\n"
"  --live            of this machine: /sys/class/extmem, /proc/iomem\n"
"  --root DIR        with --live, look below DIR, to which they were copied\n"
"  --width COLUMNS   of the terminal, if not as it says itself\n"
"  --ascii           no box characters\n"
"  --arch ARCH       as of extmem check, and so the next four\n"
"  --of-id ID\n"
"  --simulate\n"
"  --page-size SIZE\n"
"  -I DIR\n"
"  -h, --help        this\n"
"\n"
"Exit code: 0 drawn, 2 wrong use, or no device tree, 3 no such file, 4 not\n"
"allowed, 5 output failed\n";

enum { OPTION_LIVE = 1, OPTION_ROOT, OPTION_WIDTH, OPTION_ASCII };

static const struct option longs[] = {
	BOARD_LONGS,
	{ "live", no_argument, NULL, OPTION_LIVE },
	{ "root", required_argument, NULL, OPTION_ROOT },
	{ "width", required_argument, NULL, OPTION_WIDTH },
	{ "ascii", no_argument, NULL, OPTION_ASCII },
	{ }
};

struct arguments {
	struct board_arguments board;
	const char *output;
	const char *root;
	unsigned int width;
	bool live;
	bool ascii;
};

static int set_width(struct arguments *arguments, const char *value)
{
	uint64_t width;

	if (!parse_size(value, &width) || width < 60 || width > 240)
		return fail(EXIT_USAGE, "--width: \"%s\" is no number from 60 to 240", value);
	arguments->width = width;
	return EXIT_GOOD;
}

/* OPTION_STOP: return *@code */
static int read_options(int argc, char **argv, struct arguments *arguments, int *code)
{
	static const struct options options = { help, BOARD_SHORTS "o:", longs };
	int option;

	*code = EXIT_GOOD;
	while (!*code && (option = next_option(argc, argv, &options, code)) >= 0) {
		if (board_option(&arguments->board, option, optarg, code))
			continue;
		if (option == 'o')
			arguments->output = optarg;
		else if (option == OPTION_ROOT)
			arguments->root = optarg;
		else if (option == OPTION_LIVE)
			arguments->live = true;
		else if (option == OPTION_ASCII)
			arguments->ascii = true;
		else if (option == OPTION_WIDTH)
			*code = set_width(arguments, optarg);
	}
	if (!*code && option == OPTION_END && arguments->root && !arguments->live)
		*code = fail(EXIT_USAGE, "--root: it goes with --live");
	return *code ? OPTION_STOP : option;
}

static unsigned int terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	return columns && atoi(columns) > 0 ? atoi(columns) : 80;
}

static bool has_box_characters(void)
{
	setlocale(LC_CTYPE, "");
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

static int show(struct picture *picture, const struct arguments *arguments)
{
	if (!picture_is_drawable(picture))
		return fail(EXIT_USAGE, "map: there are more than %d things to draw",
			    PICTURE_MOST_BOXES);
	if (arguments->output)
		return map_write(picture, arguments->output);
	picture_text(picture, stdout,
		     arguments->width ? arguments->width : terminal_width(),
		     arguments->ascii || !has_box_characters());
	return finish_output();
}

static int draw_board(const char *file, const struct arguments *arguments)
{
	struct tree_error error;
	struct picture picture;
	struct board board;
	int code;

	if (!board_load(&board, file, &arguments->board.options, &error)) {
		board_free(&board);
		if (interrupted())
			return fail(interrupt_code(), "map: %s; nothing is drawn",
				    interrupt_name());
		return fail(error.code, "map: %s", error.text);
	}
	picture_init(&picture, &board.tree.arena);
	picture_board(&picture, &board);
	code = show(&picture, arguments);
	board_free(&board);
	return code;
}

static int draw_live(const struct arguments *arguments)
{
	struct arena arena = {};
	struct picture picture;
	int code;

	picture_init(&picture, &arena);
	code = map_live(&picture, arguments->root ? arguments->root : "",
			&arguments->board.options);
	if (!code)
		code = show(&picture, arguments);
	arena_free(&arena);
	return code;
}

int cmd_map(int argc, char **argv)
{
	struct arguments arguments = {};
	int code;

	catch_interrupts();
	if (read_options(argc, argv, &arguments, &code) == OPTION_STOP)
		return code;
	if (arguments.live) {
		code = expect_arguments(argc, argv, 0, 0, "[OPTION...] --live");
		return code ? code : draw_live(&arguments);
	}
	code = expect_arguments(argc, argv, 1, 1, "[OPTION...] BOARD");
	return code ? code : draw_board(argv[optind], &arguments);
}
