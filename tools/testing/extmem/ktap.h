/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Results of a program's tests, as KTAP.
 */
#ifndef EXTMEM_TEST_KTAP_H
#define EXTMEM_TEST_KTAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ARRAY_SIZE(x) (sizeof(x) / sizeof((x)[0]))

static unsigned int ktap_count, ktap_failed;

static inline bool ktap(bool good, const char *name)
{
	ktap_count++;
	if (!good)
		ktap_failed++;
	printf("%sok %u %s\n", good ? "" : "not ", ktap_count, name);
	fflush(stdout);
	return good;
}

static inline bool ktap_number(long long wanted, long long found, const char *name)
{
	if (wanted != found)
		printf("# %s: expected %lld, found %lld\n", name, wanted, found);
	return ktap(wanted == found, name);
}

/* @part is in @text. */
static inline bool ktap_has(const char *text, const char *part, const char *name)
{
	bool good = text && strstr(text, part);

	if (!good)
		printf("# %s: \"%s\" is not in \"%s\"\n", name, part, text ? text : "(null)");
	return ktap(good, name);
}

static inline bool ktap_same(const char *wanted, const char *found, const char *name)
{
	bool good = found && !strcmp(wanted, found);

	if (!good)
		printf("# %s: expected \"%s\", found \"%s\"\n", name, wanted,
		       found ? found : "(null)");
	return ktap(good, name);
}

/* The plan comes last; the exit status. */
static inline int ktap_end(void)
{
	printf("1..%u\n", ktap_count);
	return ktap_failed ? 1 : 0;
}

#endif /* EXTMEM_TEST_KTAP_H */
