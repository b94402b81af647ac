// SPDX-License-Identifier: GPL-2.0
/*
 * Sizes as people write and read them.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "extmem.h"

static bool parse_unit(const char *text, unsigned int *shift)
{
	static const char units[] = "kmgt";
	const char *unit;

	*shift = 0;
	if (!*text)
		return true;
	unit = strchr(units, tolower((unsigned char)*text));
	if (!unit)
		return false;
	*shift = 10 * (unit - units + 1);
	text++;
	return !*text || !strcmp(text, "B") || !strcmp(text, "iB");
}

bool parse_size(const char *text, uint64_t *value)
{
	unsigned long long number;
	unsigned int shift;
	char *end;
	int base = !strncasecmp(text, "0x", 2) ? 16 : 10;

	/* Not what strtoull() takes, too: blanks, signs, and 0x alone. */
	if (!isxdigit((unsigned char)text[base == 16 ? 2 : 0]))
		return false;
	errno = 0;
	number = strtoull(text, &end, base);
	if (errno || end == text || !parse_unit(end, &shift))
		return false;
	if (shift && number > UINT64_MAX >> shift)
		return false;
	*value = (uint64_t)number << shift;
	return true;
}

int parse_size_of(const char *what, const char *text, uint64_t *value)
{
	if (parse_size(text, value))
		return EXIT_GOOD;
	return fail(EXIT_USAGE,
		    "%s: \"%s\" is no size of 64 bits; write 4096, 0x1000, 4k, 2M or 1G",
		    what, text);
}

const char *size_text(uint64_t bytes, char *buffer)
{
	static const char * const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned int unit = 0;
	uint64_t whole = bytes, rest = 0;

	while (whole >= 1024 && unit + 1 < ARRAY_SIZE(units)) {
		rest = whole % 1024;
		whole /= 1024;
		unit++;
	}
	if (rest)
		snprintf(buffer, SIZE_TEXT, "%" PRIu64 ".%" PRIu64 " %s", whole,
			 rest * 10 / 1024, units[unit]);
	else
		snprintf(buffer, SIZE_TEXT, "%" PRIu64 " %s", whole, units[unit]);
	return buffer;
}

const char *size_exact(uint64_t bytes, char *buffer)
{
	static const char units[] = "\0kMGT";
	unsigned int unit = 0;

	while (bytes && !(bytes % 1024) && unit < 4) {
		bytes /= 1024;
		unit++;
	}
	snprintf(buffer, SIZE_TEXT, "%" PRIu64 "%.1s", bytes, &units[unit]);
	return buffer;
}

int parse_width_of(const char *what, const char *text, unsigned int *width)
{
	uint64_t number;

	if (!parse_size(text, &number) || number > 8 || number & (number - 1) || !number)
		return fail(EXIT_USAGE, "%s: \"%s\" is no width: write 1, 2, 4 or 8", what, text);
	*width = number;
	return EXIT_GOOD;
}
