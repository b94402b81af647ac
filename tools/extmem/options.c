// SPDX-License-Identifier: GPL-2.0
/*
 * The command line of a verb.
 */
#include <string.h>

#include "extmem.h"

#define MAX_OPTIONS 24

static int no_such_option(char **argv, int got)
{
	const char *word = argv[optind - 1];

	if (got == ':')
		return fail(EXIT_USAGE, "%s: %s needs a value; see extmem %s --help",
			    argv[0], word, argv[0]);
	/* optopt is 0 for a long one; of several short ones in a word it says which. */
	if (optopt && strncmp(word, "--", 2))
		return fail(EXIT_USAGE, "%s: there is no option -%c; see extmem %s --help",
			    argv[0], optopt, argv[0]);
	return fail(EXIT_USAGE, "%s: there is no option %s; see extmem %s --help", argv[0], word,
		    argv[0]);
}

int next_option(int argc, char **argv, const struct options *options, int *code)
{
	struct option longs[MAX_OPTIONS + 2] = {};
	char shorts[64];
	int count = 0, got;

	while (options->longs && options->longs[count].name && count < MAX_OPTIONS) {
		longs[count] = options->longs[count];
		count++;
	}
	longs[count] = (struct option) { "help", no_argument, NULL, 'h' };
	/* A leading colon tells an option without its value from one that is not known; a
	 * plus before it leaves what follows the first argument alone.
	 */
	snprintf(shorts, sizeof(shorts), "%s:h%s", *options->shorts == '+' ? "+" : "",
		 options->shorts + (*options->shorts == '+'));
	opterr = 0;
	got = getopt_long(argc, argv, shorts, longs, NULL);
	switch (got) {
	case -1:
		return OPTION_END;
	case 'h':
		fputs(options->help, stdout);
		*code = finish_output();
		return OPTION_STOP;
	case '?':
	case ':':
		*code = no_such_option(argv, got);
		return OPTION_STOP;
	default:
		return got;
	}
}

int expect_arguments(int argc, char **argv, int least, int most, const char *synopsis)
{
	int count = argc - optind;

	if (count >= least && count <= most)
		return EXIT_GOOD;
	if (count < least)
		return fail(EXIT_USAGE, "%s: an argument is missing: extmem %s %s",
			    argv[0], argv[0], synopsis);
	return fail(EXIT_USAGE, "%s: \"%s\" is too much: extmem %s %s", argv[0],
		    argv[optind + most], argv[0], synopsis);
}
