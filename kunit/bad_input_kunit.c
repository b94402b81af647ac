// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of wrong device trees on the live driver: each mistake costs one line in
 * the log and the one region, and nobody else notices. The nodes are in bad_extmem.dtso.
 *
 * What needs a reservation that was made at boot is tested in guests.
 */
#include <kunit/of.h>
#include <kunit/resource.h>
#include <kunit/test.h>

#include <linux/ioport.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include "fixture.h"
#include "internal.h"

#define BAD	"/extmem-bad/"
#define PARTS	"/extmem-bad/parts@dd300000/"
#define WORDS	"/extmem-bad/words@dd330000/"

#define TYPES	"\"mmio\", \"ram\", \"rom\", \"nvram\" or \"cma\""

/**
 * struct bad_case - a mistake
 * @node: the node that has it
 * @says: what the log says, after the name of the node
 * @needs: the policies without which this machine says something else
 * @lacks: and those with which it does
 * @posted: so it does where there is a non-posted mapping
 * @narrow: and on a CPU of 64 bits
 */
struct bad_case {
	const char *node;
	const char *says;
	unsigned int needs;
	unsigned int lacks;
	bool posted;
	bool narrow;
};

/*
 * Each catches that its mistake is let through, that the line does not name the node,
 * the property, the value and the remedy, or that it is said twice.
 */
