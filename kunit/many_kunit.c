// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the live driver on nodes that are made at run time: as many regions as
 * one wants, on what is RAM on this very machine, and without the backend they need.
 */
#include <kunit/test.h>

#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/string.h>

#include "fixture.h"
#include "internal.h"

#define MANY_BUS	"extmem-many"
#define MANY_BASE	0xde000000

/**
 * struct many - such a board
 * @changes: its nodes
 * @applied: they are in the tree
 * @count: how many
 * @base: address of the first; each has a page, and one between it and the next
 * @refused: the number of the one whose memory-type nobody knows, -1 for none
 */
struct many {
	struct of_changeset changes;
	bool applied;
	int count;
	u32 base;
	int refused;
};

static void many_remove(struct many *many)
{
	if (many->applied)
		of_changeset_revert(&many->changes);
	many->applied = false;
}

static void many_free(void *data)
{
	struct many *many = data;

	many_remove(many);
	of_changeset_destroy(&many->changes);
}

static int add_node(struct many *many, struct device_node *bus, int i)
{
	const u32 reg[] = { many->base + i * 2 * PAGE_SIZE, PAGE_SIZE };
	const char *type = i == many->refused ? "nothing" : "mmio";
	struct of_changeset *changes = &many->changes;
	struct device_node *np;
	char name[32];

	snprintf(name, sizeof(name), "region@%x", reg[0]);
	np = of_changeset_create_node(changes, bus, name);
	if (!np)
		return -ENOMEM;
	snprintf(name, sizeof(name), "extmem-many-%d", i);
	return of_changeset_add_prop_string(changes, np, "compatible", EXTMEM_COMPATIBLE) ?:
	       of_changeset_add_prop_string(changes, np, "memory-type", type) ?:
	       of_changeset_add_prop_string(changes, np, "label", name) ?:
	       of_changeset_add_prop_u32_array(changes, np, "reg", reg, ARRAY_SIZE(reg));
}

static int add_nodes(struct many *many)
{
	struct of_changeset *changes = &many->changes;
	struct device_node *root = of_find_node_by_path("/"), *bus;
	int i, ret;

	bus = of_changeset_create_node(changes, root, MANY_BUS);
	of_node_put(root);
	if (!bus)
		return -ENOMEM;
	ret = of_changeset_add_prop_u32(changes, bus, "#address-cells", 1) ?:
	      of_changeset_add_prop_u32(changes, bus, "#size-cells", 1) ?:
	      of_changeset_add_prop_bool(changes, bus, "ranges");
	for (i = 0; i < many->count && !ret; i++)
		ret = add_node(many, bus, i);
	return ret;
}

static struct many *one_refused(struct kunit *test, int count, u32 base, int refused)
{
	struct many *many = kunit_kzalloc(test, sizeof(*many), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, many);
	many->count = count;
	many->base = base;
	many->refused = refused;
	of_changeset_init(&many->changes);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, many_free, many));
	KUNIT_ASSERT_EQ(test, 0, add_nodes(many));
	KUNIT_ASSERT_EQ(test, 0, of_changeset_apply(&many->changes));
	many->applied = true;
	return many;
}

/* The nodes are in the tree, the regions not yet there. */
static struct many *many_nodes(struct kunit *test, int count, u32 base)
{
	return one_refused(test, count, base, -1);
}

/* The node is no bus that the kernel makes devices of by itself, so do that. */
static int populate(void)
{
	struct device_node *np = of_find_node_by_path("/" MANY_BUS);
	int ret = of_platform_populate(np, NULL, NULL, NULL);

	of_node_put(np);
	return ret;
}

static int count_many(struct device *dev, void *count)
{
	if (str_has_prefix(dev_name(dev), "extmem-many-"))
		(*(int *)count)++;
	return 0;
}

static int many_there(void)
{
	int count = 0;

	class_for_each_device(&extmem_class, NULL, &count, count_many);
	return count;
}

static const int many_counts[] = { 1, 64, TEST_SLOW ? 256 : 1024 };

static void many_name(const int *count, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%d regions", *count);
}

KUNIT_ARRAY_PARAM(many, many_counts, many_name);

/* Catches a limit on their number, and a cost of each that grows with it (to be seen). */
static void many_regions_test(struct kunit *test)
{
	const int *count = test->param_value;
	struct many *many = many_nodes(test, *count, MANY_BASE);
	u64 start, up, down;

	start = ktime_get_ns();
	KUNIT_ASSERT_EQ(test, 0, populate());
	up = div_u64(ktime_get_ns() - start, *count);
	KUNIT_EXPECT_EQ(test, *count, many_there());

	start = ktime_get_ns();
	many_remove(many);
	down = div_u64(ktime_get_ns() - start, *count);
	KUNIT_EXPECT_EQ(test, 0, many_there());
	kunit_info(test, "%d regions: %llu ns each to come up, %llu ns to go", *count, up,
		   down);
}

