// SPDX-License-Identifier: GPL-2.0
/*
 * What the command says on stderr, and whether what it said on stdout has arrived.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "extmem.h"

static void say(const char *format, va_list arguments)
{
	/* What is on stdout comes before it, where both are one terminal. */
	fflush(stdout);
	fputs("extmem: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
}

int fail(enum exit_code code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
	return code;
}

void note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

int finish_output(void)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_GOOD;
	return fail(EXIT_FAILED, "standard output: %s; what is there is not all",
		    strerror(errno ? errno : EIO));
}
