// SPDX-License-Identifier: GPL-2.0
/*
 * The short name that /aliases gives a region, from the tree to the event. The nodes
 * are in of_extmem.dtso; the aliases are made here, one test's after the other.
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/of.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fake_backend.h"
#include "fixture.h"

#define REGION		"/extmem-of/parts@dc400000"
#define PARTITION	REGION "/boot@100"
#define MAX_ALIASES	3

/**
 * struct alias_case - what /aliases has, and what a node is called then
 * @what: for the name of the test
 * @path: the node
 * @names: properties of /aliases
 * @values: their values
 * @cut: bytes that each value lacks at its end
 * @alias: what is expected
 */
struct alias_case {
	const char *what;
	const char *path;
	const char *names[MAX_ALIASES];
	const char *values[MAX_ALIASES];
	int cut;
	const char *alias;
};

static const struct alias_case alias_cases[] = {
	/* Catches an alias that is not seen, or one of the many others. */
	{ "none", REGION, {}, {}, 0, NULL },
	{ "one", REGION, { "extmem-test0" }, { REGION }, 0, "extmem-test0" },
	{ "among others", REGION, { "extmem-test1", "extmem-test0" },
	  { "/extmem-of/bare@dc000000", REGION }, 0, "extmem-test0" },
	{ "of another", REGION, { "extmem-test1" }, { "/extmem-of/bare@dc000000" }, 0, NULL },
	/* Catches the region's alias given to its partition, and the reverse. */
	{ "of a partition", PARTITION, { "extmem-test1", "extmem-test0" },
	  { REGION, PARTITION }, 0, "extmem-test0" },
	{ "of a child", REGION, { "extmem-test0" }, { PARTITION }, 0, NULL },
	/* Catches a comparison that ends too early, or beyond the value. */
	{ "a longer path", REGION, { "extmem-test0" }, { REGION "0" }, 0, NULL },
	{ "a shorter path", REGION, { "extmem-test0" }, { "/extmem-of/parts@dc40000" }, 0, NULL },
	{ "without its NUL", REGION, { "extmem-test0" }, { REGION }, 1, NULL },
	{ "empty", REGION, { "extmem-test0" }, { "" }, 1, NULL },
	{ "with options", REGION, { "extmem-test0" }, { REGION ":115200" }, 0, NULL },
	/* Catches a name that would lead out of /dev. */
	{ "no file's name", REGION, { "../extmem-test0" }, { REGION }, 0, NULL },
	{ "a folder's", REGION, { ".." }, { REGION }, 0, NULL },
	{ "a hidden file's", REGION, { ".extmem-test0" }, { REGION }, 0, NULL },
	/* Catches a name that a program would take for an option. */
	{ "an option's", REGION, { "-rf", "extmem-test0" }, { REGION, REGION }, 0,
	  "extmem-test0" },
	{ "the next one", REGION, { "a/b", "extmem-test0" }, { REGION, REGION }, 0,
	  "extmem-test0" },
};

static void alias_case_name(const struct alias_case *c, char *desc)
{
	strscpy(desc, c->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(alias, alias_cases, alias_case_name);

static struct device_node *find_node(struct kunit *test, const char *path)
{
	struct device_node *np = of_find_node_by_path(path);

	KUNIT_ASSERT_NOT_NULL_MSG(test, np, "no %s", path);
	of_node_put_kunit(test, np);
	return np;
}

/* The tree keeps what is taken out of it, and frees it with the node. */
static void remove_alias(void *alias)
{
	struct device_node *aliases = of_find_node_by_path("/aliases");

	of_remove_property(aliases, alias);
	of_node_put(aliases);
}

static void add_alias(struct kunit *test, const char *name, const char *value, int cut)
{
	struct device_node *aliases = find_node(test, "/aliases");
	struct property *alias = kzalloc(sizeof(*alias), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, alias);
	alias->name = kstrdup(name, GFP_KERNEL);
	alias->length = strlen(value) + 1 - cut;
	alias->value = kmemdup(value, alias->length, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, alias->name);
	KUNIT_ASSERT_NOT_NULL(test, alias->value);
	KUNIT_ASSERT_EQ(test, 0, of_add_property(aliases, alias));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, remove_alias, alias));
}

KUNIT_DEFINE_ACTION_WRAPPER(free_node, extmem_of_free, struct extmem_node *);

