// SPDX-License-Identifier: GPL-2.0
/*
 * The nth allocation, or copy from and to user memory, of this thread fails once: see the
 * header.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nth.h"
#include "stress.h"

static int fail_nth;
static unsigned int all_points, all_failures;

long or_errno(long ret)
{
	return ret < 0 ? -errno : ret;
}

void must(const char *what, long ret)
{
	if (ret < 0)
		fail("%s: %s", what, strerror(-ret));
}

void nth_start(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%ld/fail-nth", syscall(SYS_gettid));
	fail_nth = open(path, O_RDWR | O_CLOEXEC);
	if (fail_nth < 0)
		fail("%s: %s", path, strerror(errno));
	/* Else a page of our own that is missing takes the failure. */
	mlockall(MCL_CURRENT);
}

/* What is left of the last time may hit this itself, once. */
void nth_arm(unsigned int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fail_nth, text, length, 0) != length &&
	    pwrite(fail_nth, text, length, 0) != length)
		fail("fail-nth: %s", strerror(errno));
}

/* Returns: true if the failure has come. */
bool nth_disarm(void)
{
	char text[16] = "";
	ssize_t length = pread(fail_nth, text, sizeof(text) - 1, 0);

	if (length > 0 && atoi(text) == 0)
		return true;
	nth_arm(0);
	return false;
}

void nth_count(const char *what, unsigned int points, unsigned int failures)
{
	printf("%s: %u points, of which %u made it fail\n", what, points, failures);
	all_points += points;
	all_failures += failures;
}

void nth_end(void)
{
	printf("in all: %u points, of which %u made it fail\n", all_points, all_failures);
	fflush(stdout);
	_exit(0);
}
