// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of parse.c and rules.c: the cases are in rules_cases.h.
 */
#include <kunit/test.h>

#include "rules_cases.h"

/* An outcome is large for a stack. */
static struct outcome *alloc_outcome(struct kunit *test)
{
	struct outcome *got = kunit_kzalloc(test, sizeof(*got), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, got);
	return got;
}

static void expect_outcome(struct kunit *test, const struct outcome *got, int err,
			   const char *message, const char *node,
			   const struct extmem_desc *desc)
{
	KUNIT_EXPECT_EQ(test, err, got->ret);
	KUNIT_EXPECT_EQ(test, err, got->verdict.err);
	KUNIT_EXPECT_STREQ(test, message ?: "", got->verdict.message);
	if (message || got->ret)
		return;
	KUNIT_EXPECT_PTR_EQ(test, node, got->desc.node);
	KUNIT_EXPECT_STREQ(test, "", desc_difference(desc, &got->desc));
}

KUNIT_ARRAY_PARAM_DESC(region, region_cases, name);

static void rules_region_test(struct kunit *test)
{
	const struct region_case *c = test->param_value;
	struct outcome *got = alloc_outcome(test);

	judge_region(c, got);
	expect_outcome(test, got, c->err, c->message, c->node.path, &c->desc);
	KUNIT_EXPECT_STREQ(test, c->backend ?: "none", got->backend ?: "none");
}

/* Catches: a remedy that is cut off, since a path takes its place. */
static void expect_remedy(struct kunit *test, const struct outcome *got, const char *message)
{
	if (message)
		KUNIT_EXPECT_TRUE_MSG(test, has_same_end(got->verdict.message, message), "%s",
				      got->verdict.message);
}

static void rules_deep_region_test(struct kunit *test)
{
	const struct region_case *c = test->param_value;
	struct outcome *got = alloc_outcome(test);

	judge_deep_region(c, got);
	KUNIT_EXPECT_EQ(test, c->err, got->ret);
	expect_remedy(test, got, c->message);
}

KUNIT_ARRAY_PARAM_DESC(partition, partition_cases, name);

static void rules_partition_test(struct kunit *test)
{
	const struct partition_case *c = test->param_value;
	struct outcome *got = alloc_outcome(test);

	judge_partition(c, got);
	expect_outcome(test, got, c->err, c->message, c->node.path, &c->desc);
}

static void rules_deep_partition_test(struct kunit *test)
{
	const struct partition_case *c = test->param_value;
	struct outcome *got = alloc_outcome(test);

	judge_deep_partition(c, got);
	expect_remedy(test, got, c->message);
}

KUNIT_ARRAY_PARAM_DESC(pair, pair_cases, name);

static void rules_pair_test(struct kunit *test)
{
	const struct pair_case *c = test->param_value;
	struct outcome *got = alloc_outcome(test);

	judge_pair(c, got);
	KUNIT_EXPECT_EQ(test, c->err, got->ret);
	KUNIT_EXPECT_EQ(test, c->err, got->verdict.err);
	KUNIT_EXPECT_STREQ(test, c->message ?: "", got->verdict.message);
}

static void rules_deep_pair_test(struct kunit *test)
{
	const struct pair_case *c = test->param_value;
	struct outcome *got = alloc_outcome(test);

	judge_deep_pair(c, got);
	expect_remedy(test, got, c->message);
}

KUNIT_ARRAY_PARAM_DESC(pages, pages_cases, name);

static void rules_pages_test(struct kunit *test)
{
	const struct pages_case *c = test->param_value;
	struct outcome *got = alloc_outcome(test);

	KUNIT_EXPECT_EQ(test, c->pages, judge_pages(c, got));
	KUNIT_EXPECT_EQ(test, c->message ? -EOPNOTSUPP : 0, got->verdict.err);
	KUNIT_EXPECT_STREQ(test, c->message ?: "", got->verdict.message);
}

static void rules_deep_pages_test(struct kunit *test)
{
	const struct pages_case *c = test->param_value;
	struct outcome *got = alloc_outcome(test);

	judge_deep_pages(c, got);
	expect_remedy(test, got, c->message);
}

static struct kunit_case rules_test_cases[] = {
	KUNIT_CASE_PARAM(rules_region_test, region_gen_params),
	KUNIT_CASE_PARAM(rules_deep_region_test, region_gen_params),
	KUNIT_CASE_PARAM(rules_partition_test, partition_gen_params),
	KUNIT_CASE_PARAM(rules_deep_partition_test, partition_gen_params),
	KUNIT_CASE_PARAM(rules_pair_test, pair_gen_params),
	KUNIT_CASE_PARAM(rules_deep_pair_test, pair_gen_params),
	KUNIT_CASE_PARAM(rules_pages_test, pages_gen_params),
	KUNIT_CASE_PARAM(rules_deep_pages_test, pages_gen_params),
	{}
};

static struct kunit_suite rules_suite = {
	.name = "extmem_rules",
	.test_cases = rules_test_cases,
};

kunit_test_suite(rules_suite);