/* Catches memory given away that the kernel really uses. */
static void system_ram_test(struct kunit *test)
{
	phys_addr_t ram = virt_to_phys(kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL));
	u64 log_start = test_log_start();
	char line[160];

	if (region_intersects(ram, PAGE_SIZE, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) ==
	    REGION_DISJOINT)
		kunit_skip(test, "this machine does not list its RAM as a resource");
	if (ram > U32_MAX)
		kunit_skip(test, "got RAM above 4 GiB, for which the nodes have no cells");
	many_nodes(test, 1, ram);
	KUNIT_ASSERT_EQ(test, 0, populate());

	snprintf(line, sizeof(line),
		 ": /extmem-many/region@%llx: memory-type: \"mmio\" is refused for System RAM at 0x%llx-0x%llx; use \"ram\"\n",
		 (u64)ram, (u64)ram, (u64)ram + PAGE_SIZE - 1);
	KUNIT_EXPECT_EQ_MSG(test, 1, test_log_count(log_start, line), "lines with %s", line);
	KUNIT_EXPECT_EQ(test, 0, many_there());
}

/**
 * struct absent_backend - a backend that is taken away for a while
 * @backend: the backend
 * @module: its own
 * @absent: it is away
 */
struct absent_backend {
	struct extmem_backend *backend;
	struct module *module;
	bool absent;
};

static void bring_back(void *data)
{
	struct absent_backend *away = data;

	if (away->absent &&
	    __extmem_backend_register(away->backend, away->module))
		pr_err("extmem: the backend \"%s\" did not come back\n",
		       away->backend->name);
	away->absent = false;
}

static struct absent_backend *take_away(struct kunit *test, const char *name)
{
	struct absent_backend *away = kunit_kzalloc(test, sizeof(*away), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, away);
	away->backend = test_backend(test, test_owner(test), name);
	away->module = away->backend->module;
	extmem_backend_unregister(away->backend);
	away->absent = true;
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, bring_back, away));
	return away;
}

static bool come_up(int count)
{
	unsigned long end = jiffies + 5 * HZ;

	while (many_there() < count && time_before(jiffies, end))
		msleep(20);
	return many_there() == count;
}

/* Catches regions that fail for good, a line for each, and none that is retried. */
static void missing_backend_test(struct kunit *test)
{
	const char *says =
		": waiting for the backend \"ioremap\"; load the module extmem-ioremap\n";
	struct absent_backend *away = take_away(test, "ioremap");
	u64 log_start = test_log_start();

	many_nodes(test, 3, MANY_BASE);
	KUNIT_ASSERT_EQ(test, 0, populate());
	KUNIT_EXPECT_EQ(test, 0, many_there());
	KUNIT_EXPECT_EQ(test, 1, test_log_count(log_start, says));

	bring_back(away);
	KUNIT_EXPECT_TRUE(test, come_up(3));
	KUNIT_EXPECT_EQ(test, 1, test_log_count(log_start, says));
	KUNIT_EXPECT_EQ(test, 0, test_log_count(log_start, ": /" MANY_BUS));
}

/* Catches a retry of whoever has no driver, and so a refusal that is said again. */
static void refused_is_not_retried_test(struct kunit *test)
{
	const char *says = ": memory-type: \"nothing\" is not known; ";
	struct absent_backend *away = take_away(test, "ioremap");
	u64 log_start = test_log_start();

	one_refused(test, 3, MANY_BASE, 1);
	KUNIT_ASSERT_EQ(test, 0, populate());
	KUNIT_EXPECT_EQ(test, 1, test_log_count(log_start, says));

	bring_back(away);
	KUNIT_EXPECT_TRUE(test, come_up(2));
	KUNIT_EXPECT_EQ(test, 1, test_log_count(log_start, says));
}

static struct kunit_case many_test_cases[] = {
	KUNIT_CASE_PARAM(many_regions_test, many_gen_params),
	KUNIT_CASE(system_ram_test),
	KUNIT_CASE(missing_backend_test),
	KUNIT_CASE(refused_is_not_retried_test),
	{}
};

static struct kunit_suite many_suite = {
	.name = "extmem_many",
	.test_cases = many_test_cases,
};

kunit_test_suite(many_suite);
