// SPDX-License-Identifier: GPL-2.0
/*
 * Colours of a terminal, where they are wanted.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "extmem.h"

bool colours_wanted(FILE *stream)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	/* https://no-color.org: when present and not an empty string */
	if (no && *no)
		return false;
	return term && strcmp(term, "dumb") && isatty(fileno(stream));
}

const char *colour(FILE *stream, enum colour which)
{
	static const char * const escapes[COLOUR_COUNT] = {
		[COLOUR_NONE] = "\033[0m",
		[COLOUR_BOLD] = "\033[1m",
		[COLOUR_DIM] = "\033[2m",
		[COLOUR_RED] = "\033[31m",
		[COLOUR_GREEN] = "\033[32m",
		[COLOUR_YELLOW] = "\033[33m",
		[COLOUR_BLUE] = "\033[34m",
		[COLOUR_MAGENTA] = "\033[35m",
		[COLOUR_CYAN] = "\033[36m",
	};

	return colours_wanted(stream) ? escapes[which] : "";
}
