// SPDX-License-Identifier: GPL-2.0
/*
 * The cases of kunit/rules_cases.h in user space, where the sanitizers are at hand
 * and nothing has to boot. Prints KTAP.
 */
#include <stdio.h>
#include <stdlib.h>

#include "rules_cases.h"

static unsigned int number, failed;

static bool expect_number(const char *what, int want, int got)
{
	if (want == got)
		return true;
	printf("# %s: expected %d, got %d\n", what, want, got);
	return false;
}

static bool expect_string(const char *what, const char *want, const char *got)
{
	want = want ? want : "";
	got = got ? got : "";
	if (!strcmp(want, got))
		return true;
	printf("# %s: expected \"%s\"\n# %*s      got \"%s\"\n", what, want,
	       (int)strlen(what), "", got);
	return false;
}

static bool expect_verdict(const struct outcome *got, int err, const char *message)
{
	bool good = expect_number("returned", err, got->ret);

	good &= expect_number("verdict.err", err, got->verdict.err);
	good &= expect_string("message", message, got->verdict.message);
	return good;
}

static bool expect_desc(const struct outcome *got, const char *node,
			const struct extmem_desc *desc)
{
	if (got->ret)
		return true;
	return expect_string("node", node, got->desc.node) &
	       expect_string("differs", "", desc_difference(desc, &got->desc));
}

static void report(const char *what, const char *name, bool good)
{
	number++;
	if (!good)
		failed++;
	printf("%s %u %s: %s\n", good ? "ok" : "not ok", number, what, name);
}

/* Catches: a remedy that is cut off, since a path takes its place. */
static bool expect_remedy(const struct outcome *got, const char *message)
{
	if (!message || has_same_end(got->verdict.message, message))
		return true;
	printf("# deep in a tree: expected \"%s\"\n# %*s        got \"%s\"\n", message, 6, "",
	       got->verdict.message);
	return false;
}

static void test_region(const struct region_case *c, struct outcome *got)
{
	bool good;

	judge_region(c, got);
	good = expect_verdict(got, c->err, c->message);
	good &= expect_desc(got, c->node.path, &c->desc);
	good &= expect_string("backend", c->backend, got->backend);
	judge_deep_region(c, got);
	good &= expect_remedy(got, c->message);
	report("region", c->name, good);
}

static void test_partition(const struct partition_case *c, struct outcome *got)
{
	bool good;

	judge_partition(c, got);
	good = expect_verdict(got, c->err, c->message);
	good &= expect_desc(got, c->node.path, &c->desc);
	judge_deep_partition(c, got);
	good &= expect_remedy(got, c->message);
	report("partition", c->name, good);
}

static void test_pair(const struct pair_case *c, struct outcome *got)
{
	bool good;

	judge_pair(c, got);
	good = expect_verdict(got, c->err, c->message);
	judge_deep_pair(c, got);
	good &= expect_remedy(got, c->message);
	report("pair", c->name, good);
}

static void test_pages(const struct pages_case *c, struct outcome *got)
{
	bool good = expect_number("pages", c->pages, judge_pages(c, got));

	good &= expect_number("verdict.err", c->message ? -EOPNOTSUPP : 0, got->verdict.err);
	good &= expect_string("message", c->message, got->verdict.message);
	judge_deep_pages(c, got);
	good &= expect_remedy(got, c->message);
	report("pages", c->name, good);
}

int main(void)
{
	struct outcome got;
	size_t i;

	printf("KTAP version 1\n1..%zu\n", ARRAY_SIZE(region_cases) +
	       ARRAY_SIZE(partition_cases) + ARRAY_SIZE(pair_cases) +
	       ARRAY_SIZE(pages_cases));
	for (i = 0; i < ARRAY_SIZE(region_cases); i++)
		test_region(&region_cases[i], &got);
	for (i = 0; i < ARRAY_SIZE(partition_cases); i++)
		test_partition(&partition_cases[i], &got);
	for (i = 0; i < ARRAY_SIZE(pair_cases); i++)
		test_pair(&pair_cases[i], &got);
	for (i = 0; i < ARRAY_SIZE(pages_cases); i++)
		test_pages(&pages_cases[i], &got);
	printf("# passed: %u failed: %u\n", number - failed, failed);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
