// SPDX-License-Identifier: GPL-2.0
/*
 * extmem check: what the kernel will say of a board's device tree, before it is booted.
 */
#include <signal.h>
#include <string.h>

#include "board-options.h"
#include "check.h"
#include "extmem.h"

static const char help[] =
"usage: extmem check [OPTION...] BOARD\n"
"\n"
"Judge a board's device tree by the kernel's own rules, before it is booted.\n"
"BOARD is a .dtb, a .dts (dtc is run), or a folder such as /proc/device-tree.\n"
"\n"
"  --arch ARCH       arm64, arm, riscv64, x86, um, other: what the CPU can map;\n"
"                    without it, the tree's CPUs say\n"
"  --of-id ID        adopt nodes compatible to ID, as the kernel's extmem.of_id\n"
"  --simulate        as the kernel's extmem.simulate\n"
"  --page-size SIZE  of the kernel, if not 4k\n"
"  -I DIR            where a .dts includes from; can be given again\n"
"  --allow KIND      not this advice; can be given again\n"
"  --strict          advice fails, too\n"
"  --json            for machines: schema/check.json\n"
"  -h, --help        this\n"
"\n"
"KIND: huge-pages slow-policy no-map memory-hole memory-overlap shared-address\n"
"      no-device pool-alignment reserved-memory machine\n"
"\n"
"Exit code: 0 nothing to say, 1 errors (or --strict and advice), 2 wrong use, or\n"
"no device tree, 3 no such file, 4 not allowed, 5 output failed\n";

enum { OPTION_ALLOW = 1, OPTION_STRICT, OPTION_JSON };

static const struct option longs[] = {
	BOARD_LONGS,
	{ "allow", required_argument, NULL, OPTION_ALLOW },
	{ "strict", no_argument, NULL, OPTION_STRICT },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ }
};

struct arguments {
	struct board_arguments board;
	unsigned int allowed;
	bool strict;
	bool json;
};

static int allow_kind(struct arguments *arguments, const char *name)
{
	int kind;

	for (kind = CHECK_ERROR + 1; kind < CHECK_KINDS; kind++)
		if (!strcmp(name, check_kind_name(kind))) {
			arguments->allowed |= 1U << kind;
			return EXIT_GOOD;
		}
	return fail(EXIT_USAGE, "--allow: there is no advice \"%s\"; see extmem check --help",
		    name);
}

/* OPTION_END when all are read. */
static int read_options(int argc, char **argv, struct arguments *arguments, int *code)
{
	static const struct options options = { help, BOARD_SHORTS, longs };
	int option;

	*code = EXIT_GOOD;
	while (!*code && (option = next_option(argc, argv, &options, code)) >= 0) {
		if (board_option(&arguments->board, option, optarg, code))
			continue;
		if (option == OPTION_ALLOW)
			*code = allow_kind(arguments, optarg);
		else if (option == OPTION_STRICT)
			arguments->strict = true;
		else if (option == OPTION_JSON)
			arguments->json = true;
	}
	return *code ? OPTION_STOP : option;
}

static int check_file(const char *file, const struct arguments *arguments)
{
	struct tree_error error;
	struct check check;
	struct board board;
	int code;

	if (!board_load(&board, file, &arguments->board.options, &error)) {
		board_free(&board);
		return fail(error.code, "check: %s", error.text);
	}
	check_board(&check, &board, arguments->allowed);
	code = arguments->json ? check_report_json(&check) : check_report(&check);
	board_free(&board);
	if (code)
		return code;
	return check.errors || (arguments->strict && check.advice) ? EXIT_FOUND : EXIT_GOOD;
}

int cmd_check(int argc, char **argv)
{
	struct arguments arguments = {};
	int code;

	/* A pipe that is closed is an error like others, with a line of its own. */
	signal(SIGPIPE, SIG_IGN);
	if (read_options(argc, argv, &arguments, &code) == OPTION_STOP)
		return code;
	code = expect_arguments(argc, argv, 1, 1, "[OPTION...] BOARD");
	return code ? code : check_file(argv[optind], &arguments);
}