static const struct bad_case bad_cases[] = {
	{
		.node = BAD "type-missing@dd100000",
		.says = "memory-type: missing; say what the memory is: " TYPES,
	}, {
		.node = BAD "type-unknown@dd110000",
		.says = "memory-type: \"sram\" is not known; use " TYPES,
	}, {
		.node = BAD "type-number@dd120000",
		.says = "memory-type: 4 bytes that are not a string; use " TYPES,
	}, {
		.node = BAD "type-list@dd130000",
		.says = "memory-type: \"ram\", \"rom\" is a list; use " TYPES,
	}, {
		.node = BAD "policy-unknown@dd140000",
		.says =
			"cache-policy: \"cached\" is not known; use \"uncached\", \"write-combine\", \"write-through\" or \"write-back\"",
	}, {
		.node = BAD "policy-refused@dd150000",
		.says =
			"cache-policy: \"write-combine\" is refused for memory-type \"mmio\"; use \"uncached\"",
	}, {
		.node = BAD "no-write-through@dd160000",
		.needs = BIT(EXTMEM_WRITE_COMBINE), .lacks = BIT(EXTMEM_WRITE_THROUGH),
		.says =
			"cache-policy: \"write-through\" has no mapping on this machine; the nearest that it has is \"write-combine\"",
	}, {
		.node = BAD "no-write-through@dd160000",
		.lacks = BIT(EXTMEM_WRITE_THROUGH) | BIT(EXTMEM_WRITE_COMBINE),
		.says =
			"cache-policy: \"write-through\" has no mapping on this machine; the nearest that it has is \"uncached\"",
	}, {
		.node = BAD "no-nonposted@dd170000", .posted = true,
		.says =
			"nonposted-mmio: this machine has no non-posted mapping; remove it, from the bus too",
	}, {
		.node = BAD "two-places@dd180000",
		.says = "reg: set together with memory-region; keep one of them",
	}, {
		.node = BAD "no-place",
		.says = "reg: missing, and memory-region too; give one of them",
	}, {
		.node = BAD "zero-size@dd190000",
		.says = "reg: the size is 0; give the bytes of the memory",
	}, {
		.node = BAD "wraps@dd1a0000",
		.says = "reg: 0xdd1a0000 + 0xffffffffffffffff wraps; make the size smaller",
	}, {
		.node = BAD "short-reg@dd1b0000",
		.says =
			"reg: 12 bytes do not fit the parent's #address-cells 2 and #size-cells 2; give one address and one size",
	}, {
		.node = BAD "countless-bus/countless",
		.says =
			"reg: 8 bytes do not fit the parent's #address-cells -1 and #size-cells 1; give one address and one size",
	}, {
		.node = BAD "two-ranges@dd1c0000",
		.says = "reg: 2 ranges; a region has one, make a node for each",
	}, {
		.node = BAD "external-bus/no-chip-select@100000000",
		.says = "reg: 0x100000000 is in no ranges of the buses above; add it to theirs",
	}, {
		.node = BAD "overlap@dd008000",
		.says =
			"reg: 0xdd008000-0xdd017fff overlaps /extmem-good/whole@dd000000 (0xdd000000-0xdd00ffff); move one of them",
	}, {
		.node = BAD "shared-page@dd010400", .needs = BIT(EXTMEM_WRITE_COMBINE),
		.says =
			"cache-policy: \"write-combine\" differs from \"uncached\" of /extmem-good/same-page@dd010200, which shares a page with it; use one policy for both, or move one",
	}, {
		.node = BAD "system-ram@dd800000",
		.says =
			"reg: 0xdd800000-0xdd800fff is System RAM; reserve it under /reserved-memory and use memory-region",
	}, {
		.node = BAD "system-ram-in-part@dd80f000",
		.says =
			"reg: 0xdd80f000-0xdd810fff is System RAM in part; reserve it under /reserved-memory and use memory-region",
	}, {
		.node = BAD "mmio-on-system-ram@dd804000",
		.says =
			"memory-type: \"mmio\" is refused for System RAM at 0xdd804000-0xdd804fff; use \"ram\"",
	}, {
		.node = BAD "to-nowhere",
		.says =
			"memory-region: phandle 0x7ffffff1 leads nowhere; point it to a child of /reserved-memory",
	}, {
		.node = BAD "to-elsewhere",
		.says =
			"memory-region: /extmem-good/elsewhere is not reserved; point it to a child of /reserved-memory",
	}, {
		.node = BAD "to-disabled",
		.says =
			"memory-region: /reserved-memory/extmem-bad-disabled@dd500000 is disabled; set its status to \"okay\"",
	}, {
		.node = BAD "to-late",
		.says =
			"memory-region: /reserved-memory/extmem-bad-late@dd400000 was not reserved at boot; see the boot log, and give it a range that is free",
	}, {
		.node = BAD "to-two",
		.says = "memory-region: 2 phandles; a region has one, make a node for each",
	}, {
		.node = BAD "label-taken@dd200000",
		.says =
			"label: \"extmem-good-whole\" is the name of /extmem-good/whole@dd000000 already; give one of them another label",
	}, {
		.node = BAD "label-empty@dd210000",
		.says = "label: \"\" is empty; give a name or remove it",
	}, {
		.node = BAD "label-long@dd220000",
		.says = "label: \"a-name-that-is-b...\" has 64 characters; use at most 63",
	}, {
		.node = BAD "label-dots@dd230000",
		.says = "label: \"..\" begins with '.'; begin with a letter or a digit",
	}, {
		.node = BAD "label-slash@dd240000",
		.says = "label: \"a/b\" has a '/'; use letters, digits, '.', '_' and '-'",
	}, {
		.node = BAD "label-bang@dd250000",
		.says = "label: \"a!b\" has a '!'; use letters, digits, '.', '_' and '-'",
	}, {
		.node = BAD "io-width@dd260000",
		.says = "reg-io-width: 3 is not a width; use 1, 2, 4 or 8",
	}, {
		.node = BAD "io-width-odd-size@dd268000",
		.says =
			"reg-io-width: 4 does not divide both the address 0xdd268000 and the size 0x1002; use 2, or make both multiples of it",
	}, {
		.node = BAD "io-width-8@dd26c000", .narrow = true,
		.says =
			"reg-io-width: 8 bytes at once are more than this CPU can access; use 4 if the memory takes that, too",
	}, {
		.node = BAD "two-orders@dd270000",
		.says = "big-endian: set together with little-endian; keep one of them",
	}, {
		.node = BAD "buffer-of-ram@dd280000",
		.says =
			"buffer-size: set on memory-type \"ram\"; remove it, only \"cma\" has a buffer",
	}, {
		.node = BAD "cma-without-pool@dd290000",
		.says =
			"memory-type: \"cma\" needs a pool; point memory-region to a shared-dma-pool",
	}, {
		.node = PARTS "overlap@fff",
		.says =
			"reg: offset 0xfff size 0x1000 overlaps /extmem-bad/parts@dd300000/first@0 (offset 0x0 size 0x1000); move one of them",
	}, {
		.node = PARTS "outside@10000",
		.says =
			"reg: offset 0x10000 size 0x100 lies outside the region (0x10000); make it fit",
	}, {
		.node = PARTS "over-the-end@f000",
		.says =
			"reg: offset 0xf000 size 0x1001 lies outside the region (0x10000); make it fit",
	}, {
		.node = PARTS "zero-size@8000",
		.says = "reg: the size is 0; give the bytes of the memory",
	}, {
		.node = PARTS "short-reg@9000",
		.says =
			"reg: 4 bytes do not fit the parent's #address-cells 1 and #size-cells 1; give one address and one size",
	}, {
		.node = PARTS "nested@a000",
		.says =
			"reg: a partition with partitions; make them children of /extmem-bad/parts@dd300000",
	}, {
		.node = PARTS "label-taken@b000",
		.says =
			"label: \"extmem-good-parts.first\" is the name of /extmem-bad/parts@dd300000/first@0 already; give one of them another label",
	}, {
		.node = WORDS "odd@101",
		.says =
			"reg: offset 0x101 size 0x100 are not both multiples of 2, the reg-io-width of /extmem-bad/words@dd330000; move or resize it",
	},
};

