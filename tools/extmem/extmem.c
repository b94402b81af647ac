// SPDX-License-Identifier: GPL-2.0
/*
 * extmem: see, use, check and picture the memory of a board that is not System RAM.
 * This file finds the verb.
 */
#include <string.h>

#include "extmem.h"

struct verb {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
};

static const struct verb verbs[] = {
	{ "list", "show the regions and their partitions", cmd_list },
	{ "info", "show all facts of a region", cmd_info },
	{ "read", "print what is in a region", cmd_read },
	{ "write", "write bytes", cmd_write },
	{ "fill", "write the same number all over", cmd_fill },
	{ "dump", "save a region in a file", cmd_dump },
	{ "load", "write a file into a region", cmd_load },
	{ "cmp", "compare a region with a file", cmd_cmp },
	{ "peek", "read single numbers", cmd_peek },
	{ "poke", "write single numbers", cmd_poke },
	{ "test", "find bad cells; destroys what is in the region", cmd_test },
	{ "bench", "measure how fast a region is", cmd_bench },
	{ "irq", "wait for an interrupt of a region", cmd_irq },
	{ "alloc", "take a buffer from a pool", cmd_alloc },
	{ "check", "find mistakes in a device tree before it is booted", cmd_check },
	{ "map", "draw the address space of a board", cmd_map },
};

static void show_usage(void)
{
	const struct verb *verb;

	puts("usage: extmem VERB [OPTION...] [ARGUMENT...]\n"
	     "\n"
	     "See, use, check and picture memory that is not System RAM.\n");
	for (verb = verbs; verb < verbs + ARRAY_SIZE(verbs); verb++)
		printf("  %-8s %s\n", verb->name, verb->summary);
	puts("\n'extmem VERB --help' and 'man extmem-VERB' tell more.");
}

int main(int argc, char **argv)
{
	const struct verb *verb;

	if (argc < 2)
		return fail(EXIT_USAGE, "say what to do; see extmem --help");
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
		show_usage();
		return finish_output();
	}
	if (!strcmp(argv[1], "--version")) {
		puts("extmem " VERSION);
		return finish_output();
	}
	for (verb = verbs; verb < verbs + ARRAY_SIZE(verbs); verb++)
		if (!strcmp(argv[1], verb->name))
			return verb->run(argc - 1, argv + 1);
	return fail(EXIT_USAGE, "there is no verb \"%s\"; see extmem --help", argv[1]);
}