static const struct extmem_node *read_node(struct kunit *test, const char *path)
{
	struct extmem_node *node = kunit_kzalloc(test, sizeof(*node), GFP_KERNEL);
	struct device_node *np = find_node(test, path);
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, node);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action(test, free_node, node));
	if (!strcmp(path, PARTITION))
		ret = extmem_of_read_partition(np, node);
	else
		ret = extmem_of_read(np, false, node);
	KUNIT_ASSERT_EQ(test, 0, ret);
	return node;
}

static void alias_of_node(struct kunit *test)
{
	const struct alias_case *c = test->param_value;
	const char *alias;
	int i;

	KUNIT_ASSERT_EQ(test, 0, of_overlay_apply_kunit(test, of_extmem));
	for (i = 0; i < MAX_ALIASES && c->names[i]; i++)
		add_alias(test, c->names[i], c->values[i], c->cut);
	alias = read_node(test, c->path)->alias;
	if (c->alias)
		KUNIT_EXPECT_STREQ(test, c->alias, alias);
	else
		KUNIT_EXPECT_NULL_MSG(test, alias, "%s", alias);
}

#define SRAM_NODE(of_alias) {						\
	.path = "/sram",						\
	.name = "sram",							\
	.alias = of_alias,						\
	.adopted = true,						\
	.reg = { .present = true, .len = 8, .addr_cells = 1,		\
		 .size_cells = 1, .base = 0, .size = 0x100 },		\
}

/* Catches: an alias that is read and goes no further. */
static void alias_of_desc(struct kunit *test)
{
	static const struct extmem_node node = SRAM_NODE("sram0"), plain = SRAM_NODE(NULL);
	struct extmem_verdict verdict = {};
	struct extmem_desc desc, part;

	KUNIT_ASSERT_EQ(test, 0, extmem_parse_region(&node, &desc, &verdict));
	KUNIT_EXPECT_STREQ(test, desc.alias, "sram0");
	KUNIT_ASSERT_EQ(test, 0, extmem_parse_partition(&plain, &desc, 0x1000, &part, &verdict));
	KUNIT_EXPECT_NULL(test, part.alias);
}

static struct extmem_region *add_region(struct kunit *test, const char *alias)
{
	struct fake_backend *fake = fake_backend_new(test);
	struct extmem_desc desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE,
					    EXTMEM_WRITE_BACK);

	desc.alias = alias;
	return test_region(test, test_owner(test), &desc, &fake->backend);
}

/* Catches: a string that is the caller's, and a variable that nobody is told. */
static void alias_in_uevent(struct kunit *test)
{
	struct vfsmount *sysfs = test_mount(test, "sysfs");
	char alias[] = "sram7", text[256];

	add_region(test, alias);
	alias[0] = '?';
	KUNIT_ASSERT_GT(test, test_read(sysfs, "class/extmem/" TEST_NAME "/uevent", text,
					sizeof(text)), 0);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(text, "\nEXTMEM_ALIAS=sram7\n"), "%s", text);
}

/* Catches: a variable with no value, or with "(null)". */
static void alias_not_in_uevent(struct kunit *test)
{
	struct vfsmount *sysfs = test_mount(test, "sysfs");
	char text[256];

	add_region(test, NULL);
	KUNIT_ASSERT_GT(test, test_read(sysfs, "class/extmem/" TEST_NAME "/uevent", text,
					sizeof(text)), 0);
	KUNIT_EXPECT_NULL_MSG(test, strstr(text, "EXTMEM_ALIAS"), "%s", text);
}

/* Catches: a link that stays, since the event of the end does not name it. */
static void alias_when_region_goes(struct kunit *test)
{
	struct kobj_uevent_env *env = kunit_kzalloc(test, sizeof(*env), GFP_KERNEL);
	struct extmem_region *region = add_region(test, "sram7");
	struct device *dev = get_device(&region->dev);

	KUNIT_ASSERT_NOT_NULL(test, env);
	test_region_remove(test, region);
	KUNIT_EXPECT_EQ(test, 0, dev->type->uevent(dev, env));
	KUNIT_EXPECT_STREQ(test, env->buf, "EXTMEM_ALIAS=sram7");
	put_device(dev);
}

static struct kunit_case alias_test_cases[] = {
	KUNIT_CASE_PARAM(alias_of_node, alias_gen_params),
	KUNIT_CASE(alias_of_desc),
	KUNIT_CASE(alias_in_uevent),
	KUNIT_CASE(alias_not_in_uevent),
	KUNIT_CASE(alias_when_region_goes),
	{}
};

static struct kunit_suite alias_suite = {
	.name = "extmem_alias",
	.test_cases = alias_test_cases,
};

kunit_test_suite(alias_suite);