static const char * const good_names[] = {
	"extmem-good-whole",
	"extmem-good-half-page",
	"extmem-good-same-page",
	"extmem-good-chip-select",
	"extmem-good-parts",
	"extmem-good-parts.first",
	"extmem-good-parts.last",
	"extmem-good-words",
	"extmem-good-words.even",
	"extmem-good-neighbour",
};

/* Of this suite: the board with all the mistakes, there while the cases run. */
static struct {
	struct kunit holder;	/* has the overlay, and whatever else is to go */
	bool there;
	u64 log_start;
	int said[ARRAY_SIZE(bad_cases)];
	int said_in_all;
} bad_board;

/* System RAM where there is none, so that all machines have some in the same place. */
static struct resource fake_ram = DEFINE_RES_NAMED(0xdd800000, 0x10000, "System RAM",
						   IORESOURCE_SYSTEM_RAM);

static bool applies(const struct bad_case *c)
{
	unsigned int policies = extmem_attr_policies();

	return (policies & c->needs) == c->needs && !(policies & c->lacks) &&
	       !(c->posted && extmem_attr_nonposted()) &&
	       !(c->narrow && IS_ENABLED(CONFIG_64BIT));
}

/* A whole line: the driver and the device before it, and nothing after it. */
static int count_said(u64 start, const char *node, const char *says)
{
	char *line = kasprintf(GFP_KERNEL, ": %s: %s\n", node, says);
	int count = line ? test_log_count(start, line) : -ENOMEM;

	kfree(line);
	return count;
}

/* The node is no bus that the kernel makes devices of by itself, so do that. */
static int populate(const char *path)
{
	static const struct of_device_id buses[] = { { .compatible = "simple-bus" }, {} };
	struct device_node *np = of_find_node_by_path(path);
	int ret;

	if (!np)
		return -ENOENT;
	ret = of_platform_populate(np, buses, NULL, NULL);
	of_node_put(np);
	return ret;
}

KUNIT_DEFINE_ACTION_WRAPPER(remove_resource_action, remove_resource, struct resource *);

static int build_bad_board(struct kunit *holder)
{
	int ret;

	ret = insert_resource(&iomem_resource, &fake_ram);
	if (!ret)
		ret = kunit_add_action_or_reset(holder, remove_resource_action, &fake_ram);
	if (!ret)
		ret = of_overlay_apply_kunit(holder, bad_extmem);
	if (!ret)
		ret = populate("/extmem-good");
	if (!ret)
		ret = populate("/extmem-bad");
	return ret;
}

static int bad_input_suite_init(struct kunit_suite *suite)
{
	int i, ret;

	kunit_init_test(&bad_board.holder, "bad board", NULL);
	bad_board.there = true;
	bad_board.log_start = test_log_start();
	ret = build_bad_board(&bad_board.holder);
	if (ret)
		return ret;
	/* The cases write to the log too, so read it now. */
	for (i = 0; i < ARRAY_SIZE(bad_cases); i++)
		bad_board.said[i] = count_said(bad_board.log_start, bad_cases[i].node,
					       bad_cases[i].says);
	bad_board.said_in_all = test_log_count(bad_board.log_start, ": /extmem-");
	return 0;
}

static void tear_down(void)
{
	if (bad_board.there)
		kunit_cleanup(&bad_board.holder);
	bad_board.there = false;
}

static void bad_input_suite_exit(struct kunit_suite *suite)
{
	tear_down();
}

static int comes_of_node(struct device *dev, const void *path)
{
	return !strcmp(to_extmem_region(dev)->desc.node, path);
}

