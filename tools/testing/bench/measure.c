// SPDX-License-Identifier: GPL-2.0
/*
 * The clock, and what was measured by it. Nothing is printed before all is done.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

#define MAX_RESULTS	512
#define MAX_VALUES	32

struct result {
	char row[48];
	const char *subject;
	char failure[64];
	unsigned int count;
	double values[MAX_VALUES];
};

static struct result results[MAX_RESULTS];
static unsigned int result_count;
static const char *wanted_groups = "";

/**
 * now() - the time
 *
 * Under QEMU's instruction clock a nanosecond is an instruction.
 *
 * Return: nanoseconds since some time.
 */
int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static struct result *result_of(const char *row, const char *subject)
{
	struct result *result;
	unsigned int i;

	for (i = 0; i < result_count; i++) {
		result = &results[i];
		if (!strcmp(result->row, row) && !strcmp(result->subject, subject))
			return result;
	}
	if (result_count == MAX_RESULTS) {
		printf("bench-bug: more than %d results\n", MAX_RESULTS);
		exit(1);
	}
	result = &results[result_count++];
	snprintf(result->row, sizeof(result->row), "%s", row);
	result->subject = subject;
	return result;
}

/**
 * record() - note a value
 * @row: of the table
 * @subject: static: its name
 * @value: one of several
 */
void record(const char *row, const char *subject, double value)
{
	struct result *result = result_of(row, subject);

	if (result->count < MAX_VALUES)
		result->values[result->count++] = value;
}

/**
 * record_failure() - note why there is no value
 * @row: of the table
 * @subject: static: its name
 * @what: has failed, with errno
 */
void record_failure(const char *row, const char *subject, const char *what)
{
	struct result *result = result_of(row, subject);

	snprintf(result->failure, sizeof(result->failure), "%s: %s", what,
		 strerror(errno));
}

/**
 * set_wanted() - say what is to be measured
 * @groups: separated by commas
 */
void set_wanted(const char *groups)
{
	wanted_groups = groups;
}

/**
 * wanted() - is it to be measured?
 * @group: the first part of its rows' names
 *
 * Return: true if it is.
 */
bool wanted(const char *group)
{
	const char *at = wanted_groups;
	size_t length = strlen(group);

	while (at) {
		at += *at == ',';
		if (!strncmp(at, group, length) &&
		    (at[length] == ',' || !at[length]))
			return true;
		at = strchr(at, ',');
	}
	return false;
}

/**
 * report() - print all that was recorded, a line for each row and subject
 */
void report(void)
{
	struct result *result;
	unsigned int i;

	for (result = results; result < results + result_count; result++) {
		if (result->failure[0]) {
			printf("bench-failed\t%s\t%s\t%s\n", result->row,
			       result->subject, result->failure);
			continue;
		}
		printf("bench\t%s\t%s", result->row, result->subject);
		for (i = 0; i < result->count; i++)
			printf("\t%.10g", result->values[i]);
		printf("\n");
	}
}
