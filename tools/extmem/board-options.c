// SPDX-License-Identifier: GPL-2.0
/*
 * The options of the verbs that read a board.
 */
#include "board-options.h"
#include "extmem.h"

static int set_page_size(struct board_options *options, const char *value)
{
	int code = parse_size_of("--page-size", value, &options->page_size);
	u64 size = options->page_size;

	if (code)
		return code;
	if (size < 4096 || size > 65536 || size & (size - 1))
		return fail(EXIT_USAGE, "--page-size: \"%s\" is no CPU's; use 4k, 16k or 64k",
			    value);
	return EXIT_GOOD;
}

static int add_include(struct board_arguments *arguments, const char *folder)
{
	if (arguments->include_count == BOARD_MAX_INCLUDES)
		return fail(EXIT_USAGE, "-I: more than %d folders are too many",
			    BOARD_MAX_INCLUDES);
	arguments->includes[arguments->include_count++] = folder;
	arguments->options.includes = arguments->includes;
	return EXIT_GOOD;
}

bool board_option(struct board_arguments *arguments, int option, const char *value, int *code)
{
	*code = EXIT_GOOD;
	switch (option) {
	case 'A':
		arguments->options.arch = value;
		return true;
	case 'O':
		arguments->options.of_id = value;
		return true;
	case 'P':
		*code = set_page_size(&arguments->options, value);
		return true;
	case 'S':
		arguments->options.simulate = true;
		return true;
	case 'I':
		*code = add_include(arguments, value);
		return true;
	default:
		return false;
	}
}