static bool region_of_node(const char *path)
{
	struct device *dev = class_find_device(&extmem_class, NULL, path, comes_of_node);

	put_device(dev);
	return dev;
}

static bool is_bound(struct kunit *test, const char *path)
{
	struct device_node *np = of_find_node_by_path(path);
	struct platform_device *pdev;
	bool bound;

	KUNIT_ASSERT_NOT_NULL_MSG(test, np, "no %s", path);
	pdev = of_find_device_by_node(np);
	of_node_put(np);
	KUNIT_ASSERT_NOT_NULL_MSG(test, pdev, "no device for %s", path);
	bound = device_is_bound(&pdev->dev);
	put_device(&pdev->dev);
	return bound;
}

static void bad_case_name(const struct bad_case *c, char *desc)
{
	const char *name = c->node + strlen(BAD);

	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s%s", name,
		 c->lacks & BIT(EXTMEM_WRITE_COMBINE) ? ", nor write-combine" : "");
}

KUNIT_ARRAY_PARAM(bad, bad_cases, bad_case_name);

static void bad_input_refused_test(struct kunit *test)
{
	const struct bad_case *c = test->param_value;

	if (!applies(c))
		kunit_skip(test, "not with the mappings and accesses that this machine has");
	KUNIT_EXPECT_EQ_MSG(test, 1, bad_board.said[c - bad_cases],
			    "lines that end in \": %s: %s\"", c->node, c->says);
	KUNIT_EXPECT_FALSE(test, region_of_node(c->node));
	if (!str_has_prefix(c->node, PARTS) && !str_has_prefix(c->node, WORDS))
		KUNIT_EXPECT_FALSE(test, is_bound(test, c->node));
}

static void good_name(const char * const *name, char *desc)
{
	strscpy(desc, *name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(good, good_names, good_name);

/* Catches a mistake that somebody else pays for. */
static void bad_input_neighbours_test(struct kunit *test)
{
	const char * const *name = test->param_value;

	KUNIT_EXPECT_TRUE(test, test_region_is_there(*name));
}

/* Catches a node that is taken though its status says otherwise, or for a partition. */
static void bad_input_disabled_test(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, test_region_is_there("extmem-good-disabled"));
	KUNIT_EXPECT_FALSE(test, test_region_is_there("extmem-good-parts.disabled"));
	KUNIT_EXPECT_FALSE(test, test_region_is_there("extmem-good-parts.no-window"));
}

/* Catches a second line for a mistake, and a line for what is none. */
static void bad_input_nothing_else_test(struct kunit *test)
{
	int i, expected = 0;

	for (i = 0; i < ARRAY_SIZE(bad_cases); i++)
		expected += applies(&bad_cases[i]);
	/* It shares its page, or it is write-combined, which this machine has not. */
	if (!(extmem_attr_policies() & BIT(EXTMEM_WRITE_COMBINE)))
		expected++;
	KUNIT_EXPECT_EQ(test, expected, bad_board.said_in_all);
}

/* Catches what stays when the board goes: a region, a claim, or the overlay's nodes. */
static void bad_input_removed_test(struct kunit *test)
{
	u64 log_start = test_log_start();
	struct resource *all;
	int i;

	tear_down();
	for (i = 0; i < ARRAY_SIZE(good_names); i++)
		KUNIT_EXPECT_FALSE_MSG(test, test_region_is_there(good_names[i]),
				       "%s is still there", good_names[i]);
	all = request_mem_region(0xdd000000, 0x1000000, "extmem-test");
	KUNIT_EXPECT_NOT_NULL(test, all);
	if (all)
		release_mem_region(0xdd000000, 0x1000000);
	KUNIT_EXPECT_EQ(test, 0, test_log_count(log_start, "ERROR: memory leak"));
}

static struct kunit_case bad_input_test_cases[] = {
	KUNIT_CASE_PARAM(bad_input_refused_test, bad_gen_params),
	KUNIT_CASE_PARAM(bad_input_neighbours_test, good_gen_params),
	KUNIT_CASE(bad_input_disabled_test),
	KUNIT_CASE(bad_input_nothing_else_test),
	KUNIT_CASE(bad_input_removed_test),	/* the last: it takes the board away */
	{}
};

static struct kunit_suite bad_input_suite = {
	.name = "extmem_bad_input",
	.suite_init = bad_input_suite_init,
	.suite_exit = bad_input_suite_exit,
	.test_cases = bad_input_test_cases,
};

kunit_test_suite(bad_input_suite);
